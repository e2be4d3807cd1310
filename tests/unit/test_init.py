"""What a new site and a new article begin with."""

from __future__ import annotations

import json
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config import Folders, ReadingSettings, Settings
from sitegen.settings_file import load_settings
from sitegen.starter import StarterError, create_article, create_site

NOW = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    create_site(tmp_path / "site")
    return tmp_path / "site"


def test_a_new_site_has_settings_that_load_and_builds_without_a_problem(site: Path) -> None:
    settings = load_settings(site)
    assert settings.title == "My news archive"
    result = CliRunner().invoke(main, ["build", str(site)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "error" not in result.output
    assert "warning" not in result.output
    assert (site / "public/index.html").is_file()


def test_a_new_site_has_one_example_of_each_kind(site: Path) -> None:
    result = CliRunner().invoke(main, ["inspect", "--json", str(site)], catch_exceptions=False)
    raw, written, short = (json.loads(line) for line in result.stdout.splitlines())
    assert (raw["layout"], written["layout"], short["layout"]) == ("aggregator", "markdown", "markdown")
    assert raw["articles"][0]["figures"][0]["credit"]
    assert raw["articles"][0]["dropped"]
    assert written["articles"][0]["published"].startswith("2019-04-10T13:07")
    assert short["articles"][0]["published"] == "2021-03-29"
    (figure,) = short["articles"][0]["figures"]
    assert (site / "articles" / figure["file"]).is_file()
    assert figure["caption"]
    assert figure["credit"] == "Sample Pictures"


def test_every_setting_that_is_commented_out_is_right(site: Path) -> None:
    lines = (site / "sitegen.toml").read_text(encoding="utf-8").splitlines()
    commented = [
        line.removeprefix("# ") for line in lines if line.startswith(("# ", "#")) and ("= " in line or "[[" in line)
    ]
    settings = "\n".join(line for line in commented if line.startswith("[[") or line.split(" = ")[0].isidentifier())
    (site / "pages").mkdir()
    (site / "pages/imprint.md").write_text("# Imprint\n")
    (site / "sitegen.toml").write_text(settings, encoding="utf-8")
    assert tomllib.loads(settings)["base_url"]
    assert load_settings(site).menu


def test_a_new_site_keeps_its_output_out_of_git(site: Path) -> None:
    assert (site / ".gitignore").read_text().splitlines()[-2:] == ["/public/", "/.sitegen/"]


def test_an_empty_folder_and_one_with_git_in_it_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "a/.git").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    for name in ("a", "b", "c/d"):
        create_site(tmp_path / name)
        assert (tmp_path / name / "sitegen.toml").is_file()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert result.exit_code == 2
    assert "notes.txt" in result.stderr
    assert os.listdir(tmp_path) == ["notes.txt"]
    with pytest.raises(StarterError, match="is a file"):
        create_site(tmp_path / "notes.txt")


def test_init_tells_what_to_do_next(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "my archive")], catch_exceptions=False)
    assert result.exit_code == 0
    assert f'sitegen serve "{tmp_path / "my archive"}"' in result.output


def test_a_new_article_is_dated_in_the_sites_zone(site: Path) -> None:
    settings = Settings(reading=ReadingSettings(time_zone="Asia/Tokyo"))
    path = create_article(Folders(site=site), "  Fireworks over   the bay ", settings, now=NOW)
    assert path == site / "articles/2025/fireworks-over-the-bay.md"
    text = path.read_text(encoding="utf-8")
    assert 'title: "Fireworks over the bay"\n' in text
    assert "date: 2025-01-01T08:30:00+09:00\n" in text


@pytest.mark.parametrize(
    "headline", ['Mayor: "never again"', "a \\ b", "# not a comment", "新聞", "- - -", "CON", "x" * 400, "{%"]
)
def test_any_headline_comes_back_as_it_was_given(site: Path, headline: str) -> None:
    path = create_article(Folders(site=site), headline, Settings(), now=NOW)
    result = CliRunner().invoke(main, ["inspect", "--json", str(path)], catch_exceptions=False)
    assert json.loads(result.stdout)["articles"][0]["title"] == headline
    assert json.loads(result.stdout)["problems"] == []


def test_an_article_is_never_overwritten(site: Path) -> None:
    path = create_article(Folders(site=site), "Twice", Settings(), now=NOW)
    path.write_text("mine")
    with pytest.raises(StarterError, match="another headline"):
        create_article(Folders(site=site), "Twice", Settings(), now=NOW)
    assert path.read_text() == "mine"


def test_an_empty_headline_is_refused(site: Path) -> None:
    result = CliRunner().invoke(main, ["new", "  ", "--site", str(site)])
    assert result.exit_code == 2
    assert "headline is empty" in result.stderr
