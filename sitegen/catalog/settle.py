"""Settling what several sources claim: one published copy per article, one address per article, one slug per term.

Each decision is a function of the set of claims alone, never of the order in which they came.
"""

from __future__ import annotations

from itertools import groupby

from sitegen import urls
from sitegen.catalog import pending
from sitegen.catalog.articles import COLUMNS, Storage, Stored, base_key, keep_event
from sitegen.catalog.identities import canon_of_event, is_taken_down, split_identity
from sitegen.catalog.redaction import is_emptied, redact_taken_down
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import LISTED_KINDS
from sitegen.entries import Entry, brief_of, decode_entry

_SETTLED = ("dirty_group", "dirty_base", "dirty_slug", "former")


def settle(catalog: Catalog, storage: Storage) -> None:
    """Decide everything that storing left open."""
    _settle_claims(catalog, storage)
    if _resolve_takedowns(catalog, storage):
        _settle_claims(catalog, storage)
    _settle_slugs(catalog, storage)
    _note_moves(catalog, storage)
    redact_taken_down(catalog)
    for table in _SETTLED:
        catalog.db.execute(f"DELETE FROM {table}")


def _settle_claims(catalog: Catalog, storage: Storage) -> None:
    for (canon,) in catalog.rows("dirty_group", "canon"):
        _settle_group(catalog, storage, canon)
    storage.flush()
    for (base,) in catalog.rows("dirty_base", "base"):
        _settle_base(catalog, storage, base)
    for table in ("dirty_group", "dirty_base"):
        catalog.db.execute(f"DELETE FROM {table}")


def _settle_group(catalog: Catalog, storage: Storage, canon: str) -> None:
    """Publish the newest version of an article; of copies as new as each other, one per different text."""
    winners = _winners(catalog, canon)
    gone = {aid for aid, (_, opening) in winners.items() if is_taken_down(catalog, canon, opening)}
    standing = {}
    for row in _rows(catalog, "canon = ? AND url IS NOT NULL", canon):
        ident = winners[row.aid][0] if row.aid in winners else None
        if row.sort is None:
            _forget_address(catalog, storage, row)
        elif ident != row.ident or row.aid in gone:
            storage.withdraw(row)
        else:
            standing[row.aid] = row
    for aid, (ident, _) in winners.items():
        if aid in standing:
            continue
        entry = decode_entry(catalog.db.execute("SELECT entry FROM article WHERE aid = ?", (aid,)).fetchone()[0])
        if aid in gone:
            _entomb(catalog, storage, aid, ident, entry)
        elif not is_emptied(catalog, aid):
            storage.publish(aid, ident, entry)


def _entomb(catalog: Catalog, storage: Storage, aid: int, ident: str, entry: Entry) -> None:
    """A taken-down article keeps its address, where a notice stands, and is in no list."""
    base = base_key(entry.base)
    url = urls.with_suffix(entry.base, ident) if storage.needs_suffix(entry.base) else entry.base
    catalog.db.execute("UPDATE article SET ident=?, base=?, url=?, since=? WHERE aid=?", (ident, base, url, storage.run, aid))
    catalog.db.execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (base,))
    storage.touch("", "", url, [])


def _forget_address(catalog: Catalog, storage: Storage, row: Stored) -> None:
    """Let go of a taken-down article's address; it is given anew."""
    catalog.db.execute("UPDATE article SET ident=NULL, base=NULL, url=NULL WHERE aid=?", (row.aid,))
    catalog.db.execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (row.base,))
    storage.remember(row)
    storage.touch("", "", row.url or "", [])


def _winners(catalog: Catalog, canon: str) -> dict[int, tuple[str, bytes]]:
    """The copies to be published, each with its identity and the digest of its opening."""
    rows = catalog.db.execute(
        "SELECT a.aid, a.rank, a.opening, s.folder, s.name, a.line FROM article a JOIN source s ON s.id = a.source "
        "WHERE a.canon = ? AND NOT a.draft", (canon,)).fetchall()  # fmt: skip
    if not rows:
        return {}
    newest = max(row[1] for row in rows)
    rows = sorted((row for row in rows if row[1] == newest), key=lambda row: row[2:])
    first = [next(group) for _, group in groupby(rows, key=lambda row: row[2])]
    if len(first) == 1:
        return {first[0][0]: (canon, first[0][2])}
    return {row[0]: (split_identity(canon, row[2]), row[2]) for row in first}


def _settle_base(catalog: Catalog, storage: Storage, base: str) -> None:
    """Give each of several articles that would share an address its own; one alone has the address itself."""
    rows = _rows(catalog, "base = ?", base)
    catalog.db.execute("INSERT OR IGNORE INTO shared_base VALUES (?)" if len(rows) > 1 else
                       "DELETE FROM shared_base WHERE base = ?", (base,))  # fmt: skip
    for row in rows:
        assert row.ident is not None
        assert row.url is not None
        entry = decode_entry(row.entry)
        shared = len(rows) > 1 or storage.needs_suffix(entry.base)
        url = urls.with_suffix(entry.base, row.ident) if shared else entry.base
        storage.touch("", "", entry.base, [])
        if url != row.url:
            storage.remember(row)
            catalog.db.execute("UPDATE article SET url = ?, brief = ?, since = ? WHERE aid = ?",
                               (url, brief_of(entry, url), storage.run, row.aid))  # fmt: skip
            terms = [storage.term_id(term) for term in entry.terms if term.kind in LISTED_KINDS] if row.sort else []
            for touched in (row.url, url):
                storage.touch(row.sort or "", entry.date, touched, terms)
            storage.touch_addresses(row.aid, entry)


def _rows(catalog: Catalog, where: str, *values: object) -> list[Stored]:
    return list(map(Stored._make, catalog.db.execute(f"SELECT {COLUMNS} FROM article WHERE {where}", values).fetchall()))


def _resolve_takedowns(catalog: Catalog, storage: Storage) -> bool:
    """Find out whom a takedown by address alone means, once and for all: the ledger is told, so that it stays so.

    An address means the article that stands there, else those that would but for each other, else those that stood there.
    """
    found = False
    asked = catalog.db.execute(
        "SELECT url, date, reason FROM ledger_gone g WHERE ident = url AND NOT EXISTS "
        "(SELECT 1 FROM ledger_gone h WHERE h.url = g.url AND h.ident <> h.url) ORDER BY url").fetchall()  # fmt: skip
    for url, date, reason in asked:
        for canon in _means(catalog, url):
            catalog.db.execute("INSERT OR IGNORE INTO ledger_gone VALUES (?, ?, ?, ?)", (canon, url, date, reason))
            keep_event(catalog, event="takedown", id=canon, url=url, date=date, reason=reason)
            storage.mark_group(canon)
            found = True
    return found


def _means(catalog: Catalog, url: str) -> list[str]:
    db = catalog.db
    rows = db.execute("SELECT canon FROM article WHERE url = ?", (url,)).fetchall()
    rows = rows or db.execute("SELECT canon FROM article WHERE base = ?", (base_key(url),)).fetchall()
    moved = [(canon_of_event(catalog, ident),) for (ident,) in db.execute("SELECT ident FROM ledger_moved WHERE url = ?", (url,))]
    known = [row for row in moved if db.execute("SELECT 1 FROM article WHERE canon = ?", row).fetchone()]
    return sorted({canon for (canon,) in rows or known})


def _settle_slugs(catalog: Catalog, storage: Storage) -> None:
    """Drop terms that nothing has any more; terms of one slug all take a suffix from their keys."""
    db = catalog.db
    for term, kind, slug in db.execute("SELECT id, kind, slug FROM term WHERE n <= 0 AND id > 0").fetchall():
        if kind in LISTED_KINDS:
            pending.mark(catalog, pending.written_term_pages(catalog, kind, slug))
        db.execute("INSERT OR IGNORE INTO dirty_slug SELECT kind, base_slug FROM term WHERE id = ?", (term,))
        for table, column in (("spelling", "term"), ("tally", "term"), ("term", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (term,))
    storage.forget_terms()
    for kind, slug in db.execute("SELECT kind, base_slug FROM dirty_slug").fetchall():
        rows = db.execute("SELECT id, key, slug FROM term WHERE kind = ? AND base_slug = ?", (kind, slug)).fetchall()
        for ident, key, before in rows:
            after = f"{slug}-{urls.id_suffix(key)}" if len(rows) > 1 or urls.looks_suffixed(slug) else slug
            if after != before:
                # Every page that links to the term is stale, and those are not known one by one.
                db.execute("UPDATE term SET slug = ? WHERE id = ?", (after, ident))
                catalog.put("replan", "all")


def _note_moves(catalog: Catalog, storage: Storage) -> None:
    """What had an address and now has another goes into the ledger."""
    db = catalog.db
    for ident, url, canon in catalog.rows("former", "ident, url", "canon"):
        now = db.execute("SELECT url, ident FROM article WHERE ident = ?", (ident,)).fetchall()
        # Copies that were published side by side may be one again, or the other way round.
        now = now or db.execute("SELECT url, canon FROM article WHERE canon = ? AND url IS NOT NULL LIMIT 1", (canon,)).fetchall()
        for here, known_as in now:
            if here != url and db.execute("INSERT OR IGNORE INTO ledger_moved VALUES (?, ?)", (url, known_as)).rowcount:
                keep_event(catalog, event="moved", id=known_as, **{"from": url})
                storage.touch("", "", url, [])
