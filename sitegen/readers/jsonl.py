"""sitegen's own JSON Lines, as `sitegen export` writes them: an article a line, read back as the record that it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.exactjson import article_of
from sitegen.records import Article, LineRole, Problem, Reading

NAME: Final = "sitegen-jsonl"

_OWN_KEYS: Final = frozenset(("id", "tag_origins", "zones_assumed", "byline_stamp", "rights", "body"))
_FIRST: Final = 400


def recognise(source: SourceText) -> Score:
    """Certain if the first line is an object with the keys that only sitegen writes together."""
    start = source.text.lstrip()
    if not start.startswith('{"id":') or '"title":' not in start[:_FIRST]:
        return Score(0.0)
    first = start.partition("\n")[0]
    try:
        found = msgspec.json.decode(first)
    except msgspec.DecodeError:
        return Score(0.0)
    if isinstance(found, dict) and found.keys() >= _OWN_KEYS:
        return Score(1.0, "each line is an article as sitegen exports it")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The articles of all lines; a line that is none is reported, and the others are read."""
    problems: list[Problem] = []
    articles = tuple(_articles(source, problems))
    roles: tuple[LineRole, ...] = ()
    if with_roles:
        roles = tuple(LineRole(number, "record" if line.strip() else "blank", line)
                      for number, line in enumerate(source.text.split("\n"), 1))  # fmt: skip
    return Reading(layout=NAME, articles=articles, problems=(*source.problems, *problems), roles=roles)


def _articles(source: SourceText, problems: list[Problem]) -> Iterator[Article]:
    # Only \n ends a line: JSON may hold U+2028 as it is.
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield article_of(msgspec.json.decode(line, type=dict[str, object]), line=number)
        except (msgspec.DecodeError, ValueError) as error:
            message = f"the line is not an article as sitegen exports it ({error}); export it again, or remove the line"
            problems.append(report("E120", message, file=source.file, line=number))
