"""The lossless law on characters: each one of a line is in a span with a fate, and every line has one role.

`test_lossless.py` holds records against words; here the labels from which a record is assembled are looked at, because
there every single character can be accounted for: punctuation, marks, digits of a date.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.config import ReadingSettings
from sitegen.readers import aggregator, finishing, plain, read_source
from sitegen.readers.decoding import decode
from sitegen.readers.exports import reading as exports
from sitegen.readers.text.assembly import Assembled, Origin, assemble
from sitegen.readers.text.lines import clean, split_lines
from sitegen.readers.text.roles import Labelled
from sitegen.records import Article, ListBlock
from tests.traps import load_trap

TRAPS = [load_trap(path) for path in sorted((Path(__file__).parents[1] / "unit" / "data" / "traps").glob("*.trap"))]
# Objects of JSON and SGML elements are no lines of text; their readers have tests of their own.
TEXTS = [trap for trap in TRAPS if not trap.file.endswith((".jsonl", ".story")) and not trap.data.startswith(b"\x01")]
SETTINGS = ReadingSettings()
LIMITS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def blackened(text: str) -> Counter[str]:
    """The characters that are not blank."""
    return Counter("".join(text.split()))


@contextmanager
def labels_seen() -> Iterator[list[Labelled]]:
    """All labels from which records are assembled in the block."""
    seen: list[Labelled] = []

    def watched(labels: Sequence[Labelled], origin: Origin) -> Assembled:
        seen.extend(labels)
        return assemble(labels, origin)

    with (
        mock.patch.object(aggregator, "assemble", watched),
        mock.patch.object(plain, "assemble", watched),
        mock.patch.object(exports, "assemble", watched),
        mock.patch.object(finishing, "assemble", watched),
    ):
        yield seen


def check(file: str, data: bytes) -> None:
    with labels_seen() as labels:
        reading = read_source(file, data, SETTINGS)
    assert reading.articles or reading.problems
    text = clean(decode(file, data).text)
    for label in labels:
        if label.spans:
            assert_spoken_for(label)
    if not any(problem.code in ("W206", "N303", "E105") for problem in reading.problems):
        assert_all_lines(text, labels)
    for article in reading.articles:
        assert_nothing_new(text, article)


def assert_spoken_for(label: Labelled) -> None:
    """All of a line is in its spans but the signs that part them, and nothing else is."""
    there, spoken = blackened(label.line.text), spoken_of(label)
    # The label of an export's field is cut off its line.
    shown = blackened("".join(span.text for span in label.spans if span.fate != "marker"))
    assert not shown - there, (label.role, label.line.text, label.spans)
    assert not any(char.isalnum() for char in there - spoken), (label.role, label.line.text, label.spans)


def spoken_of(label: Labelled) -> Counter[str]:
    return blackened("".join(span.text for span in label.spans))


def assert_all_lines(text: str, labels: Sequence[Labelled]) -> None:
    """The characters of all lines are in labels, as often as they stand there."""
    there = Counter[str]()
    for line in split_lines(text):
        there += blackened(line.text)
    labelled = Counter[str]()
    for label in labels:
        labelled += blackened(label.line.text) | spoken_of(label) if label.line.number else Counter()
    assert not there - labelled, f"without a role: {there - labelled}"


def assert_nothing_new(text: str, article: Article) -> None:
    """No character of the body or of what was dropped is the reader's own."""
    there = Counter(text)
    for block in article.body:
        for part in block.items if isinstance(block, ListBlock) else (getattr(block, "text", ""),):
            assert not set("".join(part.split())) - set(there)
    for drop in article.dropped:
        assert not set("".join(drop.text.split())) - set(there)


@pytest.mark.parametrize("trap", TEXTS, ids=lambda trap: trap.name)
def test_every_character_of_a_trap_has_a_fate(trap: object) -> None:
    check(trap.file, trap.data)  # type: ignore[attr-defined]


@LIMITS
@given(st.sampled_from(TEXTS), st.data())
def test_every_character_of_a_mutated_dump_has_a_fate(trap: object, data: st.DataObject) -> None:
    lines = decode("a.txt", trap.data).text.split("\n")  # type: ignore[attr-defined]
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "double", "swap", "split", "join", "wrap", "blank"]))
        if action == "drop" and len(lines) > 1:
            del lines[at]
        elif action == "double":
            lines.insert(other, lines[at])
        elif action == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif action == "split":
            lines[at : at + 1] = [lines[at][: len(lines[at]) // 2], lines[at][len(lines[at]) // 2 :]]
        elif action == "join" and at + 1 < len(lines):
            lines[at : at + 2] = [f"{lines[at]} {lines[at + 1]}"]
        elif action == "wrap":
            width = data.draw(st.integers(40, 90))
            lines = [row for line in lines for row in (textwrap.wrap(line, width) or [""])]
        else:
            lines.insert(at, "")
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251"]))
    check("raw/a.txt", "\n".join(lines).encode(encoding, "replace"))


@LIMITS
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=70), min_size=1, max_size=12))
def test_every_character_of_any_text_has_a_fate(lines: list[str]) -> None:
    check("raw/a.txt", "\n".join(lines).encode("utf-8"))
