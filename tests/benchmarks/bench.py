"""The benchmark: builds an invented archive with sitegen and its peers, cold and after changes, and compares them.

`python tests/benchmarks/bench.py --help` tells all; README.md beside this file tells how to read what it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contestants import INSTALL, PEERS, PROFILES, Contestant, peer, sitegen
from corpus import Newsroom
from measuring import is_supported, memory_kind
from sites import SEED, STEPS, Site
from tables import Run, as_json, summarise, table

CORPORA: Final = ("markdown", "dump")
FEWEST: Final = 10
"""Articles; each run changes other ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for."""

    sizes: tuple[int, ...]
    runs: int
    steps: tuple[str, ...]
    peers: tuple[str, ...]
    profiles: tuple[str, ...]
    corpus: str
    work: Path
    json: Path | None
    keep: bool
    limit: float


def measure_size(contestants: Sequence[Contestant], articles: int, folder: Path, options: Options) -> Iterator[Run]:
    """All steps of all contestants at one size. They take turns at each step, so that they meet the same machine."""
    newsroom = Newsroom(seed=SEED, total=articles)
    sites = []
    for contestant in contestants:
        print(f"{articles:,} articles for {contestant.name} …", file=sys.stderr)
        sites.append(Site(contestant, folder / f"{contestant.name}-{articles}", newsroom, articles))
    for run in range(options.runs):
        for step in options.steps:
            # Who begins changes from run to run.
            for place in range(len(sites)):
                site = sites[(place + run) % len(sites)]
                if site.works:
                    site.prepare(step, run)
                    made = site.build(step, run, limit=options.limit)
                    print(f"run {run + 1} {step:8} {made.tool:16} {made.wall:9.2f} s  {made.peak_mb:7.0f} MB  "
                          f"{made.written:9,} written", file=sys.stderr)  # fmt: skip
                    yield made
    if not options.keep:
        for site in sites:
            shutil.rmtree(site.folder)


def find_contestants(options: Options) -> list[Contestant]:
    """The programs to measure; tells which are left out and how to install them."""
    dumps = options.corpus == "dump"
    found = [sitegen(profile, layout=options.corpus) for profile in options.profiles]
    for name in options.peers:
        contestant = None if dumps else peer(name)
        if contestant is not None:
            found.append(contestant)
        else:
            why = "it cannot read raw dumps" if dumps else f"it is not installed; install it with: {INSTALL[name]}"
            print(f"{name} is left out: {why}", file=sys.stderr)
    return found


@contextmanager
def working_folder(options: Options) -> Iterator[Path]:
    """A new folder for the sites, removed at the end unless it is to be kept."""
    options.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="sitegen-bench-", dir=options.work))
    try:
        yield folder
    finally:
        if options.keep:
            print(f"the sites are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def machine(work: Path) -> dict[str, Any]:
    """What the figures depend on beside the programs."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version(),
            "file_system": file_system(work), "load_average": [round(value, 2) for value in load],
            "memory": memory_kind()}  # fmt: skip


def file_system(folder: Path) -> str:
    """The type of the file system that a folder is on; empty where it cannot be told."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best = ("", "")
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, place, kind, *_ = line.split()
        if folder.resolve().is_relative_to(place) and len(place) >= len(best[0]):
            best = (place, kind)
    return best[1]


def default_work() -> Path:
    """A folder in memory where there is one: a disk's own pace and habits would be measured too."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """The options on the command line."""
    parser = argparse.ArgumentParser(
        description="Build an invented archive with sitegen and its peers, cold and after changes, and compare them.",
        epilog="example: python tests/benchmarks/bench.py --sizes 1000,10000 --runs 3 --json results.json",
    )
    parser.add_argument("--sizes", default="10000", help="numbers of articles, with commas (10000)")
    parser.add_argument("--runs", type=int, default=3, help="how many times everything is done (3)")
    parser.add_argument("--steps", default=",".join(STEPS), help=f"which of {','.join(STEPS)} (all); cold comes first")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"which of {','.join(PEERS)} (all); none for none")
    parser.add_argument("--profile", default=",".join(PROFILES), help=f"which of {','.join(PROFILES)} (both)")
    parser.add_argument("--corpus", choices=CORPORA, default=CORPORA[0], help="what sitegen reads (%(default)s)")
    parser.add_argument("--work", type=Path, default=default_work(), help="where the sites are made (%(default)s)")
    parser.add_argument("--json", type=Path, help="a file to write all figures to")
    parser.add_argument("--limit", type=float, default=3_600, help="seconds after which a build is given up (3600)")
    parser.add_argument("--keep", action="store_true", help="keep the sites")
    given = parser.parse_args(arguments)
    options = Options(
        sizes=tuple(int(size) for size in _parts(given.sizes)), runs=given.runs,
        steps=tuple(step for step in STEPS if step == "cold" or step in _parts(given.steps)),
        peers=tuple(name for name in _parts(given.peers) if name != "none"), profiles=_parts(given.profile),
        corpus=given.corpus, work=given.work, json=given.json, keep=given.keep, limit=given.limit,
    )  # fmt: skip
    for name, values, known in (("--steps", _parts(given.steps), STEPS), ("--peers", options.peers, PEERS),
                                ("--profile", options.profiles, PROFILES)):  # fmt: skip
        unknown = set(values) - set(known)
        if unknown:
            parser.error(f"{name}: there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    if min(options.sizes, default=0) < FEWEST or not 1 <= options.runs <= min(options.sizes) // 2:
        parser.error(f"--sizes begin at {FEWEST} articles; --runs are 1 at least, and half the articles at most")
    return options


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip().replace("_", "") for part in text.split(",") if part.strip())


def main() -> int:
    """Measure what the command line asks for; the exit status is 1 if a build failed."""
    options = parse_options()
    if not is_supported():
        print("this system does not tell what a program and its children cost; use Linux or macOS", file=sys.stderr)
        return 2
    contestants = find_contestants(options)
    runs: list[Run] = []
    surroundings = machine(options.work)
    with working_folder(options) as folder:
        for size in options.sizes:
            runs.extend(measure_size(contestants, size, folder, options))
    summaries = summarise(runs, options.peers)
    tools = {contestant.name: contestant.version for contestant in contestants}
    print(f"{'; '.join(f'{name}: {version}' for name, version in tools.items())}\n{surroundings}")
    print("\n".join(table(summaries, options.peers)))
    if options.json:
        found = {"machine": surroundings, "tools": tools, "corpus": options.corpus,
                 "summaries": list(map(as_json, summaries)), "runs": list(map(as_json, runs))}  # fmt: skip
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return int(any(run.exit_status for run in runs))


if __name__ == "__main__":
    sys.exit(main())
