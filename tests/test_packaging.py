"""What is installed works: the wheel from a folder outside the repository, and an editable install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_OWN = ("sitegen", "templates", "static", "pyproject.toml", "README.md", "LICENSE")
_BIN = "Scripts" if os.name == "nt" else "bin"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packaged, so that a build leaves nothing in the checkout."""
    folder = tmp_path_factory.mktemp("sources")
    for name in _OWN:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation nothing is fetched: the build backend is among the development requirements.
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=sources)
    return next(folder.glob("*.whl"))


def _run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        check=False,
        text=True,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _new_environment(folder: Path) -> Path:
    """A virtual environment that has the libraries of this one and nothing else; its Python."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / _BIN / ("python.exe" if os.name == "nt" else "python")
    packages = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    # What is named in a .pth file comes after the environment's own packages, so that our sitegen is the one installed.
    ours = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "libraries.pth").write_text("\n".join(ours) + "\n", encoding="utf-8")
    return python


@pytest.fixture
def python(tmp_path: Path) -> Path:
    return _new_environment(tmp_path / "environment")


def _install(python: Path, *what: str | Path) -> None:
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--ignore-installed",
        *what,
        cwd=python.parent,
    )


def _try_out(python: Path, folder: Path) -> Path:
    """Make a site and build it by the installed command; where the program was found."""
    command = python.parent / ("sitegen.exe" if os.name == "nt" else "sitegen")
    assert re.fullmatch(r"sitegen \d+\.\d+\.\d+\S*\n", _run(command, "--version", cwd=folder))
    _run(command, "init", "archive", cwd=folder)
    assert "3 articles" in _run(command, "build", "archive", "--strict", cwd=folder)
    for name in ("index.html", "style.css", "site.js", "favicon.svg", "404.html", "tags/index.html"):
        assert (folder / "archive/public" / name).is_file(), name
    _run(python, "-m", "sitegen", "inspect", "--json", "archive", cwd=folder)
    place = _run(python, "-c", "import sitegen; print(sitegen.__file__)", cwd=folder)
    return Path(place.strip())


def test_the_wheel_holds_the_program_its_data_and_the_theme(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in (
        ("templates", "sitegen/theme/templates"),
        ("static", "sitegen/theme/static"),
        ("sitegen", "sitegen"),
    ):
        wanted = {
            f"{place}/{path.relative_to(ROOT / folder).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert wanted <= held, wanted - held
    assert not [name for name in held if name.startswith(("tests/", "articles/")) or "__pycache__" in name]


def test_the_wheel_works_from_a_folder_outside_the_repository(wheel: Path, python: Path, tmp_path: Path) -> None:
    _install(python, wheel)
    assert _try_out(python, tmp_path).is_relative_to(python.parent.parent)


def test_an_editable_install_works(sources: Path, python: Path, tmp_path: Path) -> None:
    _install(python, "--editable", sources)
    assert _try_out(python, tmp_path).is_relative_to(sources)


def _newer_pythons() -> list[str]:
    """Interpreters on this machine that are newer than the one that runs the tests."""
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    folders += sorted((Path.home() / ".pyenv" / "versions").glob(f"*/{_BIN}"))
    found: dict[int, str] = {}
    for minor in range(sys.version_info.minor + 1, sys.version_info.minor + 10):
        for folder in folders:
            path = folder / f"python3.{minor}"
            if path.exists() and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
                found.setdefault(minor, str(path))
    return list(found.values())


@pytest.mark.slow
@pytest.mark.network
def test_the_wheel_works_on_every_newer_python_of_this_machine(wheel: Path, tmp_path: Path) -> None:
    newer = _newer_pythons()
    if not newer:
        pytest.skip("this machine has no Python newer than the one that runs the tests")
    for number, interpreter in enumerate(newer):
        folder = tmp_path / str(number)
        folder.mkdir()
        _run(interpreter, "-m", "venv", folder / "environment", cwd=folder)
        python = folder / "environment" / _BIN / "python"
        _run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
        _try_out(python, folder)
