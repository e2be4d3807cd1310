"""A line that stood under a picture: caption, credit, doubled credit and repeated alternative text told apart."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.capitals import credit_name
from sitegen.readers.spans import Span
from sitegen.readers.text.phrases import credit_patterns
from sitegen.readers.text.unmarked import BARE_TAIL, NAME, Found, find_unmarked, in_capitals

_LONGEST: Final = 2_000
_TAIL: Final = 160
_LONGEST_GLUED: Final = 400
_SHORTEST_GLUED: Final = 8
_SHORTEST_AGAIN: Final = 4
_LEADS: Final = frozenset("0123456789[VvOoIi▲△▼↑")
_OPENING: Final = 90
_CLOSED: Final = (")", ").", "\uff09", "]")
# `(AP Photo/Jane Doe)`, `(Jane Doe/AFP via Getty Images)`, `(REUTERS/Jane Doe)`: in parentheses, or after a full stop.
_PARENTHESES = re.compile(r"\((?P<credit>[^()]{2,120})\)\.?$")
_SHORTEST_CAPTION: Final = 20
# `(Submitted by Harbour Parks)`
_GIVEN_BY = re.compile(r"\((?P<credit>(?:[Ss]ubmitted|[Pp]rovided|[Ss]upplied|[Cc]ourtesy|[Cc]ontributed|[Hh]andout)\b[^()]{0,70})\)\.?$")
# `[File: Jane Doe/AFP]`
_BRACKETS = re.compile(r"\[(?:[Ff]ile:\s*)?(?P<credit>[^\[\]]{2,120})\]$")
# `The bridge at night (Quelle: dpa)`
_SOURCE = re.compile(r"\((?:Quelle|Source|Fuente|Fonte|Bron|Kilde|Källa|Источник) ?: ?(?P<credit>[^():]{2,40})\)$")
# `[ JANE DOE | Times ]`
_BARRED = re.compile(rf"\[ ?(?P<credit>{NAME}(?:\s(?:de|la|van|von|{NAME})){{1,3}} \| {NAME}(?:\s{NAME}){{0,3}}) ?\]$")
_AGENCY = r"[A-Z][\w.&'\u2019 /-]{1,60}?"
# After a sentence a credit may be anything up to its end; else only the two words before the stroke are a name.
_AFTER_SENTENCE = re.compile(
    rf"(?:(?<=[.!?\"'\u201d\u2019)\]])\s*|^)(?P<credit>(?:AP Photo|{NAME}(?:\s{NAME}){{0,3}})\s?/\s?{_AGENCY})\.?$"
)
# How picture agencies begin a caption; a dateline has no colon behind its day.
_PLACE_AND_DAY = re.compile(r"[A-Z][A-Z .,'\u2019-]{2,60} - [A-Z]{3,9}\.? \d{1,2}(?:, \d{4})?: ")
# `… in the evening.Jane Doe (AFP)`: copying glued the name to the full stop, and no full stop ends the line.
_GLUED_NAME = re.compile(
    r"(?<=[^\W\d_]{3}[.!?\u00bb\u201d])(?P<credit>[A-ZÀ-Þ][\w'\u2019-]+(?:\s(?:de|del|la|van|von|di|da|[A-ZÀ-Þ][\w.'\u2019-]*)){1,3}"
    r"(?:\s?\((?P<agency>[^()]{2,30})\))?)$"
)
_IN_SENTENCE = re.compile(rf"\s(?P<credit>{NAME}\s{NAME}/{_AGENCY})$")


def read_caption(text: str) -> tuple[Span, ...] | None:
    """The spans of a caption with its credit, or None where the line shows no sign of a picture."""
    if len(text) > _LONGEST:
        return None
    spans = _read_trimmed(text) or _read_doubled(text)
    if spans is not None:
        return spans
    if text[0] == "(" and text[-1] == ")" and ":" in text and "(" not in text[1:]:
        # `(Cover picture: The bridge. Photo: Jane Doe)`
        inner = _read_bare(text[1:-1].strip())
        if inner is not None and {"caption", "credit"} <= {span.fate for span in inner}:
            return (Span("(", "marker"), *inner, Span(")", "marker"))
    return _read_bare(text)


def _read_trimmed(text: str) -> tuple[Span, ...] | None:
    """A caption between what copying glued to it; None where nothing is glued, or the rest shows no sign of a picture."""
    patterns = credit_patterns()
    leader = patterns.leader.match(text) if text[0] in _LEADS else None
    trailer = patterns.trailer.search(text, max(0, len(text) - _TAIL)) if text.endswith(patterns.trailer_ends) else None
    if leader is None and trailer is None:
        return None
    start, end = leader.end() if leader else 0, trailer.start() if trailer else len(text)
    inner = text[start:end].strip()
    spans = _read_bare(inner) if inner else None
    if spans is None:
        return None
    before = (Span(text[:start].strip(), "drop", rule="picture-note"),) if leader else ()
    after = (Span(text[end:].strip(), "drop", rule="picture-note"),) if trailer else ()
    return (*before, *spans, *after)


def _read_doubled(text: str) -> tuple[Span, ...] | None:
    """A caption whose credit in brackets copying set behind it once more."""
    at = max(text.rfind(") ", max(0, len(text) - _TAIL)), text.rfind("） ", max(0, len(text) - _TAIL)))
    again = text[at + 2 :] if at > 0 else ""
    if len(again) < _SHORTEST_AGAIN or not text.endswith(again, 0, at):
        return None
    spans = _read_bare(text[: at + 1])
    return None if spans is None else (*spans, Span(again, "drop", rule="doubled-credit"))


def _read_bare(text: str) -> tuple[Span, ...] | None:
    found = _find_credit(text)
    if found is None and not _may_be_opened(text):
        return None
    opening = credit_patterns().opening.match(text)
    if found is None:
        if _PLACE_AND_DAY.match(text):
            return tuple(_caption_and_alt(text))
        if opening is None or opening.end() == len(text):
            return None
        return _with_opening(opening, text[opening.end() :])
    start, word, credit, end = found.start, found.mark, found.credit, found.end
    spans: list[Span] = []
    # What parts the two is neither's.
    caption = (
        text[:start]
        .rstrip(" |\u00b7\u2022" if word else " ")
        .removesuffix(" -")
        .removesuffix(" \u2013")
        .removesuffix(" \u2014")
    )
    if caption:
        caption, doubled = _doubled_credit(caption, credit)
        if doubled:
            spans.append(Span(doubled, "drop", rule="doubled-credit"))
    opening = credit_patterns().opening.match(caption)
    if opening is not None and opening.end() < len(caption):
        spans.append(Span(opening["word"], "marker"))
        caption = caption[opening.end() :]
    spans += _caption_and_alt(caption)
    if word:
        spans.append(Span(word, "marker"))
    spans.append(Span(credit, "credit", value=credit_name(credit)))
    rest = text[end:].strip()
    if rest:
        spans.append(Span(rest, "marker"))
    return tuple(spans)


def may_have_credit(text: str) -> bool:
    """A cheap test that rules out nearly all prose."""
    if text[-1] == ".":
        # Neither what copying glues behind a caption nor a name that it glued to a sentence ends so.
        return text[-2:] == ")." or "/" in text[-BARE_TAIL:] or _may_have_mark(text)
    return (
        text.endswith(_CLOSED)
        or "/" in text[-BARE_TAIL:]
        or _may_have_mark(text)
        or text.endswith(credit_patterns().trailer_ends)
        or may_end_in_name(text)
        or may_be_unmarked(text)
    )


def may_be_unmarked(text: str) -> bool:
    """A cheap test for a credit behind a bar or a full stop, at the end of a line that none ends."""
    if text[-1] in ".!?\u201d\"" or len(text) > _LONGEST_GLUED or not text[-1].isalpha():
        return False
    tail = text[-BARE_TAIL - 10 :]
    return (
        ". " in tail
        or "=" in tail
        or " | " in tail
        or "? " in tail
        or '" ' in tail
        or "\u201d " in tail
        or "/" in tail
        or "\u2502" in tail
    )


def _may_have_mark(text: str) -> bool:
    """Whether a credit word with its colon, or `photo by`, may stand near the end."""
    tail = text[-_TAIL:]
    if "\u00a9" in tail:
        return True
    if not tail.isascii():
        # What stands behind a credit's word; the last three do in East Asia.
        tail = tail.replace("\uff1a", ":").replace("\uff0f", ":").replace("\uff1d", ":").replace("=", ":")
    if ":" in tail:
        # Nearly every colon stands behind another word.
        words = credit_patterns().before_colon
        parts = tail.lower().split(":")[:-1]
        if any(part.rstrip().endswith(words) for part in parts):
            return True
    if "..." in tail and "credit..." in tail.lower():
        return True
    return " by " in tail and any(map(tail.lower().__contains__, credit_patterns().before_name))


def may_open_caption(text: str) -> bool:
    """A cheap test for `FILE PHOTO:` and the like at a line's beginning."""
    if not _may_be_opened(text):
        return False
    return credit_patterns().opening.match(text) is not None or _PLACE_AND_DAY.match(text) is not None


def _may_be_opened(text: str) -> bool:
    """A cheaper test yet: all that opens a caption has a colon, or begins as one of a few words do."""
    head = text[:_OPENING]
    return ":" in head or "\uff1a" in head or text[:3].lower() in credit_patterns().label_starts or text[0] in "\u060c,"


def _with_opening(opening: re.Match[str], rest: str) -> tuple[Span, ...]:
    word = opening["word"]
    if word.lower().strip(" ,\u060c\uff0c\u3001:\uff1a") in credit_patterns().sources:
        return (Span(word, "marker"), Span(rest, "credit", value=credit_name(rest)))
    return (Span(word, "marker"), *_caption_and_alt(rest))


def _find_credit(text: str) -> Found | None:
    """Where the credit is; no pattern wanders over a long line, for a credit stands at its end."""
    found = _in_parentheses(text) if text.endswith(_CLOSED) else None
    if found is None and _may_have_mark(text):
        found = _after_mark(text)
    if found is None and "/" in text[-BARE_TAIL:]:
        found = _bare(text)
    return found or _glued_name(text) or find_unmarked(text)


def _glued_name(text: str) -> Found | None:
    if not may_end_in_name(text):
        return None
    match = _GLUED_NAME.search(text, max(0, len(text) - BARE_TAIL))
    return None if match is None else Found(match.start(), "", match["credit"], match.end())


def may_end_in_name(text: str) -> bool:
    """A cheap test for a full stop that a name follows without a space, at the end of a short line."""
    if not _SHORTEST_GLUED <= len(text) <= _LONGEST_GLUED or text[-1] in ".!?\u201d\"'\u2019":
        return False
    base = max(0, len(text) - BARE_TAIL)
    find = text.rfind
    stop = max(find(".", base), find("!", base), find("?", base), find("\u00bb", base), find("\u201d", base))
    return 0 < stop < len(text) - 4 and text[stop + 1].isupper()


def _in_parentheses(text: str) -> Found | None:
    if text[-1] == "]":
        return _in_brackets(text)
    start = len(text)
    # The inner parentheses of `(credit: Jane Doe (AP))` are tried before the outer ones.
    for _ in range(2):
        start = max(text.rfind("(", 0, start), text.rfind("\uff08", 0, start))
        if start < 0 or len(text) - start > _TAIL:
            break
        match = credit_patterns().in_parentheses.match(text, start)
        if match is not None:
            return Found(start, match["open"] + match["word"], match["credit"].strip(), match.end("credit"))
        match = _SOURCE.match(text, start) if start > _SHORTEST_CAPTION else None
        if match is not None and is_agency(match["credit"]) and text[:start].rstrip()[-1] not in ".!?\"\u201d":
            return Found(start, text[start : match.start("credit")].strip(), match["credit"], match.end("credit"))
        match = _GIVEN_BY.match(text, start)
        if match is None and start > _SHORTEST_CAPTION and text[start - 2] not in ".!?\"\u201d" and text[-1] != ".":
            # Behind a full stop it signs a story.
            match = _PARENTHESES.match(text, start)
            # `JANE DOE (EFE)` is a name and its agency.
            apart = "(" not in text[:start] and not text[:start].rstrip().rpartition(" ")[2].isupper()
            match = match if match is not None and apart and is_agency(match["credit"]) else None
        if match is not None:
            return Found(start, "(", match["credit"].strip(), match.end("credit"))
        match = _PARENTHESES.match(text, start)
        if match is not None and _names_picture_agency(match["credit"]):
            return Found(start, "(", match["credit"].strip(), match.end("credit"))
    return in_capitals(text)


def _in_brackets(text: str) -> Found | None:
    start = text.rfind("[")
    marked = credit_patterns().in_parentheses.match(text, start) if start > 0 else None
    if marked is not None:
        return Found(start, marked["open"] + marked["word"], marked["credit"].strip(), marked.end("credit"))
    marked = credit_patterns().in_parentheses.match(f"({text[start + 1 : -1]})") if start > 0 and ":" in text[start:] else None
    if marked is not None:
        # `[Photo credit: Harbour Bank]`
        return Found(start, f"[{marked['word']}", marked["credit"].strip(), start + marked.end("credit"))
    match = _BARRED.match(text, start) if start > 0 else None
    if match is not None:
        return Found(start, "[", match["credit"], match.end("credit"))
    match = _BRACKETS.match(text, start) if start > 0 else None
    if match is None or not _names_picture_agency(match["credit"]):
        return None
    return Found(start, text[start : match.start("credit")], match["credit"].strip(), match.end("credit"))


def _after_mark(text: str) -> Found | None:
    base = max(0, len(text) - _TAIL)
    match = credit_patterns().after_colon.search(text, base)
    if match is None or not (
        _is_credit(match["credit"], alone=match.start() == 0) or _is_small_agency(match["credit"], match["word"])
    ):
        return None
    return Found(match.start(), match["word"], match["credit"].strip(), match.end("credit"))


def _bare(text: str) -> Found | None:
    base = max(0, len(text) - 110)
    match = _AFTER_SENTENCE.search(text, base) or _IN_SENTENCE.search(text, base)
    if match is None or not _names_picture_agency(match["credit"], sure=match.re is _AFTER_SENTENCE):
        return None
    word, _, named = match["credit"].partition(" ")
    if " " in named and word.lower() in credit_patterns().words:
        # `… of the harbour. Photo Jane Doe/AFP`
        return Found(match.start("credit"), word, named, match.end("credit"))
    return Found(match.start("credit"), "", match["credit"], match.end("credit"))


def _is_credit(credit: str, *, alone: bool) -> bool:
    """Whether what follows `Photo:` is a name: few words, the first with a capital, no sentence."""
    words = credit.split()
    if not 0 < len(words) <= 10 or credit.isdecimal() or not words[0][0].isalnum() or (words[0][0].islower() and words[0][0].isascii()):
        return False
    small = sum(word[0].islower() and word not in _SMALL for word in words)
    return small == 0 if not alone else small <= 1


def _is_small_agency(credit: str, word: str) -> bool:
    """Whether a credit in small letters is one: `dpa`, `picture alliance/dpa`, or anything short behind the sign."""
    parts = [part.strip() for part in re.split(r"[/|,]|\svia\s", credit)]
    return any(map(is_agency, parts)) or (word == "\u00a9" and len(credit.split()) <= _SIGNED and credit[0].isalpha())


_SIGNED: Final = 5
_SMALL: Final = frozenset(
    [
        "by",
        "for",
        "of",
        "the",
        "via",
        "and",
        "de",
        "la",
        "von",
        "van",
        "der",
        "del",
        "di",
        "da",
        "et",
        "y",
        "und",
        "from",
        "at",
        "in",
        "on",
    ]
)


def _names_picture_agency(credit: str, *, sure: bool = True) -> bool:
    """Whether a credit without a mark names an agency beside a person, as no sentence does."""
    if sure and credit.startswith(("AP Photo", "Getty Images", "REUTERS/", "Reuters/", "AFP/", "EPA/", "AP/")):
        return True
    parts = re.split(r"\s?/\s?|\s(?:via|for)\s", credit)
    return len(parts) > 1 and len(credit.split()) < 12 and any(is_agency(part) for part in parts[1:])


def _doubled_credit(caption: str, credit: str) -> tuple[str, str]:
    """The caption without the credit that copying put before it a second time, and that credit."""
    if not caption[: len(credit) + 24].casefold().lstrip("(").startswith(credit.casefold()):
        marked = re.match(r"\(?[^\W\d_]+(?: [^\W\d_]+)?\s?:\s*", caption)
        if marked is None or not caption[marked.end() :].casefold().startswith(credit.casefold()):
            return caption, ""
        end = marked.end() + len(credit)
    else:
        end = len(caption) - len(caption.lstrip("(")) + len(credit)
    closed = caption[end : end + 1] in (")", "]")
    if not closed and not ("/" in credit or credit.isupper()):
        return caption, ""
    end += closed
    if end < len(caption) and caption[end].isalnum() and not closed:
        return caption, ""
    rest = caption[end:].lstrip(" .:;,-\u2013\u2014")
    return rest, caption[: len(caption) - len(rest)].rstrip()


def _caption_and_alt(caption: str) -> list[Span]:
    """The caption, and before it the alternative text where the caption repeats it."""
    if not caption:
        return []
    limit = len(caption) // 2
    head = caption[:12]
    position = caption.find(head, 12) if len(head) == 12 else -1
    while 0 < position <= limit + 1:
        first = caption[:position].rstrip()
        if caption.startswith(first, position):
            return [Span(first, "alt"), Span(caption[position:], "caption")]
        position = caption.find(head, position + 1)
    return [Span(caption, "caption")]
