"""Blocks of plain text as Markdown that means the same: nothing in a wire story becomes markup by accident."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final, assert_never

from sitegen.records import (
    Block,
    FigureBlock,
    ListBlock,
    MarkdownBlock,
    Paragraph,
    Preformatted,
    Quote,
    Subhead,
)

FIGURE_MARK: Final = "#figure-"
"""`![](#figure-2)` stands where the second figure of the front matter stood."""

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]]")
_REFERENCE: Final = re.compile(r"&(?=#?\w+;)")
# What would make a list, a heading, a quotation, a fence or a definition of a line.
_OPENING: Final = re.compile(r"^(?:[#>+-]|\d+(?=[.)]))", re.MULTILINE)
# At the end of a heading they would be taken for its closing mark.
_HASH: Final = re.compile(r"(?<!\\)#")
_UNESCAPABLE: Final = re.compile(r"^[=~:|]", re.MULTILINE)


def markdown_of(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown, a blank line between them."""
    parts: list[str] = []
    above: Block | None = None
    for block in blocks:
        if isinstance(block, ListBlock | Quote) and type(block) is type(above):
            # Two lists, or two quotations, without anything between them would be one.
            parts.append("<!-- -->")
        parts.append(_markdown(block))
        above = block
    return "\n\n".join(parts)


def _markdown(block: Block) -> str:  # noqa: PLR0911 (one return for each kind)
    if isinstance(block, Paragraph):
        return escaped(block.text)
    if isinstance(block, Subhead):
        return "## " + _HASH.sub(r"\#", escaped(block.text))
    if isinstance(block, ListBlock):
        marks = (f"{number}. " if block.ordered else "- " for number in range(1, len(block.items) + 1))
        return "\n".join(mark + escaped(item) for mark, item in zip(marks, block.items, strict=True))
    if isinstance(block, Quote):
        return "\n".join(f"> {line}" for line in escaped(block.text).split("\n"))
    if isinstance(block, FigureBlock):
        return f"![]({FIGURE_MARK}{block.figure + 1})"
    if isinstance(block, Preformatted):
        return f"<pre>\n{html.escape(block.text, quote=False)}</pre>"
    if isinstance(block, MarkdownBlock):
        return block.text
    assert_never(block)


def escaped(text: str) -> str:
    """`text` as Markdown in which nothing is markup."""
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(r"\\\g<0>", text)
    if "&" in text:
        text = _REFERENCE.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    text = _UNESCAPABLE.sub(lambda found: f"&#{ord(found[0])};", text)
    return _OPENING.sub(_escaped_opening, text)


def _escaped_opening(found: re.Match[str]) -> str:
    if not found[0].isdigit():
        return f"\\{found[0]}"
    # The full stop of `1.` makes the list; a parenthesis makes none.
    return f"{found[0]}\\" if found.string[found.end()] == "." else found[0]
