"""Files written whole or not at all, and never over another one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_new(path: Path, data: bytes) -> bool:
    """Write a file that is not there yet; False, and nothing is done, where one is."""
    with _part(path) as part:
        part.write_bytes(data)
        return _place(part, path)


def copy_new(source: Path, path: Path) -> bool:
    """Copy a file to a path where none is yet, with its times; False, and nothing is done, where one is."""
    with _part(path) as part:
        shutil.copy2(source, part)
        return _place(part, path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file in the place of the one that is there."""
    with _part(path) as part:
        part.write_bytes(data)
        _flush(part)
        os.replace(part, path)


def add_line(path: Path, data: bytes) -> None:
    """Put whole lines behind those of a file; a line that was cut off before them is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as opened:
        if opened.tell():
            opened.seek(-1, os.SEEK_END)
            data = data if opened.read(1) == b"\n" else b"\n" + data
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """A file beside `path` to write into, which no scan takes for a source."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as opened:
        os.fsync(opened.fileno())


def _place(part: Path, path: Path) -> bool:
    _flush(part)
    try:
        os.link(part, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links, such as a USB stick's.
        if path.exists():
            return False
        os.replace(part, path)
    return True
