"""Wire copy as plain text: headline, byline, a dateline that opens the story, and the marks that end it.

One file may hold several stories, each ended by its closer. Text is kept as it came over the wire: ``quotes'' and the
underscore for a dash are not turned into others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.finishing import NOT_FOR_PUBLICATION, Extras, dropped_line, finish
from sitegen.readers.plain import looks_like_headline
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, unwrapped
from sitegen.readers.text.header import label_top
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.masthead import take_masthead, with_section
from sitegen.readers.text.pagetop import menu_length
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirewords import is_note, is_private, opens_story, wire_words, with_wire_parts
from sitegen.records import Reading

NAME: Final = "wire text"

_SAMPLE: Final = 4_000
_REACH: Final = 8
_SHORT: Final = 60
_SHORTEST: Final = 150
# What nearly every dateline and closer holds; a search for them is cheap.
_AGENCY_MARK = re.compile(
    r"\([^()\n]{2,60}\)\s?\.?\s?[-_\u2013\u2014:=A-Z\"\u201c]|电|-RRB-|\d [а-яё]{3,9}\.? ?[-–—/]"
    r"|【|[\[（(][^\n]{1,20}="
)
_CREDITS = re.compile(r"\((?:Reporting|Writing|Additional reporting|Editing) by .{4,300}\)")
_CLOSERS: Final = frozenset({"-30-", "Reuter", "END"})
# A cheap test for the marks above, and for the words of a private part.
_BRACKET = re.compile("[)\uff08\u3010\u7535=/]|RB-|[а-яё] [-–—]")
_PRIVATE_WORDS: Final = ("ublication", "UBLICATION", "ffentlich", "FFENTLICH", "ublicación", "ubblicazione")
_OPENING: Final = 130
_FIRST: Final = 40
_LAST: Final = 6


def recognise(source: SourceText) -> Score:
    """A dateline with an agency, or a wire's closer, in the first lines; other layouts' own marks count for more."""
    for line in source.text[:_SAMPLE].split("\n")[:_FIRST]:
        opening = line[:_OPENING].strip()
        if _BRACKET.search(opening) and _AGENCY_MARK.search(opening) and opens_story(clean(opening)):
            return Score(0.55, "a paragraph opens with a wire's dateline")
    tail = source.text[-_SAMPLE:]
    text = source.text
    if any(word in text for word in _PRIVATE_WORDS) and any(is_private(line.strip()) for line in text.split("\n")):
        return Score(0.5, "a part is marked as not for publication")
    last = [line.strip() for line in tail.rstrip().split("\n")[-_LAST:]]
    if any(line in _CLOSERS or (line.startswith("(") and _CREDITS.fullmatch(line)) for line in last):
        return Score(0.5, "a line closes the story as a wire does")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The stories in the file, each up to its closer."""
    phrases = phrases_for(settings.boilerplate)
    lines = unwrapped(list(split_lines(clean(source.text))), phrases, begins=opens_story)
    glued = phrases.may_be_glued(source.text)
    made: list[Assembled] = []
    labels: list[Labelled] = []
    for story in _stories(lines):
        labelled, origin = _label_story(story, source.file, settings, glued=glued)
        made.append(finish(labelled, origin, Extras()))
        labels += labelled if with_roles else ()
    return Reading(
        layout=NAME,
        articles=tuple(story.article for story in made if story.article is not None),
        problems=tuple(problem for story in made for problem in story.problems),
        roles=line_roles(labels, source.text) if with_roles else (),
    )


def _label_story(
    story: Sequence[Line], file: str, settings: ReadingSettings, *, glued: bool
) -> tuple[list[Labelled], Origin]:
    """Roles for all lines of one story: routing lines and notes, headline, text, what is not for publication."""
    phrases = phrases_for(settings.boilerplate)
    language = language_of_lines(story, settings)
    rules = date_rules(language, settings, None)
    top = [label for label in map(_as_header, story[:_REACH]) if label is not None]
    marked = {label.line.number for label in top}
    masthead = take_masthead(story, phrases)
    marked |= {label.line.number for label in masthead}
    top += masthead
    rest = [line for line in story if line.number not in marked]
    end = next((index for index, line in enumerate(rest) if is_private(line.text)), len(rest))
    tail = [dropped_line(line, NOT_FOR_PUBLICATION, "not for publication") for line in rest[end:]]
    labelled = label_top(rest[:end], rules, phrases, menu=menu_length(rest[:end], rules, phrases))
    rest = rest[len(labelled) : end]
    title = ""
    if rest and not opens_story(rest[0].text) and looks_like_headline(rest[0], rest[1:]):
        labelled.append(Labelled(rest[0], "headline", why="above the dateline"))
        title, rest = rest[0].text, rest[1:]
    labelled += label_article(
        rest,
        Frame(rules=rules, phrases=phrases, headline=title, glued=glued, paged=any(label.rule for label in labelled)),
    )
    labelled = _closed(with_wire_parts(labelled, rules))
    labelled = with_section(sorted([*top, *labelled, *tail], key=lambda label: label.line.number), phrases)
    first = next((label.line for label in labelled if not label.rule), labelled[0].line)
    return labelled, Origin(file=file, line=first.number, language=language, settings=settings)


def _is_closer(line: Line) -> bool:
    return len(line.text) < _SHORT and wire_words().closers.fullmatch(line.text) is not None


def _as_header(line: Line) -> Labelled | None:
    """A routing line or a note to editors, or None for what is the story's own."""
    if len(line.text) < _SHORT * 2 and wire_words().header.fullmatch(line.text):
        return dropped_line(line, "wire-header")
    return dropped_line(line, "editors-note", "speaks to editors") if is_note(line.text) else None


def _stories(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The stories apart: a closer ends one where another one's dateline follows soon."""
    stories: list[Sequence[Line]] = []
    start = size = 0
    for index, line in enumerate(lines[:-1]):
        following = lines[index + 1 : index + 1 + _REACH]
        size += len(line.text)
        # What is shorter is no story; a file of nothing but closers must not become thousands of them.
        if size < _SHORTEST or not _is_closer(line) or _is_closer(following[0]):
            continue
        if any(opens_story(below.text) for below in following):
            stories.append(lines[start : index + 1])
            start, size = index + 1, 0
    stories.append(lines[start:])
    return [story for story in stories if story]


def _closed(labels: list[Labelled]) -> list[Labelled]:
    """`labels` with the closers at the story's end taken out of the body."""
    for index in range(len(labels) - 1, max(0, len(labels) - 4) - 1, -1):
        label = labels[index]
        if label.role in ("paragraph", "subhead") and _is_closer(label.line):
            labels[index] = Labelled(label.line, "boilerplate", rule="wire-closer", why="ends a wire story")
    return labels
