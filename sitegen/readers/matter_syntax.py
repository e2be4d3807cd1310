"""The syntaxes of front matter: a block of YAML, TOML or JSON becomes entries, each with its place.

Scalars stay as their author wrote them: a loader that makes numbers and dates of them turns `007` into 7, `No` into
false, and stops at `2024-02-31`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

import yaml
from frontmatter.default_handlers import JSONHandler, SafeLoader
from msgspec import Struct

Value = str | list["Value"] | dict[str, "Value"] | None

_MAX_SIZE: Final = 200_000
_MAX_NESTING: Final = 8
_MAX_BRACKETS: Final = 2_000
_MAX_NODES: Final = 20_000
_MAX_DOTS: Final = 100
_NESTED_DASHES: Final = re.compile(r"(?:[-?][ \t]+){20}")
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
UNCLOSED: Final = "a quotation mark is not closed"


class Entry(Struct, frozen=True, kw_only=True):
    """One key of the front matter; `line` and `column` are those of its value in the source."""

    key: str
    value: Value
    line: int
    column: int
    text: str
    """The lines of the source that say it."""


class MatterSyntaxError(Exception):
    """Front matter, or a piece of it, that its parser refuses; `line` and column count from 1 within it."""

    def __init__(self, line: int, column: int, hint: str) -> None:
        super().__init__(line, column, hint)
        self.line, self.column, self.hint = line, column, hint


Parse = Callable[[str], list[Entry]]


class Syntax(Struct, frozen=True):
    """One kind of front matter: how it is parsed, and how a key begins in it."""

    kind: str
    parse: Parse
    key: re.Pattern[str]


def refuse_bombs(block: str) -> None:
    """Refuse what makes a parser recurse until the process dies, or a few lines grow to gigabytes."""
    if len(block) > _MAX_SIZE:
        raise MatterSyntaxError(1, 1, f"it is longer than {_MAX_SIZE:,} characters")
    if block.count("[") + block.count("{") > _MAX_BRACKETS or _NESTED_DASHES.search(block):
        raise MatterSyntaxError(1, 1, "its lists are nested too deeply")


def line_of(text: str, position: int) -> int:
    """The number of the line that `position` is in, from 1."""
    return text.count("\n", 0, position) + 1


def _parse_yaml(block: str) -> list[Entry]:
    try:
        root = yaml.compose(block, Loader=SafeLoader)
    except yaml.YAMLError as error:
        raise _yaml_fault(error, block) from None
    except (ValueError, RecursionError) as error:
        raise MatterSyntaxError(1, 1, str(error)) from None
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise MatterSyntaxError(1, 1, "it is not a list of `key: value` lines")
    lines = block.split("\n")
    budget = _Budget()
    starts = [key.start_mark.line for key, _ in root.value] + [len(lines)]
    entries = []
    for (key, node), start, end in zip(root.value, starts, starts[1:], strict=False):
        text = "\n".join(lines[start : max(end, start + 1)]).rstrip()
        mark = node.start_mark
        entries.append(
            Entry(key=str(key.value), value=budget.value(node), line=mark.line + 1, column=mark.column + 1, text=text)
        )
    return entries


def _yaml_fault(error: yaml.YAMLError, block: str) -> MatterSyntaxError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error).split("\n", 1)[0]
    if isinstance(error, yaml.reader.ReaderError):
        place = int(error.position)
        return MatterSyntaxError(
            line_of(block, place), place - block.rfind("\n", 0, place), "it holds a control character"
        )
    hints = {
        "mapping values are not allowed": "a colon and a space inside a value need quotes around it",
        "found a tab": "YAML is indented with spaces, not tabs",
        "cannot start any token": "a value that begins with this character needs quotes around it",
        "unexpected end of stream": UNCLOSED,
        "undefined alias": "a value that begins with * needs quotes around it",
    }
    hint = next((text for sign, text in hints.items() if sign in problem), problem)
    return MatterSyntaxError(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, hint)


class _Budget:
    """Turns YAML's nodes into values, up to a number of them: aliases make few lines many."""

    def __init__(self) -> None:
        self._left = _MAX_NODES

    def value(self, node: yaml.Node, depth: int = 0) -> Value:
        """What the node says, its scalars as they are written."""
        self._left -= 1
        if self._left < 0 or depth > _MAX_NESTING:
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return {str(key.value): self.value(item, depth + 1) for key, item in node.value}


def _parse_toml(block: str) -> list[Entry]:
    for number, row in enumerate(block.split("\n"), 1):
        # `a.b.c = 1` is a table in a table in a table, and the parser walks down from the top for each of them.
        if row.count(".", 0, row.find("=")) > _MAX_DOTS or row.count(".") > _MAX_DOTS * 10:
            raise MatterSyntaxError(number, 1, "its tables are nested too deeply")
    try:
        table = tomllib.loads(block, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (block.count("\n") + 1, 1)
        raise MatterSyntaxError(line, column, str(error).split(" (at ")[0]) from None
    except (ValueError, RecursionError) as error:
        raise MatterSyntaxError(1, 1, str(error)) from None
    return _located(table.items(), block, TOML.key)


def _parse_json(block: str) -> list[Entry]:
    text = block if block.lstrip().startswith("{") else "{" + block.strip().rstrip(",}") + "}"
    handler = JSONHandler()
    pairs: list[tuple[str, object]] = []

    def keep(found: list[tuple[str, object]]) -> dict[str, object]:
        # The outermost object comes last; its doubled keys are gone from any dict.
        pairs[:] = found
        return dict(found)

    try:
        handler.load(text, object_pairs_hook=keep, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise MatterSyntaxError(error.lineno, error.colno, error.msg) from None
    except (ValueError, RecursionError) as error:
        raise MatterSyntaxError(1, 1, str(error)) from None
    return _located(pairs, block, JSON.key)


def _located(pairs: Iterable[tuple[str, object]], block: str, key_pattern: re.Pattern[str]) -> list[Entry]:
    """Entries for parsed pairs, their places found by their keys; TOML and JSON parsers do not tell them."""
    lines = block.split("\n")
    places: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        found = key_pattern.match(line.lstrip("{"))
        if found:
            shift = len(line) - len(line.lstrip("{"))
            places.setdefault(found["key"], []).append((number, found.end() + shift))
        elif table := re.match(r"\[+([\w.-]+)\]+", line):
            places.setdefault(table[1].split(".")[0], []).append((number, 0))
    entries = []
    for key, value in pairs:
        known = places.get(key)
        number, column = known.pop(0) if known else (0, 0)
        text = lines[number].strip() if known is not None else f"{key}: {_plain(value)}"
        entries.append(Entry(key=key, value=_plain(value), line=number + 1, column=column + 1, text=text))
    return entries


def _plain(value: object, depth: int = 0) -> Value:
    if value is None or depth > _MAX_NESTING:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


YAML: Final = Syntax(
    "YAML",
    _parse_yaml,
    re.compile(r"(?P<quote>[\"']?)(?P<key>[^\W\d_][\w .-]{0,60}?)(?P=quote)[ \t]*:(?:[ \t]+|(?=\n)|\Z)"),
)
TOML: Final = Syntax(
    "TOML", _parse_toml, re.compile(r"(?P<quote>[\"']?)(?P<key>[^\W\d_][\w.-]{0,60}?)(?P=quote)[ \t]*=[ \t]*")
)
JSON: Final = Syntax("JSON", _parse_json, re.compile(r"[ \t]*\"(?P<key>(?:[^\"\\]|\\.){1,60})\"[ \t]*:[ \t]*"))
