"""What templates receive: one record per template, and the small records these are made of.

Every `url` starts with `/` and names a file; a template writes `{{ root }}{{ x.url }}`, where `root` leads from the
page to the top of the archive (`..`, `../..`, `.`), so that links are relative. An empty `url` means: no page, no link.
Dates are ISO 8601 strings at the precision known, in the site's time zone; filters of `sitegen.localise` write them out.
`level` is a shade or height from 0 to 5 by fixed steps, never relative to the archive's maximum.

The module is long because it is the whole contract between program and templates, and is read as one; `templates/README.md`
is made from it.
"""

from __future__ import annotations

from msgspec import Struct

from sitegen.records import Direction, Drop, Moment, Rights
from sitegen.urls import LISTS, CanonicalStyle


class Link(Struct, frozen=True):
    """A link with its words."""

    label: str
    url: str


class TermLink(Struct, frozen=True):
    """A tag, author, source or section that an article names, with its page."""

    label: str
    url: str


class Picture(Struct, frozen=True, kw_only=True):
    """A picture's file in the output, with its size in pixels (0 where unknown)."""

    url: str
    width: int = 0
    height: int = 0
    webp: tuple[tuple[str, int], ...] = ()
    """The same picture in WebP: URL and width in pixels of each, narrowest first."""
    avif: tuple[tuple[str, int], ...] = ()
    """The same in AVIF, where the settings ask for it."""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    """What the picture file itself says; it stands in where the article says nothing."""
    told_by: str = ""
    """The records of the file that say so: `IPTC`, `XMP`, `EXIF`."""


class FigureView(Struct, frozen=True, kw_only=True):
    """A figure as a template shows it. Without a picture it is a captioned placeholder; `remote` is a web address."""

    caption: str = ""
    credit: str = ""
    alt: str = ""
    picture: Picture | None = None
    remote: str = ""
    told_by: str = ""
    """The records of the picture file (`IPTC`, `XMP`, `EXIF`) that gave a caption or credit which the article did not."""


class Headline(Struct, frozen=True, kw_only=True):
    """What lists show of an article."""

    url: str
    title: str
    summary: str = ""
    source: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    """`2024-11-19T20:35:05`, `2024-11-19`, `2024-11`, `2024` in the site's zone, or empty."""
    language: str = ""
    direction: Direction = "ltr"
    words: int = 0
    figure: FigureView | None = None


class Bar(Struct, frozen=True):
    """A period (`2024`, `2024-11`) or day with its number of articles."""

    period: str
    count: int
    level: int
    url: str


class YearStrip(Struct, frozen=True):
    """A year with its number of articles, its twelve months drawn as bars."""

    period: str
    count: int
    url: str
    """The year's page, or `#p2024`, its part of this page; empty for a year without articles."""
    shape: str
    """Path data of an SVG image, 48 wide and 20 high: four units a month, four a step of its level."""


class Day(Struct, frozen=True, kw_only=True):
    """A cell of a calendar; `date` is empty in the blanks before the first and after the last day."""

    date: str = ""
    number: int = 0
    count: int = 0
    level: int = 0
    url: str = ""
    lead: Headline | None = None


class MonthGrid(Struct, frozen=True, kw_only=True):
    """A month as a calendar: weeks of seven days, beginning with the weekday that the language begins with."""

    month: str
    """`2024-11`."""
    count: int
    url: str
    weeks: tuple[tuple[Day, ...], ...]


class Group(Struct, frozen=True, kw_only=True):
    """Headlines under a heading: a day (`2024-11-19`), a month, a year, or `` for the undated."""

    period: str
    count: int
    url: str
    headlines: tuple[Headline, ...]


class Ranked(Struct, frozen=True):
    """A term with its number of articles; `level` from 0 to 5 for a bar."""

    label: str
    url: str
    count: int
    level: int


class Site(Struct, frozen=True, kw_only=True):
    """What every page knows of the site; a change of any of it touches every page."""

    title: str
    description: str = ""
    language: str = "en"
    direction: Direction = "ltr"
    base_url: str = ""
    """Without a slash at its end, or empty."""
    menu: tuple[Link, ...] = ()
    """Further links beside the five of the masthead, from the settings."""
    footer: str = ""
    pages: tuple[Link, ...] = ()
    """The free pages (imprint, privacy)."""
    time_zone: str = "UTC"
    search: bool = False
    lists: tuple[str, ...] = LISTS
    """The kinds of lists that there are beside years and months: `tags`, `authors`, `sources`, `sections`, `days`, `on-this-day`."""
    feeds: bool = False
    """Whether there are feeds and sitemaps, which need a `base_url`."""
    data: bool = False
    """Whether there is the page that offers the archive as data."""
    article_json: bool = False
    """Whether each article is there as JSON beside its page too, `.json` in place of `.html`."""
    canonical_style: CanonicalStyle = "file"
    accent: str = ""
    typeface: str = "serif"
    density: str = "normal"
    first_weekday: int = 0
    """0 is Monday."""
    version: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """What every template knows of its own page."""

    url: str
    kind: str
    """The template's name without `.html`."""
    title: str = ""
    description: str = ""
    canonical: str = ""
    """Absolute, or empty without `base_url`."""
    indexable: bool = True
    feeds: tuple[Link, ...] = ()
    meta: str = ""
    """Open Graph: `meta` elements, escaped."""
    json_ld: str = ""
    """Structured data, safe inside a `script` element."""


class ArticlePage(Struct, frozen=True, kw_only=True):
    """`article.html`. Its fields of the record are described in `sitegen.records.Article`."""

    id: str
    title: str
    summary: str
    html: str
    """The body, sanitised, its figures in place."""
    lead: FigureView | None
    """The figure that stands over the text, if its first one does."""
    contents: tuple[tuple[str, str], ...]
    """Anchor and text of each subhead."""
    words: int
    minutes: int
    """Reading time."""
    authors: tuple[TermLink, ...]
    agencies: tuple[str, ...]
    source: TermLink | None
    source_url: str
    """The publication's home page, from the settings."""
    section: TermLink | None
    published: Moment | None
    updated: Moment | None
    retrieved: Moment | None
    byline_stamp: Moment | None
    source_zone: str
    """The publication's time zone where the settings name it (`Asia/Jerusalem`)."""
    date: str
    """The day (or month, year) under which the article stands, in the site's zone."""
    day: Link | None
    """The day's page (for less precise dates the month's or year's)."""
    dateline: str
    tags: tuple[TermLink, ...]
    corrections: tuple[str, ...]
    original_url: str
    rights: Rights
    language: str
    direction: Direction
    layout: str
    dropped: tuple[Drop, ...]
    """Without the private ones."""
    earlier: Headline | None
    later: Headline | None
    related: tuple[Headline, ...]
    """The nearest earlier article of each tag."""
    cite_plain: str = ""
    """The citation as a line of text; empty: the page offers none."""
    cite_bibtex: str = ""
    cite_csl: str = ""
    """CSL-JSON: a list of one item."""


class HomePage(Struct, frozen=True, kw_only=True):
    """`home.html`: the newest day as a front page, then ways into the archive."""

    date: str
    day: Link | None
    count: int
    """Articles of that day."""
    lead: Headline | None
    seconds: tuple[Headline, ...]
    rest: tuple[Headline, ...]
    total: int
    first: str
    last: str
    """The span: the earliest and latest date (`1957-10-05`)."""
    years: tuple[Bar, ...]
    tags: tuple[Ranked, ...]
    sources: tuple[Ranked, ...]
    undated: int


class DatesPage(Struct, frozen=True, kw_only=True):
    """`dates.html`: all years, and the days of the calendar that have articles in any year."""

    total: int
    first: str
    last: str
    years: tuple[Bar, ...]
    calendar: tuple[tuple[Day, ...], ...]
    """Twelve months of days; `date` is `11-19`, `count` the articles of all years."""
    undated: int


class YearPage(Struct, frozen=True, kw_only=True):
    """`year.html`: twelve small calendars, the biggest days, and articles dated by the year alone."""

    year: str
    count: int
    months: tuple[MonthGrid, ...]
    top_days: tuple[Day, ...]
    loose: tuple[Headline, ...]
    earlier: Link | None
    later: Link | None


class MonthPage(Struct, frozen=True, kw_only=True):
    """`month.html`: a calendar with each day's lead, and the list below (days, newest first)."""

    month: str
    count: int
    grid: MonthGrid
    days: tuple[Group, ...]
    complete: bool
    """Whether `days` shows every article; else each day shows its lead and links to the rest."""
    loose: tuple[Headline, ...]
    year: Link
    earlier: Link | None
    later: Link | None


class DayPage(Struct, frozen=True, kw_only=True):
    """`day.html`: the day's front page, ranked by words, pictures and tags."""

    date: str
    count: int
    lead: Headline | None
    seconds: tuple[Headline, ...]
    rest: tuple[Headline, ...]
    month: Link
    year: Link
    same_day: Link
    """The same day in other years."""
    earlier: Link | None
    later: Link | None


class OnThisDayPage(Struct, frozen=True, kw_only=True):
    """`onthisday.html`: one day of the calendar through all years, newest year first."""

    day: str
    """`11-19`."""
    count: int
    years: tuple[Group, ...]
    earlier: Link | None
    later: Link | None


class TermPage(Struct, frozen=True, kw_only=True):
    """`term.html`: a tag, author, source or section, whole or one of its years, months or days."""

    kind: str
    """`tag`, `author`, `source` or `section`."""
    label: str
    period: str
    """Empty, or the `2024`, `2024-11`, `2024-11-19` that this page shows."""
    count: int
    first: str
    last: str
    complete: bool
    """Whether `groups` shows every article of the period; else its newest, and `periods` lead to the rest."""
    groups: tuple[Group, ...]
    """By year on a whole term's page, by month on a year's, by day on a month's."""
    strip: tuple[Bar, ...]
    """Articles per year where they span more than 20 years; only on the whole term's page."""
    months: tuple[YearStrip, ...]
    """Articles per month where they span up to 20 years; only on the whole term's page."""
    periods: tuple[Bar, ...]
    """Pages of the next smaller period, newest first."""
    up: Link | None
    """The whole term, or the larger period."""
    related: tuple[TermLink, ...]
    """Tags that share most of its newest articles."""
    home: str
    """A source's home page."""
    feed: str = ""
    """Its feed, on the whole term's page, where it has enough articles for one."""


class Initial(Struct, frozen=True, kw_only=True):
    """An initial letter of an index; `url` leads to its own page where the index is cut."""

    label: str
    url: str
    count: int
    terms: tuple[Ranked, ...]


class TermsPage(Struct, frozen=True, kw_only=True):
    """`terms.html`: the index of all tags, authors, sources or sections, or one initial of it."""

    kind: str
    total: int
    initial: str
    """Empty on the index itself."""
    top: tuple[Ranked, ...]
    """The most used."""
    initials: tuple[Initial, ...]


class UndatedPage(Struct, frozen=True, kw_only=True):
    """`undated.html`: articles without a date, by headline."""

    headlines: tuple[Headline, ...]
    count: int


class RuleCount(Struct, frozen=True):
    """How many articles had something dropped by a rule, and what the rule means, in English."""

    rule: str
    meaning: str
    count: int


class AboutPage(Struct, frozen=True, kw_only=True):
    """`about.html`: where the articles come from, the span, what was dropped and why."""

    total: int
    undated: int
    first: str
    last: str
    sources: tuple[Ranked, ...]
    languages: tuple[tuple[str, int], ...]
    layouts: tuple[tuple[str, int], ...]
    dropped: tuple[RuleCount, ...]


class FreePage(Struct, frozen=True, kw_only=True):
    """`page.html`: a page of the owner's own (imprint, about the collection)."""

    title: str
    html: str


class RedirectPage(Struct, frozen=True, kw_only=True):
    """`redirect.html`: an address that moved."""

    target: str
    title: str


class ChoicesPage(Struct, frozen=True, kw_only=True):
    """`choices.html`: an address that several articles could claim, and names them."""

    headlines: tuple[Headline, ...]


class TombstonePage(Struct, frozen=True, kw_only=True):
    """`tombstone.html`: an article that was taken down."""

    reason: str
    date: str


class NotFoundPage(Struct, frozen=True, kw_only=True):
    """`404.html`."""

    years: tuple[Bar, ...]


class DataFileRow(Struct, frozen=True, kw_only=True):
    """A file of the archive as data."""

    url: str
    name: str
    """`2024-11`, `2024`, `undated`; `2024-11/3` for a part of a very long month."""
    count: int
    size: int
    """In bytes."""
    checksum: str
    """SHA-256, in hex."""


class DataPage(Struct, frozen=True, kw_only=True):
    """`datapage.html`: how to use the archive as data, and all its files."""

    total: int
    files: tuple[DataFileRow, ...]
    fields: tuple[tuple[str, str, str], ...]
    """The fields of an article: name, type and meaning."""


class SearchPage(Struct, frozen=True, kw_only=True):
    """`search.html`; what is found is put into it by `static/search.js`."""

    years: tuple[str, ...]
    """That have articles, newest first."""


class ArticleContext(Struct, frozen=True, kw_only=True):
    """What the catalog tells of an article; the renderer joins it with the article's text into an `ArticlePage`."""

    id: str
    date: str
    day: Link | None
    tags: tuple[TermLink, ...]
    authors: tuple[TermLink, ...]
    source: TermLink | None
    section: TermLink | None
    source_url: str
    source_zone: str
    earlier: Headline | None
    later: Headline | None
    related: tuple[Headline, ...]
    files: tuple[tuple[str, Picture | None], ...]
    """Local files that the text shows or links to, and where the output has them (an article's page for its source)."""
