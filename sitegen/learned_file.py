"""`learned.toml`, beside the settings: lines that `sitegen learn` found, and what a person decided about each.

```toml
[[line]]
source = "The Harbour Gazette"   # the publication; empty for articles that name none
text = "Sign up for our morning letter"
seen = "in 412 of 1,034 articles"
drop = true                      # false: it is content, and is never proposed again
```

Only new lines are ever added, at the end; so a person's edits and refusals stay.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from sitegen.config import LearnedLine
from sitegen.exclusive import replace_file, write_new

if TYPE_CHECKING:
    from sitegen.settings_table import Table

_HEADER: Final = """\
# Lines that recur in many articles of one source and seem to belong to its pages, not to its articles. `sitegen learn`
# adds to this file and changes nothing in it. A build leaves out the lines with drop = true, wherever one of them is a
# whole paragraph of an article of that source; letter case and white space do not count. Look at each: write
# drop = false for one that is content, and it will never be proposed again. To remove an entry is to have it proposed
# again.
"""


class Decision(Struct, frozen=True, kw_only=True):
    """An entry of the file."""

    line: LearnedLine
    drop: bool


class Proposal(Struct, frozen=True, kw_only=True):
    """A line that may be added, in how many articles of its source it stands, and how many those are."""

    line: LearnedLine
    seen: int
    articles: int


def decisions_of(top: Table) -> tuple[Decision, ...]:
    """The entries of the file's table, which notes all faults."""
    found: dict[LearnedLine, Decision] = {}
    for entry in top.tables("line"):
        line = LearnedLine(entry.text("source", check=str), entry.required_text("text"))
        entry.text("seen", check=str)
        decision = Decision(line=line, drop=entry.flag("drop", True))
        entry.close()
        if line.text and found.setdefault(line, decision).drop != decision.drop:
            entry.fault("text", "E409", f'"{line.text}" is both dropped and kept; remove one of the two entries')
    top.close()
    return tuple(found.values())


def add_proposals(path: Path, proposals: Sequence[Proposal]) -> None:
    """Add lines to the file, which is made where it is not there."""
    if not proposals:
        return
    added = "".join(_entry(proposal) for proposal in proposals)
    if path.exists():
        replace_file(path, path.read_bytes().rstrip(b"\n") + b"\n" + added.encode())
    else:
        write_new(path, (_HEADER + added).encode())


def _entry(proposal: Proposal) -> str:
    # JSON's strings are TOML's.
    source, text = (json.dumps(value, ensure_ascii=False) for value in (proposal.line.source, proposal.line.text))
    seen = f'"in {proposal.seen:,} of {proposal.articles:,} articles"'
    return f"\n[[line]]\nsource = {source}\ntext = {text}\nseen = {seen}\ndrop = true\n"
