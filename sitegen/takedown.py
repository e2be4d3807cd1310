"""Taking an article down: which one is meant, and the line in the ledger by which the next build removes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from sitegen.catalog import Catalog, discard_catalog, lists, open_catalog, take_lock
from sitegen.catalog.exports import with_original_url
from sitegen.catalog.identities import is_taken_down
from sitegen.config import Folders, Settings
from sitegen.errors import SitegenError
from sitegen.ledger import add_lines

_MOST_NAMED = 5


class TakenDown(Struct, frozen=True, kw_only=True):
    """An article that the ledger takes down from now on."""

    ident: str
    url: str
    title: str


def take_down(folders: Folders, settings: Settings, wanted: str, *, reason: str, now: datetime) -> TakenDown:
    """Write into the ledger that an article is not shown any more.

    `wanted` is its id, its address on the site with or without `base_url`, one that it had, or its original address.
    Raises `SitegenError` where it means no article, or several.
    """
    with take_lock(folders.cache):
        catalog = open_catalog(folders.cache)
        try:
            found = None if catalog.fresh else _find(catalog, settings, wanted)
        finally:
            catalog.close(finished=not catalog.fresh)
        if found is None:
            # An empty catalog would keep the next build from looking for what it wrote before.
            discard_catalog(folders.cache)
            raise SitegenError("there is no catalog of this site that could tell its articles; build the site first")
        day = now.astimezone(ZoneInfo(settings.time_zone)).date().isoformat()
        event = {"event": "takedown", "id": found.ident, "url": found.url, "date": day, "reason": reason}
        add_lines(folders.ledger, [msgspec.json.encode(event).decode()])
    return found


def _find(catalog: Catalog, settings: Settings, wanted: str) -> TakenDown:
    rows = {found.ident: found for found in _meant(catalog, settings, wanted.strip())}
    if not rows:
        raise SitegenError(f'no article has the id or address "{wanted}"; "sitegen inspect" on its source shows both')
    if len(rows) > 1:
        named = ", ".join(sorted(rows)[:_MOST_NAMED])
        raise SitegenError(f'"{wanted}" means {len(rows)} articles; take down each by its id: {named}')
    return next(iter(rows.values()))


def _meant(catalog: Catalog, settings: Settings, wanted: str) -> Iterator[TakenDown]:
    by_id = lists.article_by_ident(catalog, wanted)
    if by_id is not None:
        yield TakenDown(ident=wanted, url=by_id.url, title=by_id.entry.title)
        return
    found = False
    for url in _addresses(wanted, settings.base_url):
        placed = lists.article_at(catalog, url)
        if placed is not None and placed.sort is not None:
            yield TakenDown(ident=placed.ident, url=placed.url, title=placed.entry.title)
            return
        if placed is not None and is_taken_down(catalog, placed.ident, b""):
            raise SitegenError(f"what stood at {url} is taken down already; build the site to remove it everywhere")
        for row in lists.moved_to(catalog, url):
            here = lists.article_at(catalog, row.url)
            if here is not None:
                found = True
                yield TakenDown(ident=here.ident, url=here.url, title=here.entry.title)
    if not found and "://" in wanted:
        for ident, url, title in with_original_url(catalog, wanted):
            yield TakenDown(ident=ident, url=url, title=title)


def _addresses(wanted: str, base_url: str) -> Iterator[str]:
    """The URLs that an address may mean, whatever way the host writes it."""
    path = wanted
    if "://" in wanted:
        base, whole = urlsplit(base_url), urlsplit(wanted)
        if not base_url or whole.netloc.lower() != base.netloc.lower() or not whole.path.startswith(base.path):
            return
        path = whole.path[len(base.path) :]
    path = unquote(path.partition("#")[0].partition("?")[0])
    if not path.startswith("/"):
        if not path.endswith(".html"):
            return
        path = f"/{path}"
    bare = path.rstrip("/")
    yield from dict.fromkeys((path, f"{bare}.html", f"{bare}/index.html"))
