"""The shortcut in front of the YAML parser gives what the parser gives."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.readers.frontmatter import _moved
from sitegen.readers.matter_shortcut import simple_entries
from sitegen.readers.matter_syntax import YAML, MatterSyntaxError

PIECES = [
    "a", "word", "Two words", "é", "中", "😀", "1", "007", "2024-01-05", "12:30", "5 %", "null", "Null", "NULL", "true", "no", "~",
    "", " ", "  ", ":", ": ", " :", "#", " #", "a#b", "-", "- ", "- -", '"', "'", '""', "''", "\\", "\\n", "[", "]", "[a, b]",
    "{", "}", "{a: b}", "|", ">", "*", "&", "!", "%", "@", "`", ",", "?", "? ", "=", "<<", "---", "...", "\t", "\x85", "\u2028",
    "\u00a0", "\ufeff", "\x7f", "\x00", "\n", "\n  ", "http://e.org/a?b=c#d", "a: b", "it's", 'say "so"',
]  # fmt: skip
scalar = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=4).map(lambda parts: '"' + "".join(parts) + '"'),
    st.lists(st.sampled_from(PIECES), max_size=4).map(lambda parts: "'" + "".join(parts) + "'"),
    st.text(max_size=8),
)
key = st.sampled_from(["title", "date", "tags", "yes", "null", "a_b", "a-b", "A1", "1a", "é", "two words", '"q"', "x "])
line = st.one_of(
    st.tuples(key, st.sampled_from([": ", ":  ", ":", " : "]), scalar).map("".join),
    st.tuples(st.sampled_from(["- ", "  - ", " -", "-  ", "    - "]), scalar).map("".join),
    st.tuples(
        key, st.sampled_from([":\n- ", ":\n  - ", ": \n  - "]), scalar, st.sampled_from(["", "\n  - b", "\n- b"])
    ).map("".join),
    st.sampled_from(["# a comment", "", " ", "---", "  more", "tags:", "tags: []"]),
)


@settings(max_examples=3_000)
@given(st.lists(line, min_size=1, max_size=4).map("\n".join), st.sampled_from(["", "\n", " ", "\n\n"]))
def test_shortcut_and_parser_agree(block: str, end: str) -> None:
    found = simple_entries(block + end, 7)
    if found is not None:
        try:
            parsed = _moved(YAML.parse(block + end), 6)
        except MatterSyntaxError as error:
            raise AssertionError("the parser refuses what the shortcut takes") from error
        assert msgspec.to_builtins(found) == msgspec.to_builtins(parsed)


def test_common_front_matter_takes_the_shortcut() -> None:
    block = 'title: "It\'s: so"\ndate: 2024-01-05T10:00:00+01:00\nauthors:\n  - "Ann"\n  - Bob\ntags:\n- a\ndraft: no\n'
    found = simple_entries(block, 2)
    assert found is not None
    assert [(entry.key, entry.value, entry.line, entry.column) for entry in found] == [
        ("title", "It's: so", 2, 8),
        ("date", "2024-01-05T10:00:00+01:00", 3, 7),
        ("authors", ["Ann", "Bob"], 5, 3),
        ("tags", ["a"], 8, 1),
        ("draft", "no", 9, 8),
    ]
