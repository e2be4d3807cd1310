"""A page plan, and the way from a row of the pending list to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from sitegen import urls
from sitegen.catalog import Catalog
from sitegen.catalog.pending import Limits
from sitegen.contexts import FreePage
from sitegen.entries import BodyRef, encode
from sitegen.planner import addresses, calendar, data, feeds, overview, terms
from sitegen.planner.views import Views


class PagePlan(Struct, frozen=True, array_like=True, kw_only=True):
    """Everything a worker needs to make one output file. Small enough to be passed between processes."""

    url: str
    template: str
    """Without `.html`; empty where the file is a copy of `copy_of`."""
    context: bytes = b""
    """The template's record (`sitegen.contexts`) as MessagePack; for an article, what its own text does not tell."""
    body: BodyRef | None = None
    fingerprint: bytes
    """Digest of everything that decides the file's bytes."""
    indexable: bool = True
    copy_of: str = ""
    """A file to copy, as an absolute path."""
    cached: bool = False
    """Whether that file is ours, with the fingerprint as its digest; if it is not, the catalog cannot be trusted."""
    bodies: tuple[BodyRef, ...] = ()
    """The texts that a feed or a data file shows, in their order."""


class PageJob(Struct, frozen=True, array_like=True, kw_only=True):
    """A chunk of output files to make."""

    render: bytes
    """`RenderSettings`, encoded."""
    output: str
    bodies: str
    """Folders, absolute."""
    partial: str
    """The folder for files on their way, on the same file system as the output."""
    pages: tuple[tuple[PagePlan, bool], ...]
    """Each with whether the file that may stand there is ours."""
    empty: bool = False
    """The output had no files before this build, so that none of these has one."""


class PlanSettings(Struct, frozen=True, kw_only=True):
    """What plans depend on beside the catalog."""

    limits: Limits
    first_weekday: int
    """0 is Monday."""
    site_digest: bytes
    template_digests: Mapping[str, bytes]
    """For each template, a digest of it and of all it includes, extends or imports."""
    source_homes: Mapping[str, tuple[str, str]]
    """By source key: home page and time zone."""
    pages: Mapping[str, FreePage]
    """The owner's own pages by URL."""
    static: Mapping[str, tuple[str, bytes]]
    """Static files by URL: absolute path, and a digest of size and time."""
    articles: str
    """The folder of the sources, absolute."""
    pictures: str
    """The folder of converted pictures, absolute."""
    feed_length: int
    """Articles in a feed; 0 where there are no feeds and no sitemaps."""
    news_until: datetime | None
    """The moment before which the articles of two days are in the sitemap of news; None where there is none."""
    time_zone: str
    """The site's."""
    data: bool
    """Whether the archive is offered as data."""
    article_json: bool
    """Whether each article is there as JSON too."""
    search: bool
    """Whether it can be searched."""
    lists: frozenset[str] = frozenset(urls.LISTS)
    """The kinds of lists that there are."""


class Planner:
    """Plans pages of one build; what many pages need is looked up once."""

    def __init__(self, catalog: Catalog, settings: PlanSettings) -> None:
        self._settings = settings
        self._views = Views(catalog, settings.limits, settings.first_weekday, settings.source_homes, settings.lists)
        self._planners: dict[str, Callable[[str, str], Struct | None]] = {
            "year": self._calendar(calendar.year_page),
            "month": self._calendar(calendar.month_page),
            "day": self._calendar(calendar.day_page),
            "onthisday": self._calendar(calendar.on_this_day_page),
            "term": lambda arg, url: terms.term_page(self._views, arg, url),
            "terms": lambda arg, url: terms.terms_page(self._views, arg, url),
            "home": lambda arg, url: overview.home_page(self._views),
            "dates": lambda arg, url: overview.dates_page(self._views),
            "undated": lambda arg, url: overview.undated_page(self._views),
            "about": lambda arg, url: overview.about_page(self._views),
            "404": lambda arg, url: overview.not_found_page(self._views),
            "page": lambda arg, url: settings.pages.get(url),
            "search": lambda arg, url: overview.search_page(self._views) if settings.search else None,
            "datapage": lambda arg, url: data.data_page(self._views) if settings.data else None,
        }

    def _calendar(self, make: Callable[[Views, str], Struct | None]) -> Callable[[str, str], Struct | None]:
        return lambda arg, url: make(self._views, arg)

    def plan(self, kind: str, arg: str, url: str) -> PagePlan | None:
        """The page of this kind at `url`, or None where there is (no longer) one.

        A static file takes the place of any page, and the owner's own page that of one that sitegen makes.
        """
        if (kind != "static" and url in self._settings.static) or (kind not in ("static", "page") and url in self._settings.pages):
            return None
        return self._plan(kind, arg, url) if urls.list_of(kind, url) in (None, *self._settings.lists) else None

    def _plan(self, kind: str, arg: str, url: str) -> PagePlan | None:
        if kind == "article":
            return self._plan_address(url)
        if kind == "media":
            return self._plan_media(url)
        if kind == "static":
            return self._plan_static(url)
        if kind in ("feed", "sitemap", "sitemaps", "robots", "datafile", "articlejson", "archive", "newsmap"):
            return self._plan_document(kind, arg, url)
        view = self._planners[kind](arg, url)
        return None if view is None else self._page(kind, url, view)

    def sweep(self) -> Iterator[PagePlan]:
        """The pages of all articles, in their order."""
        for placed, context in addresses.sweep(self._views):
            yield self._page("article", placed.url, context, placed.body, indexable=addresses.is_indexable(placed))

    def initials(self, kind: str) -> list[tuple[str, str]]:
        """Arguments and URLs of the pages of an index that is cut by initials."""
        return terms.initial_pages(self._views, kind)

    def _plan_address(self, url: str) -> PagePlan | None:
        found = addresses.at(self._views, url)
        if found is None:
            return None
        template, view, body, indexable = found
        return self._page(template, url, view, body, indexable=indexable)

    def _page(self, template: str, url: str, view: Struct, body: BodyRef | None = None, *, indexable: bool = True) -> PagePlan:
        context = encode(view)
        digest = hashlib.blake2b(context, digest_size=16)
        digest.update(self._settings.site_digest)
        digest.update(self._settings.template_digests[template])
        if body is not None:
            digest.update(body.digest)
        return PagePlan(url=url, template=template, context=context, body=body, fingerprint=digest.digest(), indexable=indexable)

    def _plan_document(self, kind: str, arg: str, url: str) -> PagePlan | None:
        settings = self._settings
        view: Struct | None = None
        bodies: tuple[BodyRef, ...] = ()
        if kind == "datafile":
            view, bodies = data.data_file(self._views, arg) if settings.data else (None, ())
        elif kind == "articlejson":
            view, bodies = data.article_file(self._views, url) if settings.article_json else (None, ())
        elif settings.feed_length and kind == "feed":
            view, bodies = feeds.feed(self._views, arg, url, length=settings.feed_length)
        elif settings.feed_length and kind == "archive":
            view = feeds.archive_document(self._views, arg)
        elif kind == "newsmap":
            view = data.news_sitemap(self._views, settings.news_until, settings.time_zone) if settings.news_until else None
        elif settings.feed_length:
            view = data.listing(self._views, kind, arg)
        if view is None:
            return None
        context = encode(view)
        digest = hashlib.blake2b(context, digest_size=16)
        digest.update(settings.site_digest)
        for body in bodies:
            digest.update(body.digest)
        return PagePlan(url=url, template=kind, context=context, bodies=bodies, fingerprint=digest.digest())

    def _plan_media(self, url: str) -> PagePlan | None:
        found = self._views.picture_file(url)
        if found is None:
            return None
        path, cached, digest = found
        if cached:
            return PagePlan(url=url, template="", fingerprint=digest, copy_of=f"{self._settings.pictures}/{cached}", cached=True)
        return PagePlan(url=url, template="", fingerprint=digest, copy_of=f"{self._settings.articles}/{path}")

    def _plan_static(self, url: str) -> PagePlan | None:
        found = self._settings.static.get(url)
        if found is None:
            return None
        path, digest = found
        return PagePlan(url=url, template="", fingerprint=digest, copy_of=path)

