"""How to cite an article: a line of text, BibTeX and CSL-JSON, from what its source gave and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from sitegen.localise import Localiser
from sitegen.records import Article

_SPECIAL: Final = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ", "\r": " ",
})  # fmt: skip
_NEEDS_ESCAPE: Final = re.compile(r"[\\{}&%$#_~^\r\n]")
_IN_URL: Final = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", "\n": "", "\r": ""})
_KEY: Final = re.compile(r"[^a-z0-9]+")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_encode = msgspec.json.Encoder().encode


class Citation(NamedTuple):
    """An article's citation in each form; all empty where there is nothing to name it by."""

    plain: str
    bibtex: str
    csl: str


def cite(article: Article, *, ident: str, date: str, canonical: str, archive: str, localiser: Localiser) -> Citation:
    """The citation of an article that stands under `date` (ISO 8601) in the archive of the name `archive`.

    A copy of another's article is cited by its first address, and by the one that it has here.
    """
    if not article.title and not article.source:
        return Citation("", "", "")
    day = date[:10]
    address = article.original_url or canonical
    return Citation(
        _plain(article, localiser.medium_date(day) if day else "", address, archive=archive, canonical=canonical),
        _bibtex(article, ident, day, address),
        _csl(article, day, address, ident=ident, archive=archive, canonical=canonical),
    )


def _plain(article: Article, date: str, address: str, *, archive: str, canonical: str) -> str:
    parts = [*article.authors, f"“{article.title}”" if article.title else "", article.source, date]
    text = ", ".join(filter(None, parts))
    if address:
        text += f". {address}"
    if article.original_url and article.rights != "own":
        text += f". {archive}{f', {canonical}' if canonical else ''}"
    return text


def _bibtex(article: Article, ident: str, day: str, address: str) -> str:
    lines = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(article, day, address))
    author = article.authors[0].rpartition(" ")[2] if article.authors else article.source
    key = _KEY.sub("", author.lower())[:20] or "article"
    return f"@article{{{key}{day[:4]}-{_KEY.sub('', ident.lower())[:8] or 'x'},\n{lines}}}"


def _bibtex_fields(article: Article, day: str, address: str) -> Iterator[tuple[str, str]]:
    if article.authors:
        yield "author", f"{{{' and '.join(map(_name, article.authors))}}}"
    if article.title:
        # Without the inner braces a style would take the capitals of names for a matter of taste.
        yield "title", f"{{{{{_escape(article.title)}}}}}"
    if article.source:
        yield "journal", f"{{{_escape(article.source)}}}"
    if day:
        yield "year", f"{{{day[:4]}}}"
        if len(day) >= 7:
            yield "month", _MONTHS[int(day[5:7]) - 1]
        if len(day) == 10:
            yield "day", f"{{{int(day[8:10])}}}"
    if address:
        yield "url", f"{{{address.translate(_IN_URL)}}}"
    if article.language:
        yield "language", f"{{{_escape(article.language)}}}"


def _name(name: str) -> str:
    escaped = _escape(name)
    return f"{{{escaped}}}" if "," in name or " and " in f" {name} " else escaped


def _escape(text: str) -> str:
    return text.translate(_SPECIAL) if _NEEDS_ESCAPE.search(text) else text


def _csl(article: Article, day: str, address: str, *, ident: str, archive: str, canonical: str) -> str:
    item: dict[str, object] = {"id": ident, "type": "article-newspaper"}
    if article.title:
        item["title"] = article.title
    if article.authors:
        # Which part of a name is the family's the source does not say.
        item["author"] = [{"literal": name} for name in article.authors]
    if article.source:
        item["container-title"] = article.source
    if article.section:
        item["section"] = article.section
    if day:
        item["issued"] = {"date-parts": [[int(part) for part in day.split("-")]]}
    if article.retrieved:
        item["accessed"] = {"date-parts": [[int(part) for part in article.retrieved.iso[:10].split("-")]]}
    if address:
        item["URL"] = address
    if article.rights != "own":
        item["archive"] = archive
        if canonical and canonical != address:
            item["archive_location"] = canonical
    if article.language:
        item["language"] = article.language
    return _encode([item]).decode()
