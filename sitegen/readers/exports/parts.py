"""One article of an export taken apart: fields with their roles, and the lines of its body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.readers.exports.tables import Labels
from sitegen.readers.text.lines import Line, is_prose

_REACH: Final = 6
_GLUED_LABELS: Final = 2


class Field(Struct, frozen=True, kw_only=True):
    """A value of the export, with the label or code that stands before it."""

    role: str
    """What the value is (`author`), or `drop:` and the rule by which it is not shown."""
    lines: tuple[Line, ...]
    """Without the label."""
    label: str = ""
    label_line: Line | None = None
    """Where the label stands alone on a line."""

    @property
    def text(self) -> str:
        """The value on one line."""
        return " ".join(line.text for line in self.lines)


class Parts(Struct, frozen=True, kw_only=True):
    """An article taken apart."""

    head: tuple[Field, ...] = ()
    body: tuple[Line, ...] = ()
    tail: tuple[Field, ...] = ()
    after: tuple[Line, ...] = ()
    """Lines behind its end, which are not its own."""
    closed: bool = False
    """Whether anything marks its end."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, in order."""
        return (*self.head, *self.tail)

    def text_of(self, role: str) -> str:
        """The first value with this role, or an empty string."""
        return next((field.text for field in self.fields if field.role == role), "")


class Block(Struct, frozen=True):
    """Lines without a blank line between; with a label, it stands at the beginning of the first."""

    lines: tuple[Line, ...]
    role: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        """The block on one line."""
        return " ".join(line.text for line in self.lines)


def dropped(rule: str, *lines: Line) -> Field:
    """Lines that are not shown."""
    return Field(role=f"drop:{rule}", lines=lines)


def label_only(field: Field) -> Field:
    """The label of a field whose value is the text itself."""
    line = field.label_line or (Line(field.lines[0].number, field.label) if field.lines else None)
    return Field(role="drop:label", label=field.label, label_line=line, lines=())


def cut_label(line: Line, end: int) -> Line:
    """`line` without the first `end` characters of its text; blank where nothing is left."""
    text = line.text[end:].strip()
    return replace(line, text=text, spaced="", prose=is_prose(text))


def blocks_of(lines: Sequence[Line], labels: Labels) -> list[Block]:
    """`lines` in blocks: blank lines part them, and in the first one and behind a label each further label does.

    A single label amid the lines of the text is part of it; several at the end of a paragraph are not.
    """
    blocks: list[Block] = []
    run: list[Line] = []
    for line in lines:
        above = label_at(run[0], labels) if run and not line.gap else None
        parted = above[1] != "body" if above is not None else not blocks
        if run and (line.gap or (parted and label_at(line, labels) is not None)):
            blocks += _parted(run, labels)
            run = []
        run.append(line)
    return blocks + (_parted(run, labels) if run else [])


def _parted(run: Sequence[Line], labels: Labels) -> list[Block]:
    """A run of lines as one block, and each of the labels that are glued to its end as another."""
    end = len(run)
    while end > 1 and label_at(run[end - 1], labels) is not None:
        end -= 1
    if len(run) - end < _GLUED_LABELS:
        end = len(run)
    return [_block(part, labels) for part in (run[:end], *([line] for line in run[end:]))]


def label_at(line: Line, labels: Labels) -> tuple[str, str, int] | None:
    """The label that `line` begins with, its role, and where the value begins."""
    match = labels.line.match(line.text) if ":" in line.text[:40] else labels.alone.fullmatch(line.text)
    if match is None:
        return None
    label = match["label"]
    start = match.start("value") if match.re is labels.line else match.end()
    role = labels.roles[label.lower()]
    # Without its colon only the label of the text itself is sure to be one.
    if match.re is labels.alone and role not in ("body", "drop:export-field") and not (role == "standfirst" and label.isupper()):
        return None
    return label, role, start


def _block(run: Sequence[Line], labels: Labels) -> Block:
    found = label_at(run[0], labels)
    return Block(tuple(run), found[1], found[0]) if found else Block(tuple(run))


def field_of(block: Block, labels: Labels, following: Sequence[Block] = ()) -> Field:
    """The field that a block with a label is; `following` are blocks with which its value goes on."""
    found = label_at(block.lines[0], labels)
    rest = tuple(line for more in following for line in more.lines)
    if found is None:
        return dropped(block.role.removeprefix("drop:") or "export-field", *block.lines, *rest)
    _, role, start = found
    marker = block.lines[0].text[:start].strip()
    first = cut_label(block.lines[0], start)
    if not first.text:
        return Field(role=role, label=marker, label_line=block.lines[0], lines=(*block.lines[1:], *rest))
    return Field(role=role, label=marker, lines=(first, *block.lines[1:], *rest))


def tail_start(blocks: Sequence[Block], floor: int, end: int, labels: Labels) -> int:
    """The index of the first of the labelled blocks with which an article closes, `end` if there are none.

    A label inside the text, with unlabelled paragraphs between it and the end, is part of the text.
    """
    start = end
    while start > floor:
        back = start - 1
        while back > floor and not blocks[back].role and start - back < _REACH:
            back -= 1
        role = blocks[back].role
        if role in ("", "body") or (back < start - 1 and role not in labels.may_continue):
            break
        start = back
    return start


def fields_of(blocks: Sequence[Block], labels: Labels) -> tuple[Field, ...]:
    """The fields of labelled blocks; a block without a label goes on with the field before it."""
    fields: list[Field] = []
    index = 0
    while index < len(blocks):
        end = index + 1
        while end < len(blocks) and not blocks[end].role:
            end += 1
        fields.append(field_of(blocks[index], labels, blocks[index + 1 : end]))
        index = end
    return tuple(fields)
