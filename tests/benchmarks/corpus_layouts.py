"""How an article of the corpus is written down: as Markdown, as an aggregator's raw dump, and for the peers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from corpus import Block, Story

_MARKUP: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)|\*\*([^*]*)\*\*|\*([^*]*)\*")


def markdown(story: Story) -> str:
    """Markdown below YAML front matter."""
    return _with_yaml(story, updated="updated", desk="section")


def hugo(story: Story) -> str:
    """The same with Hugo's names; `section` is Hugo's own word for a folder."""
    return _with_yaml(story, updated="lastmod", desk="desk")


def pelican(story: Story) -> str:
    """Markdown below Pelican's headers. Times are in UTC: where zones mix, Pelican makes a month twice and stops."""
    lines = [f"Title: {story.headline}", f"Date: {story.published.astimezone(UTC).isoformat()}"]
    if story.updated:
        lines.append(f"Modified: {story.updated.astimezone(UTC).isoformat()}")
    lines += [f"Authors: {'; '.join(story.authors)}", f"Category: {story.desk}", f"Source: {story.source}",
              f"Tags: {', '.join(story.tags)}", f"Summary: {story.standfirst}", f"Slug: {story.slug}"]  # fmt: skip
    return "\n".join(lines) + "\n\n" + _body(story)


def dump(story: Story) -> str:
    """The text of a news aggregator's page as somebody saved it, with its furniture and without any markup."""
    created, updated = story.published.astimezone(UTC), (story.updated or story.published).astimezone(UTC)
    names = " and ".join(story.authors)
    stamp = f"{story.published:%B} {story.published.day}, {story.published:%Y %H:%M}".upper()
    times = f"Created at {created:%Y-%m-%d %H:%M:%S} | Updated at {updated:%Y-%m-%d %H:%M:%S}"
    lines = [
        story.headline,
        f"By {story.source} ({story.desk}) | {times} {1 + story.number % 23} hours ago",
        story.standfirst,
        f"By {names.upper() if story.number % 2 else names} {stamp}\n{story.caption} (photo credit: {story.credit})",
    ]
    lines += plain_blocks(story)
    lines.insert(-1, "Stay updated with the latest news!")
    return "\n\n".join([*lines, "Read Entire Article"]) + "\n"


def plain_blocks(story: Story) -> list[str]:
    """The article's text without any markup and picture: a paragraph, a subhead, a list in each."""
    return [
        "\n".join(f"• {_plain(line)}" for line in block.lines)
        if block.kind in ("list", "numbers")
        else _plain(block.lines[0])
        for block in story.blocks
        if block.kind != "picture"
    ]


def _with_yaml(story: Story, *, updated: str, desk: str) -> str:
    lines = ["---", f"title: {_quoted(story.headline)}", f"date: {story.published.isoformat()}"]
    if story.updated:
        lines.append(f"{updated}: {story.updated.isoformat()}")
    lines += ["authors:", *(f"  - {_quoted(name)}" for name in story.authors)]
    lines += [f"source: {_quoted(story.source)}", f"{desk}: {story.desk}"]
    lines += ["tags:", *(f"  - {_quoted(tag)}" for tag in story.tags)]
    lines += [f"description: {_quoted(story.standfirst)}", f"slug: {story.slug}", "---", ""]
    return "\n".join(lines) + "\n" + _body(story)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _body(story: Story) -> str:
    return "\n\n".join(_block(block, story) for block in story.blocks) + "\n"


def _block(block: Block, story: Story) -> str:
    match block.kind:
        case "subhead":
            return f"## {block.lines[0]}"
        case "list":
            return "\n".join(f"- {line}" for line in block.lines)
        case "numbers":
            return "\n".join(f"{number}. {line}" for number, line in enumerate(block.lines, 1))
        case "quote":
            return f"> {block.lines[0]}"
        case "picture":
            return f'![{story.caption}](/images/{story.picture} "{story.caption} (photo credit: {story.credit})")'
    return block.lines[0]


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: found[1] or found[2] or found[3], text)


LAYOUTS: Final[Mapping[str, tuple[str, Callable[[Story], str]]]] = MappingProxyType(
    {"markdown": (".md", markdown), "dump": (".txt", dump), "hugo": (".md", hugo), "pelican": (".md", pelican)}
)
"""By name: the ending of a file's name, and what writes the file."""


def place_of(story: Story, layout: str) -> str:
    """An article's path below the folder of the sources, with slashes."""
    return f"{story.published.astimezone(UTC):%Y/%m}/{story.slug}{LAYOUTS[layout][0]}"


def text_of(story: Story, layout: str) -> str:
    """The text of an article's file."""
    return LAYOUTS[layout][1](story)


def indexes_of(story: Story, layout: str) -> Iterator[tuple[str, str]]:
    """The files beside the articles, by path, that make the folders of a year and a month into lists."""
    if layout == "hugo":
        day = story.published.astimezone(UTC)
        yield f"{day:%Y}/_index.md", f'---\ntitle: "{day:%Y}"\n---\n'
        yield f"{day:%Y/%m}/_index.md", f'---\ntitle: "{day:%B %Y}"\n---\n'
