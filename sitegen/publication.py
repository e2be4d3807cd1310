"""What feeds, sitemaps and data files are made of: planned from the catalog, written out by a worker.

Every `url` starts with `/` and names a file, as in `sitegen.contexts`; the writer makes it absolute.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

FeedFormat = Literal["rss", "atom", "json"]


class FeedItem(Struct, frozen=True, array_like=True, kw_only=True):
    """What the catalog tells of an article in a feed; its text tells the rest."""

    ident: str
    url: str
    title: str
    """The headline, or the first words."""
    summary: str
    """The standfirst, or the beginning of the text."""
    files: tuple[tuple[str, str], ...]
    """Local files that the text shows or links to, and where the output has them."""


class FeedPage(Struct, frozen=True, array_like=True, kw_only=True):
    """A feed, newest article first."""

    format: FeedFormat
    label: str
    """The tag, source or section whose feed it is; empty for the archive's."""
    page: str
    """The page that shows the same on the site."""
    items: tuple[FeedItem, ...]
    archive: str = ""
    """The newest of the documents that hold the whole feed; the others follow from it."""


class ArchiveItem(Struct, frozen=True, array_like=True, kw_only=True):
    """An article in an archive document: what the catalog tells, without its text."""

    ident: str
    url: str
    title: str
    summary: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    changed: str
    """ISO 8601; empty where no time with a zone is known."""
    language: str


class ArchiveDocument(Struct, frozen=True, array_like=True, kw_only=True):
    """The part of a feed that holds the articles of a month (RFC 5005, section 4), newest first."""

    previous: str
    """The document before it; empty for the first."""
    items: tuple[ArchiveItem, ...]


class SitemapPage(Struct, frozen=True, array_like=True, kw_only=True):
    """A sitemap: addresses and, where it is known, when what they show last changed (ISO 8601)."""

    entries: tuple[tuple[str, str], ...]


class SitemapIndexPage(Struct, frozen=True, array_like=True, kw_only=True):
    """The index of all sitemaps, with the newest change that each tells of."""

    entries: tuple[tuple[str, str], ...]


class NewsItem(Struct, frozen=True, array_like=True, kw_only=True):
    """An article in the sitemap of news; `published` is ISO 8601, in UTC where a time is known."""

    url: str
    title: str
    source: str
    language: str
    published: str


class NewsSitemapPage(Struct, frozen=True, array_like=True, kw_only=True):
    """The sitemap of the articles of the last two days, newest first."""

    items: tuple[NewsItem, ...]


class RobotsPage(Struct, frozen=True, array_like=True, kw_only=True):
    """`robots.txt`."""

    sitemap: str


class ArticleFile(Struct, frozen=True, array_like=True, kw_only=True):
    """An article as JSON, beside its page: its id and address."""

    ident: str
    url: str


class DataFile(Struct, frozen=True, array_like=True, kw_only=True):
    """The articles of a month as data: the id and address of each."""

    articles: tuple[tuple[str, str], ...]
