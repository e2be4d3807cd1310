"""What the making of pages keeps in memory does not grow with the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen import assembly
from sitegen.assembly import Assembly
from tests.support import build_site, clean_build, markdown, put, tree


def test_pages_that_are_made_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piles: list[int] = []
    settle = Assembly._settle

    def watched(self: Assembly) -> None:
        piles.append(len(self._done))
        settle(self)

    monkeypatch.setattr(assembly, "CHUNK", 5)
    monkeypatch.setattr(assembly, "MOST_DONE", 10)
    monkeypatch.setattr(Assembly, "_settle", watched)
    put(tmp_path / "site", {f"articles/{n}.md": markdown(f"Story {n}", date=f"2024-01-{1 + n % 28:02}") for n in range(100)})
    build_site(tmp_path / "site")
    assert len(piles) > 10
    assert max(piles) <= 15
    assert tree(tmp_path / "site/public") == clean_build(tmp_path / "site", tmp_path / "again")
