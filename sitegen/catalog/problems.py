"""The problems of an archive: how many there are of each code, and the first of them.

Counting decodes none, so that a build with nothing to do tells of a million as fast as of ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from msgspec.structs import replace

from sitegen.catalog import missing
from sitegen.catalog.schema import Catalog
from sitegen.entries import decode_problem, decode_problems, encode
from sitegen.records import Problem

# A picture's problems are told only where an article shows it.
_SHOWN = "AND EXISTS (SELECT 1 FROM article_media am WHERE am.folder = f.folder AND am.name = f.name)"
_FILES = (("source", ""), ("media", _SHOWN))
_BELOW = "articles/"


def sum_of_codes(problems: Iterable[Problem]) -> str | None:
    """How many problems of each code one file has, as the catalog keeps it; None where there is none."""
    counts = Counter(problem.code for problem in problems)
    return " ".join(f"{code}:{count}" for code, count in sorted(counts.items())) or None


def begin_noting(catalog: Catalog) -> None:
    """Have a place for the problems of this run, which is gone when the catalog is closed; forget those noted before."""
    catalog.db.execute("CREATE TEMP TABLE IF NOT EXISTS noted (code TEXT, file TEXT, line INTEGER, problem BLOB)")
    catalog.db.execute("CREATE INDEX IF NOT EXISTS temp.noted_code ON noted (code, file, line)")
    catalog.db.execute("DELETE FROM temp.noted")


def note_problems(catalog: Catalog, problems: Iterable[Problem], *, below: str = _BELOW) -> None:
    """Keep problems of this run; their files are relative to `below`. Call `begin_noting` before."""
    catalog.many("INSERT INTO temp.noted VALUES (?, ?, ?, ?)", (
        (each.code, f"{below}{each.file}", each.line, encode(each)) for each in problems))  # fmt: skip


def noted_counts(catalog: Catalog) -> Counter[str]:
    """How many problems of this run were noted, by code."""
    return Counter(dict(catalog.db.execute("SELECT code, count(*) FROM temp.noted GROUP BY code").fetchall()))


def noted_problems(catalog: Catalog, code: str, most: int) -> Iterator[Problem]:
    """The first problems of this run with a code, by place, at most so many; files are relative to the site."""
    yield from map(_at, catalog.db.execute(
        "SELECT file, problem FROM temp.noted WHERE code = ? ORDER BY file, line, rowid LIMIT ?", (code, most)))  # fmt: skip


def problem_counts(catalog: Catalog) -> Counter[str]:
    """How many problems there are by code: those of this run, of all sources and pictures as last read, and between them.

    Call `standing.look_for_standing` before.
    """
    counts = noted_counts(catalog)
    for table, condition in _FILES:
        for codes, files in catalog.db.execute(
            f"SELECT codes, count(*) FROM {table} f WHERE codes IS NOT NULL {condition} GROUP BY codes"):
            for code, count in (each.split(":") for each in codes.split()):
                counts[code] += int(count) * files
    if count := missing.missing_count(catalog):
        counts[missing.CODE] += count
    counts.update(dict(catalog.db.execute("SELECT code, count(*) FROM standing GROUP BY code").fetchall()))
    return counts


def first_problems(catalog: Catalog, code: str, most: int) -> Iterator[Problem]:
    """The first of those with a code, by place, at most so many; files are relative to the site."""
    found = [noted_problems(catalog, code, most)]
    found += [_first_of_files(catalog, table, condition, code, most) for table, condition in _FILES]
    if code == missing.CODE:
        found.append(map(_below, missing.missing_files(catalog, most)))
    found += [map(_at, catalog.db.execute(f"SELECT '', problem FROM standing WHERE code = ? ORDER BY rowid LIMIT {most}", (code,)))]
    yield from islice(chain.from_iterable(found), most)


def all_problems(catalog: Catalog) -> Iterator[Problem]:
    """All of them, however many, in one go through them; files are relative to the site."""
    yield from map(_at, catalog.db.execute("SELECT file, problem FROM temp.noted ORDER BY rowid"))
    for table, condition in _FILES:
        for (problems,) in catalog.db.execute(
            f"SELECT problems FROM {table} f WHERE +codes IS NOT NULL {condition} ORDER BY folder, name"):
            yield from map(_below, decode_problems(problems))
    yield from map(_below, missing.missing_files(catalog))
    yield from map(_at, catalog.db.execute("SELECT '', problem FROM standing ORDER BY rowid"))


def _first_of_files(catalog: Catalog, table: str, condition: str, code: str, most: int) -> Iterator[Problem]:
    """Problems with a code in the first files that have some, by path."""
    first: list[tuple[str, str, bytes]] = []
    for codes in _sums(catalog, table):
        if f" {code}:" in f" {codes}":
            first += catalog.db.execute(
                f"SELECT folder, name, problems FROM {table} f WHERE codes = ? {condition} ORDER BY folder, name LIMIT ?",
                (codes, most))  # fmt: skip
            first = sorted(first)[:most]
    for _, _, problems in first:
        yield from (_below(problem) for problem in decode_problems(problems) if problem.code == code)


def _sums(catalog: Catalog, table: str) -> Iterator[str]:
    """What `sum_of_codes` gave, each once: from each straight to the next, however many files are between."""
    found = catalog.db.execute(f"SELECT min(codes) FROM {table} WHERE codes IS NOT NULL").fetchone()
    while found[0] is not None:
        yield found[0]
        found = catalog.db.execute(f"SELECT min(codes) FROM {table} WHERE codes > ?", found).fetchone()


def _at(row: tuple[str, bytes]) -> Problem:
    problem = decode_problem(row[1])
    return replace(problem, file=row[0]) if row[0] else _below(problem)


def _below(problem: Problem) -> Problem:
    return replace(problem, file=f"{_BELOW}{problem.file}")
