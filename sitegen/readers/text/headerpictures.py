"""The pictures above an article's first paragraph: captions and credits told by the lines around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.agencynames import is_agency
from sitegen.readers.capitals import credit_name
from sitegen.readers.dates import DateRules
from sitegen.readers.names import Byline, opens_byline, read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.leadcaptions import read_lead_caption
from sitegen.readers.text.lines import Line, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled, Role
from sitegen.readers.text.sourcestamp import is_publication
from sitegen.readers.text.stamps import is_stamp
from sitegen.readers.text.writers import FAR, FULL_NAMES, LABEL_LENGTH, LABEL_WORDS, heads_caption

_DECK: Final = 40
_LONGEST_DECK: Final = 220
_PICTURE_LINES: Final = 3


class Place(Struct, frozen=True):
    """A line among those above the first paragraph, and what is known of the others."""

    lines: Sequence[Line]
    index: int
    rules: DateRules
    phrases: Phrases
    byline: int
    """Where the byline stands, or -1."""
    named: Byline | None
    headline: str
    standfirst_seen: bool
    extent: int
    """How many lines the marks of a header show to be one."""

    @property
    def line(self) -> Line:
        """The line itself."""
        return self.lines[self.index]


def may_be_caption(lines: Sequence[Line], index: int) -> bool:
    """Whether a line has a credit, or stands above one."""
    if read_lead_caption(lines[index].text) is not None:
        return True
    if index + 1 < len(lines) and lines[index + 1].gap < FAR and is_credit(lines[index + 1]):
        return True
    # What it shows in a few words, the caption and its credit: glued to each other.
    glued = index + 2 < len(lines) and not lines[index + 1].gap and not lines[index + 2].gap
    return glued and is_credit(lines[index + 2])


def is_credit(line: Line) -> bool:
    """Whether a line is nothing but a credit."""
    spans = read_lead_caption(line.text)
    return spans is not None and all(span.fate != "caption" for span in spans)


def read_picture(place: Place) -> list[Labelled]:
    """The labels of a caption, a credit, or a caption without a mark that stands above or below one; none for another line."""
    line = place.line
    if heads_caption(place.lines, place.index):
        credit, below = Span(line.text, "credit", value=credit_name(line.text)), place.lines[place.index + 1]
        shown = Labelled(below, "caption", (Span(below.text, "caption"),), why="below a credit")
        return [Labelled(line, "credit", (credit,), why="a name and a paper"), shown]
    spans = read_lead_caption(line.text)
    marked = spans is not None and any(span.fate == "marker" and ":" in span.text for span in spans)
    if spans is None or (spans[-1].fate != "drop" and not marked and FULL_NAMES.fullmatch(spans[0].text)):
        return _credited_below(place)
    role: Role = "caption" if any(span.fate == "caption" for span in spans) else "credit"
    return [Labelled(place.line, role, spans, why="a credit or caption mark")]


def is_caption(text: str) -> bool:
    """Whether a line is a caption of some words with its credit."""
    spans = read_lead_caption(text)
    return spans is not None and spans[0].text.count(" ") >= LABEL_WORDS


def _credited_below(place: Place) -> list[Labelled]:
    """A caption without any mark, above a line that is nothing but a credit, or glued below one."""
    if _hangs_below_credit(place):
        return [Labelled(place.line, "caption", (Span(place.line.text, "caption"),), why="below a credit")]
    if (
        place.index + 1 >= len(place.lines)
        or place.phrases.rule_of(place.line.text)
        or is_stamp(place.line, place.rules)
    ):
        return []
    described = _described(place) or _pictured_by(place)
    if described:
        return described
    below = place.lines[place.index + 1]
    spans = read_lead_caption(below.text) if any(map(str.isalpha, place.line.text)) else None
    if spans is None or below.gap > 1 or any(span.fate == "caption" for span in spans) or place.index == place.byline:
        return []
    return [Labelled(place.line, "caption", (Span(place.line.text, "caption"),), why="a credit follows")]


def _described(place: Place) -> list[Labelled]:
    """What a picture shows in a few words, its caption and its credit: three lines that no blank line parts."""
    lines, index = place.lines[place.index : place.index + 3], place.index
    if len(lines) < _PICTURE_LINES or lines[1].gap or lines[2].gap or place.byline in (index, index + 1):
        return []
    apart = lines[0].gap and index + _PICTURE_LINES < len(place.lines) and place.lines[index + _PICTURE_LINES].gap
    if lines[0].prose and not apart:
        return []
    credit = read_lead_caption(lines[2].text)
    if credit is None or any(span.fate == "caption" for span in credit) or read_lead_caption(lines[1].text) is not None:
        return []
    if not lines[1].prose or (lines[0].text[-1] in ".:" and not apart) or not place.headline or lines[0].text == place.headline:
        return []
    return [
        Labelled(lines[0], "boilerplate", rule="picture-note", why="says in a few words what the picture shows"),
        Labelled(lines[1], "caption", (Span(lines[1].text, "caption"),), why="a credit follows"),
    ]


def _pictured_by(place: Place) -> list[Labelled]:
    """A caption above the photographer's `By …`, or above nothing but an agency, glued to it."""
    below = place.lines[place.index + 1]
    hangs = not below.gap and place.index + 2 < len(place.lines) and place.lines[place.index + 2].gap > 0
    if not hangs or len(place.line.text) < _DECK or len(below.text) > LABEL_LENGTH or place.index == place.byline:
        return []
    if place.index + 1 < place.byline and opens_byline(below.text):
        named = read_byline(below.text, place.rules)
        spans = named.spans if named is not None and len(named.people) == 1 else ()
        spans = tuple(Span(span.text, "credit", value=span.value) if span.fate == "person" else span for span in spans)
    else:
        told = is_agency(below.text) or (0 <= place.byline < place.index and _is_name_with_paper(below.text))
        spans = (Span(below.text, "credit"),) if told and place.index + 1 != place.byline else ()
    if not spans:
        return []
    caption = Labelled(place.line, "caption", (Span(place.line.text, "caption"),), why="a credit follows")
    return [caption, Labelled(below, "credit", spans, why="glued below a caption")]


def _is_name_with_paper(text: str) -> bool:
    """`Jane Doe, Bay Tribune`"""
    name, comma, paper = text.partition(", ")
    return bool(comma) and FULL_NAMES.fullmatch(name) is not None and (is_publication(paper) or is_agency(paper))


def _hangs_below_credit(place: Place) -> bool:
    line, index = place.line, place.index
    if (
        line.gap
        or not index
        or index + 1 >= len(place.lines)
        or not place.lines[index + 1].gap
        or place.phrases.rule_of(line.text)
    ):
        return False
    # Where something is glued above the credit, that is its caption.
    return (
        place.lines[index - 1].gap > 0
        and is_credit(place.lines[index - 1])
        and read_byline(line.text, place.rules) is None
    )


_STOP_INSIDE = re.compile(r"[^\W\d_]{3}[.!?][\"\u201d\u2019\u00bb]? [\"\u201c\u2018\u00ab]?[^\W\d_]|。.*。")


def is_above_picture(place: Place) -> bool:
    """Whether a short sentence hangs under the byline or stamp, and the picture stands right below it."""
    lines, index = place.lines, place.index
    if index >= len(lines) - 2 or width(place.line.text) > _LONGEST_DECK:
        return False
    if not index:
        return False
    if place.line.gap:
        # Apart from both, it is the deck where it is the first sentence, between the page's buttons and a picture.
        barred = place.phrases.rule_of(lines[index - 1].text) != ""
        first = barred and place.line.prose and all(not line.prose for line in lines[:index])
        if _STOP_INSIDE.search(place.line.text):
            # Two sentences are the text itself.
            return False
        credit = read_lead_caption(lines[index + 1].text)
        told = credit is not None and any(span.fate == "credit" for span in credit) and any(span.fate == "caption" for span in credit)
        return first and told and lines[index + 2].prose and lines[index + 2].gap > 0
    above = index - 1 == place.byline or is_stamp(lines[index - 1], place.rules)
    pictured = may_be_caption(lines, index + 1) or (not lines[index + 2].gap and read_lead_caption(lines[index + 2].text) is not None)
    return above and pictured
