"""Nothing of a raw text is lost, nothing is invented, order is kept, and no bytes crash or stall a reader."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.readers.decoding import decode
from sitegen.readers.text.lines import clean
from sitegen.records import Article, ListBlock, Reading
from tests.hostile import MEGABYTE, TIMES, cpu_seconds, is_linear

DATA = Path(__file__).parents[1] / "unit" / "data" / "raw"
DUMPS = [path.read_text("utf-8") for path in sorted(DATA.glob("*.txt"))]
SETTINGS = ReadingSettings()
WORD = re.compile(r"[^\W_]+")

# Named normalisation 1: the words that only mark a field.
MARKERS = frozenset(
    {
        *(
            "by",
            "from",
            "source",
            "photo",
            "credit",
            "created",
            "updated",
            "published",
            "at",
            "contributed",
            "to",
            "this",
        ),
        *("report", "tags", "tag", "von", "par", "por", "reporting", "with", "and", "צילום", "מאת"),
    }
)


def words(text: str) -> list[str]:
    """Named normalisations 2 and 3: letter case and white space."""
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


def held(article: Article) -> list[str]:
    """All text of a record: its fields, its body and what was dropped."""
    texts = [
        article.title, article.summary, article.source, article.section, article.dateline, article.original_url,
        *article.authors, *article.agencies, *article.corrections, *(tag.name for tag in article.tags),
        *(text for figure in article.figures for text in (figure.caption, figure.credit, figure.alt)),
        *(drop.text for drop in article.dropped),
    ]  # fmt: skip
    for block in article.body:
        texts += block.items if isinstance(block, ListBlock) else (getattr(block, "text", ""),)
    return texts


def stamps(article: Article) -> set[str]:
    """Named normalisation 4: a date phrase became a moment."""
    moments = [moment.iso for moment in (article.published, article.updated, article.byline_stamp) if moment]
    return {number.lstrip("0") for iso in moments for number in re.findall(r"\d+", iso)}


MONTHS = frozenset({*(name.lower() for name in calendar.month_name if name), "am", "pm", "ביוני"})


def assert_lossless(text: str, reading: Reading) -> None:
    """Each word of the source is in a record at least as often as a record's field can hold it."""
    kept = Counter(word for article in reading.articles for part in held(article) for word in words(part))
    dates = set().union(*(stamps(article) for article in reading.articles)) if reading.articles else set()
    for article in reading.articles:
        # Named normalisation 5: an ordered list counts for itself.
        for block in article.body:
            if isinstance(block, ListBlock) and block.ordered:
                kept.update(str(number) for number in range(1, len(block.items) + 1))
    for word, count in Counter(words(clean(text))).items():
        if kept[word] >= count or word in MARKERS or word in MONTHS or word.lstrip("0") in dates:
            continue
        assert kept[word] > 0, f"{word!r} is lost"
        assert word.isdigit() or _in_names(word, reading), f"{word!r} is lost once"


def _in_names(word: str, reading: Reading) -> bool:
    """A name said twice (in two bylines, say) stands in a record once."""
    return any(
        word in words(name)
        for article in reading.articles
        for name in (
            *article.authors,
            *article.agencies,
            article.source,
            article.dateline,
            *(tag.name for tag in article.tags),
        )
    )


def assert_nothing_invented(text: str, reading: Reading) -> None:
    there = set(words(clean(text)))
    squeezed = "".join(words(clean(text)))
    for article in reading.articles:
        for part in held(article):
            for word in words(part):
                assert word in there or word in squeezed, f"{word!r} is invented"


def assert_order_kept(text: str, reading: Reading) -> None:
    """Body texts stand in the source in their order: each is found behind the one before it."""
    squeezed = "".join(words(clean(text)))
    position = 0
    for article in reading.articles:
        for block in article.body:
            parts = block.items if isinstance(block, ListBlock) else (getattr(block, "text", ""),)
            for part in parts:
                key = "".join(words(part))
                found = squeezed.find(key, position)
                assert found >= 0, f"{part!r} is out of order"
                position = found + len(key)


def assert_clean(reading: Reading) -> None:
    for article in reading.articles:
        for part in held(article):
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", part)


def check(text: str) -> None:
    source = decode("raw/a.txt", text.encode("utf-8", "surrogatepass"))
    reading = read_source("raw/a.txt", text.encode("utf-8", "surrogatepass"), SETTINGS)
    assert reading.articles or reading.problems
    assert_clean(reading)
    # Where nothing is left of an article there is no record to look into, and an error says so.
    if not any(problem.code == "E105" for problem in reading.problems):
        assert_lossless(source.text, reading)
        assert_nothing_invented(source.text, reading)
        assert_order_kept(source.text, reading)


line = st.one_of(
    st.sampled_from(sorted({line for dump in DUMPS for line in dump.split("\n")})),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(
        [
            *("By JANE DOE MARCH 3, 2021 10:00", "Photo: Jane Doe", "(Reporting by A. B.)", "Correction: no."),
            *("- one", "- two", "1. one", "2. two", "a\tb\t1", "c\td\t2", "e\tf\t3"),
            *("PARIS, May 3 (AFP) - All was quiet.", "| Created at 2020-01-01"),
        ]
    ),
)
LIMITS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@LIMITS
@given(st.lists(line, min_size=1, max_size=30))
def test_lines_in_any_order_are_kept(lines: list[str]) -> None:
    check("\n".join(lines))


@LIMITS
@given(st.sampled_from(DUMPS), st.data())
def test_a_mutated_dump_is_kept(dump: str, data: st.DataObject) -> None:
    lines = dump.split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        index = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "double", "swap", "split", "join"]))
        other = data.draw(st.integers(0, len(lines) - 1))
        if action == "drop" and len(lines) > 1:
            del lines[index]
        elif action == "double":
            lines.insert(other, lines[index])
        elif action == "swap":
            lines[index], lines[other] = lines[other], lines[index]
        elif action == "split":
            middle = len(lines[index]) // 2
            lines[index : index + 1] = [lines[index][:middle], lines[index][middle:]]
        elif index + 1 < len(lines):
            lines[index : index + 2] = [f"{lines[index]} {lines[index + 1]}"]
    check("\n".join(lines))


@LIMITS
@given(st.binary(max_size=600))
def test_no_bytes_crash(data: bytes) -> None:
    reading = read_source("raw/a.txt", data, SETTINGS)
    assert reading.articles or reading.problems
    assert_clean(reading)


HOSTILE = {
    "one long line": b"word " * (MEGABYTE // 5),
    "a line feed each": b"a\n" * (MEGABYTE // 2),
    "short lines": b"".join(b"w%d x\n" % number for number in range(MEGABYTE // 9)),
    "blank lines": b"\n" * (MEGABYTE - 1) + b"a",
    "parentheses": b"(" * MEGABYTE,
    "source lines": b"By A | Created at 2020-01-01 10:00:00\n" * (MEGABYTE // 38),
    "stamps": b"By A | Created at " + b"2020-01-01 " * (MEGABYTE // 11),
    "byline": b"By " + b"A, " * (MEGABYTE // 3),
    "digits": b"1" * MEGABYTE,
    "capitals": b"LONDON " * (MEGABYTE // 7),
    "slashes": b"A/" * (MEGABYTE // 2),
    "list": b"- item\n" * (MEGABYTE // 7),
    "credits": b"x (credit: A/AFP)\n" * (MEGABYTE // 18),
    "mojibake": "Ã©".encode() * (MEGABYTE // 4),
    "accents": b"\xe9\xe8 \n" * (MEGABYTE // 4),
    "wrapped": (b"x" * 70 + b"\n") * (MEGABYTE // 71),
    "columns": b"a    b\n" * (MEGABYTE // 7),
    "columns with figures": b"a\t1\n" * (MEGABYTE // 4),
    "spaces": b"a" + b" " * MEGABYTE + b"b",
    "every byte": bytes(range(1, 256)) * (MEGABYTE // 255),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_anything_takes_linear_time(name: str) -> None:
    data = HOSTILE[name]
    read_source("raw/a.txt", data[:1000], SETTINGS)
    # How many seconds that is depends on the machine (`python -m tests.hostile` prints them); how they grow does not.
    smaller, larger = (
        cpu_seconds(partial(_assert_read, data[:size])) for size in (MEGABYTE // TIMES, MEGABYTE)
    )
    assert is_linear(larger, smaller)


def _assert_read(data: bytes) -> None:
    reading = read_source("raw/a.txt", data, SETTINGS)
    assert reading.articles or reading.problems
