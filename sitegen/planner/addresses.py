"""What stands at an article's address: the article, or what is told of one that is not there."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct

from sitegen import urls
from sitegen.catalog import lists
from sitegen.catalog.articles import base_key
from sitegen.catalog.lists import Placed
from sitegen.contexts import ArticleContext, ChoicesPage, Headline, Link, RedirectPage, TermLink, TombstonePage
from sitegen.entries import BodyRef
from sitegen.planner.views import Views, encoded_headline, source_key

MOST_RELATED = 4

Found = tuple[str, Struct, BodyRef | None, bool]
"""Template, record, text, and whether search engines may list the page."""


def at(views: Views, url: str) -> Found | None:  # noqa: PLR0911 (one return for each case)
    """What the address shows: an article, a takedown's notice, a choice, a redirect, or nothing."""
    placed = lists.article_at(views.catalog, url)
    aid = placed.aid if placed and placed.sort is None else None
    gone = lists.takedown(views.catalog, url=url, aid=aid) if placed is None or aid is not None else None
    if gone is not None:
        return "tombstone", TombstonePage(reason=gone[1], date=gone[0]), None, False
    if placed is not None and placed.sort is not None:
        return "article", _article(views, placed, LookedUp(views)), placed.body, is_indexable(placed)
    if urls.is_reserved(url):
        return None
    claimants = lists.with_base(views.catalog, base_key(url))
    moved_rows = lists.moved_to(views.catalog, url)
    if len(claimants) > 1 and any(row.entry.base == url for row in claimants):
        known = {row.url for row in claimants}
        claimants += [row for row in moved_rows if row.url not in known]
        return "choices", ChoicesPage(headlines=views.headlines(claimants)), None, False
    if len(moved_rows) == 1:
        return "redirect", RedirectPage(target=moved_rows[0].url, title=moved_rows[0].entry.title), None, False
    if moved_rows:
        return "choices", ChoicesPage(headlines=views.headlines(moved_rows)), None, False
    return None


class Nearby(Protocol):
    """What finds an article's neighbours, as encoded headlines."""

    def earlier(self, sort: str) -> bytes | None:
        """The article before it."""

    def later(self, sort: str) -> bytes | None:
        """The article after it."""

    def earlier_of_term(self, term: int, sort: str) -> bytes | None:
        """The article of a tag before it."""


class LookedUp:
    """Neighbours looked up in the catalog, one by one."""

    def __init__(self, views: Views) -> None:
        self._catalog = views.catalog

    def earlier(self, sort: str) -> bytes | None:
        """The article before it."""
        row = lists.earlier(self._catalog, sort)
        return row.brief if row else None

    def later(self, sort: str) -> bytes | None:
        """The article after it."""
        row = lists.later(self._catalog, sort)
        return row.brief if row else None

    def earlier_of_term(self, term: int, sort: str) -> bytes | None:
        """The article of a tag before it."""
        row = lists.earlier_of_term(self._catalog, term, sort)
        return row.brief if row else None


class Swept:
    """Neighbours known because all articles come by in their order."""

    MOST_TERMS = 50_000

    def __init__(self, views: Views) -> None:
        self._fallback = LookedUp(views)
        self._last: dict[int, bytes] = {}
        self._forgot = False
        self.before: bytes | None = None
        self.after: bytes | None = None

    def earlier(self, sort: str) -> bytes | None:
        """The article before it."""
        return self.before

    def later(self, sort: str) -> bytes | None:
        """The article after it."""
        return self.after

    def earlier_of_term(self, term: int, sort: str) -> bytes | None:
        """The article of a tag before it; looked up where too many tags came by to remember them all."""
        found = self._last.get(term)
        return self._fallback.earlier_of_term(term, sort) if found is None and self._forgot else found

    def pass_by(self, terms: Iterable[int], brief: bytes) -> None:
        """Remember an article that was planned."""
        if len(self._last) > self.MOST_TERMS:
            self._last.clear()
            self._forgot = True
        for term in terms:
            self._last[term] = brief
        self.before = brief


def sweep(views: Views) -> Iterator[tuple[Placed, ArticleContext]]:
    """Every article's page, in their order: far cheaper than looking up each one's neighbours."""
    near = Swept(views)
    waiting: Placed | None = None
    for placed in lists.in_order(views.catalog):
        if waiting is not None:
            yield waiting, _pass(views, waiting, near, placed.brief)
        waiting = placed
    if waiting is not None:
        yield waiting, _pass(views, waiting, near, None)


def _pass(views: Views, placed: Placed, near: Swept, following: bytes | None) -> ArticleContext:
    near.after = following
    context = _article(views, placed, near)
    # The undated come first, and are nobody's neighbours.
    if (placed.sort or "") >= lists.BEFORE_DATED:
        near.pass_by(array("i", placed.tags), placed.brief)
    return context


def is_indexable(placed: Placed) -> bool:
    """Whether search engines may list an article's page."""
    return placed.entry.rights != "third-party"


def _article(views: Views, placed: Placed, near_by: Nearby) -> ArticleContext:
    entry, sort = placed.entry, placed.sort or ""
    links: dict[str, list[TermLink]] = {"tag": [], "author": [], "source": [], "section": []}
    related: dict[bytes, Headline] = {}
    for term in entry.terms:
        if term.kind not in links:
            continue
        row = views.find_term(term)
        if row is None:
            continue
        links[term.kind].append(TermLink(term.label, views.term_url(row.kind, row.slug)))
        if term.kind == "tag" and sort >= lists.BEFORE_DATED and len(related) < MOST_RELATED:
            near = near_by.earlier_of_term(row.id, sort)
            if near is not None and near not in related:
                related[near] = encoded_headline(near)
    home, zone = views.source_homes.get(source_key(entry), ("", ""))
    date = entry.date[:10]
    return ArticleContext(
        id=placed.ident, date=date, day=Link(date, views.period_url(date)) if date else None, tags=tuple(links["tag"]),
        authors=tuple(links["author"]), source=next(iter(links["source"]), None), section=next(iter(links["section"]), None),
        source_url=home, source_zone=zone, earlier=_headline(near_by.earlier(sort)) if sort >= lists.BEFORE_DATED else None,
        later=_headline(near_by.later(sort)) if sort >= lists.BEFORE_DATED else None, related=tuple(related.values()),
        files=tuple((path, views.file(path)) for path in entry.media),
    )  # fmt: skip


def _headline(brief: bytes | None) -> Headline | None:
    return None if brief is None else encoded_headline(brief)
