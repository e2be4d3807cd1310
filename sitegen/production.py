"""Making output files in a worker: render or copy, then write. Where rendering and writing meet."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.entries import encode
from sitegen.errors import CatalogDamagedError, TemplateProblemError
from sitegen.packs import read_content
from sitegen.planner import PagePlan
from sitegen.renderer import Renderer, RenderSettings
from sitegen.writer import Written, write


class PageJob(Struct, frozen=True, array_like=True, kw_only=True):
    """A chunk of output files to make."""

    render: bytes
    """`RenderSettings`, encoded."""
    output: str
    bodies: str
    """Folders, absolute."""
    partial: str
    """The folder for files on their way, on the same file system as the output."""
    pages: tuple[tuple[PagePlan, bool], ...]
    """Each with whether the file that may stand there is ours."""


decode_written = msgspec.msgpack.Decoder(tuple[Written, ...]).decode
_decode_job = msgspec.msgpack.Decoder(PageJob).decode


@lru_cache(maxsize=2)
def _renderer(encoded: bytes) -> Renderer:
    return Renderer(msgspec.msgpack.decode(encoded, type=RenderSettings))


def make_pages(job_bytes: bytes) -> bytes:
    """Make the files of a `PageJob`, encoded; gives a tuple of `Written`s."""
    job = _decode_job(job_bytes)
    partial = f"{job.partial}/{os.getpid()}"
    return encode(tuple(_make(plan, job, partial, ours=ours) for plan, ours in job.pages))


def _make(plan: PagePlan, job: PageJob, partial: str, *, ours: bool) -> Written:
    try:
        data = Path(plan.copy_of).read_bytes() if plan.copy_of else _render(plan, job)
    except TemplateProblemError as error:
        return Written(url=plan.url, outcome="template", message=str(error))
    except CatalogDamagedError as error:
        return Written(url=plan.url, outcome="damaged", message=str(error))
    except OSError as error:
        return Written(url=plan.url, outcome="failed", message=f"{error.strerror}: {error.filename}")
    return write(job.output, partial, plan.url, data, ours=ours)


def _render(plan: PagePlan, job: PageJob) -> bytes:
    content = read_content(Path(job.bodies), plan.body) if plan.body else None
    return _renderer(job.render).render(plan.template, plan.url, plan.context, content, indexable=plan.indexable)
