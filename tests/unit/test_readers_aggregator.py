"""The aggregator dump and its variants, each a copy of one page with one thing changed."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from sitegen.config import ReadingSettings, SourceSettings
from sitegen.readers import read_source
from sitegen.records import Article, FigureBlock, Paragraph, Reading, Subhead

DATA = Path(__file__).parent / "data" / "raw"
PAGE = (DATA / "page_copy.txt").read_text("utf-8")
DUMP = PAGE[PAGE.index("Ferry strike") : PAGE.index("Read Entire Article")] + "Read Entire Article\n"
LINES = DUMP.split("\n")
SETTINGS = ReadingSettings()


def read(text: str | bytes, settings: ReadingSettings = SETTINGS) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_source("raw/page.txt", data, settings)


def only(text: str | bytes, settings: ReadingSettings = SETTINGS) -> Article:
    (article,) = read(text, settings).articles
    return article


def subheads(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Subhead)]


def paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Paragraph)]


def assert_is_the_page(article: Article) -> None:
    assert article.title == "Ferry strike strands thousands as talks break down in Vellmouth"
    assert article.summary.startswith('"We are not asking')
    assert article.authors == ("Anneke van der Berg", "Seán O'Neil")
    assert article.agencies == ("Reuters",)
    assert (article.source, article.section) == ("The Harbour Courier", "Europe")
    assert article.published is not None
    assert article.published.iso == "2023-06-14T09:10:05+00:00"
    assert article.updated is not None
    assert article.updated.iso == "2023-06-14T16:42:30+00:00"
    assert article.byline_stamp is not None
    assert article.byline_stamp.iso == "2023-06-14T11:05"
    assert article.dateline == ""
    assert [figure.credit for figure in article.figures] == ["Marta Lund/North Sea Pictures", "Jonas Reed/Reuters"]
    assert article.figures[0].caption.startswith("VELLMOUTH, HOLM - JUNE 13: Lorries wait")
    assert article.figures[1].caption == "Queue outside the ticket hall on Wednesday"
    assert subheads(article) == ["What the crews want"]
    assert len(paragraphs(article)) == 7
    assert [type(block) for block in article.body[:5]] == [Paragraph, Paragraph, Paragraph, FigureBlock, Subhead]
    assert paragraphs(article)[0].startswith("Thousands of passengers")
    assert paragraphs(article)[-1].startswith("The mayor, who was")


DROPS = [
    ("2 hours ago", "relative-age"),
    ("Truth", "header-furniture"),
    ("Share", "header-furniture"),
    ("MARTA LUND/NORTH SEA PICTURES)", "doubled-credit"),
    ("Stay updated with the latest news!", "boilerplate"),
    ("Subscribe to The Harbour Courier Newsletter", "boilerplate"),
    ("Read Entire Article", "boilerplate"),
]


def test_every_part_of_a_dump_is_told_apart() -> None:
    article = only(DUMP)
    assert_is_the_page(article)
    assert [(drop.text, drop.rule) for drop in article.dropped] == DROPS


def wrapped(width: int) -> str:
    return "\n".join(textwrap.fill(line, width) for line in LINES)


VARIANTS = {
    "no blank line": "\n".join(line for line in LINES if line.strip()),
    "a blank line after every line": "\n\n".join(line for line in LINES if line.strip()),
    "indented by four spaces": "\n".join("    " + line for line in LINES),
    "body indented": "\n".join(LINES[:9] + ["    " + line for line in LINES[9:]]),
    "wrapped at 64": wrapped(64),
    "wrapped at 72": wrapped(72),
    "wrapped at 80": wrapped(80),
    "wrapped at 100": wrapped(100),
    "CRLF": DUMP.replace("\n", "\r\n"),
    "CR": DUMP.replace("\n", "\r"),
    "byte-order mark": "\ufeff" + DUMP,
    "no-break spaces at line ends": DUMP.replace("\n", "\u00a0\n"),
    "zero-width spaces": DUMP.replace(" the ", " \u200bthe\u200b "),
    "control characters": DUMP.replace("Vellmouth", "Vell\x02mouth\x03"),
    "tab in the byline": DUMP.replace("O'NEIL JUNE", "O'NEIL\tJUNE"),
    "trailing spaces": DUMP.replace("\n", "   \n"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_read_as_the_same_article(name: str) -> None:
    article = only(VARIANTS[name])
    assert_is_the_page(article)
    assert [drop.text for drop in article.dropped] == [text for text, _ in DROPS]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig", "latin-1"])
def test_an_encoding_changes_nothing(encoding: str) -> None:
    assert_is_the_page(only(DUMP.encode(encoding)))


def test_navigation_and_the_page_below_the_article_are_dropped() -> None:
    article = only(PAGE)
    assert_is_the_page(article)
    assert [tag.name for tag in article.tags] == ["Strikes", "Ferries", "Vellmouth"]
    rules = {drop.text: drop.rule for drop in article.dropped}
    assert rules["Business & Trade"] == "navigation"
    assert rules["Why the new lock at Delham will not open this year"] == "after-article"
    assert rules["© 2023 The Harbour Courier. All rights reserved."] == "copyright"


def test_a_page_copy_without_blank_lines_is_read_too() -> None:
    assert_is_the_page(only("\n".join(line for line in PAGE.split("\n") if line.strip())))


def test_without_a_headline_the_title_stays_empty_and_is_reported() -> None:
    reading = read("\n".join(LINES[2:]))
    assert reading.articles[0].title == ""
    assert "W202" in [problem.code for problem in reading.problems]


def test_navigation_is_not_taken_for_a_missing_headline() -> None:
    head = PAGE[: PAGE.index("Ferry strike")]
    assert only(head + "\n".join(LINES[2:])).title == ""


def test_a_stamp_that_is_no_date_is_reported_with_line_and_column() -> None:
    reading = read(DUMP.replace("2023-06-14 09:10:05", "2023-06-44 09:10:05"))
    (problem,) = [problem for problem in reading.problems if problem.code == "E103"]
    assert (problem.line, problem.field) == (3, "published")
    assert LINES[2][problem.column - 1 :].startswith("2023")


def test_the_last_of_several_updates_counts() -> None:
    article = only(DUMP.replace(" 2 hours ago", " | Updated at 2023-06-15 07:00:00 1 hour ago"))
    assert article.updated is not None
    assert article.updated.iso == "2023-06-15T07:00:00+00:00"
    assert "earlier-update" in [drop.rule for drop in article.dropped]


def test_a_source_s_zone_and_name_come_from_the_settings() -> None:
    known = SourceSettings(
        name="Harbour Courier", aliases=("The Harbour Courier",), time_zone="Europe/Oslo", rights="licensed"
    )
    article = only(DUMP, ReadingSettings(sources=(known,), aggregator_time_zone="America/New_York"))
    assert article.source == "Harbour Courier"
    assert article.rights == "licensed"
    assert article.published is not None
    assert article.published.iso == "2023-06-14T09:10:05-04:00"
    assert article.byline_stamp is not None
    assert article.byline_stamp.iso == "2023-06-14T11:05+02:00"


def test_an_assumed_zone_is_one_note_for_each_article() -> None:
    assert [problem.code for problem in read(DUMP).problems] == ["N301"]


def test_several_articles_in_a_file_are_told_apart() -> None:
    reading = read((DATA / "two_articles.txt").read_bytes())
    lamp, oysters = reading.articles
    assert (lamp.title, lamp.line) == ("Lighthouse at Cape Orrin is lit again after forty years", 1)
    assert (oysters.title, oysters.line) == ("Oyster beds closed along the estuary", 13)
    assert oysters.dateline == "VELLMOUTH, March 2 (AP)"
    assert oysters.agencies == ("AP",)
    assert paragraphs(oysters)[0].startswith("VELLMOUTH, March 2 (AP) - Health officers")
    assert lamp.id != oysters.id


def test_the_id_does_not_depend_on_the_text_around_the_article() -> None:
    alone = only(DUMP)
    assert only(PAGE).id == alone.id
    assert only(DUMP.replace("brought soup", "brought bread")).id == alone.id


def test_hebrew_is_read_from_right_to_left() -> None:
    article = only((DATA / "hebrew.txt").read_bytes())
    assert (article.language, article.direction) == ("he", "rtl")
    assert article.authors == ("דנה לוי",)
    assert article.byline_stamp is not None
    assert article.byline_stamp.iso == "2023-06-17T08:45"
    assert [(figure.caption, figure.credit) for figure in article.figures] == [("הרציף הצפוני בבוקר שבת", "אבי כהן")]
    assert subheads(article) == ["מה הוסכם"]


def test_a_body_of_nothing_but_boilerplate_is_an_error() -> None:
    reading = read("\n".join([*LINES[:4], "", "Read Entire Article"]))
    assert not reading.articles
    assert [problem.code for problem in reading.problems] == ["E105"]


def test_every_line_has_a_role_when_asked_for() -> None:
    reading = read_source("raw/page.txt", PAGE.encode(), SETTINGS, with_roles=True)
    assert [role.line for role in reading.roles] == list(range(1, PAGE.count("\n") + 2))
    assert {"headline", "source line", "byline", "caption", "subhead", "agency"} <= {
        role.role for role in reading.roles
    }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Headline: Ten ferries you will not believe exist", "advert"),
        ("Continue reading the main story", "boilerplate"),
        ("Advertisement", "boilerplate"),
        ("READ MORE: Storm warning lifted", "related-link"),
        ("Sign up for our morning briefing", "boilerplate"),
    ],
)
def test_an_inserted_line_is_dropped(line: str, rule: str) -> None:
    article = only(DUMP.replace("The company says", f"{line}\n\nThe company says"))
    assert_is_the_page(article)
    assert (line, rule) in [(drop.text, drop.rule) for drop in article.dropped]


def test_page_furniture_glued_to_a_sentence_is_cut_off() -> None:
    article = only(DUMP.replace("in September.", "in September.Continue reading the main story"))
    assert_is_the_page(article)
    assert "A court will look at it in September." in paragraphs(article)[4]


def test_the_seed_is_read_as_expected() -> None:
    seed = Path(__file__).parents[2].parent / "shared" / "seed"
    if not seed.is_dir():
        pytest.skip("the seed article is not beside this checkout")
    import json

    expected = json.loads((seed / "expected.json").read_text("utf-8"))
    article = only((seed / "article.txt").read_bytes())
    for field in ("title", "summary", "source", "section", "language", "direction"):
        assert getattr(article, field) == expected[field]
    assert list(article.authors) == expected["authors"]
    assert list(article.agencies) == expected["agencies"]
    for field in ("published", "updated", "byline_stamp"):
        assert getattr(article, field).iso == expected[field]
    assert article.dateline == ""
    assert [{"caption": figure.caption, "credit": figure.credit} for figure in article.figures] == expected["figures"]
    assert subheads(article) == expected["subheads"]
    assert len(paragraphs(article)) == expected["paragraphs"]
    assert [drop.text for drop in article.dropped] == expected["dropped"]
    kinds = [type(block).__name__ for block in article.body[:8]]
    assert kinds == ["Paragraph"] * 5 + ["FigureBlock", "Paragraph", "Subhead"]
