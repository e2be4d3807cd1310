"""The reader table: every input format is one module, and the best fit reads a source."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final, cast

from sitegen.readers.base import Reader, ReadingSettings, Score, SourceText
from sitegen.readers.crowding import ONE_TEXT
from sitegen.readers.decoding import decode
from sitegen.readers.halves import halves
from sitegen.readers.knowledge import knowing
from sitegen.readers.learned import without_learned
from sitegen.records import Reading

__all__ = ["READERS", "SEGMENT", "choose", "read_source", "reader_named"]

READERS: Final = (
    "markdown", "exports", "aggregator", "anpa", "iptc7901", "reuters_sgml", "story", "jsonl", "extractor_json", "bbc", "wire", "plain",
)  # fmt: skip
"""Modules of this package. At equal scores the earlier reads the source; the last takes any text.

They are loaded when they are first asked: most archives need one or two of them.
"""
SEGMENT: Final = 4 << 20
"""Bytes of a large source that are read at a time. One of less than twice as many is read whole."""
_WITHOUT_AN_END: Final = frozenset(("aggregator", "plain text", "wire text"))
"""Layouts that have no mark by which half an article would be told."""
SURE: Final = 0.98
"""A score at which no other layout is asked."""


@cache
def reader_named(name: str) -> Reader:
    """The reader module of this name."""
    return cast(Reader, import_module(f"{__name__}.{name}"))


def choose(source: SourceText) -> tuple[Reader, str]:
    """The reader whose layout the source fits best, and why."""
    best, chosen = Score(-1.0), reader_named(READERS[-1])
    for reader in map(reader_named, READERS):
        score = reader.recognise(source)
        if score.value > best.value:
            best, chosen = score, reader
            # Looking at a source costs time, and there are many layouts: a sure one ends the search.
            if score.value >= SURE:
                break
    return chosen, best.why


def read_source(file: str, data: bytes, settings: ReadingSettings, *, with_roles: bool = False, after: str = "") -> Reading:
    """The articles in one source file and its problems; never raises for bad input.

    `file` is the source's path relative to the site's `articles/`; `after` names the reader of what stands above `data` in it.
    """
    with knowing(settings.layouts):
        return _read_source(file, data, settings, with_roles=with_roles, after=after)


def _read_source(file: str, data: bytes, settings: ReadingSettings, *, with_roles: bool, after: str) -> Reading:
    source = decode(file, data)
    if not source.text:
        return Reading(layout="none", problems=source.problems, why=source.problems[-1].message)
    reader, why = choose(source)
    if after and reader is reader_named(READERS[-1]):
        # Half an article at the end of a file shows less of its layout than the articles above it.
        reader = reader_named(after)
    reading = reader.read(source, settings, with_roles=with_roles)
    told = source.problems
    if not reading.articles and (not reading.problems or reading.layout == ONE_TEXT):
        # No reader may make a source vanish: what it cannot split is still a text.
        why = f"{reader.NAME} found no article in it"
        told = (*told, *reading.problems)
        reader = reader_named(READERS[-1])
        reading = reader.read(source, settings, with_roles=with_roles)
    if reading.layout in _WITHOUT_AN_END:
        told = (*told, *halves(reading.articles, source.text, file=file))
    if settings.learned:
        reading = without_learned(reading, source.text, settings.learned)
    return Reading(
        layout=reading.layout,
        articles=reading.articles,
        problems=(*told, *reading.problems),
        roles=reading.roles,
        why=reading.why or why,
    )
