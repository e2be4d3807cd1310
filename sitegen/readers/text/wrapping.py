"""Hard-wrapped lines are joined again, where the whole text was wrapped at one consistent width."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final

from sitegen.readers.text.lines import CLOSERS, ENDS, Line, is_prose

_WIDEST: Final = 132
_NARROWEST: Final = 30
_FEWEST: Final = 3
_SURE_WIDTH: Final = 60
_SLACK: Final = 3
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which `lines` were wrapped, or 0 where they were not.

    Lines that the next one goes on with inside a sentence tell the width: nearly all of them are full, for the next
    one's first word would not have fitted. A headline or a source line may be longer, but not many lines.
    """
    pairs = [(line, below) for line, below in pairwise(lines) if len(line.text) <= _WIDEST and _goes_on(line, below)]
    width = max((len(line.text) + line.indent for line, _ in pairs), default=0)
    if not pairs or not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(line, below, width) for line, below in pairs)
    longer = sum(len(line.text) > width + _SLACK for line in lines)
    if full < _FEWEST:
        # In a short text one or two are enough where they are wide, and no line is longer; headline and initials stand there too.
        short = sum(len(line.text) * 5 < width * 3 for line, _ in pairs)
        sure = full > 0 and full + short >= len(pairs) and short <= _FEWEST
        return width if sure and not longer and width >= _SURE_WIDTH else 0
    return 0 if (len(pairs) - full) * 5 > full or longer > full else width


def _goes_on(line: Line, below: Line) -> bool:
    """Whether the line below goes on inside the sentence: without a blank line, and with no capital letter."""
    return not below.gap and not below.text[0].isupper() and below.text[0].isalnum() and not _ends_sentence(line.text)


def _ends_sentence(text: str) -> bool:
    return text.rstrip(CLOSERS).endswith(ENDS)


class Apart(Enum):
    """How a line keeps from the lines around it, however full they are."""

    NO = 0
    ABOVE = 1
    """It begins anew, and may go on in the next line."""
    BOTH = 2
    """It is whole."""


def join_wrapped(lines: Sequence[Line], width: int, apart: Callable[[str], Apart]) -> list[Line]:
    """`lines` with each run of full lines and its end made into one; `apart` knows lines that stand for themselves."""
    joined: list[Line] = []
    run: list[Line] = []
    # Where first lines are indented, one that is deeper than most begins a paragraph.
    usual = Counter(line.indent for line in lines).most_common(1)[0][0] if lines else 0
    for line in lines:
        fits = run and not line.gap and line.indent <= usual + 1 and _may_go_on(run[-1], line, width)
        if fits and apart(line.text) is Apart.NO and (len(run) > 1 or apart(run[0].text) is not Apart.BOTH):
            run.append(line)
            continue
        if run:
            joined.append(_join(run))
        run = [line]
    if run:
        joined.append(_join(run))
    return joined


def _may_go_on(line: Line, following: Line, width: int) -> bool:
    """Whether a line is full; what is longer than the width was never wrapped."""
    if len(line.text) + line.indent > width + _SLACK:
        return False
    # An editor may have cut a few words after the wrap: a line of some length goes on with a small letter all the same.
    shortened = len(line.text) * 3 > width * 2 and following.text[0].islower() and _goes_on(line, following)
    return shortened or _is_full(line, following, width)


def _is_full(line: Line, following: Line, width: int) -> bool:
    first = following.text.partition(" ")[0]
    if _EAST_ASIAN.match(first):
        # A line may break before almost any character, so it is full within the width of two.
        return len(line.text) + line.indent + 2 >= width
    # Some writers count the line's last space, some do not.
    return len(line.text) + line.indent + 1 + len(first) >= width


def _join(run: Sequence[Line]) -> Line:
    if len(run) == 1:
        return run[0]
    text = run[0].text
    for line in run[1:]:
        # A word broken at its hyphen keeps the hyphen: whether it is part of the word nobody can tell.
        glue = "" if _breaks_word(text) or (_EAST_ASIAN.match(text[-1]) and _EAST_ASIAN.match(line.text[0])) else " "
        text += glue + line.text
    first = run[0]
    return Line(first.number, text, first.gap, first.indent, run[-1].number, "", is_prose(text))


def _breaks_word(text: str) -> bool:
    return len(text) > 1 and text[-1] == "-" and text[-2].isalpha()
