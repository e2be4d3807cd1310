"""A shortcut in front of the YAML parser, for the front matter that nearly every file has.

One key a line, its value a text in quotes without escapes, a plain text that YAML cannot take for anything else, or a
list of such texts, one a line. For a block of such lines the entries are what the parser gives, which a property test
shows; for any other there is no answer, and the parser is asked.
"""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.matter_syntax import Entry, Value

# Tabs, control characters, and the characters that YAML takes for a line end or refuses.
_OTHERWISE: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTED: Final = r"\"[^\"\\\n]*\""
_APOSTROPHES: Final = r"'[^'\n]*'"
# A plain text: no sign of YAML at its beginning, no `: ` and no ` #` in it, no space or colon at its end.
_PLAIN: Final = r"[A-Za-z0-9][^:#\n]*+(?:(?::(?![ \n]|\Z)|(?<! )#)[^:#\n]*+)*(?<![ :])"
_SCALAR: Final = f"(?:{_QUOTED}|{_APOSTROPHES}|{_PLAIN})"
_KEY: Final = re.compile(
    rf"([A-Za-z][A-Za-z0-9_-]*+):(?: +({_SCALAR})|((?:\n( *)- +{_SCALAR}(?=\n|\Z))(?:\n\4- +{_SCALAR}(?=\n|\Z))*))(?:\n|\Z)"
)
_ITEM: Final = re.compile(rf"- +({_SCALAR})(?=\n|\Z)")
_NULLS: Final = frozenset(("null", "Null", "NULL"))
_LONGEST: Final = 20_000


def simple_entries(block: str, line: int) -> list[Entry] | None:
    """The entries of a block of YAML that begins on `line`, or None where the parser has to say."""
    if len(block) > _LONGEST or _OTHERWISE.search(block):
        return None
    entries: list[Entry] = []
    position, end = 0, len(block)
    while position < end:
        found = _KEY.match(block, position)
        if found is None:
            return None
        key, scalar, items, indent = found.groups()
        value: Value
        if scalar is not None:
            value, column = _scalar(scalar), found.start(2) - position + 1
            lines = 1
        else:
            value = [_scalar(item) for item in _ITEM.findall(items)]
            column, lines = len(indent) + 1, len(value) + 1
        text = found[0].rstrip()
        entries.append(Entry(key=key, value=value, line=line + (lines > 1), column=column, text=text))
        line += lines
        position = found.end()
    return entries


def _scalar(written: str) -> str | None:
    if written[0] in "\"'":
        return written[1:-1]
    return None if written in _NULLS else written
