"""IPTC 7901 as dpa sends it: head, slug, headline block up to ` =`, wrapped paragraphs, a part that stays private.

The end mark is followed by day, hour and minute, then month and year (`151322 GMT Jun 25`), as the standard has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules
from sitegen.readers.finishing import NOT_FOR_PUBLICATION, Extras, dropped_line, finish
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirestamps import SERVICE_STAMP, moment_of
from sitegen.readers.wirewords import is_note, is_private, is_service, joined_paragraphs, wire_words, with_wire_parts
from sitegen.records import Article, Problem, Reading

NAME: Final = "IPTC 7901"

_SAMPLE: Final = 4_000
_HEAD = r"[A-Za-z][A-Za-z-]{1,9}\d{2,6} \S [A-Za-z]{1,3} +\d{1,5}(?: +\S{1,20}){0,4}"
_START = re.compile(rf"^(?:\x01[^\n]{{4,80}}|{_HEAD}[ \t]*)$", re.MULTILINE)
_SIGNED: Final = 5
_LONGEST_BLOCK: Final = 8
# The name of a field in the headline block.
_KEY = re.compile(r"(?:Headline|Head|Titel|Title|Überschrift|By|Byline|Autor|Von|Titulo|Título|Titre|Par|Por)\s?=\s?(?=\S)")


class _Parts(Struct, frozen=True):
    """One message's lines by what they are for."""

    head: list[Labelled]
    title: str
    slug: str
    body: Sequence[Line]
    tail: list[Labelled]
    stamped: bool


def recognise(source: SourceText) -> Score:
    """A head line after SOH and a text after STX; without control bytes, head, slug and end stamp."""
    head = source.text[:_SAMPLE]
    if "\x01" in head and "\x02" in head and re.search(rf"\x01{_HEAD}", head):
        return Score(0.98, "a head line after SOH, the text after STX")
    if re.match(r"\s*\x01[^\x02]{4,400}\x02", head) and "\x03" in source.text:
        return Score(0.9, "a head after SOH, a text between STX and ETX")
    opening = source.text[:120].lstrip().split("\n", 1)[0].strip()
    if re.fullmatch(_HEAD, opening) and any(SERVICE_STAMP.fullmatch(line.strip()) for line in source.text[-200:].split("\n")):
        return Score(0.9, "an IPTC 7901 head line, and its stamp at the end")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """All messages in the file; service messages are left out with a note."""
    articles: list[Article] = []
    problems: list[Problem] = []
    labels: list[Labelled] = []
    text = source.text
    starts = [match.start() for match in _START.finditer(text)] or [0]
    starts[0] = 0
    line = 1
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        labelled, made = _read_message(text[start:end], line, source.file, settings)
        labels += labelled if with_roles else ()
        articles += [made.article] if made.article is not None else []
        problems += made.problems
        line += text.count("\n", start, end)
    return Reading(
        layout=NAME,
        articles=tuple(articles),
        problems=tuple(problems),
        roles=line_roles(labels, text) if with_roles else (),
    )


def _read_message(raw: str, number: int, file: str, settings: ReadingSettings) -> tuple[list[Labelled], Assembled]:
    """The labels of one message and what they make."""
    lines = list(split_lines(clean(raw), first=number))
    first = lines[0].number if lines else number
    stx = number + raw.count("\n", 0, raw.index("\x02")) if "\x02" in raw else 0
    parts = _take_apart(lines, stx)
    if is_service(parts.slug.strip("/ "), parts.title) or not parts.body:
        hint = "this is a message to newsrooms, not an article; it was left out"
        skipped = [dropped_line(line, "service-message") for line in parts.body]
        return [*parts.head, *skipped, *parts.tail], Assembled(None, (report("N303", hint, file=file, line=first),))
    paragraphs = joined_paragraphs(parts.body)
    language = language_of_lines(paragraphs, settings)
    rules = date_rules(language, settings, None)
    frame = Frame(rules=rules, phrases=phrases_for(settings.boilerplate), headline=parts.title)
    labelled = [*parts.head, *with_wire_parts(label_article(paragraphs, frame), rules), *parts.tail]
    made = finish(labelled, Origin(file=file, line=first, language=language, settings=settings), Extras())
    if "\x03" in raw or parts.stamped:
        return labelled, made
    hint = "the message is cut off: it has no end mark; what there is of it is kept"
    return labelled, Assembled(made.article, (report("W207", hint, file=file, line=first), *made.problems))


def _take_apart(lines: Sequence[Line], stx: int) -> _Parts:
    head = [dropped_line(line, "wire-header") for line in lines[:1]]
    above = [line for line in lines[1:] if line.number < stx] if stx else []
    slug = above[0].text if above else ""
    head += [dropped_line(line, "slug-line" if not index else "wire-revision") for index, line in enumerate(above)]
    rest = lines[1 + len(above) :]
    if not stx and rest and rest[0].text.endswith("/"):
        slug = rest[0].text
        head.append(dropped_line(rest[0], "slug-line"))
        rest = rest[1:]
    block = _headline_block(rest)
    titles = [span.text for label in block for span in label.spans if span.fate == "title"]
    rest = rest[len(block) :]
    end = _end_of_text(rest)
    tail = _label_tail(rest[end:])
    stamped = any(span.fate == "published" for label in tail for span in label.spans)
    return _Parts([*head, *block], " ".join(titles), slug, rest[:end], tail, stamped)


def _headline_block(lines: Sequence[Line]) -> list[Labelled]:
    """Marks of the take, the headline's lines and the byline, up to the line that ends in ` =` or a blank line."""
    block: list[Labelled] = []
    for line in lines[: _block_length(lines)]:
        closes = line.text.endswith("=")
        key = _KEY.match(line.text)
        opening = (Span(key[0].strip(), "marker"),) if key is not None else ()
        text = line.text[key.end() if key is not None else 0 :].rstrip("= ")
        ending = (Span("=", "marker"),) if closes else ()
        # `By = Von Jane Doe, dpa =` names the field first.
        byline = read_byline(text, DateRules(), word_needed=key is None)
        if byline is not None and any(label.role == "headline" for label in block):
            block.append(Labelled(line, "byline", (*opening, *byline.spans, *ending), why="in the headline block"))
        elif wire_words().revisions.fullmatch(text) or is_note(text):
            block.append(dropped_line(line, "wire-revision"))
        elif text:
            block.append(Labelled(line, "headline", (*opening, Span(text, "title"), *ending), why="in the headline block"))
        else:
            block.append(dropped_line(line, "wire-revision"))
    return block


def _block_length(lines: Sequence[Line]) -> int:
    """How many lines the headline block has; without the sign that closes it only the first is sure."""
    for index, line in enumerate(lines[:_LONGEST_BLOCK]):
        if index and line.gap:
            break
        named_below = index + 1 < len(lines) and not lines[index + 1].gap and _KEY.match(lines[index + 1].text) is not None
        if line.text.endswith("=") and not named_below:
            return index + 1
    return min(1, len(lines))


def _end_of_text(lines: Sequence[Line]) -> int:
    """Where the notes to editors, the private part or the end stamp begin."""
    words = wire_words()
    for index, line in enumerate(lines):
        if words.notebook.fullmatch(line.text) or is_private(line.text):
            # The row of stars above the private part goes with it.
            return index - 1 if index and words.rules.fullmatch(lines[index - 1].text) else index
        if len(lines) - index <= _SIGNED and (SERVICE_STAMP.fullmatch(line.text) or words.signature.fullmatch(line.text)):
            return index
    return len(lines)


def _label_tail(lines: Sequence[Line]) -> list[Labelled]:
    """What follows the text: notes to editors, then what is not for publication, then the stamp."""
    words = wire_words()
    private = False
    labelled: list[Labelled] = []
    for line in lines:
        stamp = SERVICE_STAMP.fullmatch(line.text)
        private = private or is_private(line.text)
        if stamp is not None and (moment := moment_of(stamp)) is not None:
            signed = line.text[: stamp.start("d")].strip()
            lead = (Span(signed, "drop", rule="signature"),) if signed else ()
            span = Span(line.text[stamp.start("d") :], "published", moment=moment)
            labelled.append(Labelled(line, "stamp", (*lead, span), why="the end stamp"))
        elif private:
            labelled.append(dropped_line(line, NOT_FOR_PUBLICATION, "not for publication"))
        elif words.rules.fullmatch(line.text):
            labelled.append(dropped_line(line, "section-rule"))
        else:
            labelled.append(dropped_line(line, "signature" if words.signature.fullmatch(line.text) else "editors-note"))
    return labelled
