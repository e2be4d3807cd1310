"""Articles as rows of a table: from a line of JSON to cells."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from sitegen.bodies.markup import text_of

COLUMNS = (
    "id", "title", "summary", "authors", "agencies", "source", "section", "published", "updated", "retrieved",
    "dateline", "tags", "language", "rights", "original_url", "url", "text",
)  # fmt: skip
"""The columns of a table of articles."""
JOINT = "; "
"""What stands between several values in one cell."""


class Row(Struct, frozen=True):
    """An article in a table: its cells by column, its authors, and its tags with where each came from."""

    cells: Mapping[str, str]
    authors: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]


class _Line(Struct, frozen=True):
    """What tables take from a line of JSON."""

    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    tags: tuple[str, ...]
    tag_origins: dict[str, str]
    body: list[dict[str, object]] | None


def row_of(line: bytes) -> Row:
    """The row of an article's line of JSON."""
    values = msgspec.json.decode(line, type=dict[str, object])
    parts = msgspec.convert(values, _Line)
    lists = {"authors": parts.authors, "agencies": parts.agencies, "tags": parts.tags}
    cells = {name: str(values.get(name) or "") for name in COLUMNS}
    cells |= {name: JOINT.join(each) for name, each in lists.items()}
    cells["text"] = "\n\n".join(filter(None, map(_text, parts.body or ())))
    return Row(cells, parts.authors, tuple((tag, parts.tag_origins.get(tag, "given")) for tag in parts.tags))


def _text(block: Mapping[str, object]) -> str:
    if block.get("kind") == "html":
        return text_of(str(block.get("text", "")))
    items = block.get("items")
    return "\n".join(map(str, items)) if isinstance(items, list) else str(block.get("text") or "")
