"""Running chunks of work, here or in worker processes, behind `concurrent.futures.Executor`.

A job is named (`module:function`) and takes and gives bytes. Nothing of a worker's lives in the parent's memory: any
executor that can import this package and sees the same folders can be passed in, and the parent need not load what only
workers use.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sitegen.errors import WorkerDiedError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_Result = TypeVar("_Result")

_PATIENCE = 0.001
"""Seconds after which a thread lets another one run."""
_HELD_BYTES = 8 << 20
"""Bytes of arguments that are taken in advance. Longer ones wait for the results of others, if more than `_FEWEST` are under way."""
_FEWEST = 2
FEW = 300
"""Steps of work that take less time than starting a worker."""


def jobs_for(steps: int, wanted: int | None) -> int:
    """How many workers to use for so many steps: as many as wanted, else one per core, and none for little work."""
    if wanted is not None:
        return max(1, wanted) if steps > 1 else 1
    return 1 if steps <= FEW else (os.cpu_count() or 1)


def collect_less() -> None:
    """Let the garbage collector look for cycles less often: records make none, and there are millions of them."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _load(modules: tuple[str, ...]) -> None:
    for module in modules:
        importlib.import_module(module)


def _submit(executor: Executor, function: Callable[..., _Result], *arguments: object) -> Future[_Result]:
    from concurrent.futures import BrokenExecutor

    try:
        return executor.submit(function, *arguments)
    except (BrokenExecutor, OSError) as error:
        # One that dies while it is started does not take what it is to do.
        raise WorkerDiedError(f"the pool of workers is closed ({error})") from error


@contextmanager
def workers(count: int, *, modules: tuple[str, ...] = (), alone: bool = False) -> Iterator[Executor | None]:
    """An executor of `count` processes, started the same way on every platform; None where the caller's own is enough.

    That is so for a count of 1, unless that one is to work beside the caller (`alone`). With `modules` they start at once and
    load these, while the caller does something else; without, when the first job comes.
    """
    if count <= 1 and not alone:
        yield None
        return
    from sitegen.processes import Processes

    patience = sys.getswitchinterval()
    # The threads that hand work to the workers should not wait long for the interpreter: as long, the workers are idle.
    sys.setswitchinterval(_PATIENCE)
    executor = Processes(count, collect_less)
    try:
        for _ in range(count if modules else 0):
            _submit(executor, _load, modules)
        yield executor
    except BaseException:
        executor.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        sys.setswitchinterval(patience)


def submit(executor: Executor, job: str, argument: bytes) -> Future[bytes]:
    """Begin a job. Raises `WorkerDiedError` where the pool is closed."""
    return _submit(executor, call, job, argument)


def result_of(begun: Future[bytes]) -> bytes:
    """What a job gave. Raises `WorkerDiedError` where its process ended before."""
    from concurrent.futures import BrokenExecutor

    try:
        return begun.result()
    except BrokenExecutor as error:
        raise WorkerDiedError(f"a worker process ended without an answer ({error})") from error


@cache
def _function(job: str) -> Callable[[bytes], bytes]:
    module, _, name = job.partition(":")
    function: Callable[[bytes], bytes] = getattr(importlib.import_module(module), name)
    return function


def call(job: str, argument: bytes) -> bytes:
    """What the job gives for an argument."""
    return _function(job)(argument)


def run(
    executor: Executor | None, job: str, arguments: Iterable[bytes | tuple[bytes, int]], *, ahead: int = 6
) -> Iterator[bytes]:
    """The results of `job` for each of the arguments, in their order. At most `ahead` are taken in advance, fewer if long.

    An argument may come with how many bytes it stands for: those of the files that it names.

    `Executor.map` would take all arguments at once; a million articles do not fit.
    """
    weighed = ((each, len(each)) if isinstance(each, bytes) else each for each in arguments)
    if executor is None:
        yield from (call(job, argument) for argument, _ in weighed)
        return
    waiting: deque[tuple[Future[bytes], int]] = deque()
    held = 0
    for argument, size in weighed:
        waiting.append((submit(executor, job, argument), size))
        held += size
        while len(waiting) >= ahead or (held > _HELD_BYTES and len(waiting) > _FEWEST):
            begun, done = waiting.popleft()
            held -= done
            yield result_of(begun)
    while waiting:
        yield result_of(waiting.popleft()[0])
