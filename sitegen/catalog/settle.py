"""Settling what several sources claim: one published copy per article, one address per article, one slug per term.

Each decision is a function of the set of claims alone, never of the order in which they came.
"""

from __future__ import annotations

from itertools import groupby

from sitegen import urls
from sitegen.catalog.articles import COLUMNS, LISTED_KINDS, Storage, base_key, keep_event
from sitegen.catalog.schema import Catalog
from sitegen.entries import brief_of, decode_entry


def settle(catalog: Catalog, storage: Storage) -> None:
    """Decide everything that storing left open."""
    for (canon,) in catalog.db.execute("SELECT canon FROM dirty_group").fetchall():
        _settle_group(catalog, storage, canon)
    storage.flush()
    for (base,) in catalog.db.execute("SELECT base FROM dirty_base").fetchall():
        _settle_base(catalog, storage, base)
    _settle_slugs(catalog)
    _note_moves(catalog)
    for table in ("dirty_group", "dirty_base", "dirty_slug", "former"):
        catalog.db.execute(f"DELETE FROM {table}")


def _settle_group(catalog: Catalog, storage: Storage, canon: str) -> None:
    """Publish the newest version of an article; of copies as new as each other, one per different text."""
    db = catalog.db
    winners = _winners(catalog, canon)
    current = {row[0]: row for row in db.execute(f"SELECT {COLUMNS} FROM article WHERE canon = ? AND url IS NOT NULL", (canon,))}
    gone = db.execute("SELECT 1 FROM ledger_gone WHERE ident = ?", (canon,)).fetchone() is not None
    for aid, row in current.items():
        if row[5] is None:
            db.execute("UPDATE article SET ident=NULL, base=NULL, url=NULL WHERE aid=?", (aid,))
            storage.touch("", "", row[6], [])
        elif gone or winners.get(aid) != row[8]:
            storage.withdraw(row)
    for aid, ident in winners.items():
        if not gone and aid in current and current[aid][5] is not None and current[aid][8] == ident:
            continue
        entry = decode_entry(db.execute("SELECT entry FROM article WHERE aid = ?", (aid,)).fetchone()[0])
        if gone:
            # A taken-down article keeps its address, where a notice stands, and is in no list.
            url = urls.with_suffix(entry.base, ident) if urls.needs_suffix(entry.base) else entry.base
            db.execute("UPDATE article SET ident=?, base=?, url=? WHERE aid=?", (ident, base_key(entry.base), url, aid))
            db.execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (base_key(entry.base),))
            storage.touch("", "", url, [])
        else:
            storage.publish(aid, ident, entry)


def _winners(catalog: Catalog, canon: str) -> dict[int, str]:
    rows = catalog.db.execute(
        "SELECT a.aid, a.rank, a.opening, s.folder, s.name, a.line FROM article a JOIN source s ON s.id = a.source "
        "WHERE a.canon = ? AND NOT a.draft", (canon,)).fetchall()  # fmt: skip
    if not rows:
        return {}
    newest = max(row[1] for row in rows)
    rows = sorted((row for row in rows if row[1] == newest), key=lambda row: row[2:])
    first = [next(group) for _, group in groupby(rows, key=lambda row: row[2])]
    if len(first) == 1:
        return {first[0][0]: canon}
    return {row[0]: f"{canon}.{row[2].hex()[:8]}" for row in first}


def _settle_base(catalog: Catalog, storage: Storage, base: str) -> None:
    """Give each of several articles that would share an address its own; one alone has the address itself."""
    rows = catalog.db.execute(f"SELECT {COLUMNS} FROM article WHERE base = ?", (base,)).fetchall()
    for row in rows:
        entry = decode_entry(row[4])
        shared = len(rows) > 1 or urls.needs_suffix(entry.base)
        url = urls.with_suffix(entry.base, row[8]) if shared else entry.base
        storage.touch("", "", entry.base, [])
        if url != row[6]:
            catalog.db.execute("UPDATE article SET url = ?, brief = ? WHERE aid = ?", (url, brief_of(entry, url), row[0]))
            catalog.db.execute("INSERT OR IGNORE INTO former VALUES (?, ?)", (row[8], row[6]))
            terms = [storage.term_id(term) for term in entry.terms if term.kind in LISTED_KINDS] if row[5] else []
            for touched in (row[6], url):
                storage.touch(row[5] or "", entry.date, touched, terms)


def _settle_slugs(catalog: Catalog) -> None:
    """Drop terms that nothing has any more; terms of one slug all take a suffix from their keys."""
    db = catalog.db
    db.execute("INSERT OR IGNORE INTO dirty_slug SELECT kind, base_slug FROM term WHERE n <= 0 AND id > 0")
    db.execute("DELETE FROM spelling WHERE term IN (SELECT id FROM term WHERE n <= 0 AND id > 0)")
    db.execute("DELETE FROM tally WHERE term IN (SELECT id FROM term WHERE n <= 0 AND id > 0)")
    db.execute("DELETE FROM term WHERE n <= 0 AND id > 0")
    for kind, slug in db.execute("SELECT kind, base_slug FROM dirty_slug").fetchall():
        rows = db.execute("SELECT id, key, slug FROM term WHERE kind = ? AND base_slug = ?", (kind, slug)).fetchall()
        for ident, key, before in rows:
            after = f"{slug}-{urls.id_suffix(key)}" if len(rows) > 1 else slug
            if after != before:
                # Every page that links to the term is stale, and those are not known one by one.
                db.execute("UPDATE term SET slug = ? WHERE id = ?", (after, ident))
                catalog.put("replan", "all")


def _note_moves(catalog: Catalog) -> None:
    """What had an address and now has another goes into the ledger."""
    db = catalog.db
    rows = db.execute(
        "SELECT f.ident, f.url FROM former f JOIN article a ON a.ident = f.ident WHERE a.url <> f.url "
        "AND NOT EXISTS (SELECT 1 FROM ledger_moved m WHERE m.url = f.url AND m.ident = f.ident)").fetchall()  # fmt: skip
    for ident, url in sorted(rows):
        db.execute("INSERT INTO ledger_moved VALUES (?, ?)", (url, ident))
        keep_event(catalog, event="moved", id=ident, **{"from": url})
