"""After a takedown, or where rights are narrowed, one build leaves no trace: not in pages, feeds, data files or caches.

The scan looks at the bytes of every file that a build writes, and decompresses what is compressed. It first finds the
sentences before the takedown, in every kind of file that should hold them, or the test would prove nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from sitegen import builder, searching
from sitegen.cli import main
from sitegen.config import ReadingSettings, Settings, SourceSettings
from tests.processes import sitegen
from tests.searching import stretches, unpacked
from tests.support import build_site, clean_build, difference, dump, markdown, put, tree

SETTINGS = Settings(title="The Archive", base_url="https://x.example", feed_min=1, article_json=True, news_sitemap=True)
NEWS_DAY = datetime(2024, 11, 20, tzinfo=UTC)
"""When the article is news."""
Extent = Literal["excerpt", "metadata"]
SECRET = "Quorvanthil"
"""A word that stands in every sentence of the article, so that it is found wherever a database cuts the text."""
TEXT = f"{SECRET} began it all. " + "\n\n".join(
    f"Then {SECRET} said number {n}, and {SECRET} left." for n in range(300)
)
HEADLINE = "A headline about Wombletharp"
PAGE = "/2024/11/19/a-headline-about-wombletharp.html"
KINDS = (
    ".sitegen/bodies/",
    ".sitegen/catalog.db",
    "public/2024/11/19/a-headline-about-wombletharp.html",
    "public/2024/11/19/a-headline-about-wombletharp.json",
    "public/2024/11/19/index.html",
    "public/atom.xml",
    "public/feed.xml",
    "public/feed.json",
    "public/data/2024-11.jsonl.gz",
    "public/feeds/2024-11.xml",
    "public/tags/one/atom.xml",
    "public/index.html",
)
FULL = tuple(kind for kind in KINDS if kind.startswith(".sitegen/bodies") or kind.endswith((".json", "feed.xml", ".gz")))
"""Where the whole text stands beside its page."""



def traces(folder: Path, *words: str) -> list[str]:
    """The files in the output, the cache and the user's own cache that hold a word."""
    found = []
    for root in ("public", ".sitegen", "cache"):
        for path in sorted((folder / root).rglob("*")):
            if path.is_file() and any(word.encode() in unpacked(path) for word in words):
                found.append(path.relative_to(folder).as_posix())
    return found


def archive(folder: Path, **front: object) -> None:
    put(folder, {f"articles/{n}.md": markdown(f"Other {n}", date="2024-11-18", tags="[One, Two]") for n in range(30)})
    put(
        folder,
        {
            "articles/secret.md": markdown(
                HEADLINE,
                TEXT,
                date="2024-11-19",
                tags="[One]",
                authors="[Xerxi Plomb]",
                **{"source": "The Post", **front},
            )
        },
    )


def check_found(found: list[str], kinds: tuple[str, ...] = KINDS) -> None:
    assert not [kind for kind in kinds if not any(name.startswith(kind) for name in found)], found


def check_as_clean(folder: Path, settings: Settings = SETTINGS) -> None:
    other = folder.with_name(f"{folder.name}-clean")
    other.mkdir()
    assert not difference(tree(folder / "public"), clean_build(folder, other, settings))


def take_down(folder: Path, what: str, *options: str) -> str:
    put(folder, {"sitegen.toml": 'title = "The Archive"\nbase_url = "https://x.example"\nfeed_min = 1\n'})
    result = CliRunner().invoke(main, ["takedown", what, "--site", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def identity(folder: Path, url: str = PAGE) -> str:
    found = [
        json.loads(line) for path in (folder / "public/data").rglob("*.gz") for line in unpacked(path).splitlines()
    ]
    return next(str(each["id"]) for each in found if each["url"] == url)


@pytest.mark.parametrize(
    "name",
    [
        lambda folder: PAGE,
        lambda folder: f"https://x.example{PAGE}",
        lambda folder: f"https://x.example{PAGE[:-5]}",
        identity,
        lambda folder: "https://post.example/original",
        lambda folder: "/old-address.html",
    ],
)
def test_takedown_leaves_nothing_but_a_notice(tmp_path: Path, name: Callable[[Path], str]) -> None:
    folder = tmp_path / "site"
    archive(folder, id="story-9", original_url="https://post.example/original", aliases="[/old-address.html]")
    build_site(folder, SETTINGS)
    check_found(traces(folder, SECRET))
    check_found(traces(folder, "Wombletharp"))
    assert HEADLINE in take_down(folder, name(folder), "--reason", "at the publisher's request")
    build_site(folder, SETTINGS)
    assert traces(folder, SECRET, "Wombletharp", "Xerxi", "post.example") == []
    notice = (folder / f"public{PAGE}").read_text()
    assert "at the publisher's request" in notice or "at the publisher&#39;s request" in notice
    check_as_clean(folder)


@pytest.mark.parametrize("narrowed", [False, True])
def test_takedown_and_narrowed_rights_reach_the_sitemap_of_news(tmp_path: Path, narrowed: bool) -> None:
    folder = tmp_path / "site"
    archive(folder)
    build_site(folder, SETTINGS, now=NEWS_DAY)
    check_found(traces(folder, "Wombletharp"), ("public/sitemaps/news.xml",))
    if narrowed:
        archive(folder, rights="third-party")
    else:
        take_down(folder, PAGE)
    build_site(folder, SETTINGS, now=NEWS_DAY)
    assert not [name for name in traces(folder, "Wombletharp", PAGE) if name.startswith("public/sitemaps/")]


def test_takedown_reaches_earlier_versions_and_copies(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder, id="story-9", updated="2024-11-20")
    put(
        folder,
        {"articles/copy.md": markdown("Earlier copy", f"{SECRET} in an older copy.", id="story-9", date="2024-11-19")},
    )
    build_site(folder, SETTINGS)
    put(
        folder,
        {
            "articles/secret.md": markdown(
                HEADLINE,
                TEXT.replace("began", "really began"),
                date="2024-11-19",
                id="story-9",
                tags="[One]",
                updated="2024-11-21",
            )
        },
    )
    build_site(folder, SETTINGS)
    assert len([name for name in traces(folder, SECRET) if name.startswith(".sitegen/bodies/")]) > 1
    take_down(folder, "story-9")
    build_site(folder, SETTINGS)
    assert traces(folder, SECRET, "Wombletharp") == []
    check_as_clean(folder)


def test_taken_down_article_stays_so_when_its_source_changes(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder, id="story-9")
    build_site(folder, SETTINGS)
    take_down(folder, PAGE)
    build_site(folder, SETTINGS)
    archive(folder, id="story-9", summary=f"A standfirst with {SECRET}")
    build_site(folder, SETTINGS)
    assert traces(folder, SECRET, "Wombletharp") == []
    build_site(folder, replace(SETTINGS, title="Another title"))
    assert traces(folder, SECRET) == []
    (folder / "articles/secret.md").unlink()
    build_site(folder, SETTINGS)
    assert traces(folder, SECRET) == []
    check_as_clean(folder)


def test_takedown_that_is_lifted_brings_everything_back(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder)
    build_site(folder, SETTINGS)
    before = tree(folder / "public")
    take_down(folder, PAGE)
    build_site(folder, SETTINGS)
    (folder / "articles/_ledger/events.jsonl").unlink()
    build_site(folder, SETTINGS)
    assert not difference(tree(folder / "public"), before)


def test_build_that_dies_before_the_purge_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    archive(folder)
    build_site(folder, SETTINGS)
    take_down(folder, PAGE)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(builder, "blank_all_but", die)
        with pytest.raises(KeyboardInterrupt):
            build_site(folder, SETTINGS)
    assert traces(folder, SECRET)
    build_site(folder, SETTINGS)
    assert traces(folder, SECRET, "Wombletharp") == []
    check_as_clean(folder)


def test_picture_of_a_taken_down_article_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder)
    put(
        folder,
        {
            "articles/secret.md": markdown(HEADLINE, f"![Ship](ship.svg)\n\n{TEXT}", date="2024-11-19"),
            "articles/ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
        },
    )
    build_site(folder, SETTINGS)
    assert list((folder / "public/media").iterdir())
    take_down(folder, PAGE)
    build_site(folder, SETTINGS)
    assert not (folder / "public/media").exists()


def test_narrowed_rights_remove_the_text_from_feeds_and_data(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder, summary="A standfirst")
    build_site(folder, SETTINGS)
    check_found(traces(folder, SECRET), FULL)
    archive(folder, summary="A standfirst", rights="third-party")
    build_site(folder, SETTINGS)
    left = traces(folder, SECRET)
    assert {name for name in left if name.startswith("public")} == {f"public{PAGE}"}, (
        "the page shows the copy, with its source"
    )
    assert PAGE not in "".join(path.read_text() for path in (folder / "public/sitemaps").rglob("*.xml"))
    check_as_clean(folder)


@pytest.mark.parametrize("extent", ["excerpt", "metadata"])
def test_narrowed_rights_remove_the_text_everywhere_where_copies_are_not_kept(tmp_path: Path, extent: Extent) -> None:
    folder = tmp_path / "site"
    last = "Plovdarrin"
    archive(folder, summary="A standfirst")
    put(
        folder,
        {
            "articles/secret.md": markdown(
                HEADLINE,
                f"It begins. {TEXT}\n\n{last} said the last word of it.",
                date="2024-11-19",
                tags="[One]",
                source="The Post",
                summary="A standfirst",
            )
        },
    )
    settings = replace(SETTINGS, reading=ReadingSettings(third_party=extent))
    build_site(folder, settings)
    check_found(traces(folder, last), FULL)
    sources = (SourceSettings(name="The Post", rights="third-party"),)
    narrowed = replace(settings, reading=ReadingSettings(third_party=extent, sources=sources))
    build_site(folder, narrowed)
    assert traces(folder, last) == []
    check_as_clean(folder, narrowed)


def _unreadable(folder: Path) -> None:
    put(folder, {"articles/secret.md": b"---\ntitle: [unclosed\n---\n\nText.\n"})


def _binary(folder: Path) -> None:
    put(folder, {"articles/secret.md": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))})


@pytest.mark.parametrize("spoil", [_unreadable, _binary])
@pytest.mark.parametrize("before", [True, False], ids=["broken before", "broken at once"])
@pytest.mark.parametrize("extent", ["excerpt", "metadata"])
def test_narrowed_rights_reach_the_text_of_a_source_that_cannot_be_read(
    tmp_path: Path, extent: Extent, before: bool, spoil: Callable[[Path], None]
) -> None:
    folder = tmp_path / "site"
    last = "Plovdarrin"
    archive(folder, summary="A standfirst")
    text = f"It *begins*. {'And it goes on. ' * 40}\n\n{TEXT}\n\n{last} said the last word of it."
    whole = markdown(HEADLINE, text, date="2024-11-19", source="The Post", summary="A standfirst", rights="third-party")
    put(folder, {"articles/secret.md": whole})
    build_site(folder, SETTINGS)
    check_found(traces(folder, last), (KINDS[0], KINDS[2]))
    if before:
        spoil(folder)
        build_site(folder, SETTINGS)
        check_found(traces(folder, last), (KINDS[0], KINDS[2]))
    spoil(folder)
    narrowed = replace(SETTINGS, reading=ReadingSettings(third_party=extent))
    build_site(folder, narrowed)
    assert traces(folder, last) == []
    assert PAGE[1:] in tree(folder / "public")
    again = build_site(folder, narrowed).summary
    assert (again.written, again.removed) == (0, 0)
    after = tree(folder / "public")
    # What is left is what a build of the last readable text shows.
    put(folder, {"articles/secret.md": whole})
    assert difference(after, clean_build(folder, tmp_path / "clean", narrowed)) == ""
    build_site(folder, narrowed)
    check_as_clean(folder, narrowed)


def test_rights_narrowed_by_a_publication_reach_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder)
    put(folder, {"articles/secret.md": markdown(HEADLINE, TEXT, date="2024-11-19", source="The Post")})
    settings = replace(SETTINGS, reading=ReadingSettings(third_party="metadata"))
    build_site(folder, settings)
    _binary(folder)
    build_site(folder, settings)
    check_found(traces(folder, SECRET), FULL)
    sources = (SourceSettings(name="A paper", aliases=("the post",), rights="third-party"),)
    build_site(folder, replace(settings, reading=ReadingSettings(third_party="metadata", sources=sources)))
    assert traces(folder, f"said number 9, and {SECRET}") == []


SEARCHED = ("public/search/all/fragment/", "public/search/all/index/", "public/search/all/headlines.js")
STEM = SECRET.lower()
"""The word as the index has it."""


def test_takedown_reaches_the_search_index(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    archive(folder)
    build_site(folder, SETTINGS, search=True)
    check_found(traces(folder, SECRET, STEM), (*KINDS, *SEARCHED[:2]))
    check_found(traces(folder, "Wombletharp"), SEARCHED[::2])
    # The filter by authors.
    check_found(traces(folder, "Xerxi Plomb"), ("public/search/all/filter/",))
    take_down(folder, PAGE)
    build_site(folder, SETTINGS, search=True)
    assert traces(folder, SECRET, STEM, "Wombletharp", "Xerxi Plomb", "xerxi plomb") == []
    assert list((folder / "public/search/all/fragment").iterdir())


def test_takedown_reaches_every_part_of_a_long_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_BYTES", 30_000)
    folder = tmp_path / "site"
    words = {f"2024-11-1{n}": f"{SECRET}{'kmpt'[n]}" for n in range(4)}
    for date, word in words.items():
        article = markdown("A story", TEXT.replace(SECRET, word), date=date, authors=f"[Xerxi {word}]")
        put(folder, {f"articles/{date}.md": article})
    archive(folder)
    build_site(folder, SETTINGS, search=True)
    parts = list(stretches(folder / "public"))
    assert len(parts) > 2
    reached = set()
    for word in (*words.values(), "Wombletharp"):
        held = {part for part in parts for name in traces(folder, word.lower()) if name.startswith(f"public/search/{part}/index/")}
        assert len(held) == 1, f"{word} is in {held}"
        part = held.pop()
        reached.add(part)
        check_found(traces(folder, word), (f"public/search/{part}/fragment/", f"public/search/{part}/headlines.js"))
    assert reached == set(parts)
    while words:
        # The newest, the oldest, and so on to the middle, so that what is left moves between the parts.
        date = max(words) if len(words) % 2 else min(words)
        word = words.pop(date)
        take_down(folder, f"/{date.replace('-', '/')}/a-story.html")
        build_site(folder, SETTINGS, search=True)
        assert traces(folder, word, word.lower()) == []
        assert not [other for other in words.values() if not traces(folder, other.lower())]
    # There are fewer parts for what is left, the article of `archive` among it.
    assert set(stretches(folder / "public")) < set(parts)
    assert not (folder / "public/search" / parts[0]).exists()
    assert any("/index/" in name for name in traces(folder, STEM))


def test_takedown_by_the_commands_reaches_everything_that_a_build_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    archive(tmp_path)
    settings = 'title = "The Archive"\nbase_url = "https://x.example"\nfeed_min = 1\narticle_json = true\n'
    put(tmp_path, {"sitegen.toml": settings})
    assert sitegen("build", cwd=tmp_path).returncode == 0
    check_found(traces(tmp_path, SECRET, STEM), (*KINDS, *SEARCHED[:2]))
    # Templates that are compiled for all of a user's sites.
    assert any(path.is_file() for path in (tmp_path / "cache").rglob("*"))
    assert sitegen("takedown", PAGE, cwd=tmp_path).returncode == 0
    assert sitegen("build", cwd=tmp_path).returncode == 0
    assert traces(tmp_path, SECRET, STEM, "Wombletharp", "Xerxi") == []


@pytest.mark.parametrize("extent", ["excerpt", "metadata"])
def test_narrowed_rights_reach_the_search_index(tmp_path: Path, extent: Extent) -> None:
    folder = tmp_path / "site"
    archive(folder)
    text = f"It begins. {'And it goes on. ' * 40}\n\nThe last word of it is Plovdarrin."
    put(folder, {"articles/secret.md": markdown(HEADLINE, text, date="2024-11-19", source="The Post")})
    settings = replace(SETTINGS, reading=ReadingSettings(third_party=extent))
    build_site(folder, settings, search=True)
    check_found(traces(folder, "Plovdarrin", "plovdarrin"), (*FULL, *SEARCHED[:2]))
    sources = (SourceSettings(name="The Post", rights="third-party"),)
    build_site(folder, replace(settings, reading=ReadingSettings(third_party=extent, sources=sources)), search=True)
    assert traces(folder, "Plovdarrin", "plovdarrin") == []
    # What may be shown is still found.
    check_found(traces(folder, "Wombletharp"), (SEARCHED[0], SEARCHED[2]))


@pytest.mark.parametrize("wanted", ["nonsense", "/2024/11/19/nothing.html", "https://elsewhere.example/x"])
def test_takedown_of_nothing_is_refused(tmp_path: Path, wanted: str) -> None:
    put(tmp_path, {"articles/a.txt": dump("One")})
    build_site(tmp_path)
    result = CliRunner().invoke(main, ["takedown", wanted, "--site", str(tmp_path)])
    assert result.exit_code == 2
    assert f'no article has the id or address "{wanted}"' in result.output
    assert not (tmp_path / "articles/_ledger").exists()


def test_takedown_before_the_first_build_is_refused_and_leaves_no_catalog(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("One")})
    result = CliRunner().invoke(main, ["takedown", "x", "--site", str(tmp_path)])
    assert result.exit_code == 2
    assert not (tmp_path / ".sitegen/catalog.db").exists()
