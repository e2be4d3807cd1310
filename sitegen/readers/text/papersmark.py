"""A line alone above the text that a paper or a service marks it with, or that names the place: `CNN —`, `LONDON —`."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.nametables import name_tables
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.phrases import Phrases
from sitegen.readers.text.roles import Labelled

_LONGEST: Final = 44
_ENDS: Final = "\u2014\u2013-)\uff09"
_WORD = r"[A-ZÀ-Þ][A-ZÀ-Þ.'\u2019-]+"
_MARK = re.compile(
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,3}}) ?(?P<dash>[\u2014\u2013])|[(\uff08](?P<inner>[A-Z]{{2,8}})[)\uff09]"
    rf"(?: ?[\u2014\u2013-]{{1,2}})?"
)


def read_mark(line: Line, phrases: Phrases) -> Labelled | None:
    """A paper's mark, which is furniture, or a place with its dash; None for anything else, a service's name among it."""
    text = line.text
    match = _MARK.fullmatch(text) if len(text) <= _LONGEST and text[-1] in _ENDS else None
    if match is None:
        return None
    name = match["name"] or match["inner"]
    if is_agency(name):
        return None
    if name.lower() in phrases.mastheads or name.lower() in name_tables().acronyms:
        return Labelled(line, "furniture", rule="header-furniture", why="the publication's mark above the text")
    if match["name"] is None:
        return None
    spans = (Span(name, "dateline"), Span(match["dash"], "marker"))
    return Labelled(line, "source line", spans, why="a place alone above the text")
