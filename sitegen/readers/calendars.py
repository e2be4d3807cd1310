"""Month names, weekday names, zone names and date orders, from the data file `dates.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge

# Two countries' newspapers use the same letters for these; a reading of them is marked as assumed.
_SHARED_ZONE_NAMES: Final = frozenset({"IST", "CST", "AST", "GST", "ADT", "ART", "CT", "MT"})


class _Calendar(Struct, frozen=True):
    """All names of the data file, ready to be looked up."""

    months: Mapping[str, Mapping[str, int]]
    any_month: Mapping[str, int]
    weekdays: frozenset[str]
    zones: Mapping[str, tzinfo]
    orders: Mapping[str, str]


@by_knowledge()
def _calendar() -> _Calendar:
    table = knowledge("dates")
    months = {
        language: {name: number for number, spellings in enumerate(names, 1) for name in spellings.split()}
        for language, names in table["months"].items()
    }
    any_month: dict[str, int] = {}
    for names in months.values():
        for name, number in names.items():
            any_month.setdefault(name, number)
    zones: dict[str, tzinfo] = {
        name: ZoneInfo(value) if isinstance(value, str) else timezone(timedelta(minutes=value))
        for name, value in table["zones"].items()
    }
    return _Calendar(months, any_month, frozenset(table["weekdays"]["names"].split()), zones, table["date_orders"])


def month_number(name: str, languages: tuple[str, ...]) -> int:
    """The month that `name` means, in one of `languages` if it can, else in any language; 0 where it is none."""
    calendar = _calendar()
    # A capital dotted I is two code points in lower case.
    key = name.lower().rstrip(".").replace("i\u0307", "i")
    for language in languages:
        number = calendar.months.get(language.split("-")[0].lower(), {}).get(key)
        if number:
            return number
    return calendar.any_month.get(key, 0)


def weekday_names() -> frozenset[str]:
    """Names of weekdays in all languages known, in lower case."""
    return _calendar().weekdays


def zone_by_name(name: str) -> tuple[tzinfo, bool] | None:
    """The zone a newspaper means by `EDT` or `GMT`, and whether others mean another one by it."""
    zone = _calendar().zones.get(name.upper())
    return None if zone is None else (zone, name.upper() in _SHARED_ZONE_NAMES)


def is_shared_zone_name(name: str) -> bool:
    """Whether the newspapers of several countries mean different zones by it."""
    return name in _SHARED_ZONE_NAMES


def date_order_of(languages: tuple[str, ...], separator: str) -> str | None:
    """The order in which these languages write numeric dates, or None where it is not settled."""
    for language in languages:
        code = language.lower()
        order = _calendar().orders.get(code, _calendar().orders.get(code.split("-")[0], "DMY"))
        if order in ("DMY", "MDY"):
            return order
    # Nobody writes the month first with full stops.
    return "DMY" if separator == "." else None
