"""The plan: how lists are cut by the calendar, and which pages there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.config import Settings
from sitegen.planner import terms
from tests.linkcheck import broken_links, targets
from tests.support import build_site, clean_build, difference, dump, markdown, put, tree


def story(number: int, date: str, tags: str = "[Ships]") -> str:
    return markdown(f"Story {number}", f"Text {number}.", date=date, tags=tags)


def pages(site: Path, folder: str) -> set[str]:
    """The pages below a folder of the output, without their `/index.html`."""
    return {
        name.removesuffix("/index.html")
        for name in tree(site / "public")
        if name.startswith(folder) and name.endswith("/index.html")
    }


def listed(site: Path, page: str) -> set[str]:
    """The articles of a day that a page links to, by their names."""
    return {target.rpartition("/")[2] for _, target, _ in targets(site / "public", page) if "/story-" in f"/{target}"}


def write_stories(site: Path, dates: list[str]) -> None:
    put(site / "articles", {f"{number}.md": story(number, date) for number, date in enumerate(dates)})


# -- lists of terms ---------------------------------------------------------------------------------------------------


def test_a_list_up_to_the_limit_is_one_page(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2021-01-01", "2022-01-01", "2023-01-01"])
    build_site(tmp_path, Settings(list_limit=3))
    assert pages(tmp_path, "tags/") == {"tags", "tags/ships"}
    assert len(listed(tmp_path, "tags/ships/index.html")) == 3


def test_a_longer_list_shows_its_newest_and_leads_to_its_years(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2021-01-01", "2022-01-01", "2022-05-01", "2023-01-01"])
    build_site(tmp_path, Settings(list_limit=3))
    assert pages(tmp_path, "tags/ships") == {"tags/ships", "tags/ships/2021", "tags/ships/2022", "tags/ships/2023"}
    assert listed(tmp_path, "tags/ships/2022/index.html") == {"story-1.html", "story-2.html"}
    reached = {target for _, target, _ in targets(tmp_path / "public", "tags/ships/index.html")}
    assert {"tags/ships/2021/index.html", "tags/ships/2022/index.html", "tags/ships/2023/index.html"} <= reached


def test_a_longer_year_leads_to_its_months_and_keeps_its_address(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2022-01-01", "2022-01-02", "2022-05-01", "2022-05-01", "2023-01-01"])
    build_site(tmp_path, Settings(list_limit=3))
    assert pages(tmp_path, "tags/ships") == {
        "tags/ships",
        "tags/ships/2022",
        "tags/ships/2022/01",
        "tags/ships/2022/05",
        "tags/ships/2023",
    }
    assert listed(tmp_path, "tags/ships/2022/05/index.html") == {"story-2.html", "story-3.html"}


def test_a_month_above_its_own_limit_leads_to_its_days(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2022-01-01", "2022-01-01", "2022-01-02", "2022-01-03", "2022-02-01"])
    build_site(tmp_path, Settings(list_limit=2, month_limit=3))
    assert {"tags/ships/2022/01/01", "tags/ships/2022/01/02", "tags/ships/2022/01/03"} <= pages(tmp_path, "tags/ships")
    assert "tags/ships/2022/02/01" not in pages(tmp_path, "tags/ships")
    assert listed(tmp_path, "tags/ships/2022/01/01/index.html") == {"story-0.html", "story-1.html"}


@pytest.mark.parametrize(
    "dates",
    [
        ["2022", "2022", "2022", "2022-01", "2022-01", "2022-01-05", "", ""],
        ["", "", "", ""],
        ["2022", "2022", "2022", "2022"],
        ["2022-01", "2022-01", "2022-01", "2022-01", "2021"],
        ["2022-01-01T00:00:00Z"] * 4,
    ],
)
def test_every_article_can_be_reached_from_its_tag_whatever_its_date(tmp_path: Path, dates: list[str]) -> None:
    put(
        tmp_path / "articles",
        {f"{n}.md": story(n, date) if date else markdown(f"Story {n}", tags="[Ships]") for n, date in enumerate(dates)},
    )
    build_site(tmp_path, Settings(list_limit=1, month_limit=1))
    found = set().union(*(listed(tmp_path, f"{page}/index.html") for page in pages(tmp_path, "tags/ships")))
    assert found == {f"story-{number}.html" for number in range(len(dates))}
    assert broken_links(tmp_path / "public") == []


def test_what_is_dated_by_a_year_alone_can_be_reached_below_many_newer_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "NEWEST", 2)
    test_every_article_can_be_reached_from_its_tag_whatever_its_date(
        tmp_path,
        [
            "",
            "2021",
            "2022",
            "2022-01",
            "2022-01-05",
            "2022-02-01",
            "2022-02-02",
            "2022-03-01",
            "2023-01-01",
            "2023-01-01",
        ],
    )


def test_lists_that_grow_and_shrink_past_their_limits_are_cut_and_joined(tmp_path: Path) -> None:
    settings = Settings(list_limit=3, month_limit=2)
    dates = ["2021-01-01", "2022-01-01", "2022-01-02", "2022-01-03", "2022-02-01", "2022", "2023-07-07"]
    put(tmp_path / "articles", {"keep.md": story(99, "2020-01-01", "[Ships, Boats]")})
    for number, date in enumerate(dates):
        put(tmp_path / "articles", {f"{number}.md": story(number, date)})
        build_site(tmp_path, settings)
        clean = tmp_path / f"clean{number}"
        assert difference(tree(tmp_path / "public"), clean_build(tmp_path, clean, settings)) == ""
    for number in (3, 0, 6, 1, 5, 4):
        (tmp_path / "articles" / f"{number}.md").unlink()
        build_site(tmp_path, settings)
        assert (
            difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / f"shrunk{number}", settings)) == ""
        )
    assert pages(tmp_path, "tags/ships") == {"tags/ships"}


def test_the_limits_are_two_hundred_and_a_thousand(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {f"{n}.md": story(n, "2022-03-04", "[Ships, Few]" if n < 200 else "[Ships]") for n in range(201)},
    )
    build_site(tmp_path)
    assert pages(tmp_path, "tags/few") == {"tags/few"}
    assert pages(tmp_path, "tags/ships") == {"tags/ships", "tags/ships/2022", "tags/ships/2022/03"}
    assert len(listed(tmp_path, "tags/ships/2022/03/index.html")) == 201
    # The layout and the language of all articles pass the limits too, and have no lists.
    put(tmp_path / "articles", {"more.md": story(201, "2022-03-04")})
    build_site(tmp_path)
    assert len(listed(tmp_path, "tags/ships/2022/03/index.html")) == 202


@pytest.mark.slow
def test_ten_thousand_articles_make_fewer_than_18_files_for_ten(tmp_path: Path) -> None:
    for number in range(10_000):
        day = f"20{14 + number % 10}-{number // 10 % 12 + 1:02}-{number // 120 % 28 + 1:02} 10:00:00"
        put(
            tmp_path / "articles",
            {f"{number % 50}/{number}.txt": dump(f"Story {number}", created=day, source=f"Paper {number % 8}")},
        )
    build_site(tmp_path, jobs=2)
    assert len(tree(tmp_path / "public")) < 18_000


# -- other pages ------------------------------------------------------------------------------------------------------


def test_an_empty_archive_has_all_its_pages_and_no_broken_link(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    build_site(tmp_path)
    assert {
        "index.html",
        "404.html",
        "tags/index.html",
        "authors/index.html",
        "sources/index.html",
        "sections/index.html",
        "dates/index.html",
        "about/index.html",
    } <= tree(tmp_path / "public").keys()
    assert broken_links(tmp_path / "public") == []


def test_undated_articles_stand_in_their_tags_sources_and_authors_and_on_the_undated_page(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {
            "a.md": markdown("Story 1", tags="[Ships]", authors="[Li Wei]", source="The Post"),
            "b.md": story(2, "2024-01-01"),
        },
    )
    build_site(tmp_path)
    for page in ("undated", "tags/ships", "authors/li-wei", "sources/the-post"):
        assert "story-1.html" in listed(tmp_path, f"{page}/index.html")
    # They are nobody's neighbours.
    assert "undated/story-1.html" not in {
        target for _, target, _ in targets(tmp_path / "public", "2024/01/01/story-2.html")
    }


def test_days_of_the_calendar_link_to_their_neighbours_through_the_turn_of_the_year(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2021-01-05", "2022-06-01", "2020-12-30"])
    build_site(tmp_path)
    reached = {target for _, target, _ in targets(tmp_path / "public", "on-this-day/12-30/index.html")}
    assert {"on-this-day/06-01/index.html", "on-this-day/01-05/index.html"} <= reached


def test_two_articles_that_open_a_new_day_of_the_calendar_at_once_reach_its_neighbours(tmp_path: Path) -> None:
    write_stories(tmp_path, ["2021-01-05", "2022-06-01"])
    build_site(tmp_path)
    put(tmp_path / "articles", {"x.md": story(7, "2023-03-03"), "y.md": story(8, "2023-03-03")})
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_an_index_of_many_terms_is_cut_by_initials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "INDEX_LIMIT", 40)
    names = [f'"{"abcdefghijklmnopqrstuvwxyzäß測"[number % 29]}{number}"' for number in range(41)]
    put(tmp_path / "articles", {"a.md": markdown("Story 1", date="2024-01-01", tags=f"[{', '.join(names)}]")})
    build_site(tmp_path)
    assert "tags/-/a.html" in tree(tmp_path / "public")
    assert broken_links(tmp_path / "public", ["tags/index.html", "tags/-/a.html"]) == []
    put(tmp_path / "articles", {"a.md": markdown("Story 1", date="2024-01-01", tags=f"[{', '.join(names[1:])}]")})
    build_site(tmp_path)
    assert not any(name.startswith("tags/-/") for name in tree(tmp_path / "public"))
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


# -- what an edit reaches ---------------------------------------------------------------------------------------------


def test_a_link_to_another_source_follows_its_article(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "See [the other](sub/b.md).", date="2024-01-01")})
    steps = [
        {"sub/b.md": markdown("Beta", date="2020-01-01", id="two")},
        {"sub/b.md": markdown("Betah", date="2020-01-01", id="two")},
        {"c.md": markdown("Betah", date="2020-01-01", id="three")},
        {"sub/b.md": markdown("Betah", date="2020-01-01", id="two", draft="true")},
        {"sub/b.md": markdown("Beta", date="2019-01-01", id="two")},
    ]
    for number, files in enumerate(steps):
        put(tmp_path / "articles", files)
        build_site(tmp_path)
        assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / f"clean{number}")) == ""
        assert broken_links(tmp_path / "public") == []
    (tmp_path / "articles" / "sub" / "b.md").unlink()
    build_site(tmp_path)
    assert "beta.html" not in (tmp_path / "public" / "2024/01/01/alpha.html").read_text(encoding="utf-8")


def test_a_picture_comes_changes_and_goes_with_the_articles_that_show_it(tmp_path: Path) -> None:
    def picture(width: int) -> str:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="2"/>'

    def media() -> set[str]:
        return {name for name in tree(tmp_path / "public") if name.startswith("media/")}

    put(tmp_path / "articles", {"a.md": markdown("Alpha", "![A ship](ship.svg)", date="2024-01-01")})
    build_site(tmp_path)
    assert media() == set()
    put(tmp_path / "articles", {"ship.svg": picture(4)})
    build_site(tmp_path)
    first = media()
    assert len(first) == 1
    assert first.pop() in (tmp_path / "public" / "2024/01/01/alpha.html").read_text(encoding="utf-8")
    put(tmp_path / "articles", {"ship.svg": picture(5)})
    build_site(tmp_path)
    assert len(media()) == 1
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "No ship.", date="2024-01-01")})
    build_site(tmp_path)
    assert media() == set()
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "![A ship](ship.svg)", date="2024-01-01")})
    build_site(tmp_path)
    assert len(media()) == 1
    (tmp_path / "articles" / "ship.svg").unlink()
    built = build_site(tmp_path)
    assert media() == set()
    assert "W523" in built.heard.codes
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_template_edit_in_a_long_run_shows(tmp_path: Path) -> None:
    """A server builds again and again in one process."""
    put(
        tmp_path,
        {
            "articles/a.md": markdown("Alpha", date="2024-01-01"),
            "templates/404.html": "<!DOCTYPE html><title>lost</title>",
        },
    )
    build_site(tmp_path)
    put(tmp_path, {"templates/404.html": "<!DOCTYPE html><title>not here</title>"})
    built = build_site(tmp_path)
    assert tree(tmp_path / "public")["404.html"] == b"<!DOCTYPE html><title>not here</title>"
    assert built.summary.written == 1
