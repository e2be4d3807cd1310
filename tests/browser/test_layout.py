"""Pages fit a narrow screen, stand still while they load, and work without a mouse and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tools import KINDS, pages_of

pytestmark = pytest.mark.browser

_OBSERVE_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver(list => {
    for (const {value, sources} of list.getEntries())
      window.shifts.push([value, ...sources.map(({node}) => node?.outerHTML?.slice(0, 120) ?? String(node))]);
  }).observe({type: "layout-shift", buffered: true});
"""
_FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])"
_FOCUS = """async query => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const element = document.activeElement, style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = element.getBoundingClientRect();
  return {
    number: [...document.querySelectorAll(query)].indexOf(element),
    html: element.outerHTML.slice(0, 120),
    visible: (outlined || style.boxShadow !== "none") && box.width > 0 && box.height > 0,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


# A redirect leaves before anything can be looked at.
@pytest.fixture(params=[kind for kind in KINDS if kind != "redirect"])
def pages(request: pytest.FixtureRequest, hosts: dict[Path, str]) -> list[str]:
    """The addresses of the largest pages of a kind, of both sites."""
    return [address for output, top in hosts.items() for address in largest(output, top, request.param)]


def largest(output: Path, top: str, kind: str) -> list[str]:
    return [f"{top}/{path.relative_to(output).as_posix()}" for path in pages_of(output).get(kind, [])[:2]]


def test_nothing_has_to_be_scrolled_sideways_at_320_pixels(page: Page, pages: list[str]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in pages:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{address}: {wide} pixels, {_widest(page)}"


def _widest(page: Page) -> str:
    found = page.evaluate(
        """[...document.querySelectorAll("main *, .masthead *, .foot *")]
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .map(element => element.outerHTML.slice(0, 120))[0]"""
    )
    return str(found)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_loads(browser: Browser, hosts: dict[Path, str], width: int) -> None:
    faults = []
    context = browser.new_context(viewport={"width": width, "height": 800}, timezone_id="America/New_York")
    context.add_init_script(_OBSERVE_SHIFTS)
    page = context.new_page()
    for site, top in hosts.items():
        for kind, paths in pages_of(site).items():
            if kind == "redirect":
                continue
            for path in paths[:5] if kind == "article" else paths[:1]:
                page.goto(f"{top}/{path.relative_to(site).as_posix()}")
                page.evaluate(
                    "async () => { for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {"
                    " scrollTo(0, y); await new Promise(requestAnimationFrame); } }"
                )
                page.wait_for_timeout(50)
                shifts = page.evaluate("window.shifts")
                if sum(shift[0] for shift in shifts):
                    faults.append((path.relative_to(site).as_posix(), shifts))
    context.close()
    assert faults == []


def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(page: Page, pages: list[str]) -> None:
    page.emulate_media(reduced_motion="reduce")  # else the page is still scrolling when it is looked at
    for address in pages[:1]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        wanted = set(
            page.evaluate(
                "query => [...document.querySelectorAll(query)].flatMap((element, number) =>"
                " element.checkVisibility({visibilityProperty: true}) ? [number] : [])",
                _FOCUSABLE,
            )
        )
        reached, unseen = set(), []
        for _ in range(len(wanted) + 2):
            page.keyboard.press("Tab")
            focus = page.evaluate(_FOCUS, _FOCUSABLE)
            if focus["number"] in reached or focus["number"] < 0:
                continue
            reached.add(focus["number"])
            if not (focus["visible"] and focus["inside"]):
                unseen.append(focus["html"])
        assert unseen == [], address
        assert wanted <= reached, address


def test_the_first_key_offers_to_skip_to_the_text(page: Page, sample: Path) -> None:
    page.goto(pages_of(sample)["article"][0].as_uri())
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()


def test_without_javascript_a_page_says_the_same(page: Page, bare: Page, pages: list[str]) -> None:
    for address in pages:
        if address.endswith("/search.html"):
            continue  # what it finds is put there by its script; what it says without one is tested beside it
        page.goto(address)
        bare.goto(address)
        wanted = page.locator("main").evaluate("main => main.textContent")
        assert bare.locator("main").text_content() == wanted, address
        assert bare.locator("main a").count() == page.locator("main a").count(), address


def test_without_javascript_there_is_no_control_that_does_nothing(bare: Page, pages: list[str]) -> None:
    for address in pages[:1]:
        bare.goto(address)
        for control in bare.locator("button, input, select").all():
            expect(control).to_be_hidden()


def test_without_javascript_a_visitor_gets_around(bare: Page, sample: Path) -> None:
    bare.goto((sample / "index.html").as_uri())
    bare.locator(".masthead").get_by_role("link", name="Tags").click()
    bare.locator("main [data-filtered] a, main section a").first.click()
    expect(bare.locator("body")).to_have_attribute("data-page", "term")
    bare.locator("main a[href$='.html']:not([href$='index.html'])").first.click()
    expect(bare.locator("body")).to_have_attribute("data-page", "article")
    bare.locator(".same-day a").click()
    expect(bare.locator("body")).to_have_attribute("data-page", "day")


def test_the_choice_of_light_or_dark_is_remembered(page: Page, sample: Path, hosts: dict[Path, str]) -> None:
    page.emulate_media(color_scheme="light")
    top = hosts[sample]
    page.goto(f"{top}/index.html")
    paper = _paper(page)
    page.locator("[data-theme-switch]").click()
    dark = _paper(page)
    assert dark != paper
    page.reload()
    assert _paper(page) == dark
    page.goto(largest(sample, top, "article")[0])
    assert _paper(page) == dark
    page.locator("[data-theme-switch]").click()
    page.goto(f"{top}/index.html")
    assert _paper(page) == paper


def _paper(page: Page) -> str:
    return str(
        page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor + "
            "getComputedStyle(document.body).backgroundColor"
        )
    )


def test_an_index_is_filtered_while_one_types(page: Page, sample: Path) -> None:
    page.goto((sample / "tags/index.html").as_uri())
    every = page.locator("[data-filtered] li:visible").count()
    page.locator("[data-filter] input").fill("moon")
    shown = page.locator("[data-filtered] li:visible")
    assert 0 < shown.count() < every
    assert all("moon" in text.lower() for text in shown.all_inner_texts())
