"""An archive without some kinds of lists: no pages of them, no links to them, and no dead link anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.config import Settings
from sitegen.urls import LISTS
from tests.support import build_site, markdown, put, tree

_LINK = re.compile(r'(?:href|src)="([^"]*)"')
_WEB = ("http://", "https://", "data:", "mailto:")
FOLDERS = {"days": re.compile(r"\d{4}/\d\d/\d\d/index\.html"), "on-this-day": re.compile("on-this-day/")}


def pages_of(kind: str, public: Path) -> list[str]:
    pattern = FOLDERS.get(kind, re.compile(f"{kind}/"))
    return [name for name in tree(public) if pattern.match(name)]


def dead_links(public: Path) -> list[str]:
    found = []
    for page in public.rglob("*.html"):
        for link in _LINK.findall(page.read_text("utf-8")):
            path, _, fragment = link.partition("#")
            if link.startswith(_WEB):
                continue
            at = public if path.startswith("/") else page.parent
            target = (at / path.lstrip("/")).resolve() if path else page
            if not target.is_file() or (fragment and f'id="{fragment}"' not in target.read_text("utf-8")):
                found.append(f"{page.relative_to(public)}: {link}")
    return found


def archive(site: Path) -> None:
    put(site, {
        f"articles/{n}.md": markdown(f"Story {n}", date=f"20{10 + n % 3}-03-{1 + n % 5:02}", tags=f"[Tag {n % 2}]",
                                     authors=f"[Ann Author {n}]", source="The Post", section="World")
        for n in range(12)
    })  # fmt: skip


@pytest.mark.parametrize("kept", [(), ("tags",), ("days", "authors"), LISTS])
def test_only_wanted_lists_are_made_and_every_link_leads_somewhere(tmp_path: Path, kept: tuple[str, ...]) -> None:
    archive(tmp_path)
    settings = Settings(lists=kept, list_limit=3, month_limit=2, base_url="https://e.org", feed_min=1, search=False)
    build_site(tmp_path, settings)
    public = tmp_path / "public"
    for kind in LISTS:
        assert bool(pages_of(kind, public)) == (kind in kept), kind
    assert dead_links(public) == []
    listed = re.findall("<loc>https://e.org/([^<]*)</loc>", "".join(
        path.read_text("utf-8") for path in (public / "sitemaps").rglob("*.xml")))  # fmt: skip
    assert listed
    assert [
        name
        for name in listed
        if not (public / name / ("index.html" if name.endswith("/") or not name else "")).is_file()
    ] == []


def test_a_month_shows_all_its_articles_where_days_have_no_pages(tmp_path: Path) -> None:
    archive(tmp_path)
    build_site(tmp_path, Settings(lists=("tags",), list_limit=1, search=False))
    month = (tmp_path / "public/2010/03/index.html").read_text("utf-8")
    assert all(f"Story {n}<" in month for n in (0, 3, 6, 9))
    assert "Ann Author" in (tmp_path / "public/2010/03/01/story-0.html").read_text("utf-8")


def test_lists_come_and_go_with_the_setting_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    archive(tmp_path / "a")
    archive(tmp_path / "b")
    few, all_of_them = Settings(lists=("sources",), search=False), Settings(search=False)
    build_site(tmp_path / "a", all_of_them)
    build_site(tmp_path / "a", few)
    build_site(tmp_path / "b", few)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    build_site(tmp_path / "a", all_of_them)
    build_site(tmp_path / "b", all_of_them)
    assert pages_of("authors", tmp_path / "a/public")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def contents(site: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(site / "public").items() if not name.startswith(".sitegen")}
