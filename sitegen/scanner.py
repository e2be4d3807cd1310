"""Scanning: which sources are new, changed or gone since the last build.

A folder's files are summed up in one digest of names, sizes and times, so that an unchanged folder costs one row; only
a changed one is compared file by file, inside SQLite, so that a folder of a million files needs no list in memory.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from sitegen.catalog import Catalog, sources
from sitegen.catalog.sources import Seen
from sitegen.filesums import number_of, sum_up
from sitegen.records import Problem

MEDIA_SUFFIXES = frozenset(
    f".{suffix}" for suffix in ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "tif", "tiff", "bmp", "heic", "ico", "pdf",
                                "mp3", "m4a", "ogg", "opus", "wav", "mp4", "webm", "mov")
)  # fmt: skip
_MEDIA_ENDINGS = tuple(sorted(MEDIA_SUFFIXES))
_EDITOR_ENDINGS = ("~", ".swp", ".swo", ".bak", ".orig", ".tmp", ".part", ".crdownload")
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini"))
_FINE_WINDOW_NS = 100_000_000
_COARSE_WINDOW_NS = 2_000_000_000


class ScanResult(Struct, kw_only=True):
    """What a scan found."""

    files: int = 0
    """Sources there are."""
    problems: tuple[Problem, ...] = ()


def scan(catalog: Catalog, root: Path, ignore: tuple[str, ...], *, now_ns: int) -> ScanResult:
    """Compare the sources under `root` with the catalog and leave the difference in its list of work.

    A file changed so shortly before `now_ns` that a second change could bear the same time is read again by the next
    build: its time is not believed.
    """
    problems: list[Problem] = []
    is_ignored = ignore_test(ignore)
    sources.begin_scan(catalog)
    files = 0
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            found = _look_into(root, folder, is_ignored, now_ns, problems)
            sources.see_folder(catalog, folder)
            folders.extend(found.folders)
            files += found.sources
            if found.digest is None or sources.folder_digest(catalog, folder) != found.digest:
                with catalog.transaction():
                    each = _files(root, folder, is_ignored, now_ns)
                    sources.compare_folder(catalog, folder, each, found.digest)
        except FileNotFoundError:
            # It was deleted a moment ago.
            continue
        except OSError as error:
            problems.append(Problem(file=folder or ".", code="E502", severity="error",
                                    message=f"the folder cannot be read ({error.strerror}); check its permissions"))  # fmt: skip
            sources.see_unreadable_folder(catalog, folder)
    if sources.vanished_folders(catalog):
        with catalog.transaction():
            sources.end_scan(catalog)
    return ScanResult(files=files, problems=tuple(problems))


class _Folder(Struct, frozen=True):
    """What lies in a folder: its folders, the number of its sources, and a digest, None where a time is not believed."""

    folders: list[str]
    sources: int
    digest: bytes | None


def _look_into(
    root: Path, folder: str, is_ignored: Callable[[str, str], bool], now_ns: int, problems: list[Problem]
) -> _Folder:
    total, clean, files = 0, True, 0
    inner: list[str] = []
    before = f"{folder}/" if folder else ""
    for entry in _entries(root, folder):
        name = entry.name
        if _has_surrogates(name):
            shown = os.fsencode(name).decode("utf-8", "backslashreplace")
            problems.append(Problem(
                file=f"{before}{shown}", code="E501", severity="error",
                message="the file's name is not valid UTF-8; rename it, and it will be read"))  # fmt: skip
            continue
        if is_ignored(name, before + name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if not name.startswith("_"):
                inner.append(before + name)
            continue
        try:
            status = _status(entry)
        except FileNotFoundError:
            clean = False
            continue
        mtime_ns = _believed(status, now_ns)
        files += not name.lower().endswith(_MEDIA_ENDINGS)
        clean = clean and mtime_ns >= 0
        total += number_of(name, status.st_size, mtime_ns)
    return _Folder(sorted(inner, reverse=True), files, sum_up(total) if clean else None)


def _entries(root: Path, folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(root / folder if folder else root) as entries:
        yield from entries


def _has_surrogates(name: str) -> bool:
    return not name.isascii() and any("\ud800" <= char <= "\udfff" for char in name)


def _files(root: Path, folder: str, is_ignored: Callable[[str, str], bool], now_ns: int) -> Iterator[Seen]:
    for entry in _entries(root, folder):
        if _has_surrogates(entry.name) or entry.is_dir(follow_symlinks=False):
            continue
        if not is_ignored(entry.name, f"{folder}/{entry.name}" if folder else entry.name):
            seen = _see(entry, now_ns)
            if seen is not None:
                yield seen


def _see(entry: os.DirEntry[str], now_ns: int) -> Seen | None:
    """The file as it is now; None where it was deleted a moment ago."""
    try:
        status = _status(entry)
    except FileNotFoundError:
        return None
    is_media = entry.name.lower().endswith(_MEDIA_ENDINGS)
    return Seen(entry.name, status.st_size, _believed(status, now_ns), is_media)


def _believed(status: os.stat_result, now_ns: int) -> int:
    """A file's time in nanoseconds, -1 where a second change could bear the same."""
    mtime = status.st_mtime_ns
    window = _COARSE_WINDOW_NS if mtime % 1_000_000_000 == 0 else _FINE_WINDOW_NS
    return mtime if mtime < now_ns - window else -1


def _status(entry: os.DirEntry[str]) -> os.stat_result:
    if entry.is_symlink():
        # What changes is the file that it leads to.
        with suppress(OSError):
            return entry.stat()
    return entry.stat(follow_symlinks=False)


def ignore_test(patterns: tuple[str, ...]) -> Callable[[str, str], bool]:
    """Whether a file or folder (name, path) is neither a source nor a folder of them."""
    own = re.compile("|".join(fnmatch.translate(pattern) for pattern in patterns)) if patterns else None

    def is_ignored(name: str, path: str) -> bool:
        return _is_editors(name) or bool(own and (own.match(path) or own.match(name)))

    return is_ignored


def _is_editors(name: str) -> bool:
    """Whether an editor, a browser or a system left the file; a million names are looked at here."""
    lower = name.lower()
    hidden = lower[0] == "." or (lower[0] == lower[-1] == "#" and len(lower) > 1)
    return hidden or lower.endswith(_EDITOR_ENDINGS) or lower in _SYSTEM_FILES
