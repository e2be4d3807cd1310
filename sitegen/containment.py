"""Which files of a site may be read: ordinary ones that lie inside it, whatever links lead to them."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def refusal(site: Path, path: Path) -> str:
    """In a sentence, why the file at `path` is not read; empty where it may be. Raises `OSError` where there is none."""
    if path.is_symlink():
        # `Path.resolve` raises no OSError for links in a circle on some versions of Python.
        target = Path(os.path.realpath(path))
        if not any(target.is_relative_to(os.path.realpath(root)) for root in (site, site / "articles")):
            return "the link leads out of the site's folder; copy the file here instead"
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return "the link leads to a folder; move the folder itself here instead"
    # A named pipe would keep the build waiting for ever.
    return "" if stat.S_ISREG(mode) else "this is a pipe, a socket or a device, and no file; remove it"
