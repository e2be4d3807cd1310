"""The reader table: every input format is one module, and the best fit reads a source."""

from __future__ import annotations

from typing import Final

from sitegen.readers import aggregator, markdown, plain
from sitegen.readers.base import Reader, ReadingSettings, SourceText
from sitegen.readers.decoding import decode
from sitegen.records import Reading

__all__ = ["READERS", "choose", "read_source"]

READERS: Final[tuple[Reader, ...]] = (markdown, aggregator, plain)
"""At equal scores the earlier reads the source; the last takes any text."""


def choose(source: SourceText) -> tuple[Reader, str]:
    """The reader whose layout the source fits best, and why."""
    scores = [(reader.recognise(source), reader) for reader in READERS]
    score, reader = max(scores, key=lambda scored: scored[0].value)
    return reader, score.why


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
