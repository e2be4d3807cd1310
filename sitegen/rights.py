"""How much of another's article a site keeps and shows: all of it, its beginning, or what is known of it."""

from __future__ import annotations

import html
from typing import Literal

from msgspec.structs import replace

from sitegen.bodies import Body
from sitegen.bodies.body import count_words
from sitegen.entries import Entry
from sitegen.records import Article

EXCERPT_LENGTH = 400
"""Characters, at most."""


def as_far_as_allowed(
    article: Article, body: Body, entry: Entry, extent: Literal["excerpt", "metadata"]
) -> tuple[Article, Body, Entry]:
    """Another's article, its text and its entry as far as they may be kept at all, so that no cache holds the rest."""
    entry = replace(entry, figure=None, media=())
    if extent == "metadata":
        bare = replace(article, summary="", figures=(), corrections=(), dropped=())
        return bare, Body(html=""), replace(entry, summary="")
    begun = _beginning(body.plain)
    text = f"<p>{html.escape(begun, quote=False)}</p>" if begun else ""
    excerpt = Body(html=text, plain=(begun,) if begun else (), words=count_words(begun))
    return replace(article, figures=(), dropped=()), excerpt, entry


def _beginning(paragraphs: tuple[str, ...]) -> str:
    text = paragraphs[0] if paragraphs else ""
    if len(text) <= EXCERPT_LENGTH:
        return text
    head = text[:EXCERPT_LENGTH]
    return head[: head.rfind(" ")].rstrip(" ,;:.-–—") + "…" if " " in head else f"{head}…"
