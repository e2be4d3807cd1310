"""The words of bylines, particles, roles and agencies, from the data file `names.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge

_START: Final = 4
_SHORT_PAPER = 4
# To a pattern that ignores case these are forms of letters in ASCII.
_LIKE_ASCII = str.maketrans("\u0130\u0131\u017f\u212a", "iisk")


class NameTables(Struct, frozen=True, kw_only=True):
    """The data file, ready to be looked up; keys are in lower case."""

    byline_opening: re.Pattern[str]
    opening_starts: frozenset[str]
    """The first four characters of all openings, in lower case; all of a shorter one."""
    opening_pairs: frozenset[str]
    """The first two of them, or one."""
    affiliation: re.Pattern[str]
    place: re.Pattern[str]
    towns: frozenset[str]
    agency_ending: re.Pattern[str]
    agency_endings: str
    """How names of agencies end, with bars between."""
    connectors: frozenset[str]
    particles: frozenset[str]
    suffixes: Mapping[str, str]
    mac_names: frozenset[str]
    acronyms: frozenset[str]
    roles: frozenset[str]
    collectives: frozenset[str]
    desks: frozenset[str]
    employers: frozenset[str]
    papers: frozenset[str]
    """Words that begin or end a newspaper's name, and no desk's."""
    agencies: Mapping[str, str]
    same_agency: Mapping[str, str]
    """By name, one name for all names of a service that has several."""


@by_knowledge()
def name_tables() -> NameTables:
    """The tables, read once per process."""
    table = knowledge("names")
    openings = {word for words in table["byline_words"].values() for word in words}
    names = [name.strip() for line in table["agencies"]["names"].splitlines() for name in line.split("|")]
    # Longer alternatives first: a pattern takes the first that fits.
    opening = "|".join(re.escape(word) for word in sorted(openings, key=len, reverse=True))
    # In capitals too: `BY JOHN DOE IN ROME`.
    words = table["place_words"]["words"]
    starts = frozenset(word[:_START].translate(_LIKE_ASCII).lower() for word in openings)
    places = "|".join(sorted([*words, *(word.upper() for word in words)], key=len, reverse=True))
    endings = table["agencies"]["endings"]
    return NameTables(
        byline_opening=re.compile(rf"(?:{opening})(?:\s*[:：/＝=]\s*|\s+)(?=\S)", re.IGNORECASE),
        opening_starts=starts,
        opening_pairs=frozenset(start[:2] for start in starts),
        towns=frozenset(name.strip() for line in table["place_words"]["towns"].splitlines() for name in line.split("|") if name),
        affiliation=re.compile(
            r"\s(?P<word>(?:of|for|with|de|von|da|di|OF|FOR|WITH|DE)\s+(?:the\s+|THE\s+)?)"
            r"(?P<name>[A-Z][\w .&'-]{1,60})$"
        ),
        place=re.compile(rf"(?:^|\s)(?:{places})\s+(?=[A-ZÀ-Þ])"),
        agency_ending=re.compile(rf"(?:[\w.&'-]+\s){{1,5}}(?:{endings})"),
        agency_endings=endings,
        connectors=frozenset(table["connectors"]["words"]),
        particles=frozenset(table["particles"]["words"].split()),
        suffixes=table["suffixes"]["words"],
        mac_names=frozenset(table["mac_names"]["words"].split()),
        acronyms=frozenset(table["acronyms"]["words"].split()),
        roles=frozenset(table["roles"]["words"].split()),
        collectives=frozenset(table["roles"]["collectives"].split()),
        desks=frozenset(table["roles"]["desks"].split()),
        employers=frozenset(table["employers"]["endings"].split()),
        papers=frozenset(table["papers"]["words"].split()),
        same_agency={
            name.casefold(): names.partition("|")[0] for names in table["agencies"]["same"] for name in names.split("|")
        },
        agencies={name.casefold(): name for name in names if name},
    )


@by_knowledge()
def _papers() -> frozenset[str]:
    names = knowledge("boilerplate")["mastheads"]["names"]
    return frozenset(name.strip() for line in names.splitlines() for name in line.split("|") if name.strip())


def is_paper(name: str) -> bool:
    """Whether `name` is a known publication's."""
    return name.lower() in _papers() and name[0].isupper()


def is_short_paper(name: str) -> bool:
    """`HS`, `FNP`: a few letters in capitals behind a name in others, and no `III` or `MD`."""
    short = 2 <= len(name) <= _SHORT_PAPER and name.isupper() and name.isalpha()
    return short and name.lower() not in name_tables().suffixes and not set(name) <= set("IVXMDJSR")


def is_papers_word(word: str) -> bool:
    """Whether the name of a newspaper or of another employer of journalists may end with a word."""
    tables, lowered = name_tables(), word.strip(".").lower()
    return lowered in tables.employers or lowered in tables.papers
