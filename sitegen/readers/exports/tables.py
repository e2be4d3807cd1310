"""Labels, marks and codes of the export layouts, from the data file `exports.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge


class Labels(Struct, frozen=True, kw_only=True):
    """The labels of one layout."""

    line: re.Pattern[str]
    """A line that begins with a label and its colon: groups `label` and `value`."""
    alone: re.Pattern[str]
    """A line that is a label without a colon."""
    anywhere: re.Pattern[str]
    roles: Mapping[str, str]
    """By label, in lower case."""
    may_continue: frozenset[str]


class ExportTables(Struct, frozen=True, kw_only=True):
    """The data file, ready to be looked up."""

    nexis: Labels
    nexis_mark: re.Pattern[str]
    nexis_mark_anywhere: re.Pattern[str]
    nexis_hints: tuple[str, ...]
    """One of these stands in every text that has a mark."""
    rights: re.Pattern[str]
    """A line that is a copyright note."""
    nexisuni: Labels
    nexisuni_end: re.Pattern[str]
    """The line that closes an article of the newer Nexis layout."""
    nexisuni_cover: re.Pattern[str]
    """A line of the list of documents above the first article."""
    proquest: Labels
    proquest_needed: frozenset[str]
    furniture: re.Pattern[str]
    """A line in which the export speaks of itself."""
    factiva_head: Mapping[str, str]
    factiva_body: Mapping[str, str]
    factiva_tail: Mapping[str, str]
    factiva_document: re.Pattern[str]
    factiva_count: re.Pattern[str]
    """A line that counts the article's words."""
    page: re.Pattern[str]
    affiliation: re.Pattern[str]
    """A part of a byline that names an employer."""
    edition: re.Pattern[str]
    """Edition and place behind a publication's name."""
    none: frozenset[str]
    picture_word: re.Pattern[str]
    credit_by: re.Pattern[str]
    languages: Mapping[str, str]


_COMMON = 7


@by_knowledge()
def export_tables() -> ExportTables:
    """The tables, read once per process."""
    table = knowledge("exports")
    nexis, factiva, values = table["nexis"], table["factiva"], table["values"]
    mark = _mark(nexis)
    openings = "|".join(re.escape(text) for text in table["proquest"]["furniture"])
    reserved = "|".join(re.escape(text) for text in nexis["copyright"])
    return ExportTables(
        nexis=_labels(nexis),
        nexis_mark=re.compile(mark, re.IGNORECASE),
        nexis_mark_anywhere=re.compile(rf"^[ \t\f\ufeff]*(?:{mark})[ \t]*$", re.IGNORECASE | re.MULTILINE),
        nexis_hints=_hints(nexis["mark_words"]),
        rights=re.compile(
            rf"(?:copyright|©|\(c\))\s{{0,4}}(?:©|\(c\))?\s{{0,4}}(?:of\s)?\d{{4}}.{{0,160}}|(?:{reserved})\.?",
            re.IGNORECASE,
        ),
        nexisuni=_labels(table["nexisuni"]),
        nexisuni_end=re.compile("|".join(table["nexisuni"]["end"]), re.IGNORECASE),
        nexisuni_cover=re.compile("|".join(table["nexisuni"]["cover"])),
        proquest=_labels(table["proquest"]),
        proquest_needed=frozenset(table["proquest"]["needed"]),
        furniture=re.compile(rf"(?:{openings}).{{0,300}}|proquest|{factiva['furniture']}", re.IGNORECASE),
        factiva_head=factiva["head"],
        factiva_body=factiva["body"],
        factiva_tail=factiva["tail"],
        factiva_document=re.compile(factiva["document"]),
        factiva_count=re.compile(factiva["count"], re.IGNORECASE),
        page=re.compile(values["page"], re.IGNORECASE),
        affiliation=re.compile(values["affiliation"], re.IGNORECASE),
        edition=re.compile(values["edition"], re.IGNORECASE),
        none=frozenset(values["none"]),
        picture_word=re.compile(values["picture_words"], re.IGNORECASE),
        credit_by=re.compile(values["credit_by"]),
        languages=table["languages"],
    )


def _hints(words: Sequence[str]) -> tuple[str, ...]:
    """Fragments of which each word holds one, as people write it; `story` in small letters stands in any news text."""
    rare = {word[:6] for word in words if len(word) > _COMMON}
    forms = {form for word in {*rare, "stor"} for form in (word[1:].upper(), word.title())} | {
        word[1:] for word in rare
    }
    return tuple(form for form in forms if not any(other != form and other in form for other in forms))


def _mark(nexis: Mapping[str, Any]) -> str:
    words, joints = "|".join(nexis["mark_words"]), "|".join(nexis["mark_joints"])
    count = rf"\d{{1,6}} {{1,4}}(?:{joints}) {{1,4}}\d{{1,6}}"
    return rf"(?:level \d - )?(?:(?:{words}) {{1,4}}{count}|{count} {{1,4}}(?:{words}))"


def _labels(table: Mapping[str, Any]) -> Labels:
    roles = {label.lower(): role for role, labels in table["labels"].items() for label in labels}
    written = sorted((label for labels in table["labels"].values() for label in labels), key=len, reverse=True)
    names = "|".join(re.escape(label) for label in written)
    return Labels(
        line=re.compile(rf"(?P<label>{names})\s?:\s*(?P<value>.*)"),
        alone=re.compile(rf"(?P<label>{names})"),
        anywhere=re.compile(rf"^[ \t]*({names})[ \t]?:", re.MULTILINE),
        roles=roles,
        may_continue=frozenset(table["may_continue"]),
    )
