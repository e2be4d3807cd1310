"""Writing output files: each replaced as a whole, and only where its bytes differ."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Outcome = Literal["written", "same", "foreign", "failed", "full", "template", "damaged", "lost"]


class Written(Struct, frozen=True, array_like=True, kw_only=True):
    """What became of one output file; size in bytes, time in nanoseconds."""

    url: str
    outcome: Outcome
    digest: bytes = b""
    size: int = -1
    mtime_ns: int = -1
    message: str = ""
    """What went wrong, in words."""
    note: str = ""
    """What is to be told of the file where it is listed."""


def digest_of(data: bytes) -> bytes:
    """The digest by which a file is checked. Most processors have instructions for SHA-256, none for BLAKE2."""
    return hashlib.sha256(data).digest()[:16]


def write(output: str, partial: str, url: str, data: bytes, *, ours: bool, absent: bool = False) -> Written:
    """Put `data` at `url` under `output`, by way of the file `partial` on the same file system.

    A file with the same bytes is left as it is, its time too. Another's file (`ours` is false) is never overwritten.
    `absent` says that nothing stands there, and spares the look.
    """
    path = f"{output}{url}"
    digest = digest_of(data)
    try:
        found = None if absent else _read(path)
        if found is not None and found != data and not ours:
            return Written(url=url, outcome="foreign", message="a file that sitegen did not write stands there")
        status = os.stat(path) if found == data else _replace(path, partial, data)
    except OSError as error:
        outcome: Outcome = "full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "failed"
        return Written(url=url, outcome=outcome, message=f"{error.strerror}: {error.filename}")
    return Written(url=url, outcome="same" if found == data else "written", digest=digest, size=status.st_size,
                   mtime_ns=status.st_mtime_ns)  # fmt: skip


def write_stream(output: str, partial: str, url: str, chunks: Iterable[bytes], *, ours: bool) -> tuple[Written, str]:
    """Like `write`, for a file that may not fit into memory; also gives its SHA-256 in hex."""
    path = f"{output}{url}"
    digest = hashlib.sha256()
    try:
        with open(partial, "wb", opener=_create) as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        found = _is_same(path, partial)
        if found is False and not ours:
            return Written(url=url, outcome="foreign", message="a file that sitegen did not write stands there"), ""
        if not found:
            _move(partial, path)
        status = os.stat(path)
    except OSError as error:
        outcome: Outcome = "full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "failed"
        return Written(url=url, outcome=outcome, message=f"{error.strerror}: {error.filename}"), ""
    return Written(url=url, outcome="same" if found else "written", digest=digest.digest()[:16], size=status.st_size,
                   mtime_ns=status.st_mtime_ns), digest.hexdigest()  # fmt: skip


def _create(path: str, flags: int) -> int:
    return os.open(path, flags, 0o644)


def _is_same(path: str, partial: str) -> bool | None:
    """Whether the two files are alike; None where the first is not there."""
    try:
        return filecmp.cmp(path, partial, shallow=False)
    except FileNotFoundError:
        return None


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _replace(path: str, partial: str, data: bytes) -> os.stat_result:
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        status = os.fstat(handle)
    finally:
        os.close(handle)
    _move(partial, path)
    return status


def _move(partial: str, path: str) -> None:
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
        was_there = True
    except (FileNotFoundError, NotADirectoryError):
        was_there = False
    for folder in target.parents:
        if folder == output:
            break
        try:
            folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            break
    return was_there


decode_written = msgspec.msgpack.Decoder(tuple[Written, ...]).decode
