"""What a database leaves in an article's text that is none of it: rules of signs, a copyright note behind the last words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.dates import DateRules
from sitegen.readers.exports.pictures import read_figure
from sitegen.readers.exports.reach import Reach
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.roles import Labelled

_LONGEST_RULE: Final = 60
_LONGEST_NOTE: Final = 200
_LAST: Final = 2
# A note stands for itself: with a year, or with the words that reserve all rights.
_NOTE = re.compile(
    r"(?<=[\s.!?\"\u201d)])(?:!@COPYRIGHT=)?(?:\(c\)|\u00a9|(?i:copyright)\b|\u00a9copyright)\s?(?:\(c\)|\u00a9|of)?\s?"
    r"(?:\d{4}\b[^\n]{0,160}|[^\n]{2,120}(?i:all rights reserved)[^\n]{0,40})$"
)


def without_furniture(labels: Sequence[Labelled], writers: str) -> list[Labelled]:
    """`labels` of a text, with rules of signs dropped and the copyright note cut off the last paragraph.

    `writers` is the export's own field for them: a line that only repeats it is dropped too.
    """
    writers = _letters(writers)
    made = [_credited(_without_rule(_without_byline(label, writers))) for label in labels]
    shown = [index for index, label in enumerate(made) if label.role == "paragraph"]
    for index in shown[-_LAST:]:
        made[index] = _without_note(made[index])
    return made


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum()).removeprefix("by")


def _without_byline(label: Labelled, writers: str) -> Labelled:
    text = label.line.text
    if not writers or len(text) > _LONGEST_NOTE or label.role not in ("paragraph", "subhead") or _letters(text) != writers:
        return label
    return Labelled(label.line, "byline", rule="repeated", why="the byline again")


def _credited(label: Labelled) -> Labelled:
    """`PHOTO: … (PHOTOGRAPH BY JANE DOE)` with its credit apart."""
    named = any(span.fate == "credit" for span in label.spans)
    if label.role != "caption" or named or export_tables().credit_by.search(label.line.text) is None:
        return label
    role, spans = read_figure(label.line.text, Reach(rules=DateRules()))
    return Labelled(label.line, role, tuple(spans), why="a caption with its credit")


def _without_rule(label: Labelled) -> Labelled:
    text = label.line.text
    if label.role not in ("paragraph", "subhead") or len(text) > _LONGEST_RULE or any(map(str.isalnum, text)):
        return label
    return Labelled(label.line, "boilerplate", rule="section-rule", why="parts two sections")


def _without_note(label: Labelled) -> Labelled:
    """A note that is all of the line is dropped, one behind a sentence cut off."""
    text = label.line.text
    if len(text) <= _LONGEST_NOTE and export_tables().rights.fullmatch(text):
        return Labelled(label.line, "boilerplate", rule="copyright", why="a copyright note")
    start = max(0, len(text) - _LONGEST_NOTE)
    match = _NOTE.search(text, start)
    if match is None or label.spans or not text[: match.start()].strip():
        return label
    spans = (Span(text[: match.start()].strip(), "paragraph"), Span(match[0].strip(), "drop", rule="copyright"))
    return Labelled(label.line, "paragraph", spans, why="a copyright note behind the last sentence")
