"""The dateline that opens a wire story: read, never cut off."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.nametables import name_tables

_LONGEST: Final = 110
_STOPPED: Final = 4
_PLACE_REACH: Final = 44
_CAPITALS = r"[A-ZÀ-ÞА-ЯΑ-Ω][A-ZÀ-ÞА-ЯΑ-Ω.'\u2019-]+"
_PLACE = rf"{_CAPITALS}(?:[ ]{_CAPITALS}){{0,4}}"
_REGION = r"(?:,\s[A-Z][\w.'\u2019-]*(?:\s[A-Z][\w.'\u2019-]*){0,3})"
_DAY = r"(?:,?\s(?:[^\W\d_]{3,10}\.?\s\d{1,2}|\d{1,2}\.?\s[^\W\d_]{3,10}\.?)(?:,?\s\d{4})?)"
_DASH = r"\s?(?:--?|_|\u2013|\u2014|\u2015)\s"
_AGENCY = r"(?:\s?\((?P<agency>[^()]{2,60})\))"
_CAPITAL_DATELINE = re.compile(
    rf"(?P<line>{_PLACE}(?:/{_PLACE}){{0,3}}{_REGION}{{0,2}}{_DAY}?{_AGENCY}?{_DAY}?)(?:{_DASH}|(?P<colon>:\s))(?=\S)"
)
# Without capitals only the agency in parentheses makes it sure.
_MIXED_DATELINE = re.compile(
    rf"(?P<line>[A-ZÀ-Þ][\w.'\u2019-]+(?:[ /][A-ZÀ-Þa-z][\w.'\u2019-]+){{0,4}}{_REGION}{{0,2}}{_DAY}?{_AGENCY}{_DAY}?)"
    rf"{_DASH}(?=\S)"
)
# `MELBOURNE. Il tennista …`
_STOPPED_DATELINE = re.compile(rf"(?P<line>{_CAPITALS}(?: {_CAPITALS})?)\. (?=[A-ZÀ-Þ][^\W\d_]*[a-zà-ÿ])")
_SIGNS: Final = ("-", "\u2013", "\u2014")
_AGENCY_ALONE = re.compile(rf"(?P<line>{_AGENCY}){_DASH}(?=\S)")
LABELS: Final = frozenset(
    [
        "WARNING",
        "UPDATE",
        "NOTE",
        "ANALYSIS",
        "OPINION",
        "EXCLUSIVE",
        "WATCH",
        "VIDEO",
        "LIVE",
        "BREAKING",
        "CORRECTION",
        "EDITORIAL",
        "REVIEW",
        "COMMENT",
        "INTERVIEW",
        "FACTBOX",
        "EXPLAINER",
        "PHOTO",
        "PHOTOS",
        "READ",
        "MORE",
        "RELATED",
        "Q",
        "A",
        "HEADLINE",
        "URGENT",
        "ALERT",
        "BULLETIN",
        "FLASH",
        "CLARIFICATION",
        *(
            "RÉCIT",
            "REPORTAGE",
            "ENQUÊTE",
            "ANALYSE",
            "ENTRETIEN",
            "PORTRAIT",
            "DÉCRYPTAGE",
            "VIDÉO",
            "DIRECT",
            "TRIBUNE",
        ),
        *(
            "ÉDITORIAL",
            "CRITIQUE",
            "CHRONIQUE",
            "INFOGRAPHIE",
            "FEATURE",
            "PROFILE",
            "OBITUARY",
            "REPORTAJE",
            "CRÓNICA",
        ),
        *("ANÁLISIS", "ENTREVISTA", "OPINIÓN", "PERFIL", "KOMMENTAR", "LEITARTIKEL", "NACHRUF", "GLOSSE", "INTERVISTA"),
        *("ANALISI", "RETROSCENA", "COMMENTO", "ANÁLISE", "OPINIÃO", "REPORTAGEM", "ВИДЕО", "ФОТО", "ИНТЕРВЬЮ"),
    ]
)


class Dateline(Struct, frozen=True):
    """Place, day and agencies as printed, without the dash that ends them."""

    text: str
    agencies: tuple[str, ...] = ()


@by_knowledge()
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in knowledge("wire")["datelines"]["patterns"])


# What every form of the data file holds near a paragraph's beginning; a test for these is cheap.
_MARKS: Final = frozenset("()（【-–—=电/")


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline at the beginning of a story's first paragraph, or None."""
    head = paragraph[:_LONGEST]
    common = _common(head)
    further = None if _MARKS.isdisjoint(head) else _further(head)
    if common is None or further is None:
        return common or further
    return further if len(further.text) > len(common.text) else common


# `Berlin – Der Bundestag …`
_PLACE_ALONE = re.compile(
    r"(?P<line>[A-ZÀ-Þ][^\W\d_]+(?:[ /-][A-ZÀ-Þ][^\W\d_]+){0,2}(?:, [A-ZÀ-Þ][^\W\d_]+\.?(?: [A-ZÀ-Þ][^\W\d_]+)?)?)"
    r"(?P<dash> ?[–—]| --?) (?=[A-ZÀ-Þ„“«\"][^–—]{30})"
)
# `الدوحة - بدأت …`
_CASELESS_PLACE = re.compile(
    r"(?P<line>[\u0620-\u06d3]{3,14}(?: [\u0620-\u06d3]{3,14})?)(?P<dash> ?[–—]| --?) (?=[\u0620-\u06d3«\"\u201c][^–—]{30})"
)


def read_place(paragraph: str) -> Dateline | None:
    """The place with which a first paragraph opens, without an agency and not in capitals; no second dash follows."""
    head = paragraph[:_PLACE_REACH]
    if " - " not in head and " -- " not in head and "–" not in head and "—" not in head:
        return None
    match = _PLACE_ALONE.match(paragraph) or _CASELESS_PLACE.match(paragraph)
    if match is None or match["line"].upper() in LABELS or match["dash"] in paragraph[match.end() : match.end() + _LONGEST]:
        return None
    return Dateline(match["line"])


def _further(head: str) -> Dateline | None:
    """A dateline that the common forms do not cover, and its agencies."""
    for pattern in _patterns():
        match = pattern.match(head)
        if match is None:
            continue
        named = [part.strip() for part in re.split(r"[/,]", match["agency"])]
        agencies = tuple(agency_name(name) for name in named if is_agency(name) or name.isupper() or not name.isascii())
        if agencies:
            return Dateline(match["line"].strip(), agencies)
    return None


def _common(head: str) -> Dateline | None:
    match = _CAPITAL_DATELINE.match(head)
    if match is not None and _is_place(match["line"], match["colon"] is not None, match["agency"]):
        found = _dateline(match)
        # `MADRID.- `: the full stop is part of the sign.
        stopped = found.text.endswith(".") and found.text.count(".") == 1 and head[match.end("line") : match.end("line") + 1] in _SIGNS
        return Dateline(found.text[:-1], found.agencies) if stopped else found
    match = _STOPPED_DATELINE.match(head)
    if match is not None and len(match["line"]) >= _STOPPED and _is_place(match["line"], False, None):
        return Dateline(match["line"])
    match = _MIXED_DATELINE.match(head) or _AGENCY_ALONE.match(head)
    if match is not None and (is_agency(match["agency"]) or match["agency"].isupper()):
        return _dateline(match)
    return None


def _is_place(line: str, colon: bool, agency: str | None) -> bool:
    word = re.split(r"[ ,/(]", line, maxsplit=1)[0]
    if word in LABELS or (word == line and word.lower() in name_tables().acronyms):
        return False
    return len(word) > 2 or " " in line or bool(agency) or not colon


def _dateline(match: re.Match[str]) -> Dateline:
    agency = match["agency"] or ""
    named = agency if agency and (is_agency(agency) or agency.isupper()) else ""
    return Dateline(match["line"].strip(), (agency_name(named),) if named else ())
