"""Sharing a view: its address, live or dated, a QR code for the meeting room, and the way into a meeting."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import segno
import streamlit as st

from observatory.briefs.meeting import PORTFOLIO, sequence
from observatory.briefs.overview import ranked
from observatory.charts.palette import TOKENS
from observatory.language import Speaker
from observatory.mix import fragment_of
from observatory.outlook.outlook import Outlook
from observatory.pages.components import mix_fragment
from observatory.pages.components.url_widgets import query
from observatory.selection import Selection, link
from observatory.workspace import opened

MOST_AT_FIRST = 3  # markets of a meeting that is opened from a page without one


def share(outlook: Outlook, selection: Selection, pinned: Callable[[], Selection], page: Any, speaker: Speaker) -> None:
    """A button that opens the links, the code and the way into a meeting; nothing is computed before it is open.

    A mix rides behind the #, and the panel says so; the code of such a link is drawn and not kept.
    """
    panel = st.popover(speaker.say("share.button"), icon=":material/link:", key="share", on_change="rerun")
    if not panel.open:
        return
    chosen = pinned()
    live, dated = links(outlook, chosen, page.url_path)
    private = fragment_of(mix_fragment.current())
    if private:
        live, dated = f"{live}#{private}", f"{dated}#{private}"
    with panel:
        if private:
            st.caption(speaker.say("portfolio.privacy"))
        st.caption(speaker.say("share.live"))
        st.code(live, language=None, wrap_lines=True)
        st.caption(speaker.say("share.dated", date=speaker.day(outlook.day)))
        st.code(dated, language=None, wrap_lines=True)
        _meeting(outlook, replace(selection, segment=chosen.segment), page, bool(private), speaker)
        words = escape(speaker.say("share.qr"), quote=True)
        picture = drawn(live) if private else code(live)
        st.html(
            f'<figure class="o-code"><img alt="{words}" src="{picture}">'
            f'<figcaption class="o-source">{words}</figcaption></figure>'
        )


def _meeting(outlook: Outlook, selection: Selection, page: Any, own: bool, speaker: Speaker) -> None:
    """The way into a meeting: which markets it shows between the overview and the track record.

    A mix is shown after them. It never chooses them: they stand in the query, which the server logs.
    """
    catalogue = outlook.catalogue
    first = [row.id for row, _call in ranked(outlook, selection.horizon)[0][:MOST_AT_FIRST]]
    chosen = [selection.segment] if selection.segment else [] if own else first
    markets = st.pills(
        speaker.say("meeting.markets.own" if own else "meeting.markets"),
        list(catalogue.segments),
        selection_mode="multi",
        default=chosen,
        format_func=lambda name: speaker.of(catalogue.segments[name], "title"),
        key=f"meeting_{'own' if own else selection.segment}",
    )
    shown = ("o", *markets, *([PORTFOLIO] if own else []), "t")
    screens = "" if shown == sequence(replace(selection, screens="")) else ".".join(shown)
    st.page_link(
        page,
        label=speaker.say("meeting.open"),
        icon=":material/present_to_all:",
        query_params=query(replace(selection, mode="meeting", screens=screens, screen=1)),
    )


def links(outlook: Outlook, selection: Selection, path: str) -> tuple[str, str]:
    """The live and the dated address of a view; their version says which defaults they leave out."""
    parts = urlsplit(st.context.url or "")
    base = opened().settings.public_address or f"{parts.scheme}://{parts.netloc}"
    asof = outlook.day.isoformat() if outlook.rebuilt else f"e{outlook.number}"  # a day may have several editions
    live, dated = (link(f"{base}/{path}", replace(selection, asof=when), outlook.catalogue) for when in ("", asof))
    return live, dated


@lru_cache(maxsize=64)
def code(address: str) -> str:
    """The QR code of a link, kept: a meeting asks for the same one again."""
    return drawn(address)


def drawn(address: str) -> str:
    """The QR code of a link as an SVG in an address, ink on paper in both themes so that every phone reads it."""
    made = segno.make(address, error="m")
    return str(made.svg_data_uri(border=3, dark=TOKENS["ink"][0], light=TOKENS["paper"][0], omitsize=True))
