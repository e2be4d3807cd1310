"""The stamps with which wire messages end: `151322 GMT Jun 25` in IPTC 7901, `AP-NY-05-04-92 1547EDT` in ANPA-1312."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from sitegen.readers.calendars import month_number, zone_by_name
from sitegen.records import Moment

END_STAMP = re.compile(
    r"(?P<d>\d\d)(?P<h>\d\d)(?P<m>\d\d) ?(?P<zone>GMT|UTC|Z)? (?P<month>[^\W\d_]{3,9})\.? (?P<year>\d\d(?:\d\d)?)"
)
"""All of a line, or what stands behind the service's name."""
SERVICE_STAMP = re.compile(rf"(?:[A-Za-z]{{2,8}}(?:/[A-Za-z]{{2,4}}){{0,3}}[ -]{{1,3}}){{0,3}}{END_STAMP.pattern}", re.IGNORECASE)
"""The same with the service's name and initials before it."""
FOOTER = re.compile(
    r"(?:(?P<wire>[A-Z]{2}-[A-Z]{2})-)?(?P<day>\d\d-\d\d-\d\d(?:\d\d)?) (?P<time>\d{4}(?:\d\d)?) ?(?P<zone>[A-Z]{3,4})<?"
)
"""The last line of a story of ANPA-1312."""
_LATEST: Final = 70


def moment_of(stamp: re.Match[str]) -> Moment | None:
    """The moment of a match of `END_STAMP`; None where day, hour, month and year make none."""
    month = month_number(stamp["month"], ("en", "de", "fr", "es"))
    year = int(stamp["year"])
    if year < 100:
        year += 2000 if year < _LATEST else 1900
    zone = UTC if stamp["zone"] else None
    try:
        moment = datetime(year, month, int(stamp["d"]), int(stamp["h"]), int(stamp["m"]), tzinfo=zone)
    except ValueError:
        return None
    return Moment.of_datetime(moment, precision="minute")


def footer_moment(match: re.Match[str]) -> Moment | None:
    """The moment of a match of `FOOTER`; None where its numbers make none."""
    zone = zone_by_name(match["zone"])
    year = "%Y" if len(match["day"]) > 8 else "%y"
    seconds = len(match["time"]) > 4
    try:
        stamp = datetime.strptime(f"{match['day']} {match['time']}", f"%m-%d-{year} %H%M{'%S' if seconds else ''}")
    except ValueError:
        return None
    aware = stamp.replace(tzinfo=zone[0]) if zone else stamp
    return Moment.of_datetime(aware, precision="second" if seconds else "minute", zone_assumed=bool(zone and zone[1]))
