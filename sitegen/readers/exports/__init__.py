"""Database exports: many articles in one file, in one of four layouts, or in several mixed.

A module per layout takes one article apart into labelled fields and body lines; all else is the same for all four.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.exports.reading import read_export
from sitegen.readers.exports.tables import export_tables
from sitegen.records import Reading

NAME: Final = "database export"

_UNDERSCORES = re.compile(r"^[ \t]*_{50,}[ \t]*$", re.MULTILINE)
_CODE = re.compile(r"^\f?(?:HD|PD|SN|LP|TD|WC|LA)(?:$|\t| {1,8}\S)", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:-{40,}|={40,})[ \t]*$", re.MULTILINE)
_BRACKETED = re.compile(r"^[ \t]*\[[^\[\]\n]{4,60}\][ \t]*$", re.MULTILINE)
_ADDRESS = re.compile(r"^[ \t]*https?://\S{4,2000}[ \t]*$", re.MULTILINE)
_DIFFERENT_CODES: Final = 3
_FEWEST_LABELS: Final = 2
_MANY_LABELS: Final = 5
_SAMPLE: Final = 60_000
_TAIL: Final = 600
_TOP: Final = 40
_SHORT: Final = 40
_LONG: Final = 120
_OPENING: Final = 16
_BLANKS: Final = " \t\f\ufeff"
# Cheap tests, for most sources are no export: `in` is many times faster than a search.
_CODE_STARTS: Final = ("LP", "TD", "HD")
_BODY_MARKS: Final = ("\nBody", "\nText", "\nCorps", "\nCuerpo", "\nCorpo", "\nTesto")


def recognise(source: SourceText) -> Score:
    """Certain where the marks of a layout stand with its labels; one mark alone is not enough."""
    text = source.text
    marks = line_openings(text)
    scores = (
        _nexis(text, marks), _factiva(text, marks), _proquest(text, marks), _yearfile(text, marks),
        _nexisuni(text, marks), _factiva_display(text),
    )  # fmt: skip
    return max(scores, key=lambda score: score.value)


def line_openings(text: str) -> str:
    """The lines of `text`, of the long ones no more than the beginning; `in` is sooner done with them than with all of it.

    All marks of exports are short lines, with blanks around them at the most, or stand where a line begins.
    """
    return "\n".join(
        [
            line if len(line) < _LONG or line[0] in _BLANKS or line[-1] in _BLANKS else line[:_OPENING]
            for line in text.split("\n")
        ]
    )


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """All articles of the export; `layout` of the reading says which layouts were met."""
    return read_export(source, settings, with_roles=with_roles)


def _holds(text: str, pieces: Iterable[str]) -> bool:
    """Whether one of `pieces` stands in `text`."""
    return any(map(text.__contains__, pieces))


def _nexis(text: str, marks: str) -> Score:
    hints = export_tables().nexis_hints
    mark = export_tables().nexis_mark_anywhere.search(text) if _holds(marks, hints) else None
    if mark is None:
        return Score(0.0)
    labels = set(export_tables().nexis.anywhere.findall(text, mark.end(), mark.end() + 100_000))
    if len(labels) < _FEWEST_LABELS:
        return Score(0.4, "a line counts documents as Nexis does")
    return Score(0.99, "a line counts documents as Nexis does, and its labels follow")


def _factiva(text: str, marks: str) -> Score:
    if not _holds(marks, _CODE_STARTS):
        return Score(0.0)
    codes = {match[0].strip()[:2] for match in _CODE.finditer(text, 0, 200_000)}
    if codes.isdisjoint(("HD", "LP", "TD")) or len(codes) < _DIFFERENT_CODES:
        return Score(0.0)
    return Score(0.99, f"lines begin with Factiva's codes ({', '.join(sorted(codes))})")


def _proquest(text: str, marks: str) -> Score:
    rule = _UNDERSCORES.search(text) if "_____" in marks else None
    if rule is None and "ProQuest" not in marks:
        return Score(0.0)
    start = rule.end() if rule is not None else 0
    labels = set(export_tables().proquest.anywhere.findall(text, start, start + 200_000))
    if rule is None:
        sure = len(labels) >= _MANY_LABELS
        return Score(0.985, "ProQuest's labels, and its name among them") if sure else Score(0.0)
    if len(labels) < _FEWEST_LABELS:
        return Score(0.0)
    return Score(0.985, "rules of underscores and ProQuest's labels")


def _nexisuni(text: str, marks: str) -> Score:
    if not _holds(marks, _BODY_MARKS):
        return Score(0.0)
    labels = export_tables().nexisuni
    roles = {labels.roles[label.lower()] for label in labels.anywhere.findall(text[:_SAMPLE])}
    ended = any(export_tables().nexisuni_end.fullmatch(line.strip()) for line in _last_lines(text))
    if "drop:length" not in roles or not (ended or "drop:load-date" in roles):
        return Score(0.0)
    return Score(0.985, "labels as the newer Nexis writes them, and a line that ends a document")


def _factiva_display(text: str) -> Score:
    if "ocument" not in text and "okument" not in text:
        return Score(0.0)
    count = export_tables().factiva_count
    if not any(count.fullmatch(line.strip()) for line in text[:_SAMPLE].split("\n", _TOP)[:_TOP] if len(line) < _SHORT):
        return Score(0.0)
    if export_tables().factiva_document.search(text) is None:
        return Score(0.0)
    return Score(0.985, "a count of words below the headline, and a line that names the document")


def _last_lines(text: str) -> list[str]:
    return text[-_TAIL:].split("\n")


def _yearfile(text: str, marks: str) -> Score:
    rule = _RULE.search(text) if "-----" in marks or "=====" in marks else None
    if rule is None:
        return Score(0.0)
    dated = _BRACKETED.search(text) is not None
    addressed = _ADDRESS.search(text) is not None
    if dated and addressed:
        return Score(0.985, "articles with a date in brackets and an address, between rules")
    return Score(0.6, "articles with a date in brackets, between rules") if dated else Score(0.0)
