"""Pictures for tests: made here, with the metadata that photographers, papers and cameras put into them."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image


def photo(width: int = 600, height: int = 400, *, kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture of many colours, the left half darker than the right one."""
    image = Image.linear_gradient("L").rotate(90).resize((width, height))
    bands = [image, image.transpose(Image.Transpose.FLIP_TOP_BOTTOM), Image.radial_gradient("L").resize((width, height))]
    return encoded(Image.merge("RGB", bands).convert(mode), kind, **options)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 0, *, gps: bool = False, **texts: str) -> Image.Exif:
    """An EXIF record; texts by `caption`, `artist`, `rights`."""
    record = Image.Exif()
    if orientation:
        record[0x0112] = orientation
    for name, tag in (("caption", 0x010E), ("artist", 0x013B), ("rights", 0x8298)):
        if name in texts:
            record[tag] = texts[name]
    if gps:
        record[0x8825] = {1: "N", 2: (31.0, 46.0, 44.0), 3: "E", 4: (35.0, 12.0, 49.0), 29: "2024:11:19"}
    return record


def with_iptc(jpeg: bytes, fields: dict[int, str], *, encoding: str = "utf-8") -> bytes:
    """A JPEG file with a record of IPTC's application record 2, as photo desks write it."""
    record = b"\x1c\x01\x5a\x00\x03\x1b%G" if encoding == "utf-8" else b""
    for number, text in fields.items():
        data = text.encode(encoding)
        record += struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    segment = b"Photoshop 3.0\0" + block
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def xmp(**properties: str) -> bytes:
    """An XMP packet with the `description`, `creator`, `credit` and `alt` of the IPTC Photo Metadata standard."""
    names = {"description": "dc:description", "alt": "Iptc4xmpCore:AltTextAccessibility"}
    inner = ""
    for key, name in names.items():
        if key in properties:
            items = f'<rdf:li xml:lang="de">Anders</rdf:li><rdf:li xml:lang="x-default">{properties[key]}</rdf:li>'
            inner += f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"
    if "creator" in properties:
        inner += f"<dc:creator><rdf:Seq><rdf:li>{properties['creator']}</rdf:li></rdf:Seq></dc:creator>"
    credit = f' photoshop:Credit="{properties["credit"]}"' if "credit" in properties else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
        f'<rdf:Description rdf:about=""{credit}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
