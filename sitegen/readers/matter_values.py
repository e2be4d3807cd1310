"""Values of front matter, in which lists and mappings may be nested: the texts and the people in them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from sitegen.readers.keys import NESTING_KEYS, normal_key
from sitegen.readers.matter_syntax import Entry, Value

__all__ = ["flattened", "people_in", "texts_in"]

_PEOPLE_SEPARATORS: Final = re.compile(r"\s*[;\n|]\s*")


def flattened(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """The entries, those of nested tables behind the others, so that a key of the article itself outweighs them."""
    nested: list[Entry] = []
    for entry in entries:
        if isinstance(entry.value, dict) and normal_key(entry.key) in NESTING_KEYS:
            nested += (
                Entry(
                    key=key,
                    value=value,
                    line=entry.line,
                    column=entry.column,
                    text=f"{entry.key}.{key}: {_shown(value)}",
                )
                for key, value in entry.value.items()
            )
        else:
            yield entry
    yield from nested


def _shown(value: Value) -> str:
    return ", ".join(texts_in(value))


def texts_in(value: Value) -> Iterator[str]:
    """All scalars in a value, in order; of a mapping with a name, its name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        named = [item for key, item in value.items() if normal_key(key) in ("name", "title", "label", "slug")]
        for item in named[:1] or value.values():
            yield from texts_in(item)


def people_in(value: Value) -> Iterator[str]:
    """All people in a value, in order, whether it names them or is a mapping with the parts of a name."""
    if isinstance(value, list):
        for item in value:
            yield from people_in(item)
    elif isinstance(value, dict):
        known = {normal_key(key): " ".join(texts_in(item)) for key, item in value.items()}
        given = known.get("first") or known.get("firstname") or known.get("given") or known.get("givenname") or ""
        family = known.get("last") or known.get("lastname") or known.get("family") or known.get("familyname") or ""
        name = known.get("name") or known.get("displayname") or known.get("fullname") or f"{given} {family}".strip()
        yield name or " ".join(filter(None, known.values()))
    elif value is not None:
        # References first: the semicolon that ends one parts no names.
        yield from filter(None, _PEOPLE_SEPARATORS.split(html.unescape(value)))
