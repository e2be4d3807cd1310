"""Plans of the pages that show the archive as a whole."""

from __future__ import annotations

from sitegen import urls
from sitegen.catalog import lists
from sitegen.catalog.tallies import ARCHIVE
from sitegen.contexts import (
    AboutPage,
    DatesPage,
    Day,
    HomePage,
    Link,
    NotFoundPage,
    Ranked,
    RuleCount,
    SearchPage,
    UndatedPage,
)
from sitegen.droprules import MEANINGS
from sitegen.planner.calendar import front_page_rank
from sitegen.planner.views import DAY_STEPS, Views, level

HOME_HEADLINES = 12
HOME_TERMS = 15
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def home_page(views: Views) -> HomePage:
    """The newest day as a front page, then ways into the archive."""
    catalog = views.catalog
    newest = lists.periods(catalog, ARCHIVE, 10)[-1:] if views.years else []
    first, last = views.span
    date = newest[0][0] if newest else last
    rows = sorted(lists.in_period(catalog, date), key=front_page_rank, reverse=True) if date else []
    # A day with few stories is filled up from the days before it, so that the page is never bare.
    shown = rows[: HOME_HEADLINES + 3]
    if rows and len(shown) < HOME_HEADLINES:
        shown = shown + _before(views, rows, HOME_HEADLINES - len(shown))
    elif not rows:
        shown = lists.undated(catalog, limit=HOME_HEADLINES)
    return HomePage(
        date=date, day=Link(date, views.period_url(date)) if date else None, count=len(rows),
        lead=views.headline(shown[0], full=True) if shown else None, seconds=views.headlines(shown[1:3], full=True),
        rest=views.headlines(shown[3:]), total=lists.count(catalog, ARCHIVE), first=first, last=last, years=views.years,
        tags=_top(views, "tag"),
        sources=_top(views, "source"), undated=lists.undated_count(catalog),
    )  # fmt: skip


def _top(views: Views, kind: str) -> tuple[Ranked, ...]:
    return views.ranked(lists.top_terms(views.catalog, kind, limit=HOME_TERMS)) if views.has_list(kind) else ()


def _before(views: Views, rows: list[lists.Row], wanted: int) -> list[lists.Row]:
    found: list[lists.Row] = []
    row: lists.Row | None = min(rows, key=lambda each: each.sort)
    while row is not None and len(found) < wanted:
        row = lists.earlier(views.catalog, row.sort)
        if row is not None:
            found.append(row)
    return found


def dates_page(views: Views) -> DatesPage:
    """All years, and the days of the calendar that have articles."""
    first, last = views.span
    return DatesPage(
        total=lists.count(views.catalog, ARCHIVE), first=first, last=last, years=views.years,
        calendar=tuple(tuple(_calendar_day(views, f"{month:02}-{day:02}") for day in range(1, length + 1))
                       for month, length in enumerate(_MONTH_LENGTHS, 1)),
        undated=lists.undated_count(views.catalog),
    )  # fmt: skip


def _calendar_day(views: Views, day: str) -> Day:
    n = views.calendar_days.get(day, 0)
    return Day(date=day, number=int(day[3:]), count=n, level=level(n, DAY_STEPS), url=views.calendar_day_url(day) if n else "")


def undated_page(views: Views) -> UndatedPage | None:
    """Articles without a date, by headline."""
    total = lists.undated_count(views.catalog)
    if not total:
        return None
    rows = sorted(lists.undated(views.catalog, limit=5000), key=lambda row: (urls.term_key(row.entry.title), row.sort))
    return UndatedPage(headlines=views.headlines(rows), count=total)


def about_page(views: Views) -> AboutPage:
    """Where the articles come from and what was dropped."""
    catalog = views.catalog
    first, last = views.span
    return AboutPage(
        total=lists.count(catalog, ARCHIVE), undated=lists.undated_count(catalog), first=first, last=last,
        sources=views.ranked(lists.top_terms(catalog, "source", limit=100)),
        languages=tuple((row.label, row.n) for row in lists.top_terms(catalog, "language")),
        layouts=tuple((row.label, row.n) for row in lists.top_terms(catalog, "layout")),
        dropped=tuple(RuleCount(row.label, MEANINGS.get(row.label, ""), row.n) for row in lists.top_terms(catalog, "rule")),
    )  # fmt: skip


def not_found_page(views: Views) -> NotFoundPage:
    """The page that a host serves for an address it has not."""
    return NotFoundPage(years=views.years)


def search_page(views: Views) -> SearchPage:
    """The page on which the archive is searched."""
    return SearchPage(years=tuple(bar.period for bar in reversed(views.years)))
