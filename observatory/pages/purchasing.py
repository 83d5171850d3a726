"""Purchases: what inputs will cost, the chance of crossing a threshold, the reader's own basket, when to negotiate."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.methodology import FORMULAS
from observatory.briefs.common.model import Chapter
from observatory.briefs.links import of_purchasing
from observatory.briefs.purchasing.model import Purchasing
from observatory.catalogue.models import Catalogue
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import SEGMENT
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables, number_field
from observatory.pages.components.figure import figure
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import choose, method_of, named, pick, rewrite, seed, speaker_of, unmarked
from observatory.selection import SIDES, Selection, basket_of, shares_of

PATH = "/purchasing"
NEW_SHARE = 10  # per cent of an input that is added to a basket
THRESHOLDS = number_field.Limits(0.000001, 999_999_999, whole=False)
SHARES = number_field.Limits(0, 999)


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.purchasing(outlook, selection)
    notices("notices_place", brief.notices)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + _explained(brief, speaker))
    if brief.main is None:
        return
    _controls(outlook, brief, speaker)
    with st.container(key="fig_main"):
        download = html.download_of(brief.main, speaker.language, selection.asof)
        figure("main", brief.main, speaker, download if brief.main.credit.publisher else "", method_of(selection))
    with st.container(key="fig_ladder"):
        if brief.ladder is not None:
            title = speaker.say("purchasing.ladder.title")
            st.html(
                html.heading(title, brief.ladder.caption)
                + link_tables.plain(brief.ladder)
                + bar_table.how(brief.main.how, speaker)
            )
    _basket(outlook, brief, selection, speaker)
    with st.container(key="fig_inputs"):
        st.html(
            html.heading(brief.listing.title, brief.listing.subtitle)
            + link_tables.listing(brief.listing, PATH)
            + bar_table.how(brief.listing.how, speaker)
        )
    for name, chapter in (("timing", brief.timing), ("record", brief.record)):
        with st.container(key=f"fig_{name}"):
            if chapter is not None:
                st.html(_chapter(chapter) + bar_table.how(chapter.how, speaker))


def pinned(outlook: Outlook, selection: Selection) -> Selection:
    """A selection with the input, threshold and date that its page shows, so that a link names them."""
    return of_purchasing(brief_cache.purchasing(outlook, selection), selection)


def _explained(brief: Purchasing, speaker: Speaker) -> str:
    """How the sentences at the head are computed: the chance, what such chances were worth, the moment."""
    own = {term for chapter in (brief.record, brief.timing) if chapter is not None for term in chapter.how[FORMULAS:]}
    terms = brief.main.how if brief.main is not None else ()
    return bar_table.how((*terms, *sorted(own - set(terms))), speaker)


def _controls(outlook: Outlook, brief: Purchasing, speaker: Speaker) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        choose(
            catalogue,
            speaker,
            "w_input",
            speaker.say("purchasing.control.input"),
            dict(brief.choices),
            brief.indicator,
            _input,
            width=320,
        )
        wrong = number_field.field(
            speaker.say("purchasing.control.threshold"),
            "w_threshold",
            brief.threshold,
            THRESHOLDS,
            speaker,
            partial(_threshold, catalogue, brief.indicator),
            width=140,
        )
        pick(
            catalogue,
            "w_side",
            speaker.say("purchasing.control.side"),
            [(side, speaker.say(f"purchasing.side.{side}")) for side in SIDES],
            brief.side,
            lambda current, value: replace(current, side=value),
        )
        choose(
            catalogue,
            speaker,
            "w_by",
            speaker.say("purchasing.control.by"),
            dict(brief.by_choices),
            brief.by,
            lambda current, value: replace(current, by=value),
            width=150,
        )
    number_field.told("threshold", wrong)


def _input(current: Selection, value: str) -> Selection:
    """Another input: a threshold of the one before means nothing for it."""
    if value == current.indicator:
        return current
    return replace(current, segment=SEGMENT, indicator=value, geo="", item="", threshold="", side="")


def _threshold(catalogue: Catalogue, indicator: str, plain: str) -> None:
    """What was typed goes to the address, with the input that it is meant for."""
    rewrite(
        catalogue,
        lambda now: replace(now, segment=SEGMENT, indicator=indicator, geo="", item="", threshold=plain),
    )


def _basket(outlook: Outlook, brief: Purchasing, selection: Selection, speaker: Speaker) -> None:
    """The reader's basket: what is in it, then its index."""
    with st.container(key="fig_basket"):
        if brief.basket is None:
            st.html(html.heading(speaker.say("purchasing.basket.title"), " ".join(brief.basket_said)))
            return
        said = "".join(f'<p class="o-source">{escape(part)}</p>' for part in brief.basket_said)
        st.html(html.heading(brief.basket.title, brief.basket.subtitle) + said)
        _shares(outlook.catalogue, brief, speaker)
        st.vega_lite_chart(brief.basket.spec, theme=None, alt=brief.basket.alt, key=f"basket_{speaker.language}")
        st.html(html.closing(brief.basket, "", speaker, method_of(selection)))


def _shares(catalogue: Catalogue, brief: Purchasing, speaker: Speaker) -> None:
    """Which inputs are in the basket, and one small field a share."""
    shares = {row.code: row.share for row in brief.shares}
    names = dict(brief.offered)
    st.multiselect(
        speaker.say("purchasing.basket.pick"),
        list(names),
        default=seed("w_basket", list(shares)),
        format_func=named(names),
        key="w_basket",
        placeholder=speaker.say("control.placeholder"),
        on_change=_picked,
        args=(catalogue, shares),
    )
    with st.container(key="shares", horizontal=True):
        wrong = [
            number_field.field(
                speaker.say("purchasing.basket.share", title=unmarked(row.title)),
                f"w_share_{row.code}",
                str(row.share),
                SHARES,
                speaker,
                partial(_shared, catalogue, shares, row.code),
                width=220,
            )
            for row in brief.shares
        ]
    number_field.told("shares", *wrong)


def _picked(catalogue: Catalogue, shares: Mapping[str, int]) -> None:
    chosen = st.session_state.get("w_basket", [])
    _write(catalogue, {code: shares.get(code, NEW_SHARE) for code in chosen})


def _shared(catalogue: Catalogue, shares: Mapping[str, int], code: str, plain: str) -> None:
    _write(catalogue, {**shares, code: int(plain or 0)})


def _write(catalogue: Catalogue, shares: Mapping[str, int]) -> None:
    text = basket_of(shares)
    if shares_of(text) or not text:
        rewrite(catalogue, lambda now: replace(now, basket=text))


def _chapter(chapter: Chapter) -> str:
    """A chapter as its terms, then its tables; one alone takes the whole width, and is one click away."""
    text = html.heading(chapter.title, chapter.subtitle) + (html.terms(chapter.terms) if chapter.terms else "")
    if len(chapter.tables) == 1:
        return text + html.more(chapter.tables[0].caption, link_tables.plain(chapter.tables[0]))
    tables = "".join(
        f'<div><h3 class="o-head">{escape(table.caption)}</h3>{link_tables.plain(table)}</div>'
        for table in chapter.tables
    )
    return f'{text}<div class="o-pair">{tables}</div>'
