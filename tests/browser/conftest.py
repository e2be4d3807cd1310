"""The sample archive, and a small site with every rare kind of page, built once; and one browser for all tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tools import chromium, copy_sample_archive, find_chromium, static_host
from tests.processes import PATIENCE, required, sitegen
from tests.support import dump, markdown, put

expect.set_options(timeout=PATIENCE * 1000)
LONG_HEADLINE = "A headline that goes on and on until nobody remembers how it began, " * 3
PROSE = "The river rose again in the night, and by the morning the lower streets could only be reached by boat. "
LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    required("Chromium", found=bool(find_chromium()))
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own: no cookies, no storage, no cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the sample archive."""
    return _built(copy_sample_archive(tmp_path_factory.mktemp("sample")))


@pytest.fixture(scope="session")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with what the sample archive lacks: rare kinds of pages, and the unruly in every part."""
    site = tmp_path_factory.mktemp("rare")
    tags = ", ".join(f"Tag number {number}" for number in range(40))
    put(
        site,
        {
            "sitegen.toml": (
                'title = "An archive whose name is rather longer than names of archives tend to be"\n'
                'footer = "Kept by nobody in particular"\n'
                '[[menu]]\nlabel = "Imprint"\nurl = "/imprint.html"\n'
                '[[pages]]\nfile = "imprint.md"\ntitle = "Imprint"\n'
            ),
            "imprint.md": "## Who\n\nNobody.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "articles/long.md": markdown(
                LONG_HEADLINE,
                f"{LONG_WORD * 3}\n\n## {LONG_WORD * 2}\n\n{PROSE * 60}\n",
                date="2024-02-28",
                tags=f"[{tags}]",
                author=LONG_WORD,
                source=LONG_WORD,
            ),
            "articles/table.md": markdown(
                "A table",
                "| one | two |\n|---|---|\n"
                + "| a long cell | another |\n" * 5
                + "\n```\n"
                + "preformatted " * 30
                + "\n```\n",
                date="2024-02-28",
            ),
            "articles/first.md": markdown("The same", date="2024-03-01", permalink="/same.html"),
            "articles/second.md": markdown("The same", "Another text.", date="2024-03-01", permalink="/same.html"),
            "articles/moved.md": markdown("Moved", date="2024-03-02", aliases="[/old/address.html]"),
            "articles/gone.md": markdown("Gone", date="2024-03-03", id="gone-1"),
            "articles/arabic.txt": dump(
                "المدينة تفتح الجسر الجديد", body="افتتحت المدينة الجسر الجديد يوم الثلاثاء. " * 20
            ),
            "articles/undated.md": markdown("Undated"),
            "articles/_ledger/takedown.jsonl": json.dumps(
                {"event": "takedown", "id": "gone-1", "date": "2024-11-20", "reason": "asked for by the author"}
            )
            + "\n",
        },
    )
    return _built(site)


def _built(site: Path) -> Path:
    done = sitegen("build", cwd=site)
    assert done.returncode == 0, done.stdout + done.stderr
    return site / "public"


@pytest.fixture(scope="session")
def hosts(sample: Path, rare: Path) -> Iterator[dict[Path, str]]:
    """Both sites' outputs, each with the address of its top on a host of its own."""
    with static_host(sample) as one, static_host(rare) as other:
        yield {sample: one, rare: other}
