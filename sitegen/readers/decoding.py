"""Bytes become text: byte-order marks, UTF-8, UTF-16, the 8-bit and East Asian encodings, and repair of mojibake.

Strict UTF-8 comes first. Anything else is a guess that is tested against the commonest words of each language, and
every guess and every repair is reported.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from sitegen.problems import report
from sitegen.readers.base import SourceText
from sitegen.readers.binaries import kind_of_binary
from sitegen.readers.language import is_common_word
from sitegen.records import Problem

_BOMS: Final = (
    # UTF-32's little-endian mark begins with UTF-16's, so it is tried first.
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BOM_BYTES: Final = tuple(bom for bom, _ in _BOMS)
_WIRE_HEADERS: Final = (b"\x16\x16\x01", b"\x01")
"""How ANPA-1312 and IPTC 7901 messages begin."""
_HOLE: Final = re.compile(rb"\0{32,}")
"""Zero bytes where a disk, a download or a copy lost something; no text has so many."""
_HOLES_TOLD: Final = 5
_SHORT_MESSAGE: Final = 2_000
_NOISY: Final = 50
# In this order a tie is decided: the earlier is the more usual in saved news.
_EIGHT_BIT: Final = ("cp1251", "cp1256", "cp1250", "cp1255", "cp1253", "cp1254", "koi8_r")
_EAST_ASIAN: Final = ("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
_SAMPLE: Final = 65_536
_TELLING: Final = 16_384
_FEW: Final = 3
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DAMAGED = re.compile("[\udc80-\udcff]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_CONTROLS: Final = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_LINE_END = re.compile("\r\n?|[\u2028\u2029\u0085]")
# UTF-8 read as windows-1252 turns each letter into one of these pairs or triples, which no language writes.
_MOJIBAKE = re.compile(
    "\u00c3[\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\u00e2\u0080|\u00d0[\u00b0-\u00bf]"
)

# A search for one character is many times faster than the pattern.
_MOJIBAKE_LEADS: Final = "\u00c3\u00c2\u00e2\u00d0"


def decode(file: str, data: bytes) -> SourceText:
    """The text of `data`; its `problems` hold E101 or E102, and then the text is empty, where it cannot be used."""
    data, holes = _without_holes(file, data)
    unusable = _unusable(file, data)
    if unusable is not None:
        return SourceText(file=file, text="", problems=(unusable,))
    text, encoding, problems = _to_text(file, data)
    problems += holes
    if "\r" in text or "\u2028" in text or "\u2029" in text or "\u0085" in text:
        text = _LINE_END.sub("\n", text)
    if any(char in text for char in _MOJIBAKE_LEADS) and _MOJIBAKE.search(text):
        text, repaired = _repair(file, text)
        problems += repaired
    text = text.lstrip("\ufeff")
    if not text.strip():
        return SourceText(file=file, text="", encoding=encoding, problems=(*problems, _empty(file)))
    return SourceText(file=file, text=text, encoding=encoding, problems=problems)


def _empty(file: str) -> Problem:
    return report("E102", "the file is empty; remove it or put an article into it", file=file)


def _unusable(file: str, data: bytes) -> Problem | None:
    """Why these bytes cannot be text, or None."""
    if not data.strip():
        return _empty(file)
    if not data.strip(b"\0"):
        return report("E101", "the file holds nothing but zero bytes, its text is lost; put it back from a copy", file=file)
    kind = kind_of_binary(data)
    if kind is not None:
        return report("E101", f"the file is not text, but {kind[0]}; {kind[1]}", file=file)
    if _is_binary(data):
        return report("E101", "the file is not text; save it as plain text in UTF-8", file=file)
    return None


def _without_holes(file: str, data: bytes) -> tuple[bytes, tuple[Problem, ...]]:
    """A text without the stretches of zeros in it, and where they were; anything else as it is."""
    if bytes(32) not in data or data.startswith(_BOM_BYTES) or _utf16_without_mark(data[:_SAMPLE]):
        return data, ()
    text = _HOLE.sub(b" ", data)
    sample = text[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    is_wire = data.startswith(_WIRE_HEADERS)
    # Other files have zeros as well; between those of a text is nothing but text.
    if not text.strip() or kind_of_binary(data) or (controls * 200 > len(sample) and not is_wire):
        return data, ()
    if is_wire and not _HOLE.search(data.strip(b"\0\r\n \x03")):
        # The wire fills its lines with them.
        return text, ()
    told = []
    for hole in islice(_HOLE.finditer(data), _HOLES_TOLD):
        hint = f"{len(hole[0]):,} bytes are missing here (zeros stand in their place); get the file from its source again"
        told.append(report("W209", hint, file=file, line=data.count(b"\n", 0, hole.start()) + 1))
    return text, tuple(told)


def _is_binary(data: bytes) -> bool:
    """Whether there are more control bytes than the codes of old wire services explain."""
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if not controls or data.startswith(_BOM_BYTES) or _utf16_without_mark(sample):
        return False
    if data.startswith(_WIRE_HEADERS):
        # A short message is hardly more than its header; zero bytes are fill characters only at its ends.
        return sample.strip(b"\0").count(0) * 100 > len(sample) or controls * 20 > max(len(sample), _SHORT_MESSAGE)
    return controls * 20 > len(sample) or (controls > 8 and sample.count(0) * 100 > len(sample))


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16's byte order told by where the zero bytes of western text stand."""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if half < 2 or max(even, odd) * 3 < half or min(even, odd) * 20 > half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _to_text(file: str, data: bytes) -> tuple[str, str, tuple[Problem, ...]]:
    """The text, the name of its encoding, and what had to be guessed."""
    for bom, codec in _BOMS if data.startswith(_BOM_BYTES) else ():
        if data.startswith(bom):
            text = data.decode(codec, "replace")
            return text, codec, _replaced(file, text)
    if b"\x00" in data:
        wide = _utf16_without_mark(data[:_SAMPLE])
        if wide:
            text = data.decode(wide, "replace")
            return text, wide, _replaced(file, text)
        data = data.replace(b"\x00", b"")
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as fault:
        return _guess(file, data, fault.start)


def _replaced(file: str, text: str) -> tuple[Problem, ...]:
    if "\ufffd" not in text:
        return ()
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return (
        report("W205", "bytes in no known encoding are shown as \ufffd; save the file as UTF-8", file=file, line=line),
    )


def _guess(file: str, data: bytes, first_fault: int) -> tuple[str, str, tuple[Problem, ...]]:
    """Text that is not UTF-8, in the encoding whose words are known words."""
    line = data.count(b"\n", 0, first_fault) + 1
    damaged = _mostly_utf8(data)
    if damaged is not None:
        hint = "some bytes are not UTF-8 and were read as windows-1252; save the file as UTF-8"
        return damaged, "utf-8", (report("W205", hint, file=file, line=line),)
    codec = _best_codec(data)
    text = _decode_as(data, codec)
    hint = f"the text is not UTF-8 and was read as {_public_name(codec)}; save it as UTF-8 if that is wrong"
    return text, codec, (report("N302", hint, file=file, line=line),)


def _public_name(codec: str) -> str:
    return f"windows-{codec[2:]}" if codec.startswith("cp125") else codec


def _decode_as(data: bytes, codec: str) -> str:
    """`data` in `codec`; the few bytes that windows-125x leaves undefined are taken from Latin-1."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        if codec in _EAST_ASIAN:
            return data.decode(codec, "replace")
        return data.decode(codec, "surrogateescape").translate(_UNDEFINED)


_UNDEFINED: Final = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes, or None where the bytes above 127 are not UTF-8 as a rule."""
    text = data.decode("utf-8", "surrogateescape")
    faults = len(re.findall("[\udc80-\udcff]", text))
    if faults * 10 > len(re.findall("[^\x00-\x7f]", text)) and not _in_few_lines(text):
        return None
    return re.sub("[\udc80-\udcff]+", _as_western, text)


def _in_few_lines(text: str) -> bool:
    """Whether what is not UTF-8 is damage and no other encoding: few of the lines that tell, or full of control characters."""
    telling = [line for line in text.split("\n") if not line.isascii()]
    damaged = [line for line in telling if _DAMAGED.search(line) is not None]
    if len(damaged) * _FEW < len(telling):
        return True
    controls = sum(len(_CONTROL.findall(line)) for line in damaged)
    return controls * _NOISY > sum(map(len, damaged))


def _as_western(match: re.Match[str]) -> str:
    data = bytes(ord(char) - 0xDC00 for char in match[0])
    return data.decode("cp1252", "replace").replace("\ufffd", " ")


def _best_codec(data: bytes) -> str:
    """The encoding under which the words above ASCII are a language's commonest, or else windows-1252."""
    # Only lines with bytes above 127 tell the encodings apart.
    telling = b"\n".join(line for line in data[:_SAMPLE].split(b"\n") if _HIGH.search(line))[:_TELLING]
    best, best_score = "cp1252", _plausibility(_decode_as(telling, "cp1252"))
    for codec in (*_EIGHT_BIT, *_EAST_ASIAN):
        text = _decode_as(telling, codec)
        if codec in _EAST_ASIAN and text.count("\ufffd") * 100 > len(text):
            continue
        score = _plausibility(text)
        if score > best_score:
            best, best_score = codec, score
    return best


_ODD = re.compile(
    "[\u0080-\u009f\u00a1-\u00a9\u00ac-\u00b6\u00b8\u00b9\u00bc-\u00bf\u00d7\u00f7"
    "\u2500-\u25ff\uff61-\uff9f\ue000-\uf8ff\ufffd]"
)
_ODD_CASE = re.compile(r"[a-zà-ÿа-яё][A-ZÀ-ÞА-Я]")
_ACCENTED_RUN = re.compile("[\u00c0-\u024f]{3}")
_OTHER_SCRIPT = re.compile("[\u0250-\u1fff\u3040-\ud7ff]")
_ASCII_LETTER = re.compile("[A-Za-z]")
_QUOTES: Final = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2026\u00a1\u00bf\u00a3\u20ac\u00a7\u00a9\u00b0\u00a0"
    ".,:;!?()[]\"'-0123456789"
)
"""What may stand around a word in good prose."""


def _plausibility(text: str) -> float:
    """How much each word above ASCII speaks for this encoding, on the average.

    Known words speak for it; against it what no prose contains: symbols and capitals inside words, runs of accented
    letters, two scripts in one word.
    """
    words = [word for word in text.split() if not word.isascii()]
    score = 0
    for token in words:
        word = token.strip(_QUOTES)
        if not word or word.isascii():
            continue
        if is_common_word(word.lower()):
            score += 2 + len(word)
        score -= 3 * len(_ODD.findall(word)) + 2 * len(_ODD_CASE.findall(word)) + 2 * len(_ACCENTED_RUN.findall(word))
        if _OTHER_SCRIPT.search(word):
            score -= 4 if _ASCII_LETTER.search(word) else 0
            score += min(20, 2 * len(_COMMON_SIGNS.findall(word)))
    return score / max(1, len(words))


# The commonest signs of Japanese, Chinese and Korean, which do not part words with spaces.
_COMMON_SIGNS = re.compile(
    "[\u3041-\u3093\u7684\u662f\u5728\u4e0d\u4e86\u6709\u548c\u4eba\u8fd9\u9019\u4e2d\u570b\u56fd\u5e74\uc774\uac00\uc744\ub97c\uc740\ub294\ub2e4\uc5d0]"
)


def _repair(file: str, text: str) -> tuple[str, tuple[Problem, ...]]:
    """Mojibake undone line by line, where the repair is certain; and the report of it."""
    # Loads only for text that shows the signs of mojibake: the import alone takes longer than many articles.
    from ftfy import fix_encoding

    lines = text.split("\n")
    first = 0
    for index, line in enumerate(lines):
        if not line.isascii() and len(line) < _SAMPLE and _MOJIBAKE.search(line):
            fixed = fix_encoding(line)
            if fixed != line:
                lines[index] = fixed.replace("\n", " ")
                first = first or index + 1
    if not first:
        return text, ()
    hint = "UTF-8 that had been read as windows-1252 was repaired; save the file as UTF-8"
    return "\n".join(lines), (report("N302", hint, file=file, line=first),)
