"""The keys of front matter as people and generators write them, and the field that each means."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Final

# The keys of each field, without case, hyphens and underscores; the earlier outweighs the later.
_KEYS: Final = MappingProxyType(
    {
        "id": "id guid uuid identifier articleid",
        "title": "title headline headlinemain",
        "summary": "summary standfirst description excerpt subtitle subheadline deck dek teaser abstract lead lede customexcerpt",
        "published": "date published publishdate pubdate datepublished publishedat publishedon publicationdate "
        "publishedtime "
        "posted issued dateissued created createdat datecreated",
        "updated": "updated modified lastmod lastmodified lastmodifiedat updatedat modifiedat datemodified "
        "modifiedtime "
        "dateupdated lastupdated edited",
        "retrieved": "retrieved accessed accessdate fetched saved savedat crawled downloaded datedownload "
        "scraped archived",
        "authors": "authors author primaryauthor byline by writer writers creator creators reporter reporters contributors",
        "agencies": "agencies agency wire newsagency",
        "tags": "tags tag topics topic keywords keyword categories subjects",
        "section": "section category desk rubric department channel",
        "source": "source publication publisher newspaper outlet sitename sourcename medium magazine",
        "dateline": "dateline",
        "original_url": "originalurl urlsource sourceurl canonicalurl canonical originallink original externalurl link "
        "sourcelink articleurl webpage",
        "rights": "rights",
        "language": "lang language locale inlanguage",
        "direction": "dir direction textdirection",
        "slug": "slug",
        "permalink": "permalink",
        "aliases": "aliases alias redirectfrom redirects oldurls",
        "draft": "draft",
        "status": "status",
        "url": "url",
        "corrections": "corrections correction errata erratum",
        "byline_stamp": "bylinestamp",
        "zones_assumed": "zonesassumed",
        "zones_unknown": "zonesunknown",
        "tag_origins": "tagorigins",
        "exact": "exact",
        "imported_from": "importedfrom",
        "figures": "figures figure images image cover coverimage featuredimage featureimage featured hero "
        "heroimage leadimage "
        "photo picture banner thumbnail ogimage",
        "caption": "caption imagecaption covercaption photocaption figurecaption imagedescription featureimagecaption "
        "featuredimagecaption",
        "credit": "credit imagecredit covercredit photocredit photographer imagesource",
        "alt": "alt imagealt coveralt alttext photoalt featuredimagealt featureimagealt",
    }
)
FIELD_OF: Final = MappingProxyType({key: field for field, keys in _KEYS.items() for key in keys.split()})
RANK_OF: Final = MappingProxyType({key: rank for keys in _KEYS.values() for rank, key in enumerate(keys.split())})
# Other generators put an author's own keys one level down.
NESTING_KEYS: Final = frozenset(("params", "extra", "taxonomies", "metadata", "meta", "frontmatter"))


@lru_cache(maxsize=1024)
def normal_key(key: str) -> str:
    """`key` without case, white space, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", key).casefold()
