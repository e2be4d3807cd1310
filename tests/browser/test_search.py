"""The search page in a real browser: every language of an archive, filters, order, older stretches, and where it cannot work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from sitegen import searching
from sitegen.catalog import stretches as cutting
from sitegen.config import ReadingSettings, Settings, TaggingSettings
from tests.browser.tools import Witness, find_node_module, static_host
from tests.processes import ROOT, required
from tests.support import build_site, markdown, put

pytestmark = pytest.mark.browser

KB = 1000
SCRIPT_BUDGET = 15 * KB
"""For the search page's own script, as it lies on the disk."""
PROGRAM_BUDGET = 50 * KB
"""For Pagefind's script, once; and what is compiled for a language may weigh half as much again."""
HEADERS = dict(
    line.strip().split(": ", 1) for line in (ROOT / "static/_headers").read_text(encoding="utf-8").splitlines()[1:]
)
"""What hosts send that read `_headers`, and what the README tells others to send."""
ARTICLES = {
    "articles/en.md": markdown("Harbour bridge opens", "The mayor walked over the new bridges & &lt;b&gt;. " * 3, date="2024-11-19",
                               source="The Post", section="Local", author="Rosa Lindqvist", tags="[Harbour]"),
    "articles/ar.md": markdown("افتتاح الجسر الجديد", "افتتح رئيس البلدية جسر الميناء يوم الثلاثاء.", date="2023-05-06", lang="ar",
                               source="جريدة الميناء"),
    "articles/ja.md": markdown("新しい橋が開通", "東京都の新しい橋が火曜日に開通しました。市長は橋は美しいと述べた。",
                               date="2022-03-04", lang="ja"),
    "articles/old.md": markdown("An old bridge", "Bridges were of wood.", date="1924-05-06", source="The Gazette"),
    "articles/undated.md": markdown("A bridge without a date", "Nobody knows when."),
}  # fmt: skip


def _built(folder: Path, language: str = "en") -> Path:
    put(folder, ARTICLES)
    settings = Settings(title="The Archive", reading=ReadingSettings(language=language), tagging=TaggingSettings(places=False))
    build_site(folder, settings, search=True)
    return folder / "public"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("searched"))


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 40 articles over 20 years, in stretches of at most four."""
    folder = tmp_path_factory.mktemp("cut")
    for n in range(40):
        text = "Of a lighthouse." + " And an owl." * (n == 0) + " And a heron." * (n == 39)
        put(folder, {f"articles/{n}.md": markdown(f"Story {n}", text, date=f"{2001 + n // 2}-0{1 + n % 2}-02")})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cutting, "MOST", 4)
        build_site(folder, Settings(tagging=TaggingSettings(places=False)), search=True)
    return folder / "public"


def test_stretch_in_parts_is_searched_whole(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_BYTES", 4_000)
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n}", "Of a lighthouse. " * 60, date=f"2024-01-0{n + 1}") for n in range(6)})
    build_site(tmp_path, Settings(tagging=TaggingSettings(places=False)), search=True)
    assert (tmp_path / "public/search/all/2/headlines.js").is_file()
    wanted = [f"Story {n}" for n in range(5, -1, -1)]
    with static_host(tmp_path / "public") as address:
        assert search(page, address, q="lighthouse", sort="newest") == wanted
    assert search(page, (tmp_path / "public").as_uri(), q="story", sort="newest") == wanted


@pytest.fixture
def top(archive: Path) -> Iterator[str]:
    with static_host(archive, "/news/archive") as address:
        yield address


def settled(page: Page) -> list[str]:
    """The headlines that were found, when the search has come to its end."""
    page.wait_for_selector("[data-results][aria-busy=false]", state="attached")
    return page.locator("[data-results] li > a").all_inner_texts()


def search(page: Page, top: str, **asked: str) -> list[str]:
    page.goto(f"{top}/search.html?{urlencode(asked)}")
    return settled(page)


def test_one_search_finds_articles_of_every_language(page: Page, top: str) -> None:
    witness = Witness(page, top)
    assert search(page, top, q="harbour") == ["Harbour bridge opens"]
    assert search(page, top, q="الميناء") == ["افتتاح الجسر الجديد"]
    assert search(page, top, q="市長") == ["新しい橋が開通"]
    # What stands in the index alone is not shown.
    assert "ゐ" not in page.inner_text("[data-results]")
    # Words are found by their stems.
    assert search(page, top, q="walking") == ["Harbour bridge opens"]
    assert search(page, top, q="nothing like that") == []
    assert "Nothing was found." in page.inner_text("[role=status]")
    assert witness.faults == []


def test_filters_and_order(page: Page, top: str) -> None:
    bridges = {"Harbour bridge opens", "An old bridge", "A bridge without a date"}
    assert set(search(page, top, q="bridge")) == bridges
    assert search(page, top, q="bridge", sort="newest") == ["Harbour bridge opens", "An old bridge", "A bridge without a date"]
    assert search(page, top, q="bridge", sort="oldest") == ["A bridge without a date", "An old bridge", "Harbour bridge opens"]
    for name, value in {"source": "The Post", "section": "Local", "author": "Rosa Lindqvist", "tag": "Harbour", "year": "2024"}.items():
        assert search(page, top, q="bridge", **{name: value}) == ["Harbour bridge opens"], name
        assert search(page, top, **{name: value}) == ["Harbour bridge opens"], name
    assert search(page, top, language="ja") == ["新しい橋が開通"]
    # Four languages in one stretch, each with an index of its own, in one order.
    assert search(page, top, sort="newest", language="") == []
    page.select_option("#year", "1924")
    page.wait_for_url("**year=1924**")
    assert settled(page) == ["An old bridge"]


def test_order_by_date_holds_over_languages(page: Page, tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{year}.md": markdown(f"Radar {year}", "Radar and radio.", date=f"{year}-01-02", lang=language)
                   for year, language in ((2020, "en"), (2021, "de"), (2022, "fr"), (2023, "en"), (2024, "de"))})  # fmt: skip
    build_site(tmp_path, Settings(tagging=TaggingSettings(places=False)), search=True)
    with static_host(tmp_path / "public") as address:
        wanted = [f"Radar {year}" for year in range(2024, 2019, -1)]
        assert search(page, address, q="radar", sort="newest") == wanted
        assert search(page, address, q="radar", sort="oldest") == wanted[::-1]


def test_what_was_found_is_marked_and_safe(page: Page, top: str) -> None:
    search(page, top, q="bridges")
    row = page.locator("[data-results] li").filter(has_text="Harbour bridge opens")
    assert "bridges" in row.locator("mark").all_inner_texts()
    assert "bridges & <b>." in row.locator(".excerpt").inner_text()
    assert "The Post" in row.inner_text()
    assert "November 19, 2024" in row.inner_text()
    row.locator("a").click()
    assert page.url == f"{top}/2024/11/19/harbour-bridge-opens.html"


def test_filters_offer_what_was_found(page: Page, top: str) -> None:
    search(page, top, q="bridge")
    page.click(".narrow summary")
    page.wait_for_selector("#source option:nth-child(3)", state="attached")
    assert settled(page)
    assert page.locator("#source option").all_inner_texts() == ["Any", "The Gazette", "The Post"]
    assert page.locator("#language option").all_inner_texts() == ["Any", "Arabic", "English", "Japanese"]
    page.select_option("#source", "The Gazette")
    page.wait_for_url("**source=The+Gazette**")
    assert settled(page) == ["An old bridge"]


def test_a_key_leads_to_the_search(page: Page, top: str) -> None:
    page.goto(f"{top}/2024/11/19/harbour-bridge-opens.html")
    page.keyboard.press("/")
    page.wait_for_url(f"{top}/search.html")
    page.wait_for_selector("#q:focus")
    page.keyboard.type("wood/")
    page.wait_for_url("**q=wood%2F")
    assert settled(page) == ["An old bridge"]


def test_rare_word_is_looked_for_in_a_few_stretches_once_it_is_found(page: Page, cut: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with static_host(cut) as top:
        # It stands in the newest article alone.
        assert search(page, top, q="heron") == ["Story 39"]
        assert len({url.split("/search/")[1].split("/")[0] for url in asked if ".pf_index" in url} - {"pagefind"}) <= 7
        assert page.is_visible("[data-further]")


def test_newest_stretch_is_got_ready_before_anything_is_asked(page: Page, top: str) -> None:
    with page.expect_response("**/wasm.en.pagefind"):
        page.goto(f"{top}/search.html")


def test_older_stretches_come_on_demand(page: Page, cut: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with static_host(cut) as top:
        found = search(page, top, q="lighthouse", sort="newest")
        assert found == [f"Story {n}" for n in range(39, 29, -1)]
        loaded = {url.split("/search/")[1].split("/")[0] for url in asked if ".pf_index" in url} - {"pagefind"}
        assert len(loaded) <= 5
        assert "Searched so far:" in page.inner_text("[role=status]")
        # What is rare is looked for until it is found, however far back.
        assert search(page, top, q="owl") == ["Story 0"]
        asked.clear()
        assert sorted(search(page, top, q="lighthouse", year="2001")) == ["Story 0", "Story 1"]
        assert len({url.split("/search/")[1].split("/")[0] for url in asked if ".pf_index" in url} - {"pagefind"}) == 1
        search(page, top, q="lighthouse", sort="newest")
        for _ in range(12):
            for name in ("[data-more]", "[data-further]"):
                if page.locator(name).is_visible():
                    page.click(name)
                    settled(page)
        page.wait_for_selector("[data-ways]", state="hidden")
        assert settled(page) == [f"Story {n}" for n in range(39, -1, -1)]


def test_one_copy_of_the_program_serves_all_stretches(cut: Path) -> None:
    assert len(list(cut.rglob("pagefind.js"))) == len(list(cut.rglob("wasm.*"))) == 1


@pytest.fixture
def guarded(page: Page, top: str) -> Iterator[Page]:
    """A page of a host that sends the security headers; the host at `top` ends after the page, which may still ask it."""

    def with_headers(route: Route) -> None:
        # A busy machine resets a connection now and then.
        response = route.fetch(max_retries=3)
        route.fulfill(response=response, headers={**response.headers, **HEADERS})

    page.route("**/*", with_headers)
    yield page
    page.unroute_all(behavior="wait")


def test_search_works_under_the_security_headers(guarded: Page, top: str) -> None:
    witness = Witness(guarded, top)
    assert search(guarded, top, q="harbour", source="The Post") == ["Harbour bridge opens"]
    assert search(guarded, top, q="市長") == ["新しい橋が開通"]
    assert witness.faults == []


def test_every_kind_of_page_works_under_the_security_headers(guarded: Page, top: str, archive: Path) -> None:
    kinds: dict[str, Path] = {}
    for path in sorted(archive.rglob("*.html")):
        kinds.setdefault(path.read_text(encoding="utf-8").partition('data-page="')[2].partition('"')[0], path)
    assert {"article", "day", "home", "search", "term", "terms", "year", "datapage"} <= kinds.keys()
    # It is rooted at the host's top, where there is no base_url.
    del kinds["404"]
    witness = Witness(guarded, top)
    for path in kinds.values():
        guarded.goto(f"{top}/{path.relative_to(archive).as_posix()}")
        assert guarded.evaluate("document.styleSheets.length") == 1
    assert witness.faults == []


def test_readme_and_pages_name_the_headers_that_are_sent(archive: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, value in HEADERS.items():
        assert f'add_header {name} "{value}" always;\n' in readme
        assert f'Header always set {name} "{value}"\n' in readme
    assert f'content="{HEADERS["Content-Security-Policy"]}"' in (archive / "index.html").read_text(encoding="utf-8")
    assert (archive / "_headers").read_bytes() == (ROOT / "static/_headers").read_bytes()


def test_opened_as_a_file_it_says_so_and_searches_the_headlines(page: Page, archive: Path) -> None:
    witness = Witness(page, archive.as_uri())
    assert search(page, archive.as_uri(), q="brid harb") == ["Harbour bridge opens"]
    assert "opened as a file" in page.inner_text("[data-notice]")
    assert search(page, archive.as_uri(), q="橋") == ["新しい橋が開通"]
    assert search(page, archive.as_uri(), q="bridge", sort="oldest") == ["A bridge without a date", "An old bridge", "Harbour bridge opens"]
    assert search(page, archive.as_uri(), source="The Gazette") == ["An old bridge"]
    assert search(page, archive.as_uri(), q="rosa") == ["Harbour bridge opens"]
    page.click("[data-results] li > a")
    assert page.inner_text("h1") == "Harbour bridge opens"
    assert witness.faults == []


def test_part_that_cannot_be_loaded_is_told_and_searched_by_headlines(page: Page, top: str) -> None:
    page.route("**/pagefind.js?*", lambda route: route.abort())
    assert "An old bridge" in search(page, top, q="bridge")
    assert "could not be loaded" in page.inner_text("[data-notice]")


def test_without_script_the_page_says_so(browser: Browser, top: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{top}/search.html")
        assert "needs JavaScript" in page.inner_text("main")
        assert not page.is_visible("#q")
    finally:
        context.close()


@pytest.mark.parametrize(("language", "word"), [("ar", "بحث"), ("de", "Suche"), ("ja", "検索")])
def test_page_speaks_the_language_of_the_interface_and_fits_a_phone(browser: Browser, tmp_path: Path, language: str, word: str) -> None:
    output = _built(tmp_path, language)
    context = browser.new_context(viewport={"width": 360, "height": 700}, has_touch=True)
    try:
        page = context.new_page()
        with static_host(output) as top:
            witness = Witness(page, top)
            # The archive's own language finds the others too.
            assert search(page, top, q="harbour", sort="newest") == ["Harbour bridge opens"]
            assert word in page.inner_text("h1")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            box = page.locator(".ask button").bounding_box()
            assert box is not None
            assert box["height"] >= 24
            field = page.locator("#q").bounding_box()
            assert field is not None
            assert (field["x"] > box["x"]) == (language == "ar")
            assert witness.faults == []
    finally:
        context.close()


def test_results_can_be_used_by_everybody(page: Page, top: str) -> None:
    script = find_node_module("axe-core/axe.min.js")
    required("axe-core", found=script is not None)
    assert script is not None
    search(page, top, q="bridge", sort="newest")
    # The page forbids scripts that are not its own, so the checker comes by way of the debugger.
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert json.dumps([each["id"] for each in found["violations"]]) == "[]"


def test_scripts_and_first_answer_are_small(page: Page, archive: Path) -> None:
    assert (archive / "search.js").stat().st_size < SCRIPT_BUDGET
    assert (archive / "search/pagefind/pagefind.js").stat().st_size < PROGRAM_BUDGET
    assert all(path.stat().st_size < 1.5 * PROGRAM_BUDGET for path in archive.rglob("wasm.*"))
    sizes: dict[str, int] = {}

    def weigh(request: Request) -> None:
        sizes[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", weigh)
    with static_host(archive) as top:
        search(page, top, q="harbour")
        page.goto("about:blank")
    beyond = {url: size for url, size in sizes.items() if "/search/" in url and "pagefind.js" not in url and "wasm." not in url}
    assert beyond
    assert sum(beyond.values()) < 20 * KB


@pytest.mark.parametrize("held", ["search.js", "pagefind.js"])
def test_address_with_a_query_fetches_what_it_needs_side_by_side(page: Page, top: str, held: str) -> None:
    witness = Witness(page, top)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(f"{top}/")))
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(f"**/{held}*", hold)
    page.goto(f"{top}/search.html?q=harbour&source=The+Post", wait_until="commit")
    early = ["search/stretches.js"]
    if held == "pagefind.js":
        early += ["search/pagefind/en/pagefind-entry.json", "search/pagefind/en/wasm.en.pagefind", "search/all/pagefind-entry.json"]
    while not all(any(url.startswith(name) for url in asked) for name in early) or not waiting:
        page.wait_for_timeout(10)
    # This lets go of what waits, too.
    page.unroute(f"**/{held}*")
    assert settled(page) == ["Harbour bridge opens"]
    # What was fetched early is used, and not fetched again.
    once = [url for url in asked if url.startswith(("search/pagefind/en/pagefind-entry.json", "search/stretches.js"))]
    assert len(once) == len(set(once)) > 1
    assert witness.faults == []
