"""Taking in what changed: workers read it, the catalog stores it, and what a page may then show differently is marked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.catalog import Catalog, pending, sources
from sitegen.catalog.articles import Storage
from sitegen.catalog.kept import rights_changed, rights_kept
from sitegen.catalog.problems import note_problems
from sitegen.catalog.settle import settle
from sitegen.catalog.standing import mark_stale
from sitegen.config import Folders, Settings
from sitegen.entries import ReadJob, SourceReading, decode_readings, encode
from sitegen.pictures import PictureFile, PictureJob, decode_looks
from sitegen.pool import run
from sitegen.report import Reporter
from sitegen.spool import drop_spool

if TYPE_CHECKING:
    from concurrent.futures import Executor

READ_CHUNK = 40
READ_CHUNK_BYTES = 2 << 20
"""Beyond so much, or with a file that is larger, a worker gets no more at once."""
READ_AHEAD = 24
"""Chunks that are handed out before they are stored: enough for the workers while a batch goes into the catalog."""
STORE_BATCH = 800
READ_CHUNK_JOB = "sitegen.intake:read_chunk"
LOOK_JOB = "sitegen.pictures:look_at_pictures"
PICTURE_CHUNK = 4
PICTURE_STEPS = 100
"""What a picture costs, where reading an article is 1."""


class Accession:
    """The taking in of one build's new, changed and vanished sources, and of pictures."""

    def __init__(
        self, catalog: Catalog, settings: Settings, *, folders: Folders, bodies: Path, pictures: Path, bulk: bool,
        run_number: int, reporter: Reporter,
    ) -> None:  # fmt: skip
        """`bodies` and `pictures` are folders for what is converted; `bulk` says that everything is planned anyway."""
        self._catalog, self._settings, self._folders = catalog, settings, folders
        self._bodies, self._pictures, self._run_number, self._reporter = bodies, pictures, run_number, reporter
        self._limits = (settings.list_limit, settings.month_limit)
        self._storage = Storage(catalog, limits=self._limits, bulk=bulk)
        self.read_count = 0
        """Sources that were read."""
        self.removed_count = 0
        """Sources that are gone."""

    def read(self, executor: Executor | None) -> None:
        """Read and store the sources on the list of work."""
        mark_stale(self._catalog, bulk=self._storage.bulk)
        for readings in _batched(self._readings(executor)):
            self._store(readings)

    def _readings(self, executor: Executor | None) -> Iterator[tuple[SourceReading, ...]]:
        for result in run(executor, READ_CHUNK_JOB, self._read_jobs(), ahead=READ_AHEAD):
            readings = decode_readings(result)
            self._reporter.advance(len(readings))
            yield readings

    def _read_jobs(self) -> Iterator[tuple[bytes, int]]:
        settings = encode(self._settings)
        stamp = f"{self._run_number}-{time.time_ns():x}"
        for number, works in enumerate(sources.next_work(self._catalog, size=READ_CHUNK, most_bytes=READ_CHUNK_BYTES), 1):
            job = ReadJob(site=str(self._folders.site), bodies=str(self._bodies), pack=f"{stamp}-{number}.pack",
                          settings=settings, works=tuple(works))  # fmt: skip
            yield encode(job), sum(work.size for work in works)

    def _store(self, readings: tuple[SourceReading, ...]) -> None:
        with self._catalog.transaction():
            for reading in readings:
                if not reading.missing:
                    self._storage.store(reading)
            sources.finish_work(self._catalog, (reading.path for reading in readings))
            self._storage.flush()
        self.read_count += len(readings)
        for reading in readings:
            drop_spool(reading)

    def settle(self) -> int:
        """Settle which copy of an article is published where, and mark the pages that show it; the pictures to look at."""
        catalog, storage = self._catalog, self._storage
        with catalog.transaction():
            mark_stale(catalog, bulk=self._storage.bulk)
            self.removed_count = sources.remove_gone(catalog, storage)
            sources.drop_lost(catalog, storage)
            if rights_changed(catalog):
                self._narrow()
            storage.flush()
            settle(catalog, storage)
            fresh = sources.settle_media(catalog, storage)
            storage.flush()
            pending.spread(catalog, self._limits)
        return fresh

    def _narrow(self) -> None:
        """Keep no more of what cannot be read again than the settings allow by now."""
        from sitegen.narrowing import narrow_kept  # the bodies' libraries take long to load

        narrow_kept(self._catalog, self._storage, self._settings.reading, self._bodies)
        rights_kept(self._catalog)

    def look_at_pictures(self, executor: Executor | None) -> None:
        """Have new pictures converted, and keep what became of each."""
        for result in run(executor, LOOK_JOB, self._look_jobs()):
            with self._catalog.transaction():
                for found in decode_looks(result):
                    self._keep_picture(found)

    def _look_jobs(self) -> Iterator[bytes]:
        for paths in sources.fresh_pictures(self._catalog, size=PICTURE_CHUNK):
            yield encode(PictureJob(articles=str(self._folders.articles), cache=str(self._pictures), avif=self._settings.avif,
                                    paths=tuple(paths)))  # fmt: skip

    def _keep_picture(self, found: PictureFile) -> None:
        self._reporter.advance()
        if not found.digest:
            note_problems(self._catalog, found.problems)
            return
        sources.keep_picture(
            self._catalog, found.path, digest=found.digest, view=encode(found.view) if found.view else None,
            problems=found.problems, files=((each.url, each.cached, each.digest) for each in found.files))  # fmt: skip
        pending.mark(self._catalog, (("media", "", each.url) for each in found.files))


def _batched(chunks: Iterator[tuple[SourceReading, ...]]) -> Iterator[tuple[SourceReading, ...]]:
    """Chunks joined to some hundred readings: counts are cheaper to store in larger batches."""
    batch: tuple[SourceReading, ...] = ()
    for chunk in chunks:
        batch += chunk
        if len(batch) >= STORE_BATCH:
            yield batch
            batch = ()
    if batch:
        yield batch
