"""A stretch of a line and what becomes of it: how every character of a source is accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from sitegen.records import Moment

Fate = Literal[
    "title", "summary", "source", "section", "published", "updated", "stamp", "person", "agency", "dateline",
    "caption", "credit", "alt", "paragraph", "subhead", "item", "preformatted", "correction", "tag", "url",
    "marker", "drop",
]  # fmt: skip
"""A field of the record; `marker`, the words that only mark a field (`By`, `Created at`); or `drop`."""


class Span(Struct, frozen=True, gc=False):
    """A stretch of a line: where it goes, and in which normalised form."""

    text: str
    """As it stands in the source, white space apart."""
    fate: Fate
    value: str = ""
    """The normalised form; empty where it is the text itself."""
    rule: str = ""
    """For `drop`: the rule that dropped it. For a field: the normalisation by which `value` came from `text`."""
    moment: Moment | None = None
    ambiguous: bool = False

    @property
    def shown(self) -> str:
        """What the record holds of it."""
        return self.value or self.text


def left_over(text: str, spans: Sequence[Span]) -> list[str]:
    """What of a line's text is in none of its spans: separators as a rule, and never anything that may be lost."""
    if len(text) > _LONG:
        return _left_over_in_order(text, spans)
    rest = text
    for span in spans:
        start = rest.find(span.text) if span.text else -1
        if start >= 0:
            # Blanked, not cut out, so that what stood on both sides stays apart.
            rest = f"{rest[:start]}{_TAKEN}{rest[start + len(span.text) :]}"
    return [part for part in (part.strip() for part in rest.split(_TAKEN)) if part]


def _left_over_in_order(text: str, spans: Sequence[Span]) -> list[str]:
    """The same for a line of any length: a span is looked for a little way behind the one before it, and only there."""
    parts: list[str] = []
    position = 0
    for span in spans:
        start = text.find(span.text, position, position + len(span.text) + _LONG) if span.text else -1
        if start >= 0:
            parts.append(text[position:start].strip())
            position = start + len(span.text)
    return [part for part in (*parts, text[position:].strip()) if part]


_TAKEN = "\x00"
_LONG = 4_000
"""Characters of a line whose spans may stand in any order: to look for each in all of it takes time by the square."""
