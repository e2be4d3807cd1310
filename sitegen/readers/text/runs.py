"""Runs of lines that mean something together: lists and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled

_BULLETS: Final = "\u2022\u00b7\u25aa\u25cf\u25e6\u2023\u25a0*-"
_BULLET = re.compile(rf"(?P<mark>[{re.escape(_BULLETS)}])\s+(?P<item>\S.*)")
_NUMBER = re.compile(r"(?P<mark>(?P<number>\d{1,3})[.)])\s+(?P<item>\S.*)")
_COLUMN = re.compile(r"\t|\s{3,}")
_FEWEST_ROWS: Final = 3


def find_runs(lines: Sequence[Line]) -> Mapping[int, Labelled]:
    """Labels for the lines that belong to a list or a table, by index."""
    found: dict[int, Labelled] = {}
    looked_to = 0
    for index, line in enumerate(lines):
        if index in found:
            continue
        first = line.text[0]
        if first in _BULLETS or first == "1":
            found.update(_list_from(lines, index))
        elif line.spaced and index >= looked_to:
            # Rows that make no table are not looked at again from each of them, or the time would be quadratic.
            looked_to = _end_of_rows(lines, index)
            found.update(_table(lines, index, looked_to))
    return found


def _list_from(lines: Sequence[Line], start: int) -> dict[int, Labelled]:
    """The list that begins at `start`, if two items or more follow each other with the same mark."""
    pattern = _NUMBER if lines[start].text[0] == "1" else _BULLET
    items: dict[int, Labelled] = {}
    for index in range(start, len(lines)):
        match = pattern.fullmatch(lines[index].text)
        if match is None:
            break
        # A number out of turn would be lost in a list, which counts for itself.
        wanted = str(index - start + 1) if pattern is _NUMBER else lines[start].text[0]
        if (match["number"] if pattern is _NUMBER else match["mark"]) != wanted:
            break
        spans = (Span(match["mark"], "marker"), Span(match["item"], "item"))
        items[index] = Labelled(lines[index], "list", spans, why="one of several lines with the same mark")
    return items if len(items) > 1 else {}


def _end_of_rows(lines: Sequence[Line], start: int) -> int:
    """The index behind the last row of columns that follows `start` without a blank line between."""
    end = start
    while end < len(lines) and lines[end].spaced and (end == start or not lines[end].gap):
        if _COLUMN.search(lines[end].spaced) is None:
            break
        end += 1
    return end


def _table(lines: Sequence[Line], start: int, end: int) -> dict[int, Labelled]:
    """The table that these rows are, if there are enough of them and most hold figures."""
    rows = lines[start:end]
    if len(rows) < _FEWEST_ROWS or sum(any(char.isdigit() for char in row.text) for row in rows) * 2 < len(rows):
        return {}
    table = {}
    for index, row in enumerate(rows, start):
        span = Span(row.text, "preformatted", value=row.spaced)
        table[index] = Labelled(row, "preformatted", (span,), why="columns")
    return table


def count_buttons(lines: Sequence[Line], start: int) -> int:
    """How many short lines stand together between a header and the first paragraph: the page's buttons, two at the least."""
    end = start
    while end < len(lines) and (end == start or not lines[end].gap):
        text = lines[end].text
        few = len(text) <= _BUTTON and text.count(" ") < _BUTTON_WORDS and not lines[end].prose
        if not few or not text[-1].isalnum() or text[0] in "*-\u2022" or any(map(str.isdigit, text)):
            return 0
        end += 1
    follows = end < len(lines) and lines[end].prose
    return end - start if follows and end - start > 1 else 0


_BUTTON: Final = 44
_BUTTON_WORDS: Final = 4
