"""Writing: whole or not at all, only what differs, never over another's file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sitegen.writer import digest_of, remove, write, write_stream
from tests.support import put, tree

URL = "/2024/11/19/flood.html"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    folder.mkdir()
    return folder


def put_page(output: Path, data: bytes, *, ours: bool = False, url: str = URL) -> str:
    return write(str(output), str(output / "partial"), url, data, ours=ours).outcome


def test_a_new_file_is_written_with_its_folders(output: Path) -> None:
    written = write(str(output), str(output / "partial"), URL, b"text", ours=False)
    status = (output / URL[1:]).stat()
    assert tree(output) == {"2024/11/19/flood.html": b"text"}
    assert (written.outcome, written.size, written.mtime_ns) == ("written", 4, status.st_mtime_ns)
    assert written.digest == digest_of(b"text")


def test_a_file_can_be_read_by_a_web_server(output: Path) -> None:
    before = os.umask(0o022)
    try:
        put_page(output, b"text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((output / URL[1:]).stat().st_mode) == 0o644


def test_the_same_bytes_keep_the_file_as_it_is(output: Path) -> None:
    put_page(output, b"text")
    os.utime(output / URL[1:], ns=(5, 5))
    number = (output / URL[1:]).stat().st_ino
    assert put_page(output, b"text", ours=True) == "same"
    status = (output / URL[1:]).stat()
    assert (status.st_mtime_ns, status.st_ino) == (5, number)


def test_a_changed_file_is_replaced_as_a_whole(output: Path) -> None:
    """Whoever has the old one open goes on reading the old one."""
    put_page(output, b"old text")
    with (output / URL[1:]).open("rb") as reading:
        assert put_page(output, b"new", ours=True) == "written"
        assert reading.read() == b"old text"
    assert tree(output) == {"2024/11/19/flood.html": b"new"}


def test_anothers_file_is_never_overwritten(output: Path) -> None:
    put(output, {URL[1:]: "foreign"})
    assert put_page(output, b"text", ours=False) == "foreign"
    assert tree(output) == {"2024/11/19/flood.html": b"foreign"}


def test_anothers_file_with_our_bytes_becomes_ours(output: Path) -> None:
    put(output, {URL[1:]: "text"})
    assert put_page(output, b"text", ours=False) == "same"


@pytest.mark.parametrize("in_the_way", ["2024/11/19/flood.html/own.txt", "2024/11"])
def test_a_folder_or_file_in_the_way_is_a_failure_that_names_it(output: Path, in_the_way: str) -> None:
    put(output, {in_the_way: "foreign"})
    written = write(str(output), str(output / "partial"), URL, b"text", ours=True)
    assert written.outcome == "failed"
    assert str(output) in written.message
    assert tree(output)[in_the_way] == b"foreign"


def test_a_stream_is_written_like_any_file(output: Path) -> None:
    def stream(data: bytes, *, ours: bool) -> str:
        chunks = (data[at : at + 3] for at in range(0, len(data), 3))
        return write_stream(str(output), str(output / "partial"), "/data/2024.gz", chunks, ours=ours)[0].outcome

    assert stream(b"0123456789", ours=False) == "written"
    assert stream(b"0123456789", ours=True) == "same"
    assert stream(b"another", ours=False) == "foreign"
    assert stream(b"another", ours=True) == "written"
    assert tree(output)["data/2024.gz"] == b"another"


def test_removing_a_file_removes_the_folders_that_it_leaves_empty(output: Path) -> None:
    put(output, {"a/b/c.html": "x", "a/d.html": "y"})
    assert remove(output, "a/b/c.html")
    assert tree(output) == {"a/d.html": b"y"}
    assert remove(output, "a/d.html")
    assert list(output.iterdir()) == []


def test_removing_what_is_gone_still_clears_empty_folders(output: Path) -> None:
    (output / "a" / "b").mkdir(parents=True)
    assert not remove(output, "a/b/c.html")
    assert list(output.iterdir()) == []


def test_a_folder_with_anothers_file_stays(output: Path) -> None:
    put(output, {"a/b/c.html": "x", "a/b/own.txt": "y"})
    remove(output, "a/b/c.html")
    assert tree(output) == {"a/b/own.txt": b"y"}
