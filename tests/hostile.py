"""Sources made to stall a reader, in any size: what a layout is known by, repeated, nested, cut and without an end.

`python -m tests.hostile` reads a megabyte of each kind and prints what that took, a JSON object a line.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.readers.knowledge import knowledge

MEGABYTE: Final = 1_000_000
TIMES: Final = 4
"""How many times as large the larger of two sources is."""
STEEPEST: Final = 6
"""How many times as long that may take: linear time takes `TIMES` as long, time by the square four times that."""
SHORTEST: Final = 0.3
"""Seconds; of less, a ratio says nothing."""

_TABLES: Final[Mapping[str, dict[str, Any]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


class Case(Struct, frozen=True):
    """A hostile source: how it is called, its file's name, and what makes it, of about so many bytes."""

    name: str
    file: str
    make: Callable[[int], bytes]


def cases() -> Iterator[Case]:
    """All of them; a few are the same by different roads."""
    for name, (file, text) in _TABLES["article"].items():
        yield _repeated(f"article: {name}", file, text)
    for kind in ("opening", "run"):
        for name, text in _TABLES[kind].items():
            for file in ("a.txt", "a.md"):
                yield _repeated(f"{kind}: {name} in {file}", file, text)
    for name, parts in _TABLES["matter"].items():
        yield _framed(f"front matter: {name}", "a.md", *parts)
    for name, parts in _TABLES["field"].items():
        yield _framed(f"field: {name}", _file_of(name, parts[0]), *parts)
    for name, parts in _TABLES["different"].items():
        yield _different(f"different: {name}", _file_of(name, parts[0]), *parts)
    for text in _TABLES["month"]["words"]:
        yield _repeated(f"month: {text}", "a.txt", f"{text} ")
        yield _repeated(f"month a line: {text}", "a.txt", f"{text}\n")
    yield from _words()
    yield from _bytes()


def _file_of(name: str, before: str) -> str:
    return "a.json" if name.startswith("JSON") else "a.md" if before.startswith("---") else "a.txt"


def _words() -> Iterator[Case]:
    """What the data files know: each table's entries in turn, a line each, and inside the articles of each layout."""
    boilerplate = knowledge("boilerplate")
    known = [line for table in boilerplate.values() for line in str(table.get("lines", "")).split("\n") if line]
    glued, labels = boilerplate["glued"]["phrases"], [f"{label}: a" for label in _labels()]
    codes = [code for part in ("head", "body", "tail") for code in knowledge("exports")["factiva"][part]]
    for name, lines in (("phrases", known), ("glued phrases", glued), ("labels", labels), ("codes", codes)):
        yield Case(f"table: {name}", "a.txt", partial(_in_turn, b"", lines, "\n"))
        yield Case(f"table, one line: {name}", "a.txt", partial(_in_turn, b"", lines, ". "))
        for layout in ("aggregator", "wire", "Nexis", "Nexis Uni", "Factiva", "ProQuest", "year file"):
            head = _TABLES["article"][layout][1]
            yield Case(f"table in {layout}: {name}", "a.txt", partial(_in_turn, head.encode(), lines, "\n"))


def each_phrase() -> Iterator[Case]:
    """Every phrase and label by itself; many, so they are for the slow profile."""
    boilerplate = knowledge("boilerplate")
    lines = [line for table in boilerplate.values() for line in str(table.get("lines", "")).split("\n") if line]
    for text in dict.fromkeys([*lines, *boilerplate["glued"]["phrases"], *(f"{label}: a" for label in _labels())]):
        yield _repeated(f"phrase: {text}", "a.txt", f"{text}\n")


def _labels() -> list[str]:
    tables = knowledge("exports")
    lists = [list(tables[layout]["labels"].values()) for layout in ("nexis", "nexisuni", "proquest")]
    return [label for found in lists for labels in found for label in labels]


def _bytes() -> Iterator[Case]:
    """What is hardly text."""
    yield Case("bytes: random", "a.txt", lambda size: random.Random(1).randbytes(size))
    yield Case("bytes: random lines", "a.txt", lambda size: random.Random(2).randbytes(size).replace(b"\0", b"\n"))
    yield Case("bytes: zeros", "a.txt", bytes)
    yield Case("bytes: text and zeros", "a.txt", lambda size: b"a word and a word of it \0" * (size // 25))
    yield Case("bytes: lone surrogates in UTF-16", "a.txt", lambda size: b"\xff\xfe" + b"\x00\xd8a\x00" * (size // 4))
    yield Case("bytes: surrogates turned round", "a.txt", lambda size: b"\xfe\xff" + b"\xdc\x00\xd8\x00" * (size // 4))
    yield Case("bytes: UTF-16 without a mark", "a.txt", lambda size: b"a\0\n\0" * (size // 4))
    yield Case("bytes: UTF-32", "a.txt", lambda size: b"\xff\xfe\0\0" + b"a\0\0\0\n\0\0\0" * (size // 8))
    yield Case("bytes: Latin-1", "a.txt", lambda size: b"caf\xe9 \n" * (size // 6))
    yield Case("bytes: damaged UTF-8", "a.txt", lambda size: "é è à ".encode() * (size // 9) + b"\xe9\n")
    yield Case("bytes: cut UTF-8", "a.txt", lambda size: b"\xe2\x82 " * (size // 3))
    yield Case("bytes: GB18030", "a.txt", lambda size: "中文新闻\n".encode("gb18030") * (size // 9))
    yield Case("bytes: KOI8", "a.txt", lambda size: "новости дня\n".encode("koi8_r") * (size // 12))
    yield Case("bytes: controls", "a.txt", lambda size: b"a word of it \x01\x02 and more of it\n" * (size // 32))
    yield Case("bytes: all 256", "a.txt", lambda size: bytes(range(256)) * (size // 256))


def _repeated(name: str, file: str, text: str) -> Case:
    data = text.encode()
    return Case(name, file, lambda size: data * (size // len(data)))


def _framed(name: str, file: str, before: str, text: str, after: str) -> Case:
    data = text.encode()
    return Case(name, file, lambda size: before.encode() + data * (size // len(data)) + after.encode())


def _different(name: str, file: str, before: str, text: str, after: str) -> Case:
    def make(size: int) -> bytes:
        made = bytearray(before.encode())
        number = 0
        while len(made) < size:
            made += text.replace("{}", _word(number)).encode()
            number += 1
        return bytes(made + after.encode())

    return Case(name, file, make)


def _word(number: int) -> str:
    """A word of letters alone, with a capital, for each number."""
    letters = ""
    while number or not letters:
        number, digit = divmod(number, 26)
        letters += chr(ord("a") + digit)
    return f"Q{letters}"


def _in_turn(head: bytes, texts: Iterable[str], ending: str, size: int) -> bytes:
    made = bytearray(head)
    for text in cycle(texts):
        made += f"{text}{ending}".encode()
        if len(made) >= size:
            break
    return bytes(made)


def cpu_seconds(work: Callable[[], object]) -> float:
    """What `work` takes of the processor, so that a busy machine counts for little; the lesser of two where it is much."""
    taken = []
    for _ in range(2):
        gc.collect()
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
        if taken[0] < SHORTEST:
            break
    return min(taken)


def reading_seconds(case: Case, size: int) -> float:
    """What reading so many bytes of a case takes."""
    data = case.make(size)
    settings = ReadingSettings()
    return cpu_seconds(lambda: read_source(case.file, data, settings))


def is_linear(larger: float, smaller: float) -> bool:
    """Whether the seconds of a source `TIMES` as large are no more than the size explains."""
    return larger < SHORTEST or larger < smaller * STEEPEST


def main() -> None:
    """Read all cases in both sizes."""
    for case in cases():
        smaller, larger = reading_seconds(case, MEGABYTE // TIMES), reading_seconds(case, MEGABYTE)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"case": case.name, "quarter": smaller, "whole": larger, "peak_mb": peak}), flush=True)


if __name__ == "__main__":
    main()
