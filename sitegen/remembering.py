"""Remembering what functions of texts give, without holding on to long texts: one line of a source may have megabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

_Made = TypeVar("_Made")

LONGEST: Final = 1_000
"""Characters; what is longer hardly comes twice."""


def remembered(maxsize: int) -> Callable[[Callable[[str], _Made]], Callable[[str], _Made]]:
    """Like `functools.lru_cache`, for a function of one text."""

    def decorated(make: Callable[[str], _Made]) -> Callable[[str], _Made]:
        known = lru_cache(maxsize=maxsize)(make)

        @wraps(make)
        def found(text: str) -> _Made:
            return known(text) if len(text) <= LONGEST else make(text)

        return found

    return decorated
