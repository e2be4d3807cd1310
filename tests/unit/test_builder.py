"""A build as a whole: its order, what it leaves alone, what it tells."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.config import Folders, Settings
from sitegen.errors import SitegenError
from sitegen.records import Problem
from sitegen.writer import Written, remove, write
from tests.support import build_site, dump, markdown, put, times, tree


@pytest.fixture
def site(tmp_path: Path) -> Path:
    put(
        tmp_path / "articles",
        {
            "a.txt": dump("Alpha sinks", author="Li Wei"),
            "b.md": markdown("Beta", date="2024-11-19", tags="[Ships]", id="b"),
            "c.md": markdown("Gamma", date="2023-01-01", tags="[Boats]", id="c"),
        },
    )
    build_site(tmp_path)
    return tmp_path


def test_new_files_come_first_then_changed_ones_then_removals(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[str, str]] = []

    def watched_write(output: str, partial: str, url: str, data: bytes, *, ours: bool, absent: bool) -> Written:
        written = write(output, partial, url, data, ours=ours, absent=absent)
        steps.append(("change" if ours else "new", url))
        return written

    def watched_remove(output: Path, path: str) -> bool:
        steps.append(("remove", f"/{path}"))
        return remove(output, path)

    monkeypatch.setattr("sitegen.production.write", watched_write)
    monkeypatch.setattr("sitegen.assembly.remove", watched_remove)
    put(site / "articles", {"d.md": markdown("Delta", date="2024-12-24", tags="[Ships, Yachts]")})
    (site / "articles" / "c.md").unlink()
    build_site(site)
    kinds = [kind for kind, _ in steps]
    assert set(kinds) == {"new", "change", "remove"}
    assert kinds == sorted(kinds, key=("new", "change", "remove").index)
    assert steps.index(("change", "/index.html")) > steps.index(("new", "/2024/12/24/delta.html"))
    assert ("remove", "/tags/boats/index.html") in steps


def test_the_first_build_writes_the_home_page_after_all_that_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []

    def watched(output: str, partial: str, url: str, data: bytes, *, ours: bool, absent: bool) -> Written:
        urls.append(url)
        return write(output, partial, url, data, ours=ours, absent=absent)

    monkeypatch.setattr("sitegen.production.write", watched)
    put(
        tmp_path / "articles",
        {"a.txt": dump("Alpha sinks"), "b.md": markdown("Beta", date="2024-11-19", tags="[Ships]")},
    )
    build_site(tmp_path)
    assert [url for url in urls[urls.index("/index.html") + 1 :] if url.endswith(".html")] == []


def test_a_build_with_nothing_to_do_does_not_even_open_the_catalog_for_writing(site: Path) -> None:
    for path in (site / "articles").iterdir():
        # Files changed a moment ago are looked at again, since their times cannot be trusted.
        path.touch()
        os.utime(path, (1_700_000_000, 1_700_000_000.5))
    build_site(site)
    cache = Folders(site=site).cache
    before = times(cache)
    summary = build_site(site).summary
    assert (summary.sources_read, summary.sources_unchanged, summary.pages, summary.written) == (0, 3, 0, 0)
    assert times(cache) == before


def test_problems_of_unchanged_sources_are_told_in_every_build(site: Path) -> None:
    put(site / "articles", {"x.md": markdown("Xi", date="2024-02-31"), "y.md": markdown("Ypsilon")})
    first, second = (build_site(site).heard.problems for _ in range(2))

    def known(problems: list[Problem]) -> list[tuple[str, str, int]]:
        return sorted((problem.file, problem.code, problem.line) for problem in problems)

    assert known(first) == known(second)
    assert ("articles/x.md", "E103", 3) in known(first)


def test_a_strict_build_writes_nothing_where_there_is_a_warning_and_all_once_it_is_mended(site: Path) -> None:
    before = tree(site / "public")
    put(
        site / "articles",
        {"y.md": markdown("Ypsilon"), "b.md": markdown("Bet", date="2024-11-19", tags="[Ships]", id="b")},
    )
    built = build_site(site, strict=True)
    assert built.summary.refused
    assert tree(site / "public") == before
    assert not (site / "articles" / "_ledger").exists()
    put(site / "articles", {"y.md": markdown("Ypsilon", date="2024-11-19")})
    built = build_site(site, strict=True)
    assert not built.summary.refused
    assert "2024/11/19/ypsilon.html" in tree(site / "public")
    assert b"bet.html" in tree(site / "public")["2024/11/19/beta.html"]


def test_a_dry_run_writes_nothing_and_tells_what_a_build_would(site: Path) -> None:
    put(
        site / "articles",
        {"d.md": markdown("Delta", date="2024-12-24"), "b.md": markdown("Bet", date="2024-11-19", id="b")},
    )
    (site / "articles" / "c.md").unlink()
    before = tree(site)
    built = build_site(site, dry_run=True)
    assert tree(site) == before
    planned = {change.path: change.action for change in built.summary.changes}
    assert planned["2024/12/24/delta.html"] == "new"
    assert planned["2024/11/19/beta.html"] == "change"
    assert planned["2023/01/01/gamma.html"] == planned["tags/boats/index.html"] == "remove"
    assert all(change.why for change in built.summary.changes)
    stood = tree(site / "public")
    build_site(site)
    stands = tree(site / "public")
    changed = {name for name in stood.keys() | stands.keys() if stood.get(name) != stands.get(name)}
    assert {name for name in changed if not name.startswith(".sitegen/")} <= planned.keys()


def test_a_dry_run_tells_of_the_list_of_sitemaps_that_an_address_brings(site: Path) -> None:
    put(site, {"public/CNAME": "foreign"})
    settings = Settings(base_url="https://news.example.org")
    planned = {change.path for change in build_site(site, settings, dry_run=True).summary.changes}
    before = tree(site / "public")
    build_site(site, settings)
    new = {name for name in tree(site / "public").keys() - before.keys() if not name.startswith(".sitegen/")}
    assert "sitemap.xml" in new
    assert new <= planned


def test_a_dry_run_of_a_lost_catalog_plans_no_removal_of_what_stands(site: Path) -> None:
    for path in Folders(site=site).cache.glob("catalog*"):
        path.unlink()
    built = build_site(site, dry_run=True)
    assert {change.action for change in built.summary.changes} == {"change"}


def test_a_template_that_fails_stops_the_build_with_its_file_and_line_and_is_mended(site: Path) -> None:
    before = tree(site / "public")
    put(site / "templates", {"day.html": "line one\n{{ view.nonsense }}\n"})
    with pytest.raises(SitegenError, match=r"day\.html:2"):
        build_site(site)
    put(site / "templates", {"day.html": "{% if %}"})
    with pytest.raises(SitegenError, match=r"day\.html:1"):
        build_site(site)
    (site / "templates" / "day.html").unlink()
    build_site(site)
    assert tree(site / "public") == before


def test_an_archive_without_its_folder_is_an_error_that_empties_nothing(site: Path) -> None:
    before = tree(site / "public")
    (site / "articles").rename(site / "elsewhere")
    with pytest.raises(SitegenError, match="articles"):
        build_site(site)
    assert tree(site / "public") == before


def test_a_setting_of_one_kind_of_page_reaches_no_other(site: Path) -> None:
    before = times(site / "public")
    build_site(site, Settings(month_limit=7))
    assert times(site / "public") == before


def test_a_folder_without_articles_is_told(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.pdf": "%PDF-1.4"})
    assert any("no article in articles/" in line for line in build_site(tmp_path).heard.messages)
    put(tmp_path / "articles", {"b.md": markdown("Beta", date="2024-11-19")})
    assert not any("no article in" in line for line in build_site(tmp_path).heard.messages)
