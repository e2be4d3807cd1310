"""Lines that a source repeats in many articles are taken out of its texts, where a person let `learned.toml` say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from sitegen.config import LearnedLine
from sitegen.records import Article, Block, Drop, LineRole, Paragraph, Reading, Subhead

RULE: Final = "learned"


def line_key(text: str) -> str:
    """What makes two lines the same: case and white space do not count."""
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4)
def _by_source(lines: tuple[LearnedLine, ...]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        found.setdefault(line_key(line.source), set()).add(line_key(line.text))
    return {source: frozenset(keys) for source, keys in found.items()}


def without_learned(reading: Reading, text: str, lines: tuple[LearnedLine, ...]) -> Reading:
    """`reading` of the source `text` without the learned lines of each article's source."""
    by_source = _by_source(lines)
    if not any(line_key(article.source) in by_source for article in reading.articles):
        return reading
    places = _Places(text)
    articles = tuple(_cleared(article, by_source.get(line_key(article.source), frozenset()), places)
                     for article in reading.articles)  # fmt: skip
    dropped = {drop.line for article in articles for drop in article.dropped if drop.rule == RULE}
    roles = tuple(LineRole(role.line, "boilerplate", role.text, f"dropped: {RULE}") if role.line in dropped else role
                  for role in reading.roles)  # fmt: skip
    return replace(reading, articles=articles, roles=roles)


class _Places:
    """On which lines of a source a text stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers: dict[str, list[int]] = {}

    def line_of(self, key: str, *, after: int) -> int:
        """The first line from `after` on that is this text, or `after` where a wrap cut it apart."""
        if not self._numbers:
            for number, line in enumerate(self._text.split("\n"), 1):
                if line.strip():
                    self._numbers.setdefault(line_key(line), []).append(number)
        return next((number for number in self._numbers.get(key, ()) if number >= after), after)


def _cleared(article: Article, keys: frozenset[str], places: _Places) -> Article:
    if not keys:
        return article
    kept: list[Block] = []
    dropped: list[Drop] = []
    for block, key in _keyed(article.body):
        if key in keys and isinstance(block, Paragraph | Subhead):
            after = max(article.line, dropped[-1].line + 1 if dropped else 0)
            dropped.append(Drop(line=places.line_of(key, after=after), text=block.text, rule=RULE))
        else:
            kept.append(block)
    # An article of nothing else would vanish; then the line is what there is to show.
    if not dropped or not (kept or article.figures or article.summary):
        return article
    return replace(article, body=tuple(kept), dropped=(*article.dropped, *dropped))


def _keyed(body: tuple[Block, ...]) -> Iterator[tuple[Block, str]]:
    for block in body:
        yield block, line_key(block.text) if isinstance(block, Paragraph | Subhead) else ""
