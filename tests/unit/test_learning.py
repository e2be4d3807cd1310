"""`sitegen learn`: furniture that recurs is proposed, content never; what a person decided stays; builds follow."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from sitegen.config import LearnedLine, ReadingSettings, Settings
from sitegen.errors import SettingsError
from sitegen.readers import read_source
from sitegen.settings_file import load_settings
from tests.support import build_site, clean_build, dump, put, times, tree

FOOTER = "The Harbour Post is a member of the Coast Press Council"
SIGN_UP = "Sign up to our Friday letter for more from the quays"
BARE = "From the quays, every Friday"
_WORDS = (
    "harbour", "ferry", "council", "bridge", "mayor", "vote", "storm", "cargo", "crane", "pilot", "lock", "tide", "quay", "fish",
    "market", "rope", "sail",
)  # fmt: skip


def run(*arguments: str | Path, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["learn", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def article(number: int, *, end: str = FOOTER, amid: str = "", source: str = "The Harbour Post") -> str:
    """A dump with a text of its own."""
    rng = random.Random(number)
    own = [f"The {' '.join(rng.choices(_WORDS, k=12))} of day {number}.{part} were talked about." for part in range(4)]
    paragraphs = [*own[:2], *([amid] if amid else []), *own[2:], end]
    created = f"2024-03-{number % 28 + 1:02} 08:00:{number % 60:02}"
    text = dump(f"Story {number}", source=source, created=created, body="\n\n".join(paragraphs))
    return text.replace("\n\nAnother paragraph follows, so that there is something to read here.\n", "\n")


def site(folder: Path, count: int = 30, **options: str) -> Path:
    put(folder, {f"articles/{number:03}.txt": article(number, **options) for number in range(count)})
    return folder


def proposed(folder: Path) -> list[str]:
    return [line.text for line in load_settings(folder).reading.learned]


def test_footer_is_proposed_and_dropped_by_the_next_build(tmp_path: Path) -> None:
    folder = site(tmp_path)
    build_site(folder, load_settings(folder))
    assert any(FOOTER.encode() in data for path, data in tree(folder / "public").items() if path.startswith("2024/03/05/"))
    run(folder)
    assert proposed(folder) == [FOOTER]
    build_site(folder, load_settings(folder))
    page = (folder / "public/2024/03/05/story-4.html").read_text("utf-8")
    shown, _, about = page.partition("<details")
    assert FOOTER not in shown
    assert FOOTER in about
    assert "learned" in about
    assert tree(folder / "public") == clean_build(folder, tmp_path / "clean", load_settings(folder))


def test_line_amid_the_text_is_proposed_only_where_it_speaks_to_the_reader(tmp_path: Path) -> None:
    assert SIGN_UP not in run("--dry-run", site(tmp_path / "known", amid=SIGN_UP)).output, "the phrases know it already"
    speaks = "Our newsletter brings the quays to your desk"
    assert speaks in run("--dry-run", site(tmp_path / "speaks", amid=speaks)).output
    assert BARE not in run("--dry-run", site(tmp_path / "bare", amid=BARE)).output


@pytest.mark.parametrize("line", [
    "The council did not answer a request for comment.", "Nobody was hurt.", "“We are on our way,” he said.", "What happens next",
    "“Never again”", "By Rosa Lindqvist", "OSLO (Reuters) - More to follow",
])  # fmt: skip
def test_content_is_never_proposed(tmp_path: Path, line: str) -> None:
    # At the end of a few articles, and between the paragraphs of one.
    files = {f"articles/{number:03}.txt": article(number, end=line) for number in range(9)}
    files |= {f"articles/{number:03}.txt": article(number, end="Another end " + str(number) * 3) for number in range(9, 29)}
    files["articles/029.txt"] = article(29, amid=line, end="Yet another end.")
    put(tmp_path, files)
    assert line not in run("--dry-run", tmp_path).output


def test_sentence_at_the_end_of_few_articles_is_content(tmp_path: Path) -> None:
    line = "The police are still looking for witnesses of the night."
    put(tmp_path, {f"articles/{number:03}.txt": article(number, end=line if number < 9 else f"End of {number}.")
                   for number in range(30)})  # fmt: skip
    assert "Nothing new" in run("--dry-run", tmp_path).output


def test_name_that_is_some_articles_field_is_content(tmp_path: Path) -> None:
    folder = site(tmp_path, end="Quay and Crane")
    put(folder, {"articles/other.md": "---\ntitle: Other\ndate: 2024\n---\n\nText.\n", "articles/named.txt": dump("Quay and Crane")})
    assert "Nothing new" in run("--dry-run", folder).output


def test_few_articles_prove_nothing(tmp_path: Path) -> None:
    assert "Nothing new" in run("--dry-run", site(tmp_path, count=7)).output


def test_one_text_saved_many_times_proves_nothing(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{number}.txt": article(1).replace("Story 1", f"Story {number}") for number in range(20)})
    assert "Nothing new" in run("--dry-run", tmp_path).output


def test_learning_again_adds_nothing_and_keeps_every_byte(tmp_path: Path) -> None:
    folder = site(tmp_path)
    run(folder)
    path = folder / "learned.toml"
    edited = path.read_text("utf-8").replace("drop = true", "drop = false   # our motto") + "# kept by Rosa\n"
    path.write_text(edited, "utf-8")
    assert "Nothing new" in run(folder).output
    assert path.read_text("utf-8") == edited
    assert not load_settings(folder).reading.learned


def test_dry_run_writes_no_rules(tmp_path: Path) -> None:
    assert FOOTER in run("--dry-run", site(tmp_path)).output
    assert not (tmp_path / "learned.toml").exists()


def test_markdown_is_not_learned_from(tmp_path: Path) -> None:
    put(tmp_path, {f"articles/{number}.md": f"---\ntitle: T{number}\ndate: 2024\n---\n\nOwn text {number}.\n\n{FOOTER}\n"
                   for number in range(20)})  # fmt: skip
    assert "Nothing new" in run(tmp_path).output


def test_changed_rules_read_only_the_articles_of_their_source(tmp_path: Path) -> None:
    folder = site(tmp_path)
    put(folder, {f"articles/other/{number}.txt": article(number + 100, source="The Inland Post") for number in range(10)})
    for path in (folder / "articles").rglob("*.txt"):
        # What was written a moment ago is read again in any case.
        os.utime(path, (1_700_000_000, 1_700_000_000.5))
    build_site(folder, load_settings(folder))
    before = times(folder / "public")
    put(folder, {"learned.toml": f'[[line]]\nsource = "the harbour POST"\ntext = "{FOOTER}"\n'})
    built = build_site(folder, load_settings(folder))
    assert built.summary.sources_read == 30
    changed = {path for path, time in times(folder / "public").items() if before.get(path) != time and path.endswith(".html")}
    assert "2024/03/05/story-4.html" in changed
    assert not any("story-10" in path.rpartition("/")[2] and len(path) > 27 for path in changed - {"2024/03/11/story-10.html"})
    assert tree(folder / "public") == clean_build(folder, tmp_path / "clean", load_settings(folder))
    (folder / "learned.toml").unlink()
    assert build_site(folder, load_settings(folder)).summary.sources_read == 30
    assert tree(folder / "public") == clean_build(folder, tmp_path / "clean2", load_settings(folder))


def test_dropped_line_names_its_place_and_rule() -> None:
    settings = ReadingSettings(learned=(LearnedLine("The Harbour Post", FOOTER.upper()),))
    text = article(3)
    reading = read_source("a.txt", text.encode(), settings, with_roles=True)
    (drop,) = [drop for drop in reading.articles[0].dropped if drop.rule == "learned"]
    assert text.split("\n")[drop.line - 1] == drop.text == FOOTER
    assert next(role for role in reading.roles if role.line == drop.line).note == "dropped: learned"


def test_article_of_nothing_else_keeps_its_line() -> None:
    settings = ReadingSettings(learned=(LearnedLine("The Harbour Post", "Ferry cancelled today"),))
    text = "Ferry\nBy The Harbour Post (News) | Created at 2024-03-01 08:00:00\n\nFerry cancelled today\n"
    (found,) = read_source("a.txt", text.encode(), settings).articles
    assert found.body


@pytest.mark.parametrize(("text", "wanted"), [
    ("[[line]]\ntext = 5\n", "learned.toml:2:8 [line 1.text] E404"),
    ('[[line]]\nsource = "A"\n', "learned.toml:1:3 [line 1] E408"),
    ('[[line]]\ntext = "a"\ndropp = true\n', 'learned.toml:3:1 E403 "dropp" is not a setting; did you mean "drop"?'),
    ('[[line]]\ntext = "a"\n[[line]]\ntext = "a"\ndrop = false\n', "learned.toml:4:8 [line 2.text] E409"),
    ("line = \n", "learned.toml:1:8 E401"),
])  # fmt: skip
def test_fault_in_the_rules_names_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    put(tmp_path, {"learned.toml": text})
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert wanted in str(caught.value)


def test_site_without_rules_has_the_default_settings(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
