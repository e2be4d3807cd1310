"""Where an article ends and the page's end begins: related stories, comments, tags, copyright."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.dates import DateRules
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_TEASER: Final = 180
_MARKER: Final = 60
_URL = re.compile(r"https?://[^\s<>\"]{4,2000}")


def find_end(lines: Sequence[Line], phrases: Phrases) -> int:
    """The index of the first line that is no longer the article, or the number of lines.

    A marker ends the article only if the rest holds less prose than stands above it: a page may also invite to comment
    at its top.
    """
    total = 0
    sums = [0]
    for line in lines:
        total += len(line.text) if line.prose else 0
        sums.append(total)
    longest_after = 0
    end = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        text = lines[index].text
        length = len(text)
        if length < _MARKER and sums[index] > 0:
            rule = phrases.rule_of(text)
            above, below = sums[index], total - sums[index + 1]
            if (rule == "end" and below <= above) or (
                rule == "related" and longest_after < _TEASER and below * 3 <= above
            ):
                end = index
        if length > longest_after and lines[index].prose:
            longest_after = length
    return end


def label_end(lines: Sequence[Line], phrases: Phrases, *, credited: bool, rules: DateRules) -> list[Labelled]:
    """Labels for the page's end: tags, an address and a late byline are kept, all else is dropped."""
    labelled = []
    for line in lines:
        tags = phrases.tags.fullmatch(line.text) if len(line.text) < 400 else None
        byline = None if credited or len(line.text) > 80 else read_byline(line.text, rules)
        if tags is not None:
            labelled.append(tag_line(line, tags))
        elif byline is not None and byline.people and not labelled:
            labelled.append(Labelled(line, "byline", byline.spans))
        else:
            rule = phrases.rule_of(line.text) or "after-article"
            labelled.append(
                Labelled(line, "boilerplate", rule=_DROPPED_AS.get(rule, rule), why="below the article's end")
            )
    return labelled


_DROPPED_AS: Final = {"end": "boilerplate", "related": "after-article", "navigation": "after-article"}


def tag_line(line: Line, match: re.Match[str]) -> Labelled:
    """`Tags: Turkey, Hamas` as its tags."""
    spans = [Span(match["word"].strip(), "marker")]
    for part in re.split(r"\s*([,;|·•،、#])\s*", match["names"]):
        name = part.strip(" .")
        if name:
            spans.append(Span(name, "marker" if name in ",;|·•،、#" else "tag"))
    return Labelled(line, "tags", tuple(spans))
