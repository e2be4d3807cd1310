"""Files that articles show or link to and that do not lie there: told with each article that names one.

They are kept, and looked for only where a change left a doubt (see the triggers of the schema): an edit costs the edit,
however many are missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.catalog.schema import Catalog
from sitegen.records import Problem

CODE = "W523"
_KEY = "missing"
_PATH = "iif({0}.folder = '', {0}.name, {0}.folder || '/' || {0}.name)"
_FIND_MISSING = (
    f"INSERT OR REPLACE INTO missing SELECT am.folder, am.name, am.aid, {_PATH.format('s')}, a.line FROM {{0}} "
    "JOIN article a ON a.aid = am.aid JOIN source s ON s.id = a.source "
    "WHERE NOT EXISTS (SELECT 1 FROM media m WHERE m.folder = am.folder AND m.name = am.name) "
    "AND NOT EXISTS (SELECT 1 FROM source t WHERE t.folder = am.folder AND t.name = am.name)"
)
_DOUBTED = "missing_doubt d CROSS JOIN article_media am ON am.folder = d.folder AND am.name = d.name AND am.aid = d.aid"


def doubt_all(catalog: Catalog) -> None:
    """Have all looked for again, and no doubts kept until then: where much changes, they cost more."""
    catalog.put(_KEY, 0)


def look_for_missing(catalog: Catalog) -> None:
    """Look for those that are in doubt."""
    if not catalog.get(_KEY, 0) or catalog.db.execute("SELECT 1 FROM missing_doubt LIMIT 1").fetchone():
        with catalog.transaction():
            _look(catalog)


def _look(catalog: Catalog) -> None:
    db = catalog.db
    if catalog.get(_KEY, 0):
        db.execute("DELETE FROM missing WHERE (folder, name, aid) IN (SELECT folder, name, aid FROM missing_doubt)")
        db.execute(_FIND_MISSING.format(_DOUBTED))
    else:
        db.execute("DELETE FROM missing")
        db.execute(_FIND_MISSING.format("article_media am"))
    db.execute("DELETE FROM missing_doubt")
    catalog.put(_KEY, 1)


def missing_count(catalog: Catalog) -> int:
    """How many files are missing, each for each article that shows it."""
    return int(catalog.db.execute("SELECT count(*) FROM missing").fetchone()[0])


def missing_files(catalog: Catalog, most: int = -1) -> Iterator[Problem]:
    """Files that an article shows or links to and that do not lie there, by the source that names them; at most so many."""
    for file, line, path in catalog.db.execute(
        f"SELECT file, line, {_PATH.format('m')} FROM missing m ORDER BY file, line, folder, name LIMIT ?", (most,)):  # fmt: skip
        yield Problem(file=file, line=line, column=1, field="figures", code=CODE, severity="warning",
                      message=f"articles/{path} is not there; put the file there, or correct its name")  # fmt: skip
