"""An export as a SQLite database with full-text search, which Datasette shows as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from sitegen.export_rows import COLUMNS, Row

_BATCH: Final = 500
_COLUMNS: Final = ", ".join(f"{name} TEXT" for name in COLUMNS[1:])
_SCHEMA: Final = f"""
CREATE TABLE articles (id TEXT PRIMARY KEY NOT NULL, {_COLUMNS});
CREATE TABLE authors (article TEXT NOT NULL REFERENCES articles (id), position INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (article, position));
CREATE TABLE tags (article TEXT NOT NULL REFERENCES articles (id), tag TEXT NOT NULL, origin TEXT NOT NULL,
    PRIMARY KEY (article, tag));
"""
# Indexes and the search index are quicker to build when all rows are there. Datasette finds the latter by the name of its
# table in double quotes, and by no other spelling.
_FINISH: Final = """
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX authors_name ON authors (name);
CREATE INDEX tags_tag ON tags (tag);
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, summary, text, content="articles", tokenize='unicode61 remove_diacritics 2');
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
"""


def write_sqlite(path: Path, rows: Iterable[Row]) -> int:
    """Write a new database at `path`; how many articles it has."""
    count = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        for row in rows:
            _insert(db, row)
            count += 1
            if count % _BATCH == 0:
                db.execute("COMMIT")
                db.execute("BEGIN")
        db.execute("COMMIT")
        db.executescript(_FINISH)
    return count


def _insert(db: sqlite3.Connection, row: Row) -> None:
    ident = row.cells["id"]
    marks = ", ".join("?" * len(COLUMNS))
    db.execute(f"INSERT OR REPLACE INTO articles VALUES ({marks})", [row.cells[name] or None for name in COLUMNS])
    authors = [(ident, number, name) for number, name in enumerate(row.authors, 1)]
    db.executemany("INSERT OR REPLACE INTO authors VALUES (?, ?, ?)", authors)
    db.executemany("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)", [(ident, *tag) for tag in row.tags])
