"""Capitals undone as a person writes a name; agencies and initials keep theirs."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.knowledge import by_knowledge
from sitegen.readers.nametables import name_tables

NEVER_IN_NAMES: Final = frozenset(
    {"of", "the", "for", "at", "in", "on", "to", "with", "from", "by", "as", "an", "is", "was"}
)
"""Small words that stand in no person's name, though in capitals they would pass for one."""


def credit_name(credit: str) -> str:
    """A photo credit with its capitals undone: `Kevin Dietsch/Getty Images`; agencies and initials keep theirs."""
    credit = credit.strip()
    if not any(char.isupper() for char in credit):
        return credit
    bars = (bar.split("/") for bar in credit.split(" | "))
    return " | ".join("/".join(map(_credit_part, parts)) for parts in bars)


def _credit_part(part: str) -> str:
    bare = part.strip()
    if not bare.isupper() or len(bare) < 4:
        return part
    spelling = name_tables().agencies.get(bare.casefold())
    return part.replace(bare, spelling or undo_capitals(bare))


_OPEN: Final = ("\u00ab", "\u201c", "\u201e", "/")


@by_knowledge(4096)
def undo_capitals(name: str) -> str:
    """`TOVAH LAZAROFF` as `Tovah Lazaroff`; a name with any small letter outside a `Mc` is left as it is."""
    if not name.replace("Mc", "MC").replace("Mac", "MAC").isupper():
        return name
    words = name.split(" ")
    return " ".join(
        _undo_word(word, first=index == 0 or words[index - 1] in _OPEN, last=index == len(words) - 1) for index, word in enumerate(words)
    )


def _undo_word(word: str, *, first: bool, last: bool) -> str:
    tables = name_tables()
    key = word.lower().strip(".,()")
    if key in tables.suffixes and not first:
        return word.replace(word.strip(".,()"), tables.suffixes[key])
    if key in tables.acronyms or re.fullmatch(r"(?:\w\.-?)+\w?\.?,?", word):
        return word
    if not first and not last and (key in tables.particles or key in NEVER_IN_NAMES):
        return word.lower()
    if key in tables.mac_names:
        return f"Mac{_capital(word[3:])}"
    if key.startswith("mc") and len(key) > 3:
        return f"Mc{_capital(word[2:])}"
    return "-".join(_undo_part(part) for part in word.split("-"))


def _undo_part(part: str) -> str:
    for mark in ("'", "\u2019"):
        head, found, tail = part.partition(mark)
        if found and len(head) <= 2 and len(tail) > 1:
            return f"{_capital(head)}{mark}{_capital(tail)}"
    return _capital(part)


def _capital(text: str) -> str:
    # str.lower makes two code points of a dotted capital I.
    start = next((index for index, char in enumerate(text) if char.isalpha()), 0)
    return text[: start + 1] + text[start + 1 :].lower().replace("i\u0307", "i")
