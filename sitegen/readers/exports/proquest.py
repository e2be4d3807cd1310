"""ProQuest text: rules of underscores, an unlabelled headline, blocks `Label: value`, the text among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from sitegen.readers.exports.parts import (
    Block,
    Field,
    Parts,
    blocks_of,
    cut_label,
    dropped,
    fields_of,
    label_at,
    label_only,
    tail_start,
)
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.text.lines import Line

NAME: Final = "proquest"
WRAPPED: Final = False

_RULE = re.compile(r"_{50,}")
_REACH: Final = 60
_LONGEST_MARK: Final = 59
_LONGEST_HEADLINE: Final = 300
_TOP: Final = 4
# The labels with which the export ends an article, and those with which it begins one.
_CLOSING = re.compile(r"(?:Database|Base de datos|Base de données|Datenbank|Last updated|Copyright|Document URL|ProQuest document ID)\s?:")
_OPENING: Final = frozenset({"author", "info", "standfirst", "body"})
_FEWEST_LABELS: Final = 2
# Any other label that an article begins with is rather the first word of its headline: `Editorial: …`.
_NO_HEADLINE: Final = frozenset({"title", "author", "source", "published", "body", "number", "info"})


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: a rule or a count with labels below it, or a headline below another's last label."""
    text = lines[index].text
    if text[0] == "_":
        return is_rule(lines[index]) and has_labels(lines[index + 1 : index + 1 + _REACH])
    if len(text) <= _LONGEST_MARK and text[-1].isalnum() and export_tables().nexis_mark.fullmatch(text):
        return not (index and is_rule(lines[index - 1])) and has_labels(lines[index + 1 : index + 1 + _REACH])
    return index > 0 and _follows_another(lines, index)


def _follows_another(lines: Sequence[Line], index: int) -> bool:
    """Whether a headline stands here: below it labels as above a text, above it the last of those below one."""
    above = lines[index - 1].text
    if ":" not in above[:40] or len(lines[index].text) > _LONGEST_HEADLINE or not _CLOSING.match(above):
        return False
    labels = export_tables().proquest
    if label_at(lines[index], labels) is not None:
        return False
    for line in lines[index + 1 : index + 1 + _TOP]:
        found = label_at(line, labels)
        if found is not None:
            return found[1] in _OPENING and has_labels(lines[index + 1 : index + 1 + _REACH])
    return False


def is_rule(line: Line) -> bool:
    """Whether the line is a rule that parts two articles."""
    return line.text[0] == "_" and _RULE.fullmatch(line.text) is not None


def has_labels(lines: Sequence[Line]) -> bool:
    """Whether enough labels stand in these lines before the next rule."""
    labels = export_tables().proquest
    roles: list[str] = []
    for line in lines:
        if is_rule(line):
            break
        found = label_at(line, labels)
        if found is not None:
            roles.append(found[1])
    return len(roles) >= _FEWEST_LABELS and not export_tables().proquest_needed.isdisjoint(roles)


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article of `lines`; a rule may stand above it."""
    labels = export_tables().proquest
    rule = [dropped("rule", lines[0])] if is_rule(lines[0]) else []
    if len(lines) > len(rule) and export_tables().nexis_mark.fullmatch(lines[len(rule)].text):
        rule.append(dropped("document-mark", lines[len(rule)]))
    blocks = blocks_of(lines[len(rule) :], labels)
    top = _top_length(blocks)
    opening = _read_top(blocks[:top])
    end = _end(blocks)
    written = next((index for index in range(top, end) if blocks[index].role == "body"), None)
    if written is None:
        head = fields_of(blocks[top:end], labels)
        fields = (*rule, *_one_title(opening, head), *_with_info(head, head))
        return Parts(head=fields, after=_lines(blocks[end:]), closed=True)
    start = written + 1
    (text,) = fields_of(blocks[written:start], labels)
    head = fields_of(blocks[top:written], labels)
    tail = tail_start(blocks, start, end, labels)
    closing = fields_of(blocks[tail:end], labels)
    known = (*head, *closing)
    marker = label_only(text)
    return Parts(
        head=(*rule, *_one_title(opening, known), *_with_info(head, known), marker),
        body=(*text.lines, *_lines(blocks[start:tail])),
        tail=_with_info(closing, known),
        after=_lines(blocks[end:]),
        closed=bool(closing),
    )


def _top_length(blocks: Sequence[Block]) -> int:
    """How many blocks stand above the first label."""
    if not blocks or blocks[0].role in _NO_HEADLINE:
        return 0
    return next((index for index, block in enumerate(blocks) if index and block.role), 1 if blocks[0].role else len(blocks))


def _read_top(blocks: Sequence[Block]) -> list[Field]:
    """The headline, which stands right above the labels or the line of publication; what is above it is the export's own."""
    if not blocks:
        return []
    lines = [line for block in blocks for line in block.lines]
    published = next((index for index, line in enumerate(lines) if index and _PUBLICATION.search(line.text)), len(lines))
    info = [field for line in lines[published : published + 1] for field in _published(line)]
    beside = [dropped("export-field", line) for line in lines[published + 1 :]]
    if published < len(lines):
        titles = [line for line in lines[:published] if line.gap == 0 or line is lines[published - 1]]
    else:
        titles = list(blocks[-1].lines)
    first = titles[0].number
    above = [dropped("outside-article", line) for line in lines[:published] if line.number < first]
    return [*above, Field(role="title", lines=tuple(line for line in lines[:published] if line.number >= first)), *info, *beside]


def _published(line: Line) -> list[Field]:
    """The line of publication, with the writers that stand before the name of the paper."""
    names = _WRITERS.match(line.text)
    if names is None:
        return [Field(role="info", lines=(line,))]
    # The full stop between belongs to the writers, where names may end in one.
    writers = replace(line, text=line.text[: names.end()].strip(), spaced="")
    return [Field(role="author", lines=(writers,)), Field(role="info", lines=(cut_label(line, names.end()),))]


# `Doe, Jane; Roe, Karl . New York Times`
_WRITER = r"[^;,.\[\]]{2,30}, [^;,\[\]]{2,30}?"
_WRITERS = re.compile(rf"(?P<names>{_WRITER}(?:; {_WRITER}){{0,5}})\s?\.\s")
# `Doe, Jane. New York Times; New York, N.Y. [New York, N.Y]. 15 Mar 2019: A.1.`
_PUBLICATION = re.compile(r"\[[^\[\]]{2,60}\]\.?\s{0,2}\d{1,2} [^\W\d_]{3,10}\.? \d{4}")


def _with_info(fields: Sequence[Field], known: Sequence[Field]) -> tuple[Field, ...]:
    """`fields` with the line of publication told apart where it alone gives source and date."""
    roles = {field.role for field in known}
    fallback = "drop:export-field" if {"source", "published"} & roles else "info"
    return tuple(replace(field, role=fallback) if field.role == "info" else field for field in fields)


def _one_title(opening: Sequence[Field], fields: Sequence[Field]) -> list[Field]:
    """The unlabelled headline, unless a label gives it again, or in full."""
    labelled = any(field.role == "title" and field.text for field in fields)
    return [replace(field, role="drop:repeated-headline") for field in opening] if labelled else list(opening)


def _end(blocks: Sequence[Block]) -> int:
    """Behind the article's last block: what the export says of itself is not part of it."""
    furniture = export_tables().furniture
    for index, block in enumerate(blocks):
        if not block.role and index and furniture.fullmatch(block.lines[0].text) and blocks[index - 1].role:
            return index
    return len(blocks)


def _lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    return tuple(line for block in blocks for line in block.lines)
