"""Bylines as exports give them: `Last, First; Last, First`, `JANE DOE, WASHINGTON POST STAFF WRITER`, agencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.exports.reach import Reach
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.roles import Role
from sitegen.readers.values import people_of

_LONG_NOTE: Final = 24
_SHORT_NAME: Final = 3
_PLACE: Final = re.compile(r"\s*\([^()]*\)\s*$")
_ARTICLE: Final = re.compile(r"^(?:the|der|die|das|le|la|el)\s+", re.IGNORECASE)


def read_authors(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """People and agencies; `Last, First; Last, First` too."""
    text, employer = _without_employer(text, reach.source)
    whole = read_byline(text, reach.rules)
    parts = [part.strip() for part in text.split(";") if part.strip()]
    spans: list[Span] = []
    if whole is not None and len(parts) == 1:
        spans += whole.spans
    else:
        for part in parts:
            spans += _author(part, reach)
    if not spans:
        return "byline", (Span(text, "drop", rule="byline-note"), *employer)
    return "byline", (*(_person_or_employer(span, reach) for span in spans), *employer)


def _without_employer(text: str, source: str) -> tuple[str, tuple[Span, ...]]:
    """A byline without the publication's own name and what follows it: `JANE DOE, WASHINGTON POST STAFF WRITER`."""
    name = _ARTICLE.sub("", _PLACE.sub("", source)).casefold()
    position = text.casefold().find(name) if len(name) > _SHORT_NAME else -1
    head = text[: max(position, 0)].rstrip(" ,/-\u2013\u2014(")
    if not head or head.endswith(";") or ";" in text[position:]:
        return text, ()
    return head, (Span(text[len(head) :].strip(), "drop", rule="byline-affiliation"),)


def _person_or_employer(span: Span, reach: Reach) -> Span:
    """A capitalised name that is the publication's, or ends like one, is no person."""
    if span.fate != "person":
        return span
    own = bool(reach.source) and span.text.casefold() in reach.source.casefold()
    if not own and not (" " in span.text and export_tables().affiliation.fullmatch(span.text)):
        return span
    return Span(span.text, "drop", rule="byline-affiliation")


def _author(part: str, reach: Reach) -> Sequence[Span]:
    opened = read_byline(part, reach.rules)
    if opened is not None:
        return opened.spans
    if part.count(",") == 1:
        people, agencies = people_of(part.rstrip("."))
        # A role or a place behind the comma would be gone from the name.
        if len(people) == 1 and not agencies and _letters(people[0]) == _letters(part):
            return (Span(part, "person", value=people[0]),)
    joint = re.match(r"(?:and|und|et|y)\s+", part)
    named = read_byline(f"By {part[joint.end() if joint else 0 :]}", reach.rules)
    if named is None or part.count(" ") > _LONG_NOTE:
        return (Span(part, "drop", rule="byline-note"),)
    lead = (Span(joint[0].strip(), "marker"),) if joint else ()
    return (*lead, *named.spans[1:])


def _letters(text: str) -> list[str]:
    return sorted(re.findall(r"[^\W_]+", text.casefold()))


def read_agencies(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A credit line: the agencies it names; all else is not shown."""
    spans = [
        Span(part, "agency", value=agency_name(part)) if is_agency(part) else Span(part, "drop", rule="credit-line")
        for part in (part.strip() for part in re.split(r"[;,/]", text))
        if part
    ]
    return "agency", spans
