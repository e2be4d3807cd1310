"""Who wrote an article: the byline among the lines above the text, with its word or told by what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.dates import DateRules
from sitegen.readers.names import Byline, opens_byline, read_byline
from sitegen.readers.nametables import is_paper, name_tables
from sitegen.readers.spans import Span
from sitegen.readers.stampwords import is_stamp_word, opens_with_stamp_word
from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.evidence import appeal_of
from sitegen.readers.text.leadcaptions import read_lead_caption
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.sourcestamp import is_publication
from sitegen.readers.text.stamps import is_stamp, read_stamp
from sitegen.readers.text.unmarked import is_name_and_paper

NEAR: Final = 5
_BYLINE_REACH: Final = 16
_NAMES: Final = 70
FAR: Final = 2
# The capitals of the Latin, Greek and Cyrillic letters.
_CAPITAL = "".join(letter for letter in map(chr, (*range(0x41, 0x250), *range(0x370, 0x530))) if letter.isupper())
_PERSON = rf"[{_CAPITAL}][\w.'\u2019-]*(?: (?:de|da|van|von|der|den|la|bin|al|[{_CAPITAL}][\w.'\u2019-]*)){{1,3}}"
FULL_NAMES = re.compile(rf"{_PERSON}(?:,? (?:and|und|et|y|e|&) {_PERSON})?")
_BETWEEN_NAMES = re.compile(r", | ?[/|·•;、،] ?| (?:and|und|et|y|e|en|och|og|ja|ve|dan|i|a|&) ")
_TOLD = re.compile(r"\d{1,2}[ -]min(?:ute)?s? read|@\w+|\S+@\S+\.\w+|view bio|follow")
_GLUED: Final = 80
LABEL_WORDS: Final = 4
LABEL_LENGTH: Final = 44
_PLACES = re.compile(r"(?:(?:reporting )?(?:in|from|In|From)) [A-Z][\w.'-]+(?:[ ,]+(?:and|in|&|[A-Z][\w.'-]+))*\.?$")
# `大隈涼子`, `דנה ליבנה`
_FEW_CASELESS = re.compile(
    r"[\u3400-\u9fff\u30a0-\u30ff・]{2,6}|[\u3400-\u9fff]{1,3}[ \u3000][\u3400-\u9fff]{1,3}|[\uac00-\ud7af]{2,4}(?: 기자)?"
    r"|[\u0590-\u05ff'\u2019\u05f4\"-]{2,14}(?: [\u0590-\u05ff'\u2019-]{2,14}){1,2}"
    r"|[\u0900-\u0963]{2,14}(?: [\u0900-\u0963]{2,14}){1,2}"
    r"|[\u0620-\u064a\u066e-\u06d3]{2,14}(?: [\u0620-\u064a\u066e-\u06d3]{2,14}){1,3}(?: \([\u0620-\u06d3 ]{3,20}\))?"
)
# `Portrait of Jane Doe Jane Doe`, as copying a picture and the name beside it leaves them
_PICTURED = re.compile(
    r"(?:[Pp]ortrait|[Pp]hoto|[Hh]eadshot|[Pp]icture|[Ii]mage|[Aa]vatar|Foto|Profilbild) (?:of|for|de|von) (?P<name>.{4,40}) (?P=name)"
)
# `佐久間健一 2024年7月3日`
_CASELESS_STAMPED = re.compile(r"[\u3400-\u9fff\u30a0-\u30ff\uac00-\ud7af]{2,6}(?: 기자)?\s\d{4}[年./-]")
_NO_NAMES: Final = (
    "입력", "수정", "更新", "公開", "掲載", "发布", "發布", "时间",
    "新聞", "日報", "日报", "時報", "时报", "通信", "신문", "일보", "뉴스",
)  # fmt: skip
_PAPERS_OWN = re.compile(r" (?:for|pour|für|para|per) (?:[A-Z]|the )")
# What parts names from the stamp behind them.
_BAR = re.compile(r"\s*[|\u00b7\u2022\uff5c]\s*|\s[-\u2013\u2014]\s")
_HAS_DIGIT = re.compile(r"\d")
_APPEAL: Final = 5
_TELLING: Final = frozenset({"byline-role", "byline-affiliation"})


def find_byline(lines: Sequence[Line], rules: DateRules, phrases: Phrases) -> tuple[int, Byline | None]:
    """Where the byline stands among the lines above the text, or -1, and what it says; with its word or without."""
    index, named = _find_marked(lines, rules)
    # `JANE DOE/THE BAY POST` may have taken the picture, where another name stands above.
    doubtful = index > 0 and (is_name_and_paper(lines[index].text) or _hangs_as_credit(lines, index))
    if index >= 0 and not doubtful:
        return index, named
    reach = (index for index in range(min(index if doubtful else _BYLINE_REACH, len(lines))) if not lines[index].prose)
    found = ((index, _names_alone(lines, index, rules, phrases)) for index in reach)
    return next(((index, names) for index, names in found if names), (index, named))


def _hangs_as_credit(lines: Sequence[Line], index: int) -> bool:
    """Whether a name, a stroke and a paper hang under a sentence: `Jane Doe / The Bay Post`, below a caption."""
    name, stroke, paper = lines[index].text.partition(" / ")
    caption = lines[index - 1].prose and not lines[index].gap
    return bool(stroke) and caption and is_publication(paper) and FULL_NAMES.fullmatch(name) is not None


def _find_marked(lines: Sequence[Line], rules: DateRules) -> tuple[int, Byline | None]:
    sentences = 0
    unmarked: tuple[int, Byline | None] = (-1, None)
    for index, line in enumerate(lines[:_BYLINE_REACH]):
        named = read_byline(line.spaced or line.text, rules) if len(line.text) < 240 else None
        if (named is not None and _took_picture(lines, index, rules)) or heads_caption(lines, index):
            continue
        if named is not None:
            return index, named
        if unmarked[1] is None:
            named = names_with_role(line.text, rules)
            if named is not None and _PAPERS_OWN.search(line.text) is None:
                return index, named
            # `Jane Doe for The Bay Post` may have taken the picture; the writer has a byline then.
            unmarked = (index, named) if named is not None else unmarked
        sentences += line.prose and read_caption(line.text) is None
        # One sentence may be a standfirst; more of them are the text.
        if sentences > 1 and index >= NEAR:
            break
    return unmarked


def heads_caption(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a name and a paper, glued above the one sentence of a caption."""
    if not is_name_and_paper(lines[index].text) or index + 2 >= len(lines):
        return False
    below, after = lines[index + 1], lines[index + 2]
    return below.prose and not below.gap and after.gap > 0


def _took_picture(lines: Sequence[Line], index: int, rules: DateRules) -> bool:
    """Whether a byline hangs under a sentence, which it cannot as the writer's, and the writer's own stands below."""
    if lines[index].gap or not index or not lines[index - 1].prose or lines[index].prose:
        return False
    below = lines[index + 1 : index + NEAR]
    return any(line.gap > 0 and opens_byline(line.text) and read_byline(line.text, rules) is not None for line in below)


def names_with_role(text: str, rules: DateRules) -> Byline | None:
    """The byline that names with a role are without its word: `Jane Doe, science correspondent`."""
    pictured = _PICTURED.fullmatch(text) if len(text) <= _GLUED * 2 else None
    if pictured is not None:
        before = text[: pictured.end("name")]
        return Byline((Span(before, "drop", rule="repeated"), Span(pictured["name"], "person")))
    stamped = _stamped_names(text, rules) if len(text) <= _GLUED * 2 else None
    if stamped is not None:
        return stamped
    if len(text) > _GLUED or text[-1] in '.!?:;"' or not text[0].isupper():
        return None
    named = read_byline(f"By {text}", rules)
    if named is None or not _names_somebody(text, named):
        return None
    if not any(span.rule in _TELLING for span in named.spans) and not _is_stamped_name(text, named):
        return None
    return Byline(named.spans[1:])


def _names_somebody(text: str, named: Byline) -> bool:
    """Whether a line without a byline's word names people, not `North of England correspondent` and no notes."""
    if not named.people or any(span.rule == "byline-note" for span in named.spans):
        return False
    return not text.isascii() or any(" " in name for name in named.people)


def _stamped_names(text: str, rules: DateRules) -> Byline | None:
    """Names and a stamp on one line: in scripts without capitals, or with a bar between."""
    caseless = _CASELESS_STAMPED.match(text) if not text.isascii() and len(text) <= _GLUED else None
    if caseless is not None and not text.split(" ", 1)[0].endswith(_NO_NAMES) and not opens_with_stamp_word(text):
        named = read_byline(f"By {text}", rules)
        if named is not None and named.people and has_stamp(named):
            return Byline(named.spans[1:])
    bar = _BAR.search(text) if _HAS_DIGIT.search(text) is not None else None
    return _barred_stamp(text, bar, rules) if bar is not None else None


def _barred_stamp(text: str, bar: re.Match[str], rules: DateRules) -> Byline | None:
    """Full names, a bar or dash and a stamp, in any script."""
    names, rest = text[: bar.start()].strip(), text[bar.end() :].strip()
    stamp = read_stamp(Line(0, rest), rules) if rest else None
    if not names or len(names) > _NAMES or stamp is None or stamp.role != "stamp":
        return None
    if names.lower() in name_tables().towns or is_publication(names):
        return None
    if not all(FULL_NAMES.fullmatch(part) or _FEW_CASELESS.fullmatch(part) for part in _BETWEEN_NAMES.split(names)):
        return None
    named = read_byline(f"By {names}", rules)
    return Byline((*named.spans[1:], *stamp.spans)) if named is not None and named.people else None


def _is_stamped_name(text: str, named: Byline) -> bool:
    """Whether a line is a full name and a stamp with its word: `Jane Doe Published April 1, 2018`."""
    if all(span.fate != "stamp" for span in named.spans):
        return False
    word = next(
        (span.text for span in named.spans[1:] if span.fate == "marker" and is_stamp_word(span.text)), ""
    )
    name = text.partition(word)[0].strip(" |,·•-\u2013\u2014") if word else ""
    return bool(name) and FULL_NAMES.fullmatch(name) is not None


def has_stamp(named: Byline | None) -> bool:
    """Whether a byline names a day too."""
    return named is not None and any(span.fate == "stamp" for span in named.spans)


def _names_alone(lines: Sequence[Line], index: int, rules: DateRules, phrases: Phrases) -> Byline | None:
    """Names without the byline's word, told by what stands beside: a stamp, a role, how long it takes to read."""
    text = lines[index].text
    if index + 1 >= len(lines) or not _may_be_names(text) or phrases.rule_of(text):
        return None
    if text.rpartition(" ")[2].lower() in name_tables().employers or not (
        _is_told(lines, index, rules, phrases) or _heads_text(lines, index, rules, phrases)
    ):
        return None
    named = read_byline(f"By {text}", rules)
    return Byline(named.spans[1:]) if named is not None and named.people else None


def _may_be_names(text: str) -> bool:
    """Whether a line is as names are: capitals where the script has them, else a few words."""
    if len(text) > _NAMES:
        return False
    name, dash, paper = text.partition(" - ")
    if dash and paper.count(" ") <= 1 and len(paper) <= LABEL_LENGTH and FULL_NAMES.fullmatch(name):
        # `Jane Doe - BayNews`
        return True
    if text[0].isupper() or text[0].islower():
        place = name_tables().place
        parts = [part[: found.start()] if (found := place.search(part)) else part for part in _BETWEEN_NAMES.split(text)]
        # `Jane Doe in Port Ellis` is one, too.
        if len(parts) > 1 and _is_place(parts[-1]):
            # `Jane Doe, Anchorage`
            parts = parts[:-1]
        several = parts != [text] and all(FULL_NAMES.fullmatch(part) or is_agency(part) for part in parts)
        return several or FULL_NAMES.fullmatch(text) is not None
    return _FEW_CASELESS.fullmatch(text) is not None


def _is_told(lines: Sequence[Line], index: int, rules: DateRules, phrases: Phrases) -> bool:
    """Whether the lines around a name show that it is one: those below, past a label, or a stamp right above."""
    below = lines[index + 1]
    if not below.gap and (is_paper(below.text) or is_publication(below.text)):
        return True
    if below.gap < FAR and (
        is_stamp(below, rules) or is_role_line(below.text, rules) or _TOLD.fullmatch(below.text.lower())
    ):
        return True
    if index < FAR and (phrases.rule_of(below.text) or appeal_of(below.text, phrases) >= _APPEAL) and lines[index].text.lower() not in (
        phrases.sections | name_tables().towns
    ):
        # Right under the headline, with the page's buttons below.
        return True
    above = index - 1
    while above >= 0 and phrases.rule_of(lines[above].text):
        if not lines[above + 1].gap:
            # Glued to a button, it is one too.
            return False
        above -= 1
    if above >= 0 and is_stamp(lines[above], rules):
        return True
    further = lines[index + 2] if index + 2 < len(lines) else None
    label = below.text.count(" ") < LABEL_WORDS and not below.prose and not phrases.rule_of(below.text)
    return further is not None and label and further.gap < FAR and is_stamp(further, rules)


def _heads_text(lines: Sequence[Line], index: int, rules: DateRules, phrases: Phrases) -> bool:
    """Whether names stand right above the first paragraph or the stamp over it, and the text itself never says them.

    What else stands there in capitals, a place, a series, a heading, the text speaks of.
    """
    below = index + 1
    while below < len(lines) and below - index < NEAR and (
        lines[below].text[-1] in "—–"
        or _is_another_name(lines[below].text)
        or is_stamp(lines[below], rules)
        or phrases.rule_of(lines[below].text)
        or read_lead_caption(lines[below].text) is not None
    ):
        below += 1
    if below == len(lines) or not lines[below].prose or len(lines[below].text) < _PARAGRAPH:
        return False
    return is_never_told(lines, index, phrases)


def is_never_told(lines: Sequence[Line], index: int, phrases: Phrases) -> bool:
    """Whether a line is as full names are, and no line around holds one of their longer words."""
    text = lines[index].text
    if not text[0].isupper() or not _may_be_names(text) or any(char.isdigit() for char in text):
        return False
    tables, words = name_tables(), _WORDS.findall(_named_only(text))
    lowered = {word.lower() for word in words}
    known = (phrases.sections, tables.desks, tables.roles, tables.employers, tables.acronyms)
    if text.lower() in phrases.sections or any(not lowered.isdisjoint(group) for group in known):
        return False
    around = "\n".join([line.text for at, line in enumerate(lines[: index + _AROUND]) if at != index and line.prose])
    return not any(word in around for word in words)


def _is_place(part: str) -> bool:
    """Whether what stands behind a name and a comma is one word, as no second writer's name is."""
    return part.isalpha() and part[0].isupper() and not is_agency(part)


def _named_only(text: str) -> str:
    """`text` without the places behind its names."""
    place = name_tables().place
    head, comma, last = text.rpartition(", ")
    text = head if comma and _is_place(last) else text
    return " ".join(part[: found.start()] if (found := place.search(part)) else part for part in _BETWEEN_NAMES.split(text))


def _is_another_name(text: str) -> bool:
    return len(text) <= _NAMES and text[0].isupper() and FULL_NAMES.fullmatch(text) is not None


_WORDS = re.compile(r"[^\W\d_]{3,}")
_PARAGRAPH: Final = 80
_AROUND: Final = 24


def _may_be_person(text: str, phrases: Phrases) -> bool:
    """Whether a line is a full name, and neither a button nor a paper."""
    tables = name_tables()
    words = text.lower().split()
    known = words[-1] in tables.employers or any(word in tables.acronyms or word in tables.desks for word in words)
    return not known and not phrases.rule_of(text) and FULL_NAMES.fullmatch(text) is not None


def bylines(
    lines: Sequence[Line], index: int, rules: DateRules, named: Byline | None, phrases: Phrases
) -> list[Labelled]:
    """A byline and the line that goes on with it, if any."""
    line = lines[index]
    text = line.spaced or line.text
    named = named or read_byline(text, rules, word_needed=False)
    if named is None:
        return []
    labelled = [Labelled(line, "byline", named.spans, why="a byline")]
    if index + 1 >= len(lines) or lines[index + 1].gap > 1:
        return labelled
    following = lines[index + 1]
    open_end = text.rstrip().endswith((",", "&", " and", " AND"))
    if _PLACES.fullmatch(following.text) and len(following.text) < 100:
        labelled.append(Labelled(following, "byline", (Span(following.text, "drop", rule="byline-place"),)))
    elif following.gap == 0 and len(following.text) < 100 and (open_end or is_role_line(following.text, rules)):
        more = read_byline(f"By {following.text}", rules)
        if more is not None:
            labelled.append(Labelled(following, "byline", _as_continuation(more.spans[1:], open_end=open_end)))
    elif following.gap == 0 and FULL_NAMES.fullmatch(text) and _may_be_person(following.text, phrases):
        more = read_byline(f"By {following.text}", rules) if not following.text.isupper() or text.isupper() else None
        if more is not None and more.people:
            labelled.append(Labelled(following, "byline", more.spans[1:], why="another name"))
    elif _is_glued_label(lines, index + 1):
        labelled.append(Labelled(following, "byline", (Span(following.text, "drop", rule="byline-note"),)))
    return labelled


def _is_glued_label(lines: Sequence[Line], index: int) -> bool:
    """Whether a line of a few words hangs under a byline, and a blank line parts both from the rest."""
    line, below = lines[index], lines[index + 1] if index + 1 < len(lines) else None
    short = line.text.count(" ") < LABEL_WORDS and len(line.text) <= LABEL_LENGTH and not line.prose
    return (
        short
        and not line.gap
        and below is not None
        and below.gap > 0
        and line.text[-1].isalnum()
        and not _HAS_DIGIT.search(line.text)
    )


def is_role_line(text: str, rules: DateRules) -> bool:
    """`Science Correspondent` or `jane@example.org`, alone under a byline."""
    if len(text) > 60 or "(" in text:
        return False
    named = read_byline(f"By {text}", rules)
    if named is None or text[-1] == ".":
        return False
    # `North of England correspondent`
    role = any(span.rule in _TELLING for span in named.spans)
    return not named.people or (role and text.isascii() and all(" " not in name for name in named.people))


def _as_continuation(spans: tuple[Span, ...], *, open_end: bool) -> tuple[Span, ...]:
    if open_end or all(span.fate != "person" for span in spans):
        return spans
    return tuple(Span(span.text, "drop", rule="byline-note") if span.fate == "person" else span for span in spans)
