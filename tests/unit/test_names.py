"""Bylines become people and agencies; capitals are undone as a person writes a name."""

from __future__ import annotations

import pytest

from sitegen.readers.capitals import credit_name, undo_capitals
from sitegen.readers.dates import DateRules
from sitegen.readers.names import read_byline, read_people

RULES = DateRules()


@pytest.mark.parametrize(
    ("line", "people", "agencies"),
    [
        ("By TOVAH LAZAROFF NOVEMBER 19, 2024 22:21", ["Tovah Lazaroff"], []),
        ("By JANE DOE and JOHN SMITH, Associated Press", ["Jane Doe", "John Smith"], ["Associated Press"]),
        ("BY JANE DOE AND JOHN SMITH, ASSOCIATED PRESS", ["Jane Doe", "John Smith"], ["Associated Press"]),
        (
            "By A. Doe, B. Smith, and C. Jones of the Associated Press",
            ["A. Doe", "B. Smith", "C. Jones"],
            ["Associated Press"],
        ),
        ("Por Juan Pérez y Ana Gómez de EFE", ["Juan Pérez", "Ana Gómez"], ["EFE"]),
        ("Por José Ortega y Gasset", ["José Ortega y Gasset"], []),
        ("Von KLARA FEDERKIEL und Max Groß, Berlin", ["Klara Federkiel", "Max Groß"], []),
        ("Par Jean de La Fontaine", ["Jean de La Fontaine"], []),
        ("Di Mario Rossi", ["Mario Rossi"], []),
        ("Por João da Silva e Maria dos Santos", ["João da Silva", "Maria dos Santos"], []),
        ("By Jane Doe, Science Correspondent", ["Jane Doe"], []),
        ("By Jane Doe Science Correspondent", ["Jane Doe"], []),
        ("By Tom Smith in Rome and Ann Lee in London", ["Tom Smith", "Ann Lee"], []),
        ("By Tom Smith & Ann Lee,", ["Tom Smith", "Ann Lee"], []),
        ("By JOHN O'NEIL\tjohn@example.org", ["John O'Neil"], []),
        ("By Martin Luther King, Jr.", ["Martin Luther King, Jr."], []),
        ("By Smith, John; Doe, Jane", ["John Smith", "Jane Doe"], []),
        ("By Our Foreign Staff", [], []),
        ("By The Associated Press", [], ["Associated Press"]),
        ("By REUTERS STAFF", [], ["Reuters"]),
        ("By Ann-Marie Lee/AFP", ["Ann-Marie Lee"], ["AFP"]),
        ("By LAURA DE LA CRUZ, Harbour Courier Correspondent", ["Laura de la Cruz"], []),
        (
            "By CHARLES DE GAULLE, MAJED AL-ANSARI and PIET VAN DER BERG",
            ["Charles de Gaulle", "Majed Al-Ansari", "Piet van der Berg"],
            [],
        ),
        ("بقلم: محمد الأحمد", ["محمد الأحمد"], []),
        ("מאת דוד כהן 19 בנובמבר 2024", ["דוד כהן"], []),
        ("作者：张三", ["张三"], []),
    ],
)
def test_a_byline_gives_its_people_and_agencies(line: str, people: list[str], agencies: list[str]) -> None:
    byline = read_byline(line, RULES)
    assert byline is not None
    assert list(byline.people) == people
    assert list(byline.agencies) == agencies


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the river had risen to the bridge.",
        "By then, Paris was lost",
        "By increasing taxes",
        "Von dort ging es weiter nach Süden.",
        "Di più non si sa.",
        "From the harbour, one could see it burn.",
    ],
)
def test_a_sentence_is_no_byline(line: str) -> None:
    assert read_byline(line, RULES) is None


def test_nothing_of_a_byline_is_lost() -> None:
    byline = read_byline("By JANE DOE, Rome Bureau Chief, jane@example.org | MAY 3, 2021 10:00 (updated)", RULES)
    assert byline is not None
    kept = " ".join(span.text for span in byline.spans)
    for word in ("By", "JANE", "DOE", "Rome", "Bureau", "Chief", "jane@example.org", "MAY", "10:00", "(updated)"):
        assert word in kept


@pytest.mark.parametrize(
    ("capitals", "name"),
    [
        ("TOVAH LAZAROFF", "Tovah Lazaroff"),
        ("ANGUS MCDONALD", "Angus McDonald"),
        ("FLORA MACDONALD", "Flora MacDonald"),
        ("EMMANUEL MACRON", "Emmanuel Macron"),
        ("SHAUN O'NEIL", "Shaun O'Neil"),
        ("JEANNE D’ARC", "Jeanne D’Arc"),
        ("CHARLES DE GAULLE", "Charles de Gaulle"),
        ("PIET VAN DER BERG", "Piet van der Berg"),
        ("MAJED AL-ANSARI", "Majed Al-Ansari"),
        ("J.D. VANCE", "J.D. Vance"),
        ("WALTER INKSTER JR.", "Walter Inkster Jr."),
        ("RAY CASTELLAN III", "Ray Castellan III"),
        ("JÜRGEN GROẞ", "Jürgen Groß"),
        ("İSMET İNÖNÜ", "İsmet İnönü"),
        ("ANNE-MARIE", "Anne-Marie"),
        ("Tovah Lazaroff", "Tovah Lazaroff"),
        ("Leonardo DiCaprio", "Leonardo DiCaprio"),
        ("محمد", "محمد"),
    ],
)
def test_capitals_are_undone(capitals: str, name: str) -> None:
    assert undo_capitals(capitals) == name


@pytest.mark.parametrize(
    ("credit", "shown"),
    [
        ("KEVIN DIETSCH/GETTY IMAGES", "Kevin Dietsch/Getty Images"),
        ("AMMAR AWAD/REUTERS", "Ammar Awad/Reuters"),
        ("Jane Doe/AFP", "Jane Doe/AFP"),
        ("KOBI GIDEON/GPO", "Kobi Gideon/GPO"),
        ("NASA", "NASA"),
        ("IDF SPOKESPERSON'S UNIT", "IDF Spokesperson's Unit"),
        ("COURTESY OF THE FAMILY", "Courtesy of the Family"),
    ],
)
def test_a_credit_keeps_its_agencies(credit: str, shown: str) -> None:
    assert credit_name(credit) == shown


def test_a_list_of_names_needs_no_word() -> None:
    assert read_people("Jane Doe, John Smith and Reuters") == (("Jane Doe", "John Smith"), ("Reuters",))
