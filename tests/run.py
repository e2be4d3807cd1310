"""Runs everything that must hold: style, types, layers, tests. `python tests/run.py [arguments for pytest]`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Run all checks, the tests last; the first that fails ends the run."""
    beside = Path(sys.executable).parent
    lint_imports = shutil.which("lint-imports", path=str(beside)) or "lint-imports"
    checks = (
        [sys.executable, "-m", "ruff", "check", "sitegen", "tests"],
        [sys.executable, "-m", "mypy"],
        [lint_imports],
        [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[1:]],
    )
    for check in checks:
        print("$", *(Path(check[0]).name, *check[1:]), flush=True)
        status = subprocess.run(check, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
