"""Meeting mode: full-screen slides for a projector, one message each, navigated with the arrow keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from observatory.briefs import meeting
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.meeting import MeetingScreen
from observatory.briefs.portfolio.model import BarTable
from observatory.briefs.registry import resolve_screen
from observatory.charts.scaling import scale_chart
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, mix_fragment
from observatory.pages.components.brand_logo import find_brand, find_logo
from observatory.pages.components.cluster_note import find_notes, show_presenter_note
from observatory.pages.components.notices import show_notices
from observatory.pages.components.share import build_links, get_qr_code
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import build_query, localizer_for
from observatory.selection import Selection, build_url
from observatory.store.notes import NoteScope

_CHART_SCALE = 2.2  # of what a chart measures on a page
_CHART_WIDTH, _CHART_HEIGHT = 1840, 590  # px of a chart at 1920 x 1080; on another screen it is scaled as a whole
_HEIGHT_WITHOUT_CALL = 60  # px more if no call is shown above the chart
_NOTICE_HEIGHT = 45  # px less for each notice below the chart


def _leave_meeting(selection: Selection) -> Selection:
    """The selection of the page from which the meeting was opened."""
    return replace(selection, mode="page", screens="", screen=1)


def show(outlook: Outlook, selection: Selection, sentences: Sequence[str], page: Any) -> None:
    """Shows the current screen; `sentences` are notices, `page` is the page that the meeting was opened from."""
    localizer = localizer_for(selection)
    if meeting.shows_private_mix(selection):
        mix_fragment.mount_component(outlook.catalogue.markets, f"/{page.url_path}", build_url("", selection))
        sentences = [*sentences, *filter(None, [mix_fragment.notice_text(outlook.catalogue, localizer)])]
    if meeting.is_cover(selection):
        _show_cover(outlook, selection, sentences, page)
        return
    if about := meeting.find_note_subject(meeting.current_screen_code(selection)):
        _show_notes(outlook, selection, about, page, sentences)
        return
    screen = brief_cache.get_meeting_screen(outlook, selection, mix_fragment.get_mix())
    tall = _CHART_HEIGHT + (0 if screen.card.call else _HEIGHT_WITHOUT_CALL) - _NOTICE_HEIGHT * len(sentences)
    with st.container(key="meeting"):
        st.html(render("meeting_header", app_name=localizer.text("app.name"), name=screen.card.name))
        with st.container(key="m_stage"):
            st.html(render("meeting_message", card=screen.card))
            if screen.ranking is not None:
                ticks = html.scale_ticks(screen.ranking.scale)
                st.html(render("meeting_ranking", brief=screen.ranking, ticks=ticks, localizer=localizer))
                st.html(html.render_paragraphs("o-unit", screen.ranking.subtitle))
            if screen.figure is not None:
                _show_responsive_figure(screen.figure, tall, localizer)
            if screen.bars is not None:
                _show_bars(screen.bars, screen.mix_shares, localizer)
        _show_presenter_note(outlook, selection)
        show_notices("m_notices", sentences)
        _show_footer(screen, selection, page, localizer)


def _show_notes(
    outlook: Outlook, selection: Selection, about: tuple[NoteScope, str], page: Any, sentences: Sequence[str]
) -> None:
    """The newest note of the cluster on a market or on the whole, apart from what is computed; others are folded."""
    localizer = localizer_for(selection)
    notes = find_notes(outlook, selection, *about)
    with st.container(key="meeting"):
        name = localizer.text("cluster.title")
        st.html(render("meeting_header", app_name=localizer.text("app.name"), name=name))
        with st.container(key="m_stage"):
            title = notes[0].title if notes else localizer.text("meeting.note.none")
            st.html(render("meeting_note", title=title, note=notes[0] if notes else None))
        with st.container(key="cluster_presenter"):
            if notes[1:]:
                more = localizer.plural("cluster.more", len(notes) - 1)
                st.html(render("presenter_note", notes=notes[1:], title=more))
        show_notices("m_notices", sentences)
        with st.container(key="m_foot", horizontal=True):
            _show_turns(selection, page, localizer)


def _show_presenter_note(outlook: Outlook, selection: Selection) -> None:
    """The note of the cluster on the market of the screen, or on the whole, if it has no screen of its own."""
    page, shown = resolve_screen(selection)
    segment = shown.segment if page == "segment" else ""
    if page not in ("segment", "overview") or meeting.format_note_code(segment) in meeting.list_screen_codes(selection):
        return
    show_presenter_note(outlook, selection, "segment" if segment else "whole", segment)


def _show_cover(outlook: Outlook, selection: Selection, sentences: Sequence[str], page: Any) -> None:
    """The cover: title, date, markets, and the code of the dated page, without a reader's mix."""
    localizer = localizer_for(selection)
    cover = meeting.build_cover(Context(outlook, selection, localizer, outlook.day), find_brand().publisher)
    dated = build_links(outlook, _leave_meeting(selection), page.url_path)[1]
    with st.container(key="meeting"):
        with st.container(key="m_stage"):
            name = localizer.text("app.name")
            logo = find_logo(localizer)
            st.html(render("meeting_cover", cover=cover, app_name=name, picture=get_qr_code(dated), **logo))
        show_notices("m_notices", sentences)
        with st.container(key="m_foot", horizontal=True):
            _show_turns(selection, page, localizer)


def _show_bars(bars: BarTable, mix: tuple[tuple[str, float], ...], localizer: Localizer) -> None:
    """The reader's own mix: its shares as one bar, then growth by market with ranges."""
    shares = localizer.list_text(f"{name} {localizer.percent_text(share)}" for name, share in mix)
    st.html(bar_table.render_mix_bar(mix, shares, localizer) + html.render_paragraphs("o-unit", shares))
    st.html(bar_table.render_bar_table(bars, localizer))
    st.html(html.render_paragraphs("o-unit", " ".join((bars.subtitle, *bars.notes[:1]))))


def _show_responsive_figure(figure: Figure, height: int, localizer: Localizer) -> None:
    """A figure twice, enlarged for a projector and in page size for a phone; the style sheet shows one of them."""
    st.html(html.render_heading(figure.title, figure.subtitle))
    if figure.spec is None:
        return
    name = f"{figure.indicator}_{figure.geo}_{figure.item}_{localizer.language}"
    with st.container(key="m_wide"):
        large = scale_chart(figure.spec, _CHART_SCALE, _CHART_WIDTH, height)
        st.vega_lite_chart(large, theme=None, width="content", alt=figure.alt, key=f"m_wide_{name}")
    with st.container(key="m_narrow"):
        st.vega_lite_chart(dict(figure.spec), theme=None, alt=figure.alt, key=f"m_narrow_{name}")


def _show_footer(screen: MeetingScreen, selection: Selection, page: Any, localizer: Localizer) -> None:
    """Date, edition and author; then links to all screens, which the arrow keys follow too."""
    st.html(html.render_paragraphs("o-mclock", screen.footer))
    with st.container(key="m_foot", horizontal=True):
        _show_turns(selection, page, localizer)


def _show_turns(selection: Selection, page: Any, localizer: Localizer) -> None:
    """Links to the screen before, to all screens, to the one after, and out of the meeting."""
    number, last = meeting.current_screen_number(selection), len(meeting.list_screen_codes(selection))
    if number > 0:
        _show_turn_link("previous", number - 1, "arrow_back", selection, page, localizer)
    with st.container(key="m_screens", horizontal=True, width="content"):
        for place in range(1, last + 1):
            with st.container(key="m_here" if place == number else f"m_screen_{place}", width="content"):
                st.page_link(page, label=str(place), query_params=_screen_query(selection, place))
    if number < last:
        _show_turn_link("next", number + 1, "arrow_forward", selection, page, localizer)
    with st.container(key="m_leave", width="content"):
        st.page_link(
            page,
            label=localizer.text("meeting.leave"),
            icon=":material/close:",
            query_params=build_query(_leave_meeting(selection)),
        )


def _show_turn_link(name: str, number: int, icon: str, selection: Selection, page: Any, localizer: Localizer) -> None:
    """The link to the previous or next screen."""
    query = _screen_query(selection, number)
    label = localizer.text(f"meeting.{name}")
    with st.container(key=f"m_{name}", width="content"):
        st.page_link(page, label=label, icon=f":material/{icon}:", query_params=query)


def _screen_query(selection: Selection, number: int) -> Mapping[str, str]:
    return build_query(replace(selection, screen=number))
