"""Feeds: the archive's and those of terms, what they hold of each article, and that every reader can read them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from msgspec.structs import replace

from sitegen import urls
from sitegen.config import ReadingSettings, Settings
from sitegen.feeds import tag_uri
from sitegen.xmltext import document, element
from tests.hostile_archive import hostile_archive
from tests.outputs import Head, file_of
from tests.processes import ROOT
from tests.schemas import check_feed, check_json_feed, check_published
from tests.support import build_site, dump, markdown, put

BASE = "https://news.example.org/archive"
SETTINGS = Settings(title="The Archive", description="All of it", base_url=BASE, feed_min=2)
ARCHIVE_FEEDS = ("feed.xml", "atom.xml", "feed.json")


def parsed(path: Path) -> Any:
    check_feed(path)
    found = feedparser.parse(path.read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    return found


def json_feed(public: Path) -> dict[str, Any]:
    check_json_feed(public / "feed.json")
    feed: dict[str, Any] = json.loads((public / "feed.json").read_bytes())
    return feed


def test_archive_has_three_feeds_with_the_same_items(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-11-0{n}", tags="[One]") for n in range(1, 6)})
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    rss, atom, feed = parsed(public / "feed.xml"), parsed(public / "atom.xml"), json_feed(public)
    assert (rss.version, atom.version) == ("rss20", "atom10")
    assert [item.title for item in rss.entries] == [f"Story {n}" for n in (5, 4, 3, 2, 1)]
    ids = [item["id"] for item in feed["items"]]
    assert ids == [entry.id for entry in atom.entries] == [entry.id for entry in rss.entries]
    assert all(ident.startswith("tag:news.example.org,") for ident in ids)
    assert [item["url"] for item in feed["items"]] == [entry.link for entry in atom.entries]
    assert all(file_of(item["url"], BASE, public).is_file() for item in feed["items"])
    assert (rss.feed.title, atom.feed.title, feed["title"]) == ("The Archive",) * 3
    assert atom.feed.subtitle == feed["description"] == "All of it"
    assert rss.feed.link == atom.feed.link == feed["home_page_url"] == f"{BASE}/"


def test_feed_holds_the_newest_dated_articles_only(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-11-0{n}") for n in range(1, 6)})
    put(tmp_path, {"articles/undated.md": markdown("No date")})
    build_site(tmp_path, replace(SETTINGS, feed_length=3))
    for name in ("feed.xml", "atom.xml"):
        assert [entry.title for entry in parsed(tmp_path / "public" / name).entries] == [
            "Story 5",
            "Story 4",
            "Story 3",
        ]


def test_feed_was_changed_when_its_newest_article_was(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/a.md": markdown("One", date="2024-11-19T20:35:05Z", updated="2024-11-20T01:00:00Z"),
            "articles/b.md": markdown("Two", date="2024-11-19T23:00:00+02:00"),
        },
    )
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    assert "<lastBuildDate>Wed, 20 Nov 2024 01:00:00 GMT</lastBuildDate>" in (public / "feed.xml").read_text()
    atom = parsed(public / "atom.xml")
    assert atom.feed.updated == "2024-11-20T01:00:00Z"
    assert [entry.published for entry in atom.entries] == ["2024-11-19T21:00:00Z", "2024-11-19T20:35:05Z"]


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("1957", "1957-01-01T00:00:00Z"),
        ("1957-10", "1957-10-01T00:00:00Z"),
        ("1957-10-05", "1957-10-05T00:00:00Z"),
        ("1890-01-01", "1890-01-01T00:00:00Z"),
        ("0001-01-01", ""),
    ],
)
def test_date_that_is_not_precise_is_the_first_moment_it_can_be(tmp_path: Path, date: str, published: str) -> None:
    put(tmp_path, {"articles/a.md": markdown("One", date=f"'{date}'")})
    build_site(tmp_path, SETTINGS)
    entries = parsed(tmp_path / "public/atom.xml").entries
    assert published in ("", *(entry.get("published", "") for entry in entries))
    json_feed(tmp_path / "public")


def test_own_article_has_its_full_text_with_absolute_links(tmp_path: Path) -> None:
    body = "Words with *weight*.\n\n## Further down\n\nSee [the other](b.md), [below](#further-down)."
    body += '\n\n![A ship](ship.svg "Caption")'
    put(
        tmp_path,
        {
            "articles/a.md": markdown("One", body, date="2024-11-19"),
            "articles/b.md": markdown("Two", date="2024-11-18"),
            "articles/ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
        },
    )
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    html = json_feed(public)["items"][0]["content_html"]
    assert "<em>weight</em>" in html
    assert f'href="{BASE}/2024/11/18/two.html"' in html
    assert f'href="{BASE}/2024/11/19/one.html#s1"' in html
    assert "\x02" not in html
    assert "\x03" not in html
    image = html.partition('<img src="')[2].partition('"')[0]
    assert file_of(image, BASE, public).is_file()
    assert parsed(public / "atom.xml").entries[0].content[0].value.count("<img") == 1


def test_copy_of_anothers_article_has_its_summary_and_the_way_to_it(tmp_path: Path) -> None:
    text = "It begins harmlessly. " * 30 + "\n\nThe secret of the text is here."
    put(tmp_path, {"articles/a.txt": dump("Copied story", body=text)})
    put(
        tmp_path,
        {
            "articles/b.md": markdown(
                "Copied too",
                text,
                rights="third-party",
                summary="A standfirst",
                date="2024-11-01",
                original_url="https://paper.example/story",
            )
        },
    )
    build_site(tmp_path, SETTINGS)
    for name in ARCHIVE_FEEDS:
        assert "The secret" not in (tmp_path / "public" / name).read_text(), name
    item = json_feed(tmp_path / "public")["items"][1]
    assert item["summary"] == item["content_text"] == "A standfirst"
    assert item["external_url"] == "https://paper.example/story"
    links = parsed(tmp_path / "public/atom.xml").entries[1].links
    assert "https://paper.example/story" in [link.href for link in links if link.rel == "via"]


def test_identity_of_an_item_outlives_every_edit(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("First title", id="story-1", date="2024-11-19")})
    build_site(tmp_path, SETTINGS)
    before = json_feed(tmp_path / "public")["items"][0]
    put(tmp_path, {"articles/a.md": markdown("Second title", "New text", id="story-1", date="2023-01-02")})
    build_site(tmp_path, SETTINGS)
    after = json_feed(tmp_path / "public")["items"][0]
    assert after["id"] == before["id"]
    assert after["url"] != before["url"]


def test_terms_of_enough_articles_have_feeds_that_their_pages_name(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            f"articles/{n}.md": markdown(
                f"Story {n}",
                date=f"2024-11-0{n}",
                tags="[Often]",
                source="The Post",
                section="World",
                authors="[Jane Doe]",
            )
            for n in (1, 2)
        },
    )
    put(tmp_path, {"articles/3.md": markdown("Story 3", date="2024-11-03", tags="[Rare]")})
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    feeds = sorted(path.relative_to(public).as_posix() for path in public.rglob("*/atom.xml"))
    assert feeds == ["sections/world/atom.xml", "sources/the-post/atom.xml", "tags/often/atom.xml"]
    found = parsed(public / "tags/often/atom.xml")
    assert found.feed.title == "Often – The Archive"
    assert found.feed.link == f"{BASE}/tags/often/"
    assert len(found.entries) == 2
    assert Head(public / "tags/often/index.html").link("alternate") == "../../tags/often/atom.xml"
    assert "atom.xml" not in Head(public / "tags/rare/index.html").link("alternate")
    put(tmp_path, {"articles/2.md": markdown("Story 2", date="2024-11-02")})
    build_site(tmp_path, SETTINGS)
    assert not (public / "tags/often/atom.xml").exists()


def test_home_page_names_all_three_feeds(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("One", date="2024-11-19")})
    build_site(tmp_path, SETTINGS)
    named = [
        (link["type"], link["href"])
        for link in Head(tmp_path / "public/index.html").links
        if link.get("rel") == "alternate"
    ]
    assert named == [
        ("application/rss+xml", "./feed.xml"),
        ("application/atom+xml", "./atom.xml"),
        ("application/feed+json", "./feed.json"),
    ]


def test_without_base_url_there_are_no_feeds_and_the_build_says_so_once(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("One", date="2024-11-19", tags="[One]")})
    heard = build_site(tmp_path, Settings(feed_min=1)).heard
    assert len([message for message in heard.messages if "base_url" in message]) == 1
    public = tmp_path / "public"
    assert not [
        name for name in (*ARCHIVE_FEEDS, "sitemap.xml", "robots.txt", "tags/one/atom.xml") if (public / name).exists()
    ]
    assert not Head(public / "index.html").link("alternate")
    assert not Head(public / "2024/11/19/one.html").link("canonical")
    build_site(tmp_path, SETTINGS)
    assert (public / "feed.xml").exists()
    build_site(tmp_path, Settings(feed_min=1))
    assert not (public / "feed.xml").exists()


def test_hostile_titles_and_texts_break_no_feed(tmp_path: Path) -> None:
    own = hostile_archive(tmp_path)
    build_site(tmp_path, replace(SETTINGS, feed_min=1, title="A & <B> ]]>", feed_length=200, news_sitemap=True),
               now=datetime(2024, 11, 3, tzinfo=UTC))  # fmt: skip
    public = tmp_path / "public"
    assert (public / "sitemaps/news.xml").is_file()
    assert check_published(public) > 30
    assert len([path for path in public.rglob("atom.xml") if parsed(path).entries]) > 20
    items = json_feed(public)["items"]
    assert len(items) > own
    assert all(file_of(item["url"], BASE, public).is_file() for item in items)


def test_sample_archive_is_published_as_the_schemas_ask(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "articles", tmp_path / "articles")
    build_site(tmp_path, SETTINGS)
    assert check_published(tmp_path / "public") > 20


def test_archive_of_undated_articles_has_feeds_without_items(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("No date")})
    build_site(tmp_path, SETTINGS)
    assert parsed(tmp_path / "public/atom.xml").feed.updated == "1970-01-01T00:00:00Z"
    assert "lastBuildDate" not in (tmp_path / "public/feed.xml").read_text()
    assert json_feed(tmp_path / "public")["items"] == []


@pytest.mark.parametrize(
    ("style", "url"),
    [("file", "/2024/11/19/one.html"), ("stripped", "/2024/11/19/one"), ("folder", "/2024/11/19/one/")],
)
def test_addresses_are_those_that_the_host_serves(tmp_path: Path, style: urls.CanonicalStyle, url: str) -> None:
    put(tmp_path, {"articles/a.md": markdown("One", date="2024-11-19")})
    build_site(tmp_path, replace(SETTINGS, canonical_style=style))
    assert json_feed(tmp_path / "public")["items"][0]["url"] == f"{BASE}{url}"
    assert Head(tmp_path / "public/2024/11/19/one.html").link("canonical") == f"{BASE}{url}"


def test_feeds_follow_the_zone_of_the_site(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("One", date="2024-07-01")})
    build_site(tmp_path, replace(SETTINGS, reading=ReadingSettings(time_zone="Europe/Berlin")))
    assert parsed(tmp_path / "public/atom.xml").entries[0].published == "2024-06-30T22:00:00Z"


@pytest.mark.parametrize(
    ("base", "authority"),
    [
        ("https://News.Example.org:8080/a", "news.example.org"),
        ("https://münchen.example", "xn--mnchen-3ya.example"),
        ("http://[2001:db8::1]:80/x", "2001:db8::1"),
    ],
)
def test_tag_uri_names_the_host_and_no_port(base: str, authority: str) -> None:
    assert tag_uri(base, "article/a b#ü") == f"tag:{authority},2026:article/a%20b%23%C3%BC"


def test_document_has_no_character_that_xml_forbids() -> None:
    every = "".join(map(chr, range(0x300))) + "\ud800\ufffe\uffff\U0001f680"
    made = document(element("a", every, b=every)).decode()
    assert not [char for char in made if ord(char) < 32 and char not in "\t\n\r"]
    assert "\ufffe" not in made
    assert "\U0001f680" in made


def archived(public: Path) -> tuple[list[str], list[str]]:
    """The documents of the whole feed as they follow from `atom.xml`, and the ids of all entries in them."""
    documents, ids = [], []
    found = parsed(public / "atom.xml")
    while links := [link.href for link in found.feed.links if link.rel == "prev-archive"]:
        documents.append(links[0].removeprefix(f"{BASE}/"))
        found = parsed(public / documents[-1])
        check_feed(public / documents[-1])
        assert [link.href for link in found.feed.links if link.rel == "current"] == [f"{BASE}/atom.xml"]
        ids += [entry.id for entry in found.entries]
    return documents, ids


def test_the_whole_feed_follows_from_its_newest_part(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n} ]]>", date=f"20{20 + n % 3}-{1 + n % 4:02}-1{n % 9}") for n in range(30)})
    put(tmp_path, {"articles/year.md": markdown("Of a year", date="2019"), "articles/none.md": markdown("Undated")})
    build_site(tmp_path, replace(SETTINGS, feed_length=5))
    public = tmp_path / "public"
    documents, ids = archived(public)
    assert documents[0] == "feeds/2022-04.xml"
    assert documents == sorted(documents, reverse=True)
    assert documents[-1] == "feeds/2019.xml"
    assert len(ids) == len(set(ids)) == 31
    newest = [entry.id for entry in parsed(public / "atom.xml").entries]
    assert len(newest) == 5
    assert set(newest) < set(ids)


def test_a_month_that_comes_or_goes_changes_its_own_part_and_the_next_one(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-{n:02}-10") for n in (1, 2, 5, 6)})
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    before = {path.name: path.read_bytes() for path in (public / "feeds").iterdir()}
    put(tmp_path, {"articles/new.md": markdown("New", date="2024-03-10")})
    build_site(tmp_path, SETTINGS)
    after = {path.name: path.read_bytes() for path in (public / "feeds").iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"2024-03.xml", "2024-05.xml"}
    (tmp_path / "articles/new.md").unlink()
    build_site(tmp_path, SETTINGS)
    assert {path.name: path.read_bytes() for path in (public / "feeds").iterdir()} == before
