"""What all raw layouts settle before and after labelling: language, zones, the named source, the list of roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sitegen.readers.base import ReadingSettings, SourceSettings
from sitegen.readers.dates import DateRules
from sitegen.readers.language import language_of
from sitegen.readers.names import read_byline
from sitegen.readers.text.agencies import read_agency_line
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.wrapping import Apart, join_wrapped, wrap_width
from sitegen.records import LineRole

_SAMPLE: Final = 800


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone called `name`; UTC where there is none, which the settings' own check reports."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def source_named(name: str, settings: ReadingSettings) -> SourceSettings | None:
    """What the settings say of the publication `name`, by its name or one of its other names."""
    if not settings.sources:
        return None
    key = name.casefold()
    for source in settings.sources:
        if key == source.name.casefold() or any(key == alias.casefold() for alias in source.aliases):
            return source
    return None


def language_of_lines(lines: Sequence[Line], settings: ReadingSettings, source: SourceSettings | None = None) -> str:
    """The language of a text, from its prose; a setting for the source decides it."""
    if source is not None and source.language:
        return source.language
    sample: list[str] = []
    size = 0
    for line in lines:
        if line.prose:
            sample.append(line.text[:_SAMPLE])
            size += len(line.text)
            if size > _SAMPLE:
                break
    text = " ".join(sample) or " ".join(line.text for line in lines[:10])
    found = language_of(text, default=settings.language.split("-")[0])
    return settings.language if settings.language.split("-")[0] == found else found


def unwrapped(lines: list[Line], phrases: Phrases, *, begins: Callable[[str], bool] = lambda text: False) -> list[Line]:
    """`lines` with hard wraps undone; `begins` tells the first line of an article's frame."""
    width = wrap_width(lines)
    if not width:
        return lines

    def apart(text: str) -> Apart:
        if begins(text):
            return Apart.ABOVE
        stands_alone = phrases.rule_of(text) or read_byline(text, DateRules()) or read_agency_line(text, phrases)
        return Apart.BOTH if stands_alone else Apart.NO

    return join_wrapped(lines, width, apart)


def date_rules(language: str, settings: ReadingSettings, source: SourceSettings | None) -> DateRules:
    """The rules for a publisher's own dates: its zone where the settings name one, else local stamps without zone."""
    home = zone_of(source.time_zone) if source is not None and source.time_zone else None
    languages = (language,) if language == settings.language else (language, settings.language)
    return DateRules(languages=languages, order=settings.date_order, zone=home, home=home)


def line_roles(labels: Sequence[Labelled], text: str) -> tuple[LineRole, ...]:
    """One role for each line of `text`; blank lines are `blank`, lines that a wrap cut apart share a role."""
    by_number: dict[int, Labelled] = {}
    for label in labels:
        for number in range(label.line.number, max(label.line.last, label.line.number) + 1):
            by_number[number] = label
    roles = []
    for number, raw in enumerate(text.split("\n"), 1):
        found = by_number.get(number)
        if found is None:
            roles.append(LineRole(number, "blank" if not raw.strip() else "unknown", raw))
            continue
        dropped = (
            [f"dropped: {found.rule}"]
            if found.rule
            else [f"dropped {span.text!r}: {span.rule}" for span in found.spans if span.fate == "drop"]
        )
        roles.append(LineRole(number, found.role, raw, "; ".join([*([found.why] if found.why else []), *dropped])))
    return tuple(roles)
