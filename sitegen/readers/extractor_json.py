"""JSON as extractors write it (news-please, newspaper, trafilatura): one object, a list of them, or one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.problems import report
from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.base import ReadingSettings, Score, SourceText
from sitegen.readers.dates import DateRules, parse_date
from sitegen.readers.finishing import Extras, dropped_line, finish
from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.names import read_byline
from sitegen.readers.spans import Fate, Span
from sitegen.readers.text.assembly import Assembled, Origin
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, source_named
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import Line, clean, split_lines
from sitegen.readers.text.phrases import phrases_for
from sitegen.readers.text.roles import Labelled, Role
from sitegen.records import Article, Moment, Problem, Reading

NAME: Final = "extractor JSON"

_SAMPLE: Final = 20_000
_FAULTS: Final = 100
_FEWEST_SIGNS: Final = 2
_LONGEST_NAME: Final = 80
_MOST_WORDS: Final = 6
_SPACE = re.compile(r"[\s,\[\]]*")
_NEXT_OBJECT = re.compile(r"(?:\n[ \t]*|\},\s*|\[\s*)(?=\{)")
_KEY = re.compile(r'"([\w-]{2,40})"\s*:')
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_HOST = re.compile(r"https?://([^/\s]{1,200})/?$")
_SINGLE: Final[tuple[tuple[str, Role, Fate], ...]] = (
    ("title", "headline", "title"),
    ("summary", "standfirst", "summary"),
    ("source", "source line", "source"),
    ("section", "source line", "section"),
    ("url", "url", "url"),
)
_URL = re.compile(r"https?://[^\s<>\"]{4,2000}")


class _Keys(Struct, frozen=True):
    """Which keys mean which field, and what stands for no value."""

    fields: Mapping[str, tuple[str, ...]]
    signs: frozenset[str]
    missing: frozenset[str]
    furniture: re.Pattern[str]


class _Found(Struct, frozen=True):
    """An object of the file, or None where one is broken; where it begins, and what is wrong."""

    line: int
    value: Mapping[str, object] | None
    message: str = ""
    column: int = 1


@by_knowledge()
def _keys() -> _Keys:
    table = knowledge("corpora")
    fields = dict(table["extractor"])
    signs, missing = frozenset(fields.pop("signs")), frozenset(fields.pop("missing"))
    furniture = "|".join(f"(?:{text})" for text in table["author_furniture"]["patterns"])
    return _Keys(
        {name: tuple(keys) for name, keys in fields.items()}, signs, missing, re.compile(furniture, re.IGNORECASE)
    )


def recognise(source: SourceText) -> Score:
    """An object whose keys are those of an extractor's record; its end must be JSON too, or a cut."""
    text = source.text.lstrip()
    if not text.startswith(("{", "[")):
        return Score(0.0)
    keys = set(_KEY.findall(text[:_SAMPLE]))
    known = _keys()
    if _is_front_matter(text):
        return Score(0.0)
    signs = len(keys & known.signs)
    if keys.isdisjoint(known.fields["text"]) or (signs < _FEWEST_SIGNS and "maintext" not in keys):
        return Score(0.0)
    return Score(0.98, "JSON with an extractor's keys: " + ", ".join(sorted(keys & known.signs)[:4]))


def _is_front_matter(text: str) -> bool:
    """Whether an object at the beginning is closed and a text follows, none of whose lines is JSON."""
    first, _, rest = text.partition("\n")
    if not first.rstrip().endswith("}"):
        closed = re.search(r"^\}[ \t]*\n", text, re.MULTILINE) if text.startswith("{") else None
        rest = text[closed.end() :] if closed else ""
    following = rest.lstrip()
    return bool(following) and following[0] not in "{[" and re.search(r"^[ \t]*\{", rest, re.MULTILINE) is None


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """One article for each object that holds a text; a broken object is reported, and those around it are kept."""
    articles: list[Article] = []
    problems: list[Problem] = []
    labels: list[Labelled] = []
    for found in _objects(source.text):
        if found.value is None:
            hint = f"the record cannot be read as JSON ({found.message}); write it again, whole"
            problems.append(report("E111", hint, file=source.file, line=found.line, column=found.column))
            continue
        labelled, made = _read_object(found.value, found.line, source.file, settings, problems)
        problems += made.problems
        if made.article is not None:
            articles.append(made.article)
        labels += labelled if with_roles else ()
    return Reading(
        layout=NAME,
        articles=tuple(articles),
        problems=tuple(problems),
        roles=line_roles(labels, source.text) if with_roles else (),
    )


def _objects(text: str) -> Iterator[_Found]:
    """All objects in the file, in order; after a fault, from where the next one seems to begin."""
    decoder = json.JSONDecoder(strict=False)
    position = counted = faults = 0
    line = 1
    while (position := _skip(text, position)) < len(text) and faults < _FAULTS:
        line += text.count("\n", counted, position)
        counted = position
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as fault:
            faults += 1
            where = fault.pos if isinstance(fault, json.JSONDecodeError) else position
            message = fault.msg if isinstance(fault, json.JSONDecodeError) else "it is nested too deeply"
            yield _Found(line, None, message, position - text.rfind("\n", 0, position))
            following = _NEXT_OBJECT.search(text, max(position, min(where, _line_end(text, position))))
            position = following.end() if following else len(text)
            continue
        if isinstance(value, dict):
            yield from (_Found(line, record) for record in _records(value))


def _records(value: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The records in an object: itself, or those that it wraps as a list under one of its keys."""
    if not any(_text_of(value.get(key)) for key in _keys().fields["text"]):
        for inner in value.values():
            if isinstance(inner, list) and inner and all(isinstance(record, dict) for record in inner):
                return inner
    return [value]


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return end if end >= 0 else len(text)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _text_of(value: object) -> str:
    """A value as text: lone surrogates replaced, and what extractors write for nothing made empty."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text_of, value)))
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = str(value)
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "" if text.strip().lower() in _keys().missing else text.strip()


def _first(record: Mapping[str, object], field: str) -> tuple[str, str]:
    """The key that holds a field, and its value as text; two empty strings where none does."""
    for key in _keys().fields[field]:
        text = _text_of(record.get(key))
        if text and not (field == "url" and _URL.fullmatch(text) is None):
            return key, text
    return "", ""


def _read_object(
    record: Mapping[str, object], line: int, file: str, settings: ReadingSettings, problems: list[Problem]
) -> tuple[list[Labelled], Assembled]:
    """The labels of one record and what they make."""
    used = {field: _first(record, field) for field in _keys().fields}
    body = [replace(each, number=line, last=0) for each in split_lines(clean(used["text"][1]))]
    known = source_named(used["source"][1], settings)
    language = _language(used["language"][1]) or language_of_lines(body, settings, known)
    origin = Origin(file=file, line=line, language=language, settings=settings, source=known)
    rules = date_rules(language, settings, known)
    labels = _meta_labels(used, line, origin, rules, problems)
    labels += _author_labels(record.get(used["authors"][0]), line)
    phrases = phrases_for(settings.boilerplate)
    title = " ".join(used["title"][1].split())
    frame = Frame(rules=rules, phrases=phrases, headline=title, glued=phrases.may_be_glued(used["text"][1]))
    labels += label_article(body, frame)
    labels += _left_over(record, used, line)
    retrieved = _moment(used["retrieved"][1], rules) if used["retrieved"][1] else None
    return labels, finish(labels, origin, Extras(ident=used["url"][1], retrieved=retrieved))


def _language(text: str) -> str:
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else ""


def _moment(text: str, rules: DateRules) -> Moment | None:
    date = parse_date(text, rules)
    return None if date is None else date.moment


def _meta_labels(
    used: Mapping[str, tuple[str, str]], line: int, origin: Origin, rules: DateRules, problems: list[Problem]
) -> list[Labelled]:
    """Headline, summary, source, section, tags, address and stamps."""
    labels: list[Labelled] = []
    for field, role, fate in _SINGLE:
        text = " ".join(clean(used[field][1]).split())
        if text:
            host = _HOST.match(text) if field == "source" else None
            span = Span(text, fate, value=host[1] if host else "")
            labels.append(Labelled(Line(line, text), role, (span,), why=used[field][0]))
    names = [name.strip() for name in re.split(r"[;,\n]", clean(used["tags"][1])) if name.strip()]
    if names:
        labels.append(Labelled(Line(line, "; ".join(names)), "tags", tuple(Span(name, "tag") for name in names)))
    stamps: tuple[Fate, ...] = ("published", "updated")
    for fate in stamps:
        text = used[fate][1]
        if not text:
            continue
        date = parse_date(text, rules)
        if date is None:
            hint = f'"{text[:80]}" is not a date; write it like 2024-02-28T17:05:00Z'
            problems.append(report("E103", hint, file=origin.file, line=line, field=fate))
            labels.append(dropped_line(Line(line, text), "unreadable-date"))
            continue
        span = Span(text, fate, moment=date.moment, ambiguous=date.ambiguous)
        labels.append(Labelled(Line(line, text), "stamp", (span,), why=used[fate][0]))
    return labels


def _author_labels(value: object, line: int) -> list[Labelled]:
    """People and agencies among the authors; what the extractor took from the page around them is dropped."""
    items = value if isinstance(value, list) else re.split(r";|\n", value) if isinstance(value, str) else []
    labels = []
    for item in items:
        text = " ".join(clean(_text_of(item.get("name") if isinstance(item, dict) else item)).split())
        if text:
            labels.append(Labelled(Line(line, text), "byline", _author_spans(text), why="an author"))
    return labels


def _author_spans(text: str) -> tuple[Span, ...]:
    dropped = (Span(text, "drop", rule="author-furniture"),)
    if is_agency(text):
        return (Span(text, "agency", value=agency_name(text)),)
    if len(text) > _LONGEST_NAME or _keys().furniture.fullmatch(text):
        return dropped
    named = read_byline(text, DateRules()) or read_byline(f"By {text}", DateRules())
    if named is not None and (named.people or named.agencies):
        return named.spans
    return (Span(text, "person"),) if text.count(" ") < _MOST_WORDS and named is None else dropped


def _left_over(record: Mapping[str, object], used: Mapping[str, tuple[str, str]], line: int) -> list[Labelled]:
    """The fields that no article has: pictures' addresses, file names, digests, further copies of the text."""
    taken = {key for key, _ in used.values()}
    shown = {text for _, text in used.values()}
    labels = []
    for key, value in record.items():
        text = "" if key in taken else clean(_text_of(value))
        if text and text not in shown:
            labels.append(dropped_line(Line(line, f"{key}: {text}"), "extractor-field"))
    return labels
