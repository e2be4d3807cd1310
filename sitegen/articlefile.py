"""An article as one Markdown file with front matter, from which the same record is read again.

What the keys that people write cannot say (a headline with two spaces in it, a name that reads like two) stands under
`exact`, as JSON, and nowhere else; so a person's edit of any other key counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import msgspec
from msgspec.structs import asdict

from sitegen.bodies import Body, InspectBlock, blocks_for_inspect
from sitegen.plainmarkdown import markdown_of
from sitegen.readers.values import direction_of
from sitegen.records import Article, Figure, Moment

_MOMENTS: Final = (
    ("date", "published"), ("updated", "updated"), ("retrieved", "retrieved"), ("byline_stamp", "byline_stamp"),
)  # fmt: skip
_NOT_COMPARED: Final = frozenset(("body", "dropped", "line", "figures"))
_TEXTS: Final = ("source", "section", "dateline")
_AMPERSAND: Final = re.compile(r"&(?=#?\w+;)")


def article_file(article: Article, *, origin: str, exact: frozenset[str] = frozenset()) -> str:
    """The file's text; `origin` says where the article came from, `exact` names fields that plain keys cannot say."""
    lines = ["---", *_matter(article, exact), f"imported_from: {_text(origin)}"]
    if exact:
        values = {name: msgspec.to_builtins(getattr(article, name)) for name in sorted(exact)}
        lines.append(f"exact: {_quoted(json.dumps(json.dumps(values, ensure_ascii=False), ensure_ascii=False))}")
    body = "" if "body" in exact else markdown_of(article.body)
    return "\n".join((*lines, "---", "", body, "")) if body else "\n".join((*lines, "---", ""))


def differing(article: Article, body: Body, again: Article, body_again: Body) -> frozenset[str]:
    """The names of the fields in which two readings differ; how the text is written down does not count."""
    ours, theirs = asdict(article), asdict(again)
    names = {name for name in ours if name not in _NOT_COMPARED and ours[name] != theirs[name]}
    if body.figures != body_again.figures:
        names.add("figures")
    if _meaning(article, body) != _meaning(again, body_again) or body.plain != body_again.plain:
        names.add("body")
    return frozenset(names)


def _meaning(article: Article, body: Body) -> list[InspectBlock]:
    """The blocks of a text, white space apart that no browser shows."""
    return [{name: _shown(value, block["kind"]) for name, value in block.items()}
            for block in blocks_for_inspect(article, body)]  # fmt: skip


def _shown(value: str | int | list[str], kind: str | int | list[str]) -> str | int | list[str]:
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return [" ".join(item.split()) for item in value]
    return value.strip("\n") if kind == "preformatted" else " ".join(value.split())


# -- front matter -----------------------------------------------------------------------------------------------------


def _matter(article: Article, exact: frozenset[str]) -> Iterator[str]:
    """The lines of the front matter, a key where the field has a value."""

    def pairs() -> Iterator[tuple[str, str, str]]:
        yield "title", "title", _text(article.title)
        yield "summary", "summary", _text(article.summary)
        for key, name in _MOMENTS:
            moment: Moment | None = getattr(article, name)
            yield key, name, _text(moment.iso) if moment else ""
        yield "authors", "authors", _texts(article.authors)
        yield "agencies", "agencies", _texts(article.agencies)
        for name in _TEXTS:
            yield name, name, _text(getattr(article, name))
        yield "tags", "tags", _texts(tuple(tag.name for tag in article.tags))
        earned = {tag.name: tag.origin for tag in article.tags if tag.origin != "given"}
        yield "tag_origins", "tags", _quoted(json.dumps(earned, ensure_ascii=False)) if earned else ""
        yield "lang", "language", _text(article.language)
        yield "dir", "direction", "" if article.direction == direction_of(article.language) else article.direction
        yield "original_url", "original_url", _text(article.original_url)
        yield "rights", "rights", article.rights
        yield "id", "id", _text(article.id)
        yield "slug", "slug", _text(article.slug)
        yield "permalink", "permalink", _text(article.permalink)
        yield "aliases", "aliases", _texts(article.aliases)
        yield "draft", "draft", "true" if article.draft else ""
        yield "corrections", "corrections", _texts(article.corrections)

    for key, name, value in pairs():
        if value and name not in exact:
            yield f"{key}: {value}"
    yield from _zones(article, exact)
    if article.figures and "figures" not in exact:
        yield "figures:"
        for figure in article.figures:
            yield from _figure(figure)


def _zones(article: Article, exact: frozenset[str]) -> Iterator[str]:
    """Which of the times name a zone that nobody stated, and which name none."""
    times = [(name, getattr(article, name)) for _, name in _MOMENTS if name not in exact]
    times = [(name, moment) for name, moment in times if moment is not None]
    assumed = tuple(name for name, moment in times if moment.zone_assumed)
    unknown = tuple(name for name, moment in times if moment.has_time and moment.instant() is None)
    if assumed:
        yield f"zones_assumed: {_texts(assumed)}"
    if unknown:
        yield f"zones_unknown: {_texts(unknown)}"


def _figure(figure: Figure) -> Iterator[str]:
    values = [(name, _text(getattr(figure, name))) for name in ("caption", "credit", "alt")]
    if figure.file:
        is_web = figure.file.startswith(("http://", "https://"))
        values.append(("file", _text(figure.file if is_web else "/" + quote(figure.file))))
    given = [(name, value) for name, value in values if value] or [("caption", '""')]
    for number, (name, value) in enumerate(given):
        yield f"  {' ' if number else '-'} {name}: {value}"


def _texts(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, values))}]" if values else ""


def _text(value: str) -> str:
    """A text as a quoted scalar of YAML; references of HTML in it are not resolved."""
    return _quoted(json.dumps(_AMPERSAND.sub("&amp;", value), ensure_ascii=False)) if value else ""


def _quoted(text: str) -> str:
    # YAML forbids what cannot be printed, which JSON knows how to spell.
    return text if text.isprintable() else "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in text)
