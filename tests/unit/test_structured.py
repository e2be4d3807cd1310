"""What pages tell machines: JSON-LD, Open Graph, canonical addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.config import ReadingSettings, Settings, SourceSettings, TaggingSettings, TagRule
from tests.outputs import Head, file_of
from tests.support import build_site, dump, markdown, put

BASE = "https://news.example.org/archive"
SETTINGS = Settings(title="The Archive", base_url=BASE)
PAGE = "public/2024/11/19/one.html"


def head_of(folder: Path, text: str, settings: Settings = SETTINGS, page: str = PAGE) -> Head:
    put(
        folder,
        {"articles/a.md": text, "articles/ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'},
    )
    build_site(folder, settings)
    return Head(folder / page)


def test_article_is_described_as_its_source_gave_it(tmp_path: Path) -> None:
    head = head_of(
        tmp_path,
        markdown(
            "One",
            "![A ship at sea](ship.svg)\n\nText.",
            date="2024-11-19T20:35:05+02:00",
            updated="2024-11-20T08:00:00Z",
            authors="[Jane Doe, Li Wei]",
            tags="[Ships]",
            section="World",
            source="The Post",
            summary="A standfirst",
            lang="en",
        ),
    )
    image = head.data.pop("image")
    assert file_of(image, BASE, tmp_path / "public").is_file()
    assert head.data == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{BASE}/2024/11/19/one.html",
        "url": f"{BASE}/2024/11/19/one.html",
        "headline": "One",
        "description": "A standfirst",
        "datePublished": "2024-11-19T20:35:05+02:00",
        "dateModified": "2024-11-20T08:00:00+00:00",
        "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "Li Wei"}],
        "articleSection": "World",
        "keywords": ["Ships"],
        "inLanguage": "en",
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Post"},
    }
    assert [pair for pair in head.meta if pair[0].startswith(("og:", "article:"))] == [
        ("og:type", "article"),
        ("og:site_name", "The Archive"),
        ("og:title", "One"),
        ("og:description", "A standfirst"),
        ("og:url", f"{BASE}/2024/11/19/one.html"),
        ("og:image", image),
        ("og:image:alt", "A ship at sea"),
        ("article:published_time", "2024-11-19T20:35:05+02:00"),
        ("article:modified_time", "2024-11-20T08:00:00+00:00"),
        ("article:author", "Jane Doe"),
        ("article:author", "Li Wei"),
        ("article:section", "World"),
        ("article:tag", "Ships"),
    ]


def test_nothing_is_said_that_the_source_did_not_say(tmp_path: Path) -> None:
    settings = Settings(base_url=BASE, tagging=TaggingSettings(rules=(TagRule(tag="Ruled", phrases=("text",)),)))
    head = head_of(tmp_path, '---\ntitle: One\ndate: "2024-11-19"\n---\n\nSome text.\n', settings)
    assert set(head.data) == {"@context", "@type", "@id", "url", "headline", "datePublished", "inLanguage"}
    assert head.data["datePublished"] == "2024-11-19"
    assert ("article:tag", "Ruled") in head.meta


def test_copy_names_who_first_brought_it(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("One", author="TOVAH LAZAROFF")})
    put(
        tmp_path,
        {
            "articles/b.md": markdown(
                "Two",
                date="2024-11-19",
                rights="third-party",
                source="The Harbour Post",
                original_url="https://paper.example/two",
            )
        },
    )
    sources = (SourceSettings(name="The Harbour Post", url="https://paper.example"),)
    build_site(tmp_path, Settings(base_url=BASE, reading=ReadingSettings(sources=sources)))
    first, second = (Head(tmp_path / f"public/2024/11/19/{name}.html") for name in ("one", "two"))
    assert first.data["author"] == [{"@type": "Person", "name": "Tovah Lazaroff"}]
    organisation = {"@type": "NewsMediaOrganization", "name": "The Harbour Post", "url": "https://paper.example"}
    assert first.data["sourceOrganization"] == second.data["sourceOrganization"] == organisation
    assert "publisher" not in second.data
    assert second.data["isBasedOn"] == "https://paper.example/two"
    assert ("robots", "noindex") in first.meta


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!-- <script>", "a\u2028b\u2029c", "]]> \\ \" '", "</SCRIPT >"]
)
def test_no_title_leaves_its_script_element(tmp_path: Path, title: str) -> None:
    front = f"title: {json.dumps(title)}\ndate: 2024-11-19\ntags: [{json.dumps(title)}]"
    put(tmp_path, {"articles/a.md": f"---\n{front}\n---\n\nText.\n"})
    build_site(tmp_path, SETTINGS)
    pages = [path for path in (tmp_path / "public/2024/11/19").glob("*.html") if path.name != "index.html"]
    text = pages[0].read_text(encoding="utf-8")
    inside = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "<" not in inside
    assert "\u2028" not in inside
    assert " ".join(json.loads(inside)["headline"].split()) == " ".join(title.split())


def test_without_base_url_an_article_has_data_but_no_address(tmp_path: Path) -> None:
    head = head_of(tmp_path, markdown("One", "![](ship.svg)\n\nText.", date="2024-11-19"), Settings())
    assert head.data["headline"] == "One"
    assert not {"url", "@id", "image"} & set(head.data)
    assert not [name for name, _ in head.meta if name in ("og:url", "og:image")]
    assert not Head(tmp_path / "public/index.html").data


@pytest.mark.parametrize(
    ("page", "names", "addresses"),
    [
        (
            "2024/11/19/index.html",
            ["Dates", "2024", "November 2024", "November 19, 2024"],
            ["/dates/", "/2024/", "/2024/11/", "/2024/11/19/"],
        ),
        ("dates/index.html", ["Dates"], ["/dates/"]),
        ("tags/ships/index.html", ["Tags", "Ships"], ["/tags/", "/tags/ships/"]),
        ("tags/index.html", ["Tags"], ["/tags/"]),
        ("on-this-day/11-19/index.html", ["Dates", "November 19"], ["/dates/", "/on-this-day/11-19/"]),
    ],
)
def test_list_tells_the_way_to_itself(tmp_path: Path, page: str, names: list[str], addresses: list[str]) -> None:
    head = head_of(tmp_path, markdown("One", date="2024-11-19", tags="[Ships]"), page=f"public/{page}")
    assert head.data["@type"] == "CollectionPage"
    way = head.data["breadcrumb"]["itemListElement"]
    assert [step["position"] for step in way] == list(range(1, len(way) + 1))
    assert way[0]["name"] == "The Archive"
    assert len(way) == len(names) + 1
    assert [step["item"] for step in way] == [f"{BASE}/", *(f"{BASE}{address}" for address in addresses)]
    assert way[-1]["name"] == head.data["name"]
    assert all(file_of(step["item"], BASE, tmp_path / "public").is_file() for step in way)


def test_periods_of_a_term_lead_back_to_it(tmp_path: Path) -> None:
    put(
        tmp_path,
        {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-11-0{n}", tags="[Ships]") for n in range(1, 4)},
    )
    build_site(tmp_path, Settings(base_url=BASE, list_limit=1, month_limit=1))
    way = Head(tmp_path / "public/tags/ships/2024/11/index.html").data["breadcrumb"]["itemListElement"]
    assert [step["item"].removeprefix(BASE) for step in way] == [
        "/",
        "/tags/",
        "/tags/ships/",
        "/tags/ships/2024/",
        "/tags/ships/2024/11/",
    ]


def test_home_page_is_the_site(tmp_path: Path) -> None:
    head = head_of(tmp_path, markdown("One", date="2024-11-19"), page="public/index.html")
    assert head.data["@type"] == "WebSite"
    assert head.data["url"] == f"{BASE}/"
    assert head.link("canonical") == f"{BASE}/"
