"""The lines between a headline and the first paragraph: standfirst, byline, stamp, leading pictures, furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from sitegen.readers.dates import DateRules
from sitegen.readers.names import opens_byline
from sitegen.readers.spans import Span
from sitegen.readers.stampwords import opens_with_stamp_word
from sitegen.readers.text.agencies import read_agency_line
from sitegen.readers.text.captions import may_open_caption
from sitegen.readers.text.datelines import LABELS, read_dateline
from sitegen.readers.text.evidence import appeal_of
from sitegen.readers.text.headerpictures import Place, is_above_picture, is_caption, may_be_caption, read_picture
from sitegen.readers.text.labelledtop import read_labelled_parts
from sitegen.readers.text.leadcaptions import read_lead_caption
from sitegen.readers.text.lines import Line, width
from sitegen.readers.text.pagetop import is_row
from sitegen.readers.text.papersmark import read_mark
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.runs import count_buttons, find_runs
from sitegen.readers.text.sourcestamp import read_source, read_source_stamp
from sitegen.readers.text.stamps import is_stamp, read_address, read_reported, read_stamp
from sitegen.readers.text.standfirst import is_standfirst
from sitegen.readers.text.writers import (
    LABEL_LENGTH,
    LABEL_WORDS,
    NEAR,
    bylines,
    find_byline,
    has_stamp,
    is_role_line,
    names_with_role,
)

_REACH: Final = 24
_APPEAL: Final = 5
_LONGEST_HANGING: Final = 50
_DECK: Final = 40
_PICTURE_REACH: Final = 3
_SHORTEST_PLACE: Final = 4
_PLACE_WORDS: Final = 3
_LONGEST_PLACE: Final = 20
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})?[kK]?")
_SCREENFUL: Final = 80
_MENU: Final = 4
_TITLE_SPACES: Final = 2
_POINTS: Final = ("*", "-", "\u2022")
_KNOWN_IN_MENU: Final = 2
_LONGEST_BYLINE: Final = 200
_LONGEST_LABEL: Final = 24


def label_header(
    lines: Sequence[Line], rules: DateRules, phrases: Phrases, *, headline: str = "", fielded: bool = False
) -> list[Labelled]:
    """Labels for the lines above the first paragraph, which may be none; `fielded` ones need a mark of their own."""
    labelled: list[Labelled] = []
    byline, named = find_byline(lines, rules, phrases)
    extent = _extent(lines, byline, rules, phrases, headline)
    while len(labelled) < min(_REACH, len(lines)):
        seen = any(label.role == "standfirst" for label in labelled)
        place = Place(lines, len(labelled), rules, phrases, byline, named, headline, seen, extent)
        steps = _SURE_STEPS if fielded and not opens_byline(place.line.text) else _STEPS
        labels = next((labels for step in steps if (labels := step(place))), None)
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
    near = lines[menu : menu + NEAR + 1]
    stamped = any(is_stamp(line, rules) or has_stamp(names_with_role(line.text, rules)) for line in near)
    for index in range(max(0, menu - NEAR - 1), 0 if stamped else menu):
        # Some pages write the date above the headline.
        labelled[index] = read_stamp(lines[index], rules) or labelled[index]
    for index in range(max(0, menu - _PICTURE_REACH), menu):
        # And some the picture.
        spans = read_lead_caption(lines[index].text) if width(lines[index].text) >= _DECK else None
        if spans is not None and not is_row(lines[index].text, phrases) and {"caption", "credit"} <= {span.fate for span in spans}:
            labelled[index] = Labelled(lines[index], "caption", spans, why="a picture above the headline")
    for line, below in pairwise([*lines[len(labelled) :], None]):
        if line is None:
            break
        rule = phrases.rule_of(line.text)
        label = Labelled(line, "furniture", rule="navigation", why=f"a known phrase ({rule})") if rule else None
        label = label or read_stamp(line, rules) or read_address(line) or read_source_stamp(line, rules)
        label = label or (read_source(line, below, rules) if below is not None else None)
        if label is None:
            break
        labelled.append(label)
    return labelled


def _extent(lines: Sequence[Line], byline: int, rules: DateRules, phrases: Phrases, headline: str) -> int:
    """How many lines at the top are a header, whatever they say: a stamp, byline or share bar stands below them.

    One sentence above such a mark is the standfirst; where two stand above it, it is the text that holds it.
    """
    extent = sentences = bar = 0
    marked = False
    for index, line in enumerate(lines[:_REACH]):
        rule = phrases.rule_of(line.text)
        bars = rule == "share" or (rule == "relative-age" and not marked) or (rule == "boilerplate" and not sentences)
        bar = bar + 1 if bars else 0
        if (
            index == byline
            or read_labelled_parts(line, rules) is not None
            or bar > bool(sentences)
            or is_stamp(line, rules)
            or read_address(line) is not None
            or (line.text == headline)
        ):
            extent = index + 1
            marked = marked or not bar
        elif marked and not sentences and not rule and read_lead_caption(line.text) is not None:
            extent = index + 1
        elif line.prose and not rule and not may_be_caption(lines, index):
            sentences += not _goes_on_deck(lines, index)
            if sentences > 1:
                break
    # What hangs under the last mark without a blank line, short and no sentence, is of the header too.
    while 0 < extent < len(lines) and lines[extent].gap == 0 and not lines[extent].prose and width(lines[extent].text) <= _LONGEST_HANGING:
        extent += 1
    return extent + count_buttons(lines, extent) if marked else extent


def _goes_on_deck(lines: Sequence[Line], index: int) -> bool:
    """Whether a short sentence hangs under another, and blank lines part both from the rest: a deck of two lines."""
    if not index or lines[index].gap or index + 1 >= len(lines) or not lines[index + 1].gap:
        return False
    above, line = lines[index - 1], lines[index]
    return above.prose and above.gap > 0 and max(width(above.text), width(line.text)) <= _LONGEST_DECK_LINE


_LONGEST_DECK_LINE: Final = 140


def _navigation_length(lines: Sequence[Line], phrases: Phrases) -> int:
    """How many lines at the top are a menu: short ones in a run, two known phrases among them at the least."""
    length = known = 0
    for line in lines[:_SCREENFUL]:
        rule = phrases.rule_of(line.text)
        if not rule and (line.text.count(" ") > 2 or width(line.text) > 30 or line.prose or (line.gap > 1 and length)):
            break
        length += 1
        known += bool(rule)
    if length and not phrases.rule_of(lines[length - 1].text) and lines[length - 1].text.count(" ") >= _TITLE_SPACES:
        # The last of them, of some words and no known one, is the headline.
        length -= 1
    return length if length >= _MENU and known >= _KNOWN_IN_MENU else 0


def _repeated_headline(place: Place) -> list[Labelled]:
    line = place.line
    if not place.headline or line.text.casefold() != place.headline.casefold():
        return []
    return [Labelled(line, "headline", (Span(line.text, "drop", rule="repeated-headline"),))]


def _byline(place: Place) -> list[Labelled]:
    """A byline with its word, or else names with an agency, which need none."""
    line = place.line
    unmarked = place.index != place.byline
    if unmarked and (place.byline >= 0 or line.prose or len(line.text) >= _LONGEST_BYLINE):
        return []
    if unmarked and line.text[-1] == ")" and not line.text[0].isupper():
        # In scripts without capitals the words before a service in brackets are rather a caption.
        return []
    if unmarked and (may_open_caption(line.text) or read_dateline(line.text) is not None or is_caption(line.text)):
        return []
    return bylines(place.lines, place.index, place.rules, place.named, place.phrases)


def _repeated_name(place: Place) -> list[Labelled]:
    """The writer's name above the byline, as copying a picture of them leaves it."""
    people = place.named.people if place.named is not None and place.index < place.byline else ()
    lowered = place.line.text.casefold()
    name = next((name for name in people if lowered.endswith(name.casefold())), "")
    # `Photo of the author: Jane Doe`, which hangs under no picture.
    label = len(lowered) - len(name)
    if not name or (label and (label > _LONGEST_LABEL or not place.line.gap or lowered[label - 1] not in " :")):
        return []
    return [
        Labelled(place.line, "byline", (Span(place.line.text, "drop", rule="repeated"),), why="the byline repeats it")
    ]


def _lone_dateline(place: Place) -> list[Labelled]:
    """`ISTANBUL`, alone between byline and text."""
    line, text = place.line, place.line.text
    if (
        not text.isupper()
        or not text.isascii()
        or text.count(" ") > _PLACE_WORDS
        or place.index + 1 >= len(place.lines)
    ):
        return []
    credited = 0 <= place.byline < place.index
    if not credited or not place.lines[place.index + 1].prose or text in LABELS or len(text) < _SHORTEST_PLACE:
        return []
    return [Labelled(line, "source line", (Span(text, "dateline"),), why="a place alone above the text")]


def _papers_mark(place: Place) -> list[Labelled]:
    """`CNN —` or `LONDON —`, alone above the text."""
    below = place.lines[place.index + 1] if place.index + 1 < len(place.lines) else None
    label = read_mark(place.line, place.phrases) if below is not None and below.prose else None
    return [label] if label is not None else []


def _stamp_or_address(place: Place) -> list[Labelled]:
    label = read_stamp(place.line, place.rules) or read_address(place.line) or read_source_stamp(place.line, place.rules)
    label = label or read_reported(place.line)
    return [label] if label else []


def _role_below(place: Place) -> list[Labelled]:
    """What the writer does, below the name and a blank line."""
    line = place.line
    above = place.index - 1
    while above > 0 and is_stamp(place.lines[above], place.rules):
        above -= 1
    if place.index == 0 or place.byline != above or line.text[-1] == "]" or line.prose or line.gap > 1:
        return []
    if not is_role_line(line.text, place.rules):
        return []
    return [Labelled(line, "byline", (Span(line.text, "drop", rule="byline-role"),), why="what the writer does")]


def _place_below(place: Place) -> list[Labelled]:
    """`Istanbul`, one word alone between the byline or stamp and the text."""
    lines, index, text = place.lines, place.index, place.line.text
    below = lines[index + 1] if index + 1 < len(lines) else None
    if below is None or not below.prose or not below.gap or place.line.gap != 1 or index == 0:
        return []
    marked = index - 1 == place.byline or is_stamp(lines[index - 1], place.rules)
    if not marked or not text.isalpha() or not text[0].isupper() or not _SHORTEST_PLACE <= len(text) <= _LONGEST_PLACE:
        return []
    if text.upper() in LABELS or text.lower() in place.phrases.sections:
        return [Labelled(place.line, "furniture", rule="header-furniture", why="a label above the text")]
    return [Labelled(place.line, "source line", (Span(text, "dateline"),), why="a place alone above the text")]


def _labelled_parts(place: Place) -> list[Labelled]:
    """`Source: Xinhua| 2019-01-03 13:28:41|Editor: Lin`: parts with bars between, one at the least with its label."""
    label = read_labelled_parts(place.line, place.rules)
    return [label] if label is not None else []


def _services(place: Place) -> list[Labelled]:
    """`Source: dpa, AFP`, above the text."""
    if place.line.prose or place.index == place.byline or len(place.line.text) > _SCREENFUL:
        return []
    agency = read_agency_line(place.line.text, place.phrases)
    label = agency(place.line) if agency is not None else None
    return [label] if label is not None and label.role == "agency" else []


def _furniture(place: Place) -> list[Labelled]:
    """A known phrase, or a label of a word or two between headline and byline."""
    line, text = place.line, place.line.text
    rule = place.phrases.rule_of(text) or ("header-furniture" if _COUNT.fullmatch(text) or _is_time(line) else "")
    rule = rule or ("picture-note" if place.index and not line.gap and _sells_picture(text) else "")
    rule = rule or ("boilerplate" if appeal_of(text, place.phrases) >= _APPEAL + line.prose else "")
    if rule:
        return [Labelled(line, "furniture", rule=rule, why=f"a known phrase ({rule})")]
    if place.byline > place.index and text.count(" ") < 3 and len(text) <= 30 and text[-1].isalnum():
        return [Labelled(line, "furniture", rule="header-furniture", why="a label between headline and byline")]
    return []


def _sells_picture(text: str) -> bool:
    """Whether a line that hangs under another speaks of a picture, and twice of what its reader may do with it."""
    return len(text) <= _LONGEST_BYLINE and _A_PICTURE.search(text) is not None and len(set(_USES.findall(text))) > 1


_A_PICTURE = re.compile(r"\b(?:images?|photos?|pictures?|Bild(?:er)?|fotos?|imagen|imágenes)\b", re.IGNORECASE)
_USES = re.compile(
    r"\b(?:download|save|purchase|buy|order|licen[cs]e|permitted|enlarge|gallery|prints?|kaufen|bestellen|comprar|acheter)\b",
    re.IGNORECASE,
)


def _is_time(line: Line) -> bool:
    """How long it takes to read, or how long ago it came out: `Published 2 hours ago`, a day's name and no day."""
    text = line.text
    if line.prose or len(text) > _LONGEST_TIME or not any(map(str.isdigit, text)):
        return False
    return _MINUTES.fullmatch(text) is not None or opens_with_stamp_word(text)


_LONGEST_TIME: Final = 70
_MINUTES = re.compile(
    r"(?:[^\W\d_]+[ :.]+){0,5}\d{1,2}(?:[-\u2013]\d{1,2})?[ -]?"
    # `3' di lettura`
    r"(?:['\u2019\u2032](?= [^\W\d_]{2,})|(?:mins?|minutes?|minuten|minuti|minutos?|minutter|minuter|minuuttia"
    r"|minut\w?|perc"
    r"|минут\w?|мин|хв\w*|λεπτ\w+|דקות|دقائق|دقيقة|دقیقه|dk|dakika|menit|phút|मिनट|分钟|分鐘|分|분)\b)\.?(?:[ -][^\W\d_]+){0,3}",
    re.IGNORECASE,
)


def _inside_header(place: Place) -> list[Labelled]:
    """What no evidence tells, above a stamp, byline or share bar: a label is furniture, all else is shown."""
    line = place.line
    if place.index >= place.extent:
        return []
    if line.text.lower().strip(" :") in place.phrases.points:
        return []
    if line.text.count(" ") < LABEL_WORDS and width(line.text) <= LABEL_LENGTH and not line.prose:
        return [Labelled(line, "furniture", rule="header-furniture", why="a label inside the header")]
    hangs = not line.gap and not line.prose and width(line.text) <= _LONGEST_HANGING
    if hangs and (place.standfirst_seen or place.index > place.byline >= 0):
        return [Labelled(line, "furniture", rule="header-furniture", why="hangs inside the header")]
    if not place.standfirst_seen or _goes_on_deck(place.lines, place.index):
        return [Labelled(line, "standfirst", why="inside the header")]
    return [Labelled(line, "paragraph")]


def _list_of_points(place: Place) -> list[Labelled]:
    """The points that a wire sets between headline and byline, a line each with its mark."""
    runs = find_runs(place.lines[place.index : place.index + NEAR * 2])
    points: list[Labelled] = []
    while len(points) in runs and runs[len(points)].role == "list":
        points.append(runs[len(points)])
    return points if place.line.text[0] in _POINTS and place.index + len(points) <= place.byline else []


def _standfirst(place: Place) -> list[Labelled]:
    told = is_standfirst(place.lines, place.index, place.byline) or is_above_picture(place)
    if place.standfirst_seen or not told:
        return []
    return [Labelled(place.line, "standfirst", why="above the byline, or repeated in the body")]


# In this order: the surer evidence first.
_STEPS: Final[tuple[Callable[[Place], list[Labelled]], ...]] = (
    _repeated_headline,
    _repeated_name,
    _byline,
    _role_below,
    _labelled_parts,
    _stamp_or_address,
    read_picture,
    _services,
    _furniture,
    _lone_dateline,
    _place_below,
    _papers_mark,
    _list_of_points,
    _standfirst,
    _inside_header,
)
# What a text may have above it although the source gives its fields.
_SURE_STEPS: Final = (_repeated_headline, _labelled_parts, _stamp_or_address, read_picture, _furniture)
