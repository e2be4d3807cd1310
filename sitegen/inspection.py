"""What sitegen makes of single sources: as JSON for other programs, and line by line for people.

The JSON has one object per source, in a shape that other programs rely on: a key is always there, what is not known is
null, times are ISO 8601 at the precision that the source gave.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from sitegen.articlejson import Json, to_json, to_line
from sitegen.bodies import Body, blocks_for_inspect
from sitegen.config import Folders, Settings
from sitegen.intake import MAX_SOURCE_BYTES, address_of, read_loaded
from sitegen.readers import SEGMENT
from sitegen.records import Problem, Reading
from sitegen.scanner import MEDIA_SUFFIXES, ignore_test
from sitegen.settings_file import OWN_FILE


class Source(Struct, frozen=True, kw_only=True):
    """A file to inspect."""

    path: Path
    shown: str
    """The path as the user would write it."""
    file: str
    """The path that readers are told: relative to `articles/`, or to the folder asked for."""


def site_of(path: Path) -> Path | None:
    """The folder of the site that `path` belongs to: the nearest one around it with settings or `articles/`."""
    path = Path(os.path.abspath(path))
    for folder in (path, *path.parents):
        if (folder / OWN_FILE).is_file() or path.is_relative_to(folder / "articles"):
            return folder
    return None


def sources_in(path: Path, site: Path | None, settings: Settings) -> Iterator[Source]:
    """The source at `path`; of a folder, all in it and below it that a build would read, by name."""
    if not path.is_dir():
        yield Source(path=path, shown=_shown(path), file=_told(path, path.parent, site))
        return
    is_ignored = ignore_test(settings.ignore)
    # The folder of a whole site holds its articles in one place, and templates and pages in others.
    root = path / "articles" if (path / "articles").is_dir() else path
    for found in _walk(root, is_ignored, lambda inner: _told(inner, root, site)):
        yield Source(path=found, shown=_shown(found), file=_told(found, root, site))


def _walk(folder: Path, is_ignored: Callable[[str, str], bool], told: Callable[[Path], str]) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = folder / entry.name
        if is_ignored(entry.name, told(path)):
            continue
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith("_"):
                yield from _walk(path, is_ignored, told)
        elif path.suffix.lower() not in MEDIA_SUFFIXES:
            yield path


def _told(path: Path, root: Path, site: Path | None) -> str:
    absolute = Path(os.path.abspath(path))
    if site is not None and absolute.is_relative_to(Folders(site=site).articles):
        root = Folders(site=site).articles
    return _shown(Path(os.path.relpath(absolute, os.path.abspath(root))))


def _shown(path: Path) -> str:
    # A name that is not valid UTF-8 can be opened, but not be printed.
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


class Report(Struct, frozen=True, kw_only=True):
    """What was made of one source."""

    source: Source
    reading: Reading
    bodies: tuple[Body, ...] = ()
    """One for each article."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Those of the source, and those that came to light when its bodies were converted."""
        found = (*self.reading.problems, *(problem for body in self.bodies for problem in body.problems))
        return tuple(replace(problem, file=self.source.shown) for problem in found)

    def as_json(self, settings: Settings) -> Json:
        """The object of the source."""
        return {
            "file": self.source.shown,
            "layout": self.reading.layout or None,
            "articles": list(self.articles_as_json(settings)),
            "problems": list(map(_problem, self.problems)),
        }

    def articles_as_json(self, settings: Settings) -> Iterator[Json]:
        """The objects of its articles."""
        for article, body in zip(self.reading.articles, self.bodies, strict=True):
            yield to_json(
                article, ident=article.id, url=address_of(article, body, settings), figures=body.figures,
                body=blocks_for_inspect(article, body), private=True,
            )  # fmt: skip


def write_json(parts: Iterator[Report], settings: Settings, output: IO[bytes]) -> bool:
    """Write the object of a source as a line, holding no more than one part of it; whether it has an error.

    Where there are several parts, layout and problems stand behind the articles.
    """
    first, second = next(parts), next(parts, None)
    if second is None:
        output.write(to_line(first.as_json(settings)))
        return _has_error(first.problems)
    layouts: dict[str, None] = {}
    problems: list[Problem] = []
    output.write(to_line({"file": first.source.shown}).removesuffix(b"}\n") + b',"articles":[')
    separator = b""
    for part in chain((first, second), parts):
        layouts[part.reading.layout] = None
        problems += part.problems
        for article in part.articles_as_json(settings):
            output.write(separator + to_line(article).rstrip(b"\n"))
            separator = b","
    end = to_line({"layout": " and ".join(layouts) or None, "problems": list(map(_problem, problems))})
    output.write(b"]," + end.lstrip(b"{"))
    return _has_error(problems)


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def read(source: Source, settings: Settings, *, with_roles: bool = False) -> Report:
    """The source as a build reads it; `with_roles` adds what each of its lines was taken for."""
    parts = list(read_parts(source, settings, with_roles=with_roles))
    if len(parts) == 1:
        return parts[0]
    readings = [part.reading for part in parts]
    whole = Reading(
        layout=" and ".join(dict.fromkeys(reading.layout for reading in readings)), why=readings[0].why,
        articles=tuple(article for reading in readings for article in reading.articles),
        problems=tuple(problem for reading in readings for problem in reading.problems),
        roles=tuple(role for reading in readings for role in reading.roles),
    )  # fmt: skip
    return Report(source=source, reading=whole, bodies=tuple(body for part in parts for body in part.bodies))


def read_parts(source: Source, settings: Settings, *, with_roles: bool = False) -> Iterator[Report]:
    """The source as `read` gives it, but of a large one some articles at a time."""
    data = _load(source)
    if isinstance(data, Problem):
        yield Report(source=source, reading=Reading(layout="", problems=(data,)))
        return
    for reading, bodies in read_loaded(source.file, data, settings, with_roles=with_roles):
        yield Report(source=source, reading=reading, bodies=bodies)


def _load(source: Source) -> bytes | Path | Problem:
    try:
        # A pipe or a device would be read for ever.
        if not source.path.is_file():
            return _unreadable(source, _what_stands_there(source.path))
        size = source.path.stat().st_size
        if size > MAX_SOURCE_BYTES:
            return _unreadable(source, f"the file has more than {MAX_SOURCE_BYTES >> 20} MB; split it", code="E506")
        if size > 2 * SEGMENT:
            return source.path
        return source.path.read_bytes()
    except OSError as error:
        return _unreadable(source, f"the file cannot be read ({error.strerror}); check its permissions")


def _what_stands_there(path: Path) -> str:
    if path.is_dir():
        return "the link leads to a folder; name the folder itself"
    if path.is_symlink() and not path.exists():
        return "the link leads to nothing, or in a circle; remove it"
    return "this is a pipe, a socket or a device, and no file; remove it" if path.exists() else "there is no such file"


def _unreadable(source: Source, message: str, *, code: str = "E507") -> Problem:
    return Problem(file=source.file, code=code, message=message, severity="error")


def _problem(problem: Problem) -> Json:
    return {
        "line": problem.line or None,
        "column": problem.column or None,
        "field": problem.field or None,
        "code": problem.code,
        "message": problem.message,
        "severity": problem.severity,
    }
