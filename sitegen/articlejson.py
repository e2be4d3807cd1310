"""An article as a JSON object: what `sitegen inspect --json` shows, and the archive's data files and exports hold.

A key is always there; what is not known is null. Times are ISO 8601 at the precision that the source gave. What a
source marks as not for publication is in none that leaves the machine: `inspect` alone asks for it.
"""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec

from sitegen.bodies import Body, InspectBlock, blocks_for_inspect
from sitegen.bodies.markup import text_of
from sitegen.entries import Content
from sitegen.records import Article, Figure, MarkdownBlock, Moment

Json = dict[str, object]

_MARKUP: Final = re.compile("[<&\n]")
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
    found = _simple_blocks(content.html)
    return lead + (found if found is not None else _taken_apart(content.html))


def _simple_blocks(html: str) -> list[InspectBlock] | None:
    """The blocks of a text of paragraphs, subheads, lists and figures, as most are; None where there is more to it.

    Taking HTML apart by its tags costs ten times as much, and a million articles come by here.
    """
    # Where white space is in order, a text without tags and references is what stands between the paragraph's own tags.
    in_order = "  " not in html and "\xa0" not in html
    blocks: list[InspectBlock] = []
    start, length = 0, len(html)
    while start < length:
        opening = html[start : start + 3]
        if opening == "<p>":
            end = html.find("</p>", start)
            inner = html[start + 3 : end]
            if "\x03" in inner:
                return None
            if text := inner.strip() if in_order and "<" not in inner and "&" not in inner and "\n" not in inner else text_of(inner):
                blocks.append({"kind": "paragraph", "text": text})
            start = end + 5 if html.startswith("\n", end + 4) else end + 4
        elif opening[:1] == "\x03":
            end = html.index("\x03", start + 1)
            blocks.append({"kind": "figure", "figure": int(html[start + 1 : end])})
            start = end + 1
        elif opening[:2] == "<h" and opening[2:].isdigit():
            end = html.find(f"</h{opening[2]}>", start)
            blocks.append({"kind": "subhead", "text": text_of(html[html.index(">", start) + 1 : end])})
            start = end + 5
        elif opening in ("<ul", "<ol", "<bl"):
            name = "blockquote" if opening == "<bl" else opening[1:]
            end = html.find(f"</{name}>", start) + len(name) + 3
            part = html[start:end]
            if part.count(f"<{name}") > 1 or "\x03" in part:
                return None
            simple = _simple_lines(part, name)
            blocks += [simple] if simple else _taken_apart(part)
            start = end
        elif opening[:1] == "\n":
            start += 1
        else:
            return None
    return blocks


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
