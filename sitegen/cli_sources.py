"""The commands that look after sources: `import` and `learn`."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sitegen.config import Folders
from sitegen.console import new_reporter, plain
from sitegen.errors import SitegenError
from sitegen.settings_file import LEARNED_FILE, load_decisions, load_settings

if TYPE_CHECKING:
    from sitegen.importing import ImportedSource

EXIT_ERRORS: Final = 1

_WORDS: Final = {
    "new": "written", "updated": "brought up to date", "same": "as before", "older": "older than what is there",
    "edited": "edited by you, and left as it is",
    "gone": "removed by you, and left out", "taken": "with another file in its place",
    "unfaithful": "that cannot be written in Markdown",
}  # fmt: skip


@click.command(
    "import",
    short_help="Turn sources into a Markdown file for each article.",
    epilog="\b\nExamples:\n  sitegen import ~/Downloads/export.txt\n  sitegen import --dry-run articles/raw\n"
    "  sitegen import dumps/ --to my-archive/articles/dumps",
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--to", "target", metavar="FOLDER", default="articles", type=click.Path(file_okay=False, path_type=Path),
              show_default=True, help="Where the articles go: the folder articles/ of a site, or one inside it.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would be written.")
@click.option("--verbose", "-v", is_flag=True, help="Name every article's file.")
@click.pass_context
def import_(ctx: click.Context, *, sources: tuple[Path, ...], target: Path, dry_run: bool, verbose: bool) -> None:
    """Turn every article of each SOURCE, a file or a folder, into a Markdown file with front matter of its own.

    The file reads exactly as the source did. The original is kept in articles/_originals/, which no build reads; a
    source that lies in articles/ is moved there. To import again changes nothing but what the source has new, and
    never a file that you edited. The exit status is 1 if anything could not be understood.
    """
    from sitegen.importing import Importer

    folders = Folders(site=_site_around(target))
    failed = False
    total: Counter[str] = Counter()
    for done in Importer(folders, load_settings(folders.site), target, dry_run=dry_run).run(sources):
        for problem in done.problems:
            if verbose or problem.severity != "note":
                click.echo(plain(str(problem)), err=True)
        click.echo("\n".join(map(plain, _lines(done, dry_run=dry_run, verbose=verbose or dry_run))))
        failed = failed or any(problem.severity == "error" for problem in done.problems)
        total.update(article.outcome for article in done.articles)
    click.echo(f"{'Dry run: nothing was written. ' if dry_run else ''}{_counted(total)}.")
    if failed:
        ctx.exit(EXIT_ERRORS)


@click.command(
    short_help="Find lines that a source repeats in all its articles.",
    epilog="\b\nExamples:\n  sitegen learn --dry-run\n  sitegen learn my-archive",
)
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would be added.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Worker processes.")
def learn(*, site: Path, dry_run: bool, jobs: int | None) -> None:
    """Find lines that recur in many articles of one source and carry no content, such as sign-up lines and footers.

    They are added to learned.toml beside the settings, for you to look at; the next build leaves them out. What you
    edited or refused there (drop = false) stays as it is. A build by itself never learns.
    """
    from sitegen import learning
    from sitegen.learned_file import add_proposals

    folders = Folders(site=site)
    settings = load_settings(site)
    path = site / LEARNED_FILE
    decisions = load_decisions(path)
    reporter = new_reporter("quiet", on_terminal=sys.stderr.isatty())
    try:
        found = learning.learn(folders, settings, (decision.line for decision in decisions), jobs=jobs,
                               reporter=reporter, now=datetime.now(UTC))  # fmt: skip
    finally:
        reporter.close()
    if not dry_run:
        add_proposals(path, found)
    for line in learning.shown(found):
        click.echo(plain(line))
    lines = f"{len(found)} line{'' if len(found) == 1 else 's'}"
    if dry_run or not found:
        click.echo(f"{lines} would be added to {LEARNED_FILE}." if found else "Nothing new was found.")
    else:
        click.echo(f"{lines} added to {plain(str(path))}. Look at them, and write drop = false for one that is content; the next "
                   "build leaves out the others.")  # fmt: skip


def _site_around(target: Path) -> Path:
    for folder in (target.absolute(), *target.absolute().parents):
        if folder.name == "articles":
            if folder.is_dir():
                return folder.parent
            break
    raise SitegenError(f"{target} is not the folder articles/ of a site, nor inside one; name it with --to, or make a new "
                       "site with: sitegen init my-archive")  # fmt: skip


def _lines(done: ImportedSource, *, dry_run: bool, verbose: bool) -> list[str]:
    if done.why:
        return [f"{done.shown} {done.why}; it was left as it is"]
    lines = [f"  articles/{article.file}: {_WORDS[article.outcome]}" for article in done.articles if verbose and article.file]
    kept = f"the original {'would be' if dry_run else 'is'} in articles/{done.original}"
    counts: Counter[str] = Counter(article.outcome for article in done.articles)
    lines.insert(0, f"{done.shown}: {_counted(counts)}; {kept}")
    if not done.moved and any(problem.severity == "error" for problem in done.problems):
        lines.append("  what could not be read is in no Markdown file: mend it at the places named, and import again")
    return lines


def _counted(counts: Counter[str]) -> str:
    parts = [f"{counts[outcome]} {words}" for outcome, words in _WORDS.items() if counts[outcome]]
    return f"{counts.total()} article{'' if counts.total() == 1 else 's'}{': ' if parts else ''}{', '.join(parts)}"
