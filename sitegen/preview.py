"""What the pending pages would do to the output, for a dry run. It works on a copy of the catalog, and writes to it."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from sitegen.catalog import Catalog, outputs
from sitegen.catalog.outputs import Pending
from sitegen.catalog.pending import RANKS, PageKey, followers
from sitegen.planner import PagePlan, Planner
from sitegen.report import PlannedChange

_WHY: Final[Mapping[str, str]] = MappingProxyType({
    "article": "its text, a neighbour or an article it names changed", "day": "an article of the day changed",
    "month": "an article of the month changed", "year": "an article of the year changed",
    "term": "an article in its list changed", "static": "the file changed", "media": "the picture changed",
    "articlejson": "the article changed", "datapage": "a file that it lists changes", "sitemap": "a page comes or goes",
    "newsmap": "an article comes or grows too old",
    "sitemaps": "a sitemap that it lists changes",
})  # fmt: skip
_decode_change = msgspec.json.Decoder(PlannedChange).decode
_REPLANNED: Final = "the theme, the settings or sitegen's version changed"


class Spooled:
    """Changes that wait in a file on the disk, since a dry run may list every page of an archive; iterable again and again."""

    def __init__(self, changes: Iterable[PlannedChange]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        for change in changes:
            self._file.write(msgspec.json.encode(change) + b"\n")

    def __iter__(self) -> Iterator[PlannedChange]:
        self._file.seek(0)
        yield from map(_decode_change, self._file)


class Preview:
    """The changes that one build would make, and why; `replanned` says that everything is looked at anew."""

    def __init__(self, catalog: Catalog, planner: Planner, *, replanned: bool) -> None:
        self._catalog, self._planner = catalog, planner
        self._why_all = _REPLANNED if replanned else ""
        # A dry run may tell of every page there is, so that what was told is not kept in memory.
        catalog.db.execute("CREATE TEMP TABLE told (url TEXT PRIMARY KEY) WITHOUT ROWID")
        self._followers: dict[PageKey, None] = {}

    def changes(self) -> Iterator[PlannedChange]:
        """All changes: what is new or changed, what lists these files, what is removed."""
        if self._catalog.get("sweep"):
            for plan in self._planner.sweep():
                yield from self._compare(outputs.page_at(self._catalog, RANKS["article"], "article", plan.url), plan)
        for new in (True, False):
            for batch in outputs.next_pending(self._catalog, new=new, ranks=(0, RANKS["stretch"])):
                for page in batch:
                    yield from self._compare(page, self._planner.plan(page.kind, page.arg, page.url))
        yield from self._follow()
        for files in outputs.unplanned(self._catalog):
            for folder, name in files:
                path = f"{folder}/{name}".lstrip("/")
                if not self._was_told(f"/{path}"):
                    yield PlannedChange("remove", path, "nothing stands there any more")

    def _compare(self, page: Pending, plan: PagePlan | None) -> Iterator[PlannedChange]:
        if plan is None and page.known:
            outputs.mark_unplanned(self._catalog, page)
            self._note_followers(page, is_new=True)
        elif plan is not None and plan.fingerprint != page.fingerprint:
            if page.kind in ("sitemap", "newsmap", "datafile") and not page.known:
                # What lists these files is planned from those that there are.
                outputs.keep_outputs(self._catalog, [outputs.Kept(page, plan.fingerprint, b"", 0, 0)], 0)
            self._note_followers(page, is_new=page.fingerprint is None)
            yield from self._tell(page, page.kind)
        elif page.owner not in (("", ""), (page.kind, page.arg)):
            # The file stays as it is, though it was written for a page that stands there no more.
            self._is_news(page.url)

    def _is_news(self, url: str) -> bool:
        """Whether nothing was told of the file at a URL so far; from now on it was."""
        return self._catalog.db.execute("INSERT OR IGNORE INTO temp.told VALUES (?)", (url,)).rowcount == 1

    def _was_told(self, url: str) -> bool:
        return self._catalog.db.execute("SELECT 1 FROM temp.told WHERE url = ?", (url,)).fetchone() is not None

    def _tell(self, page: Pending, kind: str) -> Iterator[PlannedChange]:
        if not self._is_news(page.url):
            return
        if page.known:
            yield PlannedChange("change", page.url[1:], self._why_all or _WHY.get(kind, "what it shows changed"))
        else:
            yield PlannedChange("new", page.url[1:], "there is none yet")

    def _note_followers(self, page: Pending, *, is_new: bool) -> None:
        self._followers.update(dict.fromkeys(followers(page.kind, page.url, is_new=is_new)))

    def _follow(self) -> Iterator[PlannedChange]:
        """The pages that list files. What they say of these is known only when the files are made."""
        while self._followers:
            kind, arg, url = next(iter(self._followers))
            del self._followers[kind, arg, url]
            if not self._was_told(url) and self._planner.plan(kind, arg, url) is not None:
                page = outputs.page_at(self._catalog, RANKS[kind], kind, url)
                self._note_followers(page, is_new=False)
                yield from self._tell(page, kind)
