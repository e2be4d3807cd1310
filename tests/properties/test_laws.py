"""What a build owes, under random edits: incremental equals clean, nothing else is touched, nothing foreign is lost.

Each step of a walk changes the sources, the settings, the theme, the ledger, the catalog or the output as a user or a
crash might, and most steps build. `tests/laws/` has the steps, the laws, and a command that walks for longer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.walking import run_laws, small_world

can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    with small_world():
        yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_an_incremental_build_equals_a_clean_one(root: Path) -> None:
    run_laws(root, walks=16, steps=16, same=True)


def test_three_jobs_equal_a_clean_build_by_one(root: Path) -> None:
    run_laws(root, jobs=3, walks=2, steps=4, same=True)


def test_a_search_index_answers_as_one_of_a_clean_build(root: Path) -> None:
    run_laws(root, walks=4, steps=8, same=True, search=True)


@pytest.mark.slow
def test_an_incremental_build_equals_a_clean_one_at_length(root: Path) -> None:
    run_laws(root, walks=300, steps=30)


@pytest.mark.slow
def test_three_jobs_equal_a_clean_build_by_one_at_length(root: Path) -> None:
    run_laws(root, jobs=3, walks=15, steps=15)


@pytest.mark.slow
def test_a_search_index_answers_as_one_of_a_clean_build_at_length(root: Path) -> None:
    run_laws(root, walks=10, steps=12, search=True)


@pytest.mark.slow
@can_fork
def test_builds_that_die_at_every_turn_are_finished(root: Path) -> None:
    assert run_laws(root, walks=100, steps=20, deadly=True)["killed"]


@pytest.mark.slow
@can_fork
def test_builds_of_three_jobs_that_die_at_every_turn_are_finished(root: Path) -> None:
    assert run_laws(root, jobs=3, walks=5, steps=10, deadly=True)["killed"]
