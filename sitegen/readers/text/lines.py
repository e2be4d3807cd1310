"""A source as lines: white space normalised, control characters gone, blank lines counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

# Control characters would make feeds and pages invalid; the rest is invisible, or turns the direction of what follows.
# Joiners and the single direction marks stay: Persian, Hindi and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffc\ufffe\uffff]"
)
_LINE_BREAKS = re.compile("[\x0b\x0c]")
_EDGE_MARKS: Final = "\u200c\u200d\u200e\u200f\u061c"
ENDS: Final = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f", "\u061f", "\u06d4", "\u0964")
"""What ends a sentence, in the scripts of news."""
CLOSERS: Final = "\"'\u201d\u2019\u00bb)]\u300d\u300f\u201c\u201f"
"""What may follow that."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


# Sources hold very many lines, and no line can be part of a cycle: the collector need not look at them.
class Line(Struct, frozen=True, gc=False):
    """A line that is not blank, or several that a hard wrap had cut apart."""

    number: int
    """Its number in the source, from 1."""
    text: str
    """White space at the ends gone, every inner stretch of it one space."""
    gap: int = 0
    """How many blank lines stand above it."""
    indent: int = 0
    last: int = 0
    """The number of its last source line, where several were joined; else 0."""
    spaced: str = ""
    """The line with its inner white space as it was, where that is more than single spaces: tabs and columns."""
    prose: bool = False
    """Whether it reads like a paragraph."""


def clean(text: str) -> str:
    """`text` without control characters and other invisible ones; tab and line feed stay."""
    # What is printable holds none of them, and to ask is ten times faster than to search.
    if text.replace("\n", "").replace("\u00a0", " ").isprintable():
        return text
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    if "\x0c" in text or "\x0b" in text:
        text = _LINE_BREAKS.sub(" ", text)
    return text


def split_lines(text: str, *, first: int = 1) -> Iterator[Line]:
    """The lines of a cleaned text that are not blank; `first` is the number of the first."""
    gap = 0
    for number, raw in enumerate(text.split("\n"), first):
        if not raw:
            gap += 1
            continue
        stripped = raw.strip()
        if not stripped:
            gap += 1
            continue
        indent = 0 if raw[0] > " " and raw[0] != "\u00a0" else len(raw) - len(raw.lstrip())
        spaced = stripped if "  " in stripped or "\t" in stripped else ""
        if not stripped.isascii() and not stripped.isprintable():
            # What is printable has no space but the common one, and no direction marks. Split takes no-break and other
            # Unicode spaces too; direction marks at the ends would hide a match.
            stripped = " ".join(stripped.split()).strip(_EDGE_MARKS).strip()
            if not stripped:
                continue
        elif spaced:
            stripped = " ".join(stripped.split())
        yield Line(number, stripped, gap, indent, 0, spaced, is_prose(stripped))
        gap = 0


def width(text: str) -> int:
    """How long a text is where a character of East Asia says as much as two and a half of the alphabet."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text)) * 3 // 2


def is_wide(text: str) -> bool:
    """Whether a text is written in a script of East Asia."""
    return not text.isascii() and _WIDE.search(text) is not None


def is_prose(text: str) -> bool:
    """Whether a line reads like a paragraph: long, or a sentence of some length that ends like one."""
    length = len(text)
    if length >= 200:
        return True
    if length < 12:
        return False
    ends = text[-1] in ENDS or (text[-1] in CLOSERS and text.rstrip(CLOSERS).endswith(ENDS))
    if length >= 60:
        return ends or length >= 140
    if not text.isascii() and _WIDE.search(text):
        return ends and length >= 12
    return ends and length >= 25 and text.count(" ") >= 4
