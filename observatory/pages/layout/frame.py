"""Frame of every page: style, top bar, menu, notices, content, footer; a message if a page fails."""

import logging
import secrets
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.meeting import shows_private_mix
from observatory.briefs.registry import PAGES, TABS, PageEntry, find_page, restrict_to_page
from observatory.errors import BusyError, ObservatoryError, redact_error_values
from observatory.language import LANGUAGES, Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, meeting
from observatory.pages.components import mix_fragment
from observatory.pages.components.brand_logo import find_brand, find_logo
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.share import show_share
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    build_query,
    default_selection,
    localizer_for,
    page_url,
    resolve_address,
    settle_address,
)
from observatory.pages.layout.banners import list_notices, show_banners
from observatory.pages.layout.downloads import show_downloads
from observatory.pages.registry import find_show
from observatory.pages.server import page_meta
from observatory.selection import Notice, Selection, build_url

_FOOT_PAGES = ("track_record", "method", "data", "imprint", "publish")

log = logging.getLogger("observatory.pages")


def show() -> None:
    """One run of the script: parses the address and shows the page that it names."""
    settle_address()
    try:
        selection, unread, outlook = resolve_address(workspace.get_workspace())
    except BusyError as error:
        _show_error(error)
        return
    except ObservatoryError as error:
        _show_store_error(error)
        return
    localizer = localizer_for(selection)
    pages: dict[str, Any] = {}
    pages |= {
        row.id: st.Page(
            partial(_run_page, row, outlook, restrict_to_page(row.id, selection), unread, pages),
            title=localizer.text(f"page.{row.id}"),
            url_path=row.path,
            default=not row.path,
        )
        for row in PAGES
    }
    missing = st.Page(
        partial(_show_missing_page, pages, selection), title=localizer.text("app.name"), url_path="missing"
    )
    current_page = st.navigation([*pages.values(), missing], position="hidden")
    current_entry = next((row for row in PAGES if row.path == current_page.url_path), None)
    if current_entry is None or (current_entry.id != "portfolio" and not shows_private_mix(selection)):
        mix_fragment.clear_mix()
    st.set_page_config(page_title=_window_title(current_entry, outlook, selection, localizer), layout="wide")
    _set_document_language(localizer)
    if current_entry is not None and selection.mode == "meeting":
        current_page.run()
        return
    selection = restrict_to_page(current_entry.id, selection) if current_entry is not None else selection
    _show_top_bar(pages, current_entry, outlook, selection, localizer)
    current_page.run()
    _show_footer(current_entry, outlook, selection, localizer)


def _window_title(entry: PageEntry | None, outlook: Outlook, selection: Selection, localizer: Localizer) -> str:
    """The window title; an error in its card is logged and does not affect the page."""
    try:
        if entry is not None:
            return page_meta.build_window_title(entry.id, outlook, selection)
    except Exception:
        log.exception("no title of /%s", entry.path if entry else "")
    return localizer.text("app.title")


def _set_document_language(localizer: Localizer) -> None:
    """Sets the language of the document, the texts of the style sheets, and what the script needs to know."""
    paths = [f"/{row.path}" for row in PAGES]
    st.html(render("document_language", paths=paths, localizer=localizer), unsafe_allow_javascript=True)


def _show_top_bar(
    pages: dict[str, Any], current_entry: PageEntry | None, outlook: Outlook, selection: Selection, localizer: Localizer
) -> None:
    """Brand, tabs, search, share, downloads and languages; below them the pages of the tab.

    The tabs are one list, which style sheets fix to the bottom of a phone.
    """
    with st.container(key="topbar", horizontal=True):
        st.html(render("brand", name=localizer.text("app.name"), **find_logo(localizer)), width="content")
        _show_tabs(current_entry, selection, localizer)
        with st.container(key="tools", horizontal=True):
            _show_search_link(selection, localizer)
            if current_entry is not None:
                _show_tools(current_entry, pages[current_entry.id], outlook, selection, localizer)
            links = _list_language_links(current_entry, selection)
            st.html(render("languages", links=links, current=localizer.language), width="content")
    _show_subnav(current_entry, selection, localizer)


def _show_search_link(selection: Selection, localizer: Localizer) -> None:
    """The way to the catalogue, where indicators are searched."""
    url = page_url("data", restrict_to_page("data", selection))
    st.html(render("search_link", url=url, text=localizer.text("frame.search")), width="content")


def _show_tabs(current_entry: PageEntry | None, selection: Selection, localizer: Localizer) -> None:
    """The tabs, the same on every page."""
    links = []
    for tab in TABS:
        first = next(row for row in PAGES if row.tab == tab)
        is_current = current_entry is not None and current_entry.tab == tab
        url = page_url(first.id, restrict_to_page(first.id, selection))
        links.append((tab, url, localizer.text(f"tab.{tab}"), "true" if is_current else ""))
    st.html(render("page_links", css_class="o-tabs", label=localizer.text("tab.label"), links=links), width="content")


def _show_subnav(current_entry: PageEntry | None, selection: Selection, localizer: Localizer) -> None:
    """The pages of the current tab, if there are several."""
    siblings = [row for row in PAGES if current_entry is not None and row.tab == current_entry.tab]
    if len(siblings) < 2:
        return
    links = [
        (
            row.id,
            page_url(row.id, restrict_to_page(row.id, selection)),
            localizer.text(f"page.{row.id}"),
            "page" if row is current_entry else "",
        )
        for row in siblings
    ]
    st.html(render("page_links", css_class="o-subnav", label=localizer.text("tab.pages"), links=links))


def _show_tools(entry: PageEntry, page: Any, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """Share and downloads; they are left out where the page itself cannot be shown, which then says so."""
    try:
        show_share(outlook, selection, partial(brief_cache.pin_selection, entry, outlook, selection), page, localizer)
        show_downloads(entry.id, outlook, selection, localizer)
    except Exception:
        log.exception("no share or downloads on %s", build_url(f"/{entry.path}", selection))


def _list_language_links(entry: PageEntry | None, selection: Selection) -> list[tuple[Language, str, str]]:
    """Each language, its native name, and the address of the page in it: a plain link, which reloads the page."""
    path = entry.path if entry else "missing"
    return [
        (
            language,
            Localizer(language).text(f"language.{language}"),
            build_url(f"/{path}", replace(selection, lang=language), LINK_DEFAULTS),
        )
        for language in LANGUAGES
    ]


def _run_page(
    entry: PageEntry, outlook: Outlook, selection: Selection, unread_notices: tuple[Notice, ...], pages: dict[str, Any]
) -> None:
    """Shows notices and page; an exception is logged with a reference number, which the reader sees."""
    localizer = localizer_for(selection)
    try:
        if selection.mode == "meeting":
            meeting.show(
                outlook, selection, list_notices(outlook, selection, unread_notices, localizer)[0], pages[entry.id]
            )
            return
        show_banners(entry, outlook, selection, unread_notices, localizer)
        find_show(entry.id)(outlook, selection, pages)
    except ObservatoryError as error:
        log.warning("page %s: %s", build_url(f"/{entry.path}", selection), error)
        show_notices("notices_failed", [localizer.text("page.store")])
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("page %s failed, reference %s", build_url(f"/{entry.path}", selection), reference)
        show_notices("notices_failed", [localizer.text("page.failed", id=reference)])


def _show_missing_page(pages: dict[str, Any], selection: Selection) -> None:
    localizer = localizer_for(selection)
    st.html(render("page_title", sentence=localizer.text("page.missing")))
    with st.container(key="missing"):
        st.page_link(
            pages["overview"],
            label=localizer.text("page.overview"),
            query_params=build_query(restrict_to_page("overview", selection)),
        )


def _show_store_error(error: ObservatoryError) -> None:
    """Shows why the store or the catalogue cannot be opened and how to repair it, in the reader's language."""
    log.error("the workspace cannot be opened: %s", Localizer("en").error_text(error.key, error.values))
    _show_error(error, "page.store")


def _show_error(error: ObservatoryError, *keys: str) -> None:
    """Shows an error in place of a page, after other sentences by their keys."""
    language = st.query_params.get("lang") or default_selection().lang
    localizer = Localizer("fr" if language == "fr" else "en")
    st.set_page_config(page_title=localizer.text("app.title"), layout="wide")
    sentences = [localizer.text(key) for key in keys]
    show_notices("notices", [*sentences, localizer.error_text(error.key, redact_error_values(error.values))])


def _show_footer(entry: PageEntry | None, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """The edition, the pages that say who we are and how right we were, and the languages."""
    links = [
        (
            build_url(f"/{row.path}", restrict_to_page(row.id, selection), LINK_DEFAULTS),
            localizer.text(f"page.{row.id}"),
        )
        for row in map(find_page, _FOOT_PAGES)
        if row is not None
    ]
    publisher = find_brand().publisher
    st.html(
        render(
            "footer",
            edition=edition_text(outlook, localizer),
            links=links,
            label=localizer.text("footer.label"),
            language_links=_list_language_links(entry, selection),
            current=localizer.language,
            publisher=localizer.text("footer.publisher", publisher=publisher) if publisher else "",
            **find_logo(localizer),
        )
    )
