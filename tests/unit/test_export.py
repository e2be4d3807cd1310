"""Exports, the data files of the site, and reading our own JSON Lines again."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sitegen.articlejson import blocks_of
from sitegen.bodies import Body, blocks_for_inspect, render_body
from sitegen.cli import main
from sitegen.config import ReadingSettings, Settings
from sitegen.datafields import FIELDS
from sitegen.entries import Content
from sitegen.export_rows import COLUMNS
from sitegen.inspection import read as inspect_source
from sitegen.inspection import sources_in
from sitegen.readers import read_source
from sitegen.readers.exactjson import article_of, exact_fields
from sitegen.records import (
    Article,
    Figure,
    FigureBlock,
    ListBlock,
    MarkdownBlock,
    Moment,
    Paragraph,
    Preformatted,
    Quote,
    Subhead,
    Tag,
)
from tests.outputs import Head, data_files
from tests.support import build_site, clean_build, difference, dump, markdown, put, tree

WIRE = (
    "Strike ends\n\nBERLIN (dpa) - The strike of the harbour pilots ended on Tuesday after eleven days, "
    "both sides said.\n\n"
    "* * * *\nNOT FOR PUBLICATION:\nContact Jane Doe, +49 30 000\n"
)


def site(folder: Path) -> Path:
    """A site with articles of several layouts, dates, tags and sources."""
    put(
        folder,
        {
            "articles/a.md": markdown(
                "Harbour opens",
                'Words with *weight* and [a link](sub/b.md).\n\n![Ship](ship.svg "Caption")',
                date="2024-11-19T20:35:05+02:00",
                tags="[Ships, Harbour]",
                source="The Post",
                authors="[Jane Doe, Li Wei]",
            ),
            "articles/sub/b.md": markdown(
                "Second, with =SUM(A1)",
                "Plain words.\n\n- one\n- two\n\n> Quoted\n\n```\ncode\n```",
                date="2023-01-02",
                tags="[Ships]",
                aliases="[/old.html]",
                slug="own-slug",
                id="story-2",
            ),
            "articles/c.txt": dump("Turkey urges calm", author="TOVAH LAZAROFF"),
            "articles/d.md": markdown("No date, “quotes”, 测试\u2028line", "Text."),
            "articles/ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
        },
    )
    return folder


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def exported(folder: Path, *options: str) -> list[dict[str, Any]]:
    output = folder / "export.jsonl"
    run("export", str(folder), "--output", str(output), *options)
    return [json.loads(line) for line in output.read_bytes().splitlines()]


def test_export_has_every_published_article_in_the_shape_that_inspect_shows(tmp_path: Path) -> None:
    found = {each["url"]: each for each in exported(site(tmp_path))}
    for source in sources_in(tmp_path / "articles", tmp_path, Settings()):
        for article in inspect_source(source, Settings()).as_json(Settings())["articles"]:  # type: ignore[attr-defined]
            again = found.pop(article["url"])
            assert {name: again[name] for name in article} == article
    assert not found


def test_fields_that_the_data_page_describes_are_those_of_an_article(tmp_path: Path) -> None:
    found = exported(site(tmp_path))
    assert [name for name in found[0] if name != "exact"] == [name for name, _, _ in FIELDS]


def test_our_own_lines_imported_again_give_the_same_articles(tmp_path: Path) -> None:
    before = exported(site(tmp_path / "one"))
    put(
        tmp_path,
        {
            "two/articles/all.jsonl": (tmp_path / "one/export.jsonl").read_bytes(),
            "two/articles/ship.svg": (tmp_path / "one/articles/ship.svg").read_bytes(),
        },
    )
    after = exported(tmp_path / "two")
    assert sorted(after, key=lambda each: each["id"]) == sorted(before, key=lambda each: each["id"])
    one, two = (data_files(build_site_at(tmp_path / name)) for name in ("one", "two"))
    assert one == two


def build_site_at(folder: Path) -> Path:
    build_site(folder, Settings(base_url="https://x.example"))
    return folder / "public"


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (("--since", "2024"), {"Harbour opens", "Turkey urges calm"}),
        (("--until", "2023"), {"Second, with =SUM(A1)"}),
        (("--since", "2023-01-02", "--until", "2023-01-02"), {"Second, with =SUM(A1)"}),
        (("--since", "2024-11-20"), set()),
        (("--tag", "ships"), {"Harbour opens", "Second, with =SUM(A1)"}),
        (("--tag", "Ships", "--since", "2024-11"), {"Harbour opens"}),
        (("--source", "the harbour post"), {"Turkey urges calm"}),
    ],
)
def test_export_can_be_narrowed(tmp_path: Path, options: tuple[str, ...], titles: set[str]) -> None:
    assert {each["title"] for each in exported(site(tmp_path), *options)} == titles


def test_csv_holds_a_row_for_each_article(tmp_path: Path) -> None:
    run("export", str(site(tmp_path)), "-o", str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["title"]: row for row in csv.DictReader(file)}
    assert len(rows) == 4
    assert list(next(iter(rows.values()))) == list(COLUMNS)
    assert rows["Harbour opens"]["authors"] == "Jane Doe; Li Wei"
    assert rows["Second, with =SUM(A1)"]["text"] == "Plain words.\n\none\ntwo\n\nQuoted\n\ncode"


def test_sqlite_can_be_searched(tmp_path: Path) -> None:
    run("export", str(site(tmp_path)), "--format", "sqlite", "-o", str(tmp_path / "out.db"))
    db = sqlite3.connect(tmp_path / "out.db")
    titles = db.execute(
        "SELECT a.title FROM articles_fts f JOIN articles a ON a.rowid = f.rowid WHERE articles_fts MATCH 'weight'"
    )
    assert titles.fetchall() == [("Harbour opens",)]
    assert db.execute("SELECT tag FROM tags WHERE article = 'story-2'").fetchall() == [("Ships",)]
    assert db.execute("SELECT name FROM authors ORDER BY article, position").fetchall()[:1] != []
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # Datasette looks for the name of the table in double quotes, and offers no search box where it stands otherwise.
    (statement,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'").fetchone()
    assert 'content="articles"' in statement
    db.close()


def test_export_reads_what_changed_and_the_next_build_shows_it(tmp_path: Path) -> None:
    site(tmp_path)
    build_site(tmp_path, Settings())
    put(tmp_path, {"articles/new.md": markdown("Brand new", date="2024-12-01")})
    assert "Brand new" in {each["title"] for each in exported(tmp_path)}
    assert not (tmp_path / "public/2024/12/01/brand-new.html").exists()
    build_site(tmp_path, Settings())
    assert (tmp_path / "public/2024/12/01/brand-new.html").exists()
    assert "Brand new" in (tmp_path / "public/index.html").read_text()


def test_export_that_fails_leaves_the_last_one_alone(tmp_path: Path) -> None:
    site(tmp_path)
    (tmp_path / "out.jsonl").write_text("before")
    result = CliRunner().invoke(
        main, ["export", str(tmp_path), "-o", str(tmp_path / "out.jsonl"), "--tag", "nobody has this"]
    )
    assert result.exit_code == 2
    assert 'no article has the tag "nobody has this"' in result.output
    assert (tmp_path / "out.jsonl").read_text() == "before"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("date", ["yesterday", "2024-13", "2024-11-31", "20241119", "2024-11-19T10:00"])
def test_date_that_is_none_is_refused(tmp_path: Path, date: str) -> None:
    result = CliRunner().invoke(main, ["export", str(site(tmp_path)), "-o", str(tmp_path / "x"), "--since", date])
    assert result.exit_code == 2
    assert "is not a date" in result.output


def test_line_that_is_no_article_costs_that_line_only(tmp_path: Path) -> None:
    exported(site(tmp_path))
    lines = (tmp_path / "export.jsonl").read_text(encoding="utf-8").split("\n")
    bad = "\n".join([lines[0], "{broken", '{"id": 7, "figures": [3]}', lines[1]])
    reading = read_source("all.jsonl", bad.encode(), ReadingSettings())
    assert reading.layout == "sitegen-jsonl"
    assert len(reading.articles) == 2
    assert [(problem.line, problem.code) for problem in reading.problems] == [(2, "E120"), (3, "E120")]


MOMENTS = st.sampled_from(
    [
        None,
        Moment("2024", "year"),
        Moment("2024-11", "month"),
        Moment("2024-11-19", "day"),
        Moment("2024-11-19T22:21", "minute"),
        Moment("2024-11-19T20:35:05+00:00", "second", True),
        Moment("2024-11-19T20:35+05:30", "minute"),
    ]
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
BLOCKS = st.one_of(
    st.builds(Paragraph, TEXT),
    st.builds(Subhead, TEXT),
    st.builds(Quote, TEXT),
    st.builds(Preformatted, TEXT),
    st.builds(MarkdownBlock, TEXT, st.integers(1, 9)),
    st.builds(FigureBlock, st.just(0)),
    st.builds(ListBlock, st.lists(TEXT, max_size=3).map(tuple), st.booleans()),
)
ARTICLES = st.builds(
    Article,
    id=TEXT,
    title=st.one_of(st.just(""), TEXT),
    authors=st.lists(TEXT, max_size=2).map(tuple),
    published=MOMENTS,
    updated=MOMENTS,
    byline_stamp=MOMENTS,
    retrieved=MOMENTS,
    slug=st.one_of(st.just(""), TEXT),
    source=TEXT,
    tags=st.lists(st.builds(Tag, TEXT, st.sampled_from(["given", "rule", "place"])), max_size=3).map(tuple),
    figures=st.lists(st.builds(Figure, caption=TEXT), max_size=1).map(tuple),
    body=st.lists(BLOCKS, max_size=4).map(tuple),
    rights=st.sampled_from(["own", "licensed", "third-party"]),
    aliases=st.lists(TEXT, max_size=1).map(tuple),
)


@given(ARTICLES)
def test_json_with_its_exact_fields_gives_the_same_record(article: Article) -> None:
    from sitegen.articlejson import to_json

    body = render_body(article, file="a.md")
    made = to_json(
        article, ident=article.id, url="/a.html", figures=body.figures, body=blocks_for_inspect(article, body)
    )
    made = json.loads(json.dumps(made))
    found = {**made, "exact": json.loads(json.dumps(exact_fields(article, made)))}
    assert article_of(found) == article


@given(
    st.lists(
        st.sampled_from(
            [
                "Plain words.",
                "With *weight* & <b>more</b>.",
                "## Subhead",
                "- one\n- two",
                "- one\n    - inner\n- two",
                "> Quoted\n> text",
                "> One *paragraph* & more\n>\n> and `another`",
                "- with *weight* &amp; [link](b.md)\n- and `code`",
                "- a\n- b<br>c\n",
                "<ul>\n<li><p>Paragraph</p></li>\n<li></li>\n</ul>",
                "<blockquote>\n<p></p>\n<p>a</p>\n</blockquote>",
                "> > Twice",
                "```\ncode <p>\n```",
                "![Ship](ship.svg)",
                "Text ![inline](ship.svg) text",
                "1. a\n2. b",
                "| a | b |\n|---|---|\n| 1 | 2 |",
                "<div><p>In a box</p></div>",
                "&nbsp;",
                "Line one\nline two  \nline three",
                "Two  spaces",
                "Two  *spaces* [ ](https://e.org) more",
                "No-break\u00a0 space",
                "[^1]\n\n[^1]: Note",
                "---",
                "&lt;p&gt; &amp;lt;",
            ]
        ),
        max_size=6,
    )
)
def test_quick_way_to_blocks_gives_what_the_slow_one_gives(parts: list[str]) -> None:
    article = Article(id="a", body=(MarkdownBlock("\n\n".join(parts)),))
    body = render_body(article, file="a.md")
    content = Content(
        article=article, html=body.html, figures=body.figures, contents=(), words=0, lead=False, layout="",
        single_spaced=body.single_spaced,
    )  # fmt: skip
    slow = [block for block in blocks_for_inspect(article, Body(html=body.html)) if block.get("text") != ""]
    assert blocks_of(content) == slow


# -- the archive as data ----------------------------------------------------------------------------------------------


def test_each_article_is_in_the_data_file_of_its_month(tmp_path: Path) -> None:
    build_site(site(tmp_path), Settings())
    found = data_files(tmp_path / "public")
    assert {name: len(articles) for name, articles in found.items()} == {
        "data/2023-01.jsonl.gz": 1,
        "data/2024-11.jsonl.gz": 2,
        "data/undated.jsonl.gz": 1,
    }
    own, copy = sorted(found["data/2024-11.jsonl.gz"], key=lambda each: str(each["rights"]))
    assert own["body"][0] == {"kind": "paragraph", "text": "Words with weight and a link."}
    assert (copy["body"], copy["figures"], copy["dropped"], copy["rights"]) == (None, [], [], "third-party")
    assert all((tmp_path / "public" / each["url"][1:]).is_file() for each in (own, copy))


def test_data_page_names_each_file_with_its_count_and_checksum(tmp_path: Path) -> None:
    build_site(site(tmp_path), Settings())
    page = (tmp_path / "public/data/index.html").read_text()
    for path in (tmp_path / "public/data").glob("*.gz"):
        assert f'href="../data/{path.name}"' in page
        assert hashlib.sha256(path.read_bytes()).hexdigest() in page
        assert f"{path.stat().st_size:,}" in page
    put(tmp_path, {"articles/new.md": markdown("New", date="2023-01-05")})
    build_site(tmp_path, Settings())
    changed = tmp_path / "public/data/2023-01.jsonl.gz"
    assert hashlib.sha256(changed.read_bytes()).hexdigest() in (tmp_path / "public/data/index.html").read_text()
    assert changed.read_bytes()[4:8] == bytes(4), "no time in it"
    assert len(gzip.decompress(changed.read_bytes()).splitlines()) == 2


def test_article_is_there_as_json_beside_its_page_where_the_settings_ask_for_it(tmp_path: Path) -> None:
    settings = Settings(article_json=True)
    build_site(site(tmp_path), settings)
    public = tmp_path / "public"
    in_files = [each for found in data_files(public).values() for each in found]
    assert len(in_files) == 4
    for each in in_files:
        path = public / each["url"][1:].replace(".html", ".json")
        assert json.loads(path.read_bytes()) == each
        assert Head(public / each["url"][1:]).link("alternate").endswith(path.name)
    assert "ends in .json" in (public / "data/index.html").read_text()
    put(tmp_path, {"articles/d.md": markdown("Edited", "Other text.", date="2020-02-03")})
    build_site(tmp_path, settings)
    assert not list((public / "undated").glob("*.json"))
    assert json.loads((public / "2020/02/03/edited.json").read_bytes())["body"] == [{"kind": "paragraph", "text": "Other text."}]
    other = tmp_path / "clean"
    other.mkdir()
    assert not difference(tree(public), clean_build(tmp_path, other, settings))
    for without in (Settings(), Settings(data=False, article_json=True)):
        build_site(tmp_path, without)
        assert not list(public.rglob("*.json"))
        assert not Head(public / "2020/02/03/edited.html").link("alternate")
        build_site(tmp_path, settings)


def test_article_that_would_share_the_address_of_the_json_feed_gets_another(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("Feed", date="2024-01-02", permalink="/feed.html")})
    build_site(tmp_path, Settings(article_json=True, base_url="https://x.example"))
    assert "items" in json.loads((tmp_path / "public/feed.json").read_bytes())
    assert len(list((tmp_path / "public").glob("feed-*.json"))) == 1


def test_data_can_be_left_out(tmp_path: Path) -> None:
    build_site(site(tmp_path), Settings(data=False))
    assert not (tmp_path / "public/data").exists()
    assert "data/index.html" not in (tmp_path / "public/index.html").read_text()


def test_what_is_not_for_publication_is_nowhere(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": WIRE})
    build_site(tmp_path, Settings(base_url="https://x.example", reading=ReadingSettings(default_rights="own")))
    reading = read_source("a.txt", WIRE.encode(), ReadingSettings())
    assert any(drop.private and "Jane Doe" in drop.text for article in reading.articles for drop in article.dropped)
    found = exported(tmp_path)
    assert "harbour pilots" in json.dumps(found)
    assert "Jane Doe" not in json.dumps(found)
    public = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert not [data for data in public if b"Jane Doe" in (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)]


def test_third_party_excerpt_keeps_the_rest_out_of_everything(tmp_path: Path) -> None:
    text = "It begins harmlessly, and goes on for some time. " * 20 + "\n\nThe secret comes last."
    put(
        tmp_path,
        {
            "articles/a.txt": dump("A copy", body=text),
            "articles/b.md": markdown("Own", "My secret comes last.", date="2024-11-19"),
        },
    )
    settings = Settings(reading=ReadingSettings(third_party="excerpt"), base_url="https://x.example")
    build_site(tmp_path, settings)
    page = (tmp_path / "public/2024/11/19/a-copy.html").read_text()
    assert "It begins harmlessly" in page
    assert "The secret" not in page
    assert "My secret" in (tmp_path / "public/2024/11/19/own.html").read_text()
    assert not [
        path for path in (tmp_path / ".sitegen").rglob("*") if path.is_file() and b"The secret" in path.read_bytes()
    ]
    put(tmp_path, {"sitegen.toml": 'third_party = "excerpt"\n'})
    assert "The secret" not in json.dumps(exported(tmp_path))
    build_site(tmp_path, Settings(reading=ReadingSettings(third_party="metadata")))
    assert "It begins harmlessly" not in (tmp_path / "public/2024/11/19/a-copy.html").read_text()
