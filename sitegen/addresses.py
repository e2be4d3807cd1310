"""Where an address written in an article leads: to the web, into the archive's own files, into the page, or nowhere."""

from __future__ import annotations

import posixpath
import re
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct

AddressKind = Literal["web", "mail", "fragment", "file", "refused"]

_IGNORED_BY_BROWSERS: Final = re.compile(r"[\t\n\r]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_HOST: Final = re.compile(r"[^\s\"#%<>?\\^`{|}]+\Z")
_NOT_IN_URLS: Final = re.compile(r"[\s\"<>\[\\\]^`{|}]|%(?![0-9A-Fa-f]{2})")


_QUERY: Final = re.compile(r"[?#].*", re.DOTALL)
COMMON_URL: Final = r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9/._~+,;:=?#@!$()*-]*)?"
"""A pattern for addresses of the web that `resolve` leaves as they are, and that need no escaping."""

_COMMON: Final = re.compile(rf"{COMMON_URL}\Z")
# A path of names without a dot at the beginning or anything that is written otherwise than it is meant.
_COMMON_PATH: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*+(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*+)*\Z")


class Address(Struct, frozen=True):
    """An address and where it leads.

    `value` is a URL ready for `href` (web, mail), the name after `#` (fragment), a path relative to `articles/` with
    slashes (file), or the reason in words (refused).
    """

    kind: AddressKind
    value: str


def resolve(written: str, *, file: str) -> Address:
    """Where `written` leads from the source `file`; a path that begins with `/` counts from `articles/`.

    Only http, https and mailto are followed; a path never leaves `articles/`, whether by `..`, `%2e`, `\\` or `//host`.
    """
    if _COMMON.match(written):
        return Address("web", written)
    if _COMMON_PATH.match(written) and ":" not in file:
        return Address("file", file[: file.rfind("/") + 1] + written)
    written = _IGNORED_BY_BROWSERS.sub("", written).strip()
    if _CONTROL.search(written):
        return Address("refused", "it holds control characters")
    if written.startswith("#"):
        return Address("fragment", unquote(written[1:]))
    scheme = _SCHEME.match(written)
    if scheme:
        return _with_scheme(scheme[1].lower(), written)
    return _path(written.replace("\\", "/"), file)


def _with_scheme(scheme: str, written: str) -> Address:
    if scheme == "mailto" and len(written) > len("mailto:"):
        return Address("mail", _encode(written))
    if scheme not in ("http", "https"):
        return Address("refused", f"{scheme}: is not an address of the web")
    try:
        parts = urlsplit(written)
        # Reading the port is what makes urlsplit look at it.
        host = parts.netloc if parts.hostname and (parts.port is None or parts.port > 0) else ""
    except ValueError:
        host = ""
    if not _HOST.match(host):
        return Address("refused", "it names no host")
    start = written.index(host) + len(host)
    return Address("web", f"{scheme}://{host}{_encode(written[start:])}")


def _path(written: str, file: str) -> Address:
    path = unquote(_QUERY.sub("", written)).replace("\\", "/")
    if not path:
        return Address("refused", "it is empty")
    if _CONTROL.search(path):
        return Address("refused", "it holds control characters")
    if path.startswith("//"):
        return Address("refused", "it begins with two slashes")
    joined = path[1:] if path.startswith("/") else posixpath.join(posixpath.dirname(file), path)
    inside = posixpath.normpath(joined)
    if inside == ".." or inside.startswith(("../", "/")) or _SCHEME.match(inside):
        return Address("refused", "it leaves the folder of the articles")
    return Address("file", inside)


def _encode(url: str) -> str:
    return _NOT_IN_URLS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)
