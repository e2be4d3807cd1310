"""Pictures in an article's HTML become figures; a marker stays where each stood.

The marker of figure n is U+0003, n, U+0003 on a line of its own, where a `<figure>` may stand: never inside a
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.addresses import resolve
from sitegen.bodies.captions import split_credit
from sitegen.bodies.markup import TAG, attributes, text_of
from sitegen.records import Figure

Complain = Callable[[str, str, str], None]
"""Reports a problem: code, message, and the text of the source that it is about."""

_ALONE: Final = re.compile(r'<p>\s*<img((?: [a-z:-]+="[^"]*")*)>\s*</p>')
# Elements that may hold text but no figure; the marker goes behind them.
_TEXT_ONLY: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary", "dt"))
_CONTAINERS: Final = frozenset(("li", "dd", "td", "th", "caption", "blockquote", "div", "details"))
_BLOCKS: Final = _TEXT_ONLY | _CONTAINERS | {"ul", "ol", "dl", "table", "hr"}
# Where the second figure of the front matter stands, which need not have a file.
_GIVEN: Final = re.compile(r"#figure-([1-9][0-9]{0,4})\Z")
_PICTURE_NAME: Final = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|tiff?|webp)(?:[?#]|\Z)", re.I)


def marker(figure: int) -> str:
    """What stands for figure `figure` in a body's HTML."""
    return f"\x03{figure}\x03"


class FigureList:
    """The figures of one article as they are found: first those that its reader gave, then those in its text."""

    def __init__(
        self, given: Iterable[Figure], *, file: str, exists: Callable[[str], bool] | None, complain: Complain
    ) -> None:
        self.file = file
        self.exists = exists
        self.complain = complain
        self.figures = [self._checked(figure, figure.file) for figure in given]
        self._given = len(self.figures)
        # The number of each given figure that does not stand in the text yet, by its file.
        self._unplaced = {figure.file: number for number, figure in reversed(list(enumerate(self.figures)))}

    def add(self, values: dict[str, str]) -> int:
        """The number of the figure that an `<img>` with these attributes is."""
        mark = _GIVEN.match(values.get("src", ""))
        if mark is not None and int(mark[1]) <= self._given:
            return int(mark[1]) - 1
        caption, credit = split_credit(values.get("title", ""))
        figure = Figure(caption=caption, credit=credit, alt=values.get("alt", "").strip())
        source = values.get("src")
        if source is None:
            self.complain(
                "W221", "a picture has no address, or one that is not allowed; only its words are shown", figure.alt
            )
        else:
            figure = self._checked(figure, source, file=self.file)
        number = self._same_picture(figure)
        if number is None:
            self.figures.append(figure)
            number = len(self.figures) - 1
        return number

    def caption(self, number: int, text: str) -> None:
        """Give figure `number` the caption that stood beside it, unless it has one."""
        if text and not self.figures[number].caption:
            caption, credit = split_credit(text)
            figure = self.figures[number]
            self.figures[number] = replace(figure, caption=caption, credit=figure.credit or credit)

    def _same_picture(self, figure: Figure) -> int | None:
        """The given figure of the same file, unless it stands in the text already; it takes over what it lacks."""
        number = self._unplaced.pop(figure.file, None) if figure.file else None
        if number is not None:
            other = self.figures[number]
            self.figures[number] = replace(
                other,
                caption=other.caption or figure.caption,
                credit=other.credit or figure.credit,
                alt=other.alt or figure.alt,
            )
        return number

    def _checked(self, figure: Figure, address: str | None, *, file: str = "") -> Figure:
        if not address:
            return figure
        target = resolve(address, file=file)
        if target.kind not in ("web", "file"):
            why = target.value if target.kind == "refused" else "it is not the address of a picture"
            self.complain("W221", f'the picture "{address}" is refused: {why}', address)
            return replace(figure, file=None)
        if target.kind == "file" and self.exists is not None and not self.exists(target.value):
            self.complain(
                "W222", f'the picture "{address}" is not there; put the file at articles/{target.value}', address
            )
        return replace(figure, file=target.value)


def place_figures(html: str, figures: FigureList) -> str:
    """Sanitised `html` with a marker for each picture."""
    if "<img" not in html and "<figure" not in html:
        return html
    if "<fig" not in html and html.count("<img") == len(_ALONE.findall(html)):
        return _ALONE.sub(lambda found: marker(figures.add(attributes(found[1]))), html)
    return _Placing(figures).run(html)


class _Frame(Struct):
    """A `<figure>` that is open: where its output begins and which pictures it holds."""

    start: int
    numbers: list[int]
    caption_start: int | None = None
    caption: str = ""


class _Placing:
    """One walk over the tags of a body."""

    def __init__(self, figures: FigureList) -> None:
        self._figures = figures
        self._out: list[str] = []
        self._waiting: list[int] = []
        self._text_only = 0
        self._frames: list[_Frame] = []
        self._link = ""

    def run(self, html: str) -> str:
        position = 0
        for tag in TAG.finditer(html):
            if tag[2] not in _BLOCKS and tag[2] not in ("img", "figure", "figcaption", "a"):
                continue
            self._out.append(html[position : tag.start()])
            position = tag.end()
            self._take(tag)
        self._out.append(html[position:])
        self._flush()
        return "".join(self._out)

    def _take(self, tag: re.Match[str]) -> None:
        closing, name = bool(tag[1]), tag[2]
        if name == "img":
            self._picture(attributes(tag[3]))
        elif name == "figure":
            self._close_frame() if closing else self._frames.append(_Frame(len(self._out), []))
        elif name == "figcaption":
            self._figcaption(closing)
        elif name == "a":
            self._link = "" if closing else attributes(tag[3]).get("href", "")
            self._out.append(tag[0])
        else:
            self._block(tag[0], name, closing)

    def _picture(self, values: dict[str, str]) -> None:
        if self._link and not _PICTURE_NAME.search(self._link):
            self._figures.complain("N322", f'the link "{self._link}" around a picture is not kept', self._link)
        number = self._figures.add(values)
        self._waiting.append(number)
        if self._frames:
            self._frames[-1].numbers.append(number)

    def _block(self, tag: str, name: str, closing: bool) -> None:
        if name in _TEXT_ONLY:
            if not closing and not self._text_only:
                self._flush()
            self._out.append(tag)
            self._text_only += -1 if closing else 1
            if closing and not self._text_only:
                self._flush()
            return
        if not self._text_only and (closing == (name in _CONTAINERS)):
            self._flush()
        self._out.append(tag)

    def _figcaption(self, closing: bool) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self._out.append("</p>" if closing else "<p>")
        elif not closing:
            frame.caption_start = len(self._out)
        elif frame.caption_start is not None:
            frame.caption = "".join(self._out[frame.caption_start :])
            del self._out[frame.caption_start :]
            frame.caption_start = None

    def _close_frame(self) -> None:
        if not self._frames:
            return
        frame = self._frames.pop()
        if frame.numbers:
            self._figures.caption(frame.numbers[0], text_of(frame.caption))
        elif frame.caption.strip():
            self._out.append(f"<p>{frame.caption}</p>")
        if self._frames:
            self._frames[-1].numbers += frame.numbers
        elif not self._text_only:
            self._flush()

    def _flush(self) -> None:
        self._out += (f"\n{marker(number)}\n" for number in self._waiting)
        self._waiting.clear()
