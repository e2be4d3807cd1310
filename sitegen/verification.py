"""Looking after files of ours in the output that someone deleted or edited, or that a dead build left in doubt."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.catalog import Catalog, outputs, pending
from sitegen.writer import digest_of

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

BATCH = 1000
"""Folders that are looked at together; a smaller output needs no threads."""
AHEAD = 50
"""Batches that are begun in advance."""

_Folders = list[tuple[str, bytes | None]]


class Lookout:
    """Looks at all files of ours; in a large output threads do so while the caller is busy elsewhere.

    Most of the time goes to the system, which tells size and time of one file after the other.
    """

    def __init__(self, catalog: Catalog, output: Path) -> None:
        self._catalog, self._output = catalog, output
        self._batches = outputs.folder_batches(catalog, BATCH)
        self._begun: deque[tuple[_Folders, Future[list[bytes]] | None]] = deque()
        self._threads: ThreadPoolExecutor | None = None

    def begin(self) -> None:
        """Begin to look, if there is much to be looked at."""
        self._batches = outputs.folder_batches(self._catalog, BATCH)
        for batch in islice(self._batches, AHEAD):
            if self._threads is None and len(batch) == BATCH:
                from concurrent.futures import ThreadPoolExecutor

                self._threads = ThreadPoolExecutor(2)
            self._begun.append((batch, self._threads.submit(self._sums, batch) if self._threads else None))

    def find_lost(self) -> int:
        """Have every file made again that is not as the last build left it; how many there are."""
        lost = 0
        while self._begun:
            batch, sums = self._begun.popleft()
            found = sums.result() if sums else self._sums(batch)
            for following in islice(self._batches, 1):
                self._begun.append((following, self._threads.submit(self._sums, following) if self._threads else None))
            for (folder, digest), now in zip(batch, found, strict=True):
                # Files of others may lie among ours.
                if digest is None or now != digest:
                    lost += self._compare(folder, digest)
        if self._threads:
            self._threads.shutdown()
        return lost

    def _sums(self, batch: _Folders) -> list[bytes]:
        return [outputs.sum_of(_files(f"{self._output}/{folder}")) for folder, _ in batch]

    def _compare(self, folder: str, digest: bytes | None) -> int:
        """Compare a folder file by file; the number of those that are lost."""
        catalog = self._catalog
        found = {name: (size, mtime_ns) for name, size, mtime_ns in _files(f"{self._output}/{folder}")}
        ours = outputs.files_in(catalog, folder)
        gone = [file.name for file in ours if file.mtime_ns >= 0 and found.get(file.name) != (file.size, file.mtime_ns)]
        ours_now = outputs.sum_of((file.name, file.size, file.mtime_ns) for file in ours)
        if gone or (digest is None and ours_now):
            with catalog.transaction():
                outputs.lost(catalog, folder, gone)
                pending.mark(catalog, outputs.pages_at(catalog, folder, gone))
                outputs.keep_folder(catalog, folder)
        return len(gone)


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of the files in a folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield entry.name, status.st_size, status.st_mtime_ns
    except OSError:
        return


def check_run(catalog: Catalog, output: Path, run: int) -> None:
    """After an unclean end, compare that run's files with the digests of what it meant to write."""
    doubtful = []
    for folder, name, digest in outputs.files_of_run(catalog, run):
        try:
            data = (output / folder / name).read_bytes()
        except OSError:
            data = b""
        if digest_of(data) != digest:
            doubtful.append((folder, name))
    with catalog.transaction():
        for folder, name in doubtful:
            outputs.lost(catalog, folder, [name])
            pending.mark(catalog, outputs.pages_at(catalog, folder, [name]))
