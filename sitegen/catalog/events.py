"""The catalog's copy of the ledger, and what an edit of the ledger leaves to be settled."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from sitegen.catalog.schema import Catalog


class Events(Struct):
    """The events of a ledger."""

    same: dict[str, str] = {}
    """A new id and the id that the article had."""
    moved: set[tuple[str, str]] = set()
    """An address, and the id of the article that stood there."""
    gone: dict[str, tuple[str, str, str]] = {}
    """The id (or address) of an article taken down: its address, the date, the reason."""


def load_events(catalog: Catalog, events: Events) -> None:
    """Replace the ledger's tables; whatever the difference can change is marked to be settled and planned."""
    db = catalog.db
    before_same = dict(db.execute("SELECT ident, was FROM ledger_same"))
    before_gone = {row[0]: row[1:] for row in db.execute("SELECT ident, url, date, reason FROM ledger_gone")}
    before_moved = set(db.execute("SELECT url, ident FROM ledger_moved"))
    _fill(catalog, "ledger_same", events.same.items())
    _fill(catalog, "ledger_moved", sorted(events.moved))
    _resolve_addresses(catalog, events)
    _fill(catalog, "ledger_gone", ((ident, *rest) for ident, rest in events.gone.items()))
    for ident in before_gone.keys() ^ events.gone.keys():
        db.execute("INSERT OR IGNORE INTO dirty_group VALUES (?)", (ident,))
    changed_gone = {ident for ident in before_gone.keys() | events.gone.keys() if before_gone.get(ident) != events.gone.get(ident)}
    urls = {url for url, _ in before_moved ^ events.moved}
    for ident in changed_gone:
        urls.update(each[ident][0] for each in (before_gone, events.gone) if ident in each)
    catalog.many("INSERT INTO touched VALUES ('', '', ?, X'90')", ((url,) for url in sorted(urls) if url))
    changed_same = {ident for ident in before_same.keys() | events.same.keys() if before_same.get(ident) != events.same.get(ident)}
    if changed_same:
        _recanonise(catalog, events.same)


def _fill(catalog: Catalog, table: str, rows: Iterable[tuple[str, ...]]) -> None:
    catalog.db.execute(f"DELETE FROM {table}")
    rows = list(rows)
    if rows:
        catalog.many(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)


def _resolve_addresses(catalog: Catalog, events: Events) -> None:
    """A takedown may name an article by its address alone: find its id."""
    for key in [key for key in events.gone if key.startswith("/")]:
        row = catalog.db.execute("SELECT ident FROM article WHERE url = ?", (key,)).fetchone()
        if row:
            events.gone.setdefault(row[0], (key, *events.gone[key][1:]))


def _recanonise(catalog: Catalog, same: dict[str, str]) -> None:
    """Give every copy the identity that the ledger now says it has."""
    db = catalog.db
    for aid, raw, canon in db.execute("SELECT aid, raw, canon FROM article").fetchall():
        after, steps = raw, 0
        while after in same and same[after] != after and steps < 50:
            after, steps = same[after], steps + 1
        if after != canon:
            db.execute("UPDATE article SET canon = ? WHERE aid = ?", (after, aid))
            db.executemany("INSERT OR IGNORE INTO dirty_group VALUES (?)", [(canon,), (after,)])


def take_unsaved(catalog: Catalog) -> list[str]:
    """Events that this build found and that the ledger does not have yet."""
    return [line for (line,) in catalog.db.execute("SELECT line FROM unsaved_event ORDER BY rowid")]


def forget_unsaved(catalog: Catalog) -> None:
    """The events are in the ledger."""
    catalog.db.execute("DELETE FROM unsaved_event")


def has_dirt(catalog: Catalog) -> bool:
    """Whether something is left to be settled."""
    return any(catalog.db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in
               ("dirty_group", "dirty_base", "dirty_slug", "touched", "recut", "unsaved_event", "former"))  # fmt: skip
