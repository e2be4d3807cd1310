"""The command line: what it prints, where, and with which exit status it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen.articlejson import to_line
from sitegen.cli import main
from sitegen.console import SHOWN_OF_EACH_CODE, LineReporter, plain
from sitegen.records import Problem
from tests.processes import PATIENCE, eventually

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared/seed"
ARTICLE = "---\ntitle: {title}\ndate: 2024-02-28\n---\nThe river rose again.\n"
DUMP = """Harbour bridge opens

By The Sample Courier (Local) | Created at 2024-11-19 20:35:05 | Updated at 2024-11-19 23:27:23 3 hours ago

By ROSA LINDQVIST NOVEMBER 19, 2024 22:21

The harbour bridge was opened on Tuesday by the mayor, who was the first to walk across it.

Hundreds followed her in the rain, among them the engineer who had drawn it.

Read Entire Article
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "articles").mkdir(parents=True)
    for number in range(3):
        (folder / f"articles/flood-{number}.md").write_text(ARTICLE.format(title=f"Flood {number}"))
    return folder


def pages(site: Path) -> set[str]:
    return {path.relative_to(site / "public").as_posix() for path in (site / "public").rglob("*.html")}


# -- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_commands_help_has_an_example(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example.*\n\s+sitegen {name}", result.output), result.output


def test_without_a_command_there_is_the_help() -> None:
    result = run()
    assert result.exit_code == 0
    assert "inspect" in result.output
    assert "Exit status" in result.output


def test_the_version_is_that_of_the_package() -> None:
    result = run("--version")
    assert result.exit_code == 0
    expected = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert result.output.strip() in (f"sitegen {expected}", "sitegen (not installed)")


@pytest.mark.parametrize(
    "arguments", [["bild"], ["build", "--jobs", "0"], ["build", "no-such-folder"], ["serve", "--port", "x"]]
)
def test_a_slip_on_the_command_line_ends_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_the_shell(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_SITEGEN_COMPLETE" in result.stdout


# -- build ------------------------------------------------------------------------------------------------------------


def test_a_build_writes_the_pages_and_ends_with_a_summary(site: Path) -> None:
    result = run("build", site)
    assert result.exit_code == 0, result.output
    assert "2024/02/28/flood-0.html" in pages(site)
    for part in (
        "3 sources read",
        "0 unchanged",
        "files written",
        "removed",
        "no problems",
        " s (",
        "peak memory",
        "job",
    ):
        assert part in result.stdout
    for path in (site / "articles").rglob("*.*"):
        # The time of what changed a moment ago is not believed.
        os.utime(path, (1_000_000_000, 1_000_000_000))
    run("build", site)
    assert "3 unchanged" in run("build", site).stdout


def test_a_healthy_archive_with_an_undated_article_ends_with_0(site: Path) -> None:
    (site / "articles/undated.md").write_text("---\ntitle: No date\n---\nText of it.\n")
    result = run("build", site)
    assert result.exit_code == 0
    assert "W201" in result.stderr
    assert "1 warning" in result.stdout


def test_an_error_in_an_article_ends_with_1_and_the_rest_is_built(site: Path) -> None:
    (site / "articles/broken.md").write_text("---\ntitle: Broken\ndate: 31 Feb 2024\n---\nText of it.\n")
    (site / "articles/empty.md").write_text("")
    result = run("build", site)
    assert result.exit_code == 1
    assert re.search(r"^articles/broken\.md:3:\d+ .*E103", result.stderr, re.MULTILINE)
    assert "articles/empty.md" in result.stderr
    assert "2024/02/28/flood-0.html" in pages(site)


def test_broken_settings_end_with_2_and_nothing_is_written(site: Path) -> None:
    (site / "sitegen.toml").write_text('titel = "x"\nlist_limit = "9"\n')
    result = run("build", site)
    assert result.exit_code == 2
    assert "sitegen.toml:1:1 E403" in result.stderr
    assert "sitegen.toml:2:14" in result.stderr
    assert not (site / "public").exists()


def test_a_folder_without_articles_is_not_taken_for_a_site(tmp_path: Path) -> None:
    for command in (["build"], ["serve", "--no-watch"]):
        result = run(*command, tmp_path)
        assert result.exit_code == 2
        assert "articles/" in result.stderr
        assert "sitegen init" in result.stderr


def test_strict_writes_nothing_where_there_is_a_warning(site: Path) -> None:
    (site / "articles/undated.md").write_text("---\ntitle: No date\n---\nText of it.\n")
    result = run("build", site, "--strict")
    assert result.exit_code == 2
    assert "W201" in result.stderr
    assert "--strict" in result.stderr
    assert not pages(site)
    (site / "articles/undated.md").unlink()
    assert run("build", site, "--strict").exit_code == 0


def test_profile_tells_where_the_time_went(site: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    assert run("build", site, "--profile", target).exit_code == 0
    figures = json.loads(target.read_text())
    assert [stage["stage"] for stage in figures["stages"]] == ["scan", "verify", "read", "settle", "problems", "write", "index", "finish"]
    read = next(stage for stage in figures["stages"] if stage["stage"] == "read")
    assert read["steps"] == figures["sources"]["read"] > 0
    assert read["steps_per_second"] > 0
    assert figures["seconds"] == pytest.approx(sum(stage["seconds"] for stage in figures["stages"]), abs=0.01)
    assert figures["files"]["written"] > 0
    assert figures["peak_memory_mb"] > 1


def test_a_dry_run_lists_what_would_be_written_and_removed_and_why(site: Path) -> None:
    result = run("build", site, "--dry-run")
    assert result.exit_code == 0
    assert re.search(r"^new +2024/02/28/flood-0\.html +\(.+\)$", result.stdout, re.MULTILINE)
    assert not (site / "public").exists()
    run("build", site)
    before = pages(site)
    (site / "articles/flood-1.md").unlink()
    result = run("build", site, "--dry-run")
    assert re.search(r"^remove +2024/02/28/flood-1\.html", result.stdout, re.MULTILINE)
    assert pages(site) == before


def test_quiet_shows_errors_only(site: Path) -> None:
    (site / "articles/undated.md").write_text("---\ntitle: No date\n---\nText of it.\n")
    result = run("build", site, "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    (site / "articles/empty.md").write_text("")
    result = run("build", site, "-q")
    assert result.exit_code == 1
    assert "empty.md" in result.stderr
    assert result.stdout == ""


def test_a_disk_that_fails_ends_with_2_and_a_sentence(site: Path) -> None:
    (site / "public").write_text("a file where the output should be")
    result = run("build", site)
    assert result.exit_code == 2
    assert "public" in result.stderr


def test_any_number_of_jobs_gives_the_same_site(site: Path, tmp_path: Path) -> None:
    def contents() -> dict[str, bytes]:
        return {path: (site / "public" / path).read_bytes() for path in pages(site)}

    assert run("build", site, "--jobs", "2").exit_code == 0
    first = contents()
    (site / "public").rename(tmp_path / "one")
    (site / ".sitegen").rename(tmp_path / "two")
    assert run("build", site, "--jobs", "1").exit_code == 0
    assert contents() == first


def test_a_pipe_gets_plain_lines(site: Path) -> None:
    (site / "articles/empty.md").write_text("")
    result = subprocess.run(
        [sys.executable, "-m", "sitegen", "build", str(site)], capture_output=True, check=False, cwd=ROOT
    )
    assert result.returncode == 1
    assert b"\x1b" not in result.stdout + result.stderr
    assert b"read: 4" in result.stderr


# -- problems ---------------------------------------------------------------------------------------------------------


def warning(number: int) -> Problem:
    return Problem(file=f"articles/{number:06}.txt", code="W212", message="odd", severity="warning", line=3, column=1)


def test_of_many_problems_the_first_of_each_code_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = LineReporter("normal")
    for number in reversed(range(10_000)):
        reporter.problem(warning(number))
    reporter.problem(Problem(file="articles/z.txt", code="E101", message="binary", severity="error"))
    reporter.close()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == SHOWN_OF_EACH_CODE + 2
    assert lines[0] == "articles/000000.txt:3:1 W212 odd"
    assert lines[SHOWN_OF_EACH_CODE] == "articles/z.txt E101 binary"
    assert lines[-1] == "… and 9,980 more W212; --verbose shows all"


def test_verbose_shows_all_problems(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = LineReporter("verbose")
    for number in range(100):
        reporter.problem(warning(number))
    reporter.close()
    assert len(capsys.readouterr().err.splitlines()) == 100


def test_an_article_cannot_send_control_sequences_to_the_terminal(tmp_path: Path) -> None:
    assert plain("a\x1b[31mb\u202ec\td") == "a\\x1b[31mb\\u202ec\td"
    (tmp_path / "evil.txt").write_text("Headline \x1b]0;owned\x07 here\n\nText \x9b31m of it.\n")
    result = run("inspect", tmp_path / "evil.txt")
    assert "\x1b" not in result.output
    assert "\x9b" not in result.output


# -- inspect ----------------------------------------------------------------------------------------------------------

ARTICLE_KEYS = {
    "id", "title", "summary", "authors", "agencies", "source", "section", "published", "updated", "retrieved",
    "byline_stamp", "zone_assumed", "zones_assumed", "dateline", "tags", "tag_origins", "figures", "body", "corrections",
    "original_url", "rights", "language", "direction", "url", "dropped",
}  # fmt: skip


def objects(*arguments: str | Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("inspect", "--json", *arguments).stdout.splitlines()]


def test_inspect_json_has_one_object_per_source_in_the_agreed_shape(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text(DUMP)
    (tmp_path / "written.md").write_text(ARTICLE.format(title="Flood") + "\n## Then\n\n- one\n- two\n\n> said\n")
    found = objects(tmp_path / "dump.txt", tmp_path / "written.md")
    assert [Path(str(one["file"])).name for one in found] == ["dump.txt", "written.md"]
    for one in found:
        assert one.keys() == {"file", "layout", "articles", "problems"}
        for article in one["articles"]:  # type: ignore[attr-defined]
            assert article.keys() == ARTICLE_KEYS
            for block in article["body"]:
                assert block["kind"] in ("paragraph", "subhead", "list", "quote", "figure", "preformatted", "html")
        for problem in one["problems"]:  # type: ignore[attr-defined]
            assert problem.keys() == {"line", "column", "field", "code", "message", "severity"}
    dump, written = (one["articles"][0] for one in found)  # type: ignore[index]
    assert (dump["source"], dump["section"], dump["authors"]) == ("The Sample Courier", "Local", ["Rosa Lindqvist"])
    assert dump["published"] == "2024-11-19T20:35:05+00:00"
    assert (dump["zone_assumed"], dump["dateline"], dump["original_url"]) == (True, None, None)
    assert dump["url"] == "/2024/11/19/harbour-bridge-opens.html"
    assert {"line": 11, "text": "Read Entire Article", "private": False}.items() <= dump["dropped"][-1].items()
    assert (written["published"], written["source"], written["rights"]) == ("2024-02-28", None, "own")
    assert [block["kind"] for block in written["body"]] == ["paragraph", "subhead", "list", "quote"]


def test_inspect_reads_whole_folders_as_a_build_would(site: Path) -> None:
    for path in ("_drafts/a.md", ".hidden.md", "picture.png", "flood.md~", "old.bak", "deep/er/b.md", "skip/c.md"):
        (site / "articles" / path).parent.mkdir(parents=True, exist_ok=True)
        (site / "articles" / path).write_text(ARTICLE.format(title="x"))
    (site / "sitegen.toml").write_text('ignore = ["skip/*"]\npermalink = "/a/{slug}.html"\n')
    expected = ["deep/er/b.md", "flood-0.md", "flood-1.md", "flood-2.md"]
    for folder in (site, site / "articles"):
        found = objects(folder)
        assert [Path(str(one["file"])).relative_to(site / "articles").as_posix() for one in found] == expected
        assert found[1]["articles"][0]["url"] == "/a/flood-0.html"  # type: ignore[index]


def test_inspect_needs_no_site_and_takes_the_settings_of_one(site: Path, tmp_path: Path) -> None:
    (site / "sitegen.toml").write_text('aggregator_time_zone = "Asia/Tokyo"\n')
    dump = tmp_path / "dump.txt"
    dump.write_text(DUMP)
    assert objects(dump)[0]["articles"][0]["published"] == "2024-11-19T20:35:05+00:00"  # type: ignore[index]
    (found,) = objects(dump, "--site", site)
    assert found["articles"][0]["published"] == "2024-11-19T20:35:05+09:00"  # type: ignore[index]


def test_inspect_is_not_stopped_by_any_file(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "odd.md").write_bytes(b"---\ntitle: [\n")
    (tmp_path / "good.md").write_text(ARTICLE.format(title="Good"))
    os.mkfifo(tmp_path / "pipe.txt")
    result = run("inspect", "--json", tmp_path)
    assert result.exit_code == 1
    found = {Path(json.loads(line)["file"]).name: json.loads(line) for line in result.stdout.splitlines()}
    assert found.keys() == {"empty.txt", "binary.txt", "odd.md", "good.md", "pipe.txt"}
    assert found["empty.txt"]["problems"][0]["severity"] == "error"
    assert found["pipe.txt"]["problems"][0]["severity"] == "error"
    assert found["good.md"]["articles"][0]["title"] == "Good"


def test_half_of_a_surrogate_pair_is_still_json() -> None:
    assert json.loads(to_line({"title": "a\ud800b"})) == {"title": "a\ud800b"}
    assert to_line({"title": "é"}) == '{"title":"é"}\n'.encode()


def test_inspect_shows_every_line_with_its_role(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text(DUMP)
    (tmp_path / "written.md").write_text(ARTICLE.format(title="Flood"))
    for name in ("dump.txt", "written.md"):
        result = run("inspect", tmp_path / name)
        assert result.exit_code == 0
        for number, text in enumerate((tmp_path / name).read_text().splitlines(), 1):
            assert re.search(rf"^ +{number}  \S.*{re.escape(text.strip())}", result.stdout, re.MULTILINE), (name, text)
    assert "\x1b" not in result.output


def test_colours_are_left_out_where_they_are_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dump.txt").write_text(DUMP)
    arguments = ["inspect", str(tmp_path / "dump.txt")]
    assert "\x1b[" in CliRunner().invoke(main, arguments, color=True).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in CliRunner().invoke(main, arguments, color=True).output


def test_the_seed_is_read_as_expected() -> None:
    if not SEED.is_dir():
        pytest.skip("the seed article is not here")
    expected = json.loads((SEED / "expected.json").read_text(encoding="utf-8"))
    (found,) = objects(SEED / "article.txt")
    article = found["articles"][0]  # type: ignore[index]
    same = ("title", "summary", "source", "section", "authors", "agencies", "published", "updated", "byline_stamp",
            "zone_assumed", "dateline", "language", "direction")  # fmt: skip
    assert {key: article[key] for key in same} == {key: expected[key] for key in same}
    assert [{key: figure[key] for key in ("caption", "credit")} for figure in article["figures"]] == expected["figures"]
    body = article["body"]
    assert [block["text"] for block in body if block["kind"] == "subhead"] == expected["subheads"]
    assert sum(block["kind"] == "paragraph" for block in body) == expected["paragraphs"]
    assert [block["kind"] for block in body[:8]] == ["paragraph"] * 5 + ["figure", "paragraph", "subhead"]
    assert [drop["text"] for drop in article["dropped"]] == expected["dropped"]
    assert set(expected["tags_at_least"]) <= set(article["tags"])


def test_a_reader_that_goes_away_ends_inspect_quietly(site: Path) -> None:
    for number in range(400):
        (site / f"articles/more-{number}.md").write_text(ARTICLE.format(title="x" * 500))
    command = f"{sys.executable} -m sitegen inspect --json {site} | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, check=True, cwd=ROOT)
    assert len(result.stdout.splitlines()) == 1
    assert b"Traceback" not in result.stderr


# -- start ------------------------------------------------------------------------------------------------------------


def test_a_build_loads_no_server_and_no_progress_bar(site: Path) -> None:
    code = (
        "import sys\nfrom sitegen.cli import main\n"
        f"main(['build', {str(site)!r}, '-q'], standalone_mode=False)\n"
        "heavy = {'rich', 'starlette', 'uvicorn', 'watchfiles', 'asyncio', 'dateparser', 'PIL', 'babel'}\n"
        "print(*sorted(heavy & sys.modules.keys()))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == ""


# -- serve ------------------------------------------------------------------------------------------------------------


class Serving:
    """`sitegen serve` as a process of its own."""

    def __init__(self, site: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "sitegen", "serve", str(site), *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", cwd=ROOT,
        )  # fmt: skip
        self.lines: list[str] = []
        self.reading = threading.Thread(target=self._read)
        self.reading.start()
        assert eventually(lambda: bool(self._address())), self.lines
        self.url = self._address()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    def _address(self) -> str:
        return next((found[0] for line in self.lines if (found := re.search(r"http://\S+/", line))), "")

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code}"

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        self.reading.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@contextmanager
def serving(site: Path, *options: str) -> Iterator[Serving]:
    process = Serving(site, *options)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.end()


@contextmanager
def states(server: Serving) -> Iterator[list[dict[str, object]]]:
    """What an open page is told, as it comes."""
    found: list[dict[str, object]] = []
    with urllib.request.urlopen(f"{server.url}_sitegen/events", timeout=PATIENCE) as stream:

        def read() -> None:
            for line in stream:
                if line.startswith(b"data: "):
                    found.append(json.loads(line[6:]))

        reading = threading.Thread(target=read)
        reading.start()
        try:
            yield found
        finally:
            server.end()
            reading.join()


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process on Windows")
def test_serve_goes_on_through_edits_and_breakage_and_tells_the_page(site: Path) -> None:
    with serving(site, "--port", "0") as server, states(server) as told:
        assert "Flood 0" in server.get("2024/02/28/flood-0.html")
        assert server.get("no-such-page.html") == "404"
        assert eventually(lambda: len(told) == 1)

        (site / "articles/new.md").write_text(ARTICLE.format(title="Bridge opens"))
        assert eventually(lambda: told[-1]["version"] != told[0]["version"])
        assert "Bridge opens" in server.get("index.html")

        (site / "articles/new.md").write_text("---\ntitle: a: b\ndate: 31 Feb 2024\n---\nText.\n")
        assert eventually(lambda: "E103" in str(told[-1]["faults"]))
        assert "Bridge opens" in server.get("index.html")

        (site / "sitegen.toml").write_text("titel = 'x'\n")
        assert eventually(lambda: "E403" in str(told[-1]["faults"]))
        (site / "sitegen.toml").write_text("title = 'The Reading Room'\n")
        assert eventually(lambda: "The Reading Room" in server.get("index.html"))

        (site / "templates").mkdir()
        (site / "templates/base.html").write_text("{% if %}")
        assert eventually(lambda: "templates/base.html" in str(told[-1]["faults"]))
        (site / "templates/base.html").unlink()
        (site / "articles/new.md").unlink()
        assert eventually(lambda: told[-1]["faults"] == [])
    assert server.process.returncode == 0
    assert "E103" in "".join(server.lines)
    assert "Traceback" not in "".join(server.lines)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process on Windows")
def test_serve_takes_the_next_port_and_says_so(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(site, "--port", str(port), "--no-watch") as server:
            assert f"Port {port} is taken" in "".join(server.lines)
            assert f":{port}/" not in server.url
            assert "_sitegen" not in server.get("index.html")
            assert server.end() == 0


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process on Windows")
def test_serve_begins_with_broken_settings_and_recovers(site: Path) -> None:
    (site / "sitegen.toml").write_text("titel = 'x'\n")
    with serving(site, "--port", "0") as server:
        assert server.get("index.html") == "404"
        (site / "sitegen.toml").write_text("title = 'The Reading Room'\n")
        assert eventually(lambda: "The Reading Room" in server.get("index.html"))
        assert server.end() == 0
