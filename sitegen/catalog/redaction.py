"""Taking what may not be shown any more out of the catalog itself, and out of what it leaves behind.

A taken-down article keeps its row, which knows its address and its identity and nothing that its source said.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from sitegen.catalog.identities import canon_of_event, is_taken_down
from sitegen.catalog.schema import Catalog
from sitegen.entries import Entry, decode_entry, encode

_PURGE = "purge"
_WIDTH = {"third-party": 0, "licensed": 1, "own": 2}


def redact_taken_down(catalog: Catalog) -> None:
    """Empty the rows of all copies of articles that the ledger takes down; call it inside a transaction."""
    db = catalog.db
    named = [ident for (ident,) in db.execute("SELECT ident FROM ledger_gone")]
    for canon in sorted({canon_of_event(catalog, ident) for ident in named}):
        for aid, opening, entry in db.execute(
            "SELECT aid, opening, entry FROM article WHERE canon = ? AND pack <> ''", (canon,)).fetchall():  # fmt: skip
            if is_taken_down(catalog, canon, opening):
                db.execute("UPDATE article SET entry = ?, digest = X'', pack = '', offset = 0, length = 0, "
                           "brief = NULL, tags = NULL WHERE aid = ?",
                           (encode(_emptied(decode_entry(entry))), aid))  # fmt: skip
                ask_for_purge(catalog)


def _emptied(entry: Entry) -> Entry:
    return replace(entry, title="", summary="", source="", section="", authors=(), words=0, weight=0, figure=None,
                   terms=(), media=(), original_url="")  # fmt: skip


def read_again(catalog: Catalog, canon: str) -> None:
    """Have the sources of an article read again whose rows were emptied, and that is taken down no more."""
    db = catalog.db
    for source, folder, opening in db.execute(
        "SELECT DISTINCT s.id, s.folder, a.opening FROM article a JOIN source s ON s.id = a.source "
        "WHERE a.canon = ? AND a.pack = ''", (canon,)).fetchall():  # fmt: skip
        if is_taken_down(catalog, canon, opening):
            continue
        db.execute("UPDATE source SET mtime_ns = -1, digest = NULL WHERE id = ?", (source,))
        db.execute("DELETE FROM folder WHERE path = ?", (folder,))


def is_emptied(catalog: Catalog, aid: int) -> bool:
    """Whether a row holds nothing of its article."""
    return catalog.db.execute("SELECT 1 FROM article WHERE aid = ? AND pack = ''", (aid,)).fetchone() is not None


def is_narrower(before: str, after: str) -> bool:
    """Whether rights allow less than they did."""
    return _WIDTH.get(after, 0) < _WIDTH.get(before, 0)


def ask_for_purge(catalog: Catalog) -> None:
    """Have the end of this build, or of the next where this one dies, purge what is no article's any more."""
    catalog.put(_PURGE, 1)


def wants_purge(catalog: Catalog) -> bool:
    """Whether something is left to be purged."""
    return bool(catalog.get(_PURGE))


def texts_in(catalog: Catalog, pack: str) -> list[tuple[int, int]]:
    """Offset and length of each text that an article has in a pack."""
    rows: Iterator[tuple[int, int]] = catalog.db.execute(
        "SELECT offset, length FROM article WHERE pack = ? ORDER BY offset", (pack,))  # fmt: skip
    return list(rows)


def purge(catalog: Catalog) -> None:
    """Write the catalog anew, since deleted text stays readable in free pages and in the write-ahead log."""
    catalog.put(_PURGE, 0)
    # Without the checkpoints the log would still hold what was there before.
    for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        catalog.db.execute(statement).fetchall()
