"""Share panel: live and dated links of a view, a QR code, and the start of a meeting."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import segno
import streamlit as st

from observatory.briefs.meeting import PORTFOLIO_SCREEN, list_screen_codes
from observatory.briefs.overview import rank_markets
from observatory.charts.palette import COLOUR_TOKENS
from observatory.language import Localizer
from observatory.mix import format_fragment
from observatory.outlook.outlook import Outlook
from observatory.pages.components import mix_fragment
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import build_query
from observatory.selection import Selection, build_share_url
from observatory.workspace import get_workspace

_DEFAULT_MARKET_COUNT = 3  # markets of a meeting that is opened from a page without one


def show_share(
    outlook: Outlook, selection: Selection, pin: Callable[[], Selection], page: Any, localizer: Localizer
) -> None:
    """The share button and its panel, which is computed only when it is open.

    A mix is added as URL fragment, with a privacy notice; the QR code of such a link is not cached.
    """
    panel = st.popover(localizer.text("share.button"), icon=":material/link:", key="share", on_change="rerun")
    if not panel.open:
        return
    chosen = pin()
    live, dated = build_links(outlook, chosen, page.url_path)
    private = format_fragment(mix_fragment.get_mix())
    if private:
        live, dated = f"{live}#{private}", f"{dated}#{private}"
    with panel:
        if private:
            st.caption(localizer.text("portfolio.privacy"))
        st.caption(localizer.text("share.live"))
        st.code(live, language=None, wrap_lines=True)
        st.caption(localizer.text("share.dated", date=localizer.day(outlook.day)))
        st.code(dated, language=None, wrap_lines=True)
        _show_meeting_link(outlook, replace(selection, segment=chosen.segment), page, localizer, has_mix=bool(private))
        picture = _draw_qr_code(live) if private else get_qr_code(live)
        st.html(render("share_code", picture=picture, text=localizer.text("share.qr")))


def _show_meeting_link(
    outlook: Outlook, selection: Selection, page: Any, localizer: Localizer, *, has_mix: bool
) -> None:
    """The choice of markets for a meeting, between overview and track record, and the link that opens it.

    A mix adds a screen after them. It never preselects markets, since they go into the query, which the server logs.
    """
    catalogue = outlook.catalogue
    first = [row.id for row, _call in rank_markets(outlook, selection.horizon)[0][:_DEFAULT_MARKET_COUNT]]
    chosen = [selection.segment] if selection.segment else [] if has_mix else first
    markets = st.pills(
        localizer.text("meeting.markets.own" if has_mix else "meeting.markets"),
        list(catalogue.segments),
        selection_mode="multi",
        default=chosen,
        format_func=lambda name: localizer.field_text(catalogue.segments[name], "title"),
        key=f"meeting_{'own' if has_mix else selection.segment}",
    )
    screen_codes = ("o", *markets, *([PORTFOLIO_SCREEN] if has_mix else []), "t")
    screens = "" if screen_codes == list_screen_codes(replace(selection, screens="")) else ".".join(screen_codes)
    st.page_link(
        page,
        label=localizer.text("meeting.open"),
        icon=":material/present_to_all:",
        query_params=build_query(replace(selection, mode="meeting", screens=screens, screen=0)),
    )


def build_links(outlook: Outlook, selection: Selection, path: str) -> tuple[str, str]:
    """The live and the dated address of a view."""
    parts = urlsplit(st.context.url or "")
    base = get_workspace().settings.public_url or f"{parts.scheme}://{parts.netloc}"
    live, dated = (
        build_share_url(f"{base}/{path}", replace(selection, asof=when), outlook.catalogue)
        for when in ("", outlook.asof)
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
