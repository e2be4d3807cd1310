"""The benchmarks' corpus: always the same, as long and as tagged as it claims, and read by sitegen as what it is."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sitegen.bodies import render_body
from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Article

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
TOTAL = 4_000
SAMPLE = range(0, TOTAL, 100)


@pytest.fixture(scope="module")
def corpus() -> Iterator[ModuleType]:
    # The benchmarks are scripts, not a package: they import each other by their bare names.
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("corpus")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def newsroom(corpus: ModuleType) -> Any:
    return corpus.Newsroom(seed=1, total=TOTAL)


@pytest.fixture(scope="module")
def stories(newsroom: Any) -> list[Any]:
    return [newsroom.story(number) for number in range(1_000)]


def read(corpus: ModuleType, story: Any, layout: str) -> Article:
    file = corpus.place_of(story, layout)
    reading = read_source(file, corpus.text_of(story, layout).encode(), ReadingSettings())
    assert [problem for problem in reading.problems if problem.severity != "note"] == []
    (article,) = reading.articles
    return article


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("layout", ["markdown", "dump", "hugo", "pelican"])
def test_same_seed_makes_the_same_files(corpus: ModuleType, tmp_path: Path, layout: str) -> None:
    for name in ("first", "second"):
        newsroom = corpus.Newsroom(seed=7, total=50)
        corpus.write_stories(tmp_path / name, layout, map(newsroom.story, range(20)))
        corpus.write_pictures(tmp_path / name / "images")
    assert tree(tmp_path / "first") == tree(tmp_path / "second")
    articles = [path for path in tree(tmp_path / "first") if not path.startswith("images/") and "_index" not in path]
    assert len(articles) == 20


def test_another_seed_makes_another_archive(corpus: ModuleType, newsroom: Any) -> None:
    other = corpus.Newsroom(seed=2, total=TOTAL)
    assert other.story(5).headline != newsroom.story(5).headline


def test_article_does_not_depend_on_those_made_before(corpus: ModuleType, stories: list[Any]) -> None:
    assert corpus.Newsroom(seed=1, total=TOTAL).story(321) == stories[321]


def test_articles_have_350_to_900_words(newsroom: Any) -> None:
    words = [newsroom.story(number).words for number in range(0, TOTAL, 4)]
    assert min(words) >= 350
    assert max(words) <= 900
    assert 580 < sum(words) / len(words) < 680


def test_articles_are_spread_over_ten_years_in_the_order_of_their_numbers(newsroom: Any) -> None:
    dates = [newsroom.story(number).published for number in SAMPLE]
    assert dates == sorted(dates)
    years = Counter(newsroom.story(number).published.year for number in range(0, TOTAL, 10))
    assert len(years) == 10
    assert max(years.values()) - min(years.values()) <= 2


def test_tags_follow_zipfs_law(newsroom: Any) -> None:
    counts = Counter(tag for number in range(TOTAL) for tag in newsroom.story(number).tags)
    ranked = [count for _, count in counts.most_common()]
    assert len(ranked) > 400
    # An article bears a tag once only, which takes most from the commonest.
    assert 1.3 < ranked[0] / ranked[1] < 2.2
    assert 5 < ranked[0] / ranked[9] < 11
    assert 7 < ranked[9] / ranked[99] < 13
    assert all(2 <= len(newsroom.story(number).tags) <= 6 for number in SAMPLE)


def test_added_article_is_the_newest_and_has_its_new_tags(newsroom: Any, stories: list[Any]) -> None:
    added = newsroom.story(TOTAL, new_tags=2)
    assert added.published > newsroom.story(TOTAL - 1).published
    assert len(set(added.tags) - set(newsroom.tags)) == 2


def test_slugs_are_unique(stories: list[Any]) -> None:
    assert len({story.slug for story in stories}) == len(stories)


def test_corpus_has_all_that_newspapers_print_and_one_picture_each(corpus: ModuleType, stories: list[Any]) -> None:
    texts = [corpus.text_of(story, "markdown").partition("\n---\n")[2] for story in stories]
    assert all(text.count("\n![") == 1 for text in texts)
    assert all("\n## " in text for text in texts)
    for mark, least in (("](https://", 900), ("**", 400), (" *", 400), ("\n- ", 50), ("\n1. ", 20), ("\n> ", 60)):
        assert sum(mark in text for text in texts) > least, mark


@pytest.mark.parametrize("layout", ["markdown", "pelican"])
def test_reader_finds_what_the_markdown_layouts_say(corpus: ModuleType, newsroom: Any, layout: str) -> None:
    for number in SAMPLE:
        story = newsroom.story(number)
        article = read(corpus, story, layout)
        assert article.title == story.headline
        assert article.summary == story.standfirst
        assert article.authors == story.authors
        assert article.source == story.source
        assert tuple(tag.name for tag in article.tags) == story.tags
        assert article.published is not None
        assert article.published.instant() == story.published
        assert (article.updated and article.updated.instant()) == story.updated


def test_reader_finds_what_a_raw_dump_says(corpus: ModuleType, newsroom: Any) -> None:
    for number in SAMPLE:
        story = newsroom.story(number)
        article = read(corpus, story, "dump")
        assert article.title == story.headline
        assert article.authors == story.authors
        assert (article.source, article.section) == (story.source, story.desk)
        assert article.published is not None
        assert article.published.instant() == story.published


@pytest.mark.parametrize("layout", ["markdown", "dump"])
def test_body_keeps_its_length_whatever_the_layout(corpus: ModuleType, newsroom: Any, layout: str) -> None:
    for number in SAMPLE:
        story = newsroom.story(number)
        article = read(corpus, story, layout)
        body = render_body(article, file=corpus.place_of(story, layout))
        # A dash between spaces is a word to one counter and none to the other, and a raw dump's figures hold captions.
        assert body.words == pytest.approx(story.words, rel=0.08)
        assert 350 <= body.words <= 900
        assert len(body.figures) == 1


def test_raw_dump_has_no_markup_left(corpus: ModuleType, stories: list[Any]) -> None:
    for story in stories[:200]:
        text = corpus.text_of(story, "dump")
        assert "](" not in text
        assert "*" not in text
