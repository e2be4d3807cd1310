"""The commands that give the archive as data, and take an article out of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Final

import click

from sitegen.config import Folders
from sitegen.console import new_reporter, plain
from sitegen.errors import SitegenError
from sitegen.settings_file import load_settings

if TYPE_CHECKING:
    from sitegen.export import Format

_SITE = click.Path(exists=True, file_okay=False, path_type=Path)
_SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {".jsonl": "jsonl", ".csv": "csv", ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite"}
)


def _date(_: click.Context, __: click.Parameter, value: str) -> str:
    """A year, month or day in ISO 8601, as it is."""
    if not value:
        return value
    try:
        datetime.fromisoformat(value + "0001-01-01"[len(value) :])
    except ValueError:
        is_date = False
    else:
        is_date = len(value) in (4, 7, 10)
    if not is_date:
        raise click.BadParameter(f'"{value}" is not a date; write it like 2024-11-19, 2024-11 or 2024')
    return value


@click.command(
    short_help="Write the archive into one file: JSON Lines, CSV or SQLite.",
    epilog="\b\nExamples:\n  sitegen export --output articles.jsonl\n"
    "  sitegen export my-archive --format sqlite --output archive.db --since 2020 --tag gaza",
)
@click.argument("site", type=_SITE, default=".")
@click.option("--format", "-f", "form", type=click.Choice(["jsonl", "csv", "sqlite"]),
              help="The format; by default what the name of FILE says, else jsonl.")  # fmt: skip
@click.option("--output", "-o", metavar="FILE", required=True, help="The file to write; - is standard output.")
@click.option("--since", callback=_date, metavar="DATE", default="",
              help="Only articles of this day, month or year, or later.")
@click.option("--until", callback=_date, metavar="DATE", default="",
              help="Only articles of this day, month or year, or earlier.")  # fmt: skip
@click.option("--tag", default="", help="Only articles with this tag.")
@click.option("--source", default="", help="Only articles of this publication.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Worker processes.")
def export(
    *, site: Path, form: Format | None, output: str, since: str, until: str, tag: str, source: str, jobs: int | None
) -> None:
    """Write the articles of the site in the folder SITE (by default this one) into one file.

    Sources that changed since the last build are read first; no page is written. JSON Lines hold everything, and can
    be put into a site's articles/ again; SQLite has full-text search. What a source marks as not for publication is
    left out.
    """
    from sitegen.catalog.exports import Wanted
    from sitegen.export import export as write

    chosen: Any = form or _SUFFIXES.get(Path(output).suffix.lower(), "jsonl")
    if chosen == "sqlite" and output == "-":
        raise SitegenError("a SQLite database cannot be written to standard output; name a file")
    wanted = Wanted(since=since, until=until, tag=tag, source=source)
    reporter = new_reporter("quiet", on_terminal=sys.stderr.isatty())
    settings = load_settings(site)
    try:
        with _opened(output, chosen) as opened:
            count = write(Folders(site=site), settings, opened, chosen, wanted, jobs=jobs, reporter=reporter,
                          now=datetime.now(UTC))  # fmt: skip
    finally:
        reporter.close()
    click.echo(f"{count:,} {'article' if count == 1 else 'articles'} written to {plain(output)}", err=True)


@contextmanager
def _opened(output: str, form: str) -> Iterator[IO[bytes] | Path]:
    """Where to write: a file that takes its name when it is whole, or standard output."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(output)
    if target.is_dir():
        raise SitegenError(f"{output} is a folder; name a file in it")
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        if form == "sqlite":
            yield partial
        else:
            with partial.open("wb") as opened:
                yield opened
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@click.command(
    short_help="Take an article down; the next build removes it everywhere.",
    epilog='\b\nExamples:\n  sitegen takedown /2024/11/19/a-headline.html --reason "at the publisher\'s request"\n'
    "  sitegen takedown 6f10c251bfb5f244 --site my-archive",
)
@click.argument("article", metavar="ID|URL")
@click.option("--site", type=_SITE, default=".", help="The site; by default this folder.")
@click.option("--reason", default="", help="What the page that stands in its place says.")
def takedown(*, article: str, site: Path, reason: str) -> None:
    """Note in the site's ledger that an article is not to be shown any more.

    It is named by its id, by its address on the site or by its original one. The next build removes it from every page,
    list, feed, data file and cache, and leaves a notice at its address. Its source is yours to delete.
    """
    from sitegen.takedown import take_down

    found = take_down(Folders(site=site), load_settings(site), article, reason=reason, now=datetime.now(UTC))
    click.echo(f"Taken down: {plain(found.title or found.ident)} ({plain(found.url)})\n"
               "The next build removes it everywhere: sitegen build")  # fmt: skip
