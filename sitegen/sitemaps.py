"""Sitemaps (sitemaps.org, version 0.9), their index, and `robots.txt`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen import urls
from sitegen.contexts import Site
from sitegen.publication import NewsSitemapPage
from sitegen.xmltext import clean, cleaned, element, wrapped

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def sitemap(entries: Iterable[tuple[str, str]], site: Site) -> Iterator[bytes]:
    """The sitemap of some URLs, each with the time of its last change or nothing."""
    return _listing("urlset", "url", entries, site)


def sitemap_index(entries: Iterable[tuple[str, str]], site: Site) -> Iterator[bytes]:
    """The index of some sitemaps."""
    return _listing("sitemapindex", "sitemap", entries, site)


def _listing(root: str, item: str, entries: Iterable[tuple[str, str]], site: Site) -> Iterator[bytes]:
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{_SPACE}">\n'.encode()
    for url, changed in entries:
        # An absolute address is percent-encoded, so that & is all that XML would read otherwise.
        address = urls.absolute(site.base_url, url, site.canonical_style).replace("&", "&amp;").replace("'", "&apos;")
        day = f"<lastmod>{changed}</lastmod>" if changed else ""
        yield f"<{item}><loc>{address}</loc>{day}</{item}>\n".encode()
    yield f"</{root}>\n".encode()


def news_sitemap(page: NewsSitemapPage, site: Site, *, untitled: str) -> Iterator[bytes]:
    """The sitemap of the latest articles, with what news search asks for beside each address."""
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{_SPACE}" xmlns:news="{_NEWS}">\n'.encode()
    for item in page.items:
        publication = wrapped("news:publication", element("news:name", clean(item.source).strip() or clean(site.title).strip())
                              + element("news:language", _news_language(item.language or site.language)))  # fmt: skip
        told = wrapped("news:news", publication + element("news:publication_date", item.published)
                       + element("news:title", clean(item.title).strip() or untitled))  # fmt: skip
        address = element("loc", urls.absolute(site.base_url, item.url, site.canonical_style))
        yield cleaned(wrapped("url", address + told))
    yield b"</urlset>\n"


def _news_language(tag: str) -> str:
    """The language as news search wants it: two or three letters, but for Chinese, whose scripts it tells apart."""
    language, *rest = tag.lower().split("-")
    if language == "zh":
        return "zh-tw" if {"hant", "tw", "hk", "mo"}.intersection(rest) else "zh-cn"
    return language


def robots(sitemap_url: str, site: Site) -> bytes:
    """A `robots.txt` that forbids nothing and names the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {urls.absolute(site.base_url, sitemap_url)}\n".encode()
