"""The versions of sitegen and of the libraries that decide a page's bytes.

`importlib.metadata` reads each library's metadata with a mail parser, which takes longer than a build with nothing to do.
The name of the folder that an installer leaves says the same.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

LIBRARIES = ("sitegen", "jinja2", "markdown", "nh3", "msgspec", "markupsafe", "babel", "pyyaml", "python_frontmatter", "pillow")
_INSTALLED = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)(?:-.*)?\.(?:dist|egg)-info\Z")


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Name and version of each; `?` for one that no installer put there."""
    found = dict.fromkeys(LIBRARIES, "?")
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith("-info") and (match := _INSTALLED.match(name)):
                key = match["name"].lower().replace(".", "_").replace("-", "_")
                if found.get(key) == "?":
                    found[key] = match["version"]
    return tuple(found.items())
