"""The meanings of the rules by which readers leave something out."""

from __future__ import annotations

import re
from pathlib import Path

from sitegen.droprules import MEANINGS
from tests.browser.tools import ROOT
from tests.support import build_site, dump, put

_RULE = re.compile(r'\brule="([a-z-]+)"|dropped(?:_line)?\([^)"]*"([a-z]+-[a-z-]+)"')


def test_every_rule_of_a_reader_has_a_meaning() -> None:
    found = {
        one or other
        for path in (ROOT / "sitegen").rglob("*.py")
        for one, other in _RULE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 40
    assert found - MEANINGS.keys() == set()


def test_the_readme_gives_each_rule_with_an_example() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+ \| .*\S) \|$", readme, re.MULTILINE))
    for rule, meaning in MEANINGS.items():
        assert rows[rule].startswith(f"{meaning} | "), rule


def test_the_about_page_says_what_a_rule_means(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.txt": dump("Bridge opens")})
    build_site(tmp_path)
    page = (tmp_path / "public/about/index.html").read_text(encoding="utf-8")
    assert '<td lang="en" dir="ltr">How long ago the page was saved (“3 hours ago”)</td>' in page
