"""The words of wire copy, from the data file `wire.toml`, and the datelines that only they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.spans import Span
from sitegen.readers.text.datelines import read_dateline
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled

_HEAD: Final = 110
_LONGEST_NOTE: Final = 640
_LONGEST_RULE: Final = 60


class WireWords(Struct, frozen=True, kw_only=True):
    """The data file's patterns; they match whole lines, without regard to case."""

    closers: re.Pattern[str]
    rules: re.Pattern[str]
    header: re.Pattern[str]
    notes: re.Pattern[str]
    revisions: re.Pattern[str]
    notebook: re.Pattern[str]
    private: re.Pattern[str]
    signature: re.Pattern[str]
    service: re.Pattern[str]


@by_knowledge()
def wire_words() -> WireWords:
    """The patterns, read once per process."""
    table = knowledge("wire")
    whole = {
        name: re.compile("|".join(f"(?:{text})" for text in entry["patterns"]), re.IGNORECASE)
        for name, entry in table.items()
        if name != "datelines"
    }
    return WireWords(**whole)


def is_note(text: str) -> bool:
    """Whether a line speaks to editors."""
    return len(text) <= _LONGEST_NOTE and wire_words().notes.fullmatch(text) is not None


def is_private(text: str) -> bool:
    """Whether a line opens the part that must never be published."""
    return len(text) <= _HEAD and wire_words().private.fullmatch(text) is not None


def is_service(slug: str, headline: str) -> bool:
    """Whether a message is for newsrooms and no article, by what it is called."""
    service = wire_words().service
    return any(len(text) < 120 and service.fullmatch(text.strip()) for text in (slug, headline) if text.strip())


def opens_story(text: str) -> bool:
    """Whether a line opens with a dateline that names an agency, or with a plain one."""
    return read_dateline(text) is not None


def with_wire_parts(labels: Sequence[Labelled], rules: DateRules) -> list[Labelled]:
    """`labels` with section rules told from text, and the first paragraph's dateline and its date as fields."""
    words = wire_words()
    result: list[Labelled] = []
    first = True
    stamped = any(span.fate in ("stamp", "published") for label in labels for span in label.spans)
    for label in labels:
        text = label.line.text
        if len(text) <= _LONGEST_RULE and words.rules.fullmatch(text) and label.role != "preformatted":
            result.append(Labelled(label.line, "boilerplate", rule="section-rule", why="parts two sections"))
        elif first and label.role == "paragraph":
            first = False
            result.append(_with_dateline(label, rules, stamped=stamped))
        else:
            result.append(label)
    return result


def _with_dateline(label: Labelled, rules: DateRules, *, stamped: bool) -> Labelled:
    spans = list(label.spans)
    if not any(span.fate == "dateline" for span in spans):
        return label
    line = next(span.shown for span in spans if span.fate == "dateline")
    date = None if stamped else next((date for date in find_dates(line, rules) if not date.ambiguous), None)
    if date is not None and date.moment.precision == "day":
        spans.insert(0, Span("", "published", moment=date.moment))
    return Labelled(label.line, label.role, tuple(spans), why="opens with a dateline")


def joined_paragraphs(lines: Sequence[Line]) -> list[Line]:
    """`lines` of copy that is always wrapped, a paragraph each: a blank line, an indent or a list mark begins one."""
    joined: list[list[Line]] = []
    for line in lines:
        fresh = not joined or line.gap or line.indent > 1 or line.spaced or joined[-1][-1].spaced
        if fresh or line.text.startswith(("- ", "* ", "#", "\u2022")):
            joined.append([line])
        else:
            joined[-1].append(line)
    return [_one(run) for run in joined]


def _one(run: Sequence[Line]) -> Line:
    if len(run) == 1:
        return run[0]
    first = run[0]
    text = " ".join(line.text for line in run)
    return Line(first.number, text, first.gap, first.indent, run[-1].number, "", True)
