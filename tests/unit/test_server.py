"""The local server: what it sends, how pages hear of a rebuild, and how it watches."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
import uvicorn

from sitegen.server import Channel, NoPortError, Outcome, Watcher, address, create_app, listen
from tests.processes import PATIENCE, eventually

PAGE = "<!DOCTYPE html><html><head><title>Day</title></head><body><p>News</p></body></html>"


class Running:
    """A server in a thread, for the length of a test."""

    def __init__(self, output: Path, channel: Channel | None, base: str) -> None:
        self.listening = listen("127.0.0.1", 0)
        self.port = self.listening.getsockname()[1]
        app = create_app(output, channel, base=lambda: base)
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve(sockets=[self.listening])))

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    @contextmanager
    def events(self) -> Iterator[Iterator[dict[str, object]]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/_sitegen/events")
        response = connection.getresponse()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield (json.loads(line[6:]) for line in iter(response.readline, b"") if line.startswith(b"data: "))
        response.close()
        connection.close()


@contextmanager
def serving(output: Path, channel: Channel | None = None, base: str = "") -> Iterator[Running]:
    running = Running(output, channel, base)
    running.thread.start()
    try:
        yield running
    finally:
        if channel:
            channel.close()
        running.server.should_exit = True
        running.thread.join()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    output = tmp_path / "public"
    (output / "2024/11").mkdir(parents=True)
    (output / "tags/测试").mkdir(parents=True)
    for path in ("index.html", "2024/11/index.html", "2024/11/flood.html", "tags/测试/index.html"):
        (output / path).write_text(PAGE, encoding="utf-8")
    (output / "404.html").write_text("<html><body>Not here</body></html>")
    (output / "style.css").write_text("p { color: black }")
    (tmp_path / "secret.html").write_text("secret")
    return output


def test_pages_files_and_indexes_are_sent_with_their_types(output: Path) -> None:
    with serving(output) as server:
        for path in ("/", "/index.html", "/2024/11/", "/2024/11/flood.html", "/tags/%E6%B5%8B%E8%AF%95/index.html"):
            response, body = server.get(path)
            assert (response.status, body.decode()) == (200, PAGE), path
            assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert server.get("/style.css")[0].headers["content-type"].startswith("text/css")


def test_a_folder_without_its_slash_leads_to_the_one_with(output: Path) -> None:
    with serving(output) as server:
        response, _ = server.get("/2024/11")
        assert response.status in (301, 302, 307, 308)
        assert response.headers["location"].endswith("/2024/11/")


def test_a_missing_page_is_404_with_the_sites_own_page(output: Path) -> None:
    with serving(output) as server:
        for path in ("/nothing.html", "/2024/12/", "/style.css/x", "/" + "x" * 300, "/%00", "/a%ff"):
            response, body = server.get(path)
            assert (response.status, b"Not here" in body) == (404, True), path


def test_without_any_site_there_is_a_plain_404(tmp_path: Path) -> None:
    channel = Channel()
    with serving(tmp_path / "public", channel) as server:
        response, body = server.get("/")
        assert response.status == 404
        assert b"/_sitegen/reload.js" in body


@pytest.mark.parametrize("path", [
    "/../secret.html", "/%2e%2e/secret.html", "/..%2fsecret.html", "/2024/../../secret.html", "//secret.html",
    "/..%5csecret.html", "/2024/%2e%2e/%2e%2e/secret.html", "/link.html",
])  # fmt: skip
def test_nothing_outside_the_output_is_sent(output: Path, path: str) -> None:
    (output / "link.html").symlink_to(output.parent / "secret.html")
    with serving(output) as server:
        response, body = server.get(path)
        assert response.status == 404
        assert b"secret" not in body


def test_other_methods_are_refused(output: Path) -> None:
    with serving(output, Channel()) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("POST", "/index.html", body=b"x")
        assert connection.getresponse().status == 405
        connection.close()
        connection.request("HEAD", "/index.html")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
        connection.close()


def test_an_unchanged_page_is_not_sent_twice(output: Path) -> None:
    channel = Channel()
    with serving(output, channel) as server:
        for path in ("/index.html", "/style.css"):
            first, _ = server.get(path)
            again, body = server.get(path, if_none_match=first.headers["etag"])
            assert (again.status, body) == (304, b"")
            assert first.headers["cache-control"] == "no-cache"
        first, _ = server.get("/index.html")
        channel.publish(Outcome(changed=True))
        assert server.get("/index.html", if_none_match=first.headers["etag"])[0].status == 200


def test_links_rooted_at_the_published_path_work(output: Path) -> None:
    with serving(output, base="news/archive") as server:
        assert server.get("/news/archive/style.css")[0].status == 200
        assert server.get("/news/archive/")[0].status == 200
        assert server.get("/style.css")[0].status == 200


def test_the_script_is_added_to_pages_but_not_to_files_on_disk(output: Path) -> None:
    with serving(output, Channel()) as server:
        _, body = server.get("/index.html")
        assert b'<script src="/_sitegen/reload.js?version=' in body
        assert body.index(b"<script") < body.index(b"</body>")
        script, source = server.get("/_sitegen/reload.js?version=x")
        assert (script.status, script.headers["content-type"].split(";")[0]) == (200, "text/javascript")
        assert b"EventSource" in source
    assert (output / "index.html").read_text() == PAGE


def test_without_watching_pages_are_sent_as_they_are(output: Path) -> None:
    with serving(output) as server:
        assert server.get("/index.html")[1].decode() == PAGE
        assert server.get("/_sitegen/events")[0].status == 404


def test_open_pages_hear_of_each_new_state(output: Path) -> None:
    channel = Channel()
    with serving(output, channel) as server, server.events() as events:
        _, page = server.get("/index.html")
        first = next(events)
        assert str(first["version"]).encode() in page
        assert first["faults"] == []
        channel.publish(Outcome(changed=True))
        second = next(events)
        assert second["version"] != first["version"]
        channel.publish(Outcome(changed=False, faults=("articles/a.md:1:1 E103 no date",)))
        third = next(events)
        assert third == {"version": second["version"], "faults": ["articles/a.md:1:1 E103 no date"]}


def test_a_build_that_changed_nothing_is_not_told() -> None:
    channel = Channel()
    before = channel.state
    channel.publish(Outcome(changed=False))
    assert channel.state is before


def test_a_restarted_server_has_another_version() -> None:
    assert Channel().state.version != Channel().state.version


# -- ports ------------------------------------------------------------------------------------------------------------


def test_the_next_free_port_is_taken() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port


def test_a_host_that_is_not_ours_is_told() -> None:
    for host in ("no such host", "192.0.2.1"):
        with pytest.raises(NoPortError, match="--host"):
            listen(host, 8000)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_is_one_that_a_browser_can_open(host: str, shown: str) -> None:
    try:
        listening = listen(host, 0)
    except NoPortError:
        pytest.skip(f"this machine has no address {host}")
    with listening:
        url = address(listening, host)
        assert url == f"http://{shown}:{listening.getsockname()[1]}/"
        with socket.create_connection((shown.strip("[]"), listening.getsockname()[1]), timeout=PATIENCE):
            pass


# -- watching ---------------------------------------------------------------------------------------------------------


class Builds:
    """A rebuild that keeps what it was told, and can be held up."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.outcome = outcome or Outcome(changed=True)
        self.names: list[tuple[str, ...]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, names: tuple[str, ...]) -> Outcome:
        self.names.append(names)
        self.may_go_on.wait(PATIENCE)
        return self.outcome


def is_heard_of(builds: Builds, site: Path, path: str) -> bool:
    """Whether a change of a file leads to a build. It is made again until then: nobody tells when the watch has begun."""

    def changed() -> bool:
        (site / path).write_text("x")
        return eventually(lambda: any(path in names for names in builds.names), 1)

    return eventually(changed)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "articles/2024").mkdir(parents=True)
    (tmp_path / "public").mkdir()
    return tmp_path


@contextmanager
def watching(site: Path, builds: Builds, first: Outcome | None = None) -> Iterator[Watcher]:
    watcher = Watcher(site, builds, Channel(), lambda _: None)
    watcher.watch()
    watcher.start_building(first or Outcome(changed=False))
    try:
        assert is_heard_of(builds, site, "articles/begun.md")
        yield watcher
    finally:
        builds.may_go_on.set()
        watcher.stop()
        assert watcher.wait(PATIENCE)


@pytest.mark.parametrize("path", [
    "articles/flood.md", "articles/2024/深い/flood.txt", "sitegen.toml", "pyproject.toml", "pages/about.md", "about.md",
])  # fmt: skip
def test_a_change_of_a_source_or_setting_builds_again(site: Path, path: str) -> None:
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    builds = Builds()
    builds.outcome = Outcome(changed=False, watched=(site / "pages/about.md", site / "about.md"))
    with watching(site, builds, builds.outcome):
        assert is_heard_of(builds, site, path), builds.names


def test_a_template_folder_made_later_is_watched_too(site: Path) -> None:
    builds = Builds()
    with watching(site, builds):
        before = len(builds.names)
        (site / "templates").mkdir()
        assert eventually(lambda: len(builds.names) > before)
        assert is_heard_of(builds, site, "templates/base.html"), builds.names


@pytest.mark.parametrize(
    "path", ["public/index.html", ".sitegen/catalog.db", "articles/.flood.md.swp", "articles/flood.md~", "notes.txt"]
)
def test_output_caches_and_editors_files_build_nothing(site: Path, path: str) -> None:
    (site / path).parent.mkdir(exist_ok=True)
    builds = Builds()
    with watching(site, builds):
        (site / path).write_text("x")
        time.sleep(1)
    assert {name for names in builds.names for name in names} == {"articles/begun.md"}


def test_a_change_during_a_build_builds_once_more(site: Path) -> None:
    builds = Builds()
    with watching(site, builds):
        builds.may_go_on.clear()
        (site / "articles/a.md").write_text("x")
        assert eventually(lambda: any("articles/a.md" in names for names in builds.names))
        before = len(builds.names)
        (site / "articles/b.md").write_text("x")
        time.sleep(0.5)
        assert len(builds.names) == before
        builds.may_go_on.set()
        assert eventually(lambda: any("articles/b.md" in names for names in builds.names[before:]))


@pytest.mark.skipif(os.name == "nt", reason="Windows holds on to a watched folder")
def test_articles_that_were_moved_away_and_back_are_watched_again(site: Path) -> None:
    builds = Builds()
    with watching(site, builds):
        before = len(builds.names)
        (site / "articles").rename(site / "away")
        assert eventually(lambda: len(builds.names) > before)
        (site / "away").rename(site / "articles")
        assert is_heard_of(builds, site, "articles/back.md"), builds.names
