"""Articles whose sources cannot be read any more, as they were last read."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.catalog.schema import Catalog
from sitegen.config import ReadingSettings
from sitegen.entries import BodyRef, Copy, decode_entry, encode

_WANTED = "narrow"
_RULES = "rights"
# A folder that cannot be opened leaves its sources without a digest where they should have been read again.
_KEPT = ("(SELECT a.aid, a.raw, a.rank, a.opening, a.entry, a.line, a.draft, a.broken, a.pack, a.offset, a.length, a.digest "
         "FROM article a JOIN source s ON s.id = a.source WHERE a.pack <> '' AND (a.stale OR s.digest IS NULL))")  # fmt: skip


def compare_rights(catalog: Catalog, reading: ReadingSettings) -> None:
    """Note whether the settings say otherwise than before what may be shown; call it inside a transaction."""
    rules = encode((reading.third_party, reading.default_rights, [(each.name, each.aliases, each.rights) for each in reading.sources]))
    if catalog.get(_RULES) != rules:
        catalog.put(_RULES, rules)
        catalog.put(_WANTED, int(not catalog.fresh))


def rights_changed(catalog: Catalog) -> bool:
    """Whether what is kept has still to be brought in line with that."""
    return bool(catalog.get(_WANTED))


def rights_kept(catalog: Catalog) -> None:
    """Note that it is in line."""
    catalog.put(_WANTED, 0)


def kept_copies(catalog: Catalog) -> Iterator[tuple[int, Copy]]:
    """Row number and copy of each article whose source could not be read again; they may be renewed meanwhile."""
    for aid, raw, rank, opening, entry, line, draft, broken, *body in catalog.rows(
        _KEPT, "aid", "raw", "rank", "opening", "entry", "line", "draft", "broken", "pack", "offset", "length", "digest"):
        yield aid, Copy(identity=raw, rank=rank, opening=opening, entry=decode_entry(entry), body=BodyRef(*body), line=line,
                        draft=bool(draft), broken=bool(broken))  # fmt: skip
