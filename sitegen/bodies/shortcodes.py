"""Shortcodes of other programs in Markdown texts: Hugo's, Liquid's (Jekyll, Octopress, Hexo) and WordPress's.

Those that show a picture become one. All others stay in the text as they are written, and are reported.
"""

from __future__ import annotations

import html
import re
from typing import Final

from sitegen.bodies.figures import Complain
from sitegen.bodies.markup import text_of, write_tag

# Each part ends where the next could begin, so that a text of mere beginnings is read once.
_FIND: Final = re.compile(
    r"(?P<code>^(?P<fence>```++|~~~++).*?^(?P=fence)|`[^`\n]+`"
    r"|\{%-?\s?raw\s?-?%\}(?:(?!\{%-?\s?raw).)*?\{%-?\s?endraw\s?-?%\})"
    r"|\{\{(?P<hugo>[<%])\s?(?P<hugo_name>/?[\w.-]+)(?P<hugo_rest>[^\n{}]{0,2000}?)/?\s?[>%]\}\}"
    r"|\{%-?\s?(?P<liquid_name>\w+)(?P<liquid_rest>(?:(?!\{%|-?%\})[^\n]){0,2000})-?%\}"
    r"|(?P<wp_open>\[(?P<wp>(?:wp_)?caption)(?P<wp_rest>[^\[\]]{0,2000})\])(?P<wp_inner>(?:(?!\[(?:wp_)?caption).){0,5000}?)\[/(?P=wp)\]"
    r"|\[(?P<other>gallery|playlist|embed|audio|video)(?:[ ][a-z_]+=[^\[\]]{0,2000}\]|[^\[\]]{0,2000}\][^\[]{0,2000}\[/(?P=other)\])",
    re.S | re.M,
)
_ARGUMENT: Final = re.compile(r"(?:([\w-]+)\s*=\s*)?(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\s\"'=]+))")
_PICTURE: Final = re.compile(r"[^?#]+\.(?:avif|gif|jpe?g|png|svg|tiff?|webp)(?:[?#].*)?\Z", re.I | re.S)
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()!#])")
_IMG: Final = re.compile(r"<img\b([^>]*)/?>", re.I)
_MARKDOWN_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+\"([^\"]*)\")?\s*\)")
_LINK_AROUND: Final = re.compile(r"\[\s*(\x00)\s*\]\([^)]*\)")
# Names under which themes take a picture's address, in the order of their weight.
_ADDRESS_KEYS: Final = ("src", "url", "image", "image_path", "img", "file", "path", "filename")
_CAPTION_KEYS: Final = ("caption", "title", "description")
_CREDIT_KEYS: Final = ("attr", "credit", "attribution", "source")
_LIQUID_FIGURES: Final = frozenset(("include", "include_relative", "include_cached", "figure", "image", "img", "picture", "asset_img"))


def _follows_bracket(text: str) -> bool:
    return text.startswith(("/", "gallery", "playlist"))


def may_have_shortcodes(text: str) -> bool:
    """Whether it is worth while to look for shortcodes."""
    if "{" in text and ("{{<" in text or "{{%" in text or "{%" in text):
        return True
    # Brackets are few; looking behind each is quicker than three searches for them and what follows.
    return "[" in text and any(map(_follows_bracket, text.split("[")[1:]))


def expand_shortcodes(text: str, complain: Complain) -> str:
    """Markdown in which shortcodes of pictures are `<img>`; what is not known is left as it is and reported."""

    def replaced(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        image = _image_of(found)
        if image:
            return image
        name = found["hugo_name"] or found["liquid_name"] or found["wp"] or found["other"]
        complain("W225", f'the shortcode "{name}" of another program is shown as it is written; write it in Markdown', found[0])
        if found["wp"]:
            return f"{_as_written(found['wp_open'])}{found['wp_inner']}{_as_written(f'[/{name}]')}"
        return _as_written(found[0])

    return _FIND.sub(replaced, text)


def _as_written(shortcode: str) -> str:
    """Markdown that shows a shortcode, and takes no part of it for its own (`{…}` would be attributes)."""
    return _MARKUP.sub(r"\\\1", shortcode).replace("<", "&lt;")


def _image_of(found: re.Match[str]) -> str:
    if found["wp"]:
        return _caption_image(_arguments(found["wp_rest"])[0], found["wp_inner"])
    if found["hugo"]:
        return _named_image(*_arguments(found["hugo_rest"])) if found["hugo_name"] in ("figure", "img", "image") else ""
    if found["liquid_name"] in _LIQUID_FIGURES:
        return _named_image(*_arguments(found["liquid_rest"]))
    return ""


def _arguments(text: str) -> tuple[dict[str, str], list[str]]:
    """Named and other arguments; the latter in their order."""
    named: dict[str, str] = {}
    others: list[str] = []
    for name, *values in _ARGUMENT.findall(text):
        value = html.unescape("".join(values)).strip()
        if name:
            named.setdefault(name.lower(), value)
        else:
            others.append(value)
    return named, others


def _named_image(named: dict[str, str], others: list[str]) -> str:
    address = next((named[key] for key in _ADDRESS_KEYS if _PICTURE.match(named.get(key, ""))), "")
    if not address:
        place = next((number for number, each in enumerate(others) if _PICTURE.match(each)), None)
        if place is None:
            return ""
        address = others[place]
        # Octopress and Hexo: sizes, then title, then alt text.
        words = [each for each in others[place + 1 :] if not each.isdigit()]
        named = dict(zip(("title", "alt"), words, strict=False)) | named
    caption = next((named[key] for key in _CAPTION_KEYS if named.get(key)), "")
    credit = next((named[key] for key in _CREDIT_KEYS if named.get(key)), "")
    return _img(address, named.get("alt", ""), caption, credit)


def _caption_image(named: dict[str, str], inner: str) -> str:
    """The picture in a WordPress caption; nothing where there is not exactly one."""
    images = [*_IMG.finditer(inner), *_MARKDOWN_IMAGE.finditer(inner)]
    if len(images) != 1:
        return ""
    image = images[0]
    rest = _LINK_AROUND.sub("", f"{inner[: image.start()]}\0{inner[image.end() :]}").replace("\0", "")
    caption = text_of(rest) or named.get("caption", "")
    if image.re is _MARKDOWN_IMAGE:
        return _img(image[2], image[1], caption or image[3] or "")
    values, _ = _arguments(image[1])
    return _img(values["src"], values.get("alt", ""), caption or values.get("title", "")) if values.get("src") else ""


def _img(address: str, alt: str, caption: str, credit: str = "") -> str:
    words = " ".join(caption.split())
    if credit:
        words = f"{words} (credit: {credit})" if words else f"Credit: {credit}"
    return write_tag("img", {"src": address, "alt": " ".join(alt.split()), "title": text_of(words)})
