"""Dates, numbers and interface strings in English and in the languages that babel knows."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from sitegen import localise
from sitegen.localise import Localiser

TRANSLATED = ("ar", "de", "es", "fr", "ja")
INSTANT = "2024-11-19T20:35:05+00:00"


def test_english_writes_dates_at_the_precision_given() -> None:
    english = Localiser.for_language("en")
    assert english.long_date(INSTANT) == "Tuesday, 19 November 2024"
    assert english.long_date("2024-11-19") == "Tuesday, 19 November 2024"
    assert english.long_date("2024-11") == "November 2024"
    assert english.long_date("2024") == "2024"
    assert english.long_date("") == ""
    assert english.medium_date(INSTANT) == "19 November 2024"
    assert english.short_date("1957-10-05") == "5 Oct 1957"
    assert english.month_name("2024-11-19") == "November 2024"
    assert english.month_alone("2024-11") == "November"
    assert english.month_short("2024-11") == "Nov"


def test_a_day_of_the_calendar_needs_no_year_and_may_be_a_leap_day() -> None:
    english = Localiser.for_language("en")
    assert english.day_of_year("02-29") == "29 February"
    assert english.day_of_year("2024-11-19") == "19 November"


def test_a_date_without_a_time_has_no_time() -> None:
    english = Localiser.for_language("en")
    assert english.time(INSTANT) == "20:35"
    assert english.time("2024-11-19T22:21") == "22:21"
    assert [english.time(iso) for iso in ("", "2024", "2024-11", "2024-11-19")] == [""] * 4
    assert english.stamp("2024-11-19", "Asia/Tokyo") == "19 November 2024"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("UTC", "19 November 2024, 20:35 UTC"),
        ("Asia/Jerusalem", "19 November 2024, 22:35 in Jerusalem"),
        ("Asia/Tokyo", "20 November 2024, 05:35 in Tokyo"),
        ("America/Argentina/Buenos_Aires", "19 November 2024, 17:35 in Buenos Aires"),
        ("", "19 November 2024, 20:35"),
    ],
)
def test_a_stamp_names_the_zone_whose_clocks_it_tells(zone: str, written: str) -> None:
    assert Localiser.for_language("en").stamp(INSTANT, zone) == written


def test_a_stamp_without_offset_is_left_as_it_is() -> None:
    assert Localiser.for_language("en").stamp("2024-11-19T22:21", "Asia/Tokyo") == "19 November 2024, 22:21"


def test_elsewhere_is_told_only_where_clocks_differ() -> None:
    english = Localiser.for_language("en")
    assert english.elsewhere(INSTANT, "Asia/Jerusalem", "UTC") == "22:35 in Jerusalem"
    assert english.elsewhere(INSTANT, "Asia/Tokyo", "UTC") == "20 November 2024, 05:35 in Tokyo"
    assert english.elsewhere(INSTANT, "Africa/Accra", "UTC") == ""
    assert english.elsewhere("2024-11-19T22:21", "Asia/Tokyo", "UTC") == ""
    assert english.elsewhere(INSTANT, "", "UTC") == ""


def test_an_unknown_zone_is_taken_for_utc_and_breaks_nothing() -> None:
    assert Localiser.for_language("en").stamp(INSTANT, "Nowhere/At_All").startswith("19 November 2024, 20:35")


def test_american_english_puts_the_month_first_and_sunday_first() -> None:
    american = Localiser.for_language("en-US")
    assert american.long_date(INSTANT) == "Tuesday, November 19, 2024"
    assert american.time(INSTANT) == "8:35\u202fPM"
    assert american.weekday_names()[0] == "Sun"
    assert american.first_weekday == 6


@pytest.mark.parametrize("language", ["en-US", "en-GB"])
def test_own_english_is_what_babel_says(language: str) -> None:
    own, locale = Localiser.for_language(language), Locale.parse(language, sep="-")
    assert own.first_weekday == locale.first_week_day
    for day in (date(2024, 11, 19), date(1957, 1, 5), date(2000, 2, 29)):
        iso = day.isoformat()
        assert own.medium_date(iso) == format_date(day, "long", locale)
        assert own.month_short(iso) == locale.months["stand-alone"]["abbreviated"][day.month][:3]


def test_noon_and_midnight_on_a_clock_of_twelve_hours() -> None:
    american = Localiser.for_language("en-US")
    assert american.time("2024-11-19T00:05") == "12:05\u202fAM"
    assert american.time("2024-11-19T12:05") == "12:05\u202fPM"


@pytest.mark.parametrize(
    "language",
    [
        *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id"),
        *("it", "ja", "ko", "lt", "lv", "nl", "nb", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "sw"),
        *("ta", "th", "tr", "uk", "ur", "vi", "zh", "zh-TW", "en-AU", "en-IN"),
    ],
)
def test_every_language_is_written_as_babel_writes_it(language: str) -> None:
    localiser, locale = Localiser.for_language(language), Locale.parse(language, sep="-")
    for day in (date(2024, 11, 19), date(1957, 1, 5), date(1989, 7, 30)):
        iso = day.isoformat()
        assert localiser.long_date(iso) == format_date(day, "full", locale)
        assert localiser.medium_date(iso) == format_date(day, "long", locale)
        assert localiser.short_date(iso) == format_date(day, "medium", locale)
        assert localiser.month_name(iso)
        assert localiser.stamp(f"{iso}T20:35:05+00:00", "Asia/Jerusalem")
    assert len(localiser.weekday_names()) == len(localiser.weekday_names("wide")) == 7


@pytest.mark.parametrize("language", ["xx", "", "not a language", "en-ZZ", "../../etc"])
def test_an_unknown_language_is_written_as_english(language: str) -> None:
    localiser = Localiser.for_language(language)
    assert "November" in localiser.long_date(INSTANT)
    assert localiser.gettext("Tags") == "Tags"
    assert localiser.number(12345)
    assert localiser.language_name("ar")


def test_a_week_begins_as_the_territory_has_it() -> None:
    assert Localiser.for_language("en").weekday_names() == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert Localiser.for_language("en").weekday_names("wide")[0] == "Monday"
    assert Localiser.for_language("ar-EG").first_weekday == 5
    assert Localiser.for_language("de").first_weekday == 0


@pytest.mark.parametrize("language", ["en", "fr", "ar", "he", "ja", "zh"])
def test_the_shortest_names_of_weekdays_fit_a_small_calendar(language: str) -> None:
    assert all(len(name) < 4 for name in Localiser.for_language(language).weekday_names("tiny"))


def test_the_shortest_arabic_names_tell_days_apart() -> None:
    assert len(set(Localiser.for_language("ar").weekday_names("tiny"))) == 7


def test_counts_take_the_form_that_goes_with_the_number() -> None:
    assert Localiser.for_language("en").articles(1) == "1 article"
    assert Localiser.for_language("en").articles(12345) == "12,345 articles"
    assert Localiser.for_language("fr").articles(0) == "0 article"
    arabic = Localiser.for_language("ar")
    assert len({arabic.articles(number).strip("0123456789 ") for number in (0, 1, 2, 5, 11, 100)}) == 6


def test_languages_are_named_in_the_language_of_the_interface() -> None:
    assert Localiser.for_language("en").language_name("ar") == "Arabic"
    assert Localiser.for_language("de").language_name("ar") == "Arabisch"
    assert Localiser.for_language("en").language_name("zu") == "Zulu"
    assert Localiser.for_language("en").language_name("klingonese") == "klingonese"


def test_the_empty_message_stays_empty() -> None:
    # gettext would answer with the catalog's header.
    assert Localiser.for_language("de").gettext("") == ""


def _messages(language: str) -> list[tuple[str, list[str]]]:
    """Each message of a catalog: what is asked for, and its translation in all its forms."""
    with (localise._CATALOGS / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    messages = []
    for message in catalog:
        if message.id:
            forms = message.string if isinstance(message.string, list | tuple) else [message.string]
            key = message.id if isinstance(message.id, str) else message.id[0]
            messages.append((str(key), [str(form or "") for form in forms]))
    return messages


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_names_of_its_placeholders(language: str) -> None:
    values = {"n": "1", "time": "20:35", "city": "Rome", "total": "2", "first": "2023", "last": "2024"}
    for message, forms in _messages(language):
        assert all(form % values for form in forms if "%(" in message)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_whole_and_holds_no_markup(language: str) -> None:
    for message, forms in _messages(language):
        assert all(forms), message
        assert "<" not in "".join(forms)


def test_english_needs_no_babel() -> None:
    code = (
        "import sys; from sitegen.localise import Localiser; one = Localiser.for_language('en'); one.filters();"
        f"one.stamp({INSTANT!r}, 'Asia/Jerusalem'); one.number(12345); one.articles(2); one.zone_city('Asia/Tokyo');"
        "one.language_name('ar'); one.gettext('Tags'); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_filters_give_what_the_methods_give() -> None:
    english = Localiser.for_language("en")
    filters = english.filters()
    assert filters["long_date"](INSTANT) == english.long_date(INSTANT)
    assert filters["time"](INSTANT) == "20:35"
    assert filters["_"]("Tags") == "Tags"
    assert filters["articles"](2) == "2 articles"
