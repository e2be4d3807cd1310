"""The straight way from Markdown's HTML to the page's gives what the long way gives."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.bodies import body as body_module
from sitegen.bodies import render_body
from sitegen.bodies.body import Body
from sitegen.bodies.figures import FigureList
from sitegen.bodies.page import PageHtml
from sitegen.bodies.straight import straight
from sitegen.records import Article, Figure, MarkdownBlock

INLINE = [
    "word", "The mayor said", "é", "中文", "2024", " ", " ", "  ", "\n", "*a*", "**b c**", "_d_", "*", "[sic]", "& ",
    "AT&T", ">", "“x”", "'", '"', "\u00a0", "\u200b", "\u3000", "\u2028", "\x85", "\x0b", "\x1c", "\x02", "\ufffe",
    "[a](http://e.org)", "[a b](https://e.org/a_b?c=1&d=2)", "[a](https://e.org/x#y)", "[ ](https://e.org)",
    '[t](https://e.org "title")', "[a](b.md)", "[a](#s1)", "[a](javascript:b)", "[a](//e.org/)", "[a](HTTPS://E.ORG)",
    "[a](https://e.org/é)", "![a](b.jpg)", '![a "b"](c/d.jpg "Photo: X (AP)")', "![](https://e.org/p.png)",
    "![a](../../b.jpg)", "![a](javascript:b)", "![&](b&c.jpg)", "![a](b c.jpg)", "![a](.hidden)", "![a](//e.org/b.jpg)",
]  # fmt: skip
inline_text = st.lists(st.sampled_from(INLINE), min_size=1, max_size=5).map("".join)
block = st.one_of(
    inline_text,
    st.tuples(st.sampled_from(["# ", "## ", "### ", "#### ", "> ", "- ", "1. "]), inline_text).map("".join),
    st.sampled_from(
        ["- a\n- b [c](https://e.org)", "1. a\n2. *b*", "> a\n> b\n> c", "![a](b.jpg)", "# Same", "## Same"]
    ),
    st.sampled_from(['![a](b.jpg "One. Photo: Two")', "![a](c.jpg)", "### Deep", "#", "## &", "> - a", "***"]),
)
document = st.lists(st.tuples(block, st.sampled_from(["\n\n", "\n\n", "\n", "\n\n\n"])).map("".join), max_size=6).map(
    "".join
)


def long_way(article: Article) -> Body:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body_module, "straight", lambda *_: None)
        return render_body(article, file="sub/a.md", exists=lambda path: "c" not in path)


def article_of(text: str, figures: tuple[Figure, ...] = ()) -> Article:
    return Article(id="a", title="T", figures=figures, body=(MarkdownBlock(text, 5),))


@settings(max_examples=2_000)
@given(document, st.sampled_from([(), (Figure(file="b.jpg", caption="C"),), (Figure(file="sub/b.jpg"),)]))
def test_both_ways_give_the_same_body(text: str, figures: tuple[Figure, ...]) -> None:
    article = article_of(text, figures)
    found = render_body(article, file="sub/a.md", exists=lambda path: "c" not in path)
    # The long way does not look for it.
    assert msgspec.to_builtins(replace(found, single_spaced=False)) == msgspec.to_builtins(long_way(article))
    assert not found.single_spaced or ("  " not in found.html and "\xa0" not in found.html)


def test_prose_goes_the_straight_way() -> None:
    taken: list[tuple[str, list[str], bool] | None] = []
    with pytest.MonkeyPatch.context() as patch:

        def watched(text: str, page: PageHtml, figures: FigureList) -> tuple[str, list[str], bool] | None:
            taken.append(straight(text, page, figures))
            return taken[-1]

        patch.setattr(body_module, "straight", watched)
        text = "## Sub *head*\n\nProse **bold**, AT&T, [a](https://e.org/b).\n\n![a](b.jpg)\n\n- one\n- two\n\nEnd.\n\n> He said."
        render_body(article_of(text), file="a.md")
    assert taken
    assert taken[0] is not None
