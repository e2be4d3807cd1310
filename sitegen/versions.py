"""The versions of sitegen, of Python and of the libraries that decide what a source is read as, and a page's bytes.

`importlib.metadata` reads each library's metadata with a mail parser, which takes longer than a build with nothing to do.
The name of the folder that an installer leaves says the same.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

LIBRARIES = (
    "sitegen", "jinja2", "markdown", "nh3", "msgspec", "markupsafe", "babel", "pyyaml", "python_frontmatter", "pillow",
    "dateparser", "ftfy", "tzdata",
)  # fmt: skip
"""What sitegen imports to read, convert and render; of what these import in their turn, only the zones' own data."""
INDEXER = "pagefind_bin_extended"
"""What makes the search index; no page depends on it."""
_INSTALLED = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[^-]+)(?:-.*)?\.(?:dist|egg)-info\Z")


def versions() -> tuple[tuple[str, str], ...]:
    """Name and version of each; `?` for one that no installer put there.

    Python is among them without its patch level: its tables of characters tell a letter from a space.
    """
    return (("python", f"{sys.version_info.major}.{sys.version_info.minor}"), *((name, _found()[name]) for name in LIBRARIES))


def indexer_version() -> str:
    """The version of what makes the search index; `?` where it is not installed."""
    return _found()[INDEXER]


@cache
def _found() -> dict[str, str]:
    found = dict.fromkeys((*LIBRARIES, INDEXER), "?")
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
    return found
