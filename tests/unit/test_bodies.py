"""Bodies become HTML: plain blocks, Markdown, figures, links, subheads."""

from __future__ import annotations

import re
import time

import pytest

from sitegen.addresses import Address, resolve
from sitegen.bodies import Body, blocks_for_inspect, render_body
from sitegen.bodies.body import count_words
from sitegen.bodies.captions import split_credit
from sitegen.bodies.conversion import new_markdown
from sitegen.bodies.fastpath import to_html
from sitegen.records import (
    Article,
    Block,
    Figure,
    FigureBlock,
    ListBlock,
    MarkdownBlock,
    Paragraph,
    Preformatted,
    Quote,
    Subhead,
)


def body(
    text: str, *, file: str = "2024/a.md", figures: tuple[Figure, ...] = (), there: set[str] | None = None
) -> Body:
    article = Article(id="1", body=(MarkdownBlock(text, 10),), figures=figures)
    return render_body(article, file=file, exists=None if there is None else there.__contains__)


def plain(*blocks: Block, figures: tuple[Figure, ...] = ()) -> Body:
    return render_body(Article(id="1", body=blocks, figures=figures), file="a.txt")


def codes(found: Body) -> list[str]:
    return [problem.code for problem in found.problems]


def test_plain_blocks_are_escaped_and_never_markdown() -> None:
    found = plain(
        Paragraph("1. An _under_ *score* & <b>tag</b>"),
        Subhead("Head & <i>"),
        ListBlock(("one", "<two>"), ordered=True),
        Quote("said > done"),
        FigureBlock(0),
        Preformatted("a  b\n<c>"),
        figures=(Figure(caption="C"),),
    )
    assert found.html == (
        "<p>1. An _under_ *score* &amp; &lt;b&gt;tag&lt;/b&gt;</p>\n"
        '<h2 id="s1">Head &amp; &lt;i&gt;</h2>\n'
        "<ol>\n<li>one</li>\n<li>&lt;two&gt;</li>\n</ol>\n"
        "<blockquote>\n<p>said &gt; done</p>\n</blockquote>\n"
        "\x030\x03\n"
        '<pre tabindex="0">\na  b\n&lt;c&gt;</pre>'
    )
    assert found.plain == ("1. An _under_ *score* & <b>tag</b>", "one", "<two>", "said > done")
    assert found.contents == (("s1", "Head & <i>"),)
    assert found.words == 11


def test_markers_cannot_be_forged() -> None:
    assert plain(Paragraph("a \x030\x03 b \x02x\x02")).html == "<p>a 0 b x</p>"
    found = body("\x030\x03 and &#3;0&#3; and &#x2;x&#2;\n\n<p>&#3;0&#3;</p>\n\n[a](\x02x\x02) [b](&#2;x&#2;)")
    assert "\x03" not in found.html
    assert found.html.count("\x02") == 2 * found.html.count('href="\x022024/x\x02"') == 4


@pytest.mark.parametrize("text", ["a\x00b\x08c\x7fd", "a\ud800b", "a\ufffeb\ufdd0c", "&#x1;&#127;x"])
def test_what_html_forbids_is_not_on_the_page(text: str) -> None:
    for found in (plain(Paragraph(text)), body(text), body(f"<div>{text}</div>\n\n*x*")):
        assert found.html.encode()
        assert not set(found.html) & set("\x00\x01\x08\x7f\ufffe\ufdd0")


def test_vertical_controls_part_words() -> None:
    assert plain(Paragraph("one\x0ctwo\x85three")).html == "<p>one two three</p>"


def test_picture_alone_in_its_paragraph_is_a_figure() -> None:
    found = body('Before.\n\n![A man](../img/a%20b.jpg "The mayor. Photo: Jane Roe/AP")\n\nAfter.')
    assert found.html == "<p>Before.</p>\n\x030\x03\n<p>After.</p>"
    assert found.figures == (Figure(file="img/a b.jpg", alt="A man", caption="The mayor.", credit="Jane Roe/AP"),)
    assert found.plain == ("Before.", "After.")


def test_alt_and_caption_are_never_made_of_each_other() -> None:
    assert body("![](a.jpg 'Caption')").figures == (Figure(file="2024/a.jpg", caption="Caption"),)
    assert body("![Alt](a.jpg)").figures == (Figure(file="2024/a.jpg", alt="Alt"),)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One ![x](a.jpg) two.", "<p>One  two.</p>\n\x030\x03"),
        ("[![x](a.jpg)](b.jpg)", "\x030\x03"),
        ("- one ![x](a.jpg)\n- two", "<ul>\n<li>one \n\x030\x03\n</li>\n<li>two</li>\n</ul>"),
        ("## Head ![x](a.jpg)", '<h2 id="s1">Head </h2>\n\x030\x03'),
        ("> ![x](a.jpg)", "<blockquote>\n\x030\x03\n</blockquote>"),
        ("*![x](a.jpg)*", "\x030\x03"),
    ],
)
def test_marker_stands_where_a_figure_may(text: str, html: str) -> None:
    found = body(text)
    assert re.sub(r"\n+", "\n", found.html) == html
    assert len(found.figures) == 1


def test_html_figure_gives_its_caption() -> None:
    found = body(
        '<figure>\n<img src="a.jpg" alt="A">\n<figcaption>The <b>dam</b> (credit: J. Roe)</figcaption>'
        "\n</figure>\n\nText"
    )
    assert found.figures == (Figure(file="2024/a.jpg", alt="A", caption="The dam", credit="J. Roe"),)
    assert found.html.split() == ["\x030\x03", "<p>Text</p>"]


def test_given_figure_that_the_text_shows_is_one_figure() -> None:
    found = body("![Alt](a.jpg)\n\n![](a.jpg)", figures=(Figure(file="2024/a.jpg", caption="C"),))
    assert found.html == "\x030\x03\n\x031\x03"
    assert found.figures[0] == Figure(file="2024/a.jpg", caption="C", alt="Alt")


def test_remote_picture_keeps_its_address_and_a_missing_one_is_reported() -> None:
    found = body("![a](https://example.org/a.jpg)\n\n![b](b.jpg)\n\n![c](c.jpg)", there={"2024/c.jpg"})
    assert [figure.file for figure in found.figures] == ["https://example.org/a.jpg", "2024/b.jpg", "2024/c.jpg"]
    assert [(problem.code, problem.line) for problem in found.problems] == [("W222", 12)]


@pytest.mark.parametrize(
    "address",
    ["../../x.jpg", "..%2f..%2fx.jpg", "%2e%2e/%2e%2e/x.jpg", "//host/x.jpg", "data:image/png;base64,xx", "file:///x"],
)
def test_picture_that_leaves_the_archive_is_refused(address: str) -> None:
    found = body(f"![a]({address})")
    assert [figure.file for figure in found.figures] == [None]
    assert codes(found) == ["W221"]


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("https://example.org/a?b=1&c=2", '<a href="https://example.org/a?b=1&amp;c=2" rel="external noopener">x</a>'),
        ("mailto:a@example.org", '<a href="mailto:a@example.org">x</a>'),
        ("../b/c.md", '<a href="\x02b/c.md\x02">x</a>'),
        ("/b/c%20d.md#part", '<a href="\x02b/c d.md\x02">x</a>'),
        ("a&b.md", '<a href="\x022024/a&amp;b.md\x02">x</a>'),
        ("javascript:alert(1)", "<a>x</a>"),
        ("JaVaScript&#58;alert(1)", "<a>x</a>"),
        ("data:text/html,x", "<a>x</a>"),
        ("file:///etc/passwd", "<a>x</a>"),
        ("//example.org/a", "<a>x</a>"),
        ("../../etc/passwd", "<a>x</a>"),
        ("https://", "<a>x</a>"),
        ("http://a:b/", "<a>x</a>"),
        ("#nothing", "<a>x</a>"),
        ("c:/x.md", "<a>x</a>"),
    ],
)
def test_links(written: str, html: str) -> None:
    assert body(f"[x]({written})").html == f"<p>{html}</p>"


def test_link_to_a_file_that_is_not_there_is_a_note() -> None:
    found = body("[x](b.md) [y](c.md)", there={"2024/b.md"})
    assert found.local_links == ("2024/b.md",)
    assert codes(found) == ["N321"]


def test_resolve() -> None:
    assert resolve("http://example.org/a b", file="a.md") == Address("web", "http://example.org/a%20b")
    assert resolve("http://müller.example/ä", file="a.md") == Address("web", "http://müller.example/ä")
    assert resolve("http://example.org/100%", file="a.md") == Address("web", "http://example.org/100%25")
    assert resolve("b%00.md", file="a.md").kind == "refused"
    assert resolve("x/../../b.md", file="d/a.md") == Address("file", "b.md")
    assert resolve("..\\..\\b.md", file="d/a.md").kind == "refused"
    assert resolve("\\\\host\\b.md", file="a.md").kind == "refused"
    assert resolve("", file="a.md").kind == "refused"
    assert resolve("ja\nvascript:x", file="a.md").kind == "refused"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n# C", ["h2", "h3", "h2"]),
        ("## A\n\n### B", ["h2", "h3"]),
        ("### A\n\n###### B", ["h2", "h3"]),
        ("### A\n\n## B", ["h2", "h2"]),
        ("#", []),
    ],
)
def test_heading_levels_begin_at_two_and_skip_none(text: str, levels: list[str]) -> None:
    assert re.findall("<(h[1-6])", body(text).html) == levels


def test_contents_and_links_to_subheads() -> None:
    found = body("# One *two* {#own}\n\n# Three: four!\n\n[a](#own) [b](#three-four) [c](#fn:9)")
    assert found.contents == (("s1", "One two"), ("s2", "Three: four!"))
    assert '<a href="#s1">a</a> <a href="#s2">b</a>' in found.html


def test_footnotes_work_within_the_page() -> None:
    found = body("Text.[^my note]\n\n[^my note]: Note.")
    assert '<sup id="fnref:my-note"><a href="#fn:my-note" class="footnote-ref">1</a></sup>' in found.html
    assert '<li id="fn:my-note">' in found.html
    assert found.plain == ("Text.", "Note.")


def test_table_can_scroll_and_has_no_style() -> None:
    html = body("a | b\n:-|-:\n1 | 2").html
    assert html.startswith('<div class="table" tabindex="0"><table>')
    assert html.endswith("</table></div>")
    assert '<th class="left" scope="col">a</th>' in html
    assert '<td class="right">2</td>' in html
    assert "style" not in html


def test_html_that_cannot_be_shown_is_reported() -> None:
    found = body('Text\n\n<iframe src="https://example.org"></iframe>\n\n<script>x()</script>\n\nMore')
    assert found.html == "<p>Text</p>\n\n\n<p>More</p>" or found.plain == ("Text", "More")
    assert codes(found) == ["W224", "W224"]
    assert "x()" not in found.html


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Photo: Jane Roe", "", "Jane Roe"),
        ("The mayor. Photo: Jane Roe", "The mayor.", "Jane Roe"),
        ("The mayor. Credit: Jane Roe/AP", "The mayor.", "Jane Roe/AP"),
        ("The mayor (credit: Jane Roe)", "The mayor", "Jane Roe"),
        ("The mayor (photo credit: JANE ROE/AFP)", "The mayor", "JANE ROE/AFP"),
        ("The mayor [Photo: Jane Roe]", "The mayor", "Jane Roe"),
        ("“It holds.” Photograph by Jane Roe", "“It holds.”", "Jane Roe"),
        ("Der Damm. Foto: Jane Roe", "Der Damm.", "Jane Roe"),
        ("The mayor | Photo: Jane Roe", "The mayor", "Jane Roe"),
        ("The mayor of Haifa", "The mayor of Haifa", ""),
        ("Buyers asked for credit: none got it", "Buyers asked for credit: none got it", ""),
        ("A photo by the sea", "A photo by the sea", ""),
        ("", "", ""),
    ],
)
def test_credit_is_split_off_the_end_of_a_caption(text: str, caption: str, credit: str) -> None:
    assert split_credit(text) == (caption, credit)


def test_words_are_counted_in_scripts_without_spaces() -> None:
    assert count_words("one two three") == 3
    assert count_words("日本語の文章はこのように続きます") > 5
    assert count_words("") == 0


def test_blocks_for_inspect_of_markdown() -> None:
    text = (
        "# Head\n\nPara *a* [l](b.md).\n\n![A](a.jpg)\n\n- one\n- two\n\n> said\n\n    code <\n\na | b\n-|-\n1 | 2\n\n"
        "<div>\n<p>wrapped</p>\n</div>\n\nlast"
    )
    article = Article(id="1", body=(MarkdownBlock(text),))
    blocks = blocks_for_inspect(article, render_body(article, file="a.md"))
    assert [block["kind"] for block in blocks] == [
        "subhead", "paragraph", "figure", "list", "quote", "preformatted", "html", "paragraph", "paragraph",
    ]  # fmt: skip
    assert blocks[1] == {"kind": "paragraph", "text": "Para a l."}
    assert blocks[2] == {"kind": "figure", "figure": 0}
    assert blocks[3] == {"kind": "list", "items": ["one", "two"]}
    assert blocks[5] == {"kind": "preformatted", "text": "code <"}


def test_blocks_for_inspect_of_plain_text() -> None:
    article = Article(
        id="1", body=(Paragraph("a"), Subhead("b"), ListBlock(("c",)), FigureBlock(0)), figures=(Figure(),)
    )
    assert blocks_for_inspect(article, render_body(article, file="a.txt")) == [
        {"kind": "paragraph", "text": "a"},
        {"kind": "subhead", "text": "b"},
        {"kind": "list", "items": ["c"]},
        {"kind": "figure", "figure": 0},
    ]


N = 350_000
HOSTILE = {
    "brackets": "[" * N,
    "nested brackets": "[" * (N // 2) + "]" * (N // 2),
    "pictures": "![" * (N // 2),
    "stars": "*" * N,
    "open emphasis": "*a **b " * (N // 7),
    "mixed emphasis": "*_" * (N // 2),
    "open links": "[a](" * (N // 4),
    "open titles": '[a](b "' + '" ' * (N // 2),
    "backticks": "``a`" * (N // 4),
    "open tags": "<a " * (N // 3),
    "nested tags": "<b>" * (N // 3),
    "nested blocks": "<div>" * (N // 5),
    "footnote signs": "[^1]: x\n\n" + "[^1] " * (N // 5),
    "pictures in a line": "![a](b.jpg) " * (N // 12),
    "lone pictures": "![a](b.jpg)\n\n" * (N // 13),
    "escapes": "\\*" * (N // 2),
    "items": "- [a](b)\n" * (N // 9),
    "figures": "<figure>" * (N // 8),
    "quotes": "> " * (N // 2),
    "quote signs": ">" * N,
    "list marks": "- " * (N // 2) + "a",
    "headings in a block": "a\n==\n" * (N // 5),
    "rules in a block": "---\n" * (N // 4),
    "fences": "~~~a\n" * (N // 5),
    "definitions": "a\n: b\n" * (N // 6),
    "abbreviations": "".join(f"*[A{n}]: x\n" for n in range(N // 12)),
    "footnotes": "".join(f"[^{n}]: x\n" for n in range(N // 12)),
    "attribute lists": "*a*{: b }" * (N // 9),
    "spaces": "a" + " " * N + "b",
    "table": "|".join("a" * (N // 4)) + "\n" + "|".join("-" * (N // 4)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_does_not_hang_the_build(name: str) -> None:
    start = time.process_time()
    found = body(HOSTILE[name])
    assert time.process_time() - start < 60
    assert set(codes(found)) <= {"W223"}


def test_many_links_are_no_attack() -> None:
    assert codes(body("[a](http://example.org/b) " * 8192)) == []


def test_text_too_costly_is_shown_as_plain_paragraphs() -> None:
    found = body("First <b>\n\n" + "[" * 20_000)
    assert codes(found) == ["W223"]
    assert found.html.startswith("<p>First &lt;b&gt;</p>\n<p>[[[[")


def test_one_article_does_not_change_the_next() -> None:
    first = body("*[HTML]: Hyper\n[a]: http://example.org\n\n[^1]: x\n\nHTML [a] [^1]").html
    assert body("HTML [a] [^1]").html == "<p>HTML [a] [^1]</p>"
    assert body("*[HTML]: Hyper\n[a]: http://example.org\n\n[^1]: x\n\nHTML [a] [^1]").html == first


TRICKY = [
    "one  \ntwo", "one\ntwo three", "2019. A year", "- a\n- b\n\ntext", "- a\n\n    more\n\ntext", "1,200 people",
    "> a\n\ntext", "> a\nb\n\ntext", "> a\n\n> b", "Head\n====\n\ntext", "a\n\n---\n\nb", "A &amp; B &copy; C & D",
    "AT&T; R&D", "See [x][1].\n\n[1]: http://e.org", "<http://e.org>", "<div>\n\n*a*\n\n</div>", "    code\n\ntext",
    "1\\. not a list", "snake_case and _em_", "[a [b](c)](d)", "[**a**](b)", "he [sic] said", "a\n\n\n\nb",
    "a \n\nb", "a\n   \nb", "  a\n\nb", "a #1 b\n\n#1 b", "## a ##", "## a\n\n##b", "+ a\n\nb", "2 * 3 * 4", "2*3*4",
    "***a***", "**a *b* c**", "[a](http://e.org/?a=1&b=2)", "![a](b.jpg)", "[a](http://e.org/b_(c))", "[a](<b c>)",
    "![a](b \"c's\")", "![a](b \"(c) d\")", "3 < 4 > 2", "a > b", ">a", "1. a\n2. b\n\ntext", "2. a\n3. b", "a\tb",
    "a\r\n\r\nb", "text\n- a", "## a\ntext", "\u00a0a\n\nb", "text\n## a", "a `b` c", "1) a", "1.5 million", "1.",
    "-a b", "= a", "1999.\n\nb", "[\"a\"](b)", "un*frigging*believable", "* a*", "*1* b", "&copy; a",
    "a ![b](c \"d\") e", "**a** b", "[a](b) c", "*a*{: .x }", "a\n\n: b", "text\n: b", "*[A]: b\n\nA", "- a\n\n- b",
    "- a\n\n1. b", "> - a\n> - b", "- > a", "- # a", "- 1. a", "_a_b_ c", "__a__ b", "*a*b*c*", "* * *", "- - -",
    "a\n\n  - b\n\nc", "text [^1]\n\n[^1]: note", "٣. a", "a  \n\nb", "*a\nb* c", "![a\nb](c)", "[a\nb](c)",
    "klzzwxh:0000 *a* `b`",
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_fast_path_gives_what_markdown_gives(text: str) -> None:
    full = new_markdown()
    assert to_html(text, lambda part: full.reset().convert(part)) == new_markdown().convert(text)
