"""Evidence for what a short line of the body is, weighed; when in doubt it is a paragraph, and nothing is lost."""

from __future__ import annotations

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
        return Labelled(line, "boilerplate", rule=named, why=HEADS_LINKS if rule == "related" else f"a known phrase ({rule})")
    appeal, reasons = _appeal(text, around, phrases, prose=line.prose)
    if appeal >= _SURE:
        return Labelled(line, "boilerplate", rule="boilerplate", why=reasons)
    if not line.prose and len(text) <= _SUBHEAD_LENGTH:
        weight, reasons = _headline_weight(text, around)
        if weight >= _SURE:
            return Labelled(line, "subhead", why=reasons)
    return Labelled(line, "paragraph")


def _may_be_content(text: str, around: Surroundings, rule: str) -> bool:
    """Whether a word of the page's furniture may be a subhead here: `Politics`, with prose right above and below."""
    if rule == "share":
        return False
    if rule == "related-link":
        return ":" not in text and "|" not in text and "\u00bb" not in text and ">" not in text
    return around.prose_before and around.prose_after and not around.fenced


def _appeal(text: str, around: Surroundings, phrases: Phrases, *, prose: bool) -> tuple[int, str]:
    """How much a line sounds like the page speaking to its reader."""
    if not _SHORTEST <= len(text) <= 160:
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
    first = text.lstrip("\"'\u201c\u2018\u00ab\u201e(\u00bf\u00a1 ")[:1]
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
