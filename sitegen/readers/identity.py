"""The identity of an article: what stays the same while its text, its file and its place change."""

from __future__ import annotations

import hashlib
import unicodedata


def digest_id(source: str, stamp: str, headline: str, *, opening: str = "") -> str:
    """The id of an article that brings none: 16 hex digits from source name, first stamp and headline.

    `opening` (the first words of the body) stands in where there is neither a stamp nor a headline. Case, width and
    white space do not count, so that the same article saved twice keeps its id.
    """
    parts = [source, stamp, headline]
    if not stamp or not headline:
        parts.append(opening[:200])
    key = "\x1f".join(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
