"""The publication of a page copy that no notice and no list of names tells: beside the menu, or below the writers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.nametables import name_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import is_wide
from sitegen.readers.text.masthead import ARTICLES, holds_name, is_notice, may_be_name, squashed
from sitegen.readers.text.pagetop import TRAIL, is_row
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.sourcestamp import is_publication

_LONGEST: Final = 40
_SURE_LENGTH: Final = 8
_ABOVE: Final = 3


def with_source(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with the publication beside the page's menu or below the writers' names as the source, where nothing names one."""
    if any(span.fate == "source" for label in labelled for span in label.spans):
        return _spelled_out(labelled, phrases)
    index = _papers_name(labelled, phrases)
    if index >= 0:
        label = labelled[index]
        labelled[index] = Labelled(label.line, "source line", (Span(label.line.text, "source"),), why="a name beside the menu")
        return _spelled_out(labelled, phrases)
    for index, label in enumerate(labelled[1:], 1):
        below_byline = labelled[index - 1].role == "byline" and not label.line.prose
        if below_byline and _is_left_over(label) and (is_publication(label.line.text) or _is_said_again(labelled, index)):
            labelled[index] = Labelled(label.line, "source line", (Span(label.line.text, "source"),), why="below the writers")
            return labelled
    return labelled


def _spelled_out(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with the source that is a site's address named as the page's notice writes it: `BayPost.com` as `Bay Post`."""
    for index, label in enumerate(labelled):
        if len(label.spans) != 1 or label.spans[0].fate != "source" or _ADDRESS.fullmatch(label.line.text) is None:
            continue
        stem = label.line.text.rpartition(".")[0].casefold()
        for other in labelled[index + 1 :]:
            if other.rule and len(other.line.text) <= _LONGEST_NOTICE and is_notice(other.line, phrases):
                names = (name[0] for name in _CAPITALS.finditer(other.line.text))
                name = next((name for name in names if " " in name and name.replace(" ", "").casefold() == stem), "")
                if name:
                    labelled[index] = Labelled(label.line, label.role, (Span(label.line.text, "source", value=name),), why=label.why)
                    return labelled
    return labelled


_ADDRESS = re.compile(r"[\w-]{4,40}\.(?:com|org|net|[a-z]{2})")
_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w'\u2019-]*(?: [A-ZÀ-Þ][\w'\u2019-]*){1,3}")


def _is_left_over(label: Labelled) -> bool:
    """Whether a line below the writers was dropped for want of anything better."""
    if label.role == "byline":
        return len(label.spans) == 1 and label.spans[0].rule in _BELOW_NAMES
    return label.rule == "header-furniture" and not label.line.gap


def _is_said_again(labelled: Sequence[Labelled], index: int) -> bool:
    """Whether the page names itself so in one of its lines below, and a stamp stands near."""
    name = labelled[index].line.text.casefold()
    if not _SURE_LENGTH <= len(name) <= _LONGEST or not any(label.role == "stamp" for label in labelled[index : index + _ABOVE]):
        return False
    again = (label.line.text.casefold() for label in labelled[index + 1 :] if label.rule)
    return any(f" {name} " in f" {text} " and text != name for text in again)


def without_paper(labelled: list[Labelled]) -> list[Labelled]:
    """`labelled` with the source's name taken off the end of a writer's, to which copying glued it: `By Jane Doe Bay Post`."""
    source = next((span.text for label in labelled for span in label.spans if span.fate == "source"), "")
    if source.count(" ") == 0 or not any(label.role == "byline" and source in label.line.text for label in labelled):
        return labelled
    return [
        Labelled(label.line, label.role, tuple(part for span in label.spans for part in _parted(span, source)), label.rule, label.why)
        if label.role == "byline"
        else label
        for label in labelled
    ]


def _parted(span: Span, source: str) -> tuple[Span, ...]:
    name = span.text.removesuffix(source).rstrip()
    if span.fate != "person" or name == span.text or " " not in name:
        return (span,)
    return (Span(name, "person"), Span(source, "drop", rule="byline-affiliation"))


def _papers_name(labelled: Sequence[Labelled], phrases: Phrases) -> int:
    """Where a paper's name stands among the lines of the menu, or -1.

    It stands first, above a row of desks; or beside such a row, the trail or the headline, and is called as papers are; or
    the page says it again below: in a notice of copyright, an address, a credit.
    """
    title = next((at for at, label in enumerate(labelled) if label.role == "headline" and not label.rule), 0)
    for index, label in enumerate(labelled[: min(title, _MENU_REACH)]):
        text = label.line.text
        if label.role != "furniture" or label.rule != "navigation" or not may_be_name(text, phrases) or is_agency(text):
            continue
        if not is_wide(text) and text[0].islower():
            continue
        around = [labelled[at] for at in (index - 1, index + 1) if 0 <= at <= title]
        rows = any(is_row(other.line.text, phrases) for other in around)
        trails = any(other.role == "source line" or other is labelled[title] for other in around)
        below = labelled[index + 1].line.text
        first = index == 0 and (is_row(below, phrases) or TRAIL.fullmatch(below) is not None)
        if first or ((rows or trails or index == 0) and _is_called_paper(text)):
            return index
        if (index == 0 or rows) and any(_says_name(other, text, phrases) for other in labelled[title + 1 :]):
            return index
    return -1


_MENU_REACH: Final = 20


def _is_called_paper(text: str) -> bool:
    """Whether a name is one of a newspaper by its first or last word; a desk's, `World News`, is none."""
    words = text.lower().split()
    papers = name_tables().papers
    if is_wide(text) or len(words) == 1:
        return is_wide(text) and is_publication(text)
    article = text.startswith(ARTICLES) and words[-1] in name_tables().employers
    return article or words[-1].rpartition("-")[2] in papers or words[0] in papers or (words[0] in _LOWER_ARTICLES and words[1] in papers)


_LOWER_ARTICLES: Final = frozenset(article.strip().lower() for article in ARTICLES)


def _says_name(label: Labelled, text: str, phrases: Phrases) -> bool:
    """Whether the page says a name again, in a notice of copyright, an address or a picture's credit."""
    line = label.line
    if label.role in ("caption", "credit"):
        return any(span.fate == "credit" and _ends_with_name(span.text, text) for span in label.spans)
    if not label.rule or len(line.text) > _LONGEST_NOTICE:
        return False
    if is_notice(line, phrases):
        return holds_name(squashed(line.text), text)
    bare = squashed(text).replace(" ", "")
    return len(bare) >= _SURE_LENGTH and any(bare in address for address in _DOMAIN.findall(line.text.lower()))


def _ends_with_name(credit: str, text: str) -> bool:
    return credit.casefold().endswith(("/" + text.casefold(), " " + text.casefold()))


_LONGEST_NOTICE: Final = 300
_DOMAIN = re.compile(r"(?:@|www\.|://)([\w-]{3,60})\.")


_BELOW_NAMES: Final = ("byline-note", "byline-affiliation")
