"""The sites that are built: made from the corpus, changed as each step of the benchmark asks, built and measured."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Final

from contestants import Contestant, environment
from corpus import Newsroom, with_paragraph, write_pictures, write_stories
from corpus_layouts import place_of, text_of
from measuring import run_measured, survey
from tables import Run

STEPS: Final = ("cold", "noop", "edit", "add", "remove", "template")
SEED: Final = 1
PAUSE: Final = 0.3
"""Seconds between a change and the build: a file that was changed just now is not yet trusted by its time alone."""


class Site:
    """One contestant's site of one size, and the changes that the steps make to it."""

    def __init__(self, contestant: Contestant, folder: Path, newsroom: Newsroom, articles: int) -> None:
        self.contestant, self.folder = contestant, folder
        self._newsroom, self._articles = newsroom, articles
        self._sources = folder / contestant.articles
        self._template = folder / contestant.template
        self.works = True
        """Whether its builds succeed."""
        shutil.copytree(contestant.skeleton, folder)
        write_stories(self._sources, contestant.layout, map(newsroom.story, range(articles)))
        write_pictures(folder / contestant.pictures)

    def prepare(self, step: str, run: int) -> None:
        """Change what the step is about; each run changes other articles, and every step adds up with those before."""
        match step:
            case "cold":
                self._clear()
            case "edit":
                self._edit(run)
            case "add":
                self._add(run)
            case "remove":
                self._remove(run)
            case "template":
                self._edit_template(run)

    def _clear(self) -> None:
        for name in (self.contestant.output, *self.contestant.caches):
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if self.contestant.theme is not None:
            self._template.unlink(missing_ok=True)
        else:
            self._template.write_text(self.contestant.template_source(), "utf-8")

    def _edit(self, run: int) -> None:
        story = self._newsroom.story(self._articles // 2 + run)
        text = text_of(with_paragraph(story, f"This was added to the article in run {run}."), self.contestant.layout)
        (self._sources / place_of(story, self.contestant.layout)).write_text(text, "utf-8")

    def _add(self, run: int) -> None:
        story = self._newsroom.story(self._articles + run, new_tags=2)
        write_stories(self._sources, self.contestant.layout, [story])

    def _remove(self, run: int) -> None:
        story = self._newsroom.story(self._articles // 3 + run)
        (self._sources / place_of(story, self.contestant.layout)).unlink()

    def _edit_template(self, run: int) -> None:
        text = self.contestant.template_source()
        edited = text.replace("</article>", f"<p>The template as it is in run {run}.</p>\n</article>")
        assert edited != text, f"{self._template} has no </article>"
        self._template.parent.mkdir(exist_ok=True)
        self._template.write_text(edited, "utf-8")

    def build(self, step: str, run: int, *, limit: float) -> Run:
        """Build and measure; a build that fails is reported, and its run bears the exit status."""
        log = self.folder.with_suffix(".log")
        # What an earlier build left to be written to a disk is no cost of this one.
        os.sync()
        time.sleep(PAUSE)
        since = time.time_ns()
        # A file system's clock ticks in some milliseconds.
        time.sleep(0.02)
        command = self.contestant.command
        cost = run_measured(command, folder=self.folder, log=log, environment=environment(), limit=limit)
        tree = survey(self.folder / self.contestant.output, since_ns=since)
        if cost.exit_status:
            self.works = False
            last = log.read_text("utf-8", "replace")[-2_000:]
            print(f"{self.contestant.name}: {step} failed with status {cost.exit_status}:\n{last}", file=sys.stderr)
        return Run(
            tool=self.contestant.name, articles=self._articles, step=step, run=run, wall=cost.wall, cpu=cost.cpu,
            peak_mb=cost.peak_mb, files=tree.files, bytes=tree.bytes, written=tree.written,
            exit_status=cost.exit_status,
        )  # fmt: skip
