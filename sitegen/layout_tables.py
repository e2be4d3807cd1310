"""What sitegen knows of layouts, phrases, names and dates, as tables, and tables of the same shape that users add.

A user's file holds any of the tables of `sitegen/readers/data/*.toml`, under the same names and keys. Lists grow, lines
and words are added to those there are, regular expressions become further alternatives, and a new key (a month's
language, a field code) stands beside the known ones; of single values (a zone's minutes) the user's counts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from sitegen.config import LayoutFile
from sitegen.settings_table import Fault, KeyPath
from sitegen.settings_values import nearest, pattern, time_zone

Tables = Mapping[str, Any]

# Tables whose keys are names: of languages, zones, codes.
_OPEN: Final = frozenset((
    "months", "byline_words", "zones", "date_orders", "common_words", "languages", "suffixes.words", "factiva.head",
    "factiva.body", "factiva.tail",
))  # fmt: skip
# Tables whose keys are roles of fields.
_BY_ROLE: Final = frozenset(("nexis.labels", "proquest.labels"))
_TO_ROLE: Final = frozenset(("factiva.head", "factiva.body", "factiva.tail"))
_TEXTS: Final = frozenset(("words", "names", "lines", "openings", "collectives", "desks", "endings", "heads", "unnamed"))
_EXPRESSIONS: Final = frozenset((
    "factiva.document", "factiva.furniture", "values.page", "values.affiliation", "values.edition", "values.picture_words",
))  # fmt: skip
_LISTS_OF_EXPRESSIONS: Final = ("patterns", "newsrooms")
_FIXED: Final = frozenset(("values.credit_by",))
_BY_LINE: Final = frozenset(("lines", "names", "openings", "heads", "unnamed"))
_ORDERS: Final = ("DMY", "MDY", "YMD", "")
_MONTHS: Final = 12
_JOINTS: Final[Mapping[str, str]] = MappingProxyType({"weekdays.names": " ", "agencies.endings": "|", "credit.words": "\n"})
_NEEDED_GROUPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType({"datelines": frozenset(("line", "agency"))})


FILES: Final = ("boilerplate", "common_words", "corpora", "dates", "exports", "layouts", "names", "wire")


@cache
def shipped_file(name: str) -> Tables:
    """The tables of one of sitegen's data files, with what its languages add; no two files have one of the same name."""
    path = resources.files("sitegen").joinpath(f"readers/data/{name}.toml")
    tables = tomllib.loads(path.read_text("utf-8"))
    for language in shipped_languages():
        tables |= {key: _joined(tables[key], added, (key,)) for key, added in language.items() if key in tables}
    return tables


@cache
def shipped_languages() -> tuple[Tables, ...]:
    """The tables of sitegen's files for a language each, in the form of a user's file."""
    folder = resources.files("sitegen").joinpath("readers/data/languages")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(tomllib.loads(file.read_text("utf-8")) for file in files)


@cache
def shipped() -> Tables:
    """The tables of all data files."""
    return {name: table for file in FILES for name, table in shipped_file(file).items()}


def with_added(files: tuple[LayoutFile, ...]) -> Tables:
    """The shipped tables and what `files`, which are free of faults, add to them."""
    tables = dict(shipped())
    for file in files:
        for name, added in tomllib.loads(file.text).items():
            tables[name] = _joined(tables[name], added, (name,))
    return tables


def _joined(known: Any, added: Any, path: tuple[str, ...]) -> Any:
    if isinstance(known, dict):
        return known | {key: _joined(known[key], value, (*path, key)) if key in known else value for key, value in added.items()}
    place = ".".join(path)
    if isinstance(known, list):
        if path[0] == "months":
            return [f"{spellings} {more}" for spellings, more in zip(known, added, strict=True)]
        return [*known, *(item for item in added if item not in known)]
    if place in _EXPRESSIONS:
        return f"(?:{known})|(?:{added})"
    if (isinstance(known, str) and path[0] in ("common_words", "weekdays")) or path[-1] in _TEXTS:
        return f"{known.rstrip(chr(10))}{_joint(path)}{added}"
    return added


def _joint(path: tuple[str, ...]) -> str:
    return _JOINTS.get(".".join(path)) or ("\n" if path[-1] in _BY_LINE else " ")


# -- faults -----------------------------------------------------------------------------------------------------------


def faults_in(tables: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the tables of a user's file."""
    for name, added in tables.items():
        yield from _faults(added, shipped().get(name), (name,), shipped())


def _faults(added: Any, known: Any, path: KeyPath, around: Mapping[str, Any]) -> Iterator[Fault]:
    place = ".".join(map(str, path))
    parent = ".".join(map(str, path[:-1]))
    if known is None and (parent in _OPEN or _is_role(path, parent)):
        known = next(iter(around.values()))
    if known is None:
        message = f'"{path[-1]}" is nothing that sitegen knows here{nearest(str(path[-1]), around) or "; remove it"}'
        yield Fault(path=path, code="E403", message=message, at="key")
    elif place in _FIXED:
        yield Fault(path=path, code="E405", message="cannot be added to; remove it", at="key")
    elif isinstance(known, dict):
        if not isinstance(added, dict):
            yield Fault(path=path, code="E404", message=f"must be a table: a line [{place}], and its own keys below it")
            return
        for key, value in added.items():
            yield from _faults(value, known.get(key), (*path, key), known)
    elif isinstance(known, list):
        yield from _list_faults(added, known, path)
    elif parent == "zones":
        yield from _zone_faults(added, path)
    elif not isinstance(added, str):
        yield Fault(path=path, code="E404", message="must be text in quotes")
    else:
        yield from _text_faults(added, path, place, parent)


def _is_role(path: KeyPath, parent: str) -> bool:
    return parent in _BY_ROLE and str(path[-1]).startswith("drop:")


def _list_faults(added: Any, known: list[Any], path: KeyPath) -> Iterator[Fault]:
    if not isinstance(added, list):
        yield Fault(path=path, code="E404", message='must be a list of texts, like ["one", "two"]')
        return
    for number, item in enumerate(added):
        if known and not isinstance(known[0], str):
            # Numbers, or groups of texts.
            if not isinstance(item, type(known[0])):
                yield Fault(path=(*path, number), code="E404", message=f"must be like {known[0]!r}")
            continue
        if not isinstance(item, str) or not item.strip():
            yield Fault(path=(*path, number), code="E404", message="must be text in quotes, and not empty")
        elif path[-1] in _LISTS_OF_EXPRESSIONS:
            yield from _expression_faults(item, (*path, number), _NEEDED_GROUPS.get(str(path[0]), frozenset()))
    if path[0] == "months" and len(added) != _MONTHS:
        yield Fault(path=path, code="E405", message=f"has {len(added)} months; write twelve, each with its spellings in one text")


def _zone_faults(added: Any, path: KeyPath) -> Iterator[Fault]:
    if isinstance(added, bool) or not isinstance(added, int | str):
        yield Fault(path=path, code="E404", message='must be minutes from UTC, like 120, or a zone, like "Europe/Berlin"')
    elif isinstance(added, str):
        try:
            time_zone(added)
        except ValueError as error:
            yield Fault(path=path, code="E406", message=f'"{added}" {error}')


def _text_faults(added: str, path: KeyPath, place: str, parent: str) -> Iterator[Fault]:
    if parent in _TO_ROLE:
        roles = {role for table in _TO_ROLE for role in shipped()["factiva"][table.split(".")[1]].values()}
        if added not in roles and not re.fullmatch("drop:[a-z-]+", added):
            message = f'"{added}" is no role of a field{nearest(added, roles)}; drop: and a rule leaves the field out'
            yield Fault(path=path, code="E405", message=message)
    elif parent == "date_orders" and added not in _ORDERS:
        yield Fault(path=path, code="E405", message=f'"{added}" is not an order; write "DMY", "MDY" or "YMD"')
    elif place in _EXPRESSIONS:
        yield from _expression_faults(added, path, frozenset())


def _expression_faults(text: str, path: KeyPath, needed: frozenset[str]) -> Iterator[Fault]:
    try:
        pattern(text)
    except ValueError as error:
        yield Fault(path=path, code="E405", message=f'"{text}" {error}')
        return
    groups = set(re.compile(text).groupindex)
    if groups != needed:
        wanted = f"needs the groups {' and '.join(f'(?P<{name}>…)' for name in sorted(needed))}" if needed else \
            "must have no named groups; write (?:…)"
        yield Fault(path=path, code="E405", message=f'"{text}" {wanted}')
    elif re.compile(text).fullmatch(""):
        yield Fault(path=path, code="E405", message=f'"{text}" matches nothing at all; let it ask for some text')
