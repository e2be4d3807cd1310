"""Converted texts, kept beside the catalog in pack files: written by the worker that read them, read by the one that renders.

A pack is a run of encoded `Content`s; the catalog knows where each lies. Losing one is not losing anything: its sources
are read again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from sitegen.entries import BodyRef, Content, decode_content, encode
from sitegen.errors import TextsLostError

FOLDER = "bodies"
_HELD = 4 << 20
"""Bytes that are collected before they are written."""


def digest_of(data: bytes) -> bytes:
    """The digest by which a text is known and checked."""
    return hashlib.sha256(data).digest()[:12]


class PackWriter:
    """Collects the texts of one chunk of work, and writes them as one file."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name
        """Where the pack will be."""
        self._name = name
        self._partial = self.path.with_suffix(".part")
        self._begun = False
        self._parts: list[bytes] = []
        self._held = 0
        self._offset = 0

    def add(self, content: Content) -> BodyRef:
        """Keep a text; where it will lie."""
        data = encode(content)
        reference = BodyRef(self._name, self._offset, len(data), digest_of(data))
        self._parts.append(data)
        self._offset += len(data)
        self._held += len(data)
        if self._held > _HELD:
            self._flush()
        return reference

    def _flush(self) -> None:
        with self._partial.open("ab" if self._begun else "wb") as partial:
            partial.writelines(self._parts)
        self._begun = True
        self._parts.clear()
        self._held = 0

    def close(self) -> None:
        """Write the pack, whole or not at all; nothing where nothing was added."""
        if self._offset:
            self._flush()
            os.replace(self._partial, self.path)


def blank_all_but(path: Path, texts: list[tuple[int, int]]) -> None:
    """Overwrite whatever lies in a pack beside some texts (offset and length, in order); remove one without any."""
    if not texts:
        path.unlink(missing_ok=True)
        return
    with path.open("r+b") as pack:
        end = pack.seek(0, os.SEEK_END)
        start = 0
        for offset, length in [*texts, (end, 0)]:
            if offset > start:
                pack.seek(start)
                pack.write(bytes(offset - start))
            start = max(start, offset + length)
        pack.flush()
        os.fsync(pack.fileno())


def has_length(path: Path, length: int) -> bool:
    """Whether a pack is there and long enough."""
    return path.is_file() and path.stat().st_size >= length


def read_content(folder: str, reference: BodyRef) -> Content:
    """The text at `reference`. Raises `TextsLostError` where it is not what was written."""
    handle = _opened(folder, reference.pack)
    try:
        return _content_at(handle, reference)
    finally:
        os.close(handle)


def read_contents(folder: str, references: Iterable[BodyRef]) -> Iterator[Content]:
    """The texts at some references, in their order, read as they are asked for.

    Those of one pack that follow each other are read through one handle. Raises `TextsLostError` as `read_content` does.
    """
    for pack, texts in groupby(references, attrgetter("pack")):
        handle = _opened(folder, pack)
        try:
            for reference in texts:
                yield _content_at(handle, reference)
        finally:
            os.close(handle)


def _opened(folder: str, pack: str) -> int:
    try:
        return os.open(f"{folder}/{pack}", os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        raise TextsLostError(pack) from None


def _content_at(handle: int, reference: BodyRef) -> Content:
    try:
        os.lseek(handle, reference.offset, os.SEEK_SET)
        data = os.read(handle, reference.length)
    except OSError:
        data = b""
    if digest_of(data) != reference.digest:
        raise TextsLostError(reference.pack)
    return decode_content(data)
