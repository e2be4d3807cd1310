"""Chunks of sources are read whole, and their files called for together where the disk would be waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen import intake
from tests.support import build_site, markdown, put


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system cannot be told which files will be read")
@pytest.mark.parametrize(("at_once", "calls"), [(-1.0, 4), (1_000.0, 0)])
def test_the_rest_of_a_chunk_is_called_for_if_its_first_file_was_not_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: float, calls: int
) -> None:
    called: list[int] = []
    monkeypatch.setattr(intake, "_AT_ONCE", at_once)
    monkeypatch.setattr(os, "posix_fadvise", lambda handle, *_: called.append(handle))
    put(tmp_path, {f"articles/{n}.md": markdown(f"Story {n}") for n in range(5)})
    (tmp_path / "articles/9.md").symlink_to("0.md")
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    build_site(tmp_path)
    assert len(called) == calls
    assert len(list((tmp_path / "public/undated").rglob("story-*.html"))) == 5
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
