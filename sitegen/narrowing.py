"""Rights that the settings narrow reach articles, too, whose sources cannot be read just now.

What was last read of such a source stays in the archive, but no more of it than the settings allow from then on. Whether
its front matter says otherwise, nobody knows until it can be read again, so that the narrower right counts.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

from msgspec.structs import replace

from sitegen.bodies import Body
from sitegen.bodies.markup import paragraphs_of
from sitegen.catalog import Catalog
from sitegen.catalog.articles import Storage
from sitegen.catalog.kept import kept_copies
from sitegen.catalog.redaction import is_narrower
from sitegen.config import ReadingSettings
from sitegen.entries import Content, Copy
from sitegen.packs import PackWriter, read_content
from sitegen.records import Rights
from sitegen.rights import as_far_as_allowed
from sitegen.urls import term_key

_MARKDOWN = "markdown"
_FIGURE = re.compile("\x03[0-9]+\x03")


def narrow_kept(catalog: Catalog, storage: Storage, reading: ReadingSettings, bodies: Path) -> None:
    """Cut what was last read of sources that cannot be read now; call it inside a transaction, when all others are in.

    `bodies` is the folder of the packs. Raises `TextsLostError` where a text is not what was kept.
    """
    pack = PackWriter(bodies, f"narrowed-{time.time_ns():x}.pack")
    for aid, copy in kept_copies(catalog):
        content = read_content(str(bodies), copy.body)
        rights = _rights_now(copy, content, reading)
        less, shown = _as_allowed(replace(copy, entry=replace(copy.entry, rights=rights)), content, reading)
        if (less.entry, shown) != (copy.entry, content):
            storage.renew_kept(aid, replace(less, body=pack.add(shown)))
    pack.close()


def _rights_now(copy: Copy, content: Content, reading: ReadingSettings) -> Rights:
    """The narrower of what was last read and what the settings say of such an article by now."""
    key = term_key(copy.entry.source)
    named = next((each.rights for each in reading.sources
                  if key and key in (term_key(name) for name in (each.name, *each.aliases))), None)  # fmt: skip
    now: Rights = named or reading.default_rights or ("own" if content.layout == _MARKDOWN else "third-party")
    return now if is_narrower(copy.entry.rights, now) else content.article.rights


def _as_allowed(copy: Copy, content: Content, reading: ReadingSettings) -> tuple[Copy, Content]:
    """The copy and its text, with no more of it than the settings allow."""
    article = replace(content.article, rights=copy.entry.rights)
    if reading.third_party == "full" or article.rights != "third-party":
        return copy, replace(content, article=article)
    body = Body(html=content.html, plain=paragraphs_of(_FIGURE.sub("", content.html)))
    article, body, entry = as_far_as_allowed(article, body, copy.entry, reading.third_party)
    return replace(copy, entry=entry), replace(content, article=article, html=body.html, figures=(), contents=(),
                                               words=body.words, lead=False)  # fmt: skip
