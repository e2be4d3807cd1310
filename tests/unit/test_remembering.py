"""What readers remember of texts does not hold on to long ones."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.remembering import LONGEST, remembered

LONG = 100_000
SHAPES = {
    "a.txt": "{0}",
    "byline.txt": "By {0}",
    "page.txt": "A title of it\n12 May 2019\n\n{0}\n\nSubscribe {0}",
    "tags.md": "---\ntitle: A\ntags: [{0}]\n---\nText",
    "names.md": "---\ntitle: A\nauthor: {0}\nsource: {0}\nsection: {0}\n---\nText",
}


def test_short_texts_are_remembered_and_long_ones_are_not() -> None:
    asked: list[str] = []

    @remembered(4)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("a", "a", "b" * (LONGEST + 1), "b" * (LONGEST + 1)):
        assert length(text) == len(text)
    assert [text[0] for text in asked] == ["a", "b", "b"]


@pytest.mark.parametrize("name", SHAPES)
def test_long_lines_are_let_go_of(name: str) -> None:
    def read(numbers: range) -> int:
        for number in numbers:
            word = f"q{number}x "
            read_source(name, SHAPES[name].format(word * (LONG // len(word))).encode(), ReadingSettings())
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = read(range(100, 103))
        held = read(range(200, 208)) - before
    finally:
        tracemalloc.stop()
    # One or two of the eight may still be in some variable.
    assert held < 4 * LONG
