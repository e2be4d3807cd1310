"""The lines between a headline and the first paragraph: standfirst, byline, stamp, leading pictures, furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.names import Byline, opens_byline, read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.captions import may_open_caption, read_caption
from sitegen.readers.text.datelines import LABELS, read_dateline
from sitegen.readers.text.lines import Line, is_prose
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled, Role

_REACH: Final = 24
_BYLINE_REACH: Final = 16
_NEAR: Final = 5
_NAMES: Final = 60
_DECK: Final = 40
_FAR: Final = 2
_PERSON = r"[A-ZÀ-ÞА-Я][\w.'\u2019-]*(?: (?:de|da|van|von|der|den|la|bin|al|[A-ZÀ-ÞА-Я][\w.'\u2019-]*)){1,3}"
_FULL_NAMES = re.compile(rf"{_PERSON}(?:,? (?:and|und|et|y|e|&) {_PERSON})?")
_SHORTEST_PLACE: Final = 4
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})?[kK]?")
_TOLD = re.compile(r"\d{1,2}[ -]min(?:ute)?s? read|@\w+|\S+@\S+\.\w+|view bio|follow")
_GLUED: Final = 80
_NOTE: Final = 40
_SCREENFUL: Final = 80
_MENU: Final = 4
_KNOWN_IN_MENU: Final = 2
_LONGEST_BYLINE: Final = 200
_URL = re.compile(r"(?:(?:source|original|url|link|via)\s*:\s*)?(?P<url>https?://[^\s<>\"]{4,2000})", re.IGNORECASE)
_STAMP_WORDS = re.compile(
    r"(?P<word>(?:first |last |originally |article )?(?:published|posted|updated|created|modified|date|issued|publicado"
    r"|actualizado|(?:última )?actualización|fecha|publiée?|(?:article )?(?:mise?|modifié) à jour|modifiée?"
    r"|veröffentlicht|aktualisiert|erstellt|stand|datum|pubblicato|aggiornato|(?:ultimo )?aggiornamento|atualizado"
    r"|gepubliceerd|bijgewerkt|publicerad|uppdaterad|publisert|oppdatert|opublikowano|aktualizacja|yayınlan\w*"
    r"|güncelle\w*|опубликовано|обновлено|дата|نشر|نُشر|آخر تحديث|تاريخ|פורסם|עודכן|发布时间|发布于|更新时间|更新|公開|更新日|입력|수정)"
    r"(?: on| at| le| el| am| em| il| op| den| fecha| dnia| בתאריך| في)?\s*[:：]?)\s*",
    re.IGNORECASE,
)
# `Madrid - 15 abr 2010`, `Washington, D.C. | May 3`: where the story was written.
_STAMP_PLACE = re.compile(r"[^\W\d_][\w.'\u2019 ]{1,28}(?:, [^\W\d_][\w.' ]{1,20})?")
_PLACES = re.compile(r"(?:(?:reporting )?(?:in|from|In|From)) [A-Z][\w.'-]+(?:[ ,]+(?:and|in|&|[A-Z][\w.'-]+))*\.?$")


class _Place(Struct, frozen=True):
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

    @property
    def line(self) -> Line:
        return self.lines[self.index]


def label_header(lines: Sequence[Line], rules: DateRules, phrases: Phrases, *, headline: str = "") -> list[Labelled]:
    """Labels for the lines above the first paragraph, which may be none."""
    labelled: list[Labelled] = []
    byline, named = _find_byline(lines, rules)
    if byline < 0:
        reach = range(min(_BYLINE_REACH, len(lines)))
        found = ((index, _names_alone(lines, index, rules, phrases)) for index in reach if not lines[index].prose)
        byline, named = next(((index, names) for index, names in found if names), (-1, None))
    while len(labelled) < min(_REACH, len(lines)):
        seen = any(label.role == "standfirst" for label in labelled)
        place = _Place(lines, len(labelled), rules, phrases, byline, named, headline, seen)
        labels = next((labels for step in _STEPS if (labels := step(place))), None)
        if labels is None:
            break
        labelled += labels
    return labelled


def label_top(lines: Sequence[Line], rules: DateRules, phrases: Phrases, *, menu: int = 0) -> list[Labelled]:
    """Labels for what stands above a headline that no source line marks: navigation, a stamp, the page's address.

    `menu` is how many lines are known to be navigation.
    """
    labelled = [
        Labelled(line, "furniture", rule="navigation", why="one of many short lines at the top")
        for line in lines[: menu or _navigation_length(lines, phrases)]
    ]
    stamped = any(is_stamp(line, rules) for line in lines[menu : menu + _NEAR + 1])
    for index in range(max(0, menu - _NEAR - 1), 0 if stamped else menu):
        # Some pages write the date above the headline.
        labelled[index] = _stamp(lines[index], rules) or labelled[index]
    for line in lines[len(labelled) :]:
        rule = phrases.rule_of(line.text)
        label = Labelled(line, "furniture", rule="navigation", why=f"a known phrase ({rule})") if rule else None
        label = label or _stamp(line, rules) or _address(line)
        if label is None:
            break
        labelled.append(label)
    return labelled


def _navigation_length(lines: Sequence[Line], phrases: Phrases) -> int:
    """How many lines at the top are a menu: short ones in a run, two known phrases among them at the least."""
    length = known = 0
    for line in lines[:_SCREENFUL]:
        rule = phrases.rule_of(line.text)
        if not rule and (line.text.count(" ") > 2 or len(line.text) > 30 or line.prose or (line.gap > 1 and length)):
            break
        length += 1
        known += bool(rule)
    return length if length >= _MENU and known >= _KNOWN_IN_MENU else 0


def split_after_stamp(lines: Sequence[Line], rules: DateRules) -> Sequence[Line]:
    """`lines` with a byline and its stamp parted from the caption or paragraph that copying glued to them."""
    for index, line in enumerate(lines[:_REACH]):
        if len(line.text) < _GLUED or not opens_byline(line.text):
            continue
        head = line.text[:200]
        date = next((date for date in find_dates(head, rules) if date.moment.precision not in ("year", "month")), None)
        rest = line.text[date.end :].strip() if date else ""
        if date is not None and len(rest) > _NOTE and read_byline(head[: date.end], rules) is not None:
            above = Line(line.number, head[: date.end].strip(), line.gap, line.indent)
            below = Line(line.number, rest, 0, line.indent, line.last, "", is_prose(rest))
            return [*lines[:index], above, below, *lines[index + 1 :]]
    return lines


def _find_byline(lines: Sequence[Line], rules: DateRules) -> tuple[int, Byline | None]:
    """Where the byline stands among the lines above the text, or -1, and what it says."""
    sentences = 0
    for index, line in enumerate(lines[:_BYLINE_REACH]):
        named = read_byline(line.spaced or line.text, rules) if len(line.text) < 240 else None
        named = named or names_with_role(line.text, rules)
        if named is not None:
            return index, named
        sentences += line.prose and read_caption(line.text) is None
        # One sentence may be a standfirst; more of them are the text.
        if sentences > 1 and index >= _NEAR:
            break
    return -1, None


def names_with_role(text: str, rules: DateRules) -> Byline | None:
    """The byline that names with a role are without its word: `Jane Doe, science correspondent`."""
    if len(text) > _GLUED or text[-1] in '.!?:;"' or not text[0].isupper():
        return None
    named = read_byline(f"By {text}", rules)
    if named is None or not named.people or any(span.rule == "byline-note" for span in named.spans):
        return None
    if not any(span.rule == "byline-role" for span in named.spans):
        return None
    return Byline(named.spans[1:])


def _names_alone(lines: Sequence[Line], index: int, rules: DateRules, phrases: Phrases) -> Byline | None:
    """Names without the byline's word, told by what stands below: a stamp, a role, how long it takes to read."""
    text = lines[index].text
    if index + 1 >= len(lines) or len(text) > _NAMES or not _FULL_NAMES.fullmatch(text):
        return None
    below = lines[index + 1]
    told = is_stamp(below, rules) or _is_role_line(below.text, rules) or _TOLD.fullmatch(below.text.lower())
    named = read_byline(f"By {text}", rules) if told and below.gap < _FAR and not phrases.rule_of(text) else None
    return Byline(named.spans[1:]) if named is not None and named.people else None


def _repeated_headline(place: _Place) -> list[Labelled]:
    line = place.line
    if not place.headline or line.text.casefold() != place.headline.casefold():
        return []
    return [Labelled(line, "headline", (Span(line.text, "drop", rule="repeated-headline"),))]


def _byline(place: _Place) -> list[Labelled]:
    """A byline with its word, or else names with an agency, which need none."""
    line = place.line
    unmarked = place.index != place.byline
    if unmarked and (place.byline >= 0 or line.prose or len(line.text) >= _LONGEST_BYLINE):
        return []
    if unmarked and (may_open_caption(line.text) or read_dateline(line.text) is not None):
        return []
    return _bylines(place.lines, place.index, place.rules, place.named)


def _caption(place: _Place) -> list[Labelled]:
    spans = read_caption(place.line.text)
    if spans is None:
        return []
    role: Role = "caption" if any(span.fate == "caption" for span in spans) else "credit"
    return [Labelled(place.line, role, spans, why="a credit or caption mark")]


def _lone_dateline(place: _Place) -> list[Labelled]:
    """`ISTANBUL`, alone between byline and text."""
    line, text = place.line, place.line.text
    if not text.isupper() or not text.isascii() or text.count(" ") > 2 or place.index + 1 >= len(place.lines):
        return []
    credited = 0 <= place.byline < place.index
    if not credited or not place.lines[place.index + 1].prose or text in LABELS or len(text) < _SHORTEST_PLACE:
        return []
    return [Labelled(line, "source line", (Span(text, "dateline"),), why="a place alone above the text")]


def _stamp_or_address(place: _Place) -> list[Labelled]:
    label = _stamp(place.line, place.rules) or _address(place.line)
    return [label] if label else []


def _furniture(place: _Place) -> list[Labelled]:
    """A known phrase, or a label of a word or two between headline and byline."""
    line, text = place.line, place.line.text
    rule = place.phrases.rule_of(text) or ("header-furniture" if _COUNT.fullmatch(text) else "")
    if rule:
        return [Labelled(line, "furniture", rule=rule, why=f"a known phrase ({rule})")]
    if place.byline > place.index and text.count(" ") < 3 and len(text) <= 30 and text[-1].isalnum():
        return [Labelled(line, "furniture", rule="header-furniture", why="a label between headline and byline")]
    return []


def _standfirst(place: _Place) -> list[Labelled]:
    if place.standfirst_seen or not _is_standfirst(place.lines, place.index, place.byline):
        return []
    return [Labelled(place.line, "standfirst", why="above the byline, or repeated in the body")]


# In this order: the surer evidence first.
_STEPS: Final[tuple[Callable[[_Place], list[Labelled]], ...]] = (
    _repeated_headline,
    _byline,
    _caption,
    _stamp_or_address,
    _furniture,
    _lone_dateline,
    _standfirst,
)


def _bylines(lines: Sequence[Line], index: int, rules: DateRules, named: Byline | None) -> list[Labelled]:
    """A byline and the line that goes on with it, if any."""
    line = lines[index]
    text = line.spaced or line.text
    named = named or read_byline(text, rules, word_needed=False)
    if named is None:
        return []
    labelled = [Labelled(line, "byline", named.spans, why="a byline")]
    if index + 1 >= len(lines) or lines[index + 1].gap > 1:
        return labelled
    following = lines[index + 1]
    open_end = text.rstrip().endswith((",", "&", " and", " AND"))
    if _PLACES.fullmatch(following.text) and len(following.text) < 100:
        labelled.append(Labelled(following, "byline", (Span(following.text, "drop", rule="byline-place"),)))
    elif following.gap == 0 and len(following.text) < 100 and (open_end or _is_role_line(following.text, rules)):
        more = read_byline(f"By {following.text}", rules)
        if more is not None:
            labelled.append(Labelled(following, "byline", _as_continuation(more.spans[1:], open_end=open_end)))
    return labelled


def _is_role_line(text: str, rules: DateRules) -> bool:
    """`Science Correspondent` or `jane@example.org`, alone under a byline."""
    if len(text) > 60 or "(" in text:
        return False
    spans = read_byline(f"By {text}", rules)
    return spans is not None and not spans.people and text[-1] != "."


def _as_continuation(spans: tuple[Span, ...], *, open_end: bool) -> tuple[Span, ...]:
    if open_end or len(spans) != 1 or spans[0].fate != "person":
        return spans
    return (Span(spans[0].text, "drop", rule="byline-note"),)


def is_stamp(line: Line, rules: DateRules) -> bool:
    """Whether a line is nothing but a date, with or without the word that says of what."""
    return _stamp(line, rules) is not None


def _stamp(line: Line, rules: DateRules) -> Labelled | None:
    """A line that is a date, with or without the word that says of what."""
    text = line.text
    if len(text) > 120 or not any(char.isdigit() for char in text):
        return None
    spans: list[Span] = []
    position = 0
    for date in find_dates(text, rules):
        between = text[position : date.start].strip(" |,;·•-\u2013\u2014()")
        marked = not between or _STAMP_WORDS.fullmatch(between) is not None
        if not marked and not (position == 0 and _is_place_of_stamp(text[: date.start].rstrip())):
            return None
        before = text[position : date.start].strip()
        if before:
            spans.append(Span(before, "marker") if marked else Span(before, "drop", rule="stamp-place"))
        spans.append(Span(text[date.start : date.end].strip(), "stamp", moment=date.moment, ambiguous=date.ambiguous))
        position = date.end
    rest = text[position:].strip()
    if not spans or len(rest) > 40:
        return None
    if rest:
        spans.append(
            Span(rest, "drop", rule="stamp-note") if any(char.isalnum() for char in rest) else Span(rest, "marker")
        )
    return Labelled(line, "stamp", tuple(spans), why="a date alone")


def _is_place_of_stamp(before: str) -> bool:
    """Whether a dash or bar parts the date from the place of writing before it."""
    return before[-1:] in "-|\u2013\u2014\u00b7\u2022" and _STAMP_PLACE.fullmatch(before[:-1].strip()) is not None


def _address(line: Line) -> Labelled | None:
    """A line that is nothing but the address of the original."""
    url = _URL.fullmatch(line.text)
    if url is None:
        return None
    word = line.text[: url.start("url")].strip()
    marker = (Span(word, "marker"),) if word else ()
    return Labelled(line, "url", (*marker, Span(url["url"], "url")))


def _is_standfirst(lines: Sequence[Line], index: int, byline: int) -> bool:
    """A passage that the body repeats, the one passage above the byline, or a short deck above the first prose."""
    text = lines[index].text
    if len(text) < 20 or len(text) > 600 or (text.count(" ") < 3 and text.isascii()):
        return False
    below = "\n".join([other.text for other in lines[index + 1 :]])
    if text in below and (len(text) > _DECK or f"\n{text}\n" in f"\n{below}\n"):
        return True
    if byline == index + 1 or (byline > index and all(_is_slight(line) for line in lines[index + 1 : byline])):
        return True
    if lines[index].prose or index + 1 >= len(lines):
        return False
    words = text.count(" ") + 1
    return 5 <= words <= 40 and text[-1] not in ".:;,)" and lines[index + 1].prose and lines[index + 1].gap > 0


def _is_slight(line: Line) -> bool:
    return not line.prose or read_caption(line.text) is not None
