"""Portfolio page: outlook of a firm's own mix, which is only in the URL fragment, never in a log, store or cache."""

import logging
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.common.context import Context
from observatory.briefs.portfolio.model import MixChange, MixShock, PortfolioBrief
from observatory.briefs.portfolio.page import build_portfolio
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, knowhow_file, mix_fragment
from observatory.pages.components.glossary import render_words
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for, make_label_formatter, resolve_address, seed_widget
from observatory.pages.overview import show_horizon_control
from observatory.pages.portfolio import figures, files, inputs, skills
from observatory.selection import Selection, build_url

_PATH = "/portfolio"

log = logging.getLogger("observatory.pages")


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page as one Streamlit fragment, since all of it depends on the mix; the frame is not rerun."""
    _show_fragment(outlook, selection)


@st.fragment
def _show_fragment(outlook: Outlook, selection: Selection) -> None:
    """One run of the page; an exception is logged with a reference number and without any input of the reader."""
    localizer = localizer_for(selection)
    try:
        if resolve_address(workspace.get_workspace())[0].horizon != selection.horizon:
            st.rerun()  # the links of the frame hold the horizon
        mix_fragment.mount_component(outlook.catalogue.markets, _PATH, build_url("", selection))
        _show_brief(outlook, selection, localizer)
    except Exception as error:  # noqa: BLE001 - the message could hold reader input: only code locations are logged
        reference = secrets.token_hex(4)
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("page /portfolio failed (%s), reference %s\n%s", type(error).__name__, reference, places)
        st.text(localizer.text("page.failed", id=reference))


def _show_brief(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    mix = mix_fragment.get_mix()
    brief = build_portfolio(Context(outlook, selection, localizer, outlook.day), mix)
    show_notices("notices_place", [mix_fragment.notice_text(outlook.catalogue, localizer), *brief.notices])
    under = brief.under if brief.summary is None else brief.summary.texts
    st.html(html.render_lead(brief.kicker, brief.lead, under))
    with st.container(key="firm" if mix.shares else "firm_start"):
        with st.container(key="firm_inputs"), st.container(key="fig_mix"):
            inputs.show(outlook, selection, mix, localizer)
        with st.container(key="firm_results"):
            _show_answer(outlook, selection, mix, brief, localizer)
            with st.container(key="firm_why"):
                _show_horizons(outlook, selection, mix, brief, localizer)
                _show_contributions(brief, localizer)
            with st.container(key="firm_next"):
                _show_neighbours(outlook, mix, brief, localizer)
                _show_changes(mix, brief, localizer)
            if brief.shock is not None:
                _show_shock_curve(brief.shock, mix, localizer)
            if mix.shares:
                st.html(figures.render_sheet(brief, localizer))
    if brief.summary is not None:
        st.html(figures.render_pin(brief.summary))


def _show_answer(outlook: Outlook, selection: Selection, mix: Mix, brief: PortfolioBrief, localizer: Localizer) -> None:
    """Key figures, what a shock would do, the files."""
    with st.container(key="firm_answer"):
        if brief.summary is not None:
            st.html(figures.render_keys(brief.summary) + render_words(("call", "range"), localizer))
        if brief.shock is not None:
            st.html(figures.render_shock(brief.shock, localizer))
        if brief.growth is not None:
            with st.container(key="firm_files", horizontal=True):
                files.show_note(outlook, selection, mix, localizer)
                with st.popover(
                    localizer.text("portfolio.files.others"), icon=":material/download:", key="firm_others"
                ):
                    files.show(outlook, selection, mix, localizer)
                    if brief.neighbours is not None:
                        knowhow_file.show_buttons(outlook, localizer)


def _show_horizons(
    outlook: Outlook, selection: Selection, mix: Mix, brief: PortfolioBrief, localizer: Localizer
) -> None:
    with st.container(key="fig_ahead"):
        if brief.summary is not None:
            st.html(figures.render_horizons(brief.summary, localizer))
        if mix.shares:
            show_horizon_control(outlook, selection, localizer)


def _show_contributions(brief: PortfolioBrief, localizer: Localizer) -> None:
    with st.container(key="fig_brings"):
        if brief.contributions is not None:
            st.html(figures.render_contributions(brief.contributions, localizer))


def _show_neighbours(outlook: Outlook, mix: Mix, brief: PortfolioBrief, localizer: Localizer) -> None:
    with st.container(key="fig_neighbours"):
        if brief.neighbours is None:
            return
        st.html(render("firm_total", title=brief.neighbours.title, total=""))
        skills.show_choice(outlook, mix, localizer)
        st.html(figures.render_neighbours(brief.neighbours, localizer))


def _show_shock_curve(brief: MixShock, mix: Mix, localizer: Localizer) -> None:
    """The choice of the shock, the curves and the table of all; computed when it is opened."""
    if brief.figure is None:  # no shock to choose from
        return
    sheet = st.expander(
        localizer.text("portfolio.shock.more"), expanded=bool(mix.shock_month), key="fold_shock", on_change="rerun"
    )
    if not sheet.open:
        return
    with sheet, st.container(key="fig_shocks"):
        st.html(html.render_heading(brief.figure.title, brief.figure.subtitle))
        st.segmented_control(
            localizer.text("portfolio.shock.pick"),
            list(brief.shock_options),
            default=seed_widget("w_shock", brief.chosen),
            format_func=make_label_formatter(brief.shock_options),
            key="w_shock",
            required=True,
            on_change=_on_shock_change,
        )
        st.vega_lite_chart(brief.figure.spec, theme=None, alt=brief.figure.alt, key=f"shocks_{localizer.language}")
        st.html(
            html.render_paragraphs("o-source", *brief.figure.notes, brief.figure.source_line)
            + html.render_table(brief.figure.table)
        )


def _show_changes(mix: Mix, brief: PortfolioBrief, localizer: Localizer) -> None:
    with st.container(key="fig_change"):
        if brief.change is None:
            return
        st.html(figures.render_changes(brief.change, localizer))
        sheet = st.expander(
            localizer.text("portfolio.change.more"), expanded=any(mix.transfer), key="fold_change", on_change="rerun"
        )
        if sheet.open:
            with sheet:
                _show_change(brief.change, localizer)


def _show_change(brief: MixChange, localizer: Localizer) -> None:
    """The choice of a change, what it would do, the chart and the table of all."""
    figure = brief.figure
    with st.container(key="moves", horizontal=True):
        for key, options, value in (
            ("w_take", brief.source_options, brief.chosen[0]),
            ("w_give", brief.target_options, brief.chosen[1]),
        ):
            st.selectbox(
                localizer.text("portfolio.change.from" if key == "w_take" else "portfolio.change.to"),
                list(options),
                index=list(options).index(seed_widget(key, value)),
                format_func=make_label_formatter(options),
                key=key,
                placeholder=localizer.text("control.placeholder"),
                width=200,
                on_change=_on_move_change,
            )
    st.html(html.render_paragraphs("o-take", brief.sentence) + html.render_paragraphs("o-source", figure.subtitle))
    st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"frontier_{localizer.language}")
    st.html(
        html.render_paragraphs("o-source", *figure.notes, figure.source_line)
        + html.render_folds(html.render_details(localizer.text("table.show"), html.render_table(figure.table)))
    )


def _on_shock_change() -> None:
    mix_fragment.set_mix(replace(mix_fragment.get_mix(), shock_month=st.session_state.get("w_shock") or ""))


def _on_move_change() -> None:
    """Stores the source and target of a transfer; if they are equal, the page chooses the target."""
    source, target = (st.session_state.get(key) or "" for key in ("w_take", "w_give"))
    mix_fragment.set_mix(replace(mix_fragment.get_mix(), transfer=(source, "" if target == source else target)))
