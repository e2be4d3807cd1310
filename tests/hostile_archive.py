"""An archive whose titles, names and texts try to break whatever they are written into."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import dump, put

TITLES = (
    "]]> is the end",
    "<b>bold</b> & <script>alert(1)</script>",
    "&amp; &lt;once&gt; &#0; &nbsp;",
    "🚀 emoji 👩‍🚀",
    "null \x00 bell \x07 escape \x1b del \x7f next \x85",
    "\ufffe\uffff\ufdd0 noncharacters",
    "half a pair \ud800 and another \udfff",
    "שלום عالم \u202e override \u2066 isolate",
    "\"quotes\" and 'apostrophes'",
    "x" * 10_000,
    "many words " * 900,
    "line\u2028separator\u2029paragraph",
    "   ",
    "",
    "]]>" * 200,
    "*/ </style> --> <!-- {{ view }} {% raw %}",
    "=SUM(A1) \t tab",
)
NAMES = ('A "B" & <C>', "]]>", "O'Neill & Söhne", "\ufffe\x07", "half \ud800", "\u202eesrever", "a/b?c=d#e", "🚀")


def hostile_archive(folder: Path) -> int:
    """Write the archive; how many articles of the owner's own it has, all of them dated but two."""
    for number, title in enumerate(TITLES):
        text = dump(title, source=title[:60], section=title[:40], author="A. B", body=f"{title[:500]} in the text.")
        put(folder, {f"articles/{number}.txt": text.encode("utf-8", "replace")})
        put(folder, {f"articles/own-{number}.md": _own(number, title, date=f"2024-11-{number + 1:02}")})
    put(folder, {"articles/undated.md": _own(0, "No date", date=""), "articles/bare.md": _own(1, "", date="")})
    put(folder, {"articles/no-body.md": '---\ntitle: "No body"\ndate: 2024-10-01\n---\n'})
    return len(TITLES) + 2


def _own(number: int, title: str, *, date: str) -> str:
    name = NAMES[number % len(NAMES)]
    front = {"title": title, "date": date, "tags": [name, title[:50], "x"], "source": name, "section": f"{name} &", "authors": [name],
             "summary": f"{title[:80]} {name}", "original_url": f'https://x.example/{number}{date}?b="c"&d=<e>'}  # fmt: skip
    # A value in JSON is one in YAML too; and it spells what UTF-8 cannot.
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items() if value)
    lines = lines.encode("utf-8", "backslashreplace").decode()
    return f"---\n{lines}---\n\n{_body(title[:300], name)}\n"


def _body(title: str, name: str) -> str:
    text = f"{title}\n\n<p onclick=x>{name}</p>\n\n]]> <![CDATA[ text &amp; more \x07 \x0b"
    return text.encode("utf-8", "replace").decode()
