"""The layers hold: imports point down only, and each library has one home."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).parents[1]
HOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "click": ("cli", "cli_data", "cli_sources", "console", "serving"),
        "rich": ("console",),
        "jinja2": ("renderer",),
        "markdown": ("bodies",),
        "nh3": ("bodies",),
        "sqlite3": ("catalog", "export_sqlite"),
        "starlette": ("server",),
        "uvicorn": ("server",),
        "watchfiles": ("server",),
        "dateparser": ("readers",),
        "frontmatter": ("readers",),
        "yaml": ("readers",),
    }
)
"""Where a library may be imported; a second home would be a second way of doing the same. (The database that an export
writes is another than the catalog.)"""


def test_imports_point_down_only() -> None:
    beside = str(Path(sys.executable).parent)
    lint_imports = shutil.which("lint-imports", path=beside) or shutil.which("lint-imports")
    assert lint_imports, "import-linter is one of the development requirements"
    done = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = {
        path.relative_to(ROOT / "sitegen").parts[0].removesuffix(".py")
        for path in (ROOT / "sitegen").rglob("*.py")
        if library in _imported(path)
    }
    assert users <= set(HOMES[library])


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
