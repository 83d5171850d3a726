"""My markets: what a firm's own mix should do. The mix rides in the link's fragment and in no log, store or cache."""

import logging
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.common.methodology import FORMULAS
from observatory.briefs.portfolio.model import Change, Portfolio, Replayed
from observatory.briefs.portfolio.page import portfolio
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.components import bar_table, html, knowhow_file, mix_fragment
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import asked, named, seed, speaker_of
from observatory.pages.overview import horizon
from observatory.pages.portfolio import files, inputs
from observatory.selection import Selection, address

PATH = "/portfolio"

log = logging.getLogger("observatory.pages")


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page: all of it is one fragment, for all of it follows the mix; the frame around it is not run again."""
    _desk(outlook, selection)


@st.fragment
def _desk(outlook: Outlook, selection: Selection) -> None:
    """The page in one run; what goes wrong ends in a sentence and a reference, without a figure of the reader."""
    speaker = speaker_of(selection)
    try:
        if asked(workspace.opened())[0].horizon != selection.horizon:
            st.rerun()  # the links of the frame name the horizon
        mix_fragment.mount(outlook.catalogue.markets, PATH, address("", selection))
        _show(outlook, selection, speaker)
    except Exception as error:  # noqa: BLE001 - a traceback's message could hold what the reader entered: only its places are kept
        reference = secrets.token_hex(4)
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("page /portfolio failed (%s), reference %s\n%s", type(error).__name__, reference, places)
        st.text(speaker.say("page.failed", id=reference))


def _show(outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    mix = mix_fragment.current()
    brief = portfolio(outlook, selection, mix, speaker)
    notices("notices_place", [mix_fragment.notice(outlook.catalogue, speaker), *brief.notices])
    terms = brief.ahead.how if brief.ahead is not None else ()
    terms += brief.brings.how[FORMULAS:] if brief.brings is not None else ()  # the sentence on what weighs most
    explained = bar_table.how(terms, speaker)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + explained)
    horizon(outlook, selection, speaker)
    with st.container(key="desk"):
        with st.container(key="desk_left"), st.container(key="fig_mix"):
            inputs.show(outlook, selection, mix, speaker)
            if brief.ahead is not None:
                with st.expander(speaker.say("portfolio.mix.files"), icon=":material/download:"):
                    files.show(outlook, selection, mix, speaker)
        with st.container(key="desk_right"):
            _figures(brief, speaker)
        with st.container(key="fig_change"):
            if brief.change is not None:
                _change(brief.change, speaker)
    with st.container(key="fig_neighbours"):
        if brief.neighbours is not None:
            st.html(bar_table.neighbours(brief.neighbours, speaker))
            knowhow_file.buttons(outlook, speaker)


def _figures(brief: Portfolio, speaker: Speaker) -> None:
    for name, figure in (("ahead", brief.ahead), ("brings", brief.brings)):
        with st.container(key=f"fig_{name}"):
            if figure is not None:
                st.html(bar_table.barred(figure, speaker))
    with st.container(key="fig_shocks"):
        if brief.shock is not None:
            _shock(brief.shock, speaker)


def _shock(brief: Replayed, speaker: Speaker) -> None:
    if brief.figure is None:  # nothing to choose from
        title = html.heading(speaker.say("portfolio.shock.title"), "")
        st.html(f'{title}<p class="o-take">{escape(brief.sentence)}</p>{bar_table.how(brief.how, speaker)}')
        return
    st.html(html.heading(brief.figure.title, brief.figure.subtitle))
    st.segmented_control(
        speaker.say("portfolio.shock.pick"),
        list(brief.choices),
        default=seed("w_shock", brief.chosen),
        format_func=named(brief.choices),
        key="w_shock",
        required=True,
        on_change=_replay,
    )
    st.html(f'<p class="o-take">{escape(brief.sentence)}</p>')
    st.vega_lite_chart(brief.figure.spec, theme=None, alt=brief.figure.alt, key=f"shocks_{speaker.language}")
    said = (*brief.figure.notes, brief.figure.source_line)
    source = "".join(f'<p class="o-source">{escape(text)}</p>' for text in said)
    table = html.more(speaker.say("table.show"), html.table(brief.figure.table))
    st.html(f'{source}<div class="o-mores">{table}</div>{bar_table.how(brief.how, speaker)}')


def _change(brief: Change, speaker: Speaker) -> None:
    figure = brief.figure
    st.html(html.heading(figure.title, figure.subtitle))
    st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"frontier_{speaker.language}")
    st.html(f'<p class="o-take">{escape(figure.takeaway)}</p>')
    with st.container(key="moves", horizontal=True):
        for key, options, value in (
            ("w_take", brief.sources, brief.chosen[0]),
            ("w_give", brief.targets, brief.chosen[1]),
        ):
            st.selectbox(
                speaker.say("portfolio.change.from" if key == "w_take" else "portfolio.change.to"),
                list(options),
                index=list(options).index(seed(key, value)),
                format_func=named(options),
                key=key,
                placeholder=speaker.say("control.placeholder"),
                width=200,
                on_change=_move,
            )
    notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in figure.notes)
    table = html.more(speaker.say("table.show"), html.table(figure.table))
    st.html(
        f'<p class="o-take">{escape(brief.sentence)}</p>{notes}<div class="o-mores">{table}</div>'
        f"{bar_table.how(brief.how, speaker)}"
    )


def _replay() -> None:
    mix_fragment.put(replace(mix_fragment.current(), shock=st.session_state.get("w_shock") or ""))


def _move() -> None:
    """Another market to take from or to give to; one cannot be both, then the page chooses where to."""
    source, target = (st.session_state.get(key) or "" for key in ("w_take", "w_give"))
    mix_fragment.put(replace(mix_fragment.current(), move=(source, "" if target == source else target)))
