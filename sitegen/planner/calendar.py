"""Plans of year, month, day and on-this-day pages."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.catalog import lists
from sitegen.catalog.lists import Row
from sitegen.catalog.tallies import ARCHIVE
from sitegen.contexts import Day, DayPage, Group, Headline, Link, MonthPage, OnThisDayPage, YearPage
from sitegen.planner.views import DAY_STEPS, Views, level

ON_THIS_DAY_HEADLINES = 5


def year_page(views: Views, year: str) -> YearPage | None:
    """The year as twelve small calendars."""
    total = lists.count(views.catalog, ARCHIVE, year)
    if not total:
        return None
    counts = dict(lists.periods(views.catalog, ARCHIVE, 10, year))
    earlier, later = views.near(year)
    return YearPage(
        year=year, count=total, months=tuple(views.month_grid(f"{year}-{month:02}", counts) for month in range(1, 13)),
        top_days=tuple(_top_day(views, day, n) for day, n in lists.biggest_days(views.catalog, year)),
        loose=views.headlines(lists.loose_in(views.catalog, year, limit=views.list_limit)), earlier=earlier, later=later,
    )  # fmt: skip


def _top_day(views: Views, date: str, count: int) -> Day:
    lead = lists.heaviest(views.catalog, date)
    return Day(date=date, number=int(date[8:10]), count=count, level=level(count, DAY_STEPS), url=views.period_url(date),
               lead=views.headline(lead[0]) if lead else None)  # fmt: skip


def month_page(views: Views, month: str) -> MonthPage | None:
    """The month as a calendar, with its list below."""
    total = lists.count(views.catalog, ARCHIVE, month)
    if not total:
        return None
    counts = dict(lists.periods(views.catalog, ARCHIVE, 10, month))
    # Without pages of days, the month's is the only one that shows all of them.
    complete = total <= views.list_limit or not views.has_days
    leads: dict[str, Headline] = {}
    if complete:
        rows = [row for row in lists.in_period(views.catalog, month) if len(row.date) > 7]
        for row in sorted(rows, key=front_page_rank, reverse=True):
            leads.setdefault(row.date[:10], views.headline(row))
        days = views.grouped(rows, 10)
        if not views.has_days:
            days = tuple(replace(day, url="") for day in days)
    else:
        leads = {day: views.headline(lists.heaviest(views.catalog, day)[0]) for day in counts}
        days = tuple(Group(period=day, count=counts[day], url=views.period_url(day), headlines=(leads[day],))
                     for day in sorted(counts, reverse=True))  # fmt: skip
    earlier, later = views.near(month)
    return MonthPage(
        month=month, count=total, grid=views.month_grid(month, counts, leads), days=days, complete=complete,
        loose=views.headlines(lists.loose_in(views.catalog, month, limit=views.list_limit)),
        year=Link(month[:4], views.period_url(month[:4])), earlier=earlier, later=later,
    )  # fmt: skip


def front_page_rank(row: Row) -> tuple[int, str]:
    """Sorts the biggest story of a day first; see `entries.front_page_weight`."""
    return row.weight, row.sort


def day_page(views: Views, day: str) -> DayPage | None:
    """The day as a front page."""
    rows = sorted(lists.in_period(views.catalog, day), key=front_page_rank, reverse=True)
    if not rows:
        return None
    earlier, later = views.near(day)
    return DayPage(
        date=day, count=len(rows), lead=views.headline(rows[0], full=True), seconds=views.headlines(rows[1:3], full=True),
        rest=views.headlines(rows[3:]), month=Link(day[:7], views.period_url(day[:7])), year=Link(day[:4], views.period_url(day[:4])),
        same_day=Link(day[5:], views.calendar_day_url(day[5:])), earlier=earlier, later=later,
    )  # fmt: skip


def on_this_day_page(views: Views, day: str) -> OnThisDayPage | None:
    """A day of the calendar through all years: each year's biggest stories."""
    total = views.calendar_days.get(day, 0)
    if not total:
        return None
    groups = []
    for bar in reversed(views.years):
        date = f"{bar.period}-{day}"
        n = lists.count(views.catalog, ARCHIVE, date)
        if n:
            found = lists.heaviest(views.catalog, date, limit=ON_THIS_DAY_HEADLINES)
            groups.append(Group(period=date, count=n, url=views.period_url(date), headlines=views.headlines(found)))
    days = list(views.calendar_days)
    place = days.index(day)
    before, after = (days[place - 1], days[(place + 1) % len(days)]) if len(days) > 1 else ("", "")
    return OnThisDayPage(
        day=day, count=total, years=tuple(groups),
        earlier=Link(before, views.calendar_day_url(before)) if before else None,
        later=Link(after, views.calendar_day_url(after)) if after else None,
    )  # fmt: skip
