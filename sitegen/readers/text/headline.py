"""The headline above a source line, told from the navigation that a saved page begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.dates import DateRules
from sitegen.readers.names import read_byline
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases

_REACH: Final = 6
_ENOUGH: Final = 3


class Headline(Struct, frozen=True):
    """Where the headline stands, and the deck between it and the source line; `start` is where its article begins."""

    title: int | None
    deck: int | None
    start: int


def find_headline(lines: Sequence[Line], floor: int, source_line: int, phrases: Phrases, *, source: str) -> Headline:
    """The likeliest headline among the last lines above `source_line`, none of them above `floor`."""
    best, best_weight = None, 0
    for distance, index in enumerate(range(source_line - 1, max(floor, source_line - _REACH) - 1, -1)):
        weight = _weight(lines, index, floor=floor, source_line=source_line, phrases=phrases, source=source)
        weight -= distance
        if weight > best_weight:
            best, best_weight = index, weight
    if best is None or best_weight < _ENOUGH:
        return Headline(None, None, source_line)
    above = best - 1
    if above == floor == 0 and _is_deck(lines[above], lines[best], phrases):
        return Headline(above, best, above)
    if best + 1 == source_line - 1 and _is_deck(lines[best], lines[best + 1], phrases):
        return Headline(best, best + 1, best)
    return Headline(best, None, best)


def _weight(lines: Sequence[Line], index: int, *, floor: int, source_line: int, phrases: Phrases, source: str) -> int:
    line = lines[index]
    text = line.text
    if phrases.rule_of(text) or text.casefold() in source.casefold() or read_byline(text, DateRules()) is not None:
        return -10
    words = text.count(" ") + 1
    wide = not text.isascii() and len(text) > 3 * words + 3 and len(text.encode()) > len(text) * 2
    weight = 3 if words >= 4 or (wide and len(text) >= 6) else (1 if words == 3 else 0)
    alone = index == floor == source_line - 1
    weight += 4 if alone and (floor == 0 or line.gap) else 0
    weight += 2 if line.gap or index == floor else 0
    weight += 2 if index == source_line - 1 else 0
    if text[-1] in ".,;:":
        # In a file of several articles this is rather the end of the one above.
        weight -= 4 if floor else 2
    if len(text) > 250:
        weight -= 5
    return weight


def _is_deck(above: Line, below: Line, phrases: Phrases) -> bool:
    """Whether two lines are a headline and its deck: both are more than a label, the deck reads as a sentence."""
    if phrases.rule_of(above.text) or above.text.count(" ") < 3 or below.text.count(" ") < 4:
        return False
    return (
        above.text[-1] not in ".,;:" and (below.text[-1] == "." or len(below.text) > len(above.text)) and below.gap <= 1
    )
