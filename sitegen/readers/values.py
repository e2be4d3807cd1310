"""Single values as people write them: dates, names, languages, texts with HTML references."""

from __future__ import annotations

import html
import posixpath
import re
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.dates import DateRules, parse_date
from sitegen.readers.knowledge import by_knowledge
from sitegen.readers.names import read_people, undo_capitals
from sitegen.records import Direction, Moment

_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,]\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)
_EPOCH: Final = re.compile(r"\d{9,10}(?:\.\d+)?\Z|\d{12,13}\Z", re.ASCII)
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_LANGUAGE_NAMES: Final = MappingProxyType(
    {
        "english": "en", "arabic": "ar", "العربية": "ar", "hebrew": "he", "עברית": "he", "persian": "fa", "farsi": "fa",
        "urdu": "ur",
        "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
        "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl", "russian": "ru",
        "turkish": "tr", "chinese": "zh",
        "中文": "zh", "japanese": "ja", "日本語": "ja", "korean": "ko", "hindi": "hi", "polish": "pl", "swedish": "sv",
    }
)  # fmt: skip
_RTL_LANGUAGES: Final = frozenset(
    (
        "ar", "arc", "azb", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
    )
)  # fmt: skip  # fmt: skip
_RTL_SCRIPTS: Final = frozenset(
    (
        "arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg", "mand", "samr",
    )
)  # fmt: skip
_BY: Final = re.compile(r"(?:by|von|par|por|di|door|de)\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\s*[<(]?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}[>)]?\s*")
_SURNAME: Final = re.compile(
    r"(?:(?:van|von|de|der|den|del|della|di|da|dos|al|el|bin|ibn|ter|ten|la|le)\s+)*[^\W\d_][\w'’.-]*\Z", re.I
)
_GIVEN: Final = re.compile(r"[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){0,2}\Z")
_SUFFIX: Final = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md|esq)\.?\Z", re.IGNORECASE)


def read_moment(text: str, rules: DateRules) -> tuple[Moment | None, bool]:
    """The date that `text` is, and whether day and month could not be told apart."""
    iso = _ISO.match(text)
    if iso is not None:
        day, minutes, seconds, zone = iso.groups()
        try:
            stamp = datetime.fromisoformat(f"{day}T{minutes}{seconds or ''}{zone}")
        except ValueError:
            return None, False
        return Moment.of_datetime(stamp, precision="second" if seconds else "minute"), False
    if _EPOCH.match(text):
        seconds_since = float(text) / (1000 if len(text) in (12, 13) and "." not in text else 1)
        return Moment.of_datetime(datetime.fromtimestamp(int(seconds_since), UTC)), False
    reading = parse_date(text, rules) if len(text) < 200 else None
    return (reading.moment, reading.ambiguous) if reading else (None, False)


def clean_text(text: str) -> str:
    """`text` on one line, its HTML references resolved."""
    if "&" in text and _REFERENCE.search(text):
        text = html.unescape(text)
    return " ".join(text.split())


@by_knowledge(4096)
def people_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People and agencies of an author's entry: one name or several, `Last, First` too."""
    text = _ADDRESS.sub(" ", clean_text(text)).strip(" ()<>")
    opening = _BY.match(text)
    if opening and not text.lower().startswith(("de ", "di ")):
        text = text[opening.end() :]
    if not text:
        return (), ()
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and _SUFFIX.match(parts[1]):
        return (f"{undo_capitals(parts[0])}, {parts[1]}",), ()
    if len(parts) == 2 and _is_last_first(*parts):
        return (undo_capitals(f"{parts[1]} {parts[0]}"),), ()
    people, agencies = read_people(text)
    return tuple(filter(None, people)), agencies


def _is_last_first(last: str, first: str) -> bool:
    if is_agency(last) or is_agency(first) or not _SURNAME.match(last) or not _GIVEN.match(first):
        return False
    return " and " not in first and "&" not in first


def language_tag(written: str) -> str:
    """The BCP 47 tag of a language as people write it (`en_US`, `de_DE.UTF-8`, `Arabic`), or `""`."""
    tag = _LANGUAGE_NAMES.get(written.lower()) or re.split("[.@]", written, maxsplit=1)[0].replace("_", "-")
    if not _LANGUAGE.match(tag):
        return ""
    primary, *rest = tag.split("-")
    return "-".join([primary.lower(), *(_subtag(part) for part in rest)])


def direction_of(language: str) -> Direction:
    """Right to left by the language's script where its tag names one, else by the language."""
    primary, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if primary in _RTL_LANGUAGES else "ltr"


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def path_date(file: str) -> Moment | None:
    """The day that a path carries: `2024-11-19-slug.md` or `2024/11/19/slug.md`."""
    found = re.match(r"(\d{4})[-_.](\d\d)[-_.](\d\d)(?=[-_. ]|\Z)", posixpath.basename(file)) or re.search(
        r"(?:^|/)(\d{4})[/-](\d\d)[/-](\d\d)(?=[/-])", file
    )
    if found is None:
        return None
    try:
        return Moment.of_date(datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC).date())
    except ValueError:
        return None
