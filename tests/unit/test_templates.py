"""The default theme: every template, with much and with little in it, in several languages and directions."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import jinja2.nodes
import msgspec
import pytest
from babel.messages.pofile import read_po
from msgspec.structs import replace

from sitegen import contexts, urls
from sitegen.contexts import (
    AboutPage,
    ArticlePage,
    Bar,
    ChoicesPage,
    DataFileRow,
    DataPage,
    DatesPage,
    Day,
    DayPage,
    FigureView,
    FreePage,
    Group,
    Headline,
    HomePage,
    Initial,
    Link,
    MonthGrid,
    MonthPage,
    NotFoundPage,
    OnThisDayPage,
    Page,
    Picture,
    Ranked,
    RedirectPage,
    RuleCount,
    SearchPage,
    Site,
    TermLink,
    TermPage,
    TermsPage,
    TombstonePage,
    UndatedPage,
    YearPage,
    YearStrip,
)
from sitegen.localise import Localiser
from sitegen.records import Drop, Moment

THEME = Path(__file__).parents[2]
TEMPLATES = THEME / "templates"
STATIC = THEME / "static"
LOCALES = THEME / "sitegen" / "locale"
TRANSLATED = ("ar", "de", "es", "fr", "ja")
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'x' {{ 7 * 7 }}"


def headline(number: int = 1, **changes: object) -> Headline:
    made = Headline(
        url=f"/2024/11/{number:02}/the-bridge.html",
        title=f"The bridge, part {number}",
        summary="It stands again.",
        source="The Harbour Gazette",
        section="City",
        authors=("Ines Okafor",),
        date=f"2024-11-{number:02}T20:35:05",
        language="en",
        words=300,
        figure=FigureView(caption="Dusk.", picture=Picture(url="/media/a.png", width=3, height=2)),
    )
    return replace(made, **changes)


FOREIGN = headline(9, language="ar", direction="rtl", title="الجسر الجديد")
BARE = Headline(url="/undated/x.html", title="")
DAY = Day(date="2024-11-19", number=19, count=3, level=2, url="/2024/11/19/index.html", lead=headline())
GRID = MonthGrid(
    month="2024-11",
    count=3,
    url="/2024/11/index.html",
    weeks=((Day(),) * 6 + (DAY,), (Day(date="2024-11-20", number=20),) * 7),
)
BARS = (Bar("1957", 3, 1, "/1957/index.html"), Bar("2023", 9, 3, "/2023/index.html"), Bar("2024", 99, 5, ""))
RANKED = (Ranked("Turkey", "/tags/turkey/index.html", 1204, 5), Ranked("العراق", "/tags/العراق/index.html", 2, 1))
EARLIER, LATER = Link("2024-11-18", "/2024/11/18/index.html"), Link("2024-11-20", "/2024/11/20/index.html")
INSTANT = Moment("2024-11-19T20:35:05+00:00", "second", zone_assumed=True)

ARTICLE = ArticlePage(
    id="a1",
    title="The bridge",
    summary="It stands again.",
    html="<p>Text.</p>",
    lead=FigureView(
        caption="Dusk.", credit="A. Lind", alt="A bridge", picture=Picture(url="/media/a.png", width=3, height=2)
    ),
    contents=(("s1", "One"), ("s2", "Two"), ("s3", "Three")),
    words=1210,
    minutes=6,
    authors=(
        TermLink("Ines Okafor", "/authors/ines-okafor/index.html"),
        TermLink("مريم", ""),
        TermLink("J. Marlowe", "/authors/j/index.html"),
    ),
    agencies=("Reuters",),
    source=TermLink("The Harbour Gazette", "/sources/h/index.html"),
    source_url="https://gazette.example/",
    section=TermLink("City", "/sections/city/index.html"),
    published=INSTANT,
    updated=INSTANT,
    retrieved=Moment("2024-11-20", "day"),
    byline_stamp=Moment("2024-11-19T22:21", "minute"),
    source_zone="Asia/Jerusalem",
    date="2024-11-19",
    day=Link("2024-11-19", "/2024/11/19/index.html"),
    dateline="WASHINGTON (Reuters)",
    tags=tuple(TermLink(f"tag {n}", f"/tags/{n}/index.html") for n in range(40)),
    corrections=("It is taller.",),
    original_url="https://gazette.example/bridge",
    rights="third-party",
    language="en",
    direction="ltr",
    layout="aggregator-dump",
    dropped=(Drop(line=3, text="Subscribe!", rule="boilerplate"),),
    earlier=headline(18),
    later=FOREIGN,
    related=(headline(3), FOREIGN, BARE),
    cite_plain="Okafor, I. The bridge.",
    cite_bibtex="@article{a1,}",
    cite_csl='[{"id": "a1"}]',
)
BARE_ARTICLE = replace(
    ARTICLE,
    title="",
    summary="",
    lead=None,
    contents=(),
    authors=(),
    agencies=(),
    source=None,
    source_url="",
    section=None,
    published=None,
    updated=None,
    retrieved=None,
    byline_stamp=None,
    source_zone="",
    date="",
    day=None,
    dateline="",
    tags=(),
    corrections=(),
    original_url="",
    dropped=(),
    earlier=None,
    later=None,
    related=(),
    cite_plain="",
    cite_bibtex="",
    cite_csl="",
)
HOME = HomePage(
    date="2024-11-19",
    day=Link("2024-11-19", "/2024/11/19/index.html"),
    count=40,
    lead=headline(),
    seconds=(FOREIGN, headline(3)),
    rest=(headline(4), BARE),
    total=12345,
    first="1957-10-05",
    last="2024-11-19",
    years=BARS,
    tags=RANKED,
    sources=RANKED,
    undated=2,
)
TERM = TermPage(
    kind="tag",
    label="Turkey",
    period="",
    count=3,
    first="2023-01-05",
    last="2024-11-19",
    complete=True,
    groups=(
        Group(period="2024", count=2, url="", headlines=(headline(), FOREIGN)),
        Group(period="", count=1, url="", headlines=(BARE,)),
    ),
    strip=(),
    months=(
        YearStrip("2019", 1, "#p2024", "M8.5 20v-4h3v4z"),
        YearStrip("2024", 3, "/tags/turkey/2024/index.html", ""),
    ),
    periods=(),
    up=None,
    related=(TermLink("Qatar", "/tags/qatar/index.html"),),
    home="https://gazette.example/",
)
TERMS = TermsPage(
    kind="tag",
    total=2,
    initial="",
    top=RANKED,
    initials=(
        Initial(label="T", url="", count=1, terms=RANKED[:1]),
        Initial(label="ا", url="/tags/-/a.html", count=1, terms=()),
    ),
)
DATA = DataPage(
    total=3,
    files=(DataFileRow(url="/data/2024-11.jsonl.gz", name="2024-11", count=3, size=4096, checksum="0" * 64),),
    fields=(("title", "text", "The headline"),),
)
VIEWS: dict[str, list[tuple[str, msgspec.Struct]]] = {
    "search": [("/search.html", SearchPage(years=("2024", "2023"))), ("/search.html", SearchPage(years=()))],
    "datapage": [("/data/index.html", DATA), ("/data/index.html", replace(DATA, total=0, files=()))],
    "article": [
        ("/2024/11/19/the-bridge.html", ARTICLE),
        ("/undated/x.html", BARE_ARTICLE),
        ("/2024/11/19/b.html", replace(ARTICLE, language="ar", direction="rtl", rights="own")),
    ],
    "home": [
        ("/index.html", HOME),
        (
            "/index.html",
            replace(
                HOME,
                lead=None,
                seconds=(),
                rest=(),
                day=None,
                date="",
                first="",
                last="",
                years=(),
                tags=(),
                sources=(),
                total=0,
                undated=0,
            ),
        ),
        ("/index.html", replace(HOME, date="2024", day=None, seconds=())),
    ],
    "dates": [
        (
            "/dates/index.html",
            DatesPage(
                total=3,
                first="1957",
                last="2024-11",
                years=BARS,
                undated=1,
                calendar=tuple(
                    (
                        Day(date=f"{month:02}-01", number=1),
                        Day(
                            date=f"{month:02}-02",
                            number=2,
                            count=2,
                            level=1,
                            url=f"/on-this-day/{month:02}-02/index.html",
                        ),
                    )
                    for month in range(1, 13)
                ),
            ),
        ),
        ("/dates/index.html", DatesPage(total=0, first="", last="", years=(), calendar=(), undated=0)),
    ],
    "year": [
        (
            "/2024/index.html",
            YearPage(
                year="2024",
                count=3,
                months=(GRID, replace(GRID, month="2024-12", url="", count=0)),
                top_days=(DAY,),
                loose=(BARE,),
                earlier=Link("2023", "/2023/index.html"),
                later=None,
            ),
        )
    ],
    "month": [
        (
            "/2024/11/index.html",
            MonthPage(
                month="2024-11",
                count=3,
                grid=GRID,
                complete=False,
                loose=(BARE,),
                year=Link("2024", "/2024/index.html"),
                earlier=Link("2024-10", "/2024/10/index.html"),
                later=None,
                days=(
                    Group(period="2024-11-19", count=9, url="/2024/11/19/index.html", headlines=(headline(), FOREIGN)),
                ),
            ),
        )
    ],
    "day": [
        (
            "/2024/11/19/index.html",
            DayPage(
                date="2024-11-19",
                count=5,
                lead=headline(),
                seconds=(headline(2), FOREIGN),
                rest=(BARE,),
                month=Link("2024-11", "/2024/11/index.html"),
                year=Link("2024", "/2024/index.html"),
                same_day=Link("11-19", "/on-this-day/11-19/index.html"),
                earlier=EARLIER,
                later=LATER,
            ),
        )
    ],
    "onthisday": [
        (
            "/on-this-day/11-19/index.html",
            OnThisDayPage(
                day="11-19",
                count=2,
                earlier=Link("11-18", "/on-this-day/11-18/index.html"),
                later=Link("02-29", "/on-this-day/02-29/index.html"),
                years=(
                    Group(period="2024-11-19", count=2, url="/2024/11/19/index.html", headlines=(headline(), FOREIGN)),
                    Group(period="1957", count=1, url="", headlines=(headline(),)),
                ),
            ),
        )
    ],
    "term": [
        ("/tags/turkey/index.html", TERM),
        (
            "/tags/turkey/2024/index.html",
            replace(
                TERM,
                period="2024",
                complete=False,
                strip=(Bar("1901", 1, 1, ""), Bar("2024", 2, 2, "")),
                months=(),
                up=Link("Turkey", "/tags/turkey/index.html"),
                groups=(),
                related=(),
                home="",
                first="",
                last="",
                periods=(Bar("2024-11", 300, 5, "/tags/turkey/2024/11/index.html"),),
            ),
        ),
        ("/sources/h/index.html", replace(TERM, kind="source", complete=False, periods=BARS, strip=BARS)),
        (
            "/authors/i/index.html",
            replace(TERM, kind="author", complete=False, periods=(Bar("2024", 2, 1, "/authors/i/2024/index.html"),)),
        ),
        ("/sections/c/index.html", replace(TERM, kind="section")),
    ],
    "terms": [
        ("/tags/index.html", TERMS),
        ("/tags/-/a.html", replace(TERMS, initial="ا", top=())),
        *(
            (f"/{kind}s/index.html", TermsPage(kind=kind, total=0, initial="", top=(), initials=()))
            for kind in ("author", "source", "section")
        ),
    ],
    "undated": [("/undated/index.html", UndatedPage(headlines=(BARE, headline(date="")), count=2))],
    "about": [
        (
            "/about/index.html",
            AboutPage(
                total=3,
                undated=1,
                first="1957",
                last="2024-11-19",
                sources=RANKED,
                languages=(("en", 2), ("ar", 1)),
                layouts=(("markdown", 3),),
                dropped=(RuleCount("boilerplate", "Invitations", 3), RuleCount("x", "", 1)),
            ),
        ),
        (
            "/about/index.html",
            AboutPage(total=0, undated=0, first="", last="", sources=(), languages=(), layouts=(), dropped=()),
        ),
    ],
    "page": [("/imprint.html", FreePage(title="Imprint", html="<p>Us.</p>"))],
    "redirect": [
        ("/old.html", RedirectPage(target="/new.html", title="")),
        ("/old.html", RedirectPage(target="/new.html", title="New")),
    ],
    "choices": [("/2024/11/19/x.html", ChoicesPage(headlines=(headline(), FOREIGN)))],
    "tombstone": [
        ("/gone.html", TombstonePage(reason="Asked for.", date="2024-11-19")),
        ("/gone.html", TombstonePage(reason="", date="")),
    ],
    "404": [("/404.html", NotFoundPage(years=BARS)), ("/404.html", NotFoundPage(years=()))],
}
CASES = [
    (name, number, language)
    for name, views in VIEWS.items()
    for number in range(len(views))
    for language in ("en", "ar", "ja")
]


def site(language: str = "en") -> Site:
    return Site(
        title="The Harbour Archive",
        description="Clippings",
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        menu=(Link("Elsewhere", "https://elsewhere.example/"), Link("Index", "/tags/index.html")),
        footer="Kept by us.",
        pages=(Link("Imprint", "/imprint.html"),),
        search=True,
        accent="blue",
        typeface="sans",
        density="compact",
    )


def environment(language: str = "en") -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    localiser = Localiser.for_language(language)
    made.filters.update(localiser.filters())
    made.globals.update(_=localiser.gettext, ngettext=localiser.ngettext)
    return made


def render(name: str, url: str, view: msgspec.Struct, *, language: str = "en", **page: object) -> str:
    root = "/sub" if name == "404" else urls.root_of(url)
    title = getattr(view, "title", "")
    made = replace(Page(url=url, kind=name, title=title, canonical=f"https://archive.example{url}"), **page)
    return (
        environment(language).get_template(f"{name}.html").render(site=site(language), page=made, root=root, view=view)
    )


class Reader(HTMLParser):
    """Collects tags with their attributes."""

    VOID = frozenset(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "rect", "wbr"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(("name", "number", "language"), CASES)
def test_every_page_is_well_formed_and_keeps_the_rules(name: str, number: int, language: str) -> None:
    url, view = VIEWS[name][number]
    text = render(name, url, view, language=language)
    page = Reader(text)
    assert page.open == []
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == language
    assert page.all("html")[0]["dir"] == ("rtl" if language == "ar" else "ltr")
    assert not page.all("style")
    assert all({"src"} <= set(script) <= {"src", "defer"} for script in page.all("script"))
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [key for key in attributes if key.startswith("on")]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(time["datetime"] for time in page.all("time"))
    referred = [attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes]
    assert set(referred) <= set(ids)
    fragments = {link["href"][1:] for link in page.all("a") if link.get("href", "").startswith("#")}
    assert fragments <= set(ids) | {anchor for anchor, _ in ARTICLE.contents}


@pytest.mark.parametrize(("name", "number", "language"), CASES)
def test_links_are_relative_and_name_a_file(name: str, number: int, language: str) -> None:
    url, view = VIEWS[name][number]
    page = Reader(render(name, url, view, language=language))
    root = "/sub" if name == "404" else urls.root_of(url)
    for tag, attributes in page.tags:
        for key in ("href", "src"):
            address = attributes.get(key, "")
            if not address or address.startswith("#") or attributes.get("rel", "") in ("canonical",):
                continue
            if address.startswith("https://"):
                assert tag == "a", "only a link may lead outside"
                continue
            assert address.startswith(f"{root}/"), address
            assert "." in address.rsplit("/", 1)[-1], address
            assert "//" not in address.replace("://", ""), address


def test_every_context_has_its_template_and_every_template_a_context() -> None:
    names = {path.stem for path in TEMPLATES.glob("*.html")} - {"base", "_macros", "_figure"}
    assert names == set(VIEWS)
    documented = {name for name in vars(contexts) if name.endswith("Page") and name != "Page"}
    assert documented == {type(views[0][1]).__name__ for views in VIEWS.values()}


@pytest.mark.parametrize("hostile", [HOSTILE])
def test_text_from_an_article_never_becomes_markup(hostile: str) -> None:
    view = replace(
        ARTICLE,
        title=hostile,
        summary=hostile,
        dateline=hostile,
        agencies=(hostile,),
        corrections=(hostile,),
        layout=hostile,
        authors=(TermLink(hostile, "/a.html"),),
        source=TermLink(hostile, ""),
        section=TermLink(hostile, ""),
        tags=(TermLink(hostile, ""),),
        dropped=(Drop(line=1, text=hostile, rule=hostile),),
        contents=(("s", hostile),) * 3,
        lead=FigureView(caption=hostile, credit=hostile, alt=hostile),
        cite_plain=hostile,
        cite_bibtex=hostile,
        cite_csl=hostile,
        earlier=headline(title=hostile, source=hostile),
        related=(headline(title=hostile, source=hostile, language=hostile),),
    )
    for name, url, each in (
        ("article", "/a.html", view),
        (
            "day",
            "/2024/11/19/index.html",
            replace(VIEWS["day"][0][1], lead=headline(title=hostile, summary=hostile, section=hostile)),
        ),
        ("term", "/tags/x/index.html", replace(TERM, label=hostile)),
        ("choices", "/x.html", ChoicesPage(headlines=(headline(title=hostile, source=hostile),))),
        ("tombstone", "/x.html", TombstonePage(reason=hostile, date="")),
    ):
        text = render(name, url, each, title=hostile, description=hostile)
        assert "<script>alert" not in text
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.S)[0]
        assert Reader(text).open == []


def test_a_foreign_headline_says_its_language_and_finds_its_direction() -> None:
    for name in ("home", "day", "month", "onthisday", "term", "choices"):
        url, view = VIEWS[name][0]
        links = [link for link in Reader(render(name, url, view)).all("a") if link["href"].endswith(FOREIGN.url)]
        assert links, name
        assert all(link.get("lang") == "ar" and link.get("dir") == "auto" for link in links), name


def test_a_foreign_article_says_its_language_but_the_page_keeps_its_own() -> None:
    page = Reader(render("article", "/a.html", replace(ARTICLE, language="ar", direction="rtl")))
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("h1")[0] == {"lang": "ar", "dir": "rtl"}


def test_a_page_that_must_not_be_indexed_says_so() -> None:
    assert '<meta name="robots" content="noindex">' in render("article", "/a.html", ARTICLE, indexable=False)
    assert "robots" not in render("article", "/a.html", ARTICLE)
    assert "canonical" not in render("article", "/a.html", ARTICLE, canonical="")


def test_the_security_policy_allows_nothing_inline() -> None:
    [policy] = [
        each["content"] for each in Reader(render("article", "/a.html", ARTICLE)).all("meta") if "http-equiv" in each
    ]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy


def test_a_copy_names_its_publisher_and_day_but_an_own_article_does_not() -> None:
    text = render("article", "/a.html", ARTICLE)
    assert re.search(
        r'published by <a href="https://gazette.example/bridge"[^>]*>The Harbour Gazette</a> on 19 November 2024',
        text,
    )
    assert "Originally published" not in render("article", "/a.html", replace(ARTICLE, rights="own"))


def test_a_term_without_a_page_is_no_link() -> None:
    text = render(
        "article",
        "/a.html",
        replace(ARTICLE, tags=(TermLink("Rare", ""),), section=TermLink("City", ""), authors=(TermLink("Ann", ""),)),
    )
    assert re.search(r"<li>Rare</li>", text)
    assert '<p class="kicker">City</p>' in text
    assert "<bdi>Ann</bdi>" in text


def test_a_time_is_told_in_the_papers_zone_too() -> None:
    text = render("article", "/a.html", ARTICLE)
    assert "19 November 2024, 20:35 UTC" in text
    assert "22:35 in Jerusalem" in text
    assert "time zone assumed" in text


def _figure(figure: FigureView) -> str:
    return str(environment().get_template("_figure.html").module.figure(figure, ".."))  # type: ignore[attr-defined]


def test_a_picture_has_its_size_and_loads_late() -> None:
    [image] = Reader(
        _figure(FigureView(caption="Dusk.", alt="A bridge", picture=Picture(url="/media/a.png", width=3, height=2)))
    ).all("img")
    assert image["src"] == "../media/a.png"
    assert (image["width"], image["height"], image["loading"], image["alt"]) == ("3", "2", "lazy", "A bridge")


def test_alt_text_is_never_made_from_a_caption() -> None:
    [image] = Reader(_figure(FigureView(caption="Dusk.", picture=Picture(url="/media/a.png")))).all("img")
    assert image["alt"] == ""


def test_webp_stands_beside_the_fallback() -> None:
    [source] = Reader(
        _figure(
            FigureView(
                picture=Picture(
                    url="/media/a.png", width=9, height=6, webp=(("/media/a-4.webp", 4), ("/media/a-9.webp", 9))
                )
            )
        )
    ).all("source")
    assert source["srcset"] == "../media/a-4.webp 4w, ../media/a-9.webp 9w"


def test_a_missing_or_remote_picture_is_a_captioned_placeholder_and_never_loaded() -> None:
    missing = Reader(_figure(FigureView(caption="Dusk.", credit="A. Lind")))
    remote = Reader(_figure(FigureView(caption="Dusk.", remote="https://elsewhere.example/a.jpg")))
    assert not missing.all("img")
    assert not remote.all("img")
    assert missing.all("figcaption")
    assert remote.all("a")[0]["href"] == "https://elsewhere.example/a.jpg"


def _strings(env: jinja2.Environment) -> set[str]:
    found: set[str] = set()
    for path in TEMPLATES.glob("*.html"):
        for each in env.parse(path.read_text(encoding="utf-8")).find_all(jinja2.nodes.Filter):
            if each.name == "_" and isinstance(each.node, jinja2.nodes.Const):
                found.add(each.node.value)
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_interface_string_is_translated_and_no_translation_is_left_over(language: str) -> None:
    with (LOCALES / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    known = {message.id for message in catalog if message.id and isinstance(message.id, str)}
    assert _strings(environment()) - known == set()
    assert known - _strings(environment()) == {"%(time)s in %(city)s"} - _strings(environment())
    assert not [message.id for message in catalog if message.fuzzy and message.id]


def test_an_article_page_adds_little_to_its_text() -> None:
    plain = replace(ARTICLE, tags=ARTICLE.tags[:5], html="", contents=(), cite_plain="", cite_bibtex="", cite_csl="")
    assert len(render("article", "/2024/11/19/the-bridge.html", plain).encode()) < 8_000


def test_style_and_script_stay_small() -> None:
    assert len(gzip.compress((STATIC / "style.css").read_bytes(), 9, mtime=0)) < 15_000
    assert (STATIC / "site.js").stat().st_size < 5_000


def test_the_style_sheet_knows_no_left_and_right() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "style.css").read_text(encoding="utf-8"), flags=re.S)
    for physical in (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b",
        r"text-align:\s*(?:left|right)",
        r"[{;\s](?:left|right|top|bottom):",
        r"[{;\s](?:width|height|min-width|max-width|min-height|max-height):",
        r"float:",
    ):
        assert not re.findall(physical, css), physical
    assert "url(" not in css
    assert "@import" not in css
