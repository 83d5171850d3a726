"""The frame of every page: style, top bar, menu, notices, the page itself, footer; and what to say when one fails."""

import logging
import secrets
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.errors import ObservatoryError
from observatory.language import LANGUAGES, Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import PAGES, Row
from observatory.pages.controls import default_selection, query, selected
from observatory.pages.share import share
from observatory.pages.style import sheet
from observatory.selection import Notice, Selection

log = logging.getLogger("observatory.pages")


def show() -> None:
    """One run of the script: reads the address, shows the page that it names."""
    st.html(sheet())
    try:
        opened = workspace.opened()
        selection, notices = selected(opened.catalogue)
        speaker = Speaker("fr" if selection.lang == "fr" else "en")
        outlook = opened.outlook(selection.moment())
    except ObservatoryError as error:
        _closed(error)
        return
    st.set_page_config(page_title=speaker.say("app.title"), layout="wide")
    pages: dict[str, Any] = {}
    pages |= {
        row.id: st.Page(
            partial(_run, row, outlook, selection, notices, pages),
            title=speaker.say(f"page.{row.id}"),
            url_path=row.path,
            default=not row.path,
        )
        for row in PAGES
    }
    missing = st.Page(partial(_missing, speaker), title=speaker.say("app.name"), url_path="missing")
    current = st.navigation([*pages.values(), missing], position="hidden")
    here = next((row for row in PAGES if row.path == current.url_path), None)
    _top(pages, current if here else pages["overview"], here, selection, speaker)
    current.run()
    _foot(outlook, speaker)


def _top(pages: dict[str, Any], current: Any, here: Row | None, selection: Selection, speaker: Speaker) -> None:
    st.html(f"<script>document.documentElement.lang={speaker.language!r}</script>", unsafe_allow_javascript=True)
    with st.container(key="topbar"):
        with st.container(key="brand", horizontal=True, horizontal_alignment="distribute"):
            st.html(
                f'<p class="o-brand"><span class="o-mark" aria-hidden="true"></span>{speaker.say("app.name")}</p>',
                width="content",
            )
            with st.container(key="langs", horizontal=True, width="content"):
                for language in LANGUAGES:
                    key = "lang_here" if language == speaker.language else f"lang_{language}"
                    with st.container(key=key, width="content"):
                        label = language.upper()
                        st.page_link(current, label=label, query_params=query(replace(selection, lang=language)))
        with st.container(key="nav", horizontal=True):
            for row in PAGES:
                with st.container(key="here" if row is here else f"nav_{row.id}", width="content"):
                    st.page_link(pages[row.id], label=speaker.say(f"page.{row.id}"), query_params=query(selection))


def _run(row: Row, outlook: Outlook, selection: Selection, notices: tuple[Notice, ...], pages: dict[str, Any]) -> None:
    """A page, its notices first; whatever goes wrong in it ends in a sentence and a reference for the log."""
    speaker = Speaker("fr" if selection.lang == "fr" else "en")
    try:
        _notices(outlook, selection, notices, speaker)
        row.show(outlook, selection, pages)
        with st.container(key="actions", horizontal=True):
            share(outlook, selection, row.path, speaker)
    except ObservatoryError as error:
        log.warning("page %s: %s", row.id, error)
        _say([speaker.say("page.store")])
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("page %s failed, reference %s", row.id, reference)
        _say([speaker.say("page.failed", id=reference)])


def _notices(outlook: Outlook, selection: Selection, notices: tuple[Notice, ...], speaker: Speaker) -> None:
    said = []
    moment = selection.moment()
    if moment is not None:
        first = moment < outlook.at
        key = "banner.asof.first" if first else "banner.asof"
        said.append(speaker.say(key, date=speaker.day(outlook.day)))
    for notice in notices:
        default = notice.default if notice.default != "-" else speaker.say("notice.default")
        said.append(speaker.say(notice.key, name=notice.name, value=notice.value, default=default))
    if said:
        _say(said)


def _say(sentences: list[str]) -> None:
    """Sentences that may hold what a reader typed: as text, never as HTML."""
    with st.container(key="notices"):
        for sentence in sentences:
            st.text(sentence)


def _missing(speaker: Speaker) -> None:
    _say([speaker.say("page.missing")])


def _closed(error: ObservatoryError) -> None:
    """The store or the catalogue cannot be used: one sentence in the browser's language, details in the log."""
    log.error("the workspace cannot be opened: %s", Speaker("en").say(error.key, **error.values))
    language = st.query_params.get("lang") or default_selection().lang
    speaker = Speaker("fr" if language == "fr" else "en")
    st.set_page_config(page_title=speaker.say("app.title"), layout="wide")
    _say([speaker.say("page.store")])


def _foot(outlook: Outlook, speaker: Speaker) -> None:
    parts = (
        speaker.say("footer.edition", id=outlook.number, date=speaker.day(outlook.day)),
        speaker.say("footer.method"),
        speaker.say("footer.licences"),
    )
    line = " \u00b7 ".join(parts)
    st.html(f'<p class="o-source o-foot">{line}</p>')
