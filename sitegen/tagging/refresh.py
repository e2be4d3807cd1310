"""Compiles the place names that the program loads: ``python -m sitegen.tagging.refresh``.

Two inputs per language, both in ``sitegen/tagging/data/``:

``cldr/<language>.json``
    What the installed babel says, with the version of CLDR. Rewritten by this script, reviewed as a diff.
``<language>.toml``
    What a person knows better. Its keys:

    ``decoys``
        Longer names that contain a place's name and are no place (``New Jersey``, ``French fries``). The longest match
        wins, so they hide the shorter one.
    ``groups``
        Words that are evidence, under an id (``us-state``); they too hide shorter names.
    ``places.<id>``
        ``name`` to show, where CLDR's is not the news's; other ``names``; ``demonyms`` that count as a mention;
        ``cues``, which count as none but back the place; ``cldr = false`` if CLDR's name is not to be looked for.
        An id is an ISO 3166 code, or a made-up one in that manner for a region.
    ``homonyms.<name>``
        For a name with a second meaning. ``given``/``family``: also a person's first/last name; such a mention does
        not count, and for a last name the bare mentions fall too if the article knows more of the person than of the
        place. ``backed``: counts only beside another name or cue of the place, or after a word of ``sure``.
        ``against``: groups that speak for another thing; ``elsewhere``: groups or ids that speak for another place of
        that name. More of them than of the place's own evidence, and the name does not count.
    ``everyday``
        Names that are common words in a headline of capitals (US).
    ``words``
        What stands around a name: ``openers`` begin sentences, ``followers`` follow a country's name in capitals,
        ``titles`` precede a person's name, ``sure`` precedes a place, ``town_of`` lists groups after a town's comma.
    ``endings``, ``name_endings``, ``prefixes``, ``joins``, ``variants``
        Grammar: ``turc{o}`` stands for each ending listed as ``o``, ``Turk{,s}`` for the ones written out; what may be
        added to each name at its end (German's genitive) or front (Arabic, Hebrew), what the front then becomes, and
        letters that are often written otherwise.

The output, ``compiled/<language>.json``, is all that is read at run time: TOML of this size takes 40 ms to parse.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from babel.core import get_cldr_version

from sitegen.tagging.cldr import territory_names
from sitegen.tagging.gazetteer import DATA, REVIEWED, folded

__all__ = ["compiled_names", "main"]

_BRACES = re.compile(r"\{([^{}]*)\}")
_BRACKETS = re.compile(r" ?\([^()]*\)")
_DECOY = "-"


class PlaceSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a data file says of one place."""

    name: str = ""
    names: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    cldr: bool = True


class HomonymSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a data file says of a name with a second meaning."""

    given: bool = False
    family: bool = False
    backed: bool = False
    against: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language's data file."""

    places: dict[str, PlaceSource]
    decoys: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}
    homonyms: dict[str, HomonymSource] = {}
    everyday: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}
    endings: dict[str, tuple[str, ...]] = {}
    name_endings: tuple[str, ...] = ("",)
    prefixes: tuple[str, ...] = ()
    joins: dict[str, str] = {}
    variants: dict[str, str] = {}
    spaceless: bool = False


def compiled_names(language: str) -> dict[str, Any]:
    """The content of ``compiled/<language>.json``; ``ValueError`` if a name is claimed by two places."""
    source = msgspec.convert(tomllib.loads((DATA / f"{language}.toml").read_text("utf-8")), Source)
    cldr: dict[str, str] = json.loads((DATA / "cldr" / f"{language}.json").read_text("utf-8"))["territories"]
    # "Myanmar (Burma)" and "Cocos (Keeling) Islands" are CLDR's way to tell places apart, not a newspaper's.
    cldr = {code: _BRACKETS.sub("", name).strip() for code, name in cldr.items()}
    forms: dict[str, str] = {}
    for form, place in _claims(source, cldr):
        if forms.setdefault(form, place) != place:
            raise ValueError(f"{language}.toml: {form!r} is claimed by {forms[form]} and by {place}")
    derived = {other: form for form, place in forms.items() for other in _derived(form, place, source)}
    everything = {other: forms[form] for other, form in derived.items()} | forms
    bases = derived | {form: form for form in forms}
    homonyms = {folded(name): msgspec.to_builtins(rule) for name, rule in source.homonyms.items()}
    if unknown := homonyms.keys() - forms.keys():
        raise ValueError(f"{language}.toml: [homonyms] names no place: {', '.join(sorted(unknown))}")
    return {
        "spaceless": source.spaceless,
        "prefixes": source.prefixes,
        "names": cldr | {place: entry.name for place, entry in source.places.items() if entry.name},
        "forms": dict(sorted(everything.items())),
        "homonyms": {form: homonyms[base] for form, base in sorted(bases.items()) if base in homonyms},
        "everyday": source.everyday,
        "words": {group: sorted(words) for group, words in source.words.items()},
    }


def _claims(source: Source, cldr: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every name that somebody wrote down, and the id it stands for."""
    for group, words in source.groups.items():
        yield from ((word, group) for word in _spelled(words, source))
    yield from ((decoy, _DECOY) for decoy in _spelled(source.decoys, source))
    for place in sorted(cldr.keys() | source.places.keys()):
        entry = source.places.get(place, PlaceSource())
        named = (entry.name, cldr.get(place, "") if entry.cldr else "", *_spelled(entry.names, source))
        spellings = [spelling for name in named if name for spelling in (name, name.replace(" & ", " and "))]
        yield from ((folded(spelling + end), place) for spelling in spellings for end in source.name_endings)
        yield from ((demonym, place) for demonym in _spelled(entry.demonyms, source))
        yield from ((cue, f"{place}?") for cue in _spelled(entry.cues, source))


def _spelled(patterns: tuple[str, ...], source: Source) -> Iterator[str]:
    """The names that patterns like ``Turk{,s}`` or ``turc{o}`` stand for."""
    for pattern in patterns:
        braces = _BRACES.search(pattern)
        if braces is None:
            yield folded(pattern)
            continue
        inside = braces[1]
        choices = source.endings.get(inside) or tuple(inside.split(","))
        yield from _spelled(tuple(pattern.replace(braces[0], choice, 1) for choice in choices), source)


def _derived(form: str, place: str, source: Source) -> set[str]:
    """Other spellings of a name by rule: at the start of a sentence, in a headline, with a prefix, without a hamza."""
    spellings = {form}
    variants = {ord(letter): other for letter, other in source.variants.items()}
    if place not in source.groups and not place.endswith("?"):
        spellings.add(form[0].upper() + form[1:])
    if place == _DECOY:
        spellings.add(re.sub(r"(?<= )[a-z]", lambda letter: letter[0].upper(), form))
    if source.joins:
        spellings |= {_joined(spelling, source) for spelling in spellings}
    return spellings | {spelling.translate(variants) for spelling in spellings}


def _joined(form: str, source: Source) -> str:
    """A name as it begins where a prefix melts into it."""
    for apart, together in source.joins.items():
        if form.startswith(apart):
            return together + form.removeprefix(apart)
    return form


def main() -> None:
    """Write all generated files anew."""
    for language in sorted(REVIEWED):
        cldr = {"cldr": get_cldr_version(), "territories": territory_names(language)}
        _write(DATA / "cldr" / f"{language}.json", cldr)
        _write(DATA / "compiled" / f"{language}.json", compiled_names(language))


def _write(file: Path, content: dict[str, Any]) -> None:
    """One entry a line, so that a diff tells what changed."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
