"""Small records that many pages share: headlines, bars, links; and what many pages look up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Raw

from sitegen import urls
from sitegen.catalog import Catalog, lists
from sitegen.catalog.lists import Row, TermRow
from sitegen.catalog.pending import FEED_KINDS, Limits
from sitegen.catalog.tallies import ARCHIVE
from sitegen.contexts import Bar, Day, FigureView, Group, Headline, Link, MonthGrid, Picture, Ranked
from sitegen.entries import Entry, Term
from sitegen.figureviews import is_local, view_of
from sitegen.records import Figure

DAY_STEPS = (1, 2, 5, 10, 25)
MONTH_STEPS = (1, 10, 50, 200, 1000)
YEAR_STEPS = (1, 50, 250, 1000, 5000)
TERM_STEPS = (1, 5, 25, 100, 500)
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif", ".tif", ".tiff")
"""How files are called that no article is looked for in."""
MOST_KEPT = 20_000
"""Look-ups of a kind that are remembered while planning."""


def level(count: int, steps: tuple[int, ...]) -> int:
    """A shade from 0 to 5 by fixed steps, so that no article changes the shade of another's day."""
    return bisect_right(steps, count)


class Views:
    """Builds the small records from the catalog's rows."""

    def __init__(
        self, catalog: Catalog, limits: Limits, first_weekday: int, source_homes: Mapping[str, tuple[str, str]],
        has: frozenset[str] = frozenset(urls.LISTS),
    ) -> None:  # fmt: skip
        """`has` are the kinds of lists that there are."""
        self.catalog = catalog
        self.list_limit, self.month_limit = limits
        self.first_weekday = first_weekday
        self.source_homes = source_homes
        self.has_days, self.has_calendar_days = "days" in has, "on-this-day" in has
        self._kinds = frozenset(kind for kind, folder in urls.KIND_FOLDERS.items() if folder in has)
        self._slugs: dict[tuple[str, str], TermRow] = {}
        self._terms: dict[int, TermRow | None] = {}
        self._pictures: dict[str, Picture | None] = {}
        self._sources: dict[str, Picture | None] = {}

    def term_url(self, kind: str, slug: str, period: str = "") -> str:
        """The page of a term or of one of its periods; empty where its kind has none."""
        return urls.term_url(kind, slug, period) if kind in self._kinds else ""

    def period_url(self, period: str) -> str:
        """The page of a year, month or day; without pages of days a day's place on the page of its month."""
        if self.has_days or len(period) < len("2024-11-19"):
            return urls.day_url(period)
        return f"{urls.day_url(period[:7])}#d{period[:10]}"

    def calendar_day_url(self, day: str) -> str:
        """The page of a day of the calendar (`11-19`), if there are such pages."""
        return urls.on_this_day_url(day) if self.has_calendar_days else ""

    def has_list(self, kind: str) -> bool:
        """Whether the terms of a kind have pages."""
        return kind in self._kinds

    @cached_property
    def feed_min(self) -> int:
        """Articles that a term must have for a feed of its own; 0 where there are no feeds."""
        return int(self.catalog.get("feed_min", 0))

    def has_feed(self, row: TermRow) -> bool:
        """Whether a tag, source or section has a feed."""
        return 0 < self.feed_min <= row.n and row.kind in FEED_KINDS

    @cached_property
    def calendar_days(self) -> dict[str, int]:
        """For each day of the calendar, the articles of all years."""
        return lists.calendar_days(self.catalog)

    @cached_property
    def years(self) -> tuple[Bar, ...]:
        """All years that have articles, oldest first."""
        return tuple(Bar(year, n, level(n, YEAR_STEPS), self.period_url(year))
                     for year, n in lists.periods(self.catalog, ARCHIVE, 4))  # fmt: skip

    @cached_property
    def span(self) -> tuple[str, str]:
        """The earliest and latest date."""
        return lists.span(self.catalog)

    def find_term(self, term: Term) -> TermRow | None:
        """The catalog's row of a term that an article has."""
        key = (term.kind, term.key)
        row = self._slugs.get(key)
        if row is None:
            row = lists.find_term(self.catalog, *key)
            if row is not None:
                _keep(self._slugs, key, row)
        return row

    def term(self, ident: int) -> TermRow | None:
        """A term by its number."""
        try:
            return self._terms[ident]
        except KeyError:
            return _keep(self._terms, ident, lists.term(self.catalog, ident))

    def figure(self, figure: Figure | None) -> FigureView | None:
        """A figure with its picture's file in the output."""
        if figure is None:
            return None
        local = is_local(figure)
        return view_of(figure, self.picture(figure.file or "") if local else None)

    def picture(self, path: str) -> Picture | None:
        """The picture at a path relative to `articles/`."""
        try:
            return self._pictures[path]
        except KeyError:
            return _keep(self._pictures, path, lists.picture(self.catalog, path))

    def file(self, path: str) -> Picture | None:
        """Where the output has a file that an article shows or links to: a picture, or the article in that source."""
        if (found := self.picture(path)) or path.lower().endswith(_PICTURES):
            return found
        try:
            return self._sources[path]
        except KeyError:
            url = lists.url_of_source(self.catalog, path)
            return _keep(self._sources, path, Picture(url=url) if url else None)

    def picture_file(self, url: str) -> tuple[str, str, bytes] | None:
        """Path, place among the converted pictures, and digest of the file that the output has at `url`."""
        return lists.picture_file(self.catalog, url)

    def headline(self, row: Row, *, full: bool = False) -> Headline:
        """An article in a list; `full` adds standfirst and picture, for front pages."""
        if not full:
            return encoded_headline(row.brief)
        entry = row.entry
        return Headline(
            url=row.url, title=entry.title, summary=entry.summary, source=entry.source, section=entry.section,
            authors=entry.authors, date=entry.date, language=entry.language, direction=entry.direction,
            words=entry.words, figure=self.figure(entry.figure))  # fmt: skip

    def brief(self, row: Row | None) -> Headline | None:
        """An article as its neighbours show it."""
        return None if row is None else encoded_headline(row.brief)

    def headlines(self, rows: Iterable[Row], *, full: bool = False) -> tuple[Headline, ...]:
        """Articles in a list."""
        return tuple(self.headline(row, full=full) for row in rows)

    def grouped(self, rows: Iterable[Row], length: int) -> tuple[Group, ...]:
        """Articles under their years (`length` 4), months (7) or days (10), in the order given."""
        groups: dict[str, list[Headline]] = {}
        for row in rows:
            groups.setdefault(row.date[:length], []).append(self.headline(row))
        return tuple(Group(period=period, count=len(found), url=self.period_url(period), headlines=tuple(found))
                     for period, found in groups.items())  # fmt: skip

    def month_grid(self, month: str, counts: Mapping[str, int], leads: Mapping[str, Headline] | None = None) -> MonthGrid:
        """A month as weeks of days."""
        year, number = int(month[:4]), int(month[5:7])
        first = date(year, number, 1)
        length = ((date(year, number, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day if month < "9999-12" else 31
        blanks = (first.weekday() - self.first_weekday) % 7
        cells = [Day()] * blanks
        for day in range(1, length + 1):
            iso = f"{month}-{day:02}"
            n = counts.get(iso, 0)
            cells.append(Day(date=iso, number=day, count=n, level=level(n, DAY_STEPS), url=self.period_url(iso) if n else "",
                             lead=leads.get(iso) if leads else None))  # fmt: skip
        cells += [Day()] * (-len(cells) % 7)
        total = lists.count(self.catalog, ARCHIVE, month)
        return MonthGrid(month=month, count=total, url=self.period_url(month) if total else "",
                         weeks=tuple(tuple(cells[i : i + 7]) for i in range(0, len(cells), 7)))  # fmt: skip

    def near(self, period: str) -> tuple[Link | None, Link | None]:
        """Links to the previous and next period of the same length that has articles."""
        before, after = (near and Link(near, self.period_url(near)) for near in lists.near_periods(self.catalog, period))
        return before or None, after or None

    def ranked(self, rows: Iterable[TermRow]) -> tuple[Ranked, ...]:
        """Terms with their counts."""
        return tuple(Ranked(row.label, self.term_url(row.kind, row.slug), row.n, level(row.n, TERM_STEPS)) for row in rows)


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _keep(known: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """`value`, which is remembered; what was found before is forgotten where it is too much."""
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = value
    return value


def encoded_headline(brief: bytes) -> Headline:
    """A headline that is encoded already: it goes into a page's record as it is, without being looked into."""
    return cast(Headline, Raw(brief))


def source_key(entry: Entry) -> str:
    """The key under which the settings of an article's source are found."""
    return urls.term_key(entry.source)
