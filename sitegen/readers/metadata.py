"""Front matter's entries become typed fields: keys as people write them, values as they come.

Every key that no field takes, and every value that another key of the same field outweighs, is kept as dropped.
"""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from sitegen.addresses import resolve
from sitegen.problems import report
from sitegen.readers.agencynames import agency_name
from sitegen.readers.dates import DateRules
from sitegen.readers.exactjson import with_exact
from sitegen.readers.keys import FIELD_OF, RANK_OF, normal_key
from sitegen.readers.matter_syntax import Entry, Value
from sitegen.readers.matter_values import (
    flattened,
    people_in,
    says_more,
    scalars_in,
    spelling_of,
    texts_in,
    texts_of,
    web_address,
    words_in,
)
from sitegen.readers.values import clean_text, direction_of, language_tag, people_of, read_moment
from sitegen.records import Article, Direction, Drop, Figure, Moment, Problem, Rights, Tag, TagOrigin

_NO_DATE: Final = frozenset(
    ("", "?", "-", "unknown", "undated", "none", "null", "nil", "n/a", "na", "n.d.", "nd", "tba", "tbd")
)
_TRUE: Final = frozenset(("true", "yes", "on", "y", "1"))
_FALSE: Final = frozenset(("false", "no", "off", "n", "0", ""))
_STATUS: Final = MappingProxyType(
    {"draft": True, "pending": True, "private": True, "hidden": True, "future": True}
    | dict.fromkeys(("published", "publish", "public", "live", "online", "inherit"), False)
)
_RIGHTS: Final[MappingProxyType[str, Rights]] = MappingProxyType(
    {
        "own": "own",
        "licensed": "licensed",
        "licenced": "licensed",
        "third-party": "third-party",
        "thirdparty": "third-party",
    }
)
_OF_IMPORTS: Final = frozenset(("exact", "tag_origins", "zones_assumed", "zones_unknown"))
_TAG_SEPARATORS: Final = re.compile(r"\s*[,;،、，|\n]\s*")


class Metadata:
    """The fields of one article's front matter; each method gives one, and notes problems on the way."""

    def __init__(self, entries: tuple[Entry, ...], *, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.dropped: list[Drop] = []
        self._fields: dict[str, list[Entry]] = {}
        self._sort(entries)

    def _sort(self, entries: tuple[Entry, ...]) -> None:
        ranked: dict[str, list[tuple[int, Entry]]] = {}
        for entry in flattened(entries):
            key = normal_key(entry.key)
            field = FIELD_OF.get(key)
            if key == "published" and isinstance(entry.value, str) and entry.value.lower() in _TRUE | _FALSE:
                # Jekyll's `published: false` is a draft, not a date.
                field = "unpublished"
            if field is None:
                if entry.value not in (None, "", [], {}):
                    self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unknown-key"))
            elif entry.value not in (None, ""):
                if entry.as_written:
                    message = f"the value of {entry.key} is nested too deeply, or too long; it was taken as it is written"
                    self.complain("W214", message, entry, field)
                ranked.setdefault(field, []).append((RANK_OF.get(key, 0), entry))
        for field, found in ranked.items():
            if len(found) > 1:
                found.sort(key=_rank)
            self._fields[field] = [entry for _, entry in found]

    def entry(self, field: str) -> Entry | None:
        """The entry that gives `field`; the others that could are dropped, unless they say the same."""
        found = self._fields.get(field)
        if not found:
            return None
        if len(found) == 1:
            return found[0]
        for other in found[1:]:
            if other.value != found[0].value:
                self.dropped.append(Drop(line=other.line, text=other.text, rule="outweighed-key"))
        self._fields[field] = found[:1]
        return found[0]

    def complain(self, code: str, message: str, entry: Entry, field: str) -> None:
        """Note a problem with the value of `entry`."""
        self.problems.append(report(code, message, file=self.file, line=entry.line, column=entry.column, field=field))

    def text(self, field: str) -> str:
        """A field of one line of text, its white space collapsed and its HTML references resolved."""
        entry = self.entry(field)
        if entry is None:
            return ""
        if isinstance(entry.value, str):
            return clean_text(entry.value)
        texts = list(texts_in(entry.value))
        if len(texts) != 1:
            self.complain("W214", f'{entry.key} should be one text; write it like {entry.key}: "…"', entry, field)
        return clean_text(" ".join(texts))

    def texts(self, field: str) -> tuple[str, ...]:
        """A field of several texts, from all keys that give it."""
        if field not in self._fields:
            return ()
        found = (text for entry in self._fields[field] for text in texts_in(entry.value))
        return tuple(dict.fromkeys(filter(None, map(clean_text, found))))

    def moment(self, field: str, rules: DateRules) -> Moment | None:
        """A date at the precision given; what is no date is E103."""
        entry = self.entry(field)
        if entry is None:
            return None
        text = clean_text(entry.value if isinstance(entry.value, str) else " ".join(texts_in(entry.value)))
        if text.lower() in _NO_DATE:
            return None
        if field in self.texts("zones_unknown"):
            rules = replace(rules, zone=None)
        moment, ambiguous = read_moment(text, rules)
        if moment is not None and field in self.texts("zones_assumed"):
            return replace(moment, zone_assumed=True)
        if moment is None:
            self.complain(
                "E103",
                f'"{text[:80]}" is not a date; write it like 2024-02-28 or 2024-02-28T17:05:00+02:00',
                entry,
                field,
            )
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unreadable-date"))
        elif ambiguous:
            self.complain(
                "W204",
                f'"{text[:80]}" can be read in two ways; write it like 2024-02-28, or set date_order',
                entry,
                field,
            )
        elif moment.zone_assumed:
            self.complain("N301", f'"{text[:80]}" names no zone; the zone of the settings was assumed', entry, field)
        return moment

    def people(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Authors, in order, and agencies."""
        authors: list[str] = []
        agencies: list[str] = []
        for entry in self._fields.get("authors", ()):
            for item in people_in(entry.value):
                people, wires = people_of(item)
                authors += people
                agencies += wires
        agencies += map(agency_name, self.texts("agencies"))
        return tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(agencies))

    def tags(self) -> tuple[Tag, ...]:
        """All tags, as given; of spellings that differ in case or width alone the first stays."""
        names: dict[str, str] = {}
        entries = list(self._fields.get("tags", ()))
        section = self._fields.get("section", [])
        if section and isinstance(section[0].value, list):
            # A category of several is a section and tags.
            entries.append(section[0])
        for number, entry in enumerate(entries):
            items = list(texts_in(entry.value))[
                (1 if section and number == len(entries) - 1 and entry is section[0] else 0) :
            ]
            for item in items if isinstance(entry.value, list | dict) else self._split_tags(items, entry):
                name = clean_text(item).strip("#").strip()
                if name:
                    names.setdefault(spelling_of(name), name)
        origins = self.tag_origins() if "tag_origins" in self._fields else {}
        return tuple(Tag(name, origins.get(name, "given")) for name in names.values())

    def tag_origins(self) -> dict[str, TagOrigin]:
        """Tags that were not given but earned, where an import says so."""
        entry = self.entry("tag_origins")
        found = entry.value if entry and isinstance(entry.value, dict) else {}
        earned: dict[str, TagOrigin] = {"rule": "rule", "place": "place"}
        return {name: earned[origin] for name, origin in found.items() if isinstance(origin, str) and origin in earned}

    def is_brief(self) -> bool:
        """Whether an import says that the article never had a text."""
        entry = self.entry("exact")
        return entry is not None and '"body": []' in " ".join(texts_in(entry.value))

    def exactly(self, article: Article) -> Article:
        """`article` with the fields that no plain key can say, as an import writes them: JSON, as in an export."""
        entry = self.entry("exact")
        if entry is None:
            return article
        try:
            return with_exact(article, " ".join(texts_in(entry.value)))
        except ValueError as error:
            self.complain("W213", f"this is not what an import writes ({error}); import again", entry, "exact")
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unreadable-exact"))
            return article

    def drop_rest(self, article: Article) -> None:
        """Drop the values of which `article` holds a part only, so that nothing of them is lost."""
        found = [entry for field, entries in self._fields.items() if field not in _OF_IMPORTS
                 for entry in entries if says_more(field, entry.value)]  # fmt: skip
        if not found:
            return
        held = words_in(texts_of(article))
        told = {(drop.line, drop.text) for drop in self.dropped}
        self.dropped += (
            Drop(line=entry.line, text=entry.text, rule="nested-value") for entry in found
            if (entry.line, entry.text) not in told and not words_in(scalars_in(entry.value)) <= held
        )  # fmt: skip

    def _split_tags(self, items: list[str], entry: Entry) -> list[str]:
        text = html.unescape(" ".join(items)).strip().strip("[]")
        parts = _TAG_SEPARATORS.split(text)
        words = text.split()
        if (
            len(parts) == 1
            and len(words) > 1
            and normal_key(entry.key) not in ("keyword", "keywords", "topic", "topics")
        ):
            if all(word.startswith("#") for word in words):
                return words
            # Jekyll's list is parted by spaces; words of small letters are taken for one, `Middle East` for one tag.
            if text.isascii() and all(word[0].islower() or word[0].isdigit() for word in words):
                message = (
                    f'"{text[:80]}" was read as {len(words)} tags; write [{", ".join(words[:2])}] or one tag in a list'
                )
                self.complain("N311", message, entry, "tags")
                return words
        return parts

    def section(self) -> str:
        """The desk; of several categories the first."""
        entry = self.entry("section")
        return clean_text(next(texts_in(entry.value), "")) if entry else ""

    def draft(self) -> bool:
        """Whether the article is not to be shown: `draft`, `published: false`, `status`."""
        for field, means in (("draft", True), ("unpublished", False)):
            entry = self.entry(field)
            value = clean_text(next(texts_in(entry.value), "")).lower() if entry else ""
            if entry is None:
                continue
            if value not in _TRUE and value not in _FALSE:
                self.complain(
                    "W213",
                    f'"{value[:80]}" is neither true nor false; the article is taken for a draft',
                    entry,
                    "draft",
                )
                return True
            if (value in _TRUE) == means:
                return True
        entry = self.entry("status")
        if entry is None:
            return False
        value = clean_text(next(texts_in(entry.value), "")).lower()
        if value not in _STATUS:
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unknown-key"))
        return _STATUS.get(value, False)

    def rights(self) -> Rights | None:
        """What may be shown; None where the front matter does not say, the least where it cannot be understood."""
        entry = self.entry("rights")
        if entry is None:
            return None
        value = clean_text(next(texts_in(entry.value), ""))
        known = _RIGHTS.get(value.lower().replace(" ", "-").replace("_", "-"))
        if known is None:
            self.complain(
                "W213", f'rights "{value[:80]}" are not known; write own, licensed or third-party', entry, "rights"
            )
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unknown-rights"))
        return known or "third-party"

    def language(self) -> str:
        """The language as a BCP 47 tag, or `""`."""
        entry = self.entry("language")
        if entry is None:
            return ""
        written = clean_text(next(texts_in(entry.value), ""))
        tag = language_tag(written)
        if not tag:
            self.complain(
                "W213", f'"{written[:80]}" is not a language; write it like en, ar or pt-BR', entry, "language"
            )
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unknown-language"))
        return tag

    def direction(self, language: str) -> Direction:
        """As given, else as the language is written."""
        given = self.text("direction").lower()
        if given in ("rtl", "ltr"):
            return "rtl" if given == "rtl" else "ltr"
        return direction_of(language)

    def source(self) -> tuple[str, str]:
        """The publication's name and an address given in its place, either of which may be `""`."""
        entry = self.entry("source")
        if entry is None:
            return "", ""
        if isinstance(entry.value, dict):
            known = {normal_key(key): " ".join(texts_in(value)) for key, value in entry.value.items()}
            return clean_text(known.get("name") or known.get("title") or ""), web_address(
                known.get("url") or known.get("link") or ""
            )
        text = clean_text(" ".join(texts_in(entry.value)))
        return ("", web_address(text)) if web_address(text) else (text, "")

    def addresses(self) -> tuple[str, str]:
        """The original URL and the permalink; `url` is one or the other."""
        permalink = self.text("permalink")
        url = self.text("url")
        entry = self.entry("original_url")
        original = ""
        if entry is not None:
            written = clean_text(next(texts_in(entry.value), ""))
            original = web_address(written)
            if not original:
                self.complain(
                    "W213",
                    f'"{written[:80]}" is not an address of the web; write it with https://',
                    entry,
                    "original_url",
                )
                self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unusable-address"))
        if url and web_address(url):
            original = original or web_address(url)
        elif url and not permalink:
            permalink = url
        return original, permalink

    def figures(self) -> tuple[Figure, ...]:
        """The pictures that the front matter names, the lead first; paths are relative to `articles/`."""
        found: list[Figure] = []
        for entry in self._fields.get("figures", ()):
            for item in entry.value if isinstance(entry.value, list) else [entry.value]:
                figure = self._figure(item, entry)
                if figure is not None and not any(figure.file and figure.file == other.file for other in found):
                    found.append(figure)
        beside = {name: self.text(name) for name in ("caption", "credit", "alt")}
        if any(beside.values()):
            first = found[0] if found else Figure()
            found[:1] = [
                Figure(
                    caption=first.caption or beside["caption"],
                    credit=first.credit or beside["credit"],
                    alt=first.alt or beside["alt"],
                    file=first.file,
                )
            ]
        return tuple(found)

    def _figure(self, item: Value, entry: Entry) -> Figure | None:
        if isinstance(item, dict):
            known = {normal_key(key): clean_text(" ".join(texts_in(value))) for key, value in item.items()}
            address = next(
                (known[key] for key in ("src", "file", "url", "path", "image", "filename", "href") if known.get(key)),
                "",
            )
            caption = known.get("caption") or known.get("title") or known.get("description") or ""
            credit = (
                known.get("credit") or known.get("photographer") or known.get("source") or known.get("author") or ""
            )
            return Figure(caption=caption, credit=credit, alt=known.get("alt", ""), file=self._picture(address, entry))
        address = clean_text(" ".join(texts_in(item)))
        if address.lower() in _TRUE | _FALSE:
            # `featured: true` is a mark, not a picture.
            self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unknown-key"))
            return None
        return Figure(file=self._picture(address, entry))

    def _picture(self, address: str, entry: Entry) -> str | None:
        if not address:
            return None
        target = resolve(address, file=self.file)
        if target.kind in ("web", "file"):
            return target.value
        self.complain("W221", f'the picture "{address[:80]}" is refused: {target.value}', entry, "figures")
        self.dropped.append(Drop(line=entry.line, text=entry.text, rule="unusable-address"))
        return None


def _rank(pair: tuple[int, Entry]) -> int:
    return pair[0]
