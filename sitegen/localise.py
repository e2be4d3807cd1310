"""Dates, times, numbers and interface strings as a language writes them, for templates.

English is known here by heart: babel takes longer to import than a small site takes to build. Every other language,
and English as written outside Britain and the United States, is learnt from babel once per process; after that both
go the same way.
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from sitegen import datenames
from sitegen.datenames import ENGLISH, Names, is_own_english, names_of

_CATALOGS = Path(__file__).parent / "locale"
_CACHED = 4096
_ENGLISH_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bangla", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def strings_of(language: str) -> tuple[bytes, ...]:
    """What decides how dates and strings are written in a language: code of ours, and the language's catalog."""
    catalog = _CATALOGS / f"{language.split('-', maxsplit=1)[0]}.po"
    code = (Path(module).read_bytes() for module in (__file__, datenames.__file__))
    return *code, catalog.read_bytes() if catalog.is_file() else b""


class Localiser(Struct, frozen=True, kw_only=True):
    """Writes out dates, numbers and names in one language. Dates are ISO 8601 strings at any precision."""

    language: str
    names: Names
    catalog: gettext_module.NullTranslations
    write_date: Callable[[str, str], str]
    """Writes an ISO date by a pattern, and remembers: the same days stand on many pages."""

    @classmethod
    def for_language(cls, language: str) -> Localiser:
        """The localiser of a BCP 47 tag (`en`, `pt-BR`); an unknown language is written as English."""
        return _localiser(language)

    def long_date(self, iso: str) -> str:
        """`Tuesday, 19 November 2024`, `November 2024`, `2024`, or nothing."""
        return self.write_date(iso[:10], self.names.full)

    def medium_date(self, iso: str) -> str:
        """`19 November 2024`, `November 2024`, `2024`, or nothing."""
        return self.write_date(iso[:10], self.names.long)

    def short_date(self, iso: str) -> str:
        """`19 Nov 2024`, `November 2024`, `2024`, or nothing."""
        return self.write_date(iso[:10], self.names.medium)

    def month_name(self, iso: str) -> str:
        """`November 2024`."""
        return self.write_date(iso[:7], "")

    def month_alone(self, iso: str) -> str:
        """`November`."""
        return self.names.months_alone[int(iso[5:7]) - 1]

    def month_short(self, iso: str) -> str:
        """`Nov`."""
        return self.names.months_alone_short[int(iso[5:7]) - 1]

    def day_of_year(self, day: str) -> str:
        """`19 November`, for `11-19` or for a whole date."""
        month, number = day[:10].split("-")[-2:]
        # A leap year, so that 29 February is a date too.
        return self.names.month_day % _fields(date(2000, int(month), int(number)), self.names)

    def time(self, iso: str) -> str:
        """`20:35`, or nothing where no time of day was given."""
        if len(iso) <= len("2024-11-19"):
            return ""
        if self.names.time == ENGLISH.time:
            return iso[11:16]
        hour, minute = int(iso[11:13]), iso[14:16]
        twelve = hour % 12
        fields = {
            "H": str(hour), "HH": f"{hour:02}", "h": str(twelve or 12), "hh": f"{twelve or 12:02}",
            "K": str(twelve), "k": str(hour or 24), "mm": minute, "a": self.names.halves[hour >= 12],
        }  # fmt: skip
        return self.names.time % fields

    def stamp(self, iso: str, zone: str = "") -> str:
        """`19 November 2024, 20:35 UTC`, as clocks in `zone` showed it.

        A date without a time stays a date; a time without an offset stays as it is and names no zone.
        """
        if len(iso) <= len("2024-11-19"):
            return self.medium_date(iso)
        local, known = _in_zone(iso, zone)
        clock = self.time(local)
        if known and zone:
            clock = self._clock_in(clock, zone)
        return self.names.date_and_time.replace("{1}", self.medium_date(local)).replace("{0}", clock)

    def elsewhere(self, iso: str, zone: str, home: str) -> str:
        """The same instant in `zone` where its clocks differ from those of `home`: `22:35 in Jerusalem`, or nothing."""
        there, known = _in_zone(iso, zone)
        here, _ = _in_zone(iso, home)
        if not known or not zone or there == here:
            return ""
        return self._clock_in(self.time(there), zone) if there[:10] == here[:10] else self.stamp(iso, zone)

    def number(self, value: int) -> str:
        """`12,345`."""
        return f"{value:,}" if is_own_english(self.language) else _babel_number(self.language, value)

    def articles(self, count: int) -> str:
        """`1 article`, `12,345 articles`."""
        return self.ngettext("%(n)s article", "%(n)s articles", count) % {"n": self.number(count)}

    def minutes(self, count: int) -> str:
        """`1 minute`, `5 minutes`."""
        return self.ngettext("%(n)s minute", "%(n)s minutes", count) % {"n": self.number(count)}

    def words(self, count: int) -> str:
        """`1 word`, `1,210 words`."""
        return self.ngettext("%(n)s word", "%(n)s words", count) % {"n": self.number(count)}

    @property
    def first_weekday(self) -> int:
        """The day with which a week begins; 0 is Monday."""
        return self.names.first_weekday

    def weekday_names(self, width: str = "short") -> tuple[str, ...]:
        """The days of a week in the language's order, `wide` (`Monday`), `short` (`Mon`) or `tiny` (`Mo`)."""
        names = self.names
        days = names.weekdays_alone if width == "wide" else names.weekdays_alone_short
        if width == "tiny":
            cut = tuple(name[:2] for name in days)
            # All Arabic names begin with the article, all Hebrew ones with the word for day.
            days = cut if len(set(cut)) == len(cut) else names.weekdays_narrow
        return days[names.first_weekday :] + days[: names.first_weekday]

    def zone_city(self, zone: str) -> str:
        """`Jerusalem` for `Asia/Jerusalem`; `UTC` for UTC itself."""
        if _is_utc(zone):
            return "UTC"
        if is_own_english(self.language):
            return zone.rsplit("/", 1)[-1].replace("_", " ")
        return _babel_city(self.language, zone)

    def language_name(self, code: str) -> str:
        """`Arabic` for `ar`; the code itself where nobody knows it."""
        if is_own_english(self.language) and code in _ENGLISH_LANGUAGES:
            return _ENGLISH_LANGUAGES[code]
        return _babel_language(self.language, code)

    def gettext(self, message: str) -> str:
        """The interface string in this language."""
        # The empty message is the catalog's own header.
        return self.catalog.gettext(message) if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The interface string in the form that goes with `count`."""
        return self.catalog.ngettext(singular, plural, count)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What templates call: every method that writes something; what recurs from page to page is remembered.

        `"Published"|_` is `gettext` as a filter: Jinja works a filter on a constant out when it compiles the template,
        so that a string costs nothing per page. Compiled templates therefore belong to one language.
        """
        remembered = (
            self.long_date, self.medium_date, self.short_date, self.month_name, self.month_alone, self.month_short,
            self.day_of_year, self.number, self.articles, self.minutes, self.words, self.weekday_names, self.zone_city,
            self.language_name,
        )  # fmt: skip
        filters: dict[str, Callable[..., Any]] = {
            method.__name__: lru_cache(maxsize=_CACHED)(method) for method in remembered
        }
        return filters | {
            method.__name__: method for method in (self.time, self.stamp, self.elsewhere)
        } | {"_": self.gettext}

    def _clock_in(self, clock: str, zone: str) -> str:
        if _is_utc(zone):
            return f"{clock} UTC"
        return self.gettext("%(time)s in %(city)s") % {"time": clock, "city": self.zone_city(zone)}


@cache
def _localiser(language: str) -> Localiser:
    names = names_of(language)

    @lru_cache(maxsize=_CACHED)
    def write_date(iso: str, pattern: str) -> str:
        return _write_date(iso, pattern, names)

    return Localiser(language=language, names=names, catalog=_read_catalog(language), write_date=write_date)


def _write_date(iso: str, pattern: str, names: Names) -> str:
    """`iso` by `pattern`; a date less precise than a day by the language's pattern for a month or a year."""
    match len(iso):
        case 0:
            return ""
        case 4:
            return names.year % _fields(date(int(iso), 1, 1), names)
        case 7:
            return names.month_year % _fields(date(int(iso[:4]), int(iso[5:]), 1), names)
    return pattern % _fields(date(int(iso[:4]), int(iso[5:7]), int(iso[8:10])), names)


def _fields(day: date, names: Names) -> dict[str, str]:
    month, weekday = day.month - 1, day.weekday()
    return {
        "G": names.era, "y": str(day.year), "yyyy": f"{day.year:04}", "yy": f"{day.year % 100:02}",
        "M": str(day.month), "MM": f"{day.month:02}", "MMM": names.months_short[month], "MMMM": names.months[month],
        "L": str(day.month), "LL": f"{day.month:02}", "LLL": names.months_alone_short[month],
        "LLLL": names.months_alone[month], "d": str(day.day), "dd": f"{day.day:02}",
        "E": names.weekdays_short[weekday], "EEE": names.weekdays_short[weekday], "EEEE": names.weekdays[weekday],
        "ccc": names.weekdays_alone_short[weekday], "cccc": names.weekdays_alone[weekday],
    }  # fmt: skip


def _in_zone(iso: str, zone: str) -> tuple[str, bool]:
    """`iso` as clocks in `zone` showed it, without offset; and whether its instant is known at all."""
    if len(iso) <= len("2024-11-19"):
        return iso, False
    if iso.endswith("+00:00") and _is_utc(zone):
        return iso[:-6], True
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        return iso, False
    if zone:
        moment = moment.astimezone(_zone(zone))
    return moment.replace(tzinfo=None).isoformat(), True


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    try:
        return UTC if _is_utc(name) else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _is_utc(zone: str) -> bool:
    return zone in ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z", "")


def _read_catalog(language: str) -> gettext_module.NullTranslations:
    names = (language.replace("-", "_"), language.split("-", maxsplit=1)[0])
    found = next((path for name in names if (path := _CATALOGS / f"{name}.po").is_file()), None)
    if found is None or found.stem == "en":
        return gettext_module.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with found.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


@lru_cache(maxsize=_CACHED)
def _babel_number(language: str, value: int) -> str:
    from babel import UnknownLocaleError
    from babel.numbers import format_decimal

    try:
        return format_decimal(value, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return f"{value:,}"


def _babel_city(language: str, zone: str) -> str:
    from babel import UnknownLocaleError
    from babel.dates import get_timezone_location

    try:
        # Where CLDR has no name of its own, babel gives the whole of `Argentina/Buenos Aires`.
        return get_timezone_location(zone, locale=language.replace("-", "_"), return_city=True).rsplit("/", 1)[-1]
    except (LookupError, UnknownLocaleError, ValueError):
        return zone.rsplit("/", 1)[-1].replace("_", " ")


def _babel_language(language: str, code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code, sep="-").get_display_name(language.replace("-", "_")) or code
    except (UnknownLocaleError, ValueError):
        return code
