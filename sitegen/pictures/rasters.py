"""Making pictures fit for pages: upright, in sRGB, without metadata, at the widths that pages use."""

from __future__ import annotations

import io
import math
import re
import warnings
from typing import Any, Final

from msgspec import Struct
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from sitegen.pictures.metadata import words_of
from sitegen.pictures.store import PictureWords

WIDTHS: Final = (480, 960, 1600)
"""In pixels: a phone's column, a column or a phone's at twice the density, and the widest figure at twice the density."""
TALLEST: Final = 8000
MOST_PIXELS: Final = 100_000_000
"""A picture of more is not decoded; JPEG can be decoded at a fraction of its size."""
FLAT: Final = 256
"""A picture of so few colours is a drawing: it is kept without loss."""
# Others are not read: some of Pillow's decoders start programs, and none of them is needed for what browsers save.
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO", "MPO")
_SIXTEEN: Final = re.compile(r";(?:16|32)|^(?:I|F)")


class RenditionBytes(Struct, frozen=True, kw_only=True):
    """A rendition as it was made."""

    kind: str
    width: int
    height: int
    data: bytes


class Converted(Struct, frozen=True, kw_only=True):
    """What `convert` made: the fallback first."""

    renditions: tuple[RenditionBytes, ...] = ()
    words: PictureWords = PictureWords()
    format: str = ""
    complaints: tuple[tuple[str, str], ...] = ()


def convert(data: bytes, *, avif: bool) -> Converted:
    """All renditions of a picture; without any, `complaints` tell why. Never raises for what is in `data`."""
    complaints: list[tuple[str, str]] = []
    format_name, words = "", PictureWords()
    with warnings.catch_warnings():
        # Pillow warns of damage in metadata and of sizes; what matters of it is looked at here.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                format_name = opened.format or ""
                loaded = _loaded(opened, data, complaints)
                words = words_of(loaded)
                renditions = tuple(_renditions(*_prepared(loaded, complaints), avif=avif))
        except Exception as error:
            # Decoders raise nearly anything on damaged bytes.
            code = "E523" if isinstance(error, _TooLargeError | Image.DecompressionBombError) else "E521"
            return Converted(format=format_name, words=words, complaints=((code, _reason(error)),))
    return Converted(renditions=renditions, words=words, format=format_name, complaints=tuple(complaints))


class _TooLargeError(ValueError):
    """A picture would need too much memory."""


def _reason(error: Exception) -> str:
    if isinstance(error, _TooLargeError | Image.DecompressionBombError):
        return "the picture has too many pixels to be converted; save it smaller, at most 8000 pixels wide"
    if isinstance(error, UnidentifiedImageError):
        return f"the file is no picture in a known format; save it as {', '.join(FORMATS[:4])} or TIFF"
    return "the picture is damaged; put a whole copy there"


def _prepared(loaded: ImageFile.ImageFile, complaints: list[tuple[str, str]]) -> tuple[Image.Image, bool]:
    """The picture upright, in RGB, RGBA or L, and whether it is a drawing of few colours."""
    profile, mode = loaded.info.get("icc_profile"), loaded.mode
    upright = ImageOps.exif_transpose(loaded)
    if mode in ("CMYK", "LAB", "YCbCr", "HSV"):
        complaints.append(("N331", f"the picture is in {mode}; it is shown in sRGB, so that colours may differ a little"))
    image = _in_srgb(_eight_bits(upright), profile)
    # A save would carry over what the file said: comments, profiles, density.
    image.info = {}
    flat = loaded.format not in ("JPEG", "MPO") and image.getcolors(FLAT) is not None
    return image, flat


def _loaded(opened: ImageFile.ImageFile, data: bytes, complaints: list[tuple[str, str]]) -> ImageFile.ImageFile:
    """The picture with its pixels, of which a large JPEG has fewer than its file."""
    if opened.format == "JPEG":
        width, height = opened.size
        across = height if opened.getexif().get(0x0112, 1) in (5, 6, 7, 8) else width
        # Decoded at a half, a quarter or an eighth, but never below the widest rendition.
        scale = min(1.0, WIDTHS[-1] / across)
        opened.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))
    raw = str(opened.tile[0][3]) if opened.tile else ""
    if _SIXTEEN.search(opened.mode) or ";16" in raw:
        complaints.append(("N331", "the picture has 16 or more bits for each colour; it is shown with 8"))
    if opened.width * opened.height > MOST_PIXELS:
        raise _TooLargeError
    try:
        opened.load()
    except (OSError, SyntaxError):
        if opened.format in ("JPEG", "PNG", "MPO"):
            # Counting the frames of what is cut off would fail.
            return _as_far_as_it_goes(data, opened.size, complaints)
        raise
    frames = getattr(opened, "n_frames", 1) if opened.format not in ("MPO", "ICO") else 1
    if frames > 1:
        complaints.append(("N331", f"the picture has {frames} frames or pages; the first is shown"))
        opened.seek(0)
    return opened


def _as_far_as_it_goes(data: bytes, size: tuple[int, int], complaints: list[tuple[str, str]]) -> ImageFile.ImageFile:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.format == "JPEG":
            image.draft(None, size)
        image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    complaints.append(("W526", "the picture is cut off, and shown as far as it goes; put a whole copy there"))
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    if not image.mode.startswith(("I", "F")):
        return image
    wide = image.convert("I").convert("F") if image.mode.startswith("I;") else image.convert("F")
    # Values of 0 to 1 and of 0 to 255 are as common as those of 16 bits.
    highest = 65535.0 if image.mode.startswith("I;") else float(wide.getextrema()[1])  # type: ignore[arg-type]
    top = next((limit for limit in (1, 255, 65535) if highest <= limit), highest)
    return wide.point(lambda value: value * (255 / top) + 0).convert("L")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in RGB, RGBA or L, as its colour profile means it."""
    if image.mode in ("1", "P", "PA", "LA", "La", "RGBa", "RGBX", "YCbCr", "HSV") or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    if profile and image.mode in ("RGB", "RGBA", "L", "CMYK", "LAB"):
        converted = _by_profile(image, profile)
        if converted is not None:
            return converted
    return image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source) and image.mode in ("RGB", "RGBA"):
            return image
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        colours = image.convert("RGB") if alpha else image
        srgb = ImageCms.createProfile("sRGB")
        made = ImageCms.profileToProfile(colours, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that cannot be used means no more than none.
        return None
    if made is not None and alpha is not None:
        made.putalpha(alpha)
    return made


def _renditions(image: Image.Image, flat: bool, *, avif: bool) -> list[RenditionBytes]:
    sizes = _sizes(image.width, image.height)
    scaled = [image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
              for size in sizes]  # fmt: skip
    made = [_fallback(scaled[-1], flat)]
    # Scaling makes many colours of few, so that a smaller copy without loss would be the larger file.
    made += _choices([_saved(_coloured(each), "webp", {"lossless": True, "quality": 70, "method": 4}
                             if flat and each is image else {"quality": 80, "method": 4}) for each in scaled])  # fmt: skip
    if avif:
        # With several threads its bytes would depend on the number of processors.
        options = {"quality": 58, "speed": 6, "max_threads": 1}
        made += _choices([_saved(_coloured(each), "avif", options) for each in scaled])
    return made


def _fallback(image: Image.Image, flat: bool) -> RenditionBytes:
    """The picture for browsers that know neither of the others, for feeds and for links."""
    if flat:
        method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
        return _saved(image.quantize(FLAT, method, dither=Image.Dither.NONE), "png", {"optimize": True})
    if image.mode == "RGBA":
        return _saved(image, "png", {"optimize": True})
    return _saved(image, "jpg", {"quality": 82, "optimize": True, "progressive": True})


def _choices(made: list[RenditionBytes]) -> list[RenditionBytes]:
    """Without those that are no smaller a file than the next wider one."""
    kept = made[-1:]
    for each in reversed(made[:-1]):
        if len(each.data) < len(kept[0].data):
            kept.insert(0, each)
    return kept


def _sizes(width: int, height: int) -> list[tuple[int, int]]:
    """The sizes in which a picture is published, narrowest first; none is larger than the picture."""
    widest = max(1, min(WIDTHS[-1], width, width * TALLEST // max(1, height)))
    widths = [each for each in WIDTHS if each < widest * 0.9] + [widest]
    return [(each, max(1, min(TALLEST, round(height * each / width)))) for each in widths]


def _coloured(image: Image.Image) -> Image.Image:
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGB")


def _saved(image: Image.Image, kind: str, options: dict[str, Any]) -> RenditionBytes:
    buffer = io.BytesIO()
    image.save(buffer, {"jpg": "JPEG"}.get(kind, kind.upper()), **options)
    return RenditionBytes(kind=kind, width=image.width, height=image.height, data=buffer.getvalue())
