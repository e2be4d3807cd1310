"""The one gate through which HTML of articles passes: an allow-list of what news needs, and nothing else.

What comes out is well-formed, has no script, style, form or frame, no class but those of footnotes, and no control
character, so that the markers which are put in afterwards (U+0002 and U+0003) cannot be forged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import nh3

_TAGS: Final = frozenset(
    (
        "p", "br", "hr", "wbr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "dl", "dt", "dd",
        "div", "pre", "code", "figure", "figcaption", "img", "a", "table", "caption", "thead", "tbody", "tfoot", "tr",
        "th", "td", "details", "summary", "em", "strong", "i", "b", "u", "s", "del", "ins", "sub", "sup", "small",
        "abbr", "cite", "q", "kbd", "samp", "var", "mark", "dfn", "bdi", "bdo", "ruby", "rt", "rp", "span",
    )
)  # fmt: skip
_ATTRIBUTES: Final = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "dfn": {"title"},
    "img": {"src", "alt", "title"},
    "li": {"id", "value"},
    "ol": {"start", "reversed"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_ALIGNMENTS: Final = {"align": {"left", "center", "right"}}
_CLASSES: Final = {"a": {"footnote-ref", "footnote-backref"}, "div": {"footnote"}}
_WITH_THEIR_CONTENT: Final = frozenset(
    (
        "script", "style", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes", "template",
        "textarea", "select", "title", "svg", "math", "button", "video", "audio", "canvas",
    )
)  # fmt: skip

_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_WITH_THEIR_CONTENT),
    attributes=_ATTRIBUTES,
    tag_attribute_values={"td": _ALIGNMENTS, "th": _ALIGNMENTS},
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)

# HTML forbids the control characters and noncharacters, and a lone surrogate cannot be written at all.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CONTROLS: Final = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
# How UTF-8 begins those beyond ASCII.
_LEADS: Final = (b"\xc2", b"\xed", b"\xef")
_SPACING: Final = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")
_HIDDEN: Final = re.compile(rf"<({'|'.join(sorted(_WITH_THEIR_CONTENT))})\b", re.IGNORECASE)


def sanitise(html: str) -> str:
    """`html`, which holds no control characters, as a well-formed fragment of the allowed elements."""
    clean = _CLEANER.clean(html)
    # A reference such as &#2; has become the character only now.
    return strip_control_characters(clean) if "&#" in html else clean


def strip_control_characters(text: str) -> str:
    """`text` without the characters that HTML forbids; those that part words become a space."""
    # Bytes are looked through more quickly than characters, and almost no text holds any of these.
    data = text.encode("utf-8", "surrogatepass")
    if len(data.translate(None, _CONTROLS)) == len(data) and not any(map(data.__contains__, _LEADS)):
        return text
    return _FORBIDDEN.sub(_spacing, text) if _FORBIDDEN.search(text) else text


def hidden_elements(html: str) -> tuple[str, ...]:
    """The names of elements in `html` that are left out with all they hold, each once."""
    return tuple(dict.fromkeys(name.lower() for name in _HIDDEN.findall(html)))


def hidden_spans(html: str) -> Iterator[tuple[int, int]]:
    """Where elements stand in `html` that are left out with all they hold; one that is not closed reaches to the end."""
    lower, start = html.lower(), 0
    while found := _HIDDEN.search(html, start):
        closing = lower.find(f"</{found[1].lower()}", found.end())
        end = lower.find(">", closing) + 1 if closing >= 0 else 0
        start = end or len(html)
        yield found.start(), start


def _spacing(found: re.Match[str]) -> str:
    return " " if found[0] in _SPACING else ""
