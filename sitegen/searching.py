"""The search index: which stretches of the archive changed, and making the index of each, one at a time, after the pages.

Below `/search/`, each stretch has a folder with Pagefind's index of it and with its headlines as a script; `pagefind/` has
the program that reads them, once, and what is compiled for each language; `stretches.js` names them all.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from sitegen.assembly import Assembly
from sitegen.catalog import Catalog, lists, stretches
from sitegen.catalog.stretches import Indexed, Stretch
from sitegen.entries import encode
from sitegen.errors import IndexingError
from sitegen.indexer import (
    ALONE,
    BUNDLE,
    PAGES,
    RUNTIME,
    Language,
    find_indexer,
    index,
    index_files,
    joined,
    program_files,
)
from sitegen.packs import read_content
from sitegen.report import PlannedChange, Reporter
from sitegen.searchnotes import (
    HEADLINES,
    ProgramNote,
    StretchNote,
    in_parts,
    manifest,
    number_of,
    part_name,
    stretch_notes,
)
from sitegen.searchpages import Found, blank_page, headlines, page_to_index

PROGRAM = "pagefind"
"""The folder of the program that reads the indexes."""
MOST_BYTES = 5_250_000
"""Of converted texts in one index, where those in a language of `stretches.WEIGHTS` count as often as it says: Pagefind takes
some 55 MB for each of these megabytes, and up to 65 where every fifth word is one that was not there before."""
MANIFEST = "stretches.js"
_TOP = f"/{stretches.FOLDER}"
_KINDS = ("tag", "author", "section", "source")

_Made = tuple[dict[str, Language], dict[str, bytes]]
"""What an index has by language, and its files."""


class Part(NamedTuple):
    """Articles that one index holds, and their fingerprint in hex."""

    articles: list[Found]
    fingerprint: str


class _Begun(NamedTuple):
    """A stretch whose index is being made, in as many parts as its languages need."""

    stretch: Stretch
    parts: list[tuple[Part, list[Future[_Made]] | None]]
    """Each part of it, and its indexes; None for one that stays as it is."""


class Changes:
    """Which stretches differ from what was indexed last."""

    def __init__(self, catalog: Catalog, version: str) -> None:
        self._catalog, self._version = catalog, version
        self.program = find_indexer()
        self.found = stretches.all_stretches(catalog)
        """All stretches there are."""
        self.notes = stretch_notes(catalog)
        """What is kept of those that were indexed."""
        self.lost = {name for name, is_lost in stretches.asked_for(catalog) if is_lost}
        self._labels: dict[tuple[str, str], str] = {}

    def most(self) -> int:
        """How many stretches are looked at; more than are made anew, where some turn out to be as they were."""
        return len(self._marked())

    def wanted(self) -> Iterator[tuple[Stretch, list[Part]]]:
        """Stretches to be indexed anew, the newest first, with their parts; one without articles has none."""
        for name in sorted(self._marked(), key=lambda name: self.found[name].low, reverse=True):
            stretch, note = self.found[name], self.notes.get(name)
            articles = [self._article(each) for each in stretches.articles_in(self._catalog, stretch)]
            parts = [Part(part, self._fingerprint(part)) for part in parts_of(articles)]
            known = [part.fingerprint for part in note.all_parts()] if note else []
            if not parts or known != [part.fingerprint for part in parts] or name in self.lost:
                yield stretch, parts

    def stays(self, name: str, number: int, part: Part) -> bool:
        """Whether a part of a stretch, counted from one, is in the output as it is."""
        known = self.notes[name].all_parts() if name in self.notes and name not in self.lost else ()
        return number <= len(known) and known[number - 1].fingerprint == part.fingerprint

    def _marked(self) -> set[str]:
        """The stretches that may have changed."""
        marked = {name for name in self.found if name not in self.notes or name in self.lost}
        for place, is_lost in stretches.asked_for(self._catalog):
            if place == stretches.EVERY:
                return set(self.found)
            if not is_lost:
                marked.update(stretches.touched(self.found.values(), place))
        return marked

    def _article(self, article: Indexed) -> Found:
        entry = article.entry
        labels: dict[str, tuple[str, ...]] = {
            kind: tuple(dict.fromkeys(self._label(kind, term.key) or term.label for term in entry.terms if term.kind == kind))
            for kind in _KINDS}  # fmt: skip
        return Found(
            url=article.url, title=entry.title, summary=entry.summary, source=entry.source, date=entry.date,
            language=entry.language.partition("-")[0].lower() or "unknown", tags=labels["tag"], authors=labels["author"],
            sections=labels["section"], sources=labels["source"], body=article.body)  # fmt: skip

    def _label(self, kind: str, key: str) -> str:
        label = self._labels.get((kind, key))
        if label is None:
            row = lists.find_term(self._catalog, kind, key)
            if len(self._labels) > 20_000:
                self._labels.clear()
            label = self._labels[kind, key] = row.label if row else ""
        return label

    def _fingerprint(self, articles: list[Found]) -> str:
        # Where a text lies says nothing of what it says.
        parts = [(each.url, each.title, each.summary, each.source, each.date, each.language, each.tags, each.authors,
                  each.sections, each.sources, each.body.digest) for each in articles]  # fmt: skip
        version = self._version if self.program is not None else ""
        return hashlib.blake2b(encode((stretches.FORMAT, version, parts)), digest_size=16).hexdigest()


def planned(catalog: Catalog, version: str, *, search: bool) -> Iterator[PlannedChange]:
    """What a build would do to the search index: a folder for each stretch, and not its files, which Pagefind names."""
    if not stretches.asked_for(catalog):
        return
    if not search:
        names = sorted(stretch_notes(catalog))
        yield from (PlannedChange("remove", f"{stretches.FOLDER}/{name}/", "the search is left out") for name in names)
        return
    changes = Changes(catalog, version)
    empty = set()
    for stretch, parts in changes.wanted():
        path = f"{stretches.FOLDER}/{stretch.name}/"
        if not parts:
            empty.add(stretch.name)
        elif stretch.name in changes.notes:
            yield PlannedChange("change", path, "an article of this stretch of the search index changed")
        else:
            yield PlannedChange("new", path, "there is no search index of this stretch yet")
    for name in sorted(changes.notes.keys() - (changes.found.keys() - empty)):
        yield PlannedChange("remove", f"{stretches.FOLDER}/{name}/", "no article stands in this stretch of the search index any more")


class Searching:
    """The making of one build's search index."""

    def __init__(
        self, catalog: Catalog, assembly: Assembly, *, cache: Path, bodies: Path, reporter: Reporter, version: str
    ) -> None:
        self._catalog, self._assembly, self._reporter = catalog, assembly, reporter
        self._bodies, self._version = bodies, version
        self._work = cache / stretches.FOLDER
        self._changes = Changes(catalog, version)
        self._program = self._changes.program
        self._staged = 0
        self._failed: list[str] = []

    def most_steps(self) -> int:
        """An upper bound for the steps of `update`, which are the stretches that it makes anew."""
        return self._changes.most()

    def update(self) -> None:
        """Make what changed anew, and have removed what is no more."""
        found, notes = self._changes.found, dict(self._changes.notes)
        before = dict(notes)
        # Pagefind indexes one stretch while the files of the one before are written, and the pages of the next.
        indexing = ThreadPoolExecutor(max_workers=1)
        waiting: _Begun | None = None
        try:
            for stretch, parts in self._changes.wanted():
                begun = self._begin(indexing, stretch, parts) if parts else None
                if begun is None:
                    del found[stretch.name]
                    self._reporter.advance()
                if waiting is not None:
                    notes[waiting.stretch.name] = self._finish(waiting)
                waiting = begun
            if waiting is not None:
                notes[waiting.stretch.name] = self._finish(waiting)
            notes = {name: notes[name] for name in found}
            blanks = self._readers(notes)
        finally:
            indexing.shutdown(cancel_futures=True)
            # The texts of articles lie there.
            shutil.rmtree(self._work, ignore_errors=True)
        # It is small, and a file with the same bytes is left as it is.
        self._put(MANIFEST, {f"{_TOP}/{MANIFEST}": manifest(notes, blanks)}, b"")
        with self._catalog.transaction():
            for name in before.keys() - found.keys():
                stretches.drop_files(self._catalog, stretches.files_of(self._catalog, name))
            stretches.forget_asked(self._catalog)
            self._ask_again()
        self._tell()

    # -- a stretch ------------------------------------------------------------------------------------------------

    def _begin(self, indexing: ThreadPoolExecutor, stretch: Stretch, parts: list[Part]) -> _Begun:
        """Write the pages of a stretch and have them indexed, those of a language that must be alone by themselves."""
        begun = _Begun(stretch, [])
        for number, part in enumerate(parts, 1):
            if self._changes.stays(stretch.name, number, part):
                begun.parts.append((part, None))
                continue
            made = []
            for alone in ("", *ALONE):
                group = [each for each in part.articles if (each.language if each.language in ALONE else "") == alone]
                if group and self._program is not None:
                    made.append(indexing.submit(_indexed, self._program, self._stage(group)))
            begun.parts.append((part, made))
        return begun

    def _finish(self, begun: _Begun) -> StretchNote:
        """Put the index of a stretch in place; what is to be noted of it."""
        stretch, parts = begun
        files: dict[str, bytes] = {}
        notes: list[StretchNote] = []
        staying: set[int] = set()
        for number, ((articles, wanted), indexes) in enumerate(parts, 1):
            if indexes is None:
                notes.append(replace(self._changes.notes[stretch.name].all_parts()[number - 1], parts=()))
                staying.add(number)
                continue
            name = part_name(stretch.name, number)
            fingerprint = wanted
            made: dict[str, bytes] = {}
            languages: dict[str, str] = {}
            try:
                for each in indexes:
                    found, written = each.result()
                    languages |= {language: one.wasm or "unknown" for language, one in found.items()}
                    made = joined(made, written) if made else written
            except IndexingError as error:
                self._failed.append(f"{stretch.name}: {error}")
                made, languages, fingerprint = {}, {}, ""
            files |= {f"{_TOP}/{name}/{path}": data for path, data in made.items()}
            files[f"{_TOP}/{name}/{HEADLINES}"] = headlines(name, articles)
            dates = [each.date for each in articles if each.date]
            notes.append(StretchNote(fingerprint=fingerprint, count=len(articles), first=min(dates, default="")[:10],
                                     last=max(dates, default="")[:10], languages=languages))  # fmt: skip
        note = replace(notes[0], parts=tuple(notes[1:]))
        url = f"{_TOP}/{stretch.name}/{HEADLINES}"
        self._put(stretch.name, files, msgspec.json.encode([each.fingerprint for each in notes]),
                  note=(url, msgspec.json.encode(note).decode()), staying=staying)  # fmt: skip
        self._reporter.advance()
        return note

    def _stage(self, articles: Iterable[Found]) -> Path:
        """Write the pages that are to be indexed, in a folder of their own."""
        folder = self._folder()
        for each in articles:
            name = hashlib.blake2b(each.url.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
            (folder / PAGES / f"{name}.html").write_bytes(page_to_index(each, read_content(str(self._bodies), each.body)))
        return folder

    def _folder(self) -> Path:
        if not self._staged:
            shutil.rmtree(self._work, ignore_errors=True)
        self._staged += 1
        folder = self._work / str(self._staged)
        (folder / PAGES).mkdir(parents=True)
        return folder

    # -- what reads the indexes -----------------------------------------------------------------------------------

    def _readers(self, notes: Mapping[str, StretchNote]) -> dict[str, str]:
        """Put the programs in place that read the indexes; for each the id of its blank page. None where there are none."""
        wanted = sorted({program for _, note in in_parts(notes) for program in note.languages.values()})
        url = f"{_TOP}/{PROGRAM}/{RUNTIME}"
        version = f"{stretches.FORMAT} {self._version}"
        if not wanted or self._program is None:
            with self._catalog.transaction():
                stretches.drop_files(self._catalog, stretches.files_of(self._catalog, PROGRAM))
            return {}
        if (kept := stretches.notes(self._catalog).get(url)) and PROGRAM not in self._changes.lost:
            note = msgspec.json.decode(kept, type=ProgramNote)
            if (note.version, sorted(note.blanks)) == (version, wanted):
                return note.blanks
        files: dict[str, bytes] = {}
        blanks: dict[str, str] = {}
        try:
            for language in wanted:
                folder = self._folder()
                (folder / PAGES / "blank.html").write_bytes(blank_page(language))
                index(self._program, folder)
                bundle = folder / BUNDLE
                files |= {f"{_TOP}/{PROGRAM}/{language}/{name}": data for name, data in program_files(bundle).items()}
                files[url] = (bundle / RUNTIME).read_bytes()
                blanks[language] = next((bundle / "fragment").iterdir()).stem
        except (IndexingError, OSError) as error:
            self._failed.append(f"{PROGRAM}: {error}")
            return {}
        note = ProgramNote(version=version, blanks=blanks)
        self._put(PROGRAM, files, version.encode(), note=(url, msgspec.json.encode(note).decode()))
        return blanks

    # -- files ----------------------------------------------------------------------------------------------------

    def _put(
        self, name: str, files: Mapping[str, bytes], fingerprint: bytes, *, note: tuple[str, str] = ("", ""),
        staying: Set[int] = frozenset(),
    ) -> None:  # fmt: skip
        """Write the files of a stretch (by URL, in their order); those that it had before and has no more are dropped.

        Files of the parts in `staying` are left alone.
        """
        before = {file for file in stretches.files_of(self._catalog, name) if number_of(name, file[0]) not in staying}
        if not self._assembly.put_files(stretches.KIND, name, files, fingerprint, note=note):
            self._failed.append(f"{name}: not all of its files could be written")
        kept = {tuple(url[1:].rpartition("/")[::2]) for url in files}
        with self._catalog.transaction():
            stretches.drop_files(self._catalog, before - kept)

    def _ask_again(self) -> None:
        """Have the next build try again what failed."""
        for failure in self._failed:
            stretches.ask_again(self._catalog, failure.partition(":")[0])

    def _tell(self) -> None:
        if self._program is None:
            self._reporter.say("Pagefind is not installed, so only headlines, sources and tags can be searched; to search whole "
                               "texts, run: pip install pagefind_bin_extended")  # fmt: skip
        for failure in self._failed[:1]:
            more = f" and of {len(self._failed) - 1:,} more" if len(self._failed) > 1 else ""
            name, _, why = failure.partition(": ")
            self._reporter.say(f"The search index of {name}{more} could not be made ({why}); its articles are found by their "
                               "headlines only. All else is built, and the next build tries again.")  # fmt: skip


def _indexed(program: Path, folder: Path) -> _Made:
    """The index of the pages in a folder, which is removed."""
    languages = index(program, folder)
    files = index_files(folder / BUNDLE)
    shutil.rmtree(folder)
    return languages, files


def leave_out(catalog: Catalog) -> None:
    """Have everything below `/search/` removed that sitegen put there."""
    with catalog.transaction():
        stretches.drop_all(catalog)
        stretches.forget_asked(catalog)


def parts_of(articles: Sequence[Found]) -> list[list[Found]]:
    """The articles of a stretch in their order, cut where their texts together are longer than one index may hold."""
    sizes = [each.body.length * stretches.WEIGHTS.get(each.language, 1) for each in articles]
    total, before = max(1, sum(sizes)), 0
    count = -(-total // MOST_BYTES)
    # Parts of one size, instead of a small one at the end. It is the middle of an article that decides: an edit of another
    # then seldom moves it, even where all are as long, and only the part of what was edited is made anew.
    parts: list[list[Found]] = [[] for _ in range(count)]
    for each, size in zip(articles, sizes, strict=True):
        parts[(2 * before + size) * count // (2 * total)].append(each)
        before += size
    return [part for part in parts if part]
