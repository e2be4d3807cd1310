"""Escaping for HTML in compiled templates, without the cost of a new `Markup` object for every value.

`markupsafe.escape` makes a `Markup` of each string, which a template then joins and throws away: about a microsecond,
forty times a page. What a template writes needs only the text.
"""

from __future__ import annotations

from typing import Any

import markupsafe

try:
    from markupsafe._speedups import _escape_inner as quick
except ImportError:  # another version of MarkupSafe, or one without its C part

    def quick(text: str, /) -> str:
        """A plain string, escaped."""
        return str(markupsafe.escape(text))


def escape(value: Any) -> str:
    """The text of `value` with `&<>'"` escaped, as `markupsafe.escape` writes it; `Markup` stays as it is."""
    kind = type(value)
    if kind is str:
        return quick(value)
    return value if kind is markupsafe.Markup else str(markupsafe.escape(value))


class Whole:
    """What a template's line is written with in place of a list: gives its pieces as one text."""

    extend = staticmethod("".join)

    @staticmethod
    def append(text: str) -> str:
        """The one piece."""
        return text


whole = Whole()
