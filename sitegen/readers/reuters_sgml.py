"""Reuters-21578: SGML that is no XML, many articles in one file, each with its number `NEWID`.

`TYPE="BRIEF"` has a headline and no body; `TYPE="UNPROC"` is shown as it stands, for its lines carry meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import find_dates
from sitegen.readers.finishing import Extras, dropped_line, finish
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, source_named
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.runs import find_runs
from sitegen.readers.wirewords import joined_paragraphs, wire_words
from sitegen.records import Article, Problem, Reading

NAME: Final = "Reuters-21578"
SOURCE: Final = "Reuters"

_SAMPLE: Final = 4_000
_TAG_ELEMENTS: Final = ("TOPICS", "PLACES", "PEOPLE", "ORGS")
_OTHER_ELEMENTS: Final = ("EXCHANGES", "COMPANIES", "UNKNOWN", "MKNOTE")
_OPENING = re.compile(r"<REUTERS\b([^<>]{0,400})>")
_PROLOGUE = re.compile(r"\s*(?:<![^<>]{0,400}>\s*)?(?P<rest>.*?)(?=<REUTERS\b|\Z)", re.DOTALL)
_NUMBER = re.compile(r'NEWID="?(\d+)')
_TYPE = re.compile(r'<TEXT(?:\s+TYPE="?([A-Z]+)"?)?\s*>')
_ITEM = re.compile(r"<D>(.*?)</D>", re.DOTALL)
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7}));")
_NAMED: Final = (("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", '"'))
_MARKUP = re.compile(r"</?(?:TEXT|TITLE|BODY|DATELINE|AUTHOR|REUTERS)\b[^<>]{0,80}>?")
_BLAH = re.compile(r"blah(?: blah){1,6}\.?", re.IGNORECASE)
_LONGEST_TITLE: Final = 600


class _Document(Struct, frozen=True):
    """One `REUTERS` element: its markup and the line on which it begins."""

    raw: str
    line: int
    closed: bool

    def line_at(self, position: int) -> int:
        """The line on which a position of the markup stands."""
        return self.line + self.raw.count("\n", 0, position)


class _Element(Struct, frozen=True):
    """An element's text, entities undone, and the line on which it begins."""

    text: str
    line: int


def recognise(source: SourceText) -> Score:
    """The element `REUTERS` with its number."""
    head = source.text[:_SAMPLE]
    if "<REUTERS" in head and "NEWID=" in head:
        return Score(0.99, "a REUTERS element with a NEWID")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """One article for each `REUTERS` element; one that is cut off is reported and kept as far as it goes."""
    articles: list[Article] = []
    problems: list[Problem] = []
    labels: list[Labelled] = []
    above = _PROLOGUE.match(source.text)
    if above is not None and above["rest"].strip():
        hint = "this text stands above the first REUTERS tag and is not shown; the file's beginning is cut off, perhaps"
        line = 1 + source.text.count("\n", 0, above.start("rest"))
        problems.append(report("W206", hint, file=source.file, line=line))
    for document in _documents(source.text):
        if not document.closed:
            hint = "the document is cut off: its end tag is missing; what there is of it is kept"
            problems.append(report("W207", hint, file=source.file, line=document.line))
        labelled, made = _read_document(document, source.file, settings)
        problems += made.problems
        if made.article is not None:
            articles.append(made.article)
        labels += labelled if with_roles else ()
    return Reading(
        layout=NAME,
        articles=tuple(articles),
        problems=tuple(problems),
        roles=line_roles(labels, source.text) if with_roles else (),
    )


def _documents(text: str) -> list[_Document]:
    starts = [match.start() for match in _OPENING.finditer(text)]
    documents = []
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line += text.count("\n", counted, start)
        counted = start
        close = text.find("</REUTERS>", start, end)
        documents.append(_Document(text[start : close if close >= 0 else end], line, close >= 0))
    return documents


def _read_document(document: _Document, file: str, settings: ReadingSettings) -> tuple[list[Labelled], Assembled]:
    raw = document.raw
    opening = _OPENING.match(raw)
    number = _NUMBER.search(opening[1]) if opening else None
    kind = _TYPE.search(raw)
    form = kind[1] if kind and kind[1] else "NORM"
    body = _body(document, kind.end() if kind else len(raw), form)
    paragraphs = joined_paragraphs(body)
    known = source_named(SOURCE, settings)
    language = language_of_lines(paragraphs, settings, known)
    origin = Origin(
        file=file, line=document.line, language=language, settings=settings, source=known, headline_only=True
    )
    labels = _front(document, origin)
    labels += _raw_rows(body, document) if form == "UNPROC" else _paragraphs(body)
    extras = Extras(ident=f"reuters-21578-{number[1]}" if number else "")
    return labels, finish(labels, origin, extras)


def _element(document: _Document, name: str) -> _Element | None:
    """The first element `name`; one that is not closed ends at the next tag."""
    start = document.raw.find(f"<{name}>")
    if start < 0:
        return None
    start += len(name) + 2
    end = document.raw.find(f"</{name}>", start)
    if end < 0:
        end = document.raw.find("<", start)
    inner = document.raw[start : end if end >= 0 else len(document.raw)]
    return _Element(clean(_unescape(inner)), document.line_at(start))


def _unescape(text: str) -> str:
    """`text` with its entities undone; a control character written as one is dropped with the other control bytes."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return dict(_NAMED)[match[1]]
    number = int(match[2])
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def _front(document: _Document, origin: Origin) -> list[Labelled]:
    """What stands above the body: number, date, tags, wire header, headline, byline, dateline."""
    opening = _OPENING.match(document.raw)
    labels = [dropped_line(Line(document.line, opening[0] if opening else "<REUTERS>"), "markup")]
    labels.append(Labelled(Line(document.line, SOURCE), "source line", (Span("", "source", value=SOURCE),)))
    labels += _date(document, origin)
    for name in _TAG_ELEMENTS:
        labels += _tags(document, name)
    for name in _OTHER_ELEMENTS:
        element = _element(document, name)
        text = " ".join(re.sub(r"</?D>", " ", element.text).split()) if element else ""
        if element and text:
            rule = "wire-header" if name == "UNKNOWN" else "index-terms"
            labels.append(dropped_line(Line(element.line, text), rule))
    title = _element(document, "TITLE")
    if title and title.text.strip():
        text = " ".join(title.text[:_LONGEST_TITLE].split())
        labels.append(Labelled(Line(title.line, text), "headline", (Span(text, "title"),), why="TITLE"))
    author = _element(document, "AUTHOR")
    if author and author.text.strip():
        labels.append(_author(Line(author.line, " ".join(author.text.split())), origin))
    dateline = _element(document, "DATELINE")
    if dateline and dateline.text.strip():
        text = " ".join(dateline.text.split())
        spans = (Span(text, "dateline", value=text.rstrip(" -\u2013\u2014")),)
        labels.append(Labelled(Line(dateline.line, text), "paragraph", spans, why="DATELINE"))
    return labels


def _date(document: _Document, origin: Origin) -> list[Labelled]:
    element = _element(document, "DATE")
    if element is None:
        return []
    text = " ".join(element.text.split())
    date = next(find_dates(text, date_rules("en", origin.settings, origin.source)), None)
    if date is None:
        return [dropped_line(Line(element.line, text), "unreadable-date")] if text else []
    spans = [Span(text[date.start : date.end], "published", moment=date.moment)]
    rest = (text[: date.start] + text[date.end :]).strip()
    spans += [Span(rest, "drop", rule="stamp-note")] if rest else []
    return [Labelled(Line(element.line, text), "stamp", tuple(spans), why="DATE")]


def _tags(document: _Document, name: str) -> list[Labelled]:
    element = _element(document, name)
    names = [" ".join(item.split()) for item in _ITEM.findall(element.text)] if element else []
    if element is None or not any(names):
        return []
    spans = tuple(Span(item, "tag") for item in names if item)
    return [Labelled(Line(element.line, " ".join(names)), "tags", spans, why=name)]


def _author(line: Line, origin: Origin) -> Labelled:
    rules = date_rules("en", origin.settings, origin.source)
    named = read_byline(line.text, rules) or read_byline(f"By {line.text}", rules)
    if named is None:
        return Labelled(line, "byline", (Span(line.text, "drop", rule="byline-note"),), why="AUTHOR")
    return Labelled(line, "byline", named.spans, why="AUTHOR")


def _body(document: _Document, start: int, form: str) -> list[Line]:
    """The lines of the text: of `BODY`, or of `TEXT` where that has no body of its own."""
    raw = document.raw
    inner = raw.find("<BODY>", start)
    if inner >= 0:
        begin = inner + len("<BODY>")
    elif form == "UNPROC" or "<TITLE>" not in raw:
        begin = start
    else:
        title_end = max((raw.find(f"</{name}>", start) for name in ("TITLE", "DATELINE", "AUTHOR")), default=-1)
        begin = raw.find(">", title_end) + 1 if title_end >= 0 else start
    ends = [end for mark in ("</BODY>", "</TEXT>") if (end := raw.find(mark, begin)) >= 0]
    text = raw[begin : min(ends, default=len(raw))]
    if "<" in text:
        text = _MARKUP.sub("", text)
    return list(split_lines(clean(_unescape(text)), first=document.line_at(begin)))


def _is_end(text: str) -> bool:
    return text.strip(" .").lower() in ("reuter", "reuters") or wire_words().rules.fullmatch(text) is not None


def _paragraphs(lines: Sequence[Line]) -> list[Labelled]:
    """Paragraphs opened by an indent, tables as they stand, the closing `Reuter`."""
    runs = {lines[index].number: label for index, label in find_runs(lines).items() if label.role == "preformatted"}
    labels: list[Labelled] = []
    closers = [line for line in lines if _is_end(line.text)]
    ended = {line.number for line in closers}
    for line in joined_paragraphs([line for line in lines if line.number not in ended]):
        if line.number in runs:
            labels.append(runs[line.number])
        elif _BLAH.fullmatch(line.text):
            labels.append(Labelled(line, "boilerplate", rule="no-body", why="stands for a body that was never sent"))
        else:
            labels.append(Labelled(line, "paragraph"))
    labels += [Labelled(line, "boilerplate", rule="wire-closer", why="ends a wire story") for line in closers]
    return labels


def _raw_rows(lines: Sequence[Line], document: _Document) -> list[Labelled]:
    """The lines as they stand, with their spaces."""
    raw = [clean(_unescape(_MARKUP.sub("", line))).rstrip() for line in document.raw.split("\n")]
    labels = []
    for line in lines:
        if _is_end(line.text) and line is lines[-1]:
            labels.append(Labelled(line, "boilerplate", rule="wire-closer", why="ends a wire story"))
            continue
        shown = raw[line.number - document.line]
        spans = (Span(line.text, "preformatted", value=shown if shown.strip() else line.text),)
        labels.append(Labelled(line, "preformatted", spans, why="TYPE=UNPROC"))
    return labels
