"""Worker processes behind `concurrent.futures.Executor`, any of which may be killed at any moment.

The standard library's pool shares queues and tables among three threads of the caller's. Where a worker is killed while a job
is handed in or another worker is started, one of these threads can end with a traceback on the standard error, and leave
others waiting. Here each worker has a connection of its own and one thread that serves it, and what the threads share is
changed under one lock.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

_AT_ONCE = 2
"""Jobs that a worker has at a time, so that it need not wait for the next one."""


class Processes(Executor):
    """At most `count` worker processes, started the same way on every system, each when it is first needed.

    Each calls `begin` before its first job. When one ends without being asked to, all others are ended too, and what has no
    result yet raises `BrokenExecutor`, as does `submit` from then on.
    """

    def __init__(self, count: int, begin: Callable[[], None]) -> None:
        self._count, self._begin = count, begin
        self._changed = threading.Condition()
        self._queue: deque[tuple[Future[Any], bytes]] = deque()
        self._workers: list[_Worker] = []
        self._idle = 0
        self._closed = self._broken = False

    def submit(
        self, fn: Callable[_Parameters, _Result], /, *args: _Parameters.args, **kwargs: _Parameters.kwargs
    ) -> Future[_Result]:
        """Have a worker call the function. Raises `BrokenExecutor`; `OSError` where no worker can be started."""
        data = pickle.dumps((fn, args, kwargs))
        future: Future[_Result] = Future()
        with self._changed:
            if self._broken:
                raise BrokenExecutor("a worker process ended")
            if self._closed:
                raise RuntimeError("no job is taken after the shutdown")
            if len(self._workers) < self._count and len(self._queue) >= self._idle:
                self._start()
            self._queue.append((future, data))
            self._changed.notify_all()
        return future

    def _start(self) -> None:
        worker = _Worker(self._begin)
        self._workers.append(worker)
        self._idle += 1
        worker.server = threading.Thread(target=self._serve, args=(worker,), daemon=True)
        worker.server.start()

    def _serve(self, worker: _Worker) -> None:
        """Hand jobs to a worker and take its results, until there are to be no more."""
        try:
            while (jobs := self._next_jobs(worker)) is not None:
                for job in jobs:
                    worker.connection.send_bytes(job)
                self._settle(worker, worker.connection.recv_bytes())
        except (EOFError, OSError):
            self.terminate()
        finally:
            worker.connection.close()

    def _next_jobs(self, worker: _Worker) -> list[bytes] | None:
        """What to send to a worker, nothing where it has enough to do; None where there will be nothing any more."""
        with self._changed:
            taken: list[bytes] = []
            while True:
                while self._queue and (not worker.begun or self._may_have_more(worker)):
                    future, job = self._queue.popleft()
                    if future.set_running_or_notify_cancel():
                        self._idle -= not worker.begun
                        worker.begun.append(future)
                        taken.append(job)
                if worker.begun:
                    return taken
                if self._closed or self._broken:
                    return None
                self._changed.wait()

    def _may_have_more(self, worker: _Worker) -> bool:
        """Whether a worker may take another job before it has done its own: no other one is without any."""
        return len(worker.begun) < _AT_ONCE and len(self._queue) > self._idle

    def _settle(self, worker: _Worker, answer: bytes) -> None:
        with self._changed:
            if self._broken:
                return
            future = worker.begun.popleft()
            self._idle += not worker.begun
        succeeded, value = pickle.loads(answer)
        if succeeded:
            future.set_result(value)
        else:
            future.set_exception(value)

    def terminate(self) -> None:
        """End all workers at once. What has no result yet raises `BrokenExecutor`."""
        with self._changed:
            self._broken = True
            lost = [future for worker in self._workers for future in worker.begun]
            lost += [future for future, _ in self._queue if future.set_running_or_notify_cancel()]
            self._queue.clear()
            for worker in self._workers:
                worker.begun.clear()
                worker.process.kill()
            self._changed.notify_all()
        for future in lost:
            future.set_exception(BrokenExecutor("a worker process ended"))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers leave when they have done what was submitted, or only what they have begun."""
        with self._changed:
            self._closed = True
            if cancel_futures:
                for future, _ in self._queue:
                    future.cancel()
                self._queue.clear()
            self._changed.notify_all()
        for worker in self._workers if wait else ():
            worker.server.join()
            worker.process.join()


class _Worker:
    """A process, this end of the connection to it, and the futures of the jobs that it has, in their order."""

    server: threading.Thread

    def __init__(self, begin: Callable[[], None]) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, begin), daemon=True)
        self.begun: deque[Future[Any]] = deque()
        with theirs, _undisturbed():
            self.process.start()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have a process that is started here never hear of Ctrl-C, which reaches all of a terminal: the caller decides what ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Were it started along with the first worker, it would let that one hear again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, begin: Callable[[], None]) -> None:
    """What a worker does, from its begin to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, jobs), daemon=True).start()
    begin()
    while True:
        try:
            connection.send_bytes(_answer(jobs.get()))
        except OSError:
            os._exit(1)


def _receive(connection: Connection, jobs: SimpleQueue[bytes]) -> None:
    """Take in jobs as they come, so that the caller never waits to send one; leave when it closes the connection, or died.

    A worker whose build was killed would wait for ever otherwise, or write behind the next one.
    """
    try:
        while True:
            jobs.put(connection.recv_bytes())
    finally:
        os._exit(0)


def _answer(job: bytes) -> bytes:
    try:
        function, arguments, named = pickle.loads(job)
        return pickle.dumps((True, function(*arguments, **named)))
    except BaseException as error:
        error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
        answer = (False, error)
        try:
            # Some exceptions cannot be made anew from their arguments.
            pickle.loads(pickle.dumps(answer))
        except Exception:
            answer = (False, RuntimeError("".join(traceback.format_exception(error))))
        return pickle.dumps(answer)
