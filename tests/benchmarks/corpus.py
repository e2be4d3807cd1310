"""A deterministic archive of invented news for the benchmarks: `python tests/benchmarks/corpus.py --help`.

Ten years of articles of 350 to 900 words, evenly spread, with two to six tags each that follow Zipf's law. An article
is a function of the seed, its number and the size of the archive, so any of them can be made alone.
"""

from __future__ import annotations

import argparse
import random
import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from pathlib import Path
from typing import Final, Literal, NamedTuple

from corpus_layouts import LAYOUTS, indexes_of, place_of, text_of
from corpus_prose import ADJECTIVES, LONGEST, NOUNS, PLACES, Prose, capitalised, plural

BlockKind = Literal["paragraph", "subhead", "list", "numbers", "quote", "picture"]

TAGS: Final = 500
PICTURES: Final = 40
FEWEST_WORDS: Final = 350
MOST_WORDS: Final = 900
FIRST_DAY: Final = datetime(2015, 1, 1, tzinfo=UTC)
YEARS: Final = timedelta(days=3653)
SOURCES: Final = (
    ("The Elmsea Mercury", 0),
    ("Hartwick Evening Star", 0),
    ("The Calder Sentinel", -300),
    ("Gullhaven Advertiser", 60),
    ("The Orrin Bay Argus", -240),
    ("Pellworth Weekly News", 60),
    ("The Tarnbrook Record", 120),
    ("Rushmere Telegraph", 0),
    ("The Varnmouth Standard", 120),
    ("Bexcombe Independent", -300),
)
"""Publications, with their minutes east of UTC."""
DESKS: Final = ("Home", "World", "Business", "Science", "Arts", "Sport")
_WORD: Final = re.compile(r"[A-Za-z]+\Z")


class Block(NamedTuple):
    """A block of an article; `lines` are a list's items, or one text in Markdown."""

    kind: BlockKind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One invented article, before any layout."""

    number: int
    headline: str
    standfirst: str
    slug: str
    published: datetime
    updated: datetime | None
    authors: tuple[str, ...]
    source: str
    desk: str
    tags: tuple[str, ...]
    picture: str
    """The name of a file in the folder `images`."""
    caption: str
    credit: str
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        """The number of words in the text, without the picture's."""
        return sum(len(line.split()) for block in self.blocks for line in block.lines)


class Newsroom:
    """Writes the articles of one archive of `total` articles."""

    def __init__(self, *, seed: int, total: int) -> None:
        self._seed, self._total = seed, total
        self._prose = Prose(seed)
        self.tags = _tag_names(random.Random(f"{seed}/tags"))
        # Zipf's law: the second most common is half as common as the first, the third a third.
        self._tag_weights = tuple(accumulate(1 / rank for rank in range(1, TAGS + 1)))

    def story(self, number: int, *, new_tags: int = 0) -> Story:
        """Article `number`, later than those before it; `new_tags` are added that no other article has."""
        dice = random.Random(f"{self._seed}/{number}")
        prose = self._prose
        source, minutes = dice.choice(SOURCES)
        share = (number + dice.random() * 0.9) / self._total
        published = (FIRST_DAY + timedelta(seconds=int(share * YEARS.total_seconds()))).astimezone(_zone(minutes))
        updated = published + timedelta(minutes=dice.randint(5, 4_000)) if dice.random() < 0.3 else None
        headline = prose.headline(dice)
        slug = "-".join(re.sub(r"[^a-z0-9 ]", "", headline.lower()).split()[:7])
        caption, _ = dice.choice(prose.pool)
        return Story(
            number=number, headline=headline, standfirst=dice.choice(prose.pool)[0], slug=f"{slug}-{number}",
            published=published, updated=updated, source=source, desk=dice.choice(DESKS),
            authors=tuple(dice.sample(prose.people, 1 if dice.random() < 0.8 else 2)),
            tags=(*self._tags(dice), *(f"Newly coined {number} {extra}" for extra in range(new_tags))),
            picture=f"drawing-{dice.randrange(PICTURES):02}.svg", caption=_without_quotes(caption),
            credit=dice.choice(prose.people), blocks=self._blocks(dice),
        )  # fmt: skip

    def _tags(self, dice: random.Random) -> tuple[str, ...]:
        wanted = dice.randint(2, 6)
        found: dict[str, None] = {}
        while len(found) < wanted:
            found[self.tags[bisect(self._tag_weights, dice.random() * self._tag_weights[-1])]] = None
        return tuple(found)

    def _blocks(self, dice: random.Random) -> tuple[Block, ...]:
        prose = self._prose
        extras = [Block("subhead", (prose.phrase(dice),)) for _ in range(dice.randint(1, 3))]
        if dice.random() < 0.12:
            lines = tuple(prose.phrase(dice) for _ in range(dice.randint(3, 6)))
            extras.append(Block("list" if dice.random() < 0.7 else "numbers", lines))
        if dice.random() < 0.1:
            extras.append(Block("quote", (dice.choice(prose.pool)[0],)))
        words = sum(len(line.split()) for block in extras for line in block.lines)
        paragraphs = self._paragraphs(dice, dice.randint(FEWEST_WORDS + 20, MOST_WORDS - LONGEST) - words)
        _mark_up(dice, paragraphs)
        blocks = [Block("paragraph", (text,)) for text in paragraphs]
        blocks.insert(1, Block("picture", ()))
        # Two subheads never meet, and none is last.
        places = sorted(dice.sample(range(3, len(blocks)), len(extras)), reverse=True)
        for place, block in zip(places, extras, strict=True):
            blocks.insert(place, block)
        return tuple(blocks)

    def _paragraphs(self, dice: random.Random, words: int) -> list[str]:
        """Eight paragraphs or more, of one to four sentences, with at least `words` words and few more."""
        paragraphs: list[str] = []
        while words > 0 or len(paragraphs) < 8:
            sentences = []
            for _ in range(dice.choice((1, 2, 2, 3, 4))):
                text, length = self._prose.pool[int(dice.random() * len(self._prose.pool))]
                sentences.append(text)
                words -= length
                if words <= 0:
                    break
            paragraphs.append(" ".join(sentences))
        return paragraphs


def _mark_up(dice: random.Random, paragraphs: list[str]) -> None:
    """Put links, bold and italic type on one to three plain words here and there."""
    address = f"https://www.example.org/{dice.randint(1, 99)}/{dice.randint(1, 99_999)}"
    marks = [f"[{{}}]({address}/{each})" for each in range(dice.randint(2, 3))]
    marks += ["**{}**"] * dice.randint(0, 2) + ["*{}*"] * dice.randint(0, 2)
    for mark in marks:
        # What is not plain is left alone, so a place may have to be looked for again; few marks find none.
        for _ in range(8):
            if _mark(dice, paragraphs, dice.randrange(len(paragraphs)), mark):
                break


def _mark(dice: random.Random, paragraphs: list[str], place: int, mark: str) -> bool:
    words = paragraphs[place].split(" ")
    start = dice.randrange(1, len(words))
    end = start + dice.randint(1, 3)
    if end >= len(words) or not all(map(_WORD.match, words[start:end])):
        return False
    words[start:end] = [mark.format(" ".join(words[start:end]))]
    paragraphs[place] = " ".join(words)
    return True


def _tag_names(dice: random.Random) -> tuple[str, ...]:
    names = [capitalised(plural(noun)) for noun in NOUNS] + list(PLACES)
    names += [f"{capitalised(adjective)} {plural(noun)}" for adjective in ADJECTIVES for noun in NOUNS[::7]]
    return tuple(dice.sample(names, TAGS))


def _without_quotes(text: str) -> str:
    # A straight quotation mark would end a title in Markdown.
    return text.replace('"', "").replace("“", "").replace("”", "")


def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def write_stories(folder: Path, layout: str, stories: Iterable[Story]) -> int:
    """Write articles below `folder` in one of `LAYOUTS`; the number of bytes written."""
    written = 0
    made: set[Path] = set()
    for story in stories:
        path = folder / place_of(story, layout)
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
            for name, text in indexes_of(story, layout):
                (folder / name).write_text(text, "utf-8")
        written += path.write_bytes(text_of(story, layout).encode())
    return written


def write_pictures(folder: Path) -> None:
    """Write the drawings that the articles show: SVG, so that no library for pictures is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(PICTURES):
        dice = random.Random(f"picture/{number}")
        lines = " ".join(f"L{dice.randrange(640)} {dice.randrange(360)}" for _ in range(40))
        drawing = f'<path d="M0 180 {lines}" fill="none" stroke="#345" stroke-width="2"/>'
        opening = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">'
        (folder / f"drawing-{number:02}.svg").write_text(f"{opening}{drawing}</svg>\n", "utf-8")


def with_paragraph(story: Story, text: str) -> Story:
    """The article as an editor leaves it who adds a paragraph."""
    return replace(story, blocks=(*story.blocks, Block("paragraph", (text,))))


def main() -> None:
    """Write a corpus as the command line asks."""
    parser = argparse.ArgumentParser(description="Write an archive of invented news articles.")
    parser.add_argument("folder", type=Path, help="where the articles go")
    parser.add_argument("--count", type=int, default=1_000, help="how many articles (1000)")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), default="markdown", help="how they are written (markdown)")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another archive (1)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first article (0)")
    parser.add_argument("--total", type=int, default=0, help="the size of the whole archive, if more than --count")
    parser.add_argument("--new-tags", type=int, default=0, help="tags that only one article has, for each article (0)")
    options = parser.parse_args()
    newsroom = Newsroom(seed=options.seed, total=options.total or options.count)
    numbers = range(options.first, options.first + options.count)
    stories = (newsroom.story(number, new_tags=options.new_tags) for number in numbers)
    written = write_stories(options.folder, options.layout, stories)
    write_pictures(options.folder / "images")
    print(f"{options.count} articles, {written / 1e6:.1f} MB, in {options.folder}")


if __name__ == "__main__":
    main()
