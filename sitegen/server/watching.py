"""Watches a site's sources and rebuilds it: one build at a time, and one more when something changed meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import watchfiles

from sitegen.server.channel import Channel, Outcome, Rebuild

_FOLDERS: Final = ("articles", "templates", "static")
_SETTINGS_FILES: Final = ("sitegen.toml", "pyproject.toml", "learned.toml")
_EDITORS_FILES: Final = ("~", ".swp", ".swx", ".tmp", ".part", ".crdownload")
_CHECK_EVERY: Final = 500
"""Milliseconds after which a watching thread looks whether it should end."""


class Watcher:
    """Rebuilds a site in the background until it is stopped; `say` is told what goes on, in sentences."""

    def __init__(self, site: Path, rebuild: Rebuild, channel: Channel, say: Callable[[str], None]) -> None:
        self._site = site.resolve()
        self._rebuild = rebuild
        self._channel = channel
        self._say = say
        self._stopped = threading.Event()
        self._wanted = threading.Event()
        self._moved = threading.Event()
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._others: frozenset[Path] = frozenset()
        self._in_site: frozenset[str] = frozenset((*_SETTINGS_FILES, *_FOLDERS))
        self._builder = threading.Thread(target=self._build, name="rebuild", daemon=True)

    def watch(self) -> None:
        """Begin to notice changes; called before the first build, so that none falls between the two."""
        for run in (self._watch_site, self._watch_folders):
            # A thread that waits for the operating system must not keep the program from ending.
            threading.Thread(target=run, name=run.__name__.strip("_"), daemon=True).start()

    def start_building(self, first: Outcome) -> None:
        """Build from now on whenever something changed; `first` is what the first build came to."""
        self._take(first)
        self._builder.start()

    def stop(self) -> None:
        """Begin no more builds."""
        self._stopped.set()
        self._moved.set()
        self._wanted.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the build under way; whether it has ended."""
        if self._builder.is_alive():
            self._builder.join(seconds)
        return not self._builder.is_alive()

    def _take(self, outcome: Outcome) -> None:
        self._channel.publish(outcome)
        files = [path.resolve() for path in outcome.watched]
        # The folder of the site itself, watched with all below it, would bring the output and the catalog with it.
        self._in_site |= {path.name for path in files if path.parent == self._site}
        usual = [self._site / name for name in _FOLDERS]
        others = frozenset(
            path.parent
            for path in files
            if path.parent != self._site and not any(path.is_relative_to(folder) for folder in usual)
        )
        if others != self._others:
            self._others = others
            self._moved.set()

    def _watch_site(self) -> None:
        """The settings, and folders of the site that come and go; what lies below is not watched here."""

        def wanted(_: watchfiles.Change, path: str) -> bool:
            return Path(path).name in self._in_site

        for names in self._changes((self._site,), wanted, recursive=False):
            if names & set(_FOLDERS):
                self._moved.set()
            if names:
                self._want(names)

    def _watch_folders(self) -> None:
        """The folders of sources, with all that is in them."""
        again = False
        while not self._stopped.is_set():
            self._moved.clear()
            folders = [self._site / name for name in _FOLDERS if (self._site / name).is_dir()]
            folders += [folder for folder in self._others if folder.is_dir()]
            if not folders:
                self._moved.wait()
            for number, names in enumerate(self._changes(folders, _is_source)):
                # What was put into a new folder before it was watched would go unnoticed.
                if names or (again and number == 0):
                    self._want(names)
            again = True

    def _changes(
        self, folders: Iterable[Path], wanted: Callable[[watchfiles.Change, str], bool], *, recursive: bool = True
    ) -> Iterable[set[str]]:
        """The names of what changed, relative to the site, until the watching must stop or begin anew.

        An empty set comes now and then as a sign that the watching has begun.
        """
        stop = self._moved if recursive else self._stopped
        try:
            for changes in watchfiles.watch(
                *folders,
                watch_filter=wanted,
                stop_event=stop,
                rust_timeout=_CHECK_EVERY,
                yield_on_timeout=True,
                recursive=recursive,
                raise_interrupt=False,
            ):
                yield {self._relative(Path(path)) for _, path in changes}
        except FileNotFoundError:
            return
        except (OSError, RuntimeError) as error:
            self._say(
                f"Changes can no longer be watched ({error}). Start again with WATCHFILES_FORCE_POLLING=1 set, "
                "or with --no-watch and build by hand."
            )
            self._stopped.wait()

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._site).as_posix() if path.is_relative_to(self._site) else str(path)

    def _want(self, names: set[str]) -> None:
        with self._lock:
            self._changed |= names
        self._wanted.set()

    def _build(self) -> None:
        while True:
            self._wanted.wait()
            if self._stopped.is_set():
                return
            # Cleared before the build looks at any file: what changes from here on asks for another build.
            self._wanted.clear()
            with self._lock:
                names, self._changed = tuple(sorted(self._changed)), set()
            self._take(self._rebuild(names))


def _is_source(_: watchfiles.Change, path: str) -> bool:
    """Whether a change matters: not that of an editor's own files, which come and go with each keystroke."""
    name = Path(path).name
    return not (name.startswith((".", "#")) or name.endswith(_EDITORS_FILES) or name == "4913")
