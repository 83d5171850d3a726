"""Sharing a view: its full address, live or dated, and a QR code for the meeting room."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

import segno
import streamlit as st

from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection, link
from observatory.workspace import opened


def share(outlook: Outlook, pinned: Callable[[], Selection], path: str, speaker: Speaker) -> None:
    """A button that opens the two links and the code; nothing is computed before it is open."""
    panel = st.popover(speaker.say("share.button"), icon=":material/link:", key="share", on_change="rerun")
    if not panel.open:
        return
    live, dated = links(outlook, pinned(), path)
    with panel:
        st.caption(speaker.say("share.live"))
        st.code(live, language=None, wrap_lines=True)
        st.caption(speaker.say("share.dated", date=speaker.day(outlook.day)))
        st.code(dated, language=None, wrap_lines=True)
        st.image(code(live), caption=speaker.say("share.qr"), width=220)


def links(outlook: Outlook, selection: Selection, path: str) -> tuple[str, str]:
    """The live and the dated address of a view; their version says which defaults they leave out."""
    parts = urlsplit(st.context.url or "")
    base = opened().settings.public_address or f"{parts.scheme}://{parts.netloc}"
    asof = outlook.day.isoformat() if outlook.rebuilt else f"e{outlook.number}"  # a day may have several editions
    live, dated = (link(f"{base}/{path}", replace(selection, asof=when), outlook.catalogue) for when in ("", asof))
    return live, dated


@lru_cache(maxsize=64)
def code(address: str) -> str:
    """The QR code of a link as SVG, ink on paper in both themes so that every phone reads it."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=4, border=3, dark="#10243A", light="#FAFBFB", xmldecl=False
    )
    return out.getvalue().decode()
