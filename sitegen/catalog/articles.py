"""Storing what was read: which copies there are, which of them is the article, and what a change touches.

An article whose identity and address nobody else claims is settled at once; the rest is marked dirty and settled by
`sitegen.catalog.settle` when all sources are in, so that the order of reading decides nothing.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from sitegen import urls
from sitegen.catalog.schema import Catalog
from sitegen.entries import Copy, Entry, SourceReading, Term, decode_entry, encode

LISTED_KINDS = frozenset(urls.KIND_FOLDERS)
ARCHIVE = 0
COLUMNS = "aid, source, canon, digest, entry, sort, url, base, ident, weight, raw, opening"


def base_key(url: str) -> str:
    """What two addresses share that a file system may take for one."""
    return url if url.isascii() and url.islower() else unicodedata.normalize("NFC", url).casefold()


def sort_key(entry: Entry, ident: str) -> str:
    """Chronological, the undated first; never the same for two articles. `!` sorts before what follows a date."""
    return f"{entry.date}!{hashlib.blake2b(ident.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def keep_event(catalog: Catalog, **event: str) -> None:
    """Keep an event for the ledger; the builder writes it there before it writes any page."""
    catalog.db.execute("INSERT INTO unsaved_event VALUES (?)", (msgspec.json.encode(event).decode(),))


def split_path(path: str) -> tuple[str, str]:
    """The folder (`` at the top) and name of a path."""
    folder, _, name = path.rpartition("/")
    return folder, name


class Storage:
    """Stores articles in batches: counts pile up here and go to the tables at `flush`."""

    def __init__(self, catalog: Catalog, *, limits: tuple[int, int], bulk: bool) -> None:
        self.catalog = catalog
        self.limits = limits
        """Entries above which a list is cut, and a month."""
        self.bulk = bulk
        """Everything is planned anyway, so what a change touches need not be kept."""
        self._execute: Callable[..., Any] = catalog.db.execute
        self._tally: Counter[tuple[int, str]] = Counter()
        self._totals: Counter[int] = Counter()
        self._spellings: Counter[tuple[int, str]] = Counter()
        self._members: list[tuple[int, str, int]] = []
        self._terms: dict[tuple[str, str], int] = {}

    # -- one source -------------------------------------------------------------------------------------------------

    def store(self, reading: SourceReading) -> None:
        """Take in what was read from one source: new, changed and vanished articles, and its problems."""
        folder, name = split_path(reading.path)
        errors = sum(problem.severity == "error" for problem in reading.problems)
        problems = encode(reading.problems) if reading.problems else None
        row = self._execute("SELECT id FROM source WHERE folder = ? AND name = ?", (folder, name)).fetchone()
        if reading.copies is None:
            if row:
                self._execute("UPDATE source SET size = ?, mtime_ns = ?, digest = ? WHERE id = ?",
                              (reading.size, reading.mtime_ns, reading.digest, row[0]))  # fmt: skip
            return
        values = (reading.size, reading.mtime_ns, reading.digest, problems, errors)
        if row is None:
            source = self._execute(
                "INSERT INTO source (folder, name, size, mtime_ns, digest, problems, errors) VALUES (?,?,?,?,?,?,?)",
                (folder, name, *values)).lastrowid  # fmt: skip
            for copy in reading.copies:
                self._insert(source, copy, self._canon(copy.identity))
            return
        self._execute("UPDATE source SET size=?, mtime_ns=?, digest=?, problems=?, errors=? WHERE id=?", (*values, row[0]))
        self._replace(row[0], reading.copies, keep_missing=bool(errors))

    def remove_source(self, source: int) -> None:
        """Forget a source that is gone, and its articles."""
        for row in self._rows("source = ?", source):
            self._delete(row)
        self._execute("DELETE FROM source WHERE id = ?", (source,))

    def _replace(self, source: int, copies: tuple[Copy, ...], *, keep_missing: bool) -> None:
        old = {row[2]: row for row in self._rows("source = ?", source)}
        new = {}
        for copy in copies:
            canon = self._canon(copy.identity)
            if canon in new:
                canon = f"{canon}.{copy.opening.hex()[:8]}"
            new[canon] = copy
        renamed = self._match(
            {canon: row for canon, row in old.items() if canon not in new},
            {canon: copy for canon, copy in new.items() if canon not in old},
        )
        for canon, copy in new.items():
            row = old.pop(renamed.get(canon, canon), None)
            if row is None:
                self._insert(source, copy, canon)
            elif copy.broken:
                continue
            else:
                self._update(row, copy)
        for row in old.values():
            if not keep_missing:
                self._delete(row)

    def _match(self, old: dict[str, Any], new: dict[str, Copy]) -> dict[str, str]:
        """Pairs of a new and an old identity that an edit of the source gave to the same article."""
        pairs: dict[str, str] = {}
        for canon, copy in new.items():
            title = urls.term_key(copy.entry.title)
            for was, row in old.items():
                entry = decode_entry(row[4])
                alike = row[11] == copy.opening or urls.term_key(entry.title) == title
                if was in pairs.values() or not (alike or (len(old) == len(new) == 1 and entry.date == copy.entry.date)):
                    continue
                pairs[canon] = was
                self._execute("INSERT OR REPLACE INTO ledger_same VALUES (?, ?)", (copy.identity, was))
                keep_event(self.catalog, event="same", id=copy.identity, was=was)
                break
        return pairs

    def _canon(self, identity: str) -> str:
        for _ in range(50):
            row = self._execute("SELECT was FROM ledger_same WHERE ident = ?", (identity,)).fetchone()
            if row is None or row[0] == identity:
                break
            identity = row[0]
        return identity

    def _rows(self, where: str, *values: object) -> list[Any]:
        return self._execute(f"SELECT {COLUMNS} FROM article WHERE {where}", values).fetchall()  # type: ignore[no-any-return]

    # -- one copy ---------------------------------------------------------------------------------------------------

    def _insert(self, source: int, copy: Copy, canon: str) -> None:
        body, entry = copy.body, encode(copy.entry)
        claimed = self._execute("SELECT 1 FROM article WHERE canon = ?", (canon,)).fetchone()
        taken_down = self._execute("SELECT 1 FROM ledger_gone WHERE ident = ?", (canon,)).fetchone()
        aid = self._execute(
            "INSERT INTO article (source, line, raw, canon, rank, opening, draft, digest, entry, pack, offset, length) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (source, copy.line, copy.identity, canon, copy.rank, copy.opening, copy.draft, body.digest, entry,
             body.pack, body.offset, body.length)).lastrowid  # fmt: skip
        if claimed or taken_down:
            self.mark_group(canon)
        elif not copy.draft:
            self.publish(aid, canon, copy.entry)

    def _update(self, row: Any, copy: Copy) -> None:
        entry, body = encode(copy.entry), copy.body
        aid, canon = row[0], row[2]
        if row[3] == body.digest and row[4] == entry:
            self._execute("UPDATE article SET line = ?, raw = ?, rank = ?, draft = ? WHERE aid = ?",
                          (copy.line, copy.identity, copy.rank, copy.draft, aid))  # fmt: skip
            self.mark_group(canon)
            return
        if row[6] is not None:
            self.withdraw(row)
        self._execute(
            "UPDATE article SET line=?, raw=?, rank=?, opening=?, draft=?, digest=?, entry=?, pack=?, offset=?, length=? "
            "WHERE aid = ?",
            (copy.line, copy.identity, copy.rank, copy.opening, copy.draft, body.digest, entry, body.pack, body.offset,
             body.length, aid))  # fmt: skip
        self.mark_group(canon)

    def _delete(self, row: Any) -> None:
        if row[6] is not None:
            self.withdraw(row)
        self._execute("DELETE FROM article WHERE aid = ?", (row[0],))
        self.mark_group(row[2])

    def mark_group(self, canon: str) -> None:
        """Let `settle` decide which copy of the article is published."""
        self._execute("INSERT OR IGNORE INTO dirty_group VALUES (?)", (canon,))

    # -- publishing -------------------------------------------------------------------------------------------------

    def publish(self, aid: int, ident: str, entry: Entry) -> None:
        """Make a copy the article that lists show."""
        sort, base = sort_key(entry, ident), base_key(entry.base)
        url = entry.base
        if urls.needs_suffix(url):
            url = urls.with_suffix(url, ident)
        elif self._execute("SELECT 1 FROM article WHERE base = ?", (base,)).fetchone():
            self._execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (base,))
        self._execute("UPDATE article SET ident=?, sort=?, weight=?, base=?, url=? WHERE aid=?",
                      (ident, sort, entry.weight, base, url, aid))  # fmt: skip
        terms = self._count(entry, sort, 1)
        self._members.extend((term, sort, aid) for term in terms)
        for path in entry.media:
            self._execute("INSERT OR IGNORE INTO article_media VALUES (?, ?, ?)", (*split_path(path), aid))
        for alias in entry.aliases:
            self._execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (alias, aid))
        self.touch(sort, entry.date, url, terms)
        self._touch_old_addresses(ident, entry)

    def withdraw(self, row: Any) -> None:
        """Take an article out of all lists; `row` has `COLUMNS`."""
        aid, sort, url, base = row[0], row[5], row[6], row[7]
        if self._members:
            self._flush_members()
        entry = decode_entry(row[4])
        terms = self._count(entry, sort, -1)
        self._execute("UPDATE article SET ident=NULL, sort=NULL, base=NULL, url=NULL WHERE aid=?", (aid,))
        self.catalog.many("DELETE FROM membership WHERE term = ? AND sort = ?", [(term, sort) for term in terms])
        self._execute("DELETE FROM article_media WHERE aid = ?", (aid,)) if entry.media else None
        for alias in entry.aliases:
            self._execute("DELETE FROM alias WHERE url = ? AND aid = ?", (alias, aid))
        self._execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (base,))
        # Where it was, should it turn up elsewhere: `settle` makes a redirect of the difference.
        self._execute("INSERT OR IGNORE INTO former (ident, url) VALUES (?, ?)", (row[8], url))
        self.touch(sort, entry.date, url, terms)
        self._touch_old_addresses(row[8], entry)

    def _touch_old_addresses(self, ident: str, entry: Entry) -> None:
        if self.bulk:
            return
        for (url,) in self._execute("SELECT url FROM ledger_moved WHERE ident = ?", (ident,)).fetchall():
            self.touch("", "", url, [])
        for alias in entry.aliases:
            self.touch("", "", alias, [])

    def touch(self, sort: str, date: str, url: str, terms: list[int]) -> None:
        """Remember a place in the lists where something changed."""
        if not self.bulk:
            self._execute("INSERT INTO touched VALUES (?, ?, ?, ?)", (sort, date, url, encode(terms)))

    def _count(self, entry: Entry, sort: str, step: int) -> list[int]:
        """Count the article in (+1) or out (-1) of its terms' tallies; the ids of those that have lists."""
        listed = []
        date = entry.date[:10]
        periods = [date[:4], date[:7]] if len(date) >= 7 else [date] if date else []
        for term in entry.terms:
            ident = self.term_id(term)
            self._totals[ident] += step
            if term.kind in LISTED_KINDS:
                listed.append(ident)
                self._spellings[ident, term.label] += step
                for period in periods:
                    self._tally[ident, period] += step
        self._totals[ARCHIVE] += step
        for period in [*periods, date] if len(date) == 10 else periods:
            self._tally[ARCHIVE, period] += step
        return listed

    def term_id(self, term: Term) -> int:
        """The number of a term, which is made where it is new."""
        known = self._terms.get((term.kind, term.key))
        if known is not None:
            return known
        row = self._execute("SELECT id FROM term WHERE kind = ? AND key = ?", (term.kind, term.key)).fetchone()
        if row is None:
            slug = urls.slugify(term.key, fallback=term.kind)
            if self._execute("SELECT 1 FROM term WHERE kind = ? AND base_slug = ?", (term.kind, slug)).fetchone():
                self._execute("INSERT OR IGNORE INTO dirty_slug VALUES (?, ?)", (term.kind, slug))
            ident = self._execute("INSERT INTO term (kind, key, label, base_slug, slug) VALUES (?,?,?,?,?)",
                                  (term.kind, term.key, term.label, slug, slug)).lastrowid  # fmt: skip
        else:
            ident = row[0]
        if len(self._terms) > 20_000:
            self._terms.clear()
        self._terms[term.kind, term.key] = ident
        return int(ident)

    # -- flushing ---------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write the counts that piled up; call it before the transaction ends."""
        self._flush_members()
        for term, step in self._totals.items():
            before = self._execute("SELECT n FROM term WHERE id = ?", (term,)).fetchone()[0]
            self._execute("UPDATE term SET n = ? WHERE id = ?", (before + step, term))
            self._note_cut(term, before, before + step)
        self._totals.clear()
        if not self.bulk:
            for (term, period), step in self._tally.items():
                row = self._execute("SELECT n FROM tally WHERE term = ? AND period = ?", (term, period)).fetchone()
                before = row[0] if row else 0
                self._note_cut(term, before, before + step)
        self.catalog.many(
            "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(term, period, step) for (term, period), step in sorted(self._tally.items()) if step])  # fmt: skip
        self.catalog.many("DELETE FROM tally WHERE term = ? AND period = ? AND n <= 0",
                          [key for key, step in self._tally.items() if step < 0])  # fmt: skip
        self._tally.clear()
        self._flush_spellings()

    def _flush_members(self) -> None:
        self._members.sort()
        self.catalog.many("INSERT OR REPLACE INTO membership VALUES (?, ?, ?)", self._members)
        self._members.clear()

    def _flush_spellings(self) -> None:
        self.catalog.many(
            "INSERT INTO spelling VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(term, label, step) for (term, label), step in sorted(self._spellings.items()) if step])  # fmt: skip
        self.catalog.many("DELETE FROM spelling WHERE term = ? AND label = ? AND n <= 0",
                          [key for key, step in self._spellings.items() if step < 0])  # fmt: skip
        for term in sorted({term for term, _ in self._spellings}):
            row = self._execute("SELECT label FROM spelling WHERE term = ? AND n > 0 ORDER BY n DESC, label LIMIT 1",
                                (term,)).fetchone()  # fmt: skip
            before = self._execute("SELECT label FROM term WHERE id = ?", (term,)).fetchone()[0]
            if row and row[0] != before:
                self._execute("UPDATE term SET label = ? WHERE id = ?", (row[0], term))
                self._execute("INSERT OR REPLACE INTO recut VALUES (?, 'label')", (term,))
        self._spellings.clear()

    def _note_cut(self, term: int, before: int, after: int) -> None:
        if not self.bulk and term != ARCHIVE and any((before > limit) != (after > limit) for limit in self.limits):
            self._execute("INSERT OR IGNORE INTO recut VALUES (?, 'cut')", (term,))


def packs_used(catalog: Catalog, pack: str) -> bool:
    """Whether the text of any article lies in a pack."""
    return catalog.db.execute("SELECT 1 FROM article WHERE pack = ? LIMIT 1", (pack,)).fetchone() is not None
