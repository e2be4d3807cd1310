"""Values that settings may have: each check gives the value as sitegen uses it, or raises `ValueError` with a hint.

Every message ends the sentence that begins with the value as written: `"Berln" is not a time zone; …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from sitegen.urls import PERMALINK_TOKENS

_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.IGNORECASE)
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s/?#@\"<>\\]+(?:/[^\s?#\"<>\\]*)?", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://[^/]+(?:/.*)?|mailto:[^@]+@[^@]+", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST: Final = re.compile(r"[^\s/:@]+\.[^\s/:@]+(?::\d+)?(?:/\S*)?")
_SHORT: Final = 4
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TOKEN: Final = re.compile(r"\{([^{}]*)\}")
_PERMALINK_TEXT: Final = re.compile(r"[^\\?#:*\"<>|{}%\s]*")
# These name whatever zone a machine has, or count leap seconds: with them the same input would not give the same site.
_ZONES_OF_A_MACHINE: Final = ("localtime", "posixrules", "Factory", "posix/", "right/")


def nearest(text: str, known: Iterable[str]) -> str:
    """`; did you mean "title"?` with the one of `known` that is most like `text`, or nothing."""
    from difflib import get_close_matches

    by_folded = {_folded(name): name for name in sorted(known, reverse=True)}
    found = get_close_matches(_folded(text), by_folded, n=1, cutoff=0.6)
    return f'; did you mean "{by_folded[found[0]]}"?' if found else ""


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()) or name


def dotted(path: tuple[str | int, ...]) -> str:
    """The path as TOML writes it; items of lists are counted from 1, as people do."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f" {part + 1}"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            shown += ("." if shown else "") + (part if bare else f'"{part}"')
    return shown


def time_zone(name: str) -> str:
    """The name of an IANA time zone."""
    if name == "UTC":
        return name
    # zoneinfo and its data take as long to load as a small build needs for its articles.
    from zoneinfo import ZoneInfo

    if name.startswith(_ZONES_OF_A_MACHINE):
        raise ValueError("is a zone that differs from machine to machine; write it like Europe/Berlin")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"is not a time zone{_likely_zone(name)}") from None
    return name


def _likely_zone(name: str) -> str:
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    zones = {zone for zone in available_timezones() if not zone.startswith(_ZONES_OF_A_MACHINE)}
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(zones) if not zone.startswith("Etc/")}
    # Abbreviations such as EDT are like many zones and mean none of them.
    if len(name) <= _SHORT:
        return "; write it like Europe/Berlin"
    found = get_close_matches(name.replace(" ", "_").title(), cities, n=1, cutoff=0.75)
    city = f'; did you mean "{cities[found[0]]}"?' if found else ""
    return nearest(name, zones) or city or "; write it like Europe/Berlin"


def language(tag: str) -> str:
    """A language tag (BCP 47: `en`, `en-GB`, `zh-Hant-TW`) in its usual spelling."""
    match = _LANGUAGE.fullmatch(tag)
    if match is None or not _is_language(match[1].lower()):
        raise ValueError(f"is not a language{_likely_language(tag) or '; write it like en, de or pt-BR'}")
    code, script, region = match.groups()
    return "-".join([code.lower(), *([script.title()] if script else []), *([region.upper()] if region else [])])


def _is_language(code: str) -> bool:
    if code == "en":
        return True
    # An English archive, the default, starts without babel; any other loads it for its dates anyway.
    from babel.core import Locale
    from babel.localedata import exists

    return exists(code) or code in Locale("en").languages


def _likely_language(name: str) -> str:
    """A hint where somebody wrote a language's English name, or a code of three letters that has one of two."""
    from difflib import get_close_matches

    from babel.core import Locale, get_global

    alias = get_global("language_aliases").get(name.lower())
    if alias:
        return f'; did you mean "{alias}"?'
    names = {str(english).lower(): code for code, english in Locale("en").languages.items()}
    found = get_close_matches(name.lower(), names, n=1, cutoff=0.8)
    return f'; did you mean "{names[found[0]]}" ({found[0].title()})?' if found else ""


def web_address(url: str) -> str:
    """An absolute http or https URL without a slash at its end."""
    if _WEB_ADDRESS.fullmatch(url):
        return url.rstrip("/")
    if "?" in url or "#" in url:
        raise ValueError("has a query or a fragment; leave out what begins with ? or #")
    if "@" in url:
        raise ValueError("holds a user name, which every reader would see; leave out what stands before @")
    if not _SCHEME.match(url) and _HOST.fullmatch(url.lstrip("/")):
        raise ValueError(f'has no scheme; did you mean "https://{url.lstrip("/")}"?')
    raise ValueError('is not a web address; write it like "https://news.example.org/archive"')


def link(url: str) -> str:
    """Where a menu may lead: a page of this site (`/about/index.html`), a web address or an e-mail address."""
    if _CONTROL.search(url) or " " in url:
        raise ValueError("holds spaces or control characters; write a space as %20")
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        return url
    if _LINK.fullmatch(url):
        return url
    raise ValueError('leads nowhere; write "/imprint.html" for a page of this site, or a whole "https://…" address')


def permalink(pattern: str) -> str:
    """A pattern of article URLs such as `/{year}/{month}/{day}/{slug}.html`."""
    for token in _TOKEN.findall(pattern):
        if token not in PERMALINK_TOKENS:
            known = ", ".join(f"{{{name}}}" for name in PERMALINK_TOKENS)
            raise ValueError(f'has an unknown part "{{{token}}}"{nearest(token, PERMALINK_TOKENS)} (known: {known})')
    if "{slug}" not in pattern and "{id}" not in pattern:
        raise ValueError('needs {slug} or {id}, or articles would share one address; write "/{year}/{slug}.html"')
    if not pattern.startswith("/"):
        raise ValueError(f'must begin with a slash; write "/{pattern}"')
    text = _TOKEN.sub("", pattern)
    if not _PERMALINK_TEXT.fullmatch(text) or _CONTROL.search(text):
        raise ValueError("may hold letters, digits, slashes, - and _ besides the parts in braces, and nothing else")
    if "//" in pattern or any(part in (".", "..") for part in pattern.split("/")):
        raise ValueError('may not hold "//", "/./" or "/../"')
    if pattern.endswith("/"):
        return f"{pattern}index.html"
    if not pattern.endswith(".html"):
        raise ValueError(f'must end in ".html" or "/"; write "{pattern}.html"')
    return pattern


def page_url(url: str) -> str:
    """The address of a free page: `/imprint.html`, `/about/`, which is `/about/index.html`."""
    if not url.startswith("/"):
        raise ValueError(f'must begin with a slash; write "/{url.removesuffix(".html")}.html"')
    if "//" in url or "\\" in url or _CONTROL.search(url) or any(part in (".", "..") for part in url.split("/")):
        raise ValueError('may not hold "//", "..", backslashes or control characters')
    if url.endswith("/"):
        return f"{url}index.html"
    if not url.endswith(".html"):
        raise ValueError(f'must end in ".html" or "/"; write "{url}.html"')
    return url


def inner_path(path: str) -> str:
    """A path below the site's folder, with slashes."""
    parts = PurePosixPath(path.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in path or not parts.parts or _CONTROL.search(path):
        raise ValueError("must be a file below the site's own folder, written relative to it")
    return str(parts)


def pattern(text: str) -> str:
    """A regular expression."""
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        hint = "put a backslash before a sign that stands for itself"
        raise ValueError(f"is not a regular expression ({error}); {hint}") from None
    return text


def single_line(text: str) -> str:
    """Text without line ends or control characters."""
    if _CONTROL.search(text):
        raise ValueError("holds a line end or a control character; write it on one line")
    return text
