"""What the catalog keeps of an article beside its text: all that lists, calendars and neighbours show."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from sitegen.contexts import Headline
from sitegen.records import Article, Direction, Figure, Problem


class Term(Struct, frozen=True, array_like=True):
    """A tag, author, source, section (or, for the statistics, a drop rule, layout or language) of an article."""

    kind: str
    key: str
    label: str


class Entry(Struct, frozen=True, array_like=True, kw_only=True):
    """An article in a list. `date` is ISO 8601 at its precision in the site's zone, `base` its URL before collisions."""

    title: str
    summary: str
    source: str
    section: str
    authors: tuple[str, ...]
    date: str
    language: str
    direction: Direction
    words: int
    weight: int
    """How much of a front page it earns: see `front_page_weight`."""
    base: str
    figure: Figure | None
    terms: tuple[Term, ...]
    media: tuple[str, ...]
    """Local files that it shows, relative to `articles/`."""
    aliases: tuple[str, ...]
    original_url: str
    rights: str


class Content(Struct, frozen=True, kw_only=True):
    """An article's text, converted: what its page needs beside what the catalog tells."""

    article: Article
    """Without its body."""
    html: str
    """Sanitised; `\\x03n\\x03` stands for figure n, `\\x02path\\x02` for the address of a local file."""
    figures: tuple[Figure, ...]
    contents: tuple[tuple[str, str], ...]
    words: int
    lead: bool
    """Whether the first figure stands over the text."""
    layout: str
    single_spaced: bool = False
    """Whether it is known that `html` has no two spaces in a row, and no no-break spaces."""


class BodyRef(Struct, frozen=True, array_like=True):
    """Where an article's encoded `Content` lies: a pack file, offset and length in bytes, and its digest."""

    pack: str
    offset: int
    length: int
    digest: bytes


class Copy(Struct, frozen=True, array_like=True, kw_only=True):
    """One article as one source holds it; several sources may hold the same article."""

    identity: str
    rank: str
    """Sorts versions: the last update in UTC, or the publication, or empty."""
    opening: bytes
    """Digest of the first words, to tell an edited article from another one."""
    entry: Entry
    body: BodyRef
    line: int
    draft: bool
    broken: bool
    """Something in it could not be read; an earlier good version is preferred."""


class Work(Struct, frozen=True, array_like=True):
    """A source to be read, as the scan saw it; `digest` is that of its last reading, or None."""

    path: str
    size: int
    mtime_ns: int
    digest: bytes | None


class ReadJob(Struct, frozen=True, array_like=True, kw_only=True):
    """A chunk of sources to read."""

    site: str
    """The site's folder, absolute."""
    bodies: str
    """The folder of the packs, absolute."""
    pack: str
    """The name of the pack to write."""
    settings: bytes
    """`Settings`, encoded."""
    works: tuple[Work, ...]


class SourceReading(Struct, frozen=True, array_like=True, kw_only=True):
    """What a worker made of one source file; `copies` is None where the file is as it was."""

    path: str
    size: int
    mtime_ns: int
    digest: bytes
    copies: tuple[Copy, ...] | None
    problems: tuple[Problem, ...] = ()
    missing: bool = False
    """The file was gone, or could not be opened, when the worker came to it."""
    spool: str = ""
    """The absolute path of a file of more copies, where there may be too many to be sent (`sitegen.spool`); empty where not."""


def brief_of(entry: Entry, url: str) -> bytes:
    """An article's headline as lists show it, encoded once so that lists need only put it in."""
    return encode(Headline(url=url, title=entry.title, source=entry.source, section=entry.section, date=entry.date,
                           language=entry.language, direction=entry.direction))  # fmt: skip


def front_page_weight(words: int, figures: int, tags: int) -> int:
    """A front page leads with the longest, most illustrated, most tagged story; the about page states this rule.

    Words count up to 2,000; each of at most five pictures is worth 200 words, each of at most six tags 40.
    """
    return min(words, 2000) + 200 * min(figures, 5) + 40 * min(tags, 6)


encode = msgspec.msgpack.Encoder().encode
decode_entry = msgspec.msgpack.Decoder(Entry).decode
decode_content = msgspec.msgpack.Decoder(Content).decode
decode_readings = msgspec.msgpack.Decoder(tuple[SourceReading, ...]).decode
decode_problems = msgspec.msgpack.Decoder(tuple[Problem, ...]).decode
decode_problem = msgspec.msgpack.Decoder(Problem).decode
