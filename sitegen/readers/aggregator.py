"""The aggregator dump: headline, a line `By SOURCE (SECTION) | Created at … | Updated at …`, then a saved page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.crowding import ONE_TEXT, crowded, crowded_problem
from sitegen.readers.dates import DateRules, find_dates, leading_stamp
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.assembly import Origin, assemble
from sitegen.readers.text.captions import read_caption
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, source_named, unwrapped, zone_of
from sitegen.readers.text.headline import find_headline
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.phrases import Phrases, phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.writers import is_never_told
from sitegen.records import Article, Problem, Reading

NAME: Final = "aggregator"

_SENTENCE: Final = 60
_HALF_AN_ARTICLE: Final = 2


class _Patterns(Struct, frozen=True):
    """The source line's shape, from the layout's data."""

    source_line: re.Pattern[str]
    labels: re.Pattern[str]
    published: re.Pattern[str]
    cut: re.Pattern[str]
    hints: tuple[str, ...]


@by_knowledge()
def _patterns() -> _Patterns:
    words = knowledge("layouts")["aggregator"]
    published, updated, opening = ("|".join(map(re.escape, words[key])) for key in ("published", "updated", "opening"))
    flags = re.IGNORECASE
    return _Patterns(
        re.compile(rf"(?:(?P<by>{opening})\s+)?(?P<source>[^|·•]{{1,200}}?)\s*[|·•]\s*(?=(?:{published})\b)", flags),
        re.compile(rf"(?P<created>{published})\b\s*:?\s*|(?P<changed>{updated})\b\s*:?\s*", flags),
        re.compile(
            rf"[|·•]\s{{0,8}}(?:{published.replace(chr(92) + ' ', chr(92) + 's{1,8}')})\s{{0,8}}:?\s{{0,8}}\d", flags
        ),
        # Where a hard wrap may have cut a source line.
        re.compile(rf"(?:[|·•]|\b(?:{published}|{updated}|Created|Updated|Published)):?$", flags),
        tuple({word.split(" ")[0] for word in words["published"]}),
    )


def recognise(source: SourceText) -> Score:
    """Certain where a source line stands in the text; a file's name says nothing."""
    text = source.text
    patterns = _patterns()
    if any(hint in text for hint in patterns.hints) and patterns.published.search(text):
        return Score(0.98, "a line names a source, `Created at` and a date")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """All articles of the dump; each begins with the headline above its source line."""
    phrases = phrases_for(settings.boilerplate)
    lines = list(split_lines(clean(source.text)))
    lines = unwrapped(lines, phrases, begins=lambda text: _patterns().source_line.match(text) is not None)
    lines = _rejoin_source_lines(lines)
    pieces = _split(lines, phrases)
    if crowded(len(pieces), sum(len(line.text) + 1 for line in lines)):
        return Reading(layout=ONE_TEXT, problems=(crowded_problem(source.file),))
    glued = phrases.may_be_glued(source.text)
    articles: list[Article] = []
    problems: list[Problem] = []
    labels: list[Labelled] = []
    for piece in pieces:
        origin = _origin(piece, source, settings)
        labelled = _label(piece, origin, phrases, problems, glued=glued)
        made = assemble(labelled, origin)
        problems += made.problems
        problems += _orphans(piece, source.file)
        if made.article is not None:
            articles.append(made.article)
        if with_roles:
            labels += labelled
    return Reading(
        layout=NAME,
        articles=tuple(articles),
        problems=tuple(problems),
        roles=line_roles(labels, source.text) if with_roles else (),
    )


def last_start(text: str) -> int:
    """The line on which the last article of `text` begins that is not the first; 0 where there is none."""
    lines = list(split_lines(clean(text)))
    pieces = _split(lines, phrases_for(()))
    return pieces[-1].lines[0].number if len(pieces) > 1 else 0


class _Piece(Struct, frozen=True):
    """One article's lines: where its headline is among them, or None, and its source line."""

    lines: Sequence[Line]
    headline: int | None
    deck: int | None
    source_line: int
    match: re.Match[str]


def _split(lines: Sequence[Line], phrases: Phrases) -> list[_Piece]:
    """The articles: each from its headline to the next one's; the first takes what stands above it too."""
    pattern = _patterns().source_line
    found = [
        (index, match) for index, line in enumerate(lines) if "|" in line.text and (match := pattern.match(line.text))
    ]
    pieces: list[_Piece] = []
    starts: list[tuple[int, int | None, int | None]] = []
    floor = 0
    for index, match in found:
        headline = find_headline(lines, floor, index, phrases, source=match["source"])
        starts.append((headline.start, headline.title, headline.deck))
        floor = index + 1
    for number, (index, match) in enumerate(found):
        start = starts[number][0] if number else 0
        end = starts[number + 1][0] if number + 1 < len(found) else len(lines)
        _, title, deck = starts[number]
        pieces.append(
            _Piece(
                lines[start:end],
                None if title is None else title - start,
                None if deck is None else deck - start,
                index - start,
                match,
            )
        )
    return pieces


def _label(piece: _Piece, origin: Origin, phrases: Phrases, problems: list[Problem], *, glued: bool) -> list[Labelled]:
    """Roles for all lines of one article."""
    labelled: list[Labelled] = []
    for index, line in enumerate(piece.lines[: piece.source_line]):
        if index == piece.headline:
            labelled.append(Labelled(line, "headline", why="above the source line"))
        elif index == piece.deck:
            labelled.append(Labelled(line, "standfirst", why="between headline and source line"))
        else:
            labelled.append(Labelled(line, "furniture", rule="navigation", why="above the headline"))
    labelled.append(_label_source_line(piece, origin, problems))
    below = piece.lines[piece.source_line + 1 :]
    furniture = _glued_furniture(below, phrases)
    labelled += furniture
    body = below[len(furniture) :]
    title = "" if piece.headline is None else piece.lines[piece.headline].text
    rules = date_rules(origin.language, origin.settings, origin.source)
    return labelled + label_article(body, Frame(rules=rules, phrases=phrases, headline=title, glued=glued))


def _orphans(piece: _Piece, file: str) -> list[Problem]:
    """A warning where sentences, not merely navigation, stand above the headline."""
    top = piece.headline if piece.headline is not None else piece.source_line
    prose = [line for line in piece.lines[:top] if line.prose and len(line.text) > _SENTENCE]
    if len(prose) < _HALF_AN_ARTICLE:
        return []
    hint = "this text stands above the first headline and is not shown; give it a headline and a source line of its own"
    return [report("W206", hint, file=file, line=prose[0].number)]


def _origin(piece: _Piece, source: SourceText, settings: ReadingSettings) -> Origin:
    name = _split_section(piece.match["source"])[0]
    known = source_named(name, settings)
    first = piece.headline if piece.headline is not None else piece.source_line
    language = language_of_lines(piece.lines[piece.source_line + 1 :], settings, known)
    return Origin(file=source.file, line=piece.lines[first].number, language=language, settings=settings, source=known)


def _label_source_line(piece: _Piece, origin: Origin, problems: list[Problem]) -> Labelled:
    """Source, section and the stamps, each with what stands before and after it."""
    line, match = piece.lines[piece.source_line], piece.match
    name, section = _split_section(match["source"])
    spans = [Span(match["by"], "marker")] if match["by"] else []
    spans.append(Span(name, "source"))
    if section:
        spans.append(Span(section, "section"))
    settings = origin.settings
    rules = DateRules(
        languages=(settings.language,), order=settings.date_order, zone=zone_of(settings.aggregator_time_zone)
    )
    position = match.end()
    for part in re.split(r"[|·•]", line.text[match.end() :]):
        label = _patterns().labels.match(part.lstrip())
        if label is None:
            spans.append(Span(part.strip(), "drop", rule="source-line-note"))
        else:
            spans.append(Span(label[0].strip(), "marker"))
            fate: Fate = "published" if label["created"] else "updated"
            stamp = part.lstrip()[label.end() :].strip()
            read = _read_stamp(stamp, fate, rules)
            if read[0].fate == "drop":
                hint = f'"{stamp}" is not a date; write it like 2024-02-28 17:05:00'
                column = line.indent + line.text.find(stamp, position) + 1
                problems.append(report("E103", hint, file=origin.file, line=line.number, column=column, field=fate))
            spans += read
        position += len(part) + 1
    return Labelled(line, "source line", tuple(spans), why="the layout's source line")


def _read_stamp(text: str, fate: Fate, rules: DateRules) -> list[Span]:
    """A stamp and what stands around it, which says how old it was."""
    date = leading_stamp(text, rules) or next(find_dates(text, rules), None)
    if date is None:
        return [Span(text, "drop", rule="unreadable-date")]
    spans = [Span(text[date.start : date.end].strip(), fate, moment=date.moment, ambiguous=date.ambiguous)]
    for rest in (text[: date.start].strip(), text[date.end :].strip()):
        if rest:
            spans.append(Span(rest, "drop", rule="relative-age"))
    return spans


def _rejoin_source_lines(lines: list[Line]) -> list[Line]:
    """`lines` with source lines made whole that a wrap of no consistent width has cut."""
    patterns = _patterns()
    barred = [index for index, line in enumerate(lines) if "|" in line.text]
    pairs = [pair for index in barred for pair in pairwise(lines[max(0, index - 1) : index + 2])]
    if not any(not below.gap and _is_cut(above.text, below.text, patterns) for above, below in pairs):
        return lines
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above is not None and not line.gap and _is_cut(above.text, line.text, patterns):
            joined[-1] = Line(
                above.number, f"{above.text} {line.text}", above.gap, above.indent, line.last or line.number
            )
        else:
            joined.append(line)
    return joined


def _is_cut(above: str, below: str, patterns: _Patterns) -> bool:
    if len(above) > 300 or len(below) > 300 or ("|" not in above and "|" not in below):
        return False
    if patterns.source_line.match(above) is None:
        return patterns.source_line.match(f"{above} {below}") is not None and (
            above[-1] == "|" or "|" in above or below[0] in "(|"
        )
    return below[0] == "|" or patterns.cut.search(above) is not None or re.match(r"(?:at|on)? ?\d", below) is not None


def _split_section(text: str) -> tuple[str, str]:
    """`Name (Section)` apart; the section is the last group of balanced parentheses."""
    text = text.strip()
    if not text.endswith(")"):
        return text, ""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] == ")") - (text[index] == "(")
        if depth == 0:
            name = text[:index].strip()
            return (name, text[index + 1 : -1].strip()) if name else (text, "")
    return text, ""


def _glued_furniture(below: Sequence[Line], phrases: Phrases) -> list[Labelled]:
    """What is glued under the source line: up to the first blank line, or where a text has none, the shortest lines."""
    gaps = sum(line.gap > 0 for line in below)
    blankless = gaps * 6 < len(below)
    labelled: list[Labelled] = []
    for line in below:
        text = line.text
        if line.gap or (line.prose and not phrases.rule_of(text)):
            break
        if read_byline(line.spaced or text, DateRules()) is not None or read_caption(text) is not None:
            break
        if not labelled and below[1:2] and phrases.rule_of(below[1].text) and is_never_told(below, 0, phrases):
            break
        if blankless and not phrases.rule_of(text) and (text.count(" ") > 2 or len(text) > 30):
            break
        labelled.append(Labelled(line, "furniture", rule="header-furniture", why="glued under the source line"))
    return labelled
