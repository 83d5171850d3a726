"""Meeting mode: one message a screen, readable from the back of the room, moved through with the arrow keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs import meeting
from observatory.briefs.common.model import Figure, Overview, Ranked
from observatory.briefs.meeting import Screen
from observatory.briefs.portfolio.model import Barred
from observatory.charts.scaling import enlarged
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, mix_fragment
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import query, speaker_of
from observatory.selection import Selection, address

FACTOR = 2.2  # of what a chart measures on a page
WIDE, TALL = 1840, 590  # px of a chart at 1920 x 1080; on another screen it is scaled as a whole
UNCALLED = 60  # px more where no call stands above it
NOTICED = 45  # px less for each notice below it


def left(selection: Selection) -> Selection:
    """What a reader comes back to: the page as it was."""
    return replace(selection, mode="page", screens="", screen=1)


def show(outlook: Outlook, selection: Selection, said: Sequence[str], page: Any) -> None:
    """The current screen; `page` is the page that the meeting was opened from, and leads back to."""
    speaker = speaker_of(selection)
    if meeting.private(selection):
        mix_fragment.mount(outlook.catalogue.markets, f"/{page.url_path}", address("", selection))
        said = [*said, *filter(None, [mix_fragment.notice(outlook.catalogue, speaker)])]
    screen = brief_cache.meeting(outlook, selection, mix_fragment.current())
    tall = TALL + (0 if screen.card.call else UNCALLED) - NOTICED * len(said)
    with st.container(key="meeting"):
        st.html(_head(screen, speaker))
        with st.container(key="m_stage"):
            st.html(_message(screen))
            if screen.ranking is not None:
                st.html(_ranking(screen.ranking, speaker))
                st.html(f'<p class="o-unit">{escape(screen.ranking.subtitle)}</p>')
            if screen.figure is not None:
                _figure(screen.figure, tall, speaker)
            if screen.bars is not None:
                _bars(screen.bars, screen.mix, speaker)
        notices("m_notices", said)
        _foot(screen, selection, page, speaker)


def _head(screen: Screen, speaker: Speaker) -> str:
    brand = f'<p class="o-brand"><span class="o-mark" aria-hidden="true"></span>{speaker.say("app.name")}</p>'
    return f'<div class="o-mhead">{brand}<p>{escape(screen.card.name)}</p></div>'


def _message(screen: Screen) -> str:
    """The sentence, and the call with its odds."""
    said = screen.card
    text = f'<h1 class="o-lead">{escape(said.sentence)}</h1>'
    if said.call:
        text += f'<p class="o-mcall">{html.chip(said.call, said.label)}<span>{escape(said.odds)}</span></p>'
    return text


def _ranking(brief: Overview, speaker: Speaker) -> str:
    """The markets: name, call, probability, growth and its bar."""
    names = ("market", "call", "probability", "growth")
    heads = [escape(speaker.say(f"ranking.head.{name}")) for name in names]
    marks = html.scale_marks(brief.scale, speaker)
    rows = "".join(_row(row, brief.scale, speaker) for row in brief.rows)
    return (
        f'<table class="o-mranking"><caption class="o-hidden">{escape(brief.title)}</caption><thead><tr>'
        f'<th scope="col"><span class="o-hidden">{heads[0]}</span></th><th scope="col">{heads[1]}</th>'
        f'<th scope="col" class="o-right">{heads[2]}</th><th scope="col" class="o-right">{heads[3]}</th>'
        f'<th scope="col"><div class="o-scale">{marks}</div></th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(row: Ranked, scale: tuple[int, int], speaker: Speaker) -> str:
    dash = "\u2013"
    odds = f"{escape(row.percent)}{speaker.percent_sign}" if row.percent else dash
    drawn = html.bar(row.bar, scale, row.range) if row.bar else ""
    return (
        f'<tr><th scope="row">{escape(row.title)}</th><td>{html.chip(row.call, row.label)}</td>'
        f'<td class="o-right">{odds}</td><td class="o-right o-grow">{escape(row.growth) or dash}</td>'
        f"<td>{drawn}</td></tr>"
    )


def _bars(bars: Barred, mix: tuple[tuple[str, float], ...], speaker: Speaker) -> None:
    """A reader's own markets: what they are made of, then their growth with its ranges."""
    said = speaker.list_of(f"{name} {speaker.share(share)}" for name, share in mix)
    st.html(f'{bar_table.mixed(mix, said, speaker.percent_sign)}<p class="o-unit">{escape(said)}</p>')
    st.html(bar_table.table(bars, speaker))
    st.html(f'<p class="o-unit">{escape(" ".join((bars.subtitle, *bars.notes[:1])))}</p>')


def _figure(figure: Figure, tall: int, speaker: Speaker) -> None:
    """The proof: enlarged for a room, as it stands on a page for a phone; the style sheet shows one of them."""
    st.html(html.heading(figure.title, figure.subtitle))
    if figure.spec is None:
        return
    name = f"{figure.indicator}_{figure.geo}_{figure.item}_{speaker.language}"
    with st.container(key="m_wide"):
        large = enlarged(figure.spec, FACTOR, WIDE, tall)
        st.vega_lite_chart(large, theme=None, width="content", alt=figure.alt, key=f"m_wide_{name}")
    with st.container(key="m_narrow"):
        st.vega_lite_chart(dict(figure.spec), theme=None, alt=figure.alt, key=f"m_narrow_{name}")


def _foot(screen: Screen, selection: Selection, page: Any, speaker: Speaker) -> None:
    """When, which edition, from whom; then the screens as links, which the keys follow too."""
    number, last = meeting.current(selection), len(meeting.sequence(selection))
    st.html(f'<p class="o-mclock">{escape(screen.clock)}</p>')
    with st.container(key="m_foot", horizontal=True):
        _turn("previous", number - 1, number > 1, "arrow_back", selection, page, speaker)
        with st.container(key="m_screens", horizontal=True, width="content"):
            for place in range(1, last + 1):
                with st.container(key="m_here" if place == number else f"m_screen_{place}", width="content"):
                    st.page_link(page, label=str(place), query_params=_at(selection, place))
        _turn("next", number + 1, number < last, "arrow_forward", selection, page, speaker)
        with st.container(key="m_leave", width="content"):
            st.page_link(
                page,
                label=speaker.say("meeting.leave"),
                icon=":material/close:",
                query_params=query(left(selection)),
            )


def _turn(name: str, place: int, there: bool, icon: str, selection: Selection, page: Any, speaker: Speaker) -> None:
    """The link to the screen before or after; at the ends it keeps its place, so that nothing moves below a mouse."""
    label, at = speaker.say(f"meeting.{name}"), _at(selection, place if there else meeting.current(selection))
    with st.container(key=f"m_{name}", width="content"):
        st.page_link(page, label=label, icon=f":material/{icon}:", query_params=at, disabled=not there)


def _at(selection: Selection, place: int) -> Mapping[str, str]:
    return query(replace(selection, screen=place))
