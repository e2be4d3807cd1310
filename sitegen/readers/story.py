"""CNN and Daily Mail `.story` files: the text, then the highlights, each below a line `@highlight`; no headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules, find_dates
from sitegen.readers.finishing import Extras, dropped_line, finish
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.assembly import Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import CLOSERS, ENDS, Line, clean, split_lines
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirewords import with_wire_parts
from sitegen.records import Reading

NAME: Final = "CNN / Daily Mail story"

_MARK: Final = "@highlight"
_CAPTION_WORDS: Final = 4
_LONGEST_CAPTION: Final = 300
_LONGEST_NAME: Final = 80


class _Words(Struct, frozen=True):
    """The labels above a Daily Mail story, and the page furniture inside it."""

    byline: frozenset[str]
    newsrooms: re.Pattern[str]
    furniture: frozenset[str]
    stamp: re.Pattern[str]


@by_knowledge()
def _words() -> _Words:
    table = knowledge("corpora")["story"]
    published, updated = ("|".join(map(re.escape, table[key])) for key in ("published", "updated"))
    return _Words(
        frozenset(table["byline"]),
        re.compile("|".join(table["newsrooms"]), re.IGNORECASE),
        frozenset(table["furniture"]),
        re.compile(
            rf"(?P<label>(?P<published>{published})|(?P<updated>{updated}))\s*(?:on|at)?\s*:?\s*(?P<rest>.*)",
            re.IGNORECASE,
        ),
    )


def recognise(source: SourceText) -> Score:
    """A line `@highlight`."""
    if f"\n{_MARK}\n" in source.text or source.text.startswith(f"{_MARK}\n"):
        return Score(0.97, "a line @highlight")
    return Score(0.0)


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The one article; its highlights are the summary, a line each."""
    lines = list(split_lines(clean(source.text)))
    end = next((index for index, line in enumerate(lines) if line.text == _MARK), len(lines))
    body = lines[:end]
    language = language_of_lines(body, settings)
    rules = date_rules(language, settings, None)
    labelled = _label_top(body, rules)
    phrases = phrases_for(settings.boilerplate)
    frame = Frame(rules=rules, phrases=phrases, glued=phrases.may_be_glued(source.text))
    text = with_wire_parts(label_article(body[len(labelled) :], frame), rules)
    labelled += _with_captions(text)
    highlights = [line for line in lines[end:] if line.text != _MARK]
    for line in lines[end:]:
        if line.text == _MARK:
            labelled.append(Labelled(line, "standfirst", (Span(line.text, "marker"),), why="opens a highlight"))
        else:
            labelled.append(Labelled(line, "standfirst", why="a highlight"))
    first = lines[0].number if lines else 1
    origin = Origin(file=source.file, line=first, language=language, settings=settings)
    made = finish(labelled, origin, Extras(summary="\n".join(dict.fromkeys(line.text for line in highlights))))
    return Reading(
        layout=NAME,
        articles=(made.article,) if made.article else (),
        problems=made.problems,
        roles=line_roles(labelled, source.text) if with_roles else (),
    )


def _label_top(lines: Sequence[Line], rules: DateRules) -> list[Labelled]:
    """The byline and the stamps, each of which may stand over several lines."""
    labelled: list[Labelled] = []
    naming = False
    stamping: Fate | None = None
    for line in lines:
        text = line.text
        stamp = _words().stamp.fullmatch(text)
        below = _stamp_spans(text, stamping, rules) if stamping and not stamp else []
        spans = _label_spans(stamp, rules) if stamp else []
        if text == "|":
            labelled.append(dropped_line(line, "header-furniture"))
        elif below:
            labelled.append(Labelled(line, "stamp", tuple(below), why="below its label"))
            stamping = None
        elif stamp and spans:
            naming = False
            stamping = None if stamp["rest"] else ("updated" if stamp["updated"] else "published")
            labelled.append(Labelled(line, "stamp", tuple(spans), why="a stamp's label"))
        elif text.lower() in _words().byline:
            naming = True
            labelled.append(Labelled(line, "byline", (Span(text, "marker"),), why="opens a byline"))
        elif (naming or text.lower().startswith("by ")) and (label := _name_line(line)) is not None:
            naming = True
            labelled.append(label)
        else:
            break
    return labelled


def _name_line(line: Line) -> Labelled | None:
    """A line of names below `By`, which may begin with `and`, or with `By` itself."""
    bare = re.sub(r"^(?:and|&|[Bb]y)\s+", "", line.text)
    joint = (Span(line.text[: len(line.text) - len(bare)].strip(), "marker"),) if bare != line.text else ()
    if len(line.text) > _LONGEST_NAME:
        return None
    if _words().newsrooms.fullmatch(bare):
        return Labelled(line, "byline", (*joint, Span(bare, "drop", rule="byline-newsroom")), why="names no person")
    named = read_byline(f"By {bare}", DateRules())
    return None if named is None else Labelled(line, "byline", (*joint, *named.spans[1:]), why="in the byline")


def _label_spans(stamp: re.Match[str], rules: DateRules) -> list[Span]:
    """A stamp's label and the stamp behind it; nothing where what follows is no date."""
    if not stamp["rest"]:
        return [Span(stamp[0], "marker")]
    spans = _stamp_spans(stamp["rest"], "updated" if stamp["updated"] else "published", rules)
    return [Span(stamp[0][: stamp.start("rest")].strip(), "marker"), *spans] if spans else []


def _stamp_spans(text: str, fate: Fate, rules: DateRules) -> list[Span]:
    date = next(find_dates(text, rules), None)
    if date is None or len(text) > _LONGEST_NAME:
        return []
    spans = [Span(text[date.start : date.end].strip(), fate, moment=date.moment, ambiguous=date.ambiguous)]
    rest = (text[: date.start] + text[date.end :]).strip(" ,|")
    return [*spans, Span(rest, "drop", rule="stamp-note")] if rest else spans


def _with_captions(labels: Sequence[Labelled]) -> list[Labelled]:
    """`labels` with captions told from text: below the first paragraph, a line that ends without a full stop."""
    result: list[Labelled] = []
    begun = False
    for label in labels:
        text = label.line.text
        plain = label.role in ("paragraph", "subhead") and not label.spans and not label.rule
        if not label.rule and text.lower().strip(" .") in _words().furniture:
            result.append(Labelled(label.line, "boilerplate", rule="boilerplate", why="page furniture"))
        elif begun and plain and _is_caption(text):
            result.append(Labelled(label.line, "caption", (Span(text, "caption"),), why="no full stop at its end"))
        elif begun and plain and text.isupper() and len(text) < _LONGEST_NAME:
            result.append(Labelled(label.line, "subhead", why="in capitals"))
        else:
            begun = begun or label.role == "paragraph"
            result.append(label)
    return result


def _is_caption(text: str) -> bool:
    if len(text) > _LONGEST_CAPTION or text.count(" ") + 1 < _CAPTION_WORDS or text.isupper():
        return False
    bare = text.rstrip(CLOSERS + " ")
    marks = (":", ",", ";", "-", "\u2013", "\u2014")
    return not bare.endswith((*ENDS, *marks)) and not text.endswith(("'", '"', "\u201d"))
