"""Storing what was read: which copies there are, which of them is the article, and what a change touches.

An article whose identity and address nobody else claims is settled at once; the rest is marked dirty and settled by
`sitegen.catalog.settle` when all sources are in, so that the order of reading decides nothing.
"""

from __future__ import annotations

import hashlib
import unicodedata
from array import array
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from sitegen import urls
from sitegen.catalog.identities import follow, is_taken_down, moved_from, plain_identity
from sitegen.catalog.problems import sum_of_codes
from sitegen.catalog.redaction import ask_for_purge, is_narrower
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import LISTED_KINDS, Tallies, split_path
from sitegen.entries import Copy, Entry, SourceReading, Term, brief_of, decode_entry, encode
from sitegen.spool import each_copy


class Stored(NamedTuple):
    """A copy of an article as the catalog has it; the last five are None where it is not the published one."""

    aid: int
    source: int
    canon: str
    """The identity under which all its copies and versions go."""
    raw: str
    """The identity that its source gives it now."""
    opening: bytes
    digest: bytes
    entry: bytes
    broken: int
    since: int
    """The run that gave it its address."""
    ident: str | None
    sort: str | None
    base: str | None
    url: str | None


COLUMNS = ", ".join(Stored._fields)


def base_key(url: str) -> str:
    """What two addresses share that a file system may take for one."""
    return url if url.isascii() and url.islower() else unicodedata.normalize("NFC", url).casefold()


def sort_key(entry: Entry, ident: str) -> str:
    """Chronological, the undated first; never the same for two articles. `!` sorts before what follows a date."""
    return f"{entry.date}!{hashlib.blake2b(ident.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def keep_event(catalog: Catalog, **event: str) -> None:
    """Keep an event for the ledger; the builder writes it there before it writes any page."""
    catalog.db.execute("INSERT INTO unsaved_event VALUES (?)", (msgspec.json.encode(event).decode(),))


class Place(NamedTuple):
    """The columns that make a copy of an article the published one."""

    ident: str
    sort: str
    weight: int
    base: str
    url: str
    brief: bytes
    tags: bytes


class Storage:
    """Stores articles in batches: counts pile up here and go to the tables at `flush`."""

    def __init__(self, catalog: Catalog, *, limits: tuple[int, int], bulk: bool) -> None:
        self.catalog = catalog
        self.bulk = bulk
        """Everything is planned anyway, so what a change touches need not be kept."""
        self._execute: Callable[..., Any] = catalog.db.execute
        self._has_sources = self._any("source")
        self._has_ledger = any(map(self._any, ("ledger_same", "ledger_gone", "ledger_moved")))
        self._last_run: int = catalog.get("run", 0)
        self._taken = frozenset(base for (base,) in self._execute("SELECT base FROM taken"))
        self._tallies = Tallies(catalog, limits=limits, bulk=bulk)

    def _any(self, table: str) -> bool:
        return self._execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None

    # -- one source -------------------------------------------------------------------------------------------------

    def store(self, reading: SourceReading) -> None:
        """Take in what was read from one source: new, changed and vanished articles, and its problems."""
        folder, name = split_path(reading.path)
        errors = sum(problem.severity == "error" for problem in reading.problems)
        problems = encode(reading.problems) if reading.problems else None
        row = None
        if self._has_sources:
            row = self._execute("SELECT id FROM source WHERE folder = ? AND name = ?", (folder, name)).fetchone()
        if reading.copies is None:
            if row:
                self._execute("UPDATE source SET size = ?, mtime_ns = ?, digest = ? WHERE id = ?",
                              (reading.size, reading.mtime_ns, reading.digest, row[0]))  # fmt: skip
            return
        mtime_ns = reading.mtime_ns
        if not reading.digest:
            # What could not be opened is tried again: its permissions may change, and its time does not tell.
            mtime_ns = -1
            self._execute("DELETE FROM folder WHERE path = ?", (folder,))
        values = (reading.size, mtime_ns, reading.digest, problems, errors, sum_of_codes(reading.problems))
        if row is None and errors and self._has_sources:
            row = self._follow(reading, folder, name)
        if row is None:
            source = self._execute(
                "INSERT INTO source (folder, name, size, mtime_ns, digest, problems, errors, codes) VALUES (?,?,?,?,?,?,?,?)",
                (folder, name, *values)).lastrowid  # fmt: skip
            for copy in each_copy(reading):
                self._insert(source, copy, self.canon_of(copy.identity))
            return
        self._execute("UPDATE source SET size=?, mtime_ns=?, digest=?, problems=?, errors=?, codes=? WHERE id=?", (*values, row[0]))
        self._replace(row[0], each_copy(reading), keep_missing=bool(errors))

    def _follow(self, reading: SourceReading, folder: str, name: str) -> Any:
        """The row of a source that was unreadable and is so elsewhere now; what was last read of it moves along."""
        row = self._execute("SELECT s.id, s.folder, s.name FROM gone g JOIN source s ON s.id = g.source "
                            "WHERE s.digest = ? ORDER BY s.folder, s.name LIMIT 1", (reading.digest,)).fetchone()  # fmt: skip
        if row is not None and reading.digest:
            self.touch_showing(*row[1:])
            self._execute("UPDATE source SET folder = ?, name = ? WHERE id = ?", (folder, name, row[0]))
            self._execute("DELETE FROM gone WHERE source = ?", (row[0],))
            self.touch_showing(folder, name)
            return row
        return None

    def remove_source(self, source: int) -> None:
        """Forget a source that is gone, and its articles."""
        for row in self._rows("source = ?", source):
            self._delete(row)
        self._execute("DELETE FROM source WHERE id = ?", (source,))

    def remove_textless(self) -> None:
        """Forget articles whose text was lost and not read again; those that were taken down have none to lose."""
        for row in self._rows("digest = X'' AND pack <> ''"):
            self._delete(row)

    def _replace(self, source: int, copies: Iterable[Copy], *, keep_missing: bool) -> None:
        """Bring a source's copies up to date, each in its own row; what is left over is gone, or was made illegible."""
        old: dict[str, list[Stored]] = {}
        for row in self._rows("source = ? ORDER BY line, aid", source):
            old.setdefault(row.canon, []).append(row)
        strangers = []
        for copy in copies:
            canon = self.canon_of(copy.identity)
            rows = old.get(canon)
            if not rows:
                strangers.append(copy)
                continue
            own = next((row for row in rows if row.opening == copy.opening), rows[0])
            rows.remove(own)
            self._renew(own, copy)
        left = [row for rows in old.values() for row in rows]
        for copy in strangers:
            # Another stranger may just have turned out to be an article that was here, and so has its copies.
            canon = self.canon_of(copy.identity)
            before = self._earlier_self(copy, canon, left, alone=len(left) == len(strangers) == 1)
            if before is None:
                self._insert(source, copy, canon)
            else:
                left.remove(before)
                self._renew(before, copy)
        for row in left:
            # Of what could never be read well, the latest attempt counts.
            if keep_missing and not (row.broken and strangers):
                self._execute("UPDATE article SET stale = 1 WHERE aid = ?", (row.aid,))
            else:
                self._delete(row)

    def _earlier_self(self, copy: Copy, canon: str, left: list[Stored], *, alone: bool) -> Stored | None:
        """The row of the article that `copy` was before an edit gave it another identity; the ledger is told."""
        whole = [row for row in left if not row.broken]
        if copy.broken:
            # What cannot be read well says nothing of its identity, and is no new article as long as one is missing.
            return min(whole, key=lambda row: row.opening != copy.opening, default=None)
        if not whole or self._execute("SELECT 1 FROM article WHERE canon = ?", (canon,)).fetchone():
            return None
        title = urls.fold(copy.entry.title)
        for row in whole:
            entry = decode_entry(row.entry)
            alike = row.opening == copy.opening or urls.fold(entry.title) == title
            if (alike or (alone and entry.date == copy.entry.date)) and self._is_only(row):
                identity = plain_identity(copy.identity)
                self._execute("INSERT OR REPLACE INTO ledger_same VALUES (?, ?)", (identity, row.canon))
                self._has_ledger = True
                keep_event(self.catalog, event="same", id=identity, was=row.canon)
                self._touch_moved(row.canon)
                return row
        return None

    def _is_only(self, row: Stored) -> bool:
        return self._execute("SELECT 1 FROM article WHERE canon = ? AND aid <> ?", (row.canon, row.aid)).fetchone() is None

    def _renew(self, row: Stored, copy: Copy) -> None:
        """Have a row hold `copy`, unless that is broken and what the row holds is not."""
        if copy.broken and not row.broken:
            self._execute("UPDATE article SET stale = 1 WHERE aid = ?", (row.aid,))
        else:
            self._update(row, copy)

    def renew_kept(self, aid: int, copy: Copy) -> None:
        """Have a row whose source cannot be read hold less than was last read of it."""
        self._update(self._rows("aid = ?", aid)[0], copy)
        self._execute("UPDATE article SET stale = 1 WHERE aid = ?", (aid,))

    def canon_of(self, identity: str) -> str:
        """The identity that the ledger says an article had first."""
        identity = plain_identity(identity)
        return follow(self.catalog, identity) if self._has_ledger else identity

    def _rows(self, where: str, *values: object) -> list[Stored]:
        return list(map(Stored._make, self._execute(f"SELECT {COLUMNS} FROM article WHERE {where}", values).fetchall()))

    # -- one copy ---------------------------------------------------------------------------------------------------

    def _insert(self, source: int, copy: Copy, canon: str) -> None:
        body, entry = copy.body, copy.entry
        doubtful = self._execute("SELECT 1 FROM article WHERE canon = ?", (canon,)).fetchone() is not None
        if self._has_ledger and not doubtful:
            doubtful = is_taken_down(self.catalog, canon, copy.opening)
        published = not doubtful and not copy.draft
        place = self._place(canon, entry) if published else None
        aid = self._execute(
            "INSERT INTO article (source, line, raw, canon, rank, opening, draft, digest, entry, pack, offset, length, broken, "
            "since, ident, sort, weight, base, url, brief, tags) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (source, copy.line, plain_identity(copy.identity), canon, copy.rank, copy.opening, copy.draft, body.digest,
             encode(entry), body.pack, body.offset, body.length, copy.broken, self.run, *(place or (None,) * 7))).lastrowid  # fmt: skip
        if doubtful:
            self.mark_group(canon)
        elif place:
            self._enlist(aid, entry, place)

    def _update(self, row: Stored, copy: Copy) -> None:
        entry, body, identity = encode(copy.entry), copy.body, plain_identity(copy.identity)
        self.mark_group(row.canon)
        if row.digest == body.digest and row.entry == entry:
            self._execute("UPDATE article SET line=?, raw=?, rank=?, opening=?, draft=?, broken=?, stale=0 WHERE aid=?",
                          (copy.line, identity, copy.rank, copy.opening, copy.draft, copy.broken, row.aid))  # fmt: skip
            return
        if is_narrower(decode_entry(row.entry).rights, copy.entry.rights):
            ask_for_purge(self.catalog)
        if row.sort is not None:
            self.withdraw(row)
        self._execute(
            "UPDATE article SET line=?, raw=?, rank=?, opening=?, draft=?, digest=?, entry=?, pack=?, offset=?, length=?, "
            "broken=?, stale=0 WHERE aid = ?",
            (copy.line, identity, copy.rank, copy.opening, copy.draft, body.digest, entry, body.pack, body.offset,
             body.length, copy.broken, row.aid))  # fmt: skip

    def _delete(self, row: Stored) -> None:
        if row.sort is not None:
            self.withdraw(row)
        elif row.url is not None:
            # It was taken down, and so in no list.
            self._execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (row.base,))
            self.touch("", "", row.url, [])
        self._execute("DELETE FROM article WHERE aid = ?", (row.aid,))
        self.mark_group(row.canon)

    def mark_group(self, canon: str) -> None:
        """Let `settle` decide which copy of the article is published."""
        self._execute("INSERT OR IGNORE INTO dirty_group VALUES (?)", (canon,))

    # -- publishing -------------------------------------------------------------------------------------------------

    @property
    def run(self) -> int:
        """The number of this run, if it comes to writing."""
        return self._last_run + 1

    def publish(self, aid: int, ident: str, entry: Entry) -> None:
        """Make a copy the article that lists show."""
        place = self._place(ident, entry)
        self._execute("UPDATE article SET ident=?, sort=?, weight=?, base=?, url=?, brief=?, tags=?, since=? WHERE aid=?",
                      (*place, self.run, aid))  # fmt: skip
        self._enlist(aid, entry, place)

    def _place(self, ident: str, entry: Entry) -> Place:
        """What makes a copy a published one."""
        base, url = base_key(entry.base), entry.base
        if self.needs_suffix(url):
            url = urls.with_suffix(url, ident)
        elif self._execute("SELECT 1 FROM article WHERE base = ?", (base,)).fetchone():
            self._execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (base,))
        tags = array("i", [self._tallies.term_id(term) for term in entry.terms if term.kind == "tag"])
        return Place(ident, sort_key(entry, ident), entry.weight, base, url, brief_of(entry, url), tags.tobytes())

    def needs_suffix(self, url: str) -> bool:
        """Whether no article may stand at `url` itself, be it the only one that would."""
        return urls.needs_suffix(url) or (bool(self._taken) and base_key(url) in self._taken)

    def _enlist(self, aid: int, entry: Entry, place: Place) -> None:
        """Put a published copy into all its lists."""
        sort, url = place.sort, place.url
        terms = self._tallies.add(aid, entry, sort)
        for alias in entry.aliases:
            self._execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (alias, aid))
        self._stir_media(entry)
        self.touch(sort, entry.date, url, terms)
        self.touch_addresses(aid, entry)

    def withdraw(self, row: Stored) -> None:
        """Take an article out of all lists."""
        assert row.sort is not None
        assert row.url is not None
        entry = decode_entry(row.entry)
        terms = self._tallies.take_out(row.aid, entry, row.sort)
        self.touch_addresses(row.aid, entry)
        self._execute("UPDATE article SET ident=NULL, sort=NULL, base=NULL, url=NULL, brief=NULL WHERE aid=?", (row.aid,))
        for alias in entry.aliases:
            self._execute("DELETE FROM alias WHERE url = ? AND aid = ?", (alias, row.aid))
        self._stir_media(entry)
        self._execute("INSERT OR IGNORE INTO dirty_base VALUES (?)", (row.base,))
        self.remember(row)
        self.touch(row.sort, entry.date, row.url, terms)

    def remember(self, row: Stored) -> None:
        """Keep where an article stood until this run, should it turn up elsewhere: `settle` makes a redirect of that."""
        if row.since <= self._last_run:
            self._execute("INSERT OR IGNORE INTO former VALUES (?, ?, ?)", (row.ident, row.url, row.canon))

    def _stir_media(self, entry: Entry) -> None:
        """Files that an article begins or ceases to show may have to come or go."""
        for path in entry.media:
            self._execute("INSERT OR IGNORE INTO dirty_media SELECT url FROM rendition WHERE folder = ? AND name = ?",
                          split_path(path))  # fmt: skip

    def touch_addresses(self, aid: int, entry: Entry) -> None:
        """Touch what leads to an article by its address: redirects, choices, and texts that link to its source."""
        if self.bulk:
            return
        canon, folder, name = self._execute(
            "SELECT a.canon, s.folder, s.name FROM article a JOIN source s ON s.id = a.source WHERE a.aid = ?", (aid,)).fetchone()
        self._touch_moved(canon)
        self.touch_showing(folder, name)
        for url in (entry.base, *entry.aliases):
            self.touch("", "", url, [])

    def _touch_moved(self, canon: str) -> None:
        if self._has_ledger and not self.bulk:
            for url in moved_from(self.catalog, canon):
                self.touch("", "", url, [])

    def touch_showing(self, folder: str, name: str) -> None:
        """Touch every article that shows or links to a file."""
        if self.bulk:
            return
        rows = self._execute(
            "SELECT a.sort, a.url, a.entry FROM article_media m JOIN article a ON a.aid = m.aid "
            "WHERE m.folder = ? AND m.name = ? AND a.sort IS NOT NULL", (folder, name)).fetchall()  # fmt: skip
        for sort, url, encoded in rows:
            entry = decode_entry(encoded)
            self.touch(sort, entry.date, url, [self.term_id(term) for term in entry.terms if term.kind in LISTED_KINDS])

    def touch(self, sort: str, date: str, url: str, terms: list[int]) -> None:
        """Remember a place in the lists where something changed."""
        if not self.bulk:
            self._execute("INSERT INTO touched VALUES (?, ?, ?, ?)", (sort, date, url, encode(terms)))

    def flush(self) -> None:
        """Write the counts that piled up; call it before the transaction ends."""
        self._tallies.flush()

    def term_id(self, term: Term) -> int:
        """The number of a term, which is made where it is new."""
        return self._tallies.term_id(term)

    def forget_terms(self) -> None:
        """Look the numbers of terms up again: some are no more."""
        self._tallies.forget_terms()


def packs_used(catalog: Catalog, pack: str) -> bool:
    """Whether the text of any article lies in a pack."""
    return catalog.db.execute("SELECT 1 FROM article WHERE pack = ? LIMIT 1", (pack,)).fetchone() is not None
