"""Finds a free port and runs the application on it until Ctrl-C."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import uvicorn

from sitegen.errors import SitegenError

if TYPE_CHECKING:
    from types import FrameType

    from starlette.applications import Starlette

PORTS_TRIED: Final = 50
"""How many ports are tried, from the one asked for."""
_LAST_PORT: Final = 65535
_TAKEN: Final = (errno.EADDRINUSE, errno.EACCES)


class NoPortError(SitegenError):
    """The server can listen nowhere; the message tells what to try."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `port`, or on the next free one after it; port 0 is any free port."""
    try:
        family = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except (OSError, UnicodeError) as error:
        raise _not_ours(host) from error
    last = min(port + PORTS_TRIED, _LAST_PORT + 1) if port else 1
    fault: OSError | None = None
    for candidate in range(port, last):
        try:
            return _bind(family, host, candidate)
        except OSError as error:
            fault = error
            if error.errno not in _TAKEN:
                break
    assert fault is not None
    if fault.errno == errno.EADDRNOTAVAIL:
        raise _not_ours(host)
    raise NoPortError(
        f"no port from {port} to {last - 1} of {host} can be used ({fault.strerror or fault}); "
        "name another with --port, or use --port 0 for any free one"
    )


def _not_ours(host: str) -> NoPortError:
    return NoPortError(f'"{host}" is not an address of this machine; try --host 127.0.0.1')


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Without it a port stays taken for a minute after the server ended; on Windows it would share the port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Two sockets may bind one port under SO_REUSEADDR, but only one of them may listen.
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def address(listening: socket.socket, host: str) -> str:
    """The web address at which a browser on this machine reaches the socket."""
    port = listening.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}/"


class _Server(uvicorn.Server):
    """A server that tells when it is about to end; else it would wait for ever for the streams of open pages."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._ending()


def serve(app: Starlette, listening: socket.socket, *, ending: Callable[[], None]) -> None:
    """Serve until Ctrl-C, which is a normal end; `ending` is called at once, from the signal's handler."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=3
    )
    try:
        asyncio.run(_Server(config, ending).serve(sockets=[listening]))
    except KeyboardInterrupt:
        # uvicorn raises the signal again once everything is closed.
        return
