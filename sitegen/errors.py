"""Errors that stop a run. Bad input is not an error but a `records.Problem`."""


class SitegenError(Exception):
    """The run cannot go on; the message tells a user what is wrong and what to do."""


class SettingsError(SitegenError):
    """The settings file is wrong. The message holds all its faults, a line each."""


class CatalogDamagedError(SitegenError):
    """The catalog cannot be trusted; a clean build makes a new one."""


class TextsLostError(CatalogDamagedError):
    """Converted texts are not what was kept; their sources must be read again. `pack` is the file they lay in."""

    def __init__(self, pack: str) -> None:
        # An exception that comes from a worker is made anew from its arguments.
        super().__init__(pack)
        self.pack = pack

    def __str__(self) -> str:
        return f"the texts kept in {self.pack} are damaged"


class BusyError(SitegenError):
    """Another build of the same site is under way."""


class TemplateProblemError(SitegenError):
    """A template cannot be used; the message names its file and line."""


class WorkerDiedError(SitegenError):
    """A worker process ended without an answer: it was killed, or there was no memory for it."""


class IndexingError(Exception):
    """A search index could not be made; the build goes on without it."""
