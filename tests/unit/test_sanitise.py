"""Nothing that runs, loads or escapes passes the sanitiser."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.bodies import render_body
from sitegen.bodies.sanitise import hidden_elements, sanitise
from sitegen.records import Article, MarkdownBlock

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='https://example.org' target=_blank onclick=alert(1) style='color:red'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html;base64,x'></object><embed src=x>",
    "<form action=//x><input name=a><button formaction=javascript:alert(1)>x</button></form>",
    "<base href=//x><meta http-equiv=refresh content='0;url=//x'><link rel=stylesheet href=//x>",
    "<style>@import '//x'</style>",
    "<div style='background:url(//x)' class='masthead' id='main'>x</div>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><% x %>",
    "<p title='\"><script>alert(1)</script>'>x</p>",
    "<video src=x onloadstart=alert(1)><source src=x></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "[x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](x\"onerror=\"alert(1))",
    "*x*{: onclick=\"alert(1)\" style=\"x\" }",
    "# x {: #main onclick=alert(1) .masthead }",
    "``` {: onclick=alert(1) }\nx\n```",
    "*[x]: \"><script>alert(1)</script>\n\nx",
    "[^\"><script>alert(1)</script>]: x\n\n[^\"><script>alert(1)</script>]",
    "<a href=\"https://example.org/\" lang='x\" onclick=\"alert(1)'>x</a>",
]  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "href", "rel", "title", "class", "id", "lang", "dir", "start", "value", "reversed", "colspan", "rowspan",
    "scope", "tabindex",
}  # fmt: skip
FORBIDDEN_TAGS = {
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "meta", "link", "svg", "math",
    "template", "video", "source", "img", "h1", "noscript",
}  # fmt: skip


class Inspector(HTMLParser):
    """Asserts that each tag is harmless, and that tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in FORBIDDEN_TAGS
        if tag not in ("br", "hr", "wbr"):
            self.open.append(tag)
        for name, value in attrs:
            assert name in ALLOWED_ATTRIBUTES
            if name == "href":
                assert value is not None
                assert value.startswith(("http://", "https://", "mailto:", "#", "\x02"))
            if name == "id":
                assert value is not None
                assert value.startswith(("s", "fn:", "fnref"))
            if name == "class":
                assert value in ("table", "footnote", "footnote-ref", "footnote-backref", "left", "right", "center")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(text: str) -> str:
    html = render_body(Article(id="1", body=(MarkdownBlock(text),)), file="2024/a.md").html
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert inspector.open == []
    return html


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_harmless(attack: str) -> None:
    check(attack)
    check(f"Text {attack} text\n\n- {attack}\n\n> {attack}")


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "\n\n", "text", "<", ">", '"', "'", "&", "*", "`", "<p>", "</div>", "<b", "- "]),
        max_size=8,
    ).map("".join)
)
def test_mixed_attacks_are_harmless(text: str) -> None:
    check(text)


def test_news_markup_passes() -> None:
    html = (
        '<p>a <em>b</em> <strong>c</strong><br>d <sub>e</sub> <abbr title="f">g</abbr></p><ol start="3"><li>h</li></ol>'
    )
    assert sanitise(html) == html


def test_text_of_wrappers_is_kept() -> None:
    assert sanitise("<article><section><font color=red>kept</font></section></article>") == "kept"


def test_hidden_elements_are_named_once() -> None:
    assert hidden_elements("<IFRAME></IFRAME> <script></script> <iframe> <iframes>") == ("iframe", "script")
