"""What a build shows of its progress, in lines and as bars."""

from __future__ import annotations

from io import StringIO
from itertools import count

import pytest
from rich.console import Console

from sitegen import console
from sitegen.console import BarReporter, LineReporter, summary_lines
from sitegen.report import Summary


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is six seconds after the last."""
    seconds = count(step=6)
    monkeypatch.setattr(console, "monotonic", lambda: float(next(seconds)))


@pytest.mark.usefixtures("clock")
def test_lines_tell_the_rate_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = LineReporter("normal")
    reporter.stage("read", 6_000)
    reporter.advance(1_200)
    reporter.stage("index", None)
    reporter.advance(3)
    assert capsys.readouterr().err.splitlines() == [
        "read: 6,000",
        "read: 1,200 of 6,000 (200/s, 24 s left)",
        "index: 3 (0.5/s)",
    ]


def shown(reporter: BarReporter) -> list[str]:
    """The lines of the bars, without the bars themselves."""
    assert reporter._bar is not None
    file = StringIO()
    Console(file=file, width=100).print(reporter._bar.get_renderable())
    return [
        " ".join(line.replace("━", "").replace("╸", "").replace("╺", "").split())
        for line in file.getvalue().splitlines()
    ]


@pytest.mark.usefixtures("clock")
def test_a_bar_is_full_when_its_stage_is_over() -> None:
    reporter = BarReporter("normal")
    reporter.stage("write", 1_200)
    reporter.advance(600)
    assert shown(reporter)[0].startswith("write 600 of 1,200")
    reporter.stage("finish", None)
    lines = shown(reporter)
    assert lines[0].startswith("write 1,200 of 1,200")
    assert lines[1].startswith("finish")
    assert "0" not in lines[1]
    reporter.close()


def test_only_files_that_were_made_again_are_told_to_be_as_they_were() -> None:
    assert list(summary_lines(Summary(written=2)))[1] == "2 files written, 0 removed"
    assert (
        list(summary_lines(Summary(written=2, same=3)))[1]
        == "2 files written, 3 made again without a change, 0 removed"
    )
