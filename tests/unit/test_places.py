"""Places found in articles.

Precision and recall on the 50 labelled texts (36 English, 14 in eight other languages; 77 labels) are 1.00 and 1.00, on
the first run and now. Their author also wrote the data files, so that is a promise kept rather than a measurement. On
34 excerpts of real news in seven languages, labelled before they were run and not kept here as they are not ours to
publish, the first run gave 0.94 and 0.96 (0.97 and 0.96 with two labels put right that broke the rule of two mentions).
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.core import get_cldr_version

from sitegen.tagging.cldr import territory_names
from sitegen.tagging.gazetteer import DATA, REVIEWED, folded
from sitegen.tagging.places import MOST, find_places, load_gazetteer
from sitegen.tagging.refresh import compiled_names

TEXTS = Path(__file__).parent / "data" / "places"
SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "article.txt"


class Labelled(NamedTuple):
    """A text and the places that an archivist files it under."""

    language: str
    title: str
    paragraphs: list[str]
    places: set[str]


def labelled_texts() -> Iterator[Labelled]:
    for file in sorted(TEXTS.glob("*.toml")):
        for text in tomllib.loads(file.read_text("utf-8"))["text"]:
            paragraphs = text["body"].strip().split("\n\n")
            yield Labelled(text.get("language", "en"), text["title"], paragraphs, set(text["places"]))


def places(*paragraphs: str, title: str = "", language: str = "en") -> tuple[str, ...]:
    return find_places(title, paragraphs, language=language)


def test_there_are_fifty_labelled_texts_and_eight_of_them_are_not_english() -> None:
    languages = [text.language for text in labelled_texts()]
    assert len(languages) == 50
    assert len([language for language in languages if language != "en"]) >= 8
    assert set(languages) == REVIEWED


def test_labelled_texts_are_tagged_with_high_precision_and_recall() -> None:
    right = wrong = missed = 0
    for text in labelled_texts():
        found = set(find_places(text.title, text.paragraphs, language=text.language))
        right += len(found & text.places)
        wrong += len(found - text.places)
        missed += len(text.places - found)
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.90


def test_seed_article_is_about_turkey_israel_and_qatar() -> None:
    if not SEED.is_file():
        pytest.skip("the seed article is not beside this checkout")
    title, *paragraphs = SEED.read_text("utf-8").split("\n\n")
    assert {"Turkey", "Israel", "Qatar"} <= set(find_places(title.splitlines()[0], paragraphs, language="en"))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Turkey warns Greece", ("Turkey", "Greece")),
        ("Farmers fear bird flu before turkey season", ()),
        ("Turkey and gravy for a thousand: Thanksgiving at the shelter", ()),
        ("Police in New Jersey find stolen bees", ()),
        ("Jersey's St Helier port to close for a week", ("Jersey",)),
        ("Papua New Guinea votes", ("Papua New Guinea",)),
        ("Equatorial Guinea, Guinea-Bissau and Guinea sign treaty", ("Equatorial Guinea", "Guinea-Bissau", "Guinea")),
        ("Guinea pigs help the lonely", ()),
        ("Ivory Coast beats Nigeria", ("Ivory Coast", "Nigeria")),
        ("Côte d\u2019Ivoire and Cote d'Ivoire are one", ("Ivory Coast",)),
        ("South Sudan and Sudan share a river", ("South Sudan", "Sudan")),
        ("Dominica is not the Dominican Republic", ("Dominica", "Dominican Republic")),
        ("Niger and Nigeria reopen a bridge", ("Niger", "Nigeria")),
        ("Storm nears American Samoa", ("American Samoa",)),
        ("Samoa mourns", ("Samoa",)),
        ("North Macedonia joins", ("North Macedonia",)),
        ("Talks in Northern Ireland", ("Northern Ireland",)),
        ("New Mexico and the Gulf of Mexico", ()),
        ("Across the Indian Ocean in a bathtub", ()),
        ("Washington waits for rain", ()),
        ("U.S., U.K. and UAE agree", ("United States", "United Kingdom", "United Arab Emirates")),
        ("A film that cost US$40 million", ()),
        ("They told us to wait", ()),
        ("Burma, Swaziland and Zaire on old maps", ("Myanmar", "Eswatini", "DR Congo")),
        ("Raid in the West Bank", ("West Bank",)),
        ("Gaza Strip crossing reopens", ("Gaza",)),
        ("African Americans and Latin America in one show", ()),
        ("The Prince of Wales opens a school in New South Wales", ()),
        ("Man from Lebanon, Tennessee, wins lottery", ()),
        ("French fries, Swiss cheese and Turkish delight", ()),
        ("Marc Cuban and Tom Holland cut a ribbon", ()),
        ("The Cuban minister resigns", ("Cuba",)),
        ("New\u00a0Zealand loses", ("New Zealand",)),
        ("Indo-Pakistani ties and anti-Russian votes", ("Pakistan", "Russia")),
    ],
)
def test_headline_names_its_places(title: str, expected: tuple[str, ...]) -> None:
    assert find_places(title, [], language="en") == expected


def test_georgia_is_a_country_only_beside_something_georgian() -> None:
    assert places("Georgia votes.", "Police in Georgia's capital, Tbilisi, made arrests.") == ("Georgia",)
    assert places("Georgia votes.", "Police in Georgia's capital, Atlanta, made arrests.") == ()
    assert places("Georgia and Florida vote.", "A Georgian restaurant opened.", "Texas and Georgia follow.") == ()
    assert places("Georgia Miller sang.", "Georgia Miller danced in Georgia.") == ()


def test_jordan_is_a_surname_where_a_first_name_or_nothing_jordanian_is_near() -> None:
    assert places("Rep. Jordan spoke.", "Jim Jordan left.", "Jordan returned.") == ()
    assert places("Jordan scored.", "Jordan scored again.") == ()
    assert places("Aid reached Amman.", "Jordan thanked them.", "Jim Jordan did not; Jordan knows.") == ("Jordan",)
    assert places("They fled into Jordan.", "Later Jordan closed the road.") == ("Jordan",)


def test_chad_and_israel_are_first_names_before_a_surname() -> None:
    assert places("Chad Smith sang.", "Then Chad Smith left.", "Chad waved.") == ()
    assert places("The army of Chad fled.", "Chadian radio is silent.") == ("Chad",)
    assert places("Israel Katz spoke.", "Israel Katz left.") == ()
    assert places("Israel Defense Forces struck.", "Israel Katz said Israel would wait.") == ("Israel",)


def test_place_in_the_body_counts_from_its_second_mention() -> None:
    assert places("A ship left Norway.") == ()
    assert places("A ship left Norway.", "It flew the Norwegian flag.") == ("Norway",)


def test_most_mentioned_place_comes_first_and_the_sixth_is_dropped() -> None:
    body = "Spain Spain Spain. Italy Italy Italy Italy. Peru Peru. Mali Mali. Oman Oman. Fiji Fiji Fiji Fiji Fiji."
    assert places(body) == ("Fiji", "Italy", "Spain", "Peru", "Mali")
    assert places(body, title="Oman waits") == ("Fiji", "Italy", "Oman", "Spain", "Peru")
    assert len(places(body)) == MOST


def test_name_is_not_read_across_paragraphs_or_inside_words() -> None:
    assert places("The letters Papua", "New Guinea, Papua", "New Guinea") == ()
    assert places("Romania", "Omanis: Romanian, Romania", title="Romanian women") == ("Romania",)
    assert places("Hard-wrapped United\nStates and United\nStates") == ("United States",)


def test_headline_in_capitals_is_read_but_us_in_it_is_a_word() -> None:
    assert places(title="TURKEY TELLS ISRAEL: GIVE US TIME") == ("Turkey", "Israel")
    assert places(title="CÔTE D\u2019IVOIRE WAITS") == ("Ivory Coast",)
    assert places(title="PAPUA NEW GUINEA QUAKE") == ("Papua New Guinea",)
    assert places(title="WOMAN WINS") == ()


def test_headline_in_title_case_does_not_turn_its_verb_into_a_surname() -> None:
    assert places("Jordanian police agree.", title="Jordan Closes Border With Israel") == ("Jordan", "Israel")


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("ar", "محادثات بتركيا بين الصين وإسرائيل", ("تركيا", "الصين", "إسرائيل")),
        ("ar", "رسالة للصين من تُركيا", ("الصين", "تركيا")),
        ("ar", "ايران ترد", ("إيران",)),
        ("ar", "تقرير مالي عن شركة بقطر كبير", ()),
        ("he", "שגריר בטורקיה ובארה״ב", ("טורקיה", "ארצות הברית")),
        ("he", "מתכון: הודו בתנור", ()),
        ("ja", "インドネシアとインド、リチャード氏を歓迎", ("インドネシア", "インド")),
        ("ja", "中国地方で大雨、トルコ石の指輪", ()),
        ("ja", "米政府、香港を非難", ("アメリカ", "香港")),
        ("de", "Russlands Nachbar: die Deutsche Bank in der türkischen Stadt", ("Russland", "Türkei")),
        ("fr", "L\u2019Iran et la Grande-Bretagne, vus d'Inde", ("Iran", "Royaume-Uni", "Inde")),
        ("es", "EE.UU. y los ministros rusos; Nueva Jersey, no", ("Estados Unidos", "Rusia")),
        ("pt", "O peru de Natal e a seleção do Peru", ("Peru",)),
        ("it", "I turchi, l'Italia e gli Usa", ("Turchia", "Italia", "Stati Uniti")),
        ("pt-BR", "Turquia", ("Turquia",)),
        ("en_GB", "Turkey", ("Turkey",)),
    ],
)
def test_other_languages_have_their_own_names_and_grammar(language: str, title: str, expected: tuple[str, ...]) -> None:
    assert find_places(title, [], language=language) == expected


def test_language_without_a_reviewed_file_knows_the_names_of_cldr() -> None:
    assert find_places("Turkki ja Ruotsi", [], language="fi") == ("Turkki", "Ruotsi")
    assert find_places("法国和德国", [], language="zh-Hans") == ("法国", "德国")


@pytest.mark.parametrize("language", ["", "xx", "tlh", "../en", "\x00", "zh-" * 20])
def test_unknown_language_has_no_places(language: str) -> None:
    assert find_places("Turkey, Türkiye, 土耳其", [], language=language) == ()


@pytest.mark.parametrize("text", ["", "\f\f", "\ud800 Turkey", "Turkey\u0301", "\u0301", "U.S." * 3])
def test_odd_text_is_no_error(text: str) -> None:
    for language in sorted(REVIEWED):
        find_places(text, [text, ""], language=language)


@pytest.mark.parametrize("language", sorted(REVIEWED))
def test_compiled_names_are_up_to_date(language: str) -> None:
    compiled = json.loads((DATA / "compiled" / f"{language}.json").read_text("utf-8"))
    fresh = json.loads(json.dumps(compiled_names(language)))
    assert compiled == fresh, "run: python -m sitegen.tagging.refresh"


@pytest.mark.parametrize("language", sorted(REVIEWED))
def test_cldr_names_are_those_of_the_installed_babel(language: str) -> None:
    committed = json.loads((DATA / "cldr" / f"{language}.json").read_text("utf-8"))
    if committed["cldr"] != get_cldr_version():
        pytest.skip(f"the names are of CLDR {committed['cldr']}, the installed babel has {get_cldr_version()}")
    assert committed["territories"] == territory_names(language)


def test_reviewed_language_needs_no_babel() -> None:
    code = (
        "import sys; from sitegen.tagging.places import find_places; "
        "print(find_places('Turkey', [], language='en'), 'babel' in sys.modules, 'tomllib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "('Turkey',) False False"


@pytest.mark.parametrize("language", sorted(REVIEWED))
def test_every_shown_name_is_found_by_itself(language: str) -> None:
    """Each place can be found by the name it is shown by, unless the name alone is too doubtful to count."""
    gazetteer = load_gazetteer(language)
    lost = {
        name
        for name in gazetteer.names.values()
        if folded(name) not in gazetteer.homonyms and find_places(name, [name], language=language) != (name,)
    }
    assert lost == set()
