"""What a build owes, under random edits: incremental equals clean, nothing else is touched, nothing foreign is lost.

Each step changes the sources, the settings, the theme, the ledger, the catalog or the output as a user or a crash
might, and most steps build. After a build the whole output is compared, byte for byte, with a build of the same
sources, settings and ledger in a fresh folder.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from sitegen import renderer
from sitegen.catalog import Catalog, shards
from sitegen.config import FreePageSettings, Settings
from sitegen.intake import read_bytes
from sitegen.planner import terms
from sitegen.scanner import ignore_test
from sitegen.theme import template_stamp
from tests.linkcheck import missing_targets
from tests.pictures import photo
from tests.support import Built, build_site, difference, dump, markdown, put, tree

FOLDERS = ("articles", "templates", "static")
CATALOG = ("catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.seal")
LEDGER = "articles/_ledger/events.jsonl"

PATHS = st.sampled_from(
    [
        "a.md",
        "b.md",
        "c.txt",
        "d.txt",
        "sub/a.md",
        "sub/deep/e.txt",
        "2024-01-05-f.md",
        "ünïcode/g.md",
        "h.md",
        "i.txt",
        "year.txt",
    ]
)
TITLES = st.sampled_from(
    [
        "Alpha sinks",
        "alpha  SINKS",
        "Beta sails",
        "Straße",
        "Strasse",
        "Index",
        "CON",
        "测试",
        "!!!",
        "Gamma & <b>delta</b>",
    ]
)
DATES = st.sampled_from(
    [
        None,
        "2024",
        "2024-11",
        "2024-11-19",
        "2024-11-19T23:35:05Z",
        "2024-11-19T20:35:05+00:00",
        "2024-11-20",
        "2023-11-19",
        "2023-06-01 12:00",
        "2020-02-29",
        "1957-10-04",
        "2024-11-21T00:10:00+13:00",
    ]
)
STAMPS = st.sampled_from(["2024-11-19 20:35:05", "2024-11-20 00:00:00", "2023-11-19 12:00:00", "2024-03-01 07:00:00"])
TAGS = st.lists(
    st.sampled_from(
        [
            "Turkey",
            "turkey",
            "TURKEY",
            "C++",
            "C",
            "C#",
            "★",
            "☆",
            "Straße",
            "strasse",
            "测试",
            "2024",
            "index",
            "c-f4dc9948",
        ]
    ),
    max_size=4,
    unique=True,
)
AUTHORS = st.lists(st.sampled_from(["Jane Doe", "jane doe", "Li Wei", "O'Brien"]), max_size=2, unique=True)
SOURCES = st.sampled_from([None, "The Harbour Post", "Der Bote"])
SECTIONS = st.sampled_from([None, "World", "world", "Sport"])
IDS = st.sampled_from([None, None, None, "one", "two", "one.aabbccdd"])
PERMALINKS = st.sampled_from(
    [
        None,
        None,
        None,
        None,
        "/2024/11/19/alpha-sinks.html",
        "/tags/",
        "/imprint.html",
        "/index.html",
        "/about/",
        "/own.html",
        "/2024/11/",
    ]
)
ALIASES = st.sampled_from(
    [None, None, None, "/old/alpha.html", "/2024/11/19/alpha-sinks.html", "/tags/", "/2023/11/19/", "/404.html"]
)
RASTERS = (photo(6, 4, kind="PNG"), photo(5, 4, kind="PNG"), photo(6, 4, kind="PNG")[:60])
PICTURES = st.sampled_from(["pics/x.svg", "pics/y.png", "sub/x.svg"])
BODIES = st.sampled_from(
    [
        "",
        "A short text.",
        "A short text, edited.",
        "Turkey and Israel met in Qatar. Turkey said so.",
        "See [this](b.md) and [that](/sub/a.md).",
        '![A ship](/pics/x.svg "A ship. (credit: Jane Doe)")\n\nText below it.',
        "A harbour.\n\n![](/pics/y.png)\n\nMore.",
        "## One\n\nText\n\n## Two\n\nMore.",
    ]
)
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))
BROKEN = st.sampled_from(
    [
        b"",
        PICTURE,
        b"---\ntitle: [unclosed\n---\n\nText.\n",
        b"---\ntitle: Alpha sinks\ndate: 2024-02-31\n---\n\nText.\n",
    ]
)
FOREIGN = st.sampled_from(
    ["notes.txt", "2024/11/19/mine.txt", "tags/turkey/own.txt", "CNAME", "2024/own/page.txt", ".sitegen/own.txt"]
)
TEMPLATES = {
    "redirect.html": '<a href="{{{{ root }}}}{{{{ view.target }}}}">moved {n} {{{{ view.title }}}}</a>\n',
    "day.html": '{n}{{% for each in view.rest %}}<a href="{{{{ root }}}}{{{{ each.url }}}}">x</a>{{% endfor %}}\n',
    # A macro that mentions `varargs` and `kwargs` takes whatever arguments its callers think of.
    "_figure.html": "{{% macro figure(f) %}}{n}{{{{ f.alt }}}}{{% set _ = varargs, kwargs %}}{{% endmacro %}}\n",
}
SETTINGS: tuple[Callable[[Settings, int], Settings], ...] = (
    lambda s, n: replace(s, title=("News", "Old news", "The & Archive")[n % 3]),
    lambda s, n: replace(s, list_limit=(3, 1, 200)[n % 3]),
    lambda s, n: replace(s, month_limit=(2, 1, 1000)[n % 3]),
    lambda s, n: replace(
        s, reading=replace(s.reading, time_zone=("UTC", "Pacific/Auckland", "America/New_York")[n % 3])
    ),
    lambda s, n: replace(
        s, permalink=("/{year}/{month}/{day}/{slug}.html", "/{slug}.html", "/{section}/{year}/{slug}/index.html")[n % 3]
    ),
    lambda s, n: replace(s, ignore=((), ("sub",), ("*.txt",))[n % 3]),
    lambda s, n: replace(
        s, pages=((), (FreePageSettings(file="articles/_imprint.md", url="/imprint.html", title="Imprint"),))[n % 2]
    ),
    lambda s, n: replace(s, base_url=("", "https://news.example.org/archive")[n % 2]),
    lambda s, n: replace(s, tagging=replace(s.tagging, places=bool(n % 2))),
    lambda s, n: replace(s, feed_min=n + 1, feed_length=3 - n),
    lambda s, n: replace(s, data=bool(n % 2)),
    lambda s, n: replace(s, reading=replace(s.reading, language=("en", "de")[n % 2])),
)
READING_SETTINGS = (3, 4, 5, 8, 11)


class Site(RuleBasedStateMachine):
    """A site in the hands of a restless owner. Folders are reused, so that compiled templates stay compiled."""

    root: Path
    jobs = 1
    deadly = False
    """Most builds die before they come to an end."""

    def __init__(self) -> None:
        super().__init__()
        self.site, self.clean = self.root / "site", self.root / "clean"
        for folder in (self.site, self.clean):
            empty(folder)
        self.settings = Settings(list_limit=3, month_limit=2, feed_min=2, feed_length=2)
        self.good: dict[str, bytes] = {}
        """What the catalog holds of each source as its last readable text."""
        self.foreign: dict[str, bytes] = {}
        self.uncertain = False
        """A build died, so that nobody knows what its catalog holds."""
        self.lists_damaged = False
        self.catalog_doomed = False
        """The next build has to do without a catalog, or finds that it has to."""
        self.counter = 0

    # -- sources ------------------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def first(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 4))):
            path = data.draw(PATHS)
            put(self.site / "articles", {path: self.draw_source(data, path)})
        self.build()

    def draw_source(self, data: st.DataObject, path: str) -> bytes:
        if path == "year.txt":
            stories = [self.draw_story(data) for _ in range(data.draw(st.integers(1, 4)))]
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
        ).encode()

    def draw_story(self, data: st.DataObject) -> str:
        """One of several articles in a file; now and then two of them are the same, or say that they are."""
        title, body = data.draw(TITLES), data.draw(st.sampled_from(["Prose that is a text.", "Turkey and Israel met."]))
        day, number = (
            data.draw(st.sampled_from(["2024-11-19", "2024-11-20", "2023-06-01"])),
            data.draw(st.integers(1, 3)),
        )
        return (
            f"{title}\n[{day}]\nhttps://example.org/{number}\n\n{body}\n\nMore prose follows in a second paragraph.\n"
        )

    def sources(self) -> list[str]:
        folder = self.site / "articles"
        return sorted(
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.suffix in (".md", ".txt") and not path.parent.name.startswith("_") and path.name[0] != "_"
        )

    def pick(self, data: st.DataObject) -> str | None:
        """A source that can be read."""
        found = [path for path in self.sources() if not self.is_broken(path, self.text_of(path))]
        return data.draw(st.sampled_from(found)) if found else None

    def pick_any(self, data: st.DataObject) -> str | None:
        found = self.sources()
        return data.draw(st.sampled_from(found)) if found else None

    def text_of(self, path: str) -> bytes:
        return (self.site / "articles" / path).read_bytes()

    def legibility(self, path: str, text: bytes) -> int:
        """2 for a text that is read well, 1 for one that gives an article with errors, 0 for one that gives none."""
        articles, errors = read_as(path, text, self.settings)
        return 2 if not errors else 1 if articles else 0

    def is_broken(self, path: str, text: bytes) -> bool:
        return self.legibility(path, text) < 2

    def any_broken(self) -> bool:
        return any(self.is_broken(path, self.text_of(path)) for path in self.sources())

    def write(self, texts: Mapping[str, bytes]) -> None:
        """Write sources, unless nobody could say what is to be shown of them then."""
        for path, text in texts.items():
            articles, errors = read_as(path, text, self.settings)
            # Of a file of which a part can be read, the rest is kept as it was: no one text is what was last read of it.
            if errors and (self.uncertain or articles > 1):
                return
        put(self.site / "articles", texts)

    @rule(data=st.data(), path=PATHS)
    def write_source(self, data: st.DataObject, path: str) -> None:
        self.write({path: self.draw_source(data, path)})
        self.maybe_build(data)

    @rule(data=st.data())
    def edit_source(self, data: st.DataObject) -> None:
        """Change a part of a source: its headline, its body, its date, its tags."""
        path = self.pick(data)
        if path is None:
            return
        old, new = self.text_of(path).split(b"\n"), self.draw_source(data, path).split(b"\n")
        line = data.draw(st.integers(0, max(len(old), len(new)) - 1))
        if old[0] == b"---":
            key = old[min(line, len(old) - 1)].split(b":")[0]
            fresh = next((each for each in new if key and each.startswith(key + b":")), None)
            old = [fresh if fresh and each.startswith(key + b":") else each for each in old]
        elif line < len(new):
            old[line : line + 1] = [new[line]]
        self.write({path: b"\n".join(old)})
        self.maybe_build(data)

    @rule(data=st.data(), broken=BROKEN)
    @precondition(lambda self: not self.uncertain)
    def break_source(self, data: st.DataObject, broken: bytes) -> None:
        path = self.pick_any(data)
        if path is not None:
            put(self.site / "articles", {path: broken})
            self.maybe_build(data)

    @rule(data=st.data())
    def mend_sources(self, data: st.DataObject) -> None:
        for path in self.sources():
            if self.is_broken(path, self.text_of(path)) and path in self.good:
                put(self.site / "articles", {path: self.good[path]})
        self.maybe_build(data)

    @rule(data=st.data(), new=PATHS)
    def move_source(self, data: st.DataObject, new: str) -> None:
        path = self.pick(data)
        if path is None or path == new or self.is_broken(new, self.text_of(path)):
            return
        folder = self.site / "articles"
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).replace(folder / new)
        self.maybe_build(data)

    @rule(data=st.data(), new=PATHS)
    def copy_source(self, data: st.DataObject, new: str) -> None:
        path = self.pick(data)
        if path is None:
            return
        self.write({new: self.text_of(path)})
        self.maybe_build(data)

    @rule(data=st.data())
    def swap_sources(self, data: st.DataObject) -> None:
        one, other = self.pick(data), self.pick(data)
        if one is None or other is None:
            return
        self.write({one: self.text_of(other), other: self.text_of(one)})
        self.maybe_build(data)

    @rule(data=st.data())
    def delete_source(self, data: st.DataObject) -> None:
        path = self.pick_any(data)
        if path is not None:
            (self.site / "articles" / path).unlink()
            self.maybe_build(data)

    @rule(data=st.data())
    def delete_folder(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(["sub", "sub/deep", "pics", "ünïcode"]))
        shutil.rmtree(self.site / "articles" / name, ignore_errors=True)
        self.maybe_build(data)

    @rule(data=st.data())
    def touch_sources(self, data: st.DataObject) -> None:
        """As a fresh checkout does: other times, the same bytes."""
        for path in self.sources():
            os.utime(self.site / "articles" / path, (1_600_000_000 + self.tick(), 1_600_000_000))
        self.maybe_build(data)

    @rule(data=st.data(), path=PICTURES, number=st.integers(0, 2))
    def write_picture(self, data: st.DataObject, path: str, number: int) -> None:
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="{4 + number}" height="3"/>'.encode()
        # Of the second, the third state is cut off.
        put(self.site / "articles", {path: drawing if path.endswith(".svg") else RASTERS[number]})
        self.maybe_build(data)

    @rule(data=st.data(), path=PICTURES)
    def delete_picture(self, data: st.DataObject, path: str) -> None:
        (self.site / "articles" / path).unlink(missing_ok=True)
        self.maybe_build(data)

    # -- everything else that a build reads ---------------------------------------------------------------------------

    @rule(data=st.data(), name=st.sampled_from(sorted(TEMPLATES)), number=st.integers(0, 2))
    def write_template(self, data: st.DataObject, name: str, number: int) -> None:
        if number:
            put(self.site / "templates", {name: TEMPLATES[name].format(n=number)})
        else:
            (self.site / "templates" / name).unlink(missing_ok=True)
        self.maybe_build(data)

    @rule(
        data=st.data(),
        name=st.sampled_from(["style.css", "own.txt", "fonts/one.woff2", "tags/index.html", "404.html", "own.html"]),
        number=st.integers(0, 2),
    )
    def write_static(self, data: st.DataObject, name: str, number: int) -> None:
        if number:
            put(self.site / "static", {name: "x" * number})
        else:
            (self.site / "static" / name).unlink(missing_ok=True)
        self.maybe_build(data)

    @rule(data=st.data(), which=st.integers(0, len(SETTINGS) - 1), number=st.integers(0, 2))
    def change_setting(self, data: st.DataObject, which: int, number: int) -> None:
        if which in READING_SETTINGS:
            # What is kept of an unreadable source is what it was read as then, under the settings of that day.
            self.mend_sources(data)
        put(self.site / "articles", {"_imprint.md": f"Nobody is responsible, {number} times."})
        self.settings = SETTINGS[which](self.settings, number)
        self.maybe_build(data)

    @rule(data=st.data(), kind=st.sampled_from(["moved", "same", "takedown", "takedown-url", "nonsense", "forget"]))
    def edit_ledger(self, data: st.DataObject, kind: str) -> None:
        path = self.site / LEDGER
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        known = sorted({event.get("id", "") for event in map(as_event, lines)} - {""})
        ident = data.draw(st.sampled_from(["one", "two", "nobody", *known]))
        url = data.draw(
            st.sampled_from(
                ["/2024/11/19/alpha-sinks.html", "/old/beta.html", "/2024/11/19/beta-sails.html", "/tags/index.html"]
            )
        )
        match kind:
            case "moved":
                lines.append(json.dumps({"event": "moved", "id": ident, "from": url}))
            case "same":
                lines.append(
                    json.dumps({"event": "same", "id": data.draw(st.sampled_from(["one", "two"])), "was": ident})
                )
            case "takedown":
                lines.append(
                    json.dumps(
                        {
                            "event": "takedown",
                            "id": ident,
                            "url": url,
                            "date": "2024-12-01",
                            "reason": f"r{self.tick()}",
                        }
                    )
                )
            case "takedown-url":
                lines.append(json.dumps({"event": "takedown", "url": url, "date": "2024-12-01", "reason": "asked"}))
            case "nonsense":
                lines.append("{not json")
            case "forget" if lines:
                lines.pop(data.draw(st.integers(0, len(lines) - 1)))
        put(self.site, {LEDGER: "".join(f"{line}\n" for line in lines)})
        self.maybe_build(data)

    # -- the output and the catalog -----------------------------------------------------------------------------------

    @rule(data=st.data(), how=st.sampled_from(["delete", "edit", "touch", "empty"]))
    def harm_output(self, data: st.DataObject, how: str) -> None:
        public = self.site / "public"
        found = sorted(name for name in tree(public) if name not in self.foreign and not name.endswith("/"))
        if self.catalog_doomed and how != "touch":
            # Which files are ours is written in two places; where both are lost at once, nobody knows.
            found = [name for name in found if not name.startswith(".sitegen/")]
        if not found:
            return
        name = data.draw(st.sampled_from(found))
        path = public / name
        self.lists_damaged |= name.startswith(".sitegen/") and how != "touch"
        match how:
            case "delete":
                path.unlink()
            case "edit":
                path.write_bytes(path.read_bytes() + b"<!-- edited -->")
            case "touch":
                os.utime(path, (1_700_000_000 + self.tick(), 1_700_000_000 + self.tick()))
            case "empty":
                path.write_bytes(b"")
        self.maybe_build(data)

    @rule(data=st.data(), name=FOREIGN)
    def put_foreign_file(self, data: st.DataObject, name: str) -> None:
        content = f"not sitegen's {self.tick()}".encode()
        put(self.site / "public", {name: content})
        self.foreign[name] = content
        self.maybe_build(data)

    @rule(data=st.data())
    def delete_output(self, data: st.DataObject) -> None:
        shutil.rmtree(self.site / "public", ignore_errors=True)
        self.foreign.clear()
        self.lists_damaged = False
        self.maybe_build(data)

    @rule(data=st.data())
    @precondition(lambda self: not self.lists_damaged)
    def delete_catalog(self, data: st.DataObject) -> None:
        for name in CATALOG:
            (self.site / ".sitegen" / name).unlink(missing_ok=True)
        self.good.clear()
        self.catalog_doomed = True
        self.maybe_build(data)

    @rule(data=st.data())
    def damage_texts(self, data: st.DataObject) -> None:
        """Lose or garble a pack of converted texts."""
        packs = sorted((self.site / ".sitegen" / "bodies").glob("*.pack"))
        if packs and not self.lists_damaged and not self.any_broken():
            pack = data.draw(st.sampled_from(packs))
            if data.draw(st.booleans()):
                pack.unlink()
            else:
                pack.write_bytes(pack.read_bytes()[:-1] + b"?")
            self.catalog_doomed = True
            self.maybe_build(data)

    # -- building -----------------------------------------------------------------------------------------------------

    @rule(data=st.data(), after=st.integers(1, 400))
    @precondition(lambda self: hasattr(os, "fork") and not (self.catalog_doomed and self.any_broken()))
    def kill_build(self, data: st.DataObject, after: int) -> None:
        self.die(after)
        self.maybe_build(data)

    def die(self, after: int) -> None:
        """Have a build die without a word. What could be reached before must lead to nothing that is not there."""
        public, stood = self.site / "public", self.html_files()
        missing = missing_targets(public, stood)
        kill_during(self.run, after)
        self.uncertain = True
        torn = missing_targets(public, stood & self.html_files()) - missing
        if torn:
            self.build()
            torn -= missing_targets(public)
            assert not torn, f"a build that died left links to {torn}"

    @rule()
    def refuse_build(self) -> None:
        """A strict build writes nothing where there is something wrong."""
        before, ledger = tree(self.site / "public"), self.ledger()
        built = self.run(strict=True)
        if built.summary.refused:
            must_equal(tree(self.site / "public"), before)
            assert self.ledger() == ledger
            self.note_good()
        else:
            self.check_output()

    @rule()
    def preview_build(self) -> None:
        """A dry run writes nothing, and tells all that a build then does."""
        before = {name: data for name, data in tree(self.site).items() if not name.startswith(".sitegen/lock.db")}
        planned = {change.path: change.action for change in self.run(dry_run=True).summary.changes}
        after = {name: data for name, data in tree(self.site).items() if not name.startswith(".sitegen/lock.db")}
        must_equal(after, before)
        stood = tree(self.site / "public")
        self.build()
        stands = tree(self.site / "public")
        for name in stood.keys() | stands.keys():
            # Which parts a large sitemap has is known only when the pages that it lists are written.
            told = not name.startswith((".sitegen/", "sitemaps/")) and not name.endswith("/")
            if told and stood.get(name) != stands.get(name):
                action = "remove" if name not in stands else "change" if name in stood else "new"
                assert planned.get(name) in (action, "change"), f"{name}: {action}, planned: {planned.get(name)}"

    @rule()
    def build(self) -> None:
        before, stood = tree(self.site / "public"), self.marks()
        self.run()
        self.check_output()
        after, stands = tree(self.site / "public"), self.marks()
        moved = [
            name for name in stood.keys() & stands.keys() if before[name] == after[name] and stood[name] != stands[name]
        ]
        assert not moved, f"written again with the same bytes: {moved}"
        again = self.run().summary
        assert (again.written, again.removed) == (0, 0)
        assert self.marks() == stands, "a build with nothing to do touched files"
        self.uncertain = self.lists_damaged = self.catalog_doomed = False

    def maybe_build(self, data: st.DataObject) -> None:
        if data.draw(st.sampled_from([True, True, False])):
            for after in data.draw(st.lists(st.integers(1, 400), max_size=2)) if self.deadly else ():
                if not (self.catalog_doomed and self.any_broken()):
                    self.die(after)
            self.build()

    def run(self, *, strict: bool = False, dry_run: bool = False) -> Built:
        built = build_site(self.site, self.settings, jobs=self.jobs, strict=strict, dry_run=dry_run)
        if any("damaged" in message for message in built.heard.messages) and not dry_run:
            # What it knew of sources that cannot be read any more is lost with the catalog.
            self.good.clear()
        return built

    def check_output(self) -> None:
        self.note_good()
        found = tree(self.site / "public")
        for name, content in self.foreign.items():
            assert found.pop(name) == content, f"{name} is not ours and was changed"
        ledger = self.ledger()
        self.lay_out_clean()
        build_site(self.clean, self.settings)
        wanted = tree(self.clean / "public")
        must_equal(found, wanted)
        assert read(self.clean / LEDGER) == ledger, "a clean build has something to add to the ledger"

    def note_good(self) -> None:
        ignored = ignore_test(self.settings.ignore)
        present = {
            path: self.text_of(path)
            for path in self.sources()
            if not any(ignored(name, name) for name in (path, path.split("/")[0], path.rpartition("/")[2]))
        }
        for path in self.good.keys() - present.keys():
            del self.good[path]
        self.good.update(
            {
                path: text
                for path, text in present.items()
                if path not in self.good or self.legibility(path, text) >= self.legibility(path, self.good[path])
            }
        )

    def lay_out_clean(self) -> None:
        empty(self.clean)
        for name in FOLDERS:
            if (self.site / name).is_dir():
                shutil.copytree(self.site / name, self.clean / name, dirs_exist_ok=True)
        put(self.clean / "articles", {path: self.good.get(path, self.text_of(path)) for path in self.sources()})

    def ledger(self) -> bytes:
        return read(self.site / LEDGER)

    def html_files(self) -> set[str]:
        public = self.site / "public"
        return {path.relative_to(public).as_posix() for path in public.rglob("*.html")}

    def marks(self) -> dict[str, tuple[int, int]]:
        public = self.site / "public"
        return {
            path.relative_to(public).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in public.rglob("*")
            if path.is_file()
        }

    def tick(self) -> int:
        self.counter += 1
        return self.counter

    def teardown(self) -> None:
        self.build()


def must_equal(found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    different = difference(found, wanted)
    assert not different, different


@lru_cache(maxsize=2000)
def read_as(path: str, text: bytes, settings: Settings) -> tuple[int, bool]:
    """How many articles a text gives, and whether there is an error in it."""
    reading, bodies = read_bytes(path, text, settings)
    problems = [*reading.problems, *(problem for body in bodies for problem in body.problems)]
    return len(reading.articles), any(problem.severity == "error" for problem in problems)


def as_event(line: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def empty(folder: Path) -> None:
    """Make the folder of a site without articles; only compiled templates stay."""
    for name in (*FOLDERS, "public", ".sitegen/bodies"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (*CATALOG, "lock.db"):
        (folder / ".sitegen" / name).unlink(missing_ok=True)
    (folder / "articles").mkdir(parents=True)


def kill_during(job: Callable[[], object], after: int) -> None:
    """Do `job` in a forked process that kills itself at a step: a file opened, renamed or removed, or a commit."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        left = iter(range(after))

        def step() -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        import sys

        sys.addaudithook(
            lambda event, _: step() if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") else None
        )
        whole = Catalog.transaction

        def transaction(catalog: Catalog) -> object:
            step()
            return whole(catalog)

        Catalog.transaction = transaction  # type: ignore[method-assign, assignment]
        job()
    finally:
        os._exit(0)


def run_laws(root: Path, *, jobs: int, examples: int, steps: int, same: bool = False, deadly: bool = False) -> None:
    class Here(Site):
        pass

    Here.root, Here.jobs, Here.deadly = root, jobs, deadly
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=same,
            print_blob=not same,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Each clean build would parse all templates again, which takes longer than everything else that it does.
    known: dict[bytes, Mapping[str, bytes]] = {}
    read_templates = renderer.template_digests

    def template_digests(folders: tuple[str, ...], _cache: str = "") -> Mapping[str, bytes]:
        stamp = template_stamp(folders)
        if stamp not in known:
            known[stamp] = read_templates(folders)
        return known[stamp]

    monkeypatch.setattr(renderer, "template_digests", template_digests)
    # Small sites must meet the limits of large ones.
    for module, name, value in ((shards, "MOST", 3), (terms, "INDEX_LIMIT", 4), (terms, "NEWEST", 2)):
        monkeypatch.setattr(module, name, value)
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_an_incremental_build_equals_a_clean_one(root: Path) -> None:
    run_laws(root, jobs=1, examples=16, steps=16, same=True)


def test_three_jobs_equal_a_clean_build_by_one(root: Path) -> None:
    run_laws(root, jobs=3, examples=2, steps=4, same=True)


@pytest.mark.slow
def test_an_incremental_build_equals_a_clean_one_at_length(root: Path) -> None:
    run_laws(root, jobs=1, examples=300, steps=30)


@pytest.mark.slow
def test_three_jobs_equal_a_clean_build_by_one_at_length(root: Path) -> None:
    run_laws(root, jobs=3, examples=15, steps=15)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_builds_that_die_at_every_turn_are_finished(root: Path) -> None:
    run_laws(root, jobs=1, examples=100, steps=20, deadly=True)
