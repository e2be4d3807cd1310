"""A small link checker: whether every relative address in the HTML of a folder leads to a file that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_ADDRESSES = {"href", "src", "poster", "data", "action"}


@dataclass
class _Page(HTMLParser):
    """The addresses in one page, and its anchors."""

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "link" and ("rel", "preload") in attrs:
            # It leads nowhere; the browser tests notice what cannot be loaded.
            return
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in _ADDRESSES and value is not None and not (tag == "object" and name == "data" and not value):
                self.links.append(value)
            elif name == "srcset" and value:
                self.links += [part.split()[0] for part in value.split(",") if part.strip()]


def parse(path: Path) -> tuple[list[str], set[str]]:
    """The addresses in an HTML file, and its anchors."""
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page.links, page.anchors


def targets(output: Path, page: str) -> Iterator[tuple[str, str, str]]:
    """What a page's relative links lead to: the link as written, a path relative to `output`, an anchor or nothing.

    A path that begins with a slash counts from `output`; one that leads out of it begins with `..`.
    """
    for link in parse(output / page)[0]:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        if not path:
            yield link, page, unquote(parts.fragment)
            continue
        joined: list[str] = [] if path.startswith("/") else list(PurePosixPath(page).parent.parts)
        for part in path.split("/"):
            if part == ".." and joined and joined[-1] != "..":
                joined.pop()
            elif part not in ("", "."):
                joined.append(part)
        yield link, "/".join(joined), unquote(parts.fragment)


def broken_links(output: Path, pages: Iterable[str] | None = None) -> list[str]:
    """Links of `pages` (all without it), and of all that they lead to, whose file or anchor is not there."""
    return [f"{page}: {link}" for page, link, _ in _broken(output, pages)]


def missing_from(output: Path, pages: Iterable[str]) -> set[tuple[str, str]]:
    """Each page, of `pages` and of all that they lead to, with what a broken link of it asks for."""
    return {(page, target) for page, _, target in _broken(output, pages)}


def _broken(output: Path, pages: Iterable[str] | None) -> Iterator[tuple[str, str, str]]:
    """Page, link as written and path of every broken link."""
    todo = (
        sorted(pages)
        if pages is not None
        else sorted(path.relative_to(output).as_posix() for path in output.rglob("*.html"))
    )
    seen = set(todo)
    while todo:
        page = todo.pop()
        for link, target, anchor in targets(output, page):
            if not (output / target).is_file():
                yield page, link, target
            elif target.endswith(".html"):
                if anchor and anchor not in parse(output / target)[1]:
                    yield page, f"{link} (no such anchor)", target
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
