"""Addresses that last: moves, aliases, chains, loops."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sitegen.config import Settings
from tests.support import build_site, clean_build, difference, markdown, put, tree

NEW = "2024/11/19/third-title.html"


def leads_to(page: Path) -> str:
    """Where a redirect page leads."""
    found = re.search(r'http-equiv="refresh" content="0; ?url=([^"]+)"', page.read_text())
    assert found, page
    return (page.parent / found[1]).resolve().as_posix()


def retitled(folder: Path, title: str, **front: str) -> None:
    put(folder, {"articles/a.md": markdown(title, id="story-1", date="2024-11-19", **front)})
    build_site(folder, Settings())


def test_chain_of_moves_leads_to_the_last_address_at_once(tmp_path: Path) -> None:
    for title in ("First title", "Second title", "Third title"):
        retitled(tmp_path, title)
    public = tmp_path / "public"
    for old in ("first-title", "second-title"):
        assert leads_to(public / f"2024/11/19/{old}.html") == (public / NEW).as_posix()
    (tmp_path / "clean").mkdir()
    assert not difference(tree(public), clean_build(tmp_path, tmp_path / "clean"))


def test_article_that_moves_back_ends_its_own_redirect(tmp_path: Path) -> None:
    for title in ("First title", "Second title", "First title"):
        retitled(tmp_path, title)
    public = tmp_path / "public/2024/11/19"
    assert 'data-page="article"' in (public / "first-title.html").read_text()
    assert leads_to(public / "second-title.html") == (public / "first-title.html").as_posix()


def test_aliases_of_front_matter_lead_to_the_article(tmp_path: Path) -> None:
    retitled(tmp_path, "Third title", aliases='["/old/story.html", "https://x.example/wp/story/"]')
    public = tmp_path / "public"
    for alias in ("old/story.html", "wp/story/index.html"):
        assert leads_to(public / alias) == (public / NEW).as_posix()
    retitled(tmp_path, "Third title")
    assert not (public / "old").exists()


def test_alias_never_takes_the_address_of_an_article_or_of_itself(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/b.md": markdown("Other", date="2024-11-18", aliases=f"[/{NEW}]"),
            "articles/a.md": markdown("Third title", date="2024-11-19", aliases=f"[/{NEW}, /2024/11/18/other.html]"),
        },
    )
    build_site(tmp_path, Settings())
    for page in (NEW, "2024/11/18/other.html"):
        assert 'data-page="article"' in (tmp_path / "public" / page).read_text()


def test_alias_that_two_articles_claim_names_both(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path, {f"articles/{name}.md": markdown(f"Story {name}", date="2024-11-19", aliases="[/old.html]")})
    build_site(tmp_path, Settings())
    page = (tmp_path / "public/old.html").read_text()
    assert "2024/11/19/story-a.html" in page
    assert "2024/11/19/story-b.html" in page


def test_loop_of_identities_in_the_ledger_is_reported(tmp_path: Path) -> None:
    events = [
        {"event": "same", "id": "a", "was": "b"},
        {"event": "same", "id": "b", "was": "c"},
        {"event": "same", "id": "c", "was": "a"},
    ]
    put(
        tmp_path,
        {
            "articles/_ledger/own.jsonl": "".join(f"{json.dumps(event)}\n" for event in events),
            "articles/a.md": markdown("Story", date="2024-11-19", id="a"),
        },
    )
    heard = build_site(tmp_path, Settings()).heard
    assert [(problem.code, problem.line) for problem in heard.problems] == [("E514", 3)]
    assert (tmp_path / "public/2024/11/19/story.html").is_file()


def test_alias_at_the_address_of_another_article_is_reported(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/a.md": markdown("Story", date="2024-11-19"),
            "articles/b.md": markdown("Other", date="2024-11-18", aliases="[/2024/11/19/story.html]"),
        },
    )
    heard = build_site(tmp_path, Settings()).heard
    assert [(problem.code, problem.file) for problem in heard.problems] == [("W525", "articles/b.md")]
