"""Lists of tags at a page's foot: a line that says so, and what hangs below it, a tag on each line or all on one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.spans import Span
from sitegen.readers.text.lines import is_wide
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.voice import voice

_REACH: Final = 80
_MOST: Final = 14
_LONGEST: Final = 60
_MOST_SPACES: Final = 4
_LONGEST_WIDE: Final = 16
_HEADING: Final = 40
_HASHED = re.compile(r"#[\w'\u2019.-]{2,40}(?:[\s,]+#[\w'\u2019.-]{2,40}){0,20}")
_BETWEEN = re.compile(r"(\s*[,;|\u00b7\u2022\u060c\u3001]\s*|\s/\s)")


def take_tag_lists(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with the first list of tags among the last lines as tags, where no line names some itself."""
    start = max(1, len(labelled) - _REACH)
    for index, label in enumerate(labelled[start:], start):
        if label.line.prose or not _may_stand_in(label):
            if label.role == "tags":
                return labelled
            continue
        text = label.line.text
        if text[0] == "#" and _HASHED.fullmatch(text):
            labelled[index] = _hashed(label)
            return labelled
        if len(text) <= _HEADING and text.lower().strip(" :\uff1a") in phrases.tag_heads:
            count = _hanging(labelled[index + 1 : index + 1 + _MOST], phrases)
            if count:
                labelled[index] = Labelled(label.line, "tags", (Span(text, "marker"),), why="heads a list of tags")
                for at in range(index + 1, index + 1 + count):
                    labelled[at] = _tags(labelled[at])
                return labelled
    return labelled


def _may_stand_in(label: Labelled) -> bool:
    return (label.role == "boilerplate" or label.role in ("paragraph", "subhead")) and not label.line.prose and not label.spans


def _hanging(below: Sequence[Labelled], phrases: Phrases) -> int:
    """How many lines are tags: without a blank line between, or all with one, up to the page's next phrase."""
    count = 0
    for label in below:
        text = label.line.text
        if not _may_stand_in(label) or (label.line.gap > 0) != (below[0].line.gap > 0) or label.line.gap > 1:
            break
        if voice(text, phrases) > 1 or phrases.rule_of(text) not in ("", "navigation") or text.lower().strip(" :") in phrases.tag_heads:
            break
        if not all(map(_is_short, filter(None, _BETWEEN.split(text)[::2]))):
            break
        count += 1
        if count > 1 and _BETWEEN.search(text):
            break
    # One that stands apart is rather a heading of its own.
    return count if count > 1 or (count and not below[0].line.gap) or (count and _BETWEEN.search(below[0].line.text)) else 0


def _is_short(text: str) -> bool:
    if is_wide(text):
        return len(text) <= _LONGEST_WIDE
    return len(text) <= _LONGEST and text.count(" ") <= _MOST_SPACES and text[-1] not in ".!?:;"


def _tags(label: Labelled) -> Labelled:
    parts = [part for part in _BETWEEN.split(label.line.text) if part.strip()]
    spans = tuple(Span(part.strip(), "marker" if _BETWEEN.fullmatch(part) else "tag", value=part.strip(" #")) for part in parts)
    return Labelled(label.line, "tags", spans, why="hangs below the heading of tags")


def _hashed(label: Labelled) -> Labelled:
    spans = tuple(Span(part, "tag", value=part[1:]) for part in re.split(r"[\s,]+", label.line.text) if part)
    return Labelled(label.line, "tags", spans, why="tags with their signs")
