"""Effects of a publication before it happens: counts, revisions, charts before and after, changed calls."""

from dataclasses import replace

import streamlit as st

from observatory import workspace
from observatory.briefs.common.context import Context
from observatory.briefs.publish.page import SeriesFigurePair, build_publish
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables
from observatory.pages.components.templates import render
from observatory.selection import DEFAULT_SELECTION


def show(
    title: str, before: Outlook, after: Outlook, changes: OutlookDiff, unchanged: int, localizer: Localizer
) -> None:
    """Shows the effects of publishing a draft, or of undoing an edition."""
    selection = replace(DEFAULT_SELECTION, lang=localizer.language)
    context = Context(after, selection, localizer, workspace.get_workspace().today())
    brief = build_publish(context, title, before, changes, unchanged)
    with st.container(key="fig_effect"):
        st.html(html.render_heading(brief.counts_table.caption, brief.lead) + html.render_table(brief.counts_table))
    for name, listing in brief.link_tables:
        with st.container(key=f"fig_{name}"):
            st.html(html.render_heading(listing.title, listing.subtitle) + link_tables.render_listing(listing, ""))
    if brief.neighbours_text:
        with st.container(key="fig_neighbours"):
            st.html(html.render_heading(localizer.text("neighbours.title"), brief.neighbours_text))
    for index, pair in enumerate(brief.figure_pairs):
        _show_pair(pair, index, localizer)
    with st.container(key="fig_calls"):
        text = html.render_heading(localizer.text("publish.calls"), f"{brief.calls_text} {brief.forecasts_text}")
        if brief.changed_calls:
            heads = tuple(localizer.text(f"news.head.{name}") for name in ("market", "old", "new"))
            text += link_tables.render_call_changes(
                brief.changed_calls, heads, localizer.text("publish.calls"), "/segment"
            )
        if brief.moved_calls is not None:
            text += html.render_details(brief.moved_calls.caption, html.render_table(brief.moved_calls))
        st.html(text)


def _show_pair(pair: SeriesFigurePair, index: int, localizer: Localizer) -> None:
    with st.container(key=f"fig_pair_{index}"):
        st.html(html.render_heading(pair.title, pair.after.subtitle))
        figures = [("after", pair.after)] if pair.before is None else [("before", pair.before), ("after", pair.after)]
        for column, (name, figure) in zip(st.columns(len(figures)), figures, strict=True):
            with column:
                st.html(render("strong_unit", text=localizer.text(f"publish.chart.{name}")))
                if figure.spec is not None:
                    st.vega_lite_chart(
                        figure.spec, theme=None, alt=figure.alt, key=f"pair_{index}_{name}_{localizer.language}"
                    )
                st.html(html.render_paragraphs("o-take", figure.takeaway))
