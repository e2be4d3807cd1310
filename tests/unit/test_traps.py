"""The trap set: every text gives exactly the record that was written down before a reader saw it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.traps import faults, load_trap, read_trap

DATA = Path(__file__).parent / "data" / "traps"
TRAPS = [load_trap(path) for path in sorted(DATA.glob("*.trap"))]
_RIGHT_TO_LEFT_OR_CJK = ("ar", "fa", "he", "ur", "ja", "ko", "zh")


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap_gives_the_expected_record(trap: object) -> None:
    assert faults(trap, read_trap(trap)) == []  # type: ignore[arg-type]


def test_the_set_is_as_wide_as_it_is_meant_to_be() -> None:
    assert len(TRAPS) >= 60
    assert len({trap.trap for trap in TRAPS}) == len(TRAPS)
    assert sum(len(trap.articles) > 1 for trap in TRAPS) >= 10
    languages = [{article.language for article in read_trap(trap).articles} for trap in TRAPS]
    assert sum(any(code in _RIGHT_TO_LEFT_OR_CJK for code in codes) for codes in languages) >= 6
