"""Reading what a site publishes for machines: feeds, sitemaps, data files, structured data, and their addresses."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from sitegen.urls import CanonicalStyle
from tests.schemas import check_sitemap

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def file_of(address: str, base: str, public: Path, style: CanonicalStyle = "file") -> Path:
    """The file of the output that a host serves at an absolute address, in the style that it has."""
    assert address == base or address.startswith(f"{base}/"), address
    assert address.isascii(), address
    path = unquote(address[len(base) :].partition("#")[0]).lstrip("/")
    if style != "file" and path and not (public / path).is_file():
        page = public / f"{path.removesuffix('/')}.html"
        if page.is_file() and (style == "folder") is path.endswith("/"):
            return page
    return public / (f"{path}index.html" if not path or path.endswith("/") else path)


def sitemaps(public: Path, base: str) -> dict[str, list[tuple[str, str]]]:
    """The addresses and times in each sitemap that the index names, by its file."""
    found = {}
    for address, _ in listed(public / "sitemap.xml", "sitemapindex", "sitemap"):
        path = file_of(address, base, public)
        found[path.relative_to(public).as_posix()] = listed(path, "urlset", "url")
    return found


def listed(path: Path, root: str, item: str) -> list[tuple[str, str]]:
    """The addresses and times of a sitemap or an index, which is held against its schema."""
    check_sitemap(path)
    tree = ElementTree.fromstring(path.read_bytes())
    assert tree.tag == f"{SITEMAP}{root}"
    return [(each.findtext(f"{SITEMAP}loc", ""), each.findtext(f"{SITEMAP}lastmod", "")) for each in tree.iter(f"{SITEMAP}{item}")]


def data_files(public: Path) -> dict[str, list[dict[str, Any]]]:
    """The articles in each data file."""
    return {
        path.relative_to(public).as_posix(): [
            json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()
        ]
        for path in sorted((public / "data").rglob("*.jsonl.gz"))
    }


class Head(HTMLParser):
    """What a page tells machines."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.meta: list[tuple[str, str]] = []
        self.links: list[dict[str, str]] = []
        self.anchors: list[str] = []
        self.data: dict[str, Any] = {}
        self._in_data = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "meta":
            self.meta.append((values.get("property") or values.get("name", ""), values.get("content", "")))
        elif tag == "link":
            self.links.append(values)
        elif tag == "a":
            self.anchors.append(values.get("href", ""))
        self._in_data = tag == "script" and values.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data = json.loads(data)
            self._in_data = False

    def link(self, rel: str) -> str:
        """The address of the first link of a kind; empty without one."""
        return next((link["href"] for link in self.links if link.get("rel") == rel), "")


def addresses_in(value: object) -> Iterator[str]:
    """Every web address that stands alone in a JSON value."""
    if isinstance(value, str):
        if value.startswith(("http://", "https://")):
            yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from addresses_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses_in(each)
