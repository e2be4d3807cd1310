"""Cheap tests stand before slow ones in the readers: what the slow one finds, the cheap one lets through."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.readers import exports, language, names
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.knowledge import knowledge
from sitegen.readers.nametables import name_tables
from sitegen.readers.text import captions, labelledtop, lines, phrases
from sitegen.readers.text.alternatives import Alternatives, openings

_MARKS: Final = (
    "1 of 20 DOCUMENTS", "Dokument 3 von 8", "level 1 - 2 OF 7 STORIES", "Story 1 of 3", "HD", "LP  The text", "TD\t",
    "_" * 50, "_" * 70, "-" * 40, "=" * 44, "Body", "Text", "Corps", "Load-Date: May 3, 2019", "\ufeff", "\f",
)  # fmt: skip
_CAPTIONS: Final = (
    "(photo credit: Jane Doe)", "Photo: Jane Doe/AP", "FILE PHOTO:", "Image caption, ", "media caption ", "IMAGE SOURCE, ",
    "Jane Doe/AFP via Getty Images", "(AP Photo/Jane Doe).", "credit...Jane Doe", "photo by Jane Doe", "[File: J Doe/AFP]",
    "LONDON, ENGLAND - MAY 3: ", "WASHINGTON, DC - OCTOBER 01, 2024: ", "The mayor spoke.", "it ended.Jane Doe (AFP)", "©",
    "/", "\u0130mage ", "foto：",
)  # fmt: skip
_BYLINES: Final = (
    "By ",
    "BY: ",
    "VON ",
    "Text av ",
    "بقلم ",
    "文／",
    "\u0130",
    "\u017ftory by ",
    "dı ",
    "Jane Doe",
    ", AP",
)
_WORDS: Final = (
    "the",
    "Der",
    "Στη",
    "ΣΑΣ",
    "İstanbul",
    "“and",
    "всё",
    "中文",
    "e\u0301",
    "\u200f",
    "of",
    "la",
    "\U0001f642",
)
_SPACES: Final = (" ", "  ", "\u00a0", "\u2003", "\t", "\u200e", "\u3000")
_ENDINGS: Final = (".", "!", "?\u201d", ".)", "\u3002", "\u2019", ",", "")


def texts(*pieces: str) -> st.SearchStrategy[str]:
    """Texts of these pieces, of odd characters, and of what is long enough to be cut."""
    fragments = st.one_of(
        st.sampled_from(pieces), st.sampled_from(_SPACES + _ENDINGS), st.text(max_size=6), st.sampled_from(("a" * 60, "b" * 150))
    )  # fmt: skip
    return st.lists(fragments, max_size=9).map("".join)


def sources(*pieces: str) -> st.SearchStrategy[str]:
    """The same in lines."""
    return st.lists(texts(*pieces), max_size=6).map("\n".join)


@given(sources(*_MARKS))
@example(" " * 200 + "1 of 2 DOCUMENTS")
@example("1 of 2 DOCUMENTS" + " " * 200)
@example("\n\nBody")
@settings(max_examples=400)
def test_every_mark_of_an_export_stands_where_lines_open(text: str) -> None:
    openings = exports.line_openings(text)
    if export_tables().nexis_mark_anywhere.search(text):
        assert any(hint in openings for hint in export_tables().nexis_hints)
    if exports._UNDERSCORES.search(text):
        assert "_____" in openings
    if exports._RULE.search(text):
        assert "-----" in openings or "=====" in openings
    if exports._CODE.search(text):
        assert [match[0][:3] for match in exports._CODE.finditer(text)] == [
            match[0][:3] for match in exports._CODE.finditer(openings)
        ]
    for mark in exports._BODY_MARKS:
        assert (mark in text) == (mark in openings)


@given(texts(*_CAPTIONS).filter(bool))
@example("Photo:  ")
@settings(max_examples=600)
def test_every_credit_and_caption_passes_the_cheap_tests(text: str) -> None:
    if captions._find_credit(text) is not None:
        assert captions.may_have_credit(text)
    patterns = phrases.credit_patterns()
    opened = patterns.opening.match(text) is not None or captions._PLACE_AND_DAY.match(text) is not None
    assert captions.may_open_caption(text) == opened
    tail = max(0, len(text) - captions._TAIL)
    if text.endswith(patterns.trailer_ends) and patterns.trailer.search(text, tail):
        assert captions.may_have_credit(text)


@given(texts(*_BYLINES))
def test_every_opening_of_a_byline_passes_the_cheap_test(text: str) -> None:
    slow = name_tables().byline_opening.match(text)
    fast = names._opening(text)
    assert (slow and slow[0]) == (fast and fast[0])


@given(
    texts(
        *(
            phrase
            for table in knowledge("boilerplate").values()
            if "contained" in table
            for phrase in table["contained"]
        )
    )
)
def test_every_contained_phrase_holds_one_of_the_hints(text: str) -> None:
    known = phrases.phrases_for(())
    lowered = text.lower()
    if any(phrase in lowered for _, contents in known.contained for phrase in contents):
        assert known.contained_hints.stand_in(lowered)


@given(texts(*_WORDS))
@settings(max_examples=400)
def test_lines_are_normalised_and_told_from_prose_as_the_slow_way_does(text: str) -> None:
    cleaned = lines.clean(text).replace("\n", " ")
    for line in lines.split_lines(cleaned):
        assert line.text == " ".join(cleaned.split()).strip(lines._EDGE_MARKS).strip()
        assert line.prose == lines.is_prose(line.text)
    ends = text.rstrip(lines.CLOSERS).endswith(lines.ENDS)
    if 60 <= len(text) < 140:
        assert lines.is_prose(text) == ends
    if not ends and len(text) < 140:
        assert not lines.is_prose(text)


@given(texts(*_WORDS))
@settings(max_examples=400)
def test_a_text_of_another_script_passes_the_cheap_test(text: str) -> None:
    if len(language._NON_LATIN.findall(text)) * 3 > len(text):
        assert language._may_be_other_script(text)
    assert set(text.lower().split()) == set(map(str.lower, text.split()))


_RULE_PATTERNS: Final = [(rule.replace("-", "_"), knowledge("boilerplate")[rule]["patterns"]) for rule in phrases._RULES]
_END: Final = "[.!\u2026:]*"
_WHOLE: Final = re.compile(
    "|".join(f"(?P<{name}>(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)}){_END})" for name, patterns in _RULE_PATTERNS)
)
_BY_LETTER: Final = Alternatives(_RULE_PATTERNS, end=_END)


def _check_alternatives(text: str) -> None:
    match = _WHOLE.fullmatch(text)
    assert _BY_LETTER.name_of(text) == ("" if match is None else match.lastgroup)


@given(st.sampled_from([each for _, found in _RULE_PATTERNS for each in found]).flatmap(lambda each: st.from_regex(each, fullmatch=True)))
@settings(max_examples=400)
def test_patterns_by_their_openings_find_what_all_together_find(text: str) -> None:
    _check_alternatives(text)


@given(texts("read more", "©", "(c) 2020", "3 min", "\u0663 min", "[1/3]", "> More", "by", "logo", "page 2 of 3", "%%"))
@example("")
def test_what_no_pattern_is_made_for_is_judged_alike(text: str) -> None:
    _check_alternatives(text.lower())


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("read more", ["re"]),
        ("x", ["x"]),
        ("(?:see |an? )?ad", ["se", "an", "a ", "ad"]),
        (r"\d+ comments", ["0"]),
        (r"\d\d:\d\d", ["00"]),
        (r"[>\]→]x|\(y\)", [">x", "]x", "→x", "(y"]),
        ("[a-z]x", None),
        ("a[a-z]x", ["a"]),
        ("ab+c", ["ab"]),
        ("a+b", ["a"]),
        ("(?:ab|c)d", ["ab", "c"]),
        ("(?:ab|c){2}d", ["ab", "c"]),
        (".{0,9}z", None),
        ("(?:a|)b?", None),
        ("x{0,2}y|[(|]z", ["x", "y", "(z", "|z"]),
        (r"[^\]]x", None),
        (r"(?=ab)ab", None),
    ],
)
def test_openings(pattern: str, keys: list[str] | None) -> None:
    assert openings(pattern) == (None if keys is None else frozenset(keys))


@given(st.sampled_from([each for _, found in _RULE_PATTERNS for each in found]).flatmap(
    lambda each: st.tuples(st.just(each), st.from_regex(each, fullmatch=True))))
@settings(max_examples=400)
def test_a_match_begins_as_its_pattern_tells(drawn: tuple[str, str]) -> None:
    pattern, text = drawn
    keys = openings(pattern)
    head = "".join("0" if letter.isdecimal() else letter for letter in text[:2])
    assert keys is None or head in keys or head[:1] in keys


@given(texts("Source: ", "\u017fource:", "来源：", "Editor :", "by:", "Editor web: ", "责任编辑:", "22:15", "AUTHOR\u00a0:", "المصدر:"))
def test_a_line_with_a_label_passes_the_cheap_test(text: str) -> None:
    if labelledtop._PART_LABEL.search(text):
        assert labelledtop._may_have_label(text)


@given(
    texts("newsletter", "NEWSLETTERS!", "the app.", "our podcasts", "r\u00e9serv\u00e9 aux abonn\u00e9s", "subscribing", "\u0130nbox")
)
@settings(max_examples=400)
def test_a_text_with_a_word_of_an_appeal_has_a_hint(text: str) -> None:
    appeal, lowered = phrases.phrases_for(()).appeal, text.lower()
    if appeal.strong.search(lowered):
        assert appeal.strong_hints.stand_in(lowered)
    if appeal.strong.search(lowered) or appeal.weak.search(lowered):
        assert appeal.hints.stand_in(lowered)
