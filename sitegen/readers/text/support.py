"""Which words a text's first paragraphs hold: a headline shares some with them, a button, a name or a menu's entry does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sitegen.readers.text.lines import is_wide

# Endings differ from headline to text; the first letters do not.
_STEM: Final = 5
_PAIR: Final = 2
_WORD = re.compile(r"[^\W\d_]{4,}")


def stems(text: str) -> frozenset[str]:
    """The beginnings of the longer words of `text`; in scripts without spaces, all pairs of characters."""
    if is_wide(text):
        bare = "".join(filter(str.isalpha, text))
        return frozenset(bare[at : at + _PAIR] for at in range(len(bare) - 1))
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()))


def stems_of(texts: Iterable[str]) -> frozenset[str]:
    """The stems of several lines together."""
    return frozenset().union(*map(stems, texts))
