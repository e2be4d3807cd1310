"""Small whole sites give what stands in their `expected.txt`; `pytest tests/golden --update-goldens` writes it anew.

An `expected.txt` has the problems that were told, every file of the output with a digest (of a page, of its main
content as `outline` gives it), and the main content of some pages in full.
"""

from __future__ import annotations

import difflib
import hashlib
import shutil
from pathlib import Path

import pytest

from sitegen.settings_file import load_settings
from tests.golden.outline import outline
from tests.support import Built, build_site, tree

HERE = Path(__file__).parent
SITES = tuple(sorted(path.name for path in HERE.iterdir() if (path / "articles").is_dir()))
SHOWN = {
    "dump": (
        "index.html",
        "2024/03/28/keepers-leave-the-last-lighthouse-after-140-years.html",
        "2024/03/28/index.html",
    ),
    "front_matter": ("2024/01/01/fireworks-start-late.html", "tags/index.html", "undated/index.html", "imprint.html"),
    "arabic": ("index.html", "2024/11/20/index.html", "2024/11/index.html"),
    "addresses": (
        "2024/05/05/the-bridge-opens.html",
        "2024/05/06/ferry-to-go.html",
        "2024/05/07/ferryman-named.html",
        "tags/bridge/index.html",
    ),
}
"""The pages that are shown in full."""


@pytest.mark.parametrize("name", SITES)
def test_a_small_site_gives_what_was_reviewed(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = tmp_path / name
    shutil.copytree(HERE / name, site)
    built = build_site(site, load_settings(site))
    found = _report(built, tree(site / "public"), SHOWN[name])
    expected = HERE / name / "expected.txt"
    if request.config.getoption("--update-goldens"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    wanted = expected.read_text(encoding="utf-8") if expected.exists() else ""
    difference = difflib.unified_diff(
        wanted.splitlines(), found.splitlines(), "expected.txt", "found", lineterm="", n=1
    )
    assert found == wanted, "\n".join(difference)


def _report(built: Built, output: dict[str, bytes], shown: tuple[str, ...]) -> str:
    lines = ["problems", *sorted(f"  {problem}" for problem in built.heard.problems), "", "files"]
    ours = {path: data for path, data in output.items() if not path.startswith(".sitegen/")}
    lines += [f"  {path}  {_digest(path, data)}" for path, data in sorted(ours.items())]
    for path in shown:
        lines += ["", f"/{path}", *(f"  {line}" for line in outline(ours[path].decode()))]
    return "\n".join(lines) + "\n"


def _digest(path: str, data: bytes) -> str:
    # What all pages share is the theme's, which changes more often than what a page has to say; other files of the
    # theme are not this site's, and compressed data, whose digests one page tells, differs with the version of zlib.
    if path == "data/index.html" or path.endswith((".gz", ".css", ".js")):
        return "(not compared)"
    if path.endswith(".html"):
        data = "\n".join(outline(data.decode())).encode()
    return hashlib.sha256(data).hexdigest()[:12]
