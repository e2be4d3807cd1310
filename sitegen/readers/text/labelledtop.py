"""What a person wrote above a saved text: `Title: …`, `Source: …`, `Date: …`, a line each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sitegen.readers.dates import DateRules, parse_date
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled, Role

_FEWEST: Final = 2
_REACH: Final = 10
_ROLES: Final[Mapping[str, tuple[Role, Fate]]] = {
    "title": ("headline", "title"), "headline": ("headline", "title"), "subtitle": ("standfirst", "summary"),
    "summary": ("standfirst", "summary"), "source": ("source line", "source"), "publication": ("source line", "source"),
    "publisher": ("source line", "source"), "newspaper": ("source line", "source"), "section": ("source line", "section"),
    "author": ("byline", "person"), "authors": ("byline", "person"), "byline": ("byline", "person"),
    "date": ("stamp", "published"), "published": ("stamp", "published"), "publication date": ("stamp", "published"),
    "updated": ("stamp", "updated"), "url": ("url", "url"), "link": ("url", "url"),
}  # fmt: skip
_LABEL = re.compile(rf"(?P<label>{'|'.join(_ROLES)})\s*:\s*(?P<value>\S.*)", re.IGNORECASE)


_LONGEST_PARTS: Final = 160
_LONGEST_VALUE: Final = 5
_PARTS = re.compile(
    r"\s*[|｜·•\t]\s*|\s{2,}|\s(?=(?:来源|來源|作者|记者|编辑|责任编辑|責任編輯|source|editor|author)\s?[:：])", re.IGNORECASE
)
_PART_LABEL = re.compile(
    r"(?:(?P<source>source|来源|來源|quelle|fuente|fonte|источник|المصدر)|(?P<author>author|by|作者|记者|記者|autor|auteur|автор)"
    r"|(?P<note>editors?|责任编辑|責任編輯|编辑|編輯|责编|editora|editor web|редактор))\s?[:：]\s*", re.IGNORECASE,
)  # fmt: skip
_LABEL_ENDS: Final = (
    "source", "来源", "來源", "quelle", "fuente", "fonte", "источник", "المصدر", "author", "by", "作者", "记者", "記者", "autor",
    "auteur", "автор", "editor", "editors", "编辑", "編輯", "责编", "editora", "editor web", "редактор",
)  # fmt: skip
_LABEL_REACH: Final = 16


def label_labelled_top(lines: Sequence[Line], rules: DateRules) -> list[Labelled]:
    """Labels for the lines at the top that begin with a field's name; none unless two different ones do."""
    labelled: list[Labelled] = []
    seen: set[Fate] = set()
    for line in lines[:_REACH]:
        match = _LABEL.fullmatch(line.text)
        if match is None or _ROLES[match["label"].lower()][1] in seen:
            break
        role, fate = _ROLES[match["label"].lower()]
        spans = _spans(match["value"], fate, rules)
        if spans is None:
            break
        seen.add(fate)
        marker = Span(line.text[: match.start("value")].strip(), "marker")
        labelled.append(Labelled(line, role, (marker, *spans), why="a field by its name"))
    return labelled if len(labelled) >= _FEWEST else []


def _may_have_label(text: str) -> bool:
    """A cheap test for `_PART_LABEL`: what stands before a colon ends as a label does."""
    heads = text.replace("\uff1a", ":").split(":")
    return len(heads) > 1 and any(head[-_LABEL_REACH:].rstrip().casefold().endswith(_LABEL_ENDS) for head in heads[:-1])


def read_labelled_parts(line: Line, rules: DateRules) -> Labelled | None:
    """A line of parts with bars or wide spaces between: a source, an author or an editor with its label, a stamp."""
    text = line.spaced or line.text
    if len(text) > _LONGEST_PARTS or not _may_have_label(text) or _PART_LABEL.search(text) is None:
        return None
    spans: list[Span] = []
    labels = 0
    for part in (part.strip() for part in _PARTS.split(text)):
        match = _PART_LABEL.match(part)
        if match is not None:
            labels += 1
            value = part[match.end() :].strip()
            if not value or value.count(" ") > _LONGEST_VALUE:
                return None
            kind = next(name for name in ("source", "author", "note") if match[name])
            spans += [Span(match[0].strip(), "marker"), *_part_of(kind, value, rules)]
            continue
        date = parse_date(part, rules) if part else None
        if part and date is None:
            return None
        if date is not None:
            spans.append(Span(part, "stamp", moment=date.moment, ambiguous=date.ambiguous))
    # One label alone is a line that says what the text was made of.
    return Labelled(line, "source line", tuple(spans), why="parts with their labels") if labels and len(spans) > _FEWEST else None


def _part_of(kind: str, value: str, rules: DateRules) -> Sequence[Span]:
    if kind == "source":
        return [Span(value, "source")]
    named = read_byline(f"By {value}", rules) if kind == "author" else None
    return named.spans[1:] if named is not None else [Span(value, "drop", rule="byline-note")]


def _spans(value: str, fate: Fate, rules: DateRules) -> Sequence[Span] | None:
    """The parts of a value, or None where it is not what its label says."""
    if fate in ("published", "updated"):
        date = parse_date(value, rules)
        return None if date is None else [Span(value, fate, moment=date.moment, ambiguous=date.ambiguous)]
    if fate == "person":
        named = read_byline(f"By {value}", rules)
        return None if named is None else named.spans[1:]
    return None if fate == "url" and " " in value else [Span(value, fate)]
