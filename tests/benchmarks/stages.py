"""Where a clean build's time goes: microseconds per article by stage, beside reading and writing the same files alone.

`python tests/benchmarks/stages.py --help`. One process builds an invented archive; the functions in `STAGES` keep time.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import CORPORA, default_work
from contestants import CHECKOUT, PROFILES, Contestant, sitegen
from corpus import Newsroom
from sites import SEED, Site
from tables import rows

_ARTICLE: Final = "articles"
_OTHER: Final = "lists and others"


class Stage(NamedTuple):
    """A part of the work: what it is called, the function whose time it is, and what parts it by its arguments."""

    name: str
    place: str
    part: Callable[[tuple[Any, ...]], str] | None = None

    def label(self, arguments: tuple[Any, ...]) -> str:
        """What a call with these arguments is counted as."""
        return f"{self.name} {self.part(arguments)}" if self.part else self.name


STAGES: Final = (
    Stage("scanning the folder", "sitegen.builder:scan"),
    Stage("reading bytes", "sitegen.intake:load"),
    Stage("the reader", "sitegen.intake:read_source"),
    Stage("… its front matter", "sitegen.readers.markdown:split_front_matter"),
    Stage("the body to HTML", "sitegen.intake:render_body"),
    Stage("tagging", "sitegen.intake:tags_of"),
    Stage("the entry and its text, encoded", "sitegen.intake:copy_of"),
    Stage("the texts, written down", "sitegen.packs:PackWriter.close"),
    Stage("storing", "sitegen.accession:Accession._store"),
    Stage("settling", "sitegen.accession:settle"),
    Stage("what the change touches", "sitegen.catalog.pending:spread"),
    Stage("planning", "sitegen.planner.plan:Planner.plan"),
    Stage("planning", "sitegen.planner.plan:Planner.sweep"),
    Stage("the texts, read back", "sitegen.production:read_content"),
    Stage("the texts, read back", "sitegen.production:read_contents"),
    Stage("rendering", "sitegen.renderer:Renderer.render", lambda given: _ARTICLE if given[1] == "article" else _OTHER),
    Stage("feeds and other documents", "sitegen.production:make_document"),
    Stage("writing", "sitegen.production:write"),
    Stage("writing", "sitegen.production:write_stream"),
    Stage("keeping what was written", "sitegen.assembly:Assembly._keep"),
    Stage("taking it off the list", "sitegen.assembly:Assembly._settle"),
    Stage("the list of what is ours", "sitegen.assembly:Assembly.finish"),
    Stage("opening the catalog", "sitegen.builder:open_catalog"),
    Stage("closing the catalog", "sitegen.catalog.schema:Catalog.close"),
)
"""Time in an inner one counts there only."""

REST: Final = "all the rest"


@dataclass(slots=True)
class Clock:
    """The processor time spent in each stage, without the stages called from it.

    A busy machine lengthens wall time, and this hardly; in memory, where nothing waits for a disk, both are the same.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    _running: list[str] = field(default_factory=list)
    _since: float = 0.0

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Time the block as part of `stage`; the time of a block inside it counts there only."""
        self._pass()
        self._running.append(stage)
        try:
            yield
        finally:
            self._pass()
            self._running.pop()

    def _pass(self) -> None:
        now = time.process_time()
        if self._running:
            stage = self._running[-1]
            self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def timed(self, stage: Stage, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, timed; if it gives an iterator, the time until each of its items, too."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            label = stage.label(args)
            self.calls[label] = self.calls.get(label, 0) + 1
            with self.running(label):
                found = function(*args, **kwargs)
            return self._timed_items(label, found) if isinstance(found, Iterator) else found

        return call

    def _timed_items(self, label: str, items: Iterator[Any]) -> Iterator[Any]:
        while True:
            with self.running(label):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item


@contextmanager
def timing(clock: Clock) -> Iterator[None]:
    """Have the functions of `STAGES` keep time; one that is not there any more is told and left out."""
    with ExitStack() as undo:
        for stage in STAGES:
            module, _, path = stage.place.partition(":")
            *owners, name = path.split(".")
            try:
                owner: Any = importlib.import_module(module)
                for each in owners:
                    owner = getattr(owner, each)
                function = getattr(owner, name)
            except (ImportError, AttributeError):
                print(f"there is no {stage.place} any more; correct STAGES in {Path(__file__).name}", file=sys.stderr)
                continue
            setattr(owner, name, clock.timed(stage, function))
            undo.callback(setattr, owner, name, function)
        yield


def build_site(folder: Path) -> int:
    """Build a site in this process; the number of files written. An article with an error would falsify the figures."""
    from sitegen.builder import build
    from sitegen.config import Folders
    from sitegen.console import new_reporter
    from sitegen.settings_file import load_settings

    reporter = new_reporter("quiet", on_terminal=False)
    summary = build(Folders(site=folder), load_settings(folder), jobs=1, reporter=reporter, now=datetime.now(UTC))
    if summary.errors:
        raise SystemExit(f"the build found {summary.errors} errors, so there is nothing to measure")
    return summary.written


def files_below(folder: Path) -> list[tuple[str, int]]:
    """The files below a folder with their sizes."""
    found = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return [(path, os.stat(path).st_size) for path in sorted(found)]


def floor_of_reading(folder: Path) -> float:
    """Seconds that it takes to open and read all files below a folder."""
    files = files_below(folder)
    started = time.process_time()
    for path, size in files:
        handle = os.open(path, os.O_RDONLY)
        os.read(handle, size)
        os.close(handle)
    return time.process_time() - started


def floor_of_writing(folder: Path, copy: Path, *, renaming: bool) -> float:
    """Seconds that it takes to write files of the same sizes to new places; `renaming` as a careful writer does it."""
    files = files_below(folder)
    blob = bytes(max(size for _, size in files))
    started = time.process_time()
    made: set[str] = set()
    for path, size in files:
        target = os.path.join(copy, os.path.relpath(path, folder))
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        first = os.path.join(copy, "partial") if renaming else target
        handle = os.open(first, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.write(handle, blob[:size])
        os.close(handle)
        if renaming:
            os.replace(first, target)
    return time.process_time() - started


def measure(contestant: Contestant, articles: int, work: Path) -> dict[str, Any]:
    """Seconds by stage, of the whole build and of the floor."""
    # What happens once, such as importing and compiling templates, is no cost of an article.
    Site(contestant, work / "first", Newsroom(seed=SEED, total=20), 20)
    build_site(work / "first")
    site = work / "site"
    Site(contestant, site, Newsroom(seed=SEED, total=articles), articles)
    clock = Clock()
    with timing(clock), clock.running(REST):
        written = build_site(site)
    output = site / contestant.output
    return {
        "articles": articles, "written": written, "seconds": clock.seconds, "calls": clock.calls,
        "floor": {
            "reading the sources": floor_of_reading(site / contestant.articles),
            "writing the pages": floor_of_writing(output, work / "plain", renaming=False),
            "writing and renaming them": floor_of_writing(output, work / "careful", renaming=True),
        },
    }  # fmt: skip


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    """The figures as a table in Markdown."""
    articles = found["articles"]
    total = sum(found["seconds"].values())
    yield f"{articles:,} articles, {found['written']:,} files, one process, {total:.2f} s of its processor\n"
    names = [label for stage in STAGES for label in sorted(found["seconds"]) if label.startswith(stage.name)]
    cells = [[label, f"{found['calls'].get(label, 0):,}", f"{found['seconds'][label] / articles * 1e6:,.0f}",
              f"{found['seconds'][label] / total:.0%}"] for label in dict.fromkeys([*names, REST])]  # fmt: skip
    cells.append(["together", "", f"{total / articles * 1e6:,.0f}", "100%"])
    cells += [[f"floor: {name}", "", f"{spent / articles * 1e6:,.0f}", ""] for name, spent in found["floor"].items()]
    yield from rows(["stage", "calls", "µs per article", "share"], cells, numbers_from=1)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Where a clean build's time goes, stage by stage.")
    parser.add_argument("--articles", type=int, default=2_000, help="the size of the archive (2000)")
    parser.add_argument("--corpus", choices=CORPORA, default=CORPORA[0], help="what sitegen reads (%(default)s)")
    parser.add_argument("--profile", choices=PROFILES, default="equal", help="which settings (equal)")
    parser.add_argument("--work", type=Path, default=default_work(), help="where the site is made (%(default)s)")
    parser.add_argument("--json", type=Path, help="a file to write all figures to")
    options = parser.parse_args()
    sys.path.insert(0, str(CHECKOUT))
    with tempfile.TemporaryDirectory(prefix="sitegen-stages-", dir=options.work) as folder:
        found = measure(sitegen(options.profile, layout=options.corpus), options.articles, Path(folder))
    print("\n".join(lines_of(found)))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
