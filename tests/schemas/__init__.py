"""Schemas of what a site publishes for machines, written from the formats' public descriptions, and holding files against them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import feedparser
from jsonschema import Draft202012Validator
from lxml import etree

_HERE = Path(__file__).parent


def check_json_feed(path: Path) -> None:
    """Holds a file against version 1.1 of JSON Feed."""
    feed = json.loads(path.read_bytes())
    faults = [f"{path}: {'/'.join(map(str, fault.path))}: {fault.message[:300]}" for fault in _json_feed().iter_errors(feed)]
    assert not faults, faults
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))


def check_feed(path: Path) -> None:
    """Holds a feed against the schema of RSS or Atom, and has a feed reader's parser read it."""
    data = path.read_bytes()
    root = _checked(path, data, _relax_ng("atom.rng" if b"<feed" in data[:200] else "rss.rng"))
    parsed = feedparser.parse(data)
    assert not parsed.bozo, (path, parsed.get("bozo_exception"))
    ids = [each.text for each in root.iter("guid", "{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids))


def check_sitemap(path: Path) -> None:
    """Holds a sitemap, or the index of sitemaps, against its schema and its limits."""
    data = path.read_bytes()
    root = _checked(path, data, _sitemap())
    assert len(root) <= 50_000
    assert len(data) <= 50 << 20


def check_published(public: Path, *, feeds: bool = True) -> int:
    """Holds every feed and sitemap of a site against its schema; how many there are."""
    count = 0
    for path in sorted(public.rglob("*.xml")):
        is_sitemap = path.name == "sitemap.xml" or "sitemaps" in path.relative_to(public).parts
        (check_sitemap if is_sitemap else check_feed)(path)
        count += 1
    if feeds:
        check_json_feed(public / "feed.json")
    return count


def _checked(path: Path, data: bytes, schema: etree.RelaxNG | etree.XMLSchema) -> etree._Element:
    # Texts of any length are read, and no file but this one.
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    assert schema.validate(root), (path, [f"{fault.line}: {fault.message[:300]}" for fault in schema.error_log][:5])
    return root


@cache
def _json_feed() -> Draft202012Validator:
    schema = json.loads((_HERE / "json-feed-1.1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@cache
def _relax_ng(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_HERE / name))


@cache
def _sitemap() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_HERE / "sitemap.xsd"))
