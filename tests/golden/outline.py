"""The main content of a page as lines that a person can read: one for each block, with links, times and pictures."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    (
        *("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "figcaption", "td", "th", "caption", "summary", "blockquote"),
        *("pre", "div", "section", "article", "aside", "nav", "header", "ul", "ol", "dl", "table", "tr", "thead"),
        *("tbody", "figure", "details", "form", "output", "label", "button"),
    )
)


class _Outline(HTMLParser):
    """Gathers the lines of what stands in `<main>`."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open: list[str] = []
        self._text = ""
        self._ends: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._inside = self._inside or tag == "main"
        if not self._inside:
            return
        if tag in _BLOCKS:
            self._end_line()
            self._open.append(
                f"{tag}{''.join(f'.{name}' for name in values.get('class', '').split())}{_language(values)}"
            )
        elif tag == "a":
            self._text += "["
            self._ends.append((tag, f"]({values.get('href', '')})"))
        elif tag == "time":
            self._ends.append((tag, f" {{{values.get('datetime', '')}}}"))
        elif tag == "img":
            self._text += f"(picture {values.get('src', '')}, alt {values.get('alt', 'missing')!r})"
        elif tag == "br":
            self._text += " / "

    def handle_endtag(self, tag: str) -> None:
        if not self._inside:
            return
        if tag in _BLOCKS and self._open:
            self._end_line()
            self._open.pop()
        elif self._ends and self._ends[-1][0] == tag:
            self._text += self._ends.pop()[1]
        self._inside = tag != "main"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def _end_line(self) -> None:
        text = " ".join(self._text.split())
        if text:
            self.lines.append(f"{self._open[-1] if self._open else 'main'}: {text}")
        self._text = ""


def _language(values: dict[str, str]) -> str:
    shown = " ".join(f"{name}={values[name]}" for name in ("lang", "dir") if name in values)
    return f" ({shown})" if shown else ""


def outline(html: str) -> list[str]:
    """The lines of the page's main content."""
    parser = _Outline()
    parser.feed(html)
    parser.close()
    return parser.lines
