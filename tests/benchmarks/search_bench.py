"""What the search costs: `python tests/benchmarks/search_bench.py --count 10000`, from a checkout, with Pagefind installed.

The archive is that of the other benchmarks, with planted phrases in five languages in its newest and its oldest article of
each. Measured are: indexing all of it, beside Pagefind's own program over the same pages in as many runs; a build after one
edit; memory; and in Chromium, from a server on this machine, what a first query downloads and how long it takes, and
whether each phrase is found.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

PHRASES = {
    "en": ("quillfeather", "a quillfeather was seen above the harbour"),
    "de": ("Dämmerschwan", "ein Dämmerschwan wurde über dem Hafen gesehen"),
    "fr": ("hirondogne", "une hirondogne a été vue au-dessus du port"),
    "ar": ("زنبرقوش", "شوهد زنبرقوش فوق الميناء صباح اليوم"),
    "ja": ("彗星", "港の上に彗星が現れたと漁師は述べた"),
}


def plant(articles: Path) -> dict[tuple[str, str], str]:
    """Twenty articles, four for each language, in the oldest and the newest stretch; a headline by query and date."""
    planted = {}
    for year, days in (("2014", ("12-30", "12-31")), ("2025", ("01-05", "01-06"))):
        for day in days:
            for language, (word, sentence) in PHRASES.items():
                title = f"{word} {year}-{day}"
                text = f'---\ntitle: "{title}"\ndate: {year}-{day}\nlang: {language}\n---\n\n{sentence}.\n'
                (articles / f"planted-{language}-{year}-{day}.md").write_text(text, encoding="utf-8")
                planted[word, f"{year}-{day}"] = title
    return planted


def timed(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and the largest resident set (MB) of a command and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def staged(site: Path, into: Path) -> int:
    """Write the bare pages of a built site once more, a folder for each stretch, as the build does; their number."""
    from sitegen.catalog import open_catalog, stretches
    from sitegen.packs import read_content
    from sitegen.searching import Changes
    from sitegen.searchpages import page_to_index

    catalog = open_catalog(site / ".sitegen")
    changes = Changes(catalog, "")
    count = 0
    for name, stretch in stretches.all_stretches(catalog).items():
        folder = into / name / "pages"
        folder.mkdir(parents=True)
        for article in stretches.articles_in(catalog, stretch):
            found = changes._article(article)
            page = page_to_index(found, read_content(str(site / ".sitegen/bodies"), found.body))
            (folder / f"{count}.html").write_bytes(page)
            count += 1
    catalog.close(finished=True)
    return count


def in_the_largest(site: Path) -> tuple[Path, int]:
    """An article's source in the part of the index with the most articles, where an edit costs most; and their number."""
    from tests.searching import arguments

    rows = arguments(site / "public/search/stretches.js")[0]
    name, count = max(((row[0], row[1]) for row in rows), key=lambda row: row[1])
    titles = {row[1] for row in arguments(site / "public/search" / name / "headlines.js")[1]}
    for path in sorted((site / "articles").rglob("*.md")):
        if "planted" not in path.name and any(title in path.read_text("utf-8") for title in titles):
            return path, count
    raise SystemExit(f"no source of {name} was found")


def in_browser(output: Path, planted: dict[tuple[str, str], str]) -> dict[str, Any]:
    """What a reader meets: bytes and seconds of the first query, and the planted phrases that are not found."""
    from tests.browser.tools import chromium, static_host

    results: dict[str, Any] = {}
    with chromium() as browser, static_host(output) as top:
        def ask(**asked: str) -> tuple[list[str], float, dict[str, int]]:
            context = browser.new_context()
            page = context.new_page()
            sizes: dict[str, int] = {}
            page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
            page.goto(f"{top}/search.html")
            page.wait_for_selector("[data-results][aria-busy=false]", state="attached")
            for name, value in asked.items():
                if name != "q":
                    page.locator(".narrow").evaluate("each => { each.open = true }")
                    page.select_option(f"#{name}", value)
            started = time.perf_counter()
            page.fill("#q", asked["q"])
            page.keyboard.press("Enter")
            page.wait_for_selector("[data-results] li", timeout=60_000)
            first = time.perf_counter() - started
            page.wait_for_selector("[data-results][aria-busy=false]", state="attached", timeout=60_000)
            found = page.locator("[data-results] li > a").all_inner_texts()
            page.goto("about:blank")
            context.close()
            return found, first, sizes

        _, seconds, sizes = ask(q="harbour")
        program = {url for url in sizes if "pagefind.js" in url or "wasm." in url}
        results["first query, s"] = round(seconds, 3)
        results["first query, KB beyond the program"] = round(sum(
            size for url, size in sizes.items() if "/search/" in url and url not in program) / 1000, 1)
        results["program, KB"] = round(sum(sizes[url] for url in program) / 1000, 1)
        missing = []
        for (word, date), title in planted.items():
            found, _, _ = ask(q=word, year=date[:4])
            if title not in found:
                missing.append(title)
        results["planted"], results["not found"] = len(planted), missing
        found, seconds, _ = ask(q=PHRASES["en"][0], sort="oldest")
        results["oldest first, s"], results["oldest first"] = round(seconds, 3), found[:2]
    return results


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many articles (10000)")
    parser.add_argument("--no-browser", action="store_true", help="leave the browser out")
    options = parser.parse_args()
    from corpus import Newsroom, write_stories

    from sitegen.indexer import find_indexer

    program = find_indexer()
    if program is None:
        raise SystemExit("Pagefind is not installed; run: pip install pagefind_bin_extended")
    work = Path(tempfile.mkdtemp(prefix="sitegen-search-"))
    site = work / "site"
    corpus = Newsroom(seed=1, total=options.count)
    (site / "articles").mkdir(parents=True)
    write_stories(site / "articles", "markdown", (corpus.story(number) for number in range(options.count)))
    planted = plant(site / "articles")
    build = [sys.executable, "-m", "sitegen", "build", "--quiet"]
    os.environ["PYTHONPATH"] = str(ROOT)
    figures: dict[str, Any] = {"articles": options.count + len(planted)}
    without = timed([*build, "--no-search"], site)
    shutil.rmtree(site / "public")
    shutil.rmtree(site / ".sitegen")
    whole = timed(build, site)
    figures["build without, s wall and CPU"] = [round(each, 2) for each in without[:2]]
    figures["build with, s wall and CPU"] = [round(each, 2) for each in whole[:2]]
    figures["largest process, MB"] = round(whole[2], 1)
    pages = staged(site, work / "pages")
    wall = cpu = 0.0
    for folder in sorted((work / "pages").iterdir()):
        spent = timed([str(program), "--site", "pages", "--output-path", "bundle", "--silent"], folder)
        wall, cpu = wall + spent[0], cpu + spent[1]
    figures["Pagefind alone, s wall and CPU"] = [round(wall, 2), round(cpu, 2)]
    figures["pages"], figures["stretches"] = pages, len(list((work / "pages").iterdir()))
    figures["indexing beside Pagefind alone, wall"] = round((whole[0] - without[0]) / wall, 2)
    figures["indexing beside Pagefind alone, CPU"] = round((whole[1] - without[1]) / cpu, 2)
    edited, figures["articles in the largest index"] = in_the_largest(site)
    with edited.open("a", encoding="utf-8") as file:
        file.write("\nAnother paragraph.\n")
    figures["after an edit there, s wall and CPU"] = [round(each, 2) for each in timed(build, site)[:2]]
    figures["nothing to do, s"] = round(timed(build, site)[0], 2)
    if not options.no_browser:
        figures |= in_browser(site / "public", planted)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
