"""A segment: how this market is doing, and where it is going."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Chapter, Figure, Listed, Page
from observatory.briefs.common.series_view import ALL_YEARS, YEARS_SHOWN
from observatory.catalogue.series_codes import code_of
from observatory.charts.palette import TOKENS
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.figure import figure
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import choose, method_of, pick, query, speaker_of
from observatory.pages.overview import horizon
from observatory.selection import DEFAULT, UNITS, Selection, address


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.segment(outlook, selection)
    st.html(html.lead(brief.kicker, brief.lead) + _verdict(brief))
    _controls(outlook, selection, brief, speaker)
    with st.container(key="fig_index"):
        if brief.index is not None:
            figure("index", brief.index, speaker, method=method_of(selection))
    notices("notices_place", (brief.missing,))
    with st.container(key="fig_main"):
        if brief.main is not None:
            _series_controls(outlook, brief, brief.main, speaker)
            _figure(brief.main, selection, pages, speaker)
    with st.container(key="fig_scenarios"):
        if brief.scenarios is not None:
            st.html(html.heading(speaker.say("scenario.title"), brief.scenarios.caption) + html.table(brief.scenarios))
    with st.container(key="fig_together"):
        if brief.together is not None:
            st.html(html.heading(speaker.say("together.title"), brief.together.caption) + html.table(brief.together))
    with st.container(key="fig_reasons"):
        if brief.reasons is not None:
            st.html(html.heading(brief.reasons.caption, "") + html.table(brief.reasons))
    for name, chapter in (("shock", brief.shock), ("signals", brief.signals)):
        with st.container(key=f"fig_{name}"):
            if chapter is not None:
                st.html(_chapter(chapter))
    with st.container(key="smalls"):
        for other in brief.others:
            with st.container(key=f"fig_{other.indicator}"):
                _figure(other, selection, pages, speaker)
    with st.container(key="fig_list"):
        if len(brief.listed) > 1:
            st.html(_list(outlook, brief, selection, speaker))


def _verdict(brief: Page) -> str:
    parts = "".join(f'<p class="o-under">{escape(part)}</p>' for part in brief.under)
    if not brief.call:
        return parts
    chip = html.chip(brief.call, brief.call_label)
    return f'<p class="o-verdict">{chip}<span>{escape(brief.call_line)}</span></p>{parts}'


def _chapter(chapter: Chapter) -> str:
    """A chapter as its tables first, then its terms."""
    terms = html.terms(chapter.terms) if chapter.terms else ""
    tables = "".join(html.table(table) for table in chapter.tables)
    return html.heading(chapter.title, chapter.subtitle) + tables + terms


def _controls(outlook: Outlook, selection: Selection, brief: Page, speaker: Speaker) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        choose(
            catalogue,
            speaker,
            "w_segment",
            speaker.say("control.segment"),
            {row.id: speaker.of(row, "title") for row in catalogue.segments.values()},
            brief.segment,
            lambda current, value: replace(current, segment=value, indicator="", geo="", item=""),
            width=200,
        )
        horizon(outlook, selection, speaker)
        pick(
            catalogue,
            "w_unit",
            speaker.say("control.unit"),
            [(unit, speaker.say(f"control.unit.{unit}")) for unit in UNITS],
            selection.unit,
            lambda current, value: replace(current, unit=value),
        )
        years(outlook, selection, speaker)


def years(outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    """Which years are shown; zero is the page's own choice, and a year that a link asks for is always among them."""
    options = {
        outlook.day.year - 9: speaker.count("control.years.recent", 10),
        0: speaker.count("control.years.recent", YEARS_SHOWN),
        ALL_YEARS: speaker.say("control.years.all"),
    }
    if selection.first not in options:
        options = {selection.first: speaker.say("control.years.since", year=selection.first), **options}
    pick(
        outlook.catalogue,
        "w_years",
        speaker.say("control.years"),
        list(options.items()),
        selection.first,
        lambda current, value: replace(current, first=value),
    )


def _series_controls(outlook: Outlook, brief: Page, main: Figure, speaker: Speaker) -> None:
    catalogue = outlook.catalogue
    with st.container(key="series", horizontal=True):
        if len(brief.listed) > 1:
            choose(
                catalogue,
                speaker,
                "w_indicator",
                speaker.say("control.indicator"),
                {row.indicator: row.title for row in brief.listed},
                main.indicator,
                lambda current, value: replace(current, indicator=value, geo="", item=""),
                width=420,
            )
        if len(main.places) > 1:
            choose(
                catalogue,
                speaker,
                "w_geo",
                speaker.say("control.geo"),
                dict(main.places),
                main.geo,
                lambda current, value: replace(
                    current, indicator=main.indicator, segment=brief.segment, geo=value, item=""
                ),
            )
        if len(main.items) > 1:
            choose(
                catalogue,
                speaker,
                "w_item",
                speaker.say("control.item"),
                dict(main.items),
                main.item,
                lambda current, value: replace(
                    current, indicator=main.indicator, segment=brief.segment, geo=main.geo, item=value
                ),
            )


def _figure(made: Figure, selection: Selection, pages: Mapping[str, Any], speaker: Speaker) -> None:
    title = f"{speaker.say(f'role.{made.role}')} \u00b7 {made.title}"
    download = html.download_of(made, speaker.language, selection.asof)
    figure(f"chart_{made.indicator}", made, speaker, download, method_of(selection) if made.honesty else "", title)
    compare(made, selection, pages, speaker)


def compare(made: Figure, selection: Selection, pages: Mapping[str, Any], speaker: Speaker) -> None:
    """The way from a series to setting it beside others, over the same years and as of the same edition."""
    series = code_of((made.indicator, made.geo, made.item))
    chosen = {name: getattr(selection, name) for name in ("lang", "horizon", "first", "asof")}
    st.page_link(
        pages["compare"],
        label=speaker.say("segment.compare"),
        icon=":material/stacked_line_chart:",
        query_params=query(replace(DEFAULT, **chosen, series=series)),
    )


def _said(row: Listed) -> str:
    """What is expected of an indicator, or why nothing is; and the flag that stands, on a line of its own."""
    return "<br>".join(escape(part) for part in (row.expected or row.note, row.flag) if part)


def _list(outlook: Outlook, brief: Page, selection: Selection, speaker: Speaker) -> str:
    market = outlook.catalogue.segments[brief.segment].market
    title = speaker.say("segment.list" if market else "segment.list.section")
    lines = []
    for row in brief.listed:
        chosen = replace(selection, segment=brief.segment, indicator=row.indicator, geo="", item="")
        link = escape(address("/segment", chosen, replace(DEFAULT, lang="")), quote=True)
        tone = row.role if row.role in TOKENS else "muted"
        spark = html.sparkline(row.spark) if row.spark else "<span></span>"
        lines.append(
            f'<div class="o-list"><a href="{link}" target="_self">{escape(row.title)}</a>'
            f'<span class="o-role" style="--tone:var(--{tone})">{escape(row.role_label)}</span>'
            f"<span>{escape(row.last)}</span><small>{_said(row)}</small>{spark}</div>"
        )
    return html.heading(title, speaker.say("segment.list.hint")) + "".join(lines)
