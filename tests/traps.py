"""Source texts with their expected record in one file: a mark before each line says what the line is.

A `.trap` file holds, for each article, its expected fields as `name: value`, a line `---`, and the text's lines, each
with a mark and `|` before it: `P` opens a paragraph and `p` goes on with it, `S` is a subhead, `L` an item of a list,
`X` is boilerplate, which must be dropped, `F` belongs to a picture, `.` is anything else. `[[…]]` in a paragraph is
boilerplate that is glued to it. A line `===` parts the articles. `\\x01`, `\\u200b` and `\\t` stand for what they mean.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Article, ListBlock, Moment, Paragraph, Reading, Subhead

_FILE_FIELDS: Final = ("trap", "file", "encoding", "newline", "problems")
_LISTS: Final = ("authors", "agencies", "tags")
_TEXTS: Final = ("title", "source", "section", "summary", "published", "updated", "dateline")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(t)|(f)|(n))")
_GLUED = re.compile(r"\[\[(.+?)\]\]")


class Trap(Struct, frozen=True):
    """A source text, and what is to be made of it."""

    name: str
    trap: str
    """The trap of the layout's description for which it was written."""
    file: str
    data: bytes
    articles: tuple[dict[str, Any], ...]
    boilerplate: tuple[str, ...]
    problems: tuple[str, ...]
    """Codes of the warnings and errors, in order."""


def load_trap(path: Path) -> Trap:
    """The trap in a file."""
    known = {"file": f"{path.stem}.txt", "encoding": "utf-8", "newline": "\n", "problems": ""}
    articles: list[dict[str, Any]] = []
    lines: list[str] = []
    boilerplate: list[str] = []
    for part in re.split(r"^===\n", path.read_text("utf-8"), flags=re.MULTILINE):
        head, _, text = part.partition("---\n")
        fields = [row.split(": ", 1) for row in head.splitlines() if row]
        known |= {name: value for name, value in fields if name in _FILE_FIELDS}
        wanted = _expected([(name, value) for name, value in fields if name not in _FILE_FIELDS])
        rows = [_unescaped(row) for row in text.removesuffix("\n").split("\n")]
        given = wanted.pop("paragraphs")
        wanted |= _body(rows)
        wanted["paragraphs"] = given + wanted["paragraphs"]
        lines += [_GLUED.sub(r"\1", row[2:]) for row in rows]
        boilerplate += [row[2:] for row in rows if row[:1] == "X"]
        boilerplate += [match for row in rows if row[:1] in "Pp" for match in _GLUED.findall(row)]
        articles.append(wanted)
    data = known["newline"].replace("CRLF", "\r\n").join(lines).encode(known["encoding"])
    articles = [article for article in articles if article.pop("none") == ""]
    return Trap(
        path.stem, known["trap"], known["file"], data, tuple(articles), tuple(boilerplate),
        tuple(known["problems"].split()),
    )  # fmt: skip


def _expected(fields: list[tuple[str, str]]) -> dict[str, Any]:
    wanted: dict[str, Any] = dict.fromkeys((*_TEXTS, "none"), "")
    wanted |= {name: [] for name in (*_LISTS, "figures", "paragraphs")}
    for name, value in fields:
        if name == "figure":
            wanted["figures"].append([part.strip() for part in _unescaped(f"{value} ").split("||")])
        elif name == "paragraph":
            wanted["paragraphs"].append(value)
        else:
            text = _unescaped(value)
            wanted[name] = [part.strip() for part in text.split(";")] if name in _LISTS else text
    return wanted


def _body(rows: list[str]) -> dict[str, Any]:
    paragraphs: list[str] = []
    items: list[str] = []
    subheads: list[str] = []
    for row in rows:
        mark, text = row[:1], row[2:]
        if mark == "P":
            paragraphs += [_plain(part) for part in _GLUED.sub("\0", text).split("\0") if part.strip()]
        elif mark == "p":
            paragraphs[-1] += f" {_plain(text)}"
        elif mark == "S":
            subheads.append(_plain(text))
        elif mark == "L":
            items.append(_plain(text).lstrip("-*•0123456789. "))
    return {"paragraphs": paragraphs, "subheads": subheads, "items": items}


def _plain(text: str) -> str:
    """White space, control characters and the marks at a line's ends as the readers normalise them."""
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e]", "", text)
    return " ".join(text.split()).strip("\u200e\u200f")


def _unescaped(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        if match[3] or match[4] or match[5]:
            return "\t" if match[3] else "\f" if match[4] else "\n"
        return chr(int(match[1] or match[2], 16))

    return _ESCAPE.sub(char, text)


def read_trap(trap: Trap) -> Reading:
    """What the readers make of it."""
    return read_source(trap.file, trap.data, ReadingSettings())


def faults(trap: Trap, reading: Reading) -> list[str]:
    """Everything in which the reading differs from what is wanted, field by field."""
    found = []
    if len(reading.articles) != len(trap.articles):
        found.append(f"{len(reading.articles)} articles, not {len(trap.articles)} ({reading.layout})")
    for number, (article, wanted) in enumerate(zip(reading.articles, trap.articles, strict=False)):
        shown = _shown(article)
        found += [
            f"{number}.{name}: {shown[name]!r}, not {value!r}" for name, value in wanted.items() if shown[name] != value
        ]
        found += _misplaced(trap, article, wanted["paragraphs"])
    codes = tuple(problem.code for problem in reading.problems if problem.severity != "note")
    if codes != trap.problems:
        found.append(f"problems: {codes}, not {trap.problems}")
    return found


def _misplaced(trap: Trap, article: Article, paragraphs: list[str]) -> list[str]:
    """Boilerplate in the body, and body in `dropped`."""
    shown = [getattr(block, "text", "") for block in article.body]
    shown += [item for block in article.body if isinstance(block, ListBlock) for item in block.items]
    dropped = [drop.text for drop in article.dropped]
    wrong = [f"in the body: {text!r}" for text in trap.boilerplate if _plain(text) in shown]
    return wrong + [f"in `dropped`: {text!r}" for text in paragraphs if text in dropped]


def _shown(article: Article) -> dict[str, Any]:
    return {
        "title": article.title, "source": article.source, "section": article.section, "summary": article.summary,
        "authors": list(article.authors), "agencies": list(article.agencies),
        "published": _iso(article.published), "updated": _iso(article.updated), "stamp": _iso(article.byline_stamp),
        "dateline": article.dateline, "tags": [tag.name for tag in article.tags], "language": article.language,
        "figures": [[figure.caption, figure.credit] for figure in article.figures],
        "paragraphs": [block.text for block in article.body if isinstance(block, Paragraph)],
        "subheads": [block.text for block in article.body if isinstance(block, Subhead)],
        "items": [item for block in article.body if isinstance(block, ListBlock) for item in block.items],
        "corrections": " / ".join(article.corrections), "url": article.original_url, "id": article.id,
    }  # fmt: skip


def _iso(moment: Moment | None) -> str:
    return moment.iso if moment else ""
