"""Boxes that a page puts between paragraphs, told by how they stand: fenced, glued together, or a topic and a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sitegen.readers.names import opens_byline
from sitegen.readers.text.evidence import LONGEST_APPEAL, QUOTES
from sitegen.readers.text.lines import CLOSERS, ENDS, Line, is_wide, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.voice import kinship, tells_story, voice

_LOOSE: Final = frozenset({"paragraph", "subhead", "boilerplate"})
_FENCE: Final = 2
_SHORTEST: Final = 3
_FEWEST_PARAGRAPHS: Final = 5
_LONGEST_FENCED: Final = 8
_LONGEST_BLOCK: Final = 16
_LONGEST_PITCH: Final = 200
_LONGEST_LINE: Final = 140
_WEAK: Final = 2
_PAIR: Final = 2
_LABEL_SPACES: Final = 2
_LABEL_WIDE: Final = 8
_FEWEST_SPACES: Final = 2
_WIDE_TITLE: Final = 5
_SENTENCE_SPACES: Final = 8
_TITLE_SPACES: Final = 3
_TITLE_WIDE: Final = 10
_TOPIC: Final = 44
_TOPIC_SPACES: Final = 4
_LINK_SPACES: Final = 5
_LINK_WIDE: Final = 16
_MOST_LINKS: Final = 2
_NEAR: Final = 400
_COLONS: Final = (": ", "\uff1a", " | ")
_ASKS: Final = ("?", "\uff1f", "\u061f", "!", "\uff01")
# `Video: …`, `WATCH | …`, `【動画】…`, `[Photos] …`
_LED_IN = re.compile(r"(?:[【\[(（「<＜](?P<name>[^】\])）」>＞:：|]{1,30})[】\])）」>＞]|(?P<word>[^:：|.!?]{2,30}?)\s?[:：|])\s?")
_ARROWS: Final = "\u25bc\u25b2\u25bd\u25b3\u2193\u2191\u21e9\u21e7\U0001f447\u25b6\u25ba"
_LONGEST_COUNT: Final = 8
_LONGEST_ASKING: Final = 100
_TWO_SENTENCES = re.compile(r"[^.!?]{6,70}[.!?] [^.!?]{4,60}[.!?]")
_COUNT = re.compile(r"\+\d{1,3}|\d{1,2} ?/ ?\d{1,2}")
_OPENS_QUOTE: Final = QUOTES + "\u300c\u300e'"


def drop_boxes(labelled: list[Labelled], phrases: Phrases, *, parted: bool) -> None:
    """Take out of the body what its place shows to be a box of the page; `parted` where blank lines part the paragraphs."""
    # Most lines are paragraphs; only these are looked at.
    short = [at for at, label in enumerate(labelled) if not label.line.prose and label.role in _LOOSE and not label.spans]
    if not short:
        return
    for start, end in _fenced(labelled):
        if _is_fenced_box(labelled[start:end], phrases):
            _drop(labelled, range(start, end), "boxed", "short lines that double blank lines fence off")
    open_ended = [
        at
        for at, label in enumerate(labelled)
        if at and label.role in ("paragraph", "subhead") and not label.spans and _is_open(label.line)
    ]
    for index in open_ended:
        if _is_sign(labelled[index].line.text):
            _drop(labelled, [index], "boilerplate", "arrows, or a count of pictures")
        elif _is_led_in(labelled[index], phrases):
            _drop(labelled, [index], "related-link", "what a page offers, before its title")
    if not parted:
        return
    _drop_repeated(labelled, short)
    for index in short:
        if _is_alone(labelled, index) and _speaks(labelled[index], phrases) and kinship(labelled[index].line.text, phrases):
            _drop(labelled, range(index, _titles_end(labelled, index + 1)), "boilerplate", "words of a page, alone between paragraphs")
    for start, end in _glued(labelled):
        if _is_glued_box(labelled, start, end, phrases):
            _drop(labelled, range(start, end), "boxed", "short lines glued together, apart from the text")
    _drop_links(labelled, open_ended)
    _tell_neighbours(labelled, short, phrases)


def _titles_end(labelled: Sequence[Labelled], start: int) -> int:
    """The index behind the titles that stand alone from `start` on: several, or one that is longer than headings are."""
    end = start
    while end < len(labelled) and _is_alone(labelled, end) and labelled[end].line.text.count(" ") >= _LINK_SPACES:
        end += 1
    one_short = end == start + 1 and labelled[start].line.text.count(" ") < _SENTENCE_SPACES - 1
    return start if one_short else end


def _is_sign(text: str) -> bool:
    """Whether a line points to what stands beside it on the page, `▼ More below ▼`, or counts its pictures, `+3`."""
    if text[0] == text[-1] and text[0] in _ARROWS:
        return True
    return len(text) <= _LONGEST_COUNT and _COUNT.fullmatch(text) is not None


def _is_alone(labelled: Sequence[Labelled], index: int) -> bool:
    """Whether a short line stands between blank lines."""
    label, below = labelled[index], labelled[index + 1 : index + 2]
    return _is_plain(label) and not _is_ended(label.line.text) and label.line.gap > 0 and bool(below) and below[0].line.gap > 0


def _drop_repeated(labelled: list[Labelled], short: Sequence[int]) -> None:
    """A short line that stands between paragraphs twice is the page's; more often, it may name a speaker."""
    places: dict[str, list[int]] = {}
    for index in short:
        label = labelled[index]
        if _is_plain(label) and not _is_ended(label.line.text) and len(label.line.text) > _SHORTEST:
            places.setdefault(label.line.text.casefold(), []).append(index)
    for found in places.values():
        if len(found) > 1 and len(found) * 3 <= sum(label.line.prose for label in labelled):
            _drop(labelled, found, "boilerplate", "stands in the text more than once")


def _tell_neighbours(labelled: list[Labelled], short: Sequence[int], phrases: Phrases) -> None:
    """Of two short lines between paragraphs, each alone, one is no heading: the one that pages write, or a longer first."""
    for index, following in pairwise(short):
        if following != index + 1 or not 0 < index < len(labelled) - 2:
            continue
        first, second, below = labelled[index : index + 3]
        if any(not _is_plain(label) or _is_ended(label.line.text) for label in (first, second)) or not below.line.prose:
            continue
        if not (first.line.gap and second.line.gap and below.line.gap and labelled[index - 1].line.prose):
            continue
        kin = [kinship(label.line.text, phrases) for label in (first, second)]
        if kin[0] and second.line.text.count(" ") >= _SENTENCE_SPACES - (":" in second.line.text):
            _drop(labelled, [index, index + 1], "related-link", "words of a page, and a title below")
        elif kin[0] != kin[1]:
            _drop(labelled, [index + kin[1]], "boilerplate", "words of a page, beside a heading")
        elif _is_title(first.line) and width(first.line.text) > width(second.line.text):
            _drop(labelled, [index], "related-link", "a title above a heading")


def _fenced(labelled: Sequence[Labelled]) -> list[tuple[int, int]]:
    """The stretches between double blank lines, where single ones part the paragraphs."""
    wide = [index for index, label in enumerate(labelled) if label.line.gap >= _FENCE]
    if len(wide) < _FENCE or len(wide) * 3 > len(labelled):
        return []
    return [
        (start, end) for start, end in pairwise(wide) if 1 < end - start <= _LONGEST_FENCED
    ]


def _is_fenced_box(block: Sequence[Labelled], phrases: Phrases) -> bool:
    """Whether no line of a block tells anything, and one at the least ends like no sentence."""
    return all(map(_may_go, block)) and all(
        not label.line.prose
        or label.role == "boilerplate"
        or (len(label.line.text) <= _LONGEST_PITCH and not phrases.narrates(label.line.text.lower()))
        for label in block
    ) and any(not label.line.prose for label in block)  # fmt: skip


def _glued(labelled: Sequence[Labelled]) -> list[tuple[int, int]]:
    """The stretches of two lines and more that no blank line parts, between others."""
    starts = [index for index, label in enumerate(labelled) if index == 0 or label.line.gap]
    ends = [*starts[1:], len(labelled)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start and 1 < end - start <= _LONGEST_BLOCK]


def _is_glued_box(labelled: Sequence[Labelled], start: int, end: int, phrases: Phrases) -> bool:
    """Whether lines that are no sentences, all together, sound like the page's, or are titles of other articles."""
    block = labelled[start:end]
    if not all(map(_may_go, block)):
        return False
    if not all(_is_open(label.line) for label in block):
        return _is_pitch(block, phrases)
    above = labelled[start - 1]
    if above.line.text[-1] in ":\uff1a" or (above.role in ("paragraph", "subhead") and not above.line.prose):
        # What a colon or a heading announces is the article's.
        return False
    kin = all(kinship(label.line.text, phrases) for label in block)
    return kin or _are_titles(block) or any(_speaks(label, phrases) for label in block)


def _are_titles(block: Sequence[Labelled]) -> bool:
    """Whether lines are titles of other articles: one below a label with a colon, or several, perhaps below a heading."""
    if len(block) == _PAIR:
        # Headings stand apart from what they head, where blank lines part the paragraphs.
        return (block[0].line.text[-1] in ":\uff1a" or _is_label(block[0].line)) and _is_title(block[1].line)
    titles = sum(_is_title(label.line) for label in block)
    return titles == len(block) or (titles == len(block) - 1 and not _is_title(block[0].line))


def _is_pitch(block: Sequence[Labelled], phrases: Phrases) -> bool:
    """Whether a heading that speaks of the page is glued to sentences that tell nothing, or its buttons stand among them."""
    first, rest = block[0], block[1:]
    if not _is_open(first.line) or any(_tells(label.line, phrases) for label in rest):
        return False
    if not any(_is_open(label.line) for label in rest):
        kin = kinship(first.line.text, phrases) or voice(first.line.text, phrases) >= _WEAK
        return kin and all(voice(label.line.text, phrases) >= _WEAK or label.role == "boilerplate" for label in rest)
    sentences = sum(not _is_open(label.line) for label in block)
    return sentences * 2 <= len(block) and any(_speaks(label, phrases) for label in block)


def _tells(line: Line, phrases: Phrases) -> bool:
    """Whether a line is a sentence of the article's, or too long for the page's, which speaks of itself where it goes on."""
    if line.text[0] in QUOTES or tells_story(line.text.lower(), phrases):
        return True
    return len(line.text) > (_LONGEST_PITCH if voice(line.text, phrases) < _WEAK else LONGEST_APPEAL)


def drop_foot_blocks(labelled: list[Labelled], phrases: Phrases) -> None:
    """Take out the page's end: from the bottom up, blocks of short lines, with the sentences that are glued to such lines.

    For the copy of a page where blank lines part the paragraphs. What the end says of the article (its services, tags,
    writers) stays.
    """
    starts = [index for index, label in enumerate(labelled) if index == 0 or label.line.gap]
    end, foot = len(labelled), len(labelled)
    for start in reversed(starts[1:]):
        block = labelled[start:end]
        if not _is_foot(block, phrases):
            break
        foot = end = start
    while foot < len(labelled) and _may_be_sentence(labelled, foot, phrases):
        foot += 1
    zone = range(foot, len(labelled))
    if not any(labelled[index].role == "boilerplate" or _speaks(labelled[index], phrases) for index in zone):
        return
    for index in zone:
        if labelled[index].role in ("paragraph", "subhead", "caption", "credit", "list"):
            _drop(labelled, [index], "after-article", "in the blocks with which the page ends")


def _is_foot(block: Sequence[Labelled], phrases: Phrases) -> bool:
    """Whether a block may be the page's end: what no sentence is, or sentences that tell nothing among such lines."""
    lists = any(label.role == "list" for label in block) and not _are_links_below(block)
    if lists or any(label.role == "preformatted" or (label.role == "paragraph" and label.spans) for label in block):
        return False
    if any(label.line.text[-1] in ":\uff1a" and len(label.line.text) > _TOPIC for label in block):
        # It leads on to a list or a quotation.
        return False
    kept = [label for label in block if label.role in ("paragraph", "subhead", "caption", "credit")]
    pictured = any(label.role == "caption" for label in kept)
    if pictured and len(block) <= _PAIR and not any(phrases.rule_of(label.line.text) for label in kept):
        return False
    if len(block) == 1 and _asks_reader(block[0], phrases):
        return True
    sentences = [label for label in kept if label.role == "paragraph" and not _is_open(label.line)]
    if any(_tells(label.line, phrases) for label in sentences):
        return False
    return not sentences or len(sentences) * 2 < len(block)


def _asks_reader(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line is two short sentences that speak of the page: `Any doubts? Send us an e-mail.`"""
    text = label.line.text
    if not _is_plain(label) or len(text) > _LONGEST_ASKING or _tells(label.line, phrases):
        return False
    return _TWO_SENTENCES.fullmatch(text) is not None and voice(text, phrases) >= _WEAK


def _are_links_below(block: Sequence[Labelled]) -> bool:
    """Whether the items of a list, none of them a sentence, hang below a known line of the page or among several."""
    known = block[0].role == "boilerplate" or (block[0].role != "list" and sum(label.role == "boilerplate" for label in block) > 1)
    return known and not any(label.role == "list" and label.line.prose for label in block)


def _may_be_sentence(labelled: Sequence[Labelled], index: int, phrases: Phrases) -> bool:
    """Whether a longer line alone right below the text may be one whose full stop was lost."""
    label, below = labelled[index], labelled[index + 1 : index + 2]
    alone = bool(label.line.gap) and (not below or below[0].line.gap > 0)
    long = label.line.text.count(" ") >= _SENTENCE_SPACES and "! " not in label.line.text
    return alone and long and _is_plain(label) and not _speaks(label, phrases)


def _speaks(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line is the page's for what it says; an age or a time of day stands above a live report's entry too."""
    if label.role == "boilerplate":
        return label.rule != "relative-age" and any(map(str.isalpha, label.line.text))
    return voice(label.line.text, phrases) >= _WEAK


def _may_go(label: Labelled) -> bool:
    return label.role == "boilerplate" or _is_plain(label)


def _is_plain(label: Labelled) -> bool:
    return label.role in ("paragraph", "subhead") and not label.spans


def _is_open(line: Line) -> bool:
    """Whether a line is no sentence, or one question as titles are."""
    text = line.text
    if len(text) > _LONGEST_LINE or text[0] in QUOTES:
        return False
    return not (line.prose or text[-1] in ".\u3002") or (text.endswith(_ASKS) and ". " not in text)


def _is_ended(text: str) -> bool:
    """Whether a line ends as a sentence does, however short."""
    return len(text) > _LONGEST_LINE or text.rstrip(CLOSERS).endswith(ENDS)


def _is_label(line: Line) -> bool:
    """Whether a line is a few words without a mark at their end."""
    text = line.text
    few = len(text) <= _LABEL_WIDE if is_wide(text) else text.count(" ") <= _LABEL_SPACES
    return few and text[-1].isalnum() and not any(map(str.isdigit, text))


def _is_title(line: Line) -> bool:
    text = line.text
    if text[-1] in ".;,:" or text[0].islower():
        return False
    return len(text) >= _TITLE_WIDE if is_wide(text) else text.count(" ") >= _TITLE_SPACES


def _drop_links(labelled: list[Labelled], open_ended: Sequence[int]) -> None:
    """`Topic: What to know about it`, alone between paragraphs: another article's title, where a heading says less."""
    if sum(label.line.prose for label in labelled) < _FEWEST_PARAGRAPHS:
        return
    last = max((index for index, label in enumerate(labelled) if label.line.prose), default=0)
    found = [index for index in open_ended if index < last and _is_link(labelled, index)]
    if 0 < len(found) <= _MOST_LINKS:
        for index in found:
            _drop(labelled, [index], "related-link", "a topic and a title, alone between paragraphs")


def _is_led_in(label: Labelled, phrases: Phrases) -> bool:
    """Whether a line that is no sentence names a film, pictures or another story, with its title behind a mark."""
    text = label.line.text
    if not _is_plain(label) or not _is_open(label.line):
        return False
    match = _LED_IN.match(text)
    rest = text[match.end() :] if match is not None else ""
    if match is None or (len(rest) < _WIDE_TITLE if is_wide(rest) else rest.count(" ") < _FEWEST_SPACES):
        # `Analysis: a new era` may be a heading.
        return False
    return all(word in phrases.lead_ins or word.isdecimal() for word in (match[1] or match[2]).lower().split())


def _is_link(labelled: Sequence[Labelled], index: int) -> bool:
    label, above, below = labelled[index], labelled[index - 1], labelled[index + 1]
    text = label.line.text
    if label.role not in ("paragraph", "subhead") or label.spans or not _is_open(label.line) or text[0].isdigit():
        return False
    if not label.line.gap or not below.line.gap or not above.line.prose or not _may_go(below):
        return False
    if text[0] == "[" and text[-1] == "]":
        return True
    at = min((place for mark in _COLONS if (place := text.find(mark)) > 0), default=0)
    topic, rest = text[:at], text[at + 1 :].lstrip(" |")
    if not 0 < at <= _TOPIC or not rest or rest[0] in _OPENS_QUOTE or topic.count(" ") > _TOPIC_SPACES:
        return False
    if (width(text) < _LINK_WIDE * 2 if is_wide(text) else text.count(" ") < _LINK_SPACES) or text[-1] in ".;,:":
        return False
    # Who is quoted in a heading speaks in the text below it; `Text: Jane Doe` signs the text.
    return not opens_byline(text) and topic not in below.line.text[:_NEAR]


def _drop(labelled: list[Labelled], block: Sequence[int], rule: str, why: str) -> None:
    for index in block:
        if not labelled[index].rule:
            labelled[index] = Labelled(labelled[index].line, "boilerplate", rule=rule, why=why)
