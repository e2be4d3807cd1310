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
_FEWEST_LABELS: Final = 2
# Any other label that an article begins with is rather the first word of its headline: `Editorial: …`.
_NO_HEADLINE: Final = frozenset({"title", "author", "source", "published", "body", "number", "info"})


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: a rule, and labels below it before the next one."""
    return is_rule(lines[index]) and has_labels(lines[index + 1 : index + 1 + _REACH])


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
    top = 1 if blocks and blocks[0].role not in _NO_HEADLINE else 0
    opening = [Field(role="title", lines=blocks[0].lines)] if top else []
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
