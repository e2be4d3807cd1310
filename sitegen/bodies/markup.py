"""How sanitised HTML is read: its tags, their attributes, and its plain text.

The sanitiser gives well-formed HTML in which `<` in a text is always written `&lt;` and attribute values are always in
double quotes, so that regular expressions find exactly the tags.
"""

from __future__ import annotations

import html
import re
from typing import Final

TAG: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z:-]+="[^"]*")*)>')
_ATTRIBUTE: Final = re.compile(r' ([a-z:-]+)="([^"]*)"')
_BLOCKS: Final = (
    "p|h[1-6]|blockquote|ul|ol|li|dl|dt|dd|div|pre|table|caption|thead|tbody|tfoot|tr|th|td|details|summary|hr"
    "|figure|figcaption"
)
_BLOCK_TAG: Final = re.compile(rf'</?(?:{_BLOCKS})(?: [a-z:-]+="[^"]*")*>|<br>|\x03\d+\x03')
_STRUCTURE: Final = frozenset(("<ul>", "</ul>", "<ol>", "</ol>", "<blockquote>", "</blockquote>", "<hr>"))
_HEADING_LINE: Final = re.compile(r"<h([1-6])>[^\n]*</h\1>\Z")
_NOT_PROSE: Final = re.compile(
    r'<(h[1-6]|pre)(?: [^>]*)?>.*?</\1>|<sup id="fnref[^>]*>.*?</sup>'
    r'|<a (?:[^>]* )?class="footnote-backref"[^>]*>.*?</a>',
    re.DOTALL,
)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag, from the third group of `TAG`, with their references resolved."""
    return {name: html.unescape(value) if "&" in value else value for name, value in _ATTRIBUTE.findall(text)}


def write_tag(name: str, values: dict[str, str]) -> str:
    """A start tag."""
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in values.items())
    return f"<{name}{written}>"


def text_of(markup: str) -> str:
    """The plain text of `markup`, its white space collapsed."""
    text = TAG.sub("", markup) if "<" in markup else markup
    if "&" in text:
        text = html.unescape(text)
    # Most text is in order, and splitting and joining it costs ten times as much as looking.
    return " ".join(text.split()) if "\n" in text or "  " in text or "\xa0" in text else text.strip()


def paragraphs_of(markup: str) -> tuple[str, ...]:
    """The plain text of each paragraph, list item, quotation and cell; without subheads, code and the signs of
    footnotes.
    """
    texts = _line_by_line(markup)
    if texts is None:
        texts = [text_of(piece) for piece in _BLOCK_TAG.split(_NOT_PROSE.sub("\n", markup)) if piece and piece != "\n"]
    return tuple(filter(None, texts))


def _line_by_line(markup: str) -> list[str] | None:
    """The texts, if each paragraph and item is a line of its own, as in most articles; else None."""
    if "<br>" in markup or 'class="footnote' in markup:
        return None
    texts: list[str] = []
    for line in markup.split("\n"):
        if line[:3] == "<p>" and line.find("</p>") == len(line) - 4:
            texts.append(text_of(line[3:-4]))
        elif line[:4] == "<li>" and line.find("</li>") == len(line) - 5:
            texts.append(text_of(line[4:-5]))
        elif line and line[0] != "\x03" and line not in _STRUCTURE and not _HEADING_LINE.match(line):
            return None
    return texts
