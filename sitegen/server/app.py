"""The web application of the local server: the finished site, and the script that reloads its pages."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from sitegen.server.channel import Channel

if TYPE_CHECKING:
    from starlette.types import Scope

_OWN_FOLDER: Final = "/_sitegen"
_SCRIPT: Final = Path(__file__).with_name("reload.js")


class SiteFiles(StaticFiles):
    """The files of the finished site; HTML pages are sent with the script that reloads them."""

    def __init__(self, output: Path, channel: Channel | None, base: Callable[[], str]) -> None:
        super().__init__(directory=output, html=True, check_dir=False)
        self._channel = channel
        self._base = base

    async def check_config(self) -> None:
        """Nothing to check: the folder appears with the first build that works."""

    def get_path(self, scope: Scope) -> str:
        """The path below the folder; links rooted at the site's published sub-path, as 404.html has them, work too."""
        path = super().get_path(scope)
        base = self._base().replace("/", os.sep)
        if base and path.startswith(f"{base}{os.sep}"):
            return path[len(base) + 1 :]
        return "." if path == base else path

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, the `index.html` of a folder, or `404.html` with its status."""
        try:
            response = await super().get_response(path, scope)
            status = response.status_code
        except HTTPException as error:
            status = error.status_code
            if status == HTTPStatus.METHOD_NOT_ALLOWED:
                raise
        except OSError:
            status = HTTPStatus.NOT_FOUND
        if status == HTTPStatus.UNAUTHORIZED:
            # A browser would ask for a password, where there is a file that this program may not read.
            return self._bare_page(HTTPStatus.FORBIDDEN, scope)
        if status != HTTPStatus.NOT_FOUND:
            return response
        found, details = self.lookup_path("404.html")
        if details is None:
            return self._bare_page(HTTPStatus.NOT_FOUND, scope)
        return self.file_response(found, details, scope, HTTPStatus.NOT_FOUND)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or word that the browser's copy is still right."""
        name = os.fspath(full_path)
        if self._channel is None or not name.lower().endswith((".html", ".htm")):
            response = super().file_response(full_path, stat_result, scope, status_code)
            response.headers["cache-control"] = "no-cache"
            return response
        # The version is taken first: a page read while a build writes is then older than it says, and is loaded again.
        version = self._channel.state.version
        return self._page(Path(name).read_bytes(), version, scope, status_code)

    def _page(self, html: bytes, version: str, scope: Scope, status_code: int) -> Response:
        html = with_script(html, version)
        response = Response(html, status_code, media_type="text/html")
        response.headers["cache-control"] = "no-cache"
        response.headers["etag"] = f'"{hashlib.blake2b(html, digest_size=12).hexdigest()}"'
        if status_code == HTTPStatus.OK and self.is_not_modified(response.headers, Request(scope).headers):
            return NotModifiedResponse(response.headers)
        return response

    def _bare_page(self, status: HTTPStatus, scope: Scope) -> Response:
        """What stands in for a page while the site has none, for instance because its first build failed."""
        title = f"{status.value} {status.phrase}"
        html = f'<!DOCTYPE html><html lang="en"><title>{title}</title><h1>{title}</h1></html>'.encode()
        if self._channel is None:
            return Response(html, status, media_type="text/html")
        return self._page(html, self._channel.state.version, scope, status)


def with_script(html: bytes, version: str) -> bytes:
    """The page with the reloading script at the end of its body; `version` is that of the site it was read from."""
    script = f'<script src="{_OWN_FOLDER}/reload.js?version={version}"></script>'.encode()
    at = html.lower().rfind(b"</body")
    if at < 0:
        at = html.lower().rfind(b"</html")
    return html + script if at < 0 else html[:at] + script + html[at:]


def create_app(output: Path, channel: Channel | None, *, base: Callable[[], str] = str) -> Starlette:
    """The application that serves `output`; without a channel pages are sent as they are on disk.

    `base` gives the path of the site's `base_url`, without slashes around it; it may change with the settings.
    """

    async def script(_: Request) -> Response:
        return Response(_SCRIPT.read_bytes(), media_type="text/javascript", headers={"cache-control": "no-cache"})

    async def events(_: Request) -> Response:
        assert channel is not None
        return StreamingResponse(
            channel.events(), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    own = [Route(f"{_OWN_FOLDER}/reload.js", script), Route(f"{_OWN_FOLDER}/events", events)] if channel else []
    return Starlette(routes=[*own, Mount("/", SiteFiles(output, channel, base))])
