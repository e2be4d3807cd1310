"""A source is cut in front matter and body, and the front matter read into entries, faults and all.

YAML (`---`), TOML (`+++`), JSON (`{`) and Pelican's headers (`Title: …`). Where the whole cannot be parsed, each key
is tried on its own, so that one broken line costs one value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from frontmatter.default_handlers import BaseHandler, YAMLHandler
from msgspec import Struct
from msgspec.structs import replace

from sitegen.problems import report
from sitegen.readers.keys import FIELD_OF, normal_key
from sitegen.readers.matter_shortcut import simple_entries
from sitegen.readers.matter_syntax import (
    JSON,
    TOML,
    UNCLOSED,
    YAML,
    Entry,
    MatterSyntaxError,
    Syntax,
    line_of,
    refuse_bombs,
)
from sitegen.records import Drop, Problem

_YAML_FENCE: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_NAMED_FENCE: Final = re.compile(r"---[ \t]*(?P<name>ya?ml|toml|json5?|js|javascript)[ \t]*\n", re.IGNORECASE)
_FLOW_KEY: Final = re.compile(r"\{\s*(?:[\"']?[^\W\d_][\w .-]{0,60}?[\"']?\s*:|\})")
_JSON_FENCE: Final = re.compile(r"^;;;[ \t]*$", re.MULTILINE)
_TOML_FENCE: Final = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_HEADER: Final = re.compile(r"(?P<key>[A-Za-z][A-Za-z_ -]{1,30}):(?:[ \t]+(?P<value>.*)|$)")
_PELICAN_KEYS: Final = frozenset(
    (
        "title", "date", "modified", "tags", "keywords", "category", "categories", "slug", "author", "authors",
        "summary", "lang", "status", "template", "save_as", "url",
    )
)  # fmt: skip
_SYNTAXES: Final = MappingProxyType({"YAML": YAML, "TOML": TOML, "JSON": JSON})
_MOST_KEYS: Final = 1_000
_QUOTED: Final = re.compile(r"([\"'])(.*)\1\Z", re.DOTALL)


class FrontMatter(Struct, frozen=True, kw_only=True):
    """A source cut in two. `kind` is `YAML`, `TOML`, `JSON`, `headers` or `none`."""

    kind: str
    entries: tuple[Entry, ...] = ()
    body: str
    body_line: int = 1
    problems: tuple[Problem, ...] = ()
    dropped: tuple[Drop, ...] = ()


def kind_of(text: str) -> str:
    """Which kind of front matter `text` begins with, or `none`; looks at its beginning only."""
    start = text[:4_000].lstrip()
    if start.startswith("---"):
        named = _NAMED_FENCE.match(start)
        if named:
            # An object of JavaScript that is plain data is a mapping of YAML.
            return {"toml": "TOML", "json": "JSON"}.get(named["name"].lower(), "YAML")
        return "YAML" if _begins_yaml(start) else "none"
    if start.startswith("+++"):
        return "TOML" if _TOML_FENCE.match(start) else "none"
    if start.startswith(";;;"):
        return "JSON" if _JSON_FENCE.match(start) else "none"
    if start.startswith("{"):
        return "JSON" if JSON.key.match(start[1:].lstrip()) else "none"
    return "headers" if _begins_headers(start) else "none"


def _begins_headers(start: str) -> bool:
    """Whether a known header comes first, or stands in a block of nothing but headers."""
    for line in start.split("\n"):
        header = _HEADER.match(line)
        if header is None:
            return False
        if header["key"].strip().lower() in _PELICAN_KEYS:
            return True
    return False


def _begins_yaml(start: str) -> bool:
    # A rule of three dashes may open a text, too; then the first line below it, or most lines, are no keys.
    lines = start.split("\n", 2)
    if lines[0].rstrip() == "---" and len(lines) > 1 and YAML.key.match(lines[1]):
        return True
    lines = start.split("\n", 60)[:60]
    if lines[0].rstrip() != "---":
        return False
    if len(lines) > 1 and _YAML_FENCE.match(lines[1]):
        # Front matter that says nothing.
        return True
    first = next((line for line in lines[1:] if line.strip()), "").lstrip()
    if first.startswith("{"):
        return _is_flow(start)
    keys: list[bool] = []
    for line in lines[1:]:
        if _YAML_FENCE.match(line):
            break
        if line.strip() and line[0] not in " \t-#":
            key = YAML.key.match(line)
            keys.append(key is not None)
            if keys[0] or (key and normal_key(key["key"]) in FIELD_OF):
                return True
    return sum(keys) * 2 >= len(keys) > 0 and any(keys)


def _is_flow(start: str) -> bool:
    """Whether a mapping in braces stands between the rules."""
    fences = [match.start() for match in _YAML_FENCE.finditer(start)]
    inner = start[3 : fences[1]].strip() if len(fences) > 1 else ""
    return inner.startswith("{") and inner.endswith("}") and _FLOW_KEY.match(inner) is not None


def split_front_matter(text: str, *, file: str) -> FrontMatter:
    """The front matter of `text` and the body below it; every fault is in `problems`, with its line and a hint."""
    kind = kind_of(text)
    if kind == "headers":
        return _split_headers(text)
    if kind == "none":
        return FrontMatter(kind="none", body=text, body_line=1)
    start = len(text) - len(text.lstrip())
    if text[start] == "{":
        return _split_json(text, file)
    # As gray-matter has it, the language of what follows may be named beside the rule.
    fence = {"+": _TOML_FENCE, ";": _JSON_FENCE}.get(text[start], _YAML_FENCE)
    named = _NAMED_FENCE.match(text, start)
    text = f"{text[:start]}---\n{text[named.end() :]}" if named else text
    return _split_fenced(text, file, _SYNTAXES[kind], YAMLHandler(fm_boundary=fence))


def _split_fenced(text: str, file: str, syntax: Syntax, handler: BaseHandler) -> FrontMatter:
    fence = handler.FM_BOUNDARY
    assert fence is not None
    opening = fence.search(text)
    assert opening is not None
    start = opening.end() + 1
    problems: tuple[Problem, ...] = ()
    if fence.search(text, start) is None:
        end = _end_of_keys(text, start)
        block, body = text[start:end], text[end:]
        hint = f'the front matter is not closed; put a line "{opening[0].strip()}" below it'
        problems = (report("E112", hint, file=file, line=line_of(text, opening.start())),)
    else:
        block, body = handler.split(text)
        block = block[1:]
        start = opening.end() + 1
    found = _read(block, syntax, file, line_of(text, start))
    return FrontMatter(
        kind=syntax.kind,
        entries=found.entries,
        body=body,
        body_line=line_of(text, len(text) - len(body)),
        problems=problems + found.problems,
        dropped=found.dropped,
    )


def _split_json(text: str, file: str) -> FrontMatter:
    start = text.index("{")
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        # A brace alone on its line ends it, as python-frontmatter has it.
        closing = re.compile(r"^\}[ \t]*$", re.MULTILINE).search(text, start)
        end = closing.end() if closing else _end_of_keys(text, start)
    found = _read(text[start:end], JSON, file, line_of(text, start))
    return FrontMatter(
        kind="JSON",
        entries=found.entries,
        body=text[end:],
        body_line=line_of(text, end),
        problems=found.problems,
        dropped=found.dropped,
    )


def _split_headers(text: str) -> FrontMatter:
    start = len(text) - len(text.lstrip())
    number = line_of(text, start)
    entries: list[Entry] = []
    position = start
    for line in text[start:].split("\n"):
        header = _HEADER.match(line)
        if header is not None:
            value = (header["value"] or "").strip()
            column = header.start("value") + 1 if header["value"] else len(line) + 1
            entries.append(Entry(key=header["key"].strip(), value=value, line=number, column=column, text=line))
        elif line[:1] in (" ", "\t") and line.strip() and entries:
            last = entries.pop()
            entries.append(
                Entry(
                    key=last.key,
                    value=f"{last.value} {line.strip()}".strip(),
                    line=last.line,
                    column=last.column,
                    text=f"{last.text}\n{line}",
                )
            )
        else:
            break
        position += len(line) + 1
        number += 1
    return FrontMatter(kind="headers", entries=tuple(entries), body=text[position:], body_line=number)


class _Found(Struct, frozen=True):
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    dropped: tuple[Drop, ...] = ()


def _read(block: str, syntax: Syntax, file: str, line: int) -> _Found:
    """The entries of a front matter that begins on `line`; key by key where it cannot be parsed as a whole."""
    if not block.strip():
        return _Found(())
    if syntax is YAML and (entries := simple_entries(block, line)) is not None:
        return _without_doubles(entries, file)
    if syntax is YAML and block.lstrip()[:1] == "{":
        # Most of what stands in braces is JSON, in which YAML does not understand all.
        try:
            refuse_bombs(block)
            return _without_doubles(_moved(JSON.parse(block), line - 1), file)
        except MatterSyntaxError:
            pass
    try:
        refuse_bombs(block)
        return _without_doubles(_moved(syntax.parse(block), line - 1), file)
    except MatterSyntaxError as error:
        return _recover(block, syntax, file, line, error)


def _recover(block: str, syntax: Syntax, file: str, line: int, first: MatterSyntaxError) -> _Found:
    entries: list[Entry] = []
    problems: list[Problem] = []
    dropped: list[Drop] = []
    for offset, chunk in _chunks(block, syntax.key):
        key = syntax.key.match(chunk)
        if key is None:
            if chunk.strip(" \t\n{}"):
                dropped.append(Drop(line=line + offset, text=chunk.strip(), rule="broken-front-matter"))
            continue
        if len(entries) >= _MOST_KEYS:
            # To parse a key by itself takes long, and nobody writes so many: it is kept as it stands.
            entries.append(_as_written(chunk, key, line + offset))
            continue
        found, problem = _read_chunk(chunk, key, syntax, file, line + offset)
        entries += found
        problems += problem
    if not problems:
        message = f"the front matter is not {syntax.kind}: {first.hint}"
        problems.append(report("E111", message, file=file, line=line + first.line - 1, column=first.column))
    found_all = _without_doubles(entries, file)
    return _Found(found_all.entries, (*problems, *found_all.problems), (*found_all.dropped, *dropped))


def _read_chunk(
    chunk: str, key: re.Match[str], syntax: Syntax, file: str, line: int
) -> tuple[list[Entry], list[Problem]]:
    """One key on its own: as parsed, or its value as plain text and a problem."""
    if "\t" in chunk and syntax.kind == "YAML":
        spaced = re.sub(r"^[ \t]+", lambda indent: indent[0].replace("\t", "  "), chunk, flags=re.MULTILINE)
        try:
            refuse_bombs(spaced)
            entries = _moved(syntax.parse(spaced), line - 1)
        except MatterSyntaxError:
            pass
        else:
            if spaced == chunk:
                return entries, []
            hint = "YAML is indented with spaces, not tabs; the tabs were read as two spaces each"
            return entries, [report("W211", hint, file=file, line=line + 1, field=key["key"])]
    try:
        refuse_bombs(chunk)
        return _moved(syntax.parse(chunk), line - 1), []
    except MatterSyntaxError as error:
        rest = chunk[key.end() :].strip().rstrip(",")
        entry = _as_written(chunk, key, line)
        message = f"the value of {key['key']} is not {syntax.kind}: {_hint(error.hint, key['key'], rest, syntax.kind)}"
        # Of what is never closed the parser notices only at the end; the value's own place says more.
        seen_late = error.line > chunk.rstrip().count("\n") + 1 or error.hint == UNCLOSED
        at = (line, key.end() + 1) if seen_late else (line + error.line - 1, error.column)
        return [entry], [report("E111", message, file=file, line=at[0], column=at[1], field=key["key"])]


def _as_written(chunk: str, key: re.Match[str], line: int) -> Entry:
    """A key whose value is the text that stands behind it."""
    value = " ".join(chunk[key.end() :].strip().rstrip(",").split())
    quoted = _QUOTED.match(value)
    value = quoted[2] if quoted else value
    return Entry(key=key["key"], value=value, line=line, column=key.end() + 1, text=chunk.rstrip("\n"))


def _hint(hint: str, key: str, value: str, kind: str) -> str:
    if "\n" in value or not value or len(value) > 120:
        return f"{hint}; put the value in quotes"
    bare = value.strip("\"'") if kind == "YAML" else value.strip('"')
    quoted = json.dumps(bare, ensure_ascii=False)
    sign = {"YAML": f"{key}: ", "TOML": f"{key} = "}.get(kind, f'"{key}": ')
    return f"{hint}; write it like {sign}{quoted}"


def _chunks(block: str, key: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The lines of each top-level key together, with the number of lines before them."""
    start, lines = 0, block.split("\n")
    for number in range(1, len(lines) + 1):
        if number == len(lines) or key.match(lines[number]):
            yield start, "\n".join(lines[start:number])
            start = number


def _without_doubles(entries: list[Entry], file: str) -> _Found:
    """Of a key given twice the last counts, as all loaders have it; the others are reported and kept as dropped."""
    last = {entry.key: entry for entry in entries}
    if len(last) == len(entries):
        return _Found(tuple(entries))
    double = [entry for entry in entries if last[entry.key] is not entry]
    problems = tuple(
        report(
            "W212",
            f"{entry.key} is given again on line {last[entry.key].line}, which counts; remove one of them",
            file=file,
            line=entry.line,
            field=entry.key,
        )
        for entry in double
    )
    dropped = tuple(Drop(line=entry.line, text=entry.text, rule="duplicate-key") for entry in double)
    return _Found(tuple(last.values()), problems, dropped)


def _moved(entries: list[Entry], lines: int) -> list[Entry]:
    if not lines:
        return entries
    return [
        replace(entry, line=entry.line + lines) for entry in entries
    ]


def _end_of_keys(text: str, start: int) -> int:
    """Where keys and their continuations end: at the first blank line, or at the first line that is neither."""
    position = start
    for line in text[start:].split("\n"):
        if (
            not (line[:1] in (" ", "\t", "-", "#", "}", "{") or YAML.key.match(line) or TOML.key.match(line))
            or not line.strip()
        ):
            break
        position += len(line) + 1
    return min(position, len(text))
