"""The archive as data: gzipped JSON Lines, an article a line; the same articles give the same bytes on any day."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator

from sitegen.articlejson import public_json, to_line
from sitegen.entries import Content
from sitegen.publication import ArticleFile, DataFile

LEVEL = 1
"""Of gzip: the best one takes six times as long, which is more than rendering the page, for files a fifth smaller."""
_ENOUGH = 1 << 18
"""Bytes that are collected before they are packed, and again before they are handed on."""


class _Sink:
    """A file that keeps what is written to it until it is taken away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """All bytes since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def article_file(page: ArticleFile, contents: Iterable[Content]) -> Iterator[bytes]:
    """An article as the data file of its month has it; `contents` is its text alone."""
    return (to_line(public_json(content, ident=page.ident, url=page.url)) for content in contents)


def data_file(page: DataFile, contents: Iterable[Content]) -> Iterator[bytes]:
    """The file, some bytes at a time; `contents` are the texts of its articles, in their order."""
    sink = _Sink()
    lines: list[bytes] = []
    size = 0
    # Neither a name nor a time, which would differ from one build to the next.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=sink, mtime=0) as packed:
        for (ident, url), content in zip(page.articles, contents, strict=True):
            lines.append(to_line(public_json(content, ident=ident, url=url)))
            size += len(lines[-1])
            if size > _ENOUGH:
                packed.write(b"".join(lines))
                lines.clear()
                size = 0
                yield sink.take()
        packed.write(b"".join(lines))
    yield sink.take()
