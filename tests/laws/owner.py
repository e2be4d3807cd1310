"""What a restless owner does to a site: every kind of step that a build has to cope with."""

from __future__ import annotations

import json
import os
import shutil

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from msgspec.structs import replace

from tests.laws.death import End
from tests.laws.materials import (
    BROKEN,
    CATALOG,
    FOREIGN,
    LEDGER,
    PATHS,
    PICTURES,
    RASTERS,
    READING_SETTINGS,
    SETTINGS,
    TEMPLATES,
)
from tests.laws.site import ENDS, Site, as_event, must_equal
from tests.laws.texts import draw_source
from tests.searching import is_of_all_stretches, stretch_folder
from tests.support import put, tree


class Owner(Site):
    """The steps. Most of them build."""

    # -- sources ------------------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def first(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 4))):
            path = data.draw(PATHS)
            put(self.site / "articles", {path: draw_source(data, path)})
        self.build()

    @rule(data=st.data(), path=PATHS)
    def write_source(self, data: st.DataObject, path: str) -> None:
        self.write({path: draw_source(data, path)})
        self.maybe_build(data)

    @rule(data=st.data())
    def edit_source(self, data: st.DataObject) -> None:
        """Change a part of a source: its headline, its body, its date, its tags."""
        path = self.pick(data)
        if path is None:
            return
        old, new = self.text_of(path).split(b"\n"), draw_source(data, path).split(b"\n")
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
        if which < len(READING_SETTINGS):
            # What is kept of an unreadable source is what it was read as then, under the settings of that day.
            self.mend_sources(data)
            self.uncertain = True
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

    @rule(data=st.data(), how=st.sampled_from(["overwrite", "truncate", "empty", "exchange"]))
    @precondition(lambda self: not self.lists_damaged)
    def damage_catalog(self, data: st.DataObject, how: str) -> None:
        folder = self.site / ".sitegen"
        path = folder / CATALOG[0]
        # SQLite keeps no checksums: what was overwritten is noticed in a catalog that a finished build has sealed.
        if not path.exists() or (how in ("overwrite", "exchange") and not (folder / CATALOG[3]).exists()):
            return
        whole = path.read_bytes()
        if not whole:
            return
        match how:
            case "overwrite":
                at = data.draw(st.integers(0, len(whole) - 1))
                path.write_bytes(whole[:at] + b"damaged" + whole[at + 7 :])
            case "truncate":
                path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
            case "empty":
                path.write_bytes(b"")
            case "exchange":
                clean = self.clean / ".sitegen" / CATALOG[0]
                path.write_bytes(clean.read_bytes() if clean.exists() else b"not a catalog")
        self.good.clear()
        self.catalog_doomed = True
        self.maybe_build(data)

    @rule(data=st.data(), how=st.sampled_from(["delete", "garble", "truncate"]))
    def damage_texts(self, data: st.DataObject, how: str) -> None:
        """Lose or garble a pack of converted texts, or a converted picture."""
        cache = self.site / ".sitegen"
        kept = sorted(path for name in ("bodies", "pictures") for path in (cache / name).rglob("*") if path.is_file())
        if not kept or self.lists_damaged or self.any_broken():
            return
        path = data.draw(st.sampled_from(kept))
        match how:
            case "delete":
                path.unlink()
            case "garble":
                path.write_bytes(b"?" * path.stat().st_size)
            case "truncate":
                path.write_bytes(path.read_bytes()[:-1])
        if path.suffix == ".pack":
            # Every page shows the title, so that the build comes by all texts, and nobody has to ask which it came by.
            self.settings = replace(self.settings, title=f"News {self.tick()}")
            self.build()
        else:
            self.catalog_doomed = True
            self.maybe_build(data)

    # -- builds that come to no good end ------------------------------------------------------------------------------

    @rule(data=st.data(), end=ENDS)
    @precondition(Site.may_die)
    def end_build(self, data: st.DataObject, end: End) -> None:
        self.die(end)
        self.maybe_build(data)

    @rule(data=st.data(), name=st.sampled_from(["day.html", "article.html", "_figure.html", "base.html"]))
    @precondition(Site.may_die)
    def break_template(self, data: st.DataObject, name: str) -> None:
        """A template with a fault in it stops the build; then it is as it was."""
        path = self.site / "templates" / name
        before = path.read_bytes() if path.exists() else None
        put(self.site / "templates", {name: data.draw(st.sampled_from(["{% if %}", "{{ view.nonsense.nonsense }}"]))})
        self.fail()
        path.unlink() if before is None else path.write_bytes(before)
        self.maybe_build(data)

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
            if name.startswith((".sitegen/", "sitemaps/")) or name.endswith("/") or stood.get(name) == stands.get(name):
                # Which parts a large sitemap has is known only when the pages that it lists are written.
                continue
            action = "remove" if name not in stands else "change" if name in stood else "new"
            if name.startswith("search/"):
                # Pagefind names the files, so that the folder of their stretch stands for all of them.
                assert is_of_all_stretches(name) or {name, stretch_folder(name)} & planned.keys(), (
                    f"{name}: {action}, not told"
                )
            else:
                assert planned.get(name) in (action, "change"), f"{name}: {action}, planned: {planned.get(name)}"

    @rule()
    def build_again(self) -> None:
        self.build()
