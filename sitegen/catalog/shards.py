"""How the whole archive is cut into files that do not change when other months do: the shards of sitemaps and of data.

A shard's name is a month (`2024-11`), a year (`2024`, for articles dated by the year alone) or `undated`. One of more
than `MOST` articles is cut further, by the first hex digits of a digest of each article's id (`2024-11/3a`), so that an
addition still changes one file only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import ARCHIVE
from sitegen.entries import BodyRef, Entry, decode_entry

MOST = 40_000
"""Sitemaps may hold 50,000 addresses; this leaves room for lists and for chance."""
UNDATED = "undated"
LIST_GROUPS = ("pages", "tags", "authors", "sources", "sections")
"""Sitemaps of pages that belong to no month."""

_DIGITS = "0123456789abcdef"
_OTHER_LISTS = ("home", "dates", "year", "onthisday", "terms", "undated", "about", "page", "datapage")


class Filed(NamedTuple):
    """A published article as feeds, sitemaps and data files need it."""

    ident: str
    url: str
    entry: Entry
    changed: str
    """When it was last updated, else published: ISO 8601, in UTC where the zone is known; may be empty."""
    body: BodyRef
    sort: str


_COLUMNS = "ident, url, entry, rank, pack, offset, length, digest, sort"


def _filed(row: tuple[str, str, bytes, str, str, int, int, bytes, str]) -> Filed:
    return Filed(row[0], row[1], decode_entry(row[2]), row[3], BodyRef(*row[4:8]), row[8])


def period_of(date: str) -> str:
    """The period in whose shard an article of this date stands."""
    return date[:7] if len(date) >= 7 else date[:4] or UNDATED


def names(catalog: Catalog, period: str) -> list[str]:
    """The names of a period's shards; none where it has no articles."""
    count = _count(catalog, period)
    return _cut(period, count) if count else []


def all_names(catalog: Catalog) -> Iterator[str]:
    """The names of the shards of all articles."""
    rows = catalog.db.execute("SELECT period FROM tally WHERE term = ? AND length(period) IN (4, 7) ORDER BY period",
                              (ARCHIVE,)).fetchall()  # fmt: skip
    for period in (*(row[0] for row in rows), UNDATED):
        yield from names(catalog, period)


def near(catalog: Catalog, period: str, *, later: bool) -> str:
    """The last shard before a period, or the first behind it, of those that have dates; empty where there is none."""
    sign, order = (">", "") if later else ("<", "DESC")
    rows = catalog.db.execute(f"SELECT period FROM tally WHERE term = ? AND length(period) IN (4, 7) AND period {sign} ? "
                              f"ORDER BY period {order}", (ARCHIVE, period))  # fmt: skip
    for (other,) in rows:
        if found := names(catalog, other):
            return found[0 if later else -1]
    return ""


def touched_names(catalog: Catalog, sort: str, date: str, folder: str) -> Iterator[str]:
    """The shards, with files in the output folder `folder`, that change with an article: all where they are recut."""
    period = period_of(date)
    wanted = names(catalog, period)
    existing = parts_written(catalog, folder, period)
    if len(wanted) <= 1:
        yield from {period, *existing}
    elif wanted[0] in existing:
        digits = len(wanted[0]) - len(period) - 1
        yield f"{period}/{sort.rpartition('!')[2][:digits]}"
    else:
        yield from {period, *existing, *wanted}


def parts_written(catalog: Catalog, folder: str, name: str) -> set[str]:
    """The parts of a shard that the output has; its files lie in the output folder `folder`."""
    rows = catalog.db.execute("SELECT name FROM output WHERE folder = ?", (f"{folder}/{name}",))
    return {f"{name}/{file.partition('.')[0]}" for (file,) in rows}


def articles_in(catalog: Catalog, period: str, *, newest_first: bool = False) -> Iterator[Filed]:
    """The articles of a period in their order, one at a time: a month may have very many."""
    order = "DESC" if newest_first else "ASC"
    rows = catalog.db.execute(f"SELECT {_COLUMNS} FROM article WHERE sort >= ? AND sort < ? ORDER BY sort {order}",
                              _range(period))  # fmt: skip
    yield from map(_filed, rows)


def since(catalog: Catalog, day: str) -> Iterator[Filed]:
    """The articles of a day (ISO 8601) and of all later ones, newest first, one at a time."""
    yield from map(_filed, catalog.db.execute(f"SELECT {_COLUMNS} FROM article WHERE sort >= ? ORDER BY sort DESC", (day,)))


def bodies_in(catalog: Catalog, name: str) -> list[tuple[str, str, BodyRef]]:
    """Id, address and text of the articles of a shard, in their order."""
    low, high = _range(name.partition("/")[0])
    bucket = name.partition("/")[2]
    where = f"AND substr(sort, instr(sort, '!') + 1, {len(bucket)}) = '{bucket}' " if bucket else ""
    rows = catalog.db.execute("SELECT ident, url, pack, offset, length, digest FROM article "
                              f"WHERE sort >= ? AND sort < ? {where}ORDER BY sort", (low, high))  # fmt: skip
    return [(row[0], row[1], BodyRef(*row[2:])) for row in rows]


def newest(catalog: Catalog, term: int, limit: int) -> list[Filed]:
    """The newest dated articles of a term, or of the archive, newest first."""
    if term == ARCHIVE:
        rows = catalog.db.execute(f"SELECT {_COLUMNS} FROM article WHERE sort >= '0' ORDER BY sort DESC LIMIT ?",
                                  (limit,))  # fmt: skip
    else:
        columns = ", ".join(f"a.{name}" for name in _COLUMNS.split(", "))
        rows = catalog.db.execute(
            f"SELECT {columns} FROM membership m JOIN article a ON a.aid = m.aid "
            "WHERE m.term = ? AND m.sort >= '0' ORDER BY m.sort DESC LIMIT ?", (term, limit))  # fmt: skip
    return [_filed(row) for row in rows]


def bucket_of(text: str, digits: int) -> str:
    """The first hex digits of a digest."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()[:digits]


def _count(catalog: Catalog, period: str) -> int:
    if len(period) == 7 and period != UNDATED:
        row = catalog.db.execute("SELECT n FROM tally WHERE term = ? AND period = ?", (ARCHIVE, period)).fetchone()
        return row[0] if row else 0
    row = catalog.db.execute("SELECT count(*) FROM article WHERE sort >= ? AND sort < ?", _range(period)).fetchone()
    return int(row[0])


def _range(period: str) -> tuple[str, str]:
    if period == UNDATED:
        return "!", '"'
    return (period, f"{period}~") if len(period) == 7 else (f"{period}!", f'{period}"')


def _cut(name: str, count: int) -> list[str]:
    found = [f"{name}/"]
    while count > MOST:
        found = [f"{each}{digit}" for each in found for digit in _DIGITS]
        count = -(-count // len(_DIGITS))
    return [name] if len(found) == 1 else found


# -- pages that belong to no month --------------------------------------------------------------------------------


def group_of(kind: str, url: str) -> str:
    """The group of sitemaps that names a page; empty where none does, or an article's month does."""
    if kind == "term":
        return url.split("/", 2)[1]
    return "pages" if kind in _OTHER_LISTS else ""


def group_names(catalog: Catalog, group: str) -> list[str]:
    """The names of a group's sitemaps."""
    where, values = _grouped(group)
    count = catalog.db.execute(f"SELECT count(*) FROM output WHERE {where}", values).fetchone()[0]
    return _cut(group, count) if count else []


def pages_in(catalog: Catalog, name: str) -> list[str]:
    """The URLs of the pages that a group's sitemap names, sorted."""
    group, _, bucket = name.partition("/")
    where, values = _grouped(group)
    rows = catalog.db.execute(f"SELECT folder, name FROM output WHERE {where} ORDER BY folder, name", values)
    urls = (f"/{folder}/{name}" if folder else f"/{name}" for folder, name in rows)
    return [url for url in urls if not bucket or bucket_of(url, len(bucket)) == bucket]


def _grouped(group: str) -> tuple[str, tuple[str, ...]]:
    """The condition that the pages of a group fulfil, and its values."""
    if group != "pages":
        return "folder >= ? AND folder < ? AND kind = 'term'", (f"{group}/", f"{group}0")
    return (
        "(folder IN ('', 'dates', 'about', 'undated', 'data') "
        "OR folder >= 'on-this-day/' AND folder < 'on-this-day0' "
        "OR folder IN ('tags', 'authors', 'sources', 'sections', 'tags/-', 'authors/-', 'sources/-', 'sections/-') "
        "OR folder IN (SELECT period FROM tally WHERE term = 0 AND length(period) = 4) "
        # The first of the two lets SQLite use the index of a few kinds.
        "OR (kind IN ('static', 'page', '') AND kind = 'page')) "
        f"AND kind IN ({','.join('?' * len(_OTHER_LISTS))})", _OTHER_LISTS)  # fmt: skip


# -- what a file's maker tells of it ------------------------------------------------------------------------------


def keep_note(catalog: Catalog, url: str, note: str) -> None:
    """Keep what is to be told of an output file where it is listed."""
    catalog.put(f"note {url}", note)


def note_of(catalog: Catalog, url: str) -> str:
    """What is to be told of an output file."""
    return str(catalog.get(f"note {url}", ""))


def files_of(catalog: Catalog, kind: str, folder: str) -> list[tuple[str, int]]:
    """URL and size of all output files of a kind in a folder and below it, sorted."""
    rows = catalog.db.execute(
        "SELECT folder, name, size FROM output WHERE (folder = ?1 OR folder >= ?1 || '/' AND folder < ?1 || '0') "
        "AND kind = ?2 ORDER BY folder, name", (folder, kind))  # fmt: skip
    return [(f"/{at}/{name}", size) for at, name, size in rows]
