"""What stands at an article's address: the article, or what is told of one that is not there."""

from __future__ import annotations

from msgspec import Struct

from sitegen import urls
from sitegen.catalog import lists
from sitegen.catalog.articles import base_key
from sitegen.catalog.lists import Placed
from sitegen.contexts import ArticleContext, ChoicesPage, Headline, Link, RedirectPage, TermLink, TombstonePage
from sitegen.entries import BodyRef
from sitegen.planner.views import Views, source_key

MOST_RELATED = 4

Found = tuple[str, Struct, BodyRef | None, bool]
"""Template, record, text, and whether search engines may list the page."""


def at(views: Views, url: str) -> Found | None:
    """What the address shows: an article, a takedown's notice, a choice, a redirect, or nothing."""
    placed = lists.article_at(views.catalog, url)
    gone = lists.takedown(views.catalog, url=url, ident=placed.ident if placed else None)
    if gone is not None and (placed is None or placed.sort is None):
        return "tombstone", TombstonePage(reason=gone[1], date=gone[0]), None, False
    if placed is not None and placed.sort is not None:
        return "article", _article(views, placed), placed.body, placed.entry.rights != "third-party"
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


def _article(views: Views, placed: Placed) -> ArticleContext:
    entry, sort = placed.entry, placed.sort or ""
    links: dict[str, list[TermLink]] = {"tag": [], "author": [], "source": [], "section": []}
    related: dict[str, Headline] = {}
    for term in entry.terms:
        if term.kind not in links:
            continue
        row = views.find_term(term)
        if row is None:
            continue
        links[term.kind].append(TermLink(term.label, urls.term_url(row.kind, row.slug)))
        if term.kind == "tag" and sort and len(related) < MOST_RELATED:
            near = views.brief(lists.earlier_of_term(views.catalog, row.id, sort))
            if near is not None:
                related.setdefault(near.url, near)
    home, zone = views.source_homes.get(source_key(entry), ("", ""))
    date = entry.date[:10]
    return ArticleContext(
        id=placed.ident, date=date, day=Link(date, urls.day_url(date)) if date else None, tags=tuple(links["tag"]),
        authors=tuple(links["author"]), source=next(iter(links["source"]), None), section=next(iter(links["section"]), None),
        source_url=home, source_zone=zone, earlier=views.brief(lists.earlier(views.catalog, sort)),
        later=views.brief(lists.later(views.catalog, sort)), related=tuple(related.values()),
        files=tuple((path, views.file(path)) for path in entry.media),
    )  # fmt: skip
