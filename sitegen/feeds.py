"""Feeds as documents: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, with the same items in each.

Full text where the rights allow it, else the summary and the way to the original. Nothing depends on the day of the
build: a feed was last changed when its newest article was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from sitegen import urls
from sitegen.contexts import Site
from sitegen.entries import Content
from sitegen.moments import EPOCH, in_utc, rfc822, rfc3339
from sitegen.publication import ArchiveDocument, ArchiveItem, FeedItem, FeedPage
from sitegen.records import Article, Moment
from sitegen.standalone import figure, finder, stand_alone
from sitegen.xmltext import clean, cleaned, document, element, escape, wrapped

_TAG_YEAR = "2026"
"""RFC 4151 wants a date at which the host was the site's own. An article's own date may be corrected, and is older than
any host for most of an archive; the year of this scheme is neither."""
_PLAIN_NAME = re.compile("[A-Za-z0-9/._-]*")
"""Of this nothing has to be escaped."""
_VERSION = "https://jsonfeed.org/version/1.1"
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TOGETHER = 200
"""Entries that are encoded at once."""
_SPACES: Mapping[str, str] = MappingProxyType({
    "xmlns:atom": _ATOM, "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
})  # fmt: skip


class _Entry(Struct, frozen=True, kw_only=True):
    """An item, ready for each of the formats."""

    id: str
    link: str
    title: str
    summary: str
    html: str
    """Empty where the rights allow a summary only."""
    image: str
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """Section and tags."""
    article: Article


class _Head(Struct, frozen=True, kw_only=True):
    """What a feed says of itself."""

    id: str
    title: str
    own: str
    """Its own address."""
    home: str
    """The page that shows the same."""
    changed: datetime | None
    archive: str = ""
    """The newest document of the whole feed."""


def feed(page: FeedPage, contents: Iterable[Content], site: Site, url: str, *, untitled: str) -> bytes:
    """The feed at `url`; `contents` are the texts of its items, in order, `untitled` stands in for no headline."""
    entries = [_entry(item, content, site, untitled) for item, content in zip(page.items, contents, strict=True)]
    own, home = (urls.absolute(site.base_url, each, site.canonical_style) for each in (url, page.page))
    head = _Head(
        id=tag_uri(site.base_url, f"feed{url}"), title=f"{page.label} – {site.title}" if page.label else site.title,
        own=own, home=home, changed=max((entry.updated for entry in entries if entry.updated), default=None),
        archive=urls.absolute(site.base_url, page.archive) if page.archive else "",
    )  # fmt: skip
    make = {"rss": _rss, "atom": _atom, "json": _json}[page.format]
    return make(entries, head, site)


def tag_uri(base_url: str, name: str) -> str:
    """The lasting name of something on this site (RFC 4151)."""
    plain = name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="/~!$()*+,;=:@", errors="replace")
    return f"tag:{_authority(base_url)},{_TAG_YEAR}:{plain}"


@lru_cache(maxsize=8)
def _authority(base_url: str) -> str:
    return (urlsplit(urls.absolute(base_url, "")).hostname or "localhost").lower()


def _entry(item: FeedItem, content: Content, site: Site, untitled: str) -> _Entry:
    article = content.article
    link = urls.absolute(site.base_url, item.url, site.canonical_style)
    find = finder(dict(item.files), lambda url: urls.absolute(site.base_url, url, site.canonical_style))
    body = ""
    if article.rights != "third-party":
        lead = figure(content.figures[0], find) if content.lead else ""
        body = lead + stand_alone(content.html, content.figures, page=link, find=find)
    image = next((found for shown in content.figures if shown.file and (found := find(shown.file))), "")
    published = in_utc(article.published, site.time_zone)
    return _Entry(
        id=tag_uri(site.base_url, f"article/{item.ident}"), link=link, title=clean(item.title).strip() or untitled,
        summary=item.summary, html=body, image=image if article.rights != "third-party" else "",
        published=published, updated=in_utc(article.updated, site.time_zone) or published, article=article,
        authors=_names(article.authors), categories=_names((article.section, *[tag.name for tag in article.tags])),
    )  # fmt: skip


def _rss(entries: list[_Entry], head: _Head, site: Site) -> bytes:
    parts = [
        element("title", head.title),
        element("link", head.home),
        element("description", site.description or head.title),
        element("language", site.language),
        element("lastBuildDate", rfc822(head.changed)),
        element("atom:link", href=head.own, rel="self", type="application/rss+xml"),
        *[wrapped("item", _rss_item(entry)) for entry in entries],
    ]
    channel = wrapped("channel", "".join(parts))
    return document(wrapped("rss", channel, version="2.0", **_SPACES))


def _rss_item(entry: _Entry) -> str:
    article = entry.article
    parts = [element("title", entry.title), element("link", entry.link), element("guid", entry.id, isPermaLink="false"),
             element("pubDate", rfc822(entry.published))]  # fmt: skip
    parts += [element("dc:creator", author) for author in entry.authors]
    parts += [element("category", name) for name in entry.categories]
    parts.append(element("dc:source", article.original_url))
    # Readers take a description for HTML.
    parts.append(element("description", escape(entry.summary)))
    parts.append(element("content:encoded", entry.html))
    return "".join(parts)


def _atom(entries: list[_Entry], head: _Head, site: Site) -> bytes:
    parts = [
        element("id", head.id),
        element("title", head.title),
        element("subtitle", site.description),
        element("updated", rfc3339(head.changed) or EPOCH),
        element("link", rel="self", type="application/atom+xml", href=head.own),
        element("link", rel="alternate", type="text/html", href=head.home),
        element("link", rel="prev-archive", type="application/atom+xml", href=head.archive) if head.archive else "",
        wrapped("author", element("name", site.title)),
        element("generator", "sitegen"),
    ]
    for entry in entries:
        language = entry.article.language or site.language
        parts.append(_atom_entry(entry, language))
    return document(wrapped("feed", "".join(parts), **{"xmlns": _ATOM, "xml:lang": site.language}))


def archive_document(page: ArchiveDocument, site: Site, url: str, *, untitled: str) -> Iterator[bytes]:
    """A part of the archive's Atom feed that changes only when its articles do (RFC 5005, section 4).

    Its entries have the ids that they have in the feed, and no text: the data files hold that.
    """
    current, own = (urls.absolute(site.base_url, each) for each in (urls.ATOM_URL, url))
    changed = max((_instant(item.changed, site) for item in page.items), default=EPOCH)
    parts = [
        element("id", tag_uri(site.base_url, f"feed{urls.ATOM_URL}")),
        element("title", site.title),
        element("updated", changed),
        element("link", rel="self", type="application/atom+xml", href=own),
        element("link", rel="current", type="application/atom+xml", href=current),
    ]
    if page.previous:
        previous = urls.absolute(site.base_url, page.previous)
        parts.append(element("link", rel="prev-archive", type="application/atom+xml", href=previous))
    parts += [wrapped("author", element("name", site.title)), "<fh:archive/>\n"]
    yield document(f'<feed xmlns="{_ATOM}" xmlns:fh="{_HISTORY}" xml:lang="{escape(site.language)}">' + "".join(parts))
    for start in range(0, len(page.items), _TOGETHER):
        yield cleaned("".join([_archived(item, site, untitled) for item in page.items[start : start + _TOGETHER]]))
    yield b"</feed>\n"


def _archived(item: ArchiveItem, site: Site, untitled: str) -> str:
    link = urls.absolute(site.base_url, item.url, site.canonical_style)
    return _written(
        item.language or site.language, ident=tag_uri(site.base_url, f"article/{item.ident}"), link=link,
        title=clean(item.title).strip() or untitled, updated=_instant(item.changed, site), authors=_names(item.authors),
        categories=_names(item.categories), summary=item.summary,
    )  # fmt: skip


def _instant(changed: str, site: Site) -> str:
    return rfc3339(in_utc(Moment(changed, "second"), site.time_zone)) or EPOCH if changed else EPOCH


def _atom_entry(entry: _Entry, language: str) -> str:
    return _written(
        language, ident=entry.id, link=entry.link, title=entry.title, original=entry.article.original_url,
        published=rfc3339(entry.published), updated=rfc3339(entry.updated) or EPOCH, authors=entry.authors,
        categories=entry.categories, summary=entry.summary, html=entry.html,
    )  # fmt: skip


def _written(
    language: str, *, ident: str, link: str, title: str, original: str = "", published: str = "", updated: str,
    authors: Iterable[str], categories: Iterable[str], summary: str, html: str = "",
) -> str:  # fmt: skip
    """An Atom entry. There are some for every article of the archive, and a call for each element would be most of them."""
    via = f'<link rel="via" href="{escape(original)}"/>\n' if original else ""
    first = f"<published>{published}</published>\n" if published else ""
    people = [f"<author><name>{escape(name)}</name>\n</author>\n" for name in authors]
    terms = [f'<category term="{escape(name)}"/>\n' for name in categories]
    standfirst = f'<summary type="text">{escape(summary)}</summary>\n' if summary else ""
    content = f'<content type="html">{escape(html)}</content>\n' if html else ""
    return (f'<entry xml:lang="{escape(language)}"><id>{escape(ident)}</id>\n<title type="text">{escape(title)}</title>\n'
            f'<link rel="alternate" type="text/html" href="{escape(link)}"/>\n{via}{first}<updated>{updated}</updated>\n'
            f"{''.join(people)}{''.join(terms)}{standfirst}{content}</entry>\n")  # fmt: skip


def _json(entries: list[_Entry], head: _Head, site: Site) -> bytes:
    made = {
        "version": _VERSION, "title": clean(head.title), "home_page_url": head.home, "feed_url": head.own,
        "description": clean(site.description), "language": site.language,
        "items": [_json_item(entry) for entry in entries],
    }  # fmt: skip
    return msgspec.json.encode({key: value for key, value in made.items() if value != ""}) + b"\n"


def _json_item(entry: _Entry) -> dict[str, object]:
    article = entry.article
    summary = clean(entry.summary)
    item: dict[str, object] = {
        "id": entry.id, "url": entry.link, "external_url": article.original_url, "title": entry.title,
        "summary": summary, "image": entry.image, "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated), "authors": [{"name": name} for name in entry.authors],
        "tags": entry.categories, "language": clean(article.language),
    }  # fmt: skip
    item = {key: value for key, value in item.items() if value}
    # An item must have a content, even if it is an empty one.
    item.update({"content_html": clean(entry.html)} if entry.html else {"content_text": summary or entry.title})
    return item


def _names(found: Iterable[str]) -> tuple[str, ...]:
    """Names as documents may hold them, each once; none that is nothing but what XML forbids."""
    return tuple(dict.fromkeys([name for each in found if (name := clean(each).strip())]))
