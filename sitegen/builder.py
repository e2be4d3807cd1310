"""Building a site. Read from top to bottom, this is the program:

scan what changed → read it → store it → settle who is published where → plan the pages that show it → render and write
new ones, then changed ones → remove what is no more → write down what is ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from sitegen import claims, ledger, urls
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
    sources,
    stretches,
    take_lock,
)
from sitegen.catalog.articles import Storage, base_key, packs_used
from sitegen.catalog.redaction import purge, texts_in, wants_purge
from sitegen.catalog.settle import settle
from sitegen.catalog.standing import mark_stale, standing_problems
from sitegen.config import Folders, LearnedLine, Settings
from sitegen.entries import ReadJob, SourceReading, decode_readings, encode
from sitegen.errors import SitegenError, WorkerDiedError
from sitegen.localise import strings_of
from sitegen.packs import blank_all_but
from sitegen.pages import find_pages, find_static, site_of
from sitegen.pictures import PictureFile, PictureJob, decode_looks, forget_pictures, recipe
from sitegen.planner import Planner, PlanSettings
from sitegen.pool import FEW, collect_less, jobs_for, run, workers
from sitegen.preview import Preview
from sitegen.records import Problem
from sitegen.report import Reporter, Summary
from sitegen.scanner import scan
from sitegen.theme import RenderSettings, template_stamp, theme_folder
from sitegen.verification import Lookout, check_run
from sitegen.versions import indexer_version, versions

if TYPE_CHECKING:
    from concurrent.futures import Executor

READ_CHUNK = 40
SEARCH_SCRIPT = "/search.js"
"""Nobody loads it where there is no search."""
STORE_BATCH = 800
_NOTHING_LEARNED = encode(())
_decode_learned = msgspec.msgpack.Decoder(tuple[LearnedLine, ...]).decode
READ_CHUNK_JOB = "sitegen.intake:read_chunk"
WORKERS_LOAD = ("sitegen.intake", "sitegen.production", "sitegen.readers.markdown")
LOOK_JOB = "sitegen.pictures:look_at_pictures"
PICTURE_CHUNK = 4
PICTURE_STEPS = 100
"""What a picture costs, where reading an article is 1."""


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
        self.limits = (settings.list_limit, settings.month_limit)
        self.bodies, self.pictures = cache / "bodies", cache / "pictures"
        self.bodies.mkdir(parents=True, exist_ok=True)
        self.catalog: Catalog = open_catalog(cache)
        self.problems: list[Problem] = []

    def run(self) -> Summary:
        """Build."""
        finished = False
        try:
            finished = self._run()
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
            self.summary.changes = tuple(Preview(self.catalog, self._planner(), replanned=self.replanned).changes())
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
        # The indexer is counted apart: it is one process, whatever the number of workers.
        workers_mb = _largest_child_mb() * self.summary.jobs if self.summary.jobs > 1 else 0.0
        self._search(assembly)
        with self._stage("finish", None):
            assembly.remove()
            assembly.finish()
            self._drop_packs()
            self._purge()
        self.summary.articles = outputs.article_count(self.catalog)
        self.summary.peak_memory_mb = round(_own_mb() + workers_mb, 1)
        self._count_page_problems(assembly)
        return True

    def _first_steps(self) -> int:
        """A lower bound for the sources to be read, where none was read before."""
        if not self.catalog.fresh:
            return 0
        found = (name for _, _, names in os.walk(self.folders.articles) for name in names)
        return sum(1 for _ in islice(found, FEW + 1))

    def _count_page_problems(self, assembly: Assembly) -> None:
        for problem in assembly.problems:
            self.reporter.problem(problem)
        self.summary.errors += len(assembly.problems)

    def _purge(self) -> None:
        """After a takedown, or where rights were narrowed, leave nothing in the cache that no article shows."""
        if not wants_purge(self.catalog):
            return
        for path in sorted(self.bodies.iterdir()):
            blank_all_but(path, texts_in(self.catalog, path.name))
        with self.catalog.transaction():
            sources.forget_unshown(self.catalog)
        forget_pictures(self.pictures, sources.shown_pictures(self.catalog))
        purge(self.catalog)

    def _drop_packs(self) -> None:
        """Remove packs that no article's text lies in."""
        if not self.summary.sources_read and not self.summary.sources_removed:
            return
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
        lookout = Lookout(catalog, self.folders.output)
        with self._stage("scan", None):
            self._recover()
            lookout.begin()
            self._compare_settings()
            self._compare_static()
            reading = ledger.read_ledger(self.folders.ledger, catalog)
            found = scan(catalog, self.folders.articles, self.settings.ignore, now_ns=time.time_ns())
            self.problems += [*reading.problems, *found.problems]
            self.todo = sources.work_count(catalog)
            self.summary.sources_unchanged = found.files - self.todo
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
            # The catalog knows better than lists that somebody changed, so nothing is learned from them.
            self.relist = catalog.get("lists") != claims.stamp(self.folders.output)
        if unfinished:
            self.reporter.say("The last build did not end; this one finishes its work.")
            check_run(catalog, self.folders.output, unfinished)
        self.run_number = int(catalog.get("run", 0)) + 1

    def _compare_settings(self) -> None:
        """Have everything read or planned again that a change of settings, theme or version can affect."""
        catalog, settings = self.catalog, self.settings
        version = encode(versions())
        reading = _digest(encode((replace(settings.reading, learned=()), settings.tagging, settings.permalink, settings.ignore)), version)
        self.site = site_of(settings, self.folders.site, dict(versions())["sitegen"])
        self.pages = find_pages(settings, self.folders.site)
        self.strings = _digest(*strings_of(settings.language))
        self.site_digest = _digest(encode(self.site), version, self.strings)
        theme = (str(self.folders.templates), str(theme_folder("templates")))
        self.templates = tuple(dict.fromkeys(folder for folder in theme if Path(folder).is_dir()))
        stamp = template_stamp(self.templates)
        if catalog.get("template_stamp") == stamp:
            self.template_digests = msgspec.msgpack.decode(catalog.get("template_digests"), type=dict[str, bytes])
        else:
            from sitegen.renderer import template_digests  # Jinja takes longer to load than a build with nothing to do

            self.template_digests = dict(template_digests(self.templates, self._compiled()))
        planning = _digest(encode((self.limits, settings.feed_length, settings.feed_min)), self.site_digest,
                           encode(sorted(settings.reading.sources, key=lambda s: s.name)))  # fmt: skip
        fresh = {"reading": reading, "planning": planning, "template_stamp": stamp, "pictures": recipe(avif=settings.avif),
                 "template_digests": encode(self.template_digests),
                 "feed_min": settings.feed_min if settings.base_url else 0,
                 "indexer": f"{stretches.FORMAT} {indexer_version()}" if settings.search else ""}  # fmt: skip
        self.replanned = False
        changed = {key for key, value in fresh.items() if catalog.get(key) != value}
        if "planning" in changed:
            self._tell_of_address()
        if "reading" not in changed:
            self._compare_learned()
        if changed:
            with catalog.transaction():
                if "reading" in changed:
                    sources.read_all_again(catalog)
                    # They may say that less is to be shown than was kept so far.
                    catalog.put("purge", int(not catalog.fresh))
                if "pictures" in changed:
                    sources.look_again(catalog)
                if "planning" in changed or "template_digests" in changed:
                    catalog.put("replan", "all")
                    self.replanned = not catalog.fresh
                if "indexer" in changed:
                    pending.mark(catalog, [pending.ALL_STRETCHES])
                for key, value in fresh.items():
                    catalog.put(key, value)
        learned = encode(settings.reading.learned)
        if catalog.get("learned") != learned:
            with catalog.transaction():
                catalog.put("learned", learned)

    def _compare_learned(self) -> None:
        """Have the articles of each publication read again whose learned lines changed; they can touch no other."""
        lines = set(self.settings.reading.learned)
        changed = lines.symmetric_difference(_decode_learned(self.catalog.get("learned", _NOTHING_LEARNED)))
        if changed:
            with self.catalog.transaction():
                sources.read_again_of(self.catalog, {urls.term_key(line.source) for line in changed})

    def _tell_of_address(self) -> None:
        """What a site without an address of its own, or with one below a host's top, has to do without."""
        address = self.settings.base_url
        if not address:
            self.reporter.say('There is no "base_url" in the settings, so there are no feeds, no sitemap and no canonical '
                              "addresses; all else is as it should be.")  # fmt: skip
        elif address.count("/") > 2:
            self.reporter.say(f"Crawlers look for robots.txt at the top of a host only, so the one in {address}/ does nothing; "
                              "name the sitemap in the host's own, or to the search engines.")  # fmt: skip

    def _compare_static(self) -> None:
        """Find the static files; they and the owner's own pages take addresses that others may have had."""
        theme = (theme_folder("static"), self.folders.static)
        self.static, self.static_problems = find_static(tuple(dict.fromkeys(theme)))
        if not self.settings.search:
            self.static = {url: file for url, file in self.static.items() if url != SEARCH_SCRIPT}
        changed = outputs.take_addresses(self.catalog, {base_key(url): url for url in (*self.static, *self.pages)})
        if any(url.endswith((".html", ".xml", ".txt", ".json")) for url in changed):
            # A page of the site's own may have stood there, or may stand there now.
            self.catalog.put("replan", "all")
            self.replanned = not self.catalog.fresh

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, executor: Executor | None) -> None:
        """Read what changed, store it, settle it, and mark the pages that it touches."""
        catalog = self.catalog
        bulk = self.todo > max(500, sources.source_count(catalog) // 5) or catalog.get("replan") == "all"
        if not (self.todo or bulk or sources.has_gone(catalog) or events.has_dirt(catalog)):
            return
        storage = Storage(catalog, limits=self.limits, bulk=bulk)
        if bulk and self.todo:
            catalog.put("replan", "all")
        with self._stage("read", self.todo):
            for readings in _batched(self._readings(executor)):
                self._store(storage, readings)
        with self._stage("settle", None), catalog.transaction():
            mark_stale(catalog)
            self.summary.sources_removed = sources.remove_gone(catalog, storage)
            storage.flush()
            settle(catalog, storage)
            fresh = self._settle_media(storage)
            storage.flush()
            pending.spread(catalog, self.limits)
        if fresh:
            self._look_at(fresh, executor)
        with catalog.transaction():
            self._mark_initials()

    def _readings(self, executor: Executor | None) -> Iterator[tuple[SourceReading, ...]]:
        for result in run(executor, READ_CHUNK_JOB, self._read_jobs()):
            readings = decode_readings(result)
            self.reporter.advance(len(readings))
            yield readings

    def _read_jobs(self) -> Iterator[bytes]:
        settings = encode(self.settings)
        stamp = f"{self.run_number}-{time.time_ns():x}"
        for number, works in enumerate(sources.next_work(self.catalog, size=READ_CHUNK), 1):
            yield encode(ReadJob(site=str(self.folders.site), bodies=str(self.bodies), pack=f"{stamp}-{number}.pack",
                                 settings=settings, works=tuple(works)))  # fmt: skip

    def _store(self, storage: Storage, readings: tuple[SourceReading, ...]) -> None:
        with self.catalog.transaction():
            for reading in readings:
                if not reading.missing:
                    storage.store(reading)
            sources.finish_work(self.catalog, (reading.path for reading in readings))
            storage.flush()
        self.summary.sources_read += len(readings)

    def _settle_media(self, storage: Storage) -> list[str]:
        """The pictures that are to be looked at."""
        fresh, old = sources.settle_media(self.catalog, storage)
        pending.mark(self.catalog, (("media", "", url) for url in old))
        return fresh

    def _look_at(self, paths: list[str], executor: Executor | None) -> None:
        """Have pictures converted, and keep what became of each."""
        count = 1 if executor is not None else jobs_for(len(paths) * PICTURE_STEPS, self.jobs)
        with self._stage("pictures", len(paths)), workers(count) as more:
            for result in run(executor or more, LOOK_JOB, self._look_jobs(paths)):
                with self.catalog.transaction():
                    for found in decode_looks(result):
                        self._keep_picture(found)

    def _look_jobs(self, paths: list[str]) -> Iterator[bytes]:
        for start in range(0, len(paths), PICTURE_CHUNK):
            yield encode(PictureJob(articles=str(self.folders.articles), cache=str(self.pictures), avif=self.settings.avif,
                                    paths=tuple(paths[start : start + PICTURE_CHUNK])))  # fmt: skip

    def _keep_picture(self, found: PictureFile) -> None:
        self.reporter.advance()
        if not found.digest:
            self.problems += found.problems
            return
        sources.keep_picture(
            self.catalog, found.path, digest=found.digest, view=encode(found.view) if found.view else None,
            problems=encode(found.problems) if found.problems else None,
            files=((each.url, each.cached, each.digest) for each in found.files))  # fmt: skip
        pending.mark(self.catalog, (("media", "", each.url) for each in found.files))

    def _report_problems(self) -> dict[str, int]:
        """Tell all problems there are, also those of sources that did not change; their number by severity."""
        counts = {"error": 0, "warning": 0, "note": 0}
        for problem in self._all_problems():
            counts[problem.severity] += 1
            self.reporter.problem(problem)
        for path in sources.kept_by_last_reading(self.catalog):
            self.reporter.say(f"articles/{path} could not be read whole; what was last read of it stays in the archive.")
        self.summary.errors, self.summary.warnings, self.summary.notes = counts["error"], counts["warning"], counts["note"]
        return counts

    def _all_problems(self) -> Iterator[Problem]:
        yield from self.static_problems
        for problem in chain(self.problems, sources.known_problems(self.catalog), standing_problems(self.catalog)):
            yield replace(problem, file=f"articles/{problem.file}")

    def _save_events(self) -> None:
        """Write what this build found out into the ledger, before any page shows it."""
        lines = events.take_unsaved(self.catalog)
        if lines:
            ledger.append(self.folders.ledger, lines, self.catalog)
            with self.catalog.transaction():
                events.forget_unsaved(self.catalog)

    # -- planning and writing -----------------------------------------------------------------------------------------

    def _mark_always(self) -> None:
        """The few pages that are looked at in every build: static files and the owner's own pages."""
        planner = self._planner()
        todo = []
        for kind, wanted in (("static", self.static), ("page", self.pages)):
            known = outputs.urls_of(self.catalog, kind)
            for url in sorted({*wanted, *known}):
                plan = planner.plan(kind, "", url)
                if plan is None or url not in known or plan.fingerprint != outputs.fingerprint(self.catalog, url):
                    todo.append((kind, "", url))
        if todo:
            with self.catalog.transaction():
                pending.mark(self.catalog, todo)

    def _mark_initials(self) -> None:
        planner = self._planner()
        for kind in urls.KIND_FOLDERS:
            pending.mark(self.catalog, (("terms", arg, url) for arg, url in planner.initials(kind)))

    def _planner(self) -> Planner:
        homes = {urls.term_key(name): (source.url, source.time_zone or "")
                 for source in self.settings.reading.sources for name in (source.name, *source.aliases)}  # fmt: skip
        return Planner(self.catalog, PlanSettings(
            limits=self.limits, first_weekday=self.site.first_weekday, site_digest=self.site_digest,
            template_digests=self.template_digests, source_homes=homes, pages=self.pages,
            static=self.static, articles=str(self.folders.articles), pictures=str(self.pictures), data=self.settings.data,
            search=self.settings.search,
            feed_length=self.settings.feed_length if self.settings.base_url else 0))  # fmt: skip

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
        with self._stage("index", None):
            searching.Searching(self.catalog, assembly, cache=self.cache, bodies=self.bodies, reporter=self.reporter,
                                version=indexer_version()).update()  # fmt: skip

    def _compiled(self) -> str:
        """The folder of compiled templates; strings are translated when one is compiled, so each language has its own."""
        code = Path(__file__).with_name("renderer.py").read_bytes()
        name = f"{self.site.language}-{_digest(self.strings, code, encode(versions()), sys.version.encode()).hex()[:12]}"
        for folder in filter(None, (self.folders.compiled, self.cache / "templates")):
            try:
                (folder / name).mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
            if os.access(folder / name, os.W_OK):
                return str(folder / name)
        return ""

    def _assembly(self) -> Assembly:
        render = RenderSettings(site=self.site, templates=self.templates, cache=self._compiled(),
                                stamp=self.catalog.get("template_stamp"))  # fmt: skip
        return Assembly(self.catalog, self._planner(), folders=self.folders, bodies=self.bodies, render=render,
                        run_number=self.run_number, relist=self.relist, summary=self.summary, reporter=self.reporter)  # fmt: skip


def _batched(chunks: Iterator[tuple[SourceReading, ...]]) -> Iterator[tuple[SourceReading, ...]]:
    """Chunks joined to some hundred readings: counts are cheaper to store in larger batches."""
    batch: tuple[SourceReading, ...] = ()
    for chunk in chunks:
        batch += chunk
        if len(batch) >= STORE_BATCH:
            yield batch
            batch = ()
    if batch:
        yield batch


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _own_mb() -> float:
    return _largest_mb("RUSAGE_SELF")


def _largest_child_mb() -> float:
    return _largest_mb("RUSAGE_CHILDREN")


def _largest_mb(who: str) -> float:
    """The largest resident set of this process, or of the largest that it started and that has ended; 0 where unknown."""
    try:
        import resource
    except ImportError:
        return 0.0
    usage: int = resource.getrusage(getattr(resource, who)).ru_maxrss
    return usage / (1 << 20 if sys.platform == "darwin" else 1 << 10)
