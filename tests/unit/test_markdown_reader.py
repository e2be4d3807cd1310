"""Markdown sources: front matter of every kind, keys and values as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.readers import markdown
from sitegen.readers.base import ReadingSettings, SourceSettings, SourceText
from sitegen.readers.values import direction_of, language_tag, people_of
from sitegen.records import Article, Figure, MarkdownBlock, Moment, Reading, Tag

SETTINGS = ReadingSettings(time_zone="Asia/Jerusalem")


def read(text: str, *, file: str = "2024/a.md", settings: ReadingSettings = SETTINGS) -> Reading:
    return markdown.read(SourceText(file=file, text=text), settings)


def article(text: str, *, file: str = "2024/a.md", settings: ReadingSettings = SETTINGS) -> Article:
    return read(text, file=file, settings=settings).articles[0]


def with_keys(*lines: str) -> Article:
    return article("---\ntitle: T\n" + "\n".join(lines) + "\n---\nText\n")


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_all_fields_of_a_full_article() -> None:
    found = article(
        """---
id: a-1
title: The dam holds
description: Engineers say so.
date: 2024-11-19T22:21:00+02:00
updated: 2024-11-20
authors: [Jane Roe, John Doe]
tags: [Water, Dams]
section: World
source: The Sample Post
original_url: https://example.org/dam
rights: licensed
lang: en-GB
slug: dam
permalink: /dam.html
aliases: [/old.html]
draft: true
dateline: HAIFA
corrections: The height was wrong.
---

Body *text*.
"""
    )
    assert found == Article(
        id="a-1",
        title="The dam holds",
        summary="Engineers say so.",
        published=Moment("2024-11-19T22:21:00+02:00", "second"),
        updated=Moment("2024-11-20", "day"),
        authors=("Jane Roe", "John Doe"),
        tags=(Tag("Water"), Tag("Dams")),
        section="World",
        source="The Sample Post",
        original_url="https://example.org/dam",
        rights="licensed",
        language="en-GB",
        slug="dam",
        permalink="/dam.html",
        aliases=("/old.html",),
        draft=True,
        dateline="HAIFA",
        corrections=("The height was wrong.",),
        body=(MarkdownBlock("Body *text*.", 22),),
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\ndate: 2024-11-19\ntags: [a, b]\n---\nText",
        '+++\ntitle = "T"\ndate = 2024-11-19\ntags = ["a", "b"]\n+++\nText',
        '{\n"title": "T", "date": "2024-11-19",\n"tags": ["a", "b"]\n}\nText',
        "Title: T\nDate: 2024-11-19\nTags: a, b\n\nText",
        "\n\n---\ntitle: T\ndate: 2024-11-19\ntags: a, b\n---\n\n\nText\n\n",
        "---  \r\ntitle: T\r\ndate: 2024-11-19\r\ntags: [a, b]\r\n---\r\n\r\nText\r\n",
        "\ufeff---\ntitle: T\ndate: 2024-11-19\ntags: [a, b]\n...\nText",
        '+++\ntitle = "T"\ndate = "2024-11-19"\n[taxonomies]\ntags = ["a", "b"]\n+++\nText',
    ],
)
def test_every_kind_of_front_matter_gives_the_same_article(text: str) -> None:
    reading = read(text)
    found = reading.articles[0]
    assert reading.problems == ()
    assert (found.title, found.tags, found.published) == ("T", (Tag("a"), Tag("b")), Moment("2024-11-19", "day"))
    assert [block.text for block in found.body if isinstance(block, MarkdownBlock)] == ["Text"]


@pytest.mark.parametrize(
    ("written", "iso", "precision", "assumed"),
    [
        ("2024-11-19T22:21:00+02:00", "2024-11-19T22:21:00+02:00", "second", False),
        ("2024-11-19T20:21:00Z", "2024-11-19T20:21:00+00:00", "second", False),
        ("2024-11-19T20:21:00.123Z", "2024-11-19T20:21:00+00:00", "second", False),
        ("2024-11-19 22:21:00", "2024-11-19T22:21:00+02:00", "second", True),
        ("2024-11-19 9:05", "2024-11-19T09:05+02:00", "minute", True),
        ("2024-11-19 09:05 +0100", "2024-11-19T09:05+01:00", "minute", False),
        ('"2024-11-19"', "2024-11-19", "day", False),
        ("2024-11", "2024-11", "month", False),
        ("1987", "1987", "year", False),
        ("18 Dec 2014", "2014-12-18", "day", False),
        ("1732055475", "2024-11-19T22:31:15+00:00", "second", False),
    ],
)
def test_date_keeps_its_precision(written: str, iso: str, precision: str, assumed: bool) -> None:
    found = with_keys(f"date: {written}").published
    assert found is not None
    assert (found.iso, found.precision, found.zone_assumed) == (iso, precision, assumed)


@pytest.mark.parametrize("written", ["2024-02-31", "31 Feb 2024", "soon", "2024-13-01", "2024-11-19T25:00"])
def test_text_that_is_no_date_is_an_error_with_line_and_column(written: str) -> None:
    reading = read(f"---\ntitle: T\ndate:  {written}\n---\nText")
    problem = reading.problems[0]
    assert (problem.line, problem.column) == (3, 8)
    assert problem.code in ("E103", "E111")
    assert reading.articles[0].published is None
    assert any(written in drop.text for drop in reading.articles[0].dropped)


@pytest.mark.parametrize("written", ["", "null", "~", "unknown", "n.d.", "TBA"])
def test_unknown_date_is_no_date(written: str) -> None:
    assert codes(read(f"---\ntitle: T\ndate: {written}\n---\nText")) == ["W201"]


@pytest.mark.parametrize("file", ["2024-11-19-slug.md", "a/2024/11/19/slug/index.md", "2024/11/19/slug.md"])
def test_path_gives_the_day_where_the_front_matter_gives_none(file: str) -> None:
    reading = read("---\ntitle: T\n---\nText", file=file)
    assert reading.articles[0].published == Moment("2024-11-19", "day")
    assert reading.problems == ()


def test_impossible_day_in_a_path_is_no_date() -> None:
    assert codes(read("---\ntitle: T\n---\nText", file="2024-02-31-x.md")) == ["W201"]


def test_unquoted_colon_is_reported_and_the_rest_is_read() -> None:
    reading = read("---\nsection: World\ntitle: Gaza: talks resume\ndate: 2024-11-19\n---\nText")
    found = reading.articles[0]
    problem = reading.problems[0]
    assert (problem.code, problem.line, problem.column) == ("E111", 3, 12)
    assert 'title: "Gaza: talks resume"' in problem.message
    assert (found.title, found.section, found.published) == ("Gaza: talks resume", "World", Moment("2024-11-19", "day"))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: @home with", "@home with"),
        ("title: `code`", "`code`"),
        ('title: "open', '"open'),
        ('title: "A" and B', '"A" and B'),
        ("title: [open", "[open"),
        ("title: *star", "*star"),
    ],
)
def test_broken_value_is_reported_in_its_line_and_read_as_text(line: str, title: str) -> None:
    reading = read(f"---\ndate: 2024-11-19\n{line}\nsection: S\n---\nText")
    assert reading.articles[0].title == title
    assert reading.articles[0].section == "S"
    assert [(problem.code, problem.line) for problem in reading.problems] == [("E111", 3)]


def test_broken_toml_and_json_name_the_line() -> None:
    toml = read('+++\ntitle = "T"\ndate = 2024-13-01\n+++\nText')
    assert [(problem.code, problem.line) for problem in toml.problems][:1] == [("E111", 3)]
    assert toml.articles[0].title == "T"
    json = read('{\n  "title": "T",\n  "date": 2024-11-19,\n  "section": "S"\n}\n\nText')
    assert [(problem.code, problem.line) for problem in json.problems] == [("E111", 3)]
    assert (json.articles[0].title, json.articles[0].section) == ("T", "S")
    assert json.articles[0].published == Moment("2024-11-19", "day")


def test_front_matter_that_is_never_closed() -> None:
    reading = read("---\ntitle: T\ndate: 2024-11-19\n\nText\n\nMore")
    assert codes(reading) == ["E112"]
    assert reading.articles[0].body == (MarkdownBlock("Text\n\nMore", 5),)


def test_tabs_are_read_and_reported() -> None:
    reading = read("---\ntitle:\tT\ndate: 2024-11-19\ntags:\n\t- a\n\t- b\n---\nText")
    assert codes(reading) == ["W211"]
    assert reading.articles[0].tags == (Tag("a"), Tag("b"))


def test_double_key_is_reported_and_the_last_counts() -> None:
    reading = read("---\ntitle: One\ndate: 2024-11-19\ntitle: Two\n---\nText")
    assert [(problem.code, problem.line) for problem in reading.problems] == [("W212", 2)]
    assert reading.articles[0].title == "Two"
    assert [drop.rule for drop in reading.articles[0].dropped] == ["duplicate-key"]


def test_unknown_keys_are_kept_as_dropped() -> None:
    found = with_keys("layout: post", "menu:", "  main:", "    weight: 3", "empty:")
    assert [(drop.rule, drop.text) for drop in found.dropped] == [
        ("unknown-key", "layout: post"),
        ("unknown-key", "menu:\n  main:\n    weight: 3"),
    ]


def test_rule_of_dashes_is_no_front_matter() -> None:
    found = article("---\n\nProse below a rule.\n\n---\n\nMore")
    assert found.body == (MarkdownBlock("---\n\nProse below a rule.\n\n---\n\nMore", 1),)


@pytest.mark.parametrize(
    "bomb",
    [
        "x: " + "[" * 50_000 + "]" * 50_000,
        "x: " + "- " * 50_000,
        "x: " + "{a: " * 50_000,
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a [*a]",
    ],
)
def test_front_matter_made_to_exhaust_the_parser_costs_one_value(bomb: str) -> None:
    assert article(f"---\ntitle: T\n{bomb}\n---\nText").title == "T"


@pytest.mark.parametrize(
    ("lines", "authors", "agencies"),
    [
        (("author: Jane Roe",), ("Jane Roe",), ()),
        (("byline: By JANE ROE and John Doe",), ("Jane Roe", "John Doe"), ()),
        (("author: Roe, Jane",), ("Jane Roe",), ()),
        (("author: van der Berg, Anna",), ("Anna van der Berg",), ()),
        (("authors: 'Roe, Jane; Doe, John'",), ("Jane Roe", "John Doe"), ()),
        (
            ("authors:", "  - {name: Jane Roe, email: j@example.org}", "  - first: John", "    last: Doe"),
            ("Jane Roe", "John Doe"),
            (),
        ),
        (("authors: ['Ann Bo, Carl Dee and Eve Fox']",), ("Ann Bo", "Carl Dee", "Eve Fox"), ()),
        (("author: Jos&eacute; P&#233;rez",), ("José Pérez",), ()),
        (("author: jane@example.org (Jane Roe)",), ("Jane Roe",), ()),
        (("author: Reuters",), (), ("Reuters",)),
        (("author: null",), (), ()),
        (("author: Martin Luther King, Jr.",), ("Martin Luther King, Jr.",), ()),
    ],
)
def test_authors_as_people_write_them(
    lines: tuple[str, ...], authors: tuple[str, ...], agencies: tuple[str, ...]
) -> None:
    found = with_keys(*lines)
    assert (found.authors, found.agencies) == (authors, agencies)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("tags: [Gaza, 'Middle East']", ["Gaza", "Middle East"]),
        ("tags: Gaza, Middle East", ["Gaza", "Middle East"]),
        ("tags: politics europe", ["politics", "europe"]),
        ("tags: '#politics #europe'", ["politics", "europe"]),
        ("tags: Middle East", ["Middle East"]),
        ("keywords: middle east", ["middle east"]),
        ("tags: Gaza", ["Gaza"]),
        ("tags:", []),
        ("tags: null", []),
        ("tags: [Turkey, turkey, ' TURKEY ']", ["Turkey"]),
        ("tags: 测试，新闻", ["测试", "新闻"]),
        ("categories: [World]\ntags: [Gaza]", ["Gaza", "World"]),
        ("tags: [2024, No, 007]", ["2024", "No", "007"]),
        ("tags: [A &amp; B]", ["A & B"]),
    ],
)
def test_tags_as_people_write_them(line: str, names: list[str]) -> None:
    assert [tag.name for tag in with_keys(line).tags] == names


def test_scalars_stay_as_they_are_written() -> None:
    found = article("---\ntitle: 1984\nslug: 007\nsection: No\nid: 1_000\n---\nText")
    assert (found.title, found.slug, found.section, found.id) == ("1984", "007", "No", "1_000")


@pytest.mark.parametrize(
    ("line", "draft"),
    [("draft: true", True), ("draft: yes", True), ("draft: false", False), ("published: false", True),
     ("published: true", False), ("status: draft", True), ("status: published", False), ("draft: maybe", True)],
)  # fmt: skip
def test_drafts(line: str, draft: bool) -> None:
    assert with_keys(line).draft is draft


@pytest.mark.parametrize(
    ("line", "language", "direction"),
    [
        ("lang: ar", "ar", "rtl"),
        ("language: Hebrew", "he", "rtl"),
        ("locale: de_DE.UTF-8", "de-DE", "ltr"),
        ("lang: az-Arab", "az-Arab", "rtl"),
        ("lang: x", "en", "ltr"),
        ("dir: rtl", "en", "rtl"),
    ],
)
def test_language_and_direction(line: str, language: str, direction: str) -> None:
    found = with_keys(line)
    assert (found.language, found.direction) == (language, direction)


def test_text_in_a_foreign_script_is_not_in_the_sites_language() -> None:
    found = article("---\ntitle: ت\n---\nقالت الحكومة يوم الثلاثاء إن المحادثات في القاهرة ستستأنف الأسبوع المقبل.")
    assert (found.language, found.direction) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("The government said on Tuesday that the talks in Cairo will go on next week.", "en", "ltr"),
        ("Die Regierung sagte am Dienstag, dass die Gespräche in Kairo nächste Woche weitergehen.", "de", "ltr"),
        ("قالت الحكومة يوم الثلاثاء إن المحادثات ستستأنف.", "ar", "rtl"),
        ("12 : 30", "ar", "rtl"),
    ],
)
def test_latin_text_is_not_in_the_language_of_an_arabic_site(text: str, language: str, direction: str) -> None:
    found = article(f"---\ntitle: T\n---\n{text}", settings=ReadingSettings(language="ar"))
    assert (found.language, found.direction) == (language, direction)


def test_first_heading_is_the_headline_where_there_is_none() -> None:
    found = article("Intro\n\n# The *dam* [holds](x.md) #\n\nText")
    assert found.title == "The dam holds"
    assert found.body == (MarkdownBlock("Intro\n\n\n\nText", 1),)
    assert article("Dam\n===\n\nText").title == "Dam"
    assert article("```\n# no\n```\n\n# Yes").title == "Yes"
    assert article("## Not this\n\nText").title == ""


def test_heading_that_repeats_the_headline_leaves_the_body() -> None:
    found = article("---\ntitle: The dam\n---\n\n# The Dam\n\nText\n\n# Other")
    assert found.body == (MarkdownBlock("Text\n\n# Other", 7),)
    assert [drop.rule for drop in found.dropped] == ["repeated-headline"]


def test_missing_headline_and_empty_text_are_reported() -> None:
    assert codes(read("Text", file="2024-11-19-a.md")) == ["W202"]
    assert codes(read("---\ntitle: T\ndate: 2024-11-19\n---\n\n")) == ["E105"]


def test_id_is_given_or_the_original_url_or_a_digest_that_keeps() -> None:
    assert with_keys("id: x").id == "x"
    assert with_keys("url_source: https://example.org/a").id == "https://example.org/a"
    one, two = with_keys("date: 2024-11-19"), with_keys("date: 2024-11-19", "tags: [new]")
    assert one.id == two.id
    assert len(one.id) == 16


def test_rights_come_from_front_matter_then_source_then_default() -> None:
    settings = ReadingSettings(sources=(SourceSettings(name="The Post", aliases=("Post",), rights="third-party"),))
    assert article("---\ntitle: T\n---\nText").rights == "own"
    assert article("---\ntitle: T\nsource: post\n---\nText", settings=settings).rights == "third-party"
    assert article("---\ntitle: T\nsource: post\nrights: own\n---\nText", settings=settings).rights == "own"
    assert article("---\ntitle: T\nrights: whatever\n---\nText").rights == "third-party"


def test_pictures_of_the_front_matter_are_figures() -> None:
    assert with_keys("image: ../img/a.jpg", "image_caption: C", "photo_credit: P", "image_alt: A").figures == (
        Figure(file="img/a.jpg", caption="C", credit="P", alt="A"),
    )
    assert with_keys("cover: {src: a.jpg, alt: A}").figures == (Figure(file="2024/a.jpg", alt="A"),)
    assert with_keys("images: [/x.png, 'https://example.org/y.png']").figures == (
        Figure(file="x.png"),
        Figure(file="https://example.org/y.png"),
    )


def test_picture_outside_the_articles_is_refused() -> None:
    reading = read("---\ntitle: T\ndate: 2024-11-19\nimage: ../../../etc/passwd\n---\nText")
    assert codes(reading) == ["W221"]
    assert reading.articles[0].figures == (Figure(),)


def test_source_may_be_an_address_or_a_mapping() -> None:
    assert with_keys("source: https://example.org/a").original_url == "https://example.org/a"
    found = with_keys("source: {name: The Post, url: 'https://example.org/a'}")
    assert (found.source, found.original_url) == ("The Post", "https://example.org/a")


def test_own_key_outweighs_the_nested_one() -> None:
    assert article('+++\ntitle = "T"\n[params]\ntitle = "U"\nauthor = "Jane Roe"\n+++\nText').authors == ("Jane Roe",)
    assert article('+++\ntitle = "T"\n[params]\ntitle = "U"\n+++\nText').title == "T"


def test_recognised_by_front_matter_whatever_the_file_is_called() -> None:
    def score(text: str, file: str) -> float:
        return markdown.recognise(SourceText(file=file, text=text)).value

    assert score("---\ntitle: T\n---\nText", "a.txt") > 0.9
    assert score("Plain text", "a.txt") == 0
    assert 0 < score("Plain text", "a.md") < score("# Head\n\nText", "a.md") < score("---\ntitle: T\n---\n", "a.md")
    assert score('{"title": "T"}', "a.json") == 0


def test_each_line_has_a_role() -> None:
    text = "---\ntitle: T\n---\n\n# T\n\nText"
    roles = markdown.read(SourceText(file="a.md", text=text), SETTINGS, with_roles=True).roles
    assert [role.role for role in roles] == ["front matter"] * 3 + ["blank", "headline", "blank", "text"]


def test_values() -> None:
    assert language_tag("zh_hant_TW") == "zh-Hant-TW"
    assert language_tag("not a language") == ""
    assert direction_of("ku-Arab") == "rtl"
    assert direction_of("ur-Latn") == "ltr"
    assert people_of("") == ((), ())


PARTS = [
    "---\n", "+++\n", "{\n", "}\n", "---", "...\n", "\n", "title: ", "date: ", "tags: ", "authors: ", "image: ",
    "draft: ", "lang: ", "source: ", 'title = "', "date = ", "[params]\n", '"title": "', '",\n', "2024-11-19",
    "T25:61", "- ", "[", "]", "{", "}", ": ", '"', "'", "&a ", "*a", "!!x ", "\t", "  ", "|\n", ">\n", "# ", "Text",
    "Roe, Jane; ", "\x07", "\u00a0", "é", "null", "true", "1e400", "99999999999", "<<: ", "? ", "@", "%", "`",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PARTS), max_size=25).map("".join),
    st.sampled_from(["", "---\n", "---\ntitle: ", "+++\n", "{"]),
)
def test_no_front_matter_raises(text: str, opening: str) -> None:
    found = read(opening + text)
    assert len(found.articles) == 1
    assert all(problem.line <= text.count("\n") + 3 for problem in found.problems)


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    assert len(read("---\n" + text + "\n---\n" + text).articles) == 1
