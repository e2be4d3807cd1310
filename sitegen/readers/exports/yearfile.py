"""Year files: headline, date in brackets, address, text; a rule of hyphens or equals signs parts the articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.exports.parts import Field, Parts, cut_label, dropped
from sitegen.readers.names import opens_byline, read_byline
from sitegen.readers.text.lines import Line

NAME: Final = "year file"
WRAPPED: Final = False

_RULE = re.compile(r"-{40,}|={40,}")
_BRACKETS = re.compile(r"\[\s*(?:[^\W\d_][^\[\]:\d]{0,30}:\s*)?[^\[\]]{4,80}\]")
_URL = re.compile(r"(?:[^\W\d_]{2,12}\s?:\s*)?https?://[^\s<>\"]{4,2000}", re.IGNORECASE)
_REACH: Final = 6
_TITLE: Final = 300
_NO_DATE: Final = 30


def is_rule(line: Line) -> bool:
    """Whether the line is a rule that may part two articles."""
    return line.text[0] in "-=" and _RULE.fullmatch(line.text) is not None


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins below the rule at `index`: a date in brackets or an address is near its top."""
    return is_rule(lines[index]) and has_top(lines[index + 1 : index + 1 + _REACH])


def has_top(lines: Sequence[Line]) -> bool:
    """Whether these first lines are a headline with a date or an address below it."""
    for number, line in enumerate(lines[:_REACH]):
        if is_rule(line):
            return False
        if is_date(line) or _URL.fullmatch(line.text):
            return number > 0 or len(lines) > 1
        if line.prose and number > 1:
            return False
    return False


def is_date(line: Line) -> bool:
    """Whether the line is a date in brackets."""
    if line.text[0] != "[" or _BRACKETS.fullmatch(line.text) is None:
        return False
    return next(find_dates(line.text, DateRules()), None) is not None


def _is_bracketed(line: Line) -> bool:
    """`[no date]` right below a headline stands where the date belongs."""
    return line.gap == 0 and len(line.text) <= _NO_DATE and _BRACKETS.fullmatch(line.text) is not None


def _opens_text(line: Line, seen: set[str]) -> bool:
    """Whether a line below the date or the address is the text's first and no headline: there may be none."""
    return bool(seen) and (line.prose or (line.gap > 0 and "url" in seen))


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article of `lines`, which may begin and end with a rule."""
    head: list[Field] = []
    body: list[Line] = []
    closed = False
    seen: set[str] = set()
    open_top = True
    for line in lines:
        if is_rule(line):
            head.append(dropped("rule", line))
            closed = bool(body)
            continue
        role = _role(line, seen, lines) if open_top else ""
        if role:
            seen.add(role)
            head += _field(role, line)
            continue
        open_top = False
        closed = False
        body.append(line)
    return Parts(head=_joined(head), body=tuple(body), closed=closed)


def _role(line: Line, seen: set[str], lines: Sequence[Line]) -> str:
    """What a line above the text is, or an empty string for the first line of the text."""
    if "published" not in seen and (is_date(line) or ("title" in seen and _is_bracketed(line))):
        return "published"
    if "url" not in seen and _URL.fullmatch(line.text):
        return "url"
    if "title" in seen and "author" not in seen and opens_byline(line.text) and read_byline(line.text, DateRules()) is not None:
        return "author"
    if "title" not in seen and len(line.text) <= _TITLE and not _opens_text(line, seen):
        return "title"
    if "published" in seen or "url" in seen:
        return ""
    below = [more for more in lines if more.number > line.number][: _REACH - 1]
    goes_on = has_top([line, *below]) and not line.prose
    return ("title" if not line.gap else "standfirst") if goes_on else ""


def _field(role: str, line: Line) -> list[Field]:
    if role != "url":
        return [Field(role=role, lines=(line,))]
    start = line.text.lower().index("http")
    return [Field(role="url", label=line.text[:start].strip(), lines=(cut_label(line, start),))]


def _joined(fields: Sequence[Field]) -> tuple[Field, ...]:
    """A headline of several lines is one field."""
    titles = [line for field in fields if field.role == "title" for line in field.lines]
    joined: list[Field] = []
    for field in fields:
        if field.role != "title":
            joined.append(field)
        elif titles:
            joined.append(Field(role="title", lines=tuple(titles)))
            titles = []
    return tuple(joined)
