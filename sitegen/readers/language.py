"""Which language a text is in, and in which direction it runs: by script first, then by its commonest words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.records import Direction

_RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "ha-arab", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_SAMPLE: Final = 800
_NON_LATIN = re.compile("[\u0370-\u1fff\u3040-\u318f\u3400-\u9fff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff]")
# Scripts that settle the language, or that leave a choice which `_by_letters` and the common words make.
_SCRIPTS: Final = (
    ("el", re.compile("[\u0370-\u03ff]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("he", re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("am", re.compile("[\u1200-\u137f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
)


@by_knowledge()
def _common_words() -> Mapping[str, frozenset[str]]:
    """The commonest words by language, from the data file."""
    table = knowledge("common_words")
    return {language: frozenset(words.split()) for language, words in table["common_words"].items()}


@by_knowledge()
def _languages_by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in _common_words().items():
        for word in words:
            found[word] = (*found.get(word, ()), language)
    return found


def is_common_word(word: str) -> bool:
    """Whether `word`, in lower case, is among the commonest of any language."""
    return word in _languages_by_word()


def direction_of(language: str) -> Direction:
    """`rtl` for languages that run from right to left."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT else "ltr"


def language_of(text: str, *, default: str = "en") -> str:
    """The language of `text` as an ISO 639 code; `default` where nothing speaks clearly for another."""
    sample = text if len(text) <= _SAMPLE else text[:_SAMPLE]
    if _may_be_other_script(sample) and len(_NON_LATIN.findall(sample)) * 3 > len(sample):
        return _by_script(sample, default)
    return _by_words(sample, tuple(_latin_languages()), default)


def _may_be_other_script(sample: str) -> bool:
    """A cheap test: a letter of another script takes a byte more than one at the least, so a third of them a third more."""
    return not sample.isascii() and len(sample.encode("utf-8", "surrogatepass")) * 3 > len(sample) * 4


@by_knowledge()
def _latin_languages() -> tuple[str, ...]:
    # English comes first: at equal counts the earlier wins.
    # Vietnamese begins words with letters of the additional Latin block.
    return tuple(
        code for code, words in _common_words().items()
        if all(ord(word[0]) < 0x250 or 0x1E00 <= ord(word[0]) < 0x1F00 for word in words)
    )  # fmt: skip


def _by_script(sample: str, default: str) -> str:
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    if counts["ja"] * 20 > counts["zh"] > 0 or counts["ja"] > counts["zh"]:
        return "ja"
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return default
    if script == "cyrillic":
        own_letters = (("uk", "їєґ"), ("be", "ў"), ("sr", "ђћџљњ"), ("kk", "әғқңөұһ"))
        return _by_letters(sample, own_letters) or _by_words(sample, ("ru", "uk", "bg", "sr", "mk"), "ru")
    if script == "arabic":
        return _by_letters(sample, (("ur", "ٹڈڑںے"), ("ps", "ښځڅړ"), ("ckb", "ێۆڵڕ"), ("fa", "پچژگ"))) or "ar"
    return script


def _by_letters(sample: str, languages: tuple[tuple[str, str], ...]) -> str | None:
    """The first language of which letters of its own stand in the text, not merely in one foreign name."""
    for language, letters in languages:
        if sum(sample.count(letter) for letter in letters) * 200 > len(sample):
            return language
    return None


def _by_words(sample: str, languages: tuple[str, ...], default: str) -> str:
    # Words with punctuation beside them are missed; enough are left, and to split is far cheaper than to search.
    # Word by word: to lower a text that is not all ASCII takes Python many times as long as its words, most of which are.
    words = frozenset(map(str.lower, frozenset(sample.split())))
    if len(words) < 4:
        return default
    table = _common_words()
    best, most = default, len(words & table.get(default, frozenset()))
    if most * 5 > len(words):
        return default
    counts: dict[str, int] = {}
    languages_of = _languages_by_word()
    for word in words & languages_of.keys():
        for language in languages_of[word]:
            counts[language] = counts.get(language, 0) + 1
    for language in languages:
        if counts.get(language, 0) > most:
            best, most = language, counts[language]
    return best if most * 12 > len(words) else default
