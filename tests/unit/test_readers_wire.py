"""Wire copy: each text in `data/wire` is read as the record beside it says, which was written before the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Article, Paragraph, Reading
from tests.hostile import TIMES, cpu_seconds, is_linear
from tests.readings import expectation, reading_of, shown, sources_in, wanted

DATA = Path(__file__).parent / "data" / "wire"
BODY = "The crews went back to work at six in the morning, and the first ship left an hour later."


def read(text: str | bytes) -> Reading:
    return read_source("raw/a.txt", text if isinstance(text, bytes) else text.encode(), ReadingSettings())


def only(text: str | bytes) -> Article:
    (article,) = read(text).articles
    return article


def paragraphs(article: Article) -> list[str]:
    return [block.text for block in article.body if isinstance(block, Paragraph)]


@pytest.mark.parametrize("name", sources_in(DATA))
def test_wire_copy_is_read_as_expected(name: str) -> None:
    expected = expectation(DATA, name)
    assert shown(reading_of(DATA, name), expected) == wanted(expected)


@pytest.mark.parametrize("name", sources_in(DATA))
def test_every_line_has_a_role_when_asked_for(name: str) -> None:
    reading = reading_of(DATA, name, with_roles=True)
    assert [role.line for role in reading.roles] == list(range(1, len(reading.roles) + 1))
    assert {role.role for role in reading.roles if role.text.strip("\x00\x01\x02\x03\x04\x16 \t")} <= {
        *("headline", "byline", "stamp", "standfirst", "subhead", "paragraph", "preformatted", "boilerplate"),
        *("furniture", "list", "agency"),
    }


@pytest.mark.parametrize("name", [name for name in sources_in(DATA) if expectation(DATA, name)["articles"]])
def test_no_word_of_wire_copy_is_lost(name: str) -> None:
    reading = reading_of(DATA, name, with_roles=True)
    raw = (DATA / name).read_bytes()
    lines = raw.decode("utf-8" if "N302" not in [p.code for p in reading.problems] else "latin-1").splitlines()
    kept = " ".join(repr(article) for article in reading.articles).casefold()
    for role in reading.roles:
        if role.role in ("paragraph", "subhead", "preformatted", "list", "headline"):
            for word in re.findall(r"\w{3,}", role.text):
                assert word.casefold() in kept, (name, role.line)
    assert len(reading.roles) >= len(lines)


@pytest.mark.parametrize(
    ("opening", "dateline", "agencies"),
    [
        ("Berlin (dpa/bb) - ", "Berlin (dpa/bb)", ("dpa",)),
        ("San Diego (tca/dpa) - ", "San Diego (tca/dpa)", ("dpa",)),
        ("Madrid, 11 mar (EFE).- ", "Madrid, 11 mar (EFE)", ("EFE",)),
        ("Perth, Nov 25 (PTI) ", "Perth, Nov 25 (PTI)", ("PTI",)),
        ("(ANSA) - NAPOLI, 23 NOV - ", "(ANSA) - NAPOLI, 23 NOV", ("ANSA",)),
        ("МОСКВА, 8 ноября. /ТАСС/. ", "МОСКВА, 8 ноября. /ТАСС/", ("ТАСС",)),
        ("القاهرة 1 نوفمبر (رويترز) - ", "القاهرة 1 نوفمبر (رويترز)", ("رويترز",)),
        ("新华社北京8月8日电 ", "新华社北京8月8日电", ("新华社",)),
        ("【大阪共同】", "大阪共同", ("共同",)),
        ("LONDON, England -LRB- CNN -RRB- -- ", "LONDON, England -LRB- CNN -RRB-", ("CNN",)),
    ],
)
def test_a_dateline_is_read_and_stays_in_the_text(opening: str, dateline: str, agencies: tuple[str, ...]) -> None:
    article = only(f"Ferry strike ends\n\n{opening}{BODY}\n\n{BODY}\n")
    assert (article.dateline, article.agencies) == (dateline, agencies)
    assert paragraphs(article)[0] == f"{opening}{BODY}"


def test_a_date_with_its_year_in_the_dateline_is_the_story_s_date() -> None:
    published = only(f"Strike ends\n\nLONDON, 3 May 2010 (Reuters) - {BODY}\n").published
    assert published is not None
    assert published.iso == "2010-05-03"
    assert only(f"Strike ends\n\nLONDON, May 3 (Reuters) - {BODY}\n").published is None


@pytest.mark.parametrize(
    "marker",
    [
        "NOT FOR PUBLICATION:",
        "The following information is not for publication",
        "The following information is not intended for publication",
        "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt",
    ],
)
def test_what_is_not_for_publication_is_private_in_any_wire_layout(marker: str) -> None:
    text = f"Strike ends\n\nBERLIN (dpa) - {BODY}\n\n* * * *\n{marker}\nContact Jane Doe, +49 30 000\n"
    article = only(text)
    assert paragraphs(article) == [f"BERLIN (dpa) - {BODY}"]
    private = [drop.text for drop in article.dropped if drop.private]
    assert private == [marker, "Contact Jane Doe, +49 30 000"]


def test_a_sentence_that_speaks_of_publication_hides_nothing() -> None:
    letter = "The letter was not for publication, he said."
    article = only(f"Strike ends\n\nBERLIN (dpa) - {BODY}\n\n{letter}\n\n{BODY}\n")
    assert len(paragraphs(article)) == 3
    assert not any(drop.private for drop in article.dropped)


def test_iptc_headline_over_two_lines_follows_the_marks_of_its_take() -> None:
    text = (
        "\x01eca0003 3 i 380  dpa 0045\r\n\r\nSwitzerland/UN/\r\nREFILE\r\n1ST LEAD\r\n\x02Lake of Geneva\r\n"
        "rises to its highest mark\r\nBy dpa correspondents =\r\n\r\nGeneva (dpa) - The lake rose on\r\nMonday.\r\n\r\n"
        "dpa al rmo\r\n\r\n\x03 212322 GMT Nov 18\r\n"
    )
    article = only(text)
    assert article.title == "Lake of Geneva rises to its highest mark"
    assert (article.authors, article.agencies) == ((), ("dpa",))
    assert paragraphs(article) == ["Geneva (dpa) - The lake rose on Monday."]
    assert [drop.text for drop in article.dropped if drop.rule == "wire-revision"] == ["REFILE", "1ST LEAD"]
    assert article.published is not None
    assert article.published.iso == "2018-11-21T23:22+00:00"


def test_iptc_of_another_agency_is_read_too() -> None:
    article = only(
        "\x01TX-PAR0012 4 i 0210 AFP 0101\r\n\r\nFrance-tunnel/\r\n\x02\r\n"
        "Le tunnel sous la Manche a trente ans =\r\n\r\n"
        "CALAIS, France, 6 mai (AFP) - Le tunnel a trente ans\r\nlundi, et les trains passent.\r\n\r\n"
        "\x03 061412 GMT mai 24\r\n"
    )
    assert (article.title, article.dateline) == ("Le tunnel sous la Manche a trente ans", "CALAIS, France, 6 mai (AFP)")
    assert article.published is not None
    assert article.published.iso == "2024-05-06T14:12+00:00"


def test_iptc_headline_without_its_closing_sign_takes_no_text_with_it() -> None:
    article = only(
        "\x01AAP0123 3 s 0250 AAP 0001\r\nTRUCK NSW/\r\n\x02Truck driver walks away from crash\r\n\r\n"
        "   SYDNEY, Aug 3 AAP - A truck driver has walked away\r\nafter his truck rolled over near Dubbo.\r\n"
        "   Police say the road was wet.\r\n   AAP jd/tr\r\n\r\n\x03 030412 GMT Aug 21\r\n"
    )
    assert article.title == "Truck driver walks away from crash"
    assert len(paragraphs(article)) == 2
    assert [drop.text for drop in article.dropped if drop.rule == "signature"] == ["AAP jd/tr"]


def test_iptc_without_its_control_bytes_is_read_the_same() -> None:
    raw = (DATA / "dpa_migration.txt").read_bytes()
    bare = only(raw.replace(b"\x01", b"").replace(b"\x02", b"").replace(b"\x03", b""))
    whole = only(raw)
    assert (bare.title, bare.authors, bare.published, bare.body) == (
        whole.title,
        whole.authors,
        whole.published,
        whole.body,
    )
    assert [drop for drop in bare.dropped if drop.private] == [drop for drop in whole.dropped if drop.private]


def test_anpa_without_its_control_bytes_is_read_the_same() -> None:
    raw = (DATA / "anpa_writethru.txt").read_bytes()
    bare = read(re.sub(rb"[\x01-\x04\x11-\x16\x1f]", b"", raw))
    whole = read(raw)
    assert [(a.id, a.title, a.published, a.body) for a in bare.articles] == [
        (a.id, a.title, a.published, a.body) for a in whole.articles
    ]


def test_a_revision_has_the_id_of_the_story_it_revises() -> None:
    first, second = reading_of(DATA, "anpa_writethru.txt").articles
    assert first.id == second.id
    assert first.title != second.title


def test_anpa_text_wrapped_below_its_tabs_is_joined() -> None:
    text = (
        "\x16\x16\x01a0567\x1f----\nr a\x13\x11 AM-Quake     01-17 0316\n\x02^AM-Quake,0316<\n"
        "^Strong Earthquake Rocks Kobe<\n^By MARY SMITH=\n^Associated Press Writer=\n"
        "\tKOBE, Japan (AP) _ A strong earthquake tore through the port\ncity of Kobe before dawn today.\n"
        "^Fires Burn=\n\tFires burned all day.\n\x03AP-NY-01-17-95 1024EST<\n\x04"
    )
    article = only(text)
    assert [block.text for block in article.body] == [  # type: ignore[union-attr]
        "KOBE, Japan (AP) _ A strong earthquake tore through the port city of Kobe before dawn today.",
        "Fires Burn",
        "Fires burned all day.",
    ]
    assert article.authors == ("Mary Smith",)
    assert article.published is not None
    assert article.published.iso == "1995-01-17T10:24-05:00"


@pytest.mark.parametrize(
    "piece",
    [
        b"PARIS (AFP) - He said it.\nEND\n",
        b"\x16\x16\x01a0567\x1f----\nr a\x13\x11 AM-Q 01-17 0016\n\x02^AM-Quake in the city,16<\n\tIt shook there.\n",
        b"\x01eca0003 3 i 380  dpa 0045\n\nA/\n\x02x =\n\nIt rained in the city all day and all night long.\n",
        b"(" * 30,
    ],
)
def test_time_is_linear_in_the_size(piece: bytes) -> None:
    def seconds(size: int) -> float:
        data = b"PARIS (AFP) - " + piece * (size // len(piece))
        return cpu_seconds(lambda: read(data))

    seconds(10_000)
    assert is_linear(seconds(200_000), seconds(200_000 // TIMES))


ROWS = (("Elmsea", 10, 4), ("Orrin Bay", 9, 5), ("Calder", 8, 6))
TABLE = "\n".join(f"{name:<18}{won:>4}{lost:>4}  .{500 + won}" for name, won, lost in ROWS)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("\x01dpa0123 4 sp 60 dpa 0123\nSport/Tabelle/\n\x02Tabelle der Liga =\n\n" + TABLE + "\n\n\x03030600 GMT May 98\n", 5),
        ("Standings\n\nELMSEA, May 3 (Reuters) - \n\n" + TABLE + "\n\n(Reporting by A. Lee)\n", 5),
        ("\x16\x16\x01a0123 ----\nr s \x13 \x11 BC-BBA--Standings   05-03 0600\n^BC-BBA--Standings,50<\n^Standings<\n\x02\t"
         + TABLE.replace("\n", "\n\t") + "\nAP-NY-05-03-98 0600EDT\n\x03\n", 5),
        ("Standings\n\n" + TABLE + "\n", 3),
    ],
    ids=["IPTC", "wire", "ANPA", "plain"],
)  # fmt: skip
def test_table_without_prose_is_kept_and_told_with_its_lines(text: str, first: int) -> None:
    reading = read_source("a.txt", text.encode(), ReadingSettings())
    (article,) = reading.articles
    shown = " ".join(getattr(block, "text", "") for block in article.body)
    assert shown.split() == TABLE.split()
    assert [problem.line for problem in reading.problems if problem.code == "W210"] == [first]
