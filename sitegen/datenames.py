"""What languages call the parts of a date, and how they put them together."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Names(Struct, frozen=True, kw_only=True):
    """What a language calls the parts of a date, and how it puts them together.

    Weekdays begin with Monday. Patterns are %-formats whose keys are CLDR's field letters: `%(d)s %(MMMM)s %(y)s`.
    """

    months: tuple[str, ...]
    months_short: tuple[str, ...]
    months_alone: tuple[str, ...]
    """As they stand without a day: in many languages another case."""
    months_alone_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    weekdays_alone: tuple[str, ...]
    weekdays_alone_short: tuple[str, ...]
    weekdays_narrow: tuple[str, ...]
    """One letter or two, where the first letters of the short names do not tell days apart."""
    first_weekday: int
    """0 is Monday."""
    full: str
    long: str
    medium: str
    month_year: str
    month_day: str
    year: str
    time: str
    date_and_time: str
    """`{1}` is the date, `{0}` the time."""
    halves: tuple[str, str]
    """Before and after noon, for clocks of twelve hours."""
    era: str = ""


ENGLISH = Names(
    months=_ENGLISH_MONTHS, months_short=tuple(name[:3] for name in _ENGLISH_MONTHS),
    months_alone=_ENGLISH_MONTHS, months_alone_short=tuple(name[:3] for name in _ENGLISH_MONTHS),
    weekdays=_ENGLISH_WEEKDAYS, weekdays_short=tuple(name[:3] for name in _ENGLISH_WEEKDAYS),
    weekdays_alone=_ENGLISH_WEEKDAYS, weekdays_alone_short=tuple(name[:3] for name in _ENGLISH_WEEKDAYS),
    weekdays_narrow=tuple(name[:1] for name in _ENGLISH_WEEKDAYS), first_weekday=0,
    full="%(EEEE)s, %(d)s %(MMMM)s %(y)s", long="%(d)s %(MMMM)s %(y)s", medium="%(d)s %(MMM)s %(y)s",
    month_year="%(LLLL)s %(y)s", month_day="%(d)s %(MMMM)s", year="%(y)s", time="%(HH)s:%(mm)s",
    date_and_time="{1}, {0}", halves=("am", "pm"),
)  # fmt: skip


def is_own_english(language: str) -> bool:
    """Whether a language is known here by heart: English as Britain and the United States write it."""
    return language in ("en", "en-GB", "en-US")


def names_of(language: str) -> Names:
    """What is known of a BCP 47 tag's language; English names where nothing is."""
    return _own_names(language) if is_own_english(language) else _babel_names(language)


def _own_names(language: str) -> Names:
    if language != "en-US":
        return ENGLISH
    fields: dict[str, Any] = {name: getattr(ENGLISH, name) for name in ENGLISH.__struct_fields__}
    return Names(**fields | {
        "first_weekday": 6, "full": "%(EEEE)s, %(MMMM)s %(d)s, %(y)s", "long": "%(MMMM)s %(d)s, %(y)s",
        "medium": "%(MMM)s %(d)s, %(y)s", "month_day": "%(MMMM)s %(d)s", "time": "%(h)s:%(mm)s\u202f%(a)s",
        "halves": ("AM", "PM"),
    })  # fmt: skip


def _babel_names(language: str) -> Names:
    """What babel knows of the language; English names where it does not know it."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return ENGLISH

    def months(context: str, width: str) -> tuple[str, ...]:
        return tuple(locale.months[context][width][number] for number in range(1, 13))

    def weekdays(context: str, width: str) -> tuple[str, ...]:
        return tuple(locale.days[context][width][number] for number in range(7))

    def skeleton(name: str, otherwise: str) -> str:
        pattern = locale.datetime_skeletons.get(name)
        return str(pattern.format) if pattern else otherwise

    time_pattern = str(locale.time_formats["short"].format)
    if any(field in time_pattern for field in ("(B", "(b")):
        # Names for parts of the day depend on the hour in ways that no fixed pattern tells.
        time_pattern = ENGLISH.time
    halves = locale.day_periods["format"]["abbreviated"]
    return Names(
        months=months("format", "wide"), months_short=months("format", "abbreviated"),
        months_alone=months("stand-alone", "wide"), months_alone_short=months("stand-alone", "abbreviated"),
        weekdays=weekdays("format", "wide"), weekdays_short=weekdays("format", "abbreviated"),
        weekdays_alone=weekdays("stand-alone", "wide"), weekdays_alone_short=weekdays("stand-alone", "abbreviated"),
        weekdays_narrow=weekdays("stand-alone", "narrow"),
        first_weekday=locale.first_week_day, full=str(locale.date_formats["full"].format),
        long=str(locale.date_formats["long"].format), medium=str(locale.date_formats["medium"].format),
        month_year=skeleton("yMMMM", ENGLISH.month_year), month_day=skeleton("MMMMd", ENGLISH.month_day),
        year=skeleton("y", ENGLISH.year), time=time_pattern, date_and_time=str(locale.datetime_formats["medium"]),
        halves=(halves["am"], halves["pm"]), era=locale.eras["abbreviated"][1],
    )  # fmt: skip
