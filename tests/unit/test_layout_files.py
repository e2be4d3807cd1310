"""Users' own tables: what they add is known when a site's sources are read, and every fault in them has its place."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import sitegen.readers
from sitegen.config import LayoutFile, ReadingSettings
from sitegen.errors import SettingsError
from sitegen.layout_tables import FILES, faults_in, shipped, shipped_file, shipped_languages, with_added
from sitegen.readers import read_source
from sitegen.records import Article, Reading
from sitegen.settings_file import load_settings
from tests.support import build_site, clean_build, dump, put, tree


def read(text: str, tables: str = "") -> Reading:
    layouts = (LayoutFile("mine.toml", tables),) if tables else ()
    return read_source("a.txt", text.encode(), ReadingSettings(layouts=layouts))


def one(text: str, tables: str = "") -> Article:
    (article,) = read(text, tables).articles
    return article


def test_boilerplate_line_of_the_user_is_dropped() -> None:
    text = dump("Ferry sold", body="The ferry was sold on Monday.\n\nQuay corner")
    tables = '[boilerplate]\nlines = """\nquay corner\n"""\n'
    assert not any(drop.text == "Quay corner" for drop in one(text).dropped)
    assert any(drop.text == "Quay corner" and drop.rule == "boilerplate" for drop in one(text, tables).dropped)
    assert not any(drop.text == "Quay corner" for drop in one(text).dropped), "nothing of it is left behind"


_MONTHS = ["gen", "fev", "meu", "ebr", "mae", "meh", "gorff", "aws", "med", "hyd", "tach", "rhag"]


def test_month_names_of_a_new_language_are_read() -> None:
    text = "Fferi wedi ei gwerthu\n[19 Tach 2024]\nhttps://a.example/1\n\nThe ferry was sold on Monday.\n" + "-" * 50 + "\n"
    tables = f"[months]\ncy = {_MONTHS}\n".replace("'", '"')
    assert one(text).published is None
    published = one(text, tables).published
    assert published is not None
    assert published.iso == "2024-11-19"


def test_further_spelling_of_a_month_stands_beside_the_known_ones() -> None:
    tables = with_added((LayoutFile("mine.toml", f'[months]\nen = {["x" + name for name in _MONTHS]}'.replace("'", '"')),))
    assert tables["months"]["en"][0] == "january jan xgen"


def test_byline_word_of_a_new_language_opens_a_byline() -> None:
    text = dump("Ferry sold", body="Gan Rosa Lindqvist\n\nThe ferry was sold on Monday, and it left on Tuesday.")
    assert one(text, '[byline_words]\ncy = ["gan"]\n').authors == ("Rosa Lindqvist",)
    assert one(text).authors == ()


def test_label_and_code_of_an_export_are_read() -> None:
    nexis = (
        "1 of 1 DOCUMENTS\n\nThe Harbour Post\n\nNovember 19, 2024\n\nFerry sold\n\nSKRIBENT: Rosa Lindqvist\n\nSECTION: News\n\n"
        "LENGTH: 20 words\n\nThe ferry was sold on Monday, and it left on Tuesday.\n\nLOAD-DATE: November 20, 2024\n"
    )
    assert one(nexis, '[nexis.labels]\nauthor = ["SKRIBENT"]\n').authors == ("Rosa Lindqvist",)
    factiva = (
        "HD\nFerry sold\nXB\nRosa Lindqvist\nWC\n20 words\nPD\n19 November 2024\nSN\nThe Harbour Post\nLA\nEnglish\nLP\n"
        "The ferry was sold on Monday, and it left on Tuesday.\nTD\nIt came back.\n\nDocument HARB000020241119ek0000001\n"
    )
    assert one(factiva, '[factiva.head]\nXB = "author"\n').authors == ("Rosa Lindqvist",)


def test_words_of_an_aggregators_source_line_are_read() -> None:
    text = dump("Ferry sold").replace("Created at", "Lagt ut").replace("| Updated at", "| Updated on")
    assert one(text, '[aggregator]\npublished = ["Lagt ut"]\n').source == "The Harbour Post"


def test_tables_of_one_kind_leave_the_readers_of_all_others_as_they_were() -> None:
    for path in sorted((Path(__file__).parent / "data/wire").glob("*.txt")):
        found = read_source(path.name, path.read_bytes(), ReadingSettings(layouts=(LayoutFile("m.toml", "[months]\n"),)))
        assert found == read_source(path.name, path.read_bytes(), ReadingSettings())


def test_changed_file_reads_the_sources_again(tmp_path: Path) -> None:
    put(tmp_path, {
        "articles/a.txt": dump("Ferry sold", body="The ferry was sold on Monday.\n\nQuay corner"),
        "sitegen.toml": 'layouts = ["layouts/mine.toml"]\n', "layouts/mine.toml": "",
    })  # fmt: skip
    os.utime(tmp_path / "articles/a.txt", (1_700_000_000, 1_700_000_000))
    build_site(tmp_path, load_settings(tmp_path))
    assert not build_site(tmp_path, load_settings(tmp_path)).summary.sources_read
    put(tmp_path, {"layouts/mine.toml": '[boilerplate]\nlines = "quay corner"\n'})
    assert build_site(tmp_path, load_settings(tmp_path)).summary.sources_read == 1
    page = (tmp_path / "public/2024/11/19/ferry-sold.html").read_text("utf-8")
    assert "<p>Quay corner</p>" not in page
    assert tree(tmp_path / "public") == clean_build(tmp_path, tmp_path / "clean", load_settings(tmp_path))


@pytest.mark.parametrize(("text", "wanted"), [
    ("[boilerplat]\n", 'mine.toml:1:2 E403 "boilerplat" is nothing that sitegen knows here; did you mean "boilerplate"?'),
    ("[boilerplate]\nline = 'x'\n", 'mine.toml:2:1 E403 "line" is nothing that sitegen knows here; did you mean "lines"?'),
    ("[boilerplate]\nlines = ['x']\n", "mine.toml:2:9 [boilerplate.lines] E404 must be text in quotes"),
    ("[boilerplate]\npatterns = ['ok', '(']\n", "mine.toml:2:19 [boilerplate.patterns 2] E405"),
    ("[boilerplate]\npatterns = ['(?P<a>x)']\n", "must have no named groups"),
    ("[boilerplate]\npatterns = ['x*']\n", "matches nothing at all"),
    ("[datelines]\npatterns = ['x']\n", "needs the groups (?P<agency>…) and (?P<line>…)"),
    ("[months]\ncy = ['ion']\n", "mine.toml:2:6 [months.cy] E405 has 1 months; write twelve"),
    ("[months]\ncy = 5\n", "mine.toml:2:6 [months.cy] E404 must be a list of texts"),
    ("[zones]\nXYZ = 'Nowhere'\n", "mine.toml:2:7 [zones.XYZ] E406"),
    ("[zones]\nXYZ = true\n", "E404 must be minutes from UTC"),
    ("[date_orders]\ncy = 'XYZ'\n", "mine.toml:2:6 [date_orders.cy] E405"),
    ("[factiva.head]\nXB = 'auther'\n", 'mine.toml:2:6 [factiva.head.XB] E405 "auther" is no role of a field; did you mean "author"?'),
    ("[nexis.labels]\nauther = ['X']\n", 'mine.toml:2:1 E403 "auther" is nothing that sitegen knows here; did you mean "author"?'),
    ("[values]\ncredit_by = 'x'\n", "mine.toml:2:1 [values.credit_by] E405 cannot be added to"),
    ("x = \n", "mine.toml:1:5 E401"),
    ("nexis = 1\n", "mine.toml:1:9 [nexis] E404 must be a table"),
])  # fmt: skip
def test_fault_names_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    put(tmp_path, {"sitegen.toml": 'layouts = ["mine.toml"]\n', "mine.toml": text})
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert wanted in str(caught.value)


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    put(tmp_path, {"sitegen.toml": 'layouts = ["a.toml", "b.toml"]\n', "a.toml": "[x]\n[y]\n", "b.toml": "z =\n"})
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert [line.split(" ")[0] for line in str(caught.value).split("\n")] == ["a.toml:1:2", "a.toml:2:2", "b.toml:1:4"]


def test_file_that_is_not_there_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    put(tmp_path, {"sitegen.toml": 'layouts = ["mine.toml"]\n'})
    with pytest.raises(SettingsError, match=r"sitegen.toml:1:11 \[layouts\] E412"):
        load_settings(tmp_path)


def test_shipped_tables_are_without_fault_and_may_all_be_given_again() -> None:
    own = {name: table for name, table in shipped().items() if name not in ("values", "agency", "relative-age")}
    assert not [fault for fault in faults_in(own) if fault.code != "E405"]
    assert sum(map(len, map(shipped_file, FILES))) == len(shipped())


def test_no_reader_reads_a_data_file_past_the_users_tables() -> None:
    for path in Path(sitegen.readers.__file__).parent.rglob("*.py"):
        names = {alias.name for node in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(node, ast.Import) for alias in node.names}  # fmt: skip
        assert "tomllib" not in names or path.name == "matter_syntax.py", f"{path.name}: take readers.knowledge.knowledge"


def test_heading_of_the_user_takes_the_headlines_below_it_beside_the_known_ones() -> None:
    tables = '[boilerplate]\nlines = """\nalso ashore\n"""\n\n[related]\nheads = """\nalso ashore\n"""\n'
    body = "The ferry was sold on Monday.\n\n{}\nHarbour master retires\n\nIt left on Tuesday for the yard in the north."
    for head in ("Also ashore", "Lees ook"):
        article = one(dump("Ferry sold", body=body.format(head)), tables)
        assert "Harbour master retires" in [drop.text for drop in article.dropped]


def test_files_of_languages_are_such_as_a_user_may_write() -> None:
    assert [fault for tables in shipped_languages() for fault in faults_in(tables)] == []


def test_line_that_a_file_of_a_language_adds_is_dropped() -> None:
    article = one(dump("Ferry sold", body="The ferry was sold on Monday.\n\nDruckansicht\n\nIt left on Tuesday."))
    assert [drop.rule for drop in article.dropped if drop.text == "Druckansicht"] == ["boilerplate"]
