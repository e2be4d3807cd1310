"""Lines that say which agencies contributed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_SPLIT = re.compile(r"\s*(?:,|;|/|&|\+|،|、|\b(?:and|und|et|y|e|with|the|von)\b)\s*", re.IGNORECASE)
# A cheap test first: all but one of the patterns begin with one of these.
_OPENINGS = (
    "With ", "(", "\u00a9", "Information ", "Material ", "Met ", "Med ", "Na podst", "Additional ", "Source",
    "Agenc", "From ", "Mit ", "Unter ", "Quelle", "Avec ", "Con ", "Fuente", "Com ", "Fonte", "المصدر",
    "المصادر", "Источник", "Джерело", "来源", "來源", "מקור", "Kaynak", "Źródło", "Kilde", "Källa", "Bron",
)  # fmt: skip
_INITIALS: Final = 9
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
        spans.append(Span(name, "agency", value=agency_name(name)))
        position = start + len(name)
    spans.append(Span(text[position:].strip(), "drop", rule="source-note"))
    return tuple(span for span in spans if span.text)


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
        noted = tuple(Span("", "agency", value=agency_name(name)) for name in agencies)
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
        spans.append(Span(name, "agency", value=agency_name(name)))
        position = start + len(name)
    if text[position:].strip():
        spans.append(Span(text[position:].strip(), "marker"))
    return tuple(spans)
