"""Plain text in no known layout: a headline if the first line looks like one, then whatever the lines show."""

from __future__ import annotations

import re
from typing import Final

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules
from sitegen.readers.text.assembly import Origin, assemble
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, unwrapped
from sitegen.readers.text.header import label_top
from sitegen.readers.text.labelledtop import label_labelled_top
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, is_wide, split_lines
from sitegen.readers.text.mailframe import without_mail
from sitegen.readers.text.masthead import menu_above, take_masthead, with_section
from sitegen.readers.text.pagetop import is_mark, menu_length
from sitegen.readers.text.papersname import with_source, without_paper
from sitegen.readers.text.phrases import Phrases, phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.wirewords import is_service, opens_story
from sitegen.records import Reading

NAME: Final = "plain text"

_FEWEST_BELOW: Final = 4
_KICKER_WORDS: Final = 3
_HEADLINE_WORDS: Final = 3
_SENTENCE: Final = 80
_REACH: Final = 30
_LONGEST_MESSAGE: Final = 3_000
_TO_EDITORS = re.compile(r"\(?(?:eds|editors|attn|attention editors|redaktionen)\b[^:]{0,20}:", re.IGNORECASE)
_NO_TITLE: Final = ".,;:。"
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def recognise(source: SourceText) -> Score:
    """Any text fits, a little."""
    return Score(0.1, "the text is in no known layout")


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The one article that the text is."""
    lines = list(split_lines(clean(source.text)))
    phrases = phrases_for(settings.boilerplate)
    if not lines:
        hint = "the file holds nothing but control characters; remove it or put an article into it"
        return Reading(layout=NAME, problems=(report("E102", hint, file=source.file),))
    mail = without_mail(lines, opens_story)
    lines = unwrapped(mail.lines, phrases)
    glued = phrases.may_be_glued(source.text)
    first_rules = date_rules(language_of_lines(lines, settings), settings, None)
    masthead = take_masthead(lines, phrases)
    if masthead:
        named = {label.line.number for label in masthead}
        lines = [line for line in lines if line.number not in named]
    above_name = menu_above(lines, masthead, phrases)
    masthead, lines = [*above_name, *masthead], lines[len(above_name) :]
    labelled = label_labelled_top(lines, first_rules)
    title = next((span.text for label in labelled for span in label.spans if span.fate == "title"), "")
    below = lines[len(labelled) :]
    menu = menu_length(below, first_rules, phrases)
    labelled += label_top(below, first_rules, phrases, menu=menu)
    rest = lines[len(labelled) :]
    desk = _desk(rest, phrases) if masthead and not title else 0
    labelled += [Labelled(line, "furniture", rule="navigation", why="above the desk's name") for line in rest[:desk]]
    rest = rest[desk:]
    if not title and is_kicker(rest, first_rules, paged=len(labelled) > 0 or bool(masthead), sections=phrases.sections):
        labelled.append(Labelled(rest[0], "furniture", rule="header-furniture", why="a label above the headline"))
        rest = rest[1:]
    found = menu > 0 and len(rest) > 1 and rest[0].text[-1] not in _NO_TITLE
    if rest and not title and (found or looks_like_headline(rest[0], rest[1:])):
        labelled.append(Labelled(rest[0], "headline", why="the first line, and it is not a sentence"))
        title = rest[0].text
        rest = rest[1:]
    # An article may be headed `Budget` too; what speaks to editors is none.
    if is_service("", title) and len(source.text) < _LONGEST_MESSAGE and any(_TO_EDITORS.match(line.text) for line in rest):
        left_out = [*mail.outside, *labelled, *(Labelled(line, "furniture", rule="service-message") for line in rest)]
        note = report("N303", "it is a message to newsrooms and was left out", file=source.file, line=labelled[-1].line.number)
        return Reading(layout=NAME, problems=(note,), roles=line_roles(left_out, source.text) if with_roles else ())
    labelled = [*mail.outside, *labelled]
    language = language_of_lines(rest or lines, settings)
    rules = date_rules(language, settings, None)
    labelled += label_article(
        rest,
        Frame(rules=rules, phrases=phrases, headline=title, glued=glued, paged=any(label.rule for label in labelled)),
    )
    labelled = sorted([*masthead, *labelled], key=_number) if masthead else labelled
    labelled = without_paper(with_source(with_section(labelled, phrases), phrases))
    first = next((label.line for label in labelled if not label.rule), labelled[0].line)
    origin = Origin(file=source.file, line=first.number, language=language, settings=settings)
    made = assemble(labelled, origin)
    problems = made.problems
    if _HTML.match(source.text):
        hint = ("this is the source of a web page (HTML), kept as it is; better open the page in a browser, select all, and save "
                "what you copied as a text file")  # fmt: skip
        problems = (report("W203", hint, file=source.file, line=1), *problems)
    return Reading(
        layout=NAME,
        articles=(made.article,) if made.article else (),
        problems=problems,
        roles=line_roles(labelled, source.text) if with_roles else (),
    )


def _desk(lines: list[Line], phrases: Phrases) -> int:
    """How many short lines stand above a desk's name that is right above a longer line, among the first few."""
    for index, line in enumerate(lines[:_FEWEST_BELOW]):
        below = lines[index + 1] if index + 1 < len(lines) else None
        if line.text.lower() in phrases.sections and below is not None and below.text.count(" ") >= _HEADLINE_WORDS:
            return index
        if line.text.count(" ") >= _HEADLINE_WORDS or line.prose:
            return 0
    return 0


def _number(label: Labelled) -> int:
    return label.line.number


def is_kicker(lines: list[Line], rules: DateRules, *, paged: bool, sections: frozenset[str] = frozenset()) -> bool:
    """Whether the first line is a label above the headline: a few words, and below it both a headline and a deck.

    In the copy of a page (`paged`) a stamp or byline below the headline shows it as well.
    """
    if len(lines) < _FEWEST_BELOW or lines[0].text.count(" ") >= _KICKER_WORDS or lines[0].prose:
        return False
    headline, deck = lines[1], lines[2]
    desk = lines[0].text.lower() in sections and (headline.text.count(" ") >= _HEADLINE_WORDS or is_wide(headline.text))
    if desk or (lines[0].text[-1] in ":：" and (paged or is_mark(deck, rules))):
        return True
    if headline.text.count(" ") < _HEADLINE_WORDS or headline.prose or headline.text[-1] in ".,;":
        return False
    if is_mark(headline, rules):
        return False
    if paged and is_mark(deck, rules):
        return True
    above_text = any(line.prose and len(line.text) > _SENTENCE for line in lines[3:_REACH])
    return deck.text.count(" ") >= _HEADLINE_WORDS and above_text and len(deck.text) < _SENTENCE * 2


def looks_like_headline(line: Line, following: list[Line]) -> bool:
    """Whether a first line is a headline: short, no sentence, and something longer or a blank line follows."""
    text = line.text
    if not following or len(text) > 200 or text[-1] in _NO_TITLE or text[0].islower():
        return False
    return bool(following[0].gap) or following[0].prose or is_wide(text) or len(following[0].text) < len(text) * 3
