"""Pictures beside the articles: what becomes of them on pages and in the output."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from sitegen.config import Settings
from sitegen.pictures.metadata import words_of
from sitegen.pictures.rasters import convert
from sitegen.pictures.store import PictureWords
from tests.pictures import encoded, exif, photo, with_iptc, xmp
from tests.support import Built, build_site, clean_build, difference, markdown, put, times, tree

PAGE = "2024/01/01/alpha.html"


def _site(folder: Path, picture: bytes | None, body: str = "Text.\n\n![Alt](ship.jpg)\n\nMore.", *, name: str = "ship.jpg") -> Built:
    files: dict[str, str | bytes] = {"a.md": markdown("Alpha", body.replace("ship.jpg", name), date="2024-01-01")}
    if picture is not None:
        files[name] = picture
    put(folder / "articles", files)
    return build_site(folder)


def _page(folder: Path) -> str:
    return (folder / "public" / PAGE).read_text(encoding="utf-8")


def _media(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder / "public").items() if name.startswith("media/")}


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_photo_is_published_at_the_widths_of_the_layout(tmp_path: Path) -> None:
    _site(tmp_path, photo(2400, 1600))
    media = _media(tmp_path)
    sizes = {(name.rpartition(".")[2], *_opened(data).size) for name, data in media.items()}
    assert sizes == {("jpg", 1600, 1067), ("webp", 480, 320), ("webp", 960, 640), ("webp", 1600, 1067)}
    page = _page(tmp_path)
    [sources] = re.findall(r'<source type="image/webp" srcset="([^"]+)" sizes="[^"]+vw">', page)
    named = {part.split()[0].removeprefix("../../../") for part in sources.split(", ")}
    named |= set(re.findall(r'<img src="../../../([^"]+)"', page))
    assert named == media.keys()
    assert 'width="1600" height="1067" loading="lazy"' in page


def test_a_small_picture_is_never_made_larger(tmp_path: Path) -> None:
    _site(tmp_path, photo(300, 200))
    assert {_opened(data).size for data in _media(tmp_path).values()} == {(300, 200)}
    assert len(_media(tmp_path)) == 2


def test_the_lead_picture_is_not_loaded_late(tmp_path: Path) -> None:
    _site(tmp_path, photo(), "![Alt](ship.jpg)\n\nText.")
    assert re.search(r'<img [^>]*fetchpriority="high"', _page(tmp_path))
    assert 'loading="lazy"' not in _page(tmp_path)


def test_avif_is_an_option(tmp_path: Path) -> None:
    _site(tmp_path, photo())
    assert not [name for name in _media(tmp_path) if name.endswith(".avif")]
    build_site(tmp_path, Settings(avif=True))
    found = [name for name in _media(tmp_path) if name.endswith(".avif")]
    assert found
    assert _page(tmp_path).index("image/avif") < _page(tmp_path).index("image/webp")
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean", Settings(avif=True))) == ""
    build_site(tmp_path)
    assert not [name for name in _media(tmp_path) if name.endswith(".avif")]


def test_avif_has_the_same_bytes_whatever_the_number_of_processors() -> None:
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("the system cannot keep a process to one processor")
    here = [each.data for each in convert(photo(), avif=True).renditions]
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert [each.data for each in convert(photo(), avif=True).renditions] == here
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (3, (60, 40)), (6, (40, 60)), (8, (40, 60))])
def test_a_picture_stands_upright(orientation: int, size: tuple[int, int]) -> None:
    made = convert(photo(60, 40, exif=exif(orientation)), avif=False)
    assert {(each.width, each.height) for each in made.renditions} == {size}
    for each in made.renditions:
        image = _opened(each.data).convert("L").resize((2, 2))
        left, right, top, bottom = (image.crop(box).resize((1, 1)).getpixel((0, 0)) for box in (
            (0, 0, 1, 2), (1, 0, 2, 2), (0, 0, 2, 1), (0, 1, 2, 2)))  # fmt: skip
        brighter = {1: right > left, 3: left > right, 6: bottom > top, 8: top > bottom}  # type: ignore[operator]
        assert brighter[orientation]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_but_the_picture_is_published(tmp_path: Path, kind: str) -> None:
    secret: dict[str, Any] = {"exif": exif(gps=kind != "TIFF", caption="SECRET caption", artist="SECRET artist")}
    if kind != "TIFF":
        secret["xmp"] = xmp(creator="SECRET creator")
    data = photo(kind=kind, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), **secret)
    if kind == "JPEG":
        data = with_iptc(data, {40: "SECRET instruction", 120: "SECRET caption"})
    assert b"SECRET" in data
    name = f"ship.{kind.lower()}"
    _site(tmp_path, data, name=name)
    assert len(_media(tmp_path)) >= 2
    for published in _media(tmp_path).values():
        image = _opened(published)
        assert b"SECRET" not in published
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & image.info.keys()


def test_a_comment_in_a_jpeg_is_not_published() -> None:
    made = convert(photo(comment=b"SECRET"), avif=False)
    assert not any(b"SECRET" in each.data for each in made.renditions)


def _words(data: bytes) -> PictureWords:
    with Image.open(io.BytesIO(data)) as image:
        return words_of(image)


def test_caption_and_credit_are_read_from_iptc() -> None:
    data = with_iptc(photo(), {120: "The ship\r at Málaga.", 80: "Ana Núñez", 110: "EFE", 116: "© EFE", 40: "Not for Spain"})
    assert _words(data) == PictureWords(caption="The ship at Málaga.", credit="Ana Núñez/EFE", told_by="IPTC")


def test_iptc_in_an_old_encoding_is_read() -> None:
    data = with_iptc(photo(), {120: "Málaga", 115: "EFE"}, encoding="cp1252")
    assert _words(data) == PictureWords(caption="Málaga", credit="EFE", told_by="IPTC")


def test_alt_text_is_read_from_xmp_and_never_made_from_a_caption() -> None:
    data = photo(xmp=xmp(description="The ship &amp; its crew", creator="Jo Ek", credit="Jo Ek / Post", alt="A ship"))
    assert _words(data) == PictureWords(caption="The ship & its crew", credit="Jo Ek / Post", alt="A ship", told_by="XMP")
    assert _words(photo(xmp=xmp(description="The ship"))).alt == ""


def test_xmp_with_entities_is_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + xmp(description="&b;")
    assert _words(photo(xmp=bomb)) == PictureWords()


def test_words_come_from_exif_where_there_is_nothing_better() -> None:
    data = photo(exif=exif(caption="OLYMPUS DIGITAL CAMERA", rights="Harbour Post 2024"))
    assert _words(data) == PictureWords(credit="Harbour Post 2024", told_by="EXIF")
    both = with_iptc(photo(exif=exif(caption="Exif", artist="Exif")), {120: "Iptc"})
    assert _words(both) == PictureWords(caption="Iptc", credit="Exif", told_by="IPTC, EXIF")


def test_the_picture_file_speaks_only_where_the_article_is_silent(tmp_path: Path) -> None:
    data = photo(xmp=xmp(description="From the &lt;file&gt;", credit="File", alt="File alt"))
    _site(tmp_path, data, "Text.\n\n![](ship.jpg)\n\nMore.")
    page = _page(tmp_path)
    assert "From the &lt;file&gt; " in page
    assert 'alt="File alt"' in page
    assert "as told by the picture file (XMP)" in page
    _site(tmp_path, data, 'Text.\n\n![Own alt](ship.jpg "Own words. Credit: Me")\n\nMore.')
    page = _page(tmp_path)
    assert "From the" not in page
    assert 'alt="Own alt"' in page
    assert "as told by" not in page


def _bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def _animation() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("name", "data", "code", "shown"),
    [
        ("a.gif", _animation(), "N331", True),
        ("a.jpg", photo(mode="CMYK"), "N331", True),
        ("a.png", encoded(Image.new("I;16", (40, 30), 30_000), "PNG"), "N331", True),
        ("a.png", photo(), "N331", True),
        ("a.jpg", photo()[:6000], "W526", True),
        ("a.png", photo(kind="PNG")[:9000], "W526", True),
        ("a.jpg", b"", "E521", False),
        ("a.svg", b"", "E521", False),
        ("a.jpg", b"<!doctype html><title>Not found</title>", "E521", False),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "E521", False),
        ("a.jpg", photo()[:300], "E521", False),
        ("a.webp", photo(kind="WEBP")[:500], "E521", False),
        ("a.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "E521", False),
        ("a.png", _bomb(), "E523", False),
    ],
    ids=["animated", "cmyk", "16-bit", "misnamed", "cut jpeg", "cut png", "empty", "empty svg", "html", "heic", "header only",
         "cut webp", "postscript", "bomb"],
)  # fmt: skip
def test_an_odd_picture_is_told_of_and_costs_no_page(tmp_path: Path, name: str, data: bytes, code: str, shown: bool) -> None:
    built = _site(tmp_path, data, 'Text.\n\n![Alt](ship.jpg "The ship.")\n\nMore.', name=name)
    [problem] = [each for each in built.heard.problems if each.file == f"articles/{name}"]
    assert problem.code == code
    page = _page(tmp_path)
    assert "The ship." in page
    assert "<p>More.</p>" in page
    assert ("<img" in page) is shown
    assert bool(_media(tmp_path)) is shown
    again = build_site(tmp_path)
    assert problem in again.heard.problems
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_sixteen_bits_become_eight() -> None:
    made = convert(encoded(Image.new("I;16", (4, 4), 257 * 100), "PNG"), avif=False)
    assert {_opened(each.data).convert("L").getpixel((1, 1)) for each in made.renditions} == {100}


def test_a_colour_profile_is_applied() -> None:
    # In this profile, red and blue have changed places.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    start, length = struct.unpack(">II", profile[tags[b"desc"] + 4 : tags[b"desc"] + 12])
    name = bytes(profile[start : start + length])
    profile[start : start + length] = name.replace("sRGB".encode("utf-16-be"), "BGR ".encode("utf-16-be"))
    data = encoded(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=bytes(profile))
    for each in convert(data, avif=False).renditions:
        red_value, _, blue_value = _opened(each.data).convert("RGB").getpixel((4, 4))  # type: ignore[misc]
        assert blue_value > 200
        assert red_value < 60


def test_a_profile_that_is_none_is_no_trouble() -> None:
    made = convert(photo(icc_profile=b"nonsense"), avif=False)
    assert len(made.renditions) == 3
    assert not made.complaints


def test_transparency_is_kept() -> None:
    made = convert(encoded(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "PNG"), avif=False)
    assert {_opened(each.data).convert("RGBA").getpixel((4, 4))[3] for each in made.renditions} == {0}  # type: ignore[index]


def test_a_drawing_of_few_colours_is_kept_without_loss() -> None:
    image = Image.new("RGB", (40, 30), (250, 248, 240))
    image.paste((180, 20, 30), (5, 5, 20, 20))
    made = convert(encoded(image, "PNG"), avif=False)
    assert [each.kind for each in made.renditions] == ["png", "webp"]
    assert all(_opened(each.data).convert("RGB").tobytes() == image.tobytes() for each in made.renditions)


def test_a_large_jpeg_is_decoded_at_a_fraction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.pictures.rasters.MOST_PIXELS", 4_000_000)
    assert [code for code, _ in convert(photo(4000, 3000, kind="PNG"), avif=False).complaints] == ["E523"]
    assert {each.width for each in convert(photo(4000, 3000), avif=False).renditions} == {480, 960, 1600}


def test_pictures_come_change_and_go_as_in_a_clean_build(tmp_path: Path) -> None:
    def check(number: int) -> None:
        build_site(tmp_path)
        assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / f"clean{number}")) == ""

    put(tmp_path / "articles", {"b.md": markdown("Beta", "No picture.", date="2019-01-01")})
    _site(tmp_path, None)
    check(1)
    put(tmp_path / "articles", {"ship.jpg": photo()})
    check(2)
    first = _media(tmp_path).keys()
    assert len(first) == 3
    before = times(tmp_path / "public")
    put(tmp_path / "articles", {"ship.jpg": photo(500, 400)})
    check(3)
    after = times(tmp_path / "public")
    assert not first & _media(tmp_path).keys()
    assert before["2019/01/01/beta.html"] == after["2019/01/01/beta.html"]
    put(tmp_path / "articles", {"ship.jpg": b"damaged"})
    check(4)
    assert not _media(tmp_path)
    put(tmp_path / "articles", {"ship.jpg": photo()})
    check(5)
    (tmp_path / "articles" / "ship.jpg").unlink()
    check(6)
    assert not _media(tmp_path)


def test_a_picture_is_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _site(tmp_path, photo())
    before = times(tmp_path / "public")
    monkeypatch.setattr("sitegen.pictures.rasters.convert", None)
    for path in (tmp_path / ".sitegen").glob("catalog.*"):
        path.unlink()
    build_site(tmp_path)
    shutil.copy(tmp_path / "articles" / "ship.jpg", tmp_path / "articles" / "copy.jpg")
    (tmp_path / "articles" / "a.md").touch()
    build_site(tmp_path)
    changed = {name for name, time in times(tmp_path / "public").items() if before.get(name) != time}
    assert {name for name in changed if not name.startswith(".sitegen/")} == set()


@pytest.mark.parametrize("how", ["lost", "changed"])
def test_a_converted_picture_that_is_lost_is_made_again(tmp_path: Path, how: str) -> None:
    _site(tmp_path, photo())
    wanted = tree(tmp_path / "public")
    for path in (tmp_path / ".sitegen" / "pictures").rglob("*.webp"):
        path.unlink() if how == "lost" else path.write_bytes(b"other")
    shutil.rmtree(tmp_path / "public" / "media")
    build_site(tmp_path)
    assert difference(tree(tmp_path / "public"), wanted) == ""


def test_any_number_of_jobs_gives_the_same_pictures(tmp_path: Path) -> None:
    names = [f"p{number}.jpg" for number in range(6)]
    body = "\n\n".join(f"![]({name})" for name in names)
    put(tmp_path / "articles", {name: photo(300 + 10 * number) for number, name in enumerate(names)})
    put(tmp_path / "articles", {"a.md": markdown("Alpha", body, date="2024-01-01")})
    build_site(tmp_path, jobs=3)
    assert len(_media(tmp_path)) == 12
    assert difference(tree(tmp_path / "public"), clean_build(tmp_path, tmp_path / "clean")) == ""


def test_a_takedown_leaves_nothing_of_the_picture_in_the_cache(tmp_path: Path) -> None:
    _site(tmp_path, photo(xmp=xmp(description="SECRET words")))
    assert list((tmp_path / ".sitegen" / "pictures").rglob("*.webp"))
    event = f'{{"event": "takedown", "url": "/{PAGE}", "date": "2024-11-20", "reason": "asked"}}\n'
    put(tmp_path / "articles" / "_ledger", {"events.jsonl": event})
    build_site(tmp_path)
    assert not _media(tmp_path)
    assert not [path for path in (tmp_path / ".sitegen" / "pictures").rglob("*") if path.is_file()]
    assert not [path for path in (tmp_path / ".sitegen").glob("catalog.*") if b"SECRET" in path.read_bytes()]


def test_articles_without_pictures_do_not_load_pillow(tmp_path: Path) -> None:
    put(tmp_path / "articles", {"a.md": markdown("Alpha", "![](ship.svg)", date="2024-01-01"), "ship.svg": "<svg/>"})
    code = """import sys, sitegen.cli
try:
    sitegen.cli.main(["build", sys.argv[1]])
except SystemExit:
    assert "PIL" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True)
