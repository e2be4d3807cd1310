"""Pictures that lie beside the articles: their size, and the name under which they are published."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

from msgspec import Struct

from sitegen import urls
from sitegen.containment import refusal
from sitegen.records import Problem

_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.I)
_SVG_NUMBER = {name: re.compile(rb"\b%s\s*=\s*[\"']\s*([0-9.]+)(?:px)?\s*[\"']" % name, re.I) for name in (b"width", b"height")}
_SVG_BOX = re.compile(rb"\bviewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)", re.I)
_SVG_ACTIVE = re.compile(rb"<\s*(?:\w+:)?script\b|\son[a-z]+\s*=|javascript:|<\s*(?:\w+:)?foreignObject\b|<!ENTITY", re.I)


class PictureFile(Struct, frozen=True, kw_only=True):
    """A picture (or another file that an article shows) as it will be published; size in pixels, 0 where unknown."""

    digest: bytes
    size: tuple[int, int]
    url: str


def look_at(articles: Path, path: str) -> PictureFile | Problem:
    """What a file is like, or why it cannot be published."""
    try:
        refused = refusal(articles.parent, articles / path)
        if refused:
            return Problem(file=path, code="E504", severity="error", message=refused)
        data = (articles / path).read_bytes()
    except OSError as error:
        return Problem(file=path, code="E521", severity="error", message=f"the picture cannot be read ({error.strerror})")
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".svg" and _SVG_ACTIVE.search(data):
        return Problem(file=path, code="E522", severity="error",
                       message="the picture holds a script or foreign content; save it as a plain drawing")  # fmt: skip
    digest = hashlib.blake2b(data, digest_size=16).digest()
    name = f"{urls.slugify(PurePosixPath(path).stem)}-{digest.hex()[:10]}{suffix}"
    return PictureFile(digest=digest, size=_svg_size(data) if suffix == ".svg" else _raster_size(articles / path),
                       url=f"/media/{name}")  # fmt: skip


def _svg_size(data: bytes) -> tuple[int, int]:
    tag = _SVG_TAG.search(data)
    if tag is None:
        return 0, 0
    width, height = (_SVG_NUMBER[name].search(tag[0]) for name in (b"width", b"height"))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = _SVG_BOX.search(tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)


def _raster_size(path: Path) -> tuple[int, int]:
    # Pillow takes 50 ms to import, and most articles have no picture.
    from PIL import Image

    try:
        with Image.open(path) as image:
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            return (image.height, image.width) if turned else (image.width, image.height)
    except (OSError, ValueError, Image.DecompressionBombError):
        return 0, 0
