"""Settings: what a site may write, what it means, and how faults are told."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import FreePageSettings, Settings, SourceSettings, TagRule
from sitegen.contexts import Link
from sitegen.errors import SettingsError
from sitegen.settings_file import CODES, load_settings
from sitegen.settings_positions import Spot, locate
from sitegen.settings_table import KeyPath


def load(folder: Path, text: str, name: str = "sitegen.toml") -> Settings:
    (folder / name).write_text(text, encoding="utf-8")
    return load_settings(folder)


def faults(folder: Path, text: str, name: str = "sitegen.toml") -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder, text, name)
    return str(caught.value).splitlines()


def fault(folder: Path, text: str) -> str:
    (line,) = faults(folder, text)
    return line


FULL = """
title = "The Harbour Archive"
description = '''A century
of news'''
base_url = "https://news.example.org/archive/"
language = "en_gb"
time_zone = "Europe/London"
aggregator_time_zone = "America/New_York"
date_order = "dmy"
permalink = "/{source}/{year}/{slug}/"
rights = "licensed"
list_limit = 100
month_limit = 500
feed_length = 20
search = true
places = false
ignore = ["drafts/*", "*.bak"]
boilerplate = 'Sign up for .*'
footer = "Kept by the Harbour Society"

[theme]
accent = "ink"
typeface = "sans"
density = "Compact"

[[menu]]
label = "About us"
url = "/imprint.html"

[[menu]]
label = "Mail"
url = "mailto:desk@example.org"

[[pages]]
file = "pages/imprint.md"
title = "Imprint"
url = "/imprint.html"

[sources."The Harbour Gazette"]
aliases = ["Harbour Gazette", "HG"]
url = "https://gazette.example.org/"
time_zone = "Europe/London"
rights = "own"
language = "en-GB"

[tags.aliases]
"U.S." = "United States"

[tags.rules]
"Climate" = ["climate change", "global warming"]
"Suez" = "Suez Canal"
"""


def test_no_settings_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/imprint.md").write_text("# Imprint\n")
    settings = load(tmp_path, FULL)
    assert (settings.title, settings.description) == ("The Harbour Archive", "A century\nof news")
    assert settings.base_url == "https://news.example.org/archive"
    assert (settings.language, settings.time_zone) == ("en-GB", "Europe/London")
    assert settings.reading.aggregator_time_zone == "America/New_York"
    assert (settings.reading.date_order, settings.reading.default_rights) == ("DMY", "licensed")
    assert settings.reading.boilerplate == ("Sign up for .*",)
    assert settings.permalink == "/{source}/{year}/{slug}/index.html"
    assert (settings.list_limit, settings.month_limit, settings.feed_length) == (100, 500, 20)
    assert (settings.search, settings.tagging.places) == (True, False)
    assert settings.ignore == ("drafts/*", "*.bak")
    assert (settings.accent, settings.typeface, settings.density) == ("ink", "sans", "compact")
    assert settings.menu == (Link("About us", "/imprint.html"), Link("Mail", "mailto:desk@example.org"))
    assert settings.pages == (FreePageSettings(file="pages/imprint.md", title="Imprint", url="/imprint.html"),)
    assert settings.reading.sources == (
        SourceSettings(
            name="The Harbour Gazette",
            aliases=("Harbour Gazette", "HG"),
            url="https://gazette.example.org",
            time_zone="Europe/London",
            rights="own",
            language="en-GB",
        ),
    )
    assert settings.tagging.aliases == (("U.S.", "United States"),)
    assert settings.tagging.rules == (
        TagRule(tag="Climate", phrases=("climate change", "global warming")),
        TagRule(tag="Suez", phrases=("Suez Canal",)),
    )


def test_lists_of_tables_mean_the_same_as_named_tables(tmp_path: Path) -> None:
    named = load(tmp_path, '[sources.Gazette]\naliases = "HG"\n[tags.rules]\nSuez = ["Suez Canal"]')
    listed = load(
        tmp_path,
        '[[sources]]\nname = "Gazette"\naliases = "HG"\n[[tags.rules]]\ntag = "Suez"\nphrases = "Suez Canal"',
    )
    assert named == listed


def test_pyproject_holds_the_same_settings(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.sitegen]\ntitle = "Ours"\n[tool.sitegen.theme]\naccent = "blue"'
    settings = load(tmp_path, text, "pyproject.toml")
    assert (settings.title, settings.accent) == ("Ours", "blue")


def test_a_pyproject_of_other_tools_is_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, '[project]\nname = "sitegen"\n', "pyproject.toml") == Settings()
    assert load(tmp_path, "this is not TOML, and not of sitegen", "pyproject.toml") == Settings()


def test_settings_in_both_files_are_refused_by_naming_both(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sitegen]\ntitle = "A"\n')
    line = fault(tmp_path, 'title = "B"\n')
    for part in ("sitegen.toml", "pyproject.toml", "E402"):
        assert part in line


def test_all_faults_come_in_one_report_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = faults(
        tmp_path,
        'titel = "A"\nlist_limit = "9"\n\n[theme]\naccent = "pink"\n\n[sources."The Post"]\ntime_zone = "Europe/Berln"',
    )
    assert [line.split()[0] for line in lines] == [
        "sitegen.toml:1:1",
        "sitegen.toml:2:14",
        "sitegen.toml:5:10",
        "sitegen.toml:8:13",
    ]
    assert lines[0] == 'sitegen.toml:1:1 E403 "titel" is not a setting; did you mean "title"?'
    assert "[list_limit] E404 must be a whole number" in lines[1]
    assert '"red", "blue", "green", "ink"' in lines[2]
    assert '[sources."The Post".time_zone] E406' in lines[3]
    assert "Europe/Berlin" in lines[3]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ('base_url = "example.org"', "E410", "https://example.org"),
        ('base_url = "https://user:secret@example.org"', "E410", "user name"),
        ('base_url = "https://example.org/?a=b"', "E410", "?"),
        ('base_url = "ftp://example.org"', "E410", "https://"),
        ('language = "german"', "E407", '"de"'),
        ('language = "deu"', "E407", '"de"'),
        ('language = "xx"', "E407", "like en"),
        ('time_zone = "new york"', "E406", "America/New_York"),
        ('time_zone = "EDT"', "E406", "like Europe/Berlin"),
        ('time_zone = "localtime"', "E406", "machine"),
        ('time_zone = "../../etc/passwd"', "E406", "zone"),
        ('time_zone = ""', "E405", "empty"),
        ('rights = "thirdparty"', "E405", '"third-party"'),
        ('permalink = "/{year}/{month}.html"', "E411", "{slug}"),
        ('permalink = "/{yaer}/{slug}.html"', "E411", '"year"'),
        ('permalink = "{slug}.html"', "E411", '"/{slug}.html"'),
        ('permalink = "/{slug}"', "E411", '"/{slug}.html"'),
        ('permalink = "/../{slug}.html"', "E411", ".."),
        ("feed_length = 0", "E405", "least is 1"),
        ("list_limit = true", "E404", "whole number"),
        ("title = 2024-01-01", "E404", "text in quotes"),
        ('title = "a\\nb"', "E405", "one line"),
        ('search = "yes"', "E404", "true or false"),
        ('ignore = ["a", 3]', "E404", "text in quotes"),
        ('boilerplate = ["("]', "E405", "regular expression"),
        ('theme = "dark"', "E404", "[theme]"),
        ('accent = "red"', "E403", "[theme]"),
        ('[theme]\ntitle = "x"', "E403", "top of the file"),
        ('timezone = "UTC"', "E403", '"time_zone"'),
        ('[[menu]]\nlabel = "x"', "E408", '"url"'),
        ('[[menu]]\nlabel = "x"\nurl = "javascript:alert(1)"', "E410", "https://"),
        ('[[menu]]\nlabel = "x"\nurl = "//evil.example"', "E410", "https://"),
        ('[[pages]]\nfile = "../secret.md"', "E410", "below"),
        ('[[pages]]\nfile = "imprint.md"', "E412", "not there"),
        ('[sources.A]\naliases = ["X"]\n[sources.B]\naliases = ["x"]', "E409", '"A"'),
        ('[[sources]]\nurl = "https://a.example"', "E408", '"name"'),
        ('[tags.aliases]\na = 3', "E404", "text in quotes"),
        ("[tags.rules]\nA = 3", "E404", "list of texts"),
        ("title: My archive", "E401", "equals sign"),
        ("title = My archive", "E401", "in quotes"),
        ('title = "a"\ntitle = "b"', "E401", "keep one"),
        ('title = "C:\\q"', "E401", "backslash"),
    ],
)  # fmt: skip
def test_a_fault_says_what_to_write_instead(tmp_path: Path, text: str, code: str, hint: str) -> None:
    line = fault(tmp_path, text)
    assert f" {code} " in line
    assert hint in line.partition(code)[2]


def test_aliases_that_mean_each_other_are_refused(tmp_path: Path) -> None:
    assert all("E409" in line for line in faults(tmp_path, '[tags.aliases]\na = "B"\nb = "A"'))


@pytest.mark.parametrize("text", [
    'base_url = ""', 'time_zone = "CET"', 'language = "zh-hant"', 'language = "ckb"', 'language = "la"',
    'title = "新聞"', 'permalink = "/artikel-{id}.html"', "", "\ufefftitle = 'after a byte-order mark'",
    'title = "x"\r\nfooter = """a\r\nb"""\r\n', '[tags.aliases]\n"usa" = "USA"',
])  # fmt: skip
def test_unusual_but_right_settings_are_taken(tmp_path: Path, text: str) -> None:
    (tmp_path / "sitegen.toml").write_bytes(text.encode())
    load_settings(tmp_path)


@pytest.mark.parametrize(
    "data", [b'title = "\xff\xfe"', "title = 'x'".encode("utf-16"), b"[" * 5000, b"\x00", b"x = 1" + b"0" * 9000]
)
def test_any_bytes_give_a_settings_error_at_worst(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "sitegen.toml").write_bytes(data)
    with pytest.raises(SettingsError, match=r"^sitegen\.toml"):
        load_settings(tmp_path)


def test_a_folder_instead_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").mkdir()
    with pytest.raises(SettingsError, match="E400"):
        load_settings(tmp_path)


def test_every_code_that_settings_use_is_documented(tmp_path: Path) -> None:
    text = (
        '[[menu]]\nlabel = 3\nx = 1\n[[pages]]\n[sources.a]\nrights = "x"\ntime_zone = "x"\nlanguage = "xx"\nurl = "x"'
    )
    for line in faults(tmp_path, text):
        assert f"E{line.split(' E')[1][:3]}" in CODES


def test_loading_settings_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text('title = "x"\n[theme]\naccent = "blue"\n')
    code = (
        "import sys; from pathlib import Path; from sitegen.settings_file import load_settings\n"
        f"load_settings(Path({str(tmp_path)!r}))\n"
        "print(*sorted(sys.modules.keys() & {'babel', 'click', 'rich', 'jinja2', 'starlette', 'markdown'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert run.stdout.strip() == ""


# -- positions --------------------------------------------------------------------------------------------------------

_KEYS = st.one_of(
    st.text("abcXYZ09_-", min_size=1, max_size=4),
    st.text("a.b #[]=\"'é", min_size=0, max_size=4).map(lambda text: '"' + text.replace('"', '\\"') + '"'),
    st.text('a.b #[]="é', min_size=0, max_size=4).map(lambda text: f"'{text}'"),
)
_SCALARS = st.sampled_from([
    "1", "-3.5e2", "true", "inf", "1979-05-27 07:32:00", "1979-05-27T07:32:00Z", "07:32:00", '"a # b \\" ] }"', "''",
    "'a \" ]'", '"""\na "quoted" # text\n"""', '"""x"""""', "'''\nit's ]\n'''", '"\\u00e9"', '""', "0xff", '"a"',
])  # fmt: skip
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", # c ]\n ".join(items) + ("\n" if items else "") + "]"),
        st.lists(st.tuples(_KEYS, inner), max_size=2).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
        ),
    ),
    max_leaves=4,
)
_PAIRS = st.lists(st.tuples(st.lists(_KEYS, min_size=1, max_size=2), _VALUES), max_size=3)
_BLOCKS = st.lists(st.tuples(st.booleans(), st.lists(_KEYS, min_size=1, max_size=3), _PAIRS), max_size=4)


def _document(
    first: list[tuple[list[str], str]], blocks: list[tuple[bool, list[str], list[tuple[list[str], str]]]]
) -> str:
    def pairs(items: list[tuple[list[str], str]]) -> str:
        return "".join(f"  {' . '.join(keys)}\t= {value} # c\n" for keys, value in items)

    text = pairs(first)
    for many, names, items in blocks:
        opening, closing = ("[[", "]]") if many else ("[ ", " ]")
        text += f"\n# a comment\n{opening}{'.'.join(names)}{closing}\n{pairs(items)}"
    return text


def _paths(value: object, path: KeyPath = ()) -> set[KeyPath]:
    found: set[KeyPath] = {path} if path else set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found |= _paths(inner, (*path, number))
    return found


@given(_PAIRS, _BLOCKS)
def test_every_key_and_value_of_any_document_is_found_where_it_stands(
    first: list[tuple[list[str], str]], blocks: list[tuple[bool, list[str], list[tuple[list[str], str]]]]
) -> None:
    text = _document(first, blocks)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    positions = locate(text)
    lines = text.split("\n")
    assert _paths(parsed) == positions.keys.keys() | positions.values.keys()
    for path, (line, column) in positions.keys.items():
        written = lines[line - 1][column - 1 :]
        assert written.startswith((str(path[-1]), '"', "'"))


def test_the_nearest_place_stands_in_for_one_that_is_not_written() -> None:
    positions = locate("\n[[menu]]\nlabel = 'x'\n")
    assert positions.of_key(("menu", 0, "url")) == Spot(2, 3)
    assert positions.of_value(("nothing",)) == Spot(1, 1)
