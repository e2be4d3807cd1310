"""The codes of all problems that sitegen reports, and the one way to make such a report.

A code's first letter is its severity: E an error (an article is not fully published), W a warning, N a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sitegen.records import Problem, Severity

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E101": "The file is not text (a picture, a PDF, an archive or other binary data).",
        "E102": "The file is empty, or holds nothing but white space.",
        "E103": "A value is not a date.",
        "E105": "Nothing is left to show: the body is empty, or nothing but boilerplate.",
        "E111": "Front matter, or a value in it, cannot be parsed.",
        "E112": "Front matter is opened but not closed.",
        "E120": "A line of an export cannot be read.",
        "E513": "An event of the ledger has a value that it cannot have.",
        "E514": "Two identities in the ledger are each said to be the earlier one.",
        "W525": "An alias is the address of another article, where it leads nowhere else.",
        "E531": "A static file's name is not valid UTF-8.",
        "E501": "A file's name is not valid UTF-8.",
        "E502": "A folder cannot be read.",
        "E503": "A file vanished while the site was built.",
        "E504": "A symbolic link leads out of the site's folder.",
        "E505": "A symbolic link leads to a folder.",
        "E506": "A file is larger than a source can be, or an article in it than an article can be.",
        "E507": "A file cannot be read.",
        "E508": "A file made sitegen fail; the file is left out, and the fault is sitegen's.",
        "E511": "A line of the ledger is not a JSON object.",
        "E512": "A line of the ledger is no event that sitegen knows.",
        "E521": "A picture cannot be read.",
        "E522": "A drawing holds a script or foreign content.",
        "E523": "A picture has too many pixels to be converted.",
        "E541": "A page could not be written, or a file that sitegen did not write stands in its place.",
        "E551": "An article cannot be imported, because other files stand where its file belongs.",
        "E552": "An article cannot be imported, because it would not read the same as Markdown.",
        "W553": "A file that an imported article shows has the name of another one.",
        "W201": "The article has no date; it stands in the undated list.",
        "W202": "The article has no headline.",
        "W203": "The file is the source of a web page; it is shown as it is.",
        "W204": "A date can be read in two ways, and neither the settings nor the language decide which.",
        "W205": "Some bytes are in no known encoding; they were read as windows-1252.",
        "W206": "Text stands above the first headline and belongs to no article; half an article, perhaps.",
        "W207": "An article is cut off; what there is of it is kept.",
        "W208": "Marks of articles stand too close together for articles; the file is read as one text.",
        "W209": "Bytes of the file are missing, and zeros stand in their place; what is around them was read.",
        "W210": "The article is nothing but a table; it is shown as it stands.",
        "W211": "Front matter is indented with tabs.",
        "W212": "A key is given twice; the last one counts.",
        "W213": "A value (rights, language, draft, address) is not understood.",
        "W214": "A list or mapping stands where one text belongs.",
        "W221": "The address of a picture cannot be used.",
        "W222": "A picture's file is not there.",
        "W223": "The text is too costly for Markdown, or fails in it; it is shown as plain paragraphs.",
        "W224": "The text holds an HTML element that cannot be shown.",
        "W225": "The text holds a shortcode of another program that is not known.",
        "W524": "Several articles would have the same address; each has one of its own, and a page there names them.",
        "W523": "A file that an article shows or links to is not there.",
        "W526": "A picture is cut off; it is shown as far as it goes.",
        "N301": "A time was given without a zone; the zone of the settings was assumed.",
        "N311": "Tags given as one text were taken apart at its spaces.",
        "N321": "A link leads to a file that is not there.",
        "N322": "A link around a picture was not kept.",
        "N323": "A link to an address that cannot be used was not kept.",
        "N331": "A picture is shown otherwise than its file has it, or its name does not fit it.",
        "N302": "The text was not in clean UTF-8; its encoding was recognised or repaired.",
        "N303": "A message to newsrooms is no article; it was left out.",
    }
)
"""Each code and what it means, in a sentence; the documentation has a line for each."""

_SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType({"E": "error", "W": "warning", "N": "note"})


def severity_of(code: str) -> Severity:
    """How bad a problem with this code is."""
    return _SEVERITIES[code[0]]


def report(code: str, message: str, *, file: str, line: int = 0, column: int = 0, field: str = "") -> Problem:
    """The problem `code` at a place; `message` says what is wrong and what to write instead."""
    return Problem(
        file=file,
        code=code,
        message=message,
        severity=severity_of(code),
        line=line,
        column=column or (1 if line else 0),
        field=field,
    )
