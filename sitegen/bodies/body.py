"""An article's body as HTML, with what was found on the way: figures, links, contents, plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from sitegen.bodies.conversion import MarkdownConverter, TooCostlyError
from sitegen.bodies.fastpath import blocks_of, join
from sitegen.bodies.figures import FigureList, marker, place_figures
from sitegen.bodies.markup import paragraphs_of
from sitegen.bodies.page import PageHtml
from sitegen.bodies.sanitise import hidden_elements, hidden_spans, sanitise, strip_control_characters
from sitegen.bodies.shortcodes import expand_shortcodes, may_have_shortcodes
from sitegen.bodies.straight import straight
from sitegen.problems import report
from sitegen.records import (
    Article,
    Block,
    Drop,
    Figure,
    FigureBlock,
    ListBlock,
    MarkdownBlock,
    Paragraph,
    Preformatted,
    Problem,
    Quote,
    Subhead,
)

Exists = Callable[[str], bool]

# Scripts that put no spaces between words; two of their characters count as a word.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LONG_WORD: Final = 12
_BLANK_LINES: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Body(Struct, frozen=True, kw_only=True):
    """A body ready for the page.

    In `html`, U+0003 n U+0003 on a line of its own stands for `figures[n]`, and an `href` of U+0002 path U+0002 for
    the address of a file of the archive (`path` is relative to `articles/` and HTML-escaped; `local_links` has it
    plain). A figure's `file` is a path relative to `articles/`, a web address (shown as a link, never loaded), or
    None.
    """

    html: str
    figures: tuple[Figure, ...] = ()
    plain: tuple[str, ...] = ()
    """The text of the paragraphs, list items, quotations and table cells, without markup."""
    words: int = 0
    single_spaced: bool = False
    """Whether it is known that `html` has no two spaces in a row, and no no-break spaces."""
    contents: tuple[tuple[str, str], ...] = ()
    """The subheads: id and text."""
    local_links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: tuple[Drop, ...] = ()
    """HTML elements that are left out with all they hold."""


def render_body(article: Article, *, file: str, exists: Exists | None = None) -> Body:
    """The body of `article`, which was read from `file` (relative to `articles/`).

    `exists` says whether a path relative to `articles/` is a file; without it all are taken to be there. Plain-text
    blocks are escaped and wrapped and never go through Markdown; a Markdown block is converted and sanitised.
    """
    return _Rendering(article, file, exists).run()


class _Rendering:
    """One article on its way to HTML."""

    def __init__(self, article: Article, file: str, exists: Exists | None) -> None:
        self._article = article
        self._file = file
        self._exists = exists
        self._problems: list[Problem] = []
        self._place = (article.line, "")
        self._figures = FigureList(article.figures, file=file, exists=exists, complain=self._complain)
        self._page = PageHtml(file=file, exists=exists, complain=self._complain)
        self._plain: list[str] = []
        self._single_spaced = True
        self._dropped: list[Drop] = []

    def run(self) -> Body:
        out = [self._block(block) for block in self._article.body]
        return Body(
            html="\n".join(filter(None, out)),
            figures=tuple(self._figures.figures),
            plain=tuple(self._plain),
            words=sum(map(count_words, self._plain)),
            single_spaced=self._single_spaced,
            contents=tuple(self._page.contents),
            local_links=tuple(self._page.local_links),
            problems=tuple(self._problems),
            dropped=tuple(self._dropped),
        )

    def _block(self, block: Block) -> str:  # noqa: PLR0911 (one return for each case)
        if isinstance(block, Paragraph):
            return self._prose(block.text, "p")
        if isinstance(block, MarkdownBlock):
            return self._markdown(block)
        if isinstance(block, FigureBlock):
            return marker(block.figure) if 0 <= block.figure < len(self._figures.figures) else ""
        if isinstance(block, Subhead):
            name = f"s{len(self._page.contents) + 1}"
            self._page.contents.append((name, " ".join(block.text.split())))
            heading = _escape(block.text)
            self._single_spaced = self._single_spaced and "  " not in heading and "\xa0" not in heading
            return f'<h2 id="{name}">{heading}</h2>'
        if isinstance(block, ListBlock):
            tag = "ol" if block.ordered else "ul"
            return "\n".join((f"<{tag}>", *(self._prose(item, "li") for item in block.items), f"</{tag}>"))
        if isinstance(block, Quote):
            return f"<blockquote>\n{self._prose(block.text, 'p')}\n</blockquote>"
        assert isinstance(block, Preformatted)
        self._single_spaced = False
        # HTML swallows the first line end after <pre>.
        return f'<pre tabindex="0">\n{_escape(block.text)}</pre>'

    def _prose(self, text: str, tag: str) -> str:
        text = strip_control_characters(text)
        plain = " ".join(text.split())
        self._plain.append(plain)
        self._single_spaced = self._single_spaced and plain == text
        return f"<{tag}>{html.escape(text, quote=False)}</{tag}>"

    def _markdown(self, block: MarkdownBlock) -> str:
        text = strip_control_characters(block.text)
        self._place = (block.line, text)
        if "<" in text:
            for name in hidden_elements(text):
                self._complain("W224", f"the HTML element <{name}> and what it holds are not shown", f"<{name}")
        written = expand_shortcodes(text, self._complain) if may_have_shortcodes(text) else text
        done = straight(written, self._page, self._figures)
        if done is not None:
            self._plain += done[1]
            self._single_spaced = self._single_spaced and done[2]
            return done[0]
        self._single_spaced = False
        found = blocks_of(written)
        convert = MarkdownConverter()
        try:
            converted = convert(written) if found is None else join(written, *found, convert)
        except TooCostlyError as error:
            self._complain("W223", f"the text is shown without its Markdown, because {error}", "")
            return "\n".join(self._prose(part, "p") for part in _BLANK_LINES.split(text.strip()))
        # One that is shown as code is written out, and hides nothing.
        self._dropped += [
            Drop(line=block.line + text.count("\n", 0, start), text=text[start:end], rule="hidden-element")
            for start, end in (hidden_spans(text) if "<" in text else ())
            if html.escape(text[start : start + 7]) not in converted
        ]
        placed = place_figures(sanitise(converted), self._figures)
        self._plain += paragraphs_of(placed)
        return self._page.finish(placed)

    def _complain(self, code: str, message: str, about: str) -> None:
        line, text = self._place
        found = text.find(about) if about else -1
        column = 0
        if found >= 0:
            line += text.count("\n", 0, found)
            column = found - text.rfind("\n", 0, found)
        self._problems.append(report(code, message, file=self._file, line=line, column=column))


def count_words(text: str) -> int:
    """How many words a reader reads in `text`, whose white space is collapsed; in scripts without spaces, two
    characters are taken for one.
    """
    words = text.count(" ") + 1 if text else 0
    # Words of more than a dozen letters on average are not words; the test spares the search in all other texts.
    return words + len(_UNSPACED.findall(text)) // 2 if len(text) > _LONG_WORD * words else words


def _escape(text: str) -> str:
    return html.escape(strip_control_characters(text), quote=False)
