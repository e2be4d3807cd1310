"""Files of ours that somebody deleted or edited are found, whoever looks: this process, another, or one that dies."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from sitegen import pool, verification
from sitegen.errors import WorkerDiedError
from sitegen.filesums import decode_sums, files_of, job_of, sum_of, sums_of
from tests.support import build_site, markdown, put, tree


def damaged_site(site: Path) -> dict[str, bytes]:
    """A site of which a page was deleted and another edited; what the output was before."""
    put(site, {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-0{1 + n % 6}-01") for n in range(12)})
    build_site(site)
    before = tree(site / "public")
    (site / "public/2024/01/01/story-0.html").unlink()
    (site / "public/2024/02/01/story-1.html").write_text("mine now")
    return before


def test_another_process_looks_where_there_is_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = damaged_site(tmp_path)
    asked: list[str] = []
    real = pool.submit

    def watched(executor: Executor, job: str, argument: bytes) -> Future[bytes]:
        asked.append(job)
        return real(executor, job, argument)

    monkeypatch.setattr(verification, "BATCH", 2)
    monkeypatch.setattr(verification, "submit", watched)
    build_site(tmp_path)
    assert len(asked) > 3
    assert tree(tmp_path / "public") == before


def test_this_process_looks_where_the_other_one_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = damaged_site(tmp_path)
    died = []

    def dead(begun: Future[bytes]) -> bytes:
        begun.result()
        died.append(begun)
        raise WorkerDiedError("killed")

    monkeypatch.setattr(verification, "BATCH", 2)
    monkeypatch.setattr(verification, "result_of", dead)
    build_site(tmp_path)
    assert died
    assert tree(tmp_path / "public") == before


def test_sums_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    put(tmp_path, {"a/one": "1", "a/two": "2", "b/one": "1"})
    one, two, none = decode_sums(sums_of(job_of([f"{tmp_path}/a", f"{tmp_path}/b", f"{tmp_path}/c"])))
    assert one != two
    assert none == sum_of(())
    found = list(files_of(f"{tmp_path}/a"))
    assert one == sum_of(found) == sum_of(reversed(found))
