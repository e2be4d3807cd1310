"""A site's settings: what they are, their defaults, and which stage each belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from sitegen.contexts import Link
from sitegen.records import Rights
from sitegen.urls import LISTS, CanonicalStyle


class SourceSettings(Struct, frozen=True, kw_only=True):
    """What the settings say of one publication."""

    name: str
    aliases: tuple[str, ...] = ()
    url: str = ""
    time_zone: str | None = None
    rights: Rights | None = None
    language: str | None = None


class LearnedLine(Struct, frozen=True, array_like=True):
    """A line that recurs in the articles of a publication (empty: of those that name none) and is not shown."""

    source: str
    text: str


class LayoutFile(Struct, frozen=True, array_like=True):
    """A file of the site with further knowledge of layouts, phrases, names and dates; `name` is relative to the site."""

    name: str
    text: str


class ReadingSettings(Struct, frozen=True, kw_only=True):
    """All settings that change what a source is read as; a change of any of them reads every source again."""

    language: str = "en"
    time_zone: str = "UTC"
    aggregator_time_zone: str = "UTC"
    date_order: Literal["DMY", "MDY", "YMD"] | None = None
    """None leaves it to the language, and reports what stays ambiguous."""
    default_rights: Rights | None = None
    third_party: Literal["full", "excerpt", "metadata"] = "full"
    """How much of another's article is kept and shown."""
    sources: tuple[SourceSettings, ...] = ()
    boilerplate: tuple[str, ...] = ()
    """Extra lines (regular expressions, whole line, case ignored) that are boilerplate."""
    layouts: tuple[LayoutFile, ...] = ()
    """What the files named in the settings add to sitegen's own tables."""
    learned: tuple[LearnedLine, ...] = ()
    """Lines that `learned.toml` says are dropped; a change of them reads only the articles of their sources again."""


class TagRule(Struct, frozen=True, kw_only=True):
    """A tag and the phrases that earn it: whole words, case ignored, in headline or body."""

    tag: str
    phrases: tuple[str, ...]


class TaggingSettings(Struct, frozen=True, kw_only=True):
    """How articles come to tags beside those given."""

    places: bool = True
    aliases: tuple[tuple[str, str], ...] = ()
    """Pairs of a tag as written and the tag meant."""
    rules: tuple[TagRule, ...] = ()


class FreePageSettings(Struct, frozen=True, kw_only=True):
    """A page of the owner's own, written in Markdown."""

    file: str
    """Relative to the site's folder."""
    title: str = ""
    url: str = ""
    """`/imprint.html`; by default from the file's name."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything a site may set; nothing must be set."""

    title: str = "News archive"
    description: str = ""
    base_url: str = ""
    """Without a slash at its end."""
    permalink: str = "/{year}/{month}/{day}/{slug}.html"
    reading: ReadingSettings = ReadingSettings()
    tagging: TaggingSettings = TaggingSettings()
    list_limit: int = 200
    """A list of more is cut into years, a year of more into months."""
    month_limit: int = 1000
    """A term's month of more is cut into days."""
    lists: tuple[str, ...] = LISTS
    """Which lists there are beside years and months, of `urls.LISTS`."""
    feed_length: int = 50
    """Articles in a feed, the newest."""
    feed_min: int = 20
    """Articles that a tag, source or section must have for a feed of its own."""
    news_sitemap: bool = False
    """Whether there is a sitemap of the articles of the last two days, for search engines that have a section for news."""
    canonical_style: CanonicalStyle = "file"
    """How the host serves `x.html`: as `x.html`, as `x` (stripped) or as `x/` (folder)."""
    data: bool = True
    """Whether the archive is offered as data."""
    article_json: bool = False
    """Whether there is a JSON file beside each article's page too; `data` must be true as well."""
    avif: bool = False
    """Whether pictures are offered in AVIF too."""
    ignore: tuple[str, ...] = ()
    """Glob patterns, relative to `articles/`, of files that are not sources."""
    menu: tuple[Link, ...] = ()
    footer: str = ""
    pages: tuple[FreePageSettings, ...] = ()
    search: bool = True
    """Whether the archive can be searched."""
    accent: Literal["red", "blue", "green", "ink"] = "red"
    typeface: Literal["serif", "sans"] = "serif"
    density: Literal["normal", "compact"] = "normal"

    @property
    def language(self) -> str:
        """The language of the interface."""
        return self.reading.language

    @property
    def time_zone(self) -> str:
        """The zone that decides on which day an article stands."""
        return self.reading.time_zone


class Folders(Struct, frozen=True, kw_only=True):
    """Where a site's parts lie."""

    site: Path
    compiled: Path | None = None
    """Where compiled templates are kept for all sites of this user; None for a folder in the site's own cache."""

    @property
    def articles(self) -> Path:
        """The sources."""
        return self.site / "articles"

    @property
    def ledger(self) -> Path:
        """What sources cannot tell: JSON Lines that outlive the catalog."""
        return self.articles / "_ledger"

    @property
    def output(self) -> Path:
        """The finished site."""
        return self.site / "public"

    @property
    def cache(self) -> Path:
        """The catalog and the bodies; may be deleted at any time."""
        return self.site / ".sitegen"

    @property
    def templates(self) -> Path:
        """Templates that replace the theme's of the same name."""
        return self.site / "templates"

    @property
    def static(self) -> Path:
        """Files copied as they are, over the theme's of the same name."""
        return self.site / "static"
