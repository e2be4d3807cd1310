"""Expected records of source texts, kept as JSON beside them, and how a reading is held against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Article, Moment, Paragraph, Preformatted, Reading, Subhead

SUFFIX = ".expected.json"


def sources_in(folder: Path) -> list[str]:
    """The names of the texts in a folder that have an expected record."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))


def expectation(folder: Path, name: str) -> dict[str, Any]:
    """What a text is to be read as."""
    expected: dict[str, Any] = json.loads((folder / f"{name}{SUFFIX}").read_text("utf-8"))
    return expected


def reading_of(folder: Path, name: str, *, with_roles: bool = False) -> Reading:
    """What a text is read as, at the path that its expectation names."""
    data = (folder / name).read_bytes()
    return read_source(expectation(folder, name)["file"], data, ReadingSettings(), with_roles=with_roles)


def _iso(moment: Moment | None) -> str | None:
    return moment.iso if moment else None


def _paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Paragraph)]


def _field(article: Article, name: str) -> Any:
    """One field as the expectations write it."""
    texts = _paragraphs(article)
    values: dict[str, Any] = {
        "published": _iso(article.published),
        "updated": _iso(article.updated),
        "retrieved": _iso(article.retrieved),
        "authors": list(article.authors),
        "agencies": list(article.agencies),
        "tags": [tag.name for tag in article.tags],
        "captions": [[figure.caption, figure.credit] for figure in article.figures],
        "subheads": [block.text for block in article.body if isinstance(block, Subhead)],
        "preformatted": [block.text for block in article.body if isinstance(block, Preformatted)],
        "paragraphs": len(texts),
        "first": texts[0] if texts else "",
        "last": texts[-1] if texts else "",
        "dropped": [drop.rule for drop in article.dropped],
        "private": [drop.text for drop in article.dropped if drop.private],
    }
    return values[name] if name in values else getattr(article, name)


def shown(reading: Reading, expected: dict[str, Any]) -> dict[str, Any]:
    """The reading in the expectation's form, with the fields that it names; `same` marks articles that share an id."""
    articles = []
    for index, article in enumerate(reading.articles):
        wanted = expected["articles"][index] if index < len(expected["articles"]) else {"title": ""}
        articles.append({name: _field(article, name) for name in wanted if name != "same"})
    return {
        "layout": reading.layout,
        "articles": articles,
        "problems": sorted([p.code, p.line] for p in reading.problems if p.code != "N301"),
    }


def wanted(expected: dict[str, Any]) -> dict[str, Any]:
    """The expectation in the form that `shown` gives."""
    return {
        "layout": expected["layout"],
        "articles": [{k: v for k, v in article.items() if k != "same"} for article in expected["articles"]],
        "problems": sorted(expected["problems"]),
    }
