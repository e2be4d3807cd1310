"""A catalog that is lost, garbled or older than the output: the next build is right, and harms nobody's files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen import claims
from sitegen.errors import SitegenError
from tests.faults.test_kills import build_and_kill, write_stories
from tests.support import build_site, clean_build, difference, put, tree

CATALOG = ".sitegen/catalog.db"
FOREIGN = {"notes.txt": b"mine", "2010/own.html": b"mine, too", ".sitegen/own.txt": b"and this"}


def delete(site: Path, _: Path) -> None:
    for path in (site / ".sitegen").glob("catalog*"):
        path.unlink()


def garble(site: Path, _: Path) -> None:
    path = site / CATALOG
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(byte ^ 0x5A for byte in data[4096:]))


def put_back_older(site: Path, older: Path) -> None:
    """As a backup of the folder does, times and all."""
    shutil.rmtree(site / ".sitegen")
    shutil.copytree(older, site / ".sitegen", symlinks=True)


@pytest.mark.parametrize("lose", [delete, garble, put_back_older])
@pytest.mark.parametrize("seconds", [0.0, 1.2, 2.0, 3.0])
def test_after_the_loss_of_the_catalog_the_output_is_as_of_a_clean_build(
    tmp_path: Path, lose: Callable[[Path, Path], None], seconds: float
) -> None:
    site, older = tmp_path / "site", tmp_path / "older"
    write_stories(site, 120)
    build_site(site)
    put(site / "public", FOREIGN)
    shutil.copytree(site / ".sitegen", older, symlinks=True)
    edit(site)
    if seconds:
        build_and_kill(site, seconds)
    else:
        build_site(site)
    stale = sorted((site / "public/2011").rglob("*.html"))[0]
    stale.write_bytes(b"edited")
    (site / "articles/1/1.txt").unlink()
    lose(site, older)
    assert build_site(site).summary.errors == 0
    found = tree(site / "public")
    for name, data in FOREIGN.items():
        assert found.pop(name) == data
    assert difference(found, clean_build(site, tmp_path / "clean")) == ""
    again = build_site(site).summary
    assert (again.written, again.removed) == (0, 0)


def edit(site: Path) -> None:
    """New articles, and some that are gone."""
    put(site / "articles", {"new/one.txt": (site / "articles/2/2.txt").read_bytes().replace(b"Story", b"Tale")})
    write_stories(site / "more", 20, "Extra")
    shutil.move(site / "more/articles", site / "articles/more")
    for number in range(5, 120, 11):
        (site / "articles" / f"{number % 7}" / f"{number}.txt").unlink()


def test_an_older_output_that_is_put_back_is_brought_up_to_date(tmp_path: Path) -> None:
    site, older = tmp_path / "site", tmp_path / "older"
    write_stories(site, 60)
    build_site(site)
    shutil.copytree(site / "public", older)
    for number in range(0, 60, 7):
        (site / "articles/0" / f"{number}.txt").unlink()
    build_site(site)
    shutil.rmtree(site / "public")
    shutil.copytree(older, site / "public")
    put(site / "public", FOREIGN)
    build_site(site)
    found = tree(site / "public")
    for name, data in FOREIGN.items():
        assert found.pop(name) == data
    assert difference(found, clean_build(site, tmp_path / "clean")) == ""


def test_an_output_that_is_removed_while_it_is_written_is_told_and_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_stories(tmp_path, 20)
    begin = claims.begin

    def begin_and_lose(output: Path) -> None:
        begin(output)
        shutil.rmtree(output)

    with monkeypatch.context() as patched:
        patched.setattr(claims, "begin", begin_and_lose)
        with pytest.raises(SitegenError, match="was removed while the site was built; build again"):
            build_site(tmp_path)
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_list_that_somebody_edited_claims_nothing(tmp_path: Path) -> None:
    write_stories(tmp_path, 5)
    build_site(tmp_path)
    put(tmp_path / "public", FOREIGN)
    path = tmp_path / "public/.sitegen/files/top.txt"
    path.write_bytes(b"notes.txt\n" + path.read_bytes())
    build_site(tmp_path)
    assert (tmp_path / "public/notes.txt").read_bytes() == b"mine"
