"""Builds that are killed: what they leave works, and the next build does the rest and nothing else."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sitegen.accession import READ_CHUNK
from sitegen.assembly import CHUNK
from sitegen.catalog import open_catalog
from sitegen.config import Folders
from tests.linkcheck import broken_links
from tests.processes import PATIENCE, eventually
from tests.support import build_site, clean_build, difference, dump, put, tree

ARTICLES = 300
pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups here")


def story(number: int, word: str = "Story") -> str:
    place = ("Turkey", "Israel", "Qatar")[number % 3]
    return dump(
        f"{word} {number}",
        created=f"20{10 + number % 12}-{number % 12 + 1:02}-{number % 28 + 1:02} 10:00:00",
        updated=f"20{10 + number % 12}-{number % 12 + 1:02}-{number % 28 + 1:02} 11:00:00",
        author=f"Li Wei {chr(65 + number % 9)}",
        body=f"Ships of {place} met. {place} said so {number} times.",
    )


def write_stories(site: Path, count: int = ARTICLES, word: str = "Story") -> None:
    put(site / "articles", {f"{number % 7}/{number}.txt": story(number, word) for number in range(count)})


def edit_much(site: Path) -> None:
    """New articles, changed ones, some that are gone, and some that move."""
    put(site / "articles", {f"new/{number}.txt": story(number) for number in range(ARTICLES, ARTICLES + 80)})
    put(site / "articles", {f"{number % 7}/{number}.txt": story(number, "Tale") for number in range(0, ARTICLES, 9)})
    for number in range(5, ARTICLES, 11):
        (site / "articles" / f"{number % 7}" / f"{number}.txt").unlink()


def start(site: Path) -> subprocess.Popen[str]:
    """Start a build of two workers, in a group of processes of its own."""
    command = [sys.executable, "-m", "sitegen", "build", str(site), "--jobs", "2", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(command, start_new_session=True, env=environment, stderr=subprocess.PIPE, text=True)


def build_and_kill(site: Path, seconds: float) -> bool:
    """Build and kill all processes after so many seconds; whether they still ran."""
    process = start(site)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


def build_time(site: Path, into: Path) -> float:
    """How long a whole build of the site takes, by building a copy."""
    shutil.copytree(site, into, symlinks=True)
    started = time.perf_counter()
    build_and_kill(into, 300)
    seconds = time.perf_counter() - started
    shutil.rmtree(into)
    return seconds


def html_files(site: Path) -> set[str]:
    public = site / "public"
    return {path.relative_to(public).as_posix() for path in public.rglob("*.html")}


def written_files(site: Path) -> dict[str, tuple[int, int]]:
    public = site / "public"
    return {
        path.relative_to(public).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in public.rglob("*")
        if path.is_file() and ".sitegen" not in path.relative_to(public).parts
    }


def finish(site: Path, clean: Path) -> None:
    """Build to the end; what was there as it should be must not be written again."""
    before, stood = tree(site / "public"), written_files(site)
    summary = build_site(site).summary
    after, stands = tree(site / "public"), written_files(site)
    assert difference(after, clean_build(site, clean)) == ""
    again = [name for name in stood if before[name] == after.get(name) and stood[name] != stands[name]]
    assert again == []
    assert summary.written == sum(before.get(name) != after[name] for name in stands)
    assert broken_links(site / "public") == []


def kill_at_call(site: Path, place: str, calls: int) -> None:
    """Build in a forked process that is killed when the function at `place` is called once more than `calls` times."""
    child = os.fork()
    if child:
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        return
    try:
        module, _, name = place.rpartition(".")
        whole = getattr(importlib.import_module(module), name)
        left = iter(range(calls))

        def counted(*arguments: object, **named: object) -> object:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(*arguments, **named)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(place, counted)
            build_site(site)
    finally:
        os._exit(0)


def settled(site: Path) -> Path:
    """The site with sources that are old: what changed a moment ago is read again anyway."""
    for path in (site / "articles").rglob("*.txt"):
        os.utime(path, (1_700_000_000, 1_700_000_000.5))
    return site


def test_after_a_build_that_was_killed_while_writing_only_the_rest_is_made(tmp_path: Path) -> None:
    for name in ("site", "whole"):
        write_stories(tmp_path / name)
        settled(tmp_path / name)
    site, pages = tmp_path / "site", build_site(tmp_path / "whole").summary.pages
    done = pages * 6 // 10
    kill_at_call(site, "sitegen.production.write", done)
    stood = written_files(site)
    assert len(stood) >= done
    summary = build_site(site).summary
    assert summary.sources_read == 0
    # The chunk that it died in is rendered again, and nothing of it is written again.
    assert summary.pages <= pages - done + CHUNK
    assert summary.same <= CHUNK
    stands = written_files(site)
    assert summary.written == len(stands) - len(stood)
    assert {name: stands[name] for name in stood} == stood
    assert tree(site / "public") == tree(tmp_path / "whole" / "public")


def test_after_a_build_that_was_killed_while_reading_only_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.accession.STORE_BATCH", READ_CHUNK)
    write_stories(tmp_path)
    kill_at_call(settled(tmp_path), "sitegen.intake._read", ARTICLES * 6 // 10)
    summary = build_site(tmp_path).summary
    assert summary.sources_read <= ARTICLES * 4 // 10 + READ_CHUNK
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def kill_first_builds(tmp_path: Path, times: int) -> None:
    site = tmp_path / "site"
    write_stories(site)
    whole = build_time(site, tmp_path / "copy")
    for number in range(times):
        build_and_kill(site, random.Random(number).uniform(0.3, 1.0) * whole)
        if (site / "public" / "index.html").exists():
            assert broken_links(site / "public", ["index.html"]) == []
        finish(site, tmp_path / f"clean{number}")
        shutil.rmtree(site / "public")
        shutil.rmtree(Folders(site=site).cache)


def kill_edits(tmp_path: Path, times: int) -> None:
    site = tmp_path / "site"
    write_stories(site)
    build_site(site)
    shutil.copytree(site, tmp_path / "before", symlinks=True)
    edit_much(site)
    whole = build_time(site, tmp_path / "copy")
    shutil.rmtree(site)
    for number in range(times):
        shutil.copytree(tmp_path / "before", site, symlinks=True)
        visible = html_files(site)
        edit_much(site)
        choice = random.Random(number)
        for _ in range(choice.randint(1, 3)):
            build_and_kill(site, choice.uniform(0.3, 1.0) * whole)
            assert broken_links(site / "public", visible & html_files(site)) == []
        if choice.random() < 0.3:
            shutil.rmtree(Folders(site=site).cache)
        finish(site, tmp_path / f"clean{number}")
        shutil.rmtree(site)


def test_a_first_build_that_is_killed_shows_no_broken_link_and_is_finished(tmp_path: Path) -> None:
    kill_first_builds(tmp_path, 1)


def test_a_build_of_edits_that_is_killed_shows_no_broken_link_and_is_finished(tmp_path: Path) -> None:
    kill_edits(tmp_path, 2)


@pytest.mark.slow
def test_many_first_builds_that_are_killed(tmp_path: Path) -> None:
    kill_first_builds(tmp_path, 30)


@pytest.mark.slow
def test_many_builds_of_edits_that_are_killed(tmp_path: Path) -> None:
    kill_edits(tmp_path, 60)


def test_a_worker_that_is_killed_stops_the_build_with_a_hint(tmp_path: Path) -> None:
    write_stories(tmp_path, 120)
    process = start(tmp_path)
    worker = _worker_of(process.pid)
    if worker is None:
        process.communicate()
        pytest.skip("there is no /proc to find the workers in, or the build was too quick")
    os.kill(worker, signal.SIGKILL)
    _, told = process.communicate()
    assert process.returncode == 2, told
    assert "worker" in told
    assert "Traceback" not in told
    finish(tmp_path, tmp_path.parent / f"{tmp_path.name}-clean")


def test_workers_leave_with_a_build_that_is_killed(tmp_path: Path) -> None:
    """They would wait for ever for work, or write into the output behind the next build."""
    write_stories(tmp_path)
    process = start(tmp_path)
    worker = _worker_of(process.pid)
    process.kill()
    process.communicate()
    if worker is None:
        pytest.skip("there is no /proc to find the workers in, or the build was too quick")
    assert eventually(lambda: not Path(f"/proc/{worker}").exists())
    finish(tmp_path, tmp_path.parent / f"{tmp_path.name}-clean")


def _worker_of(process: int) -> int | None:
    """A worker process that has begun to work; None where none was seen in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        except OSError:
            return None
        for child in map(int, children):
            try:
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return child
            except OSError:
                continue
        time.sleep(0.005)
    return None


def test_what_was_last_read_outlives_a_build_that_ends_before_it_settles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "articles", {"moves.txt": dump("Before"), "breaks.txt": dump("Kept", created="2023-01-02 03:04:05")})
    build_site(tmp_path)
    put(tmp_path / "articles", {"moves.txt": dump("After"), "breaks.txt": b""})

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sitegen.accession.settle", interrupt)
        with pytest.raises(KeyboardInterrupt):
            build_site(tmp_path)
    build_site(tmp_path)
    assert (tmp_path / "public/2023/01/02/kept.html").exists()


def test_a_catalog_without_a_seal_is_believed_whatever_its_tables_hold(tmp_path: Path) -> None:
    catalog = open_catalog(tmp_path)
    tables = [name for (name,) in catalog.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in tables:
        columns = catalog.db.execute(f"PRAGMA table_info({name})").fetchall()
        row = [7 if column[2] == "INTEGER" else "x" for column in columns]
        catalog.db.execute(f"INSERT INTO {name} VALUES ({','.join('?' * len(row))})", row)
    catalog.close(finished=False)
    catalog = open_catalog(tmp_path)
    catalog.close(finished=False)
    assert catalog.note == ""
