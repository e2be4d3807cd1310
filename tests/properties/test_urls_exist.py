"""Every address that a site publishes leads to one of its files, and every article is where it should be, once."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sitegen.catalog import stretches
from sitegen.catalog.exports import Wanted
from sitegen.config import Folders, Settings
from sitegen.export import export
from sitegen.urls import CanonicalStyle
from tests.hostile_archive import hostile_archive
from tests.linkcheck import broken_links
from tests.outputs import Head, addresses_in, data_files, file_of, sitemaps
from tests.processes import ROOT
from tests.schemas import check_published
from tests.searching import arguments, fragments
from tests.searching import stretches as told
from tests.support import NOW, Collector, build_site, put

BASES = ("https://news.example.org", "https://news.example.org/Archiv/größe", "", "http://localhost:8000")
STYLES: tuple[CanonicalStyle, ...] = ("file", "stripped", "folder")
NEWS = "sitemaps/news.xml"
"""It names what is in the sitemap of its month, too."""
OF_FORMATS = ("https://jsonfeed.org/version/1.1", "https://schema.org")
BUILDS = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example is a build, so that shrinking one takes minutes."""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'

TITLES = st.one_of(
    st.sampled_from(["", "Alpha", "alpha", "测试", "]]>", "index", "CON", "a/b", "?x=1#y", "100 %", "شؤون", "ﬁne"]),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
DATES = st.sampled_from(["", "1957", "2024-11", "2024-11-19", "2024-11-19T23:30:00-05:00", "0999-01-01", "2025-01-02T02:00:00Z"])
NAMES = st.sampled_from(["", "Gaza", "gaza", "C++", "测试", "feed", "atom.xml", "-", "Größe"])
BODIES = st.sampled_from(
    [
        "",
        "Text.",
        "![Ship](ship.svg)\n\nText.",
        "See [that](0.md#x) and [there](#s1).\n\n## Sub\n\nText.",
        "Bad \x0b\x1f text",
    ]
)
ARTICLES = st.lists(
    st.fixed_dictionaries(
        {
            "title": TITLES,
            "date": DATES,
            "tags": st.lists(NAMES, max_size=2),
            "source": NAMES,
            "section": NAMES,
            "body": BODIES,
            "rights": st.sampled_from(["own", "licensed", "third-party"]),
            "authors": st.lists(NAMES, max_size=1),
        }
    ),
    min_size=1,
    max_size=7,
)


def source(article: dict[str, Any]) -> str:
    # A value in JSON is one in YAML too.
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in article.items() if value and key != "body")
    return f"---\n{''.join(lines)}---\n\n{article['body']}\n"


@hypothesis_settings(max_examples=15, phases=BUILDS)
@given(ARTICLES, st.sampled_from(BASES), st.sampled_from(STYLES), st.sampled_from([1, 3]))
def test_every_published_address_exists(
    articles: Sequence[dict[str, Any]], base: str, style: CanonicalStyle, list_limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        put(site, {f"articles/{number}.md": source(article) for number, article in enumerate(articles)})
        put(site, {"articles/ship.svg": PICTURE})
        check(site, Settings(base_url=base, canonical_style=style, feed_min=1, list_limit=list_limit, month_limit=list_limit,
                             feed_length=5, article_json=True, news_sitemap=True))  # fmt: skip


@pytest.mark.parametrize(("base", "style"), [(BASES[0], "file"), (BASES[0], "folder"), (BASES[1], "file"), (BASES[1], "stripped"),
                                             ("", "file"), ("", "stripped")])  # fmt: skip
def test_every_address_of_the_sample_archive_exists(tmp_path: Path, base: str, style: CanonicalStyle) -> None:
    shutil.copytree(ROOT / "articles", tmp_path / "articles")
    check(tmp_path, Settings(base_url=base, canonical_style=style, feed_min=1, list_limit=10, article_json=True, news_sitemap=True))


@pytest.mark.parametrize("base", BASES[:3])
def test_every_address_of_a_hostile_archive_exists(tmp_path: Path, base: str) -> None:
    hostile_archive(tmp_path)
    check(tmp_path, Settings(base_url=base, feed_min=1, list_limit=5, article_json=True, news_sitemap=True))


def check(site: Path, settings: Settings) -> None:
    """Build a site, and follow everything that it publishes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stretches, "MOST", 20)
        build_site(site, settings, search=True)
    public = site / "public"
    # 404.html is served at any depth, and so rooted at the path of the site's own address.
    assert not [link for link in broken_links(public) if not link.startswith("404.html: ")]
    articles = {path: Head(path) for path in public.rglob("*.html") if '<body data-page="article"' in path.read_text("utf-8")}
    check_once(site, public, articles)
    for path in articles:
        assert json.loads(path.with_suffix(".json").read_bytes())["url"] == f"/{path.relative_to(public).as_posix()}"
    if not settings.base_url:
        left_out = ("feed.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt")
        assert not [path for name in left_out for path in public.rglob(name)]
        assert not [head for head in articles.values() if head.link("canonical")]
        return
    base = ascii_base(public)
    check_published(public)
    for address in published(public, base):
        assert file_of(address, base, public, settings.canonical_style).is_file(), address
    in_sitemaps = Counter(
        file_of(address, base, public, settings.canonical_style)
        for name, found in sitemaps(public, base).items() for address, _ in found if name != NEWS
    )
    assert set(in_sitemaps.values()) <= {1}
    indexable = {path for path, head in articles.items() if ("robots", "noindex") not in head.meta}
    assert {path for path in in_sitemaps if path in articles} == indexable
    news = sitemaps(public, base).get(NEWS, [])
    assert {file_of(address, base, public, settings.canonical_style) for address, _ in news} <= indexable
    # What sitemaps name is what each page calls its own address.
    assert {address for found in sitemaps(public, base).values() for address, _ in found} <= {
        Head(path).link("canonical") for path in in_sitemaps
    }


def check_once(site: Path, public: Path, articles: Mapping[Path, Head]) -> None:
    """Each article is in one stretch of the search, in one month's data file, and in an export; nothing else is."""
    wanted = Counter(articles.keys())
    assert Counter(public / each["url"][1:] for found in data_files(public).values() for each in found) == wanted
    assert Counter(public / url[1:] for url, rows in fragments(public).items() for _ in rows) == wanted
    shards = [arguments(public / f"search/{name}/headlines.js") for name in told(public)]
    assert Counter(public / row[0][1:] for _, rows in shards for row in rows) == wanted
    output = io.BytesIO()
    with_search = Settings(base_url="", search=True)
    export(Folders(site=site), with_search, output, "jsonl", Wanted(), jobs=1, reporter=Collector(), now=NOW)
    assert Counter(public / json.loads(line)["url"][1:] for line in output.getvalue().splitlines()) == wanted


def ascii_base(public: Path) -> str:
    """The site's own address as it writes it."""
    return Head(public / "index.html").link("canonical").rstrip("/")


def published(public: Path, base: str) -> Iterator[str]:
    """Every absolute address of the site in its feeds, sitemaps and pages."""
    for entries in sitemaps(public, base).values():
        yield from (address for address, _ in entries)
    found = list(addresses_in(json.loads((public / "feed.json").read_bytes())))
    for path in (public / "feed.xml", *public.rglob("atom.xml")):
        parsed = feedparser.parse(path.read_bytes())
        for item in (parsed.feed, *parsed.entries):
            found += [link.href for link in item.get("links", ()) if link.rel in ("self", "alternate")]
            found += [content.base for content in item.get("content", ()) if content.get("base")]
            found += [address for content in item.get("content", ()) for address in links_in(content.value)]
    for page in public.rglob("*.html"):
        head = Head(page)
        found += [link["href"] for link in head.links if link.get("rel") == "canonical"]
        found += [content for name, content in head.meta if name in ("og:url", "og:image")]
        found += addresses_in(head.data)
    robots = (public / "robots.txt").read_text()
    found.append(robots.partition("Sitemap: ")[2].strip())
    found = [address for address in found if address not in OF_FORMATS]
    assert not [address for address in found if not re.match(r"https?://[\w.-]+", address)]
    # Articles lead to other hosts too.
    own = "/".join(base.split("/")[:3])
    yield from (address for address in found if address == own or address.startswith(f"{own}/"))


def links_in(html: str) -> Iterator[str]:
    """The addresses that a text in a feed leads to or shows."""
    for match in re.finditer(r"""\b(?:href|src)="([^"]*)\"""", html):
        yield unescape(match[1])
