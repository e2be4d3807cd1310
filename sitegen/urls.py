"""Addresses: slugs that keep their script, article URLs from a pattern, the URLs of lists.

Every URL starts with `/` and names a file. Slugs are NFC, lower case, at most 100 bytes of UTF-8, never empty and never a
name that a file system reserves (Windows' CON, NUL, COM1 …).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from sitegen.remembering import remembered

TermKind = Literal["tag", "author", "source", "section"]
CanonicalStyle = Literal["file", "stripped", "folder"]

MAX_SLUG_BYTES = 100
KIND_FOLDERS: dict[str, str] = {"tag": "tags", "author": "authors", "source": "sources", "section": "sections"}
_TERM_FOLDERS = frozenset(KIND_FOLDERS.values())
LISTS = (*KIND_FOLDERS.values(), "days", "on-this-day")
"""The kinds of lists that an archive can do without; years and months it always has."""
PERMALINK_TOKENS = ("year", "month", "day", "slug", "id", "source", "section")

HOME_URL = "/index.html"
DATES_URL = "/dates/index.html"
UNDATED_URL = "/undated/index.html"
ABOUT_URL = "/about/index.html"
NOT_FOUND_URL = "/404.html"
RSS_URL = "/feed.xml"
ATOM_URL = "/atom.xml"
JSON_FEED_URL = "/feed.json"
SITEMAP_URL = "/sitemap.xml"
NEWS_SITEMAP_URL = "/sitemaps/news.xml"
ROBOTS_URL = "/robots.txt"
DATA_URL = "/data/index.html"
SEARCH_URL = "/search.html"

_RESERVED_FILES = {"con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_RESERVED_FOLDERS = {
    *KIND_FOLDERS.values(), "dates", "on-this-day", "about", "media", "search", "data", "feeds", "sitemaps", "_pagefind",
}  # fmt: skip
# An article at the last of these would stand at the address of the feed as JSON.
_RESERVED_URLS = {
    "/404.html", "/index.html", "/search.html", "/robots.txt", "/sitemap.xml", "/feed.xml", "/atom.xml", "/feed.html",
}  # fmt: skip
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._~-]*\Z")
_SAFE_IN_PATH = "/~!$&'()*+,;=:@"
_SAFE_IN_BASE = f"{_SAFE_IN_PATH}%"
_PLAIN_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_SEPARATORS = re.compile(r"[\W_]+")
_LOOKS_SUFFIXED = re.compile(r"-[0-9a-f]{8}(?=(?:(?:/index)?\.html)?\Z)")
_CLEAN = re.compile(r"(?:/(?!\.)[^/\\\x00-\x1f\x7f\ud800-\udfff]+)+\.html\Z")
_TOKEN = re.compile(r"\{(\w+)\}")


def slugify(text: str, *, fallback: str = "untitled") -> str:
    """The slug of a headline or a term; `fallback` where nothing in `text` can stand in an address."""
    slug = text if text.isascii() else unicodedata.normalize("NFC", text)
    slug = slug.lower()
    if "'" in slug or "’" in slug or "ʼ" in slug:
        slug = _APOSTROPHES.sub("", slug)
    if not slug.isascii():
        slug = _keep_marks(slug)
        slug = unicodedata.normalize("NFC", slug)
    else:
        slug = _SEPARATORS.sub("-", slug).strip("-")
    if len(slug) > MAX_SLUG_BYTES or not slug.isascii():
        slug = _cut(slug)
    if not slug:
        slug = fallback
    return f"{slug}-" if slug in _RESERVED_FILES else slug


def _keep_marks(text: str) -> str:
    # \w leaves out combining marks, without which Devanagari, Thai or pointed Arabic become other words.
    kept = (char if char.isalnum() or unicodedata.category(char)[0] == "M" else "-" for char in text)
    return re.sub("-+", "-", "".join(kept)).strip("-")


def _cut(slug: str) -> str:
    data = slug.encode("utf-8", "ignore")
    if len(data) <= MAX_SLUG_BYTES:
        return data.decode()
    cut = data[:MAX_SLUG_BYTES].decode("utf-8", "ignore")
    head, dash, _ = cut.rpartition("-")
    return (head if dash and len(head) > len(cut) // 2 else cut).strip("-")


@remembered(4096)
def term_key(name: str) -> str:
    """What makes two spellings one term: they differ only in case, width or white space."""
    return fold(name)


def fold(text: str) -> str:
    """`text` without differences in case, width and white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def id_suffix(identity: str) -> str:
    """The eight hex digits that tell apart two addresses that would be the same."""
    return hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def with_suffix(url: str, identity: str) -> str:
    """The URL `/a/b.html` as `/a/b-1a2b3c4d.html`; `/a/b/index.html` as `/a/b-1a2b3c4d/index.html`.

    An address in a folder of the site's own (`/tags/b.html`) leaves that folder: `/tags-1a2b3c4d/b.html`.
    """
    folder, slash, rest = url[1:].partition("/")
    if slash and folder in _RESERVED_FOLDERS:
        return f"/{folder}-{id_suffix(identity)}/{rest}"
    for ending in ("/index.html", ".html"):
        if url.endswith(ending) and url != ending:
            return f"{url[: -len(ending)]}-{id_suffix(identity)}{ending}"
    return f"{url}-{id_suffix(identity)}"


def needs_suffix(url: str) -> bool:
    """Whether an article may not stand at `url` itself: the site's own page stands there, or it mimics a suffix."""
    return is_reserved(url) or looks_suffixed(url)


def json_url(url: str) -> str:
    """Where the article at `url` stands as JSON."""
    return f"{url.removesuffix('.html')}.json"


def of_json(url: str) -> str:
    """The address of the article that stands at `url` as JSON."""
    return f"{url.removesuffix('.json')}.html"


def is_reserved(url: str) -> bool:
    """Whether a page of the site's own stands at `url`, or might one day."""
    return url in _RESERVED_URLS or url.split("/", 2)[1] in _RESERVED_FOLDERS or _is_calendar(url)


def looks_suffixed(url: str) -> bool:
    """Whether a URL, or a slug, ends as if it told itself apart from another one."""
    return _LOOKS_SUFFIXED.search(url) is not None


def is_address(url: str) -> bool:
    """Whether an article could stand, or have stood, at `url`: a clean path to an HTML file that is not the site's own."""
    return _CLEAN.match(url) is not None and not is_reserved(url)


def _is_calendar(url: str) -> bool:
    parts = url.split("/")
    return parts[-1] == "index.html" and (parts[1] == "undated" or all(part.isdigit() for part in parts[1:-1]))


def article_url(
    pattern: str, *, date: str, slug: str, identity: str = "", source: str = "", section: str = "", permalink: str = ""
) -> str:
    """The address of an article by the permalink `pattern`, before any collision is settled.

    `date` is ISO 8601 at the precision known, in the site's zone. Parts of the pattern that have no value are left out;
    an article without a date stands under `/undated/`. `permalink` is the article's own wish, made safe.
    """
    if permalink:
        return _own_permalink(permalink)
    year, month, day = [*f"{date[:10]}--".split("-"), ""][:3]
    if pattern == "/{year}/{month}/{day}/{slug}.html":
        return f"/{year}/{month}/{day}/{slug}.html" if day else _sparse(f"{year}/{month}".strip("/"), slug)
    values = {"year": year, "month": month, "day": day, "slug": slug, "id": slugify(identity) if identity else "",
              "source": slugify(source) if source else "", "section": slugify(section) if section else ""}  # fmt: skip
    parts = []
    for part in pattern.strip("/").split("/"):
        filled = _TOKEN.sub(lambda match: values.get(match[1], ""), part)
        if filled.strip("-_ ") and filled != ".html":
            parts.append(filled)
    if not year and "{year}" in pattern:
        parts.insert(0, "undated")
    return "/" + "/".join(parts)


def _sparse(folder: str, slug: str) -> str:
    return f"/{folder or 'undated'}/{slug}.html"


def _own_permalink(permalink: str) -> str:
    path = permalink.split("://", 1)[-1].split("/", 1)[-1] if "://" in permalink else permalink
    folder = path.endswith("/")
    parts = [slugify(part.removesuffix(".html")) for part in path.split("/") if part.strip(". ")]
    url = "/" + "/".join(parts or ["untitled"])
    return f"{url}/index.html" if folder else f"{url}.html"


def day_url(date: str) -> str:
    """The page of a day, month or year, by how precise `date` is; without a date, of the undated articles."""
    return f"/{date[:10].replace('-', '/')}/index.html" if date else UNDATED_URL


def on_this_day_url(day: str) -> str:
    """The page of a day of the calendar (`11-19`) in all years."""
    return f"/on-this-day/{day}/index.html"


def term_url(kind: str, slug: str, period: str = "") -> str:
    """The page of a term, or of one of its periods (`2024`, `2024-11`, `2024-11-19`)."""
    folder = f"/{KIND_FOLDERS[kind]}/{slug}/"
    return f"{folder}{period.replace('-', '/')}/index.html" if period else f"{folder}index.html"


def terms_url(kind: str, initial: str = "") -> str:
    """The index of all terms of a kind, or of those with one initial."""
    folder = f"/{KIND_FOLDERS[kind]}/"
    # A slug is never a lone dash, so no term can take this folder.
    return f"{folder}-/{slugify(initial, fallback='other')}.html" if initial else f"{folder}index.html"


def feed_url(kind: str, slug: str) -> str:
    """The feed of a tag, source or section."""
    return f"/{KIND_FOLDERS[kind]}/{slug}/atom.xml"


def archive_url(name: str) -> str:
    """The part of the archive's feed that holds the articles of a shard (`2024-11`)."""
    return f"/feeds/{name}.xml"


def sitemap_url(name: str) -> str:
    """The sitemap of a shard (`2024-11`, `pages`)."""
    return f"/sitemaps/{name}.xml"


def data_url(name: str) -> str:
    """The data file of a shard (`2024-11`, `undated`)."""
    return f"/data/{name}.jsonl.gz"


def absolute(base_url: str, url: str, style: CanonicalStyle = "file") -> str:
    """The address of a page or file on the web, percent-encoded; a list's ends in `/`.

    `style` is how the host serves `x.html`: under its own name, as `x` (stripped) or as `x/` (folder).
    """
    if url.endswith("/index.html"):
        url = url[:-10]
    elif style != "file" and url.endswith(".html"):
        url = url[:-5] + ("/" if style == "folder" else "")
    return _ascii_base(base_url) + (url if _PLAIN_PATH.match(url) else quote(url, safe=_SAFE_IN_PATH, errors="replace"))


@lru_cache(maxsize=8)
def _ascii_base(base_url: str) -> str:
    scheme, _, rest = base_url.partition("://")
    host, slash, path = rest.partition("/")
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = quote(name)
    return f"{scheme}://{name}{colon}{port}{slash}{quote(path, safe=_SAFE_IN_BASE)}"


@lru_cache(maxsize=4096)
def root_of(url: str) -> str:
    """What leads from the page at `url` to the top: `.`, `..`, `../..`."""
    depth = url.count("/") - 1
    return "/".join([".."] * depth) or "."


def list_of(kind: str, url: str) -> str | None:
    """Which of `LISTS` a page of this kind at `url` belongs to, if any."""
    if kind in ("term", "terms", "feed"):
        folder = url[1:].partition("/")[0]
        return folder if folder in _TERM_FOLDERS else None
    return {"day": "days", "onthisday": "on-this-day"}.get(kind)
