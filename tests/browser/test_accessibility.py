"""WCAG 2.2 AA by axe-core: every kind of page, light and dark, narrow and wide."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.tools import KINDS, find_node_module, pages_of
from tests.processes import required

pytestmark = pytest.mark.browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_RUN = """async rules => (await axe.run(document, {runOnly: {type: "tag", values: rules}})).violations.map(
  ({id, nodes}) => [id, nodes.length, nodes[0].html.slice(0, 160), nodes[0].failureSummary])"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(
    browser: Browser, hosts: dict[Path, str], scheme: Literal["light", "dark"], width: int
) -> None:
    axe = find_node_module("axe-core/axe.min.js")
    required("axe-core (SITEGEN_TEST_NODE_MODULES names the folder)", found=axe is not None)
    # The pages' own policy forbids scripts that are not files of theirs, such as the checker.
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    context.add_init_script(path=axe)
    page = context.new_page()
    faults = []
    for site, top in hosts.items():
        kinds = pages_of(site)
        foreign = [path for path in kinds["article"] if b' dir="rtl"' in path.read_bytes()]
        for path in [*(kinds[kind][0] for kind in KINDS if kind in kinds and kind != "redirect"), *foreign[:1]]:
            page.goto(f"{top}/{path.relative_to(site).as_posix()}")
            faults += [(path.relative_to(site).as_posix(), *fault) for fault in page.evaluate(_RUN, list(RULES))]
    context.close()
    assert faults == []
