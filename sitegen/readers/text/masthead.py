"""The name of the publication on a page's top, which its foot says again, and the desk above the headline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.nametables import name_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line, is_wide, width
from sitegen.readers.text.pagetop import TRAIL
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_TOP: Final = 60
_FOOT: Final = 40
_LONGEST: Final = 40
_MOST_SPACES: Final = 4
_SHORTEST: Final = 3
_SURE_LENGTH: Final = 8
_PROSE: Final = 80
_FEWEST_LINES: Final = 8
_ABOVE: Final = 3
_AGAIN: Final = "the publication's name again"
_NO_DESK: Final = frozenset({"share", "boilerplate", "end", "advert"})
_AND_MORE: Final = 10
# What a desk's name may be taken for by itself.
_DESKS: Final = ("", "navigation")


@by_knowledge()
def _suffixes() -> tuple[str, ...]:
    return tuple(knowledge("boilerplate")["mastheads"]["suffixes"])


def take_masthead(lines: Sequence[Line], phrases: Phrases) -> list[Labelled]:
    """The lines that are nothing but the publication's name, the first of them as the source; none where nothing shows one.

    A name is known, or what the page's foot says in its notice of copyright.
    """
    if len(lines) < _FEWEST_LINES:
        return []
    feet = [squashed(line.text) for line in lines[-_FOOT:] if is_notice(line, phrases)]
    top = next((at for at, line in enumerate(lines[:_TOP]) if line.prose and width(line.text) > _PROSE), 0)
    names: list[tuple[int, Line, str]] = []
    for line in lines[:top]:
        name = _named(line.text, phrases)
        # A wire's name alone may be the byline.
        if name and not is_agency(name):
            names.append((_TOP, line, name))
        elif may_be_name(line.text, phrases) and any(holds_name(foot, line.text) for foot in feet):
            names.append((len(line.text), line, line.text))
    if not names:
        names = _above_desk(lines[:top], phrases)
    if not names:
        foot = (
            line
            for line in lines[-_FOOT:]
            if _named(line.text, phrases) and any(holds_name(foot, line.text) for foot in feet)
        )
        return [
            Labelled(line, "source line", (Span(line.text, "source"),), why="the page's foot")
            for line in islice(foot, 1)
        ]
    _, first, name = max(names, key=lambda found: found[0])
    labelled = []
    for _, line, _again in names:
        if line is first:
            labelled.append(Labelled(line, "source line", _spans(line.text, name), why="the publication's name"))
    taken = {label.line.number for label in labelled}
    for line in lines[:top]:
        # `朝日新聞デジタル 記事`, `The Post home`
        if line.text.startswith(name) and len(line.text) <= len(name) + _AND_MORE and line.number not in taken:
            labelled.append(Labelled(line, "furniture", rule="navigation", why=_AGAIN))
    return labelled


def menu_above(lines: Sequence[Line], masthead: Sequence[Labelled], phrases: Phrases) -> list[Labelled]:
    """The short lines above the publication's name, which are the page's menu; `lines` are without the name."""
    first = next((label.line.number for label in masthead if label.role == "source line"), 0)
    above = [line for line in lines[:_TOP] if line.number < first]
    if not above or any(_is_long(line.text) and not phrases.rule_of(line.text) for line in above):
        return []
    return [Labelled(line, "furniture", rule="navigation", why="above the publication's name") for line in above]


def _is_long(text: str) -> bool:
    """Whether a line is too long for an entry of a menu."""
    return width(text) >= _TITLE_WIDTH if is_wide(text) else text.count(" ") > _MOST_SPACES


_TITLE_WIDTH: Final = 30


def _above_desk(lines: Sequence[Line], phrases: Phrases) -> list[tuple[int, Line, str]]:
    """A name right above a desk that is right above a headline, or above a menu of desks if it is as a paper's are."""
    for index, line in enumerate(lines[:-2]):
        text, below = line.text, lines[index + 1 : index + 4]
        if not may_be_name(text, phrases) or not text[0].isupper() or below[0].text.lower() not in phrases.sections:
            continue
        headed = below[1].text.count(" ") >= _HEADLINE_SPACES and not phrases.rule_of(below[1].text)
        menu = len(below) > 2 and all(other.text.lower() in phrases.sections for other in below)
        named = (
            text.startswith(ARTICLES)
            or text.rpartition(" ")[2].lower() in name_tables().employers
            or "." in text[1:-1]
        )
        if named and (headed or menu):
            return [(0, line, text)]
    return []


_HEADLINE_SPACES: Final = 3
ARTICLES: Final = ("The ", "La ", "Le ", "El ", "Il ", "Der ", "Die ", "Das ", "De ", "O ", "A ", "Het ")


def _spans(text: str, name: str) -> tuple[Span, ...]:
    rest = text[len(name) :].strip()
    return (Span(name, "source"), Span(rest, "drop", rule="navigation")) if rest else (Span(name, "source"),)


def is_notice(line: Line, phrases: Phrases) -> bool:
    """Whether a line is the page's notice of copyright."""
    lowered = line.text.lower()
    return "\u00a9" in lowered or "copyright" in lowered or phrases.rule_of(line.text) == "copyright"


def _named(text: str, phrases: Phrases) -> str:
    """The known name that a line is, as written there; else an empty string."""
    if len(text) > _LONGEST:
        return ""
    lowered = text.lower()
    if lowered in phrases.sections:
        return ""
    if lowered in phrases.mastheads:
        return text
    for suffix in _suffixes():
        if lowered.endswith(suffix) and lowered.removesuffix(suffix) in phrases.mastheads:
            return text[: len(text) - len(suffix)]
    return ""


def may_be_name(text: str, phrases: Phrases) -> bool:
    """Whether a line is as short as a publication's name, and no known phrase or desk."""
    short = _SHORTEST <= len(text) <= _LONGEST and text.count(" ") <= _MOST_SPACES and text[-1].isalnum()
    return short and not phrases.rule_of(text) and text.lower() not in phrases.sections and any(map(str.isalpha, text))


def squashed(text: str) -> str:
    """The letters and spaces of `text`, without regard to case."""
    return "".join(char for char in text.casefold() if char.isalpha() or char == " ")


def holds_name(foot: str, text: str) -> bool:
    """Whether the foot says a name, alone as words or, if it is long, within an address."""
    name = squashed(text).strip()
    bare = name.replace(" ", "")
    return f" {name} " in f" {foot} " or (len(bare) >= _SURE_LENGTH and bare in foot.replace(" ", ""))


def with_section(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with the desk that stands alone above the headline as the section; a menu's last entry is none."""
    title = next((at for at, label in enumerate(labelled) if label.role == "headline" and not label.rule), 0)
    if not title or any(span.fate == "section" for label in labelled[:title] for span in label.spans):
        return labelled
    while title > 1 and labelled[title - 1].role == "stamp":
        # Some pages write the day between the desk and the headline.
        title -= 1
    trail = _trail_to_title(labelled[title - 1], labelled[title].line.text)
    if trail is not None:
        labelled[title - 1] = trail
        return labelled
    named = _fenced_desk(labelled, title, phrases)
    for index in range(title - 1, max(-1, title - _ABOVE), -1):
        text = labelled[index].line.text
        if index == named or (index == title - 1 and TRAIL.fullmatch(text)):
            labelled[index] = _desk(labelled[index])
            return _named_above(labelled, index, phrases)
        earlier = any(label.line.text.lower() == text.lower() or _names_in_row(label.line.text, text) for label in labelled[:index])
        # What a menu names too and stands right above the headline is a desk, whatever it is called.
        told = (
            earlier
            and index == title - 1
            and 1 < len(text) <= _LONGEST
            and text.count(" ") < _ABOVE
            and text[0].isalpha()
        )
        if labelled[index].why == _AGAIN:
            continue
        if (
            not labelled[index].rule
            or not (text.lower() in phrases.sections or told)
            or phrases.rule_of(text) in _NO_DESK
        ):
            continue
        above = labelled[index - 1].line.text.lower() if index else ""
        if above in phrases.sections and not earlier:
            return labelled
        labelled[index] = _desk(labelled[index])
        return labelled
    index = _below_name(labelled, title, phrases)
    if index:
        labelled[index] = _desk(labelled[index])
    return labelled


def _trail_to_title(label: Labelled, title: str) -> Labelled | None:
    """`Home / India / Rains hit the coast`: the way to an article that ends with its headline; the desk is before it."""
    text = label.line.text
    head = text.removesuffix(title).rstrip()
    mark = head[-1:]
    if head == text.rstrip() or not mark or mark not in ">»›/" or label.role != "furniture":
        return None
    above, parted, desk = head[:-1].rstrip().rpartition(mark)
    if not parted or not 1 < len(desk.strip()) <= _LONGEST:
        return None
    spans = (
        Span(f"{above.rstrip()} {mark}", "drop", rule="navigation"),
        Span(desk.strip(), "section"),
        Span(text[len(head) - 1 :], "drop", rule="navigation"),
    )
    return Labelled(label.line, "source line", spans, why="the way to the headline")


def _names_in_row(row: str, text: str) -> bool:
    """Whether a menu in a row of several names holds `text` as one of them."""
    return row.count(" ") >= _ROW_SPACES and f" {text} " in f" {row} "


_ROW_SPACES: Final = 4


def _desk(label: Labelled) -> Labelled:
    """The label of a desk's name, or of the way to the article that ends with one: `Home › World › Africa`."""
    text = label.line.text
    trail = TRAIL.fullmatch(text)
    spans: tuple[Span, ...] = (Span(text, "section"),)
    if trail is not None:
        above, name = text[: trail.start("desk")].strip(), trail["desk"].strip()
        spans = (Span(above, "drop", rule="navigation"), Span(name, "section"))
    return Labelled(label.line, "source line", spans, why="alone above the headline")


def _fenced_desk(labelled: Sequence[Labelled], title: int, phrases: Phrases) -> int:
    """Where a short line stands right above the headline with a blank line on both sides, below a menu without; or -1."""
    index = title - 1
    label, text = labelled[index], labelled[index].line.text
    if not label.rule or label.why == _AGAIN or not label.line.gap or not labelled[title].line.gap:
        return -1
    if text.count(" ") > _ABOVE or len(text) > _LONGEST or not text[-1].isalpha() or phrases.rule_of(text) not in _DESKS:
        return -1
    if not text[0].isupper() and not is_wide(text):
        return -1
    # Where blank lines part all of a menu's entries, its last one is as much alone.
    return index if index and any(not above.line.gap for above in labelled[max(1, index - _ABOVE - 1) : index]) else -1


def _named_above(labelled: list[Labelled], desk: int, phrases: Phrases) -> list[Labelled]:
    """`labelled` with the short line alone above the desk as the source, where nothing else names one."""
    above = labelled[desk - 1] if desk else None
    if above is None or not above.rule or not above.line.gap or any(span.fate == "source" for label in labelled for span in label.spans):
        return labelled
    if may_be_name(above.line.text, phrases) and not is_agency(above.line.text):
        spans = (Span(above.line.text, "source"),)
        labelled[desk - 1] = Labelled(above.line, "source line", spans, why="alone above the desk")
    return labelled


def _below_name(labelled: Sequence[Labelled], title: int, phrases: Phrases) -> int:
    """Where a desk is named right below the publication, alone or with no other desk below it, as in a menu; or 0."""
    for index, label in enumerate(labelled[1 : title - 1], 1):
        above, below = labelled[index - 1], labelled[index + 1]
        if above.role != "source line":
            continue
        fenced = label.line.gap and below.line.gap and label.line.text.count(" ") < _ABOVE
        if fenced and label.rule and phrases.rule_of(label.line.text) in _DESKS:
            return index
        if label.line.gap or label.line.text.lower() not in phrases.sections:
            continue
        alone = all(other.line.text.lower() not in phrases.sections for other in labelled[index + 1 : title])
        return index if label.rule and below.rule and alone else 0
    return 0
