"""Many alternatives of one pattern, tried only where a text's first letter allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_ANY: Final = ""
_DIGIT: Final = "0"
"""Stands for all of them, in all scripts."""
_OPTIONAL: Final = ("?", "*", "{0")
_SPECIAL: Final = frozenset(".[\\^$(|)?*+{")
# A set of characters without ranges or classes, and a character that is escaped, or any digit.
_PLAIN_SET = re.compile(r"\[((?:[^\]\[\\^-]|\\[^\w\s])+)\]")
_ESCAPED = re.compile(r"\\([^\w\s]|d)")


class Alternatives:
    """Patterns for whole texts, with names; the name that was given first counts."""

    def __init__(self, named: Sequence[tuple[str, Sequence[str]]], *, end: str = "") -> None:
        """Each pattern may have `end` behind it. Patterns have no groups but `(?:…)` and no flags."""
        self._end = end
        self._order = {name: place for place, (name, _) in enumerate(named)}
        self._known: dict[str, list[tuple[str, str]]] = {_ANY: []}
        for name, patterns in named:
            for pattern in patterns:
                letters = first_letters(pattern)
                for letter in (_ANY,) if letters is None else letters:
                    self._known.setdefault(letter, []).append((name, pattern))
        self._compiled: dict[str, re.Pattern[str]] = {}

    def name_of(self, text: str) -> str:
        """The name of the first pattern that matches all of `text`, or an empty string."""
        letter = text[:1]
        if letter.isdecimal():
            letter = _DIGIT
        found = [
            str(match.lastgroup)
            for key in (letter, _ANY)
            if key in self._known and (match := self._pattern(key).fullmatch(text)) is not None
        ]
        return min(found, key=self._order.__getitem__) if found else ""

    def _pattern(self, letter: str) -> re.Pattern[str]:
        """The patterns of one letter; compiled when they are first needed."""
        pattern = self._compiled.get(letter)
        if pattern is None:
            by_name: dict[str, list[str]] = {}
            for name, text in self._known[letter]:
                by_name.setdefault(name, []).append(f"(?:{text})")
            groups = [f"(?P<{name}>(?:{'|'.join(texts)}){self._end})" for name, texts in by_name.items()]
            pattern = self._compiled[letter] = re.compile("|".join(groups) or "(?!)")
        return pattern


def first_letters(pattern: str) -> frozenset[str] | None:
    """The characters with one of which every text begins that the pattern matches, `0` for any digit; None where that cannot
    be told.
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        letters = _first_of(branch)
        if letters is None:
            return None
        found |= letters
    return frozenset(found)


def _first_of(branch: str) -> frozenset[str] | None:
    """The same for a pattern without alternatives of its own."""
    if not branch:
        return None
    if branch.startswith("(?:"):
        end = _closing(branch)
        inner, rest = first_letters(branch[3:end]), branch[end + 1 :]
    elif set_of := _PLAIN_SET.match(branch):
        inner, rest = frozenset(set_of[1].replace("\\", "")), branch[set_of.end() :]
    elif escaped := _ESCAPED.match(branch):
        inner, rest = frozenset(_DIGIT if escaped[1] == "d" else escaped[1]), branch[escaped.end() :]
    elif branch[0] not in _SPECIAL:
        inner, rest = frozenset(branch[0]), branch[1:]
    else:
        return None
    if inner is not None:
        inner = frozenset(_DIGIT if letter.isdecimal() else letter for letter in inner)
    if inner is None or not rest.startswith(_OPTIONAL):
        return inner
    further = _first_of(re.sub(r"^(?:[?*]|\{0[^}]*\})[?+]?", "", rest))
    return None if further is None else inner | further


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
