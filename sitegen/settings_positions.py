"""Where each key and value of a TOML document stands, so that a fault in the settings names its line and column.

The standard library's parser gives values without positions, and the libraries that keep the layout of a document
keep no line numbers either. This scanner runs only when a fault has to be shown, over a document that tomllib took.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from sitegen.settings_table import KeyPath

_BLANKS: Final = re.compile(r"[ \t]*")
_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING: Final = re.compile(
    r"""
    \"{3} (?: \\. | [^\\] )*? \"{3} \"{0,2}
    | '{3} .*? '{3} '{0,2}
    | " (?: [^"\\\n] | \\. )* "
    | ' [^'\n]* '
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}#\r\n]+")


class Spot(NamedTuple):
    """A place in a text; both count from 1."""

    line: int
    column: int


class Positions(NamedTuple):
    """The places of a document's keys and values by their paths; an item of a list has a value's place only."""

    keys: dict[KeyPath, Spot]
    values: dict[KeyPath, Spot]

    def of_key(self, path: KeyPath) -> Spot:
        """The place of the key, else of the nearest thing around it."""
        return self._nearest(path, self.keys, self.values)

    def of_value(self, path: KeyPath) -> Spot:
        """The place of the value, else of the nearest thing around it."""
        return self._nearest(path, self.values, self.keys)

    def _nearest(self, path: KeyPath, first: dict[KeyPath, Spot], second: dict[KeyPath, Spot]) -> Spot:
        while path:
            spot = first.get(path) or second.get(path)
            if spot is not None:
                return spot
            path = path[:-1]
        return Spot(1, 1)


def locate(text: str) -> Positions:
    """The places of all keys and values of `text`, which must be a valid TOML document."""
    return _Scanner(text).scan()


class _Scanner:
    """One pass over a document; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.positions = Positions({}, {})
        self.lengths: dict[KeyPath, int] = {}

    def scan(self) -> Positions:
        table: KeyPath = ()
        self._skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)
        return self.positions

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML at offset {self.at}")
        self.at = match.end()
        return match.group()

    def _spot(self, offset: int) -> Spot:
        line = bisect_right(self.line_starts, offset)
        return Spot(line, offset - self.line_starts[line - 1] + 1)

    def _names(self) -> Iterator[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        while True:
            self._skip(_BLANKS)
            offset = self.at
            raw = self._skip(_KEY)
            yield (tomllib.loads(f"x = {raw}")["x"] if raw[0] in "\"'" else raw), offset
            self._skip(_BLANKS)
            if self.text[self.at : self.at + 1] != ".":
                return
            self.at += 1

    def _header(self) -> KeyPath:
        """The path of the table that `[a.b]` or `[[a.b]]` opens; `[[a.b]]` adds an item to its list."""
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path: KeyPath = ()
        names = list(self._names())
        for number, (name, offset) in enumerate(names, 1):
            path = (*path, name)
            self.positions.keys.setdefault(path, self._spot(offset))
            if many and number == len(names):
                self.lengths[path] = self.lengths.get(path, 0) + 1
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
                self.positions.values.setdefault(path, self._spot(offset))
        self.at += 2 if many else 1
        return path

    def _pair(self, table: KeyPath) -> None:
        path = table
        for name, offset in self._names():
            path = (*path, name)
            self.positions.keys.setdefault(path, self._spot(offset))
        self.at += 1
        self._skip(_BLANKS)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self.positions.values[path] = self._spot(self.at)
        opening = self.text[self.at]
        if opening in "\"'":
            self._skip(_STRING)
        elif opening == "[":
            self._items(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_PLAIN)

    def _items(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_SPACE)
        number = 0
        while self.text[self.at] != "]":
            self._value((*path, number))
            number += 1
            self._separator()
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_SPACE)
        while self.text[self.at] != "}":
            self._pair(path)
            self._separator()
        self.at += 1

    def _separator(self) -> None:
        self._skip(_SPACE)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_SPACE)
