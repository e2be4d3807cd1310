"""The labels of one article's lines become its record; each span goes to a field or to `dropped`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from msgspec import Struct

from sitegen.problems import report
from sitegen.readers.agencynames import agency_key
from sitegen.readers.base import ReadingSettings, SourceSettings
from sitegen.readers.identity import digest_id
from sitegen.readers.language import direction_of
from sitegen.readers.spans import Fate, Span, left_over
from sitegen.readers.stampwords import says_updated
from sitegen.readers.text.roles import Labelled, Role
from sitegen.records import (
    Article,
    Block,
    Drop,
    Figure,
    FigureBlock,
    ListBlock,
    Moment,
    Paragraph,
    Preformatted,
    Problem,
    Quote,
    Rights,
    Subhead,
    Tag,
)

_LONGEST_ROW: Final = 80


class Assembled(Struct, frozen=True):
    """An article, or None where nothing is left to show, and what was wrong with it."""

    article: Article | None
    problems: tuple[Problem, ...]


class Origin(Struct, frozen=True, kw_only=True):
    """Where an article comes from, and what the settings say about that."""

    file: str
    line: int
    language: str
    settings: ReadingSettings
    source: SourceSettings | None = None
    zone: tzinfo | None = None
    headline_only: bool = False
    """Whether a headline alone is an article here, as a wire's flash is."""


class _Parts:
    """The fields of a record while its lines are taken in, in order."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.summary: list[str] = []
        self.source = ""
        self.section = ""
        self.people: list[str] = []
        self.agencies: list[str] = []
        self.published: Moment | None = None
        self.updated: Moment | None = None
        self.stamp: Moment | None = None
        self.first_stamp = ""
        self.stamp_in_byline = False
        self.update: Span | None = None
        self.dateline = ""
        self.tags: list[str] = []
        self.figures: list[Figure] = []
        self.body: list[Block] = []
        self.items: list[str] = []
        self.ordered = False
        self.rows: list[str] = []
        self.corrections: list[str] = []
        self.url = ""
        self.dropped: list[Drop] = []
        self.ambiguous: list[tuple[int, Span]] = []
        self.seen: set[tuple[Fate, str]] = set()
        self.agency_keys: set[str] = set()
        self.role: Role = "unknown"
        self.last_role: Role = "unknown"

    def take(self, label: Labelled) -> None:
        """Put one line's parts where they belong."""
        role, line = label.role, label.line
        self.role = role
        if role != "list" and self.items:
            self._close_list()
        if role != "preformatted" and self.rows:
            self._close_table()
        if role == "paragraph" and not label.spans:
            self.body.append(Paragraph(line.text))
        elif label.rule:
            self.dropped.append(Drop(line=line.number, text=line.text, rule=label.rule))
        elif role in ("caption", "credit"):
            self._take_figure(label)
        else:
            self._take_spans(label)
        self.last_role = role

    def finish(self) -> None:
        """Close what the last line left open."""
        if self.items:
            self._close_list()
        if self.rows:
            self._close_table()

    def _close_table(self) -> None:
        self.body.append(Preformatted("\n".join(self.rows)))
        self.rows = []

    def _close_list(self) -> None:
        self.body.append(ListBlock(tuple(self.items), self.ordered))
        self.items = []

    def _take_spans(self, label: Labelled) -> None:
        spans = label.spans or (Span(label.line.text, _FATES[label.role]),)
        if label.role == "list":
            self._begin_item(spans[0].text if spans[0].fate == "marker" else "\u2022")
        if label.spans:
            self._keep_left_over(label)
        updated = False
        for span in spans:
            if span.fate == "marker":
                updated = says_updated(span.text)
            elif span.fate == "drop":
                self.dropped.append(Drop(line=label.line.number, text=span.text, rule=span.rule))
            elif span.fate in ("published", "updated", "stamp"):
                self._take_moment(label.line.number, span, updated=updated)
            else:
                self._take_text(label.line.number, span)

    def _keep_left_over(self, label: Labelled) -> None:
        """Letters and digits that no span of a line holds are dropped by name; what parts its spans is a separator."""
        if sum(map(len, (span.text for span in label.spans))) >= len(label.line.text):
            return
        for part in left_over(label.line.text, label.spans):
            if any(map(str.isalnum, part)):
                self.dropped.append(Drop(line=label.line.number, text=part, rule="left-over"))

    def _begin_item(self, mark: str) -> None:
        """A list of another kind, or one that counts from 1 again, is another list."""
        ordered = mark[0].isdigit()
        if self.items and (ordered != self.ordered or mark in ("1.", "1)")):
            self._close_list()
        self.ordered = ordered

    def _take_moment(self, line: int, span: Span, *, updated: bool) -> None:
        if span.ambiguous:
            self.ambiguous.append((line, span))
        if span.fate == "published" and self.published is not None:
            self.dropped.append(Drop(line=line, text=span.text, rule="further-stamp"))
        elif span.fate == "published":
            self.published, self.first_stamp = span.moment, span.text
        elif span.fate == "updated":
            self._take_update(line, span)
        elif self.stamp is None and not updated:
            self.stamp = span.moment
            self.stamp_in_byline = self.role == "byline"
            self.first_stamp = self.first_stamp or span.text
        elif self.updated is None and updated:
            self.updated = span.moment
        else:
            self.dropped.append(Drop(line=line, text=span.text, rule="further-stamp"))

    def _take_update(self, line: int, span: Span) -> None:
        """The last update is the one that counts; the earlier ones are dropped by name."""
        earlier = self.update
        if earlier is not None:
            self.dropped.append(Drop(line=line, text=earlier.text, rule="earlier-update"))
        self.update, self.updated = span, span.moment

    def _take_text(self, line: int, span: Span) -> None:
        text = span.shown
        fate = span.fate
        if fate == "paragraph":
            self.body.append(Paragraph(text))
        elif fate == "subhead":
            self.body.append(Subhead(text))
        elif fate == "preformatted":
            self.rows.append(text)
        elif fate == "source":
            self.source = text
        elif fate == "section":
            self.section = text
        elif fate == "dateline":
            self.dateline = text
        elif fate == "agency":
            self._take_agency(line, span)
        elif fate == "url":
            if self.url:
                self.dropped.append(Drop(line=line, text=text, rule="further-address"))
            self.url = self.url or text
        else:
            wanted = {
                "title": self.title, "summary": self.summary, "person": self.people,
                "tag": self.tags, "item": self.items, "correction": self.corrections,
            }[fate]  # fmt: skip
            # A set, for a hostile text names fifty thousand people.
            if fate == "item" or (fate, text) not in self.seen:
                wanted.append(text)
                self.seen.add((fate, text))
            elif fate in ("title", "summary", "correction"):
                self.dropped.append(Drop(line=line, text=span.text, rule="repeated"))

    def _take_agency(self, line: int, span: Span) -> None:
        """A service once, under the name by which it was first called."""
        key = agency_key(span.shown)
        if key not in self.agency_keys:
            self.agencies.append(span.shown)
            self.agency_keys.add(key)
            self.seen.add(("agency", span.shown))
        elif span.text and ("agency", span.shown) not in self.seen:
            self.dropped.append(Drop(line=line, text=span.text, rule="repeated"))

    def _take_figure(self, label: Labelled) -> None:
        self._keep_left_over(label)
        found = {span.fate: span.shown for span in label.spans}
        for span in label.spans:
            if span.fate == "drop":
                self.dropped.append(Drop(line=label.line.number, text=span.text, rule=span.rule))
        figure = Figure(caption=found.get("caption", ""), credit=found.get("credit", ""), alt=found.get("alt", ""))
        last = self.figures[-1] if self.figures else None
        if (
            last
            and figure.credit == last.credit
            and figure.caption in ("", last.caption)
            and (figure.caption or figure.credit)
        ):
            self.dropped.append(Drop(line=label.line.number, text=label.line.text, rule="repeated"))
            return
        if last and label.role == "credit" and self.last_role == "caption" and not last.credit:
            self.figures[-1] = Figure(caption=last.caption, credit=figure.credit, alt=last.alt)
            return
        if last and label.role == "caption" and self.last_role == "credit" and not last.caption and not figure.credit:
            self.figures[-1] = Figure(caption=figure.caption, credit=last.credit, alt=figure.alt)
            return
        if self.body:
            self.body.append(FigureBlock(len(self.figures)))
        self.figures.append(figure)


# What a line without spans of its own is shown as.
_FATES: Final[Mapping[Role, Fate]] = {
    "headline": "title",
    "standfirst": "summary",
    "subhead": "subhead",
    "paragraph": "paragraph",
    "unknown": "paragraph",
    "preformatted": "preformatted",
    "correction": "correction",
    "quote": "paragraph",
}


def assemble(labels: Sequence[Labelled], origin: Origin) -> Assembled:
    """The record of the article whose lines `labels` are, and its problems."""
    parts = _Parts()
    for label in labels:
        parts.take(label)
    parts.finish()
    nothing = not parts.body and not parts.figures and not parts.summary
    if nothing and not (origin.headline_only and parts.title):
        hint = "nothing is left to show below the headline; add the article's text"
        return Assembled(None, (report("E105", hint, file=origin.file, line=origin.line),))
    article = _build(parts, origin)
    problems = _problems(parts, article, origin)
    if _has_no_prose(article):
        rows = [label.line.number for label in labels if not label.rule and label.role in ("preformatted", "paragraph", "unknown")]
        where = f"lines {rows[0]} to {rows[-1]} are a table, and there is" if rows else "there is"
        hint = f"{where} no prose; it is shown as it stands: add the article's text, or name the file in `ignore`"
        problems.append(report("W210", hint, file=origin.file, line=rows[0] if rows else origin.line))
    return Assembled(article, tuple(problems))


def _build(parts: _Parts, origin: Origin) -> Article:
    title = " ".join(parts.title)
    opening = next((block.text for block in parts.body if isinstance(block, Paragraph | Quote)), "")
    published = parts.published or parts.stamp
    language = origin.language
    return Article(
        id=parts.url or digest_id(parts.source, parts.first_stamp, title, opening=opening),
        title=title,
        summary=" ".join(parts.summary),
        authors=tuple(parts.people),
        agencies=tuple(parts.agencies),
        source=origin.source.name if origin.source else parts.source,
        section=parts.section,
        published=published,
        updated=parts.updated,
        byline_stamp=parts.stamp if parts.published or parts.stamp_in_byline else None,
        dateline=parts.dateline,
        tags=tuple(Tag(name) for name in parts.tags),
        figures=tuple(parts.figures),
        body=tuple(parts.body),
        corrections=tuple(parts.corrections),
        original_url=parts.url,
        rights=_rights(origin),
        language=language,
        direction=direction_of(language),
        dropped=tuple(parts.dropped),
        line=origin.line,
    )


def _has_no_prose(article: Article) -> bool:
    """Whether the text is nothing but tables: lines in columns, or rows of a few words that are half figures."""
    if article.summary or article.figures or not article.body:
        return False
    texts = [block for block in article.body if not isinstance(block, Subhead)]
    return len(texts) > 0 and all(
        (isinstance(block, Preformatted) and _is_table(block.text)) or (isinstance(block, Paragraph) and _is_row(block.text))
        for block in texts
    )


def _is_table(text: str) -> bool:
    lines = text.split("\n")
    return sum(any(char.isdigit() for char in line) for line in lines) * 2 >= len(lines)


def _is_row(text: str) -> bool:
    if len(text) > _LONGEST_ROW or text[-1] in ".?!":
        return False
    words = text.split()
    return len(words) > 1 and sum(any(char.isdigit() for char in word) for word in words) * 2 >= len(words)


def _rights(origin: Origin) -> Rights:
    named = origin.source.rights if origin.source else None
    return named or origin.settings.default_rights or "third-party"


def _problems(parts: _Parts, article: Article, origin: Origin) -> list[Problem]:
    problems: list[Problem] = []
    file, line = origin.file, origin.line
    for where, span in parts.ambiguous:
        hint = f'"{span.text}" can be read day-first or month-first; set the date order, or write it like 2024-02-28'
        problems.append(report("W204", hint, file=file, line=where, field="published"))
    if not article.title:
        problems.append(
            report("W202", "no headline was found; write it on a line of its own at the top", file=file, line=line)
        )
    if article.published is None:
        hint = "no date was found; write one like 2024-02-28 under the headline"
        problems.append(report("W201", hint, file=file, line=line, field="published"))
    if any(moment and moment.zone_assumed for moment in (article.published, article.updated, article.byline_stamp)):
        hint = "times are given without a zone; the settings' zone was assumed"
        problems.append(report("N301", hint, file=file, line=line, field="published"))
    return problems
