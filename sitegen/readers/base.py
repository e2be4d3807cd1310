"""What every reader is given and gives: the contract of the reader table."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from sitegen.config import ReadingSettings, SourceSettings
from sitegen.records import Problem, Reading

__all__ = ["Reader", "ReadingSettings", "Score", "SourceSettings", "SourceText"]


class SourceText(Struct, frozen=True, kw_only=True):
    """One source file, decoded: line ends are LF, no byte-order mark."""

    file: str
    """Path relative to the site's `articles/`, with slashes."""
    text: str
    encoding: str = "utf-8"
    problems: tuple[Problem, ...] = ()


class Score(Struct, frozen=True):
    """How sure a reader is that a source is in its layout: 0 (no) to 1 (certain), and why."""

    value: float
    why: str = ""


class Reader(Protocol):
    """A reader module: one input format."""

    NAME: str

    def recognise(self, source: SourceText) -> Score:
        """How well the source fits this layout; must be cheap (look at the beginning, or a sample)."""

    def read(self, source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
        """The articles in the source and its problems; never raises for bad input."""
