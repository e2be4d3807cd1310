"""Plans of what machines fetch: sitemaps and their index, `robots.txt`, the archive as data and the page about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from sitegen import urls
from sitegen.catalog import lists, shards
from sitegen.catalog.shards import Filed
from sitegen.catalog.tallies import ARCHIVE
from sitegen.contexts import DataFileRow, DataPage
from sitegen.datafields import FIELDS
from sitegen.entries import BodyRef
from sitegen.moments import in_utc, last_change, rfc3339
from sitegen.planner.views import Views
from sitegen.publication import (
    ArticleFile,
    DataFile,
    NewsItem,
    NewsSitemapPage,
    RobotsPage,
    SitemapIndexPage,
    SitemapPage,
)
from sitegen.records import Moment

_DAY, _MONTH = 10, 7
NEWS_HOURS = 48
NEWS_MOST = 1000
"""What search engines ask of a sitemap of news: no older articles, and no more of them."""


def sitemap(views: Views, name: str) -> SitemapPage | None:
    """The sitemap of a shard; None where it would be empty."""
    period = name.partition("/")[0]
    is_group = period in shards.LIST_GROUPS
    if name not in (shards.group_names if is_group else shards.names)(views.catalog, period):
        return None
    if is_group:
        entries = [(url, "") for url in shards.pages_in(views.catalog, name)]
    else:
        entries = _month(views, name, shards.articles_in(views.catalog, period))
    return SitemapPage(entries=tuple(entries)) if entries else None


def _month(views: Views, name: str, found: Iterable[Filed]) -> list[tuple[str, str]]:
    """The articles of a period that search engines may list, its days, and the month itself."""
    bucket = name.partition("/")[2]
    changes: dict[str, str] = {}
    lengths = (_MONTH, _DAY) if views.has_days else (_MONTH,)
    entries = []
    for each in found:
        change = last_change(each.changed)
        for length in lengths:
            date = each.entry.date[:length]
            if len(date) == length:
                changes[date] = max(changes.get(date, ""), change)
        if each.entry.rights != "third-party" and each.sort.rpartition("!")[2].startswith(bucket):
            entries.append((each.url, change))
    lists_of = [(urls.day_url(date), change) for date, change in changes.items()]
    return sorted([pair for pair in lists_of if shards.bucket_of(pair[0], len(bucket)) == bucket]) + entries


def news_sitemap(views: Views, now: datetime, zone: str) -> NewsSitemapPage | None:
    """The sitemap of what search engines may list and was published in the `NEWS_HOURS` before `now`; None without any.

    Of a day without a time it is the beginning, in the site's zone, that counts.
    """
    since = now - timedelta(hours=NEWS_HOURS)
    # No zone is a day away from UTC.
    first = (since - timedelta(days=1)).date().isoformat()
    found = (_news(each, since, now, zone) for each in shards.since(views.catalog, first) if each.entry.rights != "third-party")
    items = tuple(islice(filter(None, found), NEWS_MOST))
    return NewsSitemapPage(items=items) if items else None


def _news(filed: Filed, since: datetime, now: datetime, zone: str) -> NewsItem | None:
    entry = filed.entry
    if len(entry.date) < _DAY:
        return None
    moment = in_utc(Moment(entry.date, "second"), zone)
    if moment is None or not since <= moment <= now:
        return None
    published = entry.date if len(entry.date) == _DAY else rfc3339(moment)
    return NewsItem(url=filed.url, title=entry.title, source=entry.source, language=entry.language, published=published)


def sitemap_index(views: Views) -> SitemapIndexPage | None:
    """The index of the sitemaps that there are."""
    found = shards.files_of(views.catalog, "sitemap", "sitemaps")
    found += shards.files_of(views.catalog, "newsmap", "sitemaps")
    entries = tuple((url, shards.note_of(views.catalog, url)) for url, _ in found)
    return SitemapIndexPage(entries=entries) if entries else None


def listing(views: Views, kind: str, arg: str) -> SitemapPage | SitemapIndexPage | RobotsPage | None:
    """A sitemap, the index of them all, or what tells crawlers of it."""
    if kind == "sitemap":
        return sitemap(views, arg)
    return sitemap_index(views) if kind == "sitemaps" else RobotsPage(sitemap=urls.SITEMAP_URL)


def data_file(views: Views, name: str) -> tuple[DataFile | None, tuple[BodyRef, ...]]:
    """The articles of a shard as data, and their texts; None where there are none."""
    if name not in shards.names(views.catalog, name.partition("/")[0]):
        return None, ()
    found = shards.bodies_in(views.catalog, name)
    return DataFile(articles=tuple([row[:2] for row in found])), tuple([row[2] for row in found])


def article_file(views: Views, url: str) -> tuple[ArticleFile | None, tuple[BodyRef, ...]]:
    """The article that stands at `url` as JSON, and its text; None where there is none."""
    placed = lists.article_at(views.catalog, urls.of_json(url))
    if placed is None or placed.sort is None:
        return None, ()
    return ArticleFile(ident=placed.ident, url=placed.url), (placed.body,)


def data_page(views: Views) -> DataPage:
    """The page that tells how to use the archive as data, with every file there is."""
    rows = []
    for url, size in shards.files_of(views.catalog, "datafile", "data"):
        count, _, checksum = shards.note_of(views.catalog, url).partition(" ")
        name = url.removeprefix("/data/").removesuffix(".jsonl.gz")
        rows.append(DataFileRow(url=url, name=name, count=int(count or 0), size=size, checksum=checksum))
    # Undated articles last, months from the newest.
    rows.sort(key=lambda row: row.name if row.name[0].isdigit() else "", reverse=True)
    return DataPage(total=lists.count(views.catalog, ARCHIVE), files=tuple(rows), fields=FIELDS)
