"""What pages show: queries for neighbours, periods, terms and their newest articles. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from sitegen.catalog.identities import all_identities, canon_of_event, split_identity
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import ARCHIVE
from sitegen.contexts import Picture
from sitegen.entries import BodyRef, Entry, decode_entry

_ROW = "a.url, a.sort, a.weight, a.brief, a.tags, a.entry"
BEFORE_DATED = "0"
"""Sorts after every undated article and before every dated one."""


class Row(NamedTuple):
    """An article in a list. `brief` is its headline, encoded; the rest of its entry is decoded where it is needed."""

    url: str
    sort: str
    weight: int
    brief: bytes
    tags: bytes
    data: bytes

    @property
    def entry(self) -> Entry:
        """All that the catalog knows of it."""
        return decode_entry(self.data)

    @property
    def date(self) -> str:
        """Its date in the site's zone, to the precision known; empty where it has none."""
        return self.sort.partition("!")[0]


class Placed(NamedTuple):
    """An article with its place in the order and where its text lies."""

    aid: int
    ident: str
    url: str
    entry: Entry
    sort: str | None
    """None where it was taken down."""
    body: BodyRef
    brief: bytes = b""
    """Its headline, encoded."""
    tags: bytes = b""
    """The numbers of its tags, four bytes each."""


class TermRow(NamedTuple):
    """A term as the catalog has it."""

    id: int
    kind: str
    label: str
    slug: str
    n: int


def article_at(catalog: Catalog, url: str) -> Placed | None:
    """The article that stands at `url`."""
    row = catalog.db.execute(
        "SELECT aid, ident, url, entry, sort, pack, offset, length, digest FROM article WHERE url = ?", (url,)).fetchone()
    return row and Placed(row[0], row[1], row[2], decode_entry(row[3]), row[4], BodyRef(*row[5:]))


def in_order(catalog: Catalog, *, size: int = 500) -> Iterator[Placed]:
    """All published articles in their order; other statements may run meanwhile."""
    last = ""
    while True:
        rows = catalog.db.execute(
            "SELECT aid, ident, url, entry, sort, pack, offset, length, digest, brief, tags FROM article WHERE sort > ? "
            "ORDER BY sort LIMIT ?", (last, size)).fetchall()  # fmt: skip
        if not rows:
            return
        last = rows[-1][4]
        yield from (Placed(row[0], row[1], row[2], decode_entry(row[3]), row[4], BodyRef(*row[5:9]), row[9], row[10]) for row in rows)


def article_by_ident(catalog: Catalog, ident: str) -> Row | None:
    """The published article with an id."""
    return _one(catalog, "ident = ? AND sort IS NOT NULL", ident)


def earlier(catalog: Catalog, sort: str) -> Row | None:
    """The dated article before a place in the order."""
    return _one(catalog, "sort < ? AND sort >= ? ORDER BY sort DESC", sort, BEFORE_DATED)


def later(catalog: Catalog, sort: str) -> Row | None:
    """The dated article after a place in the order."""
    return _one(catalog, "sort > ? ORDER BY sort", sort) if sort >= BEFORE_DATED else None


def earlier_of_term(catalog: Catalog, term: int, sort: str) -> Row | None:
    """The nearest article of a term before a place in the order."""
    row = catalog.db.execute(
        f"SELECT {_ROW} FROM membership m JOIN article a ON a.aid = m.aid "
        "WHERE m.term = ? AND m.sort < ? AND m.sort >= ? ORDER BY m.sort DESC LIMIT 1", (term, sort, BEFORE_DATED)).fetchone()
    return row and Row(*row)


def in_period(catalog: Catalog, period: str, *, limit: int = -1) -> list[Row]:
    """Articles of a year, month or day, newest first."""
    return _all(catalog, "sort >= ? AND sort < ? ORDER BY sort DESC LIMIT ?", *_range(period), limit)


def loose_in(catalog: Catalog, period: str, *, limit: int = -1) -> list[Row]:
    """Articles dated by exactly this year or month and nothing more precise."""
    return _all(catalog, "sort >= ? AND sort < ? ORDER BY sort LIMIT ?", f"{period}!", f'{period}"', limit)


def heaviest(catalog: Catalog, period: str, *, limit: int = 1) -> list[Row]:
    """The articles of a period that earn its front page most, first first."""
    return _all(catalog, "sort >= ? AND sort < ? ORDER BY weight DESC, sort DESC LIMIT ?", *_range(period), limit)


def undated(catalog: Catalog, *, limit: int = -1) -> list[Row]:
    """Articles without a date."""
    return _all(catalog, "sort < ? ORDER BY sort LIMIT ?", BEFORE_DATED, limit)


def undated_count(catalog: Catalog) -> int:
    """How many articles have no date."""
    return int(catalog.db.execute("SELECT count(*) FROM article WHERE sort < ?", (BEFORE_DATED,)).fetchone()[0])


def with_base(catalog: Catalog, base: str) -> list[Row]:
    """The articles that would stand at an address, were they alone."""
    return _all(catalog, "base = ? AND sort IS NOT NULL ORDER BY sort", base)


def newest_of_term(catalog: Catalog, term: int, period: str = "", *, limit: int = -1) -> list[Row]:
    """A term's articles of a period (all without one), newest first."""
    low, high = _range(period) if period else ("", "~")
    rows = catalog.db.execute(
        f"SELECT {_ROW} FROM membership m JOIN article a ON a.aid = m.aid "
        "WHERE m.term = ? AND m.sort >= ? AND m.sort < ? ORDER BY m.sort DESC LIMIT ?", (term, low, high, limit))
    return [Row(*row) for row in rows]


def loose_of_term(catalog: Catalog, term: int, period: str) -> list[Row]:
    """A term's articles dated by exactly this year or month and nothing more precise, or without a period by nothing."""
    low, high = (f"{period}!", f'{period}"') if period else ("", BEFORE_DATED)
    rows = catalog.db.execute(
        f"SELECT {_ROW} FROM membership m JOIN article a ON a.aid = m.aid "
        "WHERE m.term = ? AND m.sort >= ? AND m.sort < ? ORDER BY m.sort DESC", (term, low, high))  # fmt: skip
    return [Row(*row) for row in rows]


def span_of_term(catalog: Catalog, term: int, period: str = "") -> tuple[str, str]:
    """The first and last date of a term's dated articles, to the day; empty where none is dated."""
    low, high = _range(period) if period else (BEFORE_DATED, "~")
    found = [catalog.db.execute(
        f"SELECT sort FROM membership WHERE term = ? AND sort >= ? AND sort < ? ORDER BY sort {way} LIMIT 1",
        (term, low, high)).fetchone() for way in ("ASC", "DESC")]  # fmt: skip
    first, last = (row[0].split("!")[0][:10] if row else "" for row in found)
    return first, last


def days_of_term(catalog: Catalog, term: int, month: str) -> list[tuple[str, int]]:
    """A term's days in a month with their counts; articles dated by the month alone stand under the month."""
    return catalog.db.execute(
        "SELECT CASE WHEN substr(sort, 8, 1) = '-' THEN substr(sort, 1, 10) ELSE ? END AS day, count(*) FROM membership "
        "WHERE term = ? AND sort >= ? AND sort < ? GROUP BY day ORDER BY day", (month, term, *_range(month))).fetchall()


def periods(catalog: Catalog, term: int, length: int, within: str = "") -> list[tuple[str, int]]:
    """A term's years (`length` 4), months (7) or, for the archive, days (10), with counts, oldest first."""
    return catalog.db.execute(
        "SELECT period, n FROM tally WHERE term = ? AND period >= ? AND period < ? AND length(period) = ? ORDER BY period",
        (term, within, f"{within}~", length)).fetchall()  # fmt: skip


def count(catalog: Catalog, term: int, period: str = "") -> int:
    """How many articles a term has, in all or in a period."""
    if period:
        row = catalog.db.execute("SELECT n FROM tally WHERE term = ? AND period = ?", (term, period)).fetchone()
    else:
        row = catalog.db.execute("SELECT n FROM term WHERE id = ?", (term,)).fetchone()
    return row[0] if row else 0


def near_periods(catalog: Catalog, period: str) -> tuple[str, str]:
    """The previous and the next year, month or day that has articles; empty where there is none."""
    near = []
    for way, order in (("<", "DESC"), (">", "ASC")):
        row = catalog.db.execute(
            f"SELECT period FROM tally WHERE term = {ARCHIVE} AND period {way} ? AND length(period) = ? "
            f"ORDER BY period {order} LIMIT 1", (period, len(period))).fetchone()  # fmt: skip
        near.append(row[0] if row else "")
    return near[0], near[1]


def calendar_days(catalog: Catalog) -> dict[str, int]:
    """For each day of the calendar (`11-19`), the articles of all years, in the order of the year."""
    return dict(catalog.db.execute(
        f"SELECT substr(period, 6) AS day, sum(n) FROM tally WHERE term = {ARCHIVE} AND length(period) = 10 "
        "GROUP BY day ORDER BY day").fetchall())  # fmt: skip


def biggest_days(catalog: Catalog, year: str, *, limit: int = 10) -> list[tuple[str, int]]:
    """The days of a year with the most articles, then by date."""
    return catalog.db.execute(
        f"SELECT period, n FROM tally WHERE term = {ARCHIVE} AND period >= ? AND period < ? AND length(period) = 10 "
        "ORDER BY n DESC, period LIMIT ?", (*_range(year), limit)).fetchall()  # fmt: skip


def span(catalog: Catalog) -> tuple[str, str]:
    """The earliest and latest date of the archive, to the precision of those articles; empty where all are undated."""
    found = []
    for sql in ("sort >= ? ORDER BY sort", "sort >= ? ORDER BY sort DESC"):
        row = catalog.db.execute(f"SELECT sort FROM article WHERE {sql} LIMIT 1", (BEFORE_DATED,)).fetchone()
        found.append(row[0].split("!")[0][:10] if row else "")
    return found[0], found[1]


def term(catalog: Catalog, ident: int) -> TermRow | None:
    """A term by its number."""
    row = catalog.db.execute("SELECT id, kind, label, slug, n FROM term WHERE id = ?", (ident,)).fetchone()
    return row and TermRow(*row)


def find_term(catalog: Catalog, kind: str, key: str) -> TermRow | None:
    """A term by its kind and key."""
    row = catalog.db.execute("SELECT id, kind, label, slug, n FROM term WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return row and TermRow(*row)


def top_terms(catalog: Catalog, kind: str, *, limit: int = -1) -> list[TermRow]:
    """The terms of a kind that most articles have."""
    rows = catalog.db.execute(
        "SELECT id, kind, label, slug, n FROM term WHERE kind = ? ORDER BY n DESC, key LIMIT ?", (kind, limit))
    return [TermRow(*row) for row in rows]


def first_letters(catalog: Catalog, kind: str) -> list[tuple[str, int]]:
    """The characters with which the keys of a kind of terms begin, each with the number of its terms, in their order."""
    return catalog.db.execute(
        "SELECT substr(key, 1, 1) AS first, count(*) FROM term WHERE kind = ? GROUP BY first ORDER BY first", (kind,)).fetchall()


def terms_from(catalog: Catalog, kind: str, first: str) -> list[TermRow]:
    """The terms of a kind whose keys begin with a character, by key."""
    rows = catalog.db.execute(
        "SELECT id, kind, label, slug, n FROM term WHERE kind = ? AND key >= ? AND key < ? ORDER BY key",
        (kind, first, f"{first}\U0010ffff"))  # fmt: skip
    return [TermRow(*row) for row in rows]


_decode_picture = msgspec.msgpack.Decoder(Picture).decode


def picture(catalog: Catalog, path: str) -> Picture | None:
    """What the output has of a picture that lies in `articles/`; None where there is none."""
    folder, _, name = path.rpartition("/")
    row = catalog.db.execute(
        "SELECT view FROM media WHERE folder = ? AND name = ? AND view IS NOT NULL", (folder, name)).fetchone()  # fmt: skip
    return row and _decode_picture(row[0])


def url_of_source(catalog: Catalog, path: str) -> str | None:
    """The address of the first article that a source (relative to `articles/`) holds."""
    folder, _, name = path.rpartition("/")
    row = catalog.db.execute(
        "SELECT a.url FROM source s JOIN article a ON a.source = s.id WHERE s.folder = ? AND s.name = ? "
        "AND a.sort IS NOT NULL ORDER BY a.line LIMIT 1", (folder, name)).fetchone()  # fmt: skip
    return str(row[0]) if row else None


def picture_file(catalog: Catalog, url: str) -> tuple[str, str, bytes] | None:
    """Of a file that an article shows at `url`: its source (relative to `articles/`), its place among the converted
    pictures (empty for a copy of the source), its digest.
    """
    row = catalog.db.execute(
        "SELECT folder, name, cached, digest FROM rendition r WHERE url = ? AND EXISTS "
        "(SELECT 1 FROM article_media am WHERE am.folder = r.folder AND am.name = r.name) ORDER BY folder, name LIMIT 1",
        (url,)).fetchone()  # fmt: skip
    return row and (f"{row[0]}/{row[1]}" if row[0] else row[1], row[2], row[3])


def moved_to(catalog: Catalog, url: str) -> list[Row]:
    """The articles that once stood at `url`, or claim it as an alias, where they stand now."""
    rows = _all(catalog, "aid IN (SELECT aid FROM alias WHERE url = ?) AND sort IS NOT NULL", url)
    for (ident,) in catalog.db.execute("SELECT ident FROM ledger_moved WHERE url = ?", (url,)).fetchall():
        exact = article_by_ident(catalog, ident)
        rows += [exact] if exact else _all(catalog, "canon = ? AND sort IS NOT NULL", canon_of_event(catalog, ident))
    return sorted({row.url: row for row in rows}.values(), key=lambda row: row.sort)


def takedown(catalog: Catalog, *, url: str, aid: int | None = None) -> tuple[str, str] | None:
    """The date and reason of a takedown of an article, or at an address."""
    idents: list[str] = []
    if aid is not None:
        canon, opening = catalog.db.execute("SELECT canon, opening FROM article WHERE aid = ?", (aid,)).fetchone()
        idents = [*all_identities(catalog, canon), split_identity(canon, opening)]
    marks = ",".join("?" * len(idents))
    return catalog.db.execute(  # type: ignore[no-any-return]
        f"SELECT date, reason FROM ledger_gone WHERE ident IN ({marks}) OR (url <> '' AND url = ?) "
        "ORDER BY url <> ?, ident, url LIMIT 1", (*idents, url, url)).fetchone()  # fmt: skip


def _range(period: str) -> tuple[str, str]:
    return period, f"{period}~"


def _one(catalog: Catalog, where: str, *values: object) -> Row | None:
    row = catalog.db.execute(f"SELECT {_ROW} FROM article a WHERE {where} LIMIT 1", values).fetchone()
    return row and Row(*row)


def _all(catalog: Catalog, where: str, *values: object) -> list[Row]:
    rows: Any = catalog.db.execute(f"SELECT {_ROW} FROM article a WHERE {where}", values)
    return [Row(*row) for row in rows]
