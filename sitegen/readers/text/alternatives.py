"""Many alternatives of one pattern, tried only where a text's first two letters allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

_ANY: Final = ""
_DIGIT: Final = "0"
"""Stands for all of them, in all scripts."""
_MOST: Final = 64
"""So many openings of a pattern are told apart by two letters; of more, by one."""
_SPECIAL: Final = frozenset(".[\\^$(|)?*+{")
# A set of characters without ranges or classes, and a character that is escaped, or any digit.
_PLAIN_SET = re.compile(r"\[((?:[^\]\[\\^-]|\\[^\w\s])+)\]")
_ESCAPED = re.compile(r"\\([^\w\s]|d)")
_REPEATED = re.compile(r"(?:[?*+]|\{(?P<least>\d*)[^}]*\})[?+]?")


class Alternatives:
    """Patterns for whole texts, with names; the name that was given first counts."""

    def __init__(self, named: Sequence[tuple[str, Sequence[str]]], *, end: str = "") -> None:
        """Each pattern may have `end` behind it. Patterns have no groups but `(?:…)` and no flags."""
        self._end = end
        self._order = {name: place for place, (name, _) in enumerate(named)}
        self._known: dict[str, list[tuple[str, str]]] = {}
        for name, patterns in named:
            for pattern in patterns:
                keys = openings(pattern)
                for key in (_ANY,) if keys is None else keys:
                    self._known.setdefault(key, []).append((name, pattern))
        self._compiled: dict[str, re.Pattern[str]] = {}

    def name_of(self, text: str) -> str:
        """The name of the first pattern that matches all of `text`, or an empty string."""
        pair = text[:2]
        if not pair.isalpha():
            pair = "".join([_DIGIT if letter.isdecimal() else letter for letter in pair])
        found = [
            str(match.lastgroup)
            for key in (pair, pair[:1], _ANY)
            if key in self._known and (match := self._pattern(key).fullmatch(text)) is not None
        ]
        return min(found, key=self._order.__getitem__) if found else ""

    def _pattern(self, key: str) -> re.Pattern[str]:
        """The patterns of one opening; compiled when they are first needed."""
        pattern = self._compiled.get(key)
        if pattern is None:
            by_name: dict[str, list[str]] = {}
            for name, text in self._known[key]:
                by_name.setdefault(name, []).append(f"(?:{text})")
            groups = [f"(?P<{name}>(?:{'|'.join(texts)}){self._end})" for name, texts in by_name.items()]
            pattern = self._compiled[key] = re.compile("|".join(groups))
        return pattern


class _Part(Struct, frozen=True):
    """A part of a pattern, and how often it may stand."""

    kind: str
    """`group`, `letters` (one of them) or `other`."""
    text: str
    """What is inside the group, or the letters."""
    least: int
    once: bool
    """Whether it stands once and no oftener."""


def openings(pattern: str) -> frozenset[str] | None:
    """What every text begins with that the pattern matches: two characters, or one where the second cannot be told.

    `0` stands for any digit. None where not even the first can be told.
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        keys = _openings_of(list(_parts(branch)))
        if keys is None:
            return None
        found |= keys
    return frozenset(found)


def _openings_of(parts: Sequence[_Part]) -> frozenset[str] | None:
    """The same for a pattern without alternatives of its own, taken apart."""
    if not parts:
        return None
    part, rest = parts[0], parts[1:]
    if part.kind == "other":
        return None
    if part.kind == "group":
        keys = openings(part.text)
    else:
        keys = frozenset(_DIGIT if letter.isdecimal() else letter for letter in part.text)
        further = _openings_of(rest) if part.once else None
        if further is not None and len(keys) * len(further) <= _MOST:
            keys = frozenset(key + other[0] for key in keys for other in further)
    if keys is None or part.least:
        return keys
    further = _openings_of(rest)
    return None if further is None else keys | further


def _parts(branch: str) -> Iterator[_Part]:
    """The parts of a pattern without alternatives of its own, in order."""
    position = 0
    while position < len(branch):
        rest = branch[position:]
        if rest.startswith("(?:"):
            end = _closing(rest)
            kind, text, length = "group", rest[3:end], end + 1
        elif set_of := _PLAIN_SET.match(rest):
            kind, text, length = "letters", set_of[1].replace("\\", ""), set_of.end()
        elif escaped := _ESCAPED.match(rest):
            kind, text, length = "letters", _DIGIT if escaped[1] == "d" else escaped[1], escaped.end()
        elif rest[0] not in _SPECIAL:
            kind, text, length = "letters", rest[0], 1
        else:
            kind, text, length = "other", "", _length_of_other(rest)
        repeated = _REPEATED.match(rest, length)
        least = 1
        if repeated is not None:
            length = repeated.end()
            least = int(repeated["least"] or 0) if repeated["least"] is not None else int(repeated[0][0] == "+")
        yield _Part(kind, text, least, repeated is None)
        position += length


def _length_of_other(rest: str) -> int:
    """How long a set of characters, an escaped class, a group of another kind or a sign is."""
    if rest[0] == "(":
        return _closing(rest) + 1
    if rest[0] == "\\":
        return 2
    if rest[0] == "[":
        end = rest.index("]", 3 if rest[1] == "^" else 2)
        while rest[end - 1] == "\\":
            end = rest.index("]", end + 1)
        return end + 1
    return 1


def _branches(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern outside all brackets."""
    start = depth = 0
    for index, sign in _signs(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            yield pattern[start:index]
            start = index + 1
    yield pattern[start:]


def _closing(pattern: str) -> int:
    """Where the bracket is closed with which the pattern begins."""
    depth = 0
    for index, sign in _signs(pattern):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return index
    raise ValueError(f"a bracket is not closed in {pattern}")


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Round brackets and bars that mean what they are: not escaped, not in a set of characters."""
    index, inside = 0, False
    while index < len(pattern):
        sign = pattern[index]
        if sign == "\\":
            index += 1
        elif inside:
            # A closing bracket right behind the opening one is a character.
            inside = sign != "]" or pattern[index - 1] == "[" or pattern[index - 2 : index] == "[^"
        elif sign == "[":
            inside = True
        elif sign in "()|":
            yield index, sign
        index += 1
