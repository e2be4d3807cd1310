"""Damage to what a build keeps, disks that are full, hostile input: never a crash, never a wrong page."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitegen.builder import PATIENCE
from sitegen.catalog.schema import SCHEMA_VERSION, take_lock
from sitegen.config import Folders
from sitegen.errors import BusyError, SitegenError
from tests.support import build_site, clean_build, difference, dump, markdown, put, times, tree

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site of a few articles, with a foreign file in its output."""
    folder = tmp_path / "site"
    put(
        folder / "articles",
        {
            "a.txt": dump("Alpha sinks", author="Li Wei"),
            "sub/b.txt": dump("Beta sails", created="2023-01-02 03:04:05"),
            "c.md": markdown("Gamma", "![A ship](ship.svg)", date="2024-11-19", tags="[Ships]"),
            "ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
        },
    )
    put(folder / "public", {"own.txt": "foreign"})
    build_site(folder)
    return folder


def catalog_of(site: Path) -> Path:
    return Folders(site=site).cache / "catalog.db"


def unseal(site: Path) -> None:
    """Have the catalog look as a build that died leaves it: it is checked then, not believed by its time."""
    catalog_of(site).with_suffix(".seal").unlink(missing_ok=True)


def assert_rebuilt(site: Path, *, told: str = "clean build") -> None:
    """The next build is a clean one that says so, changes no file that is right, and leaves nothing behind."""
    (site / "articles" / "a.txt").unlink()
    before = times(site / "public")
    built = build_site(site)
    assert any(told in message for message in built.heard.messages)
    output = tree(site / "public")
    assert output.pop("own.txt") == b"foreign"
    assert difference(output, clean_build(site, site.parent / "clean")) == ""
    after = times(site / "public")
    assert after["tags/ships/index.html"] == before["tags/ships/index.html"]
    assert build_site(site).summary.written == 0


# -- the catalog ------------------------------------------------------------------------------------------------------


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 - 7)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def garble_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(8192, len(data) - 4096, 12_288):
        data[at : at + 600] = os.urandom(600)
    path.write_bytes(data)


def not_a_catalog(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE other (x)")
    database.close()


def older(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    database.close()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()


def edit_behind_the_back(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE article SET url = '/wrong.html'")
    database.close()


@pytest.mark.parametrize(
    "damage", [truncate, empty, garble, garble_pages, not_a_catalog, older, newer, edit_behind_the_back]
)
def test_a_damaged_catalog_means_a_clean_build(site: Path, damage: Callable[[Path], None]) -> None:
    damage(catalog_of(site))
    assert_rebuilt(site)


@pytest.mark.parametrize("damage", [truncate, empty, garble, garble_pages, not_a_catalog, older, newer])
def test_a_catalog_damaged_while_no_seal_guards_it_means_a_clean_build(
    site: Path, damage: Callable[[Path], None]
) -> None:
    damage(catalog_of(site))
    unseal(site)
    assert_rebuilt(site)


def test_a_catalog_without_its_tables_means_a_clean_build(site: Path) -> None:
    with sqlite3.connect(catalog_of(site)) as database:
        database.execute("DROP TABLE membership")
        database.execute("DROP TABLE output_folder")
    database.close()
    unseal(site)
    assert_rebuilt(site)


def test_garbage_in_the_write_ahead_log_harms_nothing(site: Path) -> None:
    for suffix in ("-wal", "-shm"):
        catalog_of(site).with_name(f"catalog.db{suffix}").write_bytes(os.urandom(5000))
    unseal(site)
    (site / "articles" / "a.txt").unlink()
    build_site(site)
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


def test_a_folder_in_the_catalogs_place_is_an_error_that_says_so(site: Path) -> None:
    catalog_of(site).unlink()
    catalog_of(site).mkdir()
    with pytest.raises((SitegenError, OSError)):
        build_site(site)


@pytest.mark.parametrize("damage", [Path.unlink, truncate, garble])
def test_a_damaged_pack_of_texts_means_that_its_sources_are_read_again(
    site: Path, damage: Callable[[Path], None]
) -> None:
    packs = list((Folders(site=site).cache / "bodies").glob("*.pack"))
    put(site / "articles", {"later.txt": dump("Later", created="2024-12-01 10:00:00")})
    for path in (site / "articles").rglob("*.*"):
        # What changed a moment ago is looked at again anyway.
        os.utime(path, (1_700_000_000, 1_700_000_000.5))
    build_site(site)
    for pack in packs:
        damage(pack)
    assert build_site(site).summary.written == 0, "nothing has to be rendered, so nothing is missed"
    shutil.rmtree(site / "public" / "2024")
    built = build_site(site)
    assert any("their sources are read again" in message for message in built.heard.messages)
    assert not any("clean build" in message for message in built.heard.messages)
    assert built.summary.sources_unchanged == 1, "the text of the later one is whole"
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


def test_a_source_that_became_unreadable_goes_with_its_lost_text_and_nothing_beside_it_does(site: Path) -> None:
    put(site / "articles", {"a.txt": dump("Alpha")})
    build_site(site)
    put(
        site / "articles",
        {"m.md": markdown("Mu", date="2024-11-19", id="m"), "n.md": markdown("Nu", date="2024-11-19")},
    )
    build_site(site)
    put(site / "articles", {"m.md": "---\ntitle: [unclosed\n---\n\nText.\n"})
    build_site(site)
    assert (site / "public/2024/11/19/mu.html").exists(), "what was last read of it stays"
    for pack in (Folders(site=site).cache / "bodies").glob("*.pack"):
        garble(pack)
    shutil.rmtree(site / "public" / "2024")
    build_site(site)
    assert not (site / "public/2024/11/19/mu.html").exists()
    assert (site / "public/2024/11/19/nu.html").exists()
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


def test_packs_that_fall_apart_one_after_the_other_end_in_a_clean_build(site: Path) -> None:
    for number in range(PATIENCE + 2):
        put(site / "articles", {f"more{number}.txt": dump(f"More {number}", created=f"2024-12-0{number + 1} 10:00:00")})
        build_site(site)
    for pack in (Folders(site=site).cache / "bodies").glob("*.pack"):
        pack.write_bytes(b"?" * pack.stat().st_size)
    shutil.rmtree(site / "public" / "2024")
    built = build_site(site)
    assert any("clean build" in message for message in built.heard.messages)
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


def test_a_lock_that_is_no_lock_is_an_error_that_says_what_to_do(site: Path) -> None:
    (Folders(site=site).cache / "lock.db").write_bytes(b"x" * 5000)
    with pytest.raises(SitegenError, match=r"lock\.db"):
        build_site(site)


# -- two builds at once -----------------------------------------------------------------------------------------------


def test_a_second_build_says_that_there_is_one_and_leaves(site: Path) -> None:
    before = times(site / "public")
    (site / "articles" / "a.txt").unlink()
    with take_lock(Folders(site=site).cache), pytest.raises(BusyError, match="another build"):
        build_site(site)
    assert times(site / "public") == before
    assert build_site(site).summary.removed > 0


def test_the_lock_dies_with_its_process(site: Path) -> None:
    script = (
        "import os; from pathlib import Path; from sitegen.catalog import take_lock\n"
        f"with take_lock(Path({str(Folders(site=site).cache)!r})): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 9
    assert build_site(site).summary.written == 0


def test_of_two_builds_started_together_one_builds(site: Path) -> None:
    put(site / "articles", {f"more/{number}.txt": dump(f"Story {number}") for number in range(60)})
    found: list[str] = []

    def try_build() -> None:
        try:
            build_site(site)
            found.append("built")
        except BusyError:
            found.append("busy")

    threads = [threading.Thread(target=try_build) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "built" in found
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


# -- the output -------------------------------------------------------------------------------------------------------


def test_a_foreign_file_in_a_pages_place_costs_that_page_and_is_told_in_every_build(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("Alpha sinks"), "public/2024/11/19/alpha-sinks.html": "foreign"})
    for _ in range(2):
        built = build_site(tmp_path)
        assert [(problem.code, problem.file) for problem in built.heard.problems if problem.severity == "error"] == [
            ("E541", "public/2024/11/19/alpha-sinks.html")
        ]
        assert tree(tmp_path / "public")["2024/11/19/alpha-sinks.html"] == b"foreign"
    (tmp_path / "public" / "2024/11/19/alpha-sinks.html").unlink()
    assert build_site(tmp_path).summary.errors == 0
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_foreign_folder_in_a_pages_place_costs_that_page(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("Alpha sinks"), "public/2024/11/19/alpha-sinks.html/own.txt": "foreign"})
    built = build_site(tmp_path)
    assert "E541" in built.heard.codes
    assert tree(tmp_path / "public")["2024/11/19/alpha-sinks.html/own.txt"] == b"foreign"
    assert "2024/11/19/index.html" in tree(tmp_path / "public")


@pytest.mark.parametrize("name", ["notes \udcff.txt", "a\nb.txt", "测试.html", "x" * 255])
def test_foreign_files_of_any_name_harm_nothing(site: Path, name: str) -> None:
    try:
        (site / "public" / "2024" / name).write_bytes(b"foreign")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    put(site / "articles", {"a.txt": dump("Alpha sinks", body="Changed.")})
    build_site(site)
    assert (site / "public" / "2024" / name).read_bytes() == b"foreign"
    assert build_site(site).summary.written == 0


def test_a_static_file_whose_name_is_no_address_is_told(site: Path) -> None:
    try:
        (site / "static").mkdir()
        (site / "static" / "a\udcff.txt").write_bytes(b"x")
        (site / "static" / "a\nb.txt").write_bytes(b"x")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    assert build_site(site).heard.codes.count("E531") == 2


def test_an_output_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("Alpha sinks"), "public": "a file"})
    with pytest.raises((SitegenError, OSError)):
        build_site(tmp_path)
    assert (tmp_path / "public").read_bytes() == b"a file"


def test_an_output_that_cannot_be_written_is_an_error_and_is_finished_later(site: Path) -> None:
    put(site / "articles", {"a.txt": dump("Alpha sinks", body="Changed.")})
    partial = site / "public" / ".sitegen"
    partial.chmod(0o500)
    try:
        if os.access(partial, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises((SitegenError, OSError)):
            build_site(site)
    finally:
        partial.chmod(0o755)
    build_site(site)
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        shutil.which("mount")
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=False, capture_output=True
        ).returncode
        == 0
    )
    if not mounted:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("output_alone", [True, False])
def test_a_full_disk_stops_the_build_which_is_finished_when_there_is_room(
    tmp_path: Path, small_disk: Path, jobs: int, output_alone: bool
) -> None:
    site = tmp_path / "site"
    put(
        site / "articles",
        {f"{number}.txt": dump(f"Story {number}", body="Much to read. " * 60) for number in range(150)},
    )
    for name in ("public",) if output_alone else ("public", ".sitegen"):
        (small_disk / name).mkdir()
        (site / name).symlink_to(small_disk / name)
    fill = small_disk / "fill"
    fill.write_bytes(b"x" * 1_800_000)
    with pytest.raises((SitegenError, OSError)) as caught:
        build_site(site, jobs=jobs)
    assert "room" in str(caught.value) or getattr(caught.value, "errno", 0) == errno.ENOSPC
    fill.unlink()
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    built = build_site(site, jobs=jobs)
    assert not any("damaged" in message for message in built.heard.messages)
    assert difference(tree(site / "public"), clean_build(site, tmp_path / "clean")) == ""


# -- sources ----------------------------------------------------------------------------------------------------------


def test_a_file_of_fifty_megabytes_costs_its_own_page(site: Path) -> None:
    put(site / "articles", {"big.txt": dump("Big") + "All work and no play. " * 2_300_000})
    started = time.perf_counter()
    built = build_site(site)
    assert [problem.code for problem in built.heard.problems if problem.severity == "error"] == ["E506"]
    assert time.perf_counter() - started < 120
    assert "2024/11/19/alpha-sinks.html" in tree(site / "public")


@pytest.mark.parametrize("line", ["word " * 8_000_000, "w" * 40_000_000])
def test_a_line_of_forty_megabytes_costs_its_own_page(site: Path, line: str) -> None:
    put(site / "articles", {"long.md": markdown("Long", line, date="2024-01-01"), "long.txt": dump("Long", body=line)})
    built = build_site(site)
    assert [problem.code for problem in built.heard.problems if problem.severity == "error"] == ["E506", "E506"]
    assert "2024/11/19/alpha-sinks.html" in tree(site / "public")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["long.md", "long.txt"])
@pytest.mark.parametrize(
    "line", ["word " * 1_000_000, "w" * 5_000_000, "[" * 200_000, "*a " * 200_000, "By " * 500_000, "<b>" * 200_000]
)
def test_a_long_line_does_not_hang_the_build(site: Path, name: str, line: str) -> None:
    put(
        site / "articles",
        {name: markdown("Long", line, date="2024-01-01") if name.endswith(".md") else dump("Long", body=line)},
    )
    started = time.perf_counter()
    build_site(site)
    assert time.perf_counter() - started < 120
    assert "2024/11/19/alpha-sinks.html" in tree(site / "public")


@pytest.mark.parametrize("name", ["测" * 84 + ".md", "a" * 252 + ".md", "😀" * 62 + ".txt"])
def test_a_name_of_255_bytes_is_read(site: Path, name: str) -> None:
    put(site / "articles", {name: markdown("Long name", date="2024-01-01"), f"{name[:-4]}.svg": "<svg/>"})
    build_site(site)
    assert "2024/01/01/long-name.html" in tree(site / "public")


def test_a_picture_with_a_name_of_255_bytes_is_published(site: Path) -> None:
    name = f"{'测' * 83}.svg"
    put(
        site / "articles",
        {
            "d.md": markdown("Delta", f"![A]({name})", date="2024-01-01"),
            name: '<svg xmlns="http://www.w3.org/2000/svg"/>',
        },
    )
    build_site(site)
    assert [path for path in tree(site / "public") if path.startswith("media/测")]


def test_a_source_that_vanishes_or_changes_while_it_is_read_is_settled_by_the_next_build(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sitegen import intake

    load = intake.load

    def load_late(folder: Path, file: str) -> object:
        if file == "a.txt":
            (site / "articles" / file).unlink(missing_ok=True)
        if file == "sub/b.txt":
            put(site / "articles", {file: dump("Beta sinks", created="2023-01-02 03:04:05")})
        return load(folder, file)

    put(site / "articles", {"a.txt": dump("Alpha sinks", body="Changed."), "sub/b.txt": dump("Beta flies")})
    monkeypatch.setattr(intake, "load", load_late)
    build_site(site)
    monkeypatch.undo()
    build_site(site)
    output = tree(site / "public")
    del output["own.txt"]
    assert difference(output, clean_build(site, site.parent / "clean")) == ""


def test_many_tags_in_one_article_do_not_hang_the_build(tmp_path: Path) -> None:
    tags = ", ".join(f"t{number}" for number in range(1500))
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01", tags=f"[{tags}]")})
    started = time.perf_counter()
    build_site(tmp_path)
    assert time.perf_counter() - started < 120
