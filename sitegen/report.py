"""What a build tells while it runs and when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from sitegen.records import Problem


class Reporter(Protocol):
    """Hears of a build's progress; the command line shows it, a test keeps it."""

    @property
    def most(self) -> int | None:
        """How many problems of each code it wants to be told; None for all."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` is its number of steps where known."""

    def advance(self, steps: int = 1) -> None:
        """Steps of the current stage are done."""

    def problem(self, problem: Problem) -> None:
        """A problem was found."""

    def left_out(self, code: str, count: int) -> None:
        """So many more problems with a code were found, and not told one by one."""

    def say(self, message: str) -> None:
        """Something a user should know, in a sentence."""


class PlannedChange(Struct, frozen=True):
    """What a dry run would do to one output file, and why."""

    action: str
    """`new`, `change` or `remove`."""
    path: str
    why: str


class Summary(Struct, kw_only=True):
    """What a build did."""

    sources_read: int = 0
    sources_unchanged: int = 0
    sources_removed: int = 0
    articles: int = 0
    pages: int = 0
    written: int = 0
    """Files whose bytes changed or that are new."""
    same: int = 0
    """Pages rendered whose bytes were the same, and so left untouched."""
    removed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    seconds: dict[str, float] = {}
    """Wall seconds by stage."""
    cpu_seconds: dict[str, float] = {}
    """The main process's own processor seconds by stage; workers are not in them."""
    worker_cpu_seconds: float = 0.0
    """Processor seconds of all workers together."""
    peak_memory_mb: float = 0.0
    """What all processes took together, at the moment when it was most."""
    memory_is_measured: bool = True
    """Whether the peak was measured by what each process has to itself and its share of the rest (PSS). Else the system does not
    tell that, and the peak is a bound: the largest main process, and for each worker as much as the largest one had."""
    jobs: int = 1
    refused: bool = False
    """Nothing was written, because `strict` refuses what was found."""
    changes: Iterable[PlannedChange] = ()
    """Only of a dry run."""
