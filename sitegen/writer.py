"""Writing output files: each replaced as a whole, and only where its bytes differ."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from msgspec import Struct

Outcome = Literal["written", "same", "foreign", "failed", "template", "damaged"]


class Written(Struct, frozen=True, array_like=True, kw_only=True):
    """What became of one output file; size in bytes, time in nanoseconds."""

    url: str
    outcome: Outcome
    digest: bytes = b""
    size: int = -1
    mtime_ns: int = -1
    message: str = ""
    """What went wrong, in words."""


def digest_of(data: bytes) -> bytes:
    """The digest by which a file is checked. Most processors have instructions for SHA-256, none for BLAKE2."""
    return hashlib.sha256(data).digest()[:16]


def write(output: str, partial: str, url: str, data: bytes, *, ours: bool) -> Written:
    """Put `data` at `url` under `output`, by way of the file `partial` on the same file system.

    A file with the same bytes is left as it is, its time too. Another's file (`ours` is false) is never overwritten.
    """
    path = f"{output}{url}"
    digest = digest_of(data)
    try:
        found = _read(path)
        if found != data:
            if found is not None and not ours:
                return Written(url=url, outcome="foreign", message="a file that sitegen did not write stands there")
            _replace(path, partial, data)
        status = os.stat(path)
    except OSError as error:
        return Written(url=url, outcome="failed", message=f"{error.strerror}: {error.filename}")
    return Written(url=url, outcome="same" if found == data else "written", digest=digest, size=status.st_size,
                   mtime_ns=status.st_mtime_ns)  # fmt: skip


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _replace(path: str, partial: str, data: bytes) -> None:
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)
    try:
        os.replace(partial, path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(partial, path)


def remove(output: Path, path: str) -> bool:
    """Remove a file of ours and the folders that it leaves empty; whether it was there."""
    target = output / path
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    for folder in target.parents:
        if folder == output:
            break
        try:
            folder.rmdir()
        except OSError:
            break
    return True
