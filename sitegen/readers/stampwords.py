"""The words that say of what a day beside them is: `Published on`, `Zuletzt aktualisiert am`, `最終更新`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge

_LONGEST: Final = 44
_TRIM: Final = " \t:：.,;|–—-()（）[]【】"
_MOST_WORDS: Final = 4
_STEM: Final = 6
_BEFORE: Final = " |,•·\t"


class _Words(Struct, frozen=True, eq=False):
    published: frozenset[str]
    updated: frozenset[str]
    stems: frozenset[str]
    """How the longer words of a change begin, whatever their endings."""
    joints: frozenset[str]
    """What joins such a word to its day, or two of them to each other."""


@by_knowledge()
def _words() -> _Words:
    table = knowledge("dates")
    published, updated = (
        frozenset(word.strip(_TRIM) for row in table[key]["lines"].splitlines() for word in row.split("|"))
        for key in ("published", "updated")
    )
    stems = frozenset(word[:_STEM] for word in updated if len(word) > _STEM and " " not in word)
    return _Words(published, updated, stems, frozenset(table["published"]["words"].split()))


def _bare(text: str) -> str:
    # A dotted capital I becomes two characters.
    return " ".join(text.lower().replace("i\u0307", "i").strip(_TRIM).split())


def is_stamp_word(text: str) -> bool:
    """Whether `text` is nothing but such a word, or two with a stroke between, perhaps with what joins it to a day."""
    return _kind(text) != ""


def says_updated(text: str) -> bool:
    """Whether `text`, what stands before a day, speaks of a change."""
    return _says_updated(text, _words())


@lru_cache(maxsize=256)
def _says_updated(text: str, words: _Words) -> bool:
    return _kind_of(text, words) == "updated" or any(
        word in words.updated or word[:_STEM] in words.stems for word in _bare(text).split() if word not in words.published
    )


def trailing_stamp_word(text: str) -> int:
    """Where the words begin with which `text` ends and that are such a word; -1 where it ends otherwise."""
    start = len(text.rstrip(_TRIM))
    found = -1
    for _ in range(_MOST_WORDS):
        start = max(text.rfind(mark, 0, start) for mark in _BEFORE)
        if is_stamp_word(text[start + 1 :]):
            found = start + 1
        if start < 0:
            break
    return found


def opens_with_stamp_word(text: str) -> bool:
    """Whether one or more of the first words of `text` are such a word."""
    head = text[:_LONGEST].split()
    return any(_kind(" ".join(head[:count])) for count in range(min(_MOST_WORDS, len(head)), 0, -1))


def _kind(text: str) -> str:
    """`published` or `updated`, or an empty string."""
    return _kind_of(text, _words()) if 0 < len(text) <= _LONGEST else ""


@lru_cache(maxsize=1024)
def _kind_of(text: str, words: _Words) -> str:
    bare = _bare(text)
    for _ in range(_MOST_WORDS):
        if bare in words.updated:
            return "updated"
        if bare in words.published:
            return "published"
        head, _, last = bare.rpartition(" ")
        if not head or last not in words.joints:
            break
        bare = head.rstrip(_TRIM)
    first, stroke, second = bare.partition("/")
    return "published" if stroke and _kind_of(first, words) and _kind_of(second, words) else ""
