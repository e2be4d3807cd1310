"""Output files that no template makes: feeds, sitemaps, `robots.txt`, data. From a plan's record to bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from sitegen import publication
from sitegen.contexts import Site
from sitegen.datafiles import article_file, data_file
from sitegen.entries import Content
from sitegen.feeds import archive_document, feed
from sitegen.localise import Localiser
from sitegen.publication import (
    ArchiveDocument,
    ArticleFile,
    DataFile,
    FeedPage,
    NewsSitemapPage,
    SitemapIndexPage,
    SitemapPage,
)
from sitegen.sitemaps import news_sitemap, robots, sitemap, sitemap_index

_RECORDS: Mapping[str, type[Struct]] = {
    "feed": FeedPage, "sitemap": SitemapPage, "sitemaps": SitemapIndexPage, "robots": publication.RobotsPage,
    "datafile": DataFile, "articlejson": ArticleFile, "archive": ArchiveDocument,
    "newsmap": NewsSitemapPage,
}  # fmt: skip
KINDS = frozenset(_RECORDS)
"""The kinds of pages that are made here."""

_DECODERS = {kind: msgspec.msgpack.Decoder(record).decode for kind, record in _RECORDS.items()}


def make_document(kind: str, url: str, context: bytes, contents: Iterable[Content], site: Site) -> Iterator[bytes]:  # noqa: PLR0911 (one for each kind)
    """The bytes of a file, some at a time; `contents` are the texts that it shows, read as they are needed."""
    page = _DECODERS[kind](context)
    if isinstance(page, FeedPage | ArchiveDocument | NewsSitemapPage):
        untitled = Localiser.for_language(site.language).gettext("(no headline)")
        if isinstance(page, NewsSitemapPage):
            return news_sitemap(page, site, untitled=untitled)
        if isinstance(page, ArchiveDocument):
            return archive_document(page, site, url, untitled=untitled)
        return iter([feed(page, contents, site, url, untitled=untitled)])
    if isinstance(page, SitemapPage):
        return sitemap(page.entries, site)
    if isinstance(page, SitemapIndexPage):
        return sitemap_index(page.entries, site)
    if isinstance(page, DataFile):
        return data_file(page, contents)
    if isinstance(page, ArticleFile):
        return article_file(page, contents)
    assert isinstance(page, publication.RobotsPage)
    return iter([robots(page.sitemap, site)])


def note_on(kind: str, context: bytes, checksum: str) -> str:
    """What the file that lists this one tells of it: a sitemap's newest change, a data file's articles and checksum."""
    page = _DECODERS[kind](context) if kind in ("sitemap", "newsmap", "datafile") else None
    if isinstance(page, SitemapPage):
        return max((changed for _, changed in page.entries), default="")
    if isinstance(page, NewsSitemapPage):
        return max(item.published for item in page.items)
    return f"{len(page.articles)} {checksum}" if isinstance(page, DataFile) else ""
