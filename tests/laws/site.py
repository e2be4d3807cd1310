"""A site under random edits, and what a build owes it.

After a build the whole output is compared, byte for byte, with a build of the same sources, settings and ledger in a
fresh folder; files that did not need to change must be as old as they were; and a further build must do nothing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from sitegen.config import Settings
from sitegen.errors import SitegenError
from sitegen.intake import read_bytes
from sitegen.scanner import ignore_test
from tests.laws.death import End, die_during
from tests.laws.materials import CATALOG, FOLDERS, LEDGER
from tests.linkcheck import missing_from
from tests.searching import answers
from tests.support import Built, build_site, difference, put, tree


class Site(RuleBasedStateMachine):
    """A site and its copy that is built clean. Folders are reused, so that compiled templates stay compiled."""

    root: Path
    jobs = 1
    deadly = False
    """Most builds die before they come to an end."""
    search = False
    """With the search index, whose bytes are not compared, but what it answers."""
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.site, self.clean = self.root / "site", self.root / "clean"
        for folder in (self.site, self.clean):
            empty(folder)
        self.settings = Settings(list_limit=3, month_limit=2, feed_min=2, feed_length=2)
        self.good: dict[str, bytes] = {}
        """What the catalog holds of each source as its last readable text."""
        self.foreign: dict[str, bytes] = {}
        self.uncertain = False
        """A build died, so that nobody knows what its catalog holds."""
        self.lists_damaged = False
        self.catalog_doomed = False
        """The next build has to do without a catalog, or finds that it has to; no other may."""
        self.counter = 0
        self.counts["walks"] += 1

    # -- sources ------------------------------------------------------------------------------------------------------

    def sources(self) -> list[str]:
        folder = self.site / "articles"
        return sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.suffix in (".md", ".txt") and not path.parent.name.startswith("_") and path.name[0] != "_"
        )

    def pick(self, data: st.DataObject) -> str | None:
        """A source that can be read."""
        found = [path for path in self.sources() if not self.is_broken(path, self.text_of(path))]
        return data.draw(st.sampled_from(found)) if found else None

    def pick_any(self, data: st.DataObject) -> str | None:
        found = self.sources()
        return data.draw(st.sampled_from(found)) if found else None

    def text_of(self, path: str) -> bytes:
        return (self.site / "articles" / path).read_bytes()

    def legibility(self, path: str, text: bytes) -> int:
        """2 for a text that is read well, 1 for one that gives an article with errors, 0 for one that gives none."""
        articles, errors = read_as(path, text, self.settings)
        return 2 if not errors else 1 if articles else 0

    def is_broken(self, path: str, text: bytes) -> bool:
        return self.legibility(path, text) < 2

    def any_broken(self) -> bool:
        return any(self.is_broken(path, self.text_of(path)) for path in self.sources())

    def write(self, texts: Mapping[str, bytes]) -> None:
        """Write sources, unless nobody could say what is to be shown of them then."""
        for path, text in texts.items():
            articles, errors = read_as(path, text, self.settings)
            # Of a file of which a part can be read, the rest is kept as it was: no one text is what was last read of it.
            if errors and (self.uncertain or articles > 1):
                return
        put(self.site / "articles", texts)

    # -- building -----------------------------------------------------------------------------------------------------

    def maybe_build(self, data: st.DataObject) -> None:
        if data.draw(st.sampled_from([True, True, False])):
            for end in data.draw(st.lists(ENDS, max_size=2)) if self.deadly else ():
                if self.may_die():
                    self.die(end)
            self.build()

    def may_die(self) -> bool:
        """Whether it can be told afterwards what is to be shown of sources that cannot be read."""
        return hasattr(os, "fork") and not (self.catalog_doomed and self.any_broken())

    def die(self, end: End) -> None:
        """Have a build end early. What could be reached before must lead to nothing that is not there."""
        public, stood = self.site / "public", self.html_files()
        missing = missing_from(public, stood)
        outcome = die_during(self.run, end)
        assert outcome != "failed", (
            "a build that was to end early broke a law, or went wrong; what it printed tells how"
        )
        self.counts[outcome] += 1
        self.uncertain = True
        torn = missing_from(public, stood & self.html_files()) - missing
        if torn:
            self.build()
            # Pages that are removed lead to each other, whatever goes first; but nothing that stays leads to them.
            stays = self.html_files()
            torn = {each for each in torn - missing_from(public, stays) if each[0] in stays}
            assert not torn, f"a build that died left links to nothing: {torn}"

    def fail(self) -> None:
        """Build where something stops it."""
        try:
            self.run()
        except SitegenError:
            self.counts["stopped"] += 1
        self.uncertain = True

    def build(self) -> None:
        before, stood = tree(self.site / "public"), self.marks()
        self.run()
        self.check_output()
        after, stands = tree(self.site / "public"), self.marks()
        moved = [
            name for name in stood.keys() & stands.keys() if before[name] == after[name] and stood[name] != stands[name]
        ]
        assert not moved, f"written again with the same bytes: {moved}"
        again = self.run().summary
        assert (again.written, again.removed) == (0, 0)
        assert self.marks() == stands, "a build with nothing to do touched files"
        self.uncertain = self.lists_damaged = self.catalog_doomed = False

    def run(self, *, strict: bool = False, dry_run: bool = False) -> Built:
        self.counts["builds"] += 1
        built = build_site(self.site, self.settings, jobs=self.jobs, strict=strict, dry_run=dry_run, search=self.search)
        lost = [message for message in built.heard.messages if "clean build" in message]
        # Pages come out the same then, but what was last read of sources that cannot be read any more is gone.
        assert self.catalog_doomed or not lost, f"nobody harmed the catalog: {lost}"
        if lost and not dry_run:
            # What it knew of sources that cannot be read any more is lost with the catalog.
            self.good.clear()
        return built

    def check_output(self) -> None:
        self.note_good()
        found = tree(self.site / "public")
        for name, content in self.foreign.items():
            assert found.pop(name) == content, f"{name} is not ours and was changed"
        ledger = self.ledger()
        self.lay_out_clean()
        build_site(self.clean, self.settings, search=self.search)
        wanted = tree(self.clean / "public")
        if self.search:
            assert answers(self.site / "public") == answers(self.clean / "public")
            found, wanted = without_index(found), without_index(wanted)
        must_equal(found, wanted)
        assert read(self.clean / LEDGER) == ledger, "a clean build has something to add to the ledger"

    def note_good(self) -> None:
        ignored = ignore_test(self.settings.ignore)
        present = {
            path: self.text_of(path)
            for path in self.sources()
            if not any(ignored(name, name) for name in (path, path.split("/")[0], path.rpartition("/")[2]))
        }
        for path in self.good.keys() - present.keys():
            del self.good[path]
        self.good.update(
            {
                path: text
                for path, text in present.items()
                if path not in self.good or self.legibility(path, text) >= self.legibility(path, self.good[path])
            }
        )

    def lay_out_clean(self) -> None:
        empty(self.clean)
        for name in FOLDERS:
            if (self.site / name).is_dir():
                shutil.copytree(self.site / name, self.clean / name, dirs_exist_ok=True)
        put(self.clean / "articles", {path: self.good.get(path, self.text_of(path)) for path in self.sources()})

    def ledger(self) -> bytes:
        return read(self.site / LEDGER)

    def html_files(self) -> set[str]:
        public = self.site / "public"
        return {path.relative_to(public).as_posix() for path in public.rglob("*.html")}

    def marks(self) -> dict[str, tuple[int, int]]:
        public = self.site / "public"
        return {
            path.relative_to(public).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in public.rglob("*")
            if path.is_file()
        }

    def tick(self) -> int:
        self.counter += 1
        return self.counter

    def teardown(self) -> None:
        self.build()


ENDS = st.builds(End, st.integers(1, 200), st.sampled_from(["kill", "kill", "interrupt"]))


def without_index(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.startswith(("search/", ".sitegen/files/search"))}


def must_equal(found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    different = difference(found, wanted)
    assert not different, different


@lru_cache(maxsize=2000)
def read_as(path: str, text: bytes, settings: Settings) -> tuple[int, bool]:
    """How many articles a text gives, and whether there is an error in it."""
    reading, bodies = read_bytes(path, text, settings)
    problems = [*reading.problems, *(problem for body in bodies for problem in body.problems)]
    return len(reading.articles), any(problem.severity == "error" for problem in problems)


def as_event(line: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def empty(folder: Path) -> None:
    """Make the folder of a site without articles; only compiled templates stay."""
    for name in (*FOLDERS, "public", ".sitegen/bodies", ".sitegen/pictures"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (*CATALOG, "lock.db"):
        (folder / ".sitegen" / name).unlink(missing_ok=True)
    (folder / "articles").mkdir(parents=True)
