"""Wire copy as plain text: headline, byline, a dateline that opens the story, and the marks that end it.

One file may hold several stories, each ended by its closer. Text is kept as it came over the wire: ``quotes'' and the
underscore for a dash are not turned into others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sitegen.readers.agencynames import is_agency
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules
from sitegen.readers.finishing import NOT_FOR_PUBLICATION, Extras, dropped_line, finish
from sitegen.readers.names import read_byline
from sitegen.readers.plain import looks_like_headline
from sitegen.readers.spans import Span
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, unwrapped
from sitegen.readers.text.header import label_top
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.mailframe import without_mail
from sitegen.readers.text.masthead import take_masthead, with_section
from sitegen.readers.text.pagetop import menu_length
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirestamps import FOOTER, SERVICE_STAMP, footer_moment, moment_of
from sitegen.readers.wirewords import is_note, is_private, opens_story, wire_words, with_wire_parts
from sitegen.records import Reading

NAME: Final = "wire text"

_SAMPLE: Final = 4_000
_REACH: Final = 8
_SHORT: Final = 60
_QUOTES: Final = "\"'\u201c\u2018\u00ab\u201e("
_FEWEST: Final = 3
_KEYWORDS: Final = 4
_SLUG = re.compile(
    r"(?:bc|am|pm|ap)-[^\n]{2,70}|[^\W_]{2,20}(?:-{1,2}|/)[^\W_]{2,20}(?:[-/,:]{1,2}[^\W_]{0,20}){0,4}"
    r"(?:,? \(?(?:\d{1,2}(?:st|nd|rd|th)?-? ?)?(?:lead|ld|update|urgent|writethru|take|add|adds|refile|recast|repeat|roundup|correction)"
    r"[\w ,-]{0,20}\)?)?", re.IGNORECASE,
)  # fmt: skip
# The mark that opened a transmission by teleprinter.
_TRANSMISSION = re.compile(r"ZCZC\b")
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
    if _TRANSMISSION.match(text.lstrip()):
        return Score(0.5, "the mark ZCZC opens a transmission")
    if any(word in text for word in _PRIVATE_WORDS) and any(is_private(line.strip()) for line in text.split("\n")):
        return Score(0.5, "a part is marked as not for publication")
    last = [line.strip() for line in tail.rstrip().split("\n")[-_LAST:]]
    if any(line in _CLOSERS or (line.startswith("(") and _CREDITS.fullmatch(line)) for line in last):
        return Score(0.5, "a line closes the story as a wire does")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The stories in the file, each up to its closer."""
    phrases = phrases_for(settings.boilerplate)
    mail = without_mail(list(split_lines(clean(source.text))), opens_story)
    lines = unwrapped(mail.lines, phrases, begins=opens_story)
    glued = phrases.may_be_glued(source.text)
    made: list[Assembled] = []
    labels: list[Labelled] = []
    for story in _stories(lines):
        labelled, origin = _label_story(story, source.file, settings, glued=glued)
        if not made:
            labelled = [*mail.outside, *labelled]
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
    top += _codes_below(story, {label.line.number for label in top})
    noted = {label.line.number for label in top}
    top += _slug_above([line for line in story[: _REACH * 2] if line.number not in noted])
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
    labelled = _closed(with_wire_parts(_stamped(labelled), rules))
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


def _codes_below(story: Sequence[Line], taken: set[int]) -> list[Labelled]:
    """The lines of codes below a transmission's mark, each of which begins with a sign: `%MFI MGD`, `$J`, `*X`."""
    if not story or _TRANSMISSION.match(story[0].text) is None:
        return []
    codes = []
    for line in story[1:_FIRST]:
        if line.prose or len(line.text) > _SHORT or line.text[0].isalnum() or line.text[0] in _QUOTES:
            break
        if line.number not in taken:
            codes.append(dropped_line(line, "wire-header"))
    return codes


def _slug_above(lines: Sequence[Line]) -> list[Labelled]:
    """The first line where it is a slug: words joined by signs and the take, and a headline glued below."""
    if len(lines) < _FEWEST or lines[1].gap or opens_story(lines[1].text):
        return []
    if read_byline(lines[1].text, DateRules()) is not None:
        return []
    if _SLUG.fullmatch(lines[0].text):
        return [dropped_line(lines[0], "slug-line", "words joined by signs, above a headline")]
    keyword = lines[0].text.isupper() and lines[0].text.count(" ") < _KEYWORDS and not lines[1].text.isupper()
    if keyword and (lines[2].gap or read_byline(lines[2].text, DateRules()) is not None):
        return [dropped_line(lines[0], "slug-line", "a word in capitals, above a headline")]
    return []


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


def _stamped(labels: list[Labelled]) -> list[Labelled]:
    """`labels` with the service's own stamp at the story's end, and the initials above it, taken out of the body."""
    for index in range(len(labels) - 1, max(0, len(labels) - _LAST) - 1, -1):
        text = labels[index].line.text
        stamp = SERVICE_STAMP.fullmatch(text) or FOOTER.fullmatch(text) if len(text) < _SHORT else None
        if stamp is None:
            continue
        moment = moment_of(stamp) if stamp.re is SERVICE_STAMP else footer_moment(stamp)
        start = stamp.start("d" if stamp.re is SERVICE_STAMP else "day")
        opening = text[:start].strip(" -")
        lead = (Span(opening, "drop", rule="wire-footer"),) if opening else ()
        spans = (*lead, Span(text[start:], "published", moment=moment) if moment else Span(text[start:], "drop", rule="unreadable-date"))
        labels[index] = Labelled(labels[index].line, "stamp", spans, why="the end stamp")
        above = labels[index - 1] if index else None
        if above is not None and above.role in ("paragraph", "subhead") and _INITIALS.fullmatch(above.line.text):
            labels[index - 1] = dropped_line(above.line, "signature", "initials above the end stamp")
        break
    return labels


_INITIALS = re.compile(r"[a-z]{2,4}(?:[/ -][a-z]{2,4}){0,4}")


def _closed(labels: list[Labelled]) -> list[Labelled]:
    """`labels` with the closers at the story's end taken out of the body."""
    for index in range(len(labels) - 1, max(0, len(labels) - 4) - 1, -1):
        label = labels[index]
        if label.role in ("paragraph", "subhead") and (_is_closer(label.line) or is_agency(label.line.text)):
            labels[index] = Labelled(label.line, "boilerplate", rule="wire-closer", why="ends a wire story")
    return labels
