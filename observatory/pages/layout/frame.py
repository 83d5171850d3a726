"""The frame of every page: style, top bar, menu, notices, the page itself, footer; and what to say when one fails."""

import logging
import secrets
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.common.disclosure import edition_of
from observatory.briefs.links import used
from observatory.briefs.meeting import private
from observatory.errors import ObservatoryError, public
from observatory.language import LANGUAGES, Language, Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, meeting
from observatory.pages.components import mix_fragment
from observatory.pages.components.notices import notices
from observatory.pages.components.share import share
from observatory.pages.components.url_widgets import asked, default_selection, method_of, query, settled, speaker_of
from observatory.pages.layout.downloads import downloads
from observatory.pages.layout.style import script, style
from observatory.pages.registry import PAGES, Row
from observatory.pages.server import page_meta
from observatory.selection import DEFAULT, Notice, Selection, address

MOST_NOTICES = 4

log = logging.getLogger("observatory.pages")


def show() -> None:
    """One run of the script: reads the address, shows the page that it names."""
    st.html(style())
    settled()
    try:
        selection, unread, outlook = asked(workspace.opened())
    except ObservatoryError as error:
        _closed(error)
        return
    speaker = speaker_of(selection)
    pages: dict[str, Any] = {}
    pages |= {
        row.id: st.Page(
            partial(_run, row, outlook, used(row.id, selection), unread, pages),
            title=speaker.say(f"page.{row.id}"),
            url_path=row.path,
            default=not row.path,
        )
        for row in PAGES
    }
    missing = st.Page(partial(_missing, pages, selection), title=speaker.say("app.name"), url_path="missing")
    current = st.navigation([*pages.values(), missing], position="hidden")
    here = next((row for row in PAGES if row.path == current.url_path), None)
    if here is None or (here.id != "portfolio" and not private(selection)):
        mix_fragment.forget()
    st.set_page_config(page_title=_title(here, outlook, selection, speaker), layout="wide")
    _tongue(speaker)
    if here is not None and selection.mode == "meeting":
        current.run()
        return
    selection = used(here.id, selection) if here is not None else selection
    _top(pages, here, outlook, selection, speaker)
    current.run()
    _foot(outlook, selection, speaker)


def _title(here: Row | None, outlook: Outlook, selection: Selection, speaker: Speaker) -> str:
    """The title of the window; a card that cannot be made keeps nobody from the page."""
    try:
        if here is not None:
            return page_meta.titled(here.id, outlook, selection)
    except Exception:
        log.exception("no title of /%s", here.path if here else "")
    return speaker.say("app.title")


def _tongue(speaker: Speaker) -> None:
    """The language of the document, that of the words that the style sheet says, and what the browser does itself."""
    st.html(
        f"<script>document.documentElement.lang={speaker.language!r};{script('shell.js')}</script>"
        f'<style>:root{{--skip:"{speaker.say("skip")}";--nothing:"{speaker.say("control.nothing")}"}}</style>',
        unsafe_allow_javascript=True,
    )


def _top(pages: dict[str, Any], here: Row | None, outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    """Name, share and languages; the menu below. A language is a real link: the whole page is then in it."""
    path = here.path if here else "missing"
    with st.container(key="topbar"):
        with st.container(key="brand", horizontal=True):
            st.html(
                f'<p class="o-brand"><span class="o-mark" aria-hidden="true"></span>{speaker.say("app.name")}</p>',
                width="stretch",
            )
            if here is not None:
                share(outlook, selection, partial(here.pinned, outlook, selection), pages[here.id], speaker)
                downloads(here.id, outlook, selection, speaker)
            links = "".join(_language(language, path, selection, speaker) for language in LANGUAGES)
            st.html(f'<nav class="o-langs">{links}</nav>', width="content")
        with st.container(key="nav", horizontal=True):
            for row in PAGES:
                with st.container(key="here" if row is here else f"nav_{row.id}", width="content"):
                    wanted = query(used(row.id, selection))
                    st.page_link(pages[row.id], label=speaker.say(f"page.{row.id}"), query_params=wanted)


def _language(language: Language, path: str, selection: Selection, speaker: Speaker) -> str:
    link = escape(address(f"/{path}", replace(selection, lang=language), replace(DEFAULT, lang="")), quote=True)
    name = Speaker(language).say(f"language.{language}")
    current = ' aria-current="true"' if language == speaker.language else ""
    return (
        f'<a href="{link}" target="_self" lang="{language}" hreflang="{language}" title="{name}"{current}>'
        f'<span aria-hidden="true">{language.upper()}</span><span class="o-hidden">{name}</span></a>'
    )


def _run(row: Row, outlook: Outlook, selection: Selection, unread: tuple[Notice, ...], pages: dict[str, Any]) -> None:
    """A page, its notices first; whatever goes wrong in it ends in a sentence and a reference for the log."""
    speaker = speaker_of(selection)
    try:
        if selection.mode == "meeting":
            meeting.show(outlook, selection, _told(outlook, selection, unread, speaker)[0], pages[row.id])
            return
        _above(row, outlook, selection, unread, speaker)
        row.show(outlook, selection, pages)
    except ObservatoryError as error:
        log.warning("page %s: %s", address(f"/{row.path}", selection), error)
        notices("notices_failed", [speaker.say("page.store")])
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("page %s failed, reference %s", address(f"/{row.path}", selection), reference)
        notices("notices_failed", [speaker.say("page.failed", id=reference)])


def _above(row: Row, outlook: Outlook, selection: Selection, unread: tuple[Notice, ...], speaker: Speaker) -> None:
    said, newest = _told(outlook, selection, unread, speaker)
    notices("notices", said, _changed(outlook, newest, selection, speaker) if newest else "")
    with st.container(key="after"):
        if outlook.later:
            st.html(_after(row, selection, speaker))


def _told(
    outlook: Outlook, selection: Selection, unread: tuple[Notice, ...], speaker: Speaker
) -> tuple[list[str], int]:
    """What a reader must know of the address, and the newest edition if a dated one differs from it (else 0)."""
    said, newest = _dated(outlook, selection, speaker)
    for notice in unread[:MOST_NOTICES]:
        default = notice.default if notice.default != "-" else speaker.say("notice.default")
        said.append(speaker.say(notice.key, name=notice.name, value=notice.value, default=default))
    if len(unread) > MOST_NOTICES:
        said.append(speaker.count("notice.more", len(unread) - MOST_NOTICES))
    if selection.indicator and selection.indicator not in outlook.catalogue.indicators:
        title = speaker.of(workspace.opened().watched().indicators[selection.indicator], "title")
        said.append(speaker.say("banner.not_yet", title=title))
    return said, newest


def _dated(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[list[str], int]:
    """What a reader of a dated link is told, and the newest edition if something has changed since (else 0)."""
    moment, edition = selection.moment(), selection.edition()
    if moment is None and edition is None:
        return [], 0
    if edition is not None and edition != outlook.number:
        return [speaker.say("banner.asof.unknown", id=edition)], 0
    day = speaker.day(outlook.day)
    if outlook.rebuilt:
        return [speaker.say("banner.rebuilt", date=day)], 0
    key = "banner.asof.first" if moment is not None and moment < outlook.at else "banner.asof"
    changed, newest = brief_cache.since_then(outlook, selection)
    return [f"{speaker.say(key, date=day)} {changed}"], newest


def _changed(outlook: Outlook, newest: int, selection: Selection, speaker: Speaker) -> str:
    """The link from a dated view to what has changed since."""
    pair = replace(used("whats_new", selection), asof="", after=0, since=outlook.number, until=newest)
    link = escape(address("/whats-new", pair, replace(DEFAULT, lang="")), quote=True)
    return f'<a class="o-asked" href="{link}" target="_self">{escape(speaker.say("banner.since.link"))}</a>'


def _after(row: Row, selection: Selection, speaker: Speaker) -> str:
    """The link that draws what came afterwards, or takes it away: a new address, like all that a reader chooses."""
    other = replace(selection, after=0 if selection.after else 1)
    link = escape(address(f"/{row.path}", other, replace(DEFAULT, lang="")), quote=True)
    label = speaker.say("banner.after.hide" if selection.after else "banner.after.show")
    return f'<p class="o-under"><a href="{link}" target="_self">{escape(label)}</a></p>'


def _missing(pages: dict[str, Any], selection: Selection) -> None:
    speaker = speaker_of(selection)
    st.html(f'<h1 class="o-lead">{escape(speaker.say("page.missing"))}</h1>')
    st.page_link(pages["overview"], label=speaker.say("page.overview"), query_params=query(used("overview", selection)))


def _closed(error: ObservatoryError) -> None:
    """The store or the catalogue cannot be used: what is wrong and the cure, in the reader's language."""
    log.error("the workspace cannot be opened: %s", Speaker("en").explain(error.key, error.values))
    language = st.query_params.get("lang") or default_selection().lang
    speaker = Speaker("fr" if language == "fr" else "en")
    st.set_page_config(page_title=speaker.say("app.title"), layout="wide")
    notices("notices", [speaker.say("page.store"), speaker.explain(error.key, public(error.values))])


def _foot(outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    link = escape(method_of(selection), quote=True)
    parts = (
        edition_of(outlook, speaker),
        speaker.say("footer.method"),
        f'<a href="{link}" target="_self">{speaker.say("method.link")}</a>',
        speaker.say("footer.licences"),
    )
    line = " \u00b7 ".join(parts)
    st.html(f'<p class="o-source o-foot">{line}</p>')
