"""Where the article begins in a copy of a whole page: below the menu, with its headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from sitegen.readers.dates import DateRules
from sitegen.readers.names import read_byline
from sitegen.readers.text.evidence import appeal_of
from sitegen.readers.text.leadcaptions import read_lead_caption
from sitegen.readers.text.lines import Line, is_wide, width
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.sourcestamp import read_source_stamp
from sitegen.readers.text.stamps import is_stamp
from sitegen.readers.text.support import stems, stems_of
from sitegen.readers.text.writers import names_with_role

_SCREENFUL: Final = 250
_APPEAL: Final = 5
_BLOCK: Final = 26
_CANDIDATES: Final = 5
_SENTENCE: Final = 80
_KNOWN: Final = 2
_MANY: Final = 6
_FEWEST: Final = 3
_REACH: Final = 5
_MENU_WORDS: Final = 3
_TOLERATED: Final = 1
_WIDE_TITLE: Final = 9
_TITLE_AND_DECK: Final = 2
_LONGEST_MARK: Final = 160
_TITLE_WIDTH: Final = 24
_TRAIL: Final = 60
_SAMPLE: Final = 12


def menu_length(lines: Sequence[Line], rules: DateRules, phrases: Phrases) -> int:
    """How many lines at the top are the page's menu; 0 where there is none, or no headline below it."""
    text = _first_prose(lines, phrases)
    again = repeated_title(lines[: max(text, 0)], phrases)
    if again > 0:
        return again
    if text < _FEWEST:
        return 0
    block = _top_block(lines[: text + 1], rules, phrases)
    if block:
        return block
    known = sum(bool(phrases.rule_of(line.text)) for line in lines[:text])
    short = sum(_is_short(line.text) for line in lines[:text])
    title = _headline(lines, text, rules, phrases)
    fenced = title >= _FEWEST and lines[title].gap and all(_is_short(line.text) or _is_menu(line.text, phrases) for line in lines[:title])
    headed = title > 0 and _is_desk_alone(lines, title - 1, phrases)
    if known < _KNOWN and short < _MANY and not fenced and not headed and not _has_mark_below(lines, title, rules):
        return 0
    above = lines[: max(title, 0)]
    # A short headline may stand above a longer deck; in scripts of East Asia it is no word of two letters.
    entries = all(
        _is_short(line.text) or _is_menu(line.text, phrases) or _hangs_on_row(lines, at, phrases) for at, line in enumerate(above)
    )
    few = title > 0 and entries and (title > 1 or is_wide(lines[0].text))
    # Sentences above the headline are no menu.
    return (
        title
        if (title >= _FEWEST or few)
        and not any(line.prose and width(line.text) > _SENTENCE and not _is_pages(line, phrases) for line in above)
        else 0
    )


def _top_block(lines: Sequence[Line], rules: DateRules, phrases: Phrases) -> int:
    """How many lines the page's top has: a few short ones, glued, a row of desks or a trail among them; or 0.

    Blank lines part them from the headline, and that from what is below; a desk may stand alone between.
    """
    end = next((at for at, line in enumerate(lines[1:], 1) if line.gap), 0)
    if not 1 < end <= _BLOCK_LINES or any(line.prose for line in lines[:end]):
        return 0
    rows = [is_row(line.text, phrases) or TRAIL.fullmatch(line.text) is not None for line in lines[:end]]
    others = [line.text for row, line in zip(rows, lines, strict=False) if not row]
    if not any(rows) or any(text.count(" ") > _MENU_WORDS and " | " not in text and not phrases.rule_of(text) for text in others):
        return 0
    if any(is_mark(line, rules) for line in lines[:end]):
        return 0
    if end + 1 < len(lines) and lines[end + 1].gap and _is_short(lines[end].text) and not is_mark(lines[end], rules):
        # The desk.
        end += 1
    if end + 1 >= len(lines) or not lines[end + 1].gap or _is_header(lines[end], rules, phrases):
        return 0
    line = lines[end]
    return end if not _is_short(line.text) and width(line.text) >= _TITLE_WIDTH and _may_be_title(line.text, rules) else 0


_BLOCK_LINES: Final = 6
# `Home » World`, `Start › Region › Town`
TRAIL: Final = re.compile(r"(?:[^\W\d_][^.!?|>»›/]{0,30}(?:\s?[>»›]\s?|\s/\s)){1,4}(?P<desk>[^\W\d_][^.!?|>»›/]{0,30})")
_ROW_ENTRIES: Final = 4
_ENTRY_SPACES: Final = 3


def is_row(text: str, phrases: Phrases) -> bool:
    """Whether a line is a menu's names in a row, several of them desks or other words of pages, or all parted by bars."""
    barred = text.split(" | ")
    if len(barred) >= _ROW_ENTRIES:
        return all(part.count(" ") < _ENTRY_SPACES and not part.endswith(".") for part in barred)
    words = text.split()
    if len(words) < _ROW_ENTRIES:
        return False
    known = sum(word.lower() in phrases.sections or phrases.lines.get(word.lower()) == "navigation" for word in words)
    return known > _KNOWN and known * 3 >= len(words)


def _has_mark_below(lines: Sequence[Line], title: int, rules: DateRules) -> bool:
    """Whether a stamp or byline stands among the first lines below a headline that only a few short lines are above."""
    if not 0 < title < _FEWEST or any(is_mark(line, rules) for line in lines[:title]):
        return False
    return any(is_mark(line, rules) for line in lines[title + 1 : title + _REACH])


def repeated_title(lines: Sequence[Line], phrases: Phrases) -> int:
    """The index of the headline that a page says twice above the text, the second time perhaps behind its trail; or -1."""
    for index, line in enumerate(lines):
        text = line.text
        long = width(text) >= _TITLE_WIDTH and (text.count(" ") >= _MENU_WORDS or is_wide(text))
        if (
            not long
            or len(text) > _LONGEST_MARK
            or _is_pages(line, phrases)
            or (text[-1] in ".,;:" and not text.endswith("..."))
        ):
            continue
        doubled = index + 1 < len(lines) and lines[index + 1].text == text and not lines[index + 1].gap
        if doubled or (index and lines[index - 1].text == text and not line.gap):
            # What a picture shows, and the same as its caption.
            continue
        for at, other in enumerate(lines):
            if at != index and other.text.endswith(text) and len(other.text) - len(text) < _TRAIL:
                return index if other.text != text or at > index else at
    return -1


def _is_pages(line: Line, phrases: Phrases) -> bool:
    """Whether a line is the page's own: a known phrase, or it speaks to the reader."""
    return bool(phrases.rule_of(line.text)) or appeal_of(line.text, phrases) >= _APPEAL


def _first_prose(lines: Sequence[Line], phrases: Phrases) -> int:
    """The index of the first sentence that is no caption and not the page's own, or -1."""
    for index, line in enumerate(lines[:_SCREENFUL]):
        if not line.prose or width(line.text) < _SENTENCE or _is_pages(line, phrases):
            continue
        if read_lead_caption(line.text) is None and read_byline(line.text, DateRules()) is None:
            return index
    return -1


def _headline(lines: Sequence[Line], text: int, rules: DateRules, phrases: Phrases) -> int:
    """The index of the headline among the lines right above the text, or -1."""
    floor = max(0, text - _BLOCK)
    desk = max((at for at in range(floor, text) if _is_desk_alone(lines, at, phrases)), default=-1)
    if desk >= 0 and any(not _is_short(line.text) and _may_be_title(line.text, rules) for line in lines[desk + 1 : text]):
        # What stands above the desk's name is a slogan or other articles' titles.
        floor = desk + 1
    told = stems_of(line.text for line in lines[text : text + _SAMPLE] if line.prose)
    for mark in range(floor, text):
        # A headline stands above its byline and its stamp; a stamp at the page's top has none above it.
        if is_mark(lines[mark], rules):
            title = _nearest(lines, mark, floor, rules, phrases, told)
            if title >= 0:
                return title
    return _nearest(lines, text, floor, rules, phrases, told)


def _nearest(
    lines: Sequence[Line], end: int, floor: int, rules: DateRules, phrases: Phrases, told: frozenset[str]
) -> int:
    """The first of the longer lines that stand together right above `end`, or -1; `told` are the stems of the text."""
    candidates: list[int] = []
    passed = 0
    for index in range(end - 1, floor - 1, -1):
        line = lines[index]
        if _is_header(line, rules, phrases):
            # A menu's entries are known phrases too.
            passed += bool(candidates) and phrases.rule_of(line.text) == "navigation"
        elif _is_short(line.text):
            passed += 1
        elif len(candidates) == _CANDIDATES:
            break
        else:
            candidates.append(index)
            passed = 0
        if passed > _TOLERATED:
            if candidates:
                break
            passed = 0
    # From the top: a headline is no sentence and names nobody.
    sure = [index for index in reversed(candidates) if _may_be_title(lines[index].text, rules)]
    if len(sure) > _TITLE_AND_DECK and lines[sure[0]].text.isupper() and not lines[sure[1]].text.isupper():
        # A label in capitals; without a deck below the two it may be the headline.
        sure = sure[1:]
    while len(sure) > 1 and _is_menu(lines[sure[0]].text, phrases):
        sure = sure[1:]
    while len(sure) > 1 and _is_last_of_menu(lines, sure[0]) and lines[sure[1]].gap:
        sure = sure[1:]
    if len(sure) > 1 and _hangs_on_row(lines, sure[0], phrases) and told.isdisjoint(stems(lines[sure[0]].text)):
        sure = sure[1:]
    while len(sure) > 1 and _is_unsupported(lines[sure[0]].text, [lines[at].text for at in sure[1:]], told):
        sure = sure[1:]
    return sure[0] if sure else (candidates[-1] if candidates else -1)


def _is_menu(text: str, phrases: Phrases) -> bool:
    """Whether a line is a row of names, each with a capital, of which several are desks or parts of a page."""
    words = [word for word in text.split() if word[0].isalnum()]
    known = sum(word.lower() in phrases.sections or phrases.lines.get(word.lower()) == "navigation" for word in words)
    return known >= _FEWEST and known * 3 >= len(words) >= _REACH and not any(word[0].islower() for word in words)


def _is_last_of_menu(lines: Sequence[Line], index: int) -> bool:
    """Whether a line hangs under several short ones, and a blank line parts it from what is below: a menu's longest entry."""
    above = lines[max(0, index - _KNOWN) : index]
    glued = len(above) == _KNOWN and not lines[index].gap and not above[1].gap
    return glued and all(_is_short(line.text) for line in above) and index + 1 < len(lines) and lines[index + 1].gap > 0


def _hangs_on_row(lines: Sequence[Line], index: int, phrases: Phrases) -> bool:
    """Whether a line hangs under a menu in a row, and a blank line parts both from what is below."""
    if not index or lines[index].gap or index + 1 >= len(lines) or not lines[index + 1].gap:
        return False
    return _is_menu(lines[index - 1].text, phrases)


def _is_desk_alone(lines: Sequence[Line], index: int, phrases: Phrases) -> bool:
    """Whether a desk's name, or another of a menu's words, stands between blank lines."""
    line, below = lines[index], lines[index + 1 : index + 2]
    if not line.gap or not below or not below[0].gap or line.text.count(" ") >= _MENU_WORDS:
        return False
    return line.text.lower() in phrases.sections or phrases.rule_of(line.text) == "navigation"


def _is_unsupported(text: str, below: Sequence[str], told: frozenset[str]) -> bool:
    """Whether the text's first paragraphs hold no word of a line, but some of a line below it: a button, a slogan."""
    if not told.isdisjoint(stems(text)):
        return False
    return any(len(told & stems(other)) >= _KNOWN for other in below)


def is_mark(line: Line, rules: DateRules) -> bool:
    """Whether a line is a byline or a stamp."""
    return len(line.text) < _LONGEST_MARK and (
        is_stamp(line, rules)
        or read_source_stamp(line, rules) is not None
        or read_byline(line.text, rules) is not None
        or names_with_role(line.text, rules) is not None
    )


def _may_be_title(text: str, rules: DateRules) -> bool:
    return text[-1] not in ".,;:" and names_with_role(text, rules) is None


def _is_header(line: Line, rules: DateRules, phrases: Phrases) -> bool:
    """Whether a line is something else that stands between headline and text: a byline, a stamp, a caption."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: phrases.rule_of(line.text),
        lambda: read_byline(line.text, rules),
        lambda: is_stamp(line, rules),
        lambda: read_lead_caption(line.text),
    )
    return any(check() for check in checks)


def _is_short(text: str) -> bool:
    """Whether a line is as short as an entry of a menu."""
    if is_wide(text):
        return len(text) < _WIDE_TITLE
    return text.count(" ") < _MENU_WORDS
