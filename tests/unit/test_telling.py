"""Problems are counted without being decoded, and as many are told as are wanted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sitegen.builder import build
from sitegen.catalog import problems
from sitegen.config import Folders, Settings
from sitegen.entries import decode_problems
from sitegen.records import Problem
from sitegen.report import Summary
from tests.support import NOW, Collector, build_site, markdown, put

SETTINGS = Settings(search=False)


def tell(site: Path, most: int | None) -> tuple[Collector, Summary]:
    """What a build tells that wants so many problems of each code."""
    heard = Collector(most=most)
    return heard, build(Folders(site=site), SETTINGS, jobs=1, reporter=heard, now=NOW)


def troubled(site: Path) -> None:
    """Twelve sources without a date, two of them without a headline, in folders whose paths sort unlike their names."""
    undated = {f"{folder}/{n}.md": markdown(f"Story {n} {folder}") for folder in ("a", "a-b") for n in range(5)}
    bare = {f"z/{n}.md": f"---\nlang: en\n---\n\nWords of {n} and no headline.\n" for n in range(2)}
    missing = {"m.md": markdown("Shown", "![x](gone.png)\n\nText.", date="2024-01-01")}
    put(site / "articles", {**undated, **bare, **missing, "broken.md": b"\x89PNG\r\n\x1a\n\x00\x00\x00"})


def test_counts_are_the_same_however_many_are_told(tmp_path: Path) -> None:
    troubled(tmp_path)
    whole, counted = tell(tmp_path, None)
    codes = Counter(problem.code for problem in whole.problems)
    assert codes["W201"] == 12
    assert (counted.errors, counted.warnings) == (1, codes.total() - 1 - codes["N302"])
    for most in (1, 3, 100):
        heard, summary = tell(tmp_path, most)
        assert (summary.errors, summary.warnings, summary.notes) == (counted.errors, counted.warnings, counted.notes)
        told = Counter(problem.code for problem in heard.problems)
        assert told == {code: min(count, most) for code, count in codes.items()}
        assert heard.left == {code: count - most for code, count in codes.items() if count > most}
        assert set(heard.problems) <= set(whole.problems)


def test_the_first_by_place_are_told(tmp_path: Path) -> None:
    troubled(tmp_path)
    heard, _ = tell(tmp_path, 2)
    assert [each.file for each in heard.problems if each.code == "W201"] == ["articles/a/0.md", "articles/a/1.md"]


def test_a_mended_source_is_counted_no_more(tmp_path: Path) -> None:
    troubled(tmp_path)
    before = tell(tmp_path, 1)[1].warnings
    put(tmp_path / "articles", {"a/0.md": markdown("Story 0 a", date="2024-01-01")})
    (tmp_path / "articles" / "a" / "1.md").unlink()
    assert tell(tmp_path, 1)[1].warnings == before - 2


def test_build_with_nothing_to_do_decodes_only_what_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    troubled(tmp_path)
    tell(tmp_path, None)
    decoded = []

    def counting(encoded: bytes) -> tuple[Problem, ...]:
        decoded.append(encoded)
        return decode_problems(encoded)

    monkeypatch.setattr(problems, "decode_problems", counting)
    tell(tmp_path, 2)
    assert len(decoded) <= 2 * 3


def test_sources_that_keep_their_last_reading_are_told_up_to_a_number(tmp_path: Path) -> None:
    put(tmp_path / "articles", {f"{n}.md": markdown(f"Story {n}", date="2024-01-01") for n in range(5)})
    build_site(tmp_path)
    put(tmp_path / "articles", {f"{n}.md": b"\x89PNG\r\n\x1a\n\x00\x00\x00" for n in range(5)})
    heard, _ = tell(tmp_path, 2)
    kept = [message for message in heard.messages if "last read" in message]
    assert len(kept) == 3
    assert kept[2].startswith("3 more sources")
