"""What a reader has to load for a page stays small."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.browser.tools import pages_of

KB = 1000


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def test_the_style_sheet_and_the_script_are_small(sample: Path) -> None:
    assert sum(_packed(path) for path in sample.glob("*.css")) < 15 * KB
    # The search page alone loads another, which has a budget of its own (`test_search`).
    assert (sample / "site.js").stat().st_size < 5 * KB
    assert {path.name for path in sample.glob("*.js")} == {"site.js", "search.js"}


def test_an_article_is_small_with_all_that_it_loads_but_pictures(sample: Path) -> None:
    largest = pages_of(sample)["article"][0].stat().st_size
    assert largest < 30 * KB
    assert largest + sum(path.stat().st_size for path in (*sample.glob("*.css"), sample / "site.js")) < 60 * KB


def test_every_other_page_is_small(sample: Path) -> None:
    heavy = {
        path.relative_to(sample).as_posix(): path.stat().st_size
        for paths in pages_of(sample).values()
        for path in paths
        if path.stat().st_size > 100 * KB
    }
    assert heavy == {}
