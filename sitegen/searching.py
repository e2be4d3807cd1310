"""The search index: which stretches of the archive changed, and making the index of each, one at a time, after the pages.

Below `/search/`, each stretch has a folder with Pagefind's index of it and with its headlines as a script; `pagefind/` has
the program that reads them, once, and what is compiled for each language; `stretches.js` names them all.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.assembly import Assembly
from sitegen.catalog import Catalog, lists, stretches
from sitegen.catalog.stretches import Indexed, Stretch
from sitegen.entries import encode
from sitegen.errors import IndexingError
from sitegen.indexer import BUNDLE, PAGES, RUNTIME, SEGMENTED, find_indexer, index, index_files, joined, program_files
from sitegen.packs import read_content
from sitegen.report import Reporter
from sitegen.searchpages import Found, blank_page, headlines, page_to_index

PROGRAM = "pagefind"
"""The folder of the program that reads the indexes."""
HEADLINES = "headlines.js"
MANIFEST = "stretches.js"
_TOP = f"/{stretches.FOLDER}"
_KINDS = ("tag", "author", "section", "source")


class StretchNote(Struct, frozen=True, kw_only=True):
    """What is kept of a stretch, and told to the search page."""

    fingerprint: str
    count: int
    first: str
    last: str
    """Dates, as precise as they are known."""
    languages: dict[str, str] = {}
    """For each language with an index, which program reads it."""


class ProgramNote(Struct, frozen=True, kw_only=True):
    """What is kept of the programs that read the indexes."""

    version: str
    blanks: dict[str, str]


class Searching:
    """The making of one build's search index."""

    def __init__(
        self, catalog: Catalog, assembly: Assembly, *, cache: Path, bodies: Path, reporter: Reporter, version: str
    ) -> None:
        self._catalog, self._assembly, self._reporter = catalog, assembly, reporter
        self._bodies, self._version = bodies, version
        self._work = cache / stretches.FOLDER
        self._program = find_indexer()
        self._labels: dict[tuple[str, str], str] = {}
        self._failed: list[str] = []

    def update(self) -> None:
        """Make what changed anew, and have removed what is no more."""
        found = stretches.all_stretches(self._catalog)
        notes = _stretch_notes(self._catalog)
        before = dict(notes)
        wanted = self._wanted(found, notes)
        try:
            # The newest first: an index that is asked for at once.
            for name in sorted(wanted, key=lambda name: found[name].low, reverse=True):
                self._reporter.advance()
                note = self._stretch(found[name], notes.get(name))
                if note is None:
                    del found[name]
                else:
                    notes[name] = note
            notes = {name: notes[name] for name in found}
            blanks = self._readers(notes)
        finally:
            # The texts of articles lie there.
            shutil.rmtree(self._work, ignore_errors=True)
        # It is small, and a file with the same bytes is left as it is.
        self._put(MANIFEST, {f"{_TOP}/{MANIFEST}": _manifest(notes, blanks)}, b"")
        with self._catalog.transaction():
            for name in before.keys() - found.keys():
                stretches.drop_files(self._catalog, stretches.files_of(self._catalog, name))
            stretches.forget_asked(self._catalog)
            self._ask_again()
        self._tell()

    # -- which ----------------------------------------------------------------------------------------------------

    def _wanted(self, found: Mapping[str, Stretch], notes: Mapping[str, StretchNote]) -> set[str]:
        """The stretches that may have changed."""
        self._lost = {name for name, is_lost in stretches.asked_for(self._catalog) if is_lost}
        wanted = {name for name in found if name not in notes or name in self._lost}
        for place, is_lost in stretches.asked_for(self._catalog):
            if place == stretches.EVERY:
                return set(found)
            if not is_lost:
                wanted.update(stretches.touched(found.values(), place))
        return wanted

    # -- a stretch ------------------------------------------------------------------------------------------------

    def _stretch(self, stretch: Stretch, note: StretchNote | None) -> StretchNote | None:
        """What is to be noted of a stretch, whose files are made anew if they must be; None where nothing stands in it."""
        articles = [self._found(each) for each in stretches.articles_in(self._catalog, stretch)]
        if not articles:
            return None
        fingerprint = self._fingerprint(articles)
        if note is not None and note.fingerprint == fingerprint.hex() and stretch.name not in self._lost:
            return note
        folder = f"{_TOP}/{stretch.name}"
        files: dict[str, bytes] = {}
        languages: dict[str, str] = {}
        if self._program is not None:
            try:
                languages, made = self._index(self._program, articles)
                files = {f"{folder}/{name}": data for name, data in made.items()}
            except IndexingError as error:
                self._failed.append(f"{stretch.name}: {error}")
                fingerprint = b""
        dates = [each.date for each in articles if each.date]
        files[f"{folder}/{HEADLINES}"] = headlines(stretch.name, articles)
        note = StretchNote(fingerprint=fingerprint.hex(), count=len(articles), first=min(dates, default="")[:10],
                           last=max(dates, default="")[:10], languages=languages)  # fmt: skip
        self._put(stretch.name, files, fingerprint, note=(f"{folder}/{HEADLINES}", msgspec.json.encode(note).decode()))
        return note

    def _index(self, program: Path, articles: list[Found]) -> tuple[dict[str, str], dict[str, bytes]]:
        """An index of articles: for each language the program that reads it, and the files."""
        languages: dict[str, str] = {}
        files: dict[str, bytes] = {}
        for segmented in (False, True):
            group = [each for each in articles if (each.language in SEGMENTED) is segmented]
            if not group:
                continue
            self._stage(group)
            for language, each in index(program, self._work).items():
                languages[language] = each.wasm or "unknown"
            made = index_files(self._work / BUNDLE)
            files = joined(files, made) if files else made
        return languages, files

    def _stage(self, articles: Iterable[Found]) -> None:
        """Write the pages that are to be indexed."""
        pages = self._empty_pages()
        for each in articles:
            name = hashlib.blake2b(each.url.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
            (pages / f"{name}.html").write_bytes(page_to_index(each, read_content(str(self._bodies), each.body)))

    def _empty_pages(self) -> Path:
        pages = self._work / PAGES
        shutil.rmtree(self._work, ignore_errors=True)
        pages.mkdir(parents=True)
        return pages

    def _found(self, article: Indexed) -> Found:
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

    def _fingerprint(self, articles: list[Found]) -> bytes:
        # Where a text lies says nothing of what it says.
        parts = [(each.url, each.title, each.summary, each.source, each.date, each.language, each.tags, each.authors,
                  each.sections, each.sources, each.body.digest) for each in articles]  # fmt: skip
        version = self._version if self._program is not None else ""
        return hashlib.blake2b(encode((stretches.FORMAT, version, parts)), digest_size=16).digest()

    # -- what reads the indexes -----------------------------------------------------------------------------------

    def _readers(self, notes: Mapping[str, StretchNote]) -> dict[str, str]:
        """Put the programs in place that read the indexes; for each the id of its blank page. None where there are none."""
        wanted = sorted({program for note in notes.values() for program in note.languages.values()})
        url = f"{_TOP}/{PROGRAM}/{RUNTIME}"
        version = f"{stretches.FORMAT} {self._version}"
        if not wanted or self._program is None:
            with self._catalog.transaction():
                stretches.drop_files(self._catalog, stretches.files_of(self._catalog, PROGRAM))
            return {}
        if (kept := stretches.notes(self._catalog).get(url)) and PROGRAM not in self._lost:
            note = msgspec.json.decode(kept, type=ProgramNote)
            if (note.version, sorted(note.blanks)) == (version, wanted):
                return note.blanks
        files: dict[str, bytes] = {}
        blanks: dict[str, str] = {}
        try:
            for language in wanted:
                (self._empty_pages() / "blank.html").write_bytes(blank_page(language))
                index(self._program, self._work)
                bundle = self._work / BUNDLE
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
        self, name: str, files: Mapping[str, bytes], fingerprint: bytes, *, note: tuple[str, str] = ("", "")
    ) -> None:
        """Write the files of a stretch (by URL, in their order); those that it had before and has no more are dropped."""
        before = stretches.files_of(self._catalog, name)
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


def leave_out(catalog: Catalog) -> None:
    """Have everything below `/search/` removed that sitegen put there."""
    with catalog.transaction():
        stretches.drop_all(catalog)
        stretches.forget_asked(catalog)


def _stretch_notes(catalog: Catalog) -> dict[str, StretchNote]:
    """What is kept of each stretch, by its name."""
    return {url.split("/")[2]: msgspec.json.decode(note, type=StretchNote)
            for url, note in stretches.notes(catalog).items() if url.endswith(f"/{HEADLINES}")}  # fmt: skip


def _manifest(notes: Mapping[str, StretchNote], blanks: Mapping[str, str]) -> bytes:
    """All stretches as a script, the newest first, the undated last; and the blank page of each program."""
    rows = [[name, note.count, note.first, note.last, note.languages if blanks else {}, note.fingerprint[:8]]
            for name, note in sorted(notes.items(), key=lambda pair: (pair[1].last, pair[0]), reverse=True)]  # fmt: skip
    return b"sitegenStretches(%s,%s);\n" % (msgspec.json.encode(rows), msgspec.json.encode(blanks))
