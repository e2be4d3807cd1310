"""Plans of the pages of tags, authors, sources and sections, cut by the calendar, and of their indexes."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from heapq import nlargest
from itertools import chain

from sitegen import urls
from sitegen.catalog import lists
from sitegen.catalog.lists import TermRow
from sitegen.contexts import Bar, Initial, Link, Ranked, TermLink, TermPage, TermsPage, YearStrip
from sitegen.planner.views import MONTH_STEPS, YEAR_STEPS, Views, level

NEWEST = 50
TOP = 30
RELATED = 12
MOST_TAGS = 30
"""Tags of an article that count for the relations between tags; somebody may give it thousands."""
INDEX_LIMIT = 2000
"""Terms above which an index is cut into a page per initial."""
STRIP_YEARS = 20
"""Years above which the strip over time has a bar per year instead of per month."""
_NEXT_LENGTH = {0: 4, 4: 7, 7: 10}


def term_page(views: Views, arg: str, url: str) -> TermPage | None:
    """A term, or one of its periods; None where its list is not cut so far."""
    ident, _, period = arg.partition(" ")
    row = views.term(int(ident))
    if row is None or row.n <= 0 or views.term_url(row.kind, row.slug, period) != url or not _has_page(views, row, period):
        return None
    total = lists.count(views.catalog, row.id, period) if len(period) < 10 else len(lists.newest_of_term(views.catalog, row.id, period))
    if not total:
        return None
    complete = total <= _limit(views, period)
    smaller = () if complete else _smaller(views, row, period)
    found = lists.newest_of_term(views.catalog, row.id, period, limit=-1 if complete else NEWEST)
    if not complete:
        # The next smaller periods have no place for what is dated by this one alone, or not at all.
        shown = {each.sort for each in found}
        found += [each for each in lists.loose_of_term(views.catalog, row.id, period) if each.sort not in shown]
    first, last = lists.span_of_term(views.catalog, row.id, period)
    years = [] if period else lists.periods(views.catalog, row.id, 4)
    long = bool(years) and int(years[-1][0]) - int(years[0][0]) >= STRIP_YEARS
    home, _zone = views.source_homes.get(urls.term_key(row.label), ("", "")) if row.kind == "source" else ("", "")
    return TermPage(
        kind=row.kind, label=row.label, period=period, count=total, first=first, last=last, complete=complete,
        groups=views.grouped(found, _NEXT_LENGTH.get(len(period), 10)), periods=smaller, home=home,
        strip=_strip(views, row, years, complete=complete) if years and long else (),
        months=_months(views, row, years, complete=complete) if years and not long else (), up=_up(row, period),
        related=() if period or row.kind != "tag" else _related(views, row),
        feed="" if period or not views.has_feed(row) else urls.feed_url(row.kind, row.slug),
    )  # fmt: skip


def _limit(views: Views, period: str) -> int:
    """How many entries a page shows before it is cut; a day's page shows all."""
    return {7: views.month_limit, 10: 1 << 62}.get(len(period), views.list_limit)


def _has_page(views: Views, row: TermRow, period: str) -> bool:
    """Whether each larger period is too long for one page."""
    larger = [period[:length] for length in (0, 4, 7) if length < len(period)]
    return all(lists.count(views.catalog, row.id, each) > _limit(views, each) for each in larger)


def _smaller(views: Views, row: TermRow, period: str) -> tuple[Bar, ...]:
    length = _NEXT_LENGTH[len(period)]
    if length == 10:
        days = [(day, n) for day, n in lists.days_of_term(views.catalog, row.id, period) if len(day) == 10]
    else:
        days = lists.periods(views.catalog, row.id, length, period)
    steps = YEAR_STEPS if length == 4 else MONTH_STEPS
    return tuple(Bar(each, n, level(n, steps), views.term_url(row.kind, row.slug, each)) for each, n in reversed(days))


def _up(row: TermRow, period: str) -> Link | None:
    if not period:
        return None
    larger = period.rpartition("-")[0]
    return Link(larger or row.label, urls.term_url(row.kind, row.slug, larger))


def _strip(views: Views, row: TermRow, years: Sequence[tuple[str, int]], *, complete: bool) -> tuple[Bar, ...]:
    """Articles per year over a long time, gaps included."""
    counts, first, last = dict(years), int(years[0][0]), int(years[-1][0])
    names = [f"{year:04}" for year in range(first, last + 1)] if last - first < 300 else counts
    return tuple(Bar(name, n, level(n, YEAR_STEPS), views.term_url(row.kind, row.slug, name) if n and not complete else "")
                 for name in names for n in (counts.get(name, 0),))  # fmt: skip


def _months(views: Views, row: TermRow, years: Sequence[tuple[str, int]], *, complete: bool) -> tuple[YearStrip, ...]:
    """Articles per month, for each year that has any."""
    shapes = dict.fromkeys((year for year, _ in years), "")
    for month, n in lists.periods(views.catalog, row.id, 7):
        if len(month) == len("2024-11"):
            shapes[month[:4]] += _bar(int(month[5:7]), level(n, MONTH_STEPS))
    return tuple(YearStrip(year, n, f"#p{year}" if complete else views.term_url(row.kind, row.slug, year), shapes[year])
                 for year, n in years)  # fmt: skip


@cache
def _bar(month: int, steps: int) -> str:
    return f"M{month * 4 - 3.5:g} 20v-{steps * 4}h3v{steps * 4}z" if steps else ""


def _related(views: Views, row: TermRow) -> tuple[TermLink, ...]:
    """Tags that share most of the newest articles: a bounded look, so that a big tag costs no more than a small one."""
    shared: Counter[int] = Counter()
    for found in lists.newest_of_term(views.catalog, row.id, limit=views.list_limit):
        shared.update(array("i", found.tags)[:MOST_TAGS])
    del shared[row.id]
    best = nlargest(RELATED * 2, shared.values())[-1:] or [0]
    rows = [each for ident, n in shared.items() if n >= best[0] and (each := views.term(ident))]
    rows.sort(key=lambda each: (-shared[each.id], each.label, each.slug))
    return tuple(TermLink(each.label, views.term_url("tag", each.slug)) for each in rows[:RELATED])


def terms_page(views: Views, arg: str, url: str) -> TermsPage | None:
    """The index of all terms of a kind, or of one initial of it (`tag A`).

    Every page links to the index, so that there is one even where no article has such a term.
    """
    kind, _, initial = arg.partition(" ")
    groups, total = _initials(views, kind)
    cut = total > INDEX_LIMIT
    if initial and (not cut or initial not in groups or urls.terms_url(kind, initial) != url):
        return None
    shown = [initial] if initial else sorted(groups, key=_initial_order)
    initials = tuple(
        Initial(label=each, url=urls.terms_url(kind, each) if cut else "", count=sum(groups[each].values()),
                terms=() if cut and not initial else _terms_of(views, kind, groups[each]))
        for each in shown)  # fmt: skip
    top = () if initial else views.ranked(lists.top_terms(views.catalog, kind, limit=TOP))
    return TermsPage(kind=kind, total=total, initial=initial, top=top, initials=initials)


def initial_pages(views: Views, kind: str) -> list[tuple[str, str]]:
    """Arguments and URLs of the initials' pages of an index that is cut."""
    groups, total = _initials(views, kind)
    return [(f"{kind} {each}", urls.terms_url(kind, each)) for each in sorted(groups)] if total > INDEX_LIMIT else []


def _initials(views: Views, kind: str) -> tuple[dict[str, dict[str, int]], int]:
    """For each initial of an index the first characters that it stands for, with their terms; and the number of all."""
    groups: dict[str, dict[str, int]] = {}
    for first, count in lists.first_letters(views.catalog, kind):
        groups.setdefault(initial_of(first), {})[first] = count
    return groups, sum(sum(group.values()) for group in groups.values())


def _terms_of(views: Views, kind: str, firsts: Iterable[str]) -> tuple[Ranked, ...]:
    return tuple(chain.from_iterable(views.ranked(lists.terms_from(views.catalog, kind, first)) for first in firsts))


def initial_of(key: str) -> str:
    """The letter under which an index has a term, without its accents; `#` for what begins with none."""
    first = unicodedata.normalize("NFD", key[:1])[:1]
    # Hangul syllables fall apart into letters that nobody looks under.
    first = key[:1] if "\uac00" <= key[:1] <= "\ud7a3" else first
    return first.upper() if first.isalpha() else "#"


def _initial_order(initial: str) -> tuple[bool, str]:
    return initial != "#", initial
