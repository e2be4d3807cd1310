"""The newer Nexis layout: headline, source, date and copyright, `Label: value`, `Body` alone, `End of Document`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.dates import DateRules
from sitegen.readers.exports.fields import find_export_date
from sitegen.readers.exports.parts import Field, Parts, cut_label, dropped
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.text.lines import Line

NAME: Final = "nexis"
WRAPPED: Final = False

_REACH: Final = 30
_TOP: Final = 8
_COVER: Final = 4_000
_LONGEST_DATE: Final = 80
_DIGIT: Final = re.compile(r"\d")
_PAGE: Final = re.compile(r"(?:Page|Seite) \d{1,5} (?:of|von) \d{1,5}")
# These stand above the text only, those below it only.
_ABOVE: Final = frozenset(
    {"section", "drop:length", "author", "dateline", "standfirst", "drop:export-field", "correction"}
)
_BELOW: Final = frozenset(
    {"drop:load-date", "figure", "drop:export-field", "language", "tags", "url", "correction", "drop:copyright"}
)


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: behind the end of another one, or with headline, source and date."""
    if index and _is_end(lines[index - 1]):
        return _has_labels(lines, index)
    # In this order: the first two rule out nearly every line, and are asked of all of them.
    if index > _COVER or len(lines) - index < _TOP // 2 or not _dates_soon(lines, index):
        return False
    ended = any(map(_is_end, lines[max(0, index - _TOP) : index]))
    return not ended and _has_labels(lines, index) and not _in_list(lines, index)


def _dates_soon(lines: Sequence[Line], index: int) -> bool:
    """Whether headline, source and date stand in the three lines from here, the copyright note below them."""
    date = lines[index + 2].text
    if len(date) > _LONGEST_DATE or _DIGIT.search(date) is None or ":" in lines[index + 1].text[:20]:
        return False
    rights = export_tables().rights
    # To read a date takes longest.
    return any(rights.match(line.text) for line in lines[index + 3 : index + 5]) and _is_date(date)


def _in_list(lines: Sequence[Line], index: int) -> bool:
    """Whether the line is one of the cover's list of documents."""
    return lines[index].text[0].isdigit() and export_tables().nexisuni_cover.match(lines[index + 1].text) is not None


def _has_labels(lines: Sequence[Line], index: int) -> bool:
    """Whether the layout's labels stand below, before the next article's end."""
    for line in lines[index : index + _REACH]:
        if _is_end(line):
            return False
        found = _label(line)
        if found is not None and found[1] in ("drop:length", "body"):
            return True
    return False


def _is_end(line: Line) -> bool:
    return len(line.text) < _TOP * 4 and export_tables().nexisuni_end.fullmatch(line.text) is not None


def _is_date(text: str) -> bool:
    date = find_export_date(text, DateRules()) if len(text) <= _LONGEST_DATE else None
    return date is not None and date.start == 0 and date.moment.precision != "year"


def _label(line: Line) -> tuple[str, str, int] | None:
    """A label of this layout at the beginning of a line, its role, and where its value begins."""
    match = export_tables().nexisuni.line.match(line.text) if ":" in line.text[:30] else None
    match = match or export_tables().nexisuni.alone.fullmatch(line.text)
    if match is None:
        return None
    label = match["label"]
    start = match.start("value") if ":" in match[0][len(label) : len(label) + 2] else len(line.text)
    return label, export_tables().nexisuni.roles[label.lower()], start


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article that begins with its headline."""
    end = next((index + 1 for index, line in enumerate(lines) if _is_end(line)), len(lines))
    closed = end > 0 and _is_end(lines[end - 1])
    rows = lines[: end - 1] if closed else lines[:end]
    text = next((index for index, line in enumerate(rows) if _starts_body(line)), None)
    tail = _tail_start(rows, text + 1 if text is not None else len(rows))
    top = text if text is not None else tail
    marker = (
        [Field(role="drop:label", label=rows[text].text, label_line=rows[text], lines=())] if text is not None else []
    )
    inner = [line for line in rows[top + len(marker) : tail] if not _PAGE.fullmatch(line.text)]
    pages = [dropped("page", line) for line in rows[top:tail] if _PAGE.fullmatch(line.text)]
    closing = [dropped("end-mark", lines[end - 1])] if closed else []
    return Parts(
        head=(*_read_head(rows[:top]), *marker),
        body=tuple(inner),
        tail=(*_fields(rows[tail:]), *pages, *closing),
        after=tuple(lines[end:]),
        closed=closed or tail < len(rows),
    )


def _starts_body(line: Line) -> bool:
    found = _label(line)
    return found is not None and found[1] == "body" and found[2] >= len(line.text)


def _tail_start(rows: Sequence[Line], floor: int) -> int:
    """Where the labels below the text begin: with `Load-Date`, or with the pictures that stand right above it."""
    start = len(rows)
    for index in range(len(rows) - 1, floor - 1, -1):
        found = _label(rows[index])
        if found is not None and found[1] in _BELOW and (found[1] != "figure" or found[2] >= len(rows[index].text)):
            start = index
        elif start - index > _TOP:
            break
    return start


def _read_head(rows: Sequence[Line]) -> list[Field]:
    """Headline of one or more lines, source, date, copyright, then labels."""
    date = next((index for index, line in enumerate(rows[:_TOP]) if index and _is_date(line.text)), None)
    if date is None:
        first = [Field(role="title", lines=(rows[0],))] if rows else []
        return [*first, *_fields(rows[1:])]
    source = [Field(role="source", lines=(rows[date - 1],))] if date > 1 else []
    titles = rows[: date - len(source)]
    # A headline is repeated where a running head stood on each page.
    again = [dropped("repeated-headline", line) for line in titles[1:] if line.text == titles[0].text]
    title = Field(
        role="title", lines=tuple(line for line in titles if line is titles[0] or line.text != titles[0].text)
    )
    return [title, *again, *source, Field(role="published", lines=(rows[date],)), *_fields(rows[date + 1 :])]


def _fields(rows: Sequence[Line]) -> list[Field]:
    """Labelled values, each of which goes on up to the next label; what no label precedes is the export's own."""
    fields: list[Field] = []
    for line in rows:
        found = _label(line)
        if found is not None:
            _, role, start = found
            value = cut_label(line, start)
            bare = not value.text
            fields.append(
                Field(role=role, label=line.text[:start].strip() if not bare else line.text,
                      label_line=line if bare else None, lines=() if bare else (value,))
            )  # fmt: skip
        elif export_tables().rights.match(line.text):
            fields.append(dropped("copyright", line))
        elif (
            fields
            and fields[-1].role in ("figure", "standfirst", "section", "author", "tags", "correction")
            and (not line.gap or not fields[-1].lines or fields[-1].role == "figure")
        ):
            last = fields[-1]
            fields[-1] = Field(role=last.role, label=last.label, label_line=last.label_line, lines=(*last.lines, line))
        else:
            fields.append(dropped("edition" if not _PAGE.fullmatch(line.text) else "page", line))
    return fields
