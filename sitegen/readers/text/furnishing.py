"""Runs of lines that are the page's as a whole: one sure line takes its weak neighbours with it.

No line is judged by itself here. What parts the runs is the article's prose; what tells them is their strongest line,
how they stand (glued to each other where blank lines part the paragraphs), and how often they name what only a page
names. A lone short line stays what it is, and so does a sentence that tells something.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sitegen.readers.text.evidence import HEADS_LINKS, LONGEST_APPEAL, QUOTES
from sitegen.readers.text.lines import Line, is_wide
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.tail import says_where_printed
from sitegen.readers.text.voice import voice

_SURE: Final = 6
_SPOKEN: Final = 3
_WEAK: Final = 2
_LABEL_SPACES: Final = 2
_LABEL_WIDE: Final = 8
_TITLE_SPACES: Final = 3
_TITLE_WIDE: Final = 10
_LONGEST_TITLE: Final = 140
_SHORT_SENTENCE: Final = 130
_FEWEST_FOOT: Final = 3
_LONGEST_FOOT: Final = 420
_BOX: Final = 6
_LONGEST_PITCH: Final = 200
_STEPS: Final = 2
_HEADING_SPACES: Final = 5
_BESIDE: Final = 2
_LONGEST_BOX: Final = 40
_SURE_RULES: Final = frozenset({"boilerplate", "settings", "boxed"})


def drop_furnishings(labelled: list[Labelled], phrases: Phrases, *, parted: bool) -> None:
    """Take the runs that are the page's out of the body; `parted` where blank lines part the paragraphs."""
    bare = [not label.line.prose or label.role == "boilerplate" for label in labelled]
    if parted:
        starts = [index for index, label in enumerate(labelled) if label.line.gap or not index]
        for start, end in pairwise([*starts, len(labelled)]):
            if end - start > 1:
                _judge(labelled, range(start, end), phrases, parted=True, last=end == len(labelled))
    else:
        _judge_runs(labelled, bare, phrases)
    _drop_between(labelled, bare, phrases)
    _drop_titles(labelled, parted=parted)


def _judge_runs(labelled: list[Labelled], bare: Sequence[bool], phrases: Phrases) -> None:
    """Judge the runs that only what their lines are parts from the text."""
    run: list[int] = []
    for index, label in enumerate(labelled):
        # Most articles are paragraphs; a sentence is looked at only where it stands beside something else.
        beside = bare[index] or True in bare[max(0, index - _BESIDE) : index + _BESIDE + 1]
        if beside and _is_loose(label, phrases):
            run.append(index)
        else:
            _judge(labelled, run, phrases, parted=False)
            run = []
    _judge(labelled, run, phrases, parted=False, last=True)


def _drop_between(labelled: list[Labelled], bare: Sequence[bool], phrases: Phrases) -> None:
    """What stands between two lines of the page, with nothing but such lines and short ones between them."""
    if sum(bare) < _FEWEST_FOOT:
        return
    start = 0
    while start < len(labelled):
        end = start
        while end < len(labelled) and bare[end] and _may_go(labelled[end]):
            end += 1
        run = range(start, end)
        if _FEWEST_FOOT <= len(run) <= _LONGEST_BOX:
            weights = [_weight(labelled[index], phrases) for index in run]
            strong = [at for at, weight in enumerate(weights) if weight > _WEAK]
            if len(strong) > 1 and strong[-1] - strong[0] <= _STEPS * len(strong):
                _drop(labelled, run[strong[0] : strong[-1] + 1], "boxed", "between lines in which the page speaks")
        start = end + 1


def _drop_titles(labelled: list[Labelled], *, parted: bool) -> None:
    """The titles below a heading of links, up to the next sentence."""
    for index, label in enumerate(labelled):
        if label.why != HEADS_LINKS:
            continue
        for at in range(index + 1, min(index + _LONGEST_BOX, len(labelled))):
            below = labelled[at]
            if below.rule:
                continue
            if not _may_go(below) or not _is_title(below.line) or (parted and below.line.gap):
                break
            if not parted and below.line.text.count(" ") < _HEADING_SPACES and not is_wide(below.line.text):
                break
            _drop(labelled, [at], "related-link", "below a heading of links")


def _is_loose(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line may be the page's: short, known, or a sentence that speaks of the page."""
    if not _may_go(label):
        return False
    return (
        label.role == "boilerplate"
        or not label.line.prose
        or (len(label.line.text) <= LONGEST_APPEAL and voice(label.line.text, phrases) >= _WEAK)
    )


def _may_go(label: Labelled) -> bool:
    """Whether a line is nothing that the record keeps for what it is: a caption, an agency, a list, the paper's name."""
    if label.role == "boilerplate":
        return True
    return label.role in ("paragraph", "subhead") and not label.spans and not says_where_printed(label.line.text)


def _judge(labelled: list[Labelled], run: Sequence[int], phrases: Phrases, *, parted: bool, last: bool = False) -> None:
    """Judge a run that no box is shorter or longer than."""
    if not 1 < len(run) <= _LONGEST_BOX:
        return
    if parted and not all(_is_loose(labelled[index], phrases) for index in run):
        # Short lines around a sentence, all glued to each other: an article's own stand apart.
        ends = not labelled[run[0]].line.prose and not labelled[run[-1]].line.prose
        if len(run) < _FEWEST_FOOT or not ends or not all(_is_note(labelled[index], phrases) for index in run):
            return
    _judge_block(labelled, run, phrases, parted=parted, last=last)


def _is_note(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line tells nothing, and is no longer than what a page says of itself."""
    text = label.line.text
    return _may_go(label) and len(text) <= _LONGEST_FOOT and not (label.line.prose and phrases.narrates(text.lower()))


def _judge_block(
    labelled: list[Labelled], block: Sequence[int], phrases: Phrases, *, parted: bool, last: bool
) -> None:
    """Drop of a block what its strongest line takes with it."""
    weights = [_weight(labelled[index], phrases) for index in block]
    apart = parted and len(block) >= _FEWEST_FOOT and max(weights) >= _SPOKEN
    if not apart and max(weights) < _SURE and sum(weight for weight in weights if weight >= _WEAK) < _SURE:
        if parted and _ends_in_button([labelled[index].line for index in block]):
            _drop(labelled, block, "boxed", "lines glued together down to a button, apart from the text")
        elif parted and _heads_titles([labelled[index].line for index in block]):
            _drop(labelled, block, "related-link", "a label with titles below it, apart from the text")
        return
    if not parted:
        # The last short line right above a paragraph is its heading, unless it speaks itself.
        block = block if last or weights[-1] >= _WEAK else block[:-1]
    _drop(labelled, block, "boxed", "among lines in which the page speaks")


def _weight(label: Labelled, phrases: Phrases) -> int:
    if label.role == "boilerplate":
        return _SURE if label.rule in _SURE_RULES else 0
    return voice(label.line.text, phrases)


def _ends_in_button(lines: Sequence[Line]) -> bool:
    """Whether lines, three at the least and the first no sentence, end in a word or two, as what is pressed does."""
    first, button = lines[0], lines[-1].text
    if not _FEWEST_FOOT <= len(lines) <= _BOX or first.prose or any(line.text[0] in QUOTES for line in lines):
        return False
    if button[-1] in ".:;,)" or any(map(str.isdigit, button)) or any(len(line.text) > _LONGEST_PITCH for line in lines):
        return False
    return len(button) <= _LABEL_WIDE if is_wide(button) else button.count(" ") < _LABEL_SPACES


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
    alone = hangs and len(block) == 1 and not labelled[-1].line.prose
    if len(block) < (2 if hangs else _FEWEST_FOOT) and not alone:
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
