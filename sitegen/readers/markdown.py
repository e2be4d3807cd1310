"""Markdown files with front matter: one article each, its body left as it is written for the bodies' conversion."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sitegen.problems import report
from sitegen.readers.base import ReadingSettings, Score, SourceSettings, SourceText
from sitegen.readers.dates import DateRules
from sitegen.readers.frontmatter import FrontMatter, kind_of, split_front_matter
from sitegen.readers.identity import digest_id
from sitegen.readers.language import language_of
from sitegen.readers.metadata import Metadata
from sitegen.readers.text.framing import source_named, zone_of
from sitegen.readers.values import path_date
from sitegen.records import Article, Drop, LineRole, MarkdownBlock, Moment, Problem, Reading

NAME: Final = "markdown"

_SUFFIXES: Final = (".md", ".markdown", ".mdown", ".mkd", ".mdwn", ".mkdn")
_MARKUP: Final = re.compile(r"^(?:#{1,6} \S|[*-] \S|> \S|!\[|```)|\]\(\S|\*\*\S|^={3,}$", re.MULTILINE)
_SAMPLE: Final = 8_000
_SEQUENCE: Final = re.compile(r"\s+")
_FENCE: Final = re.compile(r" {0,3}(```|~~~)")
_HEADING: Final = re.compile(r"#(?!#)[ \t]*(?P<text>\S.*?)(?:[ \t]+#+)?[ \t]*\Z")
_MAY_BE_HEADING: Final = re.compile(r"^(?:#(?!#)|=+[ \t]*$)", re.MULTILINE)
_UNDERLINE: Final = re.compile(r"=+[ \t]*\Z")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_NOT_IN_LATIN: Final = frozenset(
    (
        "am", "ar", "be", "bg", "bn", "ckb", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk", "km", "kn", "ko", "mk", "ml",
        "my", "pa", "ps", "ru", "si", "ta", "te", "th", "uk", "ur", "yi", "zh",
    )
)  # fmt: skip
_FOREIGN: Final = re.compile("[\u0370-\u1fff\u2c00-\u2dff\u3040-\u9fff\ua000-\ud7ff\uf900-\ufdff\ufe70-\ufeff]")
_INLINE: Final = (
    (re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"[ \t]*\{[:#.][^{}]*\}\Z"), ""),
    (re.compile(r"(?<!\w)(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>-])"), r"\1"),
)


def recognise(source: SourceText) -> Score:
    """Front matter speaks for Markdown, whatever the file is called; the name does so less, with markup or without."""
    named = source.file.lower().endswith(_SUFFIXES)
    text = source.text.removeprefix("\ufeff")
    kind = kind_of(text)
    if kind in ("YAML", "TOML"):
        return Score(0.99 if named else 0.95, f"the file begins with {kind} front matter")
    if kind == "JSON" and (named or re.search(r"^\}[ \t]*\n\s*\S", text, re.MULTILINE)):
        return Score(0.97 if named else 0.6, "the file begins with JSON front matter")
    if not named:
        return Score(0.0)
    if kind == "headers":
        return Score(0.9, "the file begins with Pelican's headers")
    if _MARKUP.search(text[:_SAMPLE]):
        return Score(0.7, "the file is called Markdown and holds markup")
    return Score(0.5, "the file is called Markdown")


def read(source: SourceText, settings: ReadingSettings, *, with_roles: bool = False) -> Reading:
    """The one article that the source is."""
    text = source.text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    matter = split_front_matter(text, file=source.file)
    metadata = Metadata(matter.entries, file=source.file)
    body = _body_of(matter, metadata.text("title"))
    article, problems = _build(metadata, body, matter, source.file, settings)
    return Reading(
        layout=NAME,
        articles=(article,),
        problems=problems,
        roles=_roles(text, matter, body) if with_roles else (),
    )


class _Body(Struct, frozen=True):
    """The body and what was taken out of it: `title` from its first heading, `headings` the lines that said it."""

    text: str
    line: int
    title: str
    headings: tuple[int, ...] = ()
    dropped: tuple[Drop, ...] = ()


def _build(
    metadata: Metadata, body: _Body, matter: FrontMatter, file: str, settings: ReadingSettings
) -> tuple[Article, tuple[Problem, ...]]:
    name, source_url = metadata.source()
    publication = source_named(name, settings) if name else None
    language = metadata.language() or _language_of(body, settings, publication)
    rules = DateRules(
        languages=tuple(dict.fromkeys((language, settings.language))),
        order=settings.date_order,
        zone=zone_of(settings.time_zone),
        home=zone_of(publication.time_zone) if publication and publication.time_zone else None,
    )
    published = metadata.moment("published", rules) or path_date(file)
    original_url, permalink = metadata.addresses()
    original_url = original_url or source_url
    authors, agencies = metadata.people()
    summary = metadata.text("summary")
    figures = metadata.figures()
    fixed = publication.rights if publication else None
    article = Article(
        id=metadata.text("id") or original_url or _digest(name, published, body),
        title=body.title,
        summary=summary,
        authors=authors,
        agencies=agencies,
        source=name,
        section=metadata.section(),
        published=published,
        updated=metadata.moment("updated", rules),
        retrieved=metadata.moment("retrieved", rules),
        byline_stamp=metadata.moment("byline_stamp", rules),
        dateline=metadata.text("dateline"),
        tags=metadata.tags(),
        figures=figures,
        body=(MarkdownBlock(body.text, body.line),) if body.text else (),
        corrections=metadata.texts("corrections"),
        original_url=original_url,
        rights=metadata.rights() or fixed or settings.default_rights or "own",
        language=language,
        direction=metadata.direction(language),
        slug=metadata.text("slug"),
        permalink=permalink,
        aliases=metadata.texts("aliases"),
        draft=metadata.draft(),
    )
    article = metadata.exactly(article)
    metadata.drop_rest(article)
    article = replace(article, dropped=(*matter.dropped, *metadata.dropped, *body.dropped))
    unreadable = any(problem.code == "E103" and problem.field == "published" for problem in metadata.problems)
    found = _missing(article, file, body.line, told_of_date=unreadable, brief=metadata.is_brief())
    return article, (*matter.problems, *metadata.problems, *found)


def _missing(article: Article, file: str, line: int, *, told_of_date: bool, brief: bool) -> tuple[Problem, ...]:
    problems = []
    if article.published is None and not told_of_date:
        problems.append(
            report("W201", "the article has no date; write one like date: 2024-02-28", file=file, field="published")
        )
    if not article.title:
        problems.append(
            report("W202", 'the article has no headline; write one like title: "…"', file=file, field="title")
        )
    if not article.body and not article.figures and not brief:
        problems.append(report("E105", "there is no text below the front matter", file=file, line=line))
    return tuple(problems)


def _digest(source: str, published: Moment | None, body: _Body) -> str:
    return digest_id(source, published.iso if published else "", body.title, opening=body.text)


def _language_of(body: _Body, settings: ReadingSettings, publication: SourceSettings | None) -> str:
    """The publication's or the site's, unless the text is clearly in a script that it is not written in."""
    default = (publication.language if publication else None) or settings.language
    sample = body.text[:400]
    primary = default.split("-")[0]
    if sample.isascii() or len(_FOREIGN.findall(sample)) * 4 < len(sample):
        if primary in _NOT_IN_LATIN and len(_LATIN.findall(sample)) * 2 > len(sample):
            return language_of(body.title + "\n" + body.text, default="en")
        return default
    found = language_of(body.title + "\n" + body.text, default=primary)
    return default if found == primary else found


def _body_of(matter: FrontMatter, title: str) -> _Body:
    """The body without blank lines around it, and without the heading that is, or repeats, the headline."""
    stripped = matter.body.lstrip("\n")
    # Only whole blank lines go: the spaces before a first line may make it code.
    while (end := stripped.find("\n")) >= 0 and not stripped[:end].strip():
        stripped = stripped[end + 1 :]
    line = matter.body_line + matter.body.count("\n", 0, len(matter.body) - len(stripped))
    stripped = stripped.rstrip()
    # Subheads begin with two signs at least; counting is quicker than looking at each line.
    none = stripped[:1] not in ("#", "=") and stripped.count("\n#") == stripped.count("\n##") and "\n=" not in stripped
    if none or not _MAY_BE_HEADING.search(stripped):
        return _Body(stripped, line, title)
    lines = stripped.split("\n")
    found = _first_heading(lines)
    if found is None:
        return _Body(stripped, line, title)
    first, last, heading = found
    same = bool(title) and _SEQUENCE.sub(" ", heading).casefold() == title.casefold()
    if title and not same:
        return _Body(stripped, line, title)
    if same and any(above.strip() for above in lines[:first]):
        return _Body(stripped, line, title)
    # The lines stay, empty, so that the lines below keep their numbers.
    rest = [*lines[:first], *([""] * (last - first)), *lines[last:]]
    numbers = tuple(range(line + first, line + last))
    dropped = (Drop(line=line + first, text="\n".join(lines[first:last]), rule="repeated-headline"),) if same else ()
    while rest and not rest[0].strip():
        rest.pop(0)
        line += 1
    return _Body("\n".join(rest), line, title or heading, numbers, dropped)


def _first_heading(lines: list[str]) -> tuple[int, int, str] | None:
    """The first heading of the first level outside code: its first line, the line behind it, its plain text."""
    fence = ""
    for number, line in enumerate(lines):
        opening = _FENCE.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and line.strip().startswith(fence):
            fence = ""
        elif not fence:
            found = _HEADING.match(line)
            if found:
                return number, number + 1, _plain(found["text"])
            after = lines[number + 1] if number + 1 < len(lines) else ""
            above = lines[number - 1] if number else ""
            if _UNDERLINE.match(after) and line.strip() and not above.strip() and line[:4].strip():
                return number, number + 2, _plain(line.strip())
    return None


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def _roles(text: str, matter: FrontMatter, body: _Body) -> tuple[LineRole, ...]:
    """What each line was taken for."""
    keys = {entry.line: entry.key for entry in matter.entries}
    dropped = {drop.line: drop.rule for drop in (*matter.dropped, *body.dropped)}
    roles = []
    for number, line in enumerate(text.split("\n"), 1):
        note = f"dropped: {dropped[number]}" if number in dropped else ""
        if not line.strip():
            role = "blank"
        elif number in body.headings:
            role = "headline"
        elif matter.kind != "none" and number < matter.body_line + (line.strip() in ("---", "+++", "...", "}")):
            role, note = "front matter", note or keys.get(number, "")
        else:
            role = "text"
        roles.append(LineRole(number, role, line, note))
    return tuple(roles)
