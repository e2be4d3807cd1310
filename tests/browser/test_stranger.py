"""A stranger's first minutes: serve the sample archive, drop a saved article in, look around, break it, mend it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tools import Witness, copy_sample_archive
from tests.processes import PATIENCE, ROOT, Server, eventually, serving
from tests.support import dump

pytestmark = [pytest.mark.browser, pytest.mark.skipif(os.name == "nt", reason="the server is ended by SIGINT")]

SEED = ROOT.parent / "shared" / "seed" / "article.txt"
IN_TIME = PATIENCE * 1000
OWN = dump(
    "Turkey opens a bridge between two continents",
    source="The Harbour Post",
    author="ROSA LINDQVIST",
    created="2025-03-04 20:35:05",
    updated="2025-03-04 23:27:23",
    body="The bridge that joins both shores of Turkey was opened on Tuesday. Thousands walked across it.",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return copy_sample_archive(tmp_path / "site")


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    with serving("serve", "--port", "0", cwd=site) as server:
        yield server


@pytest.mark.parametrize("which", ["own", "seed"])
def test_a_saved_article_is_dropped_in_and_browsed(which: str, site: Path, server: Server, page: Page) -> None:
    if which == "seed" and not SEED.is_file():
        pytest.skip("the seed article does not lie beside this checkout")
    text = OWN if which == "own" else SEED.read_text(encoding="utf-8")
    headline = text.split("\n", 1)[0]
    author, year = ("Rosa Lindqvist", "2025") if which == "own" else ("Tovah Lazaroff", "2024")

    page.goto(f"{server.url}{'index.html' if which == 'own' else '2024/index.html'}")
    (site / "articles" / "dropped.txt").write_text(text, encoding="utf-8")
    (site / "articles" / "dropped.txt").touch()
    # The list that is open shows the new article's day by itself; nobody loads it again.
    fresh = (
        page.get_by_role("link", name=headline) if which == "own" else page.locator("a[href$='2024/11/19/index.html']")
    )
    expect(fresh.first).to_be_visible(timeout=IN_TIME)
    fresh.first.click()
    if which == "seed":
        page.get_by_role("link", name=headline).first.click()
    expect(page.locator("h1")).to_have_text(headline)
    article = page.url
    assert f"/{year}/" in article

    for link, shown in (
        (".same-day a", "day"),
        (".rail a:text-is('Turkey')", "term"),
        (".rail dd > a", "term"),
        ("a[rel=author]", "term"),
    ):
        page.locator("details.record").evaluate("record => { record.open = true; }")
        page.locator(link).first.click()
        expect(page.locator("body")).to_have_attribute("data-page", shown)
        page.get_by_role("link", name=headline).first.click()
        expect(page).to_have_url(article)
    expect(page.locator("a[rel=author]")).to_have_text(author)
    assert "Traceback" not in server.printed


def test_a_broken_article_is_told_with_its_place_and_what_to_do_while_the_site_stays_up(
    site: Path, server: Server, page: Page
) -> None:
    source = site / "articles" / "2017" / "cassini-end.md"
    whole = source.read_text(encoding="utf-8")
    page.goto(f"{server.url}index.html")
    banner = page.locator("sitegen-faults")
    expect(banner).to_have_count(0)

    told = len(server.lines)
    source.write_text(whole.replace("2017-09-15T09:45:00-07:00", "31 Feb 2017"), encoding="utf-8")
    expect(banner.get_by_text("31 Feb 2017")).to_be_visible(timeout=IN_TIME)
    assert eventually(lambda: "E103" in "".join(server.lines[told:]))
    line = next(line for line in server.lines[told:] if "E103" in line)
    assert re.match(r'articles/2017/cassini-end\.md:3:\d+ \[\w+\] E103 "31 Feb 2017" .*write', line), line

    told = len(server.lines)
    source.write_text(whole.replace("title: Cassini talks", "title: Cassini: talks"), encoding="utf-8")
    assert eventually(lambda: "cassini-end.md:2:" in "".join(server.lines[told:])), server.printed
    page.goto(f"{server.url}2017/index.html")
    expect(page.get_by_role("link", name=re.compile("Cassini")).first).to_be_visible()

    source.write_text(whole, encoding="utf-8")
    expect(banner).to_have_count(0, timeout=IN_TIME)
    expect(page.get_by_role("link", name="Cassini talks to the last").first).to_be_visible()
    assert "Traceback" not in server.printed


def test_the_output_of_serve_can_be_copied_away_and_opened_by_a_double_click(
    site: Path, server: Server, page: Page, tmp_path: Path
) -> None:
    assert server.end() == 0
    copy = tmp_path / "on a stick" / "архив"
    shutil.copytree(site / "public", copy)
    shutil.rmtree(site)
    seen = Witness(page, copy.as_uri())
    page.goto((copy / "index.html").as_uri())
    headline = page.locator("main .lead a").first
    title = headline.inner_text()
    headline.click()
    expect(page.locator("h1")).to_have_text(title)
    page.locator(".same-day a").click()
    expect(page.get_by_role("link", name=title).first).to_be_visible()
    assert seen.faults == []
