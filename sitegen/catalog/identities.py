"""Which identity means which article, by what the ledger says of it.

Copies of one identity that are as new as each other and differ in their text are published side by side, each under the
identity, a dot and eight hex digits of its text's digest. No source's own identity can look like that.
"""

from __future__ import annotations

import re

from sitegen.catalog.schema import Catalog

_SPLIT = re.compile(r"\.[0-9a-f]{8}\Z")
_LONGEST_CHAIN = 50


def plain_identity(identity: str) -> str:
    """An identity as a source gives it, told apart from those that sitegen makes of it."""
    return f"{identity}." if identity[-9:-8] == "." and _SPLIT.search(identity) else identity


def split_identity(canon: str, opening: bytes) -> str:
    """The identity of one of several copies that are published side by side."""
    return f"{canon}.{opening.hex()[:8]}"


def follow(catalog: Catalog, identity: str) -> str:
    """The identity that an article had before the ledger's edits of it."""
    for _ in range(_LONGEST_CHAIN):
        row = catalog.db.execute("SELECT was FROM ledger_same WHERE ident = ?", (identity,)).fetchone()
        if row is None or row[0] == identity:
            break
        identity = row[0]
    return identity


def canon_of_event(catalog: Catalog, identity: str) -> str:
    """The identity that an event of the ledger means, all its copies together."""
    return follow(catalog, _SPLIT.sub("", identity))


def all_identities(catalog: Catalog, canon: str) -> list[str]:
    """Every identity that the ledger says an article has or had."""
    return [ident for (ident,) in catalog.db.execute(
        "WITH RECURSIVE known(ident) AS (VALUES (?) UNION SELECT s.ident FROM ledger_same s JOIN known k ON s.was = k.ident) "
        "SELECT ident FROM known ORDER BY ident", (canon,))]  # fmt: skip


def is_taken_down(catalog: Catalog, canon: str, opening: bytes) -> bool:
    """Whether the ledger takes down an article, or this one copy of it."""
    wanted = [*all_identities(catalog, canon), split_identity(canon, opening)]
    marks = ",".join("?" * len(wanted))
    return catalog.db.execute(f"SELECT 1 FROM ledger_gone WHERE ident IN ({marks}) LIMIT 1", wanted).fetchone() is not None


def moved_from(catalog: Catalog, canon: str) -> list[str]:
    """The addresses where an article once stood, by the ledger."""
    found: set[str] = set()
    for identity in all_identities(catalog, canon):
        # `.` and `/` follow each other, so the range holds the identities of its copies.
        found.update(url for (url,) in catalog.db.execute(
            "SELECT url FROM ledger_moved WHERE ident = ? OR (ident > ? AND ident < ?)",
            (identity, f"{identity}.", f"{identity}/")))  # fmt: skip
    return sorted(found)
