"""What a new site begins with, and what a new article begins with."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sitegen.config import Folders, Settings
from sitegen.errors import SitegenError
from sitegen.urls import slugify

_IGNORED_BY_GIT: Final = "# What sitegen makes from the rest.\n/public/\n/.sitegen/\n"
_NAMES_SHOWN: Final = 3
_ALLOWED: Final = frozenset((".git", ".DS_Store"))


class StarterError(SitegenError):
    """Nothing was written, since something is in the way; the message tells what."""


def create_site(folder: Path) -> tuple[Path, ...]:
    """Write a new site into `folder`, which may exist but must be empty; the files written, relative to it."""
    _refuse_if_used(folder)
    written = []
    with as_file(files(__name__) / "site") as site:
        for path in sorted(_files_in(site)):
            relative = path.relative_to(site)
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            written.append(relative)
    (folder / ".gitignore").write_text(_IGNORED_BY_GIT, encoding="utf-8", newline="\n")
    return (Path(".gitignore"), *written)


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _refuse_if_used(folder: Path) -> None:
    if folder.is_dir():
        names = sorted(set(os.listdir(folder)) - _ALLOWED)
        if names:
            more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
            hint = "it is a site already, so build it" if "articles" in names else "name a folder that is not there yet"
            held = ", ".join(names[:_NAMES_SHOWN]) + more
            raise StarterError(f"{folder} is not empty (it holds {held}), and nothing was written; {hint}")
    elif os.path.lexists(folder):
        raise StarterError(f"{folder} is a file, and nothing was written; name a new folder")


def create_article(folders: Folders, headline: str, settings: Settings, *, now: datetime) -> Path:
    """Write a Markdown file for an article with that headline, dated `now` in the site's time zone; its path."""
    title = " ".join(headline.split())
    if not title:
        raise StarterError('the headline is empty; write it in quotes: sitegen new "Harbour bridge opens"')
    local = now.astimezone(ZoneInfo(settings.time_zone))
    path = folders.articles / f"{local.year:04}" / f"{slugify(title)}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    # JSON's strings are YAML's, and quote whatever a headline may hold.
    text = (
        "---\n"
        f"title: {json.dumps(title, ensure_ascii=False)}\n"
        f"date: {local.isoformat(timespec='seconds')}\n"
        "# summary: One or two sentences below the headline.\n"
        "# author: Name of the author\n"
        "# source: Name of the publication\n"
        "# section: World\n"
        "tags: []\n"
        "---\n\n"
        "Write the article here.\n"
    )
    try:
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise StarterError(f"{path} is there already, and was left as it is; choose another headline") from None
    return path
