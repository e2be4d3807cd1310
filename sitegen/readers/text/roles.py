"""The one role of each line, and the evidence for it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line

Role = Literal[
    "headline", "source line", "byline", "stamp", "standfirst", "caption", "credit", "subhead", "paragraph", "list",
    "preformatted", "quote", "agency", "correction", "tags", "url", "boilerplate", "furniture", "unknown",
]  # fmt: skip
"""A dateline is part of a paragraph; `unknown` is shown as a paragraph."""


class Labelled(Struct, frozen=True, gc=False):
    """A line and what it was taken for."""

    line: Line
    role: Role
    spans: tuple[Span, ...] = ()
    """What becomes of its parts; empty where the whole line is what its role says."""
    rule: str = ""
    """For a line that is dropped whole: the rule."""
    why: str = ""
    """The evidence, for `sitegen inspect`."""
