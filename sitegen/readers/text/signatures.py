"""Names in brackets that sign a text at its end: `【佐藤一郎】`, `(dpa/AFP)`."""

from __future__ import annotations

import re
from typing import Final

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.dates import DateRules
from sitegen.readers.names import opens_byline, read_byline
from sitegen.readers.nametables import is_paper
from sitegen.readers.spans import Span
from sitegen.readers.text.lines import Line
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.sourcestamp import is_publication
from sitegen.readers.text.writers import FULL_NAMES

_LONGEST: Final = 60
_REACH: Final = 12
_FOOT: Final = 30
_WORD_AND_COLON: Final = 16
_OPENS: Final = "【〔［(（"
_CLOSES: Final = "】〕］)）"
_NAME = r"[\u3400-\u9fff\u30a0-\u30ff]{2,6}(?:[ \u3000][\u3400-\u9fff\u30a0-\u30ff]{1,4})?"
# `【佐藤一郎、田中花子】`, perhaps with the place before a point: `【港町・佐藤一郎】`
_SIGNED = re.compile(rf"[【〔［（(](?P<names>{_NAME}(?:[、，,・]{_NAME}){{0,5}})[】〕］）)]")
# Before a colon above the text these mean other things.
_WRITTEN: Final = frozenset({"text", "tekst", "texte", "texto", "testo", "teksti", "szöveg", "текст", "words", "report", "reporting"})
_SEPARATORS = re.compile(r"([、，,])")
_SHORTEST_NAME: Final = 3
_LONGEST_NAME: Final = 7
# `(rad/idh)`: who wrote and who edited, by their initials.
_INITIALS = re.compile(r"\([a-z]{2,4}(?:/[a-z]{2,4}){1,3}\)")
_MOST_SPACES: Final = 7
_LONGEST_INITIALS: Final = 5
_BETWEEN = re.compile(r"(\s?[/,;|+&()]\s?|:\s|\s(?:and|und|et|y|e|och|og|en|ja|i)\s)")
_NAME_RUN = re.compile(r"(?<=\s)[^\W\d_a-zß-öø-ÿа-яα-ω][^\s]*(?: [^\s]+)*$")
_SLASH = re.compile(r"(\s?[/,]\s?)")


def sign_body(labelled: list[Labelled], *, credited: bool) -> list[Labelled]:
    """The body with the names in brackets at its end as writers, where no byline stands above, or as agencies."""
    if not credited and not _take_late_byline(labelled):
        _take_name_below(labelled)
    return sign_end(labelled, credited=credited)


def sign_end(labelled: list[Labelled], *, credited: bool) -> list[Labelled]:
    """The body with the services and names as such that sign it below its last sentence."""
    looked = 0
    for index in range(len(labelled) - 1, 0, -1):
        label = labelled[index]
        text = label.line.text
        if text[0] == "(" and text[-1] == ")" and label.line.gap and (spans := _in_brackets(text[1:-1], credited=credited)):
            labelled[index] = Labelled(label.line, "agency", spans, why="signs the text")
            return labelled
        if text[-1] in ")/" and _is_closer(label.line):
            labelled[index] = _closed(label.line)
            return labelled
        open_ended = label.role in ("paragraph", "subhead", "credit") or label.rule == "wire-closer"
        if open_ended and not label.line.prose and label.line.gap:
            named = _sign_off(label.line)
            if named is not None:
                labelled[index] = named
                return labelled
        if text[-1] in _CLOSES and label.role in ("paragraph", "credit", "subhead", "caption"):
            signed = _agencies(label.line) if label.line.gap else None
            if signed is None and not credited:
                signed = _people(label)
            if signed is not None:
                labelled[index] = signed
                return labelled
        looked += label.role == "paragraph"
        if (label.role == "paragraph" and label.line.prose and len(text) > _LONGEST) or looked > _REACH:
            return labelled
    return labelled


def _take_late_byline(labelled: list[Labelled]) -> bool:
    """`Author: Jane Doe`, the word with its colon, among the last lines below the text."""
    for index in range(len(labelled) - 1, max(0, len(labelled) - _FOOT), -1):
        line = labelled[index].line
        if labelled[index].role not in ("paragraph", "subhead") or line.prose or len(line.text) > _LONGEST:
            continue
        word, colon, rest = line.text[:_LONGEST].partition(":")
        if not colon or len(word) >= _WORD_AND_COLON:
            continue
        spans = _written_by(word, rest.strip()) if word.lower().strip() in _WRITTEN else ()
        named = read_byline(line.text, DateRules()) if not spans and opens_byline(line.text) else None
        spans = named.spans if named is not None and named.people else spans
        if spans:
            labelled[index] = Labelled(line, "byline", spans, why="a byline below the text")
            return True
    return False


def _written_by(word: str, rest: str) -> tuple[Span, ...]:
    """The spans of `Text: Jane Doe, John Roe, TT`, where behind the word full names stand first."""
    named = read_byline(f"By {rest}", DateRules()) if rest and rest[-1] not in ".!?" else None
    if named is None or not named.people or FULL_NAMES.fullmatch(named.people[0]) is None:
        return ()
    return (Span(f"{word}:", "marker"), *named.spans[1:])


def _take_name_below(labelled: list[Labelled]) -> None:
    """A full name alone right below the last sentence, of which the text says no word."""
    last = next((at for at in range(len(labelled) - 1, 0, -1) if labelled[at].line.prose and labelled[at].role == "paragraph"), 0)
    label = labelled[last + 1] if 0 < last < len(labelled) - 1 else None
    if label is None or label.role not in ("paragraph", "subhead") or label.spans:
        return
    below = labelled[last + 2].line.text if last + 2 < len(labelled) else ""
    if below and len(below) <= _LONGEST and FULL_NAMES.fullmatch(below):
        # Rather a list of people of whom the text tells.
        return
    text = label.line.text
    if len(text) > _LONGEST or FULL_NAMES.fullmatch(text) is None or is_publication(text) or is_paper(text):
        return
    words = text.split()
    if text.isascii() and not 1 < len(words) <= _MOST_WORDS:
        return
    if any(word in other.line.text for other in labelled[: last + 1] for word in words if len(word) > _SHORT):
        return
    named = read_byline(f"By {text}", DateRules())
    if named is not None and len(named.people) == 1 and all(span.fate in ("person", "marker") for span in named.spans):
        labelled[last + 1] = Labelled(label.line, "byline", named.spans[1:], why="a name alone below the text")


_MOST_WORDS: Final = 3
_SHORT: Final = 2


def _is_closer(line: Line) -> bool:
    """Whether a line is initials in parentheses, or one agency between strokes."""
    text = line.text
    return len(text) <= _LONGEST and (
        _INITIALS.fullmatch(text) is not None or (text[0] == text[-1] == "/" and is_agency(text[1:-1]))
    )


def _in_brackets(inside: str, *, credited: bool) -> tuple[Span, ...]:
    """The spans of `(Jane Doe, APA, 18.5.2025)`, one service at the least; empty where anything else stands there."""
    if len(inside) > _LONGEST:
        return ()
    spans = [Span("(", "marker")]
    for part in _SLASH.split(inside):
        bare = part.strip()
        if is_agency(bare):
            spans.append(Span(bare, "agency", value=agency_name(bare)))
        elif bare in ("/", ","):
            spans.append(Span(bare, "marker"))
        elif FULL_NAMES.fullmatch(bare):
            spans.append(Span(bare, "drop", rule="repeated") if credited else Span(bare, "person"))
        elif bare[:1].isdigit():
            spans.append(Span(bare, "drop", rule="further-stamp"))
        elif bare.islower() and len(bare) <= _LONGEST_INITIALS:
            spans.append(Span(bare, "drop", rule="wire-closer"))
        else:
            return ()
    return (*spans, Span(")", "marker")) if any(span.fate == "agency" for span in spans) else ()


def _sign_off(line: Line) -> Labelled | None:
    """`abc/dpa/AFP`, `Contributing: Reuters`: nothing but agencies has a capital letter, but for the first word."""
    text = line.text
    if len(text) > _LONGEST or text.count(" ") > _MOST_SPACES or any(map(str.isdigit, text)):
        return None
    word, colon, rest = text.partition(": ")
    spans = [Span(word, "marker")] if colon and " " not in word else []
    for part in _BETWEEN.split(rest if spans else text):
        if not part.strip():
            continue
        if is_agency(part):
            spans.append(Span(part, "agency", value=agency_name(part)))
            continue
        run = _NAME_RUN.search(part, 1)
        if run is not None:
            if not is_agency(run[0]) or run.end() != len(part):
                return None
            spans.append(Span(part[: run.start()].strip(), "marker"))
            spans.append(Span(run[0], "agency", value=agency_name(run[0])))
        elif spans or part.strip("/,;|+&() ").islower() or ":" in part:
            spans.append(Span(part.strip(), "marker"))
        else:
            return None
    if all(span.fate != "agency" for span in spans):
        return None
    return Labelled(line, "agency", tuple(spans), why="signs the text")


def _closed(line: Line) -> Labelled:
    if line.text[0] == "(":
        return Labelled(line, "boilerplate", rule="wire-closer", why="initials sign the text")
    span = Span(line.text[1:-1], "agency", value=agency_name(line.text[1:-1]))
    return Labelled(line, "agency", (Span("/", "marker"), span, Span("/", "marker")), why="signs the text")


def _people(label: Labelled) -> Labelled | None:
    """A line that is names in brackets, or a paragraph that ends with names in lenticular ones."""
    line = label.line
    start = max(line.text.rfind(mark) for mark in _OPENS)
    match = _SIGNED.fullmatch(line.text, start) if start >= 0 and len(line.text) - start <= _LONGEST else None
    if match is None or (start and (line.text[start] not in "【〔" or label.spans)):
        return None
    parts = [part for part in _SEPARATORS.split(match["names"]) if part]
    names = parts[::2]
    if any(is_agency(name) or not _SHORTEST_NAME <= len(name) <= _LONGEST_NAME for name in names):
        return None
    signed = [Span(part, "marker") if at % 2 else Span(part, "person") for at, part in enumerate(parts)]
    spans = (Span(line.text[start], "marker"), *signed, Span(line.text[-1], "marker"))
    if not start:
        return Labelled(line, "byline", spans, why="names in brackets sign the text")
    return Labelled(line, "paragraph", (Span(line.text[:start].rstrip(), "paragraph"), *spans), why="names in brackets sign it")


def _agencies(line: Line) -> Labelled | None:
    """A line that is nothing but agencies in parentheses, with a blank line above it."""
    text = line.text
    if len(text) > _LONGEST or text[0] not in "(（":
        return None
    parts = _SLASH.split(text[1:-1])
    if not all(is_agency(name) for name in parts[::2]):
        return None
    spans = [Span(part.strip(), "marker") if at % 2 else Span(part, "agency", value=agency_name(part)) for at, part in enumerate(parts)]
    return Labelled(line, "agency", (Span(text[0], "marker"), *spans, Span(text[-1], "marker")), why="signs the text")
