"""What lines are shown to be by those around them: lists below a colon, boxes of the page, captions without a mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sitegen.readers.spans import Span
from sitegen.readers.text.boxes import drop_boxes
from sitegen.readers.text.evidence import HEADS_LINKS, SPEAKS, appeal_of, as_heading
from sitegen.readers.text.furnishing import drop_furnishings
from sitegen.readers.text.leadcaptions import read_bracketed
from sitegen.readers.text.lines import CLOSERS, ENDS, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_LONGEST_ITEM: Final = 300
_PROSE: Final = 80
_SMALL_BOX: Final = 5
_INVITES: Final = 3
_LONGEST_PITCH: Final = 200
_FEWEST_BARE: Final = 3
_LONGEST_BARE: Final = 220
_MOST_POINTS: Final = 8
_LONGEST_BOXED: Final = 120
_CAPTION_SPACES: Final = 12
_LONGEST_CAPTION: Final = 300
_FEWEST_ENDED: Final = 5


def told_blocks(labelled: list[Labelled], phrases: Phrases) -> list[Labelled]:
    """`labelled` with what whole blocks show: lines that no blank line parts, where blank lines part paragraphs."""
    parted = are_parted(labelled)
    if parted:
        for start, end in _blocks(labelled):
            points = _points(labelled[start:end], phrases)
            if points:
                labelled[start] = Labelled(
                    labelled[start].line, "boilerplate", rule="header-furniture", why="heads the main points"
                )
                for index in range(start + 1, start + 1 + points):
                    label = labelled[index]
                    labelled[index] = Labelled(
                        label.line, "list", (Span(label.line.text, "item"),), why="one of the main points"
                    )
            elif _is_list(labelled, start, end):
                for index in range(start, end):
                    label = labelled[index]
                    labelled[index] = Labelled(
                        label.line, "list", (Span(label.line.text, "item"),), why="below a colon"
                    )
            elif _is_box(labelled[start:end], phrases):
                for index in range(start, end):
                    if not labelled[index].rule:
                        labelled[index] = Labelled(
                            labelled[index].line, "boilerplate", rule="boxed", why="in a box of the page"
                        )
    _drop_between(labelled, phrases)
    _tell_bracketed(labelled)
    drop_boxes(labelled, phrases, parted=parted)
    drop_furnishings(labelled, phrases, parted=parted)
    if parted:
        _drop_alternatives(labelled)
    _tell_captions(labelled)
    _tell_headings(labelled, parted=parted)
    return labelled


def _drop_alternatives(labelled: list[Labelled]) -> None:
    """A short line glued to the caption below it, and to nothing above, is the picture's, not the text's."""
    for index in range(1, len(labelled) - 1):
        label, below = labelled[index], labelled[index + 1]
        if below.role == "caption" and not below.line.gap and label.line.gap and _is_plain(label) and not label.line.prose:
            labelled[index] = Labelled(label.line, "boilerplate", rule="picture-note", why="glued to the caption below")


def _tell_headings(labelled: list[Labelled], *, parted: bool) -> None:
    """A short line between what is now known to be no text, and a paragraph, may be a heading after all."""
    text = False
    for index in range(1, len(labelled) - 1):
        label, above = labelled[index], labelled[index - 1]
        text = text or (above.role == "paragraph" and above.line.prose)
        if label.role != "paragraph" or label.line.prose or label.spans or above.role not in ("boilerplate", "caption", "credit"):
            continue
        if text and labelled[index + 1].role == "paragraph" and labelled[index + 1].line.prose and (label.line.gap or not parted):
            labelled[index] = as_heading(label)


def are_parted(labelled: Sequence[Labelled]) -> bool:
    """Whether blank lines part the paragraphs."""
    prose = [
        label.line.gap > 0
        for label in labelled
        if label.role == "paragraph" and (len(label.line.text) > _PROSE or width(label.line.text) > _PROSE)
    ]
    return sum(prose) * 3 > len(prose) * 2


def _blocks(labelled: Sequence[Labelled]) -> list[tuple[int, int]]:
    """The stretches of two lines and more without a blank line."""
    starts = [index for index, label in enumerate(labelled) if index == 0 or label.line.gap]
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(labelled)], strict=True) if end - start > 1]


def _points(block: Sequence[Labelled], phrases: Phrases) -> int:
    """How many lines below `Key points` are points: two at the least, up to a picture or the block's end."""
    if not _is_plain(block[0]) or block[0].line.text.lower().strip(" :") not in phrases.points:
        return 0
    points = next((at for at, label in enumerate(block[1:]) if not _is_plain(label)), len(block) - 1)
    return points if 1 < points <= _MOST_POINTS else 0


def _is_list(labelled: Sequence[Labelled], start: int, end: int) -> bool:
    above = labelled[start - 1] if start else None
    if above is None or above.role != "paragraph" or not above.line.gap:
        return False
    block = labelled[start:end]
    if above.line.text[-1] in ":\uff1a":
        return all(_is_plain(label) and len(label.line.text) <= _LONGEST_ITEM for label in block)
    # Bullets whose dots were lost: several sentences that stand together, where the text's own stand apart.
    bare = all(_is_plain(label) and label.line.prose and len(label.line.text) <= _LONGEST_BARE for label in block)
    return bare and len(block) >= _FEWEST_BARE and end < len(labelled)


def _is_plain(label: Labelled) -> bool:
    return label.role in ("paragraph", "subhead") and not label.spans


def _is_box(block: Sequence[Labelled], phrases: Phrases) -> bool:
    """Whether half of a block's lines are the page's, and no other is a paragraph or a picture's."""
    if block[0].role == "boilerplate" and len(block) <= _SMALL_BOX and appeal_of(block[0].line.text, phrases) >= _INVITES:
        # `Subscribe to The Post` and what is said for it, in a text whose own paragraphs stand apart.
        return all(label.role == "boilerplate" or (_is_plain(label) and len(label.line.text) <= _LONGEST_PITCH) for label in block)
    known = sum(label.role == "boilerplate" and label.rule != "relative-age" for label in block)
    rest = [label for label in block if label.role != "boilerplate"]
    if known * 2 < len(block) or not all(_is_plain(label) and len(label.line.text) <= _LONGEST_BOXED for label in rest):
        return False
    # One line of the page may hang above a heading.
    return known > 1 or (block[0].why in (HEADS_LINKS, SPEAKS) and all(not label.line.prose for label in rest))


def _drop_between(labelled: list[Labelled], phrases: Phrases) -> None:
    """A short line between two of the page's that sounds like theirs goes with them."""
    for index in range(1, len(labelled) - 1):
        label = labelled[index]
        around = (labelled[index - 1], labelled[index + 1])
        if not _is_plain(label) or label.line.prose or any(other.role != "boilerplate" for other in around):
            continue
        if appeal_of(label.line.text, phrases) > 1:
            labelled[index] = Labelled(label.line, "boilerplate", rule="boilerplate", why="between lines of the page")


def _tell_captions(labelled: list[Labelled]) -> None:
    """A longer line that no full stop ends, between paragraphs that all have theirs, stood under a picture."""
    open_ended = [
        index for index, label in enumerate(labelled)
        if label.role == "paragraph" and label.line.text[-1] != "." and not _has_end(label)
    ]  # fmt: skip
    ended = sum(label.role == "paragraph" for label in labelled) - len(open_ended)
    if not open_ended or ended < _FEWEST_ENDED or len(open_ended) * 3 > ended:
        return
    for index in open_ended:
        text = labelled[index].line.text
        inside = any(label.role == "paragraph" for label in labelled[:index]) and any(
            label.role == "paragraph" and label.line.prose for label in labelled[index + 1 :]
        )
        long = text.count(" ") >= _CAPTION_SPACES and len(text) <= _LONGEST_CAPTION
        if inside and long and not labelled[index].spans and text[0].isupper() and text[-1].isalnum():
            labelled[index] = Labelled(
                labelled[index].line, "caption", (Span(text, "caption"),), why="no full stop ends it"
            )


def _tell_bracketed(labelled: list[Labelled]) -> None:
    """A line that ends in a name in brackets stood under a picture, where the paragraphs have their full stops.

    Below the last paragraph it signs the text.
    """
    last = next((at for at in reversed(range(len(labelled))) if labelled[at].role == "paragraph" and labelled[at].line.prose), 0)
    for index in range(last):
        label = labelled[index]
        spans = read_bracketed(label.line.text) if label.line.text[-1] in ")）" and _is_plain(label) and label.line.gap else None
        if spans is not None:
            labelled[index] = Labelled(label.line, "caption", spans, why="a name in brackets ends it")


def _has_end(label: Labelled) -> bool:
    text = label.line.text
    return text.rstrip(CLOSERS).endswith((*ENDS, ":", ";", ","))
