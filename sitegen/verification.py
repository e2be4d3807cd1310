"""Looking after files of ours in the output that someone deleted or edited, or that a dead build left in doubt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sitegen.catalog import Catalog, outputs, pending
from sitegen.writer import digest_of


def find_lost(catalog: Catalog, output: Path) -> int:
    """Have every file made again that is not as the last build left it; how many there are."""
    lost = 0
    for folder, digest in outputs.folders(catalog):
        found = dict(_files(output / folder if folder else output))
        # Files of others may lie among ours.
        if digest is not None and outputs.sum_of((name, *stat) for name, stat in found.items()) == digest:
            continue
        ours = outputs.files_in(catalog, folder)
        gone = [file.name for file in ours if file.mtime_ns >= 0 and found.get(file.name) != (file.size, file.mtime_ns)]
        ours_now = outputs.sum_of((file.name, file.size, file.mtime_ns) for file in ours)
        if gone or (digest is None and ours_now):
            with catalog.transaction():
                outputs.lost(catalog, folder, gone)
                pending.mark(catalog, outputs.pages_at(catalog, folder, gone))
                outputs.keep_folder(catalog, folder)
        lost += len(gone)
    return lost


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield entry.name, (status.st_size, status.st_mtime_ns)
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
