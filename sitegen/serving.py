"""Joins the builder and the local server: a site that is built again whenever something in it changes."""

from __future__ import annotations

import traceback
import webbrowser
from collections.abc import Callable, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
from msgspec.structs import replace

from sitegen import builder
from sitegen.config import Folders, Settings
from sitegen.console import LineReporter, Volume, new_reporter, plain, plain_lines, summary_lines
from sitegen.errors import SitegenError
from sitegen.problems import severity_of
from sitegen.records import Problem
from sitegen.report import Reporter, Summary
from sitegen.server import Channel, Outcome, Watcher, address, create_app, listen, serve
from sitegen.settings_file import load_settings

_FAULTS_SHOWN: Final = 20
_COMPARED: Final = 1000
"""Problems of each code of which it is known whether the build before told them."""
_LEDGER: Final = "articles/_ledger/"
_NAMES_SHOWN: Final = 3
_PATIENCE: Final = 0.5
"""Seconds that a build under way at the end may take before a word is said about it."""


class FaultKeeper:
    """A `Reporter` that keeps the errors, for the banner in open pages, and passes on what was not told before.

    Every build reports all problems there are. An error is told each time, until it is mended; a thousand notes that
    were told by the build before would only hide it.
    """

    def __init__(self, inner: Reporter, told_before: Set[int]) -> None:
        self.stage = inner.stage
        self.advance = inner.advance
        self.say = inner.say
        self.most = None if inner.most is None else _COMPARED
        self.told: set[int] = set()
        self.news = False
        self._inner = inner
        self._told_before = told_before
        self._errors = 0
        self._kept: list[str] = []

    def problem(self, problem: Problem) -> None:
        """Keep the problem if it is an error, and pass it on."""
        key = hash(problem)
        self.told.add(key)
        self.news = self.news or key not in self._told_before
        if problem.severity == "error" or key not in self._told_before:
            self._inner.problem(problem)
        if problem.severity == "error":
            self._errors += 1
            if len(self._kept) < _FAULTS_SHOWN:
                self._kept.append(str(problem))

    def left_out(self, code: str, count: int) -> None:
        """Count errors, and pass the number on at first."""
        if severity_of(code) == "error":
            self._errors += count
        if not self._told_before:
            self._inner.left_out(code, count)

    def faults(self) -> tuple[str, ...]:
        """The errors, a line each, and how many more there are."""
        more = self._errors - len(self._kept)
        return (*self._kept, *((f"… and {more:,} more",) if more else ()))


class Rebuilding:
    """Builds one site again and again; whatever goes wrong is told and shown, and the next build may put it right."""

    def __init__(self, folders: Folders, *, jobs: int | None, search: bool = True, volume: Volume, on_terminal: bool) -> None:
        self._folders = folders
        self._search = search
        self._jobs = jobs
        self._volume = volume
        self._on_terminal = on_terminal
        self._settings = Settings()
        self._first = True
        self._told: Set[int] = frozenset()

    def base(self) -> str:
        """The path under which the site will be published, without slashes around it."""
        return urlsplit(self._settings.base_url).path.strip("/")

    def __call__(self, names: tuple[str, ...]) -> Outcome:
        """Build after the files `names` changed."""
        reporter = (
            new_reporter(self._volume, on_terminal=self._on_terminal)
            if self._first
            else LineReporter(self._volume, progress=False)
        )
        keeper = FaultKeeper(reporter, self._told)
        try:
            summary = self._build(keeper)
        except SitegenError as error:
            reporter.close()
            return self._failed(str(error))
        except Exception as error:  # a fault of sitegen must not end a session of writing
            reporter.close()
            click.echo(traceback.format_exc(), err=True)
            return self._failed(f"sitegen itself failed, which is a bug: {error!r}")
        reporter.close()
        changed = bool(summary.written or summary.removed)
        # A build writes into the ledger, which is watched too; the build that follows from that is nobody's business.
        if changed or keeper.news or not all(name.startswith(_LEDGER) for name in names) or self._first:
            self._tell(names, summary)
        self._first, self._told = False, keeper.told
        return Outcome(changed=changed, faults=keeper.faults(), watched=self._pages())

    def _build(self, reporter: Reporter) -> Summary:
        settings = load_settings(self._folders.site)
        self._settings = replace(settings, search=settings.search and self._search)
        return builder.build(self._folders, self._settings, jobs=self._jobs, reporter=reporter, now=datetime.now(UTC))

    def _failed(self, message: str) -> Outcome:
        click.echo(plain_lines(message), err=True)
        click.echo("The site stays as it is until this is mended.", err=True)
        return Outcome(changed=False, faults=tuple(message.splitlines()), watched=self._pages())

    def _tell(self, names: tuple[str, ...], summary: Summary) -> None:
        if self._volume == "quiet":
            return
        if self._first or self._volume == "verbose":
            click.echo("\n".join(summary_lines(summary)))
            return
        more = len(names) - _NAMES_SHOWN
        shown = ", ".join(names[:_NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
        seconds = sum(summary.seconds.values())
        click.echo(plain(f"{shown or 'Something'} changed: {summary.written:,} files written, "
                         f"{summary.removed:,} removed, {seconds:.2f} s"))  # fmt: skip

    def _pages(self) -> tuple[Path, ...]:
        names = (*(page.file for page in self._settings.pages), *(file.name for file in self._settings.reading.layouts))
        return tuple(self._folders.site / name for name in names)


def serve_site(
    rebuild: Rebuilding,
    folders: Folders,
    *,
    host: str,
    port: int,
    watch: bool,
    open_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Build, serve and, if asked to, watch until Ctrl-C."""
    listening = listen(host, port)
    url = address(listening, host)
    channel = Channel()
    watcher = Watcher(folders.site, rebuild, channel, say)
    if watch:
        watcher.watch()
    first = rebuild(())
    if watch:
        watcher.start_building(first)
    taken = port and f":{port}/" not in url
    say(f"{f'Port {port} is taken. ' if taken else ''}Serving {folders.output} at {url} (Ctrl-C ends it)")
    if open_browser:
        webbrowser.open(url)
    app = create_app(folders.output, channel if watch else None, base=rebuild.base)

    def ending() -> None:
        channel.close()
        watcher.stop()

    serve(app, listening, ending=ending)
    watcher.stop()
    if not watcher.wait(_PATIENCE):
        say("Finishing the build under way; Ctrl-C again leaves it, and the next build goes on from there.")
        watcher.wait()
