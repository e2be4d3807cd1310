"""What is kept of each stretch of the search index, and told to the page that searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from sitegen.catalog import Catalog, stretches

HEADLINES = "headlines.js"


class StretchNote(Struct, frozen=True, kw_only=True):
    """What is kept of a stretch, and told to the search page."""

    fingerprint: str
    """Of its articles; empty where they could not be indexed."""
    count: int
    first: str
    last: str
    """Dates, as precise as they are known."""
    languages: dict[str, str] = {}
    """For each language with an index, which program reads it."""
    parts: tuple[StretchNote, ...] = ()
    """Where its texts are too long for one index: the second part of it, and those after that; all else is of the first."""

    def all_parts(self) -> tuple[StretchNote, ...]:
        """The first part and those after it."""
        return (self, *self.parts)


class ProgramNote(Struct, frozen=True, kw_only=True):
    """What is kept of the programs that read the indexes."""

    version: str
    blanks: dict[str, str]


def part_name(stretch: str, number: int) -> str:
    """The name of a part of a stretch, counted from one; the first has that of the stretch."""
    return stretch if number == 1 else f"{stretch}/{number}"


def number_of(stretch: str, folder: str) -> int:
    """The number of the part of a stretch whose files lie in an output folder."""
    number = folder.removeprefix(f"{stretches.FOLDER}/{stretch}").lstrip("/").partition("/")[0]
    return int(number) if number.isdigit() else 1


def in_parts(notes: Mapping[str, StretchNote]) -> Iterator[tuple[str, StretchNote]]:
    """All parts of all stretches, each with its name."""
    for name, note in notes.items():
        yield from ((part_name(name, number), part) for number, part in enumerate(note.all_parts(), 1))


def stretch_notes(catalog: Catalog) -> dict[str, StretchNote]:
    """What is kept of each stretch, by its name."""
    return {url.split("/")[2]: msgspec.json.decode(note, type=StretchNote)
            for url, note in stretches.notes(catalog).items() if url.endswith(f"/{HEADLINES}")}  # fmt: skip


def manifest(notes: Mapping[str, StretchNote], blanks: Mapping[str, str]) -> bytes:
    """All stretches as a script, the newest first, the undated last; and the blank page of each program."""
    rows = [[name, note.count, note.first, note.last, note.languages if blanks else {}, note.fingerprint[:8]]
            for name, note in sorted(in_parts(notes), key=lambda pair: (pair[1].last, pair[0]), reverse=True)]  # fmt: skip
    return b"sitegenStretches(%s,%s);\n" % (msgspec.json.encode(rows), msgspec.json.encode(blanks))
