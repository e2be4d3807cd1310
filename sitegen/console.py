"""What the command line shows of a build: progress, problems and the closing summary.

Progress and problems go to standard error, the summary to standard output. A terminal gets a progress bar, but only
once a build has taken long enough to wonder; anything else gets plain lines. Nothing that an article says reaches the
terminal unescaped, since a control sequence in a headline could rewrite what the user reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import click
import msgspec

from sitegen.problems import severity_of
from sitegen.records import Problem, Reading, Severity
from sitegen.report import PlannedChange, Summary

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Volume = Literal["quiet", "normal", "verbose"]

SHOWN_OF_EACH_CODE: Final = 20
"""Problems of one code that are shown without `--verbose`."""
BAR_AFTER: Final = 0.4
"""Seconds before a progress bar appears; importing rich would double the time of a small build."""
LINE_EVERY: Final = 5.0
"""Seconds between two lines of progress where there is no terminal."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ORDER: Final[Mapping[Severity, int]] = MappingProxyType({"note": 0, "warning": 1, "error": 2})
_COLOURS: Final[Mapping[Severity, str]] = MappingProxyType({"note": "cyan", "warning": "yellow", "error": "red"})
_ROLE_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "headline": "green",
        "standfirst": "bright_green",
        "subhead": "green",
        "source": "blue",
        "source line": "blue",
        "byline": "magenta",
        "stamp": "cyan",
        "dateline": "cyan",
        "caption": "yellow",
        "credit": "yellow",
        "agency": "blue",
        "correction": "bright_yellow",
        "front matter": "cyan",
        "unknown": "red",
    }
)
_DROPPED_ROLES: Final = frozenset(("boilerplate", "furniture", "blank"))


def plain(text: str) -> str:
    """The text with control characters and changes of direction written out, fit for a terminal."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def plain_lines(text: str) -> str:
    """The text fit for a terminal, its line ends kept."""
    return "\n".join(map(plain, text.splitlines()))


def problem_line(problem: Problem) -> str:
    """The problem as one coloured line; the colour is left out where there is no terminal."""
    place, code, message = str(problem).partition(f" {problem.code} ")
    return f"{plain(place)}{click.style(code, fg=_COLOURS[problem.severity])}{plain(message)}"


class ProblemReport:
    """The problems of a run: of each code the first few by place, and how many there are.

    Which are kept does not depend on the order in which workers found them, and thousands take no more memory than a
    few.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._kept: dict[str, list[Problem]] = {}

    def add(self, problem: Problem) -> None:
        """Count the problem, and keep it if it is among the first of its code."""
        self._counts[problem.code] += 1
        kept = self._kept.setdefault(problem.code, [])
        kept.append(problem)
        if len(kept) >= 4 * SHOWN_OF_EACH_CODE:
            kept.sort(key=_place)
            del kept[SHOWN_OF_EACH_CODE:]

    def leave_out(self, code: str, count: int) -> None:
        """Count problems of which nothing else is known."""
        self._counts[code] += count

    def lines(self) -> Iterator[str]:
        """What to print, a line each; the worst come last, next to the summary."""
        shown = [problem for kept in self._kept.values() for problem in sorted(kept, key=_place)[:SHOWN_OF_EACH_CODE]]
        shown.sort(key=lambda problem: (_ORDER[problem.severity], *_place(problem)))
        yield from map(problem_line, shown)
        for code, count in sorted(self._counts.items()):
            if count > SHOWN_OF_EACH_CODE:
                yield f"… and {count - SHOWN_OF_EACH_CODE:,} more {code}; --verbose shows all"


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.message


class LineReporter:
    """A `Reporter` that writes plain lines, for pipes, logs and tests."""

    def __init__(self, volume: Volume, *, progress: bool = True) -> None:
        self._report = ProblemReport()
        self._volume = volume
        self._progress = progress and volume != "quiet"
        self._name = ""
        self._total: int | None = None
        self._done = 0
        self._began = self._next_line = 0.0

    def stage(self, name: str, total: int | None) -> None:
        """A line that names the stage and its steps; a stage without steps is over before anybody could read it."""
        self._name, self._total, self._done = name, total, 0
        self._began = monotonic()
        self._next_line = self._began + LINE_EVERY
        if self._progress and total:
            self._write(f"{name}: {total:,}")

    def advance(self, steps: int = 1) -> None:
        """A line every few seconds, with the rate and the time left."""
        self._done += steps
        now = monotonic()
        if self._progress and now >= self._next_line:
            self._next_line = now + LINE_EVERY
            self._write(f"{self._name}: {_progress(self._done, self._total, now - self._began)}")

    def problem(self, problem: Problem) -> None:
        """Keep the problem for `close`; with `--verbose`, show it at once, so that a million take no memory."""
        if self._volume == "verbose":
            self._echo(problem_line(problem))
        elif self._volume == "normal" or problem.severity == "error":
            self._report.add(problem)

    @property
    def most(self) -> int | None:
        """As many problems of each code as are shown."""
        return None if self._volume == "verbose" else SHOWN_OF_EACH_CODE

    def left_out(self, code: str, count: int) -> None:
        """Keep the number for `close`."""
        if self._volume != "quiet" or severity_of(code) == "error":
            self._report.leave_out(code, count)

    def say(self, message: str) -> None:
        """The sentence on a line of its own."""
        if self._volume != "quiet":
            self._write(message)

    def close(self) -> None:
        """Write the problems."""
        for line in self._report.lines():
            click.echo(line, err=True)

    def _write(self, line: str) -> None:
        self._echo(plain(line))

    def _echo(self, line: str) -> None:
        click.echo(line, err=True)


def _progress(done: int, total: int | None, seconds: float) -> str:
    """How far a stage is: `300 of 1,200 (60/s, 15 s left)`."""
    speed = done / seconds if seconds > 0 else 0.0
    if total is None:
        return f"{done:,} ({_rate(speed)})"
    left = f", {max(0, total - done) / speed:,.0f} s left" if speed else ""
    return f"{done:,} of {total:,} ({_rate(speed)}{left})"


def _rate(speed: float) -> str:
    return f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s"


class BarReporter(LineReporter):
    """A `Reporter` that shows a progress bar for each stage, with its rate and the time left."""

    def __init__(self, volume: Volume) -> None:
        super().__init__(volume)
        self._bar_from = monotonic() + BAR_AFTER
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        """The bar of the stage before is finished, the next begins."""
        self._end_bar()
        self._name, self._total, self._done = name, total, 0
        if self._bar is not None:
            self._task = self._bar.add_task(name, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar, or show it once the build takes long enough."""
        self._done += steps
        if self._bar is None and monotonic() >= self._bar_from:
            self._bar = _new_bar()
            self._bar.start()
            self._task = self._bar.add_task(self._name, total=self._total, completed=self._done)
        elif self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)

    def _end_bar(self) -> None:
        """What a stage found out not to need is done as well: a bar that stops short of its end looks like a fault."""
        if self._bar is not None and self._task is not None:
            if self._total is not None:
                self._bar.update(self._task, completed=self._total)
            self._bar.stop_task(self._task)

    def close(self) -> None:
        """Take the bar away and write the problems."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        super().close()

    def _echo(self, line: str) -> None:
        if self._bar is None:
            super()._echo(line)
        else:
            # A line between two refreshes of the bar must go through rich, or the bar would be torn.
            self._bar.console.out(line, highlight=False)


def _new_bar() -> Progress:
    # Importing rich takes as long as building ten articles, and most builds are over before a bar is due.
    from rich import progress as bars
    from rich.console import Console
    from rich.text import Text

    class Steps(bars.ProgressColumn):
        """`300 of 1,200`, and nothing for a stage without steps."""

        def render(self, task: bars.Task) -> Text:
            total = "" if task.total is None else f" of {task.total:,.0f}"
            return Text(f"{task.completed:,.0f}{total}" if total or task.completed else "", style="progress.download")

    class Rate(bars.ProgressColumn):
        """Steps in a second."""

        def render(self, task: bars.Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(_rate(speed) if speed else "", style="progress.data.speed")

    return bars.Progress(
        bars.TextColumn("{task.description:<8}"),
        bars.BarColumn(),
        Steps(),
        Rate(),
        bars.TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        transient=True,
    )


def new_reporter(volume: Volume, *, on_terminal: bool) -> LineReporter:
    """What reports a build: with a progress bar on a terminal, in plain lines elsewhere."""
    return BarReporter(volume) if on_terminal and volume != "quiet" else LineReporter(volume)


def reading_lines(reading: Reading, problems: tuple[Problem, ...], shown: str, *, headed: bool = True) -> Iterator[str]:
    """Each line of a source with its role, under the source's name and its layout if it is `headed`."""
    why = f" ({plain(reading.why)})" if reading.why else ""
    if headed:
        yield f"{click.style(plain(shown), bold=True)}  {plain(reading.layout) or 'not read'}{why}"
    width = max((len(role.role) for role in reading.roles), default=0)
    for role in reading.roles:
        colour = _ROLE_COLOURS.get(role.role)
        dropped = role.role in _DROPPED_ROLES or None
        note = click.style(f"  [{plain(role.note)}]", fg="cyan") if role.note else ""
        text = click.style(plain(role.text), fg=colour, dim=dropped)
        yield f"{role.line:5}  {click.style(f'{role.role:{width}}', fg=colour, dim=dropped)}  {text}{note}".rstrip()
    yield from map(problem_line, problems)


def summary_lines(summary: Summary) -> Iterator[str]:
    """What the build did, in four lines."""
    yield _sources_line(summary)
    written = _count(summary.written, "file")
    same = f"{summary.same:,} made again without a change, " if summary.same else ""
    yield f"{written} written, {same}{summary.removed:,} removed"
    yield _problem_counts(summary)
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in summary.seconds.items())
    at_most = "" if summary.memory_is_measured else "at most "
    yield (
        f"{sum(summary.seconds.values()):.2f} s{f' ({stages})' if stages else ''}, "
        f"peak memory {at_most}{summary.peak_memory_mb:.0f} MB, {_count(summary.jobs, 'job')}"
    )


def profile_json(summary: Summary) -> bytes:
    """The figures of a build as indented JSON, stage by stage; `--profile` writes it."""
    steps = {"read": summary.sources_read, "write": summary.pages}
    figures = {
        "stages": [
            {"stage": name, "seconds": round(seconds, 4), "cpu_seconds": round(summary.cpu_seconds.get(name, 0.0), 4),
             "steps": steps.get(name), "steps_per_second": round(steps[name] / seconds, 1) if steps.get(name) and seconds else None}
            for name, seconds in summary.seconds.items()
        ],
        "seconds": round(sum(summary.seconds.values()), 4),
        "cpu_seconds": round(sum(summary.cpu_seconds.values()), 4),
        "worker_cpu_seconds": round(summary.worker_cpu_seconds, 4), "jobs": summary.jobs,
        "peak_memory_mb": summary.peak_memory_mb, "memory_is_measured": summary.memory_is_measured, "articles": summary.articles,
        "sources": {"read": summary.sources_read, "unchanged": summary.sources_unchanged, "gone": summary.sources_removed},
        "files": {"written": summary.written, "as_before": summary.same, "removed": summary.removed},
        "problems": {"errors": summary.errors, "warnings": summary.warnings, "notes": summary.notes},
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n"


def preview_lines(summary: Summary) -> Iterator[str]:
    """What a build would do: a line for each file, then the numbers."""
    yield from map(_change_line, summary.changes)
    yield _sources_line(summary)
    actions = Counter(change.action for change in summary.changes)
    new = _count(actions["new"], "new file")
    yield f"would write {new}, change {actions['change']:,}, remove {actions['remove']:,}; nothing was written"
    yield _problem_counts(summary)


def _sources_line(summary: Summary) -> str:
    read = f"{_count(summary.sources_read, 'source')} read, {summary.sources_unchanged:,} unchanged"
    articles = f"; {_count(summary.articles, 'article')}" if summary.articles else ""
    return f"{read}, {summary.sources_removed:,} gone{articles}"


def _change_line(change: PlannedChange) -> str:
    return plain(f"{change.action:<7} {change.path}  ({change.why})")


def _problem_counts(summary: Summary) -> str:
    parts = [
        _count(number, name)
        for number, name in ((summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note"))
        if number
    ]
    return ", ".join(parts) or "no problems"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
