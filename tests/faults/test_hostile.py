"""A megabyte of anything is read in linear time and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from tests.hostile import MEGABYTE, TIMES, Case, cases, each_phrase, is_linear, reading_seconds

CHECKOUT: Final = Path(__file__).parent.parent.parent
HANG: Final = 60.0
"""Seconds of the processor that no megabyte takes on any machine; how much faster it is, the benchmarks tell."""
UNUSUAL: Final = 10
"""How many times as long as most of its kind a phrase may take."""
EIGHT: Final = 8
MEMORY: Final = 200
"""Megabytes more than before."""
# What each run looks at; the slow one looks at all.
QUICK: Final = ("article:", "field:", "different:", "front matter:", "bytes:", "table, one line:")


@pytest.mark.parametrize("case", [case for case in cases() if case.name.startswith(QUICK)], ids=lambda case: case.name)
def test_an_eighth_of_a_megabyte_takes_linear_time(case: Case) -> None:
    smaller, larger = (reading_seconds(case, MEGABYTE // EIGHT // part) for part in (TIMES, 1))
    assert larger < HANG
    # Front matter that is refused as a whole is read key by key, so that its time has a step, below the limit.
    assert is_linear(larger, smaller) or case.name.startswith(("front matter:", "different: keys"))


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.name.startswith("article:")], ids=lambda case: case.name
)
def test_a_thousand_articles_too_short_to_be_any_are_told_or_read(case: Case) -> None:
    reading = read_source(case.file, case.make(MEGABYTE // EIGHT), ReadingSettings())
    assert reading.articles or reading.problems
    if any(problem.code == "W208" for problem in reading.problems):
        assert len(reading.articles) == 1


@pytest.mark.slow
def test_a_megabyte_of_anything_takes_linear_time_and_little_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.hostile"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == len(list(cases()))
    assert [each for each in found if each["whole"] > HANG] == []
    assert [each for each in found if not is_linear(each["whole"], each["quarter"])] == []
    assert found[-1]["peak_mb"] - found[0]["peak_mb"] < MEMORY


@pytest.mark.slow
def test_every_known_phrase_may_be_repeated() -> None:
    size = MEGABYTE // 16
    taken = {case.name: reading_seconds(case, size) for case in each_phrase()}
    usual = median(taken.values())
    assert {name: seconds for name, seconds in taken.items() if seconds > UNUSUAL * usual} == {}
