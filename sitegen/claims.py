"""Which files in the output are ours, written in the output itself, so that it can be known without the catalog.

`public/.sitegen/files/*.txt` name our files, a path a line, sorted, cut by month and by folder so that a change rewrites
little; each ends with a line of its own sum, so that one that somebody edited can be told from one of another build. While
a build runs, `journal.txt` names in advance what it is about to add.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.catalog import Catalog, outputs
from sitegen.errors import SitegenError
from sitegen.filesums import sum_of
from sitegen.writer import remove

FOLDER = ".sitegen"
_DATED = re.compile(r"(\d{4})(?:/(\d{2}))?(?:/|\Z)")


def shard_of(folder: str) -> str:
    """The list that names the files of an output folder: a month, a year, a sixteenth of another top folder, or `top`."""
    dated = _DATED.match(folder)
    if dated:
        return f"{dated[1]}-{dated[2]}" if dated[2] else dated[1]
    top, _, rest = folder.partition("/")
    if not top:
        return "top"
    bucket = hashlib.blake2b(rest.partition("/")[0].encode(), digest_size=1).hexdigest()[0] if rest else ""
    return f"{top}-{bucket}" if bucket else top


def read_claims(output: Path, *, whole: bool = False) -> Iterator[str]:
    """All files that the output's own lists and an unfinished build's journal name as ours, as far as they are there.

    `whole` leaves out the lists that somebody edited.
    """
    folder = output / FOLDER
    lists = sorted((folder / "files").glob("*.txt"))
    for path in (*(filter(_is_whole, lists) if whole else lists), folder / "journal.txt"):
        # What was announced and never written must be written before anything that links to it.
        yield from (each for each in _announced(path) if (output / each).is_file())


def _is_whole(path: Path) -> bool:
    """Whether a list is as it was written."""
    digest, last = _new_sum(), b""
    with path.open("rb") as lines:
        for line in lines:
            digest.update(last)
            last = line
    return last == _sum_line(digest).encode()


def _new_sum() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=8)


def _sum_line(digest: hashlib.blake2b) -> str:
    # No path in a list begins with a slash.
    return f"/{digest.hexdigest()}\n"


def _announced(path: Path) -> Iterator[str]:
    """The paths that a list or the journal names."""
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            # A journal may end in the middle of a line.
            yield from (line[:-1] for line in lines if line.endswith("\n") and _is_inside(line[:-1]))


def _is_inside(path: str) -> bool:
    return bool(path) and ".." not in path.split("/") and not path.startswith(("/", f"{FOLDER}/"))


def begin(output: Path) -> None:
    """Make the folder for the lists and for files on their way, empty of what a dead build left there."""
    partial = output / FOLDER / "partial"
    for each in _announced(output / FOLDER / "journal.txt"):
        # It died between making a folder and moving the file there.
        if not (output / each).exists():
            remove(output, each)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)


def announce(output: Path, urls: Iterable[tuple[str, bool]], *, absent: bool = False) -> None:
    """Name files in the journal before they are written; each with whether it is ours already.

    What stands there and is not ours is somebody's, whom the journal must not tell us to be. `absent` says that nothing
    stands there, and spares the looks.
    """
    lines = "".join([f"{url[1:]}\n" for url, ours in urls if ours or absent or not os.path.lexists(f"{output}{url}")])
    if lines:
        try:
            with (output / FOLDER / "journal.txt").open("a", encoding="utf-8", newline="\n") as journal:
                journal.write(lines)
        except FileNotFoundError as error:
            raise SitegenError(f"the folder {output} was removed while the site was built; build again") from error


def finish(output: Path, catalog: Catalog, shards: Iterable[str]) -> None:
    """Write the lists that changed anew, and end the journal."""
    files = output / FOLDER / "files"
    for folder in (files, output / FOLDER / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    for shard in sorted(shards):
        path = files / f"{shard}.txt"
        partial = output / FOLDER / "partial" / "list"
        with partial.open("wb") as lines:
            empty, digest = True, _new_sum()
            for each in _paths(catalog, shard):
                line = f"{each}\n".encode()
                lines.write(line)
                digest.update(line)
                empty = False
            lines.write(_sum_line(digest).encode())
        if empty:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != partial.read_bytes():
            partial.replace(path)
    (output / FOLDER / "journal.txt").unlink(missing_ok=True)
    shutil.rmtree(output / FOLDER / "partial", ignore_errors=True)


def has_journal(output: Path) -> bool:
    """Whether a build did not come to its end."""
    return (output / FOLDER / "journal.txt").exists()


def stamp(output: Path) -> bytes:
    """Names, sizes and times of the lists, in one digest: what tells whether someone changed them."""
    try:
        with os.scandir(output / FOLDER / "files") as entries:
            return sum_of((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in entries)
    except OSError:
        return b""


def all_shards(catalog: Catalog, output: Path) -> set[str]:
    """Every list there is or should be."""
    found = {path.stem for path in (output / FOLDER / "files").glob("*.txt")}
    return found | {shard_of(folder) for folder, _ in outputs.folders(catalog)}


def _paths(catalog: Catalog, shard: str) -> Iterator[str]:
    dated = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", shard)
    if dated:
        low = dated[1] + (f"/{dated[2]}" if dated[2] else "")
        high = f"{low}0"
        if dated[2]:
            # The folder of a month and those in it; beside them may stand an article that asked for the month's address.
            yield from outputs.paths_between(catalog, low, f"{low}\x01")
            yield from outputs.paths_between(catalog, f"{low}/", high)
            return
    elif shard == "top":
        low, high = "", "\x01"
    else:
        low = shard.rpartition("-")[0] if re.search(r"-[0-9a-f]\Z", shard) else shard
        high = f"{low}0"
    for path in outputs.paths_between(catalog, low, high):
        if shard_of(path.rpartition("/")[0]) == shard:
            yield path
