"""Running Pagefind: a folder of pages in, a search index out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.errors import IndexingError

ENTRY = "pagefind-entry.json"
RUNTIME = "pagefind.js"
PAGES = "pages"
BUNDLE = "bundle"
"""Folders, side by side: what is indexed, and the index with the programs that read it."""
_PARTS = ("fragment", "index", "filter")
_TWO_THREADS = {"RAYON_NUM_THREADS": "2", "TOKIO_WORKER_THREADS": "2"}
"""A quarter less of the clock than with one, for as much of the processor; with more its threads rather wait for each other."""
ALONE = ("ja", "zh")
"""Languages whose words Pagefind finds by a dictionary, each indexed by a process of its own. That for Japanese takes 332 MB,
however few the pages are; that for Chinese 45."""
_PATIENCE = 60.0
"""Seconds, and as many again for each hundred pages: Pagefind takes a third of a second for so many."""


class Language(Struct, frozen=True):
    """An index of the pages in one language; without `wasm`, words are found only as they are written."""

    hash: str
    page_count: int
    wasm: str | None = None


class _Entry(Struct, frozen=True):
    languages: dict[str, Language]


def find_indexer() -> Path | None:
    """Pagefind's program, the one that can split Chinese and Japanese; None where it is not installed."""
    try:
        from pagefind_bin_extended import get_executable

        return Path(get_executable())
    except (ImportError, OSError):
        return None


def index(program: Path, work: Path) -> dict[str, Language]:
    """Index the HTML files in `work`/pages into `work`/bundle; what there is by language.

    Raises `IndexingError` in words for a user.
    """
    count = sum(1 for _ in (work / PAGES).iterdir())
    shutil.rmtree(work / BUNDLE, ignore_errors=True)
    # It reads settings from files in the folder where it runs, and from the environment.
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("PAGEFIND_")} | _TWO_THREADS
    command = [str(program), "--site", PAGES, "--output-path", BUNDLE, "--silent"]
    try:
        done = subprocess.run(command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=_PATIENCE * (1 + count / 100), check=False)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise IndexingError("Pagefind did not come to an end") from error
    except OSError as error:
        raise IndexingError(f"Pagefind cannot be run: {error.strerror}") from error
    if done.returncode:
        lines = [line.strip() for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        raise IndexingError(f"Pagefind failed: {lines[0] if lines else f'exit status {done.returncode}'}")
    try:
        return msgspec.json.decode((work / BUNDLE / ENTRY).read_bytes(), type=_Entry).languages
    except (OSError, msgspec.DecodeError) as error:
        raise IndexingError("Pagefind left no index") from error


def index_files(bundle: Path) -> dict[str, bytes]:
    """The files of an index without the program that reads it, by their relative paths."""
    found = [path for part in _PARTS if (bundle / part).is_dir() for path in sorted((bundle / part).iterdir())]
    found += [*sorted(bundle.glob("*.pf_meta")), bundle / ENTRY]
    return {path.relative_to(bundle).as_posix(): path.read_bytes() for path in found}


def joined(one: dict[str, bytes], other: dict[str, bytes]) -> dict[str, bytes]:
    """The files of two indexes of other languages as one index; what names the rest comes last."""
    entry, more = (msgspec.json.decode(files[ENTRY]) for files in (one, other))
    entry["languages"] |= more["languages"]
    files = {name: data for name, data in (*one.items(), *other.items()) if name != ENTRY}
    return files | {ENTRY: msgspec.json.encode(entry)}


def program_files(bundle: Path) -> dict[str, bytes]:
    """The files by which a page reads an index, `RUNTIME` apart: the index of one blank page, and what is compiled for it."""
    entry = msgspec.json.decode((bundle / ENTRY).read_bytes(), type=_Entry)
    names = {f"wasm.{each.wasm or 'unknown'}.pagefind" for each in entry.languages.values()}
    return {name: (bundle / name).read_bytes() for name in sorted(names)} | index_files(bundle)
