"""Factiva text: codes of two or three letters, alone on a line or before their value; `Document X` ends an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from sitegen.readers.exports.parts import Field, Parts, cut_label, dropped, label_only
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.knowledge import by_knowledge
from sitegen.readers.text.lines import Line

NAME: Final = "factiva"
WRAPPED: Final = False

_CODE = re.compile(r"(?P<code>[A-Z]{2,4})(?:$|\t\s*| {2,}|(?P<narrow> ))")
# Below the text a code before a single space needs more to be one, for words in capitals begin sentences too.
_NARROW_TAIL = re.compile(r"(?:CO|IN|NS|RE)\s[\w.]{2,12}\s:\s.+|AN\sDo.+|(?:IPD|IPC|PUB|RF)\s\S.{0,200}")
_OPENINGS: Final = frozenset({"SE", "HD", "CL", "BY", "WC", "PD", "SN", "CR"})
_ABOVE_HEADLINE: Final = 6
_STRAYS: Final = 3
_REACH: Final = 40
_FEWEST_CODES: Final = 2


def begins(lines: Sequence[Line], index: int) -> bool:
    """Whether an article begins here: the code of its headline, or one above that, and more codes below."""
    if lines[index].text[:2] not in _OPENINGS:
        return False
    if _begins_without_headline(lines, index):
        return True
    first = _code(lines[index], export_tables().factiva_head, narrow=True)
    if first not in ("SE", "HD", "CLM"):
        return False
    codes = _codes_below(lines, index)
    if first != "HD":
        return "HD" in codes[:1] and not _in_article(lines, index)
    above = [_code(line, export_tables().factiva_head, narrow=True) for line in lines[max(0, index - 4) : index]]
    below = codes[: codes.index("HD")] if "HD" in codes else codes
    known = {code for code in below if code in ("PD", "SN", "WC", "LP", "TD", "LA", "BY", "SC")}
    return len(known) >= _FEWEST_CODES and "SE" not in above and "CLM" not in above


def _codes_below(lines: Sequence[Line], index: int) -> list[str]:
    """The codes of the next lines, up to the next headline's."""
    codes: list[str] = []
    for line in lines[index + 1 : index + _REACH]:
        code = _code(line, _all_codes(), narrow=True)
        if code is not None:
            codes.append(code)
            if code == "HD":
                break
    return codes


def _begins_without_headline(lines: Sequence[Line], index: int) -> bool:
    """Whether an article without the headline's code begins here: at the top, or where another one has ended."""
    # A form feed has become a space.
    headed = any(_code(line, {"HD": ""}, narrow=True) for line in lines[: min(index, _STRAYS)])
    fresh = (index < _STRAYS and not headed) or lines[index].indent == 1 or is_document(lines[index - 1])
    if not fresh or _code(lines[index], export_tables().factiva_head, narrow=False) is None:
        return False
    codes: set[str] = set()
    for line in lines[index : index + _REACH]:
        if is_document(line):
            break
        codes |= {code for code in (_code(line, _all_codes(), narrow=False),) if code}
    return "HD" not in codes and not codes.isdisjoint(("LP", "TD")) and len(codes) > _FEWEST_CODES


def _in_article(lines: Sequence[Line], index: int) -> bool:
    """Whether codes of the same headline already stand right above: `HD`, `SE` in this order."""
    return any(_code(line, {"HD": ""}, narrow=True) for line in lines[max(0, index - 2) : index])


def take_apart(lines: Sequence[Line]) -> Parts:
    """The article of `lines`, which begins with its first code."""
    narrow = _is_narrow(lines)
    marks = _marks(lines, narrow=narrow)
    end = _end(lines, marks)
    marks = [mark for mark in marks if mark[0] < end]
    first = marks[0][0] if marks else end
    fields = [dropped("outside-article", line) for line in lines[:first]]
    body: list[Line] = []
    tail: list[Field] = []
    for (start, code), (stop, _) in pairwise([*marks, (end, "")]):
        role = _all_codes()[code]
        field = _field(code, role, lines[start:stop])
        if role == "body":
            fields.append(label_only(field))
            body += field.lines
        else:
            (tail if body else fields).append(field)
    closed = bool(tail) or end < len(lines) or (bool(lines) and is_document(lines[-1]))
    return Parts(head=tuple(fields), body=tuple(body), tail=tuple(tail), after=tuple(lines[end:]), closed=closed)


def _end(lines: Sequence[Line], marks: Sequence[tuple[int, str]]) -> int:
    """Behind the line that names the document and so ends it: the first such line below the text's code."""
    text = next((index for index, code in marks if code in export_tables().factiva_body), 0)
    return next((index + 1 for index in range(text, len(lines)) if is_document(lines[index])), len(lines))


def is_document(line: Line) -> bool:
    """Whether a line names the document and so ends its article."""
    text = line.text
    return ("Do" in text[:8]) and re.search(r"(?:^|^AN\s+)(?:" + _document().pattern + r")$", text) is not None


def _document() -> re.Pattern[str]:
    return export_tables().factiva_document


def _marks(lines: Sequence[Line], *, narrow: bool) -> list[tuple[int, str]]:
    """Where each field begins: any code once above the text, below it only those that may stand there."""
    tables = export_tables()
    marks: list[tuple[int, str]] = []
    seen: set[str] = set()
    allowed: Mapping[str, str] = {**tables.factiva_head, **tables.factiva_body, **tables.factiva_tail}
    for index, line in enumerate(lines):
        below = "LP" in seen or "TD" in seen
        code = _code(line, allowed, narrow=narrow and (not below or _NARROW_TAIL.fullmatch(line.text) is not None))
        code = code or _code(line, tables.factiva_body, narrow=narrow)
        if code is None or code in seen:
            continue
        seen.add(code)
        marks.append((index, code))
        if code in tables.factiva_body:
            allowed = {**tables.factiva_body, **tables.factiva_tail}
        elif below and code in tables.factiva_tail:
            allowed = {**tables.factiva_tail, "LA": "language", "CY": "drop:copyright", "SN": "source"}
    return marks


@by_knowledge()
def _all_codes() -> Mapping[str, str]:
    tables = export_tables()
    return {**tables.factiva_head, **tables.factiva_body, **tables.factiva_tail}


def _is_narrow(lines: Sequence[Line]) -> bool:
    """Whether the headline's code is parted from it by a single space, as all codes then are."""
    for line in lines[:_ABOVE_HEADLINE]:
        if line.text.startswith("HD"):
            match = _CODE.match(line.spaced or line.text)
            return match is not None and match["narrow"] is not None
    return False


def _code(line: Line, codes: Mapping[str, str], *, narrow: bool) -> str | None:
    if not line.text[:2].isupper():
        return None
    match = _CODE.match(line.spaced or line.text)
    if match is None or match["code"] not in codes:
        return None
    if match["narrow"] and not narrow and not _fills_column(match["code"], line.text):
        return None
    return match["code"]


def _fills_column(code: str, text: str) -> bool:
    """Whether a code of three letters leaves room for one space only in its column of four."""
    return code in ("CLM", "DLN", "VOL") or (len(code) > 2 and _NARROW_TAIL.fullmatch(text) is not None)


def _field(code: str, role: str, lines: Sequence[Line]) -> Field:
    first = cut_label(lines[0], len(code))
    if first.text:
        return Field(role=role, label=code, lines=(first, *lines[1:]))
    return Field(role=role, label=code, label_line=lines[0], lines=tuple(lines[1:]))
