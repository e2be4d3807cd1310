"""BBC text: the headline, a blank line, a paragraph a line; the folder is the section."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.finishing import Extras, finish
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.plain import looks_like_headline
from sitegen.readers.spans import Span
from sitegen.readers.text.assembly import Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, source_named
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.records import Reading

NAME: Final = "BBC text"
SOURCE: Final = "BBC"

_SAMPLE: Final = 2_000
_NUMBERED = re.compile(r"\d{1,4}")


@by_knowledge()
def _folders() -> frozenset[str]:
    table = knowledge("corpora")["bbc"]
    return frozenset(table["folders"])


def recognise(source: SourceText) -> Score:
    """A numbered file in one of the corpus's folders, whose text has its form."""
    path = PurePosixPath(source.file)
    folders = [part.lower() for part in path.parts[:-1]]
    in_corpus = any(_is_corpus(part) for part in folders)
    if not folders or _NUMBERED.fullmatch(path.stem) is None or not (in_corpus or folders[-1] in _folders()):
        return Score(0.0)
    lines = list(split_lines(clean(source.text[:_SAMPLE])))
    if len(lines) < 2 or not looks_like_headline(lines[0], lines[1:]) or lines[1].gap != 1 or not lines[1].prose:
        return Score(0.0)
    return Score(0.6, "a numbered file in a folder of the BBC corpus: headline, blank line, paragraphs")


def _is_corpus(folder: str) -> bool:
    return re.match(r"bbc(?![a-z])|bbcsport", folder) is not None


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The one article, its section named by its folder."""
    lines = list(split_lines(clean(source.text)))
    phrases = phrases_for(settings.boilerplate)
    folders = PurePosixPath(source.file).parts[:-1]
    in_corpus = any(_is_corpus(part.lower()) for part in folders)
    known = source_named(SOURCE, settings) if in_corpus else None
    language = language_of_lines(lines[1:], settings, known)
    labelled = [Labelled(lines[0], "headline", why="the first line")] if lines else []
    # The name of the folder is no line of the text, so its label has no number.
    spans = [Span("", "source", value=SOURCE)] if in_corpus else []
    if folders and not _is_corpus(folders[-1].lower()):
        spans.append(Span("", "section", value=folders[-1]))
    named = [Labelled(Line(0, "/".join(folders)), "source line", tuple(spans), why="the folder")] if spans else []
    frame = Frame(
        rules=date_rules(language, settings, known),
        phrases=phrases,
        headline=lines[0].text if lines else "",
        glued=phrases.may_be_glued(source.text),
    )
    labelled += label_article(lines[1:], frame)
    origin = Origin(file=source.file, line=1, language=language, settings=settings, source=known)
    made = finish([*named, *labelled], origin, Extras())
    return Reading(
        layout=NAME,
        articles=(made.article,) if made.article else (),
        problems=made.problems,
        roles=line_roles(labelled, source.text) if with_roles else (),
    )
