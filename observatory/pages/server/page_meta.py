"""Metadata of a page (title, description, OpenGraph, noscript) in the HTML that the server sends."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from observatory import workspace
from observatory.briefs import meeting
from observatory.briefs.cards import Card, window_title_text
from observatory.briefs.common.context import Context
from observatory.briefs.feed.model import FEED_PATH, format_feed_url
from observatory.briefs.feed.offers import choose_page_filter, describe_filter
from observatory.briefs.registry import PAGES, build_card, resolve_screen, restrict_to_page
from observatory.errors import ObservatoryError
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components.brand_logo import find_brand
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for
from observatory.pages.server.og_images import BRAND_PARAMETER, GENERAL_PAGE
from observatory.selection import DEFAULT_SELECTION, Selection, build_share_url, build_url, parse_selection

_PREVIEW_SIZE = (1200, 630)  # px, as link previews expect
FULL_LINK_DEFAULTS = Selection(lang="")  # a link names its language even if it is the reader's own
_OPEN_GRAPH_LOCALES: Mapping[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
_MetaTag = tuple[str, str, str]  # name or property, its value, the content
_ORIGIN_PATTERN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")

if TYPE_CHECKING:
    from observatory.briefs.registry import PageEntry

log = logging.getLogger("observatory.pages")


@dataclass(frozen=True)
class PageMeta:
    """The title of a page, its meta tags, and the HTML for browsers without scripts."""

    title: str
    tags: Markup
    noscript_html: Markup


def build_default_meta(language: Language) -> PageMeta:
    """Metadata that fits any page."""
    localizer = Localizer(language)
    title, about = localizer.text("app.title"), localizer.text("social.about")
    return PageMeta(
        title,
        _render_tags([("name", "description", about)], localizer),
        _render_noscript(title, about, localizer),
    )


def _build_general_meta(outlook: Outlook, language: Language, base_url: str) -> PageMeta:
    """Metadata for a link that is not understood: those of the whole, never of a market that it does not name."""
    meta = build_default_meta(language)
    localizer = Localizer(language)
    about = localizer.text("social.about")
    card = Card(meta.title, meta.title, about, "", "")
    tags: list[_MetaTag] = [("name", "description", about)]
    if base_url:
        entry = next(row for row in PAGES if row.id == GENERAL_PAGE)
        tags += _build_open_graph(entry, outlook, replace(DEFAULT_SELECTION, lang=language), card, base_url)
    return replace(meta, tags=_render_tags(tags, localizer))


def build_page_meta(path: str, query: Mapping[str, Sequence[str]], language: Language, origin: str) -> PageMeta:
    """Metadata of a page; the default in case of any error, as the HTML must always be sent."""
    try:
        return _build_meta(path, query, language, origin)
    except ObservatoryError as error:
        log.warning("no preview of /%s: %s", path, error)
    except Exception:
        log.exception("no preview of /%s", path)
    return build_default_meta(language)


def build_window_title(page: str, outlook: Outlook, selection: Selection) -> str:
    """The window title of a page: the title of its card, in a meeting after the screen number."""
    title = window_title_text(_build_card(page, outlook, selection).title, localizer_for(selection))
    if selection.mode != "meeting":
        return title
    if meeting.is_cover(selection):
        return title
    return f"{meeting.current_screen_number(selection)}/{len(meeting.list_screen_codes(selection))} \u00b7 {title}"


def _build_card(page: str, outlook: Outlook, selection: Selection) -> Card:
    """The card of a page, or of the page that the current screen of a meeting shows."""
    if selection.mode == "meeting":
        page, selection = resolve_screen(selection)
    return build_card(Context(outlook, selection, localizer_for(selection), outlook.day), page)


def _build_meta(path: str, query: Mapping[str, Sequence[str]], language: Language, origin: str) -> PageMeta:
    row = next((row for row in PAGES if row.path == path), None)
    opened = workspace.get_workspace()
    default = replace(DEFAULT_SELECTION, lang=language)
    if (
        row is None
        or not opened.has_vintages()
        or workspace.needs_reconstruction(opened, parse_selection(query, opened.get_full_catalogue(), default)[0])
    ):
        return build_default_meta(language)
    selection, notices, outlook = workspace.resolve_query(opened, query, default)
    base = opened.settings.public_url or (origin if _ORIGIN_PATTERN.fullmatch(origin) else "")
    if notices:
        return _build_general_meta(opened.get_outlook(), "fr" if selection.lang == "fr" else "en", base)
    card = _build_card(row.id, outlook, selection)
    title = build_window_title(row.id, outlook, selection)
    tags = [("name", "description", card.sentence)]
    if base:
        tags += _build_open_graph(row, outlook, selection, card, base)
    localizer = localizer_for(selection)
    return PageMeta(
        title,
        _render_tags(tags, localizer, _list_feeds(row.id, Context(outlook, selection, localizer, outlook.day))),
        _render_noscript(card.title, card.sentence, localizer, _pdf_url(row.id, selection)),
    )


def _render_noscript(title: str, sentence: str, localizer: Localizer, pdf_url: str = "") -> Markup:
    """The HTML for browsers without scripts: the answer in one sentence, and a link to the PDF."""
    return render("noscript", title=title, sentence=sentence, pdf_url=pdf_url, localizer=localizer)


def _pdf_url(page: str, selection: Selection) -> str:
    """The address of a page as PDF; empty if it has none."""
    from observatory.export.render import list_formats  # lazy: file exports load after the start

    has_pdf = any(row.id == "pdf" for row in list_formats(page))
    return (
        build_url(f"/download/{page}.pdf", restrict_to_page(page, replace(selection, mode="page")), FULL_LINK_DEFAULTS)
        if has_pdf
        else ""
    )


def _build_open_graph(
    entry: "PageEntry", outlook: Outlook, selection: Selection, card: Card, base_url: str
) -> list[_MetaTag]:
    """OpenGraph and Twitter tags; the image is pinned to edition and brand, so that no cache shows an outdated one."""
    page = entry.id
    localizer = localizer_for(selection)
    if selection.mode == "meeting":
        page, _chosen = resolve_screen(selection)
    pinned = replace(
        DEFAULT_SELECTION,
        lang=selection.lang,
        segment=_find_segment(selection),
        horizon=selection.horizon,
        asof=f"e{outlook.edition}",
    )
    picture = build_url(f"{base_url}/social/{page}.png", pinned, replace(DEFAULT_SELECTION, lang=""))
    if digest := find_brand().digest:
        picture += f"&{BRAND_PARAMETER}={digest}"
    rows = (
        ("og:type", "website"),
        ("og:site_name", localizer.text("app.name")),
        ("og:locale", _OPEN_GRAPH_LOCALES[localizer.language]),
        ("og:title", card.title),
        ("og:description", card.sentence),
        ("og:url", build_share_url(f"{base_url}/{entry.path}", restrict_to_page(page, selection), outlook.catalogue)),
        ("og:image", picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(_PREVIEW_SIZE[0])),
        ("og:image:height", str(_PREVIEW_SIZE[1])),
        ("og:image:alt", f"{card.title} \u2013 {card.sentence}"),
    )
    return [*(("property", name, content) for name, content in rows), ("name", "twitter:card", "summary_large_image")]


def _find_segment(selection: Selection) -> str:
    return resolve_screen(selection)[1].segment if selection.mode == "meeting" else selection.segment


def _list_feeds(page: str, context: Context) -> list[tuple[str, str]]:
    """The title and address of the narrowed feed that belongs to a page; none for most."""
    catalogue, localizer = context.outlook.catalogue, context.localizer
    feed_filter = choose_page_filter(page, context.selection, catalogue)
    if not feed_filter:
        return []
    title = window_title_text(describe_filter(context, feed_filter), localizer)
    return [(title, format_feed_url(feed_filter, catalogue, localizer.language))]


def _render_tags(rows: Sequence[_MetaTag], localizer: Localizer, feeds: Sequence[tuple[str, str]] = ()) -> Markup:
    """The meta tags of the head, and the links to the feed of everything and to those of the page."""
    title = window_title_text(localizer.text("page.whats_new"), localizer)
    everything = (title, f"{FEED_PATH}?lang={localizer.language}")
    return render("meta_tags", rows=rows, feeds=[everything, *feeds])
