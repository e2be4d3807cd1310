"""Known lines and patterns: boilerplate, credits, tags, agencies; from the data file and the settings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from sitegen.readers.knowledge import by_knowledge, knowledge
from sitegen.readers.text.alternatives import Alternatives
from sitegen.readers.text.lines import is_wide

_LONGEST: Final = 260
_HINT: Final = 12
_LABEL_START: Final = 3
_SENTENCE_WORDS: Final = 5
_SHARED: Final = 4
_RULES: Final = (
    "end",
    "related",
    "relative-age",
    "copyright",
    "boilerplate",
    "share",
    "advert",
    "related-link",
    "navigation",
)
_TRIM: Final = " \t.!:;,…·•|-–—»›>→()[]*_\"'“”‘’"


class Hints:
    """Pieces of words, of which a text may hold one."""

    def __init__(self, pieces: Iterable[str]) -> None:
        """Only those count that hold none of the others."""
        found = sorted(set(pieces), key=lambda piece: (len(piece), piece))
        self.pieces = tuple(piece for index, piece in enumerate(found) if not any(other in piece for other in found[:index]))
        self._ascii = tuple(piece for piece in self.pieces if piece.isascii())

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return any(map(text.__contains__, self._ascii if text.isascii() else self.pieces))


class Appeal(Struct, frozen=True, eq=False):
    """How a page speaks to its reader: the words that open such a line, and those that it holds; in lower case."""

    verbs: frozenset[str]
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    address: re.Pattern[str]
    strong_hints: Hints
    """One of these stands in every text that has a `strong` word."""
    hints: Hints
    """One of these stands in every text that has a `strong` or `weak` word."""


class Phrases(Struct, frozen=True, kw_only=True, eq=False):
    """The phrases of one site: the data file's and those of its settings."""

    lines: Mapping[str, str]
    """A whole line, trimmed and in lower case, and the rule that drops it."""
    patterns: Alternatives
    """For whole lines in lower case; their names are the rules, with `_` for `-`."""
    contained: tuple[tuple[str, tuple[str, ...]], ...]
    """A rule and the phrases that a line of it contains."""
    contained_hints: Hints
    """One of these stands in every line that contains such a phrase."""
    custom: re.Pattern[str] | None
    """The settings' own boilerplate."""
    glued: re.Pattern[str]
    glued_hints: tuple[str, ...]
    boxes: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """How the boxes that a page puts between paragraphs begin and end; whole lines in lower case."""
    box_opening: re.Pattern[str]
    """Any of their beginnings."""
    heads: frozenset[str]
    """Lines that head a list of links where others follow at once; trimmed, in lower case."""
    narration: frozenset[str]
    """Words of sentences that tell a story."""
    imperatives: frozenset[str]
    appeal: Appeal
    mastheads: frozenset[str]
    """Names of publications, in lower case."""
    sections: frozenset[str]
    """Names of desks, in lower case."""
    kin: frozenset[str]
    """Words that several of the known lines hold, in lower case."""
    lead_ins: frozenset[str]
    """What a page calls the other things it offers, before their title."""
    points: frozenset[str]
    """What heads the main points above a text, in lower case."""
    spoken_to: frozenset[str]
    """Words for whom an interview's questions are put to."""
    tags: re.Pattern[str]
    tag_heads: frozenset[str]
    """What stands alone above a list of tags, in lower case."""
    agency: re.Pattern[str]
    correction: re.Pattern[str]
    closer: re.Pattern[str]
    """How a wire story ends; in lower case."""

    def may_be_glued(self, text: str) -> bool:
        """A cheap test for `glued`."""
        return any(map(text.__contains__, self.glued_hints))

    def narrates(self, lowered: str, *, related: bool = False) -> bool:
        """Whether a line in lower case is a sentence that tells something, though it begins as the page's own lines do.

        Among what only heads links to other articles (`related`), every sentence is one.
        """
        if lowered[-1] not in '.!?"”»' or lowered.count(" ") < _SENTENCE_WORDS - 1:
            return False
        return related or not self.narration.isdisjoint(lowered.replace(",", " ").replace(".", " ").split())

    def rule_of(self, text: str) -> str:
        """The rule that drops the line `text`, or an empty string."""
        return _rule(self, text) if len(text) <= _LONGEST else ""


@lru_cache(maxsize=2048)
def _rule(phrases: Phrases, text: str) -> str:
    # A dotted capital I becomes two characters.
    lowered = text.lower().replace("i\u0307", "i")
    if "new " in lowered[-_TAB:]:
        lowered = _TAB_NOTE.sub("", lowered)
    if not lowered:
        return "boilerplate"
    rule = phrases.lines.get(lowered.strip(_TRIM)) or ("boilerplate" if _LEAD_IN.match(text) and text[-1] != "." else "")
    if rule:
        return rule
    if phrases.custom is not None and phrases.custom.fullmatch(text):
        return "settings"
    rule = phrases.patterns.name_of(lowered).replace("_", "-")
    if rule:
        return "" if phrases.narrates(lowered, related=rule == "related") else rule
    if phrases.contained_hints.stand_in(lowered):
        for name, contents in phrases.contained:
            if any(phrase in lowered for phrase in contents):
                return name
    return _menu_rule(phrases, text, lowered)


def _menu_rule(phrases: Phrases, text: str, lowered: str) -> str:
    """The rule for a trail, `Home > World`, and for a menu in one line."""
    for mark in _BREADCRUMB_MARKS:
        if mark in lowered:
            if _BREADCRUMBS.fullmatch(lowered):
                return "navigation"
            break
    if text[-1] not in ".!?" and lowered.count(" ") >= _MENU_SPACES:
        # A menu in one line: most of its words are names of desks or of the page's parts.
        words = lowered.split()
        known = sum(word in phrases.sections or phrases.lines.get(word) in _MENU_RULES for word in words)
        return "navigation" if known * 5 >= len(words) * 3 else ""
    return ""


_TAB: Final = 12
_TAB_NOTE = re.compile(r",? ?\(?opens in (?:a )?new (?:window|tab)\)?$|,? ?opens new tab$")
_MENU_SPACES: Final = 3
_MENU_RULES: Final = frozenset({"navigation", "share"})
# `Read moreFrom ashes to splendour`: the invitation and the title of another article, without a space between.
_LEAD_IN = re.compile(
    r"(?:Read more|Read also|Also read|See also|Related|Watch|Watch more|Lire aussi|À lire aussi|Lire la suite"
    r"|Lesen Sie auch|Mehr lesen|Lee también"
    r"|Leer más|Leia também|Leia mais|Leggi anche|Continue reading|Explore more|More on this)(?=[A-ZÀ-Þ\"\u201c\u00ab\u2018])"
)


_BREADCRUMB_MARKS: Final = tuple("|>»›·•")
_BREADCRUMBS = re.compile(r"(?:[^.!?|>»›·•]|\.(?=\w)){1,40}(?:[|>»›·•][^.!?|>»›·•]{1,40}){2,20}(?:[>»›][^.!?|>»›·•]{1,160})?")


@by_knowledge()
def _table() -> Mapping[str, Any]:
    return knowledge("boilerplate")


def _lines_of(rule: str) -> list[str]:
    return [line.strip(_TRIM) for line in _table()[rule]["lines"].lower().splitlines() if line.strip()]


def _lines_kept(table: dict[str, Any]) -> list[str]:
    return [line.strip() for line in table["lines"].lower().splitlines() if line.strip()]


@by_knowledge(8)
def phrases_for(extra: tuple[str, ...] = ()) -> Phrases:
    """The phrases with `extra`, regular expressions from the settings, as boilerplate of their own."""
    table = _table()
    lines: dict[str, str] = {}
    for rule in _RULES:
        for line in _lines_of(rule):
            lines.setdefault(line, rule)
    # In lower case, not with IGNORECASE: Python then skips an alternative whose first letter differs at once.
    contributors = [
        text.replace("{names}", f"(?P<names{number}>[^\\n]{{2,120}}?)")
        for number, text in enumerate(table["agency"]["patterns"])
    ]
    glued = sorted(table["glued"]["phrases"], key=len, reverse=True)
    return Phrases(
        lines=lines,
        patterns=Alternatives([(rule.replace("-", "_"), table[rule]["patterns"]) for rule in _RULES], end="[.!\u2026:]*"),
        contained=tuple((rule, tuple(table[rule]["contained"])) for rule in _RULES if "contained" in table[rule]),
        contained_hints=Hints(_shared_hints([text for rule in _RULES for text in table[rule].get("contained", ())])),
        custom=re.compile(_any_of(extra), re.IGNORECASE) if extra else None,
        glued=re.compile("|".join(re.escape(phrase) for phrase in glued)),
        glued_hints=_hints(glued),
        boxes=tuple((re.compile(box["from"]), re.compile(box["to"])) for box in table["boxes"]["between"]),
        box_opening=re.compile(_any_of([box["from"] for box in table["boxes"]["between"]])),
        heads=frozenset(_words_of(table["related"]["heads"])),
        narration=frozenset(table["narration"]["words"].split()),
        imperatives=frozenset(table["imperatives"]["words"].split()),
        appeal=Appeal(
            frozenset(table["appeal"]["verbs"].split()),
            _words_pattern(table["appeal"]["strong"]),
            _words_pattern(table["appeal"]["weak"]),
            _words_pattern(table["appeal"]["address"]),
            Hints(_literal(word) for word in table["appeal"]["strong"]),
            Hints(_literal(word) for kind in ("strong", "weak") for word in table["appeal"][kind]),
        ),
        mastheads=frozenset(_words_of(table["mastheads"]["names"].lower())),
        sections=frozenset(_words_of(table["sections"]["words"].lower())),
        kin=_kin(lines),
        lead_ins=frozenset(table["lead-ins"]["words"].split()),
        points=frozenset(_words_of(table["points"]["heads"].lower())),
        spoken_to=frozenset(table["questions"]["address"].split()),
        tags=re.compile(rf"(?P<word>{_any_of(table['tags']['words'])}\s*[:：])\s*(?P<names>\S.*)", re.IGNORECASE),
        tag_heads=frozenset(table["tags"]["words"]) - frozenset(_words_of(table["tags"]["no_heads"])),
        agency=re.compile(rf"{_any_of(contributors)}\.?", re.IGNORECASE),
        closer=re.compile(
            _any_of([*map(re.escape, _lines_kept(table["wire-closer"])), *table["wire-closer"]["patterns"]])
        ),
        correction=re.compile(
            rf"{_any_of(table['correction']['words'])}(?:\s\([^)]{{1,40}}\))?\s*[:：]\s*\S.*", re.IGNORECASE
        ),
    )


def _kin(lines: Iterable[str]) -> frozenset[str]:
    """The words of `lines` that two at the least hold beside others."""
    counts = Counter(word for line in lines if " " in line for word in set(line.split()))
    return frozenset(word for word, count in counts.items() if count > 1)


def _hints(phrases: Sequence[str]) -> tuple[str, ...]:
    """The fewest ends of `phrases` of which one stands in every text with a phrase."""
    # The end of a phrase is rarer in prose than its first word, and phrases share it.
    return Hints(phrase[-_HINT:] for phrase in phrases).pieces


def _shared_hints(phrases: Sequence[str]) -> tuple[str, ...]:
    """A few short pieces of `phrases` of which one stands in every text with a phrase: first what most of them share."""
    hints: list[str] = []
    left = list(dict.fromkeys(phrases))
    while left:
        pieces = Counter(piece for phrase in left for piece in _pieces(phrase))
        # Without a space: what is cut out of a word is rarer than what stands between two.
        hint = min(pieces, key=lambda piece: (-pieces[piece], " " in piece, piece))
        hints.append(hint)
        left = [phrase for phrase in left if hint not in phrase]
    return tuple(hints)


def _pieces(phrase: str) -> set[str]:
    """All stretches of a phrase as long as a shared hint, or the phrase itself where it is shorter."""
    return {phrase[start : start + _SHARED] for start in range(max(1, len(phrase) - _SHARED + 1))}


def _any_of(patterns: Sequence[str]) -> str:
    return "(?:" + "|".join(f"(?:{text})" for text in patterns) + ")" if patterns else "(?!)"


def _literal(pattern: str) -> str:
    """The longest stretch that stands in every text which `pattern` matches."""
    bare = re.sub(r"\\[^wS]", "\0", pattern)
    bare = re.sub(r"\([^()]*\)\??|\[[^\]]*\]|\\[wS][*+]|.\?", "\0", bare)
    return max(bare.split("\0"), key=len)


def _words_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Whole words, or in scripts without spaces between words pieces of text."""
    spaced = [word for word in words if word[0].isascii() or "\u00c0" <= word[0] < "\u0600"]
    joined = [word for word in words if word not in set(spaced)]
    return re.compile(rf"\b(?:{'|'.join(spaced)})(?!\w)" + (f"|(?:{'|'.join(joined)})" if joined else ""))


_GLUED_BEFORE_COLON: Final = ("image", "images", "photo", "foto", "bild", "credit", "imagen", "immagine", "crédit", "getty")


class CreditPatterns(Struct, frozen=True):
    """How captions end with a credit, and begin."""

    words: frozenset[str]
    """The credit words, in lower case."""
    before_colon: tuple[str, ...]
    """What a credit's colon stands behind, in lower case."""
    before_name: tuple[str, ...]
    """The credit words that need no colon, `photo by `, in lower case."""
    in_parentheses: re.Pattern[str]
    after_colon: re.Pattern[str]
    opening: re.Pattern[str]
    leader: re.Pattern[str]
    """What copying glues before a caption."""
    trailer: re.Pattern[str]
    """What copying glues behind one."""
    trailer_ends: tuple[str, ...]
    """The last letters of every text that `trailer` matches; a cheap test."""
    sources: frozenset[str]
    """What opens a credit, in lower case: `image source`."""
    label_starts: frozenset[str]
    """The first letters of those, and of what opens captions so."""


@by_knowledge()
def credit_patterns() -> CreditPatterns:
    """The patterns for the credit words of all languages."""
    table = _table()["credit"]
    listed = sorted(_words_of(table["words"]), key=len, reverse=True)
    words = _any_of([re.escape(word) for word in listed])
    openings = _any_of([re.escape(word) for word in _words_of(table["openings"])])
    sources, captions = (_words_of(_table()[f"picture-{kind}"]["lines"]) for kind in ("source", "caption"))
    labels = _any_of([re.escape(word) for word in sorted((*sources, *captions), key=len, reverse=True)])
    wide = _any_of([re.escape(word.rstrip("/／:：")) for word in listed if is_wide(word)])
    mark = rf"(?:{words}\s*(?:[:：]|(?<=by)\s)|{wide}\s?[/／=＝]|\b(?:fot|foto|ph|phot|abb|kuva|φωτ)\.\s)"
    return CreditPatterns(
        frozenset(listed),
        (*listed, *(word.rstrip("/／:：") for word in listed if is_wide(word)), *_GLUED_BEFORE_COLON),
        tuple(f"{word} " for word in listed if word.endswith("by")),
        re.compile(
            rf"(?P<open>[(（\[])\s*(?P<word>{mark}|©)\s*(?P<credit>[^()（）\[\]]{{1,140}}(?:\([^()]{{1,60}}\)[^()]{{0,60}})?)[)）\]]\.?$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<word>(?<![^\W\d_]){mark}|"
            rf"(?-i:(?<=[a-zà-ÿ)\d])(?:Image|Images|Photo|Foto|Bild|Credit|Imagen|Immagine|Crédit|Getty)\s?[:：])|"
            rf"\bcredit\.\.\.|(?<=[.!?\"\u201d)])(?:photo |image )?credit:|©)\s*"
            rf"(?P<credit>[^:：!?()（）]{{2,90}}(?:\([^()]{{1,60}}\))?)\.?$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<word>{openings}\s*[:：]|[,،]?{labels}\s*[,،，、:：]|"
            rf"image (?:caption|source|copyright)\s(?=\S)|media caption\s(?=\S))\s*(?=\S)",
            re.IGNORECASE,
        ),
        re.compile(rf"{_any_of(table['leaders'])}\s*(?=\S)", re.IGNORECASE),
        re.compile(rf"(?<=\S)\s*{_any_of(table['trailers'])}$", re.IGNORECASE),
        ("ights", "tab", "creen", "aption", "mage"),
        frozenset(sources),
        frozenset(word[:_LABEL_START] for word in (*sources, *captions)),
    )


def _words_of(text: str) -> list[str]:
    return [word.strip() for word in text.replace("\n", "|").split("|") if word.strip()]
