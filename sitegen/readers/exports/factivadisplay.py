"""Factiva's display format: headline, byline, `412 words`, date, source and its code, language, copyright, no labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.exports.factiva import is_document
from sitegen.readers.exports.parts import Field, Parts, dropped
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.names import opens_byline, read_byline
from sitegen.readers.text.lines import Line

NAME: Final = "factiva"
WRAPPED: Final = False

_ABOVE: Final = 10
_BELOW: Final = 12
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?: ?[ap]m)?(?: GMT)?", re.IGNORECASE)
_SOURCE_CODE = re.compile(r"[A-Z][A-Z0-9]{2,6}")
_LONGEST_SECTION: Final = 40
_PAIR: Final = 2


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: at the top or behind another one, and its count of words and date below."""
    if index and not is_document(lines[index - 1]):
        return False
    return _count_at(lines[index : index + _ABOVE]) > 0


def _count_at(lines: Sequence[Line]) -> int:
    """Where the count of words stands with the date below it, or -1."""
    counts = export_tables().factiva_count
    for number, line in enumerate(lines[:-1]):
        if is_document(line):
            return -1
        if len(line.text) < _LONGEST_SECTION and counts.fullmatch(line.text) and _is_date(lines[number + 1].text):
            return number
    return -1


def _is_date(text: str) -> bool:
    if len(text) > _LONGEST_SECTION or not any(char.isdigit() for char in text):
        return False
    return any(date.start == 0 and date.moment.precision == "day" for date in find_dates(text, DateRules()))


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article of `lines`."""
    end = next((index + 1 for index, line in enumerate(lines) if is_document(line)), len(lines))
    closed = bool(lines) and is_document(lines[end - 1])
    rows = lines[: end - 1] if closed else lines[:end]
    count = _count_at(rows)
    below, text = _below(rows, count + 1)
    number = [Field(role="number", lines=(lines[end - 1],))] if closed else []
    return Parts(
        head=(*_above(rows[:count]), dropped("length", rows[count]), *below),
        body=tuple(rows[text:]),
        tail=tuple(number),
        after=tuple(lines[end:]),
        closed=closed,
    )


def _above(rows: Sequence[Line]) -> list[Field]:
    """Section, headline and byline: the headline is the last line before a blank one, or the longest."""
    furniture = export_tables().furniture
    printed = [dropped("page", line) for line in rows if furniture.fullmatch(line.text)]
    rows = [line for line in rows if not furniture.fullmatch(line.text)]
    if not rows:
        return printed
    stretches: list[list[Line]] = []
    for line in rows:
        if stretches and not line.gap:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    first = stretches[0]
    fields = printed
    if len(first) > 1 and _is_section(first):
        fields.append(Field(role="section", lines=(first[0],)))
        first = first[1:]
    if len(stretches) == 1 and len(first) > 1 and _is_byline(first[-1].text):
        stretches.append([first[-1]])
        first = first[:-1]
    fields.append(Field(role="title", lines=tuple(first)))
    for stretch in stretches[1:-1]:
        fields.append(Field(role="standfirst", lines=tuple(stretch)))
    if len(stretches) > 1:
        fields.append(Field(role="author", lines=tuple(stretches[-1])))
    return fields


def _is_section(lines: Sequence[Line]) -> bool:
    """Whether the first line above the headline is a desk: a part of it is a page, it is short, or in capitals."""
    text, below = lines[0].text, lines[1].text
    if len(text) > _LONGEST_SECTION or opens_byline(below):
        return False
    if ";" in text or (text.isupper() and not below.isupper()):
        return True
    # A headline may be shorter than the line of its writers.
    return len(text) < len(below) and not (len(lines) == _PAIR and _is_byline(below))


def _is_byline(text: str) -> bool:
    """Whether a line below a headline names its writers: with the word, an agency or a role, or as full names alone."""
    if opens_byline(text) or read_byline(text, DateRules(), word_needed=False) is not None:
        return True
    named = read_byline(f"By {text}", DateRules())
    if named is None or not named.people or any(span.rule == "byline-note" for span in named.spans):
        return False
    rolled = any(span.rule in ("byline-role", "byline-affiliation", "byline-contact") for span in named.spans)
    return rolled or all(_FULL_NAME.fullmatch(name) for name in named.people)


# A headline in capitals may look like one; a name has no small words, and no more than three.
_FULL_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){1,2}")


def _below(rows: Sequence[Line], start: int) -> tuple[list[Field], int]:
    """Date, time of day, source, code, edition, page, language and copyright, and where the text begins."""
    fields = [Field(role="published", lines=(rows[start],))]
    index = start + 1
    while index < min(len(rows), start + _BELOW):
        line = rows[index]
        seen = {field.role for field in fields}
        if export_tables().rights.match(line.text):
            fields.append(dropped("copyright", line))
        elif "language" in seen or line.prose:
            break
        elif line.text.casefold() in export_tables().languages:
            fields.append(Field(role="language", lines=(line,)))
        elif "time" not in seen and _CLOCK.fullmatch(line.text):
            fields.append(Field(role="time", lines=(line,)))
        elif "source" not in seen:
            fields.append(Field(role="source", lines=(line,)))
        else:
            code = _SOURCE_CODE.fullmatch(line.text) is not None
            fields.append(dropped("export-code" if code else "edition", line))
        index += 1
    return fields, index
