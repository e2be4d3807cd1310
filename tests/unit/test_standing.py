"""Problems between sources are told in every build, and no longer than they last."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.catalog import Catalog, open_catalog, standing
from sitegen.catalog.missing import doubt_all, look_for_missing, missing_files
from tests.support import build_site, markdown, put

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'


def codes(site: Path) -> list[str]:
    """What two builds tell, of which the second has nothing to do."""
    first, second = ([problem.code for problem in build_site(site).heard.problems] for _ in range(2))
    assert first == second
    return first


def test_a_missing_picture_is_told_from_when_it_goes_to_when_it_comes_back(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("A", "![x](p.svg)\n\nText of it.", date="2024-01-01"), "p.svg": DRAWING})
    assert codes(tmp_path) == []
    (tmp_path / "articles" / "p.svg").unlink()
    assert codes(tmp_path) == ["W523"]
    put(tmp_path / "articles", {"p.svg": DRAWING})
    assert codes(tmp_path) == []


def test_a_shared_address_is_told_as_long_as_it_is_shared(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("A", "One text.", date="2024-01-01")})
    assert codes(tmp_path) == []
    put(tmp_path / "articles", {"b.md": markdown("A", "Another text.", date="2024-01-01")})
    assert codes(tmp_path) == ["W524", "W524"]
    (tmp_path / "articles" / "b.md").unlink()
    assert codes(tmp_path) == []


def told_of_missing(site: Path) -> list[tuple[str, int, str]]:
    """What a build tells of missing files, and a clean build of the same."""
    found = [
        [(each.file, each.line, each.message) for each in build_site(folder).heard.problems if each.code == "W523"]
        for folder in (site, _copy(site))
    ]
    assert found[0] == found[1]
    return found[0]


def _copy(site: Path) -> Path:
    clean = site.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    shutil.copytree(site / "articles", clean / "articles", symlinks=True)
    return clean


def missing_from(site: Path) -> list[str]:
    return [file.removeprefix("articles/") for file, _, _ in told_of_missing(site)]


def test_what_is_missing_after_each_edit_is_what_a_clean_build_misses(tmp_path: Path) -> None:
    site, articles = tmp_path / "site", tmp_path / "site/articles"
    shows = "Text.\n\n![x](p.svg)\n\nMore of it."
    put(articles, {
        "a.md": markdown("A", shows, date="2024-01-01"), "b/b.md": markdown("B", shows, date="2024-01-02"),
        "c.md": markdown("C", "See [that](b/b.md) and ![x](b/p.svg).", date="2024-01-03"),
    })  # fmt: skip
    assert missing_from(site) == ["a.md", "b/b.md", "c.md"]
    put(articles, {"p.svg": DRAWING})
    assert missing_from(site) == ["b/b.md", "c.md"]
    (articles / "p.svg").rename(articles / "b/p.svg")
    assert missing_from(site) == ["a.md"]
    # The same article, some lines further down, and then in another file.
    put(articles, {"a.md": "\n\n\n" + markdown("A", shows, date="2024-01-01")})
    assert missing_from(site) == ["a.md"]
    (articles / "a.md").rename(articles / "z.md")
    assert missing_from(site) == ["z.md"]
    (articles / "b").rename(articles / "d")
    assert missing_from(site) == ["c.md", "c.md", "z.md"]
    (articles / "d").rename(articles / "b")
    assert missing_from(site) == ["z.md"]
    put(articles, {"c.md": markdown("C", "See nothing.", date="2024-01-03")})
    assert missing_from(site) == ["z.md"]
    # What cannot be read any more is shown as it was, wherever its file goes.
    put(articles, {"z.md": b"\x00" * 400})
    assert missing_from_kept(site) == ["z.md"]
    (articles / "z.md").rename(articles / "y.md")
    assert missing_from_kept(site) == ["y.md"]
    put(articles, {"p.svg": DRAWING})
    assert missing_from_kept(site) == []
    (articles / "y.md").unlink()
    (articles / "p.svg").unlink()
    assert missing_from(site) == []


def missing_from_kept(site: Path) -> list[str]:
    told = build_site(site).heard.problems
    return [each.file.removeprefix("articles/") for each in told if each.code == "W523"]


@pytest.mark.parametrize("stop", ["sitegen.accession.settle", "sitegen.catalog.missing._look"])
def test_what_a_dead_build_left_in_doubt_is_looked_for_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    site = tmp_path / "site"
    put(site / "articles", {"a.md": markdown("A", "Text.\n\n![x](p.svg)", date="2024-01-01")})
    assert missing_from(site) == ["a.md"]
    put(site / "articles", {"b.md": markdown("B", "Text.\n\n![x](q.svg)", date="2024-01-01"), "p.svg": DRAWING})
    with monkeypatch.context() as patched:
        patched.setattr(stop, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_site(site)
    assert missing_from(site) == ["b.md"]


def test_an_edit_costs_the_same_however_many_pictures_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: dict[int, int] = {}
    look = look_for_missing

    def counted(catalog: Catalog) -> None:
        ticks: list[None] = []
        catalog.db.set_progress_handler(lambda: ticks.append(None), 1)
        look(catalog)
        catalog.db.set_progress_handler(None, 0)
        steps[count] = len(ticks)

    monkeypatch.setattr(standing, "look_for_missing", counted)
    for count in (20, 200):
        site = tmp_path / str(count)
        put(site / "articles", {f"{n}.md": markdown(f"S {n}", f"![x](p{n}.svg)", date="2024-01-01") for n in range(count)})
        build_site(site)
        put(site / "articles", {"7.md": markdown("S 7", "![x](other.svg)", date="2024-01-01")})
        build_site(site)
    assert 0 < steps[200] < 1.5 * steps[20]


@pytest.mark.parametrize("change", [
    "UPDATE article SET line = 7", "UPDATE source SET folder = 'f' WHERE name = 'b.md'", "DELETE FROM source WHERE name = 'b.md'",
    "UPDATE source SET name = 'none.md' WHERE name = 'b.md'", "UPDATE media SET name = 'none.svg'", "DELETE FROM media",
    "INSERT INTO media (folder, name, size, mtime_ns) VALUES ('', 'none.svg', 1, 1)", "DELETE FROM article_media",
    "INSERT INTO article_media SELECT 'g', 'p.svg', aid FROM article",
])  # fmt: skip
def test_whatever_changes_in_the_catalog_leaves_a_doubt(tmp_path: Path, change: str) -> None:
    texts = {"a.md": "![x](p.svg) and ![x](none.svg)", "b.md": "Text.", "c.md": "See [that](b.md) and [this](none.md)."}
    put(tmp_path / "articles", {"p.svg": DRAWING, **{name: markdown(name, text) for name, text in texts.items()}})
    build_site(tmp_path)
    catalog = open_catalog(tmp_path / ".sitegen")
    before = list(missing_files(catalog))
    catalog.db.execute(change)
    look_for_missing(catalog)
    found = list(missing_files(catalog))
    doubt_all(catalog)
    look_for_missing(catalog)
    assert found == list(missing_files(catalog)) != before
    catalog.close(finished=False)
