"""Locality: what an edit reaches does not grow with the archive."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from sitegen.catalog import schema
from sitegen.config import Settings
from tests.support import build_site, dump, put, times, tree

ARTICLES = 1500
NEW = "2016-03-04 12:00:00"
"""In the middle of the archive's ten years."""


def story(number: int, created: str, body: str = "") -> str:
    return dump(
        f"Story {number}",
        created=created,
        updated=created,
        source=f"Paper {number % 6}",
        section=f"Desk {number % 5}",
        author=f"Writer {chr(65 + number % 20)}",
        body=body or f"Ships met off Turkey. Turkey said so. {number} saw it.",
    )


def moment(number: int) -> str:
    day = f"20{11 + number % 10}-{number // 10 % 12 + 1:02}-{number * 7 % 28 + 1:02}"
    return f"{day} {number % 24:02}:{number * 3 % 60:02}:00"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("archive")
    put(site / "articles", {f"{number % 20}/{number}.txt": story(number, moment(number)) for number in range(ARTICLES)})
    build_site(site, jobs=2)
    return site


@pytest.fixture
def site(archive: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "site"
    shutil.copytree(archive, copy, symlinks=True)
    build_site(copy)
    return copy


def edited(site: Path) -> set[str]:
    """Build, and tell which files of the output changed, came or went, the lists of our own files aside."""
    before, stood = tree(site / "public"), times(site / "public")
    build_site(site)
    after, stands = tree(site / "public"), times(site / "public")
    found = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert found == {name for name in stood.keys() | stands.keys() if stood.get(name) != stands.get(name)}
    return {name for name in found if not name.startswith(".sitegen/")}


def articles_of(names: set[str]) -> set[str]:
    return {name for name in names if name.rpartition("/")[2].startswith("story-")}


def test_an_addition_reaches_its_page_its_neighbours_and_the_current_pages_of_its_lists(site: Path) -> None:
    put(site / "articles", {"new.txt": story(ARTICLES, NEW)})
    found = edited(site)
    others = articles_of(found) - {f"2016/03/04/story-{ARTICLES}.html"}
    # Two neighbours, and the next later article of its one tag.
    assert 2 <= len(others) <= 3
    assert {
        "2016/03/04/index.html",
        "2016/03/index.html",
        "2016/index.html",
        "index.html",
        "on-this-day/03-04/index.html",
    } <= found
    assert {
        "tags/turkey/2016/index.html",
        "sources/paper-0/index.html",
    } <= found or "tags/turkey/2016/03/index.html" in found
    assert not [name for name in found if name.startswith(("2015", "2017", "tags/turkey/2015"))]
    assert len(found) <= 40


def test_an_edit_of_a_text_reaches_its_own_page_and_little_else(site: Path) -> None:
    put(site / "articles", {"7/7.txt": story(7, moment(7), "Another text of just as many words as before, it is.")})
    assert len(edited(site)) <= 25


def test_the_days_other_articles_do_not_show_an_addition(site: Path) -> None:
    for number, minute in enumerate((1, 2, 3, 4, 5, 6)):
        put(site / "articles", {f"day{number}.txt": story(9000 + number, f"2016-03-04 12:{minute * 9:02}:00")})
    build_site(site)
    put(site / "articles", {"late.txt": story(9999, "2016-03-04 23:59:00")})
    assert len(articles_of(edited(site))) <= 4


def test_a_removal_reaches_no_more_than_an_addition(site: Path) -> None:
    (site / "articles" / "7" / "7.txt").unlink()
    found = edited(site)
    assert len(articles_of(found)) <= 4
    assert len(found) <= 45


def test_an_edit_looks_at_few_pages(site: Path) -> None:
    put(site / "articles", {"new.txt": story(ARTICLES, NEW)})
    assert build_site(site).summary.pages <= 60


GROWING = (
    "WITH RECURSIVE next(folder)", "SELECT 1 FROM (SELECT folder AS path", "SELECT count(*) FROM source",
    "SELECT codes, count(*) FROM source", "SELECT problems FROM source f WHERE +codes",
)  # fmt: skip
"""What looks after each folder of the output and of the sources in every build, and what counts the sources and their problems,
of which each source has one here; the last tells all of them, as only a test and `--verbose` want.
"""


def questions(monkeypatch: pytest.MonkeyPatch, site: Path) -> dict[str, int]:
    """Build; what the catalog is asked, each with the most hundreds of steps that SQLite takes to answer it."""
    asked: dict[str, int] = {}
    found: Counter[str] = Counter()
    now = [""]
    connect = schema._connect

    def note(statement: str) -> None:
        asked[now[0]] = max(asked.get(now[0], 0), found[now[0]])
        found.clear()
        now[0] = statement

    def watched(path: Path) -> sqlite3.Connection:
        db = connect(path)
        db.set_trace_callback(note)
        db.set_progress_handler(lambda: found.update([now[0]]), 100)
        return db

    with monkeypatch.context() as patched:
        patched.setattr(schema, "_connect", watched)
        build_site(site)
    note("")
    return asked


@pytest.mark.parametrize("addition", [False, True])
def test_no_question_to_the_catalog_looks_at_every_article(
    site: Path, monkeypatch: pytest.MonkeyPatch, addition: bool
) -> None:
    if addition:
        put(site / "articles", {"new.txt": story(ARTICLES, NEW)})
    asked = questions(monkeypatch, site)
    assert len(asked) > 20
    # A scan takes at least four steps for each article.
    dear = {statement: steps for statement, steps in asked.items() if steps > ARTICLES * 4 / 100}
    assert not {statement: steps for statement, steps in dear.items() if not statement.startswith(GROWING)}


def test_a_touched_file_is_read_and_nothing_is_written(site: Path) -> None:
    path = site / "articles" / "7" / "7.txt"
    path.touch()
    summary = build_site(site).summary
    assert (summary.sources_read, summary.pages, summary.written) == (1, 0, 0)


def test_a_template_edit_reaches_the_pages_that_use_it(site: Path) -> None:
    put(site / "templates", {"404.html": "<!DOCTYPE html><title>lost</title>"})
    assert edited(site) == {"404.html"}


def test_a_template_edit_that_changes_no_page_changes_no_file(site: Path) -> None:
    theme = Path(__file__).parents[2] / "templates" / "day.html"
    put(site / "templates", {"day.html": theme.read_text(encoding="utf-8") + "{# a remark #}"})
    assert edited(site) == set()


def test_a_higher_limit_reaches_the_lists_alone(site: Path) -> None:
    before = times(site / "public")
    build_site(site, Settings(list_limit=10_000))
    after = times(site / "public")
    assert articles_of({name for name in after if before.get(name) != after[name]}) == set()
