"""Compare page: several series on one chart, their growth rates, which of them move together or lead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.comparison_model import CompareBrief, ComparedSeries, SeriesChoice
from observatory.briefs.common.model import Chapter, Figure
from observatory.briefs.common.series_names import move_distinct_words_first
from observatory.briefs.common.series_search import search_series
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import SERIES_SEPARATOR
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.figure import show_figure
from observatory.pages.components.notices import show_notices
from observatory.pages.components.sheet import Sheet, show_sheets
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    escape_markdown,
    localizer_for,
    make_label_formatter,
    method_url,
    update_address,
    url_multiselect,
    url_segmented_control,
    url_selectbox,
)
from observatory.pages.overview import show_horizon_control
from observatory.pages.segment.controls import show_years_control
from observatory.selection import Selection, build_url
from observatory.settings import MAX_COMPARED_SERIES

_MAX_SEARCH_LENGTH = 60
_MAX_CHIPS = 8  # series found that are offered at once
_MAX_OPTIONS = 600  # series that the list can hold, some 40 kB at each load; the catalogue of 2026 has 450
_FIRST_OPTIONS = 50  # of more, so many are listed until a word is typed
_FOUND_KEY = "found"


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: CompareBrief = brief_cache.get_brief("compare", outlook, selection)
    show_notices("notices_place", brief.notices)
    st.html(
        html.render_lead(brief.kicker, brief.lead, brief.under)
        + bar_table.render_methodology_block(brief.methodology.terms, localizer)
    )
    _show_series_picker(outlook, selection, brief, localizer)
    _show_controls(outlook, selection, brief, localizer)
    with st.container(key="fig_compared"):
        _show_chart(brief, selection, localizer)
    with st.container(key="fig_growth"):
        title, subtitle = (localizer.text(f"compare.growth.{part}") for part in ("title", "subtitle"))
        st.html(
            html.render_heading(title, subtitle)
            + _render_growth(brief, selection, localizer)
            + bar_table.render_methodology_block(brief.growth_methodology, localizer)
        )
    with st.container(key="fig_ties"):
        if brief.comovement.tables:
            st.html(
                _render_comovement(brief.comovement)
                + bar_table.render_methodology_block(brief.comovement.methodology, localizer)
            )
    with st.container(key="fig_smalls"):
        st.html(html.render_heading(localizer.text("compare.smalls.title"), localizer.text("compare.smalls.subtitle")))
        show_sheets(
            [
                Sheet(f"small_{index}", small.title, partial(_show_single, index, small, selection, localizer))
                for index, small in enumerate(brief.small_multiples)
            ]
        )


def _show_single(index: int, figure: Figure, selection: Selection, localizer: Localizer) -> None:
    download = html.download_url(figure, localizer.language, selection.asof)
    method = method_url(selection) if figure.disclosures else ""
    show_figure(f"small_{index}", figure, localizer, download, method)


def _show_series_picker(outlook: Outlook, selection: Selection, brief: CompareBrief, localizer: Localizer) -> None:
    """The search field and the list of series, filtered by what is typed, regardless of accents and language."""
    choices = brief_cache.get_series_choices(outlook, selection)
    with st.container(key="series_picker"):
        query = st.text_input(
            localizer.text("compare.find"),
            key="find",
            max_chars=_MAX_SEARCH_LENGTH,
            type="search",
            live=True,
            placeholder=localizer.text("compare.find.hint"),
        )
        matches = search_series(choices, query or "")
        names = {row.code: row.name for row in choices}
        selected = _find_selected(selection, brief, names)
        options = dict(zip(selected, move_distinct_words_first([names[code] for code in selected]), strict=True))
        listed = limit_options(matches)
        options |= {row.code: row.label for row in listed if row.code not in options}
        url_multiselect(
            UrlField(
                outlook.catalogue,
                "w_series",
                localizer.text("compare.pick"),
                lambda current, value: replace(current, series=SERIES_SEPARATOR.join(value)),
            ),
            options,
            selected,
            MAX_COMPARED_SERIES,
            localizer.text("compare.pick.placeholder"),
        )
    if len(listed) < len(matches) and not query:
        st.text(localizer.plural("compare.pick.first", len(listed), total=localizer.number(len(matches))))
    if query:
        _show_matches(query, matches, selected, outlook, localizer)


def limit_options(matches: Sequence[SeriesChoice]) -> Sequence[SeriesChoice]:
    """The matches that the list offers: all of them, or the first ones where it would be too long to send and to read.

    The search looks through all of them, on the server.
    """
    return matches if len(matches) <= _MAX_OPTIONS else matches[:_FIRST_OPTIONS]


def _show_matches(
    query: str, matches: Sequence[SeriesChoice], selected: list[str], outlook: Outlook, localizer: Localizer
) -> None:
    """The series that match a search as chips, each of which adds one; or why none can be added."""
    fresh = [row for row in matches if row.code not in selected]
    if not matches:
        st.text(localizer.text("compare.found.none", query=query))
    elif not fresh:
        st.text(localizer.text("compare.found.there"))
    elif len(selected) >= MAX_COMPARED_SERIES:
        st.text(localizer.plural("compare.found.full", len(fresh), most=MAX_COMPARED_SERIES))
    else:
        names = {row.code: escape_markdown(row.label) for row in fresh[:_MAX_CHIPS]}
        st.pills(
            localizer.plural("compare.found", len(fresh)),
            list(names),
            format_func=make_label_formatter(names),
            key=_FOUND_KEY,
            on_change=_add_series,
            args=(outlook.catalogue, selected),
        )
        if len(fresh) > _MAX_CHIPS:
            st.text(localizer.plural("compare.found.more", len(fresh) - _MAX_CHIPS))


def _add_series(catalogue: Catalogue, selected: list[str]) -> None:
    """Adds the series of the chip to those of the address."""
    code = st.session_state.get(_FOUND_KEY)
    if code:
        update_address(catalogue, lambda current: replace(current, series=SERIES_SEPARATOR.join([*selected, code])))
        st.session_state[_FOUND_KEY] = None


def _find_selected(selection: Selection, brief: CompareBrief, names: dict[str, str]) -> list[str]:
    """The series that the address names, including those that have no chart because their divisor is missing."""
    codes = [code for code in selection.series.split(SERIES_SEPARATOR) if code in names]
    return codes or list(brief.codes)


def _show_controls(outlook: Outlook, selection: Selection, brief: CompareBrief, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        url_segmented_control(
            UrlField(
                catalogue, "w_unit", localizer.text("control.unit"), lambda current, value: replace(current, unit=value)
            ),
            [(unit, localizer.text(f"control.unit.{unit}")) for unit in brief.display_options],
            brief.display,
        )
        show_horizon_control(outlook, selection, localizer)
        show_years_control(outlook, selection, localizer)
        if brief.base_year and brief.base_year_options:
            url_selectbox(
                UrlField(
                    catalogue,
                    "w_base",
                    localizer.text("compare.base"),
                    lambda current, value: replace(current, base=value),
                ),
                localizer,
                {year: str(year) for year in brief.base_year_options},
                brief.base_year,
                width=110,
            )
        url_selectbox(
            UrlField(
                catalogue, "w_per", localizer.text("compare.per"), lambda current, value: replace(current, per=value)
            ),
            localizer,
            dict(brief.divisor_options),
            brief.divisor,
            width=300,
        )


def _show_chart(brief: CompareBrief, selection: Selection, localizer: Localizer) -> None:
    chart = brief.chart
    names = render("compared_names", rows=[(row, _stroke_style(row)) for row in brief.series])
    st.html(html.render_heading(chart.title, chart.subtitle) + names)
    if chart.spec is None:
        st.html(html.render_paragraphs("o-under", localizer.text("compare.nothing")))
    else:
        st.vega_lite_chart(chart.spec, theme=None, alt=chart.alt, key=f"compared_{localizer.language}")
    st.html(html.render_figure_footer(chart, "", localizer, method_url(selection)))


def _stroke_style(row: ComparedSeries) -> str:
    """CSS variables that draw a sample of a series' line next to its name, in the colour and dashes of the chart."""
    stops, offset = [], 0
    for index, size in enumerate(row.dash or (1,)):
        stops.append(f"{'transparent' if index % 2 else f'var(--{row.colour_token})'} {offset}px {offset + size}px")
        offset += size
    return f"--tone:var(--{row.colour_token});--stroke:repeating-linear-gradient(90deg,{','.join(stops)})"


def _render_growth(brief: CompareBrief, selection: Selection, localizer: Localizer) -> Markup:
    rows = [
        (
            row,
            _stroke_style(row),
            build_url("/segment", row.target, link_tables.LINK_DEFAULTS),
            _peers_url(row, selection) if row.peer_codes else "",
        )
        for row in brief.series
    ]
    return render(
        "growth_table",
        caption=brief.growth_table.caption,
        heads=brief.growth_table.headers,
        rows=rows,
        peers_text=localizer.text("compare.peers"),
    )


def _peers_url(row: ComparedSeries, selection: Selection) -> str:
    other = replace(selection, series=row.peer_codes, unit="index", per="", base=0)
    return build_url("/compare", other, link_tables.LINK_DEFAULTS)


def _render_comovement(chapter: Chapter) -> Markup:
    tables = (link_tables.render_text_table(table) for table in chapter.tables)
    return html.render_heading(chapter.title, chapter.subtitle) + Markup().join(tables)
