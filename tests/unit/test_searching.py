"""The search index as a build keeps it: what is in it, what an edit makes anew, and what happens where it cannot be made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from sitegen import assembly, searching
from sitegen.catalog import stretches as cutting
from sitegen.config import Settings, TaggingSettings
from sitegen.entries import BodyRef, Content
from sitegen.errors import IndexingError
from sitegen.indexer import find_indexer, index
from sitegen.records import Article
from sitegen.searchpages import Found, page_to_index
from tests.processes import required, sitegen
from tests.searching import answers, arguments, fragments, stretches
from tests.support import Built, build_site, dump, markdown, put, times, tree

PLAIN = Settings(tagging=TaggingSettings(places=False))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of at most three articles."""
    monkeypatch.setattr(cutting, "MOST", 3)


def build(folder: Path) -> Built:
    return build_site(folder, PLAIN, search=True)


def archive(folder: Path) -> None:
    put(folder, {f"articles/{year}-{n}.md": markdown(f"Story {year} {n}", date=f"{year}-0{n}-02")
                 for year in (2021, 2022, 2023) for n in (1, 2, 3)})  # fmt: skip


def found(output: Path) -> dict[str, str]:
    return {path: data.hex() for path, data in tree(output).items() if path.startswith("search/")}


def test_index_tells_what_is_shown_and_filtered_by(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/one.md": markdown(
                'Ships & "boats" <b>', "Text with *markup*.\n\n![](ship.svg 'The <i>Wave</i>')", date="2024-11-19T20:00:00Z",
                source="The Post", section="Local", author="Rosa Lindqvist", tags="[harbour]", lang="pt-BR",
                summary="A & standfirst",
            ),
            "articles/two.md": markdown("Two", date="2023-01-01", tags="[Harbour]"),
            "articles/three.md": markdown("Three", date="2023-01-02", tags="[Harbour]"),
            "articles/draft.md": markdown("A draft", date="2024-11-19", draft="true"),
            "articles/ship.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
        },
    )  # fmt: skip
    build(tmp_path)
    by_url = fragments(tmp_path / "public")
    assert sorted(by_url) == ["/2023/01/01/two.html", "/2023/01/02/three.html", "/2024/11/19/ships-boats-b.html"]
    [(_, told)] = by_url["/2024/11/19/ships-boats-b.html"]
    assert told["meta"] | {"url": ""} == {
        "title": 'Ships & "boats" <b>', "source": "The Post", "date": "2024-11-19T20:00:00", "url": "",
    }  # fmt: skip
    # The tag's spelling is that of its page.
    assert told["filters"] == {
        "year": ["2024"], "source": ["The Post"], "section": ["Local"], "author": ["Rosa Lindqvist"], "tag": ["Harbour"],
    }  # fmt: skip
    for words in ("A & standfirst", "Text with markup.", "The <i>Wave</i>"):
        assert words in told["content"]
    assert stretches(tmp_path / "public")["all"]["languages"] == {"en": "en", "pt": "pt"}


def test_private_parts_are_in_no_index(tmp_path: Path) -> None:
    wire = (
        "\x01dpa 1234\nrs dpa 0001\n\x02\nHeadline = A bridge is opened =\n\nBerlin (dpa) - The bridge was opened on Monday. "
        "Many people came to see it, and the mayor spoke.\n\n"
        "# Notizblock\n## Redaktionelle Hinweise\nThe telephone of Wombletharp is secret.\n\x03 101112 GMT Nov 24\n"
    )
    put(tmp_path, {"articles/a.txt": wire, "articles/b.md": markdown("B", date="2024-01-01")})
    build(tmp_path)
    assert not [path for path in (tmp_path / "public/search").rglob("*") if path.is_file() and b"Wombletharp" in path.read_bytes()]
    assert "Wombletharp" not in str(answers(tmp_path / "public"))


def test_every_published_article_is_in_one_stretch(tmp_path: Path, small: None) -> None:
    archive(tmp_path)
    put(tmp_path, {"articles/undated.md": markdown("Undated"), "articles/year.md": markdown("Year", date="2022")})
    built = build(tmp_path)
    by_url = fragments(tmp_path / "public")
    assert len(by_url) == built.summary.articles == 11
    assert all(len(rows) == 1 for rows in by_url.values())
    assert all((tmp_path / f"public{url}").is_file() for url in by_url)
    told = stretches(tmp_path / "public")
    assert {name: sum(rows[0][0] == name for rows in by_url.values()) for name in told} == {
        name: each["count"] for name, each in told.items()
    }


def test_new_article_makes_its_own_stretch_anew_and_no_other(tmp_path: Path, small: None) -> None:
    archive(tmp_path)
    (tmp_path / "articles/2022-3.md").unlink()
    build(tmp_path)
    before = times(tmp_path / "public/search")
    put(tmp_path, {"articles/new.md": markdown("New", date="2022-09-09")})
    build(tmp_path)
    after = times(tmp_path / "public/search")
    changed = {path.split("/")[0] for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"2022", "stretches.js"}
    assert len(fragments(tmp_path / "public")) == 9


def test_stretch_of_long_texts_is_indexed_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_BYTES", 20_000)
    folder, other = tmp_path / "site", tmp_path / "clean"
    put(folder, {f"articles/{n}.md": markdown(f"Story {n}", "A long tale. " * 400, date=f"2024-01-{n + 1:02}") for n in range(9)})
    build(folder)
    told = stretches(folder / "public")
    assert list(told) == ["all/3", "all/2", "all"]
    assert [each["count"] for each in told.values()] == [3, 3, 3]
    assert next((each["first"], each["last"]) for each in told.values()) == ("2024-01-07", "2024-01-09")
    by_url = fragments(folder / "public")
    assert len(by_url) == 9
    assert all(len(rows) == 1 for rows in by_url.values())
    before = times(folder / "public/search")
    build(folder)
    assert times(folder / "public/search") == before
    # A word less in the middle one leaves the others as they are.
    put(folder, {"articles/4.md": markdown("Story 4", "A long tale. " * 399 + "A tale.", date="2024-01-05")})
    build(folder)
    after = times(folder / "public/search")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path.partition("/")[2].partition("/")[0] for path in changed - {"stretches.js"}} == {"2"}
    assert {url for url, [(name, told)] in fragments(folder / "public").items() if told["content"].endswith("A tale.")} == {
        "/2024/01/05/story-4.html"}  # fmt: skip
    # One that was lost is made again, and so are the others.
    next((folder / "public/search/all/3/fragment").iterdir()).unlink()
    build(folder)
    assert len(fragments(folder / "public")) == 9
    # One part less leaves nothing of it behind.
    for n in range(5):
        (folder / f"articles/{n}.md").unlink()
    build(folder)
    assert list(stretches(folder / "public")) == ["all/2", "all"]
    assert not (folder / "public/search/all/3").exists()
    put(other, {f"articles/{path.name}": path.read_bytes() for path in (folder / "articles").iterdir() if path.is_file()})
    build(other)
    assert answers(folder / "public") == answers(other / "public")


def test_parts_of_a_stretch_are_of_one_size() -> None:
    def articles(language: str, count: int, length: int) -> list[Found]:
        return [Found(url=f"/{n}.html", title="", summary="", source="", date="", language=language, tags=(), authors=(), sections=(),
                      sources=(), body=BodyRef("", 0, length, b"")) for n in range(count)]  # fmt: skip

    sizes = {(language, count, length): [len(part) for part in searching.parts_of(articles(language, count, length))]
             for language, count, length in (("en", 1000, 5_200), ("en", 1000, 10_400), ("ja", 125, 5_200), ("ja", 125, 7_000),
                                             ("en", 1, 30_000_000), ("en", 0, 1))}  # fmt: skip
    assert list(sizes.values()) == [[1000], [500, 500], [125], [62, 63], [1], []]


def test_incremental_index_gives_the_answers_of_a_clean_one(tmp_path: Path, small: None) -> None:
    folder, other = tmp_path / "site", tmp_path / "clean"
    archive(folder)
    build(folder)
    put(folder, {"articles/2021-1.md": markdown("Edited", "Quite another text.", date="2021-01-02", tags="[One]")})
    build(folder)
    put(folder, {f"articles/more{n}.md": markdown(f"More {n}", date="2021-01-09", tags="[ONE]") for n in range(3)})
    (folder / "articles/2023-2.md").unlink()
    build(folder)
    put(folder, {"articles/ja.md": markdown("新しい橋", "橋は火曜日に開通しました。", date="2023-05-05", lang="ja")})
    build(folder)
    put(other, {f"articles/{path.name}": path.read_bytes() for path in (folder / "articles").iterdir() if path.is_file()})
    build(other)
    assert answers(folder / "public") == answers(other / "public")
    # The names of the others are digests of bytes that may differ.
    digested = (".pf_meta", ".pf_index", ".pf_filter")
    one, two = ({path for path in found(each / "public") if not path.endswith(digested)} for each in (folder, other))
    assert one == two


def test_nothing_changed_indexes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path)
    build(tmp_path)
    before = times(tmp_path / "public")
    monkeypatch.setattr(searching, "index", lambda *_: pytest.fail("indexed"))
    assert "index" not in build(tmp_path).heard.stages
    put(tmp_path, {"articles/2021-1.md": (tmp_path / "articles/2021-1.md").read_bytes()})
    build(tmp_path)
    assert times(tmp_path / "public") == before


def test_change_of_what_is_not_searched_indexes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path)
    build(tmp_path)
    before = times(tmp_path / "public/search")
    monkeypatch.setattr(searching, "index", lambda *_: pytest.fail("indexed"))
    build_site(tmp_path, replace(PLAIN, title="Another title"), search=True)
    assert times(tmp_path / "public/search") == before


def test_files_of_an_index_come_and_go_and_those_of_others_stay(tmp_path: Path, small: None) -> None:
    archive(tmp_path)
    build(tmp_path)
    put(tmp_path, {"public/search/mine.txt": "mine", "public/search/2021/fragment/mine.txt": "mine"})
    before = set(found(tmp_path / "public"))
    (tmp_path / "articles/2021-2.md").unlink()
    build(tmp_path)
    assert not [path for path in before - set(found(tmp_path / "public")) if not path.startswith("search/2021/")]
    assert len(list((tmp_path / "public/search/2021/fragment").glob("*.pf_fragment"))) == 2
    for n in (1, 3):
        (tmp_path / f"articles/2021-{n}.md").unlink()
    build(tmp_path)
    assert [path for path in found(tmp_path / "public") if path.startswith("search/2021/")] == ["search/2021/fragment/mine.txt"]
    build_site(tmp_path, PLAIN, search=False)
    assert set(found(tmp_path / "public")) == {"search/mine.txt", "search/2021/fragment/mine.txt"}
    assert not (tmp_path / "public/search.html").exists()
    assert not (tmp_path / "public/search.js").exists()


def test_lost_catalog_leaves_no_orphan(tmp_path: Path, small: None) -> None:
    archive(tmp_path)
    build(tmp_path)
    for path in (tmp_path / ".sitegen").glob("catalog.*"):
        path.unlink()
    (tmp_path / "articles/2021-2.md").unlink()
    build(tmp_path)
    assert len(fragments(tmp_path / "public")) == 8
    named = {line for path in (tmp_path / "public/.sitegen/files").glob("search*.txt") for line in path.read_text().splitlines()}
    named = {line for line in named if not line.startswith("/")}
    assert named == {path for path in tree(tmp_path / "public") if path.startswith("search/")}


@pytest.mark.parametrize("pattern", ["all/fragment/*", "all/headlines.js", "pagefind/pagefind.js", "pagefind/en/*", "stretches.js"])
def test_file_of_an_index_that_was_deleted_or_edited_is_put_back(tmp_path: Path, pattern: str) -> None:
    archive(tmp_path)
    build(tmp_path)
    before = answers(tmp_path / "public")
    path = next((tmp_path / "public/search").glob(pattern))
    path.unlink()
    build(tmp_path)
    assert path.is_file()
    path.write_text("edited")
    build(tmp_path)
    assert path.read_bytes() != b"edited"
    assert answers(tmp_path / "public") == before


def test_build_that_dies_while_it_indexes_is_finished_by_the_next(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    build(tmp_path)
    put(tmp_path, {"articles/2022-1.md": markdown("Edited", "Wombletharp.", date="2022-01-02")})
    writes = iter(range(1, 100))

    def die(*arguments: object, **options: object) -> object:
        if next(writes) == 3:
            raise KeyboardInterrupt
        return write(*arguments, **options)  # type: ignore[arg-type]

    from sitegen.writer import write

    with monkeypatch.context() as patched:
        patched.setattr(assembly, "write", die)
        with pytest.raises(KeyboardInterrupt):
            build(tmp_path)
    assert not (tmp_path / ".sitegen/search").exists()
    build(tmp_path)
    assert "Wombletharp" in str(fragments(tmp_path / "public"))
    other = tmp_path / "clean"
    put(other, {f"articles/{path.name}": path.read_bytes() for path in (tmp_path / "articles").glob("*.md")})
    build(other)
    assert answers(tmp_path / "public") == answers(other / "public")
    assert len(found(tmp_path / "public")) == len(found(other / "public"))


def test_without_pagefind_the_headlines_can_be_searched_and_all_else_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(searching, "find_indexer", lambda: None)
        patched.setattr("sitegen.builder.indexer_version", lambda: "?")
        patched.setattr("sitegen.conditions.indexer_version", lambda: "?")
        built = build(tmp_path)
    assert any("Pagefind is not installed" in message for message in built.heard.messages)
    assert built.summary.errors == 0
    assert sorted(path.name for path in (tmp_path / "public/search").rglob("*") if path.is_file()) == ["headlines.js", "stretches.js"]
    assert len(arguments(tmp_path / "public/search/all/headlines.js")[1]) == 9
    assert stretches(tmp_path / "public")["all"]["languages"] == {}
    # Once it is installed, the next build takes it.
    build(tmp_path)
    assert len(fragments(tmp_path / "public")) == 9


def test_index_that_fails_fails_nothing_else_and_is_tried_again(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path)
    build(tmp_path)

    def fail(*_: object) -> None:
        raise IndexingError("Pagefind failed: out of luck")

    put(tmp_path, {"articles/2022-1.md": markdown("Edited", "Wombletharp.", date="2022-01-02")})
    with monkeypatch.context() as patched:
        patched.setattr(searching, "index", fail)
        built = build(tmp_path)
    assert any("index of 2022 could not be made (Pagefind failed: out of luck)" in each for each in built.heard.messages)
    assert built.summary.errors == 0
    assert (tmp_path / "public/2022/01/02/edited.html").is_file()
    # What the old index said must not stay either.
    assert not list((tmp_path / "public/search/2022").rglob("*.pf_fragment"))
    assert len(fragments(tmp_path / "public")) == 6
    build(tmp_path)
    assert len(fragments(tmp_path / "public")) == 9


def test_pagefinds_own_settings_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path)
    put(tmp_path, {"pagefind.yml": "site: elsewhere\nglob: '*.nothing'\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAGEFIND_GLOB", "*.nothing")
    build(tmp_path)
    assert len(fragments(tmp_path / "public")) == 9


def test_markup_of_an_article_cannot_steer_the_index(tmp_path: Path) -> None:
    body = 'Seen.\n\n<p data-pagefind-ignore>Hidden?</p>\n\n<div data-pagefind-meta="url:https://evil.example/">Text</div>'
    put(tmp_path, {"articles/a.md": markdown("</h1><script>x</script>", body, date="2024-01-01", tags='["\\"><script>"]')})
    build(tmp_path)
    [(url, [(_, told)])] = fragments(tmp_path / "public").items()
    assert (tmp_path / f"public{url}").is_file()
    assert told["meta"]["title"] == "</h1><script>x</script>"
    assert told["filters"]["tag"] == ['"><script>']
    assert "Hidden?" in told["content"]


def test_search_is_left_out_on_request(tmp_path: Path) -> None:
    put(tmp_path, {"articles/a.txt": dump("One")})
    assert sitegen("build", "--no-search", cwd=tmp_path).returncode == 0
    assert "search.html" not in (tmp_path / "public/index.html").read_text()
    assert not any("search" in name for name in os.listdir(tmp_path / "public"))
    assert sitegen("build", cwd=tmp_path).returncode == 0
    assert "search.html" in (tmp_path / "public/index.html").read_text()
    assert len(fragments(tmp_path / "public")) == 1
    put(tmp_path, {"sitegen.toml": "search = false\n"})
    assert sitegen("build", cwd=tmp_path).returncode == 0
    assert not any("search" in name for name in os.listdir(tmp_path / "public"))


def test_dry_run_names_the_stretches_that_would_be_indexed(tmp_path: Path, small: None) -> None:
    archive(tmp_path)

    def planned(*, search: bool = True) -> list[tuple[str, str]]:
        changes = build_site(tmp_path, PLAIN, dry_run=True, search=search).summary.changes
        return [(each.action, each.path) for each in changes if each.path.startswith("search/")]

    assert planned() == [("new", f"search/{year}/") for year in (2023, 2022, 2021)]
    build(tmp_path)
    assert planned() == []
    put(tmp_path, {"articles/2022-1.md": markdown("Edited", date="2022-01-02")})
    for n in (1, 2, 3):
        (tmp_path / f"articles/2021-{n}.md").unlink()
    before = times(tmp_path / "public")
    assert planned() == [("change", "search/2022/"), ("remove", "search/2021/")]
    assert planned(search=False)[-3:] == [("remove", f"search/{year}/") for year in (2021, 2022, 2023)]
    assert times(tmp_path / "public") == before
    build(tmp_path)
    assert set(stretches(tmp_path / "public")) == {"2022", "2023"}


def test_foreign_file_in_the_way_is_told_and_left_alone(tmp_path: Path) -> None:
    archive(tmp_path)
    put(tmp_path, {"public/search/all/headlines.js": "mine"})
    built = build(tmp_path)
    assert [problem.code for problem in built.heard.problems] == ["E541"]
    assert (tmp_path / "public/search/all/headlines.js").read_text() == "mine"
    assert len(fragments(tmp_path / "public")) == 9


def test_languages_without_spaces_are_indexed_apart_and_found_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {f"articles/{language}.md": markdown(title, date="2024-01-02", lang=language)
                   for language, title in (("en", "A bridge"), ("ja", "新しい橋"), ("de", "Die Brücke"), ("zh", "新桥"))})  # fmt: skip
    runs = []
    def watched(program: Path, work: Path) -> object:
        runs.append({path.read_text().partition('lang="')[2][:2] for path in (work / "pages").iterdir()})
        return index(program, work)

    monkeypatch.setattr(searching, "index", watched)
    build(tmp_path)
    # The dictionaries and as many pages as a stretch may have would take too much memory together.
    assert runs[:3] == [{"en", "de"}, {"ja"}, {"zh"}]
    assert len(fragments(tmp_path / "public")) == 4
    assert stretches(tmp_path / "public")["all"]["languages"] == {"en": "en", "de": "de", "ja": "unknown", "zh": "unknown"}
    entry = json.loads((tmp_path / "public/search/all/pagefind-entry.json").read_text())
    assert set(entry["languages"]) == {"en", "de", "ja", "zh"}


def test_japanese_page_begins_with_what_keeps_the_dictionaries_small(tmp_path: Path) -> None:
    put(tmp_path, {"articles/ja.md": markdown("東京都知事選挙", "橋は火曜日に開通しました。", date="2024-01-02", lang="ja"),
                   "articles/zh.md": markdown("新桥", "桥通车。", date="2024-01-02", lang="zh")})  # fmt: skip
    build(tmp_path)
    told = {told["meta"]["title"]: told["content"] for [(_, told)] in fragments(tmp_path / "public").values()}
    assert told["東京都知事選挙"].startswith("ゐ")
    assert "ゐ" not in told["新桥"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in the same way on Linux alone")
@pytest.mark.parametrize(("language", "letters", "particle"), [
    ("ja", range(0x4E00, 0x5800), "の"), ("zh", range(0x4E00, 0x9000), "的"), ("th", range(0x0E01, 0x0E2F), "ที่"),
])  # fmt: skip
def test_memory_of_an_index_of_a_language_without_spaces_has_a_limit(
    tmp_path: Path, language: str, letters: range, particle: str
) -> None:
    program = find_indexer()
    required("pagefind", found=program is not None)
    dice = Random(1)
    known = ["".join(chr(dice.choice(letters)) for _ in range(dice.choice((1, 2, 2, 3)))) for _ in range(12_000)]
    for n in range(cutting.MOST // cutting.WEIGHTS[language]):
        # Some words stand everywhere and most hardly anywhere, as in any language.
        words = [known[min(int(dice.paretovariate(0.6)), len(known) - 1)] for _ in range(601)]
        text = page_to_index(
            Found(url=f"/{n}.html", title=words[0], summary="", source="朝日", date="2024-01-02", language=language, tags=(), authors=(),
                  sections=(), sources=(), body=BodyRef("", 0, 0, b"")),
            Content(article=Article(id="a"), html=f"<p>{particle.join(words)}</p>", figures=(), contents=(), words=0, lead=False,
                    layout=""),
        )  # fmt: skip
        put(tmp_path, {f"pages/{n}.html": text})
    # A process inherits the figure of the one that starts it, which is larger here than in a build.
    code = "import os, sys; print(os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)[2].ru_maxrss)"
    command = [sys.executable, "-c", code, str(program), "--site", "pages", "--output-path", "bundle", "--silent"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True,
                          env=os.environ | {"RAYON_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "1"})  # fmt: skip
    assert int(done.stdout) < 345 << 10
