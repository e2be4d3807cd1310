"""Date phrases become moments at the precision given, and nothing is filled in."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from sitegen.readers.dates import DateRules, find_dates, parse_date

LOCAL = DateRules()


@pytest.mark.parametrize(
    ("phrase", "iso"),
    [
        ("2024-11-19", "2024-11-19"),
        ("2024-11-19 20:35:05", "2024-11-19T20:35:05"),
        ("2024-11-19T20:35Z", "2024-11-19T20:35+00:00"),
        ("2024-11-19T20:35:05.123+02:00", "2024-11-19T20:35:05+02:00"),
        ("2024-1-9 7:05", "2024-01-09T07:05"),
        ("20241119", "2024-11-19"),
        ("2024", "2024"),
        ("2024-11", "2024-11"),
        ("November 2024", "2024-11"),
        ("NOVEMBER 19, 2024 22:21", "2024-11-19T22:21"),
        ("19th of November, 2024", "2024-11-19"),
        ("18 Dec 2014", "2014-12-18"),
        ("Nov. 19, 2024 10:21 PM EDT", "2024-11-19T22:21-04:00"),
        ("10:21 p.m. ET, Nov. 19, 2024", "2024-11-19T22:21-05:00"),
        ("Tue, 19 Nov 2024 20:35:05 +0000", "2024-11-19T20:35:05+00:00"),
        ("26-FEB-1987 15:17:11.20", "1987-02-26T15:17:11"),
        ("19 de noviembre de 2024", "2024-11-19"),
        ("mardi 19 novembre 2024 à 18h30", "2024-11-19T18:30"),
        ("21. Juli 1969, 06:15 Uhr", "1969-07-21T06:15"),
        ("19 dicembre 2024", "2024-12-19"),
        ("3 de março de 2024", "2024-03-03"),
        ("19 ноября 2024 г.", "2024-11-19"),
        ("19 Kasım 2024", "2024-11-19"),
        ("19. listopadu 2024 v 22:21", "2024-11-19T22:21"),
        ("2024. november 19.", "2024-11-19"),
        ("١٩ نوفمبر ٢٠٢٤", "2024-11-19"),
        ("19 בנובמבר 2024", "2024-11-19"),
        ("2024年11月19日 22:21", "2024-11-19T22:21"),
        ("2024년 11월 19일", "2024-11-19"),
        ("13/04/2024", "2024-04-13"),
        ("04/13/2024", "2024-04-13"),
        ("3.4.2024", "2024-04-03"),
        ("04/04/2024", "2024-04-04"),
    ],
)
def test_a_phrase_is_read_at_its_precision(phrase: str, iso: str) -> None:
    reading = parse_date(phrase, LOCAL)
    assert reading is not None
    assert not reading.ambiguous
    assert reading.moment.iso == iso


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "May",
        "To",
        "unknown",
        "31 Feb 2024",
        "2024-13-40",
        "yesterday",
        "3 hours ago",
        "now",
        "12:30",
        "Paris",
        "None",
        "0",
    ],
)
def test_what_is_no_date_stays_none(phrase: str) -> None:
    assert parse_date(phrase, LOCAL) is None


def test_an_ambiguous_date_is_no_more_than_its_year() -> None:
    reading = parse_date("03/04/2024", LOCAL)
    assert reading is not None
    assert reading.ambiguous
    assert reading.moment.iso == "2024"


@pytest.mark.parametrize(
    ("rules", "iso"),
    [
        (DateRules(order="DMY"), "2024-04-03"),
        (DateRules(order="MDY"), "2024-03-04"),
        (DateRules(languages=("en-GB",)), "2024-04-03"),
        (DateRules(languages=("en-US",)), "2024-03-04"),
        (DateRules(languages=("de",)), "2024-04-03"),
        (DateRules(languages=("fr", "en")), "2024-04-03"),
    ],
)
def test_the_settings_or_the_language_decide_an_ambiguous_date(rules: DateRules, iso: str) -> None:
    reading = parse_date("03/04/2024", rules)
    assert reading is not None
    assert reading.moment.iso == iso


def test_an_assumed_zone_is_marked() -> None:
    reading = parse_date("2024-11-19 20:35", DateRules(zone=UTC))
    assert reading is not None
    assert (reading.moment.iso, reading.moment.zone_assumed) == ("2024-11-19T20:35+00:00", True)
    given = parse_date("2024-11-19 20:35 GMT", DateRules(zone=ZoneInfo("Asia/Tokyo")))
    assert given is not None
    assert (given.moment.iso, given.moment.zone_assumed) == ("2024-11-19T20:35+00:00", False)


def test_the_source_s_zone_says_which_ist_is_meant() -> None:
    israel = parse_date("19 November 2024 20:35 IST", DateRules(home=ZoneInfo("Asia/Jerusalem")))
    ireland = parse_date("19 July 2024 20:35 IST", DateRules(home=ZoneInfo("Europe/Dublin")))
    india = parse_date("19 November 2024 20:35 IST", LOCAL)
    assert israel is not None
    assert israel.moment.iso.endswith("+02:00")
    assert ireland is not None
    assert ireland.moment.iso.endswith("+01:00")
    assert india is not None
    assert india.moment.iso.endswith("+05:30")
    assert india.moment.zone_assumed


def test_dates_are_found_in_a_line_with_their_times() -> None:
    text = "Published Tuesday, 19 November 2024 at 10:21 pm | Updated 20 November 2024"
    first, second = find_dates(text, LOCAL)
    assert text[first.start : first.end] == "Tuesday, 19 November 2024 at 10:21 pm"
    assert first.moment.iso == "2024-11-19T22:21"
    assert second.moment.iso == "2024-11-20"


def test_capitals_after_a_time_are_a_zone_only_if_they_are_one() -> None:
    text = "MAY 3, 2021 10:00 MARTA"
    (reading,) = find_dates(text, LOCAL)
    assert text[reading.end :].strip() == "MARTA"


def test_own_patterns_do_not_load_dateparser() -> None:
    code = (
        "import sys; from sitegen.readers.dates import DateRules, parse_date; "
        "parse_date('19 November 2024 22:21', DateRules()); parse_date('May', DateRules()); "
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_dateparser_is_asked_for_months_that_no_table_has() -> None:
    reading = parse_date("19 Lapkritis 2024", DateRules(languages=("lt",)))
    assert reading is not None
    assert reading.moment.iso == "2024-11-19"
