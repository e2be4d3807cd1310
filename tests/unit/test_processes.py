"""Worker processes: whenever one of them is killed, what was submitted fails at once, and nothing is printed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest

from sitegen.processes import Processes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no signals to stop and kill a process with")
LONG = bytes(8 << 20)
"""More than fits into any connection that nobody reads from."""
PATIENCE = 60
"""Seconds; what takes longer hangs."""


def nothing() -> None:
    pass


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for(path: str) -> str:
    while not Path(path).exists():
        time.sleep(0.01)
    return path


class StrictError(Exception):
    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def fail_strictly() -> None:
    raise StrictError(reason="what is wrong")


@pytest.fixture
def pool(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[int], Processes]]:
    """What makes pools, and asks in the end that nothing was printed. A thread that ends with an error fails the test anyway."""
    made: list[Processes] = []

    def make(count: int, begin: Callable[[], None] = nothing) -> Processes:
        made.append(Processes(count, begin))
        return made[-1]

    yield make
    for each in made:
        each.shutdown(cancel_futures=True)
    assert capfd.readouterr() == ("", "")


def is_broken(future: Future[Any]) -> bool:
    return isinstance(future.exception(PATIENCE), BrokenExecutor)


def kill(process: int) -> None:
    """Kill a worker, and wait until it is dead; it stays a zombie until the pool is told."""
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class Fatal:
    """An argument that kills a worker while it is handed in, once the pool knows of it."""

    def __init__(self, worker: int, first: Future[Any]) -> None:
        self.worker, self.first = worker, first

    def __reduce__(self) -> tuple[type[bytes], tuple[()]]:
        kill(self.worker)
        assert is_broken(self.first)
        return bytes, ()


def test_a_worker_is_killed_while_a_long_job_is_sent_to_it(pool: Callable[[int], Processes]) -> None:
    processes = pool(1)
    worker = processes.submit(os.getpid).result(PATIENCE)
    os.kill(worker, signal.SIGSTOP)
    futures = [processes.submit(len, LONG) for _ in range(5)]
    kill(worker)
    assert all(map(is_broken, futures))
    with pytest.raises(BrokenExecutor):
        processes.submit(len, b"")


def test_a_worker_is_killed_while_a_job_is_handed_in(pool: Callable[[int], Processes], tmp_path: Path) -> None:
    processes = pool(1)
    worker = processes.submit(os.getpid).result(PATIENCE)
    first = processes.submit(wait_for, f"{tmp_path}/never")
    with pytest.raises(BrokenExecutor):
        processes.submit(repr, Fatal(worker, first))


def test_a_worker_is_killed_while_another_is_started(
    pool: Callable[[int], Processes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = pool(2)
    worker = processes.submit(os.getpid).result(PATIENCE)
    first = processes.submit(wait_for, f"{tmp_path}/never")
    start = SpawnProcess.start

    def start_and_kill(process: SpawnProcess) -> None:
        kill(worker)
        start(process)
        assert not first.done()

    monkeypatch.setattr(SpawnProcess, "start", start_and_kill)
    second = processes.submit(wait_for, f"{tmp_path}/never")
    assert is_broken(first)
    assert is_broken(second)


def test_a_worker_is_killed_as_soon_as_it_starts(pool: Callable[..., Processes]) -> None:
    assert is_broken(pool(2, die).submit(os.getpid))


def test_a_worker_is_killed_that_has_no_job(pool: Callable[[int], Processes]) -> None:
    processes = pool(1)
    kill(processes.submit(os.getpid).result(PATIENCE))
    assert is_broken(processes.submit(os.getpid))


def test_the_other_workers_go_with_one_that_is_killed(pool: Callable[[int], Processes], tmp_path: Path) -> None:
    processes = pool(2)
    futures: list[Future[Any]] = [processes.submit(_tell_and_wait, f"{tmp_path}/{number}") for number in range(2)]
    workers = [int(_read(tmp_path / str(number))) for number in range(2)]
    futures += [processes.submit(os.getpid) for _ in range(20)]
    os.kill(workers[0], signal.SIGKILL)
    assert all(is_broken(future) for future in futures)
    processes.shutdown()
    assert not any(is_alive(worker) for worker in workers)


def _tell_and_wait(path: str) -> None:
    Path(f"{path}.part").write_text(str(os.getpid()), encoding="ascii")
    Path(f"{path}.part").rename(path)
    wait_for(f"{path}.never")


def _read(path: Path) -> str:
    return Path(wait_for(str(path))).read_text(encoding="ascii")


def test_a_worker_does_not_hear_of_ctrl_c(pool: Callable[[int], Processes]) -> None:
    processes = pool(1)
    worker = processes.submit(os.getpid).result(PATIENCE)
    os.kill(worker, signal.SIGINT)
    assert processes.submit(os.getpid).result(PATIENCE) == worker


def test_an_error_comes_through_even_if_it_cannot_be_made_anew(pool: Callable[[int], Processes]) -> None:
    processes = pool(1)
    with pytest.raises(ValueError, match="invalid literal") as caught:
        processes.submit(int, "x").result(PATIENCE)
    assert "_answer" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match=r"fail_strictly[^$]*StrictError: what is wrong"):
        processes.submit(fail_strictly).result(PATIENCE)
    assert processes.submit(len, LONG).result(PATIENCE) == len(LONG)


def test_long_jobs_with_long_answers_do_not_wait_for_each_other(pool: Callable[[int], Processes]) -> None:
    processes = pool(2)
    futures = [processes.submit(bytes.lower, LONG) for _ in range(8)]
    assert all(future.result(PATIENCE) == LONG for future in futures)


def test_no_job_waits_behind_another_while_a_worker_has_none(pool: Callable[[int], Processes], tmp_path: Path) -> None:
    processes = pool(2)
    held = processes.submit(wait_for, f"{tmp_path}/go")
    for _ in range(20):
        processes.submit(os.getpid).result(PATIENCE)
    (tmp_path / "go").touch()
    assert held.result(PATIENCE) == f"{tmp_path}/go"


def test_what_was_begun_is_finished_at_the_shutdown_and_nothing_else_if_so_wanted(
    pool: Callable[[int], Processes], tmp_path: Path
) -> None:
    processes = pool(1)
    begun = processes.submit(_tell_and_wait, str(tmp_path / "a"))
    _read(tmp_path / "a")
    waiting = [processes.submit(os.getpid) for _ in range(4)]
    processes.shutdown(wait=False, cancel_futures=True)
    (tmp_path / "a.never").touch()
    assert begun.result(PATIENCE) is None
    with pytest.raises(CancelledError):
        waiting[-1].result(PATIENCE)
    with pytest.raises(RuntimeError, match="shutdown"):
        processes.submit(os.getpid)
