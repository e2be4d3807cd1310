"""What many tests need: small sites, builds that tell what they did, and whole folders as values to compare."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from sitegen.builder import build
from sitegen.config import Folders, Settings
from sitegen.records import Problem
from sitegen.report import Summary

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Collector:
    """A reporter that keeps what it hears."""

    problems: list[Problem] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    most: int | None = None
    left: dict[str, int] = field(default_factory=dict)

    def stage(self, name: str, total: int | None) -> None:
        self.stages.append(name)

    def advance(self, steps: int = 1) -> None:
        pass

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def left_out(self, code: str, count: int) -> None:
        self.left[code] = count

    def say(self, message: str) -> None:
        self.messages.append(message)

    @property
    def codes(self) -> list[str]:
        """The codes of all problems, sorted."""
        return sorted(problem.code for problem in self.problems)


@dataclass(frozen=True)
class Built:
    """A finished build."""

    summary: Summary
    heard: Collector


def build_site(
    folder: Path,
    settings: Settings | None = None,
    *,
    jobs: int = 1,
    strict: bool = False,
    dry_run: bool = False,
    search: bool = False,
    now: datetime = NOW,
) -> Built:
    """Build the site in `folder`; without a search index, which takes longer than all else of a small build."""
    templates = folder / ".sitegen" / "templates"
    if not templates.parent.exists():
        templates.parent.mkdir(parents=True)
        templates.symlink_to(compiled_templates())
    heard = Collector()
    wanted = replace(settings or Settings(), search=search)
    summary = build(Folders(site=folder), wanted, jobs=jobs, strict=strict, dry_run=dry_run, reporter=heard, now=now)
    return Built(summary, heard)


@cache
def compiled_templates() -> Path:
    """Where all sites of a test run keep their compiled templates: compiling takes longer than a small build."""
    folder = Path(tempfile.mkdtemp(prefix="sitegen-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files (paths with slashes, relative to `folder`)."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def dump(
    title: str,
    *,
    source: str = "The Harbour Post",
    section: str = "World News",
    created: str = "2024-11-19 20:35:05",
    updated: str = "2024-11-19 23:27:23",
    author: str = "",
    body: str = "",
) -> str:
    """An aggregator's dump of one article."""
    byline = f"\nBy {author}\n" if author else ""
    text = body or f"The story that is called {title} goes on for a while, and then it ends."
    return (
        f"{title}\nBy {source} ({section}) | Created at {created} | Updated at {updated} 3 hours ago\nTruth\n"
        f"{byline}\n{text}\n\nAnother paragraph follows, so that there is something to read here.\n"
    )


def markdown(title: str, body: str = "", **front: object) -> str:
    """A Markdown source; `front` gives further lines of front matter, each value as YAML writes it."""
    lines = "".join(f"{key}: {value}\n" for key, value in front.items() if value is not None)
    text = body or f"The story that is called {title} goes on for a while, and then it ends."
    return f'---\ntitle: "{title}"\n{lines}---\n\n{text}\n'


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their bytes; a folder without files is named with a slash at its end."""
    found: dict[str, bytes] = {}
    for root, folders, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        if not folders and not names and root != str(folder):
            found[f"{Path(root).relative_to(folder).as_posix()}/"] = b""
    return found


def times(folder: Path) -> dict[str, int]:
    """All files below a folder with the times of their last change."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def difference(found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> str:
    """In words, how two trees differ; empty where they do not."""
    lines = [f"only the first has {name}" for name in sorted(found.keys() - wanted.keys())]
    lines += [f"only the second has {name}" for name in sorted(wanted.keys() - found.keys())]
    for name in sorted(found.keys() & wanted.keys()):
        if found[name] != wanted[name]:
            lines.append(f"{name} differs: {_first_difference(found[name], wanted[name])}")
    return "\n".join(lines)


def _first_difference(one: bytes, other: bytes) -> str:
    ours, theirs = one.decode("utf-8", "replace").split("\n"), other.decode("utf-8", "replace").split("\n")
    for number, (left, right) in enumerate(zip(ours, theirs, strict=False), 1):
        if left != right:
            return f"line {number}: {left.strip()[:160]!r} against {right.strip()[:160]!r}"
    return f"{len(ours)} lines against {len(theirs)}"


def clean_build(folder: Path, into: Path, settings: Settings | None = None, *, now: datetime = NOW) -> dict[str, bytes]:
    """The output of a build of the same sources, settings and ledger in the fresh folder `into`."""
    for name in ("articles", "templates", "static"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, into / name, symlinks=True)
    build_site(into, settings, now=now)
    return tree(into / "public")
