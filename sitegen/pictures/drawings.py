"""Drawings (SVG): they are served as they are, as images only, so that they must hold nothing that acts."""

from __future__ import annotations

import re

_TAG = re.compile(rb"<svg\b[^>]*>", re.I)
_NUMBER = {
    name: re.compile(rb"\b%s\s*=\s*[\"']\s*([0-9.]+)(?:px)?\s*[\"']" % name, re.I) for name in (b"width", b"height")
}
_BOX = re.compile(rb"\bviewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)", re.I)
_ACTIVE = re.compile(
    rb"<\s*(?:\w+:)?script\b|\son[a-z]+\s*=|javascript:|<\s*(?:\w+:)?foreignObject\b|<!ENTITY", re.I
)


def active_content(data: bytes) -> str:
    """In a sentence, why a drawing cannot be published; empty where it can."""
    return "the picture holds a script or foreign content; save it as a plain drawing" if _ACTIVE.search(data) else ""


def drawing_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, 0 where they are not told."""
    tag = _TAG.search(data)
    if tag is None:
        return 0, 0
    width, height = (_NUMBER[name].search(tag[0]) for name in (b"width", b"height"))
    try:
        if width and height:
            return round(float(width[1])), round(float(height[1]))
        box = _BOX.search(tag[0])
        return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
    except ValueError:
        return 0, 0
