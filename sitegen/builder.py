"""Building a site. Read from top to bottom, this is the program:

scan what changed → read it → store it → settle who is published where → plan the pages that show it → render and write
new ones, then changed ones → remove what is no more → write down what is ours.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen import claims, ledger, urls
from sitegen.accession import PICTURE_STEPS, Accession
from sitegen.assembly import Assembly
from sitegen.catalog import (
    DAMAGE,
    Catalog,
    discard_catalog,
    events,
    open_catalog,
    outputs,
    outside_trouble,
    pending,
    problems,
    sources,
    stretches,
    take_lock,
)
from sitegen.catalog.articles import packs_used
from sitegen.catalog.redaction import purge, texts_in, wants_purge
from sitegen.conditions import Conditions
from sitegen.config import Folders, Settings
from sitegen.errors import SitegenError, TextsLostError, WorkerDiedError
from sitegen.memory import MemoryWatch
from sitegen.packs import blank_all_but, has_length
from sitegen.pictures import forget_pictures
from sitegen.planner import Planner
from sitegen.pool import FEW, collect_less, jobs_for, workers
from sitegen.preview import Preview, Spooled
from sitegen.records import Severity
from sitegen.report import PlannedChange, Reporter, Summary
from sitegen.scanner import scan
from sitegen.telling import tell_all, tell_noted
from sitegen.verification import Lookout, check_run
from sitegen.versions import indexer_version

if TYPE_CHECKING:
    from concurrent.futures import Executor

PATIENCE = 3
"""Packs of texts that may turn out to be damaged, one after the other, before everything is read again."""
WORKERS_LOAD = ("sitegen.intake", "sitegen.production", "sitegen.readers.markdown")


def build(
    folders: Folders, settings: Settings, *, jobs: int | None = None, strict: bool = False, dry_run: bool = False,
    reporter: Reporter, now: datetime,
) -> Summary:  # fmt: skip
    """Bring the output in line with the sources; what was done.

    `strict` writes nothing where there is an error or a warning. `dry_run` writes nothing at all and tells what it would
    do. Raises `SitegenError` where the build cannot go on.
    """
    if not folders.articles.is_dir():
        raise SitegenError(f"there is no folder {folders.articles}; put your articles there, or run: sitegen init DIR")
    collect_less()
    with take_lock(folders.cache):
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="sitegen-") as copy:
                return _dry_run(folders, settings, Path(copy), jobs=jobs, reporter=reporter, now=now)
        try:
            for _ in range(PATIENCE):
                try:
                    return Build(folders, settings, folders.cache, jobs=jobs, strict=strict, reporter=reporter, now=now).run()
                except TextsLostError as error:
                    reporter.say(f"Of what was kept, {error}, so their sources are read again.")
            return Build(folders, settings, folders.cache, jobs=jobs, strict=strict, reporter=reporter, now=now).run()
        except WorkerDiedError as error:
            raise SitegenError("a worker process died, perhaps for lack of memory; build again, with fewer --jobs, and the "
                               "rest will be finished") from error  # fmt: skip
        except DAMAGE as error:
            if reason := outside_trouble(error):
                raise SitegenError(f"{folders.cache}: {reason}; mend this and build again: the rest will be finished") from error
            reporter.say(f"The catalog is damaged ({error}), so this is a clean build.")
            discard_catalog(folders.cache)
            return Build(folders, settings, folders.cache, jobs=jobs, strict=strict, reporter=reporter, now=now).run()


@contextmanager
def reading(
    folders: Folders, settings: Settings, *, jobs: int | None, reporter: Reporter, now: datetime
) -> Iterator[tuple[Catalog, Path]]:
    """The catalog with all that changed read into it, and the folder of the packs; the next build writes the pages."""
    if not folders.articles.is_dir():
        raise SitegenError(f"there is no folder {folders.articles}; put your articles there, or run: sitegen init DIR")
    with take_lock(folders.cache):
        found = Build(folders, settings, folders.cache, jobs=jobs, strict=False, reporter=reporter, now=now)
        finished = False
        try:
            found.refresh()
            yield found.catalog, found.bodies
            finished = True
        except TextsLostError as error:
            found.lose_texts(error.pack)
            raise SitegenError(f"{error}; run this again, and their sources are read again") from error
        finally:
            found.catalog.close(finished=finished)


def _dry_run(
    folders: Folders, settings: Settings, copy: Path, *, jobs: int | None, reporter: Reporter, now: datetime
) -> Summary:
    for path in folders.cache.glob("catalog.*"):
        shutil.copy2(path, copy)
    (copy / "bodies").mkdir()
    return Build(folders, settings, copy, jobs=jobs, strict=False, reporter=reporter, now=now).preview()


class Build:
    """One build: its catalog, its workers, its summary."""

    def __init__(
        self, folders: Folders, settings: Settings, cache: Path, *, jobs: int | None, strict: bool, reporter: Reporter,
        now: datetime,
    ) -> None:  # fmt: skip
        self.folders, self.settings, self.cache = folders, settings, cache
        self.jobs, self.strict, self.reporter, self.now = jobs, strict, reporter, now
        self.summary = Summary(seconds={}, cpu_seconds={})
        self.bodies, self.pictures = cache / "bodies", cache / "pictures"
        self.bodies.mkdir(parents=True, exist_ok=True)
        self.catalog: Catalog = open_catalog(cache)
        problems.begin_noting(self.catalog)

    def run(self) -> Summary:
        """Build."""
        finished = False
        try:
            with MemoryWatch() as memory:
                finished = self._run()
                self.summary.peak_memory_mb = round(memory.peak_mb(self.summary.jobs), 1)
                self.summary.memory_is_measured = memory.is_exact
        except TextsLostError as error:
            self.lose_texts(error.pack)
            raise
        finally:
            self.catalog.close(finished=finished)
        return self.summary

    def refresh(self) -> None:
        """Read what changed."""
        self._prepare()
        with workers(jobs_for(self.todo, self.jobs)) as executor:
            self._read(executor)
        self._report_problems()
        self._save_events()
        self._drop_packs()
        self._purge()

    def preview(self) -> Summary:
        """What `run` would do. The catalog is a copy."""
        try:
            self._prepare()
            with workers(jobs_for(self.todo, self.jobs)) as executor:
                self._read(executor)
            self._report_problems()
            self._mark_always()
            pages = Preview(self.catalog, self._planner(), replanned=self.conditions.replanned).changes()
            self.summary.changes = Spooled(chain(pages, self._planned_index()))
        finally:
            self.catalog.close(finished=False)
        return self.summary

    def _run(self) -> bool:
        with ExitStack() as pools:
            # Where nothing was built yet, workers start while the main process still looks around.
            executor = pools.enter_context(workers(jobs_for(self._first_steps(), self.jobs), modules=WORKERS_LOAD))
            self._prepare()
            if executor is None:
                executor = pools.enter_context(workers(jobs_for(self.todo, self.jobs)))
            self._read(executor)
            counts = self._report_problems()
            if self.strict and (counts["error"] or counts["warning"]):
                self.summary.refused = True
                return False
            self._save_events()
            self._mark_always()
            steps = outputs.pending_count(self.catalog)
            if self.catalog.get("sweep"):
                steps += outputs.article_count(self.catalog)
            if executor is None:
                executor = pools.enter_context(workers(jobs_for(steps, self.jobs)))
            assembly = self._write(executor, steps)
        self.summary.jobs = max(jobs_for(self.todo, self.jobs), jobs_for(steps, self.jobs))
        spent = os.times()
        self.summary.worker_cpu_seconds = spent.children_user + spent.children_system
        self._search(assembly)
        with self._stage("finish", None):
            assembly.remove()
            assembly.finish()
            self._drop_packs()
            self._purge()
        self.summary.articles = outputs.article_count(self.catalog)
        self.summary.errors += tell_noted(self.catalog, self.reporter)["error"]
        return True

    def _first_steps(self) -> int:
        """A lower bound for the sources to be read, where none was read before."""
        if not self.catalog.fresh:
            return 0
        found = (name for _, _, names in os.walk(self.folders.articles) for name in names)
        return sum(1 for _ in islice(found, FEW + 1))

    def _purge(self) -> None:
        """After a takedown, or where rights were narrowed, leave nothing in the cache that no article shows."""
        if not wants_purge(self.catalog):
            return
        for path in self.bodies.iterdir():
            blank_all_but(path, texts_in(self.catalog, path.name))
        with self.catalog.transaction():
            sources.forget_unshown(self.catalog)
        with sources.shown_pictures(self.catalog) as is_shown:
            forget_pictures(self.pictures, is_shown)
        purge(self.catalog)

    def lose_texts(self, pack: str) -> None:
        """Have the next build read the sources again whose texts lay in `pack`, or in another that is gone or too short."""
        lost = {name for name, end in sources.texts_end(self.catalog) if not has_length(self.bodies / name, end)}
        with self.catalog.transaction():
            sources.lose_packs(self.catalog, {pack, *lost})

    def _drop_packs(self) -> None:
        """Remove packs that no article's text lies in."""
        if self.summary.sources_read or self.summary.sources_removed:
            for path in self.bodies.iterdir():
                if path.suffix == ".part" or not packs_used(self.catalog, path.name):
                    path.unlink(missing_ok=True)

    @contextmanager
    def _stage(self, name: str, total: int | None) -> Iterator[None]:
        self.reporter.stage(name, total)
        started, began = time.perf_counter(), time.process_time()
        yield
        for seconds, spent in ((self.summary.seconds, time.perf_counter() - started),
                               (self.summary.cpu_seconds, time.process_time() - began)):  # fmt: skip
            seconds[name] = seconds.get(name, 0.0) + spent

    # -- what changed -------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Scan the sources, and find out what else changed since the last build: ledger, settings, templates, output."""
        catalog = self.catalog
        if catalog.note:
            self.reporter.say(catalog.note)
        with Lookout(catalog, self.folders.output) as lookout:
            with self._stage("scan", None):
                self._recover()
                lookout.begin()
                self.conditions = Conditions(catalog, self.folders, self.settings, cache=self.cache, reporter=self.reporter)
                self.conditions.compare()
                reading = ledger.read_ledger(self.folders.ledger, catalog)
                found = scan(catalog, self.folders.articles, self.settings.ignore, now_ns=time.time_ns())
                problems.note_problems(catalog, self.conditions.problems, below="")
                problems.note_problems(catalog, (*reading.problems, *found.problems))
                self.todo = sources.work_count(catalog)
                self.summary.sources_unchanged = found.files - self.todo
                if not found.files:
                    self.reporter.say(f"There is no article in {self.folders.articles.name}/ yet: put text or Markdown files there. "
                                      "Pictures, PDFs and other media are shown only where an article leads to them.")  # fmt: skip
            with self._stage("verify", None):
                lookout.find_lost()

    def _recover(self) -> None:
        """After an unclean end or the loss of the catalog, learn from the output itself which files are ours."""
        catalog = self.catalog
        unfinished = catalog.get("unfinished", 0)
        if catalog.get("recovered") or unfinished:
            with catalog.transaction():
                outputs.claim(catalog, claims.read_claims(self.folders.output))
                catalog.put("recovered", 1)
            self.relist = True
        else:
            output = self.folders.output
            self.relist = catalog.get("lists") != claims.stamp(output) or claims.has_journal(output)
            if self.relist:
                # An older catalog or an older output was put back. Lists that somebody edited are not believed.
                with catalog.transaction():
                    outputs.claim(catalog, claims.read_claims(output, whole=True))
        if unfinished:
            self.reporter.say("The last build did not end; this one finishes its work.")
            check_run(catalog, self.folders.output, unfinished)
        self.run_number = int(catalog.get("run", 0)) + 1

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, executor: Executor | None) -> None:
        """Read what changed, store it, settle it, and mark the pages that it touches."""
        catalog = self.catalog
        bulk = self.todo > max(500, sources.source_count(catalog) // 5) or catalog.get("replan") == "all"
        if not (self.todo or bulk or sources.has_gone(catalog) or events.has_dirt(catalog)):
            return
        accession = Accession(catalog, self.settings, folders=self.folders, bodies=self.bodies, pictures=self.pictures, bulk=bulk,
                              run_number=self.run_number, reporter=self.reporter)  # fmt: skip
        if bulk and self.todo:
            catalog.put("replan", "all")
        with self._stage("read", self.todo):
            accession.read(executor)
        with self._stage("settle", None):
            fresh = accession.settle()
        if fresh:
            count = 1 if executor is not None else jobs_for(fresh * PICTURE_STEPS, self.jobs)
            with self._stage("pictures", fresh), workers(count) as more:
                accession.look_at_pictures(executor or more)
        with catalog.transaction():
            self._mark_initials()
        self.summary.sources_read, self.summary.sources_removed = accession.read_count, accession.removed_count

    def _report_problems(self) -> Counter[Severity]:
        """Tell all problems there are; their number by severity."""
        with self._stage("problems", None):
            counts = tell_all(self.catalog, self.reporter)
            problems.begin_noting(self.catalog)
        self.summary.errors, self.summary.warnings, self.summary.notes = counts["error"], counts["warning"], counts["note"]
        return counts

    def _save_events(self) -> None:
        """Write what this build found out into the ledger, before any page shows it."""
        if events.has_unsaved(self.catalog):
            ledger.append(self.folders.ledger, events.unsaved(self.catalog), self.catalog)
            with self.catalog.transaction():
                events.forget_unsaved(self.catalog)

    # -- planning and writing -----------------------------------------------------------------------------------------

    def _mark_always(self) -> None:
        """The few pages that are looked at in every build: static files, the owner's own pages, and what the clock changes."""
        planner, todo = self._planner(), []
        for kind, wanted in (("static", self.conditions.static), ("page", self.conditions.pages)):
            known = outputs.urls_of(self.catalog, kind)
            for url in sorted({*wanted, *known}):
                plan = planner.plan(kind, "", url)
                if plan is None or url not in known or plan.fingerprint != outputs.fingerprint(self.catalog, url):
                    todo.append((kind, "", url))
        news = planner.plan("newsmap", "", urls.NEWS_SITEMAP_URL)
        if (news.fingerprint if news else None) != outputs.fingerprint(self.catalog, urls.NEWS_SITEMAP_URL):
            todo.append(("newsmap", "", urls.NEWS_SITEMAP_URL))
        with self.catalog.transaction() if todo else nullcontext():
            pending.mark(self.catalog, todo)

    def _mark_initials(self) -> None:
        planner = self._planner()
        for kind in urls.KIND_FOLDERS:
            pending.mark(self.catalog, (("terms", arg, url) for arg, url in planner.initials(kind)))

    def _planner(self) -> Planner:
        return self.conditions.planner(pictures=self.pictures, now=self.now)

    def _write(self, executor: Executor | None, steps: int) -> Assembly:
        """Make new files first, then changed ones, so that every visible link works at every moment."""
        with self._stage("write", steps):
            assembly = self._assembly()
            if steps or self.catalog.get("unfinished"):
                assembly.begin()
                assembly.make(executor, new=True)
                assembly.make(executor, new=False)
        return assembly

    def _search(self, assembly: Assembly) -> None:
        """Index what changed for the search, or leave it out."""
        if not stretches.asked_for(self.catalog):
            return
        from sitegen import searching  # a build with nothing to do need not load it

        if not self.settings.search:
            searching.leave_out(self.catalog)
            return
        search = searching.Searching(self.catalog, assembly, cache=self.cache, bodies=self.bodies, reporter=self.reporter,
                                     version=indexer_version())  # fmt: skip
        with self._stage("index", search.most_steps()):
            search.update()

    def _planned_index(self) -> Iterator[PlannedChange]:
        from sitegen import searching

        yield from searching.planned(self.catalog, indexer_version(), search=self.settings.search)

    def _assembly(self) -> Assembly:
        return Assembly(self.catalog, self._planner(), folders=self.folders, bodies=self.bodies,
                        render=self.conditions.render_settings(), run_number=self.run_number, relist=self.relist,
                        summary=self.summary, reporter=self.reporter)  # fmt: skip
