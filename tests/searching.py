"""What a search index holds, read as Pagefind's own program would: for tests that compare indexes or look for a text in one."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

_CALL = re.compile(r"\w+\((.*)\);\n", re.DOTALL)


def unpacked(path: Path) -> bytes:
    """The bytes of a file, decompressed where it is compressed."""
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def arguments(path: Path) -> list[Any]:
    """What a script of the search hands over."""
    match = _CALL.fullmatch(path.read_text(encoding="utf-8"))
    assert match
    return list(json.loads(f"[{match[1]}]"))


def stretches(output: Path) -> dict[str, dict[str, Any]]:
    """The stretches that the search page is told of, by name."""
    rows = arguments(output / "search/stretches.js")[0]
    return {row[0]: dict(zip(("count", "first", "last", "languages", "stamp"), row[1:], strict=True)) for row in rows}


def stretch_folder(name: str) -> str:
    """The folder of the stretch that a file of the index belongs to, like `search/2024/`."""
    return "/".join(name.split("/")[:2]) + "/"


def is_of_all_stretches(name: str) -> bool:
    """Whether a file of the index is of no one stretch: the list of them, or Pagefind's program."""
    return name == "search/stretches.js" or name.startswith("search/pagefind/")


def fragments(output: Path) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """By the address of each article, in which stretches it is indexed and what the index tells of it."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path in (output / "search").rglob("*.pf_fragment"):
        if path.is_relative_to(output / "search/pagefind"):
            continue
        told = json.loads(unpacked(path).removeprefix(b"pagefind_dcd"))
        found.setdefault(told["meta"]["url"], []).append((path.parents[1].relative_to(output / "search").as_posix(), told))
    return found


def answers(output: Path) -> dict[str, Any]:
    """Everything of an index that does not depend on the order in which Pagefind happened to meet the pages."""
    told = {
        url: [(name, each["content"], {kind: sorted(values) for kind, values in each["filters"].items()}, each["meta"])
              for name, each in rows]
        for url, rows in fragments(output).items()}  # fmt: skip
    words = {
        name: {word for path in (output / "search" / name / "index").glob("*.pf_index") for word in _words(unpacked(path))}
        for name in stretches(output)
    }
    headlines = {name: arguments(output / "search" / name / "headlines.js")[1] for name in stretches(output)}
    return {"told": told, "words": words, "headlines": headlines, "stretches": stretches(output)}


def _words(data: bytes) -> set[str]:
    """Runs of letters in an index: enough to tell whether a word is in it."""
    return set(re.findall(r"[^\W_]{3,}", data.removeprefix(b"pagefind_dcd").decode("utf-8", "replace")))
