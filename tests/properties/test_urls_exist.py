"""Every address that a site publishes leads to one of its files, and every article is where it should be, once."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
from hypothesis import Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sitegen.config import Settings
from sitegen.urls import CanonicalStyle
from tests.linkcheck import broken_links
from tests.outputs import Head, addresses_in, check_json_feed, data_files, file_of, sitemaps
from tests.support import build_site, put

BASES = ("https://news.example.org", "https://news.example.org/Archiv/größe", "http://localhost:8000")
OF_FORMATS = ("https://jsonfeed.org/version/1.1", "https://schema.org")
BUILDS = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example is a build, so that shrinking one takes minutes."""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'

TITLES = st.one_of(
    st.sampled_from(["", "Alpha", "alpha", "测试", "]]>", "index", "CON", "a/b", "?x=1#y", "100 %", "شؤون", "ﬁne"]),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
DATES = st.sampled_from(["", "1957", "2024-11", "2024-11-19", "2024-11-19T23:30:00-05:00", "2024-12-01", "0999-01-01"])
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
    front = {key: value for key, value in article.items() if value and key != "body"}
    # JSON is YAML, for all that these hold.
    return f"---\n{json.dumps(front)}\n---\n\n{article['body']}\n"


@hypothesis_settings(max_examples=25, phases=BUILDS)
@given(ARTICLES, st.sampled_from(BASES), st.sampled_from([1, 3]))
def test_every_published_address_exists(articles: Sequence[dict[str, Any]], base: str, list_limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        put(site, {f"articles/{number}.md": source(article) for number, article in enumerate(articles)})
        put(site, {"articles/ship.svg": PICTURE})
        settings = Settings(base_url=base, feed_min=1, list_limit=list_limit, month_limit=list_limit, feed_length=5)
        build_site(site, settings)
        public = site / "public"
        served = ascii_base(public)
        for address in published(public, served):
            assert file_of(address, served, public).is_file(), address
        # 404.html is served at any depth, and so rooted at the path of the site's own address.
        assert not [link for link in broken_links(public) if not link.startswith("404.html: ")]
        check_places(public, served)


def ascii_base(public: Path) -> str:
    """The site's own address as it writes it."""
    return Head(public / "index.html").link("canonical").rstrip("/")


def published(public: Path, base: str) -> Iterator[str]:
    """Every absolute address of the site in its feeds, sitemaps and pages."""
    for entries in sitemaps(public, base).values():
        yield from (address for address, _ in entries)
    feed = json.loads((public / "feed.json").read_bytes())
    check_json_feed(feed)
    found = list(addresses_in(feed))
    for path in (public / "feed.xml", *public.rglob("atom.xml")):
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo
        for item in (parsed.feed, *parsed.entries):
            found += [link.href for link in item.get("links", ()) if link.rel in ("self", "alternate")]
            found += [content.base for content in item.get("content", ()) if content.get("base")]
        tree = ElementTree.fromstring(path.read_bytes())
        assert tree.tag
    for page in public.rglob("*.html"):
        head = Head(page)
        found += [link["href"] for link in head.links if link.get("rel") == "canonical"]
        found += [content for name, content in head.meta if name in ("og:url", "og:image")]
        found += addresses_in(head.data)
    robots = (public / "robots.txt").read_text()
    found.append(robots.partition("Sitemap: ")[2].strip())
    found = [address for address in found if address not in OF_FORMATS]
    yield from (address for address in found if address.startswith(base))
    assert not [address for address in found if not address.startswith(base)]


def check_places(public: Path, base: str) -> None:
    """Each article is in one month's data file; each that may be listed in one sitemap, and no other."""
    articles = {
        page: Head(page) for page in public.rglob("*.html") if '<body data-page="article"' in page.read_text("utf-8")
    }
    in_data = Counter(public / each["url"][1:] for found in data_files(public).values() for each in found)
    assert in_data == Counter(articles.keys())
    in_sitemaps = Counter(
        file_of(address, base, public) for found in sitemaps(public, base).values() for address, _ in found
    )
    assert set(in_sitemaps.values()) <= {1}
    wanted = {page for page, head in articles.items() if ("robots", "noindex") not in head.meta}
    assert {page for page in in_sitemaps if page in articles} == wanted


@hypothesis_settings(max_examples=5, phases=BUILDS)
@given(ARTICLES, st.sampled_from(["stripped", "folder"]))
def test_style_of_the_host_is_kept_everywhere(articles: Sequence[dict[str, Any]], style: CanonicalStyle) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        put(site, {f"articles/{number}.md": source(article) for number, article in enumerate(articles)})
        build_site(site, Settings(base_url=BASES[0], canonical_style=style, feed_min=1))
        public = site / "public"
        for page in public.rglob("*.html"):
            canonical = Head(page).link("canonical")
            assert not canonical.endswith(".html")
            if canonical:
                path = canonical.removeprefix(BASES[0])
                assert path.endswith("/") or style == "stripped"
        in_sitemaps = {address for found in sitemaps(public, BASES[0]).values() for address, _ in found}
        assert in_sitemaps <= {Head(page).link("canonical") for page in public.rglob("*.html")}
