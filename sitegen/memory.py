"""How much memory a build takes: all its processes together, at the moment when they take most."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

_PAUSE = 0.1
"""Seconds between two looks."""
_GROWTH = 1.02
"""Only where resident sets grew by so much is it worth while to ask what processes share, which takes a thousand times as long."""
_FORGETTING = 0.997
"""So much of the largest resident sets is remembered from look to look: a process that has just begun seems to hold all of its
parent's memory, and what is taken later must not hide behind that."""


class MemoryWatch:
    """Looks at the memory of this process and of all that it starts, from `__enter__` to `__exit__`.

    Where the system tells it (Linux), that is the proportional set size: what several processes share is counted once.
    """

    def __init__(self) -> None:
        self.peak_kb = 0
        """The most that was seen."""
        self._resident = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        children = f"/proc/self/task/{threading.get_native_id()}/children"
        self.is_exact = Path(children).exists() and _pss_kb("self") > 0

    def __enter__(self) -> Self:
        if self.is_exact:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self.is_exact:
            self._thread.join()

    def peak_mb(self, workers: int) -> float:
        """The most so far, in MB.

        Where the system does not tell it, no more is known than a bound: the largest that this process has been, and
        `workers` times the largest that any process has been which it started and which has ended; 0 where not even that.
        """
        if self.is_exact:
            self._look(growth=0)
            return self.peak_kb / 1024
        return _largest_mb("RUSAGE_SELF") + workers * _largest_mb("RUSAGE_CHILDREN")

    def _run(self) -> None:
        while not self._done.wait(_PAUSE):
            self._look()

    def _look(self, growth: float = _GROWTH) -> None:
        processes = ["self", *_children()]
        resident = sum(map(_resident_pages, processes))
        self._resident *= _FORGETTING
        if resident > self._resident * growth:
            self._resident = max(resident, self._resident)
            self.peak_kb = max(self.peak_kb, sum(map(_pss_kb, processes)))


def _children() -> list[str]:
    found: list[str] = []
    with suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            # A thread that has just ended leaves its children to another one.
            with suppress(OSError), open(f"/proc/self/task/{thread}/children", encoding="ascii") as names:
                found += names.read().split()
    return found


def _resident_pages(process: str) -> int:
    with suppress(OSError, ValueError, IndexError), open(f"/proc/{process}/statm", encoding="ascii") as figures:
        return int(figures.read().split()[1])
    return 0


def _pss_kb(process: str) -> int:
    with suppress(OSError), open(f"/proc/{process}/smaps_rollup", encoding="ascii") as lines:
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0


def _largest_mb(who: str) -> float:
    try:
        import resource
    except ImportError:
        return 0.0
    usage: int = resource.getrusage(getattr(resource, who)).ru_maxrss
    return usage / (1 << 20 if sys.platform == "darwin" else 1 << 10)
