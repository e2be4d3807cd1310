"""Articles from labelled lines, for layouts that bring more than lines tell: a number, private parts, no body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.readers.text.assembly import Assembled, Origin, assemble
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled
from sitegen.records import Moment

__all__ = ["NOT_FOR_PUBLICATION", "Extras", "dropped_line", "finish"]

NOT_FOR_PUBLICATION: Final = "not-for-publication"
"""The rule of drops that are shown nowhere."""


class Extras(Struct, frozen=True, kw_only=True):
    """What a layout says of an article beside its lines."""

    ident: str = ""
    """The layout's own identity; empty leaves the digest."""
    retrieved: Moment | None = None
    summary: str = ""


def finish(labels: Sequence[Labelled], origin: Origin, extras: Extras) -> Assembled:
    """The record of one article and its problems."""
    made = assemble(labels, origin)
    article = made.article
    if article is None:
        return made
    changes: dict[str, Any] = {}
    if extras.ident:
        changes["id"] = extras.ident
    if extras.retrieved is not None:
        changes["retrieved"] = extras.retrieved
    if extras.summary:
        changes["summary"] = extras.summary
    if any(drop.rule == NOT_FOR_PUBLICATION for drop in article.dropped):
        changes["dropped"] = tuple(
            replace(drop, private=True) if drop.rule == NOT_FOR_PUBLICATION else drop for drop in article.dropped
        )
    return Assembled(replace(article, **changes) if changes else article, made.problems)


def dropped_line(line: Line, rule: str, why: str = "") -> Labelled:
    """A line that is the layout's own and no part of the article."""
    return Labelled(line, "furniture", rule=rule, why=why or "the layout's own line")
