"""The articles of a large source on their way from the worker to the catalog: in a file, so that neither holds all of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sitegen.entries import Copy, SourceReading, encode

_LENGTH = struct.Struct("<I")
_decode_copy = msgspec.msgpack.Decoder(Copy).decode


class SpoolWriter:
    """A file of copies, each as it comes. What nobody took is removed like the packs that nobody needs."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_suffix(".part")

    def __enter__(self) -> SpoolWriter:
        self._file = self.path.open("wb", buffering=1 << 20)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, copy: Copy) -> None:
        """Write a copy behind the others."""
        data = encode(copy)
        self._file.write(_LENGTH.pack(len(data)))
        self._file.write(data)


def each_copy(reading: SourceReading) -> Iterator[Copy]:
    """The copies of a source, wherever they are; none where the file is as it was."""
    yield from reading.copies or ()
    if reading.spool:
        with open(reading.spool, "rb", buffering=1 << 20) as opened:
            while length := opened.read(_LENGTH.size):
                yield _decode_copy(opened.read(_LENGTH.unpack(length)[0]))


def drop_spool(reading: SourceReading) -> None:
    """Remove the file of a source's copies, if it has one."""
    if reading.spool:
        Path(reading.spool).unlink(missing_ok=True)
