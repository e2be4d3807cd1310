"""The tags of an article: those given, those that the settings' rules add, and the places it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sitegen.config import TaggingSettings
from sitegen.records import Article, Tag
from sitegen.tagging.places import find_places
from sitegen.urls import term_key


def tags_of(article: Article, paragraphs: Sequence[str], settings: TaggingSettings) -> tuple[Tag, ...]:
    """All tags of an article, each once, those given first; `paragraphs` is its text without markup."""
    aliases, rules = _prepared(settings)
    found: dict[str, Tag] = {}
    for tag in article.tags:
        name = " ".join(tag.name.split())
        name = aliases.get(term_key(name), name)
        if name:
            found.setdefault(term_key(name), Tag(name, tag.origin))
    if rules:
        text = "\n".join((article.title, *paragraphs))
        for name, pattern in rules:
            if term_key(name) not in found and pattern.search(text):
                found[term_key(name)] = Tag(name, "rule")
    if settings.places:
        for place in find_places(article.title, paragraphs, language=article.language):
            name = aliases.get(term_key(place), place)
            found.setdefault(term_key(name), Tag(name, "place"))
    return tuple(found.values())


@lru_cache(maxsize=8)
def _prepared(settings: TaggingSettings) -> tuple[Mapping[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    aliases = {term_key(alias): tag for alias, tag in settings.aliases}
    rules = tuple((rule.tag, _phrases(rule.phrases)) for rule in settings.rules if rule.phrases)
    return aliases, rules


def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # \b would not hold beside a phrase that begins or ends with a sign, such as "C++".
    parts = (r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
