"""The fields of an export become labelled lines, with what each part of a value is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sitegen.readers.calendars import weekday_names
from sitegen.readers.dates import DateReading, DateRules, find_dates, parse_date
from sitegen.readers.exports.bylines import read_agencies, read_authors
from sitegen.readers.exports.parts import Field
from sitegen.readers.exports.pictures import pictures_of, read_figure
from sitegen.readers.exports.reach import Reach
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.lines import Line, is_prose
from sitegen.readers.text.roles import Labelled, Role

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?,?")
_URL = re.compile(r"https?://[^\s<>\"]{4,2000}")
# `Name: Great Ferry Corp; NAICS: 483112`
_KEYED = re.compile(r"(?P<key>(?:Company )?Name\s?:|(?:NAICS|DUNS|SIC|Ticker|ISIN)\s?:.*)\s*(?P<name>.*)")
# A weight ends a tag, with a semicolon or without.
_TAG_ENDS = re.compile(r";|(?<=\d%\))\s")
_WEIGHT = re.compile(r"\s*\(\d{1,3}\s?%\)\s*")
_CODED = re.compile(r"(?P<code>[A-Za-z0-9.]{1,12})\s:\s(?P<name>.+)")


def label_field(field: Field, reach: Reach) -> list[Labelled]:
    """The lines of a field, each with its role; all of its characters are in one of the spans."""
    labels: list[Labelled] = []
    if field.label_line is not None and field.label:
        labels.append(Labelled(field.label_line, "furniture", (Span(field.label, "marker"),), why="a label"))
    if field.role in ("figure", "correction", "standfirst"):
        lines = _paragraphs(field.lines)
        if field.role == "figure":
            lines = [part for line in lines for part in pictures_of(line)]
    else:
        lines = [_joined(field.lines)] if field.lines else []
    marker = (Span(field.label, "marker"),) if field.label and field.label_line is None else ()
    if marker and not lines:
        return labels
    for number, line in enumerate(lines):
        role, spans = _read(field.role, line, reach)
        first = marker if number == 0 else ()
        labels.append(Labelled(line, role, (*first, *spans), why=f"the export's {field.role}"))
    return labels


def _read(role: str, line: Line, reach: Reach) -> tuple[Role, Sequence[Span]]:
    if role.startswith("drop:"):
        return "furniture", (Span(line.text, "drop", rule=role.removeprefix("drop:")),)
    if line.text.casefold().strip(" [].") in export_tables().none:
        return "furniture", (Span(line.text, "drop", rule="no-value"),)
    return _READERS[role](line.text, reach)


def _joined(lines: Sequence[Line]) -> Line:
    """Several lines as one."""
    if len(lines) == 1:
        return lines[0]
    text = " ".join(line.text for line in lines)
    last = lines[-1]
    return Line(lines[0].number, text, lines[0].gap, lines[0].indent, last.last or last.number, "", is_prose(text))


def _paragraphs(lines: Sequence[Line]) -> list[Line]:
    """One line for each stretch without a blank line."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and not line.gap:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_joined(run) for run in runs]


def _whole(role: Role, fate: Fate) -> Callable[[str, Reach], tuple[Role, Sequence[Span]]]:
    def read(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
        return role, (Span(text, fate),)

    return read


def _dateline(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A place, without the dash that parts it from the text in print."""
    return "source line", (Span(text, "dateline", value=text.rstrip(" -\u2013\u2014_") or text),)


def _published(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A date, with the time of day that stands in a field of its own, and without weekdays between the two."""
    date = find_export_date(text, reach.rules)
    if date is None:
        return "stamp", (Span(text, "drop", rule="unreadable-date"),)
    if reach.time and not date.moment.has_time:
        timed = next(find_dates(f"{text[date.start : date.end]} {reach.time}", reach.rules), None)
        if timed is not None and timed.moment.has_time:
            date = DateReading(timed.moment, date.start, date.end, date.ambiguous)
    spans: list[Span] = []
    if text[: date.start].strip():
        spans.append(_beside(text[: date.start].strip()))
    spans.append(Span(text[date.start : date.end].strip(), "published", moment=date.moment, ambiguous=date.ambiguous))
    if text[date.end :].strip():
        spans.append(_beside(text[date.end :].strip()))
    return "stamp", spans


def _beside(text: str) -> Span:
    """What stands beside a date: punctuation and weekdays mark it, all else is an edition."""
    return Span(text, "drop", rule="edition") if any(char.isalnum() for char in text) else Span(text, "marker")


def find_export_date(text: str, rules: DateRules) -> DateReading | None:
    """The first date in `text`; a weekday between the date and the time of day does not part them."""
    names = weekday_names()
    # Blanked, not cut out, so that places in the text stay what they are.
    bare = _WORD.sub(lambda match: " " * len(match[0]) if match[0].strip(".,").lower() in names else match[0], text)
    date = next(find_dates(bare, rules), None) or parse_date(text, rules)
    if date is None:
        return None
    end = date.end
    for word in _WORD.finditer(text, end):
        if text[end : word.start()].strip(" ,(") or word[0].strip(".,").lower() not in names:
            break
        end = word.end()
    start = 0 if not bare[: date.start].strip(" ,(") else date.start
    return DateReading(date.moment, start, end, date.ambiguous)


def _source(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A publication without edition and place: `New York Times, Late Edition (East Coast); New York, N.Y.`."""
    edition = export_tables().edition.search(text)
    if edition is None or not edition.start():
        return "source line", (Span(text, "source"),)
    rest = text[edition.start() :].lstrip(" ,;")
    return "source line", (Span(text[: edition.start()], "source"), Span(rest, "drop", rule="edition"))


def _section(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """A desk, without the page and the column on which the article stood."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    page_of = export_tables().page.fullmatch
    kept = [part for part in parts if page_of(part) is None]
    if len(parts) == 1 and "," in text:
        head, _, page = text.rpartition(",")
        if export_tables().page.fullmatch(page.strip()):
            return "source line", (Span(head.strip(), "section"), Span(page.strip(), "drop", rule="page"))
    pages = tuple(Span(part, "drop", rule="page") for part in parts if page_of(part) is not None)
    if not kept:
        return "source line", pages
    name = "; ".join(kept)
    return "source line", (Span(name, "section"), *pages)


def _tags(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """`BONDS (78%); TRADE (71%)`, each a tag without its weight."""
    spans: list[Span] = []
    for part in (part.strip() for part in _TAG_ENDS.split(text)):
        name = _WEIGHT.sub("", part)
        keyed = _KEYED.fullmatch(name)
        if keyed is not None:
            spans.append(Span(keyed["key"], "marker") if keyed["name"] else Span(name, "drop", rule="export-code"))
            name = keyed["name"] or ""
        if name:
            spans.append(Span(name, "tag"))
        spans += [Span(weight.strip(), "drop", rule="tag-weight") for weight in _WEIGHT.findall(part)]
    return "tags", spans


def _codes(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """`usa : United States | belg : Belgium`, each name a tag."""
    spans: list[Span] = []
    for part in (part.strip() for part in text.split("|")):
        coded = _CODED.fullmatch(part)
        if coded is not None:
            spans += [Span(coded["code"], "drop", rule="export-code"), Span(coded["name"], "tag")]
        elif part:
            spans.append(Span(part, "tag"))
    return "tags", spans


def _url(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    match = _URL.search(text)
    if match is None:
        return "furniture", (Span(text, "drop", rule="export-field"),)
    beside = [part.strip() for part in (text[: match.start()], text[match.end() :]) if part.strip()]
    return "url", (Span(match[0], "url"), *(Span(part, "drop", rule="export-field") for part in beside))


def _info(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
    """`New York Times, Late Edition; New York, N.Y. [New York]15 Mar 2016: A.1.` as publication and date."""
    dates = [date for date in find_dates(text, reach.rules) if date.moment.precision != "year"]
    name = re.split(r"[,;:]", text, maxsplit=1)[0].strip()
    if not dates or not name or len(name) > dates[-1].start:
        return "furniture", (Span(text, "drop", rule="export-field"),)
    date = dates[-1]
    beside = (text[len(name) : date.start].strip(), text[date.end :].strip())
    return "source line", (
        Span(name, "source"),
        Span(beside[0], "drop", rule="export-field"),
        Span(text[date.start : date.end].strip(), "published", moment=date.moment, ambiguous=date.ambiguous),
        *(Span(part, "drop", rule="export-field") for part in beside[1:] if part),
    )


def _dropped(rule: str) -> Callable[[str, Reach], tuple[Role, Sequence[Span]]]:
    def read(text: str, reach: Reach) -> tuple[Role, Sequence[Span]]:
        return "furniture", (Span(text, "drop", rule=rule),)

    return read


_READERS: Final[Mapping[str, Callable[[str, Reach], tuple[Role, Sequence[Span]]]]] = {
    "title": _whole("headline", "title"),
    "standfirst": _whole("standfirst", "summary"),
    "source": _source,
    "dateline": _dateline,
    "correction": _whole("correction", "correction"),
    "published": _published,
    "author": read_authors,
    "agency": read_agencies,
    "info": _info,
    "section": _section,
    "tags": _tags,
    "codes": _codes,
    "figure": read_figure,
    "url": _url,
    "time": _dropped("time-of-day"),
    "number": _dropped("export-number"),
    "language": _dropped("export-language"),
}
