"""Screens of a meeting: one message and one chart each, in the order that the link gives."""

import re
import unicodedata
from dataclasses import dataclass, replace

from observatory.briefs.cards import (
    Card,
    build_overview_card,
    build_segment_card,
    build_title_card,
    build_track_record_card,
)
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.model import Figure
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.overview.model import OverviewBrief
from observatory.briefs.overview.page import build_overview
from observatory.briefs.overview.ranking import rank_markets
from observatory.briefs.portfolio.model import BarTable
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.segment.page import build_meeting_figure
from observatory.briefs.track_record import baselines
from observatory.mix import Mix
from observatory.outlook.calls.calls import Call
from observatory.selection import NOTE_SCREEN, Selection, find_note_market
from observatory.store.notes import NoteScope

PORTFOLIO_SCREEN = "p"
_MAX_NAMED_PUBLISHERS = 2  # on the line of sources; the others are counted


@dataclass(frozen=True, repr=False)
class MeetingScreen:
    """One screen: a card, a footer (date, edition, sources) and the evidence: a figure, the ranking or bars.

    `mix_shares` are the names and shares (adding up to one) of the markets in the reader's mix, largest first.
    """

    card: Card
    footer: str
    figure: Figure | None = None
    ranking: OverviewBrief | None = None
    bars: BarTable | None = None
    mix_shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class MeetingCover:
    """The first screen of a meeting; `markets` are pictograms with their names, `code_text` explains the QR code."""

    title: str
    lead: str
    edition: str
    publisher: str
    markets: tuple[tuple[str, str], ...]
    code_text: str


def list_screen_codes(selection: Selection) -> tuple[str, ...]:
    """The codes of the screens, in order; by default the overview, the market of the link, and the track record."""
    if selection.screens:
        return tuple(selection.screens.split("."))
    return tuple(code for code in ("o", selection.segment, "t") if code)


def current_screen_number(selection: Selection) -> int:
    """The number of the screen that is shown, from 1, or 0 for the cover; one beyond the end means the last one."""
    return min(selection.screen, len(list_screen_codes(selection)))


def current_screen_code(selection: Selection) -> str:
    """The code of the screen that is shown; the cover stands for the first one."""
    return list_screen_codes(selection)[max(current_screen_number(selection), 1) - 1]


def format_note_code(segment: str = "") -> str:
    """The code of the screen of the cluster's notes on a market, or on the whole."""
    return f"{NOTE_SCREEN}-{segment}" if segment else NOTE_SCREEN


def find_note_subject(code: str) -> tuple[NoteScope, str] | None:
    """What the notes of a screen are about, as (scope, market); None if it is not a screen of notes."""
    segment = find_note_market(code)
    return None if segment is None else ("segment" if segment else "whole", segment)


def is_cover(selection: Selection) -> bool:
    """Whether the cover of a meeting is shown."""
    return selection.mode == "meeting" and selection.screen == 0


def build_cover(context: Context, publisher: str = "") -> MeetingCover:
    """The cover: what the meeting is about, and as of when; `publisher` is who runs the site, empty if unnamed."""
    outlook, localizer = context.outlook, context.localizer
    markets = [row for row in outlook.catalogue.segments.values() if row.market]
    calls = [row for row in outlook.calls.values() if row.horizon == context.selection.horizon]
    return MeetingCover(
        title=localizer.text("meeting.cover.title"),
        lead=localizer.plural(
            "meeting.cover.lead",
            len(markets),
            horizon=localizer.plural("control.horizon.years", context.selection.horizon),
        ),
        edition=f"{edition_text(outlook, localizer)} \u00b7 {calls_end_text(calls, localizer)}",
        publisher=publisher,
        markets=tuple((build_icon_name(row.title_fr), localizer.field_text(row, "title")) for row in markets),
        code_text=localizer.text("meeting.cover.code"),
    )


def build_icon_name(title: str) -> str:
    """The file name of the pictogram of a market: its French title in small letters without accents."""
    letters = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def shows_private_mix(selection: Selection) -> bool:
    """Whether a screen of the meeting shows the reader's mix, so that its link must contain it."""
    return selection.mode == "meeting" and PORTFOLIO_SCREEN in list_screen_codes(selection)


def build_overview_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """The ranking of all markets."""
    brief = build_overview(context)
    pairs, _year = rank_markets(context.outlook, context.selection.horizon)
    sources = _sources_text(context, [call for _segment, call in pairs])
    card = build_overview_card(context)
    return MeetingScreen(card, _footer_text(context, card, sources), ranking=brief)


def build_segment_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """The index of the market, by which its call is scored, or the series that the reader chose.

    Without a call and a choice: the first series.
    """
    figure = build_meeting_figure(context)
    call = context.outlook.calls.get((context.selection.segment, context.selection.horizon))
    if figure is not None and figure.provenance.publisher:
        sources = context.localizer.text("meeting.source", names=figure.provenance.publisher)
    else:
        sources = _sources_text(context, [call] if call else [])
    card = build_segment_card(context)
    return MeetingScreen(card, _footer_text(context, card, sources), figure)


def build_portfolio_screen(context: Context, mix: Mix) -> MeetingScreen:
    """The forecast of the reader's mix of markets at every horizon; without a mix, how to enter one."""
    brief, shares = build_portfolio(context, mix), mix.normalized_shares
    lead = brief.lead if shares else context.localizer.text("meeting.portfolio.empty")
    card = replace(build_title_card(context, "portfolio"), sentence=lead)
    calls = [
        call for name in shares if (call := context.outlook.calls.get((name, context.selection.horizon))) is not None
    ]
    footer = _footer_text(context, card, _sources_text(context, calls))
    ordered = sorted(shares.items(), key=lambda part: -part[1])
    mix_shares = tuple(
        (context.localizer.field_text(context.outlook.catalogue.segments[name], "title"), share)
        for name, share in ordered
    )
    return MeetingScreen(card, footer, bars=brief.growth, mix_shares=mix_shares)


def build_track_record_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """How often past calls were right."""
    card = build_track_record_card(context)
    footer = _footer_text(context, card, context.localizer.text("meeting.source.record"))
    figure = baselines.build_reliability_figure(context.outlook.replayed_calls, context.localizer)
    return MeetingScreen(card, footer, figure)


def _footer_text(context: Context, card: Card, sources: str) -> str:
    """Date, edition and sources in one line; the edition text of a reconstruction has its date already."""
    date_parts = (
        (card.edition,)
        if context.outlook.is_reconstructed
        else (card.date, context.localizer.text("meeting.edition", id=context.outlook.edition))
    )
    return " \u00b7 ".join(part for part in (*date_parts, sources) if part)


def _sources_text(context: Context, calls: list[Call]) -> str:
    """The publishers of the indicators on which calls rest, by decreasing weight."""
    localizer = context.localizer
    weights: dict[str, float] = {}
    for call in calls:
        for row in call.reasons:
            source = context.outlook.catalogue.indicators[row.indicator].source
            weights[source] = weights.get(source, 0) + row.share
    ordered = sorted((name for name in weights if weights[name] > 0), key=lambda name: (-weights[name], name))
    names = [localizer.field_text(context.outlook.catalogue.sources[name], "publisher") for name in ordered]
    named = localizer.join_clauses(names[:_MAX_NAMED_PUBLISHERS])
    more_count = len(names) - _MAX_NAMED_PUBLISHERS
    if more_count > 0:
        return localizer.plural("meeting.sources.more", more_count, names=named)
    return localizer.text("meeting.source", names=named) if names else ""
