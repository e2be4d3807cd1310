"""Markdown whose links and pictures lead to the same files from wherever it is read."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from sitegen.addresses import resolve

_TARGET: Final = re.compile(
    r"""(?P<before>\]\(\s*<|^\ {0,3}\[[^\]\n]+\]:\s*<)(?P<angled>[^>\n]+)"""
    r"""|(?P<opening>\]\(\s*|^\ {0,3}\[[^\]\n]+\]:\s*|\b(?:src|href)=["'])(?P<bare>[^\s<>)"']+)""",
    re.MULTILINE,
)


def rooted(text: str, files: Collection[str], *, file: str) -> str:
    """The Markdown `text` of the source `file` with each path that leads to one of `files` counted from `articles/`."""

    def replaced(match: re.Match[str]) -> str:
        written = match["angled"] or match["bare"]
        address = resolve(written, file=file)
        if address.kind != "file" or address.value not in files:
            return match[0]
        return f"{match['before'] or match['opening']}/{quote(address.value)}"

    return _TARGET.sub(replaced, text) if files else text
