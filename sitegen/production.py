"""Making output files in a worker: render or copy, then write. Where rendering and writing meet."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen.documents import KINDS, make_document, note_on
from sitegen.entries import encode
from sitegen.errors import CatalogDamagedError, TemplateProblemError, TextsLostError
from sitegen.packs import read_content, read_contents
from sitegen.planner import PageJob, PagePlan
from sitegen.renderer import Renderer
from sitegen.theme import RenderSettings
from sitegen.writer import Written, digest_of, write, write_stream

_decode_job = msgspec.msgpack.Decoder(PageJob).decode


@lru_cache(maxsize=2)
def _settings(encoded: bytes) -> RenderSettings:
    return msgspec.msgpack.decode(encoded, type=RenderSettings)


@lru_cache(maxsize=2)
def _renderer(encoded: bytes) -> Renderer:
    return Renderer(_settings(encoded))


def make_pages(job_bytes: bytes) -> bytes:
    """Make the files of a `PageJob`, encoded; gives a tuple of `Written`s."""
    job = _decode_job(job_bytes)
    partial = f"{job.partial}/{os.getpid()}"
    return encode(tuple(_make(plan, job, partial, ours=ours) for plan, ours in job.pages))


def _make(plan: PagePlan, job: PageJob, partial: str, *, ours: bool) -> Written:
    try:
        if plan.template in KINDS:
            return _make_document(plan, job, partial, ours=ours)
        data = _copied(plan) if plan.copy_of else _render(plan, job)
    except TemplateProblemError as error:
        return Written(url=plan.url, outcome="template", message=str(error))
    except TextsLostError as error:
        return Written(url=plan.url, outcome="lost", message=error.pack)
    except CatalogDamagedError as error:
        return Written(url=plan.url, outcome="damaged", message=str(error))
    except OSError as error:
        return Written(url=plan.url, outcome="failed", message=f"{error.strerror}: {error.filename}")
    return write(job.output, partial, plan.url, data, ours=ours, absent=job.empty)


def _copied(plan: PagePlan) -> bytes:
    if not plan.cached:
        return Path(plan.copy_of).read_bytes()
    try:
        data = Path(plan.copy_of).read_bytes()
    except FileNotFoundError:
        data = b""
    if digest_of(data) != plan.fingerprint:
        raise CatalogDamagedError("a converted picture is lost")
    return data


def _make_document(plan: PagePlan, job: PageJob, partial: str, *, ours: bool) -> Written:
    contents = read_contents(job.bodies, plan.bodies)
    chunks = make_document(plan.template, plan.url, plan.context, contents, _settings(job.render).site)
    written, checksum = write_stream(job.output, partial, plan.url, chunks, ours=ours)
    return replace(written, note=note_on(plan.template, plan.context, checksum))


def _render(plan: PagePlan, job: PageJob) -> bytes:
    content = read_content(job.bodies, plan.body) if plan.body else None
    return _renderer(job.render).render(plan.template, plan.url, plan.context, content, indexable=plan.indexable)
