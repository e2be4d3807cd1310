"""Running chunks of work, here or in worker processes, behind `concurrent.futures.Executor`.

Nothing of a worker's lives in the parent's memory: any executor that can import this package and sees the same folders
can be passed in.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager

Job = Callable[[bytes], bytes]

FEW = 48
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


@contextmanager
def workers(count: int) -> Iterator[Executor | None]:
    """An executor of `count` processes, started the same way on every platform; None where one is enough."""
    if count <= 1:
        yield None
        return
    executor = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=collect_less)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def run(executor: Executor | None, job: Job, arguments: Iterable[bytes], *, ahead: int = 6) -> Iterator[bytes]:
    """The results of `job` for each of the arguments, in any order. At most `ahead` are taken in advance.

    `Executor.map` would take all arguments at once; a million articles do not fit.
    """
    if executor is None:
        yield from map(job, arguments)
        return
    waiting: deque[Future[bytes]] = deque()
    for argument in arguments:
        waiting.append(executor.submit(job, argument))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
