"""Addresses: what a slug keeps, where an article stands, what is reserved, and what tells two apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import urls

RESERVED = {"con", "prn", "aux", "nul", "index", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
TEXT = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("US urges Turkey to “act”", "us-urges-turkey-to-act"),
        ("Don't stop", "dont-stop"),
        ("测试", "测试"),
        ("  -- ", "untitled"),
        ("CON", "con-"),
        ("Index", "index-"),
        ("C++", "c"),
        ("a/../b", "a-b"),
        ("a\x00b\nc", "a-b-c"),
        ("Ünïcode", "ünïcode"),
        ("हिन्दी", "हिन्दी"),
        ("Cafe\u0301", "café"),
    ],
)
def test_a_slug_keeps_its_script_and_nothing_that_an_address_cannot_hold(text: str, slug: str) -> None:
    assert urls.slugify(text) == slug


@given(TEXT)
def test_a_slug_is_short_nfc_lower_case_and_never_empty_or_reserved(text: str) -> None:
    slug = urls.slugify(text)
    assert slug
    assert slug not in RESERVED
    assert len(slug.encode()) <= urls.MAX_SLUG_BYTES + 1
    assert slug == unicodedata.normalize("NFC", slug)
    assert not set(slug) & set("/\\.?#%&<>\"' \x00\n\t:*|")
    assert not slug.startswith("-")


@given(TEXT)
def test_two_spellings_of_a_slug_do_not_differ_in_case_alone(text: str) -> None:
    slug = urls.slugify(text)
    assert slug == slug.lower() or slug.lower() != urls.slugify(text.lower())


def test_a_long_slug_is_cut_between_words() -> None:
    slug = urls.slugify("word " * 60)
    assert slug.endswith("word")
    assert len(slug) <= urls.MAX_SLUG_BYTES


def test_a_long_slug_is_not_cut_inside_a_character() -> None:
    assert urls.slugify("测" * 200) == "测" * 33


@pytest.mark.parametrize(
    ("date", "url"),
    [
        ("2024-11-19T20:35:05", "/2024/11/19/a.html"),
        ("2024-11-19", "/2024/11/19/a.html"),
        ("2024-11", "/2024/11/a.html"),
        ("2024", "/2024/a.html"),
        ("", "/undated/a.html"),
    ],
)
def test_an_article_stands_under_as_much_of_its_date_as_is_known(date: str, url: str) -> None:
    assert urls.article_url("/{year}/{month}/{day}/{slug}.html", date=date, slug="a") == url


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("/{slug}.html", "/a.html"),
        ("/{section}/{slug}/index.html", "/world-news/a/index.html"),
        ("/{source}/{year}/{id}.html", "/the-post/2024/x-1.html"),
        ("/news/{year}-{month}/{slug}.html", "/news/2024-11/a.html"),
    ],
)
def test_a_pattern_is_filled(pattern: str, url: str) -> None:
    found = urls.article_url(
        pattern, date="2024-11-19", slug="a", identity="X/1", source="The Post", section="World News"
    )
    assert found == url


def test_a_part_of_a_pattern_without_a_value_is_left_out() -> None:
    assert urls.article_url("/{section}/{year}/{slug}.html", date="", slug="a") == "/undated/a.html"
    assert urls.article_url("/{section}/{slug}.html", date="2024", slug="a") == "/a.html"


@pytest.mark.parametrize(
    ("permalink", "url"),
    [
        ("/news/flood/", "/news/flood/index.html"),
        ("news/flood", "/news/flood.html"),
        ("/news/flood.html", "/news/flood.html"),
        ("../../etc/passwd", "/etc/passwd.html"),
        ("/a/./../b.html", "/a/b.html"),
        ("https://example.org/x/y.html", "/x/y.html"),
        ("/.sitegen/catalog", "/sitegen/catalog.html"),
        ("/", "/untitled/index.html"),
        ("/A B/C?.html", "/a-b/c.html"),
        ("//evil.example/x", "/evil-example/x.html"),
        ("/a\\..\\b", "/a-b.html"),
        ("/x.html/y.html", "/x/y.html"),
    ],
)
def test_an_own_permalink_is_made_safe(permalink: str, url: str) -> None:
    assert urls.article_url("", date="", slug="", permalink=permalink) == url


@given(TEXT)
def test_no_permalink_leads_out_of_the_output_or_into_hidden_folders(permalink: str) -> None:
    url = urls.article_url("/{slug}.html", date="", slug="x", permalink=permalink or "/")
    parts = url[1:].split("/")
    assert url.startswith("/")
    assert url.endswith(".html")
    assert all(part and not part.startswith(".") for part in parts)
    # A folder can never have a file's name, nor the other way round.
    assert not any(part.endswith(".html") for part in parts[:-1])


@pytest.mark.parametrize(
    "url",
    [
        "/index.html",
        "/404.html",
        "/tags/index.html",
        "/tags/gaza.html",
        "/sources/x/index.html",
        "/2024/index.html",
        "/2024/11/19/index.html",
        "/undated/index.html",
        "/on-this-day/11-19/index.html",
        "/media/a.html",
        "/flood-1a2b3c4d.html",
        "/about/index.html",
        "/data/a.html",
    ],
)
def test_no_article_takes_an_address_of_the_sites_own(url: str) -> None:
    assert urls.needs_suffix(url)
    other = urls.with_suffix(url, "one")
    assert not urls.is_reserved(other)
    assert other != url


@pytest.mark.parametrize(
    "url", ["/2024/11/19/flood.html", "/undated/flood.html", "/a/index.html", "/tagsoup.html", "/20x/index.html"]
)
def test_other_addresses_are_free(url: str) -> None:
    assert not urls.needs_suffix(url)


def test_a_suffix_comes_from_the_id_alone() -> None:
    assert urls.with_suffix("/a/b.html", "one") == f"/a/b-{urls.id_suffix('one')}.html"
    assert urls.with_suffix("/a/b/index.html", "one") == f"/a/b-{urls.id_suffix('one')}/index.html"
    assert urls.id_suffix("one") != urls.id_suffix("two")


@given(st.text(max_size=50), st.text(max_size=50))
def test_what_looks_like_a_suffix_is_given_one(one: str, other: str) -> None:
    """Else an article could be called what another one is called to tell it apart."""
    suffixed = urls.with_suffix("/2024/a.html", one)
    assert urls.needs_suffix(suffixed)
    assert urls.with_suffix(suffixed, other) != suffixed


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "/a",
        "a.html",
        "//a.html",
        "/../a.html",
        "/a/../b.html",
        "/.sitegen/a.html",
        "/a\\b.html",
        "/a\n.html",
        "/tags/a.html",
        "/index.html",
        "/2024/index.html",
        "https://example.org/a.html",
    ],
)
def test_an_address_that_no_article_can_have_had(url: str) -> None:
    assert not urls.is_address(url)


@pytest.mark.parametrize("url", ["/2024/11/19/flood.html", "/old/flood-1a2b3c4d.html", "/a/index.html", "/测试.html"])
def test_an_address_that_an_article_can_have_had(url: str) -> None:
    assert urls.is_address(url)


@pytest.mark.parametrize(
    "spelling", ["turkey", "TURKEY", " Turkey ", "Ｔｕｒｋｅｙ", "Tur\u212aey".replace("\u212a", "k")]
)
def test_spellings_that_differ_in_case_width_or_white_space_are_one_term(spelling: str) -> None:
    assert urls.term_key(spelling) == urls.term_key("Turkey")


def test_other_spellings_are_other_terms() -> None:
    assert len({urls.term_key(name) for name in ("C", "C++", "C#", "Türkei", "Turkei", "new york", "newyork")}) == 7


@given(TEXT)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    key = urls.term_key(name)
    assert urls.term_key(key) == key


def test_a_page_of_an_initial_is_in_no_terms_folder() -> None:
    assert urls.terms_url("tag", "A") == "/tags/-/a.html"
    assert urls.terms_url("tag", "#") == "/tags/-/other.html"
    assert urls.slugify("-") != "-"


@pytest.mark.parametrize(
    ("url", "root"), [("/index.html", "."), ("/a/b.html", ".."), ("/2024/11/19/a.html", "../../..")]
)
def test_the_way_to_the_top(url: str, root: str) -> None:
    assert urls.root_of(url) == root
