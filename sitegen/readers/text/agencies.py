"""Lines that say which agencies contributed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.nametables import name_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_SPLIT = re.compile(r"\s*(?:,|;|/|&|\+|،|、|\b(?:and|und|et|y|e|with|(?-i:the)|von)\b)\s*", re.IGNORECASE)
# A cheap test first: all but one of the patterns begin with one of these.
_OPENINGS = (
    "With ", "(", "\u00a9", "Information ", "Material ", "Met ", "Med ", "Na podst", "Additional ", "Source",
    "Agenc", "From ", "Mit ", "Unter ", "Quelle", "Avec ", "Con ", "Fuente", "Com ", "Fonte", "المصدر",
    "المصادر", "Источник", "Джерело", "来源", "來源", "מקור", "Kaynak", "Źródło", "Kilde", "Källa", "Bron",
)  # fmt: skip
_INITIALS: Final = 9
_LONGEST_NAME: Final = 4
_MOST_WORDS: Final = 9
_LONGEST: Final = 200
_CLOSER: Final = 48
_TRIM: Final = " .:()[]（）"
_DASHES: Final = frozenset("-\u2013\u2014*\u2022")
# `(NAN)`, alone below a text
_SIGNED = re.compile(r"\([A-Z]{2,6}\)")
_ENDINGS: Final = frozenset({"(END)", "(ENDS)", "(MORE)", "(FIN)", "(FINE)", "(ENDE)"})
_UNNAMED: Final = frozenset(
    ["agencies", "news agencies", "wire agencies", "wire services", "agency reports", "wire reports", "agenturen"]
)
_SOURCE_WORDS: Final = (
    "source:", "sources:", "quelle:", "quellen:", "fuente:", "fonte:", "source :", "المصدر", "المصادر", "источник", "джерело",
    "来源", "來源", "מקור", "kaynak", "źródło", "kilde", "källa", "bron:",
)  # fmt: skip


def _source_spans(text: str, agencies: list[str]) -> tuple[Span, ...]:
    """`Source: Gulf International and AFP`: the agencies, and all else as a note."""
    spans: list[Span] = []
    position = 0
    for name in agencies:
        start = text.index(name, position)
        spans.append(Span(text[position:start].strip(), "drop", rule="source-note"))
        spans.append(Span(name, "agency", value=printed_name(name)))
        position = start + len(name)
    spans.append(Span(text[position:].strip(), "drop", rule="source-note"))
    return tuple(span for span in spans if span.text)


class _Table(Struct, frozen=True):
    """What a line is made of that says where a text is from; in lower case."""

    words: frozenset[str]
    unnamed: frozenset[str]
    last_words: frozenset[str]
    """How the names of services end, and what stands in their place."""


@by_knowledge()
def _table() -> _Table:
    table = knowledge("boilerplate")["agency"]
    unnamed = frozenset(name.strip() for row in table["unnamed"].splitlines() for name in row.split("|"))
    names = [*unnamed, *name_tables().agencies]
    endings = name_tables().agency_endings.split("|")
    last_words = frozenset(name.replace("-", " ").split()[-1] for name in (*names, *endings) if name)
    return _Table(frozenset(table["words"].split()), unnamed, last_words)


# `mwe/dpa/AFP`, `dpa, jdo`: initials and services, parted by strokes.
_CLOSED_BY = re.compile(r"[\w.]{2,14}(?:\s?[/,\u2013]\s?[\w.]{2,14}(?: [A-Z]\w{2,14})?){1,5}")
_PARTS = re.compile(r"(\s?[/,\u2013]\s?)")
_SIGNS = re.compile(
    r"(\s*(?:[,;/&+\u060c\u3001\u2013]|\s-\s|(?<=\w)-(?=[A-Z]{3,5}\b)"
    r"|\s(?:and|und|et|y|e|og|och|en|ja|ve|i|a|и|та|και|și)\s)\s*)"
)


def read_signs(text: str, *, ends: bool) -> tuple[Span, ...]:
    """The services of a line that is nothing but initials and their names between strokes; empty where it is something else.

    At the text's end (`ends`) they need no writer's initials in small letters, which no picture's credit has.
    """
    if len(text) > _CLOSER or not _CLOSED_BY.fullmatch(bare := text.strip("()[]")):
        return ()
    parts = [part for part in _PARTS.split(bare) if part]
    names = parts[::2]
    others = [name for name in names if not is_agency(name)]
    small = [name for name in others if name.islower() and len(name) <= _LONGEST_NAME]
    own = ends and all(name.isupper() and len(name) <= _LONGEST_NAME for name in others)
    if len(others) == len(names) or not (own or (small and len(small) == len(others))):
        return ()
    return tuple(
        Span(part, "agency", value=agency_name(part)) if is_agency(part)
        else Span(part.strip(), "marker") if at % 2
        else Span(part, "drop", rule="wire-closer")
        for at, part in enumerate(parts)
    )  # fmt: skip


def _read_sourced(text: str) -> tuple[Span, ...]:
    """The spans of a line that ends with services' names, before which only words of sourcing stand; empty for any other.

    People behind `Contributing:` are no authors; they are dropped by name.
    """
    head, colon, listed = text.partition(":")
    lead = head.split()
    table = _table()
    told = bool(colon) and len(lead) <= _LONGEST_NAME and all(word.lower().strip(_TRIM) in table.words for word in lead)
    parts = [part for part in _SIGNS.split(listed.strip() if told else text) if part.strip()]
    spans: list[Span] = [Span(f"{head}:", "marker")] if told else []
    services = 0
    for index, part in enumerate(parts):
        bare = part.strip(_TRIM)
        if _SIGNS.fullmatch(part) or not bare:
            spans.append(Span(part.strip(), "marker"))
            continue
        words, start = part.split(), 0
        while start < len(words) and not _is_named(" ".join(words[start:]), table):
            start += 1
        opening = words[:start]
        known = all(word.lower().strip(_TRIM) in table.words or word in _DASHES for word in opening)
        if start == len(words) or not known or len(opening) > _MOST_WORDS:
            if not told or (index == len(parts) - 1 and not services):
                return ()
            spans.append(Span(part, "drop", rule="credit-line"))
            continue
        if opening:
            spans.append(Span(" ".join(opening), "marker"))
        name = " ".join(words[start:])
        services += 1
        closed = _bare(name)
        unnamed = closed.lower() in table.unnamed
        spans.append(Span(name, "drop", rule="agencies-unnamed") if unnamed else Span(name, "agency", value=printed_name(closed)))
    marked = told or any(span.fate == "marker" and any(map(str.isalpha, span.text)) for span in spans)
    return tuple(spans) if services and marked else ()


def _is_named(name: str, table: _Table) -> bool:
    bare = _bare(name)
    return bare.lower() in table.unnamed or (is_agency(bare) and not bare.startswith("the "))


def _bare(name: str) -> str:
    """`AFP` for `© AFP 2024` too."""
    bare = name.strip(_TRIM)
    return bare[1:].rstrip("0123456789").strip() if bare[:1] == "\u00a9" else bare


def printed_name(name: str) -> str:
    """A service's own spelling; `The Associated Press` keeps an article that it was printed with."""
    if name.startswith("The ") and is_agency(name):
        return f"The {agency_name(name[4:])}" if name.endswith(" Press") else agency_name(name[4:])
    return agency_name(name)


def _may_be_sourced(text: str) -> bool:
    """A cheap test: the last word is the last of a service's name."""
    last = text[-_LAST:].rstrip(_ENDS)
    word = last.rpartition(" ")[2]
    if word.isdecimal() and "\u00a9" in last:
        word = last[: -len(word)].rstrip().rpartition(" ")[2]
    if not word.isalpha():
        word = word.translate(_AS_SPACE).rpartition(" ")[2]
    return word.lower() in _table().last_words


_AS_SPACE: Final = str.maketrans(dict.fromkeys("/,-\u2013:\uff1a", " "))
_LAST: Final = 32
_ENDS: Final = " .)]\uff09/"


def read_agency_line(text: str, phrases: Phrases) -> Callable[[Line], Labelled] | None:  # noqa: PLR0911 - one for each kind of line
    """How to label a line that names nothing but contributing agencies, or None.

    A line that names people too stays a paragraph, so that they are not lost, and yields its agencies.
    """
    may_be = len(text) <= 200 and (
        text.startswith(_OPENINGS) or "contributed" in text or (text[-1] == ")" and "/" in text[:_INITIALS])
    )
    if text[0] == "(" and _SIGNED.fullmatch(text) and text not in _ENDINGS:
        span = Span(text[1:-1], "agency", value=agency_name(text[1:-1]))
        return lambda line: Labelled(line, "agency", (Span("(", "marker"), span, Span(")", "marker")), why="signs the text")
    sourced = _read_sourced(text) if len(text) <= _LONGEST and _may_be_sourced(text) else ()
    if sourced:
        return lambda line: Labelled(line, "agency", sourced, why="names the agencies that contributed")
    match = phrases.agency.fullmatch(text) if may_be else None
    if match is None:
        return None
    listed = next((group for group in match.groups() if group), "")
    names = [name.strip(" .()") for name in _SPLIT.split(listed) if name.strip(" .()")]
    names = [name for name in names if name.lower() not in _UNNAMED]
    agencies = [name for name in names if is_agency(name)]
    if text[0] == "\u00a9" and len(agencies) < len(names) and "/" not in text:
        return None
    if text.lower().startswith((*_SOURCE_WORDS, "\u00a9")):
        return lambda line: Labelled(line, "agency", _source_spans(text, agencies), why="names the text's sources")
    if not agencies and listed:
        return None
    if not listed:
        return lambda line: Labelled(line, "agency", (Span(text, "drop", rule="agencies-unnamed"),))
    return _labeller(text, agencies, people_too=len(agencies) < len(names))


def _labeller(text: str, agencies: list[str], *, people_too: bool) -> Callable[[Line], Labelled]:
    if people_too:
        noted = tuple(Span("", "agency", value=printed_name(name)) for name in agencies)
        return lambda line: Labelled(line, "paragraph", (*noted, Span(text, "paragraph")))
    spans = _spans(text, agencies)
    return lambda line: Labelled(line, "agency", spans, why="names the agencies that contributed")


def _spans(text: str, agencies: list[str]) -> tuple[Span, ...]:
    spans: list[Span] = []
    position = 0
    for name in agencies:
        start = text.index(name, position)
        if text[position:start].strip():
            spans.append(Span(text[position:start].strip(), "marker"))
        spans.append(Span(name, "agency", value=printed_name(name)))
        position = start + len(name)
    if text[position:].strip():
        spans.append(Span(text[position:].strip(), "marker"))
    return tuple(spans)
