"""The theme's folders, and what rendering needs to be told; none of it needs Jinja."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct

from sitegen.contexts import Site


class RenderSettings(Struct, frozen=True, array_like=True, kw_only=True):
    """All that rendering needs beside the pages themselves."""

    site: Site
    templates: tuple[str, ...]
    """Folders, the first wins; absolute."""
    cache: str
    """Where compiled templates are kept; empty for nowhere."""
    stamp: bytes = b""
    """`template_stamp` of the folders: a renderer is remembered by its settings, and templates may change in a long run."""


def theme_folder(name: str) -> Path:
    """The default theme's `templates` or `static`: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "theme" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


def template_stamp(folders: tuple[str, ...]) -> bytes:
    """Names, sizes and times of all templates, in one digest."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")) if Path(folder).is_dir() else ():
            if path.is_file():
                status = path.stat()
                digest.update(f"{path.relative_to(folder)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "replace"))
    return digest.digest()
