"""Running work: in this process or in others, some of it in advance, never all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from sitegen.errors import WorkerDiedError
from sitegen.pool import FEW, jobs_for, run, workers

DOUBLE = f"{__name__}:double"
DIE = f"{__name__}:die"
FAIL = f"{__name__}:fail"
LENGTH = f"{__name__}:length"
WHERE = f"{__name__}:where"


def double(data: bytes) -> bytes:
    return data * 2


def length(data: bytes) -> bytes:
    return str(len(data)).encode()


def die(data: bytes) -> bytes:
    os._exit(9)


def fail(data: bytes) -> bytes:
    raise ValueError(data.decode())


def where(data: bytes) -> bytes:
    return str(os.getpid()).encode()


def test_little_work_needs_no_workers() -> None:
    assert jobs_for(FEW, None) == 1
    assert jobs_for(FEW + 1, None) == (os.cpu_count() or 1)


def test_as_many_workers_as_wanted() -> None:
    assert jobs_for(5, 3) == 3
    assert jobs_for(100_000, 1) == 1
    assert jobs_for(1, 8) == 1


def test_one_worker_is_this_process() -> None:
    with workers(1) as executor:
        assert executor is None
        assert list(run(executor, WHERE, [b""])) == [str(os.getpid()).encode()]


def test_results_come_in_the_order_of_their_arguments() -> None:
    with workers(2) as executor:
        assert list(run(executor, DOUBLE, [b"a", b"b", b"c", b"d"])) == [b"aa", b"bb", b"cc", b"dd"]


def test_arguments_are_taken_as_they_are_needed() -> None:
    taken = []

    def arguments() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield b"x"

    with ThreadPoolExecutor(1) as executor:
        results = run(executor, DOUBLE, arguments(), ahead=4)
        next(results)
        assert len(taken) <= 5
        results.close()  # type: ignore[attr-defined]


def test_few_long_arguments_are_held_at_a_time() -> None:
    taken = []

    def arguments() -> Iterator[bytes]:
        for number in range(20):
            taken.append(number)
            yield bytes(3 << 20)

    with ThreadPoolExecutor(1) as executor:
        results = run(executor, LENGTH, arguments(), ahead=6)
        next(results)
        assert len(taken) <= 3
        assert len(list(results)) == 19


def test_an_argument_counts_for_what_it_stands_for() -> None:
    taken = 0

    def files() -> Iterator[tuple[bytes, int]]:
        nonlocal taken
        for _ in range(30):
            taken += 1
            yield b"", 6 << 20

    with ThreadPoolExecutor(2) as executor:
        results = run(executor, LENGTH, files(), ahead=20)
        next(results)
        assert taken <= 4
        assert len(list(results)) == 29


def test_any_executor_will_do() -> None:
    executor: Executor
    with ThreadPoolExecutor(2) as executor:
        assert list(run(executor, DOUBLE, [b"a"])) == [b"aa"]


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_in_a_job_comes_through(count: int) -> None:
    with workers(count) as executor, pytest.raises(ValueError, match="what is wrong"):
        list(run(executor, FAIL, [b"what is wrong"]))


def test_a_worker_that_dies_stops_the_run() -> None:
    with workers(2) as executor, pytest.raises(WorkerDiedError):
        list(run(executor, DIE, [b"a"] * 20))
