"""What stands for the files of a folder: one digest of their names, sizes and times, in whatever order they come.

It needs next to nothing of this package, so that a process that only looks at files starts at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator

import msgspec

_encode = msgspec.msgpack.Encoder().encode
_decode_folders = msgspec.msgpack.Decoder(tuple[bytes, ...]).decode
decode_sums = msgspec.msgpack.Decoder(tuple[bytes, ...]).decode
SUMS_OF = "sitegen.filesums:sums_of"


def sum_of(files: Iterable[tuple[str, int, int]]) -> bytes:
    """What stands for files (name, size, time in nanoseconds) of a folder, in any order."""
    return sum_up(sum(number_of(*file) for file in files))


def number_of(name: str, size: int, mtime_ns: int) -> int:
    """What one file adds to the sum of its folder."""
    # The names of others' files may be anything.
    data = f"{name}\0{size}\0{mtime_ns}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def sum_up(total: int) -> bytes:
    """The sum of a folder's numbers as it is kept."""
    return (total % (1 << 64)).to_bytes(8, "big")


def files_of(folder: str) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of the files in a folder; nothing of one that is not there."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield entry.name, status.st_size, status.st_mtime_ns
    except OSError:
        return


def job_of(folders: Iterable[str]) -> bytes:
    """What `sums_of` takes: absolute paths of folders."""
    return _encode(tuple(map(os.fsencode, folders)))


def sums_of(job: bytes) -> bytes:
    """The sums of some folders as they are now, both ways encoded."""
    return _encode(tuple(sum_of(files_of(os.fsdecode(folder))) for folder in _decode_folders(job)))
