"""Share panel: the live or the dated link of a view to send or copy, its QR code, and the start of a meeting."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import segno
import streamlit as st
from markupsafe import Markup

from observatory.briefs.meeting import PORTFOLIO_SCREEN, format_note_code, list_screen_codes
from observatory.briefs.overview.ranking import rank_markets
from observatory.charts.palette import COLOUR_TOKENS
from observatory.language import Localizer
from observatory.mix import format_fragment
from observatory.outlook.outlook import Outlook
from observatory.pages.components import mix_fragment
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import build_query
from observatory.pages.style import load_js
from observatory.selection import Selection, build_share_url
from observatory.workspace import get_workspace
from observatory.workspace.notes import list_notes, pin_notes

_LINK_KINDS = ("live", "dated")
_DEFAULT_MARKET_COUNT = 3  # markets of a meeting that is opened from a page without one


def show_share(
    outlook: Outlook, selection: Selection, pin: Callable[[], Selection], page: Any, localizer: Localizer
) -> None:
    """The share button and its panel, which is computed only when it is open.

    A mix is added as URL fragment, with a privacy notice; the QR code of such a link is not cached.
    """
    panel = st.popover(localizer.text("share.button"), icon=":material/ios_share:", key="share", on_change="rerun")
    if not panel.open:
        return
    chosen = pin()
    private = format_fragment(mix_fragment.get_mix())
    with panel:
        if private:
            st.caption(localizer.text("portfolio.privacy"))
        link = _choose_link(outlook, chosen, page, localizer)
        link = f"{link}#{private}" if private else link
        script = Markup(load_js("share.js"))  # noqa: S704 - our own file
        st.html(render("share_script", script=script), unsafe_allow_javascript=True)
        st.html(render("share_link", url=link, localizer=localizer))
        with st.container(key="share_room", horizontal=True):
            picture = _draw_qr_code(link) if private else get_qr_code(link)
            st.html(render("share_code", picture=picture, text=localizer.text("share.qr")), width="content")
            with st.container(key="share_meeting"):
                meeting = replace(selection, segment=chosen.segment)
                _show_meeting_link(outlook, meeting, page, localizer, has_mix=bool(private))


def _choose_link(outlook: Outlook, selection: Selection, page: Any, localizer: Localizer) -> str:
    """The switch between the live and the dated link, with what the chosen one promises; the live one at first."""
    links = dict(zip(_LINK_KINDS, build_links(outlook, selection, page.url_path), strict=True))
    kind = st.segmented_control(
        localizer.text("share.kind"),
        _LINK_KINDS,
        default=_LINK_KINDS[0],
        format_func=lambda name: localizer.text(f"share.kind.{name}"),
        required=True,
        label_visibility="collapsed",
        key="share_kind",
    )
    st.caption(localizer.text(f"share.{kind}", date=localizer.day(outlook.day)))
    return links[kind or _LINK_KINDS[0]]


def _show_meeting_link(
    outlook: Outlook, selection: Selection, page: Any, localizer: Localizer, *, has_mix: bool
) -> None:
    """The link that opens a meeting, and the folded choice of its markets between overview and track record.

    A mix adds a screen after them. It never preselects markets, since they go into the query, which the server logs.
    """
    catalogue = outlook.catalogue
    first = [row.id for row, _call in rank_markets(outlook, selection.horizon)[0][:_DEFAULT_MARKET_COUNT]]
    chosen = [selection.segment] if selection.segment else [] if has_mix else first
    link = st.container()
    with st.expander(localizer.text("meeting.markets.choose"), key="share_markets"):
        markets = st.pills(
            localizer.text("meeting.markets.own" if has_mix else "meeting.markets"),
            list(catalogue.segments),
            selection_mode="multi",
            default=chosen,
            format_func=lambda name: localizer.field_text(catalogue.segments[name], "title"),
            key=f"meeting_{'own' if has_mix else selection.segment}",
        )
    screen_codes = _list_screens(outlook, selection, markets, has_mix=has_mix)
    screens = "" if screen_codes == list_screen_codes(replace(selection, screens="")) else ".".join(screen_codes)
    link.page_link(
        page,
        label=localizer.text("meeting.open"),
        icon=":material/present_to_all:",
        query_params=build_query(replace(selection, mode="meeting", screens=screens, screen=0)),
    )


def _list_screens(outlook: Outlook, selection: Selection, markets: Sequence[str], *, has_mix: bool) -> tuple[str, ...]:
    """The codes of the screens of a meeting: what the cluster has notes on is followed by them."""
    about = {(note.content.scope, note.content.code) for note in list_notes(get_workspace(), selection, outlook)}
    codes = ["o", *([format_note_code()] if ("whole", "") in about else [])]
    for market in markets:
        codes += [market, *([format_note_code(market)] if ("segment", market) in about else [])]
    return (*codes, *([PORTFOLIO_SCREEN] if has_mix else []), "t")


def build_links(outlook: Outlook, selection: Selection, path: str) -> tuple[str, str]:
    """The live and the dated address of a view."""
    parts = urlsplit(st.context.url or "")
    base = get_workspace().settings.public_url or f"{parts.scheme}://{parts.netloc}"
    live, dated = (
        build_share_url(f"{base}/{path}", replace(selection, asof=when), outlook.catalogue)
        for when in ("", pin_notes(get_workspace(), selection, outlook))
    )
    return live, dated


@lru_cache(maxsize=64)
def get_qr_code(url: str) -> str:
    """The cached QR code of a link."""
    return _draw_qr_code(url)


def _draw_qr_code(url: str) -> str:
    """The QR code of a link as SVG data URI, dark on light in both themes so that every phone reads it."""
    code = segno.make(url, error="m")
    return str(
        code.svg_data_uri(border=3, dark=COLOUR_TOKENS["ink"][0], light=COLOUR_TOKENS["paper"][0], omitsize=True)
    )
