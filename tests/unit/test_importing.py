"""`sitegen import`: Markdown that reads as its source did, originals kept, nobody's file overwritten."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sitegen.articlefile import differing
from sitegen.bodies import blocks_for_inspect, render_body
from sitegen.cli import main
from sitegen.config import Settings
from sitegen.importing import faithful_text
from sitegen.intake import read_bytes
from sitegen.plainmarkdown import markdown_of
from sitegen.records import (
    Article,
    Block,
    Figure,
    FigureBlock,
    ListBlock,
    MarkdownBlock,
    Paragraph,
    Preformatted,
    Quote,
    Subhead,
)
from tests.support import build_site, clean_build, dump, put, tree
from tests.traps import load_trap

DATA = Path(__file__).parent / "data"
TRAPS = sorted((DATA / "traps").glob("*.trap"))
SOURCES = sorted(path for path in DATA.rglob("*") if path.suffix in (".txt", ".story", ".sgm", ".jsonl"))


def run(*arguments: str | Path, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["import", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def site(folder: Path) -> Path:
    put(folder, {"articles/raw/two.txt": dump("Harbour bridge opens") + "\n\n\n" + dump("Ferry sold", created="2024-11-20 10:00:00")})
    return folder


def written(folder: Path) -> dict[str, str]:
    """The Markdown files, by path relative to `articles/`."""
    root = folder / "articles"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.md"))
            if "_originals" not in path.parts}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_imported_article_reads_as_its_source_does(source: Path) -> None:
    settings = Settings()
    reading, bodies = read_bytes(source.name, source.read_bytes(), settings)
    for article, body in zip(reading.articles, bodies, strict=True):
        text = faithful_text(article, body, file="2024/x.md", origin="_originals/x", settings=settings)
        assert text is not None
        again, (body_again,) = read_bytes("2024/x.md", text, settings)
        assert not differing(article, body, again.articles[0], body_again)
        assert not [problem for problem in again.problems if problem.severity == "error"]


@pytest.mark.parametrize("path", TRAPS, ids=lambda path: path.stem)
def test_imported_trap_reads_as_its_source_does(path: Path) -> None:
    trap = load_trap(path)
    reading, bodies = read_bytes(trap.file, trap.data, Settings())
    for article, body in zip(reading.articles, bodies, strict=True):
        text = faithful_text(article, body, file="2024/x.md", origin="_originals/x", settings=Settings())
        assert text is not None
        again, (body_again,) = read_bytes("2024/x.md", text, Settings())
        assert not differing(article, body, again.articles[0], body_again)
        assert not again.articles[0].dropped
        # What was wrong with the source is still told, and nothing else.
        told = {problem.code for problem in again.problems if problem.severity != "note"}
        assert told <= {problem.code for problem in reading.problems}


def test_archive_of_all_traps_is_the_same_before_and_after_its_import(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    # One article in several traps would be one of two versions.
    traps = {trap.name: trap for trap in map(load_trap, TRAPS)}
    for trap in traps.values():
        put(before, {f"articles/{trap.name}/{trap.file}": trap.data})
    put(after, {"articles/.keep": ""})
    run("--to", after / "articles", before / "articles")
    files = tree(after)
    run("--to", after / "articles", before / "articles")
    assert tree(after) == files
    for folder in (before, after):
        build_site(folder)
        assert CliRunner().invoke(main, ["export", str(folder), "--output", str(folder / "all.jsonl")]).exit_code == 0
    wanted, found = _records(before / "all.jsonl"), _records(after / "all.jsonl")
    assert [record["id"] for record in found] == [record["id"] for record in wanted]
    assert found == wanted
    originals = {path.read_bytes() for path in (after / "articles/_originals").rglob("*") if path.is_file()}
    assert all(trap.data in originals for trap in traps.values() if trap.articles)


_SIGNS = st.text(st.sampled_from("ab 1.#*_`[](){}<>&;:=~|+-!\\^\"'\nü测ש"), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
_BLOCKS = st.one_of(
    st.builds(Paragraph, _SIGNS), st.builds(Subhead, _SIGNS), st.builds(Quote, _SIGNS), st.builds(Preformatted, _SIGNS),
    st.builds(ListBlock, st.lists(_SIGNS, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(FigureBlock, st.just(0)),
)  # fmt: skip


@given(st.lists(_BLOCKS, min_size=1, max_size=5))
def test_nothing_in_plain_text_becomes_markup(blocks: list[Block]) -> None:
    figures = (Figure(caption="The mayor"),)
    plain = Article(id="a", figures=figures, body=tuple(blocks))
    marked = Article(id="a", figures=figures, body=(MarkdownBlock(markdown_of(blocks)),))
    wanted, found = render_body(plain, file="a.md"), render_body(marked, file="a.md")
    assert not differing(plain, wanted, marked, found)
    assert [block["kind"] for block in blocks_for_inspect(plain, wanted)] == [
        block["kind"] for block in blocks_for_inspect(marked, found)
    ]


@given(st.builds(
    Article, id=st.text(min_size=1, max_size=10), title=st.text(max_size=20), summary=st.text(max_size=20),
    authors=st.lists(st.text(min_size=1, max_size=20), max_size=2).map(tuple), source=st.text(max_size=10),
    dateline=st.text(max_size=10), body=st.just((Paragraph("Words."),)),
    figures=st.lists(st.builds(Figure, caption=st.text(max_size=20), credit=st.text(max_size=10)), max_size=2).map(tuple),
))  # fmt: skip
def test_any_field_survives_or_the_import_is_refused(article: Article) -> None:
    body = render_body(article, file="a.md")
    text = faithful_text(article, body, file="2024/x.md", origin="_originals/x", settings=Settings())
    if text is not None:
        again, (body_again,) = read_bytes("2024/x.md", text, Settings())
        assert not differing(article, body, again.articles[0], body_again)
    else:
        assert max(str(article)) >= "\ud800" or not str(article).isprintable()


def test_addresses_do_not_move_and_the_ledger_stays_empty(tmp_path: Path) -> None:
    folder = site(tmp_path)
    build_site(folder)
    before = set(tree(folder / "public"))
    pages = {path: data for path, data in tree(folder / "public").items() if path.startswith(("2024/11/19/", "2024/11/20/"))}
    run("--to", folder / "articles", folder / "articles/raw")
    build_site(folder)
    after = tree(folder / "public")
    assert {path for path in before ^ set(after) if path.endswith(".html")} == set()
    assert not (folder / "articles/_ledger").exists()
    for path, data in pages.items():
        if path.endswith(".html"):
            assert data.split(b"<details")[0] == after[path].split(b"<details")[0]
    assert after == clean_build(folder, tmp_path / "clean")


def test_source_inside_the_archive_is_moved_to_the_originals(tmp_path: Path) -> None:
    folder = site(tmp_path)
    data = (folder / "articles/raw/two.txt").read_bytes()
    run("--to", folder / "articles", folder / "articles/raw/two.txt")
    assert not (folder / "articles/raw/two.txt").exists()
    assert (folder / "articles/_originals/raw/two.txt").read_bytes() == data
    assert sorted(written(folder)) == ["2024/11/2024-11-19-harbour-bridge-opens.md", "2024/11/2024-11-20-ferry-sold.md"]


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    folder = site(tmp_path)
    outside = tmp_path / "outside.txt"
    shutil.copy(folder / "articles/raw/two.txt", outside)
    run("--to", folder / "articles", outside)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    result = run("--to", folder / "articles", outside)
    assert "2 articles: 2 as before" in result.output
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_dry_run_writes_nothing_and_names_every_file(tmp_path: Path) -> None:
    folder = site(tmp_path)
    before = tree(folder)
    result = run("--dry-run", "--to", folder / "articles", folder / "articles/raw")
    assert "articles/2024/11/2024-11-20-ferry-sold.md: written" in result.output
    assert "nothing was written" in result.output
    assert tree(folder) == before


def test_edited_file_is_left_as_it_is(tmp_path: Path) -> None:
    folder = site(tmp_path)
    source = folder / "articles/_originals/raw/two.txt"
    run("--to", folder / "articles", folder / "articles/raw/two.txt")
    edited = folder / "articles/2024/11/2024-11-20-ferry-sold.md"
    edited.write_text(edited.read_text("utf-8").replace("Ferry sold", "Old ferry sold"), "utf-8")
    source.write_text(source.read_text("utf-8").replace("Share", "Share this").replace("\n\n\n", "\n\nOne more line of news.\n\n\n"))
    result = run("--to", folder / "articles", source)
    assert "1 edited by you, and left as it is" in result.output
    assert "Old ferry sold" in edited.read_text("utf-8")


def test_removed_file_is_not_written_again(tmp_path: Path) -> None:
    folder = site(tmp_path)
    run("--to", folder / "articles", folder / "articles/raw/two.txt")
    (folder / "articles/2024/11/2024-11-20-ferry-sold.md").unlink()
    assert "1 removed by you" in run("--to", folder / "articles", folder / "articles/_originals/raw/two.txt").output
    assert len(written(folder)) == 1


def test_changed_source_brings_its_file_up_to_date(tmp_path: Path) -> None:
    put(tmp_path, {"articles/.keep": "", "dump.txt": dump("Ferry sold", body="It was sold on Tuesday to a buyer in Oslo.")})
    run("--to", tmp_path / "articles", tmp_path / "dump.txt")
    put(tmp_path, {"dump.txt": dump("Ferry sold", body="It was sold on Tuesday to a buyer in Bergen.")})
    assert "1 brought up to date" in run("--to", tmp_path / "articles", tmp_path / "dump.txt").output
    assert "Bergen" in "".join(written(tmp_path).values())
    assert len(list((tmp_path / "articles/_originals").glob("dump*.txt"))) == 2


def test_file_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    folder = site(tmp_path)
    mine = {"articles/2024/11/2024-11-20-ferry-sold.md": "---\ntitle: Mine\ndate: 2024\n---\n\nMine.\n"}
    put(folder, mine)
    run("--to", folder / "articles", folder / "articles/raw/two.txt")
    files = written(folder)
    assert files["2024/11/2024-11-20-ferry-sold.md"] == "---\ntitle: Mine\ndate: 2024\n---\n\nMine.\n"
    assert sum("Ferry sold" in text for text in files.values()) == 1


def test_source_with_an_error_stays_where_it_is(tmp_path: Path) -> None:
    records = [{"title": "One", "maintext": "Words of the first.", "date_publish": "2024-05-06", "url": "https://a.example/1"}]
    put(tmp_path, {"articles/crawl.jsonl": json.dumps(records[0]) + '\n{"title": "Two", "maintext": "Broken\n'})
    result = run("--to", tmp_path / "articles", tmp_path / "articles/crawl.jsonl", status=1)
    assert "crawl.jsonl:2:" in result.output
    assert (tmp_path / "articles/crawl.jsonl").exists()
    assert len(written(tmp_path)) == 1


def test_binary_file_is_reported_and_left(tmp_path: Path) -> None:
    put(tmp_path, {"articles/.keep": "", "photo.txt": b"\x89PNG\r\n\x1a\n\x00\x00"})
    result = run("--to", tmp_path / "articles", tmp_path / "photo.txt", status=1)
    assert "E101" in result.output
    assert not (tmp_path / "articles/_originals").exists()


def test_export_imported_into_another_site_gives_the_same_records(tmp_path: Path) -> None:
    folder = site(tmp_path / "one")
    put(folder, {"articles/own.md": '---\ntitle: "A  b"\ndate: 2024-05\ntags: [Ships]\nauthors: [Rosa Lind]\n---\n\nOwn *words*.\n'})
    put(tmp_path, {"two/articles/.keep": ""})
    export = ["export", str(folder), "--output", str(tmp_path / "all.jsonl")]
    assert CliRunner().invoke(main, export).exit_code == 0
    run("--to", tmp_path / "two/articles", tmp_path / "all.jsonl")
    again = ["export", str(tmp_path / "two"), "--output", str(tmp_path / "again.jsonl")]
    assert CliRunner().invoke(main, again).exit_code == 0
    assert _records(tmp_path / "again.jsonl") == _records(tmp_path / "all.jsonl")


def _records(path: Path) -> list[dict[str, object]]:
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for record in found:
        # What was dropped is in the original, and `exact` tells how the text is written down.
        record.pop("dropped")
        record.pop("exact", None)
    return sorted(found, key=lambda record: str(record["id"]))


def test_pictures_of_markdown_from_elsewhere_are_brought_along(tmp_path: Path) -> None:
    put(tmp_path, {
        "site/articles/.keep": "",
        "old/posts/ferry.md": "---\ntitle: Ferry\ndate: 2024-01-02\n---\n\nText.\n\n![Ferry](ferry.svg)\n",
        "old/posts/ferry.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    })  # fmt: skip
    run("--to", tmp_path / "site/articles", tmp_path / "old")
    assert (tmp_path / "site/articles/posts/ferry.svg").exists()
    assert not build_site(tmp_path / "site").heard.problems


def test_target_that_is_no_site_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"dump.txt": dump("Ferry sold")})
    assert "sitegen init" in run("--to", tmp_path / "elsewhere", tmp_path / "dump.txt", status=2).output
