"""Takes the README's picture of the sample archive: `python -m tests.browser.take_picture`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize

from tests.browser.tools import chromium, copy_sample_archive
from tests.processes import sitegen

PICTURE = Path(__file__).with_name("archive.png")
_SIZE: ViewportSize = {"width": 1280, "height": 960}
_COLOURS = 64


def main() -> None:
    """Build the sample archive from nothing and write the top of its home page to `archive.png`."""
    with tempfile.TemporaryDirectory() as folder:
        site = copy_sample_archive(Path(folder) / "site")
        sitegen("build", cwd=site).check_returncode()
        with chromium() as browser:
            page = browser.new_page(viewport=_SIZE, color_scheme="light", locale="en", timezone_id="UTC")
            page.goto((site / "public/index.html").as_uri())
            taken = page.screenshot()
    with Image.open(io.BytesIO(taken)) as picture:
        # Ink, paper and one accent need few colours, and the file is a third of the size.
        picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
