"""Names that a letter joins where other languages write a word."""

from __future__ import annotations

import re

# `דנה ליבנה ואמיר שטרן`: the word for `and` is the first letter of the second name.
_HEBREW = re.compile(
    r"(?P<first>[א-ת'\u2019]{2,14} [א-ת'\u2019-]{2,14}) (?P<and>ו)(?P<second>[א-ת'\u2019]{2,14} [א-ת'\u2019-]{2,14})"
)


def parted_names(part: str) -> tuple[str, ...]:
    """Two full names in Hebrew with the letter between them; `part` alone where it is none."""
    match = _HEBREW.fullmatch(part) if not part.isascii() else None
    return (part,) if match is None else (match["first"], match["and"], match["second"])
