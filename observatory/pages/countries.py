"""Countries: where abroad."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.comparison_model import Countries, Country
from observatory.briefs.countries.page import offered
from observatory.briefs.links import of_countries
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.figure import figure
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import choose, method_of, pick, speaker_of
from observatory.pages.overview import horizon
from observatory.pages.segment import compare
from observatory.selection import Selection, address

PATH = "/countries"


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """The page, from its brief; the table is the first thing on a phone, the map beside it elsewhere."""
    speaker = speaker_of(selection)
    if not offered(outlook):
        st.html(html.lead(speaker.say("page.countries"), speaker.say("error.no_countries")))
        return
    brief = brief_cache.countries(outlook, selection)
    notices("notices_place", brief.notices)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + bar_table.how(brief.how.terms, speaker))
    _controls(outlook, selection, brief, speaker)
    with st.container(key="abroad"):
        with st.container(key="fig_world"):
            _map(brief, speaker)
        with st.container(key="fig_abroad"):
            st.html(html.heading(brief.title, brief.subtitle) + _ranking(brief, selection, speaker))
            st.html(_closing(brief, selection, speaker))
    with st.container(key="fig_profile"):
        _profile(outlook, selection, brief, pages, speaker)


def pinned(outlook: Outlook, selection: Selection) -> Selection:
    """A selection with the indicator and country that its page shows, so that a link names them."""
    if not offered(outlook):
        return selection
    return of_countries(brief_cache.countries(outlook, selection), outlook, selection)


def _controls(outlook: Outlook, selection: Selection, brief: Countries, speaker: Speaker) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        choose(
            catalogue,
            speaker,
            "w_abroad",
            speaker.say("control.indicator"),
            dict(brief.indicators),
            brief.indicator,
            lambda current, value: replace(
                current, segment=catalogue.indicators[value].segment, indicator=value, item=""
            ),
            width=420,
        )
        pick(
            catalogue,
            "w_measure",
            speaker.say("countries.control.measure"),
            brief.measures,
            brief.measure,
            lambda current, value: replace(current, measure=value),
        )
        horizon(outlook, selection, speaker)


def _map(brief: Countries, speaker: Speaker) -> None:
    st.html(html.heading(brief.map_title, brief.map_subtitle) + _key(brief))
    if brief.map is not None:
        st.vega_lite_chart(brief.map, theme=None, alt=brief.map_alt, height="stretch", key=f"map_{speaker.language}")
    st.html(bar_table.how(brief.map_how, speaker))


def _key(brief: Countries) -> str:
    """The classes with their limits, and what blank means."""
    tints = "".join(
        f'<li><i style="background:var(--{brief.colour});opacity:{tint.opacity}"></i>{escape(tint.label)}</li>'
        for tint in brief.tints
    )
    return f'<ul class="o-tints">{tints}<li><i class="o-blank"></i>{escape(brief.blank)}</li></ul>'


def _ranking(brief: Countries, selection: Selection, speaker: Speaker) -> str:
    heads = (*brief.heads, speaker.say("countries.head.spark"))
    lines = [_line(row, heads, brief, selection) for row in brief.rows]
    figures = [False, *[True] * (len(heads) - 2), False]
    return link_tables.stacked(brief.table.caption, heads, figures, lines, " o-abroad")


def _line(row: Country, heads: tuple[str, ...], brief: Countries, selection: Selection) -> str:
    target = replace(selection, indicator=brief.indicator, geo=row.geo, item="", series="", per="", base=0)
    link = escape(address(PATH, target, link_tables.SHORT), quote=True)
    current = ' aria-current="true"' if row.geo == brief.geo else ""
    note = f"<small>{escape(row.note)}</small>" if row.note else ""
    cells = "".join(
        f'<td data-head="{escape(head, quote=True)}"{html.right(True, words=cell)}>{escape(cell)}</td>'
        for head, cell in zip(heads[1:-1], (row.rank, *row.cells), strict=True)
    )
    spark = html.sparkline(row.spark) if row.spark else ""
    kind = ' class="o-first"' if row.first else ""
    return (
        f'<tr{kind}><th scope="row"><a href="{link}" target="_self"{current}>{escape(row.title)}</a>{note}</th>'
        f"{cells}<td>{spark}</td></tr>"
    )


def _closing(brief: Countries, selection: Selection, speaker: Speaker) -> str:
    notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in (*brief.notes, brief.source_line))
    other = f'<a class="o-asked" href="{escape(address("/compare", brief.compare, link_tables.SHORT), quote=True)}" '
    other += f'target="_self">{escape(speaker.say("countries.compare"))}</a>' if brief.compare.series else ""
    links = other if brief.compare.series else ""
    return f'{notes}<div class="o-mores">{html.how(brief.how.terms, speaker, method_of(selection))}{links}</div>'


def _profile(
    outlook: Outlook, selection: Selection, brief: Countries, pages: Mapping[str, Any], speaker: Speaker
) -> None:
    choose(
        outlook.catalogue,
        speaker,
        "w_place",
        speaker.say("countries.control.place"),
        dict(brief.places),
        brief.geo,
        lambda current, value: replace(
            current,
            segment=outlook.catalogue.indicators[brief.indicator].segment,
            indicator=brief.indicator,
            geo=value,
            item="",
        ),
    )
    listing, known = brief.profile, brief.figure
    st.html(
        html.heading(listing.title, listing.subtitle)
        + link_tables.listing(listing, "/segment")
        + bar_table.how(listing.how, speaker)
    )
    with st.container(key="fig_place"):
        if known is not None:
            download = html.download_of(known, speaker.language, selection.asof)
            figure("place", known, speaker, download, method_of(selection) if known.honesty else "")
            compare(known, selection, pages, speaker)
