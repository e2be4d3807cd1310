"""The README holds: each command in it is run, each setting loads, and no code, key or command is left out."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest

from sitegen import problems, settings_file
from sitegen.cli import main
from sitegen.errors import SettingsError
from sitegen.readers import READERS, reader_named
from sitegen.settings_file import load_settings
from tests.processes import ROOT, environment, required, serving, sitegen
from tests.support import build_site, put

README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    """The text of all fenced blocks in a language."""
    return [text for found, text in _FENCE.findall(README) if found == language]


def commands() -> list[str]:
    """The lines of all shell blocks, in order."""
    return [line for block in blocks("sh") for line in block.splitlines() if line]


def test_every_command_in_the_readme_works_in_the_order_in_which_it_stands(tmp_path: Path) -> None:
    required("a POSIX shell", found=shutil.which("sh") is not None)
    folder = tmp_path / "scratch"
    folder.mkdir()
    _put_program(tmp_path / "bin")
    ran = 0
    for line in commands():
        if line.startswith("python3 -m venv"):
            continue  # needs the network: the slow test below, and every run of .ci/run
        if line.startswith("cd "):
            folder /= line.removeprefix("cd ")
        elif line.startswith("sitegen serve"):
            _serve(line, folder)
        else:
            done = subprocess.run(
                ["sh", "-ec", line],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                env=environment() | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"},
            )
            # A new article of `sitegen new` holds no tags yet, which is no problem; the example articles have none.
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            ran += 1
    assert ran >= 10
    assert (folder.parent / "archive-on-a-stick" / "index.html").is_file()
    objects = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(objects) == 4
    assert not any(found["problems"] for found in objects if "higgs" not in found["file"])


def _put_program(folder: Path) -> None:
    folder.mkdir()
    script = folder / "sitegen"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n', encoding="utf-8")
    script.chmod(0o755)


def _serve(line: str, folder: Path) -> None:
    arguments = shlex.split(line)[1:]
    # No browser is there to be opened, and another program may listen on the port shown; all else is as it stands.
    arguments = [argument for argument in arguments if argument != "--open"]
    arguments += [] if "--port" in arguments else ["--port", "0"]
    with serving(*arguments, cwd=folder) as server, urllib.request.urlopen(server.url, timeout=30) as response:
        assert response.status == 200
        assert b'data-page="home"' in response.read()
    assert server.process.returncode == 0, server.printed


@pytest.mark.slow
@pytest.mark.network
def test_the_first_command_does_all_of_its_own_set_up_in_a_clean_clone(tmp_path: Path) -> None:
    clone = tmp_path / "sitegen"
    files = (
        subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        .stdout.decode()
        .split("\0")
    )
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, clone / name)
    line = commands()[0]
    assert line.endswith("sitegen serve --open")
    program = subprocess.Popen(
        ["sh", "-c", line.replace("--open", "--port 0")],
        cwd=clone,
        text=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        start_new_session=True,
    )
    assert program.stdout is not None
    try:
        shown = next((found[0] for text in program.stdout if (found := re.search(r"http://\S+/", text))), "")
        with urllib.request.urlopen(shown, timeout=30) as response:
            assert b"The Sample Archive" in response.read()
    finally:
        os.killpg(program.pid, 15)
        program.wait(60)
        program.stdout.close()


def test_both_commands_at_the_top_are_one_line_each_and_bring_their_own_environment() -> None:
    look, test = (block.strip() for block in blocks("sh")[:2])
    for line in (look, test):
        assert "\n" not in line
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
    assert look.endswith(".venv/bin/sitegen serve --open")
    assert test.endswith(".venv/bin/python tests/run.py")
    windows = blocks("powershell")[0].replace("\\", "/").replace("Scripts", "bin").replace("py -m", "python3 -m")
    assert windows.splitlines() == [look, test]


def test_every_settings_example_loads(tmp_path: Path) -> None:
    examples = blocks("toml")
    assert len(examples) >= 2
    for number, example in enumerate(examples):
        if name := re.match(r"# (layouts/\S+\.toml)\n", example):
            files = {f"{number}/{name[1]}": example, f"{number}/sitegen.toml": f'layouts = ["{name[1]}"]\n'}
        else:
            files = {f"{number}/sitegen.toml": example}
        put(tmp_path, files)
        assert load_settings(tmp_path / str(number)) != load_settings(tmp_path)


def test_table_of_layouts_names_every_reader() -> None:
    assert _rows("Layouts") - {"layout"} == {f"`{reader_named(name).NAME}`" for name in READERS}


def _rows(heading: str) -> set[str]:
    """The first cells of the tables below a heading."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)) - {"key", "code", "---"}


def test_every_setting_has_its_row_and_no_other(tmp_path: Path) -> None:
    # The module that reads settings shows each key in the example of its docstring, which tests of its own load.
    assert settings_file.__doc__ is not None
    example = tomllib.loads(settings_file.__doc__.split("```toml\n", 1)[1].split("```", 1)[0])
    wanted = {f"`{key}`" for key, value in example.items() if not isinstance(value, dict | list)}
    wanted |= {
        "`ignore`",
        "`boilerplate`",
        "`[[menu]]`",
        "`[[pages]]`",
        '`[sources."NAME"]`',
        "`[tags.aliases]`",
        "`[tags.rules]`",
        *(f"`theme.{key}`" for key in example["theme"]),
    }
    assert wanted <= _rows("Settings")
    for key in (row.strip("`") for row in _rows("Settings")):
        if not key.startswith("["):
            folder, _, name = key.rpartition(".")
            header = f"[{folder}]\n" if folder else ""
            put(tmp_path, {"sitegen.toml": f"{header}{name} = {{}}\n"})
            with pytest.raises(SettingsError) as raised:
                load_settings(tmp_path)
            assert "E403" not in str(raised.value), key


def test_every_problem_code_has_its_row_and_no_other() -> None:
    used = {
        code
        for path in (ROOT / "sitegen").rglob("*.py")
        for code in re.findall(r'"([EWN]\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert _rows("When something is wrong") == used | set(problems.CODES) | set(settings_file.CODES)


def test_every_command_is_shown() -> None:
    shown = {words[1] for line in commands() if (words := shlex.split(line))[0] == "sitegen"}
    assert set(main.commands) <= shown


def test_the_raw_text_and_the_markdown_shown_are_understood_whole(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/raw.txt": blocks("text")[0],
            "articles/written.md": blocks("markdown")[0],
            "articles/mayor.jpg": b"",
        },
    )
    done = sitegen("inspect", "--json", "articles", cwd=tmp_path)
    raw, written = (json.loads(line) for line in done.stdout.splitlines())
    assert raw["layout"] == "aggregator"
    for found in (raw["articles"][0], written["articles"][0]):
        assert found["title"] == "Harbour bridge opens"
        assert found["authors"] == ["Rosa Lindqvist"]
        assert (found["source"], found["section"]) == ("The Sample Courier", "Local")
        assert found["figures"][0]["caption"] == "The mayor walks across the new bridge."
        assert found["figures"][0]["credit"] == "Sample Pictures"
    assert {problem["code"] for problem in (*raw["problems"], *written["problems"])} <= {"N301"}
    assert {drop["text"] for drop in raw["articles"][0]["dropped"]} >= {"Share", "Read Entire Article"}


def test_the_ledger_lines_shown_are_events(tmp_path: Path) -> None:
    lines = "".join(blocks("json"))
    put(
        tmp_path,
        {"articles/a.md": "---\ntitle: A\ndate: 2024-01-01\n---\nText.\n", "articles/_ledger/mine.jsonl": lines},
    )
    assert build_site(tmp_path).heard.codes == []


def test_every_file_that_is_linked_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", _FENCE.sub("", README)):
        if not target.startswith("http"):
            assert (ROOT / target).is_file(), target
    for path in re.findall(r"`((?:tests|sitegen|templates|static|articles)/[\w./-]*)`", README):
        assert (ROOT / path).exists() or path.startswith(("articles/", "static/", "templates/")), path


def test_the_picture_is_wide_and_small() -> None:
    from PIL import Image

    path = ROOT / "tests/browser/archive.png"
    with Image.open(path) as picture:
        assert picture.width == 1280
    assert path.stat().st_size < 300_000
