"""The records that travel between stages: what a source said, at the precision it said it.

All are frozen msgspec structs: cheap to make, to pickle to a worker process and to encode.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from msgspec import Struct

Precision = Literal["year", "month", "day", "minute", "second"]
Severity = Literal["error", "warning", "note"]
Rights = Literal["own", "licensed", "third-party"]
Direction = Literal["ltr", "rtl"]
TagOrigin = Literal["given", "rule", "place"]


class Moment(Struct, frozen=True):
    """A point in time at the precision its source gave.

    `iso` is ISO 8601: `2024`, `2024-11`, `2024-11-19`, `2024-11-19T22:21` or `2024-11-19T20:35:05+00:00`.
    A time without an offset is a local stamp whose zone nobody stated.
    """

    iso: str
    precision: Precision
    zone_assumed: bool = False

    @classmethod
    def of_date(cls, day: date) -> Moment:
        """The whole day `day`."""
        return cls(day.isoformat(), "day")

    @classmethod
    def of_datetime(cls, moment: datetime, *, precision: Precision = "second", zone_assumed: bool = False) -> Moment:
        """The instant `moment`; pass `precision="minute"` where the source gave no seconds."""
        spec = "minutes" if precision == "minute" else "seconds"
        return cls(moment.isoformat(timespec=spec), precision, zone_assumed)

    @property
    def has_time(self) -> bool:
        """Whether a time of day was given."""
        return self.precision in ("minute", "second")

    def instant(self) -> datetime | None:
        """The aware datetime, or None where no time of day or no zone is known."""
        if not self.has_time:
            return None
        moment = datetime.fromisoformat(self.iso)
        return moment if moment.tzinfo else None

    def local_iso(self, zone: tzinfo) -> str:
        """ISO 8601 without offset as clocks in `zone` showed it; a date without a time is used as it is."""
        moment = self.instant()
        if moment is None:
            return self.iso
        if zone is UTC and self.iso.endswith("+00:00"):
            return self.iso[:-6]
        return moment.astimezone(zone).replace(tzinfo=None).isoformat()


class Problem(Struct, frozen=True, kw_only=True):
    """Something wrong with an input: where, what, and what to write instead.

    `file` is relative to the site; `line` and `column` count from 1, 0 where they make no sense.
    """

    file: str
    code: str
    message: str
    severity: Severity
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        field = f" [{self.field}]" if self.field else ""
        return f"{place}{field} {self.code} {self.message}"


class Figure(Struct, frozen=True, kw_only=True):
    """A picture as the newspaper ran it; `file` is a path relative to `articles/`, or a URL, or None."""

    caption: str = ""
    credit: str = ""
    alt: str = ""
    file: str | None = None


class Paragraph(Struct, frozen=True, tag="paragraph", tag_field="kind"):
    """A paragraph of plain text."""

    text: str


class Subhead(Struct, frozen=True, tag="subhead", tag_field="kind"):
    """A heading inside the text."""

    text: str


class ListBlock(Struct, frozen=True, tag="list", tag_field="kind"):
    """A list of plain-text items."""

    items: tuple[str, ...]
    ordered: bool = False


class Quote(Struct, frozen=True, tag="quote", tag_field="kind"):
    """A block quotation or pull quote of plain text."""

    text: str


class FigureBlock(Struct, frozen=True, tag="figure", tag_field="kind"):
    """The place in the text where `figures[figure]` stood."""

    figure: int


class Preformatted(Struct, frozen=True, tag="preformatted", tag_field="kind"):
    """Text whose line breaks and spaces carry meaning: tables, scores."""

    text: str


class MarkdownBlock(Struct, frozen=True, tag="markdown", tag_field="kind"):
    """A whole Markdown body as written; `line` is its first line in the source."""

    text: str
    line: int = 1


Block = Paragraph | Subhead | ListBlock | Quote | FigureBlock | Preformatted | MarkdownBlock


class Tag(Struct, frozen=True):
    """A tag as given or earned, and where it came from."""

    name: str
    origin: TagOrigin = "given"


class Drop(Struct, frozen=True, kw_only=True):
    """A span of the source that is not shown, and the rule that dropped it."""

    line: int
    text: str
    rule: str
    private: bool = False


class Article(Struct, frozen=True, kw_only=True):
    """One article as its source gave it; nothing invented. See design.md's table for each field."""

    id: str
    title: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    source: str = ""
    section: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    retrieved: Moment | None = None
    byline_stamp: Moment | None = None
    dateline: str = ""
    tags: tuple[Tag, ...] = ()
    figures: tuple[Figure, ...] = ()
    body: tuple[Block, ...] = ()
    corrections: tuple[str, ...] = ()
    original_url: str = ""
    rights: Rights = "third-party"
    language: str = "en"
    direction: Direction = "ltr"
    slug: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    dropped: tuple[Drop, ...] = ()
    line: int = 1
    """The line of the source on which the article begins."""


class LineRole(Struct, frozen=True):
    """What one line of a source was taken for; `sitegen inspect` shows it."""

    line: int
    role: str
    text: str
    note: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """What a reader made of one source."""

    layout: str
    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()
    roles: tuple[LineRole, ...] = ()
    """One per line of the source; empty unless asked for."""
    why: str = ""
    """Why this layout was chosen."""
