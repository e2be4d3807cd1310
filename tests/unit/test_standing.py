"""Problems between sources are told in every build, and no longer than they last."""

from __future__ import annotations

from pathlib import Path

from tests.support import build_site, markdown, put

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>'


def codes(site: Path) -> list[str]:
    """What two builds tell, of which the second has nothing to do."""
    first, second = ([problem.code for problem in build_site(site).heard.problems] for _ in range(2))
    assert first == second
    return first


def test_a_missing_picture_is_told_from_when_it_goes_to_when_it_comes_back(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("A", "![x](p.svg)\n\nText of it.", date="2024-01-01"), "p.svg": DRAWING})
    assert codes(tmp_path) == []
    (tmp_path / "articles" / "p.svg").unlink()
    assert codes(tmp_path) == ["W523"]
    put(tmp_path / "articles", {"p.svg": DRAWING})
    assert codes(tmp_path) == []


def test_a_shared_address_is_told_as_long_as_it_is_shared(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("A", "One text.", date="2024-01-01")})
    assert codes(tmp_path) == []
    put(tmp_path / "articles", {"b.md": markdown("A", "Another text.", date="2024-01-01")})
    assert codes(tmp_path) == ["W524", "W524"]
    (tmp_path / "articles" / "b.md").unlink()
    assert codes(tmp_path) == []
