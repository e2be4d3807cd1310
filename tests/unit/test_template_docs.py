"""The documentation of what templates receive."""

from __future__ import annotations

import re

from sitegen import contexts
from sitegen.renderer import CONTEXTS
from tests.template_docs import DOCUMENT, document


def test_the_documentation_lists_exactly_what_templates_receive() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_template_and_every_field_is_in_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for template, record in CONTEXTS.items():
        kind = contexts.ArticlePage if record is contexts.ArticleContext else record
        [section] = re.findall(rf"^### {kind.__name__}: [^\n]*`{template}\.html`.*?(?=^###? |\Z)", text, re.M | re.S)
        assert re.findall(r"^\| `(\w+)` \|", section, re.M) == list(kind.__struct_fields__)
