"""No pattern needs what the first releases of a supported Python get wrong."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import sitegen

# Possessive and atomic groups match too little before Python 3.11.5 (https://github.com/python/cpython/issues/106052).
# A possessive repetition of one character or one set of characters is right in all.
_POSSESSIVE_GROUP = re.compile(r"(?<![\\(])\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


def test_no_pattern_has_a_possessive_group() -> None:
    package = Path(sitegen.__file__).parent
    found = [
        f"{path.relative_to(package)}:{node.lineno}"
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _POSSESSIVE_GROUP.search(node.value)
    ]
    assert not found


def test_the_test_knows_a_possessive_group() -> None:
    assert _POSSESSIVE_GROUP.search(r"[^a]++(?:\n[^a]++)*+\Z")
    assert _POSSESSIVE_GROUP.search(r"(?>ab)c")
    assert not _POSSESSIVE_GROUP.search(r"[A-Z]++(?:-[a-z]*+)*\)+\Z")
