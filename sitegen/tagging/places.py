"""Which places an article is about, by the names in its headline and body."""

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from sitegen.tagging.gazetteer import Forms, Gazetteer, Homonym, folded, load_gazetteer, spaced_words

__all__ = ["MOST", "Gazetteer", "find_places", "load_gazetteer"]

MOST = 5

# Stands around headline and paragraphs: no name is read across it, and every name has a sign on either side.
_FENCE = "\f"
_WORD = re.compile(r"\w+")
_NONE: frozenset[str] = frozenset()

# A stretch of text that is a known name: start, end, name, id. A plain tuple, as an article has dozens of them.
_Mention: TypeAlias = tuple[int, int, str, str]


class _Article(NamedTuple):
    """An article as one string, and what a doubtful name is judged by; before ``names_begin`` capitals tell nothing."""

    text: str
    names_begin: int
    words: Mapping[str, frozenset[str]]
    evidence: Counter[str]


def find_places(title: str, paragraphs: Sequence[str], *, language: str) -> tuple[str, ...]:
    """The places named in the headline or twice in the body, at most five, the most mentioned first.

    Names are in the article's language as its news says them (``Turkey``, ``United States``, ``Gaza``). The language is
    a BCP 47 tag; of one that is not reviewed only the names in CLDR are known, of an unknown one nothing.
    """
    gazetteer = load_gazetteer(language)
    headline = _recased(title, language) if title.isupper() else title
    text = folded(_FENCE.join(("", headline, *paragraphs, "")).replace("\n", " "))
    mentions = _without_towns(_mentions(text, gazetteer), text, gazetteer)
    if not mentions:
        return ()
    headline_end = text.index(_FENCE, 1)
    placed = _placed(mentions, text, headline_end, gazetteer)
    return tuple(gazetteer.names[place] for place in _ranked(placed, headline_end, gazetteer.names))


def _mentions(text: str, gazetteer: Gazetteer) -> list[_Mention]:
    """All names in the text, decoys and evidence among them; of overlapping ones the first, then the longest."""
    joins = _is_katakana if gazetteer.starts else str.isalnum
    mentions: list[_Mention] = []
    done = 0
    for start, forms in _candidates(text, gazetteer):
        if start < done:
            continue
        for form, length, place in forms:
            end = start + length
            if text.startswith(form, start) and not (joins(text[end]) and joins(text[end - 1])):
                mentions.append((start, end, form, place))
                done = end
                break
    return mentions


def _candidates(text: str, gazetteer: Gazetteer) -> list[tuple[int, Forms]]:
    """Where a name may begin, and the names that may: at certain words, or without words at certain characters."""
    index = gazetteer.index
    candidates: list[tuple[int, Forms]] = []
    if gazetteer.starts:
        for found in gazetteer.starts.finditer(text):
            end = found.end()
            length, bare, tails = index[found[0]]
            candidates.append((end - length, tails.get(text[end : end + 2], bare)))
        return candidates
    spaced = spaced_words(text)
    end = 0
    for word in filter(index.__contains__, spaced.split(" ")):
        end = spaced.index(f" {word} ", end) + len(word) + 1
        length, bare, tails = index[word]
        candidates.append((end - length, tails.get(text[end : end + 2], bare)))
    return candidates


def _is_katakana(character: str) -> bool:
    return "ァ" <= character <= "ヺ" or character == "ー"


def _without_towns(mentions: list[_Mention], text: str, gazetteer: Gazetteer) -> list[_Mention]:
    """The mentions that are not a town's with its state, as in "Lebanon, Tennessee"."""
    states = gazetteer.words.get("town_of", _NONE)
    if states.isdisjoint([place for _, _, _, place in mentions]):
        return mentions
    towns = {
        mention
        for mention, following in pairwise(mentions)
        if following[3] in states and text[mention[1] : following[0]] == ", "
    }
    return [mention for mention in mentions if mention not in towns]


def _placed(mentions: list[_Mention], text: str, headline_end: int, gazetteer: Gazetteer) -> list[_Mention]:
    """The mentions that mean what their name says, in the order of the text."""
    homonyms = gazetteer.homonyms
    if homonyms.keys().isdisjoint([form for _, _, form, _ in mentions]):
        return mentions
    placed = [mention for mention in mentions if mention[2] not in homonyms]
    evidence = Counter([place for _, _, _, place in placed])
    doubtful: dict[str, list[_Mention]] = {}
    for mention in mentions:
        if mention[2] in homonyms:
            doubtful.setdefault(mention[2], []).append(mention)
    names_begin = headline_end if _capitalises_all(text[1:headline_end]) else 0
    article = _Article(text, names_begin, gazetteer.words, evidence)
    for form, uses in doubtful.items():
        placed += _read(uses, homonyms[form], article)
    return sorted(placed)


def _read(uses: list[_Mention], homonym: Homonym, article: _Article) -> list[_Mention]:
    """Those uses of a name with a second meaning that are the place's, judged by the whole article."""
    place = uses[0][3]
    own = _weight((place, f"{place}?"), article)
    if _weight(homonym.elsewhere, article) > own:
        return []
    places = [use for use in uses if not _is_person(use, homonym, article)]
    against = _weight(homonym.against, article) + (len(uses) - len(places) if homonym.family else 0)
    needed = max(against, homonym.backed)
    if own < needed and not homonym.elsewhere:
        # "in Jordan" is no person and no bird, but it may well be another Georgia.
        sure = article.words.get("sure", _NONE)
        own += sum(_word_before(use, article) in sure for use in places)
    return places if own >= needed else []


def _weight(ids: Sequence[str], article: _Article) -> int:
    """How often the article names something that has one of these ids, beyond doubt."""
    return sum(article.evidence[each] for each in ids)


def _is_person(use: _Mention, homonym: Homonym, article: _Article) -> bool:
    """Whether the words around a name make it a part of a person's."""
    start, end, _, _ = use
    if not (homonym.given or homonym.family) or start < article.names_begin:
        return False
    if homonym.given and article.text[end] == " ":
        following = _WORD.match(article.text, end + 1)
        if following and following[0][0].isupper() and following[0] not in article.words.get("followers", _NONE):
            return True
    before = _word_before(use, article) if homonym.family else ""
    if before.endswith("."):
        return before in article.words.get("titles", _NONE) or (len(before) == 2 and before[0].isupper())
    return before[:1].isupper() and before[-1].isalnum() and before not in article.words.get("openers", _NONE)


def _word_before(use: _Mention, article: _Article) -> str:
    """The word before a name if only a space is between, without an opening quote or bracket."""
    start, text = use[0], article.text
    if text[start - 1] != " ":
        return ""
    return text[max(0, start - 30) : start - 1].rpartition(" ")[2].rpartition(_FENCE)[2].lstrip("\"'([")


def _capitalises_all(headline: str) -> bool:
    """Whether a headline capitalises all words, so that a capital in it tells nothing of names."""
    return not any(word[0].islower() for word in headline.split() if len(word) > 4)


def _ranked(mentions: list[_Mention], headline_end: int, names: Mapping[str, str]) -> list[str]:
    """The ids of the places that count, the most mentioned first; the headline's have the first claim."""
    counts = Counter([place for _, _, _, place in mentions])
    first = {place: start for start, _, _, place in reversed(mentions)}
    named = [place for place in counts if place in names and (counts[place] > 1 or first[place] < headline_end)]
    named.sort(key=lambda place: (first[place] >= headline_end, -counts[place], first[place]))
    return sorted(named[:MOST], key=lambda place: (-counts[place], first[place]))


def _recased(title: str, language: str) -> str:
    """A headline in capitals, with the names in it as they are usually written."""
    title = folded(title)
    for capitals, form in _capitals(language).items():
        if capitals in title:
            title = re.sub(rf"\b{re.escape(capitals)}(?!\w)", form, title)
    return title


@functools.lru_cache(maxsize=32)
def _capitals(language: str) -> Mapping[str, str]:
    """The names in capitals, the longest first; one that then looks like an everyday word turns into that word.

    "TURKEY" is the country rather than the bird: among names that differ in case only, the capitalised one comes last.
    """
    gazetteer = load_gazetteer(language)
    entries = gazetteer.index.values()
    forms = {form for entry in entries for names in (entry.bare, *entry.tails.values()) for form, _, _ in names}
    return {
        form.upper(): form.lower() if form in gazetteer.everyday else form
        for form in sorted(sorted(forms, reverse=True), key=len, reverse=True)
        if form.upper() != form or form in gazetteer.everyday
    }
