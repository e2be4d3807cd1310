"""What is indexed of an article: a bare page of its words, marked for Pagefind, and a line for the search by headlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import msgspec
from msgspec import Struct

from sitegen.entries import BodyRef, Content

BLANK_WORD = "sitegenblankpage"
"""Pagefind indexes no page without a word; whoever looks for this one finds a page without an address."""
_PRIMER = "ゐ"
"""Pagefind tells the language of a run of letters by itself. Should the first one that it meets be of Chinese characters alone,
as many Japanese headlines are, it would load the dictionary for Chinese first, and take 40 MB more in the end. `search.js`
takes this off the excerpts again."""
_MARKS = re.compile("\x03(\\d+)\x03")
_TAGS = re.compile("<[^>]*>")
_WORD = re.compile(r"[^\W_]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Found(Struct, frozen=True, array_like=True, kw_only=True):
    """An article as the search shows and filters it; terms in the spelling that their pages have."""

    url: str
    title: str
    summary: str
    source: str
    date: str
    language: str
    """The first part of the tag alone (`pt` of `pt-BR`), or `unknown`."""
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    sections: tuple[str, ...]
    sources: tuple[str, ...]
    body: BodyRef


def page_to_index(found: Found, content: Content) -> bytes:
    """The page that Pagefind reads."""
    figures = content.figures
    text = _MARKS.sub(lambda mark: _caption(figures[int(mark[1])].caption, figures[int(mark[1])].credit), content.html)
    if content.lead:
        text = f"{_caption(figures[0].caption, figures[0].credit)}{text}"
    if not _WORD.search(found.title) and not _WORD.search(_TAGS.sub("", found.summary + text)):
        # Pagefind leaves out a page without a word, and this one has a date and tags to be found by.
        text = f"<p>{escape(found.url.rpartition('/')[2].removesuffix('.html'))}</p>"
    year = found.date[:4]
    marks = [
        _mark("meta", "url", found.url), _mark("meta", "source", found.source), _mark("meta", "date", found.date),
        _mark("sort", "date", found.date or "0"), _mark("filter", "year", year),
        *(_mark("filter", kind, value) for kind, values in (("source", found.sources), ("section", found.sections),
                                                            ("tag", found.tags), ("author", found.authors)) for value in values),
    ]  # fmt: skip
    summary = f"<p>{escape(found.summary)}</p>" if found.summary else ""
    primer = f'<p data-pagefind-weight="0">{_PRIMER}</p>' if found.language == "ja" else ""
    page = (f'<!doctype html><html{_language(found.language)}><body data-pagefind-body>{primer}<h1>{escape(found.title)}</h1>'
            f"{summary}{text}{''.join(marks)}</body></html>")  # fmt: skip
    return _CONTROLS.sub("", page).encode("utf-8", "replace")


def blank_page(language: str) -> bytes:
    """A page that stands for a language in which nothing is written."""
    return f"<!doctype html><html{_language(language)}><body data-pagefind-body>{BLANK_WORD}</body></html>".encode()


def headlines(name: str, articles: Sequence[Found]) -> bytes:
    """The headlines of a stretch as a script, which is the one thing that a page opened as a file may load."""
    rows = [[each.url, each.title, each.source, each.date, each.language, each.tags, each.authors, each.sections, each.sources]
            for each in articles]  # fmt: skip
    return b"sitegenHeadlines(%s,%s);\n" % (msgspec.json.encode(name), msgspec.json.encode(rows))


def _language(language: str) -> str:
    return "" if language == "unknown" else f' lang="{escape(language)}"'


def _caption(caption: str, credit: str) -> str:
    return f"<p>{escape(caption)} {escape(credit)}</p>"


def _mark(what: str, name: str, value: str) -> str:
    return f'<i data-pagefind-{what}="{name}[data-v]" data-v="{escape(value)}"></i>' if value else ""
