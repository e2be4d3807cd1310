"""Evidence for what a short line of the body is, weighed; when in doubt it is a paragraph, and nothing is lost."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from sitegen.readers.spans import Span
from sitegen.readers.text.lines import CLOSERS, ENDS, Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_SUBHEAD_LENGTH: Final = 110
_SHORTEST: Final = 6
_SURE: Final = 6
_NEAR: Final = 64
_QUOTED_HEADING: Final = 7
SURE: Final = _SURE
SPEAKS: Final = "speaks to the reader"
LONGEST_APPEAL: Final = 320
QUOTES: Final = '"\u201c\u00ab\u201e\u2018'
# What a sentence of the page between paragraphs holds nearly always; a cheap test.
_PITCHES: Final = ("ewsletter", "inbox", "ign up", "ubscri", "hatsApp", "hatsapp", "elegram", "ouTube", "ookies", "Privacy", "APP", "app ")
_COURTEOUS: Final = ("kindly ", "please ", "bitte ", "por favor", "veuillez ", "lütfen ", "пожалуйста")
_COURTESY = re.compile(r"(?:kindly|please|bitte|por favor,?|veuillez|lütfen|пожалуйста,?) ")
_AROUND_VERB: Final = ".,:;!\u00a1\u00bf*\u261e>-\u2013\u2014\u2022"
_SENTENCES = re.compile(r"[.!] +")
_VERB: Final = 3
_PLAIN: Final = 120
HEADS_LINKS: Final = "a known phrase (related)"
_PAGE_RULES: Final = frozenset({"end", "related"})


class Surroundings(Struct, frozen=True, kw_only=True, gc=False):
    """What stands around a line."""

    prose_before: bool
    prose_after: bool
    fenced: bool
    short_before: bool


def weigh(line: Line, around: Surroundings, phrases: Phrases) -> Labelled:
    """The role for which the evidence is best: boilerplate, subhead or paragraph."""
    text = line.text
    rule = phrases.rule_of(text)
    if rule and not (rule in ("navigation", "related-link", "share") and _may_be_content(text, around, rule)):
        named = "boilerplate" if rule in _PAGE_RULES else rule
        return Labelled(
            line, "boilerplate", rule=named, why=HEADS_LINKS if rule == "related" else f"a known phrase ({rule})"
        )
    appeal, reasons = _appeal(text, around, phrases, prose=line.prose)
    if appeal >= _SURE:
        return Labelled(line, "boilerplate", rule="boilerplate", why=reasons)
    speaks = not line.prose or opens_appeal(text, phrases) or any(map(text.__contains__, _PITCHES))
    # `[Video: …]` stands for what the page shows there.
    stands_in = text[0] == "[" and text[-1] == "]" and ":" in text and len(text) <= _PLACEHOLDER
    if stands_in or (speaks and appeal_of(text, phrases) + around.fenced * 2 >= _SURE):
        return Labelled(line, "boilerplate", rule="boilerplate", why=SPEAKS)
    if _is_shouted_link(line, around):
        return Labelled(line, "boilerplate", rule="related-link", why="a title in capitals between paragraphs")
    if not line.prose and len(text) <= _SUBHEAD_LENGTH:
        weight, reasons = _headline_weight(text, around)
        if weight >= _SURE:
            return Labelled(line, "subhead", why=reasons)
    return Labelled(line, "paragraph")


def _is_shouted_link(line: Line, around: Surroundings) -> bool:
    """Whether a line is another article's title in capitals, longer than a heading is."""
    text = line.text
    return (
        around.prose_before and around.prose_after and text.isascii() and text.isupper() and text[-1].isalnum()
        and text.count(" ") >= _SHOUTED and line.gap > 0
    )  # fmt: skip


_LABEL_SPACES: Final = 2
_PLACEHOLDER: Final = 50
_SHOUTED: Final = 5


def _may_be_content(text: str, around: Surroundings, rule: str) -> bool:
    """Whether a word of the page's furniture may be a subhead here: `Politics`, with prose right above and below."""
    if rule == "share":
        return False
    if rule == "related-link" and text.count(" ") < _LABEL_SPACES:
        return False
    if rule == "related-link":
        return (
            text[0] not in "[("
            and ":" not in text
            and "\uff1a" not in text
            and "|" not in text
            and "\u00bb" not in text
            and ">" not in text
        )
    return around.prose_before and around.prose_after and not around.fenced


def _appeal(text: str, around: Surroundings, phrases: Phrases, *, prose: bool) -> tuple[int, str]:
    """How much a line sounds like the page speaking to its reader."""
    if not _SHORTEST <= len(text) <= 160 or (prose and not around.fenced):
        # All that speaks for it is not enough where a sentence stands in no box.
        return 0, ""
    weight, reasons = 0, []
    first = text.split(" ", 1)[0].lower().strip("\"'\u201c")
    if first in phrases.imperatives:
        weight, reasons = 3, ["an imperative"]
    if around.fenced:
        weight += 3
        reasons.append("fenced by double blank lines")
    if text.endswith("!"):
        weight += 1
        reasons.append("an exclamation mark")
    lowered = text.lower()
    if "newsletter" in lowered or "inbox" in lowered or "subscri" in lowered:
        weight += 3
        reasons.append("speaks of a newsletter")
    if prose or text[0] in '"\u201c\u00ab\u201e':
        weight -= 3
    if around.prose_before and around.prose_after and not around.fenced:
        weight -= 1
    return weight, ", ".join(reasons)


def appeal_of(text: str, phrases: Phrases) -> int:
    """How much a text of any length sounds like the page speaking to its reader; `_SURE` and more is sure."""
    return 0 if len(text) > LONGEST_APPEAL or text[0] in QUOTES else _appeal_of(text, phrases)


@lru_cache(maxsize=1024)
def _appeal_of(text: str, phrases: Phrases) -> int:
    lowered = text.lower()
    words = phrases.appeal
    if lowered.startswith(_COURTEOUS):
        lowered = _COURTESY.sub("", lowered)
    first = lowered.split(" ", 1)[0].strip(_AROUND_VERB)
    weight = (
        _VERB
        if first in words.verbs
        or (not first.isascii() and first[:2] in words.verbs)
        or first.rpartition("-")[0] in words.verbs
        else 0
    )
    if weight and len(text) <= _PLAIN and ("." in text[:-1] or "!" in text[:-1]):
        # `Support our newsroom. Donate now.`
        further = [part.split(" ", 1)[0] for part in _SENTENCES.split(lowered)[1:]]
        if further and words.verbs.issuperset(word.strip(_AROUND_VERB) for word in further):
            weight += _VERB if len(set(words.address.findall(lowered))) > 1 else 0
    plain = not weight and len(text) > _PLAIN
    if not (words.strong_hints if plain else words.hints).stand_in(lowered):
        # Without one of their words there is nothing to weigh but the verb.
        return weight
    weight += min(6, 3 * len(set(words.strong.findall(lowered))))
    if plain and not weight:
        return 0
    if weight >= _VERB and first in words.verbs:
        # The verb itself is counted once.
        lowered = lowered.partition(" ")[2]
    weight += min(4, 2 * len(set(words.weak.findall(lowered))))
    weight += min(2, len(set(words.address.findall(lowered))))
    weight += text.endswith(("!", ":"))
    if phrases.narrates(text.lower()):
        weight -= 5
    return weight


def opens_appeal(text: str, phrases: Phrases) -> bool:
    """A cheap test for a longer line with which the page may speak to its reader."""
    return len(text) <= LONGEST_APPEAL and text.split(" ", 1)[0].lower().strip(_AROUND_VERB) in phrases.appeal.verbs


def as_heading(label: Labelled) -> Labelled:
    """A short line with text above and below, as the heading that it may be."""
    around = Surroundings(prose_before=True, prose_after=True, fenced=False, short_before=False)
    weight, reasons = _headline_weight(label.line.text, around)
    heads = weight >= _SURE and len(label.line.text) <= _SUBHEAD_LENGTH
    return Labelled(label.line, "subhead", why=reasons) if heads else label


def _headline_weight(text: str, around: Surroundings) -> tuple[int, str]:
    """How much a short line looks like a heading between paragraphs."""
    if not around.prose_after or not around.prose_before:
        return 0, ""
    weight, reasons = 5, ["short, prose above and below"]
    last = text[-1]
    if last in ".,;:\u2026\u3002\uff0c\uff1b" or last in "-\u2013\u2014":
        return 0, ""
    bare = text.rstrip(CLOSERS)
    if not bare or bare.endswith((".", "!", ",")) or text[0] in "([" or not any(map(str.isalpha, text)):
        return 0, ""
    words = text.count(" ") + 1
    if words <= 12:
        weight += 2
        reasons.append("few words")
    first = text.lstrip("\"'\u201c\u2018\u00ab\u201e(\u00bf\u00a1\u300c\u300e\u3008\u300a\u3010 ")[:1]
    if first.islower() or (first and not first.isalnum()):
        weight -= 3
    quoted = text[0] in '"\u201c\u00ab\u201e' and text[-1] in '"\u201d\u00bb\u201c'
    if quoted and (words > _QUOTED_HEADING or bare[-1] in "?:;"):
        # Somebody speaks; a heading may quote a few words.
        weight -= 2
    return weight, ", ".join(reasons)


def split_glued(line: Line, phrases: Phrases) -> Labelled | None:
    """A paragraph to which page furniture is glued: at its beginning, its end, or between two sentences."""
    text = line.text
    if len(text) < _SHORTEST or not phrases.may_be_glued(text):
        return None
    spans: list[Span] = []
    position = 0
    for match in phrases.glued.finditer(text):
        if not _stands_apart(text, match.start(), match.end()):
            continue
        if text[position : match.start()].strip():
            spans.append(Span(text[position : match.start()].strip(), "paragraph"))
        spans.append(Span(match[0].strip(), "drop", rule="boilerplate"))
        position = match.end()
    if not spans:
        return None
    if text[position:].strip():
        spans.append(Span(text[position:].strip(), "paragraph"))
    return Labelled(line, "paragraph", tuple(spans), why="page furniture is glued to it")


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether a phrase begins where a sentence has ended and ends where one begins or the line is over."""
    # No further than one has to look: to cut the whole line in two for each phrase takes time by the square.
    before, after = text[max(0, start - _NEAR) : start].rstrip(), text[end : end + _NEAR]
    begins = not before or before.rstrip(CLOSERS).endswith(ENDS)
    lead = after.lstrip(" .")
    return begins and (not lead or lead[0].isupper() or not lead[0].isalpha())
