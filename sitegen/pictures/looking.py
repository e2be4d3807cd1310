"""Looking at files that articles show: what becomes of each, under which addresses. Runs in workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from sitegen import urls
from sitegen.containment import refusal
from sitegen.contexts import Picture
from sitegen.entries import encode
from sitegen.pictures.drawings import active_content, drawing_size
from sitegen.pictures.store import Conversion, Store
from sitegen.problems import report
from sitegen.records import Problem

RASTER_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".heic", ".ico")
)


class PictureJob(Struct, frozen=True, array_like=True, kw_only=True):
    """Files to be looked at; `paths` are relative to the folder `articles`."""

    articles: str
    cache: str
    """The folder of converted pictures."""
    paths: tuple[str, ...]
    avif: bool


class PublishedFile(Struct, frozen=True, array_like=True, kw_only=True):
    """A file of the output that a picture leads to."""

    url: str
    cached: str
    """Its place in the folder of converted pictures; empty where it is a copy of the source."""
    digest: bytes
    """Of its bytes, as `writer.digest_of` makes it."""


class PictureFile(Struct, frozen=True, array_like=True, kw_only=True):
    """What was found out about a file that an article shows or links to."""

    path: str
    digest: bytes = b""
    """Of the source; empty where it could not be had, so that the next build looks again."""
    view: Picture | None = None
    """None where there is nothing that could be shown."""
    files: tuple[PublishedFile, ...] = ()
    problems: tuple[Problem, ...] = ()


decode_looks = msgspec.msgpack.Decoder(tuple[PictureFile, ...]).decode
_decode_job = msgspec.msgpack.Decoder(PictureJob).decode


def look_at_pictures(job_bytes: bytes) -> bytes:
    """Look at the files of a `PictureJob`, encoded, and convert those that are to be; gives a tuple of `PictureFile`s."""
    job = _decode_job(job_bytes)
    store = Store(Path(job.cache), avif=job.avif)
    return encode(tuple(_look_at(Path(job.articles), path, store) for path in job.paths))


def _look_at(articles: Path, path: str, store: Store) -> PictureFile:
    try:
        refused = refusal(articles.parent, articles / path)
        if refused:
            return PictureFile(path=path, problems=(report("E504", refused, file=path),))
        data = (articles / path).read_bytes()
    except OSError as error:
        return PictureFile(path=path, problems=(report("E521", f"the picture cannot be read ({error.strerror})", file=path),))
    digest = hashlib.sha256(data).digest()[:16]
    suffix = PurePosixPath(path).suffix.lower()
    if not data:
        message = "the file is empty; put the picture there again"
    elif suffix == ".svg":
        message = active_content(data)
    elif suffix in RASTER_SUFFIXES:
        return _published(path, digest, store.conversion(data, digest))
    else:
        message = ""
    if message:
        code = "E522" if data else "E521"
        return PictureFile(path=path, digest=digest, problems=(report(code, message, file=path),))
    width, height = drawing_size(data) if suffix == ".svg" else (0, 0)
    url = f"/media/{_stem(path)}-{digest.hex()[:10]}{suffix}"
    return PictureFile(path=path, digest=digest, view=Picture(url=url, width=width, height=height),
                       files=(PublishedFile(url=url, cached="", digest=digest),))  # fmt: skip


def _stem(path: str) -> str:
    return urls.slugify(PurePosixPath(path).stem)


def _published(path: str, digest: bytes, found: Conversion) -> PictureFile:
    problems = tuple(report(code, message, file=path) for code, message in (*_misnamed(path, found), *found.complaints))
    if not found.renditions:
        return PictureFile(path=path, digest=digest, problems=problems)
    addresses = {rendition.file: f"/media/{_stem(path)}-{rendition.width}-{rendition.digest.hex()[:10]}.{rendition.kind}"
                 for rendition in found.renditions}  # fmt: skip
    fallback = found.renditions[0]
    choices = {kind: tuple((addresses[each.file], each.width) for each in found.renditions[1:] if each.kind == kind)
               for kind in ("webp", "avif")}  # fmt: skip
    words = found.words
    view = Picture(url=addresses[fallback.file], width=fallback.width, height=fallback.height, webp=choices["webp"],
                   avif=choices["avif"], caption=words.caption, credit=words.credit, alt=words.alt, told_by=words.told_by)  # fmt: skip
    files = tuple(PublishedFile(url=addresses[each.file], cached=each.file, digest=each.digest) for each in found.renditions)
    return PictureFile(path=path, digest=digest, view=view, files=files, problems=problems)


_NAMES = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "GIF": (".gif",), "WEBP": (".webp",), "AVIF": (".avif", ".heic"),
          "TIFF": (".tif", ".tiff"), "BMP": (".bmp",), "ICO": (".ico",), "MPO": (".jpg", ".jpeg")}  # fmt: skip


def _misnamed(path: str, found: Conversion) -> Iterator[tuple[str, str]]:
    known = _NAMES.get(found.format)
    if known and PurePosixPath(path).suffix.lower() not in known:
        yield "N331", f"the file is a picture in the format {found.format}, whatever its name says; rename it to {known[0]}"
