"""The finished site opens from a double click, from a sub-path and from a root, and every link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tools import KINDS, Witness, pages_of, static_host

pytestmark = pytest.mark.browser

SUB_PATH = "/people/rosa/news archive".replace(" ", "%20")
WAYS = ("double click", "sub-path", "root")


@pytest.fixture(params=WAYS)
def top(request: pytest.FixtureRequest, sample: Path) -> Iterator[str]:
    """The address of the sample archive's top, one way after the other."""
    if request.param == "double click":
        yield sample.as_uri()
    else:
        with static_host(sample, SUB_PATH if request.param == "sub-path" else "") as address:
            yield address


@pytest.fixture
def seen(page: Page, top: str) -> Witness:
    return Witness(page, top)


def test_a_visitor_walks_from_the_home_page_through_an_article_and_back(page: Page, top: str, seen: Witness) -> None:
    page.goto(f"{top}/index.html")
    headline = page.locator("main .lead a").first
    title = headline.inner_text()
    headline.click()
    expect(page.locator("h1")).to_have_text(title)
    article = page.url
    ways = {
        "the author": "[rel=author]",
        "a tag": "[href*='/tags/']",
        "the source": "[href*='/sources/']",
        "the section": "[href*='/sections/']",
        "the day": ".same-day a",
    }
    for name, link in ways.items():
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")
        page.locator("main").locator(link).first.click()
        expect(page.locator("body"), name).to_have_attribute("data-page", "day" if name == "the day" else "term")
        expect(page.get_by_role("link", name=title).first, name).to_be_visible()
        page.go_back()
        assert page.url == article
    page.locator(".nameplate a").click()
    expect(page.locator("body")).to_have_attribute("data-page", "home")
    assert seen.faults == []


def test_the_masthead_leads_to_every_index_from_every_kind_of_page(page: Page, top: str, sample: Path) -> None:
    seen = Witness(page, top)
    for kind, paths in pages_of(sample).items():
        if kind == "404":
            continue  # rooted at the site's address, since it is served at any depth
        page.goto(f"{top}/{paths[0].relative_to(sample).as_posix()}")
        targets = page.locator(".masthead a, .foot a").evaluate_all("links => links.map(link => link.href)")
        assert len(targets) >= 8, kind
        assert all(target.startswith(top) for target in targets), kind
    for target in targets:
        page.goto(target)
        expect(page.locator("h1")).to_have_count(1)
    assert seen.faults == []


def test_no_page_speaks_to_the_console_or_asks_for_what_is_not_there(page: Page, top: str, sample: Path) -> None:
    seen = Witness(page, top)
    for kind, paths in pages_of(sample).items():
        for path in paths[:6] if kind == "article" else paths[:1]:
            if kind != "404":
                page.goto(f"{top}/{path.relative_to(sample).as_posix()}", wait_until="load")
    assert seen.faults == []


def test_every_picture_is_shown(page: Page, top: str, sample: Path) -> None:
    shown = 0
    with_pictures = [path for path in pages_of(sample)["article"] if b"<img" in path.read_bytes()]
    for path in with_pictures if top.startswith("file:") else with_pictures[:2]:
        page.goto(f"{top}/{path.relative_to(sample).as_posix()}")
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("image => image.decode()")
            assert picture.evaluate("image => image.naturalWidth") > 0
            shown += 1
    assert shown >= (10 if top.startswith("file:") else 2)


def test_a_page_that_is_not_there_is_answered_with_one_that_leads_on(browser: Browser, sample: Path) -> None:
    with static_host(sample) as top:
        page = browser.new_page()
        page.goto(f"{top}/404.html")
        seen = Witness(page, top)
        page.get_by_role("link", name="Dates").first.click()
        expect(page.locator("body")).to_have_attribute("data-page", "dates")
        page.close()
    assert seen.faults == []


# -- every link of every page, without a browser ----------------------------------------------------------------------


class Addresses(HTMLParser):
    """What a page refers to, and the ids that can be referred to in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            is_loaded = tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload")
            (self.loaded if is_loaded else self.links).append(values["href"])
        if "src" in values:
            self.loaded.append(values["src"])
        self.loaded.extend(entry.split()[0] for entry in values.get("srcset", "").split(",") if entry.strip())


@pytest.mark.parametrize("which", ["sample", "rare"])
def test_every_link_is_relative_names_a_file_and_finds_its_place_in_it(
    which: str, request: pytest.FixtureRequest
) -> None:
    output: Path = request.getfixturevalue(which)
    parsed = {path: Addresses(path.read_text(encoding="utf-8")) for path in output.rglob("*.html")}
    faults = []
    for path, found in parsed.items():
        name = path.relative_to(output).as_posix()
        faults += [f"{name}: the id {ident} is there twice" for ident in found.ids if found.ids.count(ident) > 1]
        faults += [
            f"{name}: loads {url} from elsewhere" for url in found.loaded if urlsplit(url).scheme not in ("", "data")
        ]
        for url in (*found.links, *found.loaded):
            parts = urlsplit(url)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            if name == "404.html" and not url.startswith("#"):
                target = output / unquote(parts.path).lstrip("/")
                faults += [] if url.startswith("/") else [f"{name}: {url} is not rooted"]
            else:
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                faults += [f"{name}: {url} is not relative"] if url.startswith("/") else []
            if not target.is_file():
                faults.append(f"{name}: {url} leads to no file")
            elif parts.fragment and target in parsed and unquote(parts.fragment) not in parsed[target].ids:
                faults.append(f"{name}: {url} finds no such place")
    assert faults == []


def test_every_page_can_be_reached_from_the_home_page(sample: Path) -> None:
    reached, waiting = {sample / "index.html"}, [sample / "index.html"]
    while waiting:
        path = waiting.pop()
        for url in Addresses(path.read_text(encoding="utf-8")).links:
            parts = urlsplit(url)
            target = (path.parent / unquote(parts.path)).resolve()
            if not parts.scheme and parts.path and target.suffix == ".html" and target not in reached:
                reached.add(target)
                waiting.append(target)
    alone = {path for path in sample.rglob("*.html") if path.name != "404.html"} - reached
    assert alone == set()


def test_every_kind_of_page_is_among_those_tested(sample: Path, rare: Path) -> None:
    assert set(pages_of(sample)) | set(pages_of(rare)) == set(KINDS)
