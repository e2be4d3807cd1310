"""Bylines become people and agencies; capitals are undone as a person writes a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sitegen.readers.agencynames import agency_name, is_agency
from sitegen.readers.capitals import NEVER_IN_NAMES, undo_capitals
from sitegen.readers.dates import DateReading, DateRules, find_dates
from sitegen.readers.joinednames import parted_names
from sitegen.readers.nametables import is_paper, is_short_paper, name_tables
from sitegen.readers.spans import Span
from sitegen.readers.stampwords import trailing_stamp_word

# The two ways to a name stand side by side for the other readers.
__all__ = ["Byline", "opens_byline", "read_byline", "read_people", "undo_capitals"]

_LONGEST: Final = 240
_SHORT_NOTE: Final = 3
_EMAIL = re.compile(r"[<(\[]?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}[>)\]]?|(?<!\w)@\w{2,40}")
# `Jane Doe on 3 May 2020`: what joins the date to the names.
_JOINTS: Final = (" on ", " am ", " le ", " el ", " em ", " il ", " den ")
_NOTED = re.compile(r"\s*(\([^()]{2,60}\))\s*")
_WEBSITE = re.compile(r"\s+(?P<word>for|FOR|For)\s+(?P<name>(?:the\s+|THE\s+|The\s+)?[A-Z][\w.' -]{2,40})$")
_DIGIT = re.compile(r"\d")
# `Jane DoeStaff Writer`, as copying leaves them.
_GLUED_ROLE = re.compile(r"(?<=[a-zà-ÿ])(?=(?:Staff|Senior|Chief|Reporter|Correspondent|Editor|Columnist|Contributor|Special to)\b)")
# Where something was cut out of a byline; no cleaned text holds this character.
_CUT: Final = "\x00"
_SPLIT = re.compile(r"\s*([,;|/•·\t\x00]|&|\s[-\u2013\u2014]\s|\u3001|\u060c)\s*")
_UPPER_OR_CASELESS = re.compile(r"[^\W\d_]")
# Letters with their vowel signs, which are no letters to Python; no digits, quotes or other punctuation.
_NAME_TOKEN = re.compile(r"[^\s\d,;:!?()\[\]{}<>@#%*+=|\\/\"\u201c\u201d\u00ab\u00bb_&\u2026]+,?")


class Byline(Struct, frozen=True):
    """A byline taken apart: its spans cover all of it, in order."""

    spans: tuple[Span, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """The names, as a person writes them."""
        return tuple(span.shown for span in self.spans if span.fate == "person")

    @property
    def agencies(self) -> tuple[str, ...]:
        """The wire services named."""
        return tuple(span.shown for span in self.spans if span.fate == "agency")


def read_byline(text: str, rules: DateRules, *, word_needed: bool = True) -> Byline | None:
    """The byline that `text` is, or None where it is something else: a sentence that begins with `By`, say."""
    if len(text) > _LONGEST:
        return None
    opening = _opening(text)
    if opening is None and word_needed:
        return None
    rest = text[opening.end() :] if opening else text
    stamp = _last_date(rest, rules)
    names, tail = (rest, "") if stamp is None else (rest[: stamp.start], rest[stamp.end :])
    joint = next((word for word in _JOINTS if names.endswith(word)), "") if stamp else ""
    names = names.removesuffix(joint)
    # `Jane Doe - May 3, 2019`
    names = names.rstrip().rstrip("-\u2013\u2014") if stamp else names
    start = trailing_stamp_word(names) if stamp else -1
    label = names[start:].strip() if start >= 0 else ""
    names = names[:start] if label else names
    found = _read_people(names)
    if found is None or (opening is None and not _is_sure(found)):
        return None
    if opening is not None and opening[0].strip(" :").lower() in _FRENCH:
        found = tuple(map(_with_small_particle, found))
    spans = list(found) if opening is None else [Span(opening[0].strip(), "marker"), *found]
    if stamp is not None:
        if label:
            spans.append(Span(label, "marker"))
        if joint:
            spans.append(Span(joint.strip(), "marker"))
        phrase = rest[stamp.start : stamp.end].strip()
        spans.append(Span(phrase, "stamp", moment=stamp.moment, ambiguous=stamp.ambiguous))
        spans += _left_over(tail)
    return Byline(tuple(spans))


_FRENCH: Final = frozenset({"par", "propos recueillis par", "texte de"})
# `Par Le Monde avec AFP` names a newspaper.
_FRENCH_ARTICLES: Final = ("Le ", "La ", "Les ", "L'", "L\u2019")
_NOBLE = re.compile(r"(?<=\s)D(?=['\u2019][^\W\d_])")


def _with_small_particle(span: Span) -> Span:
    """`HÉLÈNE D'ARCY` in a French byline as `Hélène d'Arcy`; in others the D keeps its capital. A newspaper is nobody."""
    if span.fate == "person" and span.text.startswith(_FRENCH_ARTICLES):
        return Span(span.text, "drop", rule="byline-affiliation")
    if span.fate != "person" or not span.text.isupper():
        return span
    return Span(span.text, "person", value=_NOBLE.sub("d", span.shown))


def _is_sure(found: Sequence[Span]) -> bool:
    """Whether names without a byline's word are one: an agency is among them, and nothing that reads like a sentence."""
    noted = any(span.rule == "byline-note" and span.text.count(" ") > _SHORT_NOTE for span in found)
    return not noted and any(span.fate == "agency" for span in found)


def opens_byline(text: str) -> bool:
    """Whether `text` begins with a byline's word; a sentence may too."""
    return _opening(text) is not None


def _opening(text: str) -> re.Match[str] | None:
    if not text[:1].isalpha():
        return None
    tables = name_tables()
    head = text[:4].lower()
    if head.isascii():
        # Cheap tests, as hardly a line begins so; letters beyond ASCII have more forms than a small and a large one.
        if head[:2] not in tables.opening_pairs and head[:1] not in tables.opening_pairs:
            return None
        starts = tables.opening_starts
        if not (head in starts or head[:3] in starts or head[:2] in starts or head[:1] in starts):
            return None
    return tables.byline_opening.match(text)


def read_people(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People and agencies of a list of names without a byline word, as front matter and exports give it."""
    spans = _read_people(text) or (Span(text.strip(), "person"),)
    byline = Byline(spans)
    return byline.people, byline.agencies


def _last_date(text: str, rules: DateRules) -> DateReading | None:
    if _DIGIT.search(text) is None:
        return None
    return next((date for date in find_dates(text, rules) if date.moment.precision != "year" or date.ambiguous), None)


def _left_over(tail: str) -> list[Span]:
    rest = tail.strip(" \t|,;•·-\u2013\u2014()")
    if not rest:
        return [Span(tail.strip(), "marker")] if tail.strip() else []
    return [Span(tail.strip(), "drop", rule="byline-note")]


def _read_people(text: str) -> tuple[Span, ...] | None:
    """Spans for the part of a byline that holds names, or None where it holds none."""
    spans: list[Span] = []
    contacts = _EMAIL.findall(text) if "@" in text else []
    for contact in contacts:
        text = text.replace(contact, f" {_CUT} ", 1)
    if "(" in text:
        text = _NOTED.sub(rf" {_CUT} \1 {_CUT} ", text)
    pieces = _pieces(_GLUED_ROLE.sub(_CUT, text))
    if _is_last_first(text, pieces):
        return (*_last_first(text), *(Span(contact, "drop", rule="byline-contact") for contact in contacts))
    for piece in pieces:
        if piece == _CUT:
            continue
        if piece in _PUNCTUATION or piece.lower() in name_tables().connectors:
            spans.append(Span(piece, "marker"))
            continue
        follows_name = any(span.fate != "marker" for span in spans)
        joined_on = bool(spans) and spans[-1].fate == "marker" and spans[-1].text not in (",", "/", "|", "-")
        read = _read_piece(piece, first=not follows_name, joined=joined_on)
        if read is None:
            return None
        if len(read) == 1 and read[0].rule == "suffix" and _joins(spans):
            name = next(index for index in reversed(range(len(spans))) if spans[index].fate == "person")
            person = spans[name]
            joined = f"{person.shown}, {read[0].shown}"
            spans[name:] = [Span(f"{person.text}, {piece}", "person", value=joined)]
            continue
        spans += read
    spans += [Span(contact, "drop", rule="byline-contact") for contact in contacts]
    meaningful = [span for span in spans if span.fate != "marker"]
    return tuple(spans) if meaningful else None


_PUNCTUATION: Final = frozenset({_CUT, ",", ";", "|", "/", "•", "·", "&", "-", "\u2013", "\u2014", "\u3001", "\u060c", "ו"})


def _joins(spans: list[Span]) -> bool:
    return any(span.fate == "person" for span in spans)


def _pieces(text: str) -> list[str]:
    """Names, roles and places, with the punctuation and the connectors between them."""
    parts: list[str] = []
    for part in _SPLIT.split(text.strip()):
        words = part.split()
        start = 0
        for index, word in enumerate(words):
            if _connects(words, index):
                if index > start:
                    parts.append(" ".join(words[start:index]))
                parts.append(word)
                start = index + 1
        if start < len(words):
            parts.append(" ".join(words[start:]))
        elif part.strip() in _PUNCTUATION and not words:
            parts.append(part.strip())
    return [name for part in parts if part.strip() for name in parted_names(part)]


def _connects(words: list[str], index: int) -> bool:
    """Whether a word joins two people; `Ortega y Gasset` is one name, for no given name follows the `y`."""
    word = words[index]
    if word.lower() not in name_tables().connectors:
        return False
    if len(word) == 1:
        alone = len(words) - index == 2 and is_agency(words[-1])
        return word.islower() and index > 0 and (len(words) - index > 2 or alone)
    # `Jane Doe And John Roe`, as a database writes all words; `Und` or `Et` may be the name of a place.
    return word.islower() or word == "And" or (word.isupper() and index > 0)


def _read_piece(piece: str, *, first: bool, joined: bool = False) -> tuple[Span, ...] | None:
    """What one part of a byline is; None where it shows that this is no byline."""
    tables = name_tables()
    bare = piece.strip(" .()[]")
    words = bare.split()
    if not bare:
        return (Span(piece, "marker"),)
    if piece[0] == "(" and piece[-1] == ")":
        return _in_parentheses(piece, bare, first=first)
    if bare.lower() in tables.suffixes:
        return (Span(piece, "drop", value=undo_capitals(piece), rule="suffix"),)
    divided = _agency(piece, bare) if is_agency(bare) else _with_affiliation(piece) or _with_place(piece, first=first)
    if divided is not None:
        return divided
    if any(word.lower() in tables.roles for word in words):
        return _role(piece, words, may_name=first or joined)
    return _name(piece, first=first, may_be_place=not first and not joined and len(words) == 1)


def _in_parentheses(piece: str, bare: str, *, first: bool) -> tuple[Span, ...] | None:
    """`(AFP)`, `(with AFP)`, or a note behind a name."""
    head, _, service = bare.partition(" ")
    if head.lower() in name_tables().connectors and is_agency(service):
        return (Span(f"({head}", "marker"), *_agency(f"{service})", service))
    if is_agency(bare):
        return _agency(piece, bare)
    return None if first else (Span(piece, "drop", rule="byline-note"),)


def _name(piece: str, *, first: bool, may_be_place: bool) -> tuple[Span, ...] | None:
    """A person; a single capitalised word after a name and a comma is rather a place."""
    if not first and piece.count(" ") and piece.rpartition(" ")[2].strip(".").lower() in name_tables().employers:
        return (Span(piece, "drop", rule="byline-affiliation"),)
    if not first and piece.strip(" .").casefold() in name_tables().towns:
        return (Span(piece, "drop", rule="byline-place"),)
    divided = _divided(piece)
    if divided:
        return divided
    person = _person(piece)
    if person is None:
        return None if first else (Span(piece, "drop", rule="byline-note"),)
    if (may_be_place and piece.strip()[:1].isupper()) or _is_from(piece, first=first):
        return (Span(piece, "drop", rule="byline-place"),)
    return (person,)


def _divided(piece: str) -> tuple[Span, ...]:
    """A name and what stands behind it without a sign, a place or a paper; empty where nothing does."""
    words = piece.split()
    place = _place_behind(words)
    named = _person(" ".join(words[:-place])) if place else None
    if named is not None:
        return (named, Span(" ".join(words[-place:]), "drop", rule="byline-place"))
    for cut in (len(words) - 1, len(words) - 2):
        employer = " ".join(words[cut:]) if cut > 1 else ""
        if (
            employer
            and not piece.isupper()
            and (is_paper(employer) or (cut == len(words) - 1 and is_short_paper(employer)))
        ):
            named = _person(" ".join(words[:cut]))
            if named is not None:
                return (named, Span(employer, "drop", rule="byline-affiliation"))
    return ()


def _place_behind(words: Sequence[str]) -> int:
    """How many words at the end are a place, as `JANE DOE Barcelona` has one behind a name in capitals; 0 for none."""
    count = 0
    while count < len(words) and words[-1 - count][:1].isupper() and not words[-1 - count].isupper():
        count += 1
    names = words[: len(words) - count]
    capital = len(names) > 1 and all(word.isupper() and len(word) > 1 for word in names)
    return count if 0 < count <= _PLACE_WORDS and capital else 0


_PLACE_WORDS: Final = 2


def _is_from(piece: str, *, first: bool) -> bool:
    """`de Lisboa` behind a name and a comma; `van der Berg` alone is no part of a byline."""
    head, _, rest = piece.partition(" ")
    return not first and head in _FROM and " " not in rest


_FROM: Final = frozenset({"de", "da", "do", "di", "aus", "from", "desde", "à", "a"})


def _with_affiliation(piece: str) -> tuple[Span, ...] | None:
    """`Jane Doe of the Associated Press`; after `de` or `von` only an agency is one, for names have those too."""
    match = name_tables().affiliation.search(piece) or _WEBSITE.search(piece)
    person = _person(piece[: match.start()]) if match else None
    if match is None or person is None:
        return None
    name, word = match["name"], match["word"].strip()
    if is_agency(name):
        return (person, Span(word, "marker"), *_agency(name, name))
    if word.split()[0].lower() not in ("of", "for", "with"):
        return None
    return (person, Span(word, "marker"), Span(name, "drop", rule="byline-affiliation"))


def _with_place(piece: str, *, first: bool) -> tuple[Span, ...] | None:
    """`Jane Doe in Rome`."""
    match = name_tables().place.search(piece)
    if match is None:
        return None
    before = piece[: match.start()].strip()
    if not before:
        return (Span(piece, "drop", rule="byline-place"),)
    inner = _read_piece(before, first=first)
    return None if inner is None else (*inner, Span(piece[match.start() :].strip(), "drop", rule="byline-place"))


def _role(piece: str, words: list[str], *, may_name: bool) -> tuple[Span, ...]:
    """`Jane Doe Science Correspondent` is a name and a role; `Science Correspondent` a role alone."""
    tables = name_tables()
    end = len(words)
    last = words[-1].lower()
    while end and (words[end - 1].lower().strip(".,") in tables.roles or words[end - 1].lower() in tables.desks):
        end -= 1
    name = " ".join(words[:end])
    for cut in range(len(words) - 1, 0, -1):
        if is_agency(" ".join(words[:cut])):
            agency = " ".join(words[:cut])
            return (*_agency(agency, agency), Span(" ".join(words[cut:]), "drop", rule="byline-role"))
    group = last in tables.collectives
    enough = end >= 2 or (end == 1 and not name.isascii() and not name[0].isupper() and not name[0].islower())
    person = _person(name) if enough and may_name and not group else None
    if person is None or end == len(words):
        return (Span(piece, "drop", rule="byline-role"),)
    return (person, Span(" ".join(words[end:]), "drop", rule="byline-role"))


def _agency(piece: str, name: str) -> tuple[Span, ...]:
    article = re.match(r"(?:the|die|der|la|l')\s+", name, re.IGNORECASE)
    bare = name[article.end() :] if article else name
    return (Span(piece, "agency", value=agency_name(bare)),)


def _person(piece: str) -> Span | None:
    """A person's name: one to six words, capitalised where the script has capitals, particles apart."""
    text = piece.strip().strip(".:").strip() if not piece.strip().lower().endswith((" jr.", " sr.")) else piece.strip()
    words = text.split()
    if not 1 <= len(words) <= 6 or not all(_NAME_TOKEN.fullmatch(word) for word in words):
        return None
    capitalised = 0
    for word in words:
        letter = _UPPER_OR_CASELESS.search(word)
        if letter is None or word.lower() in NEVER_IN_NAMES:
            return None
        if letter[0].isupper() or not letter[0].islower():
            capitalised += 1
        elif word.lower() not in name_tables().particles and not word.lower().startswith(
            ("d'", "d\u2019", "al-", "el-", "l'")
        ):
            return None
    return Span(piece.strip(), "person", value=undo_capitals(text)) if capitalised else None


def _is_last_first(text: str, pieces: list[str]) -> bool:
    """`Last, First; Last, First`: every part between semicolons has exactly one comma."""
    if ";" not in text:
        return False
    parts = [part for part in text.split(";") if part.strip()]
    return (
        bool(parts) and all(part.count(",") == 1 and _person(part.replace(",", " ")) for part in parts) and bool(pieces)
    )


def _last_first(text: str) -> tuple[Span, ...]:
    spans = []
    for part in text.split(";"):
        if part.strip():
            last, first = part.split(",")
            spans.append(Span(part.strip(), "person", value=undo_capitals(f"{first.strip()} {last.strip()}")))
    return tuple(spans)
