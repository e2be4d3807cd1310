"""Every line of one article gets a role: the lines below the source line first, then the body, then the page's end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from sitegen.readers.capitals import credit_name
from sitegen.readers.dates import DateRules
from sitegen.readers.spans import Span
from sitegen.readers.text.agencies import read_agency_line, read_signs
from sitegen.readers.text.blocks import are_parted, told_blocks
from sitegen.readers.text.boxes import drop_foot_blocks
from sitegen.readers.text.captions import may_have_credit, may_open_caption, read_caption
from sitegen.readers.text.datelines import read_dateline, read_place
from sitegen.readers.text.evidence import HEADS_LINKS, Surroundings, opens_appeal, split_glued, weigh
from sitegen.readers.text.furnishing import drop_foot
from sitegen.readers.text.header import label_header
from sitegen.readers.text.lines import Line, is_wide, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled, Role
from sitegen.readers.text.runs import find_runs
from sitegen.readers.text.signatures import sign_body, sign_end
from sitegen.readers.text.stamps import join_clock, split_after_stamp
from sitegen.readers.text.taglists import take_tag_lists
from sitegen.readers.text.tail import close_page, find_end, label_end, tag_line
from sitegen.readers.text.unmarked import is_name_and_paper

_LONG: Final = 160
# A line of one or two characters says nothing of itself; a file may hold half a million of them.
_MUTE: Final = 2
_CLOSERS: Final = 8
_BOX: Final = 26
_BOX_MARK: Final = 60
_LONGEST_CAPTION: Final = 400
_SURE_ENDS: Final = (".", "!", "?", '"', "\u201d", "\u2026")


class Frame(Struct, frozen=True, kw_only=True):
    """What is known of an article before its lines are looked at."""

    rules: DateRules
    phrases: Phrases
    glued: bool = True
    """Whether a phrase that copying glues to sentences stands anywhere in the source."""
    headline: str = ""
    paged: bool = False
    """Whether lines above the headline have shown the text to be the copy of a page."""
    fielded: bool = False
    """Whether the source gives headline, names and dates as fields, so that hardly anything but text is in the text."""


def label_article(lines: Sequence[Line], frame: Frame) -> list[Labelled]:
    """Roles for all lines of an article below its headline and source line, in order."""
    lines = join_clock(split_after_stamp(lines, frame.rules), frame.rules)
    end = find_end(lines, frame.phrases)
    header = label_header(lines[:end], frame.rules, frame.phrases, headline=frame.headline, fielded=frame.fielded)
    labelled = list(header)
    credited = any(label.role == "byline" for label in header)
    dated = any(span.fate == "stamp" for label in header for span in label.spans)
    opened = credited or dated
    body = _label_body(lines[len(header) : end], frame, leads=True, opened=opened)
    body = sign_body(body, credited=credited)
    names = {span.shown.casefold() for label in header for span in label.spans if span.fate == "person"}
    parted = are_parted(body)
    drop_foot(body, frame.phrases, parted=parted, hangs=end < len(lines) and not lines[end].gap)
    paged = frame.paged or end < len(lines) or any(label.rule or _is_again(label) for label in (*header, *body))
    body = close_page(body, frame.phrases, frame.rules, names=frozenset(names), dated=dated or frame.fielded, paged=paged,
                      parted=parted)  # fmt: skip
    if paged and parted:
        drop_foot_blocks(body, frame.phrases)
        body = sign_end(body, credited=credited or any(label.role == "byline" for label in body))
    labelled += body
    labelled += label_end(lines[end:], frame.phrases, credited=credited, rules=frame.rules)
    return take_tag_lists(labelled, frame.phrases)


def _is_again(label: Labelled) -> bool:
    return any(span.rule == "repeated-headline" for span in label.spans)


def _label_body(lines: Sequence[Line], frame: Frame, *, leads: bool, opened: bool) -> list[Labelled]:
    boxes = _fenced(lines)
    runs = {**find_runs(lines), **_boxed(lines, frame.phrases)}
    labelled: list[Labelled] = []
    for index, line in enumerate(lines):
        text = line.text
        if index in runs:
            label = runs[index]
        elif labelled and labelled[-1].rule and _goes_on_list(labelled[-1], line, frame.phrases):
            label = Labelled(line, "boilerplate", rule="related-link", why=LISTED_APART if line.gap else _LISTED)
        elif len(text) <= _MUTE and not frame.phrases.rule_of(text):
            label = Labelled(line, "paragraph")
        else:
            special = (may_have_credit(text) or may_open_caption(text)) and not (
                # The page's own notice names a year, or its paper's day.
                "\u00a9" in text[:18] and _is_notice(text, frame.phrases)
            )
            if not special and len(text) > _LONG and text[-1] in _SURE_ENDS and not opens_appeal(text, frame.phrases):
                label = Labelled(line, "paragraph")
            else:
                label = _label_line(lines, index, boxes, frame, labelled, special=special, opened=opened)
        if frame.glued and label.role == "paragraph":
            label = split_glued(line, frame.phrases) or label
        if leads and label.role == "paragraph":
            leads = False
            label = _with_dateline(label)
        labelled.append(label)
    labelled = told_headings(_attach_credits(labelled), frame.phrases)
    return _close_wire_story(told_blocks(labelled, frame.phrases), frame.phrases)


def _is_notice(text: str, phrases: Phrases) -> bool:
    """Whether what the sign opens is the page's own notice: with its year, or words that reserve rights."""
    if any(map(str.isdigit, text)):
        return phrases.rule_of(text) == "copyright"
    return phrases.rule_of(text[1:].strip()) == "copyright"


def told_headings(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """Headings that the others tell: numbered ones in turn are all headings, an interview's questions are none."""
    asks = sum(label.line.text.endswith(_ASKS) for label in labelled)
    numbered = _numbered(labelled)
    if not asks and not numbered:
        return labelled
    questions = _question_headings(labelled, phrases) if asks > 1 else frozenset()
    asked = not questions and any(
        label.role == "paragraph" and _is_question(label.line) and label.line.number not in numbered
        for label in labelled
    )
    for index, label in enumerate(labelled):
        if label.line.number in numbered and label.role == "paragraph" and not label.spans:
            labelled[index] = Labelled(label.line, "subhead", why="one of several numbered headings")
        elif index in questions:
            labelled[index] = Labelled(label.line, "subhead", why="one of several questions to nobody")
        elif (
            asked and label.role == "subhead" and label.line.text.endswith(_ASKS) and label.line.number not in numbered
        ):
            labelled[index] = Labelled(label.line, "paragraph", why="one of several questions")
    return labelled


def _question_headings(labelled: Sequence[Labelled], phrases: Phrases) -> frozenset[int]:
    """Where short questions stand above paragraphs, two at the least, and none of them is put to somebody."""
    found: list[int] = []
    for index, (label, below) in enumerate(pairwise(labelled)):
        text = label.line.text
        if (
            label.role not in ("paragraph", "subhead")
            or label.spans
            or not text.endswith(_ASKS)
            or len(text) > _HEADING
        ):
            continue
        if not phrases.spoken_to.isdisjoint(re.split(r"[\s,?\u2019']+", text.lower())):
            return frozenset()
        if (
            below.role in ("paragraph", "list", "caption")
            and len(below.line.text) > len(text)
            and not _SENTENCE_END.search(text[:-1])
        ):
            found.append(index)
    return frozenset(found) if len(found) > 1 else frozenset()


def _numbered(labelled: Sequence[Labelled]) -> frozenset[int]:
    """The lines of short numbered headings, two at the least that count on, each with a paragraph below."""
    if sum(label.line.text[0].isdecimal() for label in labelled) < _FEWEST_NUMBERED:
        return frozenset()
    found: list[int] = []
    for label, below in pairwise(labelled):
        match = _NUMBERED.match(label.line.text) if len(label.line.text) <= _HEADING else None
        heads = label.role in ("paragraph", "subhead") and len(below.line.text) > _LABEL
        if match is not None and heads and int(match[1]) == len(found) + 1:
            found.append(label.line.number)
    return frozenset(found) if len(found) > 1 else frozenset()


def _is_question(line: Line) -> bool:
    text = line.text
    return line.prose and len(text) <= _LONG and text.endswith(_ASKS) and not _SENTENCE_END.search(text[:-1])


_NUMBERED = re.compile(r"(\d{1,2})[.)]\s\S")
_SENTENCE_END = re.compile(r"[.!?]\s")
_ASKS: Final = ("?", "\uff1f", "\u061f")
_HEADING: Final = 110
_FEWEST_NUMBERED: Final = 2
_LABEL: Final = 40


def _goes_on_list(above: Labelled, line: Line, phrases: Phrases) -> bool:
    """Whether a line belongs to the list that `Read more:` opens, or an entry of it goes on with."""
    if line.prose or above.role != "boilerplate":
        return False
    if line.gap:
        heads = above.why in (HEADS_LINKS, LISTED_APART) or above.line.text.lower().strip(" :") in phrases.heads
        return heads and _is_link(line.text)
    if above.line.gap and (above.why == HEADS_LINKS or above.line.text.lower().strip(" :") in phrases.heads):
        return True
    return above.why == _LISTED or (above.line.text[-1] in ":\uff1a" and above.rule in _OPENERS)


def _is_link(text: str) -> bool:
    """Whether a line is as long as a link to another article, which headings inside one seldom are."""
    long = width(text) >= _LINK if is_wide(text) else text.count(" ") >= _LINK_SPACES
    return long and text[-1] not in ".:;,"


_LINK: Final = 24
_LINK_SPACES: Final = 4
LISTED_APART: Final = "a link below a heading of links"
_LISTED: Final = "below a heading that opens a list of links"
_OPENERS: Final = frozenset({"boilerplate", "related-link"})


def _boxed(lines: Sequence[Line], phrases: Phrases) -> dict[int, Labelled]:
    """The lines of boxes whose beginning and end the page marks, `list 1 of 3` to `end of list`; by index."""
    found: dict[int, Labelled] = {}
    for index, line in enumerate(lines):
        if index in found or len(line.text) > _BOX_MARK or not phrases.box_opening.fullmatch(line.text.lower()):
            continue
        for opening, closing in phrases.boxes:
            rows = lines[index + 1 : index + _BOX]
            end = next((at for at, row in enumerate(rows, index + 1) if closing.fullmatch(row.text.lower())), 0)
            if end and opening.fullmatch(line.text.lower()):
                box = range(index, end + 1)
                found |= {
                    at: Labelled(lines[at], "boilerplate", rule="boxed", why="in a box of the page") for at in box
                }
                break
    return found


def _close_wire_story(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """The last lines with what ends a wire story, `(Reporting by …)` or `-30-`, taken out of the body."""
    for index in range(len(labelled) - 1, max(0, len(labelled) - _CLOSERS) - 1, -1):
        label = labelled[index]
        lowered = label.line.text.lower()
        if (
            label.role in ("paragraph", "subhead")
            and phrases.closer.fullmatch(lowered.rstrip(". "))
            and not phrases.narrates(lowered)
        ):
            labelled[index] = Labelled(label.line, "boilerplate", rule="wire-closer", why="ends a wire story")
    return labelled


def _label_line(
    lines: Sequence[Line],
    index: int,
    boxes: frozenset[int],
    frame: Frame,
    before: Sequence[Labelled],
    *,
    special: bool,
    opened: bool,
) -> Labelled:
    """The label of a line that is in no run; `special` where it may be a caption."""
    line = lines[index]
    text = line.text
    ends = line.gap > 0 and index + _FIGURE >= len(lines) and index > 0 and lines[index - 1].prose
    signs = read_signs(text, ends=ends) if "/" in text and len(text) <= _BOX_MARK else ()
    if signs:
        return Labelled(line, "agency", signs, why="signs the text")
    if special and "\u00a9" in text[1:] and (agency := read_agency_line(text, frame.phrases)) is not None:
        return agency(line)
    if special:
        spans = read_caption(text)
        if spans is not None:
            role: Role = "caption" if any(span.fate == "caption" for span in spans) else "credit"
            return Labelled(line, role, spans, why="a credit or caption mark")
    if len(text) <= _LONG * 2:
        marked = _label_marked(line, frame)
        if marked is not None:
            return marked
        agency = read_agency_line(text, frame.phrases)
        if agency is not None:
            return agency(line)
    surroundings = Surroundings(
        prose_before=(index > 0 and lines[index - 1].prose) or _ends_in_figure(before) or (opened and not index),
        prose_after=index + 1 < len(lines) and (lines[index + 1].prose or _leads_on(lines[index + 1].text)),
        fenced=index in boxes,
        short_before=index > 0 and not lines[index - 1].prose and not _ends_in_figure(before),
    )
    return weigh(line, surroundings, frame.phrases)


def _leads_on(text: str) -> bool:
    """Whether a line is a paragraph with which a list or a quotation begins."""
    return text[-1] in ":\uff1a" and len(text) > _BOX_MARK


def _label_marked(line: Line, frame: Frame) -> Labelled | None:
    """A line that says itself what it is: tags, a correction."""
    text = line.text
    if ":" not in text[:40] and "\uff1a" not in text[:40]:
        return None
    tags = frame.phrases.tags.fullmatch(text)
    if tags is not None and not line.prose:
        return tag_line(line, tags)
    if frame.phrases.correction.fullmatch(text):
        return Labelled(line, "correction")
    return None


def _ends_in_figure(before: Sequence[Labelled]) -> bool:
    return bool(before) and before[-1].role in ("caption", "credit", "boilerplate", "list", "preformatted")


def _fenced(lines: Sequence[Line]) -> frozenset[int]:
    """Lines in short boxes that double blank lines fence off, where single ones part the paragraphs."""
    wide = [index for index, line in enumerate(lines) if line.gap >= 2]
    if len(wide) < 2 or len(wide) * 3 > len(lines):
        return frozenset()
    boxed: set[int] = set()
    for start, end in pairwise(wide):
        if end - start <= 6 and all(len(line.text) < _LONG for line in lines[start:end]):
            boxed.update(range(start, end))
    return frozenset(boxed)


def _with_dateline(label: Labelled) -> Labelled:
    """The first paragraph, with the dateline it opens with; the text itself stays whole."""
    dateline = read_dateline(label.line.text) or read_place(label.line.text)
    if dateline is None:
        return label
    spans = [Span("", "dateline", value=dateline.text)]
    spans += [Span("", "agency", value=agency) for agency in dateline.agencies]
    spans += label.spans or (Span(label.line.text, "paragraph"),)
    return Labelled(label.line, label.role, tuple(spans), why="opens with a dateline")


def _is_alternative(above: Labelled, caption: Labelled) -> bool:
    """Whether a line says what the caption right below says, without its credit."""
    if above.role not in ("paragraph", "subhead") or above.spans or caption.line.gap:
        return False
    return any(span.fate == "caption" and span.text == above.line.text for span in caption.spans)


def _has_alternative(labelled: Sequence[Labelled], index: int) -> bool:
    """Whether a short line that blank lines part from the text stands above a caption and its credit, all three glued."""
    if index < _FIGURE - 1 or labelled[index - 1].line.gap or not labelled[index - 1].line.prose:
        return False
    alt = labelled[index - 2]
    return bool(alt.line.gap) and alt.role in ("paragraph", "subhead") and not alt.spans and not alt.line.prose


_FIGURE: Final = 3


def _caption_below(labelled: list[Labelled], index: int) -> None:
    """A name and a paper on a line of their own, glued to the one sentence below, are that caption's credit."""
    above, label = labelled[index - 1], labelled[index]
    ends = index + 1 == len(labelled) or labelled[index + 1].line.gap
    if above.spans or not ends or len(label.line.text) > _LONGEST_CAPTION or not is_name_and_paper(above.line.text):
        return
    labelled[index - 1] = Labelled(label.line, "caption", (Span(label.line.text, "caption"),), why="a credit stands above")
    name = above.line.text
    labelled[index] = Labelled(above.line, "credit", (Span(name, "credit", value=credit_name(name)),), why="a name and a paper")


def _attach_credits(labelled: list[Labelled]) -> list[Labelled]:
    """A line that is nothing but a credit makes the short line right above it a caption."""
    for index in range(1, len(labelled)):
        label, above = labelled[index], labelled[index - 1]
        if label.role in ("paragraph", "subhead") and not label.line.gap and not label.spans and "/" in above.line.text:
            _caption_below(labelled, index)
        if label.role == "caption" and _is_alternative(above, label):
            labelled[index - 1] = Labelled(
                above.line, "boilerplate", rule="repeated", why="the caption below repeats it"
            )
        if label.role != "credit" or label.line.gap or above.role not in ("paragraph", "subhead") or above.spans:
            continue
        doubled = _has_alternative(labelled, index)
        if len(above.line.text) < _LONGEST_CAPTION and (
            above.line.gap or not above.line.prose or " | " in label.line.text or doubled
        ):
            spans = (Span(above.line.text, "caption"),)
            labelled[index - 1] = Labelled(above.line, "caption", spans, why="a credit follows")
            if doubled:
                alt = labelled[index - 2].line
                why = "a caption and a credit follow"
                labelled[index - 2] = Labelled(alt, "boilerplate", rule="picture-note", why=why)
    return labelled
