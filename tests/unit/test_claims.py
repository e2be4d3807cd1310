"""The lists in the output that say which of its files are ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen import claims
from sitegen.assembly import Assembly
from tests.support import build_site, dump, put, times, tree


def listed(output: Path) -> list[str]:
    files = output / ".sitegen" / "files"
    lines = (line for path in files.glob("*.txt") for line in path.read_text(encoding="utf-8").splitlines())
    return sorted(line for line in lines if not line.startswith("/"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    put(
        tmp_path / "articles",
        {
            "a.txt": dump("Alpha sinks", author="Li Wei"),
            "b.txt": dump("测试", created="2023-01-02 03:04:05"),
            "c.md": "---\ntitle: No date\ntags: [Turkey, 测试]\n---\n\nText.\n",
        },
    )
    build_site(tmp_path)
    return tmp_path


def test_every_file_of_ours_is_listed_once_and_nothing_else(site: Path) -> None:
    put(site / "public", {"own.txt": "foreign"})
    build_site(site)
    ours = {name for name in tree(site / "public") if not name.startswith(".sitegen/") and name != "own.txt"}
    assert listed(site / "public") == sorted(ours)


def test_an_article_that_asked_for_the_address_of_a_month_is_listed_once(site: Path) -> None:
    put(site / "articles", {"d.md": "---\ntitle: Delta\npermalink: /2024/11/\n---\n\nText.\n"})
    shutil.rmtree(site / "public")
    build_site(site)
    found = listed(site / "public")
    assert any(name.startswith("2024/11-") for name in found)
    assert len(found) == len(set(found))


def test_lists_are_sorted_and_cut_so_that_an_addition_rewrites_few(site: Path) -> None:
    before = tree(site / "public" / ".sitegen")
    put(site / "articles", {"d.txt": dump("Delta drifts", created="2023-01-05 00:00:00")})
    build_site(site)
    after = tree(site / "public" / ".sitegen")
    changed = {name for name in after if before.get(name) != after[name]}
    assert "files/2023-01.txt" in changed
    assert "files/2024-11.txt" not in changed
    for data in after.values():
        *lines, total = data.splitlines()
        assert total.startswith(b"/")
        assert lines == sorted(lines, key=lambda line: line.rpartition(b"/")[::2])


@pytest.mark.parametrize("how", ["deleted", "edited", "all deleted"])
def test_a_list_that_someone_changed_is_put_back(site: Path, how: str) -> None:
    before, path = tree(site / "public"), site / "public" / ".sitegen" / "files" / "2024-11.txt"
    match how:
        case "deleted":
            path.unlink()
        case "edited":
            path.write_bytes(b"notes.txt\n")
        case _:
            shutil.rmtree(site / "public" / ".sitegen")
    build_site(site)
    assert tree(site / "public") == before


def test_a_lost_catalog_leaves_no_orphan_and_touches_no_foreign_file(site: Path) -> None:
    put(site / "public", {"2024/11/19/own.html": "foreign", "CNAME": "example.org"})
    shutil.rmtree(site / ".sitegen")
    (site / "articles" / "a.txt").unlink()
    before = times(site / "public")
    build_site(site)
    output = tree(site / "public")
    assert "2024/11/19/alpha-sinks.html" not in output
    assert "authors/li-wei/index.html" not in output
    assert (output["2024/11/19/own.html"], output["CNAME"]) == (b"foreign", b"example.org")
    after = times(site / "public")
    assert before["tags/turkey/index.html"] == after["tags/turkey/index.html"]


def die_after_writing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a build end when all pages are made, before anything is removed or written down."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Assembly, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            build_site(site)


def test_files_put_back_without_their_lists_are_no_orphans_if_the_catalog_is_lost_halfway(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(site / "public")
    put(site / "public", {"CNAME": "example.org"})

    die_after_writing(site, monkeypatch)
    for path in (site / ".sitegen").glob("catalog.*"):
        path.unlink()
    for name in ("a.txt", "b.txt"):
        (site / "articles" / name).unlink()
    build_site(site)
    assert not [name for name in tree(site / "public") if name.startswith(("2023/", "2024/"))]
    assert (site / "public" / "CNAME").exists()


def test_an_edited_list_claims_nothing_even_if_the_build_that_finds_it_dies(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site / "public", {"notes.txt": "foreign"})
    with (site / "public" / ".sitegen" / "files" / "top.txt").open("a") as top:
        top.write("notes.txt\n")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sitegen.builder.scan", die)
        with pytest.raises(KeyboardInterrupt):
            build_site(site)
    build_site(site)
    assert (site / "public" / "notes.txt").exists()
    assert "notes.txt" not in listed(site / "public")


@pytest.mark.parametrize("catalog_is_lost", [False, True])
def test_a_foreign_file_in_a_pages_place_is_not_claimed_by_a_build_that_dies(
    site: Path, monkeypatch: pytest.MonkeyPatch, catalog_is_lost: bool
) -> None:
    put(site, {"articles/d.txt": dump("Delta drifts"), "public/2024/11/19/delta-drifts.html": "foreign"})
    die_after_writing(site, monkeypatch)
    if catalog_is_lost:
        for path in (site / ".sitegen").glob("catalog.*"):
            path.unlink()
    assert "E541" in build_site(site).heard.codes
    (site / "articles" / "d.txt").unlink()
    build_site(site)
    assert (site / "public" / "2024/11/19/delta-drifts.html").read_bytes() == b"foreign"


@pytest.mark.parametrize("made", ["1999/01/02", "1999/01"])
def test_a_folder_that_a_dead_build_made_for_nothing_goes(tmp_path: Path, made: str) -> None:
    put(tmp_path, {".sitegen/journal.txt": "1999/01/02/alpha.html\n2024/beta.html\n", "2024/own.txt": "foreign"})
    (tmp_path / made).mkdir(parents=True)
    claims.begin(tmp_path)
    assert not (tmp_path / "1999").exists()
    assert (tmp_path / "2024" / "own.txt").exists()


def test_a_list_cannot_claim_what_lies_outside_or_is_not_there(tmp_path: Path) -> None:
    put(tmp_path, {"secret.txt": "x", "public/a.html": "y"})
    names = ["../secret.txt", "/etc/passwd", "", "a/../../secret.txt", ".sitegen/files/top.txt", "gone.html", "a.html"]
    put(tmp_path / "public", {".sitegen/files/top.txt": "".join(f"{name}\n" for name in names)})
    assert list(claims.read_claims(tmp_path / "public")) == ["a.html"]


def test_the_last_line_of_a_torn_journal_is_not_believed(tmp_path: Path) -> None:
    put(tmp_path, {".sitegen/journal.txt": "a.html\nb.ht", "a.html": "", "b.ht": "", "b.html": ""})
    assert list(claims.read_claims(tmp_path)) == ["a.html"]


@pytest.mark.parametrize(
    ("folder", "shard"),
    [
        ("", "top"),
        ("2024", "2024"),
        ("2024/11", "2024-11"),
        ("2024/11/19", "2024-11"),
        ("tags", "tags"),
        ("about", "about"),
    ],
)
def test_a_folders_list(folder: str, shard: str) -> None:
    assert claims.shard_of(folder) == shard


def test_a_tag_with_all_its_periods_is_in_one_of_sixteen_lists() -> None:
    found = {claims.shard_of(f"tags/t{number}/2024/11") for number in range(400)}
    assert len(found) == 16
    assert claims.shard_of("tags/t1") == claims.shard_of("tags/t1/2024/11")
