"""`sitegen import`: every article of any source that is understood becomes a Markdown file of its own.

The original is kept under `articles/_originals/`, which no build reads. Nothing is overwritten that a person wrote or
edited: `articles/_originals/imported.jsonl` tells which file was written for which article, and with which bytes. The
original is copied first and a source inside `articles/` is taken out last, so that a run that dies loses nothing; the
next one finishes it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen import urls
from sitegen.articlefile import article_file, differing
from sitegen.bodies import Body
from sitegen.config import Folders, Settings
from sitegen.errors import SitegenError
from sitegen.exclusive import add_line, copy_new, replace_file, write_new
from sitegen.inspection import Report, Source, read_parts, sources_in
from sitegen.intake import day_of, headline_of, read_bytes, version_of
from sitegen.problems import report
from sitegen.records import Article, MarkdownBlock, Problem
from sitegen.rooted import rooted

ORIGINALS: Final = "_originals"
NOTES: Final = "imported.jsonl"

Outcome = Literal["new", "updated", "same", "older", "edited", "gone", "taken", "unfaithful"]
"""What became of an article: its file is new, was brought up to date, is as it was, holds a later version, was edited by
a person and left, was removed by a person and left out, has another file in its place, or could not be written so that
it reads the same."""

_DONE: Final = frozenset(("new", "updated", "same", "older", "edited", "gone"))
_ORIGIN_LINE: Final = re.compile(rb"^imported_from: .*\n", re.MULTILINE)


class Note(Struct, frozen=True, kw_only=True):
    """A line of the notes: which file was written for an article. Paths are relative to `articles/`."""

    id: str
    file: str
    digest: str
    version: str = ""
    """Sorts versions, as `intake.version_of` gives it."""


class ImportedArticle(Struct, frozen=True, kw_only=True):
    """An article of a source, and what became of it; `file` is relative to `articles/`."""

    line: int
    file: str
    outcome: Outcome


class ImportedSource(Struct, frozen=True, kw_only=True):
    """A source, and what became of it."""

    shown: str
    articles: tuple[ImportedArticle, ...] = ()
    problems: tuple[Problem, ...] = ()
    original: str = ""
    """Where it is kept, relative to `articles/`."""
    moved: bool = False
    """Whether it lay in `articles/` and was taken out."""
    why: str = ""
    """Why nothing was done with it."""


class Importer:
    """The articles of a site into which sources are imported."""

    def __init__(self, folders: Folders, settings: Settings, target: Path, *, dry_run: bool) -> None:
        self._articles = folders.articles.resolve()
        if not target.resolve().is_relative_to(self._articles):
            raise SitegenError(f"{target} is not inside {folders.articles}; articles are imported into the folder of a site")
        self._site, self._settings, self._dry_run = folders.site, settings, dry_run
        self._target = target.resolve().relative_to(self._articles).as_posix()
        self._notes_file = self._articles / ORIGINALS / NOTES
        self._notes = {note.id: note for note in self._read_notes()}
        self._taken = {note.file for note in self._notes.values()}
        self._fresh: list[Note] = []
        self._seen: dict[str, str] = {}

    def run(self, paths: Iterable[Path]) -> Iterator[ImportedSource]:
        """Import the sources at `paths` (files and folders), one after another."""
        for path in paths:
            for source in list(sources_in(path, self._site, self._settings)):
                if source.path.name != NOTES:
                    yield self._import(source, path)

    def _read_notes(self) -> Iterator[Note]:
        try:
            lines = self._notes_file.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield msgspec.json.decode(line, type=Note)
                except (msgspec.DecodeError, ValueError) as error:
                    raise SitegenError(f"{self._notes_file}:{number}:1 is not a note of an import ({error}); remove the line, "
                                       "and its article is taken for one that was never imported") from None  # fmt: skip

    # -- one source ---------------------------------------------------------------------------------------------------

    def _import(self, source: Source, given: Path) -> ImportedSource:
        inside = self._inside(source.path)
        problems: list[Problem] = []
        articles: list[ImportedArticle] = []
        original = ""
        # Of a large source only some articles are held at a time.
        for found in read_parts(source, self._settings):
            problems += found.problems
            if inside is not None and found.reading.layout == "markdown" and not inside.startswith(f"{ORIGINALS}/"):
                return ImportedSource(shown=source.shown, problems=tuple(problems), why="is an article in Markdown already")
            if found.reading.articles and not original:
                original = self._keep_original(source, inside, given)
            articles += (self._article(article, body, found, original, problems)
                         for article, body in zip(found.reading.articles, found.bodies, strict=True))  # fmt: skip
            self._save_notes()
        if not articles:
            return ImportedSource(shown=source.shown, problems=tuple(problems), why="holds no article that could be read")
        broken = any(problem.severity == "error" for problem in problems)
        moved = (inside is not None and not inside.startswith(f"{ORIGINALS}/") and not broken
                 and all(article.outcome in _DONE for article in articles))  # fmt: skip
        if moved and not self._dry_run:
            source.path.unlink()
        return ImportedSource(shown=source.shown, articles=tuple(articles), problems=tuple(problems), original=original, moved=moved)

    def _inside(self, path: Path) -> str | None:
        """The path relative to `articles/`, or None where it lies elsewhere."""
        # A link that leads in a circle is nowhere, and no reason to stop.
        resolved = Path(os.path.realpath(path))
        return resolved.relative_to(self._articles).as_posix() if resolved.is_relative_to(self._articles) else None

    def _keep_original(self, source: Source, inside: str | None, given: Path) -> str:
        """Where the original is kept; one of the same name and other bytes stands beside it."""
        if inside is not None and inside.startswith(f"{ORIGINALS}/"):
            return inside
        name = inside or (f"{given.resolve().name}/{source.file}" if given.is_dir() else source.path.name)
        data_digest = _digest_of(source.path)
        kept = self._articles / ORIGINALS / name
        if kept.exists() and _digest_of(kept) != data_digest:
            kept = kept.with_name(f"{kept.stem}-{data_digest[:8]}{kept.suffix}")
        if not self._dry_run and not kept.exists():
            copy_new(source.path, kept)
        return kept.relative_to(self._articles).as_posix()

    def _save_notes(self) -> None:
        if self._fresh and not self._dry_run:
            add_line(self._notes_file, b"".join(msgspec.json.encode(note) + b"\n" for note in self._fresh))
        self._fresh = []

    # -- one article --------------------------------------------------------------------------------------------------

    def _article(self, article: Article, body: Body, found: Report, original: str, problems: list[Problem]) -> ImportedArticle:
        source = found.source
        known = self._notes.get(article.id)
        file = known.file if known else self._file_for(article, body)
        if not file:
            problems.append(_problem("E551", "two other files stand where its file belongs; move them away, and import again",
                                     source, article))  # fmt: skip
            return ImportedArticle(line=article.line, file="", outcome="taken")
        version = version_of(article)
        if version < (known.version if known else "") or (
            article.id in self._seen and version <= self._seen[article.id]
        ):
            return ImportedArticle(line=article.line, file=file, outcome="older")
        self._seen[article.id] = version
        local = {*body.local_links, *(figure.file for figure in body.figures if figure.file)}
        article = replace(article, body=tuple(
            MarkdownBlock(rooted(block.text, local, file=source.file)) if isinstance(block, MarkdownBlock) else block
            for block in article.body))  # fmt: skip
        text = faithful_text(article, body, file=file, origin=original, settings=self._settings)
        if text is None:
            problems.append(_problem("E552", "it would not read the same as Markdown, so it stays as it is; leave its source in "
                                     "articles/, and please report it", source, article))  # fmt: skip
            return ImportedArticle(line=article.line, file=file, outcome="unfaithful")
        outcome = self._write(file, text, known)
        if outcome in ("new", "updated", "same"):
            self._note(Note(id=article.id, file=file, digest=_digest(text), version=version), known)
            problems += self._bring_files(local, source, article)
        return ImportedArticle(line=article.line, file=file, outcome=outcome)

    def _file_for(self, article: Article, body: Body) -> str:
        """The path of an article's file: by day and headline, and where that is another's, by its id too."""
        day = day_of(article, self._settings)[:10]
        slug = urls.slugify(article.slug or headline_of(article, body))
        folder = "/".join(day.split("-")[:2]) or "undated"
        path = PurePosixPath(self._target) / folder / (f"{day}-{slug}" if len(day) == 10 else slug)
        mark = hashlib.sha256(article.id.encode("utf-8", "replace")).hexdigest()[:8]
        for name in (f"{path}.md", f"{path}-{mark}.md"):
            if name not in self._taken and not (self._articles / name).exists():
                return name
            if name not in self._taken and self._is_of(name, article):
                return name
        return ""

    def _is_of(self, name: str, article: Article) -> bool:
        """Whether the file there is this article's, from an import that died before it took notes."""
        reading, _ = read_bytes(name, (self._articles / name).read_bytes(), self._settings)
        return [other.id for other in reading.articles] == [article.id]

    def _write(self, file: str, text: bytes, known: Note | None) -> Outcome:
        path = self._articles / file
        try:
            there: bytes | None = path.read_bytes()
        except FileNotFoundError:
            there = None
        if there is None and known is not None:
            return "gone"
        if there is None:
            return "new" if self._dry_run or write_new(path, text) else "taken"
        if _ORIGIN_LINE.sub(b"", there, count=1) == _ORIGIN_LINE.sub(b"", text, count=1):
            return "same"
        if known is None or _digest(there) != known.digest:
            return "edited"
        if not self._dry_run:
            replace_file(path, text)
        return "updated"

    def _note(self, note: Note, known: Note | None) -> None:
        self._taken.add(note.file)
        self._notes[note.id] = note
        if known is None or known.digest != note.digest:
            self._fresh.append(note)

    def _bring_files(self, local: set[str], source: Source, article: Article) -> Iterator[Problem]:
        """Pictures and other files that an article from elsewhere shows are brought along."""
        root = source.path.resolve().as_posix().removesuffix(source.file)
        if self._inside(source.path) is not None or root == source.path.resolve().as_posix():
            return
        for file in sorted(local):
            there = Path(root) / file
            if file.startswith(("http://", "https://")) or not there.is_file():
                continue
            kept = self._articles / file
            if kept.exists() and _digest_of(kept) != _digest_of(there):
                yield _problem("W553", f"articles/{file} is another file of that name, which it shows now; give one of them "
                               "another name", source, article)  # fmt: skip
            elif not kept.exists() and not self._dry_run:
                copy_new(there, kept)


def faithful_text(article: Article, body: Body, *, file: str, origin: str, settings: Settings) -> bytes | None:
    """The text of an article's file, which reads as the article itself does; None where that cannot be had.

    Tags that the settings or a text's places earn are left for the next reading to earn again, where it does.
    """
    # A brief has no text, which is no fault; the empty text has to be said.
    exact = frozenset() if article.body or article.figures else frozenset(("body",))
    given = tuple(tag for tag in article.tags if tag.origin == "given")
    for tags in (given, article.tags, article.tags):
        text = article_file(replace(article, tags=tags), origin=origin, exact=exact)
        data = text.encode("utf-8", "surrogatepass")
        reading, bodies = read_bytes(file, data, settings)
        if len(bodies) == 1:
            missed = differing(article, body, reading.articles[0], bodies[0])
            if not missed:
                return data
            exact |= missed - ({"tags"} if tags == given else frozenset())
    return None


def _problem(code: str, message: str, source: Source, article: Article) -> Problem:
    return report(code, message, file=source.shown, line=article.line)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _digest_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:32]
