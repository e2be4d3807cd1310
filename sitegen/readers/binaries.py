"""Files that are no text: what they are, told by their first bytes, and what can be done with them instead."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["kind_of_binary"]

_PICTURE: Final = "give its name the ending of a picture, and articles can show it"
_PACKED: Final = "unpack it, and put the texts that are in it into articles/"
_TEXT: Final = "open it, and save its text as plain text in UTF-8"
_SOUND: Final = "give its name its proper ending, or keep it elsewhere"
_KINDS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\x89PNG", "a picture (PNG)", _PICTURE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _PICTURE),
    (b"GIF87a", "a picture (GIF)", _PICTURE),
    (b"GIF89a", "a picture (GIF)", _PICTURE),
    (b"II*\0", "a picture (TIFF)", _PICTURE),
    (b"MM\0*", "a picture (TIFF)", _PICTURE),
    (b"%PDF", "a PDF", _TEXT),
    (b"{\\rtf", "rich text (RTF)", _TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel document", _TEXT),
    (b"SQLite format 3\0", "an SQLite database", "write its articles out as JSON Lines or as text"),
    (b"\x1f\x8b", "packed with gzip", _PACKED),
    (b"BZh", "packed with bzip2", _PACKED),
    (b"\xfd7zXZ\0", "packed with xz", _PACKED),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", _PACKED),
    (b"Rar!\x1a\x07", "an archive (RAR)", _PACKED),
    (b"\x7fELF", "a program", "keep it elsewhere, or name it in `ignore`"),
    (b"OggS", "sound (Ogg)", _SOUND),
    (b"ID3", "sound (MP3)", _SOUND),
    (b"fLaC", "sound (FLAC)", _SOUND),
    (b"wOF2", "a font", "keep it elsewhere, or name it in `ignore`"),
    (b"wOFF", "a font", "keep it elsewhere, or name it in `ignore`"),
)
_WORDS: Final = (b"BZh", b"OggS", b"ID3", b"wOFF", b"wOF2", b"fLaC", b"II*\0", b"MM\0*")
"""Beginnings that a text might have, too: then they count only where a byte follows that no text has."""
_IN_ZIP: Final = MappingProxyType(
    {
        b"word/": ("a Word document (docx)", _TEXT),
        b"xl/": ("an Excel table (xlsx)", _TEXT),
        b"ppt/": ("a PowerPoint document (pptx)", _TEXT),
        b"mimetypeapplication/vnd.oasis": ("an OpenDocument file", _TEXT),
        b"mimetypeapplication/epub": ("a book (EPUB)", _TEXT),
    }
)
_SAMPLE: Final = 65_536
_TAR: Final = 257
_BOX: Final = 4


def kind_of_binary(data: bytes) -> tuple[str, str] | None:
    """What a file is whose bytes begin like these, and what to do with it instead; None where they may be text."""
    head = data[:_SAMPLE]
    if head.startswith(b"PK\x03\x04"):
        return next((kind for sign, kind in _IN_ZIP.items() if sign in head), ("an archive (ZIP)", _PACKED))
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return ("a picture (WebP)", _PICTURE) if head[8:12] == b"WEBP" else ("sound or film (RIFF)", _SOUND)
    if head[_BOX : _BOX + 4] == b"ftyp" and 0 in head[:_BOX]:
        return ("a picture (HEIC or AVIF)", _PICTURE) if head[8:12] in (b"heic", b"mif1", b"avif") else ("a film (MP4)", _SOUND)
    if head[_TAR : _TAR + 5] == b"ustar":
        return "an archive (tar)", _PACKED
    for magic, kind, instead in _KINDS:
        if head.startswith(magic) and (magic not in _WORDS or head[:256].translate(None, _OF_TEXT)):
            return kind, instead
    return None


_OF_TEXT: Final = bytes([*range(0x09, 0x0E), *range(0x20, 0x7F), *range(0x80, 0x100)])
