"""A source too large to be read at once, in stretches that begin and end where articles do.

Where an article begins is told by the marks of the layout that the stretch itself is in; so a file of two layouts is cut
by the marks of each. What has no marks (one long text, a single JSON array) comes in one piece, up to a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from msgspec import Struct

from sitegen.readers import SEGMENT, aggregator
from sitegen.readers.base import SourceText
from sitegen.readers.decoding import decode
from sitegen.readers.knowledge import by_knowledge, knowledge

LARGEST: Final = 32 << 20
"""Bytes in which an article must begin."""
_HEAD: Final = 200_000
_TAIL: Final = 300_000
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LINE_END = re.compile(rb"\r\n?|\n|\xe2\x80[\xa8\xa9]|\xc2\x85")

Choose = Callable[[SourceText], str]
"""The name of the reader module that a text is for."""


class Segment(Struct, frozen=True):
    """A stretch of a source: the number of its first line, and its bytes."""

    line: int
    data: bytes
    layout: str
    """The reader that its marks are of."""
    goes_on: bool = False
    """Whether more of the source follows."""
    forced: bool = False
    """Whether it ends where no article does, for want of a mark."""


def segments(blocks: Iterable[bytes], choose: Choose) -> Iterator[Segment]:
    """The stretches of a file whose bytes come in `blocks`; together they are all of it."""
    line = 1
    held = b""
    for block in blocks:
        held += block
        if (len(held) < SEGMENT or held.startswith(_WIDE)) and len(held) <= LARGEST:
            continue
        layout = choose(_head_of(held))
        end = _last_start(held, layout)
        if not end and line == 1 and not decode("", _below_zeros(held)[:_HEAD]).text:
            # It is no text at all; what is wrong with it can be told from its beginning.
            yield Segment(line, held, layout)
            return
        forced = not end and len(held) >= LARGEST
        if forced:
            end = held.rfind(b"\n") + 1 or len(held)
        if end:
            yield Segment(line, held[:end], layout, end < len(held), forced)
            line += _lines_in(held[:end])
            held = held[end:]
    if held:
        yield Segment(line, held, choose(_head_of(held)))


def _below_zeros(data: bytes) -> bytes:
    """A beginning that was lost tells nothing of the rest."""
    return data.lstrip(b"\0") if data.startswith(bytes(32)) else data


def _head_of(data: bytes) -> SourceText:
    return SourceText(file="", text=_below_zeros(data)[:_HEAD].decode("utf-8", "replace").replace("\r\n", "\n"))


def _lines_in(data: bytes) -> int:
    if b"\r" in data or b"\xe2\x80\xa8" in data or b"\xe2\x80\xa9" in data or b"\xc2\x85" in data:
        return len(_LINE_END.findall(data))
    return data.count(b"\n")


def _last_start(data: bytes, layout: str) -> int:
    """Where the last article of `data` begins that is not the first; 0 where that cannot be told."""
    if layout == "aggregator":
        return _last_dump(data)
    marks = _marks().get(layout)
    if marks is None:
        return 0
    starts = [match.start() if match["after"] is None else match.end() for match in marks.finditer(data, max(1, len(data) - SEGMENT))]
    return next((start for start in reversed(starts) if start < len(data)), 0)


def _last_dump(data: bytes) -> int:
    """The headline above the last source line of an aggregator's dump."""
    start = data.rfind(b"\n", 0, max(0, len(data) - _TAIL)) + 1
    tail = data[start:]
    line = aggregator.last_start(tail.decode("utf-8", "replace"))
    if line <= 1:
        return 0
    ends = [match.end() for match in _LINE_END.finditer(tail)]
    return start + ends[line - 2] if line - 2 < len(ends) else 0


@by_knowledge()
def _marks() -> dict[str, re.Pattern[bytes]]:
    """What marks an article's beginning, or with the group `after` its end, by reader."""
    tables = knowledge("exports")
    nexis: dict[str, Any] = tables["nexis"]
    words, joints = ("|".join(map(re.escape, nexis[key])) for key in ("mark_words", "mark_joints"))
    count = rf"\d{{1,6}} {{1,4}}(?:{joints}) {{1,4}}\d{{1,6}}"
    nexis_mark = rf"[ \t\f]*(?:(?:{words}) {{1,4}}{count}|{count} {{1,4}}(?:{words}))[ \t]*\r?$"
    year_mark = (r"[ \t]*(?:-{40,}|={40,})[ \t]*\r?\n(?=(?:[^\n]*\n){1,5}?[ \t]*"
                 r"(?:\[[^\[\]\n]{4,80}\]|https?://\S{4,2000})[ \t]*\r?\n)")  # fmt: skip
    ends = rf"(?P<after>(?:(?:AN[ \t]+)?{tables['factiva']['document']}|End of Document)[ \t]*\r?\n\s*\f?)"
    exports = rf"^(?:{nexis_mark}|[ \t]*_{{50,}}[ \t]*\r?$|{year_mark}|{ends})"
    found = {
        "exports": exports, "reuters_sgml": r"^(?P<after>(?!))?<REUTERS\b", "jsonl": r"^(?P<after>(?!))?\{",
        "extractor_json": r"^(?P<after>(?!))?\{\"[^\n]*\}[ \t]*\r?$", "anpa": r"^(?P<after>(?!))?\x16*\x01",
        "iptc7901": r"^(?P<after>(?!))?\x01",
    }  # fmt: skip
    return {name: re.compile(text.encode(), re.MULTILINE | re.IGNORECASE) for name, text in found.items()}
