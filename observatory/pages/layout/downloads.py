"""What a page can be downloaded as: real links, one a format, in words that say what each is for."""

from html import escape

import streamlit as st

from observatory.export.render import ONE_PAGER, list_formats
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.server.page_meta import FULL_LINK_DEFAULTS
from observatory.selection import Selection, build_url


def show_downloads(page: str, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """A button that opens the list; the files are written when their link is followed."""
    links = [
        (f"/download/{page}.{made.extension}", localizer.text(f"export.offer.{made.id}"))
        for made in list_formats(page, has_chart=_has_chart(page, outlook, selection))
    ]
    if page == "segment":
        brief = [(f"/download/{ONE_PAGER}.{made.extension}", made.id) for made in list_formats(ONE_PAGER)]
        links += [(path, localizer.text(f"export.offer.brief.{name}")) for path, name in brief]
    if not links:
        return
    with st.popover(localizer.text("export.menu"), icon=":material/download:", key="downloads"):
        st.html(f'<ul class="o-offers">{"".join(_render_link(path, words, selection) for path, words in links)}</ul>')


def _render_link(path: str, words: str, selection: Selection) -> str:
    link = escape(build_url(path, selection, FULL_LINK_DEFAULTS), quote=True)
    return f'<li><a href="{link}" target="_self" download>{escape(words)}</a></li>'


def _has_chart(page: str, outlook: Outlook, selection: Selection) -> bool:
    """Whether a page has a chart; only a market without data has none."""
    if page != "segment":
        return True
    brief = brief_cache.get_segment(outlook, selection)
    return any(figure is not None and figure.spec is not None for figure in (brief.main_figure, brief.index_figure))
