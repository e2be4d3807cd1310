"""Sitemaps: every page that search engines may list, once, under an index; `robots.txt`."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from sitegen.catalog import shards
from sitegen.config import FreePageSettings, Settings
from sitegen.moments import last_change
from tests.outputs import SITEMAP, Head, file_of, listed, sitemaps
from tests.schemas import check_sitemap
from tests.support import NOW, build_site, clean_build, difference, dump, markdown, put, times, tree

BASE = "https://news.example.org"
SETTINGS = Settings(title="The Archive", base_url=BASE)


def story(number: int, *, date: str | None = "", tags: str = "[One]", **front: str) -> str:
    day = f"2024-11-{number:02}" if date == "" else date
    return markdown(f"Story {number}", "", date=day, tags=tags, **front)


def test_each_month_has_a_sitemap_of_its_articles_and_days(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/a.md": story(1),
            "articles/b.md": story(2),
            "articles/c.md": story(3, date="2024-12-05T10:00:00Z"),
            "articles/d.md": story(4, date="1957"),
            "articles/e.md": story(5, date=None),
        },
    )
    build_site(tmp_path, SETTINGS)
    found = sitemaps(tmp_path / "public", BASE)
    paths = {name: [address.removeprefix(BASE) for address, _ in entries] for name, entries in found.items()}
    assert paths["sitemaps/2024-11.xml"] == [
        "/2024/11/01/",
        "/2024/11/02/",
        "/2024/11/",
        "/2024/11/01/story-1.html",
        "/2024/11/02/story-2.html",
    ]
    assert paths["sitemaps/2024-12.xml"] == ["/2024/12/05/", "/2024/12/", "/2024/12/05/story-3.html"]
    assert paths["sitemaps/1957.xml"] == ["/1957/story-4.html"]
    assert paths["sitemaps/undated.xml"] == ["/undated/story-5.html"]
    assert {
        "/",
        "/dates/",
        "/about/",
        "/undated/",
        "/2024/",
        "/1957/",
        "/tags/",
        "/data/",
        "/on-this-day/11-01/",
    } <= set(paths["sitemaps/pages.xml"])
    assert paths["sitemaps/tags.xml"] == ["/tags/one/"]


def test_every_page_that_may_be_listed_is_listed_once(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": story(n, aliases="[/old.html]" if n == 1 else "[]") for n in range(1, 6)})
    put(tmp_path, {"articles/copy.txt": dump("A copy"), "imprint.md": "# Imprint\n\nText"})
    build_site(tmp_path, replace(SETTINGS, pages=(FreePageSettings(file="imprint.md"),), list_limit=2))
    public = tmp_path / "public"
    counts = Counter(
        file_of(address, BASE, public) for entries in sitemaps(public, BASE).values() for address, _ in entries
    )
    indexable = {path for path in public.rglob("*.html") if ("robots", "noindex") not in Head(path).meta}
    assert set(counts) == indexable
    assert set(counts.values()) == {1}
    assert not [path for path in counts if path.name in ("404.html", "old.html", "a-copy.html")]


def test_last_change_is_that_of_the_article_never_of_the_build(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/a.md": story(1, date="2024-11-01T08:00:00+02:00", updated="2024-11-07T10:00:00Z"),
            "articles/b.md": story(2, date="2024-11-01"),
        },
    )
    build_site(tmp_path, SETTINGS)
    found = dict(sitemaps(tmp_path / "public", BASE)["sitemaps/2024-11.xml"])
    assert found[f"{BASE}/2024/11/01/story-1.html"] == "2024-11-07T10:00:00+00:00"
    assert found[f"{BASE}/2024/11/01/story-2.html"] == "2024-11-01"
    assert found[f"{BASE}/2024/11/01/"] == "2024-11-07T10:00:00+00:00"
    index = dict(listed(tmp_path / "public/sitemap.xml", "sitemapindex", "sitemap"))
    assert index[f"{BASE}/sitemaps/2024-11.xml"] == "2024-11-07T10:00:00+00:00"


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        ("", ""),
        ("2024", ""),
        ("2024-11", ""),
        ("2024-11-19", "2024-11-19"),
        ("2024-11-19T22:21", "2024-11-19"),
        ("2024-11-19T22:21:05", "2024-11-19"),
        ("2024-11-19T20:35:05+00:00", "2024-11-19T20:35:05+00:00"),
    ],
)
def test_change_without_a_zone_is_a_day(moment: str, change: str) -> None:
    assert last_change(moment) == change


def test_addition_changes_the_sitemap_of_its_month_and_the_index_alone(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": story(n, date=f"2024-{n:02}-01") for n in range(1, 7)})
    build_site(tmp_path, SETTINGS)
    before = times(tmp_path / "public")
    put(tmp_path, {"articles/new.md": story(9, date="2024-03-01")})
    build_site(tmp_path, SETTINGS)
    after = times(tmp_path / "public")
    changed = {name for name in after if before.get(name) != after[name] and name.endswith((".xml", ".gz", ".json"))}
    assert changed == {
        "sitemaps/2024-03.xml",
        "sitemap.xml",
        "data/2024-03.jsonl.gz",
        "feed.xml",
        "atom.xml",
        "feeds/2024-03.xml",
        "feed.json",
    } - ({"sitemap.xml"} if before["sitemap.xml"] == after["sitemap.xml"] else set())


def test_very_long_month_is_cut_and_joined_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MOST", 20)
    put(tmp_path, {f"articles/{n}.md": story(n, date="2024-11-05", tags=f"[tag{n}]") for n in range(20)})
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    assert (public / "sitemaps/2024-11.xml").is_file()
    for n in range(20, 25):
        put(tmp_path, {f"articles/{n}.md": story(n, date="2024-11-05", tags=f"[tag{n}]")})
    build_site(tmp_path, SETTINGS)
    assert not (public / "sitemaps/2024-11.xml").exists()
    assert not (public / "data/2024-11.jsonl.gz").exists()
    names = set(sitemaps(public, BASE))
    assert {name for name in names if name.startswith("sitemaps/2024-11/")}
    assert {name for name in names if name.startswith("sitemaps/tags/")}
    addresses = [address for entries in sitemaps(public, BASE).values() for address, _ in entries]
    assert len(addresses) == len(set(addresses))
    assert len([address for address in addresses if "/story-" in address]) == 25
    (tmp_path / "clean").mkdir()
    assert not difference(tree(public), clean_build(tmp_path, tmp_path / "clean", SETTINGS))
    for n in range(15):
        (tmp_path / f"articles/{n}.md").unlink()
    build_site(tmp_path, SETTINGS)
    assert not (public / "sitemaps/2024-11").exists()
    (tmp_path / "again").mkdir()
    assert not difference(tree(public), clean_build(tmp_path, tmp_path / "again", SETTINGS))


def test_robots_names_the_sitemap(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": story(1)})
    heard = build_site(tmp_path, SETTINGS).heard
    assert f"Sitemap: {BASE}/sitemap.xml\n" in (tmp_path / "public/robots.txt").read_text()
    assert not [message for message in heard.messages if "robots.txt" in message]


def test_robots_below_a_path_is_useless_and_the_build_says_so(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": story(1)})
    heard = build_site(tmp_path, replace(SETTINGS, base_url=f"{BASE}/archive")).heard
    assert len([message for message in heard.messages if "robots.txt" in message]) == 1


def test_robots_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": story(1), "static/robots.txt": "User-agent: *\nDisallow: /\n"})
    build_site(tmp_path, SETTINGS)
    assert (tmp_path / "public/robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    (tmp_path / "static/robots.txt").unlink()
    build_site(tmp_path, SETTINGS)
    assert "Sitemap:" in (tmp_path / "public/robots.txt").read_text()


def test_addresses_in_other_scripts_are_percent_encoded(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.md": markdown("测试 & Größe", date="2024-11-19", tags="[测试]")})
    build_site(tmp_path, SETTINGS)
    public = tmp_path / "public"
    for entries in sitemaps(public, BASE).values():
        assert all(file_of(address, BASE, public).is_file() for address, _ in entries)


# -- the sitemap of news ----------------------------------------------------------------------------------------------

NEWS = "sitemaps/news.xml"
WITH_NEWS = replace(SETTINGS, news_sitemap=True)


def news(public: Path) -> list[tuple[str, ...]]:
    """Address, publication, language, date and headline of each article in the sitemap of news."""
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    check_sitemap(public / NEWS)
    names = (f".//{space}name", f".//{space}language", f".//{space}publication_date", f".//{space}title")
    return [(each.findtext(f"{SITEMAP}loc", "").removeprefix(BASE), *(each.findtext(name, "") for name in names))
            for each in ElementTree.fromstring((public / NEWS).read_bytes())]  # fmt: skip


def recent(folder: Path) -> None:
    """Articles around the two days before `NOW`, which is 2025-01-02 03:04:05 in UTC."""
    put(
        folder,
        {
            "articles/old.md": markdown("Too old", date="2024-12-31T03:04:04Z"),
            "articles/edge.md": markdown("Just in time", date="2024-12-31T03:04:05Z", source="The Post"),
            "articles/zone.md": markdown("From elsewhere", date="2025-01-02T12:00:00+09:00", lang="ja"),
            "articles/day.md": markdown("]]> & <b>\x0b", date="2025-01-01", lang="zh-Hant"),
            "articles/future.md": markdown("Not yet", date="2025-01-02T03:04:06Z"),
            "articles/copy.md": markdown("Another's", date="2025-01-02T01:00:00Z", rights="third-party"),
            "articles/month.md": markdown("Some time", date="2025-01"),
            "articles/never.md": markdown("At no time"),
        },
    )


def test_sitemap_of_news_is_off_unless_set(tmp_path: Path) -> None:
    recent(tmp_path)
    build_site(tmp_path, SETTINGS)
    assert not (tmp_path / "public" / NEWS).exists()
    build_site(tmp_path, replace(WITH_NEWS, base_url=""))
    assert not (tmp_path / "public" / NEWS).exists()


def test_sitemap_of_news_holds_the_last_two_days(tmp_path: Path) -> None:
    recent(tmp_path)
    build_site(tmp_path, WITH_NEWS)
    public = tmp_path / "public"
    found = news(public)
    assert found == [
        ("/2025/01/02/from-elsewhere.html", "The Archive", "ja", "2025-01-02T03:00:00Z", "From elsewhere"),
        (found[1][0], "The Archive", "zh-tw", "2025-01-01", "]]> & <b>"),
        ("/2024/12/31/just-in-time.html", "The Post", "en", "2024-12-31T03:04:05Z", "Just in time"),
    ]
    assert all(file_of(f"{BASE}{each[0]}", BASE, public).is_file() for each in found)
    assert (f"{BASE}/{NEWS}", "2025-01-02T03:00:00Z") in listed(public / "sitemap.xml", "sitemapindex", "sitemap")


def test_sitemap_of_news_follows_the_clock_and_nothing_else_does(tmp_path: Path) -> None:
    recent(tmp_path)
    build_site(tmp_path, WITH_NEWS)
    public = tmp_path / "public"
    before = tree(public)
    assert build_site(tmp_path, WITH_NEWS).summary.written == 0
    later = NOW + timedelta(hours=1)
    build_site(tmp_path, WITH_NEWS, now=later)
    assert [each[-1] for each in news(public)] == ["Not yet", "From elsewhere", "]]> & <b>"]
    after = tree(public)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {NEWS, "sitemap.xml"}
    (tmp_path / "clean").mkdir()
    assert not difference(tree(public), clean_build(tmp_path, tmp_path / "clean", WITH_NEWS, now=later))
    # Nothing is left of it when nothing is new.
    much_later = NOW + timedelta(days=40)
    build_site(tmp_path, WITH_NEWS, now=much_later)
    assert not (public / NEWS).exists()
    assert NEWS not in (public / "sitemap.xml").read_text()
    (tmp_path / "again").mkdir()
    assert not difference(tree(public), clean_build(tmp_path, tmp_path / "again", WITH_NEWS, now=much_later))


def test_sitemap_of_news_ends_with_the_setting(tmp_path: Path) -> None:
    recent(tmp_path)
    build_site(tmp_path, WITH_NEWS)
    build_site(tmp_path, SETTINGS)
    assert not (tmp_path / "public" / NEWS).exists()
    assert NEWS not in (tmp_path / "public/sitemap.xml").read_text()


def test_sitemap_of_news_holds_a_thousand_at_most(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{n}.md": story(n, date=f"2025-01-01T{n // 60:02}:{n % 60:02}:00Z") for n in range(1003)})
    build_site(tmp_path, WITH_NEWS)
    found = news(tmp_path / "public")
    assert len(found) == 1000
    assert (found[0][-1], found[-1][-1]) == ("Story 1002", "Story 3")


def test_dry_run_tells_of_the_sitemap_of_news(tmp_path: Path) -> None:
    recent(tmp_path)
    build_site(tmp_path, WITH_NEWS)
    told = build_site(tmp_path, WITH_NEWS, dry_run=True, now=NOW + timedelta(hours=1)).summary.changes
    assert {(change.action, change.path) for change in told} == {("change", NEWS), ("change", "sitemap.xml")}
