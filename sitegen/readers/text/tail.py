"""Where an article ends and the page's end begins: related stories, comments, tags, copyright."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.dates import DateRules, parse_date
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.agencies import read_agency_line
from sitegen.readers.text.evidence import SPEAKS, appeal_of
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.stamps import read_stamp
from sitegen.readers.text.voice import voice
from sitegen.readers.text.writers import FULL_NAMES

_TEASER: Final = 180
_MARKER: Final = 60
_REACH: Final = 9
_APPEAL: Final = 5
_NOTICE: Final = 600
_NOTES: Final = 4
_SHORT_SENTENCE: Final = 100
_FOOT_LINES: Final = 2
_STRAY: Final = 8
# `Published in The Post, April 1st, 2018`
_PRINTED = re.compile(
    r"(?P<mark>(?:[Ff]irst |[Oo]riginally )?[Pp]ublished (?:in|by)) (?P<source>(?:[Tt]he )?[A-Z][\w.&'\u2019 -]{1,50}),? (?:on )?"
    r"(?P<date>[A-Z\d][^,]{2,14},? \d[^,]{0,10},? ?\d{0,4}\.?)"
)
_SIGNED = re.compile(r"[.!?\"\u201d] (?P<agency>[A-Z]{2,12})$")
_SENTENCE = re.compile(r".{40,400}?[.!?\u3002](?=\s)")
_URL = re.compile(r"https?://[^\s<>\"]{4,2000}")


def says_where_printed(text: str) -> bool:
    """Whether a line says in which paper the text was printed."""
    return "ublished" in text and _PRINTED.fullmatch(text) is not None


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
            # What may stand above links between two paragraphs ends nothing.
            heads = below > 0 and text.lower().strip(" :") in phrases.heads
            if not heads and (
                (rule == "end" and below <= above) or (rule == "related" and longest_after < _TEASER and below * 3 <= above)
            ):
                end = index
        if length > longest_after and lines[index].prose:
            longest_after = length
    return end


def label_end(lines: Sequence[Line], phrases: Phrases, *, credited: bool, rules: DateRules) -> list[Labelled]:
    """Labels for the page's end: tags, an address and a late byline are kept, all else is dropped."""
    labelled: list[Labelled] = []
    late = -1 if credited else late_name(lines)
    for index, line in enumerate(lines):
        if index == late:
            labelled.append(Labelled(line, "byline", (Span(line.text, "person"),), why="a name above its address"))
            continue
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


def late_name(lines: Sequence[Line]) -> int:
    """Where a full name stands alone with nothing but an e-mail address below, or -1."""
    for index, (line, below) in enumerate(pairwise(lines[:_NAMED])):
        if "@" in below.text and not below.gap and _ADDRESS.fullmatch(below.text) and FULL_NAMES.fullmatch(line.text):
            return index
    return -1


_NAMED: Final = 16
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_DROPPED_AS: Final = {"end": "boilerplate", "related": "after-article", "navigation": "after-article"}


def close_page(
    labelled: list[Labelled], phrases: Phrases, rules: DateRules, *, names: frozenset[str], dated: bool, paged: bool, parted: bool
) -> list[Labelled]:
    """The body with the page's end taken out: the short lines behind the last paragraph, from a known phrase on.

    The authors' names (`names`, without regard to case) repeated there are dropped too, and a stamp is taken where the
    header has none. `paged` says that other lines have shown the text to be the copy of a page.
    """
    _credit_agencies(labelled, phrases)
    _drop_appeals(labelled, phrases)
    _label_bio(labelled, names)
    last = next((at for at in reversed(range(len(labelled))) if not _is_slight(labelled[at])), -1)
    if last < 0:
        return labelled
    last = _before_foot(labelled, last) if paged and parted else last
    closed = False
    stray = _stray(labelled, last + 1, phrases) if paged else frozenset()
    for index in range(last + 1, len(labelled)):
        label = labelled[index]
        # `Tuesday` and the like may be the text's own; what follows a phrase of the page is not.
        closed = closed or label.role == "boilerplate" or phrases.rule_of(label.line.text) != ""
        if label.role in ("boilerplate", "tags"):
            closed = True
            continue
        signed = _signature(label, names, rules)
        if signed is not None:
            labelled[index] = signed
            continue
        printed = _PRINTED.fullmatch(label.line.text)
        if printed is not None:
            spans = (
                Span(printed["mark"], "marker"),
                Span(printed["source"], "source"),
                _further(printed["date"], rules, dated=dated),
            )
            labelled[index] = Labelled(label.line, "source line", spans, why="says where it was printed")
            closed = True
            continue
        stamp = read_stamp(label.line, rules)
        if stamp is not None:
            closed = True
            labelled[index] = stamp if not dated else _dropped(label, "further-stamp", "a stamp below the text")
        elif _repeats(label.line.text, names, rules):
            closed = True
            labelled[index] = _dropped(label, "repeated", "the byline again")
        elif not closed and is_agency(label.line.text):
            span = Span(label.line.text, "agency", value=agency_name(label.line.text))
            labelled[index] = Labelled(label.line, "agency", (span,), why="an agency alone, below the text")
        elif closed or index in stray or (index > last and label.role == "paragraph" and not _is_slight(label)):
            labelled[index] = _dropped(label, "after-article", "short, and below a phrase of the page")
    return labelled


def _signature(label: Labelled, names: frozenset[str], rules: DateRules) -> Labelled | None:
    """What signs a text below its last sentence: initials, the site, an agency between strokes, the byline that none is above."""
    text = label.line.text
    if len(text) > _TEASER // 2 or label.role not in ("paragraph", "subhead"):
        return None
    if _INITIALS.fullmatch(text) or _SITE.fullmatch(text):
        return _dropped(label, "credit-line", "signs the text")
    strokes = _STROKES.fullmatch(text)
    if strokes is not None and is_agency(strokes["agency"]):
        spans = (Span("/", "marker"), Span(strokes["agency"], "agency", value=agency_name(strokes["agency"])), Span("/", "marker"))
        return Labelled(label.line, "agency", spans, why="signs the text")
    byline = read_byline(text, rules) if not names and text[-1] not in ".!?" else None
    return Labelled(label.line, "byline", byline.spans) if byline is not None and byline.people else None


def _credit_agencies(labelled: list[Labelled], phrases: Phrases) -> None:
    """`© dpa/AFP` below the text names its agencies, not a picture's."""
    last = next((at for at in reversed(range(len(labelled))) if labelled[at].role != "boilerplate"), 0)
    signed = _SIGNED.search(labelled[last].line.text) if last and labelled[last].role == "caption" else None
    if signed is not None:
        # `… in the first half. EFE`
        noted = (Span("", "agency", value=agency_name(signed["agency"])),) if is_agency(signed["agency"]) else ()
        whole = (*noted, Span(labelled[last].line.text, "paragraph")) if noted else ()
        labelled[last] = Labelled(labelled[last].line, "paragraph", whole)
    for index in range(max(1, len(labelled) - _NOTES), len(labelled)):
        label = labelled[index]
        alone = label.role == "credit" and label.line.text[0] == "\u00a9" and labelled[index - 1].role == "paragraph"
        agency = read_agency_line(label.line.text, phrases) if alone else None
        if agency is not None:
            labelled[index] = agency(label.line)
        elif label.role == "credit" and _AGENCIES.fullmatch(label.line.text) and labelled[index - 1].role == "paragraph":
            # `(dpa/AFP)`
            labelled[index] = _sign(label)
        elif label.role == "credit" and label.line.text[0] == "\u00a9":
            labelled[index] = _dropped(label, "copyright", "below the text")


def _sign(label: Labelled) -> Labelled:
    parts = re.split(r"([()/])", label.line.text)
    spans = [
        Span(part.strip(), "agency", value=agency_name(part.strip())) if is_agency(part.strip()) else Span(part.strip(), "marker")
        for part in parts
        if part.strip()
    ]
    return Labelled(label.line, "agency", tuple(spans), why="signs the text")


_AGENCIES = re.compile(r"\([\w .]{2,20}(?:/[\w .]{2,20}){1,3}\)")


def _drop_appeals(labelled: list[Labelled], phrases: Phrases) -> None:
    """The last paragraphs with which the page speaks to its reader are taken out, from the end up to the first other."""
    looked = 0
    for index in range(len(labelled) - 1, 0, -1):
        label = labelled[index]
        looked += label.role != "boilerplate"
        if looked > _REACH:
            break
        if label.role in ("caption", "list", "preformatted") or (label.role == "paragraph" and label.spans):
            break
        if label.role != "paragraph" or _is_slight(label):
            continue
        if "@" in label.line.text and _gives_address(label.line.text) and len(label.line.text) <= _TEASER:
            labelled[index] = _dropped(label, "credit-line", "an address, below the text")
            continue
        if not _is_notice(label.line.text, phrases) and appeal_of(label.line.text, phrases) < _APPEAL:
            below = sum(other.role == "boilerplate" for other in labelled[index + 1 : index + 1 + _REACH])
            if below < _FOOT_LINES or voice(label.line.text, phrases) < _APPEAL - 1:
                break
        labelled[index] = _dropped(label, "boilerplate", SPEAKS)


def _before_foot(labelled: Sequence[Labelled], last: int) -> int:
    """`last`, or what stands before it where it is a short sentence glued to several lines of the page."""
    while last > 0 and len(labelled[last].line.text) < _SHORT_SENTENCE and labelled[last].role == "paragraph":
        around = labelled[max(0, last - 3) : last + 4]
        pages = sum(label.role == "boilerplate" for label in around)
        glued = labelled[last].line.gap == 0 or (last + 1 < len(labelled) and labelled[last + 1].line.gap == 0)
        if pages < _FOOT_LINES or not glued:
            break
        last = next((at for at in reversed(range(last)) if not _is_slight(labelled[at])), 0)
    return last


def _is_notice(text: str, phrases: Phrases) -> bool:
    """Whether a longer text is a notice of copyright; where one is only glued to sentences, it is none."""
    if len(text) >= _NOTICE:
        return False
    lowered = text.lower()
    held = next((held for rule, held in phrases.contained if rule == "copyright"), ())
    if not phrases.contained_hints.stand_in(lowered) or not any(map(lowered.__contains__, held)):
        return False
    opening = _SENTENCE.match(lowered)
    return opening is None or not phrases.narrates(opening[0])


def _stray(labelled: Sequence[Labelled], start: int, phrases: Phrases) -> frozenset[int]:
    """Of the short lines below the text those that stand together above the page's end: links, names of the page."""
    lines: list[int] = []
    for index in range(start, len(labelled)):
        if labelled[index].role not in ("paragraph", "subhead") or phrases.rule_of(labelled[index].line.text):
            break
        if labelled[index].line.text[-1] not in '.!?:"\u201d\u00bb':
            lines.append(index)
    following = start + len(lines)
    hangs = following < len(labelled) and labelled[following].line.gap == 0
    return frozenset(lines) if 0 < len(lines) <= _STRAY and (len(lines) > 1 or hangs) else frozenset()


def _label_bio(labelled: list[Labelled], names: frozenset[str]) -> None:
    """What a page says of an author below the text is taken out: the last sentence, and it begins with their name."""
    last = next((at for at in reversed(range(len(labelled))) if not _is_slight(labelled[at])), 0)
    for index in range(max(last, 1), len(labelled)):
        label = labelled[index]
        name = next((name for name in (*names, *_NAMELESS) if label.line.text.casefold().startswith(f"{name} ")), "")
        if name and label.role in ("paragraph", "subhead") and _BIO.match(label.line.text[len(name) :]):
            labelled[index] = _dropped(label, "credit-line", "what the page says of the author")


def _gives_address(text: str) -> bool:
    """Whether a line tells how to reach its writer."""
    if _CONTACT.search(text) is None:
        return False
    named = FULL_NAMES.match(text)
    return text[0] in "-\u2013\u2014" or _REACHED.search(text) is not None or (named is not None and text[named.end() :][:1] == ":")


_REACHED = re.compile(r"\b(?:[Rr]each(?:ed)?|[Cc]ontact|[Ff]ollow|erreich\w+|[Kk]onta[kc]t\w*|[Cc]ontatt\w+|[Cc]onta[ct]\w+)\b")
_CONTACT = re.compile(r"[\w.+-]{2,40}@[\w-]{2,40}\.\w")
# `(rad/idh)`, `(mgb)`: whoever wrote and edited it, by initials
_INITIALS = re.compile(r"\([a-zà-ÿ]{2,4}(?:/[a-zà-ÿ]{2,4}){0,3}\)")
# `- Harbour.com`
_SITE = re.compile(r"[-\u2013\u2014]{1,2} ?[\w-]{2,30}\.(?:com|org|net|[a-z]{2})")
# `/Ritzau/`
_STROKES = re.compile(r"/(?P<agency>[\w .]{2,20})/")
_NAMELESS: Final = ("the writer", "the author", "the columnist")
_BIO = re.compile(
    r"(?: ['\u2019]\d\d)?,? (?:is (?:a|an|the|our|based|chief|senior|editor|managing|currently|reporter|correspondent)"
    r"|was (?:a|an)|covers|writes|reports|has (?:been|covered|written|worked)"
    r"|joined|works|est|es|é|è|ist|schreibt|arbeitet|escribe|écrit|scrive|escreve)\b"
)


def _further(text: str, rules: DateRules, *, dated: bool) -> Span:
    """The day of printing, which counts where the header has no stamp."""
    date = None if dated else parse_date(text, rules)
    if date is None:
        return Span(text, "drop", rule="further-stamp")
    return Span(text, "stamp", moment=date.moment, ambiguous=date.ambiguous)


def _is_slight(label: Labelled) -> bool:
    if label.role == "paragraph" and _PRINTED.fullmatch(label.line.text):
        return True
    return label.role in ("boilerplate", "tags") or (
        label.role in ("paragraph", "subhead") and not label.line.prose and not label.spans
    )


def _dropped(label: Labelled, rule: str, why: str) -> Labelled:
    return Labelled(label.line, "boilerplate", rule=rule, why=why)


def _repeats(text: str, names: frozenset[str], rules: DateRules) -> bool:
    """Whether a line is the byline once more, with or without its word."""
    if not names or len(text) > _TEASER or text[-1] in ".!?":
        return False
    named = read_byline(text, rules) or read_byline(f"By {text}", rules)
    return named is not None and bool(named.people) and names.issuperset(map(str.casefold, named.people))


def tag_line(line: Line, match: re.Match[str]) -> Labelled:
    """`Tags: Turkey, Hamas` as its tags."""
    spans = [Span(match["word"].strip(), "marker")]
    for part in re.split(r"\s*([,;|·•،、#])\s*", match["names"]):
        name = part.strip(" .")
        if name:
            spans.append(Span(name, "marker" if name in ",;|·•،、#" else "tag"))
    return Labelled(line, "tags", tuple(spans))
