"""The ledger: what sources cannot tell, in JSON Lines under `articles/_ledger/` that a person can read and edit.

Events, an object a line:

- `{"event": "moved", "id": "…", "from": "/2024/11/19/old.html"}`: the article once stood there; a redirect stands there now.
- `{"event": "same", "id": "new id", "was": "old id"}`: an edit changed what the id is made from; it is the same article.
- `{"event": "takedown", "id": "…", "url": "…", "date": "2024-11-20", "reason": "…"}`: the article is not shown any more.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sitegen import urls
from sitegen.catalog import Catalog
from sitegen.catalog.events import Fresh, fresh_events, load_events, unsaved
from sitegen.records import Problem

OWN_FILE = "events.jsonl"


class LedgerReading(Struct, frozen=True):
    """The ledger's problems, and whether it changed since it was last read."""

    problems: tuple[Problem, ...]
    changed: bool


def read_ledger(folder: Path, catalog: Catalog) -> LedgerReading:
    """Bring the catalog's copy of the ledger up to date."""
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    digest = _digest(files)
    problems: list[Problem] = []
    changed = catalog.get("ledger") != digest
    if changed or catalog.get("ledger_faulty"):
        with fresh_events(catalog) as events:
            for file in files:
                for line, event in _lines(file, problems):
                    _take(event, events, f"_ledger/{file.name}", line, problems)
            for found in unsaved(catalog):
                _take(msgspec.json.decode(found, type=dict[str, Any]), events, "", 0, [])
    if changed:
        with catalog.transaction():
            load_events(catalog)
            catalog.put("ledger", digest)
            catalog.put("ledger_faulty", int(bool(problems)))
    return LedgerReading(tuple(problems), changed)


def append(folder: Path, lines: Iterable[str], catalog: Catalog) -> None:
    """Add events to the ledger that the catalog has already, and make sure that they are on the disk."""
    add_lines(folder, lines)
    catalog.put("ledger", _digest(sorted(folder.glob("*.jsonl"))))


def add_lines(folder: Path, lines: Iterable[str]) -> None:
    """Add events to the ledger, for the next build to find."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / OWN_FILE
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as file:
        if path.exists():
            with path.open("rb") as old:
                # A change of all addresses makes a ledger as long as the archive.
                shutil.copyfileobj(old, file)
            if not _ends_a_line(path):
                file.write(b"\n")
        file.writelines(f"{line}\n".encode() for line in lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _ends_a_line(path: Path) -> bool:
    """Whether a file is empty or ends with a line end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read() in (b"", b"\n")


def _digest(files: Iterable[Path]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for path in files:
        with path.open("rb") as file:
            inner = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16)).digest()
        digest.update(f"{path.name}\0".encode() + inner)
    return digest.digest()


def _lines(file: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    # Some editors begin a file with a byte-order mark.
    with file.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield number, msgspec.json.decode(line.encode("utf-8", "surrogateescape"), type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                problems.append(Problem(
                    file=f"_ledger/{file.name}", line=number, column=1, code="E511", severity="error",
                    message=f'not a JSON object on one line ({error}); write it like {{"event": "moved", "id": "…", "from": "/…"}}',
                ))  # fmt: skip


def _take(event: dict[str, Any], events: Fresh, file: str, line: int, problems: list[Problem]) -> None:
    def text(key: str) -> str:
        return str(event.get(key, ""))

    for key in ("from", "url"):
        if text(key) and not urls.is_address(text(key)):
            problems.append(Problem(
                file=file, line=line, column=1, code="E513", severity="error", field=key,
                message=f'"{text(key)}" is no address that an article can have had; write it like /2024/11/19/flood.html',
            ))  # fmt: skip
            # An article must not stay up because of a slip in its address.
            if not (key == "url" and text("id")):
                return
            event = {**event, "url": ""}
    match event.get("event"):
        case "moved" if text("id") and text("from"):
            events.moved(text("from"), text("id"))
        case "same" if text("id") and text("was"):
            if not events.same(text("id"), text("was")):
                problems.append(Problem(
                    file=file, line=line, column=1, code="E514", severity="error", field="was",
                    message=f'"{text("id")}" and "{text("was")}" would each be the earlier self of the other; remove one line',
                ))  # fmt: skip
        case "takedown" if text("id") or text("url"):
            events.gone(text("id") or text("url"), text("url"), text("date"), text("reason"))
        case _:
            problems.append(Problem(
                file=file, line=line, column=1, code="E512", severity="error",
                message="not an event: \"event\" is moved (with id, from), same (with id, was) or takedown (with id or url)",
            ))  # fmt: skip
