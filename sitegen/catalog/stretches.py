"""How the archive is cut into stretches of the calendar, each with a search index of its own.

A stretch is the longest of these periods that has no more than `MOST` articles: the whole archive, a century, a decade, a
year, a quarter, a month, a third of a month, a day; a day of more is cut by a digest of each article's id. An article in a
language of `WEIGHTS` counts as several. Which one an article stands in depends on nothing but how many there are
in the periods around it. So an addition changes one stretch, and moves no article to another, until a stretch is full: then
that one is cut, and no other.

Articles dated by a year or month alone stand beside the quarters or days of it, in `2024-00` or `2024-11-00`; those without
a date in `undated`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from sitegen.catalog.lists import undated_count
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import ARCHIVE
from sitegen.entries import BodyRef, Entry, decode_entry

MOST = 1000
"""Pagefind takes about 0.3 MB of memory for each article of an index."""
WEIGHTS: Final[Mapping[str, int]] = MappingProxyType({"ja": 8, "th": 2, "zh": 2})
"""Languages without spaces, an article in which counts as several: an index of them takes more memory for each, and the
dictionaries that split Japanese leave room for no more than 125."""
ALL = "all"
UNDATED = "undated"
FOLDER = "search"
KIND = "stretch"
"""The kind of the files in that folder."""
FORMAT = "2"
"""Of everything in that folder; another one makes all of it anew."""
RANK = 100
"""After all pages."""
EVERY = "*"
"""Stands for all stretches on the list of what is to be looked at."""

_DIGITS = "0123456789abcdef"
_QUARTERS = {"1": ("01", "03"), "2": ("04", "06"), "3": ("07", "09"), "4": ("10", "12")}
_THIRDS = {"a": ("01", "10"), "b": ("11", "20"), "c": ("21", "31")}
_LAST = "~"
"""Sorts after everything that follows a date."""


class Stretch(NamedTuple):
    """A stretch, and where its articles lie in the order of the archive; `bucket` is how their digests begin."""

    name: str
    low: str
    high: str
    bucket: str = ""


class Indexed(NamedTuple):
    """An article as the search index needs it."""

    sort: str
    url: str
    entry: Entry
    body: BodyRef


def place_of(sort: str) -> str:
    """What tells the stretches that an article may stand in: its day, else month or year, else nothing."""
    return sort.partition("!")[0][:10] or UNDATED


def all_stretches(catalog: Catalog) -> dict[str, Stretch]:
    """All stretches by name; the latest last, the undated first. A part of a day that is cut may have no articles."""
    places = _places(catalog)
    found = {each.name: each for each in _cut(UNDATED, places.pop(UNDATED))} if UNDATED in places else {}
    counts: Counter[str] = Counter()
    for place, count in places.items():
        for name in _around(place):
            counts[name] += count
    for place in sorted(places):
        names = _around(place)
        name = next((name for name in names if counts[name] <= MOST), names[-1])
        if name not in found:
            found.update((each.name, each) for each in _cut(name, counts[name]))
    return found


def touched(stretches: Iterable[Stretch], place: str) -> Iterator[str]:
    """The stretches in which articles of a place can stand."""
    low, high = ("!", '"') if place == UNDATED else (f"{place}!", f"{place}{_LAST}")
    if len(place) < len("2024-11-19") and place != UNDATED:
        high = f'{place}"'
    for stretch in stretches:
        if stretch.low < high and low < stretch.high:
            yield stretch.name


def _places(catalog: Catalog) -> dict[str, int]:
    """How much stands on each day, on the months and years alone that some are dated by, and nowhere."""
    counts: dict[str, int] = dict(catalog.db.execute(
        "SELECT period, n FROM tally WHERE term = ? AND length(period) IN (4, 7, 10)", (ARCHIVE,)).fetchall())  # fmt: skip
    loose = Counter(counts)
    for period, count in counts.items():
        if len(period) > len("2024"):
            # A month counts in its year, a day in its month.
            loose[period[:4] if len(period) == len("2024-11") else period[:7]] -= count
    loose[UNDATED] = undated_count(catalog)
    for place, count in _heavy(catalog):
        loose[place] += count
    return {place: count for place, count in loose.items() if count > 0}


def _heavy(catalog: Catalog) -> Iterator[tuple[str, int]]:
    """Places, and by how much their articles in some languages weigh more than others."""
    for term, key in catalog.db.execute("SELECT id, key FROM term WHERE kind = 'language' AND n > 0").fetchall():
        more = WEIGHTS.get(key.partition("-")[0], 1) - 1
        if more:
            for place, count in catalog.db.execute("SELECT period, n FROM tally WHERE term = ?", (term,)):
                yield place or UNDATED, more * count


def _around(place: str) -> list[str]:
    """The periods that a place lies in, from the whole archive down to itself."""
    year, month, day = place[:4], place[5:7], place[8:10]
    names = [ALL, year[:2], year[:3], year]
    if not month:
        return [*names, f"{year}-00"]
    names += [f"{year}-q{(int(month) + 2) // 3}", place[:7]]
    if not day:
        return [*names, f"{place}-00"]
    return [*names, f"{place[:7]}{'a' if day <= '10' else 'b' if day <= '20' else 'c'}", place]


def _cut(name: str, count: int) -> Iterator[Stretch]:
    low, high = _range(name)
    buckets = [""]
    while count > MOST:
        buckets = [f"{each}{digit}" for each in buckets for digit in _DIGITS]
        # Digests spread evenly, but never quite.
        count = -(-count * 5 // 4 // len(_DIGITS))
    for bucket in buckets:
        yield Stretch(f"{name}_{bucket}" if bucket else name, low, high, bucket)


def _range(name: str) -> tuple[str, str]:
    """From where to where the articles of a period lie, the end not included."""
    if name == UNDATED:
        return "!", '"'
    if name == ALL:
        return "0", _LAST
    if loose := re.fullmatch(r"(.+)-00", name):
        return f"{loose[1]}!", f'{loose[1]}"'
    if quarter := re.fullmatch(r"(\d{4})-q(\d)", name):
        first, last = _QUARTERS[quarter[2]]
        return f"{quarter[1]}-{first}", f"{quarter[1]}-{last}{_LAST}"
    if third := re.fullmatch(r"(\d{4}-\d\d)([abc])", name):
        first, last = _THIRDS[third[2]]
        return f"{third[1]}-{first}", f"{third[1]}-{last}{_LAST}"
    return name, f"{name}{_LAST}"


def articles_in(catalog: Catalog, stretch: Stretch) -> list[Indexed]:
    """The articles of a stretch in their order."""
    rows = catalog.db.execute(
        "SELECT sort, url, entry, pack, offset, length, digest FROM article WHERE sort >= ? AND sort < ? "
        "AND substr(sort, instr(sort, '!') + 1, ?) = ? ORDER BY sort",
        (stretch.low, stretch.high, len(stretch.bucket), stretch.bucket))  # fmt: skip
    return [Indexed(row[0], row[1], decode_entry(row[2]), BodyRef(*row[3:])) for row in rows]


# -- what is to be looked at, and what the output has --------------------------------------------------------------


def asked_for(catalog: Catalog) -> list[tuple[str, bool]]:
    """What is marked: places where articles changed, and stretches of which a file was lost (True)."""
    rows = catalog.db.execute("SELECT arg, name FROM pending WHERE kind = ?", (KIND,))
    return [(arg, name != "") for arg, name in rows]


def forget_asked(catalog: Catalog) -> None:
    """Take everything off the list; call it inside a transaction."""
    catalog.db.execute("DELETE FROM pending WHERE kind = ?", (KIND,))


def ask_again(catalog: Catalog, name: str) -> None:
    """Have the next build make a stretch anew; call it inside a transaction."""
    catalog.db.execute("INSERT OR IGNORE INTO pending VALUES (?, ?, '?', ?, ?)", (RANK, FOLDER, KIND, name))


def notes(catalog: Catalog) -> dict[str, str]:
    """What is noted of the files below the folder of the search, by their URL."""
    rows = catalog.db.execute("SELECT substr(key, 6), value FROM meta WHERE key >= ? AND key < ?",
                              (f"note /{FOLDER}/", f"note /{FOLDER}0"))  # fmt: skip
    return dict(rows.fetchall())


def files_of(catalog: Catalog, name: str) -> set[tuple[str, str]]:
    """The files (folder, name) of a stretch, or of the runtime, that the output has."""
    rows = catalog.db.execute("SELECT folder, name FROM output WHERE folder >= ? AND folder < ? AND kind = ? AND arg = ?",
                              (FOLDER, f"{FOLDER}0", KIND, name))  # fmt: skip
    return set(rows)


def drop_files(catalog: Catalog, files: Iterable[tuple[str, str]]) -> None:
    """Have files removed at the end of the build; call it inside a transaction."""
    catalog.many("UPDATE output SET kind = '', arg = '', fingerprint = NULL WHERE folder = ? AND name = ?", sorted(files))


def drop_all(catalog: Catalog) -> None:
    """Have everything of the search removed at the end of the build; call it inside a transaction."""
    catalog.db.execute("UPDATE output SET kind = '', arg = '', fingerprint = NULL WHERE folder >= ? AND folder < ? "
                       "AND kind = ?", (FOLDER, f"{FOLDER}0", KIND))  # fmt: skip
