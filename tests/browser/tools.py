"""A Chromium as a reader has it, a web server without any wit, and a page that remembers what went wrong on it."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

ROOT = Path(__file__).parents[2]
KINDS = tuple(sorted(path.stem for path in (ROOT / "templates").glob("[!_]*.html") if path.stem != "base"))
"""Every kind of page that the theme has, as `<body data-page>` names it."""

_KIND = re.compile(rb'<body data-page="([^"]*)"')
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str:
    """The path of an installed Chromium or Chrome, or nothing."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if (path := shutil.which(name))), "")


def find_node_module(path: str) -> Path | None:
    """A file of an npm package in the folder that SITEGEN_TEST_NODE_MODULES names."""
    folder = os.environ.get("SITEGEN_TEST_NODE_MODULES", "")
    found = Path(folder) / path
    return found if folder and found.is_file() else None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def copy_sample_archive(folder: Path) -> Path:
    """A copy of the sample archive, sources and settings, as a site of its own."""
    shutil.copytree(ROOT / "articles", folder / "articles")
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def pages_of(output: Path) -> dict[str, list[Path]]:
    """The pages below `output` by kind, each kind's largest first."""
    found: dict[str, list[Path]] = {}
    for path in sorted(output.rglob("*.html"), key=lambda path: (-path.stat().st_size, path)):
        kind = _KIND.search(path.read_bytes())
        found.setdefault(kind[1].decode() if kind else "", []).append(path)
    return found


class _Handler(SimpleHTTPRequestHandler):
    """Sends files below `prefix`, as any static host would, and nothing above it."""

    def __init__(self, *arguments: object, prefix: str, directory: str) -> None:
        self.prefix = prefix
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        if not path.startswith(f"{self.prefix}/"):
            return str(Path(self.directory) / "no such file")
        return super().translate_path(path.removeprefix(self.prefix))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def static_host(output: Path, prefix: str = "") -> Iterator[str]:
    """Serve a folder at a path (`/news/archive`, or the root); the address of its top, without a slash at its end."""
    handler = partial(_Handler, prefix=prefix, directory=str(output))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            serving.join()


class Witness:
    """What a page should never do: speak to the console, fail to load something, or ask another host for anything."""

    def __init__(self, page: Page, top: str) -> None:
        self.faults: list[str] = []
        self._top = top
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("requestfailed", self._on_failure)
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        self.faults.append(f"console, {message.type}: {message.text} ({message.location.get('url')})")

    def _on_failure(self, request: Request) -> None:
        # Leaving a page before all of it came is no failure of the page.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"request failed: {request.url} ({request.failure})")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._top, "data:")):
            self.faults.append(f"request to elsewhere: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"status {response.status}: {response.url}")


def path_on(url: str, top: str) -> str:
    """The path of an address below the top of the site, with a slash at its beginning."""
    return urlsplit(url.removeprefix(top)).path
