"""Values of front matter, in which lists and mappings may be nested: the texts and the people in them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from sitegen.addresses import resolve
from sitegen.readers.keys import NESTING_KEYS, normal_key
from sitegen.readers.matter_syntax import Entry, Value
from sitegen.records import Article
from sitegen.remembering import remembered

__all__ = ["flattened", "people_in", "says_more", "scalars_in", "spelling_of", "texts_in", "texts_of", "web_address", "words_in"]

_WIKI_LINK: Final = re.compile(r"\[\[(?:[^\[\]|\n]{0,500}\|)?([^\[\]|\n]{1,500})\]\]")
_WORD: Final = re.compile(r"[^\W_]+")
_IN_PART: Final = ("@", "<", "(", "[[")
_OF_SEVERAL: Final = frozenset(("agencies", "aliases", "authors", "corrections", "figures", "section", "tags"))
_PEOPLE_SEPARATORS: Final = re.compile(r"\s*[;\n|]\s*")
_TEXTS: Final = ("id", "title", "summary", "source", "section", "dateline", "original_url", "rights", "language", "slug", "permalink")
_LISTS: Final = ("authors", "agencies", "aliases", "corrections")


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
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    return ", ".join(map(_shown, value)) if isinstance(value, list) else value or ""


def scalars_in(value: Value) -> Iterator[str]:
    """All scalars in a value, in order."""
    if isinstance(value, str):
        yield value
    elif value is not None:
        for item in value.values() if isinstance(value, dict) else value:
            yield from scalars_in(item)


def texts_in(value: Value) -> Iterator[str]:
    """All scalars in a value, in order; of a mapping with a name, its name."""
    if isinstance(value, str):
        yield _unlinked(value)
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
        yield from filter(None, _PEOPLE_SEPARATORS.split(html.unescape(_unlinked(value))))


def _unlinked(text: str) -> str:
    """A note's link (`[[Ann Lee]]`, as Obsidian writes it) is what it shows."""
    return _WIKI_LINK.sub(r"\1", text) if "[[" in text else text


def says_more(field: str, value: Value) -> bool:
    """Whether a field may take a part of `value` only: of a mapping, of several texts, of a name with an address."""
    if isinstance(value, str):
        return any(sign in value for sign in _IN_PART) and (field == "authors" or "[[" in value)
    if isinstance(value, list):
        return field not in _OF_SEVERAL or any(not isinstance(item, str) or says_more(field, item) for item in value)
    return isinstance(value, dict)


def words_in(texts: Iterable[str]) -> set[str]:
    """The words of texts, without case."""
    return {word for text in texts for word in _WORD.findall(html.unescape(text).casefold())}


@remembered(8192)
def spelling_of(name: str) -> str:
    """What the spellings of one tag that differ in case or width alone have in common."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def web_address(address: str) -> str:
    """An address of the web as it is meant, or nothing."""
    target = resolve(address, file="") if address[:5].lower() in ("http:", "https") else None
    return target.value if target is not None and target.kind == "web" else ""


def texts_of(article: Article) -> Iterator[str]:
    """The texts that front matter gives an article."""
    yield from (getattr(article, name) for name in _TEXTS)
    for name in _LISTS:
        yield from getattr(article, name)
    yield from (tag.name for tag in article.tags)
    for figure in article.figures:
        yield from (figure.caption, figure.credit, figure.alt, figure.file or "")
