"""sitegen as users run it: a process of its own, with its output, its exit status and, for `serve`, its address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine."""


def required(what: str, *, found: bool) -> None:
    """Skip the test where something that it needs is not installed; where everything should be (`CI=true`), fail."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true says that nothing may be")
    pytest.skip(f"{what} is missing")


def environment() -> dict[str, str]:
    """The environment in which `python -m sitegen` is this checkout, whatever the working directory is."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def sitegen(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of sitegen to its end."""
    return subprocess.run(
        [sys.executable, "-m", "sitegen", *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=10 * PATIENCE,
    )


def eventually(test: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether the test comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if test():
            return True
        time.sleep(0.05)
    return test()


class Server:
    """`sitegen serve` under way; `lines` is what it printed so far."""

    def __init__(self, arguments: Sequence[str | Path], cwd: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "sitegen", *map(str, arguments)],
            cwd=cwd,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def url(self) -> str:
        """Where it serves, with a slash at the end; empty as long as it has not said so."""
        return next((found[0] for line in self.lines if (found := re.search(r"http://\S+/", line))), "")

    @property
    def printed(self) -> str:
        """Everything it printed so far."""
        return "".join(self.lines)

    def end(self) -> int:
        """End it as Ctrl-C does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self._reading.join()
            assert self.process.stdout is not None
            self.process.stdout.close()
        return status


@contextmanager
def serving(*arguments: str | Path, cwd: Path) -> Iterator[Server]:
    """`sitegen` with these arguments (`serve`, and its options), once it serves."""
    server = Server(arguments, cwd)
    try:
        assert eventually(lambda: bool(server.url) or server.process.poll() is not None), server.printed
        assert server.url, server.printed
        yield server
    finally:
        server.end()
