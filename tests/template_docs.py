"""The documentation of what templates receive (`templates/README.md`), made of `sitegen/contexts.py`.

`python -m tests.template_docs` writes it anew; a test compares the two.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sitegen import contexts
from sitegen.renderer import CONTEXTS

DOCUMENT = Path(__file__).parents[1] / "templates" / "README.md"
_HEAD = """# What a template receives

This page is made of `sitegen/contexts.py` by `python -m tests.template_docs`; a test compares the two.

Every template is given three values: `view`, the record of its page (below); `page`, a `Page`; and `root`, which leads from
the page to the top of the archive (`..`, `../..`, `.`). `site`, a `Site`, is the same on all pages. Every `url` begins with
`/`, and a template writes `{{ root }}{{ x.url }}`; an empty one means that there is no page. Dates are ISO 8601 texts at the
precision known. `level` is a shade or height from 0 to 5.

A template may extend the theme's own of the same name: `{% extends "theme/article.html" %}`, and replace one of its blocks.
"""


def document() -> str:
    """The whole page."""
    records = dict(_records())
    by_record: dict[str, list[str]] = {}
    for template, record in CONTEXTS.items():
        # The renderer joins what the catalog tells of an article with its text.
        name = "ArticlePage" if record is contexts.ArticleContext else record.__name__
        by_record.setdefault(name, []).append(f"`{template}.html`")
    text = _HEAD
    text += "\n## The records of pages\n"
    text += "".join(_section(name, records[name], ", ".join(by_record[name])) for name in records if name in by_record)
    text += "\n## The records these are made of\n"
    inner = [name for name in records if name not in by_record and name != "ArticleContext"]
    return text + "".join(_section(name, records[name], "") for name in inner)


def _section(name: str, record: tuple[str, list[tuple[str, str, str]]], templates: str) -> str:
    summary, fields = record
    rows = "".join(f"| `{field}` | `{kind}` | {meaning} |\n" for field, kind, meaning in fields)
    heading = f"{name}: {templates}" if templates else name
    return f"\n### {heading}\n\n{summary}\n\n| field | type | meaning |\n|---|---|---|\n{rows}"


def _records() -> Iterator[tuple[str, tuple[str, list[tuple[str, str, str]]]]]:
    tree = ast.parse(Path(contexts.__file__).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, (_one_line(ast.get_docstring(node) or ""), list(_fields(node)))


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    for part, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            meaning = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                meaning = _one_line(str(after.value.value))
            yield part.target.id, ast.unparse(part.annotation).replace("|", "or"), meaning


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
