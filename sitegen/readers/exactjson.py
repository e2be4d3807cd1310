"""Articles as JSON objects that give the same record again.

The object is the one that everybody can read (`sitegen.articlejson`); where a record holds more than that tells, such
as a text in Markdown, the key `exact` has the fields as the record has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import asdict, replace

from sitegen.records import (
    Article,
    Block,
    Drop,
    Figure,
    FigureBlock,
    ListBlock,
    Moment,
    Paragraph,
    Precision,
    Preformatted,
    Quote,
    Subhead,
    Tag,
)

_MOMENTS: Final = ("published", "updated", "retrieved", "byline_stamp")
_TEXTS: Final = ("title", "summary", "source", "section", "dateline", "original_url")
_PRECISIONS: Final[Mapping[int, Precision]] = {4: "year", 7: "month", 10: "day"}
_DAY: Final = 10
_MINUTE: Final = 16
_TextBlock = type[Paragraph] | type[Subhead] | type[Quote] | type[Preformatted]
_BLOCKS: Final[Mapping[object, _TextBlock]] = MappingProxyType(
    {"paragraph": Paragraph, "subhead": Subhead, "quote": Quote, "preformatted": Preformatted}
)


def article_of(found: Mapping[str, object], *, line: int = 1) -> Article:
    """The record of an object. Raises `ValueError` or msgspec's `ValidationError` for what is none."""
    assumed = set(_list(found, "zones_assumed"))
    values: dict[str, object] = {name: found.get(name) or "" for name in _TEXTS}
    values |= {name: _moment(found.get(name), assumed=name in assumed) for name in _MOMENTS}
    values |= {name: tuple(_list(found, name)) for name in ("authors", "agencies", "corrections")}
    values |= {name: found[name] for name in ("id", "rights", "language", "direction") if name in found}
    origins = found.get("tag_origins")
    origins = origins if isinstance(origins, dict) else {}
    values["tags"] = [Tag(str(name), origins.get(name, "given")) for name in _list(found, "tags")]
    values["figures"] = [_figure(each) for each in _list(found, "figures")]
    values["body"] = [block for each in _list(found, "body") if (block := _block(each))]
    values["dropped"] = [msgspec.convert(each, Drop) for each in _list(found, "dropped")]
    exact = found.get("exact")
    if isinstance(exact, dict):
        values |= {name: value for name, value in exact.items() if name in Article.__struct_fields__}
    return replace(msgspec.convert(values, Article), line=line)


def exact_fields(article: Article, found: Mapping[str, object]) -> dict[str, object]:
    """The fields of a record that its object does not give again, as JSON can hold them."""
    again, wanted = asdict(article_of(found)), asdict(replace(article, line=1))
    differing = {name: value for name, value in wanted.items() if again[name] != value}
    return {name: msgspec.to_builtins(value) for name, value in differing.items()}


def with_exact(article: Article, text: str) -> Article:
    """`article` with fields taken from a JSON object. Raises `ValueError` for what is none."""
    values = msgspec.json.decode(text, type=dict[str, object])
    known = {name: value for name, value in values.items() if name in Article.__struct_fields__}
    return msgspec.convert({**msgspec.to_builtins(article), **known}, Article)


def _list(found: Mapping[str, object], name: str) -> list[object]:
    value = found.get(name)
    return value if isinstance(value, list) else list(value) if isinstance(value, tuple) else []


def _moment(iso: object, *, assumed: bool) -> Moment | None:
    if not isinstance(iso, str) or not iso:
        return None
    if len(iso) <= _DAY:
        return Moment(iso, _PRECISIONS.get(len(iso), "day"), assumed)
    return Moment(iso, "second" if iso[_MINUTE : _MINUTE + 1] == ":" else "minute", assumed)


def _figure(found: object) -> Figure:
    if not isinstance(found, dict):
        raise ValueError("a figure is not an object")
    texts = {name: found.get(name) or "" for name in ("caption", "credit", "alt")}
    return msgspec.convert({**texts, "file": found.get("file")}, Figure)


def _block(found: object) -> Block | None:
    if not isinstance(found, dict):
        raise ValueError("a block of the body is not an object")
    kind = found.get("kind")
    if kind == "figure":
        return msgspec.convert({"kind": kind, "figure": found.get("figure")}, FigureBlock)
    if kind == "list":
        return msgspec.convert({"kind": kind, "items": found.get("items")}, ListBlock)
    if kind in _BLOCKS:
        return msgspec.convert({"kind": kind, "text": found.get("text")}, _BLOCKS[kind])
    text = found.get("text")
    # HTML that is none of these is kept as a text of its own.
    return Preformatted(text) if isinstance(text, str) and text else None
