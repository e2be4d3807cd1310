"""A caption and the credit at its end are two fields."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = (
    r"(?:photo(?:graph)?(?:s|er)?|picture|image|illustration|graphic|video|foto(?:s|graf[íi]a)?|bild|imagem|imagen|cr[eé]dit[os]?)"
    r"(?:[ -](?:credits?|by|de|del|von|di|cr[eé]dit[os]?))?"
)
_LABEL: Final = rf"{_WORD}\s*[:：]"
_LONGEST: Final = 120
_LONGEST_CAPTION: Final = 5_000
_MAY_HOLD_CREDIT: Final = re.compile(r"[:：]|\bby\b", re.I)
# `Caption (credit: X)` and `Caption [Photo: X]`.
_BRACKETED: Final = re.compile(
    rf"(?P<caption>.*?)\s*[(\[]\s*{_LABEL}\s*(?P<credit>[^()\[\]]+?)\s*[)\]]\s*\.?\Z", re.I | re.S
)
# `Caption. Credit: X`; the sentence before has ended, so that "He asked for credit: none" stays a caption.
_AFTER_SENTENCE: Final = re.compile(
    rf"(?P<caption>.*?[.!?…。！？؟][\"'”’»)\]]*)\s+(?:{_LABEL}|(?:photo(?:graph)?|picture|image)\s+by\b)\s*(?P<credit>\S[^\n]*)\Z",
    re.I | re.S,
)
_AFTER_BREAK: Final = re.compile(
    rf"(?P<caption>.*?\S)\s*[|/–—\n-]\s+(?:{_LABEL}|(?:photo(?:graph)?|picture|image)\s+by\b)\s*(?P<credit>\S[^\n]*)\Z",
    re.I | re.S,
)
_WHOLE: Final = re.compile(
    rf"(?P<caption>)(?:{_LABEL}|(?:photo(?:graph)?|picture|image)\s+by\b)\s*(?P<credit>\S[^\n]*)\Z", re.I
)


def split_credit(text: str) -> tuple[str, str]:
    """The caption and the credit of `text`; the credit is `""` where none is marked as one at the end."""
    text = text.strip()
    # The limit keeps the patterns from a text that is no caption; the test spares them where there is no label.
    if len(text) > _LONGEST_CAPTION or not _MAY_HOLD_CREDIT.search(text):
        return text, ""
    for pattern in (_WHOLE, _BRACKETED, _AFTER_SENTENCE, _AFTER_BREAK):
        found = pattern.match(text)
        if found and len(found["credit"]) <= _LONGEST:
            return found["caption"].strip(), found["credit"].strip()
    return text, ""
