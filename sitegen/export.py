"""The archive as one file: JSON Lines, CSV or a SQLite database, read from the sources, as much at a time as fits.

Articles come in the order of their sources. What may not be kept of another's article is not exported either.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import IO, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen.articlejson import Json, blocks_of, to_json, to_line
from sitegen.bodies import Body, blocks_for_inspect
from sitegen.builder import reading
from sitegen.catalog import Catalog
from sitegen.catalog.exports import Published, Wanted, how_many, published
from sitegen.catalog.identities import plain_identity
from sitegen.config import Folders, Settings
from sitegen.entries import encode
from sitegen.export_rows import COLUMNS, row_of
from sitegen.export_sqlite import write_sqlite
from sitegen.intake import load, read_loaded
from sitegen.packs import read_content
from sitegen.pool import jobs_for, run, workers
from sitegen.readers import SEGMENT
from sitegen.readers.exactjson import exact_fields
from sitegen.records import Article, MarkdownBlock, Problem
from sitegen.report import Reporter
from sitegen.rooted import rooted

Format = Literal["jsonl", "csv", "sqlite"]
CHUNK = 40
EXPORT_CHUNK_JOB = "sitegen.export:export_chunk"


class ExportJob(Struct, frozen=True, array_like=True, kw_only=True):
    """Some articles to export, those of one source next to each other."""

    site: str
    bodies: str
    settings: bytes
    articles: tuple[Published, ...]


_decode_job = msgspec.msgpack.Decoder(ExportJob).decode


def export(
    folders: Folders, settings: Settings, output: IO[bytes] | Path, form: Format, wanted: Wanted, *, jobs: int | None,
    reporter: Reporter, now: datetime,
) -> int:  # fmt: skip
    """Write what is wanted of the archive; how many articles that is. A database needs a path.

    Sources that changed since the last build are read first. Raises `SitegenError` where that cannot be done.
    """
    with reading(folders, settings, jobs=jobs, reporter=reporter, now=now) as (catalog, bodies):
        count = jobs_for(how_many(catalog, wanted), jobs)
        lines = _lines(catalog, folders.site, bodies, settings, wanted, jobs=count)
        if form == "sqlite":
            assert isinstance(output, Path)
            return write_sqlite(output, map(row_of, lines))
        assert not isinstance(output, Path)
        return _write_csv(output, lines) if form == "csv" else _write_lines(output, lines)


def _lines(
    catalog: Catalog, site: Path, bodies: Path, settings: Settings, wanted: Wanted, *, jobs: int
) -> Iterator[bytes]:
    encoded = encode(settings)
    with workers(jobs) as executor:
        for is_large, chunks in groupby(_chunks(published(catalog, wanted), site), key=itemgetter(0)):
            if is_large:
                # What a worker makes of a source comes in one piece; of a large one that would be too much.
                for _, chunk in chunks:
                    yield from _exported(site, bodies, settings, chunk)
                continue
            work = (encode(ExportJob(site=str(site), bodies=str(bodies), settings=encoded, articles=tuple(chunk))) for _, chunk in chunks)
            for result in run(executor, EXPORT_CHUNK_JOB, work):
                yield from result.splitlines(keepends=True)


def _chunks(found: Iterable[Published], site: Path) -> Iterator[tuple[bool, Iterable[Published]]]:
    """Chunks that do not part the articles of a source, which is read once; whether a chunk is one of a large source."""
    chunk: list[Published] = []
    for path, articles in groupby(found, key=attrgetter("path")):
        is_large = _is_large(site, path)
        if chunk and (is_large or len(chunk) >= CHUNK):
            yield False, chunk
            chunk = []
        if is_large:
            yield True, articles
        else:
            chunk += articles
    if chunk:
        yield False, chunk


def _is_large(site: Path, path: str) -> bool:
    try:
        return (site / "articles" / path).stat().st_size > 2 * SEGMENT
    except OSError:
        return False


def export_chunk(job_bytes: bytes) -> bytes:
    """Export the articles of an `ExportJob`, encoded; gives JSON Lines."""
    job = _decode_job(job_bytes)
    settings = _settings(job.settings)
    return b"".join(_exported(Path(job.site), Path(job.bodies), settings, job.articles))


def _exported(site: Path, bodies: Path, settings: Settings, articles: Iterable[Published]) -> Iterator[bytes]:
    """The lines of articles in the order of their sources; of a large source no more than a stretch is held."""
    for path, wanted in groupby(articles, key=attrgetter("path")):
        parts = _read(site, path, settings)
        known: _Known = {}
        last = 0
        for article in wanted:
            while (article.raw, article.line) not in known and article.line > last:
                following = next(parts, None)
                if following is None:
                    break
                known, last = following
            yield to_line(_object(article, known.get((article.raw, article.line)), settings, bodies))


@lru_cache(maxsize=2)
def _settings(encoded: bytes) -> Settings:
    return msgspec.msgpack.decode(encoded, type=Settings)


_Known = dict[tuple[str, int], tuple[Article, Body]]


def _read(site: Path, path: str, settings: Settings) -> Iterator[tuple[_Known, int]]:
    """The articles of a source some at a time, by identity and line, and the line of the last of them."""
    data = load(site, path)
    if isinstance(data, Problem):
        return
    for found, bodies in read_loaded(path, data, settings):
        known = {(plain_identity(article.id), article.line): (article, body)
                 for article, body in zip(found.articles, bodies, strict=True)}  # fmt: skip
        yield known, max((article.line for article in found.articles), default=0)


def _object(published: Published, found: tuple[Article, Body] | None, settings: Settings, bodies: Path) -> Json:
    """An article's object; of one whose source can no longer be read, or must not be kept whole, what the cache has."""
    is_cut = settings.reading.third_party != "full" and published.rights == "third-party"
    if found is None or is_cut:
        content = read_content(str(bodies), published.body)
        article, blocks, figures = content.article, blocks_of(content), content.figures
        return to_json(article, ident=published.ident, url=published.url, figures=figures, body=blocks)
    article, body = found
    files = {*body.local_links, *(figure.file for figure in body.figures if figure.file)}
    article = replace(
        article, id=published.ident, dropped=tuple(drop for drop in article.dropped if not drop.private),
        body=tuple(MarkdownBlock(rooted(block.text, files, file=published.path))
                   if isinstance(block, MarkdownBlock) else block for block in article.body),
    )  # fmt: skip
    made = to_json(article, ident=published.ident, url=published.url, figures=body.figures,
                   body=blocks_for_inspect(article, body))  # fmt: skip
    exact = exact_fields(article, made)
    return {**made, "exact": exact} if exact else made


# -- formats ------------------------------------------------------------------------------------------------------


def _write_lines(output: IO[bytes], lines: Iterable[bytes]) -> int:
    count = 0
    for line in lines:
        output.write(line)
        count += 1
    return count


def _write_csv(output: IO[bytes], lines: Iterable[bytes]) -> int:
    text = io.TextIOWrapper(output, encoding="utf-8", errors="replace", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow(COLUMNS)
    count = 0
    for line in lines:
        row = row_of(line)
        table.writerow([row.cells[name] for name in COLUMNS])
        count += 1
    text.detach()
    return count
