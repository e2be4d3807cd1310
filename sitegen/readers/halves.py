"""Half an article: a text in no export that begins or stops inside a sentence, as a copy does that went wrong."""

from __future__ import annotations

from typing import Final

from sitegen.problems import report
from sitegen.readers.text.lines import CLOSERS, ENDS
from sitegen.records import Article, Paragraph, Problem

__all__ = ["halves"]

_SENTENCE: Final = 60
_FEWEST: Final = 3
_FURTHER: Final = (",", ";", "-", "–", "—")


def halves(articles: tuple[Article, ...], text: str, *, file: str) -> tuple[Problem, ...]:
    """Warnings for the first article of a source where it begins inside a sentence, and for the last where it stops in one."""
    if not articles:
        return ()
    found = []
    first = next((block for block in articles[0].body if isinstance(block, Paragraph)), None)
    if first is not None and not articles[0].title and len(first.text) > _SENTENCE and first.text[0].islower():
        hint = "the text begins inside a sentence, and without a headline; put back what is missing above it"
        found.append(report("W207", hint, file=file, line=articles[0].line))
    paragraphs = [block.text for block in articles[-1].body if isinstance(block, Paragraph)]
    end = text.rstrip()
    if len(paragraphs) >= _FEWEST and _stops(paragraphs) and end.endswith(paragraphs[-1][-_SENTENCE // 3 :]):
        hint = "the text stops here, inside a sentence; put back what is missing below it"
        found.append(report("W207", hint, file=file, line=end.count("\n") + 1))
    return tuple(found)


def _stops(paragraphs: list[str]) -> bool:
    """Whether the last of them ends as no other does: in a word or a comma."""
    last = paragraphs[-1]
    if len(last) < _SENTENCE or not (last[-1].islower() or last.endswith(_FURTHER)):
        return False
    return all(text.rstrip(CLOSERS).endswith(ENDS) for text in paragraphs[:-1])
