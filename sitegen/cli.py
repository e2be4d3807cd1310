"""The command line. The clock, the environment and the working directory are read here, and passed on."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final, NoReturn, TypeVar

import click
from msgspec import structs
from platformdirs import user_cache_path

from sitegen.cli_data import export, takedown
from sitegen.cli_sources import import_, learn
from sitegen.config import Folders, Settings
from sitegen.console import (
    Volume,
    new_reporter,
    plain,
    plain_lines,
    preview_lines,
    profile_json,
    reading_lines,
    summary_lines,
)
from sitegen.errors import SettingsError, SitegenError
from sitegen.settings_file import load_settings

# Each command imports what it alone needs, since loading everything would double the time of a small build.

LINES_AT_ONCE: Final = 1000
"""Lines of a long list that are written together."""
EXIT_ERRORS: Final = 1
"""There were errors in articles; the rest is built."""
EXIT_STOPPED: Final = 2
"""The run could not go on."""
EXIT_INTERRUPTED: Final = 130
"""The user ended the run with Ctrl-C; 130 is what shells expect then."""

_Function = TypeVar("_Function", bound=Callable[..., object])


class Commands(click.Group):
    """The commands, and what the user is told when one of them cannot go on."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; the exit status tells how it ended."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            _stop(ctx, f"{error}\nThe settings cannot be used like this, so nothing was done.")
        except SitegenError as error:
            _stop(ctx, f"Error: {error}")
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted. The site is whole as it stands; the next build goes on from there.", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except OSError as error:
            _stop(ctx, f"Error: {_system_message(error)}")
        except Exception:  # an exit status of 1 would mean that the site is built
            import traceback

            click.echo(traceback.format_exc(), err=True)
            _stop(ctx, "Error: sitegen itself failed, which is a bug; please report it with the lines above.")


def _stop(ctx: click.Context, message: str) -> NoReturn:
    click.echo(plain_lines(message), err=True)
    ctx.exit(EXIT_STOPPED)


def _system_message(error: OSError) -> str:
    place = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    hint = ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "; free some space and build again, which goes on from here"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = "; check who may write there"
    return f"{error.strerror or error}{place}{hint}"


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("sitegen")
        except PackageNotFoundError:
            number = "(not installed)"
        click.echo(f"sitegen {number}")
        ctx.exit()


def _site_argument(function: _Function) -> _Function:
    path = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.argument("site", type=path, default=".")(function)


def _build_options(function: _Function) -> _Function:
    quiet = click.option("--quiet", "-q", "volume", flag_value="quiet", help="Show errors only.")
    verbose = click.option("--verbose", "-v", "volume", flag_value="verbose", help="Show all problems, however many.")
    jobs = click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=1),
        metavar="N",
        help="Worker processes; as many as make sense by default.",
    )
    search = click.option("--no-search", is_flag=True, help="Leave the search out, whatever the settings say.")
    return jobs(search(verbose(quiet(function))))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  sitegen init my-archive\n  sitegen serve my-archive --open\n  sitegen build my-archive",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Turn a folder of news articles into a static archive that people can browse, search and cite.

    Exit status: 0 all well, warnings included; 1 errors in articles, the rest is built; 2 the run could not go on.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command(
    short_help="Make a new site.",
    epilog="\b\nExample:\n  sitegen init my-archive && cd my-archive && sitegen serve --open",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new site in DIR, with settings to fill in and three example articles, one of each kind."""
    from sitegen.starter import create_site

    for path in create_site(folder):
        click.echo(f"wrote {plain(str(folder / path))}")
    shown = plain(str(folder))
    click.echo(f"\nThe site is ready. Look at it with:\n  sitegen serve {_quoted(shown)} --open")


def _quoted(argument: str) -> str:
    return f'"{argument}"' if " " in argument else argument


@main.command(
    short_help="Begin an article.",
    epilog='\b\nExamples:\n  sitegen new "Harbour bridge opens"\n  sitegen new "Harbour bridge" --site my-archive',
)
@click.argument("headline")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The site; by default this folder.",
)
def new(headline: str, site: Path) -> None:
    """Begin an article: a Markdown file under articles/, dated now, its headline and front matter filled in."""
    from sitegen.starter import create_article

    folders = _folders(site)
    click.echo(plain(str(create_article(folders, headline, load_settings(site), now=datetime.now(UTC)))))


@main.command(
    short_help="Build the site.",
    epilog="\b\nExamples:\n  sitegen build\n  sitegen build my-archive --strict\n  sitegen build --dry-run",
)
@_site_argument
@_build_options
@click.option("--strict", is_flag=True, help="Write nothing if there is any error or warning.")
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would be written and removed, and why.")
@click.option("--profile", type=click.File("wb", lazy=True), metavar="FILE",
              help="Write seconds, speed and memory by stage to FILE as JSON; - is the terminal.")  # fmt: skip
@click.pass_context
def build(
    ctx: click.Context, *, site: Path, volume: Volume | None, jobs: int | None, no_search: bool, strict: bool, dry_run: bool,
    profile: IO[bytes] | None,
) -> None:  # fmt: skip
    """Build the site in the folder SITE (by default this one) into its folder public/."""
    from sitegen import builder

    folders = _folders(site)
    settings = load_settings(site)
    if no_search:
        settings = structs.replace(settings, search=False)
    reporter = new_reporter(volume or "normal", on_terminal=sys.stderr.isatty())
    try:
        summary = builder.build(
            folders, settings, jobs=jobs, strict=strict, dry_run=dry_run, reporter=reporter, now=datetime.now(UTC)
        )
    finally:
        reporter.close()
    if summary.refused:
        raise SitegenError(
            "nothing was written, because --strict refuses errors and warnings; mend them, or leave it out"
        )
    if profile:
        profile.write(profile_json(summary))
    if dry_run:
        lines = preview_lines(summary)
        while some := list(islice(lines, LINES_AT_ONCE)):
            click.echo("\n".join(some))
    elif volume != "quiet":
        click.echo("\n".join(summary_lines(summary)))
    if summary.errors:
        ctx.exit(EXIT_ERRORS)


def _folders(site: Path) -> Folders:
    """The folders of the site; a folder without articles is taken for a slip, since a build would empty its output."""
    folders = Folders(site=site, compiled=user_cache_path("sitegen", appauthor=False) / "templates")
    if not folders.articles.is_dir():
        shown = _quoted(str(site))
        raise SitegenError(
            f"there is no folder articles/ in {os.path.abspath(site)}; name the site's folder, "
            f"or make a new site with: sitegen init {'my-archive' if shown == '.' else shown}"
        )
    return folders


@main.command(
    short_help="Serve the site, and rebuild it on changes.",
    epilog="\b\nExamples:\n  sitegen serve --open\n  sitegen serve my-archive --port 9000",
)
@_site_argument
@_build_options
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="The port, or the next free one after it; 0 takes any.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 lets other machines in.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser.  [default: no-open]")
@click.option("--watch/--no-watch", default=True, help="Build again and reload pages on changes.  [default: watch]")
def serve(
    *, site: Path, volume: Volume | None, jobs: int | None, no_search: bool, port: int, host: str, open_browser: bool, watch: bool
) -> None:
    """Build the site, serve it on this machine, and build it again whenever one of its files changes.

    Open pages reload by themselves. A broken article, template or setting is shown here and on the page, and the server
    goes on.
    """
    from sitegen.serving import Rebuilding, serve_site

    folders = _folders(site)
    rebuild = Rebuilding(folders, jobs=jobs, search=not no_search, volume=volume or "normal", on_terminal=sys.stderr.isatty())
    try:
        serve_site(rebuild, folders, host=host, port=port, watch=watch, open_browser=open_browser, say=_say)
    except KeyboardInterrupt:
        return


def _say(message: str) -> None:
    click.echo(plain(message))


@main.command(
    short_help="Show what sitegen makes of files.",
    epilog="\b\nExamples:\n  sitegen inspect articles/flood.txt\n  sitegen inspect --json articles/ > articles.jsonl",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source file, in JSON Lines.")
@click.option(
    "--site", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The site whose settings count; by default the one that each PATH lies in.",
)  # fmt: skip
@click.pass_context
def inspect(ctx: click.Context, *, paths: tuple[Path, ...], as_json: bool, site: Path | None) -> None:
    """Show what sitegen makes of files: each line with its role, or the record as JSON.

    A PATH may be a file or a folder. Nothing is written. The exit status is 1 if any file has an error.
    """
    from sitegen import inspection

    failed = False
    for path in paths:
        around = site or inspection.site_of(path)
        settings = load_settings(around) if around else Settings()
        for source in inspection.sources_in(path, around, settings):
            parts = inspection.read_parts(source, settings, with_roles=not as_json)
            if as_json:
                # JSON is UTF-8, whatever the terminal or the pipe is set to.
                failed = inspection.write_json(parts, settings, sys.stdout.buffer) or failed
                continue
            for number, report in enumerate(parts):
                # Of a large source only some articles are held at a time.
                lines = reading_lines(report.reading, report.problems, source.shown, headed=not number)
                click.echo("\n".join(lines))
                failed = failed or any(problem.severity == "error" for problem in report.problems)
            click.echo("")
    sys.stdout.flush()
    if failed:
        ctx.exit(EXIT_ERRORS)


main.add_command(export)
main.add_command(import_)
main.add_command(learn)
main.add_command(takedown)


@main.command(
    short_help="Print a script that completes commands in a shell.",
    epilog="\b\nExample, for bash:\n  sitegen completion bash > ~/.local/share/bash-completion/completions/sitegen",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes sitegen's commands and options in SHELL."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "sitegen", "_SITEGEN_COMPLETE").source())
