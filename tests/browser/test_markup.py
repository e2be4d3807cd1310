"""The Nu HTML checker has nothing to say about any page."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.tools import find_node_module, static_host
from tests.processes import required

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("which", ["sample", "rare"])
def test_every_page_is_valid_html(which: str, request: pytest.FixtureRequest) -> None:
    checker, java = find_node_module("vnu-jar/build/dist/vnu.jar"), shutil.which("java")
    required("Java", found=java is not None)
    required("the Nu HTML checker, vnu-jar (SITEGEN_TEST_NODE_MODULES names the folder)", found=checker is not None)
    output: Path = request.getfixturevalue(which)
    # Over HTTP, since the checker takes no file for a part of the site ('self') that a page of files belongs to.
    with static_host(output) as top:
        addresses = [f"{top}/{quote(path.relative_to(output).as_posix())}" for path in sorted(output.rglob("*.html"))]
        command = [
            str(java),
            "-Xss4m",
            "-Dnu.validator.servlet.allow-forbidden-hosts=true",
            "-jar",
            str(checker),
            "--format",
            "json",
            *addresses,
        ]
        done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8", timeout=300)
    faults = {
        f"{fault.get('url', '').removeprefix(top)}:{fault.get('lastLine')}: "
        f"{fault['message']} {fault.get('extract', '')[:120]}"
        for fault in json.loads(done.stderr)["messages"]
    }
    # A policy is about scripts that run, and no browser asks it about a block of data; the checker does.
    faults = {
        fault for fault in faults if "application/ld+json" not in fault or "violates Content Security" not in fault
    }
    assert sorted(faults)[:20] == []
