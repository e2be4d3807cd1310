"""Ending a build at some moment, as a user, a crash or a lack of memory may."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from typing import Literal, NamedTuple

from sitegen.catalog import Catalog

_EVENTS = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir")


class End(NamedTuple):
    """When and how a build ends: at the step of this number, which is a file opened, renamed or removed, or a commit."""

    after: int
    how: Literal["kill", "interrupt"]


def die_during(job: Callable[[], object], end: End) -> str:
    """Do `job` in a forked process that ends itself at a step; what became of it.

    `kill` ends it and its workers without a word (`killed`), `interrupt` does what Ctrl-C does (`interrupted`). A job of
    fewer steps is `finished`; one that went wrong has `failed`, and its error is printed.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return "killed" if os.WIFSIGNALED(status) else ("finished", "interrupted", "failed")[os.WEXITSTATUS(status)]
    outcome = 2
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _end_at_step(end, count(1))
        job()
        outcome = 0
    except KeyboardInterrupt:
        outcome = 1
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(outcome)


def _end_at_step(end: End, steps: Iterator[int]) -> None:
    def step() -> None:
        if next(steps) == end.after:
            if end.how == "kill":
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGINT)

    sys.addaudithook(lambda event, _: step() if event in _EVENTS else None)
    whole = Catalog.transaction

    def transaction(catalog: Catalog) -> object:
        step()
        return whole(catalog)

    Catalog.transaction = transaction  # type: ignore[method-assign, assignment]
