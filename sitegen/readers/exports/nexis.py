"""Nexis classic text: a count of documents, centred lines for source and date, labels, wrapped text, labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.exports import proquest
from sitegen.readers.exports.parts import (
    Block,
    Field,
    Parts,
    blocks_of,
    dropped,
    field_of,
    fields_of,
    label_only,
    tail_start,
)
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.text.lines import Line

NAME: Final = "nexis"
WRAPPED: Final = True

# `1 of 2` and a word.
_SHORTEST_MARK: Final = 8
_LONGEST_MARK: Final = 59
_CENTRED: Final = 6
_SENTENCE: Final = 7
_DATE_NOTE: Final = 45
_REACH: Final = 30
_LONGEST_TITLE: Final = 400
_ANY_LABEL = re.compile(r"[A-ZÀ-Þ]{2,20}(?:[- ][A-ZÀ-Þ]{2,20}){0,3}:(?=\s|$)")
_STRONG: Final = frozenset({"drop:load-date", "drop:export-field", "drop:copyright", "language"})
_HEAD: Final = frozenset(
    {"author", "section", "standfirst", "title", "dateline", "drop:length", "drop:copyright", "tags", "figure"}
)

# Nobody puts these between date and text; a headline may look like one.
_ODD_IN_HEAD: Final = frozenset({"tags", "figure", "correction", "drop:export-field"})


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: with the mark that counts it."""
    text = lines[index].text
    if not _SHORTEST_MARK <= len(text) <= _LONGEST_MARK or not text[-1].isalnum():
        return False
    if export_tables().nexis_mark.fullmatch(text) is None:
        return False
    # ProQuest counts its documents too, below its rules or without them.
    return not (index and lines[index - 1].text.startswith("____")) and not proquest.has_labels(lines[index + 1 : index + _REACH])


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article that begins with the mark in `lines[0]`."""
    labels = export_tables().nexis
    blocks = [_capitals_only(block) for block in _with_rights(blocks_of(lines[1:], labels))]
    blocks = _with_headline(_with_unknown_labels(blocks))
    top = _top_length(blocks)
    opening = _read_top(blocks[:top])
    start = _head_end(blocks, top)
    head = fields_of(blocks[top:start], labels)
    if head and head[-1].role == "body":
        head, written = head[:-1], head[-1:]
        markers = tuple(map(label_only, written))
        text = tuple(line for field in written for line in field.lines)
    else:
        markers, text = (), ()
    end = _end(blocks, start)
    tail = tail_start(blocks, start, end, labels)
    return Parts(
        head=(dropped("document-mark", lines[0]), *opening, *head, *markers),
        body=(*text, *(line for block in blocks[start:tail] for line in block.lines)),
        tail=fields_of(blocks[tail:end], labels),
        after=tuple(line for block in blocks[end:] for line in block.lines),
        closed=tail < end,
    )


def _capitals_only(block: Block) -> Block:
    """Nexis writes its labels in capitals; `Correction: …` is a headline or a sentence."""
    return block if not block.label or block.label.isupper() else Block(block.lines)


def _with_unknown_labels(blocks: list[Block]) -> list[Block]:
    """`blocks` with a label of no table told as one where it stands among others: `PUB-SUBJECT:` below `SUBJECT: …`."""
    for index in range(1, len(blocks) - 1):
        block = blocks[index]
        if block.role or not blocks[index - 1].role or not blocks[index + 1].role:
            continue
        match = _ANY_LABEL.match(block.lines[0].text)
        if match is not None:
            blocks[index] = Block(block.lines, "drop:export-field", match[0])
    return blocks


def _with_headline(blocks: list[Block]) -> list[Block]:
    """`blocks` with a headline such as `CORRECTION: …` between the date and the labels told from a label."""
    dated = titled = False
    for index, block in enumerate(blocks):
        if block.role in _HEAD - _ODD_IN_HEAD or (block.role in _ODD_IN_HEAD and not dated):
            break
        if block.role in _ODD_IN_HEAD and not titled:
            following = next((more.role for more in blocks[index + 1 : index + 2]), "")
            if following in _HEAD - _ODD_IN_HEAD or following == "":
                return [*blocks[:index], Block(block.lines), *blocks[index + 1 :]]
            break
        dated = dated or any(_has_date(line.text) for line in block.lines)
        titled = titled or (not block.role and not _is_centred(block.lines[0]) and not _has_date(block.text))
    return blocks


def _with_rights(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` with copyright notes parted from what is glued to them and made fields of their own."""
    rights = export_tables().rights
    parted: list[Block] = []
    for block in blocks:
        marks = [not block.role and rights.fullmatch(line.text) is not None for line in block.lines]
        if True not in marks:
            parted.append(block)
            continue
        if marks[0] and True in marks[1:]:
            # A note of several lines goes on to its last mark.
            last = len(marks) - 1 - marks[::-1].index(True)
            marks[: last + 1] = [True] * (last + 1)
        notes = tuple(line for line, mark in zip(block.lines, marks, strict=True) if mark)
        others = tuple(line for line, mark in zip(block.lines, marks, strict=True) if not mark)
        parted.append(Block(notes, "drop:copyright"))
        if others:
            parted.append(Block(others))
    return parted


def _top_length(blocks: Sequence[Block]) -> int:
    """How many blocks stand above the first label, or above the text where there is no label."""
    date = title = False
    for index, block in enumerate(blocks):
        if block.role == "drop:copyright":
            continue
        if block.role:
            return index
        if date and title and not _is_centred(block.lines[0]) and not _has_date(block.text):
            labelled = next((more.role for more in blocks[index + 1 : index + 3] if more.role), "")
            if labelled not in _HEAD - _ODD_IN_HEAD or labelled == "drop:copyright" or len(block.text) > _LONGEST_TITLE:
                return index
        date = date or any(_has_date(line.text) for line in block.lines)
        title = title or not _is_centred(block.lines[0])
    return len(blocks)


def _head_end(blocks: Sequence[Block], start: int) -> int:
    """The index of the first block of the text: behind the labels, and behind a value that stands below its label."""
    index = start
    while index < len(blocks) and blocks[index].role in (*_HEAD, "body"):
        block = blocks[index]
        index += 1
        if block.role == "body":
            return index
        bare = block.text.rstrip().endswith(":") and len(block.text) <= len(block.label) + 2
        if bare and index < len(blocks) and not blocks[index].role and block.role != "drop:length":
            index += 1
    return index


def _end(blocks: Sequence[Block], start: int) -> int:
    """Behind the last block that only an article's end has."""
    for index in range(len(blocks) - 1, start - 1, -1):
        block = blocks[index]
        # A copyright note that no label precedes may stand anywhere in the text.
        noted = block.role != "drop:copyright" or (index > start and blocks[index - 1].role not in ("", block.role))
        if block.role in _STRONG and noted:
            end = index + 1
            while end < len(blocks) and (blocks[end].role or all(_is_centred(line) for line in blocks[end].lines)):
                end += 1
            return end
    return len(blocks)


def _read_top(blocks: Sequence[Block]) -> list[Field]:
    """Source, date, edition, headline and deck: told by their place on the line, where that was kept, and order."""
    lines = [line for block in blocks if not block.role for line in block.lines]
    placed = any(_is_centred(line) for line in lines)
    # A headline may be of a date too, but where a date stands in the middle of the page it is that one.
    dated = any(_is_centred(line) and _has_date(line.text) for line in lines)
    fields: list[Field] = []
    for block in blocks:
        if block.role:
            fields.append(field_of(block, export_tables().nexis))
        elif placed and not _is_centred(block.lines[0]):
            fields.append(_flush(block, fields, dated=dated))
        elif not any(field.role == "source" for field in fields) and _is_notice(block):
            fields.append(dropped("copyright", *block.lines))
        else:
            fields += _centred(block, fields, placed=placed)
    return _with_title(fields)


def _is_notice(block: Block) -> bool:
    """Whether the lines are sentences: no publication is called so, but a database may say what may be done with it."""
    return block.text[-1] == "." and block.text.count(" ") >= _SENTENCE


def _flush(block: Block, fields: Sequence[Field], *, dated: bool) -> Field:
    seen = {field.role for field in fields}
    if not dated and "published" not in seen and _has_date(block.text):
        return Field(role="published", lines=block.lines)
    return Field(role="standfirst" if "title" in seen else "title", lines=block.lines)


def _centred(block: Block, before: Sequence[Field], *, placed: bool) -> list[Field]:
    """The lines of a block in the middle of the page; where no place was kept, the order alone must tell."""
    fields: list[Field] = []
    for line in block.lines:
        seen = {field.role for field in (*before, *fields)}
        if "published" not in seen and _has_date(line.text):
            fields.append(Field(role="published", lines=(line,)))
        elif "source" not in seen:
            fields.append(Field(role="source", lines=(line,)))
        elif placed or (fields and fields[-1].role in ("published", "drop:edition")):
            fields.append(dropped("edition", line))
        elif fields and fields[-1].role == "title":
            fields[-1] = Field(role="title", lines=(*fields[-1].lines, line))
        else:
            fields.append(Field(role="standfirst" if "title" in seen else "title", lines=(line,)))
    return fields


def _with_title(fields: list[Field]) -> list[Field]:
    """A centred headline was taken for an edition: without another one, the longest of these is it."""
    if any(field.role == "title" for field in fields):
        return fields
    editions = [field for field in fields if field.role == "drop:edition" and len(field.text) > _CENTRED * 4]
    if not editions:
        return fields
    longest = max(editions, key=lambda field: len(field.text))
    return [replace(field, role="title") if field is longest else field for field in fields]


def _is_centred(line: Line) -> bool:
    return line.indent >= _CENTRED


def _has_date(text: str) -> bool:
    """Whether a line is a date, with little beside it."""
    if len(text) > 90 or not any(char.isdigit() for char in text):
        return False
    date = next(find_dates(text, DateRules()), None)
    return date is not None and len(text) - (date.end - date.start) <= _DATE_NOTE and date.start < 20
