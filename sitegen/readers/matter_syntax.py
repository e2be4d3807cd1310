"""The syntaxes of front matter: a block of YAML, TOML or JSON becomes entries, each with its place.

Scalars stay as their author wrote them: a loader that makes numbers and dates of them turns `007` into 7, `No` into
false, and stops at `2024-02-31`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Final

import yaml
from frontmatter.default_handlers import SafeLoader
from msgspec import Struct

Value = str | list["Value"] | dict[str, "Value"] | None

_MAX_SIZE: Final = 200_000
_MAX_NESTING: Final = 8
_MAX_BRACKETS: Final = 2_000
_MAX_NODES: Final = 20_000
_NODES_OF_ONE: Final = 4_000
_NODES_WHEN_SPENT: Final = 100
_MAX_DOTS: Final = 100
_NESTED_DASHES: Final = re.compile(r"(?:[-?][ \t]+){20}")
_SURROGATES: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_LONE: Final = re.compile("[\ud800-\udfff]")
_MOST_REPAIRS: Final = 50
_TABLE: Final = re.compile(r"[ \t]*\[+[ \t]*[\"']?([\w-]+)")
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
UNCLOSED: Final = "a quotation mark is not closed"
UNCLOSED_BRACE: Final = "a brace is not closed"


class Entry(Struct, frozen=True, kw_only=True):
    """One key of the front matter; `line` and `column` are those of its value in the source."""

    key: str
    value: Value
    line: int
    column: int
    text: str
    """The lines of the source that say it."""
    as_written: bool = False
    """Whether `value` is the text of the source, because it is nested too deeply or refers to too much."""


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
        root = _composed(block)
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
    ends = [key.start_mark for key, _ in root.value[1:]] + [root.end_mark]
    entries = []
    own: set[str] = set()
    merged: set[int] = set()
    for (key, node), end in zip(root.value, ends, strict=True):
        text = _between(lines, key.start_mark, end) if root.flow_style else _lines_of(lines, key.start_mark, end)
        written = _between(lines, node.start_mark, end) if root.flow_style else ""
        entries.append(_yaml_entry(key, node, budget, text, written))
        if _text_of_key(key) == "<<":
            # A merge: what the other mapping says counts where neither this one nor one merged before says it.
            own = own or {_text_of_key(other) for other, _ in root.value}
            for inner, value in _merged(node, merged):
                name = _text_of_key(inner)
                if name not in own:
                    own.add(name)
                    entries.append(_yaml_entry(inner, value, budget, text, ""))
    return entries


def _composed(block: str) -> yaml.Node | None:
    """The block's outermost node. Surrogate pairs, which JSON's escapes have and YAML's do not, are made one character."""
    for _ in range(_MOST_REPAIRS):
        try:
            return yaml.compose(block, Loader=SafeLoader)
        except yaml.MarkedYAMLError as error:
            if "Unicode character escape" not in str(error.problem) or error.context_mark is None:
                raise
            # Only between these quotation marks are they escapes.
            start = _index(block, error.context_mark)
            repaired = block[:start] + _SURROGATES.sub(_paired, block[start:], count=1)
            if repaired == block:
                raise
            block = repaired
    return yaml.compose(block, Loader=SafeLoader)


def _index(block: str, mark: yaml.Mark) -> int:
    return sum(len(line) + 1 for line in block.split("\n")[: mark.line]) + mark.column


def _paired(pair: re.Match[str]) -> str:
    code = 0x10000 + ((int(pair[2], 16) - 0xD800) << 10) + int(pair[3], 16) - 0xDC00
    return f"{pair[1]}\\U{code:08x}"


def _yaml_entry(key: yaml.Node, node: yaml.Node, budget: _Budget, text: str, written: str) -> Entry:
    value = budget.of_entry(node)
    mark = node.start_mark
    name = _text_of_key(key)
    if value is _AS_WRITTEN:
        behind = written or text.partition(":")[2]
        return Entry(key=name, value=" ".join(behind.split()), line=mark.line + 1, column=mark.column + 1, text=text, as_written=True)
    return Entry(key=name, value=value, line=mark.line + 1, column=mark.column + 1, text=text)


def _text_of_key(key: yaml.Node) -> str:
    """A key that is a list or a mapping has no name."""
    return str(key.value) if isinstance(key, yaml.ScalarNode) else ""


def _merged(node: yaml.Node, before: set[int]) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """What a merge brings, but that of mappings that were merged `before`."""
    for mapping in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if isinstance(mapping, yaml.MappingNode) and id(mapping) not in before:
            before.add(id(mapping))
            yield from mapping.value


def _lines_of(lines: list[str], start: yaml.Mark, end: yaml.Mark) -> str:
    # The outermost mapping may end below its last line.
    last = end.line + 1 if end.column and end.line == len(lines) - 1 else end.line
    return "\n".join(lines[start.line : max(last, start.line + 1)]).rstrip()


def _between(lines: list[str], start: yaml.Mark, end: yaml.Mark) -> str:
    if start.line == end.line:
        text = lines[start.line][start.column : end.column]
    else:
        text = "\n".join((lines[start.line][start.column :], *lines[start.line + 1 : end.line], lines[end.line][: end.column]))
    return text.strip().rstrip("}, \t\n") if text.count("}") > text.count("{") else text.strip().rstrip(", \t\n")


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


_AS_WRITTEN: Final[Value] = "(as written)"
"""Stands for a value that is too much to be taken apart; told by its identity."""


class _TooMuchError(Exception):
    """A value is nested too deeply, or its aliases make too much of it."""


class _Budget:
    """Turns nodes into values, up to a number of them: aliases make few lines many."""

    def __init__(self) -> None:
        self._all = _MAX_NODES
        self._left = 0

    def of_entry(self, node: yaml.Node) -> Value:
        """What a key's node says, its scalars as they are written, or `_AS_WRITTEN`."""
        granted = self._left = min(_NODES_OF_ONE, max(self._all, _NODES_WHEN_SPENT))
        try:
            return self._value(node)
        except _TooMuchError:
            return _AS_WRITTEN
        finally:
            self._all -= granted - self._left

    def _value(self, node: yaml.Node, depth: int = 0) -> Value:
        if isinstance(node, yaml.ScalarNode):
            self._left -= depth > 0
            return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
        self._left -= 1
        if self._left < 0 or depth > _MAX_NESTING:
            raise _TooMuchError
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return _mapping((_text_of_key(key) or "?", self._value(item, depth + 1)) for key, item in node.value)


def _mapping(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """A mapping in which the last value of a key counts, and the earlier ones stand under another name."""
    found: dict[str, Value] = {}
    for key, value in pairs:
        if key in found:
            found[f"{key} ({len(found)})"] = found.pop(key)
        found[key] = value
    return found


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
    return _located(table, block)


def _located(table: Mapping[str, object], block: str) -> list[Entry]:
    """Entries for a parsed table, their places found by their keys, which the parser does not tell."""
    owned: dict[str, list[str]] = {}
    places: dict[str, tuple[int, int]] = {}
    owner, in_table = "", False
    for number, row in enumerate(block.split("\n"), 1):
        heading, found = _TABLE.match(row), TOML.key.match(row)
        if heading and heading[1] in table:
            owner, in_table = heading[1], True
            places.setdefault(owner, (number, 1))
        elif found and not in_table and (key := found["key"].split(".")[0]) in table:
            owner = key
            places.setdefault(owner, (number, found.end() + 1))
        owned.setdefault(owner, []).append(row)
    entries = []
    for key, value in table.items():
        line, column = places.get(key, (1, 1))
        text = "\n".join(owned.get(key, ())).strip() or f"{key} = {value}"
        entries.append(_entry(key, value, text, text.partition("=")[2], line, column))
    return entries


def _parse_json(block: str) -> list[Entry]:
    """Entries of an object, its braces written or not."""
    braced = block.lstrip().startswith("{")
    start = block.find("{") + 1 if braced else 0
    entries: list[Entry] = []
    lines = _Lines(block)
    try:
        while True:
            start = _past(_BLANKS_AND_COMMAS, block, start)
            if block[start : start + 1] in ("}", ""):
                if block[start + 1 :].strip() or (braced and start == len(block)):
                    raise json.JSONDecodeError("Extra data" if start < len(block) else UNCLOSED_BRACE, block, start + 1)
                return entries
            if block[start] != '"':
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", block, start)
            key, after = _DECODER.raw_decode(block, start)
            colon = _past(_BLANKS, block, after)
            if block[colon : colon + 1] != ":":
                raise json.JSONDecodeError("Expecting ':' delimiter", block, colon)
            begin = _past(_BLANKS, block, colon + 1)
            value, end = _DECODER.raw_decode(block, begin)
            line, column = lines.place(begin)
            entries.append(_entry(_readable(key), value, block[start:end], block[begin:end], line, column))
            start = _past(_BLANKS, block, end)
            if block[start : start + 1] not in (",", "}", ""):
                raise json.JSONDecodeError("Expecting ',' delimiter", block, start)
    except json.JSONDecodeError as error:
        raise MatterSyntaxError(error.lineno, error.colno, error.msg) from None
    except (ValueError, RecursionError) as error:
        raise MatterSyntaxError(1, 1, str(error)) from None


class _Lines:
    """Lines and columns of positions in a text, asked for in their order."""

    def __init__(self, text: str) -> None:
        self._text, self._line, self._counted = text, 1, 0

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, from 1."""
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line, position - self._text.rfind("\n", 0, position)


def _pairs(found: list[tuple[str, object]]) -> object:
    return _mapping((_readable(key), value) for key, value in found)  # type: ignore[misc]


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=str, parse_int=str)
_BLANKS_AND_COMMAS: Final = re.compile(r"[ \t\n\r,]*")
_BLANKS: Final = re.compile(r"[ \t\n\r]*")


def _past(signs: re.Pattern[str], text: str, start: int) -> int:
    found = signs.match(text, start)
    return found.end() if found else start


def _entry(key: str, value: object, text: str, written: str, line: int, column: int) -> Entry:
    try:
        return Entry(key=key, value=_plain(value), line=line, column=column, text=text)
    except _TooMuchError:
        return Entry(key=key, value=" ".join(written.split()), line=line, column=column, text=text, as_written=True)


def _readable(text: str) -> str:
    """`text` with the halves of characters that JSON's escapes can leave alone as they are written."""
    return text if text.isascii() else _LONE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _plain(value: object, depth: int = 0) -> Value:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list) and depth > _MAX_NESTING:
        raise _TooMuchError
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else _readable(str(value))


YAML: Final = Syntax(
    "YAML",
    _parse_yaml,
    re.compile(r"(?P<quote>[\"']?)(?P<key>[^\W\d_][\w .-]{0,60}?)(?P=quote)[ \t]*:(?:[ \t]+|(?=\n)|\Z)"),
)
TOML: Final = Syntax(
    "TOML", _parse_toml, re.compile(r"(?P<quote>[\"']?)(?P<key>[^\W\d_][\w.-]{0,60}?)(?P=quote)[ \t]*=[ \t]*")
)
JSON: Final = Syntax("JSON", _parse_json, re.compile(r"[ \t]*\"(?P<key>(?:[^\"\\]|\\.){1,60})\"[ \t]*:[ \t]*"))
