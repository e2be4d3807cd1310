"""The counts and tables behind the lists: how many articles each term has, in all and by period, which, and how it is spelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sitegen import urls
from sitegen.catalog.schema import Catalog
from sitegen.entries import Entry, Term

LISTED_KINDS = frozenset(urls.KIND_FOLDERS)
ARCHIVE = 0
"""Stands for a term that every article has."""
MOST_HELD = 100_000
"""Places in lists that pile up at most: where all articles have two copies, all are settled in one go."""
HEAVY = ("ja", "th", "zh")
"""Languages without spaces, whose articles weigh more in a search index, and so are counted by day."""


def split_path(path: str) -> tuple[str, str]:
    """The folder (`` at the top) and name of a path."""
    folder, _, name = path.rpartition("/")
    return folder, name


class Tallies:
    """Counts articles in and out of their terms; counts pile up here and go to the tables at `flush`."""

    def __init__(self, catalog: Catalog, *, limits: tuple[int, int], bulk: bool) -> None:
        """`limits` are the entries above which a list is cut, and a month; `bulk` says that everything is planned anyway."""
        self._catalog, self._limits, self._bulk = catalog, limits, bulk
        self._execute: Callable[..., Any] = catalog.db.execute
        self._tally: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._totals: defaultdict[int, int] = defaultdict(int)
        self._spellings: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._members: list[tuple[int, str, int]] = []
        self._media: list[tuple[str, str, int]] = []
        self._terms: dict[tuple[str, str], int] = {}

    def add(self, aid: int, entry: Entry, sort: str) -> list[int]:
        """Put an article into its lists; the ids of its terms that have lists."""
        terms = self._count(entry, 1)
        self._members.extend((term, sort, aid) for term in terms)
        if len(self._members) > MOST_HELD:
            self._flush_members()
        self._media.extend((*split_path(path), aid) for path in entry.media)
        return terms

    def take_out(self, aid: int, entry: Entry, sort: str) -> list[int]:
        """Take an article out of its lists; the ids of its terms that have lists."""
        if self._members or self._media:
            self._flush_members()
        terms = self._count(entry, -1)
        self._catalog.many("DELETE FROM membership WHERE term = ? AND sort = ?", [(term, sort) for term in terms])
        if entry.media:
            self._execute("DELETE FROM article_media WHERE aid = ?", (aid,))
        return terms

    def _count(self, entry: Entry, step: int) -> list[int]:
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
            elif term.kind == "language" and term.key.partition("-")[0] in HEAVY:
                self._tally[ident, date] += step
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
            if urls.looks_suffixed(slug) or self._execute(
                "SELECT 1 FROM term WHERE kind = ? AND base_slug = ?", (term.kind, slug)).fetchone():  # fmt: skip
                self._execute("INSERT OR IGNORE INTO dirty_slug VALUES (?, ?)", (term.kind, slug))
            ident = self._execute("INSERT INTO term (kind, key, label, base_slug, slug) VALUES (?,?,?,?,?)",
                                  (term.kind, term.key, term.label, slug, slug)).lastrowid  # fmt: skip
        else:
            ident = row[0]
        if len(self._terms) > 20_000:
            self._terms.clear()
        self._terms[term.kind, term.key] = ident
        return int(ident)

    def forget_terms(self) -> None:
        """Look the numbers of terms up again: some are no more."""
        self._terms.clear()

    def flush(self) -> None:
        """Write the counts that piled up; call it before the transaction ends."""
        self._flush_members()
        if not self._bulk:
            self._note_cuts()
        self._catalog.many("UPDATE term SET n = n + ? WHERE id = ?",
                           [(step, term) for term, step in sorted(self._totals.items()) if step])  # fmt: skip
        self._totals.clear()
        self._catalog.many(
            "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(term, period, step) for (term, period), step in sorted(self._tally.items()) if step])  # fmt: skip
        self._catalog.many("DELETE FROM tally WHERE term = ? AND period = ? AND n <= 0",
                           [key for key, step in self._tally.items() if step < 0])  # fmt: skip
        self._tally.clear()
        self._flush_spellings()

    def _flush_members(self) -> None:
        self._members.sort()
        self._catalog.many("INSERT OR REPLACE INTO membership VALUES (?, ?, ?)", self._members)
        self._members.clear()
        self._catalog.many("INSERT OR IGNORE INTO article_media VALUES (?, ?, ?)", self._media)
        self._media.clear()

    def _flush_spellings(self) -> None:
        self._catalog.many(
            "INSERT INTO spelling VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(term, label, step) for (term, label), step in sorted(self._spellings.items()) if step])  # fmt: skip
        self._catalog.many("DELETE FROM spelling WHERE term = ? AND label = ? AND n <= 0",
                           [key for key, step in self._spellings.items() if step < 0])  # fmt: skip
        for term in sorted({term for term, _ in self._spellings}):
            row = self._execute("SELECT label FROM spelling WHERE term = ? AND n > 0 ORDER BY n DESC, label LIMIT 1",
                                (term,)).fetchone()  # fmt: skip
            if row and self._execute("UPDATE term SET label = ?1 WHERE id = ?2 AND label <> ?1", (row[0], term)).rowcount:
                self._execute("INSERT OR REPLACE INTO recut VALUES (?, 'label')", (term,))
        self._spellings.clear()

    def _note_cuts(self) -> None:
        """Terms whose list, or a period of it, grows past a limit or shrinks below it."""
        for term, step in self._totals.items():
            before = self._execute("SELECT n FROM term WHERE id = ?", (term,)).fetchone()[0]
            self._note_cut(term, before, before + step)
        for (term, period), step in self._tally.items():
            row = self._execute("SELECT n FROM tally WHERE term = ? AND period = ?", (term, period)).fetchone()
            before = row[0] if row else 0
            self._note_cut(term, before, before + step)

    def _note_cut(self, term: int, before: int, after: int) -> None:
        if term != ARCHIVE and any((before > limit) != (after > limit) for limit in self._limits):
            self._execute("INSERT OR IGNORE INTO recut VALUES (?, 'cut')", (term,))
