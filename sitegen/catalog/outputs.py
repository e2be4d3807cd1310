"""Output files of ours: what is written, what is still to be planned, what has to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sitegen.catalog.schema import Catalog
from sitegen.filesums import sum_of

# SQLite uses an index of some kinds only where a statement repeats the index's own condition.
_FEW = "kind IN ('static', 'page', '')"


class Pending(NamedTuple):
    """A page to be planned, and what the output has at its place (`fingerprint` is None where nothing)."""

    rank: int
    folder: str
    name: str
    kind: str
    arg: str
    fingerprint: bytes | None
    known: bool
    """The file is one of ours."""
    owner: tuple[str, str] = ("", "")
    """Kind and argument of the page that it was written for."""

    @property
    def url(self) -> str:
        """Where the page stands."""
        return f"/{self.folder}/{self.name}" if self.folder else f"/{self.name}"


class OutputFile(NamedTuple):
    """A file of ours as it was after the last build."""

    name: str
    size: int
    mtime_ns: int


def split_url(url: str) -> tuple[str, str]:
    """The folder and name of the file at a URL."""
    folder, _, name = url[1:].rpartition("/")
    return folder, name


def pending_count(catalog: Catalog) -> int:
    """How many pages are to be planned."""
    return int(catalog.db.execute("SELECT count(*) FROM pending").fetchone()[0])


def next_pending(
    catalog: Catalog, *, new: bool, ranks: tuple[int, int] = (0, 1 << 30), size: int = 500
) -> Iterator[list[Pending]]:
    """Pages to be planned, those without (`new`) or with a file of ours, in their order, some at a time.

    Only those with ranks from the first to below the second of `ranks`. Pages may be forgotten meanwhile.
    """
    last: tuple[object, ...] = (ranks[0], "", "", "", "")
    while True:
        rows = catalog.db.execute(
            "SELECT p.rank, p.folder, p.name, p.kind, p.arg, o.fingerprint, o.name IS NOT NULL, o.kind, o.arg FROM pending p "
            "LEFT JOIN output o ON o.folder = p.folder AND o.name = p.name "
            "WHERE (p.rank, p.folder, p.name, p.kind, p.arg) > (?, ?, ?, ?, ?) AND p.rank < ? "
            f"AND (o.name IS {'' if new else 'NOT'} NULL) ORDER BY p.rank, p.folder, p.name, p.kind, p.arg LIMIT ?",
            (*last, ranks[1], size)).fetchall()  # fmt: skip
        if not rows:
            return
        found = [Pending._make((*row[:6], bool(row[6]), row[7:])) for row in rows]
        last = found[-1][:5]
        yield found


def page_at(catalog: Catalog, rank: int, kind: str, url: str) -> Pending:
    """A page to be planned that is not on the list, and what the output has at its place."""
    folder, name = split_url(url)
    row = catalog.db.execute("SELECT fingerprint FROM output WHERE folder = ? AND name = ?", (folder, name)).fetchone()
    return Pending(rank, folder, name, kind, "", row[0] if row else None, known=row is not None)


def has_no_pages(catalog: Catalog) -> bool:
    """Whether the output has no page of ours yet, nor files of which only that is known."""
    return catalog.db.execute("SELECT 1 FROM output WHERE kind NOT IN ('static', 'media') LIMIT 1").fetchone() is None


def forget_pending(catalog: Catalog, pages: Iterable[Pending]) -> None:
    """Take planned pages off the list."""
    catalog.many("DELETE FROM pending WHERE rank = ? AND folder = ? AND name = ? AND kind = ? AND arg = ?",
                 (page[:5] for page in pages))  # fmt: skip


class Kept(NamedTuple):
    """A file as it was written, and what it was written for."""

    page: Pending
    fingerprint: bytes
    digest: bytes
    size: int
    mtime_ns: int


def keep_outputs(catalog: Catalog, files: Iterable[Kept], run: int) -> None:
    """Keep what was written."""
    catalog.many("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (
        (page.folder, page.name, page.kind, page.arg, *rest, run) for page, *rest in files))  # fmt: skip


def keep_owner(catalog: Catalog, page: Pending) -> None:
    """Note for which page a file stands that is the same for another one now."""
    catalog.db.execute("UPDATE output SET kind = ?, arg = ? WHERE folder = ? AND name = ?",
                       (page.kind, page.arg, page.folder, page.name))  # fmt: skip


def mark_unplanned(catalog: Catalog, page: Pending) -> None:
    """Note that this page stands at its place no more; its file is to be removed, unless another page has it by now."""
    catalog.db.execute(
        "UPDATE output SET kind = '', arg = '', fingerprint = NULL WHERE folder = ? AND name = ? AND kind = ? AND arg = ?",
        (page.folder, page.name, page.kind, page.arg))  # fmt: skip


def unplanned(catalog: Catalog, *, size: int = 500) -> Iterator[list[tuple[str, str]]]:
    """Files of ours (folder, name) that no page stands at, some at a time; they may be forgotten meanwhile."""
    last = ("", "")
    while True:
        rows = catalog.db.execute("SELECT folder, name FROM output INDEXED BY output_kind "
                                  f"WHERE {_FEW} AND kind = '' AND (folder, name) > (?, ?) "
                                  "ORDER BY folder, name LIMIT ?", (*last, size)).fetchall()  # fmt: skip
        if not rows:
            return
        last = rows[-1]
        yield rows


def forget_output(catalog: Catalog, files: Iterable[tuple[str, str]]) -> None:
    """Forget files that were removed."""
    files = list(files)
    catalog.many("DELETE FROM output WHERE folder = ? AND name = ?", files)
    catalog.many("DELETE FROM meta WHERE key = 'note /' || ltrim(? || '/', '/') || ?", files)


def claim(catalog: Catalog, paths: Iterable[str]) -> None:
    """Take files (paths with slashes) as ours of which nothing else is known, unless something is."""
    catalog.many("INSERT OR IGNORE INTO output VALUES (?, ?, '', '', NULL, NULL, -1, -1, -1)",
                 (tuple(path.rpartition("/")[::2]) for path in paths))  # fmt: skip


def folders(catalog: Catalog) -> Iterator[tuple[str, bytes | None]]:
    """All folders of the output with the digest of our files in them, if it is known."""
    for batch in folder_batches(catalog):
        yield from batch


def folder_batches(catalog: Catalog, size: int = 2000) -> Iterator[list[tuple[str, bytes | None]]]:
    """The same, some at a time; other statements may run meanwhile."""
    last, sign = "", ">="
    while True:
        # From each folder straight to the next one: a search, however many files are between.
        rows = catalog.db.execute(
            f"WITH RECURSIVE next(folder) AS (SELECT min(folder) FROM output WHERE folder {sign} ? UNION ALL "
            "SELECT (SELECT min(folder) FROM output WHERE folder > next.folder) FROM next WHERE folder IS NOT NULL LIMIT ?) "
            "SELECT n.folder, f.digest FROM next n LEFT JOIN output_folder f ON f.path = n.folder "
            "WHERE n.folder IS NOT NULL ORDER BY n.folder", (last, size)).fetchall()  # fmt: skip
        if not rows:
            return
        last, sign = rows[-1][0], ">"
        yield rows


def files_in(catalog: Catalog, folder: str) -> Iterator[OutputFile]:
    """Our files in one folder of the output."""
    yield from map(OutputFile._make, catalog.db.execute(
        "SELECT name, size, mtime_ns FROM output WHERE folder = ? ORDER BY name", (folder,)))  # fmt: skip


def lost_in(catalog: Catalog, folder: str, found: Iterable[tuple[str, int, int]]) -> list[str]:
    """The names of our files in a folder that are not among those `found` there (name, size, time), as they were."""
    db = catalog.db
    db.execute("CREATE TEMP TABLE IF NOT EXISTS there (name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID")
    db.execute("DELETE FROM temp.there")
    # The names of others' files may be anything.
    catalog.many("INSERT OR IGNORE INTO temp.there VALUES (?, ?, ?)", (each for each in found if _is_text(each[0])))
    return [name for (name,) in db.execute(
        "SELECT o.name FROM output o WHERE o.folder = ? AND o.mtime_ns >= 0 AND NOT EXISTS (SELECT 1 FROM temp.there t "
        "WHERE t.name = o.name AND t.size = o.size AND t.mtime_ns = o.mtime_ns) ORDER BY o.name", (folder,))]  # fmt: skip


def _is_text(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= char <= "\udfff" for char in name)


def lost(catalog: Catalog, folder: str, names: Iterable[str]) -> None:
    """Have files that were deleted or edited made again."""
    for name in names:
        catalog.db.execute("UPDATE output SET fingerprint = NULL, size = -1 WHERE folder = ? AND name = ?", (folder, name))


def files_of_run(catalog: Catalog, run: int) -> Iterator[tuple[str, str, bytes]]:
    """Files that one run wrote: folder, name, digest."""
    yield from catalog.db.execute("SELECT folder, name, digest FROM output WHERE run = ? AND digest IS NOT NULL", (run,))


def pages_at(catalog: Catalog, folder: str, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Kind, argument and URL of what stands at places of the output."""
    rows = []
    for name in names:
        row = catalog.db.execute("SELECT kind, arg FROM output WHERE folder = ? AND name = ?", (folder, name)).fetchone()
        if row and row[0]:
            rows.append((row[0], row[1], f"/{folder}/{name}" if folder else f"/{name}"))
    return rows


def keep_folder(catalog: Catalog, folder: str) -> None:
    """Sum up our files in a folder, as the next build will look for them."""
    if catalog.db.execute("SELECT 1 FROM output WHERE folder = ? LIMIT 1", (folder,)).fetchone():
        catalog.db.execute("INSERT OR REPLACE INTO output_folder VALUES (?, ?)", (folder, sum_of(files_in(catalog, folder))))
    else:
        catalog.db.execute("DELETE FROM output_folder WHERE path = ?", (folder,))


def paths_between(catalog: Catalog, low: str, high: str) -> Iterator[str]:
    """Paths of our files whose folder sorts from `low` to below `high`, sorted."""
    for folder, name in catalog.db.execute(
        "SELECT folder, name FROM output WHERE folder >= ? AND folder < ? ORDER BY folder, name", (low, high)):  # fmt: skip
        yield f"{folder}/{name}" if folder else name


def counts(catalog: Catalog) -> dict[str, int]:
    """How many files of each kind the output has."""
    return dict(catalog.db.execute("SELECT kind, count(*) FROM output GROUP BY kind").fetchall())


def urls_of(catalog: Catalog, kind: str) -> set[str]:
    """The URLs of all files of a kind: `static` or `page`."""
    rows = catalog.db.execute(f"SELECT folder, name FROM output INDEXED BY output_kind WHERE {_FEW} AND kind = ?", (kind,))
    return {f"/{folder}/{name}" if folder else f"/{name}" for folder, name in rows}


def take_addresses(catalog: Catalog, taken: Mapping[str, str]) -> set[str]:
    """Keep the addresses (by what a file system may take them for) of files that are not made from articles.

    Articles that would stand there, or may do so now, are to be settled. Gives the addresses that came or went.
    """
    before = dict(catalog.db.execute("SELECT base, url FROM taken"))
    changed = {key for key in before.keys() | taken.keys() if before.get(key) != taken.get(key)}
    if changed:
        with catalog.transaction():
            catalog.db.execute("DELETE FROM taken")
            catalog.many("INSERT INTO taken VALUES (?, ?)", sorted(taken.items()))
            catalog.many("INSERT OR IGNORE INTO dirty_base VALUES (?)", ((key,) for key in sorted(changed)))
    return {each[key] for key in changed for each in (before, taken) if key in each}


def fingerprint(catalog: Catalog, url: str) -> bytes | None:
    """The fingerprint of the file at a URL."""
    row: tuple[bytes | None] | None = catalog.db.execute(
        "SELECT fingerprint FROM output WHERE folder = ? AND name = ?", split_url(url)).fetchone()  # fmt: skip
    return row[0] if row else None


def article_count(catalog: Catalog) -> int:
    """How many articles are published."""
    return int(catalog.db.execute("SELECT n FROM term WHERE id = 0").fetchone()[0])
