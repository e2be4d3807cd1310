"""How much a line sounds like the page speaking of itself, by the words that only pages use of themselves."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.text.evidence import LONGEST_APPEAL, QUOTES, SURE, appeal_of
from sitegen.readers.text.lines import is_wide
from sitegen.readers.text.phrases import Phrases

_MOST: Final = 4
_AROUND: Final = ".,:;!?\u00a1\u00bf\"\u201c\u201d()[]\u2026\u061f\u060c"


class _PageWords(Struct, frozen=True):
    words: frozenset[str]
    pieces: tuple[str, ...]
    address: frozenset[str]


@by_knowledge()
def _page_words() -> _PageWords:
    table: dict[str, Any] = knowledge("boilerplate")["page-words"]
    return _PageWords(
        frozenset(table["words"].split()), tuple(table["pieces"]), frozenset(table["address"].split())
    )  # fmt: skip


def kinship(text: str, phrases: Phrases) -> bool:
    """Whether a short line is made of the words that known phrases of pages are made of; enough only beside others."""
    words = [word.strip(_AROUND) for word in text.lower().split()]
    return sum(word in phrases.kin for word in words) * 4 >= len(words) * 3


def tells_story(lowered: str, phrases: Phrases) -> bool:
    """Whether a line in lower case tells something, and is no question to the reader: `Did you know …`, `… did you like it?`"""
    if not phrases.narrates(lowered):
        return False
    if lowered.startswith("did you know"):
        return False
    return lowered[-1] != "?" or _page_words().address.isdisjoint(word.strip(_AROUND) for word in lowered.split())


def voice(text: str, phrases: Phrases) -> int:
    """How much a line sounds like the page speaking of itself; 6 is sure, 2 is enough beside what is sure."""
    if len(text) > LONGEST_APPEAL or text[0] in QUOTES:
        return 0
    lowered = text.lower()
    known = _page_words()
    if "@" in text and " " not in text:
        return SURE
    tokens = {word.strip(_AROUND) for word in lowered.split()}
    named = len(tokens & known.words)
    if not named and is_wide(text):
        named = sum(map(lowered.__contains__, known.pieces))
    spoken = len(tokens & known.address)
    weight = min(_MOST, 2 * named) + (spoken > 0) + (spoken > 1)
    if weight and tells_story(lowered, phrases):
        return 0
    return max(appeal_of(text, phrases), weight)
