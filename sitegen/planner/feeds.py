"""Plans of feeds: the archive's in three formats, and Atom for each tag, source and section of enough articles."""

from __future__ import annotations

from sitegen import urls
from sitegen.catalog import shards
from sitegen.catalog.shards import Filed
from sitegen.catalog.tallies import ARCHIVE
from sitegen.entries import BodyRef
from sitegen.planner.views import Views
from sitegen.publication import ArchiveDocument, ArchiveItem, FeedFormat, FeedItem, FeedPage

_FORMATS: dict[str, FeedFormat] = {urls.RSS_URL: "rss", urls.ATOM_URL: "atom", urls.JSON_FEED_URL: "json"}

OF_A_TERM = 20
"""Articles in a tag's feed: there are many of them, and each costs as much as some pages."""

_END = "~"
"""Sorts behind every period."""
PlannedFeed = tuple[FeedPage | None, tuple[BodyRef, ...]]
"""A feed, and the texts of its items in their order."""


def feed(views: Views, arg: str, url: str, *, length: int) -> PlannedFeed:
    """The feed at `url`: of the term whose number is `arg`, or of the archive; None where there is none."""
    if not arg:
        newest = shards.near(views.catalog, _END, later=False) if url == urls.ATOM_URL else ""
        return _planned(views, _FORMATS[url], "", urls.HOME_URL, shards.newest(views.catalog, ARCHIVE, length),
                        archive=urls.archive_url(newest) if newest else "")  # fmt: skip
    row = views.term(int(arg))
    if row is None or not views.has_feed(row) or urls.feed_url(row.kind, row.slug) != url:
        return None, ()
    found = shards.newest(views.catalog, row.id, min(length, OF_A_TERM))
    return _planned(views, "atom", row.label, urls.term_url(row.kind, row.slug), found)


def _planned(
    views: Views, form: FeedFormat, label: str, page: str, found: list[Filed], *, archive: str = ""
) -> PlannedFeed:
    return (FeedPage(format=form, label=label, page=page, items=tuple(_item(views, each) for each in found), archive=archive),
            tuple(each.body for each in found))  # fmt: skip


def archive_document(views: Views, name: str) -> ArchiveDocument | None:
    """The part of the archive's feed that holds the articles of a shard; None where it would be empty."""
    period, _, bucket = name.partition("/")
    names = [] if period == shards.UNDATED else shards.names(views.catalog, period)
    if name not in names:
        return None
    place = names.index(name)
    before = names[place - 1] if place else shards.near(views.catalog, period, later=False)
    found = shards.articles_in(views.catalog, period, newest_first=True)
    items = tuple(_archived(each) for each in found if each.sort.rpartition("!")[2].startswith(bucket))
    return ArchiveDocument(previous=urls.archive_url(before) if before else "", items=items)


def _archived(filed: Filed) -> ArchiveItem:
    entry = filed.entry
    tags = [term.label for term in entry.terms if term.kind == "tag"]
    return ArchiveItem(ident=filed.ident, url=filed.url, title=entry.title, summary=entry.summary, authors=entry.authors,
                       categories=(entry.section, *tags), changed=filed.changed, language=entry.language)  # fmt: skip


def _item(views: Views, filed: Filed) -> FeedItem:
    entry = filed.entry
    files = ((path, views.file(path)) for path in entry.media)
    return FeedItem(ident=filed.ident, url=filed.url, title=entry.title, summary=entry.summary,
                    files=tuple((path, found.url) for path, found in files if found))  # fmt: skip
