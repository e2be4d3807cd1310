"""What readers know of layouts, phrases, names and dates: the tables that come with sitegen, and those of the settings.

The tables that count are those of the source being read. They are bound for the length of `read_source`, not handed down
as a parameter: every word of every line is looked up in them, some forty functions deep, and nothing else depends on
them. Whatever is made of tables is made once for each set of them, and remembered by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from inspect import signature
from typing import Final, ParamSpec, TypeVar

from sitegen.config import LayoutFile
from sitegen.layout_tables import Tables, shipped_file, with_added
from sitegen.remembering import LONGEST

_Parameters = ParamSpec("_Parameters")
_Made = TypeVar("_Made")

_ADDED: Final[ContextVar[tuple[LayoutFile, ...]]] = ContextVar("added", default=())


@contextmanager
def knowing(files: tuple[LayoutFile, ...]) -> Iterator[None]:
    """What is read inside knows the tables of `files` too."""
    token = _ADDED.set(files)
    try:
        yield
    finally:
        _ADDED.reset(token)


_tables = lru_cache(maxsize=4)(with_added)


def knowledge(file: str) -> Tables:
    """The tables of one of sitegen's data files, by name, with what counts here beside them."""
    own = shipped_file(file)
    added = _ADDED.get()
    if not added:
        return own
    tables = _tables(added)
    return {name: tables[name] for name in own}


def by_knowledge(maxsize: int = 4) -> Callable[[Callable[_Parameters, _Made]], Callable[_Parameters, _Made]]:
    """Remember what a function of `knowledge()` (and of hashable arguments) gives, for each set of tables."""

    def decorated(make: Callable[_Parameters, _Made]) -> Callable[_Parameters, _Made]:
        @lru_cache(maxsize=maxsize)
        def made(_: tuple[LayoutFile, ...], *args: _Parameters.args, **options: _Parameters.kwargs) -> _Made:
            return make(*args, **options)

        if not signature(make).parameters:
            # Most have none, and are asked so often that handing none on would show.
            @wraps(make)
            def found_alone() -> _Made:
                return made(_ADDED.get())

            return found_alone  # type: ignore[return-value]

        @wraps(make)
        def found(*args: _Parameters.args, **options: _Parameters.kwargs) -> _Made:
            if args and isinstance(args[0], str) and len(args[0]) > LONGEST:
                return make(*args, **options)
            return made(_ADDED.get(), *args, **options)  # type: ignore[arg-type]

        return found

    return decorated
