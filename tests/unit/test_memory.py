"""What a build is said to take in memory: all its processes together, and what they share once."""

from __future__ import annotations

import mmap
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sitegen.console import summary_lines
from sitegen.memory import MemoryWatch
from sitegen.report import Summary
from tests.processes import eventually
from tests.support import build_site, dump, put

ROOT = Path(__file__).parents[2]
MB = 1 << 20
HOLD = """
import mmap, sys
with open(sys.argv[1], "rb") as opened:
    kept = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
held = bytes(range(256)) * (int(sys.argv[2]) << 12)
pages = sum(kept[::4096])
print(flush=True)
sys.stdin.read()
"""
pytestmark = pytest.mark.skipif(not MemoryWatch().is_exact, reason="the system does not tell what processes share")


@contextmanager
def holding(file: Path, megabytes: int) -> Iterator[None]:
    """A child that has read a file into its memory and holds so much of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file), str(megabytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdout.readline()
        yield
        child.stdin.close()


def wait_for_a_look(watch: MemoryWatch, least: float) -> None:
    assert eventually(lambda: watch.peak_mb(1) >= least)


def share_and_hold(tmp_path: Path) -> None:
    """What processes share is counted once, and what they hold each."""
    shared = tmp_path / "shared"
    shared.write_bytes(bytes(100 * MB))
    with MemoryWatch() as alone:
        before = alone.peak_mb(1)
    with (
        MemoryWatch() as watch,
        shared.open("rb") as opened,
        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as kept,
    ):
        assert sum(kept[::4096]) == 0
        with holding(shared, 40), holding(shared, 40):
            grown = watch.peak_mb(1) - before
    # The last fiftieth of what is resident may go unseen.
    assert 100 + 40 + 40 - 20 < grown < 100 + 40 + 40 + 60


def hold_in_turn(tmp_path: Path) -> None:
    """What was held at different moments is not added up."""
    shared = tmp_path / "shared"
    shared.write_bytes(bytes(4096))
    with MemoryWatch() as watch:
        before = watch.peak_mb(1)
        for _ in range(3):
            with holding(shared, 60):
                wait_for_a_look(watch, before + 60)
        grown = watch.peak_mb(1) - before
    assert 60 < grown < 60 + 30


def hold_unasked(_: Path) -> None:
    """The watch looks by itself."""
    with MemoryWatch() as alone:
        before = alone.peak_mb(1)
    with MemoryWatch() as watch:
        held = bytes(range(256)) * (80 << 12)
        assert eventually(lambda: watch.peak_kb / 1024 > before + 60)
        del held


@pytest.mark.parametrize("what", [share_and_hold, hold_in_turn, hold_unasked], ids=lambda what: str(what.__name__))
def test_a_watch_tells_what_is_taken(what: Callable[[Path], None], tmp_path: Path) -> None:
    # In a process of its own: other tests have started some in this one, a browser perhaps, which end when they like.
    subprocess.run([sys.executable, "-m", "tests.unit.test_memory", what.__name__, str(tmp_path)], cwd=ROOT, check=True)


def test_a_build_tells_what_it_took_and_that_a_bound_is_one(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.txt": dump("Ships met")})
    summary = build_site(tmp_path).summary
    assert 10 < summary.peak_memory_mb < 2000
    assert f"peak memory {summary.peak_memory_mb:.0f} MB" in list(summary_lines(summary))[-1]
    bound = Summary(peak_memory_mb=300.0, memory_is_measured=False)
    assert "peak memory at most 300 MB" in list(summary_lines(bound))[-1]


def test_where_nothing_tells_what_is_shared_a_bound_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.memory._pss_kb", lambda _: 0)
    with MemoryWatch() as watch:
        assert not watch.is_exact
        none, two = watch.peak_mb(0), watch.peak_mb(2)
    assert 10 < none <= two


if __name__ == "__main__":
    {each.__name__: each for each in (share_and_hold, hold_in_turn, hold_unasked)}[sys.argv[1]](Path(sys.argv[2]))
