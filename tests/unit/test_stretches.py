"""The stretches of the search index: each article in one, none too long, and an addition moves no article to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.catalog import open_catalog, stretches
from sitegen.catalog.stretches import all_stretches, articles_in, place_of, touched
from tests.support import build_site, markdown, put

DATES = (
    "1899-12-31", "1999-12-31", "2000-01-01", "2023-05-06", "2024-01-31", "2024-02-01", "2024-11", "2024-11-01",
    "2024-11-10", "2024-11-11", "2024-11-20", "2024-11-21", "2024-11-30", "2024", "2024-12-31T23:59:59Z", "",
)  # fmt: skip


def archive(folder: Path, dates: list[str]) -> None:
    put(folder, {f"articles/{n}.md": markdown(f"Story {n}", date=date or None) for n, date in enumerate(dates)})
    build_site(folder)


def cut(folder: Path) -> dict[str, list[str]]:
    """For each stretch the articles in it."""
    catalog = open_catalog(folder / ".sitegen")
    try:
        found = all_stretches(catalog)
        for name, stretch in found.items():
            for article in articles_in(catalog, stretch):
                assert name in set(touched(found.values(), place_of(article.sort))), (name, article.sort)
        return {name: [each.url for each in articles_in(catalog, stretch)] for name, stretch in found.items()}
    finally:
        catalog.close(finished=True)


@pytest.mark.parametrize("most", [1, 2, 3, 5, 1000])
def test_every_article_is_in_one_stretch_and_no_stretch_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(stretches, "MOST", most)
    dates = [*DATES, *["2024-11-19"] * 5]
    archive(tmp_path, dates)
    found = cut(tmp_path)
    urls = [url for each in found.values() for url in each]
    assert len(urls) == len(set(urls)) == len(dates)
    # A day is cut by digests, which need not be even.
    assert all(1 <= len(each) <= most for name, each in found.items() if "_" not in name)


def test_small_archive_is_one_stretch(tmp_path: Path) -> None:
    archive(tmp_path, [date for date in DATES if date])
    assert list(cut(tmp_path)) == ["all"]


def test_periods_are_cut_where_they_are_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST", 3)
    archive(tmp_path, list(DATES))
    assert set(cut(tmp_path)) == {
        "undated", "18", "19", "200", "2023", "2024-00", "2024-q1", "2024-11-00", "2024-11a", "2024-11b", "2024-11c", "2024-12",
    }  # fmt: skip


def test_addition_moves_no_other_article_until_a_stretch_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST", 4)
    archive(tmp_path, list(DATES))
    before = cut(tmp_path)
    put(tmp_path, {"articles/new.md": markdown("New", date="2024-02-15")})
    build_site(tmp_path)
    after = cut(tmp_path)
    assert {name: urls for name, urls in after.items() if name != "2024-q1"} == {
        name: urls for name, urls in before.items() if name != "2024-q1"
    }
    put(tmp_path, {f"articles/more{n}.md": markdown(f"More {n}", date="2024-02-16") for n in range(2)})
    build_site(tmp_path)
    full = cut(tmp_path)
    assert set(full) - set(after) == {"2024-01", "2024-02"}
    assert set(after) - set(full) == {"2024-q1"}


def test_articles_in_languages_without_spaces_count_as_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST", 16)
    for year in (2021, 2022):
        for n in range(4):
            language = "ja" if year == 2022 and n < 3 else "en"
            put(tmp_path, {f"articles/{year}-{n}.md": markdown(f"Story {year} {n}", date=f"{year}-{3 * n + 1:02}-02", lang=language)})
    put(tmp_path, {"articles/undated.md": markdown("橋", date=None, lang="ja"), "articles/u2.md": markdown("市", date=None, lang="ja"),
                   "articles/u3.md": markdown("川", date=None, lang="ja-JP")})  # fmt: skip
    build_site(tmp_path)
    found = cut(tmp_path)
    assert {name: len(urls) for name, urls in found.items() if not name.startswith("undated")} == {
        "2021": 4, "2022-q1": 1, "2022-q2": 1, "2022-q3": 1, "2022-q4": 1}  # fmt: skip
    assert sum(len(urls) for name, urls in found.items() if name.startswith("undated_")) == 3
