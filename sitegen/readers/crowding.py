"""Marks of articles that stand too close for articles: a file of nothing else is one text, and no archive of thousands."""

from __future__ import annotations

from typing import Final

from sitegen.problems import report
from sitegen.records import Problem

__all__ = ["ONE_TEXT", "STEP", "crowded", "crowded_problem"]

STEP: Final = 3_000
"""How many articles a source may have before it is looked at: so many take less than a second, however short they are."""
ONE_TEXT: Final = "one text"
"""The layout of a reading that leaves its source to the reader of plain text, though it found marks in it."""
_FEWEST: Final = 140
"""Characters of an article, with all its labels, on the average: a megabyte of longer ones takes less than two seconds, too."""


def crowded(articles: int, characters: int) -> bool:
    """Whether so many articles in so many characters are none; to be asked at each further `STEP` of them."""
    return articles >= STEP and characters < articles * _FEWEST


def crowded_problem(file: str) -> Problem:
    """What is told of such a file."""
    hint = "marks of articles stand here without articles between them, and were read as one text; export the articles again"
    return report("W208", hint, file=file, line=1)
