"""The settings as a user writes them: `sitegen.toml`, or `[tool.sitegen]` in `pyproject.toml`; none are needed.

```toml
title = "The Harbour Archive"        # the nameplate
description = "A century of one town's news"
base_url = "https://news.example.org/archive"   # needed by feeds and the sitemap only
language = "en-GB"                   # of the pages; en, es, fr, de, ar and ja are translated
time_zone = "Europe/London"          # decides on which day an article stands
aggregator_time_zone = "UTC"         # of the stamps that an aggregator wrote
date_order = "DMY"                   # what 03/04/2024 means: DMY, MDY or YMD
permalink = "/{year}/{month}/{day}/{slug}.html"   # also {id}, {source}, {section}
rights = "third-party"               # of articles that say nothing: own, licensed or third-party
list_limit = 200                     # a list of more is cut into years, a year of more into months
month_limit = 1000                   # a month of more is cut into days
feed_length = 50
search = true                        # needs Pagefind for whole texts
places = true                        # tags by the countries and regions that an article is about
ignore = ["drafts/*", "*.bak"]       # patterns, relative to articles/
boilerplate = ["Sign up for our .*"] # regular expressions of whole lines that are not part of any article
layouts = ["layouts/harbour.toml"]   # what you know of layouts, in tables like those of sitegen/readers/data
footer = "Kept by the Harbour Society"

[theme]
accent = "red"                       # red, blue, green or ink
typeface = "serif"                   # serif or sans
density = "normal"                   # normal or compact

[[menu]]                             # one for each link of the menu
label = "About us"
url = "/imprint.html"

[[pages]]                            # one for each page of your own, in Markdown
file = "pages/imprint.md"
title = "Imprint"
url = "/imprint.html"

[sources."The Harbour Gazette"]      # one for each publication; or [[sources]] with a name
aliases = ["Harbour Gazette", "HG"]
url = "https://gazette.example.org"
time_zone = "Europe/London"
rights = "licensed"
language = "en-GB"

[tags.aliases]                       # a tag as written = the tag meant
"U.S." = "United States"

[tags.rules]                         # a tag = the phrases that earn it; or [[tags.rules]] with tag and phrases
"Climate" = ["climate change", "global warming"]
```

A wrong file raises `SettingsError` with all its faults, each with line and column. What each code means is in `CODES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from sitegen.config import LayoutFile, Settings
from sitegen.errors import SettingsError
from sitegen.records import Problem

if TYPE_CHECKING:
    from sitegen.learned_file import Decision
    from sitegen.settings_positions import Positions
    from sitegen.settings_table import Fault, KeyPath

OWN_FILE: Final = "sitegen.toml"
SHARED_FILE: Final = "pyproject.toml"
LEARNED_FILE: Final = "learned.toml"

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E400": "The settings file cannot be read.",
        "E401": "The settings file is not TOML.",
        "E402": "There are settings in two files.",
        "E403": "A setting has an unknown name.",
        "E404": "A setting has a value of the wrong type.",
        "E405": "A setting has a value that it cannot have.",
        "E406": "A time zone is unknown.",
        "E407": "A language is unknown.",
        "E408": "An entry lacks a key that it needs.",
        "E409": "Something is named twice.",
        "E410": "An address is not one that sitegen can use.",
        "E411": "A permalink pattern cannot be used.",
        "E412": "A file named in the settings does not exist.",
    }
)


def load_settings(site: Path) -> Settings:
    """The settings of the site in the folder `site`; the defaults where it has no settings file.

    Raises `SettingsError`, whose message holds all faults, a line each.
    """
    settings = _own_settings(site)
    if settings.reading.layouts:
        settings = replace(settings, reading=replace(settings.reading, layouts=_layouts(settings, site)))
    learned = site / LEARNED_FILE
    if not learned.exists():
        return settings
    lines = tuple(decision.line for decision in load_decisions(learned) if decision.drop)
    return replace(settings, reading=replace(settings.reading, learned=lines))


def _layouts(settings: Settings, site: Path) -> tuple[LayoutFile, ...]:
    """The layout files with their texts; all faults of all of them are told at once."""
    from sitegen.layout_tables import faults_in

    files = [LayoutFile(file.name, _read(site / file.name, file.name)) for file in settings.reading.layouts]
    reports: list[str] = []
    for file in files:
        try:
            faults = list(faults_in(_parse(file.name, file.text)))
        except SettingsError as error:
            reports.append(str(error))
            continue
        if faults:
            reports.append(_report(faults, file.name, file.text, 0))
    if reports:
        raise SettingsError("\n".join(reports))
    return tuple(files)


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """What `learned.toml` at `path` says. Raises `SettingsError` with all faults in it."""
    from sitegen.learned_file import decisions_of
    from sitegen.settings_table import Table

    if not path.exists():
        return ()
    text = _read(path)
    faults: list[Fault] = []
    decisions = decisions_of(Table(_parse(path.name, text), (), faults))
    if faults:
        raise SettingsError(_report(faults, path.name, text, 0))
    return decisions


def _own_settings(site: Path) -> Settings:
    own, shared = site / OWN_FILE, site / SHARED_FILE
    shared_text = _read(shared) if shared.exists() else ""
    in_shared = _own_table(shared_text, needed=not own.exists()) if "sitegen" in shared_text else None
    if not own.exists():
        return Settings() if in_shared is None else _settings(in_shared, ("tool", "sitegen"), shared, shared_text)
    if in_shared is not None:
        message = f"settings are also in [tool.sitegen] of {SHARED_FILE}; keep one of the two"
        raise SettingsError(str(_problem(OWN_FILE, "E402", message, 1)))
    text = _read(own)
    return _settings(_parse(OWN_FILE, text), (), own, text)


def _read(path: Path, name: str = "") -> str:
    name = name or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror or error}); check that it is a file and that you may read it"
        raise SettingsError(str(_problem(name, "E400", message))) from error
    try:
        # Editors on Windows put a byte-order mark before the first key, and TOML knows none.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8; save it in that encoding"
        raise SettingsError(str(_problem(name, "E400", message, line))) from error
    return text.replace("\r\n", "\n")


def _own_table(text: str, *, needed: bool) -> dict[str, Any] | None:
    """The table `[tool.sitegen]` of a `pyproject.toml`, or None."""
    try:
        tables = _parse(SHARED_FILE, text)
    except SettingsError:
        # A broken file of other tools is theirs to report, unless our settings are in it.
        if needed and re.search(r"^\s*\[+\s*tool\s*\.\s*[\"']?sitegen\b", text, re.MULTILINE):
            raise
        return None
    tool = tables.get("tool")
    own = tool.get("sitegen") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else None


def _parse(name: str, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        match = re.search(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error), re.DOTALL)
        what = match[1] if match else str(error)
        line = int(match[2] or text.rstrip().count("\n") + 1) if match else 1
        column = int(match[3] or 1) if match else 1
        message = f"is not TOML: {what[:1].lower()}{what[1:]}{_syntax_hint(what, text, line)}"
        raise SettingsError(str(_problem(name, "E401", message, line, column))) from None


def _syntax_hint(what: str, text: str, line: int) -> str:
    written = text.splitlines()[line - 1].strip() if text.strip() else ""
    if re.match(r"[\w.-]+\s*:", written):
        return '; write key = "value", with an equals sign'
    if what.startswith("Invalid value"):
        return '; text stands in quotes, like title = "My archive"; true, false and numbers do not'
    if "overwrite" in what or "twice" in what:
        return "; this key or table is there already, keep one of the two"
    if "escape" in what:
        return "; write a backslash as two, or put the text in single quotes"
    return ""


def _problem(name: str, code: str, message: str, line: int = 0, column: int = 1) -> Problem:
    return Problem(file=name, code=code, message=message, severity="error", line=line, column=column if line else 0)


def _settings(values: dict[str, Any], prefix: KeyPath, path: Path, text: str) -> Settings:
    # A site without settings starts without what reads them.
    from sitegen.settings_keys import settings_from
    from sitegen.settings_table import Table

    faults: list[Fault] = []
    settings = settings_from(Table(values, prefix, faults), path.parent)
    if faults:
        raise SettingsError(_report(faults, path.name, text, len(prefix)))
    return settings


def _report(faults: list[Fault], name: str, text: str, skipped: int) -> str:
    """All faults, a line each, in the order of the file."""
    from sitegen.settings_positions import locate

    positions = locate(text)
    problems = [_located(fault, name, positions, skipped) for fault in faults]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return "\n".join(map(str, problems))


def _located(fault: Fault, name: str, positions: Positions, skipped: int) -> Problem:
    from sitegen.settings_values import dotted

    spot = (positions.of_key if fault.at == "key" else positions.of_value)(fault.path)
    # An unknown key is named by the message itself.
    field = "" if fault.code == "E403" else dotted(fault.path[skipped:])
    return Problem(file=name, code=fault.code, message=fault.message, severity="error", line=spot.line,
                   column=spot.column, field=field)  # fmt: skip
