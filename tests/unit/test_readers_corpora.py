"""Research corpora: each text in `data/corpora` is read as the record beside it says, written before the reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Article, Figure, Paragraph, Reading, Subhead
from tests.hostile import TIMES, cpu_seconds, is_linear
from tests.readings import expectation, reading_of, shown, sources_in, wanted

DATA = Path(__file__).parent / "data" / "corpora"
MORE = "Nobody on the quay wanted to talk about the three days that lay behind them."
BODY = "The crews went back to work at six in the morning, and the first ship left an hour later."


def read(text: str | bytes, file: str = "raw/a.txt") -> Reading:
    return read_source(file, text if isinstance(text, bytes) else text.encode(), ReadingSettings())


def only(text: str | bytes, file: str = "raw/a.txt") -> Article:
    (article,) = read(text, file).articles
    return article


@pytest.mark.parametrize("name", sources_in(DATA))
def test_corpus_text_is_read_as_expected(name: str) -> None:
    expected = expectation(DATA, name)
    assert shown(reading_of(DATA, name), expected) == wanted(expected)


@pytest.mark.parametrize("name", sources_in(DATA))
def test_every_line_has_a_role_when_asked_for(name: str) -> None:
    reading = reading_of(DATA, name, with_roles=True)
    assert [role.line for role in reading.roles] == list(range(1, len(reading.roles) + 1))


def test_a_document_number_is_the_id_whatever_stands_around_it() -> None:
    whole = reading_of(DATA, "reut2-900.sgm")
    raw = (DATA / "reut2-900.sgm").read_text("utf-8")
    alone = only(raw[raw.rindex("<REUTERS") :])
    assert alone.id == whole.articles[-1].id


def test_half_a_document_above_the_first_is_reported() -> None:
    raw = (DATA / "reut2-900.sgm").read_text("utf-8")
    reading = read(raw[raw.index("Engineers") :])
    assert [article.id[-2:] for article in reading.articles] == ["42", "43"]
    assert ("W206", 1) in [(problem.code, problem.line) for problem in reading.problems]


def test_columns_in_an_sgml_body_stay_a_table() -> None:
    rows = "    Shr          34 cts     1.19 dlrs\n    Net     807,000     2,858,000\n    Rev     5.2 mln     4.1 mln\n"
    body = f"RATES ROSE.\n{rows}"
    article = only(f'<REUTERS NEWID="7"><TEXT>&#2;\n<TITLE>X</TITLE><BODY>{body} Reuter\n&#3;</BODY></TEXT></REUTERS>')
    assert [type(block).__name__ for block in article.body] == ["Paragraph", "Preformatted"]


def test_a_newsroom_is_no_author_of_a_story() -> None:
    top = "By\n\nDaily Mail Reporter\n\nLast updated at 5:33 PM on 29th December 2011"
    text = f"{top}\n\n{BODY}\n\n@highlight\n\nShip leaves\n"
    article = only(text)
    assert article.authors == ()
    assert article.updated is not None
    assert article.updated.iso == "2011-12-29T17:33"
    assert [drop.rule for drop in article.dropped] == ["byline-newsroom"]


def test_captions_and_subheads_in_a_story_are_told_from_its_text() -> None:
    middle = "Waiting: The first ship of the day at the quay\n\nWHAT WAS AGREED"
    text = f"{BODY}\n\n{middle}\n\n{MORE}\n\n@highlight\n\nShip leaves\n"
    article = only(text)
    assert article.figures == (Figure(caption="Waiting: The first ship of the day at the quay"),)
    assert [block.text for block in article.body if isinstance(block, Subhead)] == ["WHAT WAS AGREED"]
    assert len([block for block in article.body if isinstance(block, Paragraph)]) == 2


def test_a_numbered_file_without_the_corpus_s_form_is_not_bbc_text() -> None:
    assert read(f"{BODY}\n{BODY}\n", "business/001.txt").layout != "BBC text"
    assert read(f"Ship leaves\n\n{BODY}\n", "notes/ship.txt").layout != "BBC text"
    assert only(f"Ship leaves\n\n{BODY}\n", "bbcsport/rowing/001.txt").section == "rowing"


def record(**fields: object) -> str:
    base = {"title": "Ship leaves", "maintext": f"{BODY}\n{MORE}", "url": "https://example.org/ship"}
    return json.dumps({**base, **fields})


@pytest.mark.parametrize(
    "item",
    [
        "Min Read",
        "View More",
        "https://example.org/x",
        "@jane",
        "3 Hours Ago",
        "Published On",
        "Jan",
        "Bbc News",
        "None",
    ],
)
def test_what_an_extractor_took_from_the_page_is_no_author(item: str) -> None:
    article = only(record(authors=["Jane Doe", item]))
    assert article.authors == ("Jane Doe",)


def test_an_agency_among_the_authors_is_an_agency() -> None:
    article = only(record(authors=["Jane Doe", "Reuters", "Associated Press"]))
    assert (article.authors, article.agencies) == (("Jane Doe",), ("Reuters", "Associated Press"))


@pytest.mark.parametrize("value", ["None", "NULL", "", None, "null"])
def test_a_word_for_nothing_is_nothing(value: object) -> None:
    article = only(record(title=value, description=value, date_publish=value))
    assert (article.title, article.summary, article.published) == ("", "", None)


def test_a_date_that_is_none_is_reported_with_its_line() -> None:
    reading = read(record(url="https://example.org/0") + "\n" + record(date_publish="31 Feb 2024"))
    assert [(p.code, p.line) for p in reading.problems if p.code == "E103"] == [("E103", 2)]


def test_lone_surrogates_do_not_reach_the_record() -> None:
    article = only('{"title": "A \\ud800 ship", "maintext": "It left \\udc00 at six in the morning, sir.", "url": "x"}')
    assert repr(article).encode()


def test_records_wrapped_in_an_object_are_read() -> None:
    wrapped = json.dumps(
        {"status": "ok", "articles": [json.loads(record()), json.loads(record(url="https://a.org/2"))]}
    )
    assert len(read(wrapped).articles) == 2


def test_front_matter_in_json_is_not_an_extractor_s_record() -> None:
    text = '{"title": "X", "url": "https://example.org", "text": "y", "author": "Z"}\n\nThe body of a page.\n'
    assert read(text).layout != "extractor JSON"


@pytest.mark.parametrize(
    "piece",
    [
        b'<REUTERS NEWID="1"><TITLE>',
        b'{"maintext":"a","url":"x","authors":[',
        b"a b c d e\n@highlight\n",
        b'{"maintext":"a","url":"x",\n"title":"bbbb',
    ],
)
def test_time_is_linear_in_the_size(piece: bytes) -> None:
    def seconds(size: int) -> float:
        data = piece * (size // len(piece))
        return cpu_seconds(lambda: read(data))

    seconds(10_000)
    assert is_linear(seconds(200_000), seconds(200_000 // TIMES))
