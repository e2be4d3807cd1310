"""A library whose next version may read or render otherwise is one whose version a build remembers."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import sitegen
from sitegen.versions import INDEXER, LIBRARIES, versions

PACKAGE: Final = Path(sitegen.__file__).parent
# What talks to people, serves pages or finds folders, and the modules that may import it: no page depends on it.
ELSEWHERE: Final = {
    "click": {"cli.py", "cli_data.py", "cli_sources.py", "console.py", "serving.py"},
    "rich": {"console.py"},
    "starlette": {"server/app.py", "server/running.py"},
    "uvicorn": {"server/running.py"},
    "watchfiles": {"server/watching.py"},
    "platformdirs": {"cli.py"},
}


def imports() -> Iterator[tuple[str, str]]:
    """Each library's name, and the path of a module that imports it, wherever in it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"sitegen"}:
                yield name, path.relative_to(PACKAGE).as_posix()


def test_every_library_that_a_page_may_depend_on_is_remembered() -> None:
    distributions = packages_distributions()
    missing = []
    for name, module in imports():
        if module in ELSEWHERE.get(name, ()):
            continue
        known = {each.lower().replace("-", "_").replace(".", "_") for each in distributions[name]}
        if known.isdisjoint((*LIBRARIES, INDEXER)):
            missing.append((name, module))
    assert missing == []


def test_each_of_them_and_python_is_found_here() -> None:
    found = dict(versions())
    assert "?" not in found.values()
    assert found["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
