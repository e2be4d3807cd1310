"""XML documents from untrusted text: everything is escaped, and what XML 1.0 has no way to write is taken out."""

from __future__ import annotations

from typing import Final

# Feed readers drop a whole feed over one of these, and scraped text is full of them.
_CONTROLS: Final = bytes({*range(0x20)} - {*b"\t\n\r"})
_NONCHARACTERS: Final = ("\ufffe", "\uffff")
_DECLARATION: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'


def element(name: str, text: str = "", **attributes: str) -> str:
    """An element with a text; one without text and attributes is left out."""
    if attributes:
        return wrapped(name, escape(text), **attributes)
    return f"<{name}>{escape(text)}</{name}>\n" if text else ""


def wrapped(name: str, inner: str, **attributes: str) -> str:
    """An element around XML."""
    written = "".join([f' {key}="{escape(value)}"' for key, value in attributes.items()])
    return f"<{name}{written}>{inner}</{name}>\n" if inner else f"<{name}{written}/>\n"


def escape(text: str) -> str:
    """The text as it stands in an element or in a quoted attribute."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if '"' in text else text


def document(root: str) -> bytes:
    """The document with this root, as UTF-8, without the characters that XML 1.0 forbids."""
    return _DECLARATION + cleaned(root)


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    # None of those can be printed, and to look costs a fifth of taking them out.
    return text if text.isprintable() else cleaned(text).decode()


def cleaned(text: str) -> bytes:
    """The same as UTF-8."""
    for noncharacter in _NONCHARACTERS:
        # A text without any character of so many bytes is not even looked through.
        if noncharacter in text:
            text = text.replace(noncharacter, "")
    return text.encode("utf-8", "ignore").translate(None, _CONTROLS)
