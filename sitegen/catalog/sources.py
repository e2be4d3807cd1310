"""Sources and pictures as last seen, and the work that a scan leaves to be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from sitegen.catalog import pending
from sitegen.catalog.articles import Storage
from sitegen.catalog.problems import sum_of_codes
from sitegen.catalog.schema import Catalog
from sitegen.catalog.tallies import split_path
from sitegen.entries import Work, decode_entry, encode
from sitegen.records import Problem
from sitegen.urls import term_key

LOST_TEXTS = "lost_texts"


class Seen(NamedTuple):
    """A file that a scan came by."""

    name: str
    size: int
    mtime_ns: int
    is_media: bool


def folder_digest(catalog: Catalog, folder: str) -> bytes | None:
    """What stands for all files of a folder at the last scan; None where it has to be looked at file by file."""
    row: tuple[bytes] | None = catalog.db.execute("SELECT digest FROM folder WHERE path = ?", (folder,)).fetchone()
    return row[0] if row else None


_KNOWN_FOLDERS = ("SELECT folder AS path FROM source UNION SELECT path FROM folder UNION SELECT folder FROM media "
                  "UNION SELECT folder FROM work")  # fmt: skip


def begin_scan(catalog: Catalog) -> None:
    """Forget the folders seen by the last scan."""
    catalog.db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY, size, mtime_ns, is_media) WITHOUT ROWID")
    catalog.db.execute("CREATE TEMP TABLE IF NOT EXISTS seen_folder (path TEXT PRIMARY KEY) WITHOUT ROWID")
    catalog.db.execute("DELETE FROM seen_folder")


def see_folder(catalog: Catalog, folder: str) -> None:
    """Note that a folder is there."""
    catalog.db.execute("INSERT OR IGNORE INTO seen_folder VALUES (?)", (folder,))


def see_unreadable_folder(catalog: Catalog, folder: str) -> None:
    """Note that a folder is there which cannot be opened: what it and its folders held stays as last seen."""
    within = "(?1 = '' OR path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0'))"
    catalog.db.execute(
        f"INSERT OR IGNORE INTO seen_folder SELECT path FROM ({_KNOWN_FOLDERS}) WHERE {within}", (folder,))  # fmt: skip


def compare_folder(catalog: Catalog, folder: str, files: Iterable[Seen], digest: bytes | None) -> None:
    """Put what is new, changed or gone in a folder on the list of work; call it inside a transaction."""
    db = catalog.db
    db.execute("DELETE FROM seen")
    catalog.many("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", files)
    db.execute(
        "INSERT OR REPLACE INTO work SELECT ?1, seen.name, seen.size, seen.mtime_ns, s.digest FROM seen "
        "LEFT JOIN source s ON s.folder = ?1 AND s.name = seen.name WHERE NOT seen.is_media "
        "AND (s.id IS NULL OR s.size <> seen.size OR s.mtime_ns <> seen.mtime_ns OR seen.mtime_ns < 0)", (folder,))  # fmt: skip
    db.execute("INSERT OR IGNORE INTO gone SELECT id FROM source WHERE folder = ? AND name NOT IN "
               "(SELECT name FROM seen WHERE NOT is_media)", (folder,))  # fmt: skip
    # A build that died may have missed a file that is back now.
    db.execute("DELETE FROM gone WHERE source IN (SELECT id FROM source WHERE folder = ? AND name IN "
               "(SELECT name FROM seen WHERE NOT is_media))", (folder,))  # fmt: skip
    db.execute("DELETE FROM work WHERE folder = ? AND name NOT IN (SELECT name FROM seen WHERE NOT is_media)", (folder,))
    _compare_media(catalog, folder)
    if digest is None:
        db.execute("DELETE FROM folder WHERE path = ?", (folder,))
    else:
        db.execute("INSERT OR REPLACE INTO folder VALUES (?, ?)", (folder, digest))


def _compare_media(catalog: Catalog, folder: str) -> None:
    db = catalog.db
    db.execute(
        "INSERT OR IGNORE INTO gone_media SELECT folder, name FROM media WHERE folder = ? AND NOT EXISTS "
        "(SELECT 1 FROM seen WHERE seen.name = media.name AND is_media AND seen.size = media.size "
        "AND seen.mtime_ns = media.mtime_ns AND seen.mtime_ns >= 0)", (folder,))  # fmt: skip
    db.execute("DELETE FROM media WHERE (folder, name) IN (SELECT folder, name FROM gone_media WHERE folder = ?)", (folder,))
    db.execute("INSERT OR IGNORE INTO media (folder, name, size, mtime_ns) "
               "SELECT ?, name, size, mtime_ns FROM seen WHERE is_media", (folder,))  # fmt: skip


def end_scan(catalog: Catalog) -> None:
    """Let go of what lay in folders that are no more; call it inside a transaction."""
    db = catalog.db
    db.execute("INSERT OR IGNORE INTO gone SELECT id FROM source WHERE folder NOT IN (SELECT path FROM seen_folder)")
    db.execute("INSERT OR IGNORE INTO gone_media SELECT folder, name FROM media "
               "WHERE folder NOT IN (SELECT path FROM seen_folder)")  # fmt: skip
    for table, column in (("media", "folder"), ("folder", "path"), ("work", "folder")):
        db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT path FROM seen_folder)")


def vanished_folders(catalog: Catalog) -> bool:
    """Whether a folder of the last scan was not seen by this one."""
    return catalog.db.execute(
        f"SELECT 1 FROM ({_KNOWN_FOLDERS}) WHERE path NOT IN (SELECT path FROM seen_folder) LIMIT 1").fetchone() is not None


def work_count(catalog: Catalog) -> int:
    """How many sources are to be read."""
    return int(catalog.db.execute("SELECT count(*) FROM work").fetchone()[0])


_FRESH_MEDIA = ("SELECT m.folder, m.name FROM media m WHERE m.digest IS NULL AND EXISTS "
                "(SELECT 1 FROM article_media am WHERE am.folder = m.folder AND am.name = m.name)")  # fmt: skip


def has_gone(catalog: Catalog) -> bool:
    """Whether sources or pictures are gone, or pictures are new."""
    return any(catalog.db.execute(sql).fetchone() for sql in (
        "SELECT 1 FROM gone LIMIT 1", "SELECT 1 FROM gone_media LIMIT 1", f"{_FRESH_MEDIA} LIMIT 1"))  # fmt: skip


def source_count(catalog: Catalog) -> int:
    """How many sources the catalog has."""
    return int(catalog.db.execute("SELECT count(*) FROM source").fetchone()[0])


def next_work(catalog: Catalog, *, size: int = 500, most_bytes: int = 1 << 62) -> Iterator[list[Work]]:
    """Sources to be read, in the order of their paths, some at a time. Rows may be finished meanwhile.

    There are at most `size` of them, and not more than `most_bytes` together unless one alone has more.
    """
    folder, name = "", ""
    while True:
        rows = catalog.db.execute(
            "SELECT folder, name, size, mtime_ns, digest FROM work WHERE (folder, name) > (?, ?) ORDER BY folder, name LIMIT ?",
            (folder, name, size)).fetchall()  # fmt: skip
        if not rows:
            return
        total, count = rows[0][2], 1
        while count < len(rows) and total + rows[count][2] <= most_bytes:
            total += rows[count][2]
            count += 1
        yield [Work(join_path(*row[:2]), *row[2:]) for row in rows[:count]]
        folder, name = rows[count - 1][:2]


def finish_work(catalog: Catalog, paths: Iterable[str]) -> None:
    """Take sources off the list of work."""
    catalog.many("DELETE FROM work WHERE folder = ? AND name = ?", map(split_path, paths))


def read_all_again(catalog: Catalog) -> None:
    """Have the next scan find every source changed."""
    catalog.db.execute("DELETE FROM folder")
    catalog.db.execute("UPDATE source SET mtime_ns = -1, digest = NULL")


def read_again_of(catalog: Catalog, publications: Collection[str]) -> None:
    """Have the next scan find every source changed in which an article of these publications (keys) stands."""
    found = 0
    for source, _, entry in catalog.rows("article", "source, aid", "entry"):
        if source != found and term_key(decode_entry(entry).source) in publications:
            found = source
            _read_again(catalog, source)


def _read_again(catalog: Catalog, source: int) -> None:
    catalog.db.execute("DELETE FROM folder WHERE path = (SELECT folder FROM source WHERE id = ?)", (source,))
    catalog.db.execute("UPDATE source SET mtime_ns = -1, digest = NULL WHERE id = ?", (source,))


def texts_end(catalog: Catalog) -> Iterator[tuple[str, int]]:
    """Each pack, and how long it must be to hold the texts that lie in it."""
    yield from catalog.db.execute("SELECT pack, max(offset + length) FROM article WHERE pack <> '' GROUP BY pack")


def lose_packs(catalog: Catalog, packs: Iterable[str]) -> None:
    """Have the sources read again whose texts lay in packs that are lost; call it inside a transaction.

    Until then the articles count as badly read, so that whatever their sources give now is better.
    """
    for pack in packs:
        for (source,) in catalog.db.execute("SELECT DISTINCT source FROM article WHERE pack = ?", (pack,)).fetchall():
            _read_again(catalog, source)
        catalog.db.execute("INSERT OR IGNORE INTO dirty_group SELECT canon FROM article WHERE pack = ?", (pack,))
        catalog.db.execute("UPDATE article SET digest = X'', broken = 1 WHERE pack = ?", (pack,))
    catalog.put(LOST_TEXTS, 1)


def drop_lost(catalog: Catalog, storage: Storage) -> None:
    """Let go of the articles whose texts are lost and whose sources do not give them any more."""
    if catalog.get(LOST_TEXTS):
        storage.remove_textless()
        catalog.put(LOST_TEXTS, 0)


def remove_gone(catalog: Catalog, storage: Storage) -> int:
    """Forget sources that are gone; how many they were."""
    count = 0
    for (source,) in catalog.rows("gone", "source"):
        storage.remove_source(source)
        count += 1
    catalog.db.execute("DELETE FROM gone")
    return count


def fresh_pictures(catalog: Catalog, *, size: int) -> Iterator[list[str]]:
    """Pictures (paths) that articles show and that must be looked at, some at a time; they may be kept meanwhile."""
    rows = catalog.rows(f"({_FRESH_MEDIA})", "folder, name", size=size)
    while batch := list(islice(rows, size)):
        yield [join_path(*row) for row in batch]


def settle_media(catalog: Catalog, storage: Storage) -> int:
    """Have files that are a picture's no more planned anew; the number of pictures that must be looked at.

    Every article that shows a picture which came, changed or went is touched.
    """
    db = catalog.db
    count = 0
    for folder, name in catalog.rows(f"({_FRESH_MEDIA})", "folder, name"):
        storage.touch_showing(folder, name)
        count += 1
    for folder, name in catalog.rows("gone_media", "folder, name"):
        storage.touch_showing(folder, name)
    pending.mark(catalog, (("media", "", url) for (url,) in db.execute(
        "SELECT url FROM rendition r JOIN gone_media g ON g.folder = r.folder AND g.name = r.name "
        "UNION SELECT url FROM dirty_media")))  # fmt: skip
    db.execute("DELETE FROM rendition WHERE (folder, name) IN (SELECT folder, name FROM gone_media)")
    for table in ("gone_media", "dirty_media"):
        db.execute(f"DELETE FROM {table}")
    return count


def keep_picture(
    catalog: Catalog, path: str, *, digest: bytes, view: bytes | None, files: Iterable[tuple[str, str, bytes]],
    problems: tuple[Problem, ...],
) -> None:  # fmt: skip
    """Keep what was found out about a picture; `files` are URL, place among the converted pictures and digest of each."""
    folder, name = split_path(path)
    catalog.db.execute("UPDATE media SET digest=?, view=?, problems=?, codes=? WHERE folder=? AND name=?",
                       (digest, view, encode(problems) if problems else None, sum_of_codes(problems), folder, name))  # fmt: skip
    catalog.many("INSERT OR REPLACE INTO rendition VALUES (?, ?, ?, ?, ?)",
                 ((url, folder, name, cached, made) for url, cached, made in files))  # fmt: skip


def look_again(catalog: Catalog) -> None:
    """Have every picture looked at again."""
    catalog.db.execute("INSERT OR IGNORE INTO gone_media SELECT folder, name FROM media WHERE digest IS NOT NULL")
    catalog.db.execute("UPDATE media SET digest = NULL, view = NULL, problems = NULL, codes = NULL")


def forget_unshown(catalog: Catalog) -> None:
    """Forget what pictures say that no article shows (any more); the output has none of them."""
    shown = "(SELECT 1 FROM article_media am WHERE am.folder = {0}.folder AND am.name = {0}.name)"
    catalog.db.execute("UPDATE media SET digest = NULL, view = NULL, problems = NULL, codes = NULL "
                       f"WHERE digest IS NOT NULL AND NOT EXISTS {shown.format('media')}")  # fmt: skip
    catalog.db.execute(f"DELETE FROM rendition WHERE NOT EXISTS {shown.format('rendition')}")


@contextmanager
def shown_pictures(catalog: Catalog) -> Iterator[Callable[[bytes], bool]]:
    """What tells by its digest whether an article shows a picture."""
    db = catalog.db
    db.execute("CREATE TEMP TABLE shown (digest BLOB PRIMARY KEY) WITHOUT ROWID")
    db.execute("INSERT OR IGNORE INTO temp.shown SELECT digest FROM media m WHERE digest IS NOT NULL AND EXISTS "
               "(SELECT 1 FROM article_media am WHERE am.folder = m.folder AND am.name = m.name)")  # fmt: skip
    yield lambda digest: db.execute("SELECT 1 FROM temp.shown WHERE digest = ?", (digest,)).fetchone() is not None
    db.execute("DROP TABLE temp.shown")


def shared_addresses(catalog: Catalog) -> Iterator[tuple[str, int, str]]:
    """Articles that would stand at the same address, were they alone: source, line, address."""
    rows = catalog.db.execute(
        "SELECT s.folder, s.name, a.line, a.entry FROM article a JOIN source s ON s.id = a.source "
        "WHERE a.base IN (SELECT base FROM shared_base) "
        "ORDER BY s.folder, s.name, a.line")  # fmt: skip
    yield from ((join_path(*row[:2]), row[2], decode_entry(row[3]).base) for row in rows)


def idle_aliases(catalog: Catalog) -> Iterator[tuple[str, int, str]]:
    """Aliases at whose address another article stands: the source that claims it, its line, the address."""
    rows = catalog.db.execute(
        "SELECT s.folder, s.name, a.line, l.url FROM alias l JOIN article b ON b.url = l.url AND b.sort IS NOT NULL "
        "JOIN article a ON a.aid = l.aid JOIN source s ON s.id = a.source WHERE b.aid <> l.aid ORDER BY 1, 2, 4")
    yield from ((join_path(row[0], row[1]), row[2], row[3]) for row in rows)


_KEPT = "FROM source s WHERE s.errors > 0 AND EXISTS (SELECT 1 FROM article a WHERE a.source = s.id AND a.stale)"


def kept_by_last_reading(catalog: Catalog, most: int | None) -> Iterator[str]:
    """Sources that can no longer be read whole, and of which earlier articles are shown; at most so many."""
    yield from (join_path(*row) for row in catalog.db.execute(
        f"SELECT s.folder, s.name {_KEPT} ORDER BY 1, 2 LIMIT ?", (-1 if most is None else most,)))  # fmt: skip


def kept_count(catalog: Catalog) -> int:
    """How many such sources there are."""
    return int(catalog.db.execute(f"SELECT count(*) {_KEPT}").fetchone()[0])


def join_path(folder: str, name: str) -> str:
    """The path of a file in a folder (`` is the top)."""
    return f"{folder}/{name}" if folder else name
