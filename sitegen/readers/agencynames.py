"""Wire services and picture agencies: which names are theirs, and how they are spelt."""

from __future__ import annotations

from sitegen.readers.capitals import undo_capitals
from sitegen.readers.nametables import name_tables


def is_agency(name: str) -> bool:
    """Whether `name` is a wire service or picture agency: in the table, or named like one."""
    tables = name_tables()
    key = name.strip(" .").casefold()
    if key.startswith("the "):
        key = key[4:]
    if "." in key:
        # `A.P.`, `أ.ف.ب`
        key = key.replace(".", "") if key.isascii() else key.replace(".", " ")
    return key in tables.agencies or (len(name) < 60 and tables.agency_ending.fullmatch(key) is not None)


def agency_key(name: str) -> str:
    """What all names of one service have in common."""
    key = name.strip().casefold()
    return name_tables().same_agency.get(key, key)


def agency_name(name: str) -> str:
    """The agency's own spelling of its name."""
    spelling = name_tables().agencies.get(name.strip().casefold())
    bare = name.strip()
    return spelling or (bare if len(bare) <= 4 else undo_capitals(bare))
