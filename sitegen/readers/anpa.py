"""AP copy in ANPA-1312, with its control bytes or without: header, slug, `^header<` lines, text opened by tabs.

Quotation marks (``so'') and the underscore for a dash stay as they were sent. A take marked `1stLd-Writethru` has the
id of the story that it revises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.problems import report
from sitegen.readers.agencynames import is_agency
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules
from sitegen.readers.finishing import Extras, dropped_line, finish
from sitegen.readers.identity import digest_id
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Span
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, is_prose, split_lines
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirestamps import FOOTER, footer_moment
from sitegen.readers.wirewords import is_note, is_service, joined_paragraphs, opens_story, wire_words, with_wire_parts
from sitegen.records import Article, Problem, Reading

NAME: Final = "AP ANPA-1312"

_SAMPLE: Final = 4_000
_DECK: Final = 60
_REACH: Final = 6
_SAMPLE_LINES: Final = 12
_START = re.compile(
    r"^(?:(?:\x16*\x01)[a-z]\d{4}|[a-z]\d{4}[^\n]{0,24}\n[a-z] [a-z][\s\x13\x14\x11\x12]{0,6}(?:am|pm|bc|ap)-)",
    re.IGNORECASE | re.MULTILINE,
)
_SLUG_LINE = re.compile(
    r"^[a-z] (?P<category>[a-z])[\s\x13\x14]{0,3}(?P<format>[\x11\x12])?\s{0,3}(?:am|pm|bc|ap)-(?P<slug>\S+)"
    r"(?P<take>[^\n]*?)\s+(?P<day>\d{1,2}-\d{1,2})\s+\d{0,5}\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SLUG = re.compile(r"(?:\*\d{1,6}<\s?\^)?(?:am|pm|bc|ap)-.{1,200}", re.IGNORECASE)
_CARETS = re.compile(r"\s*\^[^\n]{2,200}[<=]\s*\n\s*\^[^\n]{2,200}[<=]\s*\n")
_CARET_TABLE = re.compile(r"[^;]{0,40};[^;]{0,40};")


class _Story(Struct, frozen=True):
    """One transmission: its text with control bytes, and the number of its first line."""

    raw: str
    line: int


def recognise(source: SourceText) -> Score:
    """The header's control bytes, or two header lines and a line between `^` and `<`."""
    head = source.text[:_SAMPLE]
    if "\x16\x16\x01" in head and _START.search(head):
        return Score(0.99, "a header with the control bytes SYN SYN SOH")
    if "\n^" in head and _START.search(head):
        return Score(0.97, "a header with slug, and a line that begins with ^")
    if head.lstrip().startswith("^") and _CARETS.match(head):
        return Score(0.9, "the first lines begin with ^ and end with < or =")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """All stories in the file; service messages are left out with a note."""
    articles: list[Article] = []
    problems: list[Problem] = []
    labels: list[Labelled] = []
    for story in _stories(source.text):
        labelled, made = _read_story(story, source.file, settings)
        labels += labelled if with_roles else ()
        articles += [made.article] if made.article is not None else []
        problems += made.problems
    return Reading(
        layout=NAME,
        articles=tuple(articles),
        problems=tuple(problems),
        roles=line_roles(labels, source.text) if with_roles else (),
    )


def _stories(text: str) -> list[_Story]:
    starts = [match.start() for match in _START.finditer(text)]
    starts = starts if starts and not text[: starts[0]].strip("\x00\x04\x16 \n") else [0, *starts]
    stories: list[_Story] = []
    line = 1 + text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        raw = text[start:end]
        stories.append(_Story(raw, line))
        line += raw.count("\n")
    return stories


def _read_story(story: _Story, file: str, settings: ReadingSettings) -> tuple[list[Labelled], Assembled]:
    """The labels of one story and what they make."""
    slug = _SLUG_LINE.search(story.raw[:_SAMPLE])
    lines = list(split_lines(clean(story.raw), first=story.line))
    head, rest = _headers(lines)
    foot, body = _footer(rest)
    caret, labelled = _caret_lines(body)
    title = next((label.spans[1].text for label in labelled if label.role == "headline"), "")
    if is_service(slug["slug"] if slug else "", title) or is_service(_plain_slug(labelled), ""):
        hint = "this is a message to newsrooms, not an article; it was left out"
        skipped = [dropped_line(line, "service-message") for line in body]
        return [*head, *skipped, *foot], Assembled(None, (report("N303", hint, file=file, line=story.line),))
    text = body[caret:]
    if not text:
        labelled = _list_of_lines(labelled)
    language = language_of_lines(text, settings)
    tabular = (slug is not None and slug["format"] == "\x12") or _is_table(text)
    labelled = [*head, *labelled, *(_table(text, story) if tabular else _prose(text, language, settings)), *foot]
    origin = Origin(file=file, line=story.line, language=language, settings=settings)
    made = finish(labelled, origin, Extras(ident=_ident(slug, foot)))
    if "\x03" in story.raw or foot:
        return labelled, made
    hint = "the story is cut off: it has no end mark; what there is of it is kept"
    return labelled, Assembled(made.article, (report("W207", hint, file=file, line=story.line), *made.problems))


def _ident(slug: re.Match[str] | None, foot: Sequence[Labelled]) -> str:
    """The id that all takes of one story share: its slug and the day of its header."""
    if slug is None:
        return ""
    stamp = next((span.moment for label in foot for span in label.spans if span.moment), None)
    return digest_id("ANPA", f"{stamp.iso[:4] if stamp else ''} {slug['day']}", slug["slug"])


def _headers(lines: Sequence[Line]) -> tuple[list[Labelled], Sequence[Line]]:
    """The lines above the first that begins with `^` or an indent."""
    count = 0
    while count < min(3, len(lines)) and not lines[count].text.startswith("^") and not lines[count].indent:
        count += 1
    return [dropped_line(line, "wire-header") for line in lines[:count]], lines[count:]


def _footer(lines: Sequence[Line]) -> tuple[list[Labelled], Sequence[Line]]:
    """The last line with its stamp, if there is one."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
        match = FOOTER.fullmatch(lines[index].text)
        if match is None:
            continue
        moment = footer_moment(match)
        if moment is None:
            return [dropped_line(line, "unreadable-date") for line in lines[index:]], lines[:index]
        stamp = lines[index].text[match.start("day") :]
        wire = (Span(match["wire"], "drop", rule="wire-footer"),) if match["wire"] else ()
        spans = (*wire, Span(stamp, "published", moment=moment))
        below = [dropped_line(line, "wire-footer") for line in lines[index + 1 :]]
        return [Labelled(lines[index], "stamp", spans), *below], lines[:index]
    if lines and len(lines[-1].text) < _DECK and wire_words().closers.fullmatch(lines[-1].text):
        return [dropped_line(lines[-1], "wire-closer")], lines[:-1]
    return [], lines


def _bare(text: str) -> str:
    return text.removeprefix("^").rstrip(" <=").strip()


def _caret_lines(lines: Sequence[Line]) -> tuple[int, list[Labelled]]:
    """How many lines the header of `^` lines has, and their labels: slug, headline, notes, standfirst, byline."""
    labelled: list[Labelled] = []
    credited = titled = False
    last = _last_byline(lines)
    for index, line in enumerate(lines):
        if not line.text.startswith("^"):
            if labelled and not line.indent and not lines[len(labelled) - 1].text.endswith(("<", "=")):
                labelled.append(Labelled(line, labelled[-1].role, rule=labelled[-1].rule))
                continue
            break
        label = _caret_line(line, credited=credited, titled=titled, above_byline=index < last)
        if label is None:
            break
        credited = credited or label.role == "byline"
        titled = titled or label.role == "headline"
        labelled.append(label)
    return len(labelled), labelled


def _last_byline(lines: Sequence[Line]) -> int:
    """Where the byline stands among the `^` lines at the top, or -1."""
    for index, line in enumerate(lines[:_SAMPLE_LINES]):
        if not line.text.startswith("^"):
            break
        if read_byline(_bare(line.text), DateRules()) is not None:
            return index
    return -1


def _caret_line(line: Line, *, credited: bool, titled: bool, above_byline: bool) -> Labelled | None:
    """One `^` line of the header; None for the first that belongs to the text."""
    text = _bare(line.text)
    byline = read_byline(text, DateRules(), word_needed=not credited)
    if byline is not None:
        return Labelled(line, "byline", (Span("^", "marker"), *byline.spans), why="a byline")
    if credited:
        return _role_line(line, text)
    if not text or _CARET_TABLE.match(text):
        return None
    return _named_line(line, text, titled=titled, above_byline=above_byline)


def _named_line(line: Line, text: str, *, titled: bool, above_byline: bool) -> Labelled | None:
    """Slug, note, headline or standfirst above the byline."""
    if _SLUG.fullmatch(text):
        return dropped_line(line, "slug-line")
    if is_note(text):
        return dropped_line(line, "editors-note", "speaks to editors")
    ending = Span(line.text[-1], "marker") if line.text[-1] in "<=" else Span("", "marker")
    if not titled:
        spans = (Span("^", "marker"), Span(text, "title"), ending)
        return Labelled(line, "headline", spans, why="the first header line")
    if len(text) < _DECK and line.text.endswith("=") and not above_byline:
        return None
    return Labelled(line, "standfirst", (Span("^", "marker"), Span(text, "summary"), ending), why="below the headline")


def _list_of_lines(labelled: list[Labelled]) -> list[Labelled]:
    """The `^` lines of a story that has no others: what stands below its headline is its text."""
    decks = [index for index, label in enumerate(labelled) if label.role == "standfirst"]
    for index in decks if len(decks) > 1 else ():
        line = labelled[index].line
        spans = (Span("^", "marker"), Span(_bare(line.text), "paragraph"))
        labelled[index] = Labelled(line, "paragraph", spans, why="all lines of the text begin with ^")
    return labelled


def _role_line(line: Line, text: str) -> Labelled | None:
    """What stands under a byline: `AP Sports Writer`, `Associated Press`, `The Daily Courier`."""
    if is_agency(text):
        return Labelled(line, "byline", (Span(text, "agency"),))
    more = read_byline(f"By {text}", DateRules())
    if more is None or is_prose(text):
        return None
    if any(span.fate == "person" for span in more.spans):
        return None
    return Labelled(line, "byline", more.spans[1:], why="below the byline")


def _plain_slug(labelled: Sequence[Labelled]) -> str:
    """`News Digest` of the line `^BC-News Digest, 1 pm,300<`."""
    text = next((_bare(label.line.text) for label in labelled if label.rule == "slug-line"), "")
    return text[3:].split(",")[0]


def _is_table(lines: Sequence[Line]) -> bool:
    """Whether rows of columns, parted by semicolons, stand where a story would open with its dateline."""
    rows = sum(line.text.count(";") > 1 and not line.prose for line in lines)
    return rows > 2 and (rows * 2 > len(lines) or not any(opens_story(line.text) for line in lines[:_REACH]))


def _table(lines: Sequence[Line], story: _Story) -> list[Labelled]:
    """All lines as they stand: their breaks and spaces carry meaning."""
    raw = clean(story.raw).split("\n")
    labelled = []
    for line in lines:
        shown = raw[line.number - story.line].rstrip(" <=").removeprefix("\t").removeprefix("^")
        labelled.append(Labelled(line, "preformatted", (Span(line.text, "preformatted", value=shown),), why="a table"))
    return labelled


def _prose(lines: Sequence[Line], language: str, settings: ReadingSettings) -> list[Labelled]:
    """Paragraphs, each opened by a tab, and the subheads that begin with `^`."""
    phrases = phrases_for(settings.boilerplate)
    rules = date_rules(language, settings, None)
    subheads = {line.number for line in lines if line.text.startswith("^")}
    rows = _rows(lines)
    bare = [_stripped(line) for line in lines if line.number not in rows]
    # A line that does not begin with a tab goes on with the one above.
    if any(line.indent for line in bare):
        bare = joined_paragraphs([line for line in bare if line.text])
    labelled = label_article([line for line in bare if line.text], Frame(rules=rules, phrases=phrases))
    marked = [
        Labelled(label.line, "subhead", (Span("^", "marker"), Span(label.line.text, "subhead")), why="begins with ^")
        if label.line.number in subheads and not label.rule and label.role != "byline"
        else label
        for label in labelled
    ]
    return sorted([*with_wire_parts(marked, rules), *rows.values()], key=lambda label: label.line.number)


def _rows(lines: Sequence[Line]) -> dict[int, Labelled]:
    """Runs of lines that are a name and several numbers each, with the heading right above them; as they stand."""
    found: dict[int, Labelled] = {}
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        if len(line.text) > _DECK or _ROW.fullmatch(line.text) is None:
            continue
        near = index + 1 < len(lines) and not lines[index + 1].gap and _ROW.fullmatch(lines[index + 1].text[:_DECK]) is not None
        goes_on = above is not None and above.number in found and not line.gap
        if not near and not goes_on:
            continue
        headed = above is not None and not goes_on and above.text.startswith("^ ")
        for row in (above, line) if headed and above is not None else (line,):
            shown = (row.spaced or row.text).removeprefix("^").rstrip(" <=")
            found[row.number] = Labelled(row, "preformatted", (Span(row.text, "preformatted", value=shown),), why="a row of numbers")
    return found


_ROW = re.compile(r"[^\W\d][^\d\n]{1,28}(?:\s{1,9}[\d.,_{}-]{1,10}){3,12}")


def _stripped(line: Line) -> Line:
    text = _bare(line.text) if line.text.startswith("^") or line.text.endswith(("<", "=")) else line.text
    # What begins with a tab or ^ begins a paragraph, however deep.
    indent = 2 if line.indent or line.text.startswith("^") else 0
    return Line(line.number, text, line.gap, indent, line.last, "", is_prose(text) if text else False)
