"""A line that names the newspaper and its day, as people write it above a clipping: `The Bay Post, 3 May 2004, p. A4`."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.nametables import is_papers_word
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line, is_wide
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.stamps import read_again, read_stamp

_LONGEST: Final = 110
_WORDS: Final = 7
_SIGNS: Final = " ,;|/\u2013\u2014\u00b7\u2022-"
_PLACE = re.compile(r"\s*\([^()]{2,40}\)$")
_PAGE = re.compile(r"[,;(|\s-]*(?:(?:pp?|pg|page|seite|s|section|sec)\b\.?\s?[\w.: ,-]{1,24})?[).]?", re.IGNORECASE)


# `HARBOUR.net`
_SITE = re.compile(r"[A-Z][\w-]{2,30}\.(?:com|net|org|news|[a-z]{2})")
# How newspapers of East Asia are called.
_WIDE_ENDINGS: Final = (
    "新聞", "新聞社", "新聞網", "日報", "日报",
    "晚报", "時報", "时报", "新闻", "通信", "通信社", "ニュース", "신문", "일보", "뉴스",
)  # fmt: skip


def read_source_stamp(line: Line, rules: DateRules) -> Labelled | None:
    """The publication and the day of a line that is nothing else, in either order; a page is not shown."""
    text = line.text
    if len(text) > _LONGEST or line.prose or not any(map(str.isdigit, text)):
        return None
    date = next((date for date in find_dates(text, rules) if date.moment.precision not in ("year", "month")), None)
    if date is None:
        return None
    before, after = text[: date.start], text[date.end :]
    again = read_again(after, date, rules)
    if again and before.strip(_SIGNS):
        name, page = before.strip(_SIGNS), ""
    elif _PAGE.fullmatch(after) and before.strip(_SIGNS + "("):
        name, page = before.strip(_SIGNS + "("), after.strip()
    elif not before.strip(_SIGNS) and after and after[0] in _SIGNS:
        name, page = after.strip(_SIGNS), ""
    else:
        return None
    if not is_publication(name):
        return None
    stamp = Span(text[date.start : date.end].strip(), "stamp", moment=date.moment, ambiguous=date.ambiguous)
    noted = (Span(page, "drop", rule="page") if any(map(str.isalnum, page)) else Span(page, "marker"),) if page else ()
    return Labelled(line, "source line", (Span(name, "source"), stamp, *noted, *again), why="a publication and its day")


def read_source(line: Line, below: Line, rules: DateRules) -> Labelled | None:
    """A publication alone on a line, right above the day."""
    if len(line.text) > _LONGEST or below.gap or not is_publication(line.text) or read_stamp(below, rules) is None:
        return None
    return Labelled(line, "source line", (Span(line.text, "source"),), why="a publication above its day")


def is_publication(name: str) -> bool:
    """Whether a name is one of a newspaper or a wire service, by its last word or its place among the services."""
    bare = _PLACE.sub("", name)
    if is_wide(bare):
        return " " not in bare and bare.endswith(_WIDE_ENDINGS)
    words = bare.split()
    if not words or len(words) > _WORDS or not bare[0].isupper() or bare[-1] in ".!?:" or "," in bare:
        return False
    if is_agency(bare) or _SITE.fullmatch(bare):
        return True
    capital = all(word[0].isupper() or len(word) <= 3 or not word[0].isalpha() for word in words)
    return capital and len(words) > 1 and is_papers_word(words[-1])
