"""Sources too large to be read at once are cut where articles begin, and read as the whole would be."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import sitegen.export
import sitegen.inspection
import sitegen.intake
import sitegen.readers.segments
from sitegen.cli import main
from sitegen.config import ReadingSettings, Settings
from sitegen.entries import SourceReading, decode_readings
from sitegen.inspection import Source, read
from sitegen.readers import read_source
from sitegen.readers.large import read_parts
from sitegen.records import Article, Problem
from tests.support import build_site, clean_build, dump, put, tree

PROSE = "The harbour council talked about the bridge of day {0} for hours, and then it went home to sleep. " * 8


def year_file(count: int) -> str:
    return "".join(
        f"Story number {n}\n[{n % 28 + 1} May 2019]\nhttps://a.example/{n}\n\n{PROSE.format(n)}\n\n{'-' * 60}\n"
        for n in range(count)
    )


def nexis(count: int) -> str:
    return "".join(
        f"{n + 1} of {count} DOCUMENTS\n\n\n          The Harbour Post\n\n          May {n % 28 + 1}, 2019\n\nStory number {n}\n\n"
        f"BYLINE: Rosa Lindqvist\n\nSECTION: News\n\nLENGTH: 90 words\n\n{PROSE.format(n)}\n\nLOAD-DATE: May 30, 2019\n\n\n"
        for n in range(count)
    )


def factiva(count: int) -> str:
    return "".join(
        f"HD  Story number {n}\n\nBY  By Rosa Lindqvist\n\nWC  90 words\n\nPD  {n % 28 + 1} May 2019\n\nSN  The Harbour Post\n\n"
        f"LP\n{PROSE.format(n)}\n\nTD\n{PROSE.format(n)}\n\nAN  Document HARB0000{n:08d}\n\n\f" for n in range(count)
    )


def dumps(count: int) -> str:
    return "\n\n".join(dump(f"Story number {n}", created=f"2019-05-{n % 28 + 1:02} 10:00:00", body=PROSE.format(n)) for n in range(count))


def reuters(count: int) -> str:
    return "<!DOCTYPE lewis>\n" + "".join(
        f'<REUTERS NEWID="{n + 1}"><DATE>{n % 28 + 1}-MAY-1987 15:17:11.20</DATE><TEXT>\n<TITLE>STORY NUMBER {n}</TITLE>\n'
        f"<BODY>{PROSE.format(n)}\n Reuter\n</BODY></TEXT>\n</REUTERS>\n" for n in range(count)
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of 8 KB, so that the files of a test can be small."""
    for module in (sitegen.readers.segments, sitegen.intake, sitegen.inspection, sitegen.export):
        monkeypatch.setattr(module, "SEGMENT", 8_000)


def blocks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + 3_000] for start in range(0, len(data), 3_000))


def in_parts(text: str | bytes) -> tuple[list[Article], list[Problem], int]:
    data = text if isinstance(text, bytes) else text.encode()
    readings = list(read_parts("a.txt", blocks(data), ReadingSettings()))
    articles = [article for reading in readings for article in reading.articles]
    return articles, [problem for reading in readings for problem in reading.problems], len(readings)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("text", [year_file(40), nexis(40), factiva(40), dumps(40), reuters(40), year_file(40).replace("\n", "\r\n")],
                         ids=["year file", "nexis", "factiva", "aggregator", "reuters", "crlf"])  # fmt: skip
def test_parts_give_what_the_whole_gives(text: str) -> None:
    whole = read_source("a.txt", text.encode(), ReadingSettings())
    articles, problems, parts = in_parts(text)
    assert parts > 3
    assert articles == list(whole.articles)
    assert problems == list(whole.problems)


@pytest.mark.usefixtures("small")
def test_two_layouts_in_one_file_are_both_read_in_parts() -> None:
    articles, problems, _ = in_parts(nexis(20) + dumps(20))
    assert [article.title for article in articles] == [f"Story number {n}" for n in (*range(20), *range(20))]
    assert not [problem for problem in problems if problem.severity == "error"]


@pytest.mark.usefixtures("small")
def test_export_cut_in_the_middle_keeps_whole_articles_and_names_the_line() -> None:
    text = year_file(30)
    cut = text[: text.index("https://a.example/17") + 500]
    articles, problems, _ = in_parts(cut + "\n" + "-" * 60 + "\n" + year_file(10))
    assert len(articles) == 28
    whole = in_parts(cut)
    assert [problem.line for problem in whole[1] if problem.code == "W206"] == [cut.count("\n") + 1]
    assert len(problems) <= 1


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("write", [year_file, nexis, factiva, dumps, reuters], ids=lambda write: write.__name__)
@pytest.mark.parametrize(("damage", "code"), [(bytes(2_000), "W209"), (random.Random(1).randbytes(2_000), "W205")], ids=["zeros", "noise"])
def test_damage_in_the_middle_costs_the_articles_it_lies_in(write: Callable[[int], str], damage: bytes, code: str) -> None:
    data = write(40).encode()
    whole, _, _ = in_parts(data)
    at = len(data) // 2
    articles, problems, _ = in_parts(data[:at] + damage + data[at + len(damage) :])
    there = {(article.title, article.body) for article in articles}
    # What lies in 2,000 bytes of articles of 800 each; then the next one, whose beginning may be lost with them.
    assert sum((article.title, article.body) not in there for article in whole) <= 5
    assert [(problem.code, problem.line) for problem in problems if problem.code == code] == [(code, data[:at].count(b"\n") + 1)]
    # Of an article whose text was lost only the headline is left.
    assert {problem.code for problem in problems if problem.severity == "error"} <= {"E105"}


@pytest.mark.usefixtures("small")
def test_same_headline_in_two_parts_is_told_apart_as_in_one() -> None:
    text = year_file(30).replace("Story number 28", "Letters").replace("Story number 2\n", "Letters\n")
    text = text.replace("https://a.example/28\n", "").replace("https://a.example/2\n", "").replace("[29 May", "[3 May")
    articles, _, _ = in_parts(text)
    assert [article.id for article in articles] == [a.id for a in read_source("a.txt", text.encode(), ReadingSettings()).articles]
    assert len({article.id for article in articles}) == 30


@pytest.mark.usefixtures("small")
def test_encoding_is_told_once() -> None:
    _, problems, _ = in_parts(year_file(30).replace("council", "Bürgermeister größte").encode("cp1252"))
    assert [problem.code for problem in problems] == ["N302"]


@pytest.mark.usefixtures("small")
def test_an_article_that_is_too_long_is_left_out_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitegen.readers.segments, "LARGEST", 20_000)
    pieces = year_file(6).split(rule := f"{'-' * 60}\n")
    pieces[2] += (PROSE.format(1) + "\n\n") * 60
    articles, problems, parts = in_parts(rule.join(pieces))
    assert parts > 1
    assert [problem.code for problem in problems if problem.severity == "error"] == ["E506"]
    assert [article.title for article in articles] == [f"Story number {n}" for n in (0, 1, 3, 4, 5)]


@pytest.mark.usefixtures("small")
def test_binary_file_is_given_up_at_its_beginning() -> None:
    read_blocks = []

    def stream() -> Iterator[bytes]:
        for _ in range(40):
            read_blocks.append(1)
            yield bytes(range(256)) * 100
        raise AssertionError("it was read to its end")

    found = [problem.code for reading in read_parts("a.bin", stream(), ReadingSettings()) for problem in reading.problems]
    assert found[0] == "E101"
    assert len(read_blocks) < 3


@pytest.mark.usefixtures("small")
def test_edit_in_a_large_file_rebuilds_what_a_clean_build_gives(tmp_path: Path) -> None:
    put(tmp_path, {"articles/year.txt": year_file(60)})
    build_site(tmp_path)
    put(tmp_path, {"articles/year.txt": year_file(60).replace("of day 31 for", "of day thirty-one for")})
    built = build_site(tmp_path)
    assert built.summary.written < 20
    assert tree(tmp_path / "public") == clean_build(tmp_path, tmp_path / "clean")


@pytest.mark.usefixtures("small")
def test_what_a_worker_sends_of_a_large_file_does_not_grow_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def weigh(data: bytes) -> tuple[SourceReading, ...]:
        sent.append(len(data))
        return decode_readings(data)

    monkeypatch.setattr("sitegen.accession.decode_readings", weigh)
    for count in (40, 400):
        site = tmp_path / str(count)
        put(site, {"articles/year.txt": year_file(count), "articles/small.txt": dump("Small")})
        assert build_site(site).summary.articles == count + 1
        assert [path.suffix for path in (site / ".sitegen/bodies").iterdir()] == [".pack"]
    assert sent[1] < sent[0] + 50


@pytest.mark.usefixtures("small")
def test_a_large_file_that_a_dead_build_has_read_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"articles/year.txt": year_file(60)})
    with monkeypatch.context() as patched:
        patched.setattr("sitegen.accession.decode_readings", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_site(tmp_path)
    assert {path.suffix for path in (tmp_path / ".sitegen/bodies").iterdir()} == {".pack", ".part"}
    assert build_site(tmp_path).summary.articles == 60
    assert [path.suffix for path in (tmp_path / ".sitegen/bodies").iterdir()] == [".pack"]


@pytest.mark.usefixtures("small")
def test_inspect_shows_all_of_a_large_file(tmp_path: Path) -> None:
    text = year_file(30)
    put(tmp_path, {"year.txt": text})
    source = Source(path=tmp_path / "year.txt", shown="year.txt", file="year.txt")
    report = read(source, Settings(), with_roles=True)
    assert len(report.reading.articles) == 30
    assert [role.text for role in report.reading.roles if role.line <= 3] == text.split("\n")[:3]
    assert len({role.line for role in report.reading.roles}) == text.count("\n") + 1


@pytest.mark.usefixtures("small")
def test_a_large_file_is_exported_inspected_and_imported_as_the_whole_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = year_file(60)
    put(tmp_path, {"articles/a.txt": dumps(2), "articles/year.txt": text, "articles/z.txt": dumps(4).replace("Story", "Tale")})
    build_site(tmp_path)
    parts = run("export", tmp_path, "-o", "-"), json.loads(run("inspect", "--json", tmp_path / "articles" / "year.txt"))
    shown = run("inspect", tmp_path / "articles" / "year.txt")
    put(tmp_path / "one", {"articles/.keep": ""})
    run("import", tmp_path / "articles" / "year.txt", "--to", tmp_path / "one" / "articles")
    for module in (sitegen.readers.segments, sitegen.intake, sitegen.inspection, sitegen.export):
        monkeypatch.setattr(module, "SEGMENT", 4 << 20)
    assert len(parts[0].splitlines()) == 66
    assert run("export", tmp_path, "-o", "-") == parts[0]
    assert json.loads(run("inspect", "--json", tmp_path / "articles" / "year.txt")) == parts[1]
    assert [line.split()[:3] for line in run("inspect", tmp_path / "articles" / "year.txt").splitlines()] == [
        line.split()[:3] for line in shown.splitlines()
    ]
    put(tmp_path / "two", {"articles/.keep": ""})
    run("import", tmp_path / "articles" / "year.txt", "--to", tmp_path / "two" / "articles")
    assert tree(tmp_path / "one" / "articles") == tree(tmp_path / "two" / "articles")
    assert len(list((tmp_path / "one" / "articles").rglob("*.md"))) == 60


def run(*arguments: object) -> str:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout
