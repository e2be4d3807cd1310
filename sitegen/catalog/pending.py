"""Which pages a change can touch: from the places where something changed to the rows of `pending`.

Too much may be marked (a page whose fingerprint is as it was is not rendered), never too little. The kinds of pages, in
the order in which new ones are written (what is linked to before what links):
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sitegen import urls
from sitegen.catalog import shards, stretches
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import ARCHIVE
from sitegen.entries import decode_entry

RANKS = {
    "media": 0, "static": 1, "article": 10, "articlejson": 11, "day": 20, "month": 21, "year": 22, "onthisday": 23, "term": 30,
    "terms": 40, "undated": 50, "dates": 51, "about": 52, "page": 53, "404": 54, "search": 55,
    "datafile": 61, "feed": 62, "archive": 63, "datapage": 80, "home": 90, "sitemap": 95, "newsmap": 95, "sitemaps": 97, "robots": 98,
    stretches.KIND: stretches.RANK,
}  # fmt: skip
SINGLES = {"undated": urls.UNDATED_URL, "dates": urls.DATES_URL, "about": urls.ABOUT_URL, "404": urls.NOT_FOUND_URL,
           "home": urls.HOME_URL, "datapage": urls.DATA_URL, "sitemaps": urls.SITEMAP_URL, "robots": urls.ROBOTS_URL,
           "search": urls.SEARCH_URL}  # fmt: skip

FEEDS = (urls.RSS_URL, urls.ATOM_URL, urls.JSON_FEED_URL)
FEED_KINDS = ("tag", "source", "section")
"""The kinds of terms that have feeds."""

PageKey = tuple[str, str, str]
"""Kind, argument, URL."""
SEARCH_FOLDER = f"/{stretches.FOLDER}/"
ALL_STRETCHES: PageKey = ("stretch", stretches.EVERY, SEARCH_FOLDER)
"""What is marked where every stretch of the search index is to be looked at."""
Limits = tuple[int, int]
"""Entries above which a list is cut into smaller periods, and above which a term's month is cut into days."""


def mark(catalog: Catalog, keys: Iterable[PageKey]) -> None:
    """Put pages on the list of those to be planned; lists that the settings leave out are not."""
    if without := (catalog.get("without") or "").split():
        keys = (key for key in keys if urls.list_of(key[0], key[2]) not in without)
    catalog.many("INSERT OR IGNORE INTO pending VALUES (?, ?, ?, ?, ?)",
                 ((RANKS[kind], *url[1:].rpartition("/")[::2], kind, arg) for kind, arg, url in keys))  # fmt: skip


def begin_failing(catalog: Catalog) -> None:
    """Have a place for pages that cannot be written, which may be all; it is gone with the catalog's closing."""
    catalog.db.execute("CREATE TEMP TABLE IF NOT EXISTS failed (kind TEXT, arg TEXT, url TEXT)")
    catalog.db.execute("DELETE FROM temp.failed")


def note_failed(catalog: Catalog, page: PageKey) -> None:
    """Note that a page could not be written."""
    catalog.db.execute("INSERT INTO temp.failed VALUES (?, ?, ?)", page)


def mark_failed(catalog: Catalog) -> None:
    """Put the pages that could not be written on the list, for the next build."""
    mark(catalog, (row[1:] for row in catalog.rows("temp.failed", "rowid", "kind", "arg", "url")))


def term_arg(term: int, period: str = "") -> str:
    """The argument of a `term` page."""
    return f"{term} {period}"


def spread(catalog: Catalog, limits: Limits) -> None:
    """Mark every page that can show what changed, and forget the changes."""
    if catalog.get("replan") == "all":
        mark_everything(catalog, limits)
    else:
        days: set[str] = set()
        for _, sort, date, url, terms in catalog.rows("touched", "rowid", "sort", "date", "url", "terms"):
            mark(catalog, _around(catalog, sort, date, url, msgspec.msgpack.decode(terms)))
            if sort and len(date) >= len("2024-11-19"):
                days.add(date[5:10])
        for term, why in catalog.db.execute("SELECT term, why FROM recut").fetchall():
            mark(catalog, _recut(catalog, term, why, limits))
            if why == "label":
                mark(catalog, [ALL_STRETCHES])
        if catalog.db.execute("SELECT 1 FROM touched LIMIT 1").fetchone():
            mark(catalog, _overviews(catalog))
        mark(catalog, _near_calendar_days(catalog, days))
    for table in ("touched", "recut"):
        catalog.db.execute(f"DELETE FROM {table}")
    catalog.put("replan", "")


def _around(catalog: Catalog, sort: str, date: str, url: str, terms: list[int]) -> Iterator[PageKey]:
    """The pages that show, or showed, an article that stands (stood) at this place."""
    yield "article", "", url
    if url.endswith(".html") and catalog.get("article_json"):
        yield "articlejson", "", urls.json_url(url)
    if not sort:
        return
    db = catalog.db
    yield from _files_of(catalog, sort, date)
    yield "stretch", stretches.place_of(sort), SEARCH_FOLDER
    for sql in ("SELECT url FROM article WHERE sort < ? ORDER BY sort DESC LIMIT 1",
                "SELECT url FROM article WHERE sort > ? ORDER BY sort LIMIT 1"):  # fmt: skip
        yield from (("article", "", row[0]) for row in db.execute(sql, (sort,)))
    yield from _calendar(catalog, date)
    year, month, day = date[:4], date[:7], date[:10]
    for term in terms:
        row = db.execute("SELECT kind, slug FROM term WHERE id = ?", (term,)).fetchone()
        if row is None:
            continue
        for period in dict.fromkeys(("", year, month, day)):
            yield "term", term_arg(term, period), urls.term_url(row[0], row[1], period)
        if row[0] in FEED_KINDS:
            yield "feed", str(term), urls.feed_url(row[0], row[1])
        # The next later article of a tag shows this one as related.
        if row[0] == "tag":
            yield from (("article", "", later[0]) for later in db.execute(
                "SELECT a.url FROM membership m JOIN article a ON a.aid = m.aid "
                "WHERE m.term = ? AND m.sort > ? ORDER BY m.sort LIMIT 1", (term, sort)))  # fmt: skip


def _files_of(catalog: Catalog, sort: str, date: str) -> Iterator[PageKey]:
    """The sitemap and the data file that hold an article."""
    yield from (("sitemap", name, urls.sitemap_url(name)) for name in shards.touched_names(catalog, sort, date, "sitemaps"))
    yield from (("datafile", name, urls.data_url(name)) for name in shards.touched_names(catalog, sort, date, "data"))
    # What follows this month leads to it, and whatever is before it once it is gone.
    names = {*shards.touched_names(catalog, sort, date, "feeds"), shards.near(catalog, shards.period_of(date), later=True)}
    yield from (("archive", name, urls.archive_url(name)) for name in sorted(filter(None, names)))


def followers(kind: str, url: str, *, is_new: bool) -> Iterator[PageKey]:
    """The pages that list a file of this kind, and change when it does, or comes or goes."""
    if kind == "datafile":
        yield "datapage", "", urls.DATA_URL
    elif kind in ("sitemap", "newsmap"):
        yield "sitemaps", "", urls.SITEMAP_URL
    elif is_new and (group := shards.group_of(kind, url)):
        yield "sitemap", group, urls.sitemap_url(group)


def mark_parts(catalog: Catalog) -> None:
    """Where a sitemap of lists is marked, mark all the parts that it is or was cut into."""
    for (group,) in catalog.db.execute("SELECT arg FROM pending WHERE kind = 'sitemap'").fetchall():
        if group in shards.LIST_GROUPS:
            names = {*shards.group_names(catalog, group), *shards.parts_written(catalog, "sitemaps", group)}
            mark(catalog, (("sitemap", name, urls.sitemap_url(name)) for name in sorted(names)))


def _calendar(catalog: Catalog, date: str) -> Iterator[PageKey]:
    for kind, length in (("year", 4), ("month", 7), ("day", 10)):
        period = date[:length]
        if len(period) < length:
            return
        yield kind, period, urls.day_url(period)
        # Its neighbours link to it, and to each other where it is gone.
        for sql in ("period < ? AND length(period) = ? ORDER BY period DESC", "period > ? AND length(period) = ? ORDER BY period"):
            yield from ((kind, near, urls.day_url(near)) for (near,) in catalog.db.execute(
                f"SELECT period FROM tally WHERE term = {ARCHIVE} AND {sql} LIMIT 1", (period, length)))  # fmt: skip
    yield "onthisday", date[5:10], urls.on_this_day_url(date[5:10])


def _near_calendar_days(catalog: Catalog, touched: set[str]) -> Iterator[PageKey]:
    """The days of the calendar before and after those where something changed: they link to each other."""
    days = {row[0] for row in catalog.db.execute(
        f"SELECT DISTINCT substr(period, 6) FROM tally WHERE term = {ARCHIVE} AND length(period) = 10")}  # fmt: skip
    ordered = sorted(days | touched)
    for place, day in enumerate(ordered):
        if day in touched:
            # Days that are gone themselves stand between their neighbours here, so the nearest that is left is looked for.
            for step in (-1, 1):
                near = next((ordered[(place + step * n) % len(ordered)] for n in range(1, len(ordered))
                             if ordered[(place + step * n) % len(ordered)] in days), None)  # fmt: skip
                if near:
                    yield "onthisday", near, urls.on_this_day_url(near)


def _recut(catalog: Catalog, term: int, why: str, limits: Limits) -> Iterator[PageKey]:
    """All pages of a term whose list is cut otherwise now, or whose spelling changed."""
    row = catalog.db.execute("SELECT kind, slug FROM term WHERE id = ?", (term,)).fetchone()
    # Layouts, languages and rules are counted like tags, but have no pages.
    if row is None or row[0] not in urls.KIND_FOLDERS:
        return
    yield from _term_pages(catalog, term, row[0], row[1], limits)
    if why == "label" and row[0] == "tag":
        # Other tags may show it among their related ones.
        for ident, slug in catalog.db.execute("SELECT id, slug FROM term WHERE kind = 'tag'"):
            yield "term", term_arg(ident), urls.term_url("tag", slug)


def _term_pages(catalog: Catalog, term: int, kind: str, slug: str, limits: Limits) -> Iterator[PageKey]:
    """The pages that a term has, by how its list is cut, and those that it had."""
    yield "term", term_arg(term), urls.term_url(kind, slug)
    for period in _cut_periods(catalog, term, limits):
        yield "term", term_arg(term, period), urls.term_url(kind, slug, period)
    yield from written_term_pages(catalog, kind, slug)


def written_term_pages(catalog: Catalog, kind: str, slug: str) -> Iterator[PageKey]:
    """The pages and the feed of a term that the output has, and perhaps those of terms whose slugs begin like its own."""
    folder = urls.term_url(kind, slug)[1:].rpartition("/")[0]
    for kept, arg, at, name in catalog.db.execute(
        "SELECT kind, arg, folder, name FROM output WHERE folder >= ? AND folder < ? AND kind IN ('term', 'feed')",
        (folder, f"{folder}0")).fetchall():  # fmt: skip
        yield kept, arg, f"/{at}/{name}"


def _cut_periods(catalog: Catalog, term: int, limits: Limits) -> Iterator[str]:
    db = catalog.db
    if db.execute("SELECT n FROM term WHERE id = ?", (term,)).fetchone()[0] <= limits[0]:
        return
    cut_year = ""
    for period, count in db.execute("SELECT period, n FROM tally WHERE term = ? ORDER BY period", (term,)).fetchall():
        if len(period) == 4:
            yield period
            cut_year = period if count > limits[0] else ""
        elif period[:4] == cut_year:
            yield period
            if count > limits[1]:
                yield from (day for (day,) in db.execute(
                    "SELECT DISTINCT substr(sort, 1, 10) FROM membership WHERE term = ? AND sort >= ? AND sort < ?",
                    (term, f"{period}-", f"{period}.")).fetchall())  # fmt: skip


def _overviews(catalog: Catalog) -> Iterator[PageKey]:
    """Pages that show counts of the whole archive."""
    yield from ((kind, "", url) for kind, url in SINGLES.items())
    yield from (("feed", "", url) for url in FEEDS)
    for kind in urls.KIND_FOLDERS:
        yield "terms", kind, urls.terms_url(kind)
        for arg, folder, name in catalog.db.execute(
            "SELECT arg, folder, name FROM output WHERE folder = ? AND kind = 'terms'", (f"{urls.KIND_FOLDERS[kind]}/-",)).fetchall():
            yield "terms", arg, f"/{folder}/{name}"


def mark_everything(catalog: Catalog, limits: Limits) -> None:
    """Mark every page there is or should be."""
    db = catalog.db
    db.execute("INSERT OR IGNORE INTO pending SELECT r.value, o.folder, o.name, o.kind, o.arg FROM output o "
               "JOIN json_each(?) r ON r.key = o.kind "
               "WHERE o.kind <> 'article' OR NOT EXISTS (SELECT 1 FROM article a WHERE a.sort IS NOT NULL AND a.url = "
               "CASE o.folder WHEN '' THEN '/' ELSE '/' || o.folder || '/' END || o.name)",
               (msgspec.json.encode({kind: rank for kind, rank in RANKS.items() if kind != stretches.KIND}).decode(),))  # fmt: skip
    # Articles are too many to be listed: they are swept through in their order.
    catalog.put("sweep", 1)
    mark(catalog, (("article", "", url) for (url,) in db.execute("SELECT url FROM article WHERE url IS NOT NULL AND sort IS NULL")))
    if catalog.get("article_json"):
        mark(catalog, (("articlejson", "", urls.json_url(url)) for (url,) in db.execute("SELECT url FROM article WHERE sort IS NOT NULL")))
    mark(catalog, _addresses(catalog))
    for length, kind in ((4, "year"), (7, "month"), (10, "day")):
        mark(catalog, ((kind, period, urls.day_url(period)) for (period,) in db.execute(
            f"SELECT period FROM tally WHERE term = {ARCHIVE} AND length(period) = ?", (length,))))  # fmt: skip
    mark(catalog, (("onthisday", day, urls.on_this_day_url(day)) for (day,) in db.execute(
        f"SELECT DISTINCT substr(period, 6) FROM tally WHERE term = {ARCHIVE} AND length(period) = 10")))  # fmt: skip
    kinds = tuple(urls.KIND_FOLDERS)
    for term, kind, slug in db.execute("SELECT id, kind, slug FROM term WHERE kind IN (?, ?, ?, ?)", kinds):
        mark(catalog, _term_pages(catalog, term, kind, slug, limits))
    least = catalog.get("feed_min", 0)
    if least:
        mark(catalog, (("feed", str(term), urls.feed_url(kind, slug)) for term, kind, slug in db.execute(
            "SELECT id, kind, slug FROM term WHERE kind IN (?, ?, ?) AND n >= ?", (*FEED_KINDS, least))))  # fmt: skip
    for name in shards.all_names(catalog):
        mark(catalog, [("sitemap", name, urls.sitemap_url(name)), ("datafile", name, urls.data_url(name)),
                       ("archive", name, urls.archive_url(name))])  # fmt: skip
    mark(catalog, (("sitemap", group, urls.sitemap_url(group)) for group in shards.LIST_GROUPS))
    mark(catalog, _overviews(catalog))
    mark(catalog, [ALL_STRETCHES])


def _addresses(catalog: Catalog) -> Iterator[PageKey]:
    """Addresses where no article stands, but one did, or several could."""
    for (url,) in catalog.db.execute("SELECT url FROM ledger_moved UNION SELECT url FROM alias UNION SELECT url FROM ledger_gone"):
        if url:
            yield "article", "", url
    for (entry,) in catalog.db.execute(
        "SELECT entry FROM article WHERE base IN (SELECT base FROM shared_base)"):
        yield "article", "", decode_entry(entry).base
