"""The pictures that an export names: captions and credits, several in one field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from sitegen.readers.capitals import credit_name
from sitegen.readers.dates import DateRules
from sitegen.readers.exports.reach import Reach
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Role


def read_figure(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A caption and its credit, behind the word that says of what kind the picture is."""
    word = export_tables().picture_word.match(text)
    lead: tuple[Span, ...] = ()
    if word is not None:
        rest = text[word.end() :].lstrip()
        if not rest or not any(char.islower() for char in rest):
            return "furniture", (Span(text, "drop", rule="picture-note"),)
        if rest[0] in ":,;":
            lead, text = (Span(text[: word.end()] + rest[0], "marker"),), rest[1:].strip()
    by = export_tables().credit_by.search(text)
    if by is not None and by.start():
        credit = by["credit"].strip()
        opening, closing = text[by.start() : by.start("credit")].strip(), text[by.end("credit") :].strip()
        caption = Span(text[: by.start()].strip(), "caption")
        named = Span(credit, "credit", value=credit_name(credit))
        return "caption", (*lead, caption, Span(opening, "marker"), named, Span(closing, "marker"))
    spans = _credited_first(text) or read_caption(text) or (Span(text, "caption"),)
    role: Role = "caption" if any(span.fate == "caption" for span in spans) else "credit"
    return role, (*lead, *spans)


def _credited_first(text: str) -> tuple[Span, ...] | None:
    """`Jane Doe, Post Courier; A ferry leaves the harbour.;` where the photographer and the paper stand first."""
    match = _CREDIT_FIRST.fullmatch(text)
    named = read_byline(f"By {match['credit']}", DateRules()) if match is not None else None
    if match is None or named is None or not named.people or any(span.rule == "byline-note" for span in named.spans):
        return None
    credit, caption = match["credit"], match["caption"].rstrip("; ")
    ending = text[match.start("caption") + len(caption) :].strip()
    closing = (Span(ending, "marker"),) if ending else ()
    return Span(credit, "credit", value=credit_name(credit)), Span(match["sign"], "marker"), Span(caption, "caption"), *closing


_CREDIT_FIRST = re.compile(r"(?P<credit>[^;/,.]{4,40}, [^;/,.]{2,40})\s?(?P<sign>[;/])\s(?P<caption>\S+(?:\s\S+){3,}.*)")


def pictures_of(line: Line) -> list[Line]:
    """`PHOTOS: One. JANE DOE/AP; Another. JOHN ROE/AFP`: parted where each has its credit."""
    parts = re.split(r"(?<=;)\s+", line.text)
    if len(parts) == 1 or not all(_has_credit(part.rstrip(" ;")) for part in parts):
        return [line]
    return [replace(line, text=part.rstrip(" ;")) for part in parts]


def _has_credit(text: str) -> bool:
    word = export_tables().picture_word.match(text)
    text = text[word.end() :].lstrip(" :,;") if word else text
    if export_tables().credit_by.search(text):
        return True
    spans = read_caption(text)
    return spans is not None and {"caption", "credit"} <= {span.fate for span in spans}
