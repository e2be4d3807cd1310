"""`sitegen learn`: which lines recur in many articles of one source and carry no content.

A line is a whole paragraph or subhead of a plain-text article as it is shown now. It is proposed where all of this holds:

- It stands in at least eight articles of its source with different texts, and in one in twenty of all of them.
- It has at most 200 characters, and is no quotation, byline, dateline or caption by itself.
- It is nobody's headline, standfirst, name, section, source, dateline, tag, caption, credit or correction anywhere.
- Nowhere in the archive is it content: in no article does it stand between two paragraphs that are that article's own,
  unless it speaks to the reader (`Subscribe to …`, `newsletter`).
- If it is a sentence that does not speak to the reader, a third of the source's articles have it.

Memory does not grow with the archive: a first pass counts digests of lines in a table of fixed size, a second one looks
closer at the few lines that may recur.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from sitegen.articlejson import blocks_of
from sitegen.builder import reading
from sitegen.catalog.exports import Wanted, how_many, published
from sitegen.config import Folders, LearnedLine, Settings
from sitegen.entries import BodyRef, Content, encode
from sitegen.learned_file import Proposal
from sitegen.packs import read_content
from sitegen.pool import jobs_for, run, workers
from sitegen.readers.dates import DateRules
from sitegen.readers.learned import line_key
from sitegen.readers.names import read_byline
from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.datelines import read_dateline
from sitegen.readers.text.lines import is_prose
from sitegen.readers.text.phrases import phrases_for

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.catalog import Catalog
    from sitegen.report import Reporter

FEWEST: Final = 8
"""Articles with different texts in which a line must stand."""
SHARE: Final = 20
"""One in so many of a source's articles must have it."""
SENTENCE_SHARE: Final = 3
LONGEST: Final = 200
SLOTS: Final = 1 << 22
CHUNK: Final = 200
COUNT_JOB: Final = "sitegen.learning:count_chunk"
LOOK_JOB: Final = "sitegen.learning:look_chunk"

_QUOTES: Final = "\"'“”„«»‘’「」『』"
_SPEAKS: Final = ("newsletter", "inbox", "subscri", "sign up", "http://", "https://", "www.")
_Lines = list[tuple[str, str]]


class Job(Struct, frozen=True, array_like=True):
    """Texts to look at; `frequent` names the file with the digests that a first pass found often."""

    bodies: str
    frequent: str
    texts: tuple[BodyRef, ...]


class _Marks(Struct, frozen=True):
    """A bit for each digest: whether a line is frequent in its source, and whether it is in any source."""

    of_source: bytes
    anywhere: bytes


class Seen(Struct, frozen=True, array_like=True, kw_only=True):
    """A line that may recur, as one article has it."""

    source: str
    key: str
    text: str
    context: int
    """Digest of the article's own first paragraph."""
    amid: bool
    """Whether the article's own paragraphs stand above and below it."""


class Looked(Struct, frozen=True, array_like=True):
    """What a second look at some articles gives: lines that may recur, and texts that are some field's."""

    lines: tuple[Seen, ...]
    fields: tuple[int, ...]


_decode_job = msgspec.msgpack.Decoder(Job).decode
_decode_counts = msgspec.msgpack.Decoder(tuple[tuple[str, int, bytes], ...]).decode
_decode_looked = msgspec.msgpack.Decoder(Looked).decode


def learn(
    folders: Folders, settings: Settings, known: Iterable[LearnedLine], *, jobs: int | None, reporter: Reporter, now: datetime
) -> tuple[Proposal, ...]:
    """The lines to propose, by source, the most frequent first; those that are `known` are not proposed again.

    Sources that changed since the last build are read first.
    """
    with (reading(folders, settings, jobs=jobs, reporter=reporter, now=now) as (catalog, bodies),
          tempfile.TemporaryDirectory(prefix="sitegen-") as folder,
          workers(jobs_for(how_many(catalog, Wanted()), jobs)) as executor):  # fmt: skip
        frequent = Path(folder) / "frequent"
        articles = _count(catalog, bodies, executor, frequent)
        evidence = _look(catalog, bodies, executor, frequent)
    decided = {(line_key(line.source), line_key(line.text)) for line in known}
    found = [proposal for proposal in _proposals(evidence, articles)
             if (line_key(proposal.line.source), line_key(proposal.line.text)) not in decided]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.line.source, -each.seen, each.line.text)))


def _jobs(catalog: Catalog, bodies: Path, frequent: str) -> Iterator[bytes]:
    chunk: list[BodyRef] = []
    for article in published(catalog, Wanted()):
        chunk.append(article.body)
        if len(chunk) == CHUNK:
            yield encode(Job(str(bodies), frequent, tuple(chunk)))
            chunk = []
    if chunk:
        yield encode(Job(str(bodies), frequent, tuple(chunk)))


# -- first pass: how often ----------------------------------------------------------------------------------------------


def _count(catalog: Catalog, bodies: Path, executor: Executor | None, frequent: Path) -> Counter[str]:
    """How many articles each source has; digests of lines that are frequent go into the file."""
    articles: Counter[str] = Counter()
    slots = array("B", bytes(SLOTS))
    marks, anywhere = bytearray(SLOTS // 8), bytearray(SLOTS // 8)
    for result in run(executor, COUNT_JOB, _jobs(catalog, bodies, "")):
        for source, count, digests in _decode_counts(result):
            articles[source] += count
            salt = _digest(source)
            for digest in array("Q", digests):
                slot = (digest ^ salt) % SLOTS
                if slots[slot] < FEWEST:
                    slots[slot] += 1
                    if slots[slot] == FEWEST:
                        _mark(marks, digest ^ salt)
                        _mark(anywhere, digest)
    frequent.write_bytes(marks + anywhere)
    return articles


def _mark(marks: bytearray, digest: int) -> None:
    slot = digest % SLOTS
    marks[slot >> 3] |= 1 << (slot & 7)


def count_chunk(job_bytes: bytes) -> bytes:
    """For each source of a `Job`'s articles: its key, their number, and the digests of their lines."""
    job = _decode_job(job_bytes)
    counts: Counter[str] = Counter()
    digests: dict[str, array[int]] = {}
    for content in _contents(job):
        source = line_key(content.article.source)
        counts[source] += 1
        keys = {line_key(text) for _, text in _lines(content) if len(text) <= LONGEST}
        digests.setdefault(source, array("Q")).extend(map(_digest, keys))
    return encode(tuple((source, count, digests[source].tobytes()) for source, count in counts.items()))


def _contents(job: Job) -> Iterator[Content]:
    for reference in job.texts:
        content = read_content(job.bodies, reference)
        # A text in Markdown is as its author wants it.
        if content.layout != "markdown":
            yield content


def _lines(content: Content) -> _Lines:
    """The kinds and texts of an article's blocks, figures apart."""
    return [(str(block["kind"]), " ".join(str(block.get("text", "")).split()))
            for block in blocks_of(content) if block["kind"] != "figure"]  # fmt: skip


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


# -- second pass: what kind of line --------------------------------------------------------------------------------------


class _Evidence:
    """What all articles together say of one line."""

    def __init__(self, seen: Seen) -> None:
        self.source, self.text = seen.source, seen.text
        self.spellings: Counter[str] = Counter()
        self.articles = 0
        self.contexts: set[int] = set()

    def add(self, seen: Seen) -> None:
        self.articles += 1
        # Past a few, how many different texts there are makes no difference.
        if len(self.contexts) < FEWEST:
            self.contexts.add(seen.context)
        if seen.text in self.spellings or len(self.spellings) < FEWEST:
            self.spellings[seen.text] += 1


def _look(
    catalog: Catalog, bodies: Path, executor: Executor | None, frequent: Path
) -> dict[tuple[str, str], _Evidence]:
    found: dict[tuple[str, str], _Evidence] = {}
    content: set[str] = set()
    fields: set[int] = set()
    for result in run(executor, LOOK_JOB, _jobs(catalog, bodies, str(frequent))):
        looked = _decode_looked(result)
        fields.update(looked.fields)
        for seen in looked.lines:
            place = (line_key(seen.source), seen.key)
            if place not in found:
                found[place] = _Evidence(seen)
            found[place].add(seen)
            if seen.amid:
                content.add(seen.key)
    return {place: evidence for place, evidence in found.items()
            if place[1] not in content and _digest(place[1]) not in fields}  # fmt: skip


def look_chunk(job_bytes: bytes) -> bytes:
    """A `Looked` at a `Job`'s articles."""
    job = _decode_job(job_bytes)
    marks = _marks(job.frequent)
    lines: list[Seen] = []
    fields: set[int] = set()
    for content in _contents(job):
        # A text that is some article's field is content under any source.
        found = map(_digest, map(line_key, _field_texts(content)))
        fields.update(digest for digest in found if _is_marked(marks.anywhere, digest))
        lines += _look_at(content, marks)
    return encode(Looked(tuple(lines), tuple(fields)))


@lru_cache(maxsize=1)
def _marks(path: str) -> _Marks:
    data = Path(path).read_bytes()
    return _Marks(data[: SLOTS // 8], data[SLOTS // 8 :])


def _look_at(content: Content, marks: _Marks) -> Iterator[Seen]:
    source = content.article.source
    found = _lines(content)
    salt = _digest(line_key(source))
    frequent = [len(text) <= LONGEST and _is_marked(marks.of_source, _digest(line_key(text)) ^ salt) for _, text in found]
    own = [number for number, is_frequent in enumerate(frequent) if not is_frequent]
    first, last = (own[0], own[-1]) if own else (len(found), -1)
    context = _digest(found[first][1]) if own else 0
    done: set[str] = set()
    for number, (kind, text) in enumerate(found):
        key = line_key(text)
        if not frequent[number] or (key in done and not first < number < last):
            continue
        is_text = kind in ("paragraph", "subhead")
        amid = not is_text or (first < number < last and not speaks_to_reader(text))
        done.add(key)
        yield Seen(source=source, key=key, text=text, context=context, amid=amid or not _may_be_furniture(text))


def _is_marked(marks: bytes, digest: int) -> bool:
    slot = digest % SLOTS
    return bool(marks[slot >> 3] & (1 << (slot & 7)))


def _field_texts(content: Content) -> Iterator[str]:
    article = content.article
    yield from (article.title, article.summary, article.source, article.section, article.dateline)
    yield from (*article.authors, *article.agencies, *article.corrections, *(tag.name for tag in article.tags))
    for figure in content.figures:
        yield from (figure.caption, figure.credit, figure.alt)


@lru_cache(maxsize=4096)
def speaks_to_reader(text: str) -> bool:
    """Whether a line asks its reader to do something, or tells where the page goes on."""
    lowered = text.lower()
    first = lowered.split(" ", 1)[0].strip(_QUOTES)
    return first in phrases_for().imperatives or any(sign in lowered for sign in _SPEAKS)


@lru_cache(maxsize=4096)
def _may_be_furniture(text: str) -> bool:
    """Whether a line is nothing that an article says by itself: speech, a byline, a dateline, a caption."""
    if not text or text[0] in _QUOTES or text[-1] in _QUOTES:
        return False
    return not (read_byline(text, DateRules()) or read_dateline(text) or read_caption(text))


# -- the outcome ---------------------------------------------------------------------------------------------------------


def _proposals(evidence: dict[tuple[str, str], _Evidence], articles: Counter[str]) -> Iterator[Proposal]:
    for (source, _), line in evidence.items():
        total = articles[source]
        text = min(line.spellings, key=lambda spelling: (-line.spellings[spelling], spelling))
        share = SENTENCE_SHARE if is_prose(text) and not speaks_to_reader(text) else SHARE
        if len(line.contexts) >= FEWEST and line.articles * share >= total:
            yield Proposal(line=LearnedLine(line.source, text), seen=line.articles, articles=total)


def shown(proposals: Sequence[Proposal]) -> Iterator[str]:
    """The proposals as lines for people."""
    for proposal in proposals:
        yield f"{proposal.line.source or '(no source)'}: {proposal.seen:,} of {proposal.articles:,} articles: {proposal.line.text}"
