"""What a publication would change, on the page of analysts: counts, revisions, charts before and after, calls."""

from datetime import UTC, datetime
from html import escape

import streamlit as st

from observatory.briefs.publish.page import Pair, effect
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Changes
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables


def show(title: str, before: Outlook, after: Outlook, found: Changes, unchanged: int, speaker: Speaker) -> None:
    """The effect of a draft, or of undoing an edition."""
    brief = effect(title, before, after, found, unchanged, speaker, datetime.now(UTC).date())
    with st.container(key="fig_effect"):
        st.html(html.heading(brief.counts.caption, brief.lead) + html.table(brief.counts))
    for name, listing in brief.listings:
        with st.container(key=f"fig_{name}"):
            st.html(html.heading(listing.title, listing.subtitle) + link_tables.listing(listing, ""))
    if brief.neighbours:
        with st.container(key="fig_neighbours"):
            st.html(html.heading(speaker.say("neighbours.title"), brief.neighbours))
    for place, pair in enumerate(brief.pairs):
        _pair(pair, place, speaker)
    with st.container(key="fig_calls"):
        text = html.heading(speaker.say("publish.calls"), f"{brief.calls} {brief.forecasts}")
        if brief.turned:
            heads = tuple(speaker.say(f"news.head.{name}") for name in ("market", "old", "new"))
            text += link_tables.turned(brief.turned, heads, speaker.say("publish.calls"), "/segment")
        if brief.moved is not None:
            text += html.more(brief.moved.caption, html.table(brief.moved))
        st.html(text)


def _pair(pair: Pair, place: int, speaker: Speaker) -> None:
    with st.container(key=f"fig_pair_{place}"):
        st.html(html.heading(pair.title, pair.after.subtitle))
        shown = [("after", pair.after)] if pair.before is None else [("before", pair.before), ("after", pair.after)]
        for column, (name, figure) in zip(st.columns(len(shown)), shown, strict=True):
            with column:
                st.html(f'<p class="o-unit"><b>{speaker.say(f"publish.chart.{name}")}</b></p>')
                if figure.spec is not None:
                    st.vega_lite_chart(
                        figure.spec, theme=None, alt=figure.alt, key=f"pair_{place}_{name}_{speaker.language}"
                    )
                st.html(f'<p class="o-take">{escape(figure.takeaway)}</p>')
