"""Date phrases become moments, at the precision given: ISO and own patterns first, dateparser only as the last resort.

Nothing is filled in: no year of today, no midnight, no zone. `03/04/2024` is decided by the site's date order, else by
the language, else it stays a year and is called ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final

from msgspec import Struct

from sitegen.readers.calendars import (
    date_order_of,
    is_shared_zone_name,
    month_number,
    weekday_names,
    zone_by_name,
)
from sitegen.records import Moment, Precision

__all__ = ["DateReading", "DateRules", "find_dates", "leading_stamp", "parse_date"]


class DateRules(Struct, frozen=True, kw_only=True):
    """What decides where a phrase alone does not."""

    languages: tuple[str, ...] = ("en",)
    """In order of trust, as ISO codes, with a region where one is known (`en-GB`)."""
    order: str | None = None
    """`DMY`, `MDY` or `YMD`; None leaves numeric dates to the languages."""
    zone: tzinfo | None = None
    """Assumed for a time without a zone; None keeps it a local stamp."""
    home: tzinfo | None = None
    """The source's zone: decides what IST or CST means, and is assumed for nothing."""


class DateReading(Struct, frozen=True):
    """A date found in a text: what it says, and the span that says it."""

    moment: Moment
    start: int
    end: int
    ambiguous: bool = False
    """Day and month cannot be told apart; `moment` is then no more than the year."""


_AMERICAN: Final = frozenset({"ET", "EST", "EDT", "CT", "CDT", "MT", "MST", "MDT", "PT", "PST", "PDT", "AKST", "AKDT", "HST"})
_EARLIEST: Final = 1600
_LATEST: Final = 2100
_ISO = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?\s*", re.ASCII)

# A zone may follow a stamp; what begins with a digit or nothing at all is none.
_ISO_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)(?=\s+\d|\s*$)", re.ASCII)

_ORDINAL = r"(?:st|nd|rd|th|er|re|eme|\.º|º|ª|°|\.)?"
# Vowel signs of India and Thailand are no letters to Python.
_NAME = r"(?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]){2,14}(?:\u200c[^\W\d_]+)?\.?"
_LINK = r"(?:\s*(?:de|del|of|di|do|ta'|،|,)\s+|\s*[,./-]\s*|\s+)"
_SHAPES = re.compile(
    rf"""(?:(?<![\w./-])|(?<=\bב-))(?:
      (?P<iy>\d{{4}})\s?[-/.年년]\s?(?P<im>\d{{1,2}})\s?[-/.月월]\s?(?P<id>\d{{1,2}})(?:\s?[日일]|\.?(?!\d))
    | (?P<yy>\d{{4}})\.?\s(?P<yname>{_NAME})\s(?P<yd>\d{{1,2}})\.?(?!\d)
    | (?P<vd>\d{{1,2}})\s+tháng\s+(?P<vm>\d{{1,2}})(?:,|\s+năm)?\s+(?P<vy>\d{{4}})
    | (?P<cy>\d{{4}})[年년](?:\s?(?P<cm>\d{{1,2}})[月월])?
    | (?P<dd>\d{{1,2}}){_ORDINAL}{_LINK}(?P<dname>{_NAME}){_LINK}'?(?P<dy>\d{{4}}|\d\d(?![\d:.]))(?:(?!\d)|(?=\d{{1,2}}:\d\d))
      (?:\s(?:г|р|года|року)\b\.?)?
    | (?P<mname>{_NAME})[\s-]{{1,3}}(?P<md>\d{{1,2}}){_ORDINAL}\s?,?\s(?P<my>\d{{4}})(?:(?!\d)|(?=\d{{1,2}}:\d\d))
    | (?P<nname>{_NAME}){_LINK}(?P<ny>\d{{4}})(?!\d)
    | (?P<a>\d{{1,2}})(?P<sep>[/.-])(?:(?<=\.)\s)?(?P<b>\d{{1,2}})(?P=sep)(?:(?<=\.)\s)?(?P<c>\d{{4}}|\d\d)(?!\d)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ZONE = r"(?:\s*\(?(?P<{0}zone>Z\b|(?:UTC|GMT)?\s?[+\u2212-]\d\d?:?(?:\d\d)?(?!\d)|[A-Z]{{2,5}}\b)\)?)?"
_CLOCK = (
    r"(?:(?P<{0}k>오전|오후|上午|下午|午前|午後)\s?)?(?P<{0}h>\d{{1,2}})(?:(?:[:.\u2236]|\s?[hH]\s?|\s?[時时点點시]\s?)(?P<{0}m>\d\d)(?!\d)[分분]?(?:[:.](?P<{0}s>\d\d)(?:[.,]\d{{1,9}})?)?)?"
    r"(?:\s?(?P<{0}ap>[aApP]\.?\s?[mM]\b\.?|[مص]\b))?(?P<{0}u>\s?(?:Uhr|[hH]rs?|óra|uur|час\w*)\b\.?|[hH]\b)?"
)
_JOINT = (
    r"\.?[\s,;:|•·/\u2013\u2014-]*(?:\b(?i:[Ll]ast updated at|الساعة|ساعت|בשעה|saat|"
    r"at|um|à|a las|às|alle(?: ore)?|ore|ora|om|kl|klo|kell|pukul|jam|lúc|u|o|v|w|в|о|у|στις|ob|T)\b\.?)?"
    r"\s*,?\s*T?\s*(?:\()?"
)
_TIME_AFTER = re.compile(_JOINT + _CLOCK.format("t") + _ZONE.format("t") + r"\)?")
_TIME_BEFORE = re.compile(
    _CLOCK.format("t")
    + _ZONE.format("t")
    + r"\s*(?:,|\||-|·|•|on|am|le|el|del|il|vom|den)?\s*(?:[^\W\d_]+\.?,?\s)?\s*$"
)
_YEAR = re.compile(r"\s*(\d{4})\s*")
_YEAR_MONTH = re.compile(r"\s*(\d{4})[-/](\d\d?)\s*")
_COMPACT = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?\s*")
_WEEKDAY_JOINTS: Final = frozenset({"the", "den", "le", "el", "il", "am", "d.", "d"})
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+\u2212-])(\d\d?):?(\d\d)?")


def parse_date(text: str, rules: DateRules) -> DateReading | None:
    """The date that the whole of `text` is, or None; words around it (`Published on …`) are not allowed."""
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _read_iso(iso, rules, len(text))
    stripped = text.strip()
    for reading in find_dates(stripped, rules):
        if reading.start == 0 and not stripped[reading.end :].strip(" .,()"):
            return reading
        break
    return _read_bare(stripped, rules) or _ask_dateparser(stripped, rules)


def leading_stamp(text: str, rules: DateRules) -> DateReading | None:
    """The ISO stamp with seconds that `text` begins with; the quick way for what aggregators write."""
    iso = _ISO_STAMP.match(text)
    return None if iso is None else _read_iso(iso, rules, iso.end(3))


def find_dates(text: str, rules: DateRules) -> Iterator[DateReading]:
    """All dates with at least month and year in `text`, each with its time of day and weekday, in order."""
    position = floor = 0
    while match := _SHAPES.search(text, position):
        day = _read_shape(match, rules)
        if day is None:
            # `31 Feb 2024` is no date at all; to read on inside it would make it `Feb 2024`.
            position = match.end() if _names_month(match, rules) else _end_of_word(text, match.start())
            continue
        start, end, clock = match.start(), match.end(), None
        if day.day:
            start, end, clock = _find_clock(text, match, floor)
        elif day.ambiguous:
            # `12/01/23 11:05 AM ET`: where those zones are, the month comes first.
            after = _TIME_AFTER.match(text, end)
            if after is not None and after["tzone"] in _AMERICAN and (settled := _read_numeric(match, "MDY")) is not None:
                day = settled
                start, end, clock = _find_clock(text, match, floor)
        yield _build(day, clock, rules, start, end)
        position = floor = max(end, match.end())


class _Day(Struct, frozen=True):
    """A calendar day, month or year; 0 stands for a part not given."""

    year: int
    month: int = 0
    day: int = 0
    ambiguous: bool = False


class _Clock(Struct, frozen=True):
    hour: int
    minute: int
    second: int | None
    zone: str


def _names_month(match: re.Match[str], rules: DateRules) -> bool:
    word = match["dname"] or match["mname"] or match["yname"]
    return bool(word and month_number(word, rules.languages))


def _end_of_word(text: str, start: int) -> int:
    """Where to search on: from inside a number or word a search would only find a fragment."""
    end = start + 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return end


def _read_iso(match: re.Match[str], rules: DateRules, end: int) -> DateReading | None:
    day, minutes, seconds = match.groups()
    try:
        if minutes is None:
            moment = Moment.of_date(date.fromisoformat(day))
        else:
            stamp = datetime.fromisoformat(f"{day}T{minutes}{seconds or ''}").replace(tzinfo=rules.zone)
            precision: Precision = "second" if seconds else "minute"
            moment = Moment.of_datetime(stamp, precision=precision, zone_assumed=rules.zone is not None)
    except ValueError:
        return None
    return DateReading(moment, 0, end)


def _read_shape(match: re.Match[str], rules: DateRules) -> _Day | None:
    """The day that one shape of date means, or None where its word is no month or its numbers are no day."""
    if match["iy"]:
        return _valid(match["iy"], int(match["im"]), match["id"])
    if match["vy"]:
        return _valid(match["vy"], int(match["vm"]), match["vd"])
    if match["cy"]:
        return _valid(match["cy"], int(match["cm"] or 0), "0")
    if match["a"]:
        return _read_numeric(match, rules.order or date_order_of(rules.languages, match["sep"]))
    for name, day, year in (("dname", "dd", "dy"), ("mname", "md", "my"), ("yname", "yd", "yy"), ("nname", "", "ny")):
        if match[name]:
            month = month_number(match[name], rules.languages)
            return _valid(match[year], month, match[day] if day else "0") if month else None
    return None


def _valid(year: str, month: int, day: str) -> _Day | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    if not _EARLIEST <= number <= _LATEST or not 0 <= month <= 12:
        return None
    try:
        date(number, month or 1, int(day) or 1)
    except ValueError:
        return None
    return _Day(number, month, int(day))


def _read_numeric(match: re.Match[str], order: str | None) -> _Day | None:
    first, second, year = match["a"], match["b"], match["c"]
    as_dmy, as_mdy = _valid(year, int(second), first), _valid(year, int(first), second)
    if len(year) == 2 and order == "YMD":
        return _valid(f"20{first}", int(second), year)
    if as_dmy is None or as_mdy is None or first == second:
        # `month` 0 is how a part not given is written; a numeric date must give all.
        return next((day for day in (as_dmy, as_mdy) if day and day.month and day.day), None)
    if order == "MDY":
        return as_mdy
    return as_dmy if order == "DMY" else _Day(as_dmy.year, ambiguous=True)


def _find_clock(text: str, match: re.Match[str], floor: int) -> tuple[int, int, _Clock | None]:
    """The span of the date with the time of day and the weekday beside it, and that time."""
    start, end, clock = match.start(), match.end(), None
    after = _TIME_AFTER.match(text, end)
    if after is not None:
        clock = _read_clock(after)
        if clock is not None:
            # Capitals that name no zone belong to what follows.
            end = after.end() if _is_zone(clock.zone) else after.start("tzone")
    before = text[max(floor, start - 48) : start]
    if clock is None and (early := _TIME_BEFORE.search(before)) is not None:
        clock = _read_clock(early) if _is_zone(early["tzone"] or "") else None
        if clock is not None:
            start -= len(before) - early.start()
            return start, end, clock
    start -= _weekday_length(before)
    return start, end, clock


def _weekday_length(before: str) -> int:
    """How many characters at the end of `before` are a weekday and what joins it to the date."""
    words = before.split()
    joint = 1 if words and words[-1].lower() in _WEEKDAY_JOINTS else 0
    if len(words) <= joint or words[-1 - joint].strip(".,(|\u060c\u3001").lower() not in weekday_names():
        return 0
    return len(before) - before.rindex(words[-1 - joint].lstrip("(|"))


def _is_zone(token: str) -> bool:
    return not token or zone_by_name(token) is not None or _OFFSET.fullmatch(token) is not None


_HALVES: Final[Mapping[str, str]] = {
    "오전": "am", "上午": "am", "午前": "am", "오후": "pm", "ص": "am", "م": "pm", "下午": "pm", "午後": "pm",
}  # fmt: skip


def _read_clock(match: re.Match[str]) -> _Clock | None:
    hour, minute, second = match["th"], match["tm"], match["ts"]
    given = match["tap"] or match["tk"] or ""
    half = _HALVES.get(given, given).replace(".", "").replace(" ", "").lower()
    if minute is None and not half and not match["tu"]:
        return None
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half == "pm" else 0)
    if number > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    zone = match["tzone"] or ""
    return _Clock(number, int(minute or 0), int(second) if second else None, zone)


def _build(day: _Day, clock: _Clock | None, rules: DateRules, start: int, end: int) -> DateReading:
    if day.ambiguous:
        return DateReading(Moment(f"{day.year:04}", "year"), start, end, ambiguous=True)
    if not day.day:
        iso, precision = (f"{day.year:04}-{day.month:02}", "month") if day.month else (f"{day.year:04}", "year")
        return DateReading(Moment(iso, precision), start, end)  # type: ignore[arg-type]
    if clock is None:
        return DateReading(Moment.of_date(date(day.year, day.month, day.day)), start, end)
    stamp = datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second or 0)
    zone, assumed = _zone_of(clock.zone, stamp, rules)
    precision_of_clock: Precision = "minute" if clock.second is None else "second"
    moment = Moment.of_datetime(
        stamp.replace(tzinfo=zone), precision=precision_of_clock, zone_assumed=assumed and zone is not None
    )
    return DateReading(moment, start, end)


def _zone_of(token: str, stamp: datetime, rules: DateRules) -> tuple[tzinfo | None, bool]:
    """The zone that `token` names, and whether it had to be assumed."""
    offset = _OFFSET.fullmatch(token) if token else None
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if offset[1] != "+" else minutes)), False
    if token and rules.home is not None and _is_at_home(token, stamp, rules.home):
        return rules.home, False
    named = zone_by_name(token) if token else None
    if named is not None:
        return named
    return rules.zone, True


def _is_at_home(token: str, stamp: datetime, home: tzinfo) -> bool:
    """Whether the source's own zone is called so; of a name that several zones share, in the other half of the year too."""
    months = (stamp.month, 1, 7) if is_shared_zone_name(token) else (stamp.month,)
    days = [stamp if month == stamp.month else datetime(stamp.year, month, 1) for month in months]
    return any(day.replace(tzinfo=home).tzname() == token for day in days)


def _read_bare(text: str, rules: DateRules) -> DateReading | None:
    """A year, a year and month, or a date in digits without separators, alone."""
    if (match := _YEAR.fullmatch(text)) is not None:
        found = _valid(match[1], 0, "0")
        return _build(found, None, rules, 0, len(text)) if found else None
    if (match := _YEAR_MONTH.fullmatch(text)) is not None:
        found = _valid(match[1], int(match[2]), "0")
        return _build(found, None, rules, 0, len(text)) if found and found.month else None
    if (match := _COMPACT.fullmatch(text)) is not None:
        found = _valid(match[1], int(match[2]), match[3])
        if found is None or not found.month or not found.day:
            return None
        clock = None
        if match[4] and int(match[4]) < 24 and int(match[5]) < 60 and int(match[6] or 0) < 60:
            clock = _Clock(int(match[4]), int(match[5]), int(match[6]) if match[6] else None, match[7] or "")
        return _build(found, clock, rules, 0, len(text))
    return None


_LOOKS_LIKE_DATE = re.compile(r"(?=.*(?<!\d)\d{4}(?!\d))(?=.*[^\W\d_]{2}).{6,60}", re.DOTALL)


def _ask_dateparser(text: str, rules: DateRules) -> DateReading | None:
    """The last resort, for month names that no table of ours has; it must give year, month and day itself."""
    if not _LOOKS_LIKE_DATE.fullmatch(text):
        return None
    # Loads only here: the import alone takes longer than reading hundreds of articles.
    from dateparser import parse
    from dateparser.conf import SettingValidationError

    languages = [code.split("-")[0] for code in rules.languages]
    settings = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["year", "month", "day"],
        "RELATIVE_BASE": datetime(2000, 1, 1),
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": rules.order or "DMY",
    }
    try:
        found = parse(text, languages=languages, settings=settings)
    except (ValueError, SettingValidationError, OverflowError, RecursionError):
        return None
    if found is None or not _EARLIEST <= found.year <= _LATEST:
        return None
    if not re.search(r"\d\d?[:.h]\d\d", text):
        return DateReading(Moment.of_date(found.date()), 0, len(text))
    stamp = found if found.tzinfo else found.replace(tzinfo=rules.zone)
    assumed = found.tzinfo is None and rules.zone is not None
    precision: Precision = "second" if re.search(r"\d[:.]\d\d[:.]\d\d", text) else "minute"
    return DateReading(Moment.of_datetime(stamp, precision=precision, zone_assumed=assumed), 0, len(text))
