"""Bytes become text: encodings, damage, and what is no text at all."""

from __future__ import annotations

import random
import re

import pytest

from sitegen.readers.decoding import decode

RUSSIAN = (
    "Президент сказал, что новый мост через реку будет открыт в этом году, но не раньше осени.\n"
    "Он был построен за два года."
)
ARABIC = "قال وزير النقل إن الجسر الجديد على النهر سيفتح هذا العام.\nوكان العمل في المشروع قد بدأ قبل عامين من الآن."
HEBREW = "ראש העיר אמר כי הגשר החדש על הנהר ייפתח השנה, אבל לא לפני הסתיו.\nהוא לא אמר כל דבר אחר של ממש."
GREEK = "Ο δήμαρχος είπε ότι η νέα γέφυρα για το λιμάνι θα ανοίξει φέτος, αλλά όχι πριν από το φθινόπωρο."
TURKISH = "Belediye başkanı, yeni köprünün bu yıl açılacağını ve çok güzel olduğunu söyledi. İki yıl için değil."
POLISH = "Burmistrz powiedział, że nowy most zostanie otwarty w tym roku, ale nie wcześniej niż jesienią. Są też inne."
FRENCH = "Le maire a déclaré que le nouveau pont sera inauguré cette année, mais pas avant l’été. Où ? À Vellmouth."
GERMAN = "Der Bürgermeister sagte, die neue Brücke über den Fluß werde für Fußgänger früher geöffnet."
CHINESE = "市长说，这座新桥今年将开放，但是不会在秋天之前。人们在河边等了两年，他们的船都在那里。"
JAPANESE = "市長は新しい橋が今年開通すると述べたが、秋より前ではないという。人々は二年間待っていた。"
KOREAN = "시장은 새 다리가 올해 개통될 것이라고 말했다. 그러나 가을 전에는 아니다. 사람들은 이 년을 기다렸다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (ARABIC, "cp1256"),
        (HEBREW, "cp1255"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (POLISH, "cp1250"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        ("The bridge cost £4m, said Zoë.", "latin-1"),
        ("SEÁN O'NEIL", "cp1252"),
        (CHINESE, "gb18030"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
    ],
)
def test_an_encoding_is_recognised_by_its_words_and_reported(text: str, encoding: str) -> None:
    source = decode("a.txt", text.encode(encoding))
    assert source.text == text
    assert [problem.code for problem in source.problems] == ["N302"]


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, CHINESE, FRENCH, "Plain."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_is_certain_is_not_reported(text: str, encoding: str) -> None:
    source = decode("a.txt", text.encode(encoding))
    assert (source.text, source.problems) == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_without_a_mark(encoding: str) -> None:
    assert decode("a.txt", FRENCH.encode(encoding)).text == FRENCH


def test_mojibake_is_repaired_and_reported() -> None:
    broken = FRENCH.replace("À", "A").encode().decode("cp1252")
    source = decode("a.txt", f"First line.\n{broken}".encode())
    assert source.text == "First line.\n" + FRENCH.replace("À", "A")
    assert [(problem.code, problem.line) for problem in source.problems] == [("N302", 2)]


@pytest.mark.parametrize("text", ["São Paulo e Côrtes, às três da manhã.", "Âge tendre. ÂGE. Â bientôt", "VÕRU – Ãhn"])
def test_good_text_is_not_taken_for_mojibake(text: str) -> None:
    source = decode("a.txt", text.encode())
    assert (source.text, source.problems) == (text, ())


def test_one_damaged_byte_does_not_change_the_rest() -> None:
    data = RUSSIAN.encode().replace(b"\n", b" caf\xe9\n")
    source = decode("a.txt", data)
    assert source.text == RUSSIAN.replace("\n", " café\n")
    assert [problem.code for problem in source.problems] == ["W205"]


@pytest.mark.parametrize("data", [b"", b"   \n\t\n", b"\xef\xbb\xbf\n", "\ufeff \n".encode("utf-16")])
def test_an_empty_file_is_an_error(data: bytes) -> None:
    source = decode("a.txt", data)
    assert source.text == ""
    assert [problem.code for problem in source.problems] == ["E102"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7 text",
        b"PK\x03\x04abc",
        bytes(range(256)) * 8,
        b"\x00\x01\x02" * 50,
    ],
)
def test_a_binary_file_is_an_error(data: bytes) -> None:
    source = decode("a.txt", data)
    assert source.text == ""
    assert [problem.code for problem in source.problems] == ["E101"]


def test_line_ends_become_line_feeds() -> None:
    assert decode("a.txt", "a\r\nb\rc\u2028d\n".encode()).text == "a\nb\nc\nd\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF; open it"),
        (b"PK\x03\x04\x14\0word/document.xml", "a Word document"),
        (b"PK\x03\x04\x14\0a.txt", "an archive \\(ZIP\\); unpack it"),
        (b"\x89PNG\r\n\x1a\n", "a picture \\(PNG\\); give its name"),
        (b"\x1f\x8b\x08\0", "packed with gzip; unpack it"),
        (b"SQLite format 3\0" + bytes(80), "SQLite"),
        (b"{\\rtf1\\ansi Bridge opens}", "RTF"),
        (b"\0\0\0\x20ftypheic", "a picture"),
        (bytes(5_000), "zero bytes, its text is lost"),
        (b"a.txt".ljust(257, b"\0") + b"ustar", "tar"),
    ],
)
def test_a_binary_file_is_told_by_its_kind_and_with_what_to_do(data: bytes, told: str) -> None:
    (problem,) = decode("a.txt", data).problems
    assert problem.code == "E101"
    assert re.search(told, problem.message)


@pytest.mark.parametrize("text", ["BZh was the ending of the file.", "ID3 is a train.", "RIFF raff, said the mayor.", "II*"])
def test_a_text_that_begins_like_a_binary_file_is_a_text(text: str) -> None:
    assert decode("a.txt", text.encode()).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_zeros_in_a_text_cost_themselves_and_are_told(encoding: str) -> None:
    text = "\n".join([RUSSIAN] * 20)
    data = text.encode(encoding)
    middle = data.index(b"\n", len(data) // 2)
    source = decode("a.txt", data[:middle] + bytes(4_096) + data[middle:])
    assert source.text.replace(" \n", "\n") == text
    line = data[:middle].count(b"\n") + 1
    assert [problem.line for problem in source.problems if problem.code == "W209"] == [line]
    assert all(char != "\ufffd" for char in source.text)


@pytest.mark.parametrize("text", ["It’s a bridge – said the mayor.\n" * 300, "It is a bridge, said the mayor.\n" * 300, f"{ARABIC}\n" * 60])
def test_binary_bytes_in_a_text_do_not_change_its_encoding(text: str) -> None:
    noise = random.Random(3).randbytes(2_000)
    data = text.encode() * 3
    middle = data.index(b"\n", len(data) // 2) + 1
    source = decode("a.txt", data[:middle] + noise + b"\n" + data[middle:])
    assert [(problem.code, problem.line) for problem in source.problems] == [("W205", data[:middle].count(b"\n") + 1)]
    assert source.text.startswith(text)
    assert source.text.endswith(text)


def test_noise_that_begins_like_a_wire_message_is_no_text() -> None:
    data = b"\x01" + random.Random(4).randbytes(20_000)
    assert [problem.code for problem in decode("a.txt", data).problems] == ["E101"]
