"""What the keys of a settings file mean: from tables as parsed to the records of `config`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from sitegen.config import (
    FreePageSettings,
    LayoutFile,
    ReadingSettings,
    Settings,
    SourceSettings,
    TaggingSettings,
    TagRule,
)
from sitegen.contexts import Link
from sitegen.records import Rights
from sitegen.settings_table import Table
from sitegen.settings_values import (
    inner_path,
    language,
    link,
    page_url,
    pattern,
    permalink,
    time_zone,
    web_address,
)
from sitegen.urls import LISTS, CanonicalStyle

_RIGHTS: Final[tuple[Rights, ...]] = ("own", "licensed", "third-party")
_DATE_ORDERS: Final[tuple[Literal["DMY", "MDY", "YMD"], ...]] = ("DMY", "MDY", "YMD")
_CANONICAL_STYLES: Final[tuple[CanonicalStyle, ...]] = ("file", "stripped", "folder")
_EXTENTS: Final[tuple[Literal["full", "excerpt", "metadata"], ...]] = ("full", "excerpt", "metadata")
_ANY: Final = str
_TOP_KEYS: Final = (
    "title", "description", "base_url", "language", "time_zone", "aggregator_time_zone", "date_order", "permalink",
    "rights", "lists", "list_limit", "month_limit", "feed_length", "feed_min", "news_sitemap", "canonical_style", "data", "article_json",
    "third_party", "avif", "search", "places", "ignore", "boilerplate", "layouts", "footer",
)  # fmt: skip
_THEME_KEYS: Final = ("accent", "typeface", "density")
_OTHER_NAMES: Final = MappingProxyType(
    {"timezone": "time_zone", "tz": "time_zone", "url": "base_url", "lang": "language", "locale": "language"}
)


def settings_from(top: Table, site: Path) -> Settings:
    """The settings in the table `top`, which notes all faults; files named in them are looked for below `site`."""
    defaults = Settings()
    theme = top.table("theme")
    settings = Settings(
        title=top.text("title", defaults.title),
        description=top.text("description", check=_ANY),
        base_url=top.text("base_url", check=web_address, code="E410"),
        permalink=top.text("permalink", defaults.permalink, permalink, "E411"),
        reading=_reading(top, site),
        tagging=_tagging(top, top.table("tags")),
        list_limit=top.number("list_limit", defaults.list_limit),
        month_limit=top.number("month_limit", defaults.month_limit),
        lists=_lists(top),
        feed_length=top.number("feed_length", defaults.feed_length),
        feed_min=top.number("feed_min", defaults.feed_min),
        news_sitemap=top.flag("news_sitemap", defaults.news_sitemap),
        canonical_style=top.choice("canonical_style", _CANONICAL_STYLES, defaults.canonical_style),
        data=top.flag("data", defaults.data),
        article_json=top.flag("article_json", defaults.article_json),
        avif=top.flag("avif", defaults.avif),
        ignore=top.texts("ignore"),
        menu=tuple(_menu(top)),
        footer=top.text("footer", check=_ANY),
        pages=tuple(_pages(top, site)),
        search=top.flag("search", defaults.search),
        accent=theme.choice("accent", ("red", "blue", "green", "ink"), defaults.accent),
        typeface=theme.choice("typeface", ("serif", "sans"), defaults.typeface),
        density=theme.choice("density", ("normal", "compact"), defaults.density),
    )
    theme.close(_of_the_top(top))
    hints = {other: f'did you mean "{name}"?' for other, name in _OTHER_NAMES.items()}
    hints |= dict.fromkeys(("sitegen", "tool"), "here the keys stand at the top of the file, below no such table")
    top.close(hints | dict.fromkeys(_THEME_KEYS, f"it belongs below a line [{top.header('theme')}]"))
    return settings


def _lists(top: Table) -> tuple[str, ...]:
    """The kinds of lists in their own order, so that the order in which they are written makes no difference."""
    if not top.has("lists"):
        return LISTS
    wanted = []
    for name in top.texts("lists"):
        if name in LISTS:
            wanted.append(name)
        else:
            top.fault("lists", "E405", f'"{name}" is no kind of list; write some of {", ".join(LISTS)}')
    return tuple(name for name in LISTS if name in wanted)


def _of_the_top(top: Table) -> dict[str, str]:
    # In TOML a key below a line [table] belongs to that table, which surprises everybody once.
    place = f"below [{top.header()}]" if top.header() else "at the top of the file"
    return dict.fromkeys(_TOP_KEYS, f"it belongs {place}, above the next line in [brackets]")


def _reading(top: Table, site: Path) -> ReadingSettings:
    defaults = ReadingSettings()
    return ReadingSettings(
        language=top.text("language", defaults.language, language, "E407"),
        time_zone=top.text("time_zone", defaults.time_zone, time_zone, "E406"),
        aggregator_time_zone=top.text("aggregator_time_zone", defaults.aggregator_time_zone, time_zone, "E406"),
        date_order=top.choice("date_order", _DATE_ORDERS, defaults.date_order),
        default_rights=top.choice("rights", _RIGHTS, defaults.default_rights),
        third_party=top.choice("third_party", _EXTENTS, defaults.third_party),
        sources=_sources(top),
        boilerplate=top.texts("boilerplate", pattern),
        layouts=tuple(_layouts(top, site)),
    )


def _layouts(top: Table, site: Path) -> Iterator[LayoutFile]:
    for name in top.texts("layouts", inner_path, "E410"):
        if (site / name).is_file():
            # Faults in it are its own, and are told with its name.
            yield LayoutFile(name, "")
        else:
            top.fault("layouts", "E412", f'"{name}" is not there; write the file, or correct its name')


def _sources(top: Table) -> tuple[SourceSettings, ...]:
    """The publications, from `[sources.NAME]` tables or from a list with names."""
    if top.is_list("sources"):
        entries = [(table.required_text("name"), table) for table in top.tables("sources")]
    else:
        tables = top.table("sources")
        entries = [(name, tables.table(name)) for name in tables.names()]
    sources = tuple(_source(top, name, table) for name, table in entries)
    owners: dict[str, int] = {}
    for number, source in enumerate(sources):
        for name in (source.name, *source.aliases):
            owner = owners.setdefault(name.casefold(), number)
            if name and owner != number:
                message = f'"{name}" already names the source "{sources[owner].name}"; a name can mean one source only'
                entries[number][1].fault("", "E409", message, at="key")
    return sources


def _source(top: Table, name: str, table: Table) -> SourceSettings:
    source = SourceSettings(
        name=name,
        aliases=table.texts("aliases"),
        url=table.text("url", check=web_address, code="E410"),
        time_zone=table.optional_text("time_zone", time_zone, "E406"),
        rights=table.choice("rights", _RIGHTS, None),
        language=table.optional_text("language", language, "E407"),
    )
    table.close(_of_the_top(top))
    return source


def _tagging(top: Table, tags: Table) -> TaggingSettings:
    settings = TaggingSettings(
        places=top.flag("places", TaggingSettings().places), aliases=tuple(_aliases(tags)), rules=tuple(_rules(tags))
    )
    tags.close(_of_the_top(top))
    return settings


def _aliases(tags: Table) -> Iterator[tuple[str, str]]:
    table = tags.table("aliases")
    meant = {written: table.required_text(written) for written in table.names()}
    by_folded = {written.casefold(): tag.casefold() for written, tag in meant.items()}
    for written, tag in meant.items():
        seen = {written.casefold()}
        following = tag.casefold()
        while following in by_folded and following not in seen:
            seen.add(following)
            following = by_folded[following]
        if following == written.casefold() and tag.casefold() != following:
            table.fault(written, "E409", f'"{written}" and "{tag}" are aliases of each other; keep one of the two')
        elif tag:
            yield written, tag


def _rules(tags: Table) -> Iterator[TagRule]:
    if tags.is_list("rules"):
        for rule in tags.tables("rules"):
            yield _rule(rule.required_text("tag"), rule, "phrases")
            rule.close()
        return
    table = tags.table("rules")
    for tag in table.names():
        yield _rule(tag, table, tag)


def _rule(tag: str, table: Table, key: str) -> TagRule:
    if key not in table:
        table.fault("", "E408", f'needs the key "{key}"', at="key")
    phrases = table.texts(key)
    return TagRule(tag=tag, phrases=phrases)


def _menu(top: Table) -> Iterator[Link]:
    for entry in top.tables("menu"):
        yield Link(entry.required_text("label"), entry.required_text("url", link, "E410"))
        entry.close()


def _pages(top: Table, site: Path) -> Iterator[FreePageSettings]:
    owners: dict[str, str] = {}
    for entry in top.tables("pages"):
        page = FreePageSettings(
            file=entry.required_text("file", inner_path, "E410"),
            title=entry.text("title"),
            url=entry.text("url", check=page_url, code="E410"),
        )
        entry.close()
        if page.file and not (site / page.file).is_file():
            entry.fault("file", "E412", f'"{page.file}" is not there; write the file, or correct its name')
        address = page.url or f"/{Path(page.file).stem}.html"
        if page.file and owners.setdefault(address.casefold(), page.file) != page.file:
            entry.fault("", "E409", f'"{address}" is already the address of "{owners[address.casefold()]}"', at="key")
        yield page
