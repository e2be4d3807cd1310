"""An article's HTML as it can be shown away from its page: pictures in place, every address absolute."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sitegen.records import Figure

Find = Callable[[str], str]
"""Gives the address of a local file of the archive; empty where the output does not have it."""

_FIGURE: Final = re.compile("\x03(\\d+)\x03")
_LOCAL: Final = re.compile(' (href|src)="\x02([^\x02]*)\x02"')
_ANCHOR: Final = re.compile(' href="#')


def stand_alone(body: str, figures: Sequence[Figure], *, page: str, find: Find) -> str:
    """An article's HTML as it can be shown elsewhere; `page` is its own address, `find` gives a local file's."""
    if "\x02" in body:
        body = _LOCAL.sub(lambda match: _link(match, find), body)
    if "\x03" in body:
        body = _FIGURE.sub(lambda match: figure(figures[int(match[1])], find), body)
    return _ANCHOR.sub(f' href="{html.escape(page)}#', body) if 'href="#' in body else body


def _link(match: re.Match[str], find: Find) -> str:
    address = find(html.unescape(match[2]))
    return f' {match[1]}="{html.escape(address)}"' if address else ""


def figure(shown: Figure, find: Find) -> str:
    """A figure as HTML; one whose picture is not part of the archive is its caption."""
    address = find(shown.file) if shown.file else ""
    image = f'<img src="{html.escape(address)}" alt="{html.escape(shown.alt)}">' if address else ""
    words = " ".join(filter(None, (shown.caption, shown.credit)))
    caption = f"<figcaption>{html.escape(words, quote=False)}</figcaption>" if words else ""
    return f"<figure>{image}{caption}</figure>" if image or caption else ""


def finder(files: Mapping[str, str], absolute: Callable[[str], str]) -> Find:
    """What gives the address of a local file; empty where the output does not have it."""
    return lambda path: absolute(files[path]) if files.get(path) else ""
