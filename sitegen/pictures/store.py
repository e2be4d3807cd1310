"""The store of converted pictures: by the digest of what they were made from, so that each is converted once.

It lies beside the catalog, is a cache like it, and outlives its loss. What is taken from it is checked.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.entries import encode
from sitegen.versions import versions

_HEX = re.compile("(?:[0-9a-f]{2})+")
RECIPE = 1
"""To be raised when a change of this package changes what is made of a picture."""


class Rendition(Struct, frozen=True, array_like=True, kw_only=True):
    """A file that was made of a picture; size in pixels."""

    file: str
    """Relative to the store."""
    kind: str
    """The suffix: `webp`, `avif`, `jpg` or `png`."""
    width: int
    height: int
    digest: bytes


class PictureWords(Struct, frozen=True, array_like=True, kw_only=True):
    """What a picture file says of its picture."""

    caption: str = ""
    credit: str = ""
    alt: str = ""
    told_by: str = ""
    """The records that said so: `XMP`, `IPTC`, `EXIF`."""


class Conversion(Struct, frozen=True, array_like=True, kw_only=True):
    """What became of a picture: the fallback first, then the renditions by format and width; none where it failed."""

    renditions: tuple[Rendition, ...] = ()
    words: PictureWords = PictureWords()
    format: str = ""
    """As Pillow names it."""
    complaints: tuple[tuple[str, str], ...] = ()
    """Code and message of each problem."""


_decode = msgspec.msgpack.Decoder(Conversion).decode


def recipe(*, avif: bool) -> str:
    """What stands for all that decides the bytes of a rendition, the picture itself apart."""
    # Another version of the library makes other bytes of the same picture.
    return hashlib.blake2b(f"{RECIPE} {avif} {dict(versions())['pillow']}".encode(), digest_size=4).hexdigest()


class Store:
    """The folder `root`; `avif` makes part of what is asked for."""

    def __init__(self, root: Path, *, avif: bool) -> None:
        self._root, self._avif = root, avif
        self._recipe = recipe(avif=avif)

    def conversion(self, data: bytes, digest: bytes) -> Conversion:
        """What becomes of the picture `data`, from the store or made now."""
        stem = f"{digest.hex()[:2]}/{digest.hex()}-{self._recipe}"
        record = self._root / f"{stem}.msgpack"
        known = self._kept(record)
        if known is not None:
            return known
        from sitegen.pictures.rasters import convert  # Pillow takes 50 ms to import, and most articles have no picture

        record.parent.mkdir(parents=True, exist_ok=True)
        made = convert(data, avif=self._avif)
        renditions = []
        for each in made.renditions:
            name = f"{stem}-{each.width}.{each.kind}"
            _put(self._root / name, each.data)
            renditions.append(Rendition(file=name, kind=each.kind, width=each.width, height=each.height,
                                        digest=hashlib.sha256(each.data).digest()[:16]))  # fmt: skip
        found = Conversion(renditions=tuple(renditions), words=made.words, format=made.format, complaints=made.complaints)
        # The record comes last: where it stands, the files do.
        _put(record, encode(found))
        return found

    def _kept(self, record: Path) -> Conversion | None:
        try:
            found = _decode(record.read_bytes())
            whole = all(hashlib.sha256((self._root / each.file).read_bytes()).digest()[:16] == each.digest
                        for each in found.renditions)  # fmt: skip
        except (OSError, msgspec.MsgspecError):
            return None
        return found if whole else None


def _put(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(data)
    os.replace(partial, path)


def forget_pictures(root: Path, is_shown: Callable[[bytes], bool]) -> None:
    """Remove from the store what was made of pictures that are not shown, by their digests."""
    for folder in filter(Path.is_dir, root.iterdir() if root.is_dir() else ()):
        for path in folder.iterdir():
            name = path.name.partition("-")[0]
            if not _HEX.fullmatch(name) or not is_shown(bytes.fromhex(name)):
                path.unlink(missing_ok=True)
