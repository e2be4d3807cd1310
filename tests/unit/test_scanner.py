"""The scan: what is new, changed or gone, and what is no source."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.catalog import Catalog, open_catalog, sources
from sitegen.catalog.articles import Storage
from sitegen.entries import SourceReading
from sitegen.scanner import ScanResult, scan
from tests.support import build_site, dump, put, tree

LATER = 4_000_000_000_000_000_000
"""A time by which every file has been there for long."""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path / "cache")
    yield opened
    opened.close(finished=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def found(catalog: Catalog, root: Path, *, ignore: tuple[str, ...] = (), now_ns: int = LATER) -> ScanResult:
    return scan(catalog, root, ignore, now_ns=now_ns)


def work(catalog: Catalog) -> list[str]:
    return [each.path for batch in sources.next_work(catalog) for each in batch]


def read_all(catalog: Catalog) -> None:
    """Pretend that all work was done: every source was read and holds no article."""
    storage = Storage(catalog, limits=(200, 1000), bulk=False)
    with catalog.transaction():
        for batch in list(sources.next_work(catalog)):
            for each in batch:
                storage.store(
                    SourceReading(path=each.path, size=each.size, mtime_ns=each.mtime_ns, digest=b"x", copies=())
                )
            sources.finish_work(catalog, (each.path for each in batch))
        sources.remove_gone(catalog, storage)


def gone(catalog: Catalog) -> list[str]:
    return [
        sources.join_path(*row)
        for row in catalog.db.execute(
            "SELECT s.folder, s.name FROM gone g JOIN source s ON s.id = g.source ORDER BY 1, 2"
        )
    ]


def test_new_files_are_work(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "sub/b.txt": "b", "sub/deep/c.md": "c"})
    assert found(catalog, root).files == 3
    assert work(catalog) == ["a.md", "sub/b.txt", "sub/deep/c.md"]


def test_an_unchanged_file_is_no_work(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "sub/b.txt": "b"})
    found(catalog, root)
    read_all(catalog)
    assert found(catalog, root).files == 2
    assert work(catalog) == []


def test_a_file_of_another_size_or_time_is_work(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "b.md": "b", "c.md": "c"})
    found(catalog, root)
    read_all(catalog)
    put(root, {"a.md": "aa"})
    os.utime(root / "b.md", ns=(1, 1))
    found(catalog, root)
    assert work(catalog) == ["a.md", "b.md"]


def test_a_file_changed_a_moment_ago_is_read_again(catalog: Catalog, root: Path) -> None:
    """A second change could bear the same time."""
    put(root, {"a.md": "a"})
    now = (root / "a.md").stat().st_mtime_ns
    found(catalog, root, now_ns=now)
    read_all(catalog)
    found(catalog, root, now_ns=now)
    assert work(catalog) == ["a.md"]
    read_all(catalog)
    found(catalog, root)
    read_all(catalog)
    found(catalog, root)
    assert work(catalog) == []


def test_a_deleted_file_is_gone(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "sub/b.md": "b", "sub/c.md": "c"})
    found(catalog, root)
    read_all(catalog)
    (root / "a.md").unlink()
    (root / "sub" / "b.md").unlink()
    found(catalog, root)
    assert gone(catalog) == ["a.md", "sub/b.md"]


def test_a_deleted_folder_takes_its_files_along(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "sub/deep/b.md": "b", "sub/deep/c.svg": "c"})
    found(catalog, root)
    read_all(catalog)
    (root / "sub" / "deep" / "b.md").unlink()
    (root / "sub" / "deep" / "c.svg").unlink()
    (root / "sub" / "deep").rmdir()
    found(catalog, root)
    assert gone(catalog) == ["sub/deep/b.md"]
    assert catalog.db.execute("SELECT count(*) FROM media").fetchone() == (0,)


def test_a_folder_of_pictures_alone_can_be_deleted(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "pics/c.svg": "c"})
    now = (root / "pics" / "c.svg").stat().st_mtime_ns
    found(catalog, root, now_ns=now)
    (root / "pics" / "c.svg").unlink()
    (root / "pics").rmdir()
    found(catalog, root)
    assert catalog.db.execute("SELECT count(*) FROM media").fetchone() == (0,)


def test_a_file_that_came_back_before_it_was_forgotten_is_not_gone(catalog: Catalog, root: Path) -> None:
    """The build that missed it died."""
    put(root, {"a.md": "a", "b.md": "b"})
    found(catalog, root)
    read_all(catalog)
    (root / "a.md").rename(root.parent / "away")
    found(catalog, root)
    assert gone(catalog) == ["a.md"]
    (root.parent / "away").rename(root / "a.md")
    found(catalog, root)
    assert gone(catalog) == []


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.md",
        "a.md~",
        "#a.md#",
        ".#a.md",
        "a.md.swp",
        "a.md.bak",
        "Thumbs.db",
        "_draft/a.md",
        "_ledger/events.jsonl",
        ".git/a.md",
        "sub/_data/a.md",
    ],
)
def test_editors_files_dotfiles_and_folders_with_an_underscore_are_no_sources(
    catalog: Catalog, root: Path, name: str
) -> None:
    put(root, {name: "x"})
    assert found(catalog, root).files == 0
    assert work(catalog) == []


@pytest.mark.parametrize("pattern", ["*.txt", "notes/*", "notes", "a.txt"])
def test_ignored_names_are_no_sources(catalog: Catalog, root: Path, pattern: str) -> None:
    put(root, {"a.txt": "x", "notes/a.txt": "y", "b.md": "z"})
    found(catalog, root, ignore=(pattern,))
    assert "b.md" in work(catalog)
    assert len(work(catalog)) < 3


def test_pictures_are_no_sources(catalog: Catalog, root: Path) -> None:
    put(root, {"a.JPG": b"x", "b.svg": b"y", "c.md": b"z"})
    assert found(catalog, root).files == 1
    assert work(catalog) == ["c.md"]


def test_a_file_whose_name_is_not_utf8_is_reported_and_the_rest_is_read(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a"})
    try:
        with open(os.fsencode(root) + b"/b\xff.md", "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    result = found(catalog, root)
    assert [problem.code for problem in result.problems] == ["E501"]
    assert r"b\xff.md" in result.problems[0].file
    assert work(catalog) == ["a.md"]


def test_a_name_of_255_bytes_in_any_script_is_read(catalog: Catalog, root: Path) -> None:
    names = ["测" * 84 + ".md", "a" * 252 + ".md", "😀" * 63 + ".md"]
    put(root, dict.fromkeys(names, "x"))
    assert found(catalog, root).files == 3
    assert sorted(work(catalog)) == sorted(names)


def unreadable(folder: Path) -> None:
    folder.chmod(0)
    if os.access(folder, os.R_OK):
        folder.chmod(0o755)
        pytest.skip("this user may read everything")


def test_what_lay_in_a_folder_that_cannot_be_opened_stays(catalog: Catalog, root: Path) -> None:
    put(root, {"a.md": "a", "sub/b.md": "b", "sub/deep/c.md": "c"})
    found(catalog, root)
    read_all(catalog)
    unreadable(root / "sub")
    try:
        result = found(catalog, root)
    finally:
        (root / "sub").chmod(0o755)
    assert [problem.code for problem in result.problems] == ["E502"]
    assert gone(catalog) == []


def test_a_symlink_to_a_file_inside_is_followed_and_its_target_watched(tmp_path: Path) -> None:
    put(tmp_path, {"shared/a.txt": dump("Alpha sinks"), "articles/b.txt": dump("Beta sails")})
    (tmp_path / "articles" / "a.txt").symlink_to(tmp_path / "shared" / "a.txt")
    build_site(tmp_path)
    page = "2024/11/19/alpha-sinks.html"
    assert page in tree(tmp_path / "public")
    put(tmp_path, {"shared/a.txt": dump("Alpha sinks", body="The link is as it was, its target is another one.")})
    build_site(tmp_path)
    assert b"its target is another one" in tree(tmp_path / "public")[page]


def test_symlinks_out_of_the_site_in_circles_and_to_folders_cost_their_own_page(tmp_path: Path) -> None:
    site = tmp_path / "site"
    put(tmp_path, {"secret.txt": dump("Secret"), "secret.svg": "<svg/>", "site/articles/sub/b.txt": dump("Beta sails")})
    put(site / "articles", {"c.md": "---\ntitle: Gamma\ndate: 2024-01-01\n---\n\n![A](secret.svg)\n"})
    for name, target in {
        "out.txt": tmp_path / "secret.txt",
        "loop.txt": site / "articles" / "loop.txt",
        "folder": site / "articles" / "sub",
        "up": tmp_path,
        "nowhere.txt": tmp_path / "none",
        "secret.svg": tmp_path / "secret.svg",
    }.items():
        (site / "articles" / name).symlink_to(target)
    built = build_site(site)
    output = tree(site / "public")
    assert "2024/11/19/beta-sails.html" in output
    assert "2024/01/01/gamma.html" in output
    assert not any(b"Secret" in data or name.endswith("secret.svg") for name, data in output.items())
    errors = {problem.file for problem in built.heard.problems if problem.severity == "error"}
    assert errors == {
        f"articles/{name}" for name in ("out.txt", "loop.txt", "folder", "up", "nowhere.txt", "secret.svg")
    }
    assert build_site(site).summary.written == 0


def test_pipes_and_sockets_do_not_keep_the_build_waiting(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {"a.txt": dump("Alpha sinks"), "c.md": "---\ntitle: Gamma\ndate: 2024-01-01\n---\n\n![A](p.png)\n"},
    )
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    for name in ("pipe.txt", "p.png"):
        os.mkfifo(tmp_path / "articles" / name)
    listening = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    os.chdir(tmp_path / "articles")
    try:
        listening.bind("socket.txt")
    finally:
        os.chdir(before)
    with listening:
        built = build_site(tmp_path)
    assert "2024/11/19/alpha-sinks.html" in tree(tmp_path / "public")
    assert {problem.file for problem in built.heard.problems if problem.severity == "error"} == {
        "articles/pipe.txt",
        "articles/p.png",
        "articles/socket.txt",
    }


def test_work_is_handed_out_in_chunks_bounded_in_files_and_in_bytes(root: Path, catalog: Catalog) -> None:
    for number, size in enumerate([300, 300, 300, 300, 5_000, 10, 10, 2_000]):
        (root / f"{number}.txt").write_bytes(b"x" * size)
    found(catalog, root)
    by_bytes = [[each.size for each in batch] for batch in sources.next_work(catalog, size=40, most_bytes=1_000)]
    assert by_bytes == [[300, 300, 300], [300], [5_000], [10, 10], [2_000]]
    assert [len(batch) for batch in sources.next_work(catalog, size=3, most_bytes=100_000)] == [3, 3, 2]
