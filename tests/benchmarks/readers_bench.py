"""Articles a second, from bytes to record, in each layout: `python tests/benchmarks/readers_bench.py --help`.

Invented articles of about 600 words in English, UTF-8, read by one process that has read others before. Time is that of
the processor, so that a busy machine counts for little; the layouts take turns, and the median of the turns is shown.
Texts are not converted and places not tagged: those are other stages (`stages.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

from corpus import Newsroom, Story
from layouts_of_news import NEWS_LAYOUTS
from sites import SEED
from tables import rows

from sitegen.config import ReadingSettings
from sitegen.readers import read_source

WORDS: Final = 600
"""In an article's text, on the average; headline, byline and furniture come on top."""
_AROUND: Final = 20
_TOTAL: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast one layout is read."""

    layout: str
    articles: int
    """How many were read in a turn."""
    words: float
    """In an article's text."""
    words_of_file: float
    """In an article with all that the layout puts around it."""
    per_second: tuple[float, ...]
    """Articles a second of the processor, turn by turn."""


def stories(count: int) -> list[Story]:
    """Articles of about `WORDS` words."""
    newsroom = Newsroom(seed=SEED, total=_TOTAL)
    found: list[Story] = []
    for number in range(_TOTAL):
        story = newsroom.story(number)
        if abs(story.words - WORDS) <= _AROUND:
            found.append(story)
            if len(found) == count:
                break
    return found


def sources(layout: str, articles: Sequence[Story]) -> list[bytes]:
    """The articles as files of the layout."""
    each = NEWS_LAYOUTS[layout].articles
    write = NEWS_LAYOUTS[layout].write
    return [write(articles[start : start + each]).encode() for start in range(0, len(articles), each)]


def turn(file: str, files: Sequence[bytes]) -> tuple[int, float]:
    """How many articles the files hold, and the seconds that reading them takes."""
    settings = ReadingSettings()
    started = time.process_time()
    count = sum(len(read_source(file, data, settings).articles) for data in files)
    return count, time.process_time() - started


def measure(articles: Sequence[Story], layouts: Sequence[str], turns: int) -> Iterator[Speed]:
    """The speed of each layout; in the first turn, which does not count, the tables are made."""
    files = {layout: sources(layout, articles) for layout in layouts}
    speeds: dict[str, list[float]] = {layout: [] for layout in layouts}
    for number in range(turns + 1):
        for layout in layouts:
            count, seconds = turn(NEWS_LAYOUTS[layout].file, files[layout])
            if count != len(articles):
                sys.exit(f"{layout}: {count} articles were read of {len(articles)}")
            if number:
                speeds[layout].append(count / seconds)
    words = sum(story.words for story in articles) / len(articles)
    for layout in layouts:
        of_file = sum(len(data.split()) for data in files[layout]) / len(articles)
        yield Speed(layout=layout, articles=len(articles), words=words, words_of_file=of_file,
                    per_second=tuple(speeds[layout]))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--articles", type=int, default=400, metavar="N", help="how many in a turn (default: %(default)s)"
    )
    parser.add_argument("--turns", type=int, default=5, metavar="N", help="how often (default: %(default)s)")
    parser.add_argument("--layouts", nargs="+", choices=list(NEWS_LAYOUTS), default=list(NEWS_LAYOUTS), metavar="LAYOUT",
                        help="which of them: %(choices)s")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    given = parser.parse_args(arguments)
    found = list(measure(stories(given.articles), given.layouts, given.turns))
    print(f"\nReading, bytes to record: {found[0].articles} articles of {found[0].words:.0f} words, UTF-8, English\n")
    fastest = median(found[0].per_second)
    cells = [[speed.layout, f"{median(speed.per_second):,.0f}", f"{1e6 / median(speed.per_second):,.0f}",
              f"{speed.words_of_file:.0f}", f"{fastest / median(speed.per_second):.2f}×"] for speed in found]  # fmt: skip
    heads = ["layout", "articles/s", "µs", "words with what is around", f"time beside {found[0].layout}"]
    print("\n".join(rows(heads, cells, numbers_from=1)))
    if given.json:
        given.json.write_text(json.dumps([asdict(speed) for speed in found], indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
