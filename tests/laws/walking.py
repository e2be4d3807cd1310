"""Walking at random: as a test with the same walks each time, or with new ones for as long as there is time.

`python -m tests.laws.walking --minutes 20 --jobs 3 --deadly` walks and tells at the end how far.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from sitegen import renderer
from sitegen.catalog import shards, stretches
from sitegen.planner import terms
from sitegen.theme import template_stamp
from tests.laws.owner import Owner


def run_laws(
    root: Path, *, jobs: int = 1, walks: int, steps: int, same: bool = False, deadly: bool = False, search: bool = False
) -> Counter[str]:
    """Walk so many times so many steps; how much was done. `same` walks the same ways each time."""

    class Here(Owner):
        @invariant()
        def count_step(self) -> None:
            self.counts["steps"] += 1

    Here.root, Here.jobs, Here.deadly, Here.search, Here.counts = root, jobs, deadly, search, Counter()
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            derandomize=same,
            database=None,
            print_blob=not same,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return Here.counts


@contextmanager
def small_world() -> Iterator[None]:
    """Small sites meet the limits of large ones, and templates are parsed once."""
    # Each clean build would parse all templates again, which takes longer than everything else that it does.
    known: dict[bytes, Mapping[str, bytes]] = {}
    read_templates = renderer.template_digests

    def template_digests(folders: tuple[str, ...], _cache: str = "") -> Mapping[str, bytes]:
        stamp = template_stamp(folders)
        if stamp not in known:
            known[stamp] = read_templates(folders)
        return known[stamp]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(renderer, "template_digests", template_digests)
        for module, name, value in (
            (shards, "MOST", 3),
            (stretches, "MOST", 3),
            (terms, "INDEX_LIMIT", 4),
            (terms, "NEWEST", 2),
        ):
            patched.setattr(module, name, value)
        yield


def main() -> None:
    """Walk new ways until the time is over, or until a law is broken: then the shortest such walk is told."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--steps", type=int, default=40, help="of each walk")
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--deadly", action="store_true", help="most builds are killed or interrupted first")
    asked.add_argument("--search", action="store_true", help="with the search index")
    options = asked.parse_args()
    until = time.monotonic() + options.minutes * 60
    done: Counter[str] = Counter()
    with small_world(), tempfile.TemporaryDirectory(prefix="sitegen-laws-") as folder:
        while time.monotonic() < until:
            done += run_laws(
                Path(folder),
                jobs=options.jobs,
                walks=5,
                steps=options.steps,
                deadly=options.deadly,
                search=options.search,
            )
            print(", ".join(f"{number:,} {name}" for name, number in sorted(done.items())), flush=True)


if __name__ == "__main__":
    main()
