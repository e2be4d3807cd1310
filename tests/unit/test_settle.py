"""Settling: one published copy per article, one address per article, one slug per term, whatever the order."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from sitegen import urls
from sitegen.config import Settings
from tests.support import build_site, clean_build, difference, dump, markdown, put, tree


def html(site: Path, url: str) -> str:
    return tree(site / "public").get(url, b"").decode()


def articles(site: Path, folder: str = "2024/01/01") -> set[str]:
    """The names of the articles' files of a day."""
    return {path.name for path in (site / "public" / folder).glob("*.html")} - {"index.html"}


ALPHA = {"date": "2024-01-01"}


# -- addresses --------------------------------------------------------------------------------------------------------


def test_two_articles_of_one_address_both_get_a_suffix_and_the_bare_one_names_them(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {
            "a.md": markdown("Alpha", "First.", id="one", **ALPHA),
            "b.md": markdown("Alpha", "Second.", id="two", **ALPHA),
        },
    )
    build_site(tmp_path)
    names = {ident: f"alpha-{urls.id_suffix(ident)}.html" for ident in ("one", "two")}
    assert articles(tmp_path) == {"alpha.html", *names.values()}
    assert "First." in html(tmp_path, f"2024/01/01/{names['one']}")
    choices = html(tmp_path, "2024/01/01/alpha.html")
    assert all(name in choices for name in names.values())
    assert "First." not in choices


def test_a_cited_address_is_never_handed_to_another_article(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "First.", id="one", **ALPHA)})
    build_site(tmp_path)
    put(tmp_path / "articles", {"b.md": markdown("Alpha", "Second.", id="two", **ALPHA)})
    build_site(tmp_path)
    assert "Second." not in html(tmp_path, "2024/01/01/alpha.html")
    (tmp_path / "articles" / "a.md").unlink()
    build_site(tmp_path)
    suffixed = f"2024/01/01/alpha-{urls.id_suffix('two')}.html"
    assert "Second." in html(tmp_path, "2024/01/01/alpha.html")
    assert "alpha.html" in html(tmp_path, suffixed), "where it stood meanwhile, a redirect stands"


def test_addresses_that_a_file_system_takes_for_one_are_one(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {"a.md": markdown("Straße", id="one", **ALPHA), "b.md": markdown("Strasse", id="two", **ALPHA)},
    )
    build_site(tmp_path)
    folded = [name.casefold() for name in articles(tmp_path)]
    assert {f"strasse-{urls.id_suffix(ident)}.html" for ident in ("one", "two")} <= set(folded)
    (tmp_path / "articles" / "a.md").unlink()
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_an_article_cannot_take_what_another_one_is_called_to_tell_it_apart(tmp_path: Path) -> None:
    suffix = urls.id_suffix("one")
    put(
        tmp_path / "articles",
        {
            "a.md": markdown("Alpha", "First.", id="one", **ALPHA),
            "b.md": markdown("Alpha", "Second.", id="two", **ALPHA),
            "c.md": markdown("Evil", "Third.", id="three", permalink=f"/2024/01/01/alpha-{suffix}.html", **ALPHA),
        },
    )
    build_site(tmp_path)
    assert "First." in html(tmp_path, f"2024/01/01/alpha-{suffix}.html")
    assert "Third." in html(tmp_path, f"2024/01/01/alpha-{suffix}-{urls.id_suffix('three')}.html")


def test_ids_that_look_like_those_of_side_by_side_copies_do_no_harm(tmp_path: Path) -> None:
    texts = {"a.md": "First.", "b.md": "Second."}
    put(tmp_path / "articles", {name: markdown("Alpha", text, id="one", **ALPHA) for name, text in texts.items()})
    build_site(tmp_path)
    ledgerless = [name.split("-")[1] for name in articles(tmp_path) if "-" in name]
    assert len(ledgerless) == 2
    put(
        tmp_path / "articles",
        {f"x{n}.md": markdown("Alpha", f"Evil {n}.", id=f"one.{n:08x}", **ALPHA) for n in range(3)},
    )
    build_site(tmp_path)
    assert len(articles(tmp_path)) == 6
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


@pytest.mark.parametrize(
    "permalink",
    ["/imprint.html", "/own.html", "/tags/", "/tags/ships/", "/2024/", "/index.html", "/404.html", "/about/"],
)
def test_no_article_stands_where_a_page_of_the_owners_or_of_the_sites_stands(tmp_path: Path, permalink: str) -> None:
    from sitegen.config import FreePageSettings

    put(tmp_path, {"static/own.html": "the owner's", "articles/_imprint.md": "# Imprint\n\nNobody."})
    put(
        tmp_path / "articles",
        {"a.md": markdown("Alpha", "Evil text.", id="one", permalink=permalink, tags="[Ships]", **ALPHA)},
    )
    settings = Settings(pages=(FreePageSettings(file="articles/_imprint.md", url="/imprint.html"),))
    build_site(tmp_path, settings)
    holding = [name for name, data in tree(tmp_path / "public").items() if b"<p>Evil text.</p>" in data]
    assert len(holding) == 1
    assert f"/{holding[0]}" != permalink
    assert holding[0] not in (
        "own.html",
        "imprint.html",
        "tags/index.html",
        "index.html",
        "404.html",
        "about/index.html",
        "2024/index.html",
    )
    assert "the owner's" in html(tmp_path, "own.html")


def test_a_static_file_takes_the_place_of_a_page_and_gives_it_back(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", id="one", permalink="/own.html", tags="[Ships]", **ALPHA)})
    build_site(tmp_path)
    before = tree(tmp_path / "public")
    put(tmp_path / "static", {"404.html": "lost?", "tags/ships/index.html": "ships!", "own.html": "the owner's"})
    build_site(tmp_path)
    assert html(tmp_path, "404.html") == "lost?"
    assert html(tmp_path, "tags/ships/index.html") == "ships!"
    assert html(tmp_path, "own.html") == "the owner's"
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""
    for name in ("404.html", "tags/ships/index.html", "own.html"):
        (tmp_path / "static" / name).unlink()
    build_site(tmp_path)
    after = tree(tmp_path / "public")
    del after[f"own-{urls.id_suffix('one')}.html"], before[".sitegen/files/top.txt"], after[".sitegen/files/top.txt"]
    assert difference(after, before) == ""


# -- versions ---------------------------------------------------------------------------------------------------------


def test_the_same_article_saved_again_is_a_new_version(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"old.md": markdown("Alpha", "Old text.", id="one", updated="2024-01-02", **ALPHA)})
    build_site(tmp_path)
    put(tmp_path / "articles", {"new.md": markdown("Alpha", "New text.", id="one", updated="2024-01-03", **ALPHA)})
    build_site(tmp_path)
    assert articles(tmp_path) == {"alpha.html"}
    assert "New text." in html(tmp_path, "2024/01/01/alpha.html")
    (tmp_path / "articles" / "new.md").unlink()
    build_site(tmp_path)
    assert "Old text." in html(tmp_path, "2024/01/01/alpha.html")


def test_an_older_version_that_comes_later_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"new.md": markdown("Alpha", "New text.", id="one", updated="2024-01-03", **ALPHA)})
    build_site(tmp_path)
    put(tmp_path / "articles", {"old.md": markdown("Alpha", "Old text.", id="one", updated="2024-01-02", **ALPHA)})
    assert build_site(tmp_path).summary.written == 0
    assert "New text." in html(tmp_path, "2024/01/01/alpha.html")


def test_the_same_text_in_two_files_is_one_article(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.txt": dump("Alpha sinks"), "sub/b.txt": dump("Alpha sinks")})
    assert build_site(tmp_path).summary.articles == 1
    (tmp_path / "articles" / "a.txt").unlink()
    built = build_site(tmp_path)
    assert (built.summary.articles, built.summary.written) == (1, 0)


def test_copies_as_new_as_each_other_that_differ_are_both_shown(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "First.", id="one", **ALPHA)})
    build_site(tmp_path)
    put(tmp_path / "articles", {"b.md": markdown("Alpha", "Second.", id="one", **ALPHA)})
    build_site(tmp_path)
    output = tree(tmp_path / "public")
    assert {
        text
        for text in (b"First.", b"Second.")
        if any(f"<p>{text.decode()}</p>".encode() in data for data in output.values())
    } == {b"First.", b"Second."}
    assert len(articles(tmp_path)) == 3
    (tmp_path / "articles" / "b.md").unlink()
    build_site(tmp_path)
    assert "First." in html(tmp_path, "2024/01/01/alpha.html")
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_copies_in_the_file_of_an_article_that_gets_a_new_id_are_its_copies(tmp_path: Path) -> None:
    def story(title: str, day: str, number: int) -> str:
        return (
            f"{title}\n[2024-11-{day}]\nhttps://example.org/{number}\n\nProse.\n\nMore prose in a second paragraph.\n"
        )

    divider = f"\n{'-' * 50}\n"
    put(tmp_path / "articles", {"year.txt": divider.join([story("Alpha", "19", 1), story("Beta", "19", 2)])})
    build_site(tmp_path)
    put(tmp_path / "articles", {"year.txt": divider.join([story("Alpha", "20", 3), story("Gamma", "19", 3)])})
    build_site(tmp_path)
    assert articles(tmp_path, "2024/11/20") == {"alpha.html"}
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_moved_file_keeps_its_article(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.txt": dump("Alpha sinks")})
    build_site(tmp_path)
    (tmp_path / "articles" / "sub").mkdir()
    (tmp_path / "articles" / "a.txt").rename(tmp_path / "articles" / "sub" / "b.txt")
    built = build_site(tmp_path)
    assert (built.summary.written, built.summary.removed) == (0, 0)


def test_the_order_in_which_files_come_decides_nothing(tmp_path: Path) -> None:
    files = {
        "a.md": markdown("Alpha", "First.", id="one", tags='["C++"]', **ALPHA),
        "b.md": markdown("Alpha", "Second.", id="two", tags="[c]", **ALPHA),
        "c.md": markdown("Alpha", "Third.", id="one", tags="[C]", **ALPHA),
    }
    found = []
    for number, order in enumerate(permutations(files)):
        site = tmp_path / str(number)
        for name in order:
            put(site / "articles", {name: files[name]})
            build_site(site)
        output = tree(site / "public")
        # Redirects tell where an article stood before, and that depends on the order.
        found.append(
            {name: data for name, data in output.items() if b"alpha-" not in data and not name.startswith(".sitegen")}
        )
    assert all(each.keys() == found[0].keys() for each in found)
    assert all(difference(each, found[0]) == "" for each in found)


# -- drafts and broken sources ----------------------------------------------------------------------------------------


def test_a_draft_is_not_listed_under_its_tags(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {"a.md": markdown("Alpha", tags="[Ships]", draft="true", **ALPHA), "b.md": markdown("Beta", **ALPHA)},
    )
    build_site(tmp_path)
    assert "tags/ships/index.html" not in tree(tmp_path / "public")
    put(tmp_path / "articles", {"a.md": markdown("Alpha", tags="[Ships]", **ALPHA)})
    build_site(tmp_path)
    assert "Alpha" in html(tmp_path, "tags/ships/index.html")
    put(tmp_path / "articles", {"a.md": markdown("Alpha", tags="[Ships]", draft="true", **ALPHA)})
    build_site(tmp_path)
    assert "tags/ships/index.html" not in tree(tmp_path / "public")
    assert "Alpha" not in html(tmp_path, "index.html")


@pytest.mark.parametrize(
    "broken",
    [b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), markdown("Alpha", date="2024-02-31").encode()],
)
def test_a_source_that_cannot_be_read_any_more_keeps_its_last_good_text(tmp_path: Path, broken: bytes) -> None:
    put(
        tmp_path / "articles",
        {"a.md": markdown("Alpha", "Good text.", tags="[Ships]", **ALPHA), "b.md": markdown("Beta", **ALPHA)},
    )
    build_site(tmp_path)
    before = tree(tmp_path / "public")
    put(tmp_path / "articles", {"a.md": broken})
    built = build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), before) == ""
    assert built.summary.errors == 1
    assert any("articles/a.md" in message for message in built.heard.messages)
    assert build_site(tmp_path).summary.errors == 1, "it is told in every build"
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "Mended text.", tags="[Ships]", **ALPHA)})
    mended = build_site(tmp_path)
    assert mended.summary.errors == 0
    assert not any("articles/a.md" in message for message in mended.heard.messages)
    assert "Mended text." in html(tmp_path, "2024/01/01/alpha.html")


def test_a_broken_source_that_moves_keeps_its_last_good_text(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "Good text.", **ALPHA)})
    build_site(tmp_path)
    before = tree(tmp_path / "public")
    put(tmp_path / "articles", {"a.md": "---\ntitle: [unclosed\n---\nText.\n"})
    build_site(tmp_path)
    (tmp_path / "articles" / "a.md").rename(tmp_path / "articles" / "b.md")
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), before) == ""


def test_a_source_that_was_never_read_well_shows_what_it_holds_now(tmp_path: Path) -> None:
    for text in ("First try.", "Second try."):
        put(tmp_path / "articles", {"a.md": markdown("Alpha", text, date="2024-02-31")})
        build_site(tmp_path)
        assert any(text.encode() in data for data in tree(tmp_path / "public").values())


def test_of_what_was_never_read_well_the_latest_attempt_counts(tmp_path: Path) -> None:
    attempts = [
        markdown("Alpha", date="2024-02-31"),
        "---\ntitle: [unclosed\n---\n\nText.\n",
        markdown("Omega", date="soon"),
    ]
    for number, text in enumerate(attempts):
        put(tmp_path / "articles", {"a.md": text})
        build_site(tmp_path)
        assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / f"clean{number}")) == ""
    put(tmp_path / "articles", {"a.md": markdown("Omega", date="2024-01-01")})
    build_site(tmp_path)
    assert not (tmp_path / "articles" / "_ledger").exists(), "what was never whole has no history"


# -- terms ------------------------------------------------------------------------------------------------------------


def test_spellings_of_a_tag_are_one_tag_under_the_most_frequent(tmp_path: Path) -> None:
    spellings = ["turkey", "Turkey", "TURKEY", "Turkey"]
    for number, tag in enumerate(spellings):
        put(tmp_path / "articles", {f"{number}.md": markdown(f"Story {number}", tags=f"[{tag}]", **ALPHA)})
        build_site(tmp_path)
    heading = re.search(r"<h1.*?</h1>", html(tmp_path, "tags/turkey/index.html"), re.DOTALL)
    assert heading is not None
    assert "Turkey" in heading[0]
    assert "TURKEY" not in heading[0]
    assert ">TURKEY</a>" in html(tmp_path, "2024/01/01/story-2.html")


def test_tags_of_one_slug_both_get_a_suffix(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", tags='["C++"]', **ALPHA)})
    build_site(tmp_path)
    assert "tags/c/index.html" in tree(tmp_path / "public")
    put(tmp_path / "articles", {"b.md": markdown("Beta", tags="[C]", **ALPHA)})
    build_site(tmp_path)
    output = tree(tmp_path / "public")
    assert "tags/c/index.html" not in output
    for key in ("c", "c++"):
        assert f"tags/c-{urls.id_suffix(key)}/index.html" in output
    (tmp_path / "articles" / "a.md").unlink()
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_tag_cannot_take_what_another_one_is_called_to_tell_it_apart(tmp_path: Path) -> None:
    evil = f"c-{urls.id_suffix('c++')}"
    put(tmp_path / "articles", {"a.md": markdown("Alpha", tags=f'["C++", C, {evil}]', **ALPHA)})
    build_site(tmp_path)
    found = [name for name in tree(tmp_path / "public") if name.startswith("tags/c") and name.endswith("index.html")]
    assert len(found) == 3
    assert "<title>C++ " in html(tmp_path, f"tags/{evil}/index.html")


def test_the_last_article_of_a_tag_takes_its_pages_along(tmp_path: Path) -> None:
    put(
        tmp_path / "articles",
        {f"{n}.md": markdown(f"S {n}", tags="[Ships]", authors="[Li Wei]", date=f"20{10 + n}-01-01") for n in range(5)},
    )
    settings = Settings(list_limit=2)
    build_site(tmp_path, settings)
    assert "tags/ships/2012/index.html" in tree(tmp_path / "public")
    for number in range(5):
        put(tmp_path / "articles", {f"{number}.md": markdown(f"S {number}", date=f"20{10 + number}-01-01")})
    build_site(tmp_path, settings)
    assert [name for name in tree(tmp_path / "public") if "ships" in name or "li-wei" in name] == []
