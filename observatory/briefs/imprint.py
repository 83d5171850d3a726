"""Builds the brief of the imprint, the page "about": what this is, who publishes it, terms of use, access."""

from dataclasses import dataclass
from urllib.parse import urlencode

from observatory.brand import Brand
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter


@dataclass(frozen=True)
class ImprintChapter:
    """A chapter of the page, and the links below it as (text, address)."""

    name: str
    chapter: Chapter
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ImprintBrief:
    """The page "about"."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    chapters: tuple[ImprintChapter, ...]


def build_imprint(context: Context, brand: Brand) -> ImprintBrief:
    """The page for an edition, published by whom the brand names; it says so where the brand names nobody."""
    localizer, outlook = context.localizer, context.outlook
    counts = {
        "indicators": localizer.number(len({key[0] for key in outlook.panel})),
        "series": localizer.number(len(outlook.panel)),
        "sources": localizer.number(len({outlook.catalogue.indicators[key[0]].source for key in outlook.panel})),
    }
    return ImprintBrief(
        kicker=localizer.text("page.imprint"),
        lead=localizer.text("imprint.lead"),
        under=(localizer.text("imprint.under", **counts),),
        chapters=(
            ImprintChapter("what", _build_chapter(context, "what", ("calls", "limits", "private"))),
            ImprintChapter("who", _build_publisher_chapter(context, brand), _list_brand_links(context, brand)),
            ImprintChapter(
                "data",
                _build_chapter(context, "data", ("licences", "code", "reuse", "corrections")),
                _list_files(context),
            ),
            ImprintChapter("access", _build_chapter(context, "access", ("state", "means", "gaps"))),
        ),
    )


def _build_chapter(context: Context, name: str, terms: tuple[str, ...]) -> Chapter:
    text = context.localizer.text
    pairs = tuple((text(f"imprint.{name}.{term}"), text(f"imprint.{name}.{term}.text")) for term in terms)
    return Chapter(text(f"imprint.{name}"), "", pairs)


def _build_publisher_chapter(context: Context, brand: Brand) -> Chapter:
    """Publisher, legal mentions and host; what is missing is said, with what whoever runs the server does about it."""
    localizer = context.localizer
    rows = {
        "publisher": brand.publisher,
        "legal": localizer.field_text(brand, "legal"),
        "host": brand.host,
    }
    terms = tuple(
        (localizer.text(f"imprint.who.{name}"), localizer.typeset(text) or localizer.text("imprint.who.missing"))
        for name, text in rows.items()
    )
    return Chapter(localizer.text("imprint.who"), "", terms)


def _list_brand_links(context: Context, brand: Brand) -> tuple[tuple[str, str], ...]:
    links = (("website", brand.website), ("contact", brand.contact_url))
    return tuple((context.localizer.text(f"imprint.link.{name}"), url) for name, url in links if url)


def _list_files(context: Context) -> tuple[tuple[str, str], ...]:
    language = urlencode({"lang": context.localizer.language})
    links = {
        "data": f"/data?{language}",
        "method": f"/method?{language}",
        "api": "/api/docs",
        "feed": f"/feed.atom?{language}",
    }
    return tuple((context.localizer.text(f"imprint.link.{name}"), url) for name, url in links.items())
