"""One table of a settings file, read key by key, so that all its faults come to light in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Final, Literal, TypeVar, cast

from msgspec import Struct

from sitegen.settings_values import dotted, nearest, single_line

KeyPath = tuple[str | int, ...]
"""The way to a value: names of keys, and numbers of items in lists, which count from 0."""

_Choice = TypeVar("_Choice", bound=str)
_Value = TypeVar("_Value")

_KINDS: Final = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
    (dict, "a table"),
    (list, "a list"),
    ((date, datetime, time), "a date"),
)
_FEW: Final = 8
_LONG: Final = 80


class Fault(Struct, frozen=True, kw_only=True):
    """Something wrong with a key or its value; `path` leads to it."""

    path: KeyPath
    code: str
    message: str
    at: Literal["key", "value"] = "value"


class Table:
    """The keys of one table. What was never asked for when the table is closed is an unknown key."""

    def __init__(self, values: dict[str, object], path: KeyPath, faults: list[Fault]) -> None:
        self._values = values
        self._path = path
        self._faults = faults
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str, code: str, message: str, *, at: Literal["key", "value"] = "value") -> None:
        """Note a fault of `key`; an empty key is the table itself."""
        path = (*self._path, key) if key else self._path
        self._faults.append(Fault(path=path, code=code, message=message, at=at))

    def header(self, key: str = "") -> str:
        """What stands in brackets on the line that opens this table, or its table `key`."""
        return dotted((*self._path, key) if key else self._path)

    def names(self) -> tuple[str, ...]:
        """All keys of a table whose keys are names that the user chose; they count as known."""
        self._known.extend(self._values)
        return tuple(self._values)

    def text(self, key: str, default: str = "", check: Callable[[str], str] = single_line, code: str = "E405") -> str:
        """The text of `key`, passed through `check`, whose `ValueError` becomes a fault under `code`."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self._wrong_type(key, value, "text in quotes")
            return default
        if not value.strip():
            if default:
                self.fault(key, "E405", "is empty; write something, or remove the line")
            return default
        return self._checked((*self._path, key), value, check, code, default)

    def required_text(self, key: str, check: Callable[[str], str] = single_line, code: str = "E405") -> str:
        """The text of a key that must be there and must not be empty."""
        value = self._values.get(key)
        if value is None:
            self.fault("", "E408", f'needs the key "{key}"', at="key")
        elif isinstance(value, str) and not value.strip():
            self.fault(key, "E405", "is empty; write something, or remove the entry")
        return self.text(key, "", check, code)

    def optional_text(self, key: str, check: Callable[[str], str], code: str = "E405") -> str | None:
        """The text of `key`, or None where it is left out."""
        return self.text(key, "", check, code) or None

    def number(self, key: str, default: int, *, least: int = 1) -> int:
        """The whole number of `key`."""
        value = self._get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(key, value, f"a whole number without quotes, like {default}")
            return default
        if value < least:
            self.fault(key, "E405", f"{value} is too small; the least is {least}")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong_type(key, value, "true or false without quotes")
            return default
        return value

    def choice(self, key: str, choices: tuple[_Choice, ...], default: _Value) -> _Choice | _Value:
        """One of `choices`; letter case does not matter."""

        def check(text: str) -> str:
            for one in choices:
                if one.casefold() == text.strip().casefold():
                    return one
            listed = ", ".join(f'"{one}"' for one in choices)
            raise ValueError(f"is not one of {listed}{nearest(text, choices)}")

        value = self.optional_text(key, check)
        return default if value is None else cast("_Choice", value)

    def has(self, key: str) -> bool:
        """Whether the file gives the key."""
        return key in self._values

    def texts(self, key: str, check: Callable[[str], str] = single_line, code: str = "E405") -> tuple[str, ...]:
        """A list of texts; one text alone stands for a list of it."""
        value = self._get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self._wrong_type(key, value, 'a list of texts, like ["one", "two"]')
            return ()
        good = []
        for number, item in enumerate(value):
            path = (*self._path, key, number)
            if not isinstance(item, str):
                self._faults.append(Fault(path=path, code="E404", message=f"must be text in quotes, {_kind(item)}"))
            elif not item.strip():
                self._faults.append(Fault(path=path, code="E405", message="is empty; write something, or remove it"))
            else:
                good.append(self._checked(path, item, check, code, ""))
        return tuple(text for text in good if text)

    def table(self, key: str) -> Table:
        """The table `[key]`; an empty one where it is left out."""
        value = self._get(key)
        if value is None or isinstance(value, dict):
            return Table(value or {}, (*self._path, key), self._faults)
        self._wrong_type(key, value, f"a table: a line [{self.header(key)}], and its own keys below it")
        return Table({}, (*self._path, key), self._faults)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list, each opened by a line `[[key]]`."""
        value = self._get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self._wrong_type(
                key, value, f"a list of tables: a line [[{self.header(key)}]] before each, and its own keys below it"
            )
            return
        for number, item in enumerate(value):
            path = (*self._path, key, number)
            if isinstance(item, dict):
                yield Table(item, path, self._faults)
            else:
                self._faults.append(Fault(path=path, code="E404", message=f"must be a table, {_kind(item)}"))

    def is_list(self, key: str) -> bool:
        """Whether the value of `key` is a list."""
        return isinstance(self._values.get(key), list)

    def close(self, elsewhere: Mapping[str, str] | None = None) -> None:
        """Report the unknown keys. `elsewhere` tells of keys of other tables where they belong."""
        for key in self._values:
            if key in self._known:
                continue
            hint = nearest(key, self._known) or "; remove it"
            if elsewhere and key in elsewhere:
                hint = f"; {elsewhere[key]}"
            elif hint == "; remove it" and len(self._known) <= _FEW:
                hint = f"; known here are {', '.join(self._known)}"
            self.fault(key, "E403", f'"{_shown(key)}" is not a setting{hint}', at="key")

    def _get(self, key: str) -> object:
        self._known.append(key)
        return self._values.get(key)

    def _checked(self, path: KeyPath, text: str, check: Callable[[str], str], code: str, default: str) -> str:
        try:
            return check(text)
        except ValueError as error:
            self._faults.append(Fault(path=path, code=code, message=f'"{_shown(text)}" {error}'))
            return default

    def _wrong_type(self, key: str, value: object, wanted: str) -> None:
        self.fault(key, "E404", f"must be {wanted}, {_kind(value)}")


def _shown(text: str) -> str:
    """The text as a message can show it: on one line, and not for pages."""
    line = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"


def _kind(value: object) -> str:
    name = next((name for kinds, name in _KINDS if isinstance(value, kinds)), "something else")
    return f"not {name}"
