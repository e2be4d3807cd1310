"""Sitemaps (sitemaps.org, version 0.9), their index, and `robots.txt`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen import urls
from sitegen.contexts import Site

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


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


def robots(sitemap_url: str, site: Site) -> bytes:
    """A `robots.txt` that forbids nothing and names the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {urls.absolute(site.base_url, sitemap_url)}\n".encode()
