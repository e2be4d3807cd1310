"""What a field's value may depend on beside itself."""

from __future__ import annotations

from msgspec import Struct

from sitegen.readers.dates import DateRules


class Reach(Struct, frozen=True, kw_only=True):
    """The rules for dates, and other fields of the same article."""

    rules: DateRules
    source: str = ""
    """The publication."""
    time: str = ""
    """The time of day, where the export gives it apart from the date."""
