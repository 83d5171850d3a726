"""What a page can be downloaded as: real links, one a format, in words that say what each is for."""

from html import escape

import streamlit as st

from observatory.export.render import BRIEF, offered
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.server.page_meta import EVERYTHING
from observatory.selection import Selection, address


def downloads(page: str, outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    """A button that opens the list; the files are written when their link is followed."""
    links = [
        (f"/download/{page}.{made.ending}", speaker.say(f"export.offer.{made.id}"))
        for made in offered(page, _charted(page, outlook, selection))
    ]
    if page == "segment":
        brief = [(f"/download/{BRIEF}.{made.ending}", made.id) for made in offered(BRIEF)]
        links += [(path, speaker.say(f"export.offer.brief.{name}")) for path, name in brief]
    if not links:
        return
    with st.popover(speaker.say("export.menu"), icon=":material/download:", key="downloads"):
        st.html(f'<ul class="o-offers">{"".join(_offer(path, words, selection) for path, words in links)}</ul>')


def _offer(path: str, words: str, selection: Selection) -> str:
    link = escape(address(path, selection, EVERYTHING), quote=True)
    return f'<li><a href="{link}" target="_self" download>{escape(words)}</a></li>'


def _charted(page: str, outlook: Outlook, selection: Selection) -> bool:
    """Whether a page has a chart; only a market without data has none."""
    if page != "segment":
        return True
    brief = brief_cache.segment(outlook, selection)
    return any(figure is not None and figure.spec is not None for figure in (brief.main, brief.index))
