"""From sanitised HTML to the HTML of a page: heading levels and their ids, links, tables that scroll.

An article's page has one h1, its headline. The topmost level of subhead in a text becomes h2, the next h3, and no
level is skipped. Subheads get the ids s1, s2 … in order; links to a subhead's own id, or to the id that GitHub would
give it, follow. A link to a file of the archive has its address between two U+0002, escaped, for the renderer to fill
in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from sitegen.addresses import COMMON_URL, resolve
from sitegen.bodies.figures import Complain
from sitegen.bodies.markup import attributes, text_of, write_tag

_HEADING_TAG: Final = re.compile(r"<(/?)h([1-6])((?: [a-z:-]+=\"[^\"]*\")*)>")
# The commonest link by far, for which `_link` would do the same.
_PLAIN_WEB_LINK: Final = re.compile(rf'<a href="({COMMON_URL})">')
# The sanitiser lets no `rel` pass: a link that has one is done.
_REWRITTEN: Final = re.compile(
    r'<(?!a href="[^"]*" rel=)(?:(?P<name>[a-z][a-z0-9]*)(?P<values>(?: [a-z:-]+="[^"]*")+)|(?P<bare>/?table|pre|th))>'
)
_EMPTY: Final = re.compile(r'<(p|a|li|blockquote|ul|ol|div|figure|em|strong)(?: [a-z:-]+="[^"]*")*>\s*</\1>\n?')
_FOOTNOTE_ID: Final = re.compile(r"fn(?:ref[0-9]*)?:.")
_INTEGER: Final = re.compile(r"-?[0-9]{1,6}\Z")
_SPAN: Final = re.compile(r"[1-9][0-9]?\Z")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_VALID: Final = {
    "start": _INTEGER,
    "value": _INTEGER,
    "colspan": _SPAN,
    "rowspan": _SPAN,
    "lang": _LANGUAGE,
    "dir": re.compile(r"(?:ltr|rtl|auto)\Z"),
}
_GITHUB_DROPS: Final = re.compile(r"[^\w\- ]")


class PageHtml:
    """The HTML of one body in the making; `finish` does it, the fields hold what was found on the way."""

    def __init__(self, *, file: str, exists: Callable[[str], bool] | None, complain: Complain) -> None:
        self.file = file
        self.exists = exists
        self.complain = complain
        self.contents: list[tuple[str, str]] = []
        self.local_links: dict[str, None] = {}
        self._ids: dict[str, str] = {}
        self._used_ids: set[str] = set()

    def finish(self, html: str) -> str:
        """`html`, sanitised and with its pictures replaced by markers, as it stands on the page."""
        if "<h" in html:
            html = self._number_headings(html)
        if '<a href="http' in html:
            html = _PLAIN_WEB_LINK.sub(r'<a href="\1" rel="external noopener">', html)
        html = _REWRITTEN.sub(self._rewrite, html)
        # What held only a picture or something that was not allowed is empty now, and then perhaps what held that.
        for _ in range(3):
            html, found = _EMPTY.subn("", html)
            if not found:
                break
        return html.strip()

    def _number_headings(self, html: str) -> str:
        tags = list(_HEADING_TAG.finditer(html))
        if not tags:
            return html
        ranks = {level: rank for rank, level in enumerate(sorted({int(tag[2]) for tag in tags}), start=2)}
        out: list[str] = []
        opened: list[int] = []
        position, previous = 0, 1
        for tag, after in zip(tags, [*tags[1:], None], strict=True):
            out.append(html[position : tag.start()])
            position = tag.end()
            if tag[1]:
                # 0 stands for a heading without text, which is left out.
                level = opened.pop() if opened else 0
                out.append(f"</h{level}>" if level else "")
                continue
            text = text_of(html[tag.end() : after.start() if after else len(html)])
            level = min(ranks[int(tag[2])], previous + 1, 6) if text else 0
            opened.append(level)
            if level:
                previous = level
                out.append(f'<h{level} id="{self.name(text, attributes(tag[3]).get("id", ""))}">')
        out.append(html[position:])
        return "".join(out)

    def name(self, text: str, own_id: str = "") -> str:
        """The id of the next subhead; `own_id` is what its author called it."""
        name = f"s{len(self.contents) + 1}"
        self.contents.append((name, text))
        slug = _GITHUB_DROPS.sub("", text.lower()).replace(" ", "-")
        for known in (own_id, slug):
            if known:
                self._ids.setdefault(known, name)
        return name

    def _rewrite(self, tag: re.Match[str]) -> str:
        bare = tag["bare"]
        if bare is not None:
            return _BARE[bare]
        name: str = tag["name"]
        if name[0] == "h" and name != "hr":
            return tag[0]
        values = attributes(tag["values"])
        if name == "a":
            return self._link(values)
        if not values.get("class", "x"):
            del values["class"]
        if "id" in values:
            self._keep_footnote_id(values)
        if "align" in values:
            values["class"] = values.pop("align")
        for key in [key for key in values if key in _VALID and not _VALID[key].match(values[key])]:
            del values[key]
        if name == "th":
            values["scope"] = "col"
        if name in ("pre", "table"):
            values["tabindex"] = "0"
        opened = write_tag(name, values)
        return (
            f'<div class="table" tabindex="0">{write_tag(name, _without(values, "tabindex"))}'
            if name == "table"
            else opened
        )

    def _keep_footnote_id(self, values: dict[str, str]) -> None:
        name = "-".join(values["id"].split())
        del values["id"]
        if _FOOTNOTE_ID.match(name) and name not in self._used_ids:
            self._used_ids.add(name)
            values["id"] = name

    def _link(self, values: dict[str, str]) -> str:
        written = values.pop("href", None)
        if written is None:
            return write_tag("a", values)
        target = resolve(written, file=self.file)
        head: dict[str, str] = {}
        if target.kind == "web":
            head = {"href": target.value, "rel": "external noopener"}
        elif target.kind == "mail":
            head = {"href": target.value}
        elif target.kind == "fragment":
            head = self._fragment(target.value)
        elif target.kind == "refused":
            self.complain("N323", f'the link "{written}" is not followed: {target.value}', written)
        elif self.exists is None or self.exists(target.value):
            self.local_links.setdefault(target.value)
            head = {"href": f"\x02{target.value}\x02"}
        else:
            self.complain("N321", f'the link "{written}" leads to no file of the archive', written)
        return write_tag("a", head | values)

    def _fragment(self, name: str) -> dict[str, str]:
        name = "-".join(name.split())
        if _FOOTNOTE_ID.match(name):
            return {"href": f"#{name}"}
        known = self._ids.get(name) or self._ids.get(name.lower())
        return {"href": f"#{known}"} if known else {}


_BARE: Final = {
    "table": '<div class="table" tabindex="0"><table>',
    "/table": "</table></div>",
    "pre": '<pre tabindex="0">',
    "th": '<th scope="col">',
}


def _without(values: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name != key}
