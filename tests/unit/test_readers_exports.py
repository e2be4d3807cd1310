"""Database exports: every file in `data/exports` gives the record that was written down before any reader saw it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.readers.base import SourceText
from sitegen.readers.exports import recognise
from sitegen.readers.exports.tables import export_tables
from sitegen.records import Article, Paragraph, Reading, Subhead
from tests.hostile import TIMES, cpu_seconds, is_linear

DATA = Path(__file__).parent / "data" / "exports"
CASES = sorted(path.stem for path in DATA.glob("*.txt"))


def reading_of(name: str) -> Reading:
    return read_source(f"{name}.txt", (DATA / f"{name}.txt").read_bytes(), ReadingSettings())


def paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Paragraph)]


def record(article: Article, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields of an article as the expected records write them."""
    texts = paragraphs(article)
    found = {
        "title": article.title, "summary": article.summary, "source": article.source, "section": article.section,
        "authors": list(article.authors), "agencies": list(article.agencies),
        "published": article.published.iso if article.published else "",
        "updated": article.updated.iso if article.updated else "", "dateline": article.dateline,
        "language": article.language, "original_url": article.original_url,
        "tags": [tag.name for tag in article.tags], "corrections": list(article.corrections),
        "figures": [[figure.caption, figure.credit] for figure in article.figures],
        "subheads": [block.text for block in article.body if isinstance(block, Subhead)],
        "first": texts[0] if texts else "", "last": texts[-1] if texts else "", "paragraphs": len(texts),
    }  # fmt: skip
    return found | ({"id": article.id} if "id" in wanted else {})


def expected(wanted: dict[str, Any]) -> dict[str, Any]:
    texts = ("title", "summary", "source", "section", "published", "updated", "dateline", "original_url")
    empty: dict[str, Any] = dict.fromkeys(texts, "")
    lists: dict[str, Any] = {key: [] for key in ("authors", "agencies", "tags", "corrections", "figures", "subheads")}
    return empty | lists | wanted


@pytest.mark.parametrize("name", CASES)
def test_export_gives_the_expected_records(name: str) -> None:
    wanted = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    reading = reading_of(name)
    records = [record(*pair) for pair in zip(reading.articles, wanted["articles"], strict=False)]
    assert records == [expected(article) for article in wanted["articles"]]
    assert len(reading.articles) == len(wanted["articles"])
    problems = [[problem.code, problem.line] for problem in reading.problems if problem.severity != "note"]
    assert problems == wanted["problems"]


def test_there_are_enough_texts_with_several_articles_and_languages() -> None:
    wanted = [json.loads(path.read_text("utf-8"))["articles"] for path in DATA.glob("*.json")]
    assert len(wanted) >= 24
    assert sum(len(articles) > 1 for articles in wanted) >= 10
    assert {"en", "de", "fr", "es", "ar"} <= {article["language"] for articles in wanted for article in articles}


# Words that mark a field, or are written otherwise in the record: months, halves of the day.
MARKERS = re.compile(
    r"by|h|par|por|and|und|et|y|photo|photograph|foto|ap|pm|am|gmt|uhr|à|de|cooper|headline|body|created|updated|at|"
    r"von|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|juni?|märz|avril|مارس|فبراير|\w+day|\w+tag|mardi|viernes"
)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", text.casefold())


def held(article: Article) -> list[str]:
    figures = (text for figure in article.figures for text in (figure.caption, figure.credit, figure.alt))
    return [
        article.title, article.summary, article.source, article.section, article.dateline, article.original_url,
        *article.authors, *article.agencies, *(tag.name for tag in article.tags), *article.corrections, *figures,
        *(getattr(block, "text", "") for block in article.body), *(drop.text for drop in article.dropped),
        *(moment.iso.replace("T", " ") for moment in (article.published, article.updated) if moment),
    ]  # fmt: skip


LABELS = {
    word
    for table in (export_tables().nexis, export_tables().proquest)
    for label in table.roles
    for word in words(label)
}
CODES = {
    code.casefold()
    for codes in (export_tables().factiva_head, export_tables().factiva_body, export_tables().factiva_tail)
    for code in codes
}


@pytest.mark.parametrize("name", CASES)
def test_every_word_of_an_export_is_in_a_record(name: str) -> None:
    text = (DATA / f"{name}.txt").read_bytes().decode("cp1252" if name == "nexis_spanish" else "utf-8")
    kept = {word for article in reading_of(name).articles for part in held(article) for word in words(part)}
    numbers = {word.lstrip("0") for word in kept}
    lost = [word for word in words(text) if word not in kept and word.lstrip("0") not in numbers]
    lost = [word for word in lost if not (word.isdigit() and str(int(word) + 12) in numbers)]
    assert [word for word in lost if word not in LABELS | CODES and not MARKERS.fullmatch(word)] == []


@pytest.mark.parametrize("name", CASES)
def test_every_line_of_an_export_has_a_role(name: str) -> None:
    reading = read_source(f"{name}.txt", (DATA / f"{name}.txt").read_bytes(), ReadingSettings(), with_roles=True)
    assert [role for role in reading.roles if role.role == "unknown"] == []


def year_file(count: int, *, edited: int = -1) -> str:
    def article(number: int) -> str:
        body = f"The {number}th train of the day left the station on time, and nobody on the platform was surprised."
        more = "A sentence was added." if number == edited else "So it went on."
        return (
            f"Train {number} leaves\n[{number % 28 + 1} May 2019]\nhttps://example.org/{number}\n\n{body}\n\n{more}\n"
        )

    return ("-" * 50 + "\n").join(map(article, range(count)))


def articles_of(text: str) -> tuple[Article, ...]:
    return read_source("2019.txt", text.encode(), ReadingSettings()).articles


def test_an_edit_in_a_year_file_changes_one_article() -> None:
    before, after = articles_of(year_file(300)), articles_of(year_file(300, edited=123))
    assert len(before) == len(after) == 300
    assert [article.id for article in before] == [article.id for article in after]
    changed = [index for index, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert changed == [123]


def test_two_different_articles_under_one_headline_keep_two_ids() -> None:
    text = (DATA / "nexis_french.txt").read_text("utf-8").replace("Notre-Dame, une nuit de feu", "L'essentiel")
    articles = articles_of(text)
    assert len({article.id for article in articles}) == len(articles) == 2


def test_time_is_linear_in_the_number_of_articles() -> None:
    def seconds(count: int) -> float:
        text = year_file(count)
        return cpu_seconds(lambda: articles_of(text))

    seconds(50)
    assert is_linear(seconds(300 * TIMES), seconds(300))


@pytest.mark.parametrize(
    "line",
    ["1 of 2 DOCUMENTS", "HD", "LP", "AN", "_" * 60, "-" * 60, "[1 May 2019]", "(c) 2016 X", "BYLINE: A", "Title: A"],
)
@pytest.mark.parametrize("frame", ["nexis_english", "factiva_codes_alone", "proquest_english", "year_hyphens"])
def test_a_marker_sixteen_thousand_times_does_not_stall(frame: str, line: str) -> None:
    # Both numbers are beyond `crowding.STEP`.
    text = (DATA / f"{frame}.txt").read_text("utf-8")
    smaller, larger = (cpu_seconds(lambda many=many: articles_of(text + f"{line}\n" * many))  # type: ignore[misc]
                       for many in (16_000 // TIMES, 16_000))  # fmt: skip
    assert is_linear(larger, smaller)


@given(name=st.sampled_from(CASES), cut=st.floats(0, 1), length=st.floats(0, 0.4))
@settings(max_examples=40, deadline=None)
def test_an_export_with_a_hole_never_fails_and_keeps_its_lines(name: str, cut: float, length: float) -> None:
    lines = (DATA / f"{name}.txt").read_text("utf-8", errors="replace").split("\n")
    start = int(cut * len(lines))
    rest = [*lines[:start], *lines[start + int(length * len(lines)) :]]
    if not "".join(rest).strip():
        return
    reading = read_source("a.txt", "\n".join(rest).encode(), ReadingSettings(), with_roles=True)
    assert reading.articles or reading.problems
    if reading.layout != "plain text":
        assert len(reading.roles) == len("\n".join(rest).lstrip("\ufeff").split("\n"))


@pytest.mark.parametrize("name", ["nexis_english", "factiva_codes_alone", "proquest_english", "year_hyphens"])
def test_articles_around_a_lost_one_are_kept(name: str) -> None:
    text = (DATA / f"{name}.txt").read_text("utf-8")
    whole = articles_of(text)
    assert articles_of(text[: int(len(text) * 0.6)])[0].title == whole[0].title
    tail = articles_of(text[int(len(text) * 0.25) :])
    assert tail[-1] == replace(whole[-1], line=tail[-1].line, dropped=tail[-1].dropped)


@pytest.mark.parametrize(
    "text",
    [
        "A story of 1 of 10 DOCUMENTS that were found, and of no more.\n\nIt goes on in a second paragraph of prose.",
        f"Title: a word\n\nThe rule below parts nothing.\n\n{'-' * 60}\n\nThe text just goes on after it, and on.",
        "HD is short for headline.\n\nPD is short for date, said the editor, who had seen both for forty years.",
    ],
)
def test_prose_is_no_export(text: str) -> None:
    assert recognise(SourceText(file="a.txt", text=text)).value < 0.1


def test_a_headline_that_begins_like_a_label_is_a_headline() -> None:
    nexis = (DATA / "nexis_cut.txt").read_text("utf-8").replace("Britain votes to leave", "CORRECTION: Britain votes")
    assert articles_of(nexis)[0].title == "CORRECTION: Britain votes"
    proquest = (DATA / "proquest_spanish.txt").read_text("utf-8")
    assert articles_of(proquest)[1].title == "Editorial: La paz imperfecta"


def test_a_line_of_publication_gives_source_and_date_where_nothing_else_does() -> None:
    text = (
        f"{'_' * 60}\n\nYes in Ireland\n\n"
        "Publication info: Irish Coast News, Late Edition; Cork [Cork]24 May 2015: A.1.\n"
        "\nFull text: Voters in Ireland have approved marriage between people of the same sex by a wide margin.\n"
    )
    (article,) = articles_of(text)
    assert (article.source, article.published and article.published.iso) == ("Irish Coast News", "2015-05-24")


def test_an_article_without_a_headline_stays_without() -> None:
    factiva = (DATA / "factiva_codes_alone.txt").read_text("utf-8").replace("HD\nComet probe's batteries run out\n", "")
    year = (DATA / "year_hyphens.txt").read_text("utf-8").replace("Ship freed in the canal\n", "")
    for text in (factiva, year):
        reading = read_source("a.txt", text.encode(), ReadingSettings())
        assert [article.title for article in reading.articles].count("") == 1
        assert [problem.code for problem in reading.problems].count("W202") == 1


def test_a_headline_may_begin_with_a_date() -> None:
    text = (DATA / "nexis_date_after_headline.txt").read_text("utf-8").replace("Ireland says yes", "May 22, 2015")
    (article,) = articles_of(text)
    assert article.title.startswith("May 22, 2015")
    assert article.published is not None
    assert article.published.iso == "2015-05-24"


def test_several_pictures_in_one_field_are_several_figures() -> None:
    text = (DATA / "nexis_old_labels.txt").read_text("utf-8")
    text = text.replace("GRAPHIC: PHOTO", "GRAPHIC: PHOTOS: The gate. THEMBA ROE/REUTERS; The balcony. JANE DOE/AP")
    (article,) = articles_of(text)
    figures = [(figure.caption, figure.credit) for figure in article.figures]
    assert figures == [("The gate.", "Themba Roe/Reuters"), ("The balcony.", "Jane Doe/AP")]


def test_marks_without_an_article_leave_a_plain_text() -> None:
    text = (
        "HD\n\nPD\n\nLP\n\nSN\n\n"
        + "The crews went back to work at six in the morning, and the first ship left an hour later."
    )
    reading = read_source("a.txt", text.encode(), ReadingSettings())
    assert reading.articles or [problem.severity for problem in reading.problems] == ["error"]
    stray = "Nothing but prose stands here, and enough of it to be read as a text of its own by any reader.\n"
    plain = read_source(
        "a.txt", f"{stray}\nOn 1 May 2019, it goes on: {stray}\nHD\n\nTD\n\nLP\n".encode(), ReadingSettings()
    )
    assert len(plain.articles) == 1


def test_an_article_without_any_label_above_its_text_is_read_whole() -> None:
    text = (DATA / "nexis_english.txt").read_text("utf-8").replace("SECTION: INTERNATIONAL NEWS\n\n", "")
    whole, bare = articles_of(text), articles_of(text.replace("LENGTH: 355 words\n\n", ""))
    assert [article.title for article in bare] == [article.title for article in whole]
    assert paragraphs(bare[2]) == paragraphs(whole[2])


def test_marks_without_articles_between_them_are_one_text_and_told() -> None:
    reading = read_source("a.txt", b"\fSE A\nHD B\nLP C\nTD D\n" * 7_000, ReadingSettings())
    assert reading.problems[0].code == "W208"
    assert len(reading.articles) == 1
    fewer = read_source("a.txt", b"\fSE A\nHD B\nLP C\nTD D\n" * 900, ReadingSettings())
    assert len(fewer.articles) == 900


def test_thousands_of_notices_of_one_line_are_articles() -> None:
    notices = "".join(f"Notice {n}\n[{n % 28 + 1} May 2019]\n\nNo ferry runs on day {n}.\n{'-' * 40}\n" for n in range(2_900))
    reading = read_source("a.txt", notices.encode(), ReadingSettings())
    assert [article.title for article in reading.articles] == [f"Notice {n}" for n in range(2_900)]
    assert not reading.problems
