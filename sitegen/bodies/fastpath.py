"""Markdown to HTML, with a shortcut for blocks that provably need no Markdown.

Most news prose has no markup but paragraphs, subheads, a link, an emphasis. Such blocks are turned into HTML by hand;
runs of all other blocks go through Markdown; and a document with anything whose effect may reach beyond its own block
goes through Markdown as a whole. The result is byte for byte what Markdown gives for the document (a property test
shows it).

Why a block may be taken out of its document, with none of `_REACHES_FURTHER` in it: Markdown cuts a document at blank
lines and looks from one block at another only for definitions (`]:`), indented continuations (four spaces), definition
lists (a line that begins with `: `), raw HTML and fences, and neighbouring lists or quotations, which it joins. Lists
and quotations are therefore done by hand only between blocks that are neither, and that are done by hand themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Convert = Callable[[str], str]

# Each pair: a sign, and what it may begin. The search for one character is so fast that the longer ones are rarely
# made.
_REACHES_FURTHER: Final = (
    ("<", ("<",)),
    ("\t", ("\t",)),
    ("\r", ("\r",)),
    ("\x02", ("\x02",)),
    ("\x03", ("\x03",)),
    ("&", ("&#",)),
    ("`", ("```",)),
    ("~", ("~~~",)),
)
# The same for what begins a line. Nearly every block is a line of its own that begins with something else.
_LINES_REACH_FURTHER: Final = ("\n    ", "\n : ", "\n  : ", "\n   : ", "\n: ")

# What may begin a line of a paragraph, and a paragraph. A number and a full stop would begin a list.
_LINE: Final = r"(?![\s#>*+=_:|~`-])"
_START: Final = _LINE + r"(?!\d+\.\ )"
PLAIN: Final = re.compile(rf"{_START}[^*_`\[<>&\\{{|\n]++(?:(?<! )\n{_LINE}[^*_`\[<>&\\{{|\n]++)*\Z")
_MARKED: Final = re.compile(rf"{_START}[^`<\\{{\n]++(?:(?<! )\n{_LINE}[^`<\\{{|\n]++)*\Z")
_HEADING: Final = re.compile(r"(#{1,6}) +([^\s#`<\\{][^#`<\\{\n]*)\Z")
_BULLETS: Final = re.compile(r"- \S[^\n|]*(?:\n- \S[^\n|]*)*\Z")
_NUMBERED: Final = re.compile(r"1\. \S[^\n|]*(?:\n[0-9]+\. \S[^\n|]*)*\Z")
_QUOTE: Final = re.compile(r"> \S[^\n|]*(?:\n> \S[^\n|]*)*\Z")

_ENTITY: Final = re.compile(r"&\w+;")
# Alternatives for the title: with parentheses or with apostrophes. Both together mislead Markdown's search for its end.
_LINK: Final = re.compile(
    r"\[([^\[\]\n]+)\]\(([^\s()<>\"'\[\]]+)"
    r"(?:\ \"((?:[^\s\"'\[\]]|\ )+|(?:[^\s\"'()\[\]]|\ )(?:[^\s\"()\[\]]|\ )*)\")?\)"
)
_DELIMITERS: Final = re.compile(r"([*_])\1*")
_HOLE: Final = "\x02"
STASHED: Final = "klzzwxh:"
_TAGS: Final = {1: "em", 2: "strong"}
_MAX_RUN: Final = 2


def to_html(text: str, convert: Convert) -> str:
    """The HTML of a Markdown document; `convert` is Markdown itself, each call on its own."""
    found = blocks_of(text)
    return convert(text) if found is None else join(text, *found, convert)


def blocks_of(text: str) -> tuple[list[str], list[str | None]] | None:
    """The blocks of a document, and the HTML of those that need no Markdown, None for the others; None for a document
    that Markdown has to see as a whole.
    """
    pieces = pieces_of(text)
    if pieces is None:
        return None
    done = [block_html(piece) for piece in pieces]
    _leave_crowded_containers(done, pieces)
    return pieces, done


def pieces_of(text: str) -> list[str] | None:
    """The blocks of a document as they are written; None for one that Markdown has to see as a whole."""
    if text[:1].isspace() or text.startswith(": "):
        return None
    for sign, beginnings in _REACHES_FURTHER:
        if sign in text:
            for beginning in beginnings:
                if beginning in text:
                    return None
    if "]" in text:
        # Brackets are few; looking behind each is quicker than a search for a definition.
        for behind in text.split("]"):
            if behind[:1] == ":" or behind[:2] == " :":
                return None
    pieces = [piece for piece in text.rstrip("\n").split("\n\n") if piece]
    # Nearly every block is a line of its own.
    if text.count("\n") != 2 * (len(pieces) - 1) or any(piece[0] in " :" for piece in pieces):
        for sign in _LINES_REACH_FURTHER:
            if sign in text:
                return None
    return pieces


def join(text: str, pieces: list[str], done: list[str | None], convert: Convert) -> str:
    """The HTML of the document `text` from its blocks."""
    html = _join(pieces, done, convert)
    # Where Markdown fails to put a stashed element back, it leaves its number in the whole document.
    return convert(text) if STASHED in html else html


def _leave_crowded_containers(done: list[str | None], pieces: list[str]) -> None:
    """Take back lists and quotations beside which stands anything that Markdown could join with them."""
    containers = [n for n, html in enumerate(done) if html is not None and html.startswith(("<ul", "<ol", "<bl"))]
    if not containers:
        return
    joinable = {n for n, html in enumerate(done) if html is None}.union(containers)
    for n in containers:
        if _is_crowded(n, joinable, pieces):
            done[n] = None


def crowded(containers: list[int], pieces: list[str]) -> bool:
    """Whether any of the blocks that are lists and quotations stands beside another, where all are done by hand."""
    joinable = set(containers)
    return any(_is_crowded(n, joinable, pieces) for n in containers)


def _is_crowded(n: int, joinable: set[int], pieces: list[str]) -> bool:
    return n - 1 in joinable or n + 1 in joinable or pieces[n].startswith("\n")


def _join(pieces: list[str], done: list[str | None], convert: Convert) -> str:
    if None not in done:
        return "\n".join(done)  # type: ignore[arg-type]
    out: list[str] = []
    run: list[str] = []
    # Beyond the first, a run is given the blank line before it: Markdown treats a line of spaces otherwise without it.
    before = ""
    for piece, html in zip([*pieces, ""], [*done, ""], strict=True):
        if html is None:
            run.append(piece)
            continue
        if run:
            out.append(convert(before + "\n\n".join(run)))
            run = []
        before = "\n\n"
        out.append(html)
    return "\n".join(filter(None, out))


def block_html(piece: str) -> str | None:  # noqa: PLR0911 (one return for each case)
    """The HTML of a block, or None where Markdown has to say; empty for one of line ends alone."""
    if piece[0] == "\n":
        piece = piece.lstrip("\n")
        if not piece:
            return ""
    if PLAIN.match(piece):
        return f"<p>{piece}</p>"
    first = piece[0]
    if first == "#":
        return _heading(piece)
    if first == "-":
        return _list(piece, "ul") if _BULLETS.match(piece) else None
    if first == "1" and _NUMBERED.match(piece):
        return _list(piece, "ol")
    if first == ">":
        return _quote(piece) if _QUOTE.match(piece) else None
    return _paragraph(piece)


def _paragraph(piece: str) -> str | None:
    # An emphasis or a link may begin a paragraph, unless its first character makes a list or a rule of it.
    begins = piece if piece[0] not in "*_" or piece[1:2].isspace() else piece.lstrip("*_")
    if not begins or not _MARKED.match(begins):
        return None
    inner = _inline(piece)
    return None if inner is None else f"<p>{inner}</p>"


def _heading(piece: str) -> str | None:
    found = _HEADING.match(piece)
    inner = _inline(found[2].strip()) if found else None
    return None if found is None or inner is None else f"<h{len(found[1])}>{inner}</h{len(found[1])}>"


def _list(piece: str, tag: str) -> str | None:
    out = [f"<{tag}>"]
    for line in piece.split("\n"):
        item = line[line.index(" ") + 1 :]
        paragraph = f"<p>{item}</p>" if PLAIN.match(item) else _paragraph(item)
        if paragraph is None:
            return None
        out.append(f"<li>{paragraph[3:-4]}</li>")
    out.append(f"</{tag}>")
    return "\n".join(out)


def _quote(piece: str) -> str | None:
    inner = "\n".join(line[2:] for line in piece.split("\n"))
    paragraph = f"<p>{inner}</p>" if PLAIN.match(inner) else _paragraph(inner)
    return None if paragraph is None else f"<blockquote>\n{paragraph}\n</blockquote>"


def _inline(text: str) -> str | None:
    """The HTML of a text with simple links, pictures and emphasis, or None."""
    if "&" in text and _ENTITY.search(text):
        return None
    holes: list[str] = []
    if "](" in text:
        count = text.count("](")
        text = _cut_holes(text, holes)
        if len(holes) != count:
            return None
    if "_" in text or "*" in text:
        emphasised = _stars(text) if "_" not in text else _emphasis(text)
        if emphasised is None:
            return None
        text = emphasised
    elif "&" in text or ">" in text:
        text = _escape(text)
    for hole in holes:
        text = text.replace(_HOLE, hole, 1)
    return text


def _cut_holes(text: str, holes: list[str]) -> str:
    """`text` with a hole for each simple link or picture, whose HTML is put among `holes`."""
    # The text before a link, its three groups, the text before the next, …
    parts = _LINK.split(text)
    out = parts[0]
    for n in range(1, len(parts), 4):
        words, address, title, after = parts[n : n + 4]
        if out[-1:] == "!":
            html = _picture(words, address, title)
            out = out[:-1]
        else:
            link = _link(words, address, title)
            if link is None:
                return text
            html = link
        holes.append(html)
        out += _HOLE + after
    return out


def _picture(alt: str, address: str, title: str | None) -> str:
    return f'<img alt="{_escape_value(alt)}" src="{_escape_value(address)}"{_title(title)} />'


def _link(text: str, address: str, title: str | None) -> str | None:
    if "*" in text or "_" in text or not text.strip():
        return None
    return f'<a href="{_escape_value(address)}"{_title(title)}>{_escape(text)}</a>'


def _title(title: str | None) -> str:
    return f' title="{_escape_value(title.strip())}"' if title else ""


def _stars(text: str) -> str | None:
    """What `_emphasis` gives for a text without `_`, in less time."""
    parts = text.split("*")
    out = _escape(parts[0])
    n, last = 1, len(parts) - 1
    while n <= last:
        # One sign opens an emphasis, two of them, between which there is nothing, a strong one.
        size = 2 if not parts[n] else 1
        end = n + 2 * size - 1
        if end > last or (size == _MAX_RUN and parts[end - 1]) or (end < last and not parts[end]):
            return None
        inner = parts[n + size - 1]
        if not inner or inner[0].isspace() or inner[-1].isspace():
            return None
        tag = _TAGS[size]
        out += f"<{tag}>{_escape(inner)}</{tag}>{_escape(parts[end])}"
        n = end + 1
    return out


def _emphasis(text: str) -> str | None:
    """`text`, escaped, with its emphasis, or None where runs of delimiters are not simple pairs one after the other."""
    out: list[str] = []
    opener: re.Match[str] | None = None
    position = 0
    for run in _DELIMITERS.finditer(text):
        before = text[run.start() - 1 : run.start()]
        after = text[run.end() : run.end() + 1]
        smart = run[0][0] == "_"
        if smart and _is_word(before) and _is_word(after):
            continue
        if opener is None:
            if len(run[0]) > _MAX_RUN or not after or after.isspace() or (smart and _is_word(before)):
                return None
            out.append(_escape(text[position : run.start()]))
            opener = run
        else:
            if run[0] != opener[0] or before.isspace() or (smart and _is_word(after)):
                return None
            tag = _TAGS[len(run[0])]
            out.append(f"<{tag}>{_escape(text[position : run.start()])}</{tag}>")
            opener = None
        position = run.end()
    if opener is not None:
        return None
    out.append(_escape(text[position:]))
    return "".join(out)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _escape(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace(">", "&gt;") if ">" in text else text


def _escape_value(text: str) -> str:
    return _escape(text).replace('"', "&quot;")
