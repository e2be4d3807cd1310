"""Problems that lie between sources: files that are missing (`missing`), addresses that are claimed twice.

They are found by looking at all articles together, which takes seconds in a large archive, so that they are kept until
something changes: a build with nothing to do tells them again as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.catalog import sources
from sitegen.catalog.missing import doubt_all, look_for_missing
from sitegen.catalog.schema import Catalog
from sitegen.entries import encode
from sitegen.records import Problem

_KEY = "standing"


def mark_stale(catalog: Catalog, *, bulk: bool) -> None:
    """Have them looked for again; `bulk` says that much changes."""
    catalog.put(_KEY, 0)
    if bulk:
        doubt_all(catalog)


def look_for_standing(catalog: Catalog) -> None:
    """Look for them, where something changed; files are relative to `articles/`."""
    look_for_missing(catalog)
    if not catalog.get(_KEY, 0):
        with catalog.transaction():
            catalog.db.execute("DELETE FROM standing")
            catalog.many("INSERT INTO standing VALUES (?, ?)",
                         ((problem.code, encode(problem)) for problem in _find(catalog)))  # fmt: skip
            catalog.put(_KEY, 1)


def _find(catalog: Catalog) -> Iterator[Problem]:
    for file, line, url in sources.idle_aliases(catalog):
        yield Problem(file=file, line=line, column=1, field="aliases", code="W525", severity="warning",
                      message=f"another article stands at {url}, so that it leads nowhere else; remove the alias")  # fmt: skip
    for file, line, url in sources.shared_addresses(catalog):
        yield Problem(file=file, line=line, column=1, field="url", code="W524", severity="warning",
                      message=f"another article has the same address {url}; both got one of their own, and {url} names "
                              "them; change a headline, date or slug to have it for one of them")  # fmt: skip
