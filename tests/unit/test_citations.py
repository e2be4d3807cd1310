"""Citations: a line, BibTeX and CSL-JSON."""

from __future__ import annotations

import json

import pytest

from sitegen.citations import Citation, cite
from sitegen.localise import Localiser
from sitegen.records import Article, Moment

ENGLISH = Localiser.for_language("en")


def cited(article: Article, date: str = "2024-11-19", canonical: str = "https://archive.example/one.html") -> Citation:
    return cite(article, ident=article.id, date=date, canonical=canonical, archive="The Archive", localiser=ENGLISH)


def test_own_article_is_cited_by_its_address_here() -> None:
    article = Article(
        id="abc", title="One", authors=("Jane Doe", "Li Wei"), source="The Post", rights="own", section="World"
    )
    citation = cited(article)
    assert citation.plain.startswith("Jane Doe, Li Wei, “One”, The Post, ")
    assert citation.plain.endswith(". https://archive.example/one.html")
    assert citation.bibtex == (
        "@article{doe2024-abc,\n  author = {Jane Doe and Li Wei},\n  title = {{One}},\n  journal = {The Post},\n"
        "  year = {2024},\n  month = nov,\n  day = {19},\n"
        "  url = {https://archive.example/one.html},\n  language = {en},\n}"
    )
    assert json.loads(citation.csl) == [
        {
            "id": "abc",
            "type": "article-newspaper",
            "title": "One",
            "author": [{"literal": "Jane Doe"}, {"literal": "Li Wei"}],
            "container-title": "The Post",
            "section": "World",
            "issued": {"date-parts": [[2024, 11, 19]]},
            "URL": "https://archive.example/one.html",
            "language": "en",
        }
    ]


def test_copy_is_cited_by_its_first_address_and_by_the_archive() -> None:
    article = Article(
        id="abc",
        title="One",
        source="The Post",
        original_url="https://post.example/1",
        retrieved=Moment("2024-12-01", "day"),
    )
    citation = cited(article)
    assert citation.plain.endswith(". https://post.example/1. The Archive, https://archive.example/one.html")
    item = json.loads(citation.csl)[0]
    assert (item["URL"], item["archive"], item["archive_location"]) == (
        "https://post.example/1",
        "The Archive",
        "https://archive.example/one.html",
    )
    assert item["accessed"] == {"date-parts": [[2024, 12, 1]]}


@pytest.mark.parametrize(("date", "parts"), [("", None), ("1957", [1957]), ("1957-10", [1957, 10])])
def test_date_is_as_precise_as_it_is_known(date: str, parts: list[int] | None) -> None:
    citation = cited(Article(id="abc", title="One"), date=date, canonical="")
    assert json.loads(citation.csl)[0].get("issued") == (parts and {"date-parts": [parts]})
    assert ("year" in citation.bibtex) == bool(date)
    assert ("month" in citation.bibtex) == (len(date) > 4)
    assert "day =" not in citation.bibtex


@pytest.mark.parametrize("title", ["50 % & $5 #1_2 {x} ~ ^ \\", "}}} , @misc{evil,", "a\nb", "“Quotes” 测试"])
def test_no_title_ends_its_field(title: str) -> None:
    bibtex = cited(Article(id="abc", title=title, authors=("A, B and C",), source=title)).bibtex
    bare = bibtex.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    depth = 0
    for number, char in enumerate(bare):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth > 0 or number in (len(bare) - 1, *range(8))
    assert "author = {{A, B and C}}" in bibtex
    json.loads(cited(Article(id="abc", title=title)).csl)


def test_article_without_headline_and_source_is_not_cited() -> None:
    assert cited(Article(id="abc")) == Citation("", "", "")
