"""The straight way from Markdown's HTML to the page's, for the blocks that news prose is made of.

Sanitising, placing pictures, numbering subheads and taking out the plain text are each a walk over the whole HTML of a
body. Where every block was turned into HTML by hand (`fastpath`), what those walks would do to it is known beforehand,
and done block by block here. A property test shows that the result is the same.

Why the sanitiser need not look: the shortcut in front of Markdown writes well-formed elements from a closed list
(`p`, `h1`-`h6`, `ul`, `ol`, `li`, `blockquote`, `em`, `strong`, `a`, `img`), escapes all text, and lets no raw HTML
pass. Of its attributes only common addresses of the web and plain relative paths are taken here; a no-break space,
which the sanitiser writes as a reference, is not.
"""

from __future__ import annotations

import re
from typing import Final

from sitegen.addresses import COMMON_URL
from sitegen.bodies.fastpath import PLAIN, STASHED, block_html, crowded, pieces_of
from sitegen.bodies.figures import FigureList, marker
from sitegen.bodies.markup import attributes, text_of
from sitegen.bodies.page import PageHtml

_WEB_LINK: Final = re.compile(rf'<a href="({COMMON_URL})">')
_PICTURE: Final = re.compile(
    rf'<p><img( alt="[^"]*" src="(?:{COMMON_URL}|/?[A-Za-z0-9_][A-Za-z0-9_./-]*)"(?: title="[^"]*")?) /></p>\Z'
)


def straight(text: str, page: PageHtml, figures: FigureList) -> tuple[str, list[str], bool] | None:  # noqa: PLR0912 (one for each shape)
    """The HTML of the page and the plain texts of a Markdown document; None where Markdown or the sanitiser has to look.

    With them whether the HTML is single-spaced (see `Body`). Where the answer is None, neither `page` nor `figures` has changed.
    """
    if "\xa0" in text or STASHED in text:
        return None
    pieces = pieces_of(text)
    if pieces is None:
        return None
    out: list[str] = []
    plain: list[str] = []
    headings: list[tuple[int, int, str]] = []
    pictures: list[tuple[int, str]] = []
    containers: list[int] = []
    single_spaced = True
    for piece in pieces:
        if PLAIN.match(piece):
            doubled = "  " in piece
            single_spaced = single_spaced and not doubled
            plain.append(" ".join(piece.split()) if doubled or "\n" in piece else piece.strip())
            out.append(f"<p>{piece}</p>")
            continue
        final = block = block_html(piece)
        if block is None:
            return None
        if block[:3] == "<p>":
            inner = block[3:-4]
            if "<" not in inner:
                plain.append(text_of(inner))
            elif block[3:8] == "<img " and (found := _PICTURE.match(block)):
                pictures.append((len(out), found[1]))
            elif (final := _inline(inner)) is not None:
                plain.append(text_of(final))
                final = f"<p>{final}</p>"
        elif block[:2] == "<h":
            final = _inline(block[4:-5])
            headings.append((len(out), int(block[2]), final or ""))
        elif block:
            containers.append(len(out))
            final = _lines(block, plain)
        if final is None:
            return None
        single_spaced = single_spaced and "  " not in final
        out.append(final)
    if (containers and crowded(containers, pieces)) or not all(text_of(inner) for _, _, inner in headings):
        return None
    for place, values in pictures:
        out[place] = marker(figures.add(attributes(values)))
    _number(headings, out, page)
    return "\n".join(filter(None, out)).strip(), [text for text in plain if text], single_spaced


def _number(headings: list[tuple[int, int, str]], out: list[str], page: PageHtml) -> None:
    """Give subheads their levels and ids; each is known by its place in `out`, its level and its text."""
    ranks = {level: rank for rank, level in enumerate(sorted({level for _, level, _ in headings}), start=2)}
    previous = 1
    for place, level, inner in headings:
        previous = min(ranks[level], previous + 1, 6)
        out[place] = f'<h{previous} id="{page.name(text_of(inner))}">{inner}</h{previous}>'


def _inline(inner: str) -> str | None:
    """The inside of a block with its links as they stand on the page, or None."""
    if "<a " not in inner and "<img" not in inner:
        return inner
    final, links = _WEB_LINK.subn(r'<a href="\1" rel="external noopener">', inner)
    return final if links == inner.count("<a ") and "<img" not in inner else None


def _lines(block: str, plain: list[str]) -> str | None:
    """A list or a quotation, its texts put among `plain`; or None."""
    start = block.index("\n") + 1
    end = block.rindex("\n")
    final = _inline(block[start:end])
    if final is None:
        return None
    if block[1] == "b":
        plain.append(text_of(final[3:-4]))
    else:
        plain += [text_of(item[4:-5]) for item in final.split("\n")]
    return block[:start] + final + block[end:]
