"""A body as a list of typed blocks, as `sitegen inspect --json` shows it."""

from __future__ import annotations

import re
from typing import Final

from sitegen.bodies.body import Body
from sitegen.bodies.markup import TAG, text_of
from sitegen.records import Article, Block, FigureBlock, ListBlock, MarkdownBlock

InspectBlock = dict[str, str | int | list[str]]

_VOID: Final = frozenset(("br", "hr", "wbr", "img"))
_MARKER: Final = re.compile("\x03([0-9]+)\x03")
_INLINE: Final = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q",
        "ruby", "rp", "rt", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
    )
)  # fmt: skip
_ITEM: Final = re.compile(r"<li(?: [^>]*)?>(.*?)</li>", re.DOTALL)
_LINK_MARKERS: Final = re.compile("\x02")


def blocks_for_inspect(article: Article, body: Body) -> list[InspectBlock]:
    """The blocks of `article`; a Markdown body is taken apart into the kinds of plain text, and `html` for all else.

    A figure's number counts in `body.figures`.
    """
    if any(isinstance(block, MarkdownBlock) for block in article.body):
        return _blocks_of(body.html)
    return [_plain_block(block) for block in article.body]


def _plain_block(block: Block) -> InspectBlock:
    kind = block.__struct_config__.tag
    assert isinstance(kind, str)
    if isinstance(block, ListBlock):
        return {"kind": kind, "items": list(block.items)}
    if isinstance(block, FigureBlock):
        return {"kind": kind, "figure": block.figure}
    return {"kind": kind, "text": block.text}


def _blocks_of(html: str) -> list[InspectBlock]:
    blocks: list[InspectBlock] = []
    for element in _top_level(html):
        figures = [int(number) for number in _MARKER.findall(element)]
        name = found[2] if (found := TAG.match(element)) and not found[1] else ""
        if name != "table" and not (name == "div" and "<table" in element):
            blocks += filter(None, [_element_block(name, _MARKER.sub("", element).strip())])
            blocks += ({"kind": "figure", "figure": number} for number in figures)
        else:
            blocks.append({"kind": "html", "text": _LINK_MARKERS.sub("", element)})
    return blocks


def _element_block(name: str, element: str) -> InspectBlock | None:  # noqa: PLR0911 (one return for each case)
    if not element:
        return None
    inner = TAG.sub("", element)
    if name in ("p", "") or name in _INLINE:
        return {"kind": "paragraph", "text": text_of(element)} if inner.strip() else None
    if re.fullmatch("h[1-6]", name):
        return {"kind": "subhead", "text": text_of(element)}
    if name in ("ul", "ol") and element.count("<ul") + element.count("<ol") == 1:
        return {"kind": "list", "items": [text_of(item) for item in _ITEM.findall(element)]}
    if name == "blockquote" and "<table" not in element and "<pre" not in element:
        return {"kind": "quote", "text": text_of(re.sub(r"</(?:p|li|h[1-6])>|<br>", " ", element))}
    if name == "pre":
        text = re.sub(r"&(lt|gt|quot|amp|nbsp);", _reference, inner)
        return {"kind": "preformatted", "text": text.strip("\n")}
    return {"kind": "html", "text": _LINK_MARKERS.sub("", element)}


def _reference(found: re.Match[str]) -> str:
    return {"lt": "<", "gt": ">", "quot": '"', "amp": "&", "nbsp": "\xa0"}[found[1]]


def _top_level(html: str) -> list[str]:
    """The outermost pieces of `html`: block elements, markers, and runs of loose text between them."""
    pieces: list[str] = []
    depth = start = 0
    for tag in TAG.finditer(html):
        name = tag[2]
        if depth == 0 and name in _INLINE:
            continue
        if depth == 0 and tag[0] in ("<div>", "</div>"):
            # A wrapper without meaning of its own, as pages that were saved from the web are full of.
            pieces += _loose(html[start : tag.start()])
            start = tag.end()
            continue
        if not tag[1]:
            if depth == 0:
                pieces += _loose(html[start : tag.start()])
                start = tag.start()
            depth += name not in _VOID
        elif name not in _INLINE or depth:
            depth = max(0, depth - 1)
        if depth == 0:
            pieces.append(html[start : tag.end()])
            start = tag.end()
    return [*pieces, *_loose(html[start:])]


def _loose(text: str) -> list[str]:
    return [part for part in re.split("(\x03[0-9]+\x03)", text) if part.strip()]
