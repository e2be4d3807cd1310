"""The names by which one language's news calls places, ready to be looked up."""

import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

__all__ = ["DATA", "REVIEWED", "Entry", "Forms", "Gazetteer", "Homonym", "folded", "load_gazetteer", "spaced_words"]

DATA = Path(__file__).with_name("data")
REVIEWED = frozenset({"ar", "de", "en", "es", "fr", "he", "it", "ja", "pt"})

# Scripts that run words together: there a name may begin and end anywhere.
_SPACELESS = frozenset({"bo", "ja", "km", "lo", "my", "th", "yue", "zh"})

# Typographic signs as their plain ones, so that the tables need one spelling and the tokens ASCII separators only.
_FOLDS = (
    *((sign, "'") for sign in "\u2018\u2019\u02bc\u05f3"),
    *((sign, '"') for sign in "\u201c\u201d\u201e\u00ab\u00bb\u05f4"),
    *((sign, "-") for sign in "\u2010\u2011\u2013\u2014\u05be"),
    *((sign, " ") for sign in "\u00a0\u202f\u2009\u3000"),
    *((sign, ",") for sign in "\u060c\u061b\u061f\u2026\u00bf\u00a1"),
    *((sign, "") for sign in "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"),
    # Arabic vowel signs and the stretched line, which a newspaper sets or leaves out as it likes.
    *((sign, "") for sign in "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"),
)
_SEPARATORS = bytes(byte if byte > 127 or chr(byte).isalnum() else 32 for byte in range(256))

# Names, each with its length and id.
Forms: TypeAlias = tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Homonym:
    """What a name may mean beside its place, and what decides.

    The fields are those of ``[homonyms]`` in the data files, which :mod:`sitegen.tagging.refresh` explains.
    """

    given: bool = False
    family: bool = False
    backed: bool = False
    against: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Entry(NamedTuple):
    """The names that begin with one head: how long it is, the names that are little longer, and the others.

    ``tails`` leads from the two characters after the head to all names that may stand there, the longest first; with
    other characters only ``bare`` may.
    """

    length: int
    bare: Forms
    tails: Mapping[str, Forms]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All names of one language.

    ``index`` leads from a word (a character where words are not set apart) to the names that begin with it, and from
    a word with a prefix, in languages that write them together, to the same. An id in ``names`` is a place and shown by
    that name; the other ids are of names that only hide a shorter one, or that are evidence for or against a place
    (``JO?``). ``starts`` finds where a name may begin in a language that writes no spaces. Names in ``everyday`` are
    common words where a headline stands in capitals.
    """

    starts: re.Pattern[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    index: Mapping[str, Entry] = field(default_factory=dict)
    homonyms: Mapping[str, Homonym] = field(default_factory=dict)
    everyday: frozenset[str] = frozenset()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


@functools.lru_cache(maxsize=32)
def load_gazetteer(language: str) -> Gazetteer:
    """The names of a BCP 47 language tag: reviewed ones, else only CLDR's, else (no such language) none at all."""
    primary = re.split("[^a-z]", language.lower())[0]
    if primary in REVIEWED:
        return _gazetteer(json.loads((DATA / "compiled" / f"{primary}.json").read_bytes()))
    # babel takes tens of milliseconds to import, which a build in a reviewed language does not pay.
    from sitegen.tagging.cldr import territory_names

    names = territory_names(language)
    if not names:
        return Gazetteer()
    index = _index({folded(name): code for code, name in names.items()}, (), spaceless=primary in _SPACELESS)
    return Gazetteer(starts=_starts(index) if primary in _SPACELESS else None, names=names, index=index)


def _gazetteer(compiled: dict[str, Any]) -> Gazetteer:
    """What ``data/compiled/<language>.json`` holds, as records."""
    index = _index(compiled["forms"], compiled["prefixes"], spaceless=compiled["spaceless"])
    return Gazetteer(
        starts=_starts(index) if compiled["spaceless"] else None,
        names=compiled["names"],
        index=index,
        homonyms={form: _homonym(rule) for form, rule in compiled["homonyms"].items()},
        everyday=frozenset(compiled["everyday"]),
        words={group: frozenset(words) for group, words in compiled["words"].items()},
    )


def _homonym(rule: dict[str, Any]) -> Homonym:
    """A homonym from those of its fields that are not as usual."""
    return Homonym(
        given=rule.get("given", False),
        family=rule.get("family", False),
        backed=rule.get("backed", False),
        against=tuple(rule.get("against", ())),
        elsewhere=tuple(rule.get("elsewhere", ())),
    )


def _index(forms: Mapping[str, str], prefixes: Iterable[str], *, spaceless: bool) -> dict[str, Entry]:
    """The names by their first word or character, and by that word with each prefix."""
    heads: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        head = form[0] if spaceless else spaced_words(form).split(" ", 1)[0]
        heads.setdefault(head, []).append(form)
    index = {head: _entry(len(head), names, forms) for head, names in heads.items()}
    # A prefix and a name may spell another name's first word, which then keeps its own entry.
    return {prefix + head: entry for prefix in prefixes for head, entry in index.items()} | index


def _entry(length: int, names: list[str], forms: Mapping[str, str]) -> Entry:
    """The names of one head, which come the longest first."""
    bare = tuple((name, len(name), forms[name]) for name in names if len(name) < length + 2)
    tails: dict[str, Forms] = {}
    for name in names:
        if len(name) >= length + 2:
            tail = name[length : length + 2]
            tails[tail] = (*tails.get(tail, ()), (name, len(name), forms[name]))
    return Entry(length, bare, {tail: longer + bare for tail, longer in tails.items()})


def _starts(heads: Iterable[str]) -> re.Pattern[str]:
    """Finds the characters that begin a name, but not inside a run of katakana, which is one word."""
    return re.compile(rf"[{re.escape(''.join(heads))}](?<![ァ-ヺー][ァ-ヺー])")


def folded(text: str) -> str:
    """The text composed (NFC), with plain quotes, hyphens and spaces, and without invisible and vowel signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        for sign, plain in _FOLDS:
            text = text.replace(sign, plain)
    return text


def spaced_words(text: str) -> str:
    """A folded text with a space for each ASCII sign that is no letter or digit, everything else in its place.

    Translating bytes and splitting takes half the time of a regular expression, and this is the one step that every
    article pays in full.
    """
    return text.encode(errors="replace").translate(_SEPARATORS).decode()
