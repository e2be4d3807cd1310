"""Text in no known layout, captions, datelines: the engine without a layout's help."""

from __future__ import annotations

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.datelines import read_dateline
from sitegen.records import Article, ListBlock, Paragraph, Preformatted, Subhead

PROSE = "The crews went back to work at six in the morning, and the first ship left an hour later."


MORE = "Nobody on the quay wanted to talk about the three days that lay behind them, or of the autumn."


def only(text: str, settings: ReadingSettings | None = None) -> Article:
    (article,) = read_source("a.txt", text.encode(), settings or ReadingSettings()).articles
    return article


def paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Paragraph)]


def test_the_first_line_is_the_headline_if_it_looks_like_one() -> None:
    article = only(f"Ferry strike ends\n\n{PROSE}\n\n{MORE}")
    assert (article.title, len(article.body)) == ("Ferry strike ends", 2)
    assert only(f"{PROSE}\n\n{PROSE} Again.").title == ""


def test_a_stamp_may_stand_above_the_headline() -> None:
    article = only(f"Published: 14 June 2023\nFerry strike ends\n{PROSE}")
    assert article.title == "Ferry strike ends"
    assert article.published is not None
    assert article.published.iso == "2023-06-14"


def test_wire_copy_keeps_its_dateline_in_the_text() -> None:
    article = only(
        f"Ferry strike ends\n\nVELLMOUTH, June 17 (Reuters) - {PROSE}\n\n(Reporting by A. B.; Editing by C. D.)"
    )
    assert article.dateline == "VELLMOUTH, June 17 (Reuters)"
    assert article.agencies == ("Reuters",)
    assert paragraphs(article) == [f"VELLMOUTH, June 17 (Reuters) - {PROSE}"]
    assert [drop.rule for drop in article.dropped] == ["wire-closer"]


def test_lists_and_tables_keep_their_form() -> None:
    article = only(
        f"Regatta\n\n{PROSE}\n\n- one\n- two\n\n1. first\n2. second\n\n"
        f"Boat    Time\nAlma    1:02\nBrise   1:03\n\n{MORE}"
    )
    assert [type(block) for block in article.body] == [Paragraph, ListBlock, ListBlock, Preformatted, Paragraph]
    assert article.body[2] == ListBlock(("first", "second"), ordered=True)
    assert article.body[3] == Preformatted("Boat    Time\nAlma    1:02\nBrise   1:03")


def test_a_numbered_paragraph_out_of_turn_keeps_its_number() -> None:
    article = only(f"Regatta\n\n{PROSE}\n\n7. seventh\n\n{MORE}")
    assert article.body[1] == Subhead("7. seventh")


def test_a_line_of_the_settings_is_boilerplate() -> None:
    settings = ReadingSettings(boilerplate=(r"read it in the courier.*",))
    article = only(f"Regatta\n\n{PROSE}\n\nRead it in the Courier every day\n\n{MORE}", settings)
    assert [drop.rule for drop in article.dropped] == ["settings"]


def test_a_subhead_needs_prose_on_both_sides() -> None:
    article = only(f"Regatta\n\n{PROSE}\n\nWhat was agreed\n\n{MORE}\n\nA last short line")
    assert [block.text for block in article.body if isinstance(block, Subhead)] == ["What was agreed"]
    assert paragraphs(article)[-1] == "A last short line"


def test_corrections_and_tags_are_fields() -> None:
    article = only(
        f"Regatta\n\n{PROSE}\n\nCorrection: An earlier version named the wrong ship.\n\nTags: Ferries, Strikes"
    )
    assert article.corrections == ("Correction: An earlier version named the wrong ship.",)
    assert [tag.name for tag in article.tags] == ["Ferries", "Strikes"]


def test_an_ambiguous_date_is_reported() -> None:
    reading = read_source("a.txt", f"Regatta\n\nBy Jane Doe\n\n03/04/2024\n\n{PROSE}".encode(), ReadingSettings())
    assert [(problem.code, problem.line) for problem in reading.problems] == [("W204", 5)]


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The quay (credit: Shannon Reed/Reuters)", "The quay", "Shannon Reed/Reuters"),
        ("The quay on Monday. Credit: Maria Lopez", "The quay on Monday.", "Maria Lopez"),
        ("The quay on Monday.Credit: Maria Lopez", "The quay on Monday.", "Maria Lopez"),
        ("The quay in Athens. Maria Lopez/AFP", "The quay in Athens.", "Maria Lopez/AFP"),
        ("The quay in Athens Maria Lopez/AFP", "The quay in Athens", "Maria Lopez/AFP"),
        ("The quay. (AP Photo/Jane Doe, File)", "The quay.", "AP Photo/Jane Doe, File"),
        ("FILE PHOTO: The quay. REUTERS/Jane Doe/File Photo", "The quay.", "Reuters/Jane Doe/File Photo"),
        ("The quay.Credit...Jane Doe for The Courier", "The quay.", "Jane Doe for The Courier"),
        ("Image caption, The quay", "The quay", ""),
        ("Image source, Getty Images", "", "Getty Images"),
        ("Der Kai (Foto: dpa)", "Der Kai", "dpa"),
        ("Le quai (Crédit photo : Jean Dupont)", "Le quai", "Jean Dupont"),
        ("הרציף (צילום: דוד כהן)", "הרציף", "דוד כהן"),
        ("码头（摄影：李四）", "码头", "李四"),
        ("(photo credit: JANE DOE) The quay (photo credit: JANE DOE)", "The quay", "Jane Doe"),
        ("JANE DOE/AFP The quay. (photo credit: JANE DOE/AFP)", "The quay.", "Jane Doe/AFP"),
    ],
)
def test_a_caption_is_told_from_its_credit(line: str, caption: str, credit: str) -> None:
    spans = read_caption(line)
    assert spans is not None
    assert "".join(span.shown for span in spans if span.fate == "caption") == caption
    assert "".join(span.shown for span in spans if span.fate == "credit") == credit


@pytest.mark.parametrize(
    "line", ["The quay at dawnThe quay at dawn (credit: X Y)", "The quay at dawn The quay at dawn (credit: X Y)"]
)
def test_a_repeated_alternative_text_is_no_caption(line: str) -> None:
    spans = read_caption(line)
    assert spans is not None
    assert [span.text for span in spans if span.fate in ("alt", "caption")] == ["The quay at dawn", "The quay at dawn"]


@pytest.mark.parametrize(
    "line",
    [
        "He said the photo: a fake.",
        "The minister said: Credit Suisse was safe.",
        "The court (Supreme) said (Reuters)",
        "He works for Reuters/Ipsos.",
        "(Reporting by Jane Doe; Editing by John Smith)",
        "Read more at https://example.org/abc",
        "Sales rose 5% (Source: Eurostat)",
    ],
)
def test_a_sentence_is_no_caption(line: str) -> None:
    assert read_caption(line) is None


@pytest.mark.parametrize(
    ("opening", "dateline", "agency"),
    [
        ("WASHINGTON (Reuters) - ", "WASHINGTON (Reuters)", "Reuters"),
        ("BUENOS AIRES, Argentina (AP) _ ", "BUENOS AIRES, Argentina (AP)", "AP"),
        ("PARIS, May 3 (AFP) - ", "PARIS, May 3 (AFP)", "AFP"),
        ("Berlin (dpa) - ", "Berlin (dpa)", "dpa"),
        ("SKANEATELES, N.Y. (AP) — ", "SKANEATELES, N.Y. (AP)", "AP"),
        ("BEIJING/MOSCOW, Nov 2 - ", "BEIJING/MOSCOW, Nov 2", ""),
        ("LONDON — ", "LONDON", ""),
        ("МОСКВА, 19 ноября (Рейтер) - ", "МОСКВА, 19 ноября (Рейтер)", "Рейтер"),
    ],
)
def test_a_dateline_is_read(opening: str, dateline: str, agency: str) -> None:
    found = read_dateline(opening + PROSE)
    assert found is not None
    assert (found.text, found.agencies) == (dateline, (agency,) if agency else ())


@pytest.mark.parametrize("opening", ["NASA — ", "WARNING: ", "A man — tall — ", "I — "])
def test_a_dash_alone_makes_no_dateline(opening: str) -> None:
    assert read_dateline(opening + PROSE) is None


def test_an_agency_s_caption_is_no_dateline() -> None:
    article = only(f"Ferry strike ends\n\n{PROSE}\n\nVELLMOUTH, HOLM - JUNE 13: Lorries wait along the quay.\n\n{MORE}")
    assert (article.dateline, article.figures[0].caption) == (
        "",
        "VELLMOUTH, HOLM - JUNE 13: Lorries wait along the quay.",
    )


def test_a_file_that_is_a_message_to_newsrooms_is_left_out_with_a_note() -> None:
    for text in ("BULLETIN KILL\n\nEditors: Kill the story slugged BRIDGE. A substitute will follow.\n\nAP\n",
                 "NEWS ADVISORY\n\nEds: The story moves at 5 p.m. EDT.\n"):  # fmt: skip
        reading = read_source("a.txt", text.encode(), ReadingSettings())
        assert (reading.articles, [(problem.code, problem.line) for problem in reading.problems]) == ((), [("N303", 1)])
    assert only(f"The budget of a poor town\n\n{PROSE}\n\n{MORE}").title == "The budget of a poor town"


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>\n<html>", "<html lang='en'>", "\n<?xml version='1.0'?>\n<!-- saved -->\n<!doctype html>"]
)
def test_the_source_of_a_web_page_is_told(start: str) -> None:
    reading = read_source("a.html", f"{start}<body><p>{PROSE}</p></body></html>".encode(), ReadingSettings())
    assert "W203" in [problem.code for problem in reading.problems]
    assert any(PROSE in block.text for block in reading.articles[0].body if isinstance(block, Paragraph | Preformatted))


def test_prose_about_html_is_no_web_page() -> None:
    reading = read_source("a.txt", f"Ferry strike ends\n\nThe tag <html> begins a page. {PROSE}".encode(), ReadingSettings())
    assert "W203" not in [problem.code for problem in reading.problems]


HALF = "The council met on Tuesday to talk about the harbour bridge, which has been closed since the spring.\n\n"


@pytest.mark.parametrize("head", ["Bridge opens\n\n", "Bridge opens\nBy The Post (World) | Created at 2024-11-19 20:35:05\n\n"])
def test_text_that_stops_inside_a_sentence_is_told_with_its_line(head: str) -> None:
    text = head + HALF * 3 + "The mayor said that he would not wait for the report, which is to come in"
    reading = read_source("a.txt", text.encode(), ReadingSettings())
    assert [problem.line for problem in reading.problems if problem.code == "W207"] == [text.count("\n") + 1]
    whole = read_source("a.txt", f"{text} May.".encode(), ReadingSettings())
    assert not [problem for problem in whole.problems if problem.code == "W207"]


def test_text_that_begins_inside_a_sentence_is_told() -> None:
    text = "and that nothing would be done about it until the spring, when the harbour council meets again to talk.\n\n" + HALF
    reading = read_source("a.txt", text.encode(), ReadingSettings())
    assert [problem.line for problem in reading.problems if problem.code == "W207"] == [1]
