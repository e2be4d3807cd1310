"""Microseconds per article from a Markdown body to its HTML: `python tests/benchmarks/bodies_bench.py CORPUS_DIR
[REPEATS]`.

CORPUS_DIR holds Markdown files with front matter. Each line is the median of the repeats over all of them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sitegen.bodies import render_body
from sitegen.bodies.conversion import MarkdownConverter, new_markdown
from sitegen.bodies.fastpath import to_html
from sitegen.bodies.sanitise import sanitise
from sitegen.readers import markdown
from sitegen.readers.base import ReadingSettings, SourceText
from sitegen.records import MarkdownBlock

Item = TypeVar("Item")


def measure(name: str, work: Callable[[Item], object], items: Sequence[Item], repeats: int) -> None:
    """Print the median time per item."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for item in items:
            work(item)
        times.append((time.perf_counter() - start) / len(items) * 1e6)
    print(f"{name:50} {statistics.median(times):9.1f} us/article  (least {min(times):.1f})")


def main(folder: str, repeats: int = 5) -> None:
    """Measure each step on the files of `folder`."""
    settings = ReadingSettings()
    sources = [SourceText(file=path.name, text=path.read_text("utf-8")) for path in sorted(Path(folder).rglob("*.md"))]
    articles = [markdown.read(source, settings).articles[0] for source in sources]
    bodies = [block.text for article in articles for block in article.body if isinstance(block, MarkdownBlock)]
    full = new_markdown()
    print(f"{len(sources)} articles, {sum(len(body.split()) for body in bodies) // len(bodies)} words each")
    measure("read: front matter and body to a record", lambda source: markdown.read(source, settings), sources, repeats)
    measure("Markdown alone", lambda body: full.reset().convert(body), bodies, 1)
    measure("fast path, Markdown where needed", lambda body: to_html(body, MarkdownConverter()), bodies, repeats)
    fast = [to_html(body, MarkdownConverter()) for body in bodies]
    measure("sanitising", sanitise, fast, repeats)
    measure("all of render_body", lambda article: render_body(article, file="a.md"), articles, repeats)
    same = sum(full.reset().convert(body) == html for body, html in zip(bodies, fast, strict=True))
    print(f"byte-identical to Markdown: {same} of {len(bodies)}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
