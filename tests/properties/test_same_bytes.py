"""One job equals many, and the same input gives the same bytes on another day and machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sitegen import scanner
from tests.support import build_site, difference, dump, markdown, put, tree

SETTINGS = """
title = "Same"
base_url = "https://news.example.org"
list_limit = 10
[[pages]]
file = "imprint.md"
"""
ROOT = Path(__file__).parents[2]


def write_sources(site: Path) -> None:
    """Enough for several chunks of work, of every kind, with everything that could depend on an order."""
    put(
        site / "articles",
        {
            f"{number % 5}/{number}.txt": dump(
                f"Story {number % 40}",
                created=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02} 10:00:00",
                author=f"Writer {chr(65 + number % 9)}",
                body=f"Turkey and Israel met in Qatar. Turkey, Israel and Qatar said so. {number}.",
            )
            for number in range(90)
        },
    )
    put(
        site / "articles",
        {
            f"m{number}.md": markdown(
                f"Tale {number % 30}",
                f"![A ship](ship{number % 3}.svg)\n\nSee [that](m{number + 1}.md).",
                date=f"20{number % 20 + 5:02}-01-01",
                tags=f'["C++", c, tag{number % 7}, Tag{number % 7}]',
                id=f"same{number % 25}",
                updated=f"2024-01-{number % 3 + 1:02}",
            )
            for number in range(70)
        },
    )
    put(
        site / "articles",
        {f"ship{n}.svg": f'<svg xmlns="http://www.w3.org/2000/svg" width="{n + 1}" height="2"/>' for n in range(3)},
    )
    put(
        site,
        {
            "sitegen.toml": SETTINGS,
            "imprint.md": "# Imprint\n\nNobody.",
            "static/own.txt": "x",
        },
    )


def run_build(site: Path, *options: str, **environment: str) -> None:
    """Build as another user on another machine would; the search index may differ in its bytes."""
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", str(site), "--quiet", "--no-search", *options],
        cwd=site.parent,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert done.returncode == 0, done.stderr


def age(site: Path) -> None:
    """Other times on all files, as in another checkout."""
    for number, path in enumerate(sorted(site.rglob("*"))):
        os.utime(path, (1_000_000_000 + number, 1_000_000_000 - number * 3))


@pytest.mark.parametrize("jobs", [2, 3])
def test_one_job_equals_many(tmp_path: Path, jobs: int) -> None:
    for name, count in (("one", 1), ("many", jobs)):
        write_sources(tmp_path / name)
        build_site(tmp_path / name, jobs=count)
    assert difference(tree(tmp_path / "one" / "public"), tree(tmp_path / "many" / "public")) == ""
    for name, count in (("one", 1), ("many", jobs)):
        put(tmp_path / name / "articles", {f"{number}.txt": dump(f"News {number}") for number in range(60)})
        (tmp_path / name / "articles" / "m3.md").unlink()
        build_site(tmp_path / name, jobs=count)
    assert difference(tree(tmp_path / "one" / "public"), tree(tmp_path / "many" / "public")) == ""


def test_another_folder_zone_locale_hash_seed_and_number_of_cores_give_the_same_bytes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "an other" / "plàce"
    write_sources(here)
    run_build(here, "--jobs", "1", TZ="UTC", LANG="C", PYTHONHASHSEED="1", LC_ALL="C")
    shutil.copytree(here, there, ignore=shutil.ignore_patterns("public", ".sitegen"))
    age(there)
    run_build(
        there,
        "--jobs",
        "2",
        TZ="Pacific/Kiritimati",
        LANG="de_DE.UTF-8",
        PYTHONHASHSEED="2",
        LC_ALL="C.UTF-8",
        SOURCE_DATE_EPOCH="1",
    )
    assert difference(tree(here / "public"), tree(there / "public")) == ""


def test_no_output_names_the_machine_it_was_built_on(tmp_path: Path) -> None:
    write_sources(tmp_path)
    build_site(tmp_path)
    names = [
        str(tmp_path).encode(),
        os.fsencode(Path.home()) + b"/",
        os.uname().nodename.encode() if hasattr(os, "uname") else b"\0",
    ]
    found = [
        name for name, data in tree(tmp_path / "public").items() for word in names if len(word) > 3 and word in data
    ]
    assert found == []


def test_the_order_in_which_a_file_system_names_its_files_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sources(tmp_path / "one")
    build_site(tmp_path / "one")
    write_sources(tmp_path / "other")
    entries = scanner._entries
    monkeypatch.setattr(
        scanner,
        "_entries",
        lambda root, folder: iter(sorted(entries(root, folder), key=lambda entry: entry.name, reverse=True)),
    )
    build_site(tmp_path / "other")
    monkeypatch.undo()
    assert difference(tree(tmp_path / "one" / "public"), tree(tmp_path / "other" / "public")) == ""
