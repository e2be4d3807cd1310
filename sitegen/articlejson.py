"""An article as a JSON object: what `sitegen inspect --json` shows, and the archive's data files and exports hold.

A key is always there; what is not known is null. Times are ISO 8601 at the precision that the source gave. What a
source marks as not for publication is in none that leaves the machine: `inspect` alone asks for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from sitegen.bodies import Body, InspectBlock, blocks_for_inspect
from sitegen.bodies.markup import text_of
from sitegen.entries import Content
from sitegen.records import Article, Figure, MarkdownBlock, Moment

Json = dict[str, object]

_FIGURE_LINE: Final = re.compile("\x03\\d+\x03")
_SUBHEAD_LINE: Final = re.compile(r"<h([1-6])(?: [^>]*)?>((?:(?!</h)[^\n])*)</h\1>")
_MOMENTS: Final = ("published", "updated", "retrieved", "byline_stamp")


def to_json(
    article: Article, *, ident: str, url: str, figures: tuple[Figure, ...], body: list[InspectBlock] | None,
    private: bool = False,
) -> Json:  # fmt: skip
    """The object of an article; without a `body` it says nothing of the text, nor of what was dropped from it.

    With `private` it holds what must not be published too.
    """
    moments: dict[str, Moment | None] = {name: getattr(article, name) for name in _MOMENTS}
    assumed = [name for name, moment in moments.items() if moment and moment.zone_assumed]
    shown = body is not None
    return {
        "id": ident, "title": article.title or None, "summary": article.summary or None, "authors": list(article.authors),
        "agencies": list(article.agencies), "source": article.source or None, "section": article.section or None,
        **{name: moment.iso if moment else None for name, moment in moments.items()},
        "zone_assumed": bool(assumed), "zones_assumed": assumed, "dateline": article.dateline or None,
        "tags": [tag.name for tag in article.tags], "tag_origins": {tag.name: tag.origin for tag in article.tags},
        "figures": [_figure(figure) for figure in figures] if shown else [], "body": body,
        "corrections": list(article.corrections) if shown else [], "original_url": article.original_url or None,
        "rights": article.rights, "language": article.language, "direction": article.direction, "url": url,
        "dropped": [{"line": drop.line, "text": drop.text, "rule": drop.rule, "private": drop.private}
                    for drop in article.dropped if shown and (private or not drop.private)],
    }  # fmt: skip


def _figure(figure: Figure) -> Json:
    return {"caption": figure.caption or None, "credit": figure.credit or None, "alt": figure.alt or None,
            "file": figure.file}  # fmt: skip


def public_json(content: Content, *, ident: str, url: str) -> Json:
    """The object of an article as anybody may have it: a copy of another's text is metadata alone."""
    article = content.article
    body = blocks_of(content) if article.rights != "third-party" else None
    return to_json(article, ident=ident, url=url, figures=content.figures, body=body)


def blocks_of(content: Content) -> list[InspectBlock]:
    """The blocks of a converted text."""
    lead: list[InspectBlock] = [{"kind": "figure", "figure": 0}] if content.lead else []
    found = _simple_blocks(content.html, single_spaced=content.single_spaced)
    return lead + (found if found is not None else _taken_apart(content.html))


def _simple_blocks(html: str, *, single_spaced: bool) -> list[InspectBlock] | None:
    """The blocks of a text of paragraphs, subheads, lists and figures, as most are; None where there is more to it.

    Taking HTML apart by its tags costs ten times as much, and a million articles come by here.
    """
    # Where white space is in order, a text without tags and references is what stands between the paragraph's own tags.
    in_order = single_spaced or ("  " not in html and "\xa0" not in html)
    blocks: list[InspectBlock] = []
    lines = iter(html.split("\n"))
    for line in lines:
        if line[:3] == "<p>":
            is_whole = line[-4:] == "</p>"
            text = line[3:-4] if is_whole else _up_to("</p>", line, lines)[3:-4]
            if not in_order or not is_whole or "<" in text or "&" in text:
                if "</p>" in text or (not is_whole and not text):
                    return None
                text = text_of(text)
            if "\x03" in text:
                return None
            if text := text.strip():
                blocks.append({"kind": "paragraph", "text": text})
        elif line:
            found = _other_blocks(line, lines)
            if found is None:
                return None
            blocks += found
    return blocks


def _other_blocks(line: str, lines: Iterator[str]) -> list[InspectBlock] | None:
    """What begins with a line, and goes on in those behind it, if it is no paragraph; None where it is nothing common."""
    if _FIGURE_LINE.fullmatch(line):
        return [{"kind": "figure", "figure": int(line[1:-1])}]
    if found := _SUBHEAD_LINE.fullmatch(line):
        return [{"kind": "subhead", "text": text_of(found[2])}]
    if line[:3] not in ("<ul", "<ol", "<bl"):
        return None
    name = "blockquote" if line[:3] == "<bl" else line[1:3]
    part = _up_to(f"</{name}>", line, lines)
    if part.count(f"<{name}") != 1 or "\x03" in part:
        return None
    simple = _simple_lines(part, name)
    return [simple] if simple else _taken_apart(part)


def _up_to(end: str, line: str, lines: Iterator[str]) -> str:
    """A line and those behind it, as far as one that ends in `end`; empty where none does."""
    part = [line]
    while not part[-1].endswith(end):
        if (line := next(lines, "\0")) == "\0":
            return ""
        part.append(line)
    return "\n".join(part)


def _simple_lines(part: str, name: str) -> InspectBlock | None:
    """A list with each item, or a quotation with each paragraph, on a line of its own; None where there is more to it."""
    lines = part.split("\n")
    opening, closing = ("<p>", "</p>") if name == "blockquote" else ("<li>", "</li>")
    if lines[0] != f"<{name}>" or lines[-1] != f"</{name}>":
        return None
    texts = []
    for line in lines[1:-1]:
        if not (line.startswith(opening) and line.endswith(closing) and line.count(closing) == 1):
            return None
        text = text_of(line[len(opening) : -len(closing)])
        if not text or "<p>" in line[1:]:
            return None
        texts.append(text)
    if not texts:
        return None
    return {"kind": "quote", "text": " ".join(texts)} if name == "blockquote" else {"kind": "list", "items": texts}


def _taken_apart(html: str) -> list[InspectBlock]:
    found = blocks_for_inspect(Article(id="", body=(MarkdownBlock(""),)), Body(html=html)) if html else []
    return [block for block in found if block.get("text") != ""]


def to_line(value: Json) -> bytes:
    """The object as one line of UTF-8."""
    try:
        return msgspec.json.encode(value) + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair has no UTF-8, but JSON can spell it.
        return json.dumps(value).encode("ascii") + b"\n"
