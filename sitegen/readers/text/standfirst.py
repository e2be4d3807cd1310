"""Which line above the text is the standfirst: by what stands below it, and by what the text repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.datelines import LABELS, read_dateline, read_place
from sitegen.readers.text.leadcaptions import read_lead_caption
from sitegen.readers.text.lines import Line, is_wide, width

_DECK: Final = 40
_FEWEST: Final = 20
_LONGEST: Final = 260


def is_standfirst(lines: Sequence[Line], index: int, byline: int) -> bool:
    """A passage that the body repeats, the one passage above the byline, or a short deck above the first prose."""
    text = lines[index].text
    if len(text) < _FEWEST or len(text) > 600 or (text.count(" ") < 3 and text.isascii()):
        return False
    below = "\n".join([other.text for other in lines[index + 1 :]])
    if text in below and (len(text) > _DECK or f"\n{text}\n" in f"\n{below}\n"):
        return True
    label = re.match(r"([^\W\d_]{4,14}) ?[-\u2013\u2014:|.] ", text)
    if label is not None and label[1] in LABELS and index + 1 < len(lines) and lines[index + 1].gap > 0:
        return True
    near = byline > index and all(_is_slight(line) for line in lines[index + 1 : byline])
    if near or _is_above_place(lines, index):
        return True
    if lines[index].prose or index + 1 >= len(lines):
        return False
    words = text.count(" ") + 1 if not is_wide(text) else width(text) // 5
    above = next(
        (line for line in lines[index + 1 : index + 4] if read_lead_caption(line.text) is None), lines[index + 1]
    )
    return 5 <= words <= 40 and text[-1] not in ".:;,)" and above.prose and above.gap > 0


def _is_above_place(lines: Sequence[Line], index: int) -> bool:
    """Whether the story begins right below, with its place."""
    text, below = lines[index].text, index + 1
    if below == len(lines) or not _FEWEST <= len(text) <= _LONGEST:
        return False
    line = lines[below]
    return line.prose and line.gap > 0 and _opens_story(line.text) and not _opens_story(text)


def _opens_story(text: str) -> bool:
    return (read_dateline(text) or read_place(text)) is not None


def _is_slight(line: Line) -> bool:
    return not line.prose or read_caption(line.text) is not None
