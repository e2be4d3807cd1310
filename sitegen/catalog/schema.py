"""Opening the catalog: its schema, its version, its lock, its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sitegen.errors import BusyError, CatalogDamagedError

SCHEMA_VERSION = 11
_FILES = ("catalog.db", "catalog.db-wal", "catalog.db-shm")
_SEAL = "catalog.seal"
DAMAGE = (CatalogDamagedError, sqlite3.DatabaseError)
"""What says that the catalog cannot be trusted, unless `outside_trouble` knows better."""
_OUTSIDE = {
    sqlite3.SQLITE_FULL: "there is no room left on the disk",
    sqlite3.SQLITE_READONLY: "the catalog cannot be written",
    sqlite3.SQLITE_CANTOPEN: "the catalog cannot be opened",
    sqlite3.SQLITE_PERM: "the catalog cannot be written",
    sqlite3.SQLITE_BUSY: "another program uses the catalog",
    sqlite3.SQLITE_LOCKED: "another program uses the catalog",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should",
}

# In a table WITHOUT ROWID the key's columns come first: some releases of SQLite (3.40 is one) look for the others in wrong
# places when they check a catalog, and call one damaged that is whole.
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Sources. A folder's digest stands for all its files, so that an unchanged one costs one row. `codes` sums up the
-- problems (`N301:2 W201:1`), so that nothing need be decoded to count them.
CREATE TABLE folder (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest BLOB, problems BLOB, errors INTEGER NOT NULL DEFAULT 0,
    codes TEXT, UNIQUE (folder, name));
CREATE INDEX source_codes ON source (codes, folder, name) WHERE codes IS NOT NULL;
CREATE INDEX source_errors ON source (folder, name) WHERE errors > 0;
CREATE TABLE media (
    folder TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    digest BLOB, view BLOB, problems BLOB, codes TEXT, PRIMARY KEY (folder, name)) WITHOUT ROWID;
CREATE INDEX media_new ON media (folder, name) WHERE digest IS NULL;
CREATE INDEX media_codes ON media (codes, folder, name) WHERE codes IS NOT NULL;
-- The files of the output that a picture leads to. They outlive its row in `media`, until what changed is settled.
CREATE TABLE rendition (
    url TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, cached TEXT NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (url, folder, name)) WITHOUT ROWID;
CREATE INDEX rendition_of ON rendition (folder, name);
CREATE TABLE gone (source INTEGER PRIMARY KEY);
CREATE TABLE gone_media (
    folder TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
CREATE TABLE work (
    folder TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest BLOB,
    PRIMARY KEY (folder, name)) WITHOUT ROWID;

-- Articles: every copy in every source; `url` is set on the one copy of each article that is published. `brief` is its
-- headline as lists show it, encoded, and `tags` the numbers of its tags, four bytes each. A `broken` one could not be
-- read well; a `stale` one is older than its source, which cannot be read any more; `since` is the run that placed it.
CREATE TABLE article (
    aid INTEGER PRIMARY KEY, source INTEGER NOT NULL, line INTEGER NOT NULL, raw TEXT NOT NULL, canon TEXT NOT NULL,
    rank TEXT NOT NULL, opening BLOB NOT NULL, draft INTEGER NOT NULL, digest BLOB NOT NULL, entry BLOB NOT NULL,
    pack TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    broken INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL,
    ident TEXT, sort TEXT, weight INTEGER, base TEXT, url TEXT, brief BLOB, tags BLOB);
CREATE INDEX article_source ON article (source);
CREATE INDEX article_pack ON article (pack);
CREATE INDEX article_canon ON article (canon);
CREATE INDEX article_ident ON article (ident) WHERE ident IS NOT NULL;
CREATE UNIQUE INDEX article_sort ON article (sort) WHERE sort IS NOT NULL;
CREATE INDEX article_base ON article (base) WHERE base IS NOT NULL;
CREATE INDEX article_url ON article (url) WHERE url IS NOT NULL;
-- Addresses that several articles would have, were they alone.
CREATE TABLE shared_base (base TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE article_media (
    folder TEXT NOT NULL, name TEXT NOT NULL, aid INTEGER NOT NULL, PRIMARY KEY (folder, name, aid)) WITHOUT ROWID;
CREATE INDEX article_media_aid ON article_media (aid);

-- Terms and the lists they make. The archive as a whole is term 0; its tally has days, others' months and
-- years, that of a language without spaces the dates of its articles, as precise as they are.
CREATE TABLE term (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, base_slug TEXT NOT NULL,
    slug TEXT NOT NULL, n INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, key));
CREATE INDEX term_slug ON term (kind, base_slug);
CREATE INDEX term_rank ON term (kind, n);
CREATE TABLE spelling (
    term INTEGER NOT NULL, label TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (term, label)) WITHOUT ROWID;
CREATE TABLE membership (
    term INTEGER NOT NULL, sort TEXT NOT NULL, aid INTEGER NOT NULL, PRIMARY KEY (term, sort)) WITHOUT ROWID;
CREATE TABLE tally (
    term INTEGER NOT NULL, period TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (term, period)) WITHOUT ROWID;

-- What a change leaves to be settled; empty between builds.
CREATE TABLE dirty_group (canon TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dirty_base (base TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dirty_slug (kind TEXT NOT NULL, base_slug TEXT NOT NULL, PRIMARY KEY (kind, base_slug)) WITHOUT ROWID;
CREATE TABLE touched (sort TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, terms BLOB NOT NULL);
CREATE TABLE recut (term INTEGER PRIMARY KEY, why TEXT NOT NULL);
CREATE TABLE former (ident TEXT NOT NULL, url TEXT NOT NULL, canon TEXT NOT NULL, PRIMARY KEY (ident, url)) WITHOUT ROWID;
CREATE TABLE dirty_media (url TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unsaved_event (line TEXT NOT NULL);

-- Problems between sources, as last found: files that articles show and that are not there, by the source and line that
-- names them, with those that are in doubt since; and all others.
CREATE TABLE missing (
    folder TEXT NOT NULL, name TEXT NOT NULL, aid INTEGER NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
    PRIMARY KEY (folder, name, aid)) WITHOUT ROWID;
CREATE INDEX missing_at ON missing (file, line);
CREATE TABLE missing_doubt (
    folder TEXT NOT NULL, name TEXT NOT NULL, aid INTEGER NOT NULL, PRIMARY KEY (folder, name, aid)) WITHOUT ROWID;
CREATE TABLE standing (code TEXT NOT NULL, problem BLOB NOT NULL);
CREATE INDEX standing_code ON standing (code);

-- The ledger, as last read.
CREATE TABLE ledger_same (ident TEXT PRIMARY KEY, was TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX ledger_same_was ON ledger_same (was);
CREATE TABLE ledger_moved (url TEXT NOT NULL, ident TEXT NOT NULL, PRIMARY KEY (url, ident)) WITHOUT ROWID;
CREATE INDEX ledger_moved_ident ON ledger_moved (ident);
CREATE TABLE ledger_gone (
    ident TEXT NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (ident, url)) WITHOUT ROWID;

-- Addresses of static files and of the owner's own pages, where no article may stand.
CREATE TABLE taken (base TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alias (url TEXT NOT NULL, aid INTEGER NOT NULL, PRIMARY KEY (url, aid)) WITHOUT ROWID;

-- Output files of ours, and those still to be planned in this build.
CREATE TABLE output (
    folder TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, arg TEXT NOT NULL, fingerprint BLOB, digest BLOB,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
CREATE INDEX output_kind ON output (kind) WHERE kind IN ('static', 'page', '');
CREATE INDEX output_run ON output (run);
CREATE TABLE output_folder (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (
    rank INTEGER NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, arg TEXT NOT NULL,
    PRIMARY KEY (rank, folder, name, kind, arg)) WITHOUT ROWID;
"""

_NAMED = "SELECT * FROM article_media WHERE folder = {0}.folder AND name = {0}.name"
_OF_ARTICLE = "SELECT * FROM article_media WHERE aid = NEW.aid"
_OF_SOURCE = "SELECT * FROM article_media WHERE aid IN (SELECT aid FROM article WHERE source = NEW.id)"
_DOUBTS = (
    ("INSERT ON article_media", "VALUES (NEW.folder, NEW.name, NEW.aid)"),
    ("DELETE ON article_media", "VALUES (OLD.folder, OLD.name, OLD.aid)"),
    ("INSERT ON media", _NAMED.format("NEW")),
    ("DELETE ON media", _NAMED.format("OLD")),
    ("INSERT ON source", _NAMED.format("NEW")),
    ("DELETE ON source", _NAMED.format("OLD")),
    ("UPDATE OF folder, name ON media", _NAMED.format("NEW")),
    ("UPDATE OF folder, name ON media", _NAMED.format("OLD")),
    ("UPDATE OF folder, name ON source", _NAMED.format("NEW")),
    ("UPDATE OF folder, name ON source", _NAMED.format("OLD")),
    ("UPDATE OF folder, name ON source", _OF_SOURCE),
    ("UPDATE OF line, source ON article", _OF_ARTICLE),
)
"""Changes of rows by which a file may be missing or not, or told of elsewhere, and what is in doubt then."""


def _triggers() -> str:
    """Whoever makes such a change leaves a doubt; none has to be kept where all files are looked for anyway."""
    return "".join(
        f"CREATE TRIGGER doubt_{number} AFTER {change} WHEN (SELECT value FROM meta WHERE key = 'missing') = 1 "
        f"BEGIN INSERT OR IGNORE INTO missing_doubt {what}; END;\n"
        for number, (change, what) in enumerate(_DOUBTS)
    )


class Catalog:
    """An open catalog. Functions of this package take it; nobody else sees the connection."""

    def __init__(self, db: sqlite3.Connection, folder: Path, *, fresh: bool, note: str = "") -> None:
        self.db = db
        self.fresh = fresh
        self.note = note
        """Why an earlier catalog could not be used, in a sentence; empty where nothing was lost."""
        self._folder = folder
        self._sealed = not fresh

    def get(self, key: str, default: Any = None) -> Any:
        """The value kept under `key`."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else row[0]

    def put(self, key: str, value: Any) -> None:
        """Keep `value` under `key`."""
        self._break_seal()
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is done inside."""
        self._break_seal()
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run `sql` for each row."""
        self.db.executemany(sql, rows)

    def rows(self, table: str, key: str, *others: str, size: int = 500) -> Iterator[tuple[Any, ...]]:
        """The rows of a table, `key` (columns that tell them apart, with commas) and then `others`, in the order of the key.

        Some at a time, so that a million take no more memory than a few, and other statements may run meanwhile.
        """
        width = key.count(",") + 1
        what = f"SELECT {', '.join((key, *others))} FROM {table}"
        order = f"ORDER BY {key} LIMIT {size}"
        found = self.db.execute(f"{what} {order}").fetchall()
        while found:
            yield from found
            last = found[-1][:width]
            found = self.db.execute(f"{what} WHERE ({key}) > ({','.join('?' * width)}) {order}", last).fetchall()

    def close(self, *, finished: bool) -> None:
        """Fold the write-ahead log into the file and close it; a finished build also seals it."""
        try:
            if not self._sealed:
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.db.close()
        if finished and not self._sealed:
            (self._folder / _SEAL).write_text(_stamp(self._folder), encoding="ascii")

    def _break_seal(self) -> None:
        if self._sealed:
            (self._folder / _SEAL).unlink(missing_ok=True)
            self._sealed = False


def open_catalog(folder: Path) -> Catalog:
    """The catalog in `folder`, made anew where there is none, or an older, newer or damaged one.

    A finished build seals the file with its size and time. SQLite keeps no checksums, so a file that changed since is
    not trusted; one without a seal was left by a build that died, and is checked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = ""
    if (folder / _FILES[0]).exists():
        catalog = _reopen(folder)
        if isinstance(catalog, Catalog):
            return catalog
        note = catalog
    discard_catalog(folder)
    db = _connect(folder / _FILES[0])
    try:
        db.executescript(_SCHEMA + _triggers())
        db.execute("INSERT INTO term VALUES (0, 'archive', '', '', '', '', 0)")
        # Which files in the output are ours is still to be learned from the output itself, should this build die.
        db.execute("INSERT INTO meta VALUES ('recovered', 1)")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except sqlite3.Error:
        db.close()
        raise
    return Catalog(db, folder, fresh=True, note=note and f"{note}, so this is a clean build.")


def _reopen(folder: Path) -> Catalog | str:
    """The catalog, or in a few words why it cannot be used."""
    seal = folder / _SEAL
    if seal.exists() and seal.read_text(encoding="ascii", errors="replace") != _stamp(folder):
        return "The catalog was changed or damaged since the last build"
    db = None
    try:
        db = _connect(folder / _FILES[0])
        if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            reason = "The catalog is from another version of sitegen"
        elif not seal.exists() and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            reason = "The catalog is damaged"
        else:
            catalog = Catalog(db, folder, fresh=False)
            catalog._sealed = seal.exists()
            return catalog
    except sqlite3.DatabaseError as error:
        if outside_trouble(error):
            raise
        reason = "The catalog is damaged"
    if db is not None:
        db.close()
    return reason


def _stamp(folder: Path) -> str:
    status = (folder / _FILES[0]).stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def outside_trouble(error: Exception) -> str:
    """What keeps a catalog from being used that may be whole (no room, no permission); empty where it is damaged."""
    code = getattr(error, "sqlite_errorcode", None)
    return "" if code is None else _OUTSIDE.get(code & 0xFF, "")


def discard_catalog(folder: Path) -> None:
    """Remove the catalog's files."""
    for name in (*_FILES, _SEAL):
        (folder / name).unlink(missing_ok=True)


_LOG_PAGES = 65_536
"""Pages of 4 KB in the write-ahead log above which they are moved into the file."""


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA cache_size = -32768")
        # A page that many transactions change is then written into the file once in a while, and not after each of them.
        db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        # What is deleted (a takedown) must not stay readable in the pages it stood on.
        db.execute("PRAGMA secure_delete = FAST")
    except sqlite3.Error:
        db.close()
        raise
    return db


@contextmanager
def take_lock(folder: Path) -> Iterator[None]:
    """Hold the site's build lock; a second build is told so by `BusyError`.

    The lock is SQLite's own on a file beside the catalog: it works on every platform and dies with its process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(folder / "lock.db", isolation_level=None, timeout=0)
    try:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise BusyError(f"another build of this site is under way (its lock is {folder / 'lock.db'})") from error
        except sqlite3.DatabaseError as error:
            raise CatalogDamagedError(f"{folder / 'lock.db'} is not a lock; delete it and build again") from error
        yield
    finally:
        db.close()
