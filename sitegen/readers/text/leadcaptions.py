"""Captions above an article's first paragraph, where less of a mark makes one: `…, on Saturday.—AFP`, `… (Ansa)`."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.capitals import credit_name
from sitegen.readers.knowledge import by_knowledge
from sitegen.readers.names import opens_byline
from sitegen.readers.nametables import is_papers_word
from sitegen.readers.spans import Span
from sitegen.readers.text.captions import may_have_credit, may_open_caption, read_caption
from sitegen.readers.text.lines import is_wide
from sitegen.readers.text.phrases import credit_patterns

_LONGEST: Final = 600
_REMEMBERED: Final = 64
_TAIL: Final = 90
_FEWEST_WORDS: Final = 4
_FEWEST_WIDE: Final = 8
_SENTENCE_ENDS: Final = ".!?"
_CLOSED: Final = (").", "）.")
# `(Ansa)`, `(ABC North Coast: Jane Doe)`, `(Jane Doe for The Post)`
_PARENTHESES = re.compile(r"[(（](?P<credit>[^()（）]{2,70})[)）]\.?$")
_BY_COLON = re.compile(r"[A-ZÀ-Þ][\w .&'’-]{1,40}: [A-ZÀ-Þ][\w .,&'’/-]{1,40}")
_FOR = re.compile(r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,3}(?:/| for | pour | für | para )\S.*")
# `… on Saturday. (Jane Doe)`
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: (?:[A-ZÀ-Þ]\.|de|van|von|der|den|la|al|bin)){0,2} [A-ZÀ-Þ][\w'’-]+")
_AFTER_SENTENCE: Final = frozenset(".!?\"”»")
# `… on Saturday. (Bay Staff Photo / Jane Doe) Bay Staff Photo / Jane Doe`
_DOUBLED = re.compile(r"\((?P<credit>[^()]{3,70})\) (?P<again>(?P=credit))$")
# `… on Saturday.—AFP`, `… on Saturday. – dpa`
_DASH = re.compile(r"(?<=[.!?\"'”’)])\s?(?P<mark>[-–—]{1,2})\s?(?P<credit>[^\s–—][^–—.]{1,40})$")
# `… le 7 décembre 2024. JEANNE HAVEL POUR « LE QUOTIDIEN »`
_CAPITALS = re.compile(
    r"(?<=[.!?\"'”’)»])\s(?P<credit>(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+|[/&«»\"“”])"
    r"(?:\s?(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]*|[/&«»\"“”])){1,9})$"
)
# `… on Monday. Jane Doe jdoe@post.example`
_BY_MAIL = re.compile(
    r"(?<=[.!?\"'”’)])\s(?P<credit>[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){1,2} [\w.+-]{1,40}@[\w.-]{3,40})$"
)
# `(HARBOUR.com/Jane Doe)`
_PAPER = re.compile(r"[A-Z][\w.-]{2,20}/[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,2}")
# `… 紙幣＝2024年7月3日、東京都中央区`, `… ＝本紙記者撮影`
_JAPANESE = re.compile(r"[＝=](?:(?:\d{4}年)?\d{1,2}月\d{1,2}日[^。]{0,60}|[^。＝=]{2,60}(?:撮影|提供))$")
# `… (Jane Doe)`, `… (LaPresse)`, `… (Jane Doe/The Bay Post)`
_NAMED = re.compile(
    r"[(（](?P<credit>[A-ZÀ-ÞА-ЯΑ-Ω][\w.'’-]+(?:(?: ?[/,] ?| )(?:(?:de|del|la|di|da|van|von|der|den|for|via) )?"
    r"[A-ZÀ-ÞА-ЯΑ-Ω][\w.'’-]*){0,4})[)）]$"
)
_ENDED: Final = ".!?。"
_STOP_INSIDE = re.compile(r"[^\W\d_]{3}[.!?] [^\W\d_]")
# `(Jane Doe / The Bay Post)`, alone below a caption
_ALONE = re.compile(
    r"(?P<open>[(（])(?P<credit>[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,3} ?/ ?[A-ZÀ-Þ][\w.&'’ -]{1,40})(?P<close>[)）])"
)
# `Jane Doe / AP file`, `Jane Doe/AFP via Getty Images`, alone above or below a caption
_STROKE = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*| de| van| von){1,3} ?/ ?(?P<agency>[A-Z][\w. ]{1,30}?)"
    r"(?: via [A-Z][\w. ]{1,24}|,? file| / [A-Z][\w. ]{1,24})?"
)
# `Jane Doe for The Bay Post`, alone above or below a caption
_FOR_PAPER = re.compile(r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,3} (?:for|pour|für|para|per) [A-Z][\w.&'’ -]{2,40}")
# `… 涙を流す代表委員＝共同`
_AFTER_EQUALS = re.compile(r"[＝](?P<credit>[\u3400-\u9fff\u30a0-\u30ff・]{2,12})$")
# `（王小明摄）`, `(하늘항공 제공)`; and without brackets, behind a full stop
_GIVEN_WIDE = re.compile(
    r"(?:[(（]|(?<=[.。])\s?)(?P<credit>[^\s()（）.。][^()（）.。]{1,24}?)\s?(?:摄|攝|撮影|提供|供图|供圖|제공|촬영)[)）]?$"
)
# `… on Sunday - EFE`
_OPEN_DASH = re.compile(r"(?<=[^\W\d_])\s[-–—]\s(?P<credit>[A-Z][\w./ ]{1,30})$")
# `…総裁（19日、日銀本店）`: the day and the place end a caption that no full stop ends
_DAY_IN_BRACKETS = re.compile(r"[^。]{8,}[(（](?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日[^()（）。]{0,40}[)）]")
_WORD = re.compile(r"(?P<word>[^\W\d_]{3,12}\s?[:：])\s*(?P<credit>\S.{1,40})")


def read_lead_caption(text: str) -> tuple[Span, ...] | None:
    """The spans of a caption that stands above the text, or None where the line shows no sign of a picture."""
    return _read(text) if len(text) <= _LONGEST else _read_marked(text)


def _read_marked(text: str) -> tuple[Span, ...] | None:
    return read_caption(text) if may_have_credit(text) or may_open_caption(text) else None


# Every rule for the lines above a text asks this of the same few lines.
@by_knowledge(_REMEMBERED)
def _read(text: str) -> tuple[Span, ...] | None:
    doubled = _DOUBLED.search(text, max(0, len(text) - _TAIL * 2)) if ") " in text[-_TAIL:] else None
    if doubled is None:
        return _read_single(text)
    whole = _read_single(text[: doubled.start("again")].rstrip())
    return (*whole, Span(doubled["again"], "drop", rule="doubled-credit")) if whole is not None else None


def _read_single(text: str) -> tuple[Span, ...] | None:
    spans = _read_marked(text)
    if spans is not None or (text[-1] in _SENTENCE_ENDS and not text.endswith(_CLOSED)) or opens_byline(text):
        return spans
    if _JAPANESE.search(text, max(0, len(text) - _TAIL)) or (is_wide(text) and _DAY_IN_BRACKETS.fullmatch(text)):
        return (Span(text, "caption"),)
    if alone := _credit_alone(text) or read_bracketed(text):
        return alone
    word = _WORD.fullmatch(text)
    if (
        word is not None
        and is_agency(word["credit"])
        and word["word"].rstrip(" :：").lower() in credit_patterns().words
    ):
        return (Span(word["word"], "marker"), Span(word["credit"], "credit", value=credit_name(word["credit"])))
    found = _find(text)
    caption = text[: found.start()].strip() if found else ""
    if found is None or not _is_long_enough(caption):
        return None
    credit = found["credit"].strip()
    start, end = found.start("credit"), found.end("credit")
    if _is_worded(credit):
        start += found["credit"].find(" ") + 1
        credit = text[start:end].strip()
    around = (text[found.start() : start].strip(), text[end:].strip())
    marks = [Span(mark, "marker") if mark else None for mark in around]
    parts = (Span(caption, "caption"), marks[0], Span(credit, "credit", value=credit_name(credit)), marks[1])
    return tuple(part for part in parts if part is not None)


def _says_picture(credit: str) -> bool:
    """Whether words in brackets, all with capitals, hold a picture's: `Bay Staff Photo / Jane Doe`."""
    words = [word for word in credit.split() if word[0].isalpha()]
    return all(word[0].isupper() for word in words) and not credit_patterns().words.isdisjoint(map(str.lower, words))


def _is_worded(credit: str) -> bool:
    """Whether words in brackets are a picture's word and an agency: `foto Ansa`."""
    word, _, agency = credit.partition(" ")
    return word.lower() in credit_patterns().words and is_agency(agency)


def _is_long_enough(caption: str) -> bool:
    """Whether words before a credit are more than a name."""
    if is_wide(caption):
        return len(caption) >= _FEWEST_WIDE
    return caption.count(" ") >= (_FEWEST_WORDS - 1 if caption[:1].isascii() or caption[:1].isupper() else 1)


def read_bracketed(text: str) -> tuple[Span, ...] | None:
    """The spans of a line that ends in brackets with nothing but a name in them; None where they may be a sentence's own.

    A person's name behind a full stop is a picture's credit, and so is any name at the end of words that none ends.
    """
    if text[-1] not in ")）" or len(text) > _LONGEST or opens_byline(text):
        return None
    match = _NAMED.search(text, max(0, len(text) - _TAIL))
    caption = text[: match.start()].rstrip() if match is not None else ""
    if match is None or not caption or (caption.count(" ") < _FEWEST_WORDS and not is_wide(caption)):
        return None
    name = match["credit"]
    ended = caption.rstrip("\"”’»").endswith(tuple(_ENDED))
    alone = " " not in name and "/" not in name
    if ended and alone and not is_agency(name):
        return None
    if not ended and (caption[-1] in ",;:" or (alone and name.isupper() and not is_agency(name)) or _STOP_INSIDE.search(caption)):
        # `(CDU)` is a party; and of two sentences the last one ends too.
        return None
    mark = match.start("credit")
    credit = Span(name, "credit", value=credit_name(name))
    return (Span(caption, "caption"), Span(text[mark - 1], "marker"), credit, Span(text[-1], "marker"))


def _credit_alone(text: str) -> tuple[Span, ...]:
    """The spans of a line that is a credit, without any word that says so; empty where it is none."""
    match = _ALONE.fullmatch(text) if text[0] in "(（" else None
    if match is not None:
        named = Span(match["credit"], "credit", value=credit_name(match["credit"]))
        return (Span(match["open"], "marker"), named, Span(match["close"], "marker"))
    stroke = _STROKE.fullmatch(text) if "/" in text else None
    if stroke is not None and (
        any(is_agency(part) for part in (stroke["agency"], stroke["agency"].partition(" ")[0]))
        or (" / " in text and is_papers_word(stroke["agency"].rpartition(" ")[2]))
    ):
        return (Span(text, "credit", value=credit_name(text)),)
    if _FOR_PAPER.fullmatch(text) and is_papers_word(text.rpartition(" ")[2]):
        return (Span(text, "credit", value=credit_name(text)),)
    return ()


def _find(text: str) -> re.Match[str] | None:
    """The credit at the line's end."""
    base = max(0, len(text) - _TAIL)
    if not text.isascii() and (given := _GIVEN_WIDE.search(text, base)) is not None:
        return given
    if text.rstrip(".").endswith((")", "）")):
        match = _PARENTHESES.search(text, base)
        sure = match is not None and (
            is_agency(match["credit"])
            or _PAPER.fullmatch(match["credit"])
            or _BY_COLON.fullmatch(match["credit"])
            or _FOR.fullmatch(match["credit"])
            or _says_picture(match["credit"])
            or _is_worded(match["credit"])
            or (text[match.start() - 2 : match.start() - 1] in _AFTER_SENTENCE and _NAME.fullmatch(match["credit"]))
        )
        return match if sure else None
    if "＝" in text[base:] and (wide := _AFTER_EQUALS.search(text, base)) is not None:
        return wide
    match = _BY_MAIL.search(text, base) or _DASH.search(text, base) or _OPEN_DASH.search(text, base)
    if match is not None and match.re is _BY_MAIL:
        return match
    if match is not None and any(is_agency(part) for part in re.split(r"\s?/\s?", match["credit"])):
        return match
    match = _CAPITALS.search(text, base)
    return match if match is not None and " " in match["credit"].strip() else None
