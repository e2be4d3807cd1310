"""What a person wrote above a saved text: `Title: …`, `Source: …`, `Date: …`, a line each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sitegen.readers.dates import DateRules, parse_date
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled, Role

_FEWEST: Final = 2
_REACH: Final = 10
_ROLES: Final[Mapping[str, tuple[Role, Fate]]] = {
    "title": ("headline", "title"), "headline": ("headline", "title"), "subtitle": ("standfirst", "summary"),
    "summary": ("standfirst", "summary"), "source": ("source line", "source"), "publication": ("source line", "source"),
    "publisher": ("source line", "source"), "newspaper": ("source line", "source"), "section": ("source line", "section"),
    "author": ("byline", "person"), "authors": ("byline", "person"), "byline": ("byline", "person"),
    "date": ("stamp", "published"), "published": ("stamp", "published"), "publication date": ("stamp", "published"),
    "updated": ("stamp", "updated"), "url": ("url", "url"), "link": ("url", "url"),
}  # fmt: skip
_LABEL = re.compile(rf"(?P<label>{'|'.join(_ROLES)})\s*:\s*(?P<value>\S.*)", re.IGNORECASE)


def label_labelled_top(lines: Sequence[Line], rules: DateRules) -> list[Labelled]:
    """Labels for the lines at the top that begin with a field's name; none unless two different ones do."""
    labelled: list[Labelled] = []
    seen: set[Fate] = set()
    for line in lines[:_REACH]:
        match = _LABEL.fullmatch(line.text)
        if match is None or _ROLES[match["label"].lower()][1] in seen:
            break
        role, fate = _ROLES[match["label"].lower()]
        spans = _spans(match["value"], fate, rules)
        if spans is None:
            break
        seen.add(fate)
        marker = Span(line.text[: match.start("value")].strip(), "marker")
        labelled.append(Labelled(line, role, (marker, *spans), why="a field by its name"))
    return labelled if len(labelled) >= _FEWEST else []


def _spans(value: str, fate: Fate, rules: DateRules) -> Sequence[Span] | None:
    """The parts of a value, or None where it is not what its label says."""
    if fate in ("published", "updated"):
        date = parse_date(value, rules)
        return None if date is None else [Span(value, fate, moment=date.moment, ambiguous=date.ambiguous)]
    if fate == "person":
        named = read_byline(f"By {value}", rules)
        return None if named is None else named.spans[1:]
    return None if fate == "url" and " " in value else [Span(value, fate)]
