"""What pages tell machines: Open Graph properties, and schema.org's NewsArticle, CollectionPage and BreadcrumbList.

An article's data say what the article said: a tag that a rule added is no keyword, a time without a zone is left at its
day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from sitegen import urls
from sitegen.contexts import ArticlePage, FigureView, Site, TermPage, TermsPage
from sitegen.localise import Localiser
from sitegen.moments import as_given
from sitegen.records import Article
from sitegen.xmltext import escape

Crumb = tuple[str, str]
"""Name and URL of a page on the way from the home page."""

_CONTEXT = "https://schema.org"
_encode = msgspec.json.Encoder().encode


def article_meta(view: ArticlePage, article: Article, canonical: str, image: str, site: Site) -> str:
    """The Open Graph properties of an article as `meta` elements; addresses only where the site has one."""
    published, updated = as_given(article.published), as_given(article.updated)
    found = [("og:type", "article"), ("og:site_name", site.title), ("og:title", view.title),
             ("og:description", view.summary), ("og:url", canonical), ("og:image", image)]  # fmt: skip
    if image and view.lead and view.lead.alt:
        found.append(("og:image:alt", view.lead.alt))
    found += [("article:published_time", published), ("article:modified_time", updated)]
    found += [("article:author", author) for author in article.authors]
    found.append(("article:section", article.section))
    found += [("article:tag", tag.name) for tag in article.tags]
    return _elements(found)


def _elements(properties: Iterable[tuple[str, str]]) -> str:
    return "\n".join([f'<meta property="{name}" content="{escape(value)}">' for name, value in properties if value])


def article_data(view: ArticlePage, article: Article, canonical: str, image: str) -> str:
    """The article as JSON-LD, ready to stand in a `script` element."""
    organisation = {"@type": "NewsMediaOrganization", "name": article.source, "url": view.source_url}
    data: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "NewsArticle",
        "@id": canonical,
        "url": canonical,
        "headline": article.title,
        "description": article.summary,
        "datePublished": as_given(article.published),
        "dateModified": as_given(article.updated),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "image": image,
        "articleSection": article.section,
        "keywords": [tag.name for tag in article.tags if tag.origin == "given"],
        "dateline": article.dateline,
        "inLanguage": article.language,
        # A copy was first brought by somebody else.
        "publisher" if article.rights == "own" else "sourceOrganization": article.source and _filled(organisation),
        "isBasedOn": article.original_url,
        "correction": article.corrections,
    }
    return _script(_filled(data))


def _filled(data: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if value}


def _script(data: dict[str, object]) -> str:
    """JSON that no parser of HTML can take for markup, nor an old one of JavaScript for a line end."""
    text = _encode(data).decode()
    if "<" in text:
        text = text.replace("<", "\\u003c")
    if not text.isascii():
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text


def lead_image(lead: FigureView | None, site: Site) -> str:
    """The absolute address of the picture over an article; empty without one."""
    return urls.absolute(site.base_url, lead.picture.url) if lead and lead.picture and site.base_url else ""


def list_meta(title: str, canonical: str, site: Site) -> str:
    """The Open Graph properties of a page that is no article, as `meta` elements."""
    return _elements((("og:type", "website"), ("og:site_name", site.title), ("og:title", title), ("og:url", canonical)))


def list_data(crumbs: list[Crumb], canonical: str, site: Site) -> str:
    """A list of articles as JSON-LD, with the way to it from the home page; the home page is the site itself."""
    home = urls.absolute(site.base_url, urls.HOME_URL)
    whole: dict[str, object] = {"@type": "WebSite", "@id": home, "url": home, "name": site.title}
    if not crumbs:
        more = {"description": site.description} if site.description else {}
        return _script({"@context": _CONTEXT, **whole, **more, "inLanguage": site.language})
    way = [
        {"@type": "ListItem", "position": number, "name": name,
         "item": urls.absolute(site.base_url, url, site.canonical_style)}
        for number, (name, url) in enumerate([(site.title, urls.HOME_URL), *crumbs], 1)
    ]  # fmt: skip
    return _script({
        "@context": _CONTEXT, "@type": "CollectionPage", "@id": canonical, "url": canonical, "name": crumbs[-1][0],
        "isPartOf": whole, "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": way},
    })  # fmt: skip


def crumbs_of(kind: str, url: str, view: object, localiser: Localiser) -> list[Crumb] | None:
    """The way to a list from the home page, the list itself last; None for a page that is no list."""
    if isinstance(view, TermsPage):
        index = (_names(localiser.gettext)[view.kind], urls.terms_url(view.kind))
        return [index, (view.initial, url)] if view.initial else [index]
    if isinstance(view, TermPage):
        return list(_term_way(url, view, localiser))
    dates = (localiser.gettext("Dates"), urls.DATES_URL)
    ways: dict[str, Callable[[], list[Crumb]]] = {
        "home": list,
        "dates": lambda: [dates],
        "undated": lambda: [dates, (localiser.gettext("Undated"), url)],
        "onthisday": lambda: [dates, (localiser.day_of_year(url.split("/")[2]), url)],
        **dict.fromkeys(("year", "month", "day"), lambda: [dates, *_periods(url, localiser)]),
    }
    return ways[kind]() if kind in ways else None


def _names(_: Callable[[str], str]) -> dict[str, str]:
    return {"tag": _("Tags"), "author": _("Authors"), "source": _("Sources"), "section": _("Sections")}


def _periods(url: str, localiser: Localiser) -> Iterator[Crumb]:
    parts = url.split("/")[1:-1]
    for length in range(1, len(parts) + 1):
        date = "-".join(parts[:length])
        yield localiser.medium_date(date), urls.day_url(date)


def _term_way(url: str, view: TermPage, localiser: Localiser) -> Iterator[Crumb]:
    yield _names(localiser.gettext)[view.kind], urls.terms_url(view.kind)
    root = "/".join(url.split("/")[:3])
    yield view.label, f"{root}/index.html"
    parts = view.period.split("-") if view.period else []
    for length in range(1, len(parts) + 1):
        yield localiser.medium_date("-".join(parts[:length])), f"{root}/{'/'.join(parts[:length])}/index.html"
