"""The ledger: what sources cannot tell, in lines that a person can read, edit and commit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import build_site, clean_build, difference, dump, markdown, put, tree

LEDGER = "articles/_ledger/events.jsonl"


def events(site: Path) -> list[dict[str, str]]:
    path = site / LEDGER
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def write_events(site: Path, *lines: dict[str, str] | str) -> None:
    put(site, {LEDGER: "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)})


def page(site: Path, url: str) -> str:
    return tree(site / "public").get(url, b"").decode()


def test_a_new_site_has_no_ledger(tmp_path: Path) -> None:
    """Not even where articles share an address: nobody could have cited it yet."""
    put(
        tmp_path / "articles",
        {
            "a.md": markdown("Alpha", date="2024-01-01", id="one"),
            "b.md": markdown("Alpha", date="2024-01-01", id="two"),
        },
    )
    build_site(tmp_path)
    assert events(tmp_path) == []


def test_an_article_that_moves_leaves_a_redirect(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01", id="one")})
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.md": markdown("Omega", date="2024-01-01", id="one")})
    build_site(tmp_path)
    assert events(tmp_path) == [{"event": "moved", "id": "one", "from": "/2024/01/01/alpha.html"}]
    assert "omega.html" in page(tmp_path, "2024/01/01/alpha.html")
    put(tmp_path / "articles", {"a.md": markdown("Psi", date="2024-01-02", id="one")})
    build_site(tmp_path)
    assert "02/psi.html" in page(tmp_path, "2024/01/01/alpha.html")
    assert "02/psi.html" in page(tmp_path, "2024/01/01/omega.html")


def test_an_article_that_moves_back_stands_at_its_address_again(tmp_path: Path) -> None:
    for title in ("Alpha", "Omega", "Alpha"):
        put(tmp_path / "articles", {"a.md": markdown(title, date="2024-01-01", id="one")})
        build_site(tmp_path)
    assert "<h1" in page(tmp_path, "2024/01/01/alpha.html")
    assert "alpha.html" in page(tmp_path, "2024/01/01/omega.html")


def test_an_edit_that_changes_the_id_is_the_same_article(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.txt": dump("Alpha sinks", body="The same story as ever.")})
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.txt": dump("Alpha goes down", body="The same story as ever.")})
    build_site(tmp_path)
    assert [event["event"] for event in events(tmp_path)] == ["same", "moved"]
    assert "alpha-goes-down.html" in page(tmp_path, "2024/11/19/alpha-sinks.html")


def test_two_files_that_swap_their_texts_are_not_taken_for_edits(tmp_path: Path) -> None:
    one, other = (
        dump("Alpha sinks", body="About Alpha, at some length."),
        dump("Beta sails", body="About Beta, quite another matter."),
    )
    put(tmp_path / "articles", {"a.txt": one, "b.txt": other})
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.txt": other, "b.txt": one})
    build_site(tmp_path)
    assert events(tmp_path) == []
    assert "About Alpha" in page(tmp_path, "2024/11/19/alpha-sinks.html")
    assert "About Beta" in page(tmp_path, "2024/11/19/beta-sails.html")


def test_a_file_that_gets_a_text_there_is_already_is_not_taken_for_an_edit(tmp_path: Path) -> None:
    one, other = (
        dump("Alpha sinks", body="About Alpha, at some length."),
        dump("Beta sails", body="About Beta, quite another matter."),
    )
    put(tmp_path / "articles", {"a.txt": one, "b.txt": other})
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.txt": other})
    build_site(tmp_path)
    assert events(tmp_path) == []
    assert page(tmp_path, "2024/11/19/alpha-sinks.html") == ""


def test_a_broken_file_tells_the_ledger_nothing(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01")})
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-02-31")})
    build_site(tmp_path)
    assert events(tmp_path) == []
    assert "Alpha" in page(tmp_path, "2024/01/01/alpha.html")


@pytest.mark.parametrize(
    "event",
    [
        {
            "event": "takedown",
            "id": "one",
            "url": "/2024/01/01/alpha.html",
            "date": "2024-12-01",
            "reason": "at the author's wish",
        },
        {"event": "takedown", "id": "one", "date": "2024-12-01", "reason": "at the author's wish"},
        {"event": "takedown", "url": "/2024/01/01/alpha.html", "date": "2024-12-01", "reason": "at the author's wish"},
        {
            "event": "takedown",
            "id": "one",
            "url": "https://no.example/address",
            "date": "2024-12-01",
            "reason": "at the author's wish",
        },
    ],
)
@pytest.mark.parametrize("built_before", [True, False])
def test_a_takedown_removes_an_article_from_every_page(
    tmp_path: Path, event: dict[str, str], built_before: bool
) -> None:
    put(
        tmp_path / "articles",
        {
            "a.md": markdown(
                "Alpha",
                "A secret story.",
                date="2024-01-01",
                id="one",
                tags="[Ships]",
                authors="[Li Wei]",
                source="The Post",
            ),
            "b.md": markdown("Beta", "See [the other](a.md).", date="2024-01-01", id="two", tags="[Ships]"),
            "c.md": markdown("Gamma", date="2024-01-02", id="three", tags="[Ships]"),
        },
    )
    if built_before:
        build_site(tmp_path)
    write_events(tmp_path, event)
    build_site(tmp_path)
    output = tree(tmp_path / "public")
    notice = output.pop("2024/01/01/alpha.html").decode()
    assert "at the author&#39;s wish" in notice
    assert "secret story" not in notice
    texts = {name: data for name, data in output.items() if not name.startswith(".sitegen/")}
    assert [
        name for name, data in texts.items() if b"Alpha" in data or b"secret story" in data or b"Li Wei" in data
    ] == []
    assert [name for name, data in texts.items() if b"alpha.html" in data] == []
    assert "authors/li-wei/index.html" not in output


def test_an_address_that_was_taken_down_is_given_to_nobody_else(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01", id="one")})
    write_events(tmp_path, {"event": "takedown", "url": "/2024/01/01/alpha.html", "reason": "asked"})
    build_site(tmp_path)
    put(tmp_path / "articles", {"b.md": markdown("Alpha", "Another story.", date="2024-01-01", id="two")})
    build_site(tmp_path)
    output = tree(tmp_path / "public")
    assert b"asked" in output["2024/01/01/alpha.html"]
    assert [name for name in output if b"Another story" in output[name] and name.startswith("2024/01/01/alpha-")]
    assert difference(output, clean_build(tmp_path, tmp_path.parent / "clean")) == ""


def test_a_takedown_that_is_taken_back_shows_the_article_again(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01", id="one")})
    build_site(tmp_path)
    before = tree(tmp_path / "public")
    write_events(tmp_path, {"event": "takedown", "id": "one", "reason": "asked"})
    build_site(tmp_path)
    (tmp_path / LEDGER).unlink()
    build_site(tmp_path)
    assert tree(tmp_path / "public") == before


def test_two_addresses_of_one_article_are_taken_down_once_each(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", id="one", date="2024-01-01")})
    asked = {"event": "takedown", "date": "2024-12-01", "reason": "asked"}
    lines = [
        {"event": "moved", "id": "one", "from": "/2023/old.html"},
        asked | {"url": "/2024/01/01/alpha.html"},
        asked | {"url": "/2023/old.html"},
    ]
    put(tmp_path / "articles", {"_ledger/events.jsonl": "".join(f"{json.dumps(line)}\n" for line in lines)})
    build_site(tmp_path)
    told = (tmp_path / "articles/_ledger/events.jsonl").read_text(encoding="utf-8")
    assert told.count('"id":"one"') == 2
    for number in range(2):
        assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / f"clean{number}")) == ""
        (tmp_path / ".sitegen/catalog.db").unlink()
        build_site(tmp_path)
        assert (tmp_path / "articles/_ledger/events.jsonl").read_text(encoding="utf-8") == told


def test_a_takedown_by_an_id_from_before_an_edit_holds(tmp_path: Path) -> None:
    """The id on the page is that of the first version; the ledger knows the later ones."""
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "Secret.", date="2024-01-01", id="three")})
    for was, now in (("one", "two"), ("two", "three")):
        write_events(tmp_path, *map(json.dumps, events(tmp_path)), {"event": "same", "id": now, "was": was})
    for known in ("one", "two", "three"):
        write_events(tmp_path, *events(tmp_path)[:2], {"event": "takedown", "id": known, "reason": "asked"})
        build_site(tmp_path)
        assert "asked" in page(tmp_path, "2024/01/01/alpha.html")
        assert "Secret" not in page(tmp_path, "2024/01/01/alpha.html")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{not json", "E511"),
        ("[1, 2]", "E511"),
        ("\ufeffx", "E511"),
        ('{"event": "moved"}', "E512"),
        ('{"event": "vanished", "id": "one"}', "E512"),
        ('{"event": "moved", "id": "one", "from": "/../../etc/passwd.html"}', "E513"),
        ('{"event": "moved", "id": "one", "from": "/tags/index.html"}', "E513"),
        ('{"event": "moved", "id": "one", "from": "/index.html"}', "E513"),
        ('{"event": "moved", "id": "one", "from": "old.html"}', "E513"),
        ('{"event": "same", "id": "", "was": ""}', "E512"),
        ('{"event": ["moved"], "id": {"a": 1}}', "E512"),
    ],
)
def test_a_line_that_means_nothing_is_told_with_its_number(tmp_path: Path, line: str, code: str) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", date="2024-01-01", id="one")})
    write_events(tmp_path, {"event": "moved", "id": "one", "from": "/old/alpha.html"}, "", line)
    for _ in range(2):
        problems = [problem for problem in build_site(tmp_path).heard.problems if problem.severity == "error"]
        assert [(problem.file, problem.line, problem.code) for problem in problems] == [(LEDGER, 3, code)]
    assert "alpha.html" in page(tmp_path, "old/alpha.html")


def test_a_line_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {"a.md": markdown("Alpha", date="2024-01-01", id="one"), "_ledger/events.jsonl": b'{"event": "\xff"}\n'},
    )
    assert [problem.code for problem in build_site(tmp_path).heard.problems] == ["E511"]


def test_all_files_of_the_ledger_count(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {
            "a.md": markdown("Alpha", date="2024-01-01", id="one"),
            "_ledger/2023.jsonl": '{"event": "moved", "id": "one", "from": "/old/alpha.html"}',
        },
    )
    build_site(tmp_path)
    put(tmp_path / "articles", {"a.md": markdown("Omega", date="2024-01-01", id="one")})
    build_site(tmp_path)
    assert len(events(tmp_path)) == 1
    assert "omega.html" in page(tmp_path, "old/alpha.html")
    assert "omega.html" in page(tmp_path, "2024/01/01/alpha.html")


@pytest.mark.parametrize("after", [[], [{"event": "same", "id": "two", "was": "three"}]], ids=["without", "otherwise"])
@pytest.mark.parametrize("taken", ["one", "two"])
def test_an_article_comes_back_whose_identity_a_takedown_means_no_more(
    tmp_path: Path, taken: str, after: list[dict[str, str]]
) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", id="one"), "b.md": markdown("Beta", id="two")})
    takedown = {"event": "takedown", "id": taken, "date": "2024-12-01", "reason": "asked"}
    write_events(tmp_path, takedown, {"event": "same", "id": "two", "was": "one"})
    build_site(tmp_path)
    write_events(tmp_path, takedown, *after)
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""
