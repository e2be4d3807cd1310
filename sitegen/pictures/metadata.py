"""What a picture file says of its picture: IPTC (IIM 4.2), XMP (IPTC Photo Metadata) and EXIF.

Only caption, credit and alt text are taken. Instructions, places and names of cameras are nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from PIL import Image, ImageFile, IptcImagePlugin

from sitegen.pictures.store import PictureWords

_LONGEST: Final = 3000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What cameras and programs write where a caption should be.
_NO_CAPTION: Final = re.compile(
    r"(?:olympus|sony|samsung|kodak|minolta|casio|fujifilm|nikon|canon|digital|dcim|dsc|dcf|default|screenshot|untitled"
    r"|image|picture|created with|processed with|exif_)[\w .()-]{0,30}\Z",
    re.I,
)
_NO_CREDIT: Final = re.compile(r"(?:picasa|unknown|owner|user|admin|camera|photographer|copyright|none|n/?a)\Z", re.I)
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PHOTOSHOP: Final = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC_CORE: Final = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_Fields = Mapping[str, str]
"""`caption`, `alt`, `byline`, `credit`, `source`, `rights`: those that a record has."""


def words_of(image: ImageFile.ImageFile) -> PictureWords:
    """Caption, credit and alt text of an opened picture; of each the first that XMP, IPTC or EXIF gives.

    An alt text stands in XMP alone, and is never made from a caption.
    """
    records = (("XMP", _from_xmp(image)), ("IPTC", _from_iptc(image)), ("EXIF", _from_exif(image)))
    told: dict[str, str] = {}
    by: list[str] = []
    for name, fields in records:
        found = {"caption": fields.get("caption", ""), "alt": fields.get("alt", ""), "credit": _credit(fields)}
        new = {key: value for key, value in found.items() if value and key not in told}
        if new:
            told |= new
            by.append(name)
    return PictureWords(**told, told_by=", ".join(by))


def _credit(fields: _Fields) -> str:
    """`Jane Doe/Reuters`, as papers write it: who took the picture, and who provides it."""
    byline = fields.get("byline", "")
    owner = fields.get("credit") or fields.get("source") or ""
    if byline and owner and owner.casefold() not in byline.casefold():
        return owner if byline.casefold() in owner.casefold() else f"{byline}/{owner}"
    return byline or owner or fields.get("rights", "")


def _clean(fields: Mapping[str, str | None]) -> _Fields:
    found = {}
    for key, value in fields.items():
        text = " ".join(_CONTROL.sub(" ", value or "").split())[:_LONGEST]
        junk = _NO_CAPTION if key == "caption" else _NO_CREDIT
        if text and not junk.match(text):
            found[key] = text
    return found


def _from_iptc(image: ImageFile.ImageFile) -> _Fields:
    try:
        record = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:
        # Damaged records make it raise nearly anything, and the picture is what matters.
        return {}
    utf8 = record.get((1, 90)) == b"\x1b%G"

    def text(number: int) -> str:
        value = record.get((2, number), b"")
        parts = value if isinstance(value, list) else [value]
        return ", ".join(_decoded(part, utf8=utf8) for part in parts if isinstance(part, bytes) and part)

    return _clean({"caption": text(120), "byline": text(80), "credit": text(110), "source": text(115), "rights": text(116)})


def _decoded(data: bytes, *, utf8: bool) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8" if utf8 else "cp1252", "replace")


def _from_xmp(image: Image.Image) -> _Fields:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if not packet and hasattr(image, "tag_v2"):
        packet = image.tag_v2.get(700, b"")
    data = packet.encode("utf-8", "replace") if isinstance(packet, str) else bytes(packet)
    # Entities could make a few lines of it gigabytes.
    if not data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return {}
    try:
        tree = ElementTree.fromstring(data.strip(b"\0 \r\n\t"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    return _clean({
        "caption": _property(tree, f"{_DC}description"), "alt": _property(tree, f"{_IPTC_CORE}AltTextAccessibility"),
        "byline": _property(tree, f"{_DC}creator"), "credit": _property(tree, f"{_PHOTOSHOP}Credit"),
        "source": _property(tree, f"{_PHOTOSHOP}Source"), "rights": _property(tree, f"{_DC}rights"),
    })  # fmt: skip


def _property(tree: ElementTree.Element, name: str) -> str:
    """A property as RDF may write it: an attribute, a text, an ordered list, or texts by language."""
    for description in tree.iter(f"{_RDF}Description"):
        if description.get(name):
            return str(description.get(name))
    element = next(tree.iter(name), None)
    if element is None:
        return ""
    items = list(element.iter(f"{_RDF}li"))
    if not items:
        return element.text or ""
    if element.find(f"{_RDF}Seq") is not None or element.find(f"{_RDF}Bag") is not None:
        return ", ".join(filter(None, (item.text for item in items)))
    default = next((item for item in items if item.get(_XML_LANG) == "x-default"), items[0])
    return default.text or ""


def _from_exif(image: Image.Image) -> _Fields:
    try:
        exif = image.getexif()
        values = {"caption": exif.get(0x010E), "byline": exif.get(0x013B), "rights": exif.get(0x8298)}
    except Exception:
        return {}
    return _clean({key: _recoded(value) for key, value in values.items() if isinstance(value, str)})


def _recoded(text: str) -> str:
    """EXIF has ASCII by the standard and UTF-8 in practice, which Pillow reads as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
