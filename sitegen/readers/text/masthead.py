"""The name of the publication on a page's top, which its foot says again, and the desk above the headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.nametables import name_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line, is_wide, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.sourcestamp import is_publication

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
    feet = [_squashed(line.text) for line in lines[-_FOOT:] if _is_notice(line, phrases)]
    top = next((at for at, line in enumerate(lines[:_TOP]) if line.prose and width(line.text) > _PROSE), 0)
    names: list[tuple[int, Line, str]] = []
    for line in lines[:top]:
        name = _named(line.text, phrases)
        # A wire's name alone may be the byline.
        if name and not is_agency(name):
            names.append((_TOP, line, name))
        elif _may_be_name(line.text, phrases) and any(_holds(foot, line.text) for foot in feet):
            names.append((len(line.text), line, line.text))
    if not names:
        names = _above_desk(lines[:top], phrases)
    if not names:
        foot = (
            line
            for line in lines[-_FOOT:]
            if _named(line.text, phrases) and any(_holds(foot, line.text) for foot in feet)
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
        if not _may_be_name(text, phrases) or not text[0].isupper() or below[0].text.lower() not in phrases.sections:
            continue
        headed = below[1].text.count(" ") >= _HEADLINE_SPACES and not phrases.rule_of(below[1].text)
        menu = len(below) > 2 and all(other.text.lower() in phrases.sections for other in below)
        named = (
            text.startswith(_ARTICLES)
            or text.rpartition(" ")[2].lower() in name_tables().employers
            or "." in text[1:-1]
        )
        if named and (headed or menu):
            return [(0, line, text)]
    return []


_HEADLINE_SPACES: Final = 3
_ARTICLES: Final = ("The ", "La ", "Le ", "El ", "Il ", "Der ", "Die ", "Das ", "De ", "O ", "A ", "Het ")


def _spans(text: str, name: str) -> tuple[Span, ...]:
    rest = text[len(name) :].strip()
    return (Span(name, "source"), Span(rest, "drop", rule="navigation")) if rest else (Span(name, "source"),)


def _is_notice(line: Line, phrases: Phrases) -> bool:
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


def _may_be_name(text: str, phrases: Phrases) -> bool:
    short = _SHORTEST <= len(text) <= _LONGEST and text.count(" ") <= _MOST_SPACES and text[-1].isalnum()
    return short and not phrases.rule_of(text) and text.lower() not in phrases.sections and any(map(str.isalpha, text))


def _squashed(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalpha() or char == " ")


def _holds(foot: str, text: str) -> bool:
    """Whether the foot says a name, alone as words or, if it is long, within an address."""
    name = _squashed(text).strip()
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
    named = _fenced_desk(labelled, title, phrases)
    for index in range(title - 1, max(-1, title - _ABOVE), -1):
        text = labelled[index].line.text
        if index == named or (index == title - 1 and _TRAIL.fullmatch(text)):
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


def _names_in_row(row: str, text: str) -> bool:
    """Whether a menu in a row of several names holds `text` as one of them."""
    return row.count(" ") >= _ROW_SPACES and f" {text} " in f" {row} "


_ROW_SPACES: Final = 4


def with_source(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with the publication beside the page's menu or below the writers' names as the source, where nothing names one."""
    if any(span.fate == "source" for label in labelled for span in label.spans):
        return labelled
    index = _papers_name(labelled, phrases)
    if index >= 0:
        label = labelled[index]
        labelled[index] = Labelled(label.line, "source line", (Span(label.line.text, "source"),), why="a name beside the menu")
        return labelled
    for index, label in enumerate(labelled):
        if label.role != "byline" or len(label.spans) != 1 or label.spans[0].rule not in _BELOW_NAMES or not index:
            continue
        if labelled[index - 1].role == "byline" and is_publication(label.line.text):
            labelled[index] = Labelled(label.line, "source line", (Span(label.line.text, "source"),), why="below the writers")
            return labelled
    return labelled


def _papers_name(labelled: Sequence[Labelled], phrases: Phrases) -> int:
    """Where a paper's name stands among the lines of the menu, or -1.

    It stands first, above a row of desks; or beside such a row, the trail or the headline, and is called as papers are; or
    the page says it again below: in a notice of copyright, an address, a credit.
    """
    title = next((at for at, label in enumerate(labelled) if label.role == "headline" and not label.rule), 0)
    for index, label in enumerate(labelled[: min(title, _MENU_REACH)]):
        text = label.line.text
        if label.role != "furniture" or label.rule != "navigation" or not _may_be_name(text, phrases) or is_agency(text):
            continue
        if not is_wide(text) and text[0].islower():
            continue
        around = [labelled[at] for at in (index - 1, index + 1) if 0 <= at <= title]
        rows = any(_is_row(other.line.text, phrases) for other in around)
        trails = any(other.role == "source line" or other is labelled[title] for other in around)
        first = index == 0 and _is_row(labelled[1].line.text, phrases)
        if first or ((rows or trails or index == 0) and _is_called_paper(text)):
            return index
        if (index == 0 or rows) and any(_says_name(other, text, phrases) for other in labelled[title + 1 :]):
            return index
    return -1


_MENU_REACH: Final = 20


def _is_row(text: str, phrases: Phrases) -> bool:
    """Whether a line is a menu's names in a row, several of them desks or other words of pages."""
    words = text.split()
    if len(words) < _ROW_SPACES:
        return False
    known = sum(word.lower() in phrases.sections or phrases.rule_of(word) == "navigation" for word in words)
    return known > 2 and known * 3 >= len(words)


def _is_called_paper(text: str) -> bool:
    """Whether a name is one of a newspaper by its first or last word; a desk's, `World News`, is none."""
    words = text.lower().split()
    papers = name_tables().papers
    if is_wide(text) or len(words) == 1:
        return is_wide(text) and is_publication(text)
    article = text.startswith(_ARTICLES) and words[-1] in name_tables().employers
    return article or words[-1].rpartition("-")[2] in papers or words[0] in papers or (words[0] in _LOWER_ARTICLES and words[1] in papers)


_LOWER_ARTICLES: Final = frozenset(article.strip().lower() for article in _ARTICLES)


def _says_name(label: Labelled, text: str, phrases: Phrases) -> bool:
    """Whether the page says a name again, in a notice of copyright, an address or a picture's credit."""
    line = label.line
    if label.role in ("caption", "credit"):
        return any(span.fate == "credit" and _ends_with_name(span.text, text) for span in label.spans)
    if not label.rule or len(line.text) > _LONGEST_NOTICE:
        return False
    if _is_notice(line, phrases):
        return _holds(_squashed(line.text), text)
    bare = _squashed(text).replace(" ", "")
    return len(bare) >= _SURE_LENGTH and any(bare in address for address in _DOMAIN.findall(line.text.lower()))


def _ends_with_name(credit: str, text: str) -> bool:
    return credit.casefold().endswith(("/" + text.casefold(), " " + text.casefold()))


_LONGEST_NOTICE: Final = 300
_DOMAIN = re.compile(r"(?:@|www\.|://)([\w-]{3,60})\.")


_BELOW_NAMES: Final = ("byline-note", "byline-affiliation")


def _desk(label: Labelled) -> Labelled:
    """The label of a desk's name, or of the way to the article that ends with one: `Home › World › Africa`."""
    text = label.line.text
    trail = _TRAIL.fullmatch(text)
    spans: tuple[Span, ...] = (Span(text, "section"),)
    if trail is not None:
        above, name = text[: trail.start("desk")].strip(), trail["desk"].strip()
        spans = (Span(above, "drop", rule="navigation"), Span(name, "section"))
    return Labelled(label.line, "source line", spans, why="alone above the headline")


# `Home » World`, `Start › Region › Town`
_TRAIL = re.compile(r"(?:[^\W\d_][^.!?|>»›/]{1,30}(?:\s?[>»›]\s?|\s/\s)){1,4}(?P<desk>[^\W\d_][^.!?|>»›/]{1,30})")


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
    if _may_be_name(above.line.text, phrases) and not is_agency(above.line.text):
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
