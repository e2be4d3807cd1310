"""Rendering: from a page's record to HTML, by Jinja templates; a site's own replace the theme's of the same name."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import jinja2
import jinja2.compiler
import jinja2.meta
import msgspec
from msgspec import Struct

from sitegen import contexts, structured, urls
from sitegen.citations import cite
from sitegen.contexts import ArticleContext, ArticlePage, FigureView, Link, Page, Picture
from sitegen.entries import Content
from sitegen.errors import TemplateProblemError
from sitegen.figureviews import view_of
from sitegen.localise import Localiser
from sitegen.records import Figure
from sitegen.theme import RenderSettings

CONTEXTS: Mapping[str, type[Struct]] = {
    "home": contexts.HomePage, "dates": contexts.DatesPage, "year": contexts.YearPage, "month": contexts.MonthPage,
    "day": contexts.DayPage, "onthisday": contexts.OnThisDayPage, "term": contexts.TermPage, "terms": contexts.TermsPage,
    "undated": contexts.UndatedPage, "about": contexts.AboutPage, "page": contexts.FreePage,
    "redirect": contexts.RedirectPage, "choices": contexts.ChoicesPage, "tombstone": contexts.TombstonePage,
    "404": contexts.NotFoundPage, "article": contexts.ArticleContext,
    "datapage": contexts.DataPage, "search": contexts.SearchPage,
}  # fmt: skip
WORDS_PER_MINUTE = 230
_FEEDS = (Link("RSS", urls.RSS_URL), Link("Atom", urls.ATOM_URL), Link("JSON Feed", urls.JSON_FEED_URL))

_FIGURE_MARK = re.compile("\x03(\\d+)\x03")
_LINK_MARK = re.compile(' (href|src)="\x02([^\x02]*)\x02"')


class Renderer:
    """Renders pages of one site."""

    def __init__(self, settings: RenderSettings) -> None:
        self._site = settings.site
        self._localiser = Localiser.for_language(settings.site.language)
        self._environment = environment(settings, self._localiser)
        self._decoders = {name: msgspec.msgpack.Decoder(kind).decode for name, kind in CONTEXTS.items()}
        self._templates: dict[str, jinja2.Template] = {}
        self._globals: dict[str, dict[str, Any]] = {}
        self._feeds = _FEEDS if settings.site.feeds else ()

    def render(self, template: str, url: str, context: bytes, content: Content | None, *, indexable: bool) -> bytes:
        """The page's HTML as UTF-8. Raises `TemplateProblemError` naming file and line of a template that fails."""
        view: Any = self._decoders[template](context)
        root = self._site_root() if template == "404" else urls.root_of(url)
        try:
            if content is not None:
                view = self._article(view, content, url, root)
            page = self._page(template, url, view, content, indexable=indexable and template not in ("404", "redirect", "search"))
            text = self._text(self._template(template), {"view": view, "page": page, "root": root})
        except jinja2.TemplateError as error:
            raise _template_problem(error, template) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise _template_problem(error, template) from error
        return text.encode("utf-8", "replace")

    def _page(self, template: str, url: str, view: Any, content: Content | None, *, indexable: bool) -> Page:
        """What the page tells of itself, in its head."""
        site = self._site
        canonical = self._canonical(url) if template != "404" else ""
        title = getattr(view, "title", "")
        feeds = self._feeds
        if content is not None:
            image = structured.lead_image(view.lead, site)
            return Page(url=url, kind=template, title=title, description=view.summary, canonical=canonical,
                        indexable=indexable, feeds=feeds[:1],
                        meta=structured.article_meta(view, content.article, canonical, image, site),
                        json_ld=structured.article_data(view, content.article, canonical, image))  # fmt: skip
        crumbs = structured.crumbs_of(template, url, view, self._localiser) if canonical else None
        if crumbs is None:
            return Page(url=url, kind=template, title=title, canonical=canonical, indexable=indexable, feeds=feeds[:1])
        if template == "term" and view.feed:
            feeds = (Link(f"{view.label} (Atom)", view.feed), *feeds[:1])
        return Page(url=url, kind=template, title=title, canonical=canonical, indexable=indexable,
                    feeds=feeds if template in ("home", "term") else feeds[:1],
                    meta=structured.list_meta(crumbs[-1][0] if crumbs else site.title, canonical, site),
                    json_ld=structured.list_data(crumbs, canonical, site))  # fmt: skip

    def _canonical(self, url: str) -> str:
        site = self._site
        return urls.absolute(site.base_url, url, site.canonical_style) if site.base_url else ""

    def _template(self, name: str) -> jinja2.Template:
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._environment.get_template(f"{name}.html")
        return template

    def _text(self, template: jinja2.Template, values: dict[str, Any]) -> str:
        """What `Template.render` gives; it would copy the globals, from a chain of mappings, for each page."""
        known = self._globals.get(template.name or "")
        if known is None:
            known = self._globals[template.name or ""] = dict(template.globals)
        context = template.new_context(known | values, shared=True)
        try:
            return "".join(template.root_render_func(context))
        except Exception:
            self._environment.handle_exception()

    def _site_root(self) -> str:
        """What leads to the top from a page that is served at any depth: the path of the site's own address."""
        base = self._site.base_url
        return "/" + base.split("://", 1)[-1].partition("/")[2].strip("/") if base.count("/") > 2 else ""

    def _article(self, context: ArticleContext, content: Content, url: str, root: str) -> ArticlePage:
        article, files = content.article, dict(context.files)
        cited = cite(article, ident=context.id, date=context.date, canonical=self._canonical(url), archive=self._site.title,
                     localiser=self._localiser)  # fmt: skip
        figures = content.figures
        html = content.html
        if "\x02" in html:
            html = _LINK_MARK.sub(lambda match: _link(match, files, root), html)
        if "\x03" in html:
            show = self._template("_figure").module.figure  # type: ignore[attr-defined]
            html = _FIGURE_MARK.sub(lambda match: str(show(_view(figures[int(match[1])], files), root)), html)
        return ArticlePage(
            id=context.id, title=article.title, summary=article.summary, html=html,
            lead=_view(figures[0], files) if content.lead else None, contents=content.contents, words=content.words,
            minutes=max(1, -(-content.words // WORDS_PER_MINUTE)), authors=context.authors, agencies=article.agencies,
            source=context.source, source_url=context.source_url, section=context.section, published=article.published,
            updated=article.updated, retrieved=article.retrieved, byline_stamp=article.byline_stamp,
            source_zone=context.source_zone, date=context.date, day=context.day, dateline=article.dateline,
            tags=context.tags, corrections=article.corrections, original_url=article.original_url, rights=article.rights,
            language=article.language, direction=article.direction, layout=content.layout,
            dropped=tuple(drop for drop in article.dropped if not drop.private), earlier=context.earlier,
            later=context.later, related=context.related, cite_plain=cited.plain, cite_bibtex=cited.bibtex, cite_csl=cited.csl,
        )  # fmt: skip


def _link(match: re.Match[str], files: Mapping[str, Picture | None], root: str) -> str:
    found = files.get(unescape(match[2]))
    return f' {match[1]}="{root}{found.url}"' if found else ""


def _view(figure: Figure, files: Mapping[str, Picture | None]) -> FigureView:
    return view_of(figure, files.get(figure.file or ""))


class _QuickCode(jinja2.compiler.CodeGenerator):
    """Writes `a.b` as the attribute it nearly always is, and asks the environment only where there is none.

    What a template sees is the same: Jinja, too, looks for the attribute first, then for the item, and then gives an
    undefined value. A page of lists reads some thousand attributes, and a call for each is a third of its time.
    """

    _written = ""
    """The name that holds the value which is being written."""

    def visit_Getattr(self, node: jinja2.nodes.Getattr, frame: jinja2.compiler.Frame) -> None:  # noqa: N802 (Jinja's name)
        owner, found = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({found} if ({found} := getattr(({owner} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr({owner}, {node.attr!r}))")


    def _output_child_pre(self, node: jinja2.nodes.Expr, frame: jinja2.compiler.Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
            return
        # Most values are plain strings, whose escaping needs no call of ours.
        self._written = self.temporary_identifier()
        self.write(f"(quick({self._written}) if type({self._written} := (")

    def _output_child_post(self, node: jinja2.nodes.Expr, frame: jinja2.compiler.Frame, finalize: Any) -> None:
        if self._written:
            self.write(f")) is str else escape({self._written}))")
            self._written = ""
        else:
            super()._output_child_post(node, frame, finalize)

    def visit_Output(self, node: jinja2.nodes.Output, frame: jinja2.compiler.Frame) -> None:  # noqa: N802 (Jinja's name)
        # Jinja yields each piece of a line by itself, and each passes through every block and template around it. A
        # name with the two methods of a list, given for the list of a macro, makes one piece of them.
        if frame.buffer is not None or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        frame.buffer = "yield whole"
        try:
            super().visit_Output(node, frame)
        finally:
            frame.buffer = None


_BLOCK_CALL = re.compile(r"yield from (context\.blocks\[.*|parent_template\.root_render_func\(.*)")


class QuickEnvironment(jinja2.Environment):
    """An environment whose compiled templates escape by `sitegen.escaping`, and read attributes without a call."""

    code_generator_class = _QuickCode

    def _generate(self, source: jinja2.nodes.Template, name: str | None, filename: str | None, defer_init: bool = False) -> str:
        code = super()._generate(source, name, filename, defer_init=defer_init)
        code = _BLOCK_CALL.sub(r'yield "".join(\1)', code)
        imports, line_end, rest = code.partition("\n")
        # On the same line, so that line numbers in tracebacks stay right.
        return f"{imports}; from sitegen.escaping import escape, quick, whole{line_end}{rest}"


def loader_of(folders: tuple[str, ...]) -> jinja2.BaseLoader:
    """Templates by name, the first folder wins; `theme/NAME` is the theme's own (the last folder's), to be extended."""
    theme = jinja2.PrefixLoader({"theme": jinja2.FileSystemLoader(folders[-1])})
    return jinja2.ChoiceLoader([jinja2.FileSystemLoader(folders), theme])


def environment(settings: RenderSettings, localiser: Localiser) -> jinja2.Environment:
    """The Jinja environment: escaping on, an unknown name is an error, nothing reloads while it runs."""
    cache = jinja2.FileSystemBytecodeCache(settings.cache) if settings.cache and os.path.isdir(settings.cache) else None
    made = QuickEnvironment(
        loader=loader_of(settings.templates), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined, auto_reload=False, bytecode_cache=cache,
    )  # fmt: skip
    made.filters.update(localiser.filters())
    made.globals.update(site=settings.site, _=localiser.gettext, ngettext=localiser.ngettext, localiser=localiser)
    return made


def _template_problem(error: Exception, template: str) -> TemplateProblemError:
    """Names the template's file and the line, found in the error itself or in the frames that Jinja rewrote."""
    file, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if isinstance(error, jinja2.TemplateNotFound):
        return TemplateProblemError(f"templates/{template}.html asks for a template that does not exist: {error.name}")
    trace = error.__traceback__
    while trace is not None and not isinstance(error, jinja2.TemplateSyntaxError):
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    name = "/".join(Path(file).parts[-2:]) if file else f"templates/{template}.html"
    return TemplateProblemError(f"{name}:{line or 1} {error}")


def template_digests(folders: tuple[str, ...], cache: str = "") -> Mapping[str, bytes]:
    """For each template that pages use, a digest of it and of all it includes, extends or imports.

    A reference that only a run can resolve stands for all templates. What was found in a template is kept in the folder
    `cache`, under the template's digest. Raises `TemplateProblemError` for one that does not parse.
    """
    loader = loader_of(folders)
    parser = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    kept = Path(cache, "references") if cache else None
    known = _known_references(kept)
    found: dict[bytes, list[str | None]] = {}
    sources: dict[str, bytes] = {}
    references: dict[str, set[str | None]] = {}
    for name in loader.list_templates():
        if not name.endswith((".html", ".xml", ".txt")):
            continue
        text, path, _ = loader.get_source(parser, name)
        digest = sources[name] = hashlib.blake2b(text.encode(), digest_size=16).digest()
        if digest not in known:
            try:
                asked = set(jinja2.meta.find_referenced_templates(parser.parse(text, name, path)))
            except jinja2.TemplateSyntaxError as error:
                raise _template_problem(error, name.removesuffix(".html")) from error
            known[digest] = found[digest] = sorted(asked, key=lambda each: (each is None, each or ""))
        references[name] = set(known[digest])
    if found and kept:
        _keep_references(kept, known)
    digests = {}
    for name in CONTEXTS:
        # Figures inside a text are rendered by a template that no other one names.
        start = {f"{name}.html", "_figure.html"} if name == "article" else {f"{name}.html"}
        whole = hashlib.blake2b(digest_size=16)
        for each in sorted(_closure(start, references)):
            whole.update(each.encode() + b"\0" + sources.get(each, b"-"))
        digests[name] = whole.digest()
    return digests


def _known_references(kept: Path | None) -> dict[bytes, list[str | None]]:
    try:
        return msgspec.msgpack.decode(kept.read_bytes(), type=dict[bytes, list[str | None]]) if kept else {}
    except (OSError, msgspec.DecodeError):
        return {}


def _keep_references(kept: Path, known: Mapping[bytes, list[str | None]]) -> None:
    partial = kept.with_name(f"references-{os.getpid()}")
    try:
        partial.write_bytes(msgspec.msgpack.encode(known))
        os.replace(partial, kept)
    except OSError:
        # It only saves the next build a tenth of a second.
        partial.unlink(missing_ok=True)


def _closure(names: set[str], references: Mapping[str, set[str | None]]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for other in references.get(name, ()):
            todo.extend(references if other is None else [other])
    return found
