"""Making the pages on the pending list: plan, hand to workers, keep what became of each; then remove and sum up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen import claims
from sitegen.catalog import Catalog, outputs
from sitegen.catalog.outputs import Pending
from sitegen.catalog.pending import RANKS, PageKey, begin_failing, followers, mark, mark_failed, mark_parts, note_failed
from sitegen.catalog.problems import note_problems
from sitegen.catalog.shards import keep_note
from sitegen.config import Folders
from sitegen.entries import encode
from sitegen.errors import CatalogDamagedError, SitegenError, TemplateProblemError, TextsLostError
from sitegen.planner import PageJob, PagePlan, Planner
from sitegen.pool import run
from sitegen.records import Problem
from sitegen.report import Reporter, Summary
from sitegen.theme import RenderSettings
from sitegen.writer import Written, decode_written, remove, write

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHUNK = 120
MAKE_PAGES = "sitegen.production:make_pages"
NEW_WAVES = ((0, 80), (80, 95), (95, 97), (97, 100))
CHANGED_WAVES = ((0, 2), (2, 30), (30, 80), (80, 95), (95, 97), (97, 100))
"""Ranks that are written together: files, articles and days, lists, the home page, and then what lists the files there are.

Nothing leads to a new page before a changed one does, so that most of the new ones need no order.
"""
MOST_DONE = 5000
"""Pages that are made and wait to be taken off the pending list."""
CHUNK_BYTES = 400_000
"""Plans of data files and feeds can be long; this keeps the chunks of work alike."""


class Assembly:
    """The making of one build's pages."""

    def __init__(
        self, catalog: Catalog, planner: Planner, *, folders: Folders, bodies: Path, render: RenderSettings,
        run_number: int, relist: bool, summary: Summary, reporter: Reporter,
    ) -> None:  # fmt: skip
        """`relist` says that the lists of our files cannot be trusted and have to be written anew."""
        self._catalog, self._planner, self._output = catalog, planner, folders.output
        self._bodies, self._render = bodies, encode(render)
        self._run, self._relist, self._summary, self._reporter = run_number, relist, summary, reporter
        self._in_work: dict[str, tuple[Pending, bytes]] = {}
        """Pages that are being made, by URL, with their fingerprints; the plans are long, and the workers have them."""
        self._done: list[Pending] = []
        self._unplanned: list[Pending] = []
        self._inherited: list[Pending] = []
        """Pages whose file is, byte for byte, that of another page that stood there."""
        self._found_known = False
        self._empty = False
        begin_failing(catalog)
        self._folders: set[str] = set()
        self._shards: set[str] = set()

    def begin(self) -> None:
        """Mark the run as unfinished."""
        with self._catalog.transaction():
            self._catalog.put("run", self._run)
            self._catalog.put("unfinished", self._run)
        self._output.mkdir(parents=True, exist_ok=True)
        self._empty = not any(self._output.iterdir())
        claims.begin(self._output)

    def make(self, executor: Executor | None, *, new: bool) -> None:
        """Make all pending pages that have no file yet (`new`), or that have."""
        self._empty = self._empty and new
        for ranks in NEW_WAVES if new else CHANGED_WAVES:
            if ranks[0] == RANKS["sitemap"]:
                with self._catalog.transaction():
                    mark_parts(self._catalog)
            if not new and ranks[0] >= RANKS["sitemap"]:
                # Lists that were removed may have joined the parts of a sitemap.
                self._make_all(executor, self._listed(ranks, new=True))
            pages = self._listed(ranks, new=new)
            if ranks[0] <= RANKS["article"] < ranks[1] and self._catalog.get("sweep"):
                pages = chain(self._swept(new=new), pages)
            self._make_all(executor, pages)
        if not new and self._catalog.get("sweep"):
            with self._catalog.transaction():
                # What could not be written is tried again by the next build, and told again.
                mark_failed(self._catalog)
                self._catalog.put("sweep", 0)

    def _make_all(self, executor: Executor | None, pages: Iterator[tuple[Pending, PagePlan]]) -> None:
        for result in run(executor, MAKE_PAGES, self._jobs(pages)):
            self._keep(decode_written(result))
        self._settle()

    def _jobs(self, pages: Iterator[tuple[Pending, PagePlan]]) -> Iterator[bytes]:
        chunk: list[tuple[PagePlan, bool]] = []
        size = 0
        for page, plan in pages:
            self._in_work[page.url] = (page, plan.fingerprint)
            chunk.append((plan, page.known))
            size += len(plan.context) + 80 * len(plan.bodies)
            if len(chunk) == CHUNK or size > CHUNK_BYTES:
                yield self._job(chunk)
                chunk, size = [], 0
        if chunk:
            yield self._job(chunk)

    def _swept(self, *, new: bool) -> Iterator[tuple[Pending, PagePlan]]:
        """Articles to be made when all are looked at; in an empty output all are new."""
        rank = RANKS["article"]
        first = new and outputs.has_no_pages(self._catalog)
        if not new and not self._found_known:
            return
        for plan in self._planner.sweep():
            if first:
                page = Pending(rank, *outputs.split_url(plan.url), "article", "", None, known=False)
            else:
                page = outputs.page_at(self._catalog, rank, "article", plan.url)
                self._found_known = self._found_known or page.known
                if page.known is new:
                    continue
            if page.fingerprint != plan.fingerprint:
                yield page, plan
            else:
                self._reporter.advance()

    def _listed(self, ranks: tuple[int, int], *, new: bool) -> Iterator[tuple[Pending, PagePlan]]:
        """Pages on the pending list that are to be made; the others are taken off it."""
        for batch in outputs.next_pending(self._catalog, new=new, ranks=ranks):
            for page in batch:
                plan = self._planner.plan(page.kind, page.arg, page.url)
                if plan is not None and plan.fingerprint != page.fingerprint and page.url not in self._in_work:
                    yield page, plan
                    continue
                if plan is None and page.known:
                    self._unplanned.append(page)
                elif page.known and page.owner != (page.kind, page.arg):
                    self._inherited.append(page)
                self._done.append(page)
                self._reporter.advance()
            self._settle()

    def _job(self, chunk: list[tuple[PagePlan, bool]]) -> bytes:
        # Should the catalog be lost now, the lists and the journal tell what is ours; lists in doubt tell nothing.
        claims.announce(self._output, ((plan.url, known) for plan, known in chunk if self._relist or not known),
                        absent=self._empty)  # fmt: skip
        return encode(PageJob(render=self._render, output=str(self._output), bodies=str(self._bodies),
                              partial=str(self._output / claims.FOLDER / "partial"), pages=tuple(chunk),
                              empty=self._empty))  # fmt: skip

    def _keep(self, results: tuple[Written, ...]) -> None:
        kept: list[outputs.Kept] = []
        following: set[PageKey] = set()
        with self._catalog.transaction():
            for written in results:
                page, fingerprint = self._in_work.pop(written.url)
                if written.outcome not in ("written", "same"):
                    self._complain(written)
                    note_failed(self._catalog, (page.kind, page.arg, page.url))
                    continue
                kept.append(outputs.Kept(page, fingerprint, written.digest, written.size, written.mtime_ns))
                self._done.append(page)
                following.update(followers(page.kind, page.url, is_new=page.fingerprint is None))
                if written.note:
                    keep_note(self._catalog, page.url, written.note)
                self._note_place(page, is_new=not page.known)
                self._summary.written += written.outcome == "written"
                self._summary.same += written.outcome == "same"
            outputs.keep_outputs(self._catalog, kept, self._run)
            mark(self._catalog, following)
        # Articles that are swept through come without end.
        if len(self._done) > MOST_DONE:
            self._settle()
        self._summary.pages += len(results)
        self._reporter.advance(len(results))

    def _note_place(self, page: Pending, *, is_new: bool) -> None:
        self._folders.add(page.folder)
        if is_new or page.fingerprint is None:
            self._shards.add(claims.shard_of(page.folder))
        if len(self._folders) > 5000:
            self._sum_up()

    def _sum_up(self) -> None:
        for folder in self._folders:
            outputs.keep_folder(self._catalog, folder)
        self._folders.clear()

    def put_files(
        self, kind: str, arg: str, files: Mapping[str, bytes], fingerprint: bytes, *, note: tuple[str, str] = ("", "")
    ) -> bool:
        """Write files (by URL, in their order) that no plan makes; whether all of them could be written.

        `note` is kept of the file at a URL. What stands in their way, or could not be written, is a problem.
        """
        pages = [outputs.page_at(self._catalog, RANKS[kind], kind, url)._replace(arg=arg) for url in files]
        claims.announce(self._output, ((page.url, page.known) for page in pages if self._relist or not page.known))
        partial = str(self._output / claims.FOLDER / "partial" / "direct")
        complete = True
        with self._catalog.transaction():
            kept: list[outputs.Kept] = []
            for page, data in zip(pages, files.values(), strict=True):
                written = write(str(self._output), partial, page.url, data, ours=page.known)
                if written.outcome not in ("written", "same"):
                    self._complain(written)
                    complete = False
                    continue
                kept.append(outputs.Kept(page, fingerprint, written.digest, written.size, written.mtime_ns))
                self._note_place(page, is_new=not page.known)
                self._summary.written += written.outcome == "written"
                self._summary.same += written.outcome == "same"
            outputs.keep_outputs(self._catalog, kept, self._run)
            if complete and note[0]:
                keep_note(self._catalog, *note)
        return complete

    def _complain(self, written: Written) -> None:
        match written.outcome:
            case "template":
                raise TemplateProblemError(written.message)
            case "lost":
                raise TextsLostError(written.message)
            case "damaged":
                raise CatalogDamagedError(written.message)
            case "full":
                raise SitegenError(f"{written.message}; make room and build again: the rest will be finished")
        name = f"{self._output.name}{written.url}"
        hint = "move it away, or rename it" if written.outcome == "foreign" else "correct this and build again"
        problem = Problem(file=name, code="E541", severity="error", message=f"{written.message}; {hint}")
        note_problems(self._catalog, [problem], below="")

    def _settle(self) -> None:
        """Take what is done off the pending list."""
        if self._done:
            with self._catalog.transaction():
                for page in self._inherited:
                    outputs.keep_owner(self._catalog, page)
                for page in self._unplanned:
                    outputs.mark_unplanned(self._catalog, page)
                    mark(self._catalog, followers(page.kind, page.url, is_new=True))
                outputs.forget_pending(self._catalog, self._done)
            for pages in (self._done, self._inherited, self._unplanned):
                pages.clear()

    def remove(self) -> None:
        """Remove files of ours where no page stands any more."""
        for files in outputs.unplanned(self._catalog):
            for folder, name in files:
                self._summary.removed += remove(self._output, f"{folder}/{name}" if folder else name)
                self._folders.add(folder)
                self._shards.add(claims.shard_of(folder))
            with self._catalog.transaction():
                outputs.forget_output(self._catalog, files)

    def finish(self) -> None:
        """Write down what is ours, and mark the run as finished."""
        if self._folders or self._shards or self._relist or self._catalog.get("unfinished"):
            with self._catalog.transaction():
                self._sum_up()
            shards = claims.all_shards(self._catalog, self._output) if self._relist else self._shards
            claims.finish(self._output, self._catalog, shards)
            with self._catalog.transaction():
                self._catalog.put("unfinished", 0)
                self._catalog.put("recovered", 0)
                self._catalog.put("lists", claims.stamp(self._output))
