"""Shortcodes of other programs in Markdown texts."""

from __future__ import annotations

import pytest

from sitegen.bodies import render_body
from sitegen.bodies.body import Body
from sitegen.records import Article, Figure, MarkdownBlock
from tests.hostile import TIMES, cpu_seconds, is_linear


def _body(text: str) -> Body:
    return render_body(Article(id="a", body=(MarkdownBlock(text, line=7),)), file="a.md")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ('{{< figure src="/ship.jpg" alt="A ship" caption="In port" attr="Jo Ek" >}}',
         Figure(file="ship.jpg", alt="A ship", caption="In port", credit="Jo Ek")),
        ('{{% figure src="ship.jpg" title="In port" %}}', Figure(file="ship.jpg", caption="In port")),
        ('{{< figure "ship.jpg" />}}', Figure(file="ship.jpg")),
        ("{{< figure src='ship.jpg' caption='Her \"last\" <b>port</b>' width=300 >}}",
         Figure(file="ship.jpg", caption='Her "last" port')),
        ('{% include figure.html url="ship.jpg" description="In port" %}', Figure(file="ship.jpg", caption="In port")),
        ('{% include image.html file="ship.jpg" alt="A ship" -%}', Figure(file="ship.jpg", alt="A ship")),
        ('{% img left ship.jpg 350 230 "In port" "A ship" %}', Figure(file="ship.jpg", caption="In port", alt="A ship")),
        ('[caption id="x" align="left" width="30"]<a href="big.jpg"><img class="c" src="ship.jpg" alt="A ship" /></a> In '
         "<em>port</em>[/caption]", Figure(file="ship.jpg", alt="A ship", caption="In port")),
        ('[caption width="30" caption="In port"]<img src="ship.jpg">[/caption]', Figure(file="ship.jpg", caption="In port")),
        ("[caption]![A ship](ship.jpg) In port[/caption]", Figure(file="ship.jpg", alt="A ship", caption="In port")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "Before.\n\n{}\n\nAfter.", "Before {} after."])
def test_the_common_shortcodes_of_pictures_are_figures(text: str, figure: Figure, around: str) -> None:
    body = _body(around.format(text))
    assert body.figures == (figure,)
    assert not [problem for problem in body.problems if problem.code == "W225"]
    assert "{" not in body.html
    assert "caption]" not in body.html
    assert "\x030\x03" in body.html


@pytest.mark.parametrize(
    "text",
    [
        "{{< youtube w7Ft2ymGmfc >}}", '{{% notice tip %}}Mind *this*{{% /notice %}}', "{% include nav.html %}",
        "{% post_url 2010-07-21-name-of-post %}", '[gallery ids="1,2_3_4"]', "[embed]https://a.example/b_c_d[/embed]",
        '{{< figure src="a.mov" >}}',
        "[caption]no picture[/caption]",
    ],
)  # fmt: skip
def test_others_stay_as_they_are_written_and_are_reported(text: str) -> None:
    body = _body(f"Before.\n\n{text}\n\nAfter.")
    problem = body.problems[0]
    assert (problem.code, problem.line, problem.column) == ("W225", 9, 1)
    assert " ".join(body.plain).replace("Mind this", "Mind *this*") == f"Before. {text} After."


def test_a_caption_of_two_pictures_keeps_both_and_its_words() -> None:
    body = _body('[caption id="x"]<img src="a.jpg"><img src="b.jpg"> two[/caption]')
    assert [problem.code for problem in body.problems] == ["W225"]
    assert [figure.file for figure in body.figures] == ["a.jpg", "b.jpg"]
    assert " ".join(body.plain) == '[caption id="x"] two[/caption]'


@pytest.mark.parametrize(
    "text",
    [
        "Write `{{< figure src=\"a.jpg\" >}}` for a figure.", '```\n{{< figure src="a.jpg" >}}\n```',
        "{% raw %}{% include a.jpg %}{% endraw %}", "A set {1, 2} and 5 {%} of all [1], [caption], and/or [gallery]",
        "The [embed] tag", "{{ page.title }}",
    ],
)  # fmt: skip
def test_code_and_mere_brackets_are_left_alone(text: str) -> None:
    body = _body(text)
    assert body.problems == ()
    assert body.figures == ()


@pytest.mark.parametrize("beginning", ["{{< figure ", "{% include ", "[caption]", "[gallery ", "{{<", "`", "~~~\n"])
def test_a_text_full_of_beginnings_is_read_in_linear_time(beginning: str) -> None:
    smaller, larger = (
        cpu_seconds(lambda many=many: _body(f"{beginning * many} [/caption"))  # type: ignore[misc]
        for many in (40_000 // TIMES, 40_000)
    )
    assert is_linear(larger, smaller)
