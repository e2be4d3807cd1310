"""Markdown as sitegen sets it up, and the limits beyond which a text is not given to it.

The extensions are those of `extra` but one (fenced code, footnotes, attribute lists, definition lists, tables,
abbreviations), and `sane_lists`. Left out: `md_in_html`, because saved pages with stray tags would be read as Markdown
in the middle of their HTML; `smarty`, because saved text is never re-punctuated. `sane_lists` is in because a bulleted
list after a numbered one is a list of its own, and a list that begins with 4 is meant to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown import Markdown

# Each limit is about half a second of Markdown's or the sanitiser's time; measured on two slow cores.
_MAX_LENGTH: Final = 1_000_000
_MAX_DEPTH_SUM: Final = 2_000_000
_MAX_WORK: Final = 20_000_000
_MAX_INLINE_WORK: Final = 400_000_000
_MAX_FOOTNOTE_SIGNS: Final = 1_000
_MAX_OPEN_ELEMENTS: Final = 4_000
_MAX_ABBREVIATED: Final = 100_000
_MAX_COLUMNS: Final = 500
_FEW: Final = 200
_NESTED_MARKERS: Final = re.compile(r"(?:[*+-] |[0-9]+\. |> ?){40}")
_FENCE_LINE: Final = re.compile(r"^ {0,3}(?:~~~|```)", re.MULTILINE)
_BREAKING_LINE: Final = re.compile(r"^(?: {0,3}(?:=|:[ ]|(?:[-_*] *){3,}$)|#)|^-+ *$", re.MULTILINE)
_INLINE_SIGN: Final = re.compile(r"[*_`\[\\<&]|  \n")
_LIST: Final = re.compile(r" {0,3}(?:[*+-]|[0-9]+\.) ")
_ITEM: Final = re.compile(r"\n(?= {0,7}(?:[*+-]|[0-9]+\.) )")
_START_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_NESTED: Final = frozenset(("br", "hr", "img", "p", "li", "tr", "td", "th", "input", "wbr", "dt", "dd"))


class TooCostlyError(Exception):
    """A text that Markdown would need too long for, or cannot convert; the message says why."""


class MarkdownConverter:
    """Markdown for one document, loaded only when something needs it.

    One document gets an instance of its own (0.3 ms): an instance that was used, or that failed, keeps state.
    """

    def __init__(self) -> None:
        self._markdown: Markdown | None = None

    def __call__(self, text: str) -> str:
        """The HTML of `text`; raises `TooCostlyError`."""
        reason = why_too_costly(text)
        if reason:
            raise TooCostlyError(reason)
        if self._markdown is None:
            self._markdown = new_markdown()
        try:
            return self._markdown.reset().convert(text)
        except RecursionError:
            raise TooCostlyError("its lists or quotations are nested too deeply") from None
        except Exception as error:
            # Markdown promises to take any text, and fuzzing shows that it does not; one bad text costs one article.
            raise TooCostlyError(f"Markdown fails on it ({type(error).__name__})") from error


def new_markdown() -> Markdown:
    """A Markdown instance with the extensions in use."""
    # Most articles take the fast path, so that a small archive is built without this import.
    from markdown import Markdown
    from markdown.extensions.abbr import AbbrExtension
    from markdown.extensions.attr_list import AttrListExtension
    from markdown.extensions.def_list import DefListExtension
    from markdown.extensions.fenced_code import FencedCodeExtension
    from markdown.extensions.footnotes import FootnoteExtension
    from markdown.extensions.sane_lists import SaneListExtension
    from markdown.extensions.tables import TableExtension

    return Markdown(
        extensions=[
            FencedCodeExtension(),
            FootnoteExtension(),
            AttrListExtension(),
            DefListExtension(),
            # A style attribute would be refused by the site's content security policy.
            TableExtension(use_align_attribute=True),
            AbbrExtension(),
            SaneListExtension(),
        ]
    )


def why_too_costly(text: str) -> str:  # noqa: PLR0911 (one return for each case)
    """Why the time for `text` could grow with the square of its length, or `""`.

    Markdown looks from each opening bracket, unpaired backtick or tag for its end, cuts a block anew at each heading
    or rule in it, and copies a paragraph at each sign of markup; the sanitiser's time grows with the depth of
    elements. What is counted here is how far that looking and copying goes.
    """
    if len(text) > _MAX_LENGTH:
        return f"it is longer than {_MAX_LENGTH:,} characters"
    if text.count("[") + text.count("(") > _FEW and _depth_sum(text, "[(", "])", _MAX_DEPTH_SUM) > _MAX_DEPTH_SUM:
        return "it holds too many brackets that do not close"
    if text.count("<") > _FEW and (_open_tags(text) > _MAX_WORK or _open_elements(text) > _MAX_OPEN_ELEMENTS):
        return "it holds too many tags that do not close"
    if (text.count("]:") + text.count("] :") + len(_FENCE_LINE.findall(text))) * len(text) > _MAX_WORK:
        return "it holds too many definitions or fences"
    if text.count("[^") > _MAX_FOOTNOTE_SIGNS:
        return "it holds too many signs of footnotes"
    if _NESTED_MARKERS.search(text):
        return "its lists or quotations are nested too deeply"
    return next(filter(None, map(_why_block_too_costly, text.split("\n\n"))), "")


def _why_block_too_costly(block: str) -> str:  # noqa: PLR0911 (one return for each case)
    if len(block) <= _FEW:
        return ""
    if block.count("`") * len(block) > _MAX_WORK:
        return "it holds too many backticks in one paragraph"
    if len(_BREAKING_LINE.findall(block)) * len(block) > _MAX_WORK:
        return "it holds too many headings, rules or definitions without a blank line between them"
    if len(block) > _MAX_ABBREVIATED and "*[" in block:
        return "it holds abbreviations in too long a paragraph"
    if block.count("|") > _MAX_COLUMNS and max(line.count("|") for line in block.split("\n")) > _MAX_COLUMNS:
        return "it holds a table of too many columns"
    # The items of a list are texts of their own.
    for part in _ITEM.split(block) if _LIST.match(block) else (block,):
        if len(_INLINE_SIGN.findall(part)) * len(part) > _MAX_INLINE_WORK:
            return "it holds too much markup in one paragraph"
    return ""


def _depth_sum(text: str, openers: str, closers: str, limit: int) -> int:
    """The sum over all characters of how many brackets are open at them; a blank line closes all."""
    total = depth = 0
    last = 0
    for found in re.finditer(rf"[{re.escape(openers + closers)}]|\n\n", text):
        total += depth * (found.start() - last + 1)
        if total > limit:
            break
        last = found.start()
        if found[0] in openers:
            depth += 1
        elif found[0] in closers:
            depth = max(0, depth - 1)
        else:
            depth = 0
    return total + depth * (len(text) - last)


def _open_tags(text: str) -> int:
    """The sum over all `<` of the distance to the next `>`."""
    total = opened = last = 0
    for found in re.finditer("[<>]", text):
        total += opened * (found.start() - last)
        last = found.start()
        opened = opened + 1 if found[0] == "<" else 0
    return total + opened * (len(text) - last)


def _open_elements(text: str) -> int:
    """How many elements are opened and not closed, as far as counting by name can tell."""
    balance: dict[str, int] = {}
    for closing, name in _START_TAG.findall(text):
        balance[name.lower()] = balance.get(name.lower(), 0) + (-1 if closing else 1)
    return sum(count for name, count in balance.items() if count > 0 and name not in _NEVER_NESTED)
