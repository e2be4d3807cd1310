"""The articles of an export: each is taken apart by its layout, labelled and assembled for itself alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.problems import report
from sitegen.readers import aggregator
from sitegen.readers.base import ReadingSettings, SourceText
from sitegen.readers.crowding import ONE_TEXT, crowded_problem
from sitegen.readers.exports import yearfile
from sitegen.readers.exports.ends import without_furniture
from sitegen.readers.exports.fields import label_field
from sitegen.readers.exports.parts import Field, Parts, dropped
from sitegen.readers.exports.reach import Reach
from sitegen.readers.exports.splitting import Layout, Piece, split_export
from sitegen.readers.exports.tables import export_tables
from sitegen.readers.identity import digest_id
from sitegen.readers.text.assembly import Origin, assemble
from sitegen.readers.text.framing import date_rules, language_of_lines, line_roles, source_named
from sitegen.readers.text.labelling import Frame, label_article
from sitegen.readers.text.lines import CLOSERS, ENDS, Line, clean, split_lines
from sitegen.readers.text.phrases import Phrases, phrases_for
from sitegen.readers.text.roles import Labelled
from sitegen.readers.text.wrapping import Apart, join_wrapped, wrap_width
from sitegen.readers.values import language_tag
from sitegen.records import Article, Paragraph, Problem, Quote, Reading

_WIDEST: Final = 100
_SENTENCE: Final = 60
_HALF_AN_ARTICLE: Final = 2
_DOMAIN_SLASHES: Final = 3


class _Strays(Struct, frozen=True):
    """Lines above and below an article that belong to none."""

    above: Sequence[Line] = ()
    below: Sequence[Line] = ()


class _Read(Struct, frozen=True):
    """One article, or None where there is nothing to show, with its labels and problems."""

    article: Article | None
    labels: list[Labelled]
    problems: list[Problem]


def read_export(source: SourceText, settings: ReadingSettings, *, with_roles: bool) -> Reading:
    """All articles of the export, whole ones kept whatever lies between them."""
    phrases = phrases_for(settings.boilerplate)
    pieces = split_export(list(split_lines(clean(source.text))))
    if pieces is None:
        return Reading(layout=ONE_TEXT, problems=(crowded_problem(source.file),))
    taken = [None if piece.layout is None else _take_apart(piece.layout, piece.lines) for piece in pieces]
    outside = [piece.lines if parts is None else parts.after for piece, parts in zip(pieces, taken, strict=True)]
    foreign = _read_foreign(source, outside, settings, with_roles=with_roles)
    reads: list[_Read] = []
    above: list[Line] = []
    rest = sum(parts is not None for parts in taken)
    for piece, parts, after in zip(pieces, taken, outside, strict=True):
        if parts is not None:
            rest -= 1
            # Behind the last article there is no next one to drop the rest with.
            strays = _Strays(above, [] if rest else _behind(piece, outside))
            strays = strays if foreign is None else _Strays()
            reads.append(_read_piece(piece, parts, strays, file=source.file, settings=settings, phrases=phrases))
            above = []
        above += after
    names = dict.fromkeys(piece.layout.NAME for piece in pieces if piece.layout is not None)
    return _reading(source, reads, outside, foreign, tuple(names), with_roles=with_roles)


def _take_apart(layout: Layout, lines: Sequence[Line]) -> Parts:
    """The article's parts; `Not available` in the place of its text is none."""
    parts = layout.take_apart(lines)
    if len(parts.body) != 1 or parts.body[0].text.casefold() not in export_tables().none:
        return parts
    return replace(parts, head=(*parts.head, dropped("no-value", *parts.body)), body=())


def _behind(piece: Piece, outside: Sequence[Sequence[Line]]) -> list[Line]:
    return [line for lines in outside for line in lines if line.number > piece.lines[0].number]


def _reading(
    source: SourceText, reads: Sequence[_Read], outside: Sequence[Sequence[Line]], foreign: Reading | None,
    layouts: tuple[str, ...], *, with_roles: bool,
) -> Reading:  # fmt: skip
    """The reading of the whole export, in the order of its lines."""
    articles = told_apart([read.article for read in reads if read.article is not None])
    orphans = [problem for lines in outside for problem in _orphans(lines, source.file)]
    if not articles and foreign is None and (orphans or not reads):
        # Marks without an article: the text is left to the readers of other layouts, who lose nothing of it.
        return Reading(layout="none")
    problems = [problem for read in reads for problem in read.problems]
    roles = line_roles([label for read in reads for label in read.labels], source.text) if with_roles else ()
    if foreign is None:
        problems += orphans
    else:
        articles = sorted([*articles, *foreign.articles], key=lambda article: article.line)
        problems += foreign.problems
        taken = {line.number for lines in outside for line in lines}
        roles = tuple(theirs if ours.line in taken else ours for ours, theirs in zip(roles, foreign.roles, strict=True))
    return Reading(
        layout=" and ".join((*layouts, foreign.layout) if foreign else layouts),
        articles=tuple(articles),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        roles=roles,
    )


def _read_piece(
    piece: Piece, parts: Parts, strays: _Strays, *, file: str, settings: ReadingSettings, phrases: Phrases
) -> _Read:
    """One article; what lies around it and belongs to none is dropped with it."""
    layout = piece.layout
    assert layout is not None
    known = source_named(parts.text_of("source"), settings)
    language = _language(parts, settings, known.language if known else None)
    first = next((field.lines[0] for field in parts.head if field.role == "title" and field.lines), piece.lines[0])
    origin = Origin(file=file, line=first.number, language=language, settings=settings, source=known)
    rules = date_rules(language, settings, known)
    body = _unwrapped(parts.body, layout)
    frame = Frame(rules=rules, phrases=phrases, headline=parts.text_of("title"), fielded=layout is not yearfile)
    text = without_furniture(label_article(body, frame), parts.text_of("author")) if body else []
    reach = Reach(rules=rules, source=parts.text_of("source"), time=parts.text_of("time"))
    labels = [
        *_outside(strays.above),
        *_label_fields(parts.head, parts, text, reach),
        *text,
        *_label_fields(parts.tail, parts, text, reach),
        *_outside(strays.below),
    ]
    made = assemble(labels, origin)
    problems = [*made.problems, *_unreadable(labels, file), *_cut(piece, parts, file)]
    article = made.article if made.article is None else _numbered(made.article, parts, layout)
    return _Read(article, labels, problems)


def _outside(lines: Sequence[Line]) -> list[Labelled]:
    return [Labelled(line, "furniture", rule="outside-article", why="belongs to no article") for line in lines]


def _label_fields(fields: Sequence[Field], parts: Parts, text: Sequence[Labelled], reach: Reach) -> list[Labelled]:
    """The labels of some of the article's fields, each field that it has once taken once."""
    spoken = any(span.fate == "dateline" for label in text for span in label.spans)
    firsts = {field.role: field for field in reversed(parts.fields) if field.lines}
    labels: list[Labelled] = []
    for field in fields:
        again = field.role in _ONCE and field.lines and firsts[field.role] is not field
        # The dateline with which the text itself opens is the fuller one.
        further = again or (field.role == "dateline" and spoken)
        labels += label_field(replace(field, role=f"drop:further-{field.role}") if further else field, reach)
    return labels


_ONCE: Final = frozenset({"title", "source", "section", "dateline"})


def _language(parts: Parts, settings: ReadingSettings, known: str | None) -> str:
    """The source's language by the settings, else as the export says, else as the text shows."""
    if known:
        return known
    for name in parts.text_of("language").replace(",", ";").split(";"):
        tag = export_tables().languages.get(name.strip().casefold()) or language_tag(name.strip())
        if tag:
            return settings.language if settings.language.split("-")[0] == tag else tag
    return language_of_lines(parts.body, settings)


def _unwrapped(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """The text with its hard wraps undone; where the layout always wraps, a few lines are enough to show the width."""
    width = wrap_width(lines)
    if not width and layout.WRAPPED:
        longest = max((len(line.text) + line.indent for line in lines), default=0)
        width = longest if longest <= _WIDEST else 0
    return join_wrapped(lines, width, lambda text: Apart.NO) if width else list(lines)


def _numbered(article: Article, parts: Parts, layout: Layout) -> Article:
    """The article under the export's own number, where it has one."""
    number = parts.text_of("number").split()
    if number:
        return replace(article, id=f"{layout.NAME}:{number[-1]}")
    if article.original_url and article.original_url.rstrip("/").count("/") < _DOMAIN_SLASHES:
        # The address of a whole site says nothing about an article of it.
        stamp = article.published.iso if article.published else ""
        return replace(article, id=digest_id(article.source, stamp, article.title, opening=_opening(article)))
    return article


def told_apart(articles: Sequence[Article], openings: dict[str, str] | None = None) -> list[Article]:
    """`articles` with another id for one that shares its id but not its text: `Letters to the editor`, twice a day.

    `openings` are those of earlier articles of the same source, by id, to which these are added.
    """
    openings = {} if openings is None else openings
    apart: list[Article] = []
    for article in articles:
        opening = _opening(article)
        if openings.setdefault(article.id, opening) != opening and ":" not in article.id:
            fresh = digest_id(article.source, article.id, f"{article.section} {article.title} {opening[:200]}")
            apart.append(replace(article, id=fresh))
        else:
            apart.append(article)
    return apart


def _opening(article: Article) -> str:
    return next((block.text for block in article.body if isinstance(block, Paragraph | Quote)), "")


def _unreadable(labelled: Sequence[Labelled], file: str) -> list[Problem]:
    return [
        report(
            "E103", f'"{span.text}" is not a date; write it like 2024-02-28',
            file=file, line=label.line.number, field="published",
        )
        for label in labelled
        for span in label.spans
        if span.rule == "unreadable-date"
    ]  # fmt: skip


def _cut(piece: Piece, parts: Parts, file: str) -> list[Problem]:
    """A warning where an article stops inside a sentence, without anything that closes it."""
    if parts.closed or (piece.layout is yearfile and not piece.last) or not parts.body:
        return []
    last = parts.body[-1]
    if last.text.rstrip(CLOSERS).endswith(ENDS):
        return []
    hint = "the article stops here, inside a sentence; export it again, or complete it"
    return [report("W206", hint, file=file, line=last.last or last.number)]


def _orphans(lines: Sequence[Line], file: str) -> list[Problem]:
    """A warning where sentences, not merely an export's own words, lie between two articles."""
    furniture = export_tables().furniture
    prose = [line for line in lines if line.prose and len(line.text) > _SENTENCE and not furniture.match(line.text)]
    if len(prose) < _HALF_AN_ARTICLE:
        return []
    hint = "this text belongs to no article and is not shown; half an article, perhaps: export it again"
    return [report("W206", hint, file=file, line=prose[0].number)]


def _read_foreign(
    source: SourceText, outside: Sequence[Sequence[Line]], settings: ReadingSettings, *, with_roles: bool
) -> Reading | None:
    """The articles of an aggregator's dump that lies between those of the export, or None."""
    numbers = {line.number for lines in outside for line in lines}
    if not numbers:
        return None
    rows = [row if number in numbers else "" for number, row in enumerate(source.text.split("\n"), 1)]
    rest = replace(source, text="\n".join(rows))
    if not aggregator.recognise(rest).value:
        return None
    reading = aggregator.read(rest, settings, with_roles=with_roles)
    return reading if reading.articles else None
