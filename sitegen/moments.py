"""Moments as the web's formats write them: with a zone, or with no more than was given."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from email.utils import format_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sitegen.records import Moment

EPOCH = "1970-01-01T00:00:00Z"
_TO_THE_SECOND = len("2024-11-19T20:35:05")


def in_utc(moment: Moment | None, zone: str) -> datetime | None:
    """The instant of a moment, in UTC; what is not known of it is the earliest it can be in `zone`."""
    if moment is None:
        return None
    filled = moment.iso + "0001-01-01"[len(moment.iso) :]
    try:
        found = datetime.fromisoformat(filled)
        return (found if found.tzinfo else found.replace(tzinfo=_zone(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        # The first and the last day of the calendar have no UTC in some zones.
        return None


def rfc3339(moment: datetime | None) -> str:
    """`2024-11-19T20:35:05Z`, as Atom and JSON Feed want it; empty for none."""
    return f"{moment.isoformat()[:_TO_THE_SECOND]}Z" if moment else ""


def rfc822(moment: datetime | None) -> str:
    """`Tue, 19 Nov 2024 20:35:05 GMT`, as RSS wants it; empty for none."""
    return format_datetime(moment, usegmt=True) if moment else ""


def as_given(moment: Moment | None) -> str:
    """ISO 8601 as far as it is certain: a time whose zone nobody stated is left at its day."""
    if moment is None:
        return ""
    return moment.iso if not moment.has_time or moment.instant() else moment.iso[:10]


def last_change(moment: str) -> str:
    """When an article last changed, as a sitemap may say it: a date, or a time with a zone; else nothing."""
    if len(moment) < 10:
        return ""
    return moment if moment[19:].startswith(("+", "-", ".")) or moment.endswith("Z") else moment[:10]


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
