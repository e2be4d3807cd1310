"""The catalog's copy of the ledger, and what an edit of the ledger leaves to be settled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sitegen.catalog.identities import canon_of_event, follow
from sitegen.catalog.redaction import read_again
from sitegen.catalog.schema import Catalog

_TABLES = {"same": "ident TEXT PRIMARY KEY, was TEXT", "moved": "url TEXT, ident TEXT, PRIMARY KEY (url, ident)",
           "gone": "ident TEXT, url TEXT, date TEXT, reason TEXT, PRIMARY KEY (ident, url)"}  # fmt: skip


class Fresh:
    """The events of a ledger as they are read, in tables that are gone with the catalog's closing: there may be a million."""

    def __init__(self, catalog: Catalog) -> None:
        self._db = catalog.db

    def same(self, ident: str, was: str) -> bool:
        """A new id and the id that the article had; False where each would be the earlier self of the other."""
        if self._leads_back(was, ident):
            return False
        self._db.execute("INSERT OR REPLACE INTO temp.fresh_same VALUES (?, ?)", (ident, was))
        return True

    def _leads_back(self, start: str, ident: str) -> bool:
        """Whether the chain of earlier identities from `start` comes to `ident`; there is no loop in it yet."""
        while start != ident:
            row = self._db.execute("SELECT was FROM temp.fresh_same WHERE ident = ?", (start,)).fetchone()
            if row is None:
                return False
            start = row[0]
        return True

    def moved(self, url: str, ident: str) -> None:
        """An address, and the id of the article that stood there."""
        self._db.execute("INSERT OR IGNORE INTO temp.fresh_moved VALUES (?, ?)", (url, ident))

    def gone(self, ident: str, url: str, date: str, reason: str) -> None:
        """The id (or address) of an article taken down, and the address that was asked for: the date, the reason."""
        self._db.execute("INSERT OR REPLACE INTO temp.fresh_gone VALUES (?, ?, ?, ?)", (ident, url, date, reason))


@contextmanager
def fresh_events(catalog: Catalog) -> Iterator[Fresh]:
    """What takes the events of a ledger, for `load_events` to compare; empty at first."""
    for name, columns in _TABLES.items():
        catalog.db.execute(f"CREATE TEMP TABLE IF NOT EXISTS fresh_{name} ({columns}) WITHOUT ROWID")
    # Only the tables of this connection are written to, so that the catalog stays as it is.
    catalog.db.execute("BEGIN")
    try:
        for name in _TABLES:
            catalog.db.execute(f"DELETE FROM temp.fresh_{name}")
        yield Fresh(catalog)
    finally:
        catalog.db.execute("COMMIT")


def load_events(catalog: Catalog) -> None:
    """Replace the ledger's tables by the fresh events; whatever the difference can change is marked to be settled and planned.

    Call it inside a transaction.
    """
    db = catalog.db
    for name, columns in (("changed_gone", "ident TEXT, url TEXT"), ("changed_canon", "canon TEXT PRIMARY KEY")):
        db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns})")
        db.execute(f"DELETE FROM temp.{name}")
    same_changed = db.execute(f"SELECT 1 FROM ({_difference('same')}) LIMIT 1").fetchone() is not None
    db.execute(f"INSERT INTO temp.changed_gone SELECT DISTINCT ident, url FROM ({_difference('gone')})")
    db.execute(f"INSERT INTO touched SELECT '', '', url, X'90' FROM (SELECT url FROM ({_difference('moved')}) "
               "UNION SELECT url FROM temp.changed_gone) WHERE url <> '' ORDER BY url")  # fmt: skip
    _note_canons(catalog)
    for name in _TABLES:
        db.execute(f"DELETE FROM ledger_{name}")
        db.execute(f"INSERT INTO ledger_{name} SELECT * FROM temp.fresh_{name}")
        db.execute(f"DELETE FROM temp.fresh_{name}")
    _note_canons(catalog)
    for (canon,) in catalog.rows("temp.changed_canon", "canon"):
        read_again(catalog, canon)
    db.execute("INSERT OR IGNORE INTO dirty_group SELECT canon FROM temp.changed_canon ORDER BY canon")
    db.execute("INSERT INTO touched SELECT '', '', url, X'90' FROM article WHERE url IS NOT NULL "
               "AND canon IN (SELECT canon FROM temp.changed_canon) ORDER BY url")  # fmt: skip
    if same_changed:
        _recanonise(catalog)
        # Redirects and takedowns may mean other articles now, and what was emptied may not be taken down any more.
        for (canon,) in db.execute("SELECT DISTINCT canon FROM article WHERE pack = ''").fetchall():
            read_again(catalog, canon)
        db.execute("INSERT OR IGNORE INTO dirty_group SELECT DISTINCT canon FROM article")
        catalog.put("replan", "all")


def _difference(name: str) -> str:
    """The events that only the ledger or only the catalog has."""
    ours, fresh = (f"SELECT * FROM {table}_{name}" for table in ("ledger", "temp.fresh"))
    return f"SELECT * FROM ({ours} EXCEPT {fresh}) UNION ALL SELECT * FROM ({fresh} EXCEPT {ours})"


def _note_canons(catalog: Catalog) -> None:
    """Note the articles that takedowns which changed mean by what the ledger's tables say now."""
    for (ident,) in catalog.rows("(SELECT DISTINCT ident FROM temp.changed_gone)", "ident"):
        catalog.db.execute("INSERT OR IGNORE INTO temp.changed_canon VALUES (?)", (canon_of_event(catalog, ident),))


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
