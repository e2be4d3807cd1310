"""What decides pages beside the articles: settings, theme, static files, the owner's own pages, and versions.

Each is compared with what the catalog remembers of the last build, and where one changed, everything is read or planned
again that it can affect, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen import urls
from sitegen.catalog import Catalog, outputs, pending, sources, stretches
from sitegen.catalog.articles import base_key
from sitegen.catalog.kept import compare_rights
from sitegen.config import Folders, LearnedLine, Settings
from sitegen.entries import encode
from sitegen.localise import strings_of
from sitegen.pages import find_pages, find_static, site_of
from sitegen.pictures import recipe
from sitegen.planner import Planner, PlanSettings
from sitegen.report import Reporter
from sitegen.theme import RenderSettings, template_stamp, theme_folder
from sitegen.versions import indexer_version, versions

SEARCH_SCRIPT = "/search.js"
"""Nobody loads it where there is no search."""
_NOTHING_LEARNED = encode(())
_decode_learned = msgspec.msgpack.Decoder(tuple[LearnedLine, ...]).decode


class Conditions:
    """The conditions of one build."""

    def __init__(self, catalog: Catalog, folders: Folders, settings: Settings, *, cache: Path, reporter: Reporter) -> None:
        """`cache` is the folder of the catalog."""
        self._catalog, self._folders, self._settings, self._cache = catalog, folders, settings, cache
        self._reporter = reporter
        self.replanned = False
        """Every page is planned again because of something else than the loss of the catalog."""
        self.site = site_of(settings, folders.site, dict(versions())["sitegen"])
        self.pages = find_pages(settings, folders.site)
        self._strings = _digest(*strings_of(settings.language))
        self._site_digest = _digest(encode(self.site), encode(versions()), self._strings)
        theme = (theme_folder("static"), folders.static)
        self.static, self.problems = find_static(tuple(dict.fromkeys(theme)))
        """The static files by URL; `problems` are of those that cannot be published."""
        if not settings.search:
            self.static = {url: file for url, file in self.static.items() if url != SEARCH_SCRIPT}
        places = (str(folders.templates), str(theme_folder("templates")))
        self._templates = tuple(dict.fromkeys(folder for folder in places if Path(folder).is_dir()))

    def compare(self) -> None:
        """Have everything read or planned again that a change of conditions since the last build can affect."""
        self._compare_settings()
        self._compare_static()

    def _compare_settings(self) -> None:
        catalog, settings = self._catalog, self._settings
        version = encode(versions())
        reading = _digest(encode((replace(settings.reading, learned=()), settings.tagging, settings.permalink, settings.ignore)), version)
        stamp = self._read_templates()
        limits = (settings.list_limit, settings.month_limit)
        planning = _digest(encode((limits, settings.feed_length, settings.feed_min)), self._site_digest,
                           encode(sorted(settings.reading.sources, key=lambda s: s.name)))  # fmt: skip
        fresh = {"reading": reading, "planning": planning, "template_stamp": stamp, "pictures": recipe(avif=settings.avif),
                 "template_digests": encode(self._template_digests),
                 "without": " ".join(name for name in urls.LISTS if name not in settings.lists),
                 "feed_min": settings.feed_min if settings.base_url else 0, "article_json": int(self.site.article_json),
                 "indexer": f"{stretches.FORMAT} {indexer_version()}" if settings.search else ""}  # fmt: skip
        changed = {key for key, value in fresh.items() if catalog.get(key) != value}
        if "planning" in changed:
            self._tell_of_address()
        if "reading" not in changed:
            self._compare_learned()
        if changed:
            with catalog.transaction():
                if "reading" in changed:
                    sources.read_all_again(catalog)
                    compare_rights(catalog, settings.reading)
                    # They may say that less is to be shown than was kept so far.
                    catalog.put("purge", int(not catalog.fresh))
                if "pictures" in changed:
                    sources.look_again(catalog)
                if "planning" in changed or "template_digests" in changed:
                    catalog.put("replan", "all")
                    self.replanned = not catalog.fresh
                if "indexer" in changed:
                    pending.mark(catalog, [pending.ALL_STRETCHES])
                for key, value in fresh.items():
                    catalog.put(key, value)
        learned = encode(settings.reading.learned)
        if catalog.get("learned") != learned:
            with catalog.transaction():
                catalog.put("learned", learned)

    def _read_templates(self) -> bytes:
        """Know the digest of each template; the stamp of all."""
        stamp = template_stamp(self._templates)
        if self._catalog.get("template_stamp") == stamp:
            self._template_digests = msgspec.msgpack.decode(self._catalog.get("template_digests"), type=dict[str, bytes])
        else:
            from sitegen.renderer import template_digests  # Jinja takes longer to load than a build with nothing to do

            self._template_digests = dict(template_digests(self._templates, self._compiled()))
        return stamp

    def _compare_learned(self) -> None:
        """Have the articles of each publication read again whose learned lines changed; they can touch no other."""
        lines = set(self._settings.reading.learned)
        changed = lines.symmetric_difference(_decode_learned(self._catalog.get("learned", _NOTHING_LEARNED)))
        if changed:
            with self._catalog.transaction():
                sources.read_again_of(self._catalog, {urls.term_key(line.source) for line in changed})

    def _tell_of_address(self) -> None:
        """What a site without an address of its own, or with one below a host's top, has to do without."""
        address = self._settings.base_url
        if not address:
            self._reporter.say('There is no "base_url" in the settings, so there are no feeds, no sitemap and no canonical '
                               "addresses; all else is as it should be.")  # fmt: skip
        elif address.count("/") > 2:
            self._reporter.say(f"Crawlers look for robots.txt at the top of a host only, so the one in {address}/ does nothing; "
                               "name the sitemap in the host's own, or to the search engines.")  # fmt: skip

    def _compare_static(self) -> None:
        """Static files and the owner's own pages take addresses that others may have had."""
        changed = outputs.take_addresses(self._catalog, {base_key(url): url for url in (*self.static, *self.pages)})
        if any(url.endswith((".html", ".xml", ".txt", ".json")) for url in changed):
            # A page of the site's own may have stood there, or may stand there now.
            self._catalog.put("replan", "all")
            self.replanned = not self._catalog.fresh

    def planner(self, *, pictures: Path, now: datetime) -> Planner:
        """What plans pages under these conditions; `pictures` is the folder of converted ones. Call `compare` before."""
        settings = self._settings
        homes = {urls.term_key(name): (source.url, source.time_zone or "")
                 for source in settings.reading.sources for name in (source.name, *source.aliases)}  # fmt: skip
        return Planner(self._catalog, PlanSettings(
            limits=(settings.list_limit, settings.month_limit), first_weekday=self.site.first_weekday,
            site_digest=self._site_digest, template_digests=self._template_digests, source_homes=homes, pages=self.pages,
            static=self.static,
            lists=frozenset(settings.lists), articles=str(self._folders.articles), pictures=str(pictures),
            data=settings.data, article_json=self.site.article_json, search=settings.search,
            feed_length=settings.feed_length if settings.base_url else 0, time_zone=settings.time_zone,
            news_until=now if settings.base_url and settings.news_sitemap else None))  # fmt: skip

    def render_settings(self) -> RenderSettings:
        """What rendering has to be told. Call `compare` before."""
        return RenderSettings(site=self.site, templates=self._templates, cache=self._compiled(),
                              stamp=self._catalog.get("template_stamp"))  # fmt: skip

    def _compiled(self) -> str:
        """The folder of compiled templates; strings are translated when one is compiled, so each language has its own."""
        code = Path(__file__).with_name("renderer.py").read_bytes()
        name = f"{self.site.language}-{_digest(self._strings, code, encode(versions()), sys.version.encode()).hex()[:12]}"
        for folder in filter(None, (self._folders.compiled, self._cache / "templates")):
            try:
                (folder / name).mkdir(parents=True, exist_ok=True)
            except OSError:
                continue
            if os.access(folder / name, os.W_OK):
                return str(folder / name)
        return ""


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
