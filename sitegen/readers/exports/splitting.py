"""An export's lines in articles, each with the layout it is in; what lies between them is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

from msgspec import Struct

from sitegen.readers import aggregator
from sitegen.readers.base import SourceText
from sitegen.readers.crowding import STEP, crowded
from sitegen.readers.exports import factiva, factivadisplay, nexis, nexisuni, proquest, yearfile
from sitegen.readers.exports.parts import Parts
from sitegen.readers.plain import looks_like_headline
from sitegen.readers.text.lines import Line

_NEAR: Final = 8


class Layout(Protocol):
    """A layout module."""

    NAME: str
    WRAPPED: bool

    def begins(self, lines: Sequence[Line], index: int) -> bool:
        """Whether an article begins with this line."""

    def take_apart(self, lines: Sequence[Line]) -> Parts:
        """The article that these lines are."""


LAYOUTS: Final[tuple[Layout, ...]] = (nexis, factiva, proquest, yearfile, nexisuni, factivadisplay)


class Piece(Struct, frozen=True):
    """One article's lines; None for a layout where they belong to no export."""

    layout: Layout | None
    lines: Sequence[Line]
    last: bool = False
    """Whether nothing follows it in the source."""


def split_export(lines: Sequence[Line]) -> list[Piece] | None:
    """The pieces of an export, in order, that together are all its lines; None where its marks stand too close."""
    starts: list[tuple[int, Layout | None]] = []
    characters = 0
    for index, line in enumerate(lines):
        characters += len(line.text) + 1
        current = starts[-1][1] if starts else None
        layout: Layout | None
        # Plainer with `next`, but that would make a generator for each line.
        for layout in LAYOUTS:
            if layout.begins(lines, index):
                break
        else:
            layout = None
        if layout is not None:
            starts.append((index, layout))
            if not len(starts) % STEP and crowded(len(starts), characters):
                return None
        elif yearfile.is_rule(line) and (current is yearfile or not starts):
            starts += _below_rule(lines, index)
        elif line.text[0] == "_" and current is proquest and not line.text.strip("_"):
            starts.append((index, None))
    first = starts[0][0] if starts else len(lines)
    if first:
        starts.insert(0, (0, _layout_of_opening(lines, starts)))
    bounds = [*starts, (len(lines), None)]
    return [Piece(layout, lines[start:end], last=end == len(lines)) for (start, layout), (end, _) in pairwise(bounds)]


def _layout_of_opening(lines: Sequence[Line], starts: Sequence[tuple[int, Layout | None]]) -> Layout | None:
    """What stands above the first mark: an article that needs no rule above it, or no article."""
    following = starts[0][1] if starts else None
    if following in (yearfile, None) and yearfile.has_top(lines[:_NEAR]):
        return yearfile
    top = lines[: starts[0][0] if starts else len(lines)]
    return proquest if following in (proquest, None) and proquest.has_labels(top) else None


def _below_rule(lines: Sequence[Line], index: int) -> list[tuple[int, Layout | None]]:
    """What begins below a year file's rule without date and address: an article, another layout, or nothing."""
    below = list(lines[index + 1 : index + 1 + _NEAR])
    if not below:
        return []
    text = "\n".join(line.text for line in below)
    if aggregator.recognise(SourceText(file="", text=text)).value > 0:
        return [(index, None)]
    headed = looks_like_headline(below[0], below[1:]) and not below[0].prose and any(line.prose for line in below)
    return [(index, yearfile)] if headed and len(below) > 1 and below[1].gap else []
