"""A mail around a story: its fields, what its sender wrote above the story, and what stands below as a signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.readers.dates import DateRules
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.names import read_byline
from sitegen.readers.text.lines import Line, is_prose
from sitegen.readers.text.roles import Labelled

_REACH: Final = 80
_FEWEST: Final = 2
_LONGEST_NOTE: Final = 600
_LONGEST_FIELD: Final = 300
_STORY_TOP: Final = 24
_TITLE_WORDS: Final = 3
_LONGEST_TITLE: Final = 160
_TAIL: Final = 12
_RULE = re.compile(r"_{10,}|-{20,}|={20,}|\*{10,}")


class MailFrame(Struct, frozen=True, kw_only=True):
    """What of a source's lines is the mail's own, and the lines of the story."""

    outside: list[Labelled]
    lines: list[Line]


class _Words(Struct, frozen=True, kw_only=True):
    field: re.Pattern[str]
    subject: re.Pattern[str]
    mark: re.Pattern[str]
    note: re.Pattern[str]


@by_knowledge()
def _words() -> _Words:
    table = knowledge("corpora")["mail"]
    fields, subjects = ("|".join(table[key]) for key in ("fields", "subject"))
    return _Words(
        field=re.compile(rf"\*?(?:{fields})\s?[:：]\*?(?:\s|$)", re.IGNORECASE),
        subject=re.compile(rf"\*?(?:{subjects})\s?[:：]", re.IGNORECASE),
        mark=re.compile("|".join(table["marks"]), re.IGNORECASE),
        note=re.compile(table["notes"], re.IGNORECASE),
    )


def without_mail(lines: list[Line], opens_story: Callable[[str], bool]) -> MailFrame:
    """`lines` without the mail around them; all of them where there is none.

    `opens_story` tells the first paragraph of a wire story, above which a note ends too.
    """
    if not any(map(_may_be_mail, lines[:_REACH])):
        return MailFrame(outside=[], lines=lines)
    quotes, lines = _unquoted(lines)
    start = _end_of_fields(lines)
    if not start:
        return MailFrame(outside=[], lines=lines) if not quotes else MailFrame(outside=quotes, lines=lines)
    outside = [*quotes, *(Labelled(line, "furniture", rule="mail-field", why="a mail's own line") for line in lines[:start])]
    rest = lines[start:]
    note = _note_length(rest, opens_story)
    outside += [Labelled(line, "furniture", rule="mail-note", why="written by who sent it on") for line in rest[:note]]
    end = _signature(rest, note)
    outside += [Labelled(line, "furniture", rule="mail-signature", why="below a mail") for line in rest[end:]]
    return MailFrame(outside=outside, lines=rest[note:end])


def _may_be_mail(line: Line) -> bool:
    """A cheap test for a subject's line."""
    text = line.text
    return ":" in text[:24] and _words().subject.match(text.lstrip("> ")) is not None


def _unquoted(lines: list[Line]) -> tuple[list[Labelled], list[Line]]:
    """`lines` without the signs `>` that quote them, where most have one."""
    quoted = sum(line.text[0] == ">" for line in lines)
    if quoted * 3 < len(lines) * 2:
        return [], lines
    marks: list[Labelled] = []
    bare: list[Line] = []
    gap = 0
    for line in lines:
        text = line.text.lstrip("> ")
        sign = line.text[: len(line.text) - len(text)].strip()
        if sign:
            marks.append(Labelled(Line(line.number, sign), "furniture", rule="quote-mark", why="quotes a mail"))
        if not text:
            gap += 1 + line.gap
            continue
        bare.append(replace(line, text=text, gap=line.gap + gap, spaced="", prose=is_prose(text)))
        gap = 0
    return marks, bare


def _end_of_fields(lines: Sequence[Line]) -> int:
    """Behind the last mail's fields near the top; 0 where there are none, or where more prose stands above than below."""
    words = _words()
    end = index = 0
    while index < min(_REACH, len(lines)):
        if words.mark.fullmatch(lines[index].text):
            index += 1
            end = index if end else end
            continue
        run = _run_of_fields(lines, index)
        if run > index:
            end = index = run
        else:
            index += 1
    above = [line for line in lines[:end] if words.field.match(line.text) is None]
    below = sum(len(line.text) for line in lines[end:])
    return end if end and sum(len(line.text) for line in above) < min(below, _LONGEST_NOTE * 2) else 0


def _run_of_fields(lines: Sequence[Line], start: int) -> int:
    """Behind the run of fields that begins with the line at `start`, or `start` where there is none."""
    words = _words()
    count = 0
    named = False
    index = start
    while index < len(lines):
        line = lines[index]
        if words.field.match(line.text) and len(line.text) <= _LONGEST_FIELD:
            count += 1
            named = named or words.subject.match(line.text) is not None
        elif not count or line.gap or not line.indent:
            break
        index += 1
        if index < len(lines) and lines[index].gap > 1:
            break
    return index if named and count >= _FEWEST else start


def _note_length(lines: Sequence[Line], opens_story: Callable[[str], bool]) -> int:
    """How many lines at the top the sender wrote: those above a headline that a byline or a dateline shows to be one."""
    stretches: list[list[Line]] = []
    found = False
    for line in lines[:_STORY_TOP]:
        if line.gap or not stretches:
            stretches.append([])
        stretches[-1].append(line)
        if read_byline(line.text, DateRules()) is not None or opens_story(line.text):
            found = True
            break
    length = 0
    for stretch in stretches:
        if not found and (length or not _words().note.match(stretch[0].text)):
            break
        if not _is_note(stretch) or stretch is stretches[-1]:
            break
        length += len(stretch)
    return length if sum(len(line.text) for line in lines[:length]) <= _LONGEST_NOTE else 0


def _is_note(stretch: Sequence[Line]) -> bool:
    """Whether these lines are no headline: a sentence, a greeting, a name below one."""
    first = stretch[0].text
    if len(first) > _LONGEST_TITLE or stretch[0].prose or _words().note.match(first) or _RULE.fullmatch(first):
        return True
    return first.count(" ") + 1 < _TITLE_WORDS or first[-1] in ".,!:"


def _signature(lines: Sequence[Line], floor: int) -> int:
    """Where what stands below the story begins: the sign `--`, or a rule with a few short lines below it."""
    for index in range(max(floor + 1, len(lines) - _TAIL), len(lines)):
        text = lines[index].text
        few = sum(len(line.text) for line in lines[index + 1 :]) <= _LONGEST_NOTE
        if few and (text in ("--", "- --") or _RULE.fullmatch(text) or _words().mark.fullmatch(text)):
            return index
    return len(lines)
