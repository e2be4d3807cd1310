"""What every page knows of the site, the owner's own pages, and the static files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from sitegen import urls
from sitegen.config import Settings
from sitegen.contexts import FreePage, Link, Site
from sitegen.localise import Localiser
from sitegen.records import Article, MarkdownBlock, Problem

_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
RTL_LANGUAGES = frozenset(["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"])


def site_of(settings: Settings, folder: Path, version: str) -> Site:
    """The site as templates see it."""
    language = settings.language
    return Site(
        title=settings.title, description=settings.description, language=language,
        direction="rtl" if language.split("-")[0] in RTL_LANGUAGES else "ltr", base_url=settings.base_url,
        menu=settings.menu, footer=settings.footer,
        pages=tuple(Link(page.title, url) for url, page in find_pages(settings, folder).items()),
        time_zone=settings.time_zone, search=settings.search, accent=settings.accent, typeface=settings.typeface,
        density=settings.density, version=version, first_weekday=Localiser.for_language(language).first_weekday,
        lists=settings.lists, feeds=bool(settings.base_url), data=settings.data,
        article_json=settings.data and settings.article_json, canonical_style=settings.canonical_style,
    )  # fmt: skip


def find_pages(settings: Settings, folder: Path) -> Mapping[str, FreePage]:
    """The owner's own pages by URL, converted from Markdown."""
    pages = {}
    for page in settings.pages:
        path = folder / page.file
        url = page.url or f"/{urls.slugify(PurePosixPath(page.file).stem)}.html"
        text = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
        title = page.title
        if not title and text.lstrip().startswith("# "):
            title, _, text = text.lstrip()[2:].partition("\n")
        from sitegen.bodies import render_body  # a site without pages of its own need not load Markdown

        body = render_body(Article(id="", body=(MarkdownBlock(text),)), file=page.file)
        pages[url] = FreePage(title=title.strip() or PurePosixPath(page.file).stem, html=body.html)
    return pages


def find_static(folders: Iterable[Path]) -> tuple[Mapping[str, tuple[str, bytes]], tuple[Problem, ...]]:
    """Static files by URL, later folders over earlier ones: absolute path, and a digest of size and time.

    A file whose name cannot stand in an address is a problem.
    """
    found: dict[str, tuple[str, bytes]] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
                continue
            if _UNUSABLE.search(name):
                shown = name.encode("utf-8", "backslashreplace").decode()
                problems.append(Problem(file=f"{folder.name}/{shown}", code="E531", severity="error",
                                        message="the file's name cannot stand in an address; rename it"))  # fmt: skip
                continue
            status = path.stat()
            stamp = f"{path}\0{status.st_size} {status.st_mtime_ns}".encode("utf-8", "surrogateescape")
            found[f"/{name}"] = (str(path), hashlib.blake2b(stamp, digest_size=16).digest())
    return found, tuple(problems)
