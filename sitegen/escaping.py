"""Escaping for HTML in compiled templates, without the cost of a new `Markup` object for every value.

`markupsafe.escape` makes a `Markup` of each string, which a template then joins and throws away: about a microsecond,
forty times a page. What a template writes needs only the text.
"""

from __future__ import annotations

from typing import Any

import markupsafe

try:
    from markupsafe._speedups import _escape_inner as _escape
except ImportError:  # another version of MarkupSafe, or one without its C part

    def _escape(text: str, /) -> str:
        return str(markupsafe.escape(text))


def escape(value: Any) -> str:
    """The text of `value` with `&<>'"` escaped, as `markupsafe.escape` writes it; `Markup` stays as it is."""
    kind = type(value)
    if kind is str:
        return _escape(value)
    return value if kind is markupsafe.Markup else str(markupsafe.escape(value))
