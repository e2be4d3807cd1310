"""Which articles an export wants, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from sitegen import urls
from sitegen.catalog.lists import find_term
from sitegen.catalog.schema import Catalog
from sitegen.catalog.sources import join_path
from sitegen.entries import BodyRef, decode_entry
from sitegen.errors import SitegenError


class Wanted(Struct, frozen=True, kw_only=True):
    """What is wanted of the archive, all of it together. Dates are ISO 8601, to the day or less precise."""

    since: str = ""
    until: str = ""
    """Inclusive: `2024` reaches to the end of that year."""
    tag: str = ""
    source: str = ""


class Published(Struct, frozen=True, array_like=True, kw_only=True):
    """A published article, and which one in which source it is."""

    path: str
    raw: str
    line: int
    ident: str
    url: str
    rights: str
    body: BodyRef


def published(catalog: Catalog, wanted: Wanted) -> Iterator[Published]:
    """The articles wanted, in the order of their sources. Raises `SitegenError` for a tag or source that none has."""
    where, values = _conditions(catalog, wanted)
    rows = catalog.db.execute(
        "SELECT s.folder, s.name, a.raw, a.line, a.ident, a.url, a.entry, a.pack, a.offset, a.length, a.digest "
        "FROM source s JOIN article a ON a.source = s.id "
        f"WHERE {where} ORDER BY s.folder, s.name, a.line", values)  # fmt: skip
    for row in rows:
        yield Published(path=join_path(row[0], row[1]), raw=row[2], line=row[3], ident=row[4], url=row[5],
                        rights=decode_entry(row[6]).rights, body=BodyRef(*row[7:]))  # fmt: skip


def how_many(catalog: Catalog, wanted: Wanted) -> int:
    """How many articles are wanted."""
    where, values = _conditions(catalog, wanted)
    return int(catalog.db.execute(f"SELECT count(*) FROM article a WHERE {where}", values).fetchone()[0])


def _conditions(catalog: Catalog, wanted: Wanted) -> tuple[str, list[Any]]:
    parts = ["a.sort IS NOT NULL"]
    values: list[Any] = []
    if wanted.since or wanted.until:
        parts.append("a.sort >= ?")
        values.append(wanted.since or "0")
    if wanted.until:
        parts.append("a.sort < ?")
        values.append(f"{wanted.until}~")
    for kind, name in (("tag", wanted.tag), ("source", wanted.source)):
        if name:
            row = find_term(catalog, kind, urls.term_key(name))
            if row is None:
                raise SitegenError(f'no article has the {kind} "{name}"; its page shows how it is spelled')
            parts.append("EXISTS (SELECT 1 FROM membership m WHERE m.term = ? AND m.sort = a.sort)")
            values.append(row.id)
    return " AND ".join(parts), values


def with_original_url(catalog: Catalog, original: str) -> Iterator[tuple[str, str, str]]:
    """Id, address and headline of the published articles that were first published at `original`."""
    for ident, url, entry in catalog.db.execute("SELECT ident, url, entry FROM article WHERE sort IS NOT NULL"):
        decoded = decode_entry(entry)
        if decoded.original_url == original:
            yield ident, url, decoded.title
