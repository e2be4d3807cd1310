"""The fields of an article in the archive's data files; nothing here loads what makes them."""

from __future__ import annotations

from typing import Final

FIELDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("id", "text", "The lasting identity of the article in this archive"),
    ("title", "text or null", "The headline"),
    ("summary", "text or null", "The standfirst, if the source gives one"),
    ("authors", "list of texts", "The people in the byline, in their order"),
    ("agencies", "list of texts", "The wire services that contributed"),
    ("source", "text or null", "The publication"),
    ("section", "text or null", "The desk or section of the publication"),
    ("published", "text or null", "When it was published: ISO 8601, as precise as the source is"),
    ("updated", "text or null", "When it was last updated"),
    ("retrieved", "text or null", "When this copy was saved"),
    ("byline_stamp", "text or null", "The publisher's own local stamp in the byline"),
    ("zone_assumed", "true or false", "Whether the time zone of any of these times was assumed"),
    ("zones_assumed", "list of texts", "The names of the fields whose time zone was assumed"),
    ("dateline", "text or null", "The place that opens a wire story"),
    ("tags", "list of texts", "The tags"),
    ("tag_origins", "object", "For each tag: given by the source, or added by a rule or by a place in the text"),
    ("figures", "list of objects", "The pictures, each with caption, credit, alt and file"),
    ("body", "list of objects or null", "The text in blocks, each with its kind; null where there is metadata alone"),
    ("corrections", "list of texts", "Corrections that the publication added"),
    ("original_url", "text or null", "Where the article was first published"),
    ("rights", "text", "own, licensed or third-party"),
    ("language", "text", "The language of the article"),
    ("direction", "text", "ltr or rtl"),
    ("url", "text", "The address of the article in this archive, from its top"),
    ("dropped", "list of objects", "What of the source is not shown, and the rule that dropped it"),
)  # fmt: skip
"""The keys of an article: name, type and meaning."""
