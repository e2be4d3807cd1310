"""What the benchmark found, as tables in Markdown: medians of the runs, and ratios of the same run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from itertools import groupby
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One build of one site."""

    tool: str
    articles: int
    """How many the archive had before this run's changes."""
    step: str
    run: int
    wall: float
    cpu: float
    """Seconds."""
    peak_mb: float
    files: int
    """All files in the output."""
    bytes: int
    written: int
    """Those that this build wrote."""
    exit_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The runs of one step of one tool at one size; medians."""

    tool: str
    articles: int
    step: str
    runs: int
    wall: float
    wall_range: tuple[float, float]
    cpu: float
    peak_mb: float
    files: float
    files_per_article: float
    bytes: float
    written: float
    times_faster: dict[str, float]
    """By peer: its wall time divided by this tool's, run by run, then the median."""


def summarise(runs: Sequence[Run], peers: Iterable[str]) -> list[Summary]:
    """One summary for each size, step and tool, in the order of their first runs; failed builds do not count."""
    good = [run for run in runs if run.exit_status == 0]
    keys = dict.fromkeys((run.articles, run.step, run.tool) for run in good)
    peers = tuple(peers)
    order = {key[:2]: place for place, key in reversed(list(enumerate(keys)))}
    return [_summary(good, *key, peers) for key in sorted(keys, key=lambda key: order[key[:2]])]


def _summary(runs: Sequence[Run], articles: int, step: str, tool: str, peers: Sequence[str]) -> Summary:
    same = [run for run in runs if (run.articles, run.step) == (articles, step)]
    own = {run.run: run for run in same if run.tool == tool}
    ratios = {
        peer: [run.wall / own[run.run].wall for run in same if run.tool == peer and run.run in own] for peer in peers
    }
    walls = [run.wall for run in own.values()]
    files = median(run.files for run in own.values())
    return Summary(
        tool=tool, articles=articles, step=step, runs=len(own), wall=median(walls), wall_range=(min(walls), max(walls)),
        cpu=median(run.cpu for run in own.values()), peak_mb=median(run.peak_mb for run in own.values()), files=files,
        files_per_article=files / articles, bytes=median(run.bytes for run in own.values()),
        written=median(run.written for run in own.values()),
        times_faster={peer: median(values) for peer, values in ratios.items() if values and peer != tool},
    )  # fmt: skip


def table(summaries: Sequence[Summary], peers: Sequence[str]) -> Iterator[str]:
    """Lines of Markdown: what each step cost, and how many times faster than each peer a tool was."""
    for articles, group in groupby(summaries, key=lambda summary: summary.articles):
        shown = list(group)
        present = [peer for peer in peers if any(peer in summary.times_faster for summary in shown)]
        yield f"\n### {articles:,} articles, medians of {max(summary.runs for summary in shown)}\n"
        heads = ["step", "tool", "wall s", "CPU s", "peak MB", "files written"]
        heads += [f"faster than {peer}" for peer in present]
        yield from rows(heads, (_cells(summary, present) for summary in shown), numbers_from=2)
        yield ""
        cold = [summary for summary in shown if summary.step == "cold"]
        yield from rows(["tool", "files in the output", "per article", "MB"], (
            [summary.tool, f"{summary.files:,.0f}", f"{summary.files_per_article:.2f}", f"{summary.bytes / 1e6:,.1f}"]
            for summary in cold), numbers_from=1)  # fmt: skip


def _cells(summary: Summary, peers: Sequence[str]) -> list[str]:
    ratios = [_ratio(summary.times_faster[peer]) if peer in summary.times_faster else "" for peer in peers]
    return [summary.step, summary.tool, _seconds(summary.wall), _seconds(summary.cpu), f"{summary.peak_mb:,.0f}",
            f"{summary.written:,.0f}", *ratios]  # fmt: skip


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def _ratio(value: float) -> str:
    return f"{value:.1f}×" if value < 100 else f"{value:,.0f}×"


def rows(heads: Sequence[str], cells_of: Iterable[Sequence[str]], *, numbers_from: int) -> Iterator[str]:
    """Lines of a table in Markdown, none where there are no rows; columns from `numbers_from` on stand to the right."""
    cells = [list(heads), *map(list, cells_of)]
    if len(cells) == 1:
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for number, row in enumerate(cells):
        padded = [cell.ljust(width) if column < numbers_from else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
        yield f"| {' | '.join(padded)} |"
        if number == 0:
            ends = ["-" if column < numbers_from else ":" for column in range(len(widths))]
            rules = ["-" * (width - 1) + end for width, end in zip(widths, ends, strict=True)]
            yield f"| {' | '.join(rules)} |"


def as_json(value: Any) -> Any:
    """What `json.dumps` is to write for a `Run` or a `Summary`; numbers to four places."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    return as_json(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value
