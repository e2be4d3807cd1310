"""Credits that no word marks: behind a bar, a dash, a stroke or a full stop, in capitals, or with a stroke in brackets."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from sitegen.readers.agencynames import is_agency

BARE_TAIL: Final = 70
NAME: Final = r"(?:[A-ZÀ-Þ][\w'\u2019-]+|(?:[A-Z]\.){1,3})"
_PAPER = r"[A-ZÀ-Þ][\w.&'\u2019-]*(?:\s[A-ZÀ-Þ&][\w.&'\u2019-]*){0,3}"
# `… in Wajima on Tuesday | Jiji`, `… of the House. | Jane Doe/POST`
_AFTER_BAR = re.compile(r"\s[|\u2502]\s(?P<credit>[^|\u2502]{2,60})$")
# `… on Sunday. Getty Images`, `… on April 8. Jane Doe/Free Press`
_AFTER_STOP = re.compile(r"(?<=[.!?\u201d\"\u3002])\s(?P<credit>[A-ZÀ-Þ][\w.&'\u2019-]*(?:[ /][\w.&'\u2019-]+){0,6})$")
_NAME_OF_PAPER = re.compile(rf"{NAME}(?:\s{NAME}){{1,3}}\s?/\s?[A-Z][\w.&'\u2019-]*(?:\s[A-Z][\w.&'\u2019-]*){{0,3}}")
# `… in the hall Foto Jane Doe/ANP`
_AFTER_WORD = re.compile(
    rf"(?<=\s)(?P<word>Foto|Fotos|Beeld|Bild|Kuva|Fot|Photo)\s"
    rf"(?P<credit>{NAME}(?:\s(?:de|van|von|der|den|la|{NAME})){{1,4}}\s?/\s?[\w.& -]{{2,30}})$"
)
# `소설가 한강 /연합뉴스`, `… ＝朝日新聞`
_WIDE_CREDIT = re.compile(r"\s?[/\uff0f=\uff1d]\s?(?P<credit>[\uac00-\ud7af\u3400-\u9fff\u30a0-\u30ff]{2,12})$")
# `… of the palace - Jane Doe/Post`
_AFTER_DASH = re.compile(rf"\s(?P<mark>[-\u2013\u2014])\s(?P<credit>{NAME}(?:\s{NAME}){{1,3}}\s?/\s?{_PAPER})$")
# `… on Monday. ÁNGEL BARRIOS (EFE)`
_IN_CAPITALS = re.compile(
    r"(?<=[.!?\"'”’)»])\s(?P<credit>[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){1,3} \((?P<agency>[^()]{2,30})\))$"
)
# `… on Monday. (Screenshot/GPO)`; no party stands behind a full stop.
_STROKE = re.compile(rf"(?<=[.!?\"'”’»])\s\((?P<credit>{NAME}(?:\s[\w.'’-]+){{0,3}}\s?/\s?{_PAPER})\)$")
# `… in the early hours of Dec. 4, 2024. (Yonhap)`: only pictures end with their day.
_DATED = re.compile(r"\b(?:19|20)\d\d\.\s\((?P<credit>[^()/]{2,40})\)$")

_FEWEST_SPACES: Final = 3
# `Jane Doe | Reuters`, alone below a caption
_NAME_BAR = re.compile(rf"{NAME}(?:\s{NAME}){{1,2}}\s[|\u2502]\s(?P<agency>[^|]{{2,40}})")
_TWO_NAMES = re.compile(rf"{NAME}(?:\s{NAME}){{1,2}}")
_LONGEST: Final = 400
_LONGEST_WIDE: Final = 90
# `…。（法新社）`
_WIDE_BRACKETS = re.compile(r"\u3002[(\uff08](?P<credit>[^()\uff08\uff09]{2,12})[)\uff09]$")


class Found(Struct, frozen=True):
    """A credit: where its mark begins, the mark, the credit, and where that ends."""

    start: int
    mark: str
    credit: str
    end: int


def find_unmarked(text: str) -> Found | None:
    """A credit that a bar parts from its caption, or a full stop, where no full stop ends the line."""
    if text[-1] in ".!?" or " " not in text:
        return None
    match = _NAME_BAR.fullmatch(text)
    if match is not None and is_agency(match["agency"]):
        return Found(0, "", text, len(text))
    base = max(0, len(text) - BARE_TAIL - 10)
    match = _AFTER_BAR.search(text, base)
    if match is not None and text.count(" ", 0, match.start()) >= _FEWEST_SPACES:
        parts = re.split(r"\s?/\s?|\s?,\s|\svia\s|^via\s", match["credit"])
        if any(map(is_agency, filter(None, parts))) or len(parts) > 1 or _TWO_NAMES.fullmatch(match["credit"]):
            return Found(
                match.start(), text[match.start() : match.start("credit")].strip(), match["credit"], match.end()
            )
    return _after_text(text, base)


def _after_text(text: str, base: int) -> Found | None:
    """A credit behind the caption's full stop, or behind a word or stroke without its colon."""
    match = _AFTER_WORD.search(text, base)
    if match is not None:
        return Found(match.start(), match["word"], match["credit"], match.end())
    match = _AFTER_STOP.search(text, base)
    if match is not None and (is_agency(match["credit"]) or _NAME_OF_PAPER.fullmatch(match["credit"])):
        return Found(match.start(), "", match["credit"], match.end("credit"))
    match = _AFTER_DASH.search(text, base) if "/" in text[base:] else None
    if match is not None and text.count(" ", 0, match.start()) >= _FEWEST_SPACES:
        return Found(match.start(), match["mark"], match["credit"], match.end())
    match = _WIDE_CREDIT.search(text, base)
    if match is not None and is_agency(match["credit"]):
        return Found(match.start(), text[match.start() : match.start("credit")].strip(), match["credit"], match.end())
    return None


def is_name_and_paper(text: str) -> bool:
    """Whether a line is nothing but a name, a stroke without spaces and a paper of several words."""
    if "/" not in text or len(text) > BARE_TAIL or " / " in text:
        return False
    return _NAME_OF_PAPER.fullmatch(text) is not None and " " in text.rpartition("/")[2]


def in_capitals(text: str) -> Found | None:
    """A credit in brackets, or with its agency in them, where the words before are a whole sentence."""
    base = max(0, len(text) - BARE_TAIL - 10)
    if len(text) > _LONGEST:
        return None
    match = _WIDE_BRACKETS.search(text, base) if text[-1] in ")\uff09" else None
    if match is not None and len(text) <= _LONGEST_WIDE and is_agency(match["credit"]) and text.count("\u3002") == 1:
        return Found(match.start("credit") - 1, text[match.start("credit") - 1], match["credit"], match.end("credit"))
    if text[-1] != ")":
        return None
    match = _IN_CAPITALS.search(text, base)
    if match is not None and is_agency(match["agency"]):
        return Found(match.start(), "", match["credit"], match.end())
    match = _STROKE.search(text, base) if "/" in text[base:] else _DATED.search(text, base)
    if match is None or (match.re is _DATED and not is_agency(match["credit"])):
        return None
    start = text.rfind("(")
    return Found(start, "(", match["credit"], match.end("credit"))
