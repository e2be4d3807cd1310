"""Reading what a site publishes for machines: feeds, sitemaps, data files, structured data, and their addresses."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def file_of(address: str, base: str, public: Path) -> Path:
    """The file of the output that a host serves at an absolute address."""
    assert address == base or address.startswith(f"{base}/"), address
    assert address.isascii(), address
    path = unquote(address[len(base) :].partition("#")[0]).lstrip("/")
    return public / (f"{path}index.html" if not path or path.endswith("/") else path)


def sitemaps(public: Path, base: str) -> dict[str, list[tuple[str, str]]]:
    """The addresses and times in each sitemap that the index names, by its file."""
    found = {}
    for address, _ in listed(public / "sitemap.xml", "sitemapindex", "sitemap"):
        path = file_of(address, base, public)
        found[path.relative_to(public).as_posix()] = listed(path, "urlset", "url")
    return found


def listed(path: Path, root: str, item: str) -> list[tuple[str, str]]:
    """The addresses and times of a sitemap or an index, which is checked against the schema's rules."""
    tree = ElementTree.fromstring(path.read_bytes())
    assert tree.tag == f"{SITEMAP}{root}"
    found = []
    for each in tree:
        assert each.tag == f"{SITEMAP}{item}"
        names = [child.tag.removeprefix(SITEMAP) for child in each]
        assert names in (["loc"], ["loc", "lastmod"]), names
        values = [child.text or "" for child in each]
        assert re.fullmatch(r"https?://[!-~]+", values[0]), values[0]
        assert len(values[0]) < 2048
        if len(values) > 1:
            # xsd:date or xsd:dateTime, as the schema has it.
            assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", values[1]), values[1]
        found.append((values[0], values[1] if len(values) > 1 else ""))
    assert len(found) <= 50_000
    return found


def data_files(public: Path) -> dict[str, list[dict[str, Any]]]:
    """The articles in each data file."""
    return {
        path.relative_to(public).as_posix(): [
            json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()
        ]
        for path in sorted((public / "data").rglob("*.jsonl.gz"))
    }


def check_json_feed(feed: dict[str, Any]) -> None:
    """Holds a feed against version 1.1 of the format."""
    texts = {"version", "title", "home_page_url", "feed_url", "description", "language"}
    assert feed.keys() <= texts | {"items"}
    assert all(isinstance(feed[name], str) and feed[name] for name in texts & feed.keys())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        strings = {
            "id",
            "url",
            "external_url",
            "title",
            "content_html",
            "content_text",
            "summary",
            "image",
            "language",
            "date_published",
            "date_modified",
        }
        assert item.keys() <= strings | {"authors", "tags"}
        assert all(isinstance(item[name], str) for name in strings & item.keys())
        assert "content_html" in item or "content_text" in item
        assert all(
            re.fullmatch(r"https?://\S+", item[name]) for name in ("url", "external_url", "image") if name in item
        )
        for name in ("date_published", "date_modified"):
            assert name not in item or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item[name])
        assert all(author.keys() == {"name"} and author["name"] for author in item.get("authors", ()))
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", ()))


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
