"""Names of countries and territories from CLDR, by way of babel."""

from babel import Locale, UnknownLocaleError

__all__ = ["territory_names"]

# Two-letter codes of CLDR that are no place on a map, or too small to be in the news.
_NOT_PLACES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "QO", "TA", "UM", "UN", "XA", "XB", "ZZ"})


def territory_names(language: str) -> dict[str, str]:
    """Two-letter territory code to name in that language, in the order of the codes; empty for an unknown language."""
    try:
        locale = Locale.parse(language, sep="-" if "-" in language else "_")
    except (ValueError, UnknownLocaleError):
        return {}
    return {
        code: name
        for code, name in sorted(locale.territories.items())
        if len(code) == 2 and code.isalpha() and code not in _NOT_PLACES
    }
