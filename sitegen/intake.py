"""Reading sources: from a file's bytes to copies of articles, with their text converted and kept in a pack.

Runs in worker processes. What it needs comes in the job, what it found goes back as bytes; nothing is shared.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from sitegen import urls
from sitegen.bodies import Body, render_body
from sitegen.config import Settings
from sitegen.containment import refusal
from sitegen.entries import Content, Copy, Entry, ReadJob, SourceReading, Term, Work, encode, front_page_weight
from sitegen.packs import PackWriter
from sitegen.readers import SEGMENT, read_source
from sitegen.records import Article, Figure, Moment, Problem, Reading
from sitegen.remembering import LONGEST
from sitegen.rights import as_far_as_allowed
from sitegen.tagging.rules import tags_of

MAX_SOURCE_BYTES = 512 << 20
BLOCK = 1 << 20
EXCERPT = 220
HEADLINE = 80
"""Characters of the text that stand in for a headline."""
_LEAD = "\x030\x03"
_AT_ONCE = 0.000_06
"""Seconds in which a file is opened that the system has in its memory."""


_decode_job = msgspec.msgpack.Decoder(ReadJob).decode


@lru_cache(maxsize=2)
def _settings(encoded: bytes) -> Settings:
    return msgspec.msgpack.decode(encoded, type=Settings)


def read_chunk(job_bytes: bytes) -> bytes:
    """Read a `ReadJob`, both ways encoded; gives a tuple of `SourceReading`s."""
    job = _decode_job(job_bytes)
    settings = _settings(job.settings)
    pack = PackWriter(Path(job.bodies), job.pack)
    _call_for(job)
    readings = tuple(_read(work, job.site, settings, pack) for work in job.works)
    pack.close()
    return encode(readings)


def _call_for(job: ReadJob) -> None:
    """Ask the system for a chunk's files at once where it would be waited for each: a disk brings many nearly as fast as one."""
    if not hasattr(os, "posix_fadvise"):
        return
    for number, work in enumerate(job.works):
        began = time.perf_counter()
        try:
            # A pipe would be waited for; only what stands there itself is called for.
            handle = os.open(f"{job.site}/articles/{work.path}", os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY)
        except OSError:
            continue
        try:
            if number == 0:
                os.read(handle, 1)
                if time.perf_counter() - began < _AT_ONCE:
                    return
            else:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_WILLNEED)
        except OSError:
            continue
        finally:
            os.close(handle)


def _read(work: Work, site: str, settings: Settings, pack: PackWriter) -> SourceReading:
    """Read one source; a file that cannot be opened or understood is a problem, never an exception."""

    def result(
        digest: bytes, copies: tuple[Copy, ...] | None, problems: tuple[Problem, ...] = (), spool: str = ""
    ) -> SourceReading:
        return SourceReading(path=work.path, size=work.size, mtime_ns=work.mtime_ns, digest=digest, copies=copies, spool=spool,
                             problems=problems, missing=any(problem.code == "E503" for problem in problems))  # fmt: skip

    data = load(site, work.path)
    if isinstance(data, Problem):
        return result(b"", (), (data,))
    digest = _digest_of(data)
    if digest == work.digest:
        return result(digest, None)
    try:
        if isinstance(data, bytes):
            reading, bodies = read_bytes(work.path, data, settings)
            return result(digest, *_copies(reading, bodies, settings, pack))
        return result(digest, (), *_spooled(work.path, data, settings, pack))
    except Exception as error:
        message = f"sitegen could not read it ({type(error).__name__}: {error}); that is a fault of sitegen: please report it"
        safe = message.encode("utf-8", "replace").decode()
        return result(digest, (), (Problem(file=work.path, code="E508", severity="error", message=safe),))


def _digest_of(data: bytes | Path) -> bytes:
    if isinstance(data, bytes):
        return hashlib.sha256(data).digest()[:16]
    with data.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()[:16]


def _spooled(file: str, data: Path, settings: Settings, pack: PackWriter) -> tuple[tuple[Problem, ...], str]:
    """Read a large source; its problems, and the file that its copies were put into."""
    from sitegen.spool import SpoolWriter  # few archives have sources that large

    problems: list[Problem] = []
    name = hashlib.blake2b(file.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    with SpoolWriter(pack.path.with_name(f"{pack.path.stem}-{name}.spool")) as spool:
        for reading, bodies in read_loaded(file, data, settings):
            copies, faults = _copies(reading, bodies, settings, pack)
            for copy in copies:
                spool.add(copy)
            problems += faults
    return tuple(problems), str(spool.path)


def _copies(
    reading: Reading, bodies: tuple[Body, ...], settings: Settings, pack: PackWriter
) -> tuple[tuple[Copy, ...], tuple[Problem, ...]]:
    problems = list(reading.problems)
    copies = []
    errors = sorted(problem.line for problem in reading.problems if problem.severity == "error")
    starts = [article.line for article in reading.articles]
    for number, (article, body) in enumerate(zip(reading.articles, bodies, strict=True)):
        problems.extend(body.problems)
        end = starts[number + 1] if number + 1 < len(starts) else 1 << 62
        broken = any((starts[number] if number else 0) <= line < end for line in errors)
        copies.append(copy_of(article, body, reading.layout, settings, pack, broken=broken))
    return tuple(copies), tuple(problems)


def load(site: Path | str, file: str) -> bytes | Path | Problem:
    """A source's bytes, or its path if they are too many to be read at once, or why it cannot be had.

    `file` is relative to `articles/`.
    """
    # Nearly all sources are small and ordinary files, and a million of them are looked at here: no Path for each.
    path = f"{site}/articles/{file}"
    try:
        status = os.lstat(path)
        refused = "" if stat.S_ISREG(status.st_mode) else refusal(Path(site), Path(path))
        if refused:
            return Problem(file=file, code="E504", severity="error", message=refused)
        size = status.st_size if stat.S_ISREG(status.st_mode) else os.stat(path).st_size
        if size > MAX_SOURCE_BYTES:
            return Problem(file=file, code="E506", severity="error",
                           message=f"the file has {size >> 20} MB, more than a source can have "
                                   f"({MAX_SOURCE_BYTES >> 20} MB); split it")  # fmt: skip
        if size > 2 * SEGMENT:
            return Path(path)
        with open(path, "rb", buffering=0) as opened:
            return opened.readall()
    except OSError as error:
        return _unreadable(file, path, error)


def _unreadable(file: str, path: str, error: OSError) -> Problem:
    code, why = "E507", f"the file cannot be read ({error.strerror}); check its permissions"
    if error.errno == errno.ELOOP:
        why = "the link leads in a circle; remove it"
    elif isinstance(error, FileNotFoundError) and Path(path).is_symlink():
        why = "the link leads to nothing; remove it, or put back what it leads to"
    elif isinstance(error, FileNotFoundError):
        code, why = "E503", "the file is not there (any more)"
    return Problem(file=file, code=code, severity="error", message=why)


def read_loaded(
    file: str, data: bytes | Path, settings: Settings, *, with_roles: bool = False
) -> Iterator[tuple[Reading, tuple[Body, ...]]]:
    """What a source holds that `load` has found, some articles at a time where it is large."""
    if isinstance(data, bytes):
        yield read_bytes(file, data, settings, with_roles=with_roles)
        return
    # Few archives have sources that large.
    from sitegen.readers.large import read_parts

    for reading in read_parts(file, _blocks(data), settings.reading, with_roles=with_roles):
        yield _with_bodies(reading, file, settings)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield block


def read_bytes(
    file: str, data: bytes, settings: Settings, *, with_roles: bool = False
) -> tuple[Reading, tuple[Body, ...]]:
    """What a source holds, with its tags, and each article's text converted; `file` is relative to `articles/`."""
    return _with_bodies(read_source(file, data, settings.reading, with_roles=with_roles), file, settings)


def _with_bodies(reading: Reading, file: str, settings: Settings) -> tuple[Reading, tuple[Body, ...]]:
    bodies = tuple(render_body(article, file=file) for article in reading.articles)
    articles = tuple(
        replace(article, tags=tags_of(article, body.plain, settings.tagging), dropped=article.dropped + body.dropped)
        for article, body in zip(reading.articles, bodies, strict=True)
    )
    return replace(reading, articles=articles), bodies


def copy_of(article: Article, body: Body, layout: str, settings: Settings, pack: PackWriter, *, broken: bool) -> Copy:
    """What the catalog keeps of an article, its text put into `pack`."""
    entry = _entry(article, body, layout, settings)
    opening = urls.fold(" ".join(body.plain[:8])[:400])[:200]
    if settings.reading.third_party != "full" and article.rights == "third-party":
        article, body, entry = as_far_as_allowed(article, body, entry, settings.reading.third_party)
    html, lead = body.html, False
    if body.figures:
        start = html.lstrip()
        lead = start.startswith(_LEAD) or _LEAD not in html
        html = start.removeprefix(_LEAD).lstrip() if lead else html
    content = Content(article=replace(article, body=()), html=html, figures=body.figures, contents=body.contents,
                      words=body.words, lead=lead, layout=layout, single_spaced=body.single_spaced)  # fmt: skip
    return Copy(identity=article.id, rank=version_of(article), entry=entry, body=pack.add(content), line=article.line,
                opening=hashlib.blake2b(opening.encode("utf-8", "replace"), digest_size=8).digest(),
                draft=article.draft, broken=broken)  # fmt: skip


def _entry(article: Article, body: Body, layout: str, settings: Settings) -> Entry:
    date = day_of(article, settings)
    first = body.plain[0] if body.plain else ""
    title = headline_of(article, body)
    return Entry(
        title=title, summary=article.summary or cut(first, EXCERPT), source=article.source, section=article.section,
        authors=article.authors, date=date, language=article.language, direction=article.direction, words=body.words,
        weight=front_page_weight(body.words, len(body.figures), len(article.tags)),
        base=_address(article, title, date, settings),
        figure=next((figure for figure in body.figures if _is_local(figure)), None), terms=tuple(_terms(article, layout)),
        media=tuple(dict.fromkeys((*(figure.file for figure in body.figures if figure.file and _is_local(figure)),
                                   *body.local_links))),
        aliases=tuple(dict.fromkeys(filter(urls.is_address, (
            urls.article_url("", date="", slug="", permalink=alias) for alias in article.aliases)))),
        original_url=article.original_url, rights=article.rights,
    )  # fmt: skip


def address_of(article: Article, body: Body, settings: Settings) -> str:
    """The address that the article has as long as no other one claims the same."""
    return _address(article, headline_of(article, body), day_of(article, settings), settings)


def _address(article: Article, headline: str, date: str, settings: Settings) -> str:
    return urls.article_url(
        settings.permalink, date=date, slug=urls.slugify(article.slug or headline), identity=article.id,
        source=article.source, section=article.section, permalink=article.permalink,
    )  # fmt: skip


def day_of(article: Article, settings: Settings) -> str:
    """When the article was published, in the site's zone; ISO 8601 at its precision, empty where nobody knows."""
    return article.published.local_iso(_zone(settings.time_zone)) if article.published else ""


def headline_of(article: Article, body: Body) -> str:
    """The headline, or the first words of the text."""
    return article.title or cut(body.plain[0] if body.plain else "", HEADLINE)


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _is_local(figure: Figure) -> bool:
    return bool(figure.file) and not (figure.file or "").startswith(("http://", "https://"))


def cut(text: str, length: int) -> str:
    """The beginning of a text, cut between words, with an ellipsis where something is left out."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head[: head.rfind(" ")] if " " in head[length // 2 :] else head).rstrip(" ,;:.-–—") + "…"


def version_of(article: Article) -> str:
    """What sorts the versions of one article: its last update in UTC, or its publication, or nothing."""
    moment: Moment | None = article.updated or article.published
    if moment is None:
        return ""
    if moment.precision == "second" and moment.iso.endswith("+00:00"):
        return moment.iso
    instant = moment.instant()
    return instant.astimezone(UTC).isoformat() if instant else moment.iso


def _terms(article: Article, layout: str) -> Iterator[Term]:
    """The lists that an article stands in, each once, and what the about page counts."""
    named = [("tag", tag.name) for tag in article.tags]
    named += [("author", name) for name in article.authors]
    named += [("source", article.source), ("section", article.section)]
    named += [("rule", rule) for rule in {drop.rule: None for drop in article.dropped}]
    named += [("layout", layout), ("language", article.language)]
    seen = set()
    for kind, name in named:
        term = _term(kind, name) if len(name) <= LONGEST else _term.__wrapped__(kind, name)
        if term and (kind, term.key) not in seen:
            seen.add((kind, term.key))
            yield term


@lru_cache(maxsize=8192)
def _term(kind: str, name: str) -> Term | None:
    label = " ".join(name.split())
    key = urls.term_key(label)
    return Term(kind, key, label) if key else None
