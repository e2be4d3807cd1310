"""Bad input, one file at a time among healthy ones: each gets its line, and costs at most its own page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from tests.support import dump, markdown, put

HEALTHY = {
    "articles/one.md": markdown("Bridge opens", date="2024-02-28", tags="[Harbour]"),
    "articles/two.txt": dump("The river rose again"),
    "articles/three.md": markdown("Bridge closes", date="2024-03-01", tags="[Harbour]"),
}
PAGES = {
    "public/2024/02/28/bridge-opens.html",
    "public/2024/11/19/the-river-rose-again.html",
    "public/2024/03/01/bridge-closes.html",
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    put(folder, HEALTHY)
    return folder


def build(site: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["build", str(site), "--jobs", "1", "--verbose", *options], catch_exceptions=False)


def pages(site: Path) -> set[str]:
    """The pages of articles."""
    return {
        path.relative_to(site).as_posix()
        for path in (site / "public").rglob("*.html")
        if b'<body data-page="article"' in path.read_bytes()
    }


def problem(result: Result, file: str) -> str:
    """The gravest line that is told of a file, the first of its kind."""
    lines = [line for line in result.stderr.splitlines() if line.startswith(f"articles/{file}")]
    assert lines, result.stderr
    return next((line for line in lines if re.search(r" E\d{3} ", line)), lines[0])


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("picture.txt", PNG, r"picture\.txt E101 .*not text.*ending"),
        ("archive.md", b"PK\x03\x04" + bytes(200), r"archive\.md E101 "),
        ("empty.txt", b"", r"empty\.txt E102 .*empty.*remove"),
        ("blank.md", b"\xef\xbb\xbf \r\n\t\r\n", r"blank\.md E102 "),
        ("zeros.txt", bytes(5000), r"zeros\.txt E10[12] "),
        (
            "boilerplate.txt",
            b"A headline\nBy The Post (World) | Created at 2024-11-19 20:35:05 | Updated at 2024-11-19 23:27:23 3 hrs"
            b" ago\nTruth\n\nStay updated with the latest news!\n\nRead Entire Article\n",
            r"boilerplate\.txt:\d+:\d+ .*E105 ",
        ),
        ("bare.md", b"---\ntitle: Only a title\ndate: 2024-01-01\n---\n", r"bare\.md:\d+:\d+ .*E105 "),
    ],
)
def test_what_cannot_be_shown_costs_its_own_page_only(site: Path, name: str, data: bytes, told: str) -> None:
    put(site, {f"articles/{name}": data})
    result = build(site)
    assert result.exit_code == 1, result.output
    assert re.match(f"articles/{told}", problem(result, name))
    assert pages(site) >= PAGES
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("matter", "place"),
    [
        ("title: a: b\ndate: 2024-01-02\n", r":2:\d+"),
        ("title: Fine\ntags: [one, two\ndate: 2024-01-02\n", r":[345]:\d+"),
        ("title: Fine\n\tdate: 2024-01-02\n", r":3:\d+"),
        ('title: "never closed\ndate: 2024-01-02\n', r":[234]:\d+"),
    ],
)
def test_broken_front_matter_is_told_with_line_and_column(site: Path, matter: str, place: str) -> None:
    put(site, {"articles/broken.md": f"---\n{matter}---\n\nThe text of it is all right.\n"})
    result = build(site)
    lines = [line for line in result.stderr.splitlines() if line.startswith("articles/broken.md")]
    assert any(re.match(rf"articles/broken\.md{place} .*[EW]\d\d\d ", line) for line in lines), result.stderr
    assert pages(site) >= PAGES


def test_a_value_that_is_no_date_is_told_with_its_place_and_how_to_write_it(site: Path) -> None:
    put(site, {"articles/when.md": markdown("When", date='"31 Feb 2024"')})
    result = build(site)
    assert result.exit_code == 1
    assert re.match(
        r'articles/when\.md:3:\d+ \[\w+\] E103 "31 Feb 2024" .*write it like 20', problem(result, "when.md")
    )
    assert pages(site) >= PAGES


def test_an_article_without_a_date_or_a_headline_is_published_with_a_warning(site: Path) -> None:
    put(
        site,
        {
            "articles/undated.md": markdown("Undated"),
            "articles/nameless.md": "---\ndate: 2024-01-01\n---\nSome text.\n",
        },
    )
    result = build(site)
    assert result.exit_code == 0, result.output
    assert " W201 " in problem(result, "undated.md")
    assert " W202 " in problem(result, "nameless.md")
    assert len(pages(site)) == len(PAGES) + 2
    assert "Undated" in (site / "public/undated/index.html").read_text(encoding="utf-8")


def test_two_articles_with_one_address_both_get_their_own_and_it_is_told(site: Path) -> None:
    put(
        site,
        {
            "articles/a.md": markdown("The same", "One text.", date="2024-05-05", permalink="/same.html"),
            "articles/b.md": markdown("The same too", "Another text.", date="2024-05-06", permalink="/same.html"),
        },
    )
    result = build(site)
    assert len(pages(site)) == len(PAGES) + 2
    assert re.search(r"^articles/[ab]\.md.* [EWN]\d\d\d .*/same\.html", result.stderr, re.MULTILINE), result.stderr
    both = (site / "public/same.html").read_text(encoding="utf-8")
    assert "The same too" in both
    assert "The same<" in both
    assert result.exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_that_leads_out_of_the_site_is_not_followed(site: Path, tmp_path: Path) -> None:
    secret = "The password of the harbour master"
    put(
        tmp_path,
        {
            "outside/secret.md": markdown(secret),
            "outside/folder/secret.md": markdown(secret),
            "outside/secret.svg": f"<svg><!-- {secret} --></svg>",
        },
    )
    links = {"out.md": "outside/secret.md", "folder": "outside/folder", "out.svg": "outside/secret.svg"}
    for name, target in links.items():
        (site / "articles" / name).symlink_to(tmp_path / target)
    (site / "articles/loop.md").symlink_to("loop.md")
    (site / "articles/dangling.md").symlink_to("nowhere.md")
    put(site, {"articles/shows.md": markdown("Shows", "![A picture](out.svg)", date="2024-01-01")})
    result = build(site)
    assert result.exit_code == 1
    for name in ("out.md", "folder", "loop.md", "dangling.md"):
        assert " E50" in problem(result, name)
    assert pages(site) >= PAGES
    for path in (site / "public").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or secret.encode() not in path.read_bytes(), path


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows, and it has no such pipes")
def test_what_is_no_file_is_told_by_what_it_is_and_the_run_goes_on(site: Path) -> None:
    articles = site / "articles"
    os.mkfifo(articles / "pipe.txt")
    (articles / "nothing.md").symlink_to("nowhere.md")
    (articles / "round.md").symlink_to("about.md")
    (articles / "about.md").symlink_to("round.md")
    (articles / "itself").symlink_to(".")
    put(site, {"articles/folder.md/inside.md": markdown("Inside", date="2024-07-07")})
    told = {"pipe.txt": "a pipe.*remove", "nothing.md": "leads to nothing.*remove", "round.md": "in a circle.*remove", "itself": "folder"}
    result = build(site)
    assert pages(site) == {*PAGES, "public/2024/07/07/inside.html"}
    for name, words in told.items():
        assert re.search(words, problem(result, name))
    imported = CliRunner().invoke(main, ["import", "--to", str(articles), str(articles)], catch_exceptions=False)
    for name, words in told.items():
        assert re.search(f"{name} E507 .*{words}", imported.stderr), imported.stderr
    assert len(list(articles.rglob("*the-river-rose-again.md"))) == 1


def test_an_article_of_50_megabytes_is_refused_with_a_word(site: Path) -> None:
    put(
        site,
        {"articles/huge.md": markdown("Huge", date="2024-01-01").encode() + b"Words and more words.\n" * 2_400_000},
    )
    result = build(site)
    assert result.exit_code == 1
    assert re.match(r"articles/huge\.md:1:1 E506 .*32 MB.*split", problem(result, "huge.md"))
    assert pages(site) == PAGES


@pytest.mark.parametrize("letters", ["a", "ж", "ع", "測", "न", "🙂", "e\u0301", "한"])
def test_a_file_name_of_255_bytes_is_read(site: Path, letters: str) -> None:
    name = letters * ((255 - len(".md")) // len(letters.encode())) + ".md"
    # As title and tag as well, since both become names of files.
    long = letters * 300
    put(
        site,
        {
            f"articles/{name}": f"---\ndate: 2024-04-04\nauthor: {long}\ntags: ['{long}']\n---\nThe text.\n",
            "articles/long.md": markdown(long, date="2024-04-04"),
        },
    )
    result = build(site)
    assert result.exit_code == 0, result.output
    assert len(pages(site)) == len(PAGES) + 2
    assert "E5" not in result.stderr


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="such names cannot be made here")
def test_a_file_name_that_is_no_text_is_told(site: Path) -> None:
    Path(os.fsdecode(os.fsencode(site / "articles") + b"/caf\xe9.md")).write_text(markdown("Cafe"))
    result = build(site)
    assert result.exit_code == 1
    assert "E501" in problem(result, "caf\\xe9.md")
    assert pages(site) >= PAGES


@pytest.mark.parametrize(
    ("name", "text"),
    [("undated.md", markdown("Undated")), ("empty.txt", ""), ("when.md", markdown("When", date='"31 Feb 2024"'))],
)
def test_strict_writes_nothing_where_there_is_an_error_or_a_warning(site: Path, name: str, text: str) -> None:
    put(site, {f"articles/{name}": text})
    result = build(site, "--strict")
    assert result.exit_code == 2
    assert not (site / "public").exists()
    assert problem(result, name)
    (site / "articles" / name).unlink()
    result = build(site, "--strict")
    assert result.exit_code == 0, result.output
    assert pages(site) == PAGES


def test_all_problems_are_told_in_one_run_and_again_until_they_are_mended(site: Path) -> None:
    put(
        site,
        {
            "articles/empty.txt": "",
            "articles/when.md": markdown("When", date='"31 Feb 2024"'),
            "articles/p.txt": PNG,
            "articles/undated.md": markdown("Undated"),
        },
    )
    for _ in range(2):
        result = build(site)
        assert result.exit_code == 1
        codes = {"empty.txt": "E102", "when.md": "E103", "p.txt": "E101", "undated.md": "W201"}
        assert all(f" {code} " in problem(result, name) for name, code in codes.items())
