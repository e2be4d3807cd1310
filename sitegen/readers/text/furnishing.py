"""Runs of lines that are the page's as a whole: one sure line takes its weak neighbours with it.

No line is judged by itself here. What parts the runs is the article's prose; what tells them is their strongest line,
how they stand (glued to each other where blank lines part the paragraphs), and how often they name what only a page
names. A lone short line stays what it is, and so does a sentence that tells something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.text.evidence import LONGEST_APPEAL, QUOTES, appeal_of
from sitegen.readers.text.lines import Line, is_wide
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.tail import says_where_printed

_SURE: Final = 6
_SPOKEN: Final = 3
_WEAK: Final = 2
_MOST: Final = 4
_LABEL_SPACES: Final = 2
_LABEL_WIDE: Final = 8
_TITLE_SPACES: Final = 3
_TITLE_WIDE: Final = 10
_LONGEST_TITLE: Final = 140
_SHORT_SENTENCE: Final = 130
_FEWEST_FOOT: Final = 3
_LONGEST_FOOT: Final = 420
_BESIDE: Final = 2
_LONGEST_BOX: Final = 40
_SURE_RULES: Final = frozenset({"boilerplate", "settings", "boxed"})
_AROUND: Final = ".,:;!?\u00a1\u00bf\"\u201c\u201d()[]\u2026\u061f\u060c"


class _PageWords(Struct, frozen=True):
    words: frozenset[str]
    pieces: tuple[str, ...]
    address: frozenset[str]


@by_knowledge()
def _page_words() -> _PageWords:
    table: dict[str, Any] = knowledge("boilerplate")["page-words"]
    return _PageWords(
        frozenset(table["words"].split()), tuple(table["pieces"]), frozenset(table["address"].split())
    )  # fmt: skip


def voice(text: str, phrases: Phrases) -> int:
    """How much a line sounds like the page speaking of itself; 6 is sure, 2 is enough beside what is sure."""
    if len(text) > LONGEST_APPEAL or text[0] in QUOTES:
        return 0
    lowered = text.lower()
    known = _page_words()
    if "@" in text and " " not in text:
        return _SURE
    tokens = {word.strip(_AROUND) for word in lowered.split()}
    named = len(tokens & known.words)
    if not named and is_wide(text):
        named = sum(map(lowered.__contains__, known.pieces))
    spoken = len(tokens & known.address)
    weight = min(_MOST, 2 * named) + (spoken > 0) + (spoken > 1)
    if weight and phrases.narrates(lowered):
        return 0
    return max(appeal_of(text, phrases), weight)


def drop_furnishings(labelled: list[Labelled], phrases: Phrases, *, parted: bool) -> None:
    """Take the runs that are the page's out of the body; `parted` where blank lines part the paragraphs."""
    # Most articles are paragraphs; a sentence is looked at only where it stands beside something else.
    bare = [not label.line.prose or label.role == "boilerplate" for label in labelled]
    run: list[int] = []
    for index, label in enumerate(labelled):
        if (bare[index] or True in bare[max(0, index - _BESIDE) : index + _BESIDE + 1]) and _is_loose(label, phrases):
            run.append(index)
            continue
        if len(run) > 1:
            _judge(labelled, run, phrases, parted=parted)
        run = []
    if len(run) > 1:
        _judge(labelled, run, phrases, parted=parted, last=True)


def _is_loose(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line may be the page's: short, known, or a sentence that speaks of the page."""
    if label.role == "boilerplate":
        return True
    if label.role not in ("paragraph", "subhead") or label.spans or says_where_printed(label.line.text):
        return False
    return not label.line.prose or (len(label.line.text) <= LONGEST_APPEAL and voice(label.line.text, phrases) >= _WEAK)


def _judge(labelled: list[Labelled], run: Sequence[int], phrases: Phrases, *, parted: bool, last: bool = False) -> None:
    blocks: list[list[int]] = []
    for index in run:
        if not blocks or (parted and labelled[index].line.gap):
            blocks.append([])
        blocks[-1].append(index)
    for block in blocks:
        if 1 < len(block) <= _LONGEST_BOX:
            _judge_block(labelled, block, phrases, parted=parted, last=last)


def _judge_block(
    labelled: list[Labelled], block: Sequence[int], phrases: Phrases, *, parted: bool, last: bool
) -> None:
    """Drop of a block what its strongest line takes with it."""
    weights = [_weight(labelled[index], phrases) for index in block]
    apart = parted and len(block) >= _FEWEST_FOOT and max(weights) >= _SPOKEN
    if not apart and max(weights) < _SURE and sum(weight for weight in weights if weight >= _WEAK) < _SURE:
        if parted and _heads_titles([labelled[index].line for index in block]):
            _drop(labelled, block, "related-link", "a label with titles below it, apart from the text")
        return
    if not parted:
        sure = [at for at, weight in enumerate(weights) if weight >= _WEAK]
        # The last short line right above a paragraph is its heading, unless it speaks itself.
        end = len(block) if last else sure[-1] + 1
        block = block[:end]
    _drop(labelled, block, "boxed", "among lines in which the page speaks")


def _weight(label: Labelled, phrases: Phrases) -> int:
    if label.role == "boilerplate":
        return _SURE if label.rule in _SURE_RULES else 0
    return voice(label.line.text, phrases)


def _heads_titles(lines: Sequence[Line]) -> bool:
    """Whether a label of few words stands above titles of other articles, two at the least."""
    first, rest = lines[0].text, lines[1:]
    wide = is_wide(first)
    if (len(first) > _LABEL_WIDE if wide else first.count(" ") > _LABEL_SPACES) or first[-1] in ".!?" or len(rest) < 2:
        return False
    return all(_is_title(line) for line in rest)


def _is_title(line: Line) -> bool:
    text = line.text
    if line.prose or len(text) > _LONGEST_TITLE or text[-1] in ".;,:" or text[0].islower():
        return False
    return len(text) >= _TITLE_WIDE if is_wide(text) else text.count(" ") >= _TITLE_SPACES


def _drop(labelled: list[Labelled], block: Sequence[int], rule: str, why: str) -> None:
    for index in block:
        label = labelled[index]
        if not label.rule and not says_where_printed(label.line.text):
            labelled[index] = Labelled(label.line, "boilerplate", rule=rule, why=why)


def drop_foot(labelled: list[Labelled], phrases: Phrases, *, parted: bool, hangs: bool) -> None:
    """Take out the block with which a page ends, sentences and all; `hangs` where its known end is glued below it.

    Only where blank lines part the paragraphs, and for a block in which lines without an end mark are the more.
    """
    if not parted:
        return
    start = len(labelled)
    while start > 1 and labelled[start - 1].line.gap == 0:
        start -= 1
    start -= 1
    block = range(max(start, 1), len(labelled))
    if len(block) < (2 if hangs else _FEWEST_FOOT):
        return
    plain = [index for index in block if labelled[index].role != "boilerplate"]
    open_ended = sum(not labelled[index].line.prose for index in block)
    known = hangs or any(_weight(labelled[index], phrases) >= _SPOKEN for index in block)
    if not known or open_ended + hangs < len(block) - open_ended:
        return
    for index in plain:
        label = labelled[index]
        text = label.line.text
        if label.role not in ("paragraph", "subhead") or label.spans or len(text) > _LONGEST_FOOT:
            return
        if label.line.prose and len(text) > _SHORT_SENTENCE and phrases.narrates(text.lower()):
            return
    _drop(labelled, block, "after-article", "in the block with which the page ends")
