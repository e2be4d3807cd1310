"""What the random walks of the laws draw from: names, dates, tags and texts that collide, and settings that matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.config import FreePageSettings, LayoutFile, LearnedLine, Settings, SourceSettings, TagRule
from sitegen.urls import LISTS, CanonicalStyle
from tests.pictures import photo

FOLDERS = ("articles", "templates", "static")
CATALOG = ("catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.seal")
LEDGER = "articles/_ledger/events.jsonl"

PATHS = st.sampled_from(
    [
        "a.md",
        "b.md",
        "c.txt",
        "d.txt",
        "sub/a.md",
        "sub/deep/e.txt",
        "2024-01-05-f.md",
        "ünïcode/g.md",
        "h.md",
        "i.txt",
        "year.txt",
        "old/year.txt",
    ]
)
TITLES = st.sampled_from(
    [
        "Alpha sinks",
        "alpha  SINKS",
        "Beta sails",
        "Straße",
        "Strasse",
        "Index",
        "CON",
        "测试",
        "!!!",
        "Gamma & <b>delta</b>",
    ]
)
DATES = st.sampled_from(
    [
        None,
        "2024",
        "2024-11",
        "2024-11-19",
        "2025-01-01T12:00:00Z",
        "2024-11-19T23:35:05Z",
        "2024-11-19T20:35:05+00:00",
        "2024-11-20",
        "2023-11-19",
        "2023-06-01 12:00",
        "2020-02-29",
        "1957-10-04",
        "2024-11-21T00:10:00+13:00",
    ]
)
STAMPS = st.sampled_from(["2024-11-19 20:35:05", "2024-11-20 00:00:00", "2023-11-19 12:00:00", "2024-03-01 07:00:00"])
TAGS = st.lists(
    st.sampled_from(
        [
            "Turkey",
            "turkey",
            "TURKEY",
            "C++",
            "C",
            "C#",
            "★",
            "☆",
            "Straße",
            "strasse",
            "测试",
            "2024",
            "index",
            "c-f4dc9948",
        ]
    ),
    max_size=4,
    unique=True,
)
AUTHORS = st.lists(st.sampled_from(["Jane Doe", "jane doe", "Li Wei", "O'Brien"]), max_size=2, unique=True)
SOURCES = st.sampled_from([None, "The Harbour Post", "Der Bote"])
SECTIONS = st.sampled_from([None, "World", "world", "Sport"])
IDS = st.sampled_from([None, None, None, "one", "two", "one.aabbccdd"])
PERMALINKS = st.sampled_from(
    [
        None,
        None,
        None,
        None,
        "/2024/11/19/alpha-sinks.html",
        "/tags/",
        "/imprint.html",
        "/index.html",
        "/about/",
        "/own.html",
        "/2024/11/",
    ]
)
ALIASES = st.sampled_from(
    [None, None, None, "/old/alpha.html", "/2024/11/19/alpha-sinks.html", "/tags/", "/2023/11/19/", "/404.html"]
)
RASTERS = (photo(6, 4, kind="PNG"), photo(5, 4, kind="PNG"), photo(6, 4, kind="PNG")[:60])
RIGHTS = st.sampled_from([None, None, None, "own", "licensed", "third-party"])
PICTURES = st.sampled_from(["pics/x.svg", "pics/y.png", "sub/x.svg"])
BODIES = st.sampled_from(
    [
        "",
        "A short text.",
        "A short text, edited.",
        "Turkey and Israel met in Qatar. Turkey said so.",
        "See [this](b.md) and [that](/sub/a.md).",
        '![A ship](/pics/x.svg "A ship. (credit: Jane Doe)")\n\nText below it.',
        "A harbour.\n\n![](/pics/y.png)\n\nMore.",
        "## One\n\nText\n\n## Two\n\nMore.",
    ]
)
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))
BROKEN = st.sampled_from(
    [
        b"",
        PICTURE,
        b"---\ntitle: [unclosed\n---\n\nText.\n",
        b"---\ntitle: Alpha sinks\ndate: 2024-02-31\n---\n\nText.\n",
    ]
)
FOREIGN = st.sampled_from(
    ["notes.txt", "2024/11/19/mine.txt", "tags/turkey/own.txt", "CNAME", "2024/own/page.txt", ".sitegen/own.txt"]
)
TEMPLATES = {
    "redirect.html": '<a href="{{{{ root }}}}{{{{ view.target }}}}">moved {n} {{{{ view.title }}}}</a>\n',
    "day.html": '{n}{{% for each in view.rest %}}<a href="{{{{ root }}}}{{{{ each.url }}}}">x</a>{{% endfor %}}\n',
    # A macro that mentions `varargs` and `kwargs` takes whatever arguments its callers think of.
    "_figure.html": "{{% macro figure(f) %}}{n}{{{{ f.alt }}}}{{% set _ = varargs, kwargs %}}{{% endmacro %}}\n",
}
EXTENTS: tuple[Literal["full", "excerpt", "metadata"], ...] = ("full", "excerpt", "metadata")
STYLES: tuple[CanonicalStyle, ...] = ("file", "stripped", "folder")
LEARNED = (
    (),
    (LearnedLine("The Harbour Post", "Another paragraph follows, so that there is something to read here."),),
    (LearnedLine("Der Bote", "A short text."), LearnedLine("", "More prose follows in a second paragraph.")),
)
LAYOUTS = (
    (),
    (LayoutFile("mine.toml", '[boilerplate]\nlines = """\na short text.\n"""\n'),),
    (LayoutFile("mine.toml", '[boilerplate]\nlines = """\nmore prose follows in a second paragraph.\n"""\n'),),
)
PUBLICATIONS = (
    (),
    (SourceSettings(name="The Harbour Post", aliases=("Der Bote",), time_zone="Asia/Jerusalem"),),
    (SourceSettings(name="Der Bote", url="https://bote.example", rights="own", language="de"),),
)
READING_SETTINGS: tuple[Callable[[Settings, int], Settings], ...] = (
    lambda s, n: replace(
        s, reading=replace(s.reading, time_zone=("UTC", "Pacific/Auckland", "America/New_York")[n % 3])
    ),
    lambda s, n: replace(
        s, permalink=("/{year}/{month}/{day}/{slug}.html", "/{slug}.html", "/{section}/{year}/{slug}/index.html")[n % 3]
    ),
    lambda s, n: replace(s, ignore=((), ("sub",), ("*.txt",))[n % 3]),
    lambda s, n: replace(s, tagging=replace(s.tagging, places=bool(n % 2))),
    lambda s, n: replace(s, reading=replace(s.reading, language=("en", "de")[n % 2])),
    lambda s, n: replace(s, reading=replace(s.reading, third_party=EXTENTS[n % 3])),
    lambda s, n: replace(s, reading=replace(s.reading, learned=LEARNED[n % 3])),
    lambda s, n: replace(s, reading=replace(s.reading, layouts=LAYOUTS[n % 3])),
    lambda s, n: replace(s, reading=replace(s.reading, sources=PUBLICATIONS[n % 3])),
    lambda s, n: replace(s, reading=replace(s.reading, default_rights=(None, "own", "licensed")[n % 3])),
    lambda s, n: replace(s, tagging=replace(s.tagging, rules=(TagRule(tag="Talks", phrases=("met in",)),) * (n % 2))),
    lambda s, n: replace(s, tagging=replace(s.tagging, aliases=(("C#", "C"), ("Talks", "★"))[:n])),
)
"""Those that change what a source is read as."""
SETTINGS: tuple[Callable[[Settings, int], Settings], ...] = (
    *READING_SETTINGS,
    lambda s, n: replace(s, title=("News", "Old news", "The & Archive")[n % 3]),
    lambda s, n: replace(s, list_limit=(3, 1, 200)[n % 3]),
    lambda s, n: replace(s, month_limit=(2, 1, 1000)[n % 3]),
    lambda s, n: replace(
        s, pages=((), (FreePageSettings(file="articles/_imprint.md", url="/imprint.html", title="Imprint"),))[n % 2]
    ),
    lambda s, n: replace(s, base_url=("", "https://news.example.org/archive")[n % 2]),
    lambda s, n: replace(s, feed_min=n + 1, feed_length=3 - n),
    lambda s, n: replace(s, data=bool(n % 2)),
    lambda s, n: replace(s, lists=(LISTS, ("tags",), ("sources", "days"))[n % 3]),
    lambda s, n: replace(s, canonical_style=STYLES[n % 3], footer=f"Number {n}", avif=n == 2),
    lambda s, n: replace(s, article_json=bool(n % 2)),
    lambda s, n: replace(s, news_sitemap=bool(n % 2)),
)
