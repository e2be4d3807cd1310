"""Texts of sources, drawn from what collides."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.laws.materials import (
    ALIASES,
    AUTHORS,
    BODIES,
    DATES,
    IDS,
    PERMALINKS,
    RIGHTS,
    SECTIONS,
    SOURCES,
    STAMPS,
    TAGS,
    TITLES,
)
from tests.support import dump, markdown


def draw_source(data: st.DataObject, path: str) -> bytes:
    """The text of a source as its name asks for: one in Markdown, an aggregator's dump, or several stories."""
    if path.endswith("year.txt"):
        stories = [draw_story(data) for _ in range(data.draw(st.integers(1, 4)))]
        return f"\n{'-' * 50}\n".join(stories).encode()
    if path.endswith(".txt"):
        return dump(
            data.draw(TITLES),
            source=data.draw(SOURCES) or "The Harbour Post",
            section=data.draw(SECTIONS) or "World",
            created=data.draw(STAMPS),
            updated=data.draw(STAMPS),
            author=(data.draw(AUTHORS) or [""])[0],
            body=data.draw(BODIES),
        ).encode()
    quoted = [f'"{tag}"' for tag in data.draw(TAGS)]
    return markdown(
        data.draw(TITLES),
        body=data.draw(BODIES),
        date=data.draw(DATES),
        updated=data.draw(DATES),
        tags=f"[{', '.join(quoted)}]",
        authors=f"[{', '.join(json.dumps(name) for name in data.draw(AUTHORS))}]",
        source=data.draw(SOURCES),
        section=data.draw(SECTIONS),
        id=data.draw(IDS),
        permalink=data.draw(PERMALINKS),
        aliases=data.draw(ALIASES),
        draft=data.draw(st.sampled_from([None, None, None, "true"])),
        rights=data.draw(RIGHTS),
    ).encode()


def draw_story(data: st.DataObject) -> str:
    """One of several articles in a file; now and then two of them are the same, or say that they are."""
    title, body = data.draw(TITLES), data.draw(st.sampled_from(["Prose that is a text.", "Turkey and Israel met."]))
    day, number = (
        data.draw(st.sampled_from(["2024-11-19", "2024-11-20", "2023-06-01"])),
        data.draw(st.integers(1, 3)),
    )
    return f"{title}\n[{day}]\nhttps://example.org/{number}\n\n{body}\n\nMore prose follows in a second paragraph.\n"
