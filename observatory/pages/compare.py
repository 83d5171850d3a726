"""Compare: how series move together, which one leads."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.comparison_model import Compared, Member
from observatory.briefs.common.model import Chapter
from observatory.briefs.common.series_search import found, fronted
from observatory.briefs.links import of_compare
from observatory.catalogue.series_codes import BETWEEN
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.figure import figure
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import choose, gather, method_of, pick, speaker_of
from observatory.pages.overview import horizon
from observatory.pages.segment import years
from observatory.selection import Selection, address
from observatory.settings import MOST_SERIES

LONGEST_SEARCH = 60


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.compare(outlook, selection)
    notices("notices_place", brief.notices)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + bar_table.how(brief.how.terms, speaker))
    _series(outlook, selection, brief, speaker)
    _controls(outlook, selection, brief, speaker)
    with st.container(key="fig_compared"):
        _chart(brief, selection, speaker)
    with st.container(key="fig_growth"):
        title, subtitle = (speaker.say(f"compare.growth.{part}") for part in ("title", "subtitle"))
        st.html(
            html.heading(title, subtitle)
            + _growth(brief, selection, speaker)
            + bar_table.how(brief.growth_how, speaker)
        )
    with st.container(key="fig_ties"):
        if brief.ties.tables:
            st.html(_ties(brief.ties) + bar_table.how(brief.ties.how, speaker))
    st.html(f'<h2 class="o-title">{escape(speaker.say("compare.smalls.title"))}</h2>')
    with st.container(key="smalls"):
        for place, small in enumerate(brief.smalls):
            with st.container(key=f"fig_small_{place}"):
                download = html.download_of(small, speaker.language, selection.asof)
                figure(f"small_{place}", small, speaker, download, method_of(selection) if small.honesty else "")


def pinned(outlook: Outlook, selection: Selection) -> Selection:
    """A selection with the series that its page shows, so that a link names them; and nothing of other pages."""
    return of_compare(brief_cache.compare(outlook, selection), selection)


def _series(outlook: Outlook, selection: Selection, brief: Compared, speaker: Speaker) -> None:
    """The search and the series: what is typed thins the list, accents and languages aside."""
    every = brief_cache.choices(outlook, selection)
    with st.container(key="series_picker"):
        query = st.text_input(
            speaker.say("compare.find"),
            key="find",
            max_chars=LONGEST_SEARCH,
            type="search",
            live=True,
            placeholder=speaker.say("compare.find.hint"),
        )
        seen = found(every, query or "")
        names = {row.code: row.name for row in every}
        asked = _asked(selection, brief, names)
        options = dict(zip(asked, fronted([names[code] for code in asked]), strict=True))
        options |= {row.code: row.label for row in seen if row.code not in options}
        gather(
            outlook.catalogue,
            "w_series",
            speaker.say("compare.pick"),
            options,
            asked,
            lambda current, value: replace(current, series=BETWEEN.join(value)),
            MOST_SERIES,
            speaker.say("compare.pick.placeholder"),
        )
    if query:
        st.text(_matching(query, [row.code for row in seen], asked, speaker))


def _matching(query: str, seen: list[str], asked: list[str], speaker: Speaker) -> str:
    """How many series a search has found, and what to do to compare one: the list is closed until it is opened."""
    if not seen:
        return speaker.say("compare.found.none", query=query)
    fresh = sum(code not in asked for code in seen)
    if not fresh:
        return speaker.say("compare.found.there")
    if len(asked) >= MOST_SERIES:
        return speaker.count("compare.found.full", fresh, most=MOST_SERIES)
    return speaker.count("compare.found", fresh)


def _asked(selection: Selection, brief: Compared, known: dict[str, str]) -> list[str]:
    """The series of the address, also those that a divisor leaves out of the charts."""
    codes = [code for code in selection.series.split(BETWEEN) if code in known]
    return codes or list(brief.codes)


def _controls(outlook: Outlook, selection: Selection, brief: Compared, speaker: Speaker) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        pick(
            catalogue,
            "w_unit",
            speaker.say("control.unit"),
            [(unit, speaker.say(f"control.unit.{unit}")) for unit in brief.displays],
            brief.display,
            lambda current, value: replace(current, unit=value),
        )
        horizon(outlook, selection, speaker)
        years(outlook, selection, speaker)
        if brief.base and brief.bases:
            choose(
                catalogue,
                speaker,
                "w_base",
                speaker.say("compare.base"),
                {year: str(year) for year in brief.bases},
                brief.base,
                lambda current, value: replace(current, base=value),
                width=110,
            )
        choose(
            catalogue,
            speaker,
            "w_per",
            speaker.say("compare.per"),
            dict(brief.divisors),
            brief.per,
            lambda current, value: replace(current, per=value),
            width=300,
        )


def _chart(brief: Compared, selection: Selection, speaker: Speaker) -> None:
    chart = brief.chart
    names = "".join(
        f'<li class="o-role" style="{_stroke(row)}"><b>{row.letter}</b> {escape(row.short)}</li>'
        for row in brief.members
    )
    st.html(html.heading(chart.title, chart.subtitle) + f'<ul class="o-names">{names}</ul>')
    if chart.spec is None:
        st.html(f'<p class="o-under">{escape(speaker.say("compare.nothing"))}</p>')
    else:
        st.vega_lite_chart(chart.spec, theme=None, alt=chart.alt, key=f"compared_{speaker.language}")
    st.html(html.closing(chart, "", speaker, method_of(selection)))


def _stroke(row: Member) -> str:
    """The line of a series beside its name, as the chart draws it."""
    stops, at = [], 0
    for place, size in enumerate(row.dash or (1,)):
        stops.append(f"{'transparent' if place % 2 else f'var(--{row.token})'} {at}px {at + size}px")
        at += size
    return f"--tone:var(--{row.token});--stroke:repeating-linear-gradient(90deg,{','.join(stops)})"


def _growth(brief: Compared, selection: Selection, speaker: Speaker) -> str:
    heads = brief.growth.heads
    lines = [_member(row, heads, selection, speaker) for row in brief.members]
    return link_tables.stacked(brief.growth.caption, heads, [False] + [True] * (len(heads) - 1), lines, " o-members")


def _member(row: Member, heads: tuple[str, ...], selection: Selection, speaker: Speaker) -> str:
    link = escape(address("/segment", row.target, link_tables.SHORT), quote=True)
    name = f'<a href="{link}" target="_self">{escape(row.title)}</a>'
    mark = f'<span class="o-role" style="{_stroke(row)}"><b>{row.letter}</b></span>'
    below = escape(row.below)
    if row.peers:
        other = replace(selection, series=row.peers, unit="index", per="", base=0)
        peers = escape(address("/compare", other, link_tables.SHORT), quote=True)
        below += f' \u00b7 <a href="{peers}" target="_self">{escape(speaker.say("compare.peers"))}</a>'
    cells = "".join(
        f'<td data-head="{escape(head, quote=True)}"{html.right(True, words=cell)}>{escape(cell)}</td>'
        for head, cell in zip(heads[1:], row.cells, strict=True)
    )
    return f'<tr><th scope="row">{mark} {name}<small>{below}</small></th>{cells}</tr>'


def _ties(chapter: Chapter) -> str:
    return html.heading(chapter.title, chapter.subtitle) + "".join(link_tables.plain(table) for table in chapter.tables)
