"""What a command costs: wall and processor time, peak memory of all its processes together, files that it wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LEAST_PAUSE: Final = 0.04
_SHARE_OF_A_CORE: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command cost; `cpu` counts the processes that it started, too."""

    wall: float
    cpu: float
    """Seconds."""
    peak_mb: float
    """Mebibytes, all processes together at one moment."""
    exit_status: int
    """Negative: the number of the signal that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A folder's files, and how many of them are new or newer than a moment."""

    files: int
    bytes: int
    written: int


def run_measured(
    command: Sequence[str], *, folder: Path, log: Path, environment: Mapping[str, str], limit: float
) -> Cost:
    """Run `command` in `folder`, its output added to `log`; after `limit` seconds it is ended by force.

    Needs `wait4`, which Windows does not have.
    """
    with log.open("ab") as output:
        started = time.perf_counter()
        # A session of its own tells its processes from all others.
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
            start_new_session=True,
        )  # fmt: skip
        watch = _MemoryWatch(process.pid)
        timer = threading.Timer(limit, _end, (process.pid,))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            timer.cancel()
            watch.stop()
        wall = time.perf_counter() - started
    # The process has been waited for: Popen need not look after it any more.
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall=wall, cpu=cpu, peak_mb=watch.peak_kb / 1024, exit_status=process.returncode)


def _end(session: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


class _MemoryWatch:
    """Samples the memory of a session's processes beside them, and takes a fiftieth of a core at most for it."""

    def __init__(self, session: int) -> None:
        self.peak_kb = 0
        self._session = session
        self._sample = memory_sampler()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch; `peak_kb` stays as it is from now on."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        pause = _LEAST_PAUSE
        while not self._done.wait(pause):
            started = time.thread_time()
            self.peak_kb = max(self.peak_kb, self._sample(self._session))
            pause = max(_LEAST_PAUSE, (time.thread_time() - started) / _SHARE_OF_A_CORE)


def memory_kind() -> str:
    """`PSS` where the system tells what processes share, else `RSS`, which counts that once for each."""
    return "PSS" if Path("/proc/self/smaps_rollup").exists() else "RSS"


def memory_sampler() -> Callable[[int], int]:
    """A function that gives the memory of a session's processes in KiB."""
    return _pss_kb if memory_kind() == "PSS" else _rss_kb


def _pss_kb(session: int) -> int:
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.getsid(int(name)) == session:
                with open(f"/proc/{name}/smaps_rollup", encoding="ascii") as lines:
                    total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            # The process has just ended.
            continue
    return total


def _rss_kb(session: int) -> int:
    listing = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=False).stdout
    rows = (line.split() for line in listing.splitlines())
    return sum(int(row[1]) for row in rows if len(row) == 2 and row[0] == str(session))


def survey(folder: Path, *, since_ns: int) -> Tree:
    """Count the files below `folder`; `written` are those whose time of change is later than `since_ns`."""
    files = size = written = 0
    for entry in _walk(folder):
        status = entry.stat(follow_symlinks=False)
        files += 1
        size += status.st_size
        written += status.st_mtime_ns > since_ns
    return Tree(files=files, bytes=size, written=written)


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    folders = [os.fspath(folder)]
    while folders:
        try:
            entries = os.scandir(folders.pop())
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield entry


def is_supported() -> bool:
    """Whether this system tells what a command and its children cost."""
    return sys.platform != "win32"
