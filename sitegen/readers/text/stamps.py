"""Lines that are dates alone, and the lines to which copying glued one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.dates import DateReading, DateRules, find_dates
from sitegen.readers.names import opens_byline, read_byline
from sitegen.readers.spans import Span
from sitegen.readers.stampwords import is_stamp_word, says_updated
from sitegen.readers.text.lines import Line, is_prose
from sitegen.readers.text.roles import Labelled, Role

_REACH: Final = 24
_GLUED: Final = 80
_LONGEST_CLOCK: Final = 16
_NOTE: Final = 40
_LONGEST_WORD: Final = 30
_LONGEST_DAY: Final = 13
_FAR: Final = 2
_URL = re.compile(
    r"(?:(?:source|original|url|link|via)\s*:\s*)?(?P<url>https?://[^\s<>\"]{4,2000}|(?:[\w-]{2,40}\.){1,3}[a-z]{2,6}/[\w/.-]{6,300})",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
# `Madrid - 15 abr 2010`, `Washington, D.C. | May 3`: where the story was written.
_STAMP_PLACE = re.compile(r"[^\W\d_][\w.'\u2019 ]{1,28}(?:(?:, | ?/ ?)[^\W\d_][\w.' ]{1,20})?")
_PLACED = re.compile(
    r"(?P<place>[^\W\d_][\w.'\u2019 ]{1,28}(?:, [^\W\d_][\w.' ]{1,20})?)"
    r" ?[|\u00b7\u2022\u2013\u2014-] ?(?P<word>[^|]{3,40})"
)
# `Published - May 3, 2020 06:06 pm IST - NEW DELHI`
_PLACE_BEHIND = re.compile(
    r"(?P<mark>[-\u2013\u2014|,]) ?(?P<place>[A-Z][A-Z.'\u2019-]{2,20}(?: [A-Z][A-Z.'\u2019-]{1,20}){0,2})"
)
_CLOCK_ALONE = re.compile(r"\d{1,2}[:.h]\d\d(?: ?[aApP]\.?[mM]\.?)?(?: ?(?:Uhr|h|hrs?|[A-Z]{2,4}))?")


def _is_later_clock(line: Line) -> bool:
    """`Updated at 18:02`, of the day that stands above."""
    match = _LATER.fullmatch(line.text) if len(line.text) <= _NOTE and line.text[-1].isalnum() else None
    return match is not None and is_stamp_word(match["word"])


def join_clock(lines: Sequence[Line], rules: DateRules) -> Sequence[Line]:
    """`lines` with a time of day that stands alone joined to the date right above it, and a date to its word above."""
    lines = _join_word(lines, rules)
    for index, line in enumerate(lines[1:_REACH], 1):
        if len(line.text) > _LONGEST_CLOCK or not line.text[0].isdigit():
            continue
        above = lines[index - 1]
        if (
            line.gap > 1
            or not _CLOCK_ALONE.fullmatch(line.text)
            or not is_stamp(above, rules)
            or ":" in above.text[-6:]
        ):
            continue
        whole = Line(above.number, f"{above.text} {line.text}", above.gap, above.indent, line.number)
        return [*lines[: index - 1], whole, *lines[index + 1 :]]
    return lines


def _join_word(lines: Sequence[Line], rules: DateRules) -> Sequence[Line]:
    """`Published`, alone on a line right above its date."""
    joined: list[Line] = []
    for line in lines[:_REACH]:
        above = joined[-1] if joined else None
        if above is not None and line.gap < _FAR and _is_later_clock(line) and is_stamp(above, rules):
            joined[-1] = Line(above.number, f"{above.text} {line.text}", above.gap, above.indent, line.last or line.number)
            continue
        if (
            above is not None
            and not line.gap
            and len(above.text) <= _LONGEST_WORD
            and is_stamp_word(above.text)
            and is_stamp(line, rules)
        ):
            joined[-1] = Line(above.number, f"{above.text} {line.text}", above.gap, above.indent, line.last or line.number)
        else:
            joined.append(line)
    return lines if len(joined) == min(len(lines), _REACH) else [*joined, *lines[_REACH:]]


def split_after_stamp(lines: Sequence[Line], rules: DateRules) -> Sequence[Line]:
    """`lines` with a byline and its stamp parted from the caption or paragraph that copying glued to them."""
    for index, line in enumerate(lines[:_REACH]):
        if len(line.text) < _GLUED or not opens_byline(line.text):
            continue
        head = line.text[:200]
        date = next((date for date in find_dates(head, rules) if date.moment.precision not in ("year", "month")), None)
        rest = line.text[date.end :].strip() if date else ""
        if date is not None and len(rest) > _NOTE and read_byline(head[: date.end], rules) is not None:
            above = Line(line.number, head[: date.end].strip(), line.gap, line.indent)
            below = Line(line.number, rest, 0, line.indent, line.last, "", is_prose(rest))
            return [*lines[:index], above, below, *lines[index + 1 :]]
    return lines


def is_stamp(line: Line, rules: DateRules) -> bool:
    """Whether a line is nothing but a date, with or without the word that says of what."""
    return read_stamp(line, rules) is not None


def read_stamp(line: Line, rules: DateRules) -> Labelled | None:
    """A line that is a date, with or without the word that says of what."""
    text = line.text
    if len(text) > 120 or _DIGIT.search(text) is None:
        return None
    spans: list[Span] = []
    position = 0
    for date in find_dates(text, rules):
        between = text[position : date.start].strip(_AROUND_DAY)
        placed = _PLACED.fullmatch(between) if position == 0 and between else None
        if placed is not None and is_stamp_word(placed["word"]) and not is_stamp_word(between):
            # `New Delhi, Pune | Updated: …`
            spans.append(Span(placed["place"], "drop", rule="stamp-place"))
            position = text.index(placed["place"]) + len(placed["place"])
            between = placed["word"]
        marked = not between or is_stamp_word(between) or _is_labelled(text[position : date.start], date)
        if not marked and not (position == 0 and _is_place_of_stamp(text[: date.start].rstrip())):
            return None
        before = text[position : date.start].strip()
        if before:
            spans.append(Span(before, "marker") if marked else Span(before, "drop", rule="stamp-place"))
        behind = _BRACKETED.match(text, date.end) if before[-1:] in _OPENERS and before else None
        changed = behind is not None and says_updated(behind["word"])
        shown = text[date.start : date.end].strip()
        spans.append(Span(shown, "updated" if changed else "stamp", moment=date.moment, ambiguous=date.ambiguous))
        position = date.end
        if behind is not None and changed:
            spans.append(Span(behind[0].strip(), "marker"))
            position = behind.end()
    rest = text[position:].strip()
    if not spans or (len(rest) > 40 and not opens_byline(rest.lstrip(_BETWEEN_PARTS))):
        return None
    if all(span.moment is None or span.moment.precision == "year" for span in spans) and any(map(str.isalpha, rest)):
        # A year and more words: a caption, a heading.
        return None
    again = read_again(rest, date, rules)
    if again:
        return Labelled(line, "stamp", (*spans, *again), why="a date, and when it was changed")
    return _with_rest(line, spans, rest, rules)


# `[2024年3月19日 18:40 更新]`: the word of a change behind its day.
_BRACKETED = re.compile(r"\s?(?P<word>[^\W\d][^\d()\[\]（）【】|]{1,16})[)\]）】]")
_OPENERS: Final = "([（【"
_AROUND_DAY: Final = " |,;·•/-\u2013\u2014()[]（）【】"
_BETWEEN_PARTS: Final = " |\u00b7\u2022"


def _with_rest(line: Line, spans: list[Span], rest: str, rules: DateRules) -> Labelled | None:
    """The label of a stamp, behind which `rest` stands: who wrote, where, or a note; None where that is too long for one."""
    named = read_byline(rest.strip(_BETWEEN_PARTS), rules) if rest else None
    if named is not None and named.people:
        return Labelled(line, "byline", (*spans, *named.spans), why="a date and a byline")
    if len(rest) > 40:
        return None
    place = _PLACE_BEHIND.fullmatch(rest)
    further = _further_parts(rest) if "/" in rest or "／" in rest else ()
    if further:
        role: Role = "byline" if any(span.fate == "person" for span in further) else "stamp"
        return Labelled(line, role, (*spans, *further), why="a date and who reported")
    if place is not None:
        spans += [Span(place["mark"], "marker"), Span(place["place"], "dateline")]
    elif rest:
        spans.append(
            Span(rest, "drop", rule="stamp-note") if any(char.isalnum() for char in rest) else Span(rest, "marker")
        )
    return Labelled(line, "stamp", tuple(spans), why="a date alone")


def _is_labelled(between: str, date: DateReading) -> bool:
    """Whether a word or two with a colon stand before a day and its time, in a language of which no word is known."""
    label = between.strip(" |,;\u00b7\u2022/()")
    return (
        label[-1:] in (":", "\uff1a")
        and len(label) <= _LONGEST_WORD
        and label.count(" ") <= 2
        and date.moment.precision in ("minute", "second")
        and label.rstrip(":\uff1a ").replace(" ", "").isalpha()
    )


# `聯合報／ 記者佐藤一郎／即時報導`
_REPORTED = re.compile(
    r"(?:(?P<source>[\u3400-\u9fff]{2,8})\s?[／/]\s?)?(?P<word>(?:本報)?[記记]者)\s?(?P<name>[\u3400-\u9fff]{2,4})\s?[／/]\s?(?P<how>[\u3400-\u9fff]{2,10})"
)
# ` / CBS/AP`
_SERVICES = re.compile(r"/ ?(?P<names>[A-Z]{2,8}(?:/[A-Z]{2,8}){0,3})")


def _further_parts(rest: str) -> tuple[Span, ...]:
    """Newspaper, reporter and place, or services, behind a stamp; empty where it is something else."""
    match = _REPORTED.fullmatch(rest)
    if match is not None:
        source = (Span(match["source"], "source"),) if match["source"] else ()
        how = Span(match["how"], "drop", rule="byline-place")
        return (*source, Span(match["word"], "marker"), Span(match["name"], "person"), how)
    return _services(rest)


def read_reported(line: Line) -> Labelled | None:
    """`記者佐藤一郎／綜合報導`, alone on a line."""
    match = _REPORTED.fullmatch(line.text) if "／" in line.text or "/" in line.text else None
    return None if match is None else Labelled(line, "byline", _further_parts(line.text), why="who reported, and how")


def _services(rest: str) -> tuple[Span, ...]:
    match = _SERVICES.fullmatch(rest)
    names = match["names"].split("/") if match is not None else []
    if not any(is_agency(name) for name in names):
        return ()
    return tuple(
        Span(name, "agency", value=agency_name(name)) if is_agency(name) else Span(name, "drop", rule="stamp-note") for name in names
    )


# `（最終更新 10/11 22:31）`: a later moment of the same year, which only the first one names.
_LATER = re.compile(r"(?P<mark>[,;|·•/])? ?(?P<word>[^\W\d_][^\d,;|/]{3,24}?):? (?P<clock>\d{1,2}[:.h]\d\d)(?: ?(?:Uhr|h))?")
_AGAIN = re.compile(r"\s?[(（](?P<word>[^\d()（）]{2,16})(?P<day>\d{1,2}[/.-]\d{1,2}\s\d{1,2}:\d\d)[)）]")


def read_again(after: str, date: DateReading, rules: DateRules) -> tuple[Span, ...]:
    """The spans of the update in parentheses behind a stamp that is written year first; empty where there is none."""
    clock = _LATER.fullmatch(after.strip()) if after and date.moment.precision in ("day", "minute") else None
    if clock is not None and is_stamp_word(clock["word"]):
        same_day = f"{date.moment.iso[:10]} {re.sub('[.h]', ':', clock['clock'])}"
        found = next(find_dates(same_day, rules), None)
        mark = (Span(clock["mark"], "marker"),) if clock["mark"] else ()
        return (*mark, Span(clock["word"], "marker"), Span(clock["clock"], "stamp", moment=found.moment)) if found else ()
    match = _AGAIN.fullmatch(after) if after[-1:] in ")）" and after else None
    if match is None or date.moment.precision == "year":
        return ()
    whole = re.sub(r"(\d+)[/.-](\d+)", rf"{date.moment.iso[:4]}-\1-\2", match["day"], count=1)
    later = next(find_dates(whole, rules), None)
    if later is None:
        return ()
    word = match["word"].strip()
    stamp = Span(match["day"], "stamp", moment=later.moment)
    return (Span(after.strip()[0], "marker"), Span(word, "marker"), stamp, Span(after[-1], "marker"))


def _is_place_of_stamp(before: str) -> bool:
    """Whether a dash or bar parts the date from the place of writing before it."""
    if before[-1:] == "," and before[:-1].replace(" ", "").isalpha() and len(before) <= _LONGEST_DAY:
        # Or a day of the week, in any language.
        return True
    return before[-1:] in "-|\u2013\u2014\u00b7\u2022" and _STAMP_PLACE.fullmatch(before[:-1].strip()) is not None


def read_address(line: Line) -> Labelled | None:
    """A line that is nothing but the address of the original."""
    url = _URL.fullmatch(line.text)
    if url is None:
        return None
    word = line.text[: url.start("url")].strip()
    marker = (Span(word, "marker"),) if word else ()
    address = url["url"] if "://" in url["url"] else f"https://{url['url']}"
    return Labelled(line, "url", (*marker, Span(url["url"], "url", value=address)))
