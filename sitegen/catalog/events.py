"""The catalog's copy of the ledger, and what an edit of the ledger leaves to be settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct

from sitegen.catalog.identities import canon_of_event, follow
from sitegen.catalog.redaction import read_again
from sitegen.catalog.schema import Catalog

Key = TypeVar("Key")


class Events(Struct):
    """The events of a ledger."""

    same: dict[str, str] = {}
    """A new id and the id that the article had."""
    moved: set[tuple[str, str]] = set()
    """An address, and the id of the article that stood there."""
    gone: dict[tuple[str, str], tuple[str, str]] = {}
    """The id (or address) of an article taken down, and the address that was asked for: the date, the reason."""


def load_events(catalog: Catalog, events: Events) -> None:
    """Replace the ledger's tables; whatever the difference can change is marked to be settled and planned."""
    db = catalog.db
    before_same = dict(db.execute("SELECT ident, was FROM ledger_same"))
    before_gone = {row[:2]: row[2:] for row in db.execute("SELECT ident, url, date, reason FROM ledger_gone")}
    before_moved = set(db.execute("SELECT url, ident FROM ledger_moved"))
    changed_gone = _changed(before_gone, events.gone)
    canons = {canon_of_event(catalog, ident) for ident, _ in changed_gone}
    _fill(catalog, "ledger_same", events.same.items())
    _fill(catalog, "ledger_moved", sorted(events.moved))
    _fill(catalog, "ledger_gone", ((*key, *rest) for key, rest in events.gone.items()))
    canons |= {canon_of_event(catalog, ident) for ident, _ in changed_gone}
    for canon in canons:
        read_again(catalog, canon)
    urls = {url for url, _ in before_moved ^ events.moved}
    urls |= {url for _, url in changed_gone}
    for canon in canons:
        urls.update(url for (url,) in db.execute("SELECT url FROM article WHERE canon = ? AND url IS NOT NULL", (canon,)))
    catalog.many("INSERT OR IGNORE INTO dirty_group VALUES (?)", ((canon,) for canon in sorted(canons)))
    catalog.many("INSERT INTO touched VALUES ('', '', ?, X'90')", ((url,) for url in sorted(urls) if url))
    if _changed(before_same, events.same):
        _recanonise(catalog)
        # Redirects and takedowns may mean other articles now.
        db.execute("INSERT OR IGNORE INTO dirty_group SELECT DISTINCT canon FROM article")
        catalog.put("replan", "all")


def _changed(before: Mapping[Key, object], after: Mapping[Key, object]) -> set[Key]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _fill(catalog: Catalog, table: str, rows: Iterable[tuple[str, ...]]) -> None:
    catalog.db.execute(f"DELETE FROM {table}")
    rows = list(rows)
    if rows:
        catalog.many(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)


def _recanonise(catalog: Catalog) -> None:
    """Give every copy the identity that the ledger now says it has."""
    db = catalog.db
    for aid, raw, canon in catalog.rows("article", "aid", "raw", "canon"):
        after = follow(catalog, raw)
        if after != canon:
            db.execute("UPDATE article SET canon = ? WHERE aid = ?", (after, aid))
            db.executemany("INSERT OR IGNORE INTO dirty_group VALUES (?)", [(canon,), (after,)])


def unsaved(catalog: Catalog) -> Iterator[str]:
    """Events that this build found and that the ledger does not have yet, in the order in which they were found."""
    yield from (line for _, line in catalog.rows("unsaved_event", "rowid", "line"))


def has_unsaved(catalog: Catalog) -> bool:
    """Whether there are such events."""
    return catalog.db.execute("SELECT 1 FROM unsaved_event LIMIT 1").fetchone() is not None


def forget_unsaved(catalog: Catalog) -> None:
    """The events are in the ledger."""
    catalog.db.execute("DELETE FROM unsaved_event")


def has_dirt(catalog: Catalog) -> bool:
    """Whether something is left to be settled."""
    return any(catalog.db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in
               ("dirty_group", "dirty_base", "dirty_slug", "dirty_media", "touched", "recut", "unsaved_event", "former"))  # fmt: skip
