"""Front matter of every kind is read, and nothing that it says is lost, however deeply it is nested."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.readers.matter_values import words_in
from sitegen.records import Article, ListBlock, Reading

SETTINGS = ReadingSettings()
KEYS = ["title", "summary", "author", "authors", "tags", "section", "source", "image", "params", "layout", "weight", "aliases"]
WORDS = st.integers(0, 400).map(lambda number: f"word{number}")
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
NESTED = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(["name", "email", "x", "url", "slug"]), inner, min_size=1),
    ),
    max_leaves=12,
)


def _wrapped(value: object, depth: int) -> object:
    for level in range(depth):
        value = [value] if level % 3 else {"x": value}
    return value


MATTER = st.dictionaries(
    st.sampled_from(KEYS), st.builds(_wrapped, NESTED, st.integers(0, 14)), min_size=1, max_size=5
)


def _yaml(matter: dict[str, object]) -> str:
    return f"---\n{yaml.safe_dump(matter, sort_keys=False)}---\n"


def _flow(matter: dict[str, object]) -> str:
    return f"---\n{yaml.safe_dump(matter, sort_keys=False, default_flow_style=True)}---\n"


def _json(matter: dict[str, object]) -> str:
    return json.dumps(matter, indent=2) + "\n"


def _json_on_one_line(matter: dict[str, object]) -> str:
    return f"---\n{json.dumps(matter)}\n---\n"


def _toml(matter: dict[str, object]) -> str:
    def value(item: object) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f"{key} = {value(inner)}" for key, inner in item.items()) + "}"
        return f"[{', '.join(map(value, item))}]" if isinstance(item, list) else json.dumps(item)

    plain = [f"{key} = {value(item)}" for key, item in matter.items() if not isinstance(item, dict)]
    tables = [
        f"[{key}]\n" + "\n".join(f"{inner} = {value(each)}" for inner, each in item.items())
        for key, item in matter.items() if isinstance(item, dict)
    ]  # fmt: skip
    return "+++\n" + "\n".join((*plain, *tables)) + "\n+++\n"


def held(article: Article) -> set[str]:
    """The words of a record, in its fields, its text and what was dropped."""
    texts = [article.title, article.summary, article.source, article.section, article.slug,
             article.permalink, *article.authors, *article.agencies,
             *article.aliases, *(tag.name for tag in article.tags), *(drop.text for drop in article.dropped)]  # fmt: skip
    texts += [text or "" for figure in article.figures for text in (figure.caption, figure.credit, figure.alt, figure.file)]
    texts += [getattr(block, "text", "") for block in article.body if not isinstance(block, ListBlock)]
    return words_in(texts)


@pytest.mark.parametrize("write", [_yaml, _flow, _json, _json_on_one_line, _toml], ids=lambda write: write.__name__)
@settings(max_examples=150, deadline=None)
@given(matter=MATTER)
def test_every_word_of_nested_values_is_kept(write: object, matter: dict[str, object]) -> None:
    assert callable(write)
    text = write(matter)
    reading = read_source("a.md", f"{text}\nThe text of it.\n".encode(), SETTINGS)
    (article,) = reading.articles
    assert [getattr(block, "text", "") for block in article.body] == ["The text of it."]
    lost = {word for word in words_in([text]) if word.startswith("word")} - held(article)
    assert not lost, text


def read(text: str) -> Reading:
    return read_source("a.md", text.encode("utf-8", "surrogatepass"), SETTINGS)


def one(text: str) -> Article:
    (article,) = read(f"{text}\nThe text of it.\n").articles
    assert [getattr(block, "text", "") for block in article.body] == ["The text of it."]
    return article


@pytest.mark.parametrize(
    "matter",
    [
        '---\n{title: Bridge opens, date: 2024-01-02, tags: [Harbour, "Big Ships"], author: {name: Ann Lee}}\n---\n',
        '---\n{\n  title: Bridge opens,\n  date: 2024-01-02,\n  tags: [Harbour, Big Ships],\n  author: Ann Lee\n}\n---\n',
        '---\n{"title": "Bridge opens", "date": "2024-01-02",\n\t"tags": ["Harbour", "Big Ships"], "author": "Ann Lee"}\n---\n',
        '---json\n{"title": "Bridge opens", "date": "2024-01-02", "tags": ["Harbour", "Big Ships"], "author": "Ann Lee"}\n---\n',
        '---js\n{\n  title: "Bridge opens",\n  date: "2024-01-02",\n  tags: ["Harbour", "Big Ships"],\n  author: "Ann Lee",\n}\n---\n',
        '---toml\ntitle = "Bridge opens"\ndate = 2024-01-02\ntags = ["Harbour", "Big Ships"]\nauthor = "Ann Lee"\n---\n',
        ';;;\n"title": "Bridge opens",\n"date": "2024-01-02",\n"tags": ["Harbour", "Big Ships"],\n"author": "Ann Lee"\n;;;\n',
        "---\n1: one\n2: two\n? [x]\n: y\ntitle: Bridge opens\ndate: 2024-01-02\ntags: Harbour, Big Ships\nauthor: Ann Lee\n---\n",
        "---\nbase: &base\n  author: Ann Lee\n  tags: [Harbour, Big Ships]\n<<: *base\ntitle: Bridge opens\ndate: 2024-01-02\n---\n",
        "Lead image: a.jpg\nTitle: Bridge opens\nDate: 2024-01-02\nTags: Harbour, Big Ships\nAuthor: Ann Lee\n\n",
        '---\ntitle: Bridge opens\ncreated: 2024-01-02\ntags:\n  - "#Harbour"\n  - Big Ships\nauthor: "[[Ann Lee]]"\n---\n',
        "---\ntitle: Bridge opens\ndate_published: 2024-01-02\ntags: Harbour, Big Ships\nprimary_author: {name: Ann Lee, slug: ann}\n---\n",
    ],
    ids=["flow", "flow lines", "json in rules", "eleventy json", "eleventy js", "eleventy toml", "hexo", "odd keys", "merge", "pelican",
         "obsidian", "ghost"],
)  # fmt: skip
def test_front_matter_as_other_programs_write_it(matter: str) -> None:
    article = one(matter)
    assert article.published is not None
    assert (article.title, article.published.iso, article.authors) == ("Bridge opens", "2024-01-02", ("Ann Lee",))
    assert {tag.name for tag in article.tags} == {"Harbour", "Big Ships"}


def test_empty_front_matter_is_no_text() -> None:
    assert one("---\n---\n").title == ""


def test_two_rules_around_a_text_in_braces_are_no_front_matter() -> None:
    (article,) = read("---\n{sic} was all that he said.\n---\n\nMore.\n").articles
    assert "{sic} was all" in str(article.body)


@pytest.mark.parametrize("kind", ["---\n{}\n---\n", "{{{}}}\n"], ids=["YAML", "JSON"])
def test_surrogate_pairs_are_one_character_and_halves_stay_as_written(kind: str) -> None:
    pair = '"title": "A \\ud83c\\udf1d moon", "slug": "\\\\x-\\ud83c\\udf1d", "note": "it\'s"'
    article = one(kind.format(pair if "---" not in kind else "\n".join(pair.split(", "))))
    assert (article.title, article.slug) == ("A \U0001f31d moon", "\\x-\U0001f31d")
    half = one(kind.format('"title": "A \\ud83c moon"'))
    assert half.title == "A \\ud83c moon"


def test_aliases_that_make_much_of_little_cost_their_own_values_only() -> None:
    names = "abcdefghij"
    lines = ['a: &a ["lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol"]']
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(names)]
    article = one("---\n" + "\n".join(lines) + "\ntitle: Bomb\nsummary: *j\ntags: [Ships]\n---\n")
    assert (article.title, [tag.name for tag in article.tags]) == ("Bomb", ["Ships"])
    assert [drop.text for drop in article.dropped if drop.rule == "unknown-key"] == lines
    assert article.summary == "*j"


def test_a_value_nested_too_deeply_is_told_and_kept_as_written() -> None:
    reading = read("---\ntitle: Deep\nsummary: " + "[" * 12 + "words" + "]" * 12 + "\ndate: 2024\n---\n\nText.\n")
    assert reading.articles[0].summary.strip("[]") == "words"
    assert [(problem.code, problem.line) for problem in reading.problems] == [("W214", 3)]


def test_lines_of_a_value_that_nobody_knows_are_all_kept() -> None:
    article = one('+++\ntitle = "T"\n[[resources]]\nsrc = "a.jpg"\ntitle = "A harbour"\n[[resources]]\nsrc = "b.jpg"\n+++\n')
    assert re.sub(r"\s", "", article.dropped[0].text) == '[[resources]]src="a.jpg"title="Aharbour"[[resources]]src="b.jpg"'
