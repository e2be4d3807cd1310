"""The reader table: every input format is one module, and the best fit reads a source."""

from __future__ import annotations

from typing import Final

from sitegen.readers import (
    aggregator,
    anpa,
    bbc,
    exports,
    extractor_json,
    iptc7901,
    jsonl,
    markdown,
    plain,
    reuters_sgml,
    story,
    wire,
)
from sitegen.readers.base import Reader, ReadingSettings, Score, SourceText
from sitegen.readers.decoding import decode
from sitegen.records import Reading

__all__ = ["READERS", "choose", "read_source"]

READERS: Final[tuple[Reader, ...]] = (
    jsonl,
    markdown,
    exports,
    aggregator,
    anpa,
    iptc7901,
    reuters_sgml,
    story,
    extractor_json,
    bbc,
    wire,
    plain,
)
"""At equal scores the earlier reads the source; the last takes any text."""
SURE: Final = 0.98
"""A score at which no other layout is asked."""


def choose(source: SourceText) -> tuple[Reader, str]:
    """The reader whose layout the source fits best, and why."""
    best, chosen = Score(-1.0), READERS[-1]
    for reader in READERS:
        score = reader.recognise(source)
        if score.value > best.value:
            best, chosen = score, reader
            # Looking at a source costs time, and there are many layouts: a sure one ends the search.
            if score.value >= SURE:
                break
    return chosen, best.why


def read_source(file: str, data: bytes, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The articles in one source file and its problems; never raises for bad input.

    `file` is the source's path relative to the site's `articles/`.
    """
    source = decode(file, data)
    if not source.text:
        return Reading(layout="none", problems=source.problems, why=source.problems[-1].message)
    reader, why = choose(source)
    reading = reader.read(source, settings, with_roles=with_roles)
    if not reading.articles and not reading.problems:
        # No reader may make a source vanish: what it cannot split is still a text.
        reader, why = plain, f"{reader.NAME} found no article in it"
        reading = reader.read(source, settings, with_roles=with_roles)
    return Reading(
        layout=reading.layout,
        articles=reading.articles,
        problems=(*source.problems, *reading.problems),
        roles=reading.roles,
        why=reading.why or why,
    )
