"""Large sources, some articles at a time: what is read is what the whole would give, and memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from sitegen.problems import report
from sitegen.readers import choose, read_source
from sitegen.readers.base import ReadingSettings, SourceText
from sitegen.readers.exports.reading import told_apart
from sitegen.readers.knowledge import knowing
from sitegen.readers.segments import LARGEST, Segment, segments
from sitegen.records import Article, Block, MarkdownBlock, Problem, Reading

__all__ = ["read_parts"]

_ONCE: Final = frozenset(("N302", "W205"))
"""Problems of a whole file, which each of its parts would tell again."""


def read_parts(file: str, blocks: Iterable[bytes], settings: ReadingSettings, *, with_roles: bool = False) -> Iterator[Reading]:
    """What a source holds whose bytes come in `blocks`; line numbers are those of the source."""
    openings: dict[str, str] = {}
    told: set[str] = set()
    overlong, above = False, ""
    for segment in _segments(blocks, settings):
        rest, overlong = overlong, segment.forced
        if overlong:
            # All of it is one article; what is told of the first stretch is true of the others.
            yield Reading(layout="none", problems=() if rest else (_too_long(file, segment),), why="an article is too long")
            continue
        reading = read_source(file, segment.data, settings, with_roles=with_roles, after="" if segment.goes_on else above)
        above = segment.layout
        reading = _moved(reading, segment.line - 1) if segment.line > 1 else reading
        if segment.layout == "exports":
            reading = replace(reading, articles=tuple(told_apart(reading.articles, openings)))
        problems = [problem if problem.line else replace(problem, line=segment.line) if segment.line > 1 else problem
                    for problem in reading.problems if problem.code not in told]  # fmt: skip
        told |= {problem.code for problem in problems if problem.code in _ONCE}
        if rest and reading.articles and reading.articles[0].line == segment.line:
            # The end of what was too long to be an article.
            second = reading.articles[1].line if len(reading.articles) > 1 else 1 << 62
            problems = [problem for problem in problems if problem.line >= second]
            reading = replace(reading, articles=reading.articles[1:])
        if segment.goes_on and reading.roles and not reading.roles[-1].text:
            # What follows the last line end is no line where there is more of the file.
            reading = replace(reading, roles=reading.roles[:-1])
        yield replace(reading, problems=tuple(problems))
        if segment.line == 1 and any(problem.code == "E101" for problem in problems):
            return


def _segments(blocks: Iterable[bytes], settings: ReadingSettings) -> Iterator[Segment]:
    found = segments(blocks, _layout_of)
    while True:
        # The users' tables count while a stretch is looked for, not while somebody else uses it.
        with knowing(settings.layouts):
            segment = next(found, None)
        if segment is None:
            return
        yield segment


def _layout_of(head: SourceText) -> str:
    reader, _ = choose(head)
    return str(getattr(reader, "__name__", "")).rpartition(".")[2]


def _too_long(file: str, segment: Segment) -> Problem:
    hint = (f"an article begins here and no other one in the next {LARGEST >> 20} MB, more than an article can have, so it is left "
            "out; put a line between articles by which they can be told apart, or split it")  # fmt: skip
    return report("E506", hint, file=file, line=segment.line)


def _moved(reading: Reading, lines: int) -> Reading:
    """`reading` as it stands that many lines further down."""
    return replace(
        reading,
        articles=tuple(_moved_article(article, lines) for article in reading.articles),
        problems=tuple(replace(problem, line=problem.line + lines) if problem.line else problem for problem in reading.problems),
        roles=tuple(replace(role, line=role.line + lines) for role in reading.roles),
    )


def _moved_article(article: Article, lines: int) -> Article:
    return replace(
        article, line=article.line + lines, body=tuple(_moved_block(block, lines) for block in article.body),
        dropped=tuple(replace(drop, line=drop.line + lines) for drop in article.dropped),
    )  # fmt: skip


def _moved_block(block: Block, lines: int) -> Block:
    return replace(block, line=block.line + lines) if isinstance(block, MarkdownBlock) else block
