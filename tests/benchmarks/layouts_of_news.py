"""An invented article in the layouts that the readers know, alone or with others in one file."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from types import MappingProxyType
from typing import Final, NamedTuple

from corpus import Story
from corpus_layouts import dump, markdown, plain_blocks


class Layout(NamedTuple):
    """A layout: how a file of it is called, what writes one, and how many articles that holds."""

    file: str
    write: Callable[[Sequence[Story]], str]
    articles: int = 1


def _alone(write: Callable[[Story], str]) -> Callable[[Sequence[Story]], str]:
    return lambda stories: write(stories[0])


def _wrapped(blocks: Sequence[str], *, indent: str = "", width: int = 78) -> str:
    return "\n\n".join(textwrap.fill(block, width, initial_indent=indent) for block in blocks)


def _plain(story: Story) -> str:
    day = f"{story.published:%B} {story.published.day}, {story.published:%Y}"
    return "\n\n".join([story.headline, f"By {' and '.join(story.authors)}", day, *plain_blocks(story)]) + "\n"


def _wire(story: Story) -> str:
    first, *rest = plain_blocks(story)
    opening = f"ELMSEA, {story.published:%B} {story.published.day} (Reuters) - {first}"
    return "\n\n".join([story.headline, opening, *rest, f"(Reporting by {story.authors[0]})"]) + "\n"


def _anpa(story: Story) -> str:
    number = f"a{story.number % 10_000:04}"
    lines = [f"\x16\x16\x01{number} ----", f"r a \x13 \x11 BC-Elmsea-{story.number}   {story.published:%m-%d} 0600",
             f"^BC-Elmsea-{story.number},600<", f"^{story.headline}<", f"^By {story.authors[0].upper()}=",
             "^Associated Press Writer=\x02"]  # fmt: skip
    first, *rest = plain_blocks(story)
    text = [f"\t{textwrap.fill(block, 70)}" for block in (f"   ELMSEA (AP) _ {first}".strip(), *rest)]
    return "\n".join([*lines, *text, f"AP-NY-{story.published:%m-%d-%y} {story.published:%H%M}EST", "\x03"]) + "\n"


def _iptc(story: Story) -> str:
    first, *rest = plain_blocks(story)
    head = [f"\x01dpa{story.number % 10_000:04} 4 pl 600 dpa {story.number % 10_000:04}", f"Elmsea/{story.slug}/",
            f"\x02{story.headline} =", f"By {story.authors[0]}, dpa =", ""]  # fmt: skip
    text = _wrapped([f"Elmsea (dpa) - {first}", *rest], indent="   ", width=66)
    return "\n".join([*head, text, f"\x03{story.published.astimezone(UTC):%d%H%M} GMT {story.published:%b %y}"]) + "\n"


def _story(story: Story) -> str:
    return "\n\n".join([*plain_blocks(story), "@highlight", story.standfirst, "@highlight", story.caption]) + "\n"


def _bbc(story: Story) -> str:
    return "\n\n".join([story.headline, *plain_blocks(story)]) + "\n"


def _extractor(story: Story) -> str:
    record = {"title": story.headline, "description": story.standfirst, "maintext": "\n".join(plain_blocks(story)),
              "authors": list(story.authors), "date_publish": f"{story.published.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
              "source_domain": "elmsea.example", "language": "en", "url": f"https://elmsea.example/{story.slug}",
              "filename": f"{story.slug}.json", "image_url": f"https://elmsea.example/{story.picture}"}  # fmt: skip
    return json.dumps(record) + "\n"


def _nexis(stories: Sequence[Story]) -> str:
    articles = []
    for number, story in enumerate(stories, 1):
        day = f"{story.published:%B} {story.published.day}, {story.published:%Y} {story.published:%A}"
        top = [f"{number} of {len(stories)} DOCUMENTS".center(78).rstrip(), "", "", story.source.center(78).rstrip(),
               "", day.center(78).rstrip(), "", story.headline, "", f"BYLINE: {story.authors[0]}", "",
               f"SECTION: {story.desk}; Pg. 3", "", f"LENGTH: {story.words} words", ""]  # fmt: skip
        foot = ["", f"LOAD-DATE: {day}", "", "LANGUAGE: ENGLISH", "", "PUBLICATION-TYPE: Newspaper", "",
                f"Copyright {story.published:%Y} {story.source}".center(78).rstrip(), "", ""]  # fmt: skip
        articles.append("\n".join([*top, _wrapped(plain_blocks(story)), *foot]))
    return "\n\n".join(articles)


def _nexis_uni(stories: Sequence[Story]) -> str:
    articles = []
    for story in stories:
        day = f"{story.published:%B} {story.published.day}, {story.published:%Y} {story.published:%A}"
        head = [story.headline, story.source, day, f"Copyright {story.published:%Y} {story.source} All Rights Reserved",
                f"Section: {story.desk}; Pg. 3", f"Length: {story.words} words", f"Byline: {story.authors[0]}",
                "Body"]  # fmt: skip
        foot = [f"Load-Date: {day}", "End of Document"]
        articles.append("\n\n".join([*head, *plain_blocks(story), *foot]))
    return "\n\n".join(articles) + "\n"


def _factiva(stories: Sequence[Story]) -> str:
    articles = []
    for story in stories:
        first, *rest = plain_blocks(story)
        day = f"{story.published.day} {story.published:%B %Y}"
        head = [("SE", story.desk), ("HD", story.headline), ("BY", f"By {story.authors[0]}"),
                ("WC", f"{story.words} words"), ("PD", day), ("SN", story.source), ("SC", "ELMM"), ("LA", "English"),
                ("CY", f"(c) {story.published:%Y} {story.source}"), ("LP", first)]  # fmt: skip
        codes = "\n\n".join(f"{code}\n{value}" for code, value in head)
        text = "\n\n".join(rest)
        tail = f"NS\n\ngcat : Political/General News\n\nAN\n\nDocument ELMM{story.number:020}"
        articles.append(f"{codes}\n\nTD\n{text}\n\n{tail}")
    return "\n\n".join(articles) + "\n"


def _proquest(stories: Sequence[Story]) -> str:
    rule = "_" * 60
    articles = []
    for story in stories:
        text = "\n\n".join(plain_blocks(story))
        day = f"{story.published:%b} {story.published.day}, {story.published:%Y}"
        articles.append(
            f"{rule}\n\n{story.headline}\n\nAuthor: {story.authors[0]}\n\nPublication title: {story.source}\n\n"
            f"Publication date: {day}\n\nAbstract: {story.standfirst}\n\nFull text: {text}\n\n"
            f"Subject: {'; '.join(story.tags)}\n\nLocation: Elmsea\n\nSection: {story.desk}\n\n"
            f"ProQuest document ID: {story.number:012}\n\nLanguage of publication: English\n"
        )
    return "\n".join(articles)


def _year(stories: Sequence[Story]) -> str:
    rule = f"\n\n{'-' * 80}\n\n"
    return rule.join(
        f"{story.headline}\n[{story.published:%d %B %Y}]\nhttps://elmsea.example/{story.slug}\n\n"
        + "\n\n".join(plain_blocks(story))
        for story in stories
    )


def _sgml(stories: Sequence[Story]) -> str:
    articles = []
    for story in stories:
        text = _wrapped(plain_blocks(story), indent="    ", width=70).replace("&", "&amp;").replace("<", "&lt;")
        topics = "".join(f"<D>{tag}</D>" for tag in story.tags).replace("&", "&amp;")
        articles.append(
            f'<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" CGISPLIT="TRAINING-SET" OLDID="{story.number}" '
            f'NEWID="{story.number}">\n<DATE>{story.published:%d-%b-%Y %H:%M:%S}.20</DATE>\n<TOPICS>{topics}</TOPICS>\n'
            f"<TEXT>&#2;\n<TITLE>{story.headline.upper()}</TITLE>\n<DATELINE>    ELMSEA, {story.published:%B} "
            f"{story.published.day} - </DATELINE><BODY>{text}\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"
        )
    return '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n' + "".join(articles)


NEWS_LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType(
    {
        "aggregator": Layout("a.txt", _alone(dump)),
        "page copy": Layout("a.txt", _alone(_plain)),
        "wire": Layout("a.txt", _alone(_wire)),
        "ANPA-1312": Layout("a.txt", _alone(_anpa)),
        "IPTC 7901": Layout("a.txt", _alone(_iptc)),
        "CNN .story": Layout("a.story", _alone(_story)),
        "BBC": Layout("bbc/world/001.txt", _alone(_bbc)),
        "extractor JSON": Layout("a.json", _alone(_extractor)),
        "Nexis": Layout("a.txt", _nexis, 50),
        "Nexis Uni": Layout("a.txt", _nexis_uni, 50),
        "Factiva": Layout("a.txt", _factiva, 50),
        "ProQuest": Layout("a.txt", _proquest, 50),
        "year file": Layout("a.txt", _year, 50),
        "Reuters-21578": Layout("a.sgm", _sgml, 50),
        "Markdown": Layout("a.md", _alone(markdown)),
    }
)
"""By name; the aggregator's is the one that the others are held against."""
