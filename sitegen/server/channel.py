"""How open pages hear of a rebuild: one state, told to each of them as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

PING_EVERY: Final = 15.0
"""Seconds of silence after which a stream shows that it is alive."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What a rebuild came to."""

    changed: bool
    """Whether any file of the site is different now, so that open pages should be loaded again."""
    faults: tuple[str, ...] = ()
    """What a page's banner lists, a line each: errors in articles, or why nothing could be built."""
    watched: tuple[Path, ...] = ()
    """Files beside the usual ones that the site is made of, such as free pages."""


Rebuild = Callable[[tuple[str, ...]], Outcome]
"""Builds the site, given the names of the files that changed; it never raises for bad input."""


class State(Struct, frozen=True):
    """What open pages should show: a version that changes with the site, and the faults of the last build."""

    version: str
    faults: tuple[str, ...] = ()


class Channel:
    """Tells every open page of a new state. `publish` and `close` may be called from any thread."""

    def __init__(self) -> None:
        # A page from an earlier run of the server must not take this run's first state for its own.
        self._run = os.urandom(4).hex()
        self._number = 0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._lock = threading.Lock()
        self.state = State(f"{self._run}-0")

    def publish(self, outcome: Outcome) -> None:
        """Tell all open pages, if there is anything new to tell."""
        with self._lock:
            self._number += outcome.changed
            state = State(f"{self._run}-{self._number}", outcome.faults)
            if state == self.state:
                return
            self.state = state
        self._wake()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._renew)

    def _renew(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def events(self) -> AsyncIterator[bytes]:
        """The stream of server-sent events of one page: the state now, and each new one."""
        self._loop = asyncio.get_running_loop()
        told: State | None = None
        while not self._closed:
            news = self._news
            if self.state != told:
                told = self.state
                data = json.dumps({"version": told.version, "faults": told.faults})
                yield f"event: state\ndata: {data}\n\n".encode()
            else:
                # A line now and then lets the server notice that a page is gone.
                yield b": still here\n\n"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), PING_EVERY)
