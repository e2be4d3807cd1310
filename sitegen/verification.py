"""Looking after files of ours in the output that someone deleted or edited, or that a dead build left in doubt."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sitegen.catalog import Catalog, outputs, pending
from sitegen.errors import WorkerDiedError
from sitegen.filesums import SUMS_OF, decode_sums, files_of, job_of, sum_of, sums_of
from sitegen.pool import result_of, submit, workers
from sitegen.writer import digest_of

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

BATCH = 1000
"""Folders that are looked at together."""
AHEAD = 50
"""Batches that are begun in advance."""
MANY = 3
"""Batches for which a process of their own is worth while."""

_Folders = list[tuple[str, bytes | None]]


class Lookout:
    """Looks at all files of ours; in a large output another process does so while the caller is busy elsewhere.

    Most of the time goes to the system, which tells size and time of one file after the other.
    """

    def __init__(self, catalog: Catalog, output: Path) -> None:
        self._catalog, self._output = catalog, output
        self._begun: deque[tuple[_Folders, Future[bytes] | None]] = deque()
        self._batches: Iterator[_Folders] = iter(())
        self._executor: Executor | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def begin(self) -> None:
        """Begin to look, if there is much to be looked at."""
        self._batches = outputs.folder_batches(self._catalog, BATCH)
        first = list(islice(self._batches, MANY))
        if len(first) == MANY:
            self._executor = self._open.enter_context(workers(1, alone=True))
        for batch in (*first, *islice(self._batches, AHEAD - len(first))):
            self._begin(batch)

    def _begin(self, batch: _Folders) -> None:
        self._begun.append((batch, submit(self._executor, SUMS_OF, self._job(batch)) if self._executor else None))

    def _job(self, batch: _Folders) -> bytes:
        return job_of(f"{self._output}/{folder}" for folder, _ in batch)

    def find_lost(self) -> int:
        """Have every file made again that is not as the last build left it; how many there are."""
        lost = 0
        while self._begun:
            batch, begun = self._begun.popleft()
            found = decode_sums(self._sums(batch, begun))
            for following in islice(self._batches, 1):
                self._begin(following)
            for (folder, digest), now in zip(batch, found, strict=True):
                # Files of others may lie among ours.
                if digest is None or now != digest:
                    lost += self._compare(folder, digest)
        return lost

    def _sums(self, batch: _Folders, begun: Future[bytes] | None) -> bytes:
        try:
            return result_of(begun) if begun else sums_of(self._job(batch))
        except WorkerDiedError:
            self._executor = None
            return sums_of(self._job(batch))

    def _compare(self, folder: str, digest: bytes | None) -> int:
        """Compare a folder file by file; the number of those that are lost."""
        catalog = self._catalog
        gone = outputs.lost_in(catalog, folder, files_of(f"{self._output}/{folder}"))
        ours_now = sum_of(outputs.files_in(catalog, folder))
        if gone or (digest is None and ours_now):
            with catalog.transaction():
                outputs.lost(catalog, folder, gone)
                pending.mark(catalog, outputs.pages_at(catalog, folder, gone))
                outputs.keep_folder(catalog, folder)
        return len(gone)


def check_run(catalog: Catalog, output: Path, run: int) -> None:
    """After an unclean end, compare that run's files with the digests of what it meant to write."""
    doubtful: list[tuple[str, str]] = []
    for folder, name, digest in outputs.files_of_run(catalog, run):
        try:
            data = (output / folder / name).read_bytes()
        except OSError:
            data = b""
        if digest_of(data) != digest:
            doubtful.append((folder, name))
        if len(doubtful) == BATCH:
            _make_again(catalog, doubtful)
            doubtful.clear()
    _make_again(catalog, doubtful)


def _make_again(catalog: Catalog, files: list[tuple[str, str]]) -> None:
    with catalog.transaction():
        for folder, name in files:
            outputs.lost(catalog, folder, [name])
            pending.mark(catalog, outputs.pages_at(catalog, folder, [name]))
