"""What the screens of a meeting say: one message and one chart each, in an order that the link holds."""

from dataclasses import dataclass, replace

from observatory.briefs import overview
from observatory.briefs.cards import (
    Card,
    build_overview_card,
    build_segment_card,
    build_title_card,
    build_track_record_card,
)
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, OverviewBrief
from observatory.briefs.portfolio import page as portfolio
from observatory.briefs.portfolio.model import BarTable
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import baselines
from observatory.mix import Mix
from observatory.outlook.calls.calls import Call
from observatory.selection import Selection

PORTFOLIO_SCREEN = "p"
_MAX_NAMED_PUBLISHERS = 2  # publishers on the line of sources; the others are counted


@dataclass(frozen=True, repr=False)
class MeetingScreen:
    """One screen: its card, the date, edition and sources of its figures, its proof (a figure, the ranking, bars).

    `mix` are the names and shares (parts of one) of a reader's own markets.
    """

    card: Card
    footer: str
    figure: Figure | None = None
    ranking: OverviewBrief | None = None
    bars: BarTable | None = None
    mix_shares: tuple[tuple[str, float], ...] = ()


def list_screen_codes(selection: Selection) -> tuple[str, ...]:
    """The codes of the screens, in order; without any the overview, the market of the link, and the record."""
    if selection.screens:
        return tuple(selection.screens.split("."))
    return tuple(code for code in ("o", selection.segment, "t") if code)


def current_screen_number(selection: Selection) -> int:
    """The number of the screen that is shown, from 1; one beyond the end is the last."""
    return min(selection.screen, len(list_screen_codes(selection)))


def shows_private_mix(selection: Selection) -> bool:
    """Whether a screen of the meeting shows the reader's own mix, which its link then carries."""
    return selection.mode == "meeting" and PORTFOLIO_SCREEN in list_screen_codes(selection)


def build_overview_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """The ranking of all markets."""
    brief = overview.build_overview(context)
    pairs, _year = overview.rank_markets(context.outlook, context.selection.horizon)
    source = _sources_text(context, [call for _segment, call in pairs])
    said = build_overview_card(context)
    return MeetingScreen(said, _footer_text(context, said, source), ranking=brief)


def build_segment_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """The market's index, on which its call is judged; the series that the reader chose, or the first, without one."""
    figure = segment.build_meeting_figure(context)
    call = context.outlook.calls.get((context.selection.segment, context.selection.horizon))
    if figure is not None and figure.provenance.publisher:
        source = context.localizer.text("meeting.source", names=figure.provenance.publisher)
    else:
        source = _sources_text(context, [call] if call else [])
    said = build_segment_card(context)
    return MeetingScreen(said, _footer_text(context, said, source), figure)


def build_portfolio_screen(context: Context, mix: Mix) -> MeetingScreen:
    """What the reader's own markets should do together at every horizon; without a mix, how to bring one."""
    brief, shares = portfolio.build_portfolio(context, mix), mix.normalized_shares
    lead = brief.lead if shares else context.localizer.text("meeting.portfolio.empty")
    said = replace(build_title_card(context, "portfolio"), sentence=lead)
    calls = [
        call for name in shares if (call := context.outlook.calls.get((name, context.selection.horizon))) is not None
    ]
    clock = _footer_text(context, said, _sources_text(context, calls))
    ordered = sorted(shares.items(), key=lambda part: -part[1])
    named = tuple(
        (context.localizer.field_text(context.outlook.catalogue.segments[name], "title"), share)
        for name, share in ordered
    )
    return MeetingScreen(said, clock, bars=brief.growth, mix_shares=named)


def build_track_record_screen(context: Context, _mix: Mix) -> MeetingScreen:
    """How often past calls were right."""
    said = build_track_record_card(context)
    clock = _footer_text(context, said, context.localizer.text("meeting.source.record"))
    return MeetingScreen(
        said, clock, baselines.build_reliability_figure(context.outlook.replayed_calls, context.localizer)
    )


def _footer_text(context: Context, card: Card, source: str) -> str:
    """The line at the foot: as of when, which edition (a reconstruction says its day itself), from whom."""
    dated = (
        (card.edition,)
        if context.outlook.is_reconstructed
        else (card.date, context.localizer.text("meeting.edition", id=context.outlook.edition))
    )
    return " \u00b7 ".join(part for part in (*dated, source) if part)


def _sources_text(context: Context, calls: list[Call]) -> str:
    """Who publishes what the calls rest on, those of most weight first."""
    localizer = context.localizer
    weights: dict[str, float] = {}
    for call in calls:
        for row in call.reasons:
            source = context.outlook.catalogue.indicators[row.indicator].source
            weights[source] = weights.get(source, 0) + row.share
    ordered = sorted((name for name in weights if weights[name] > 0), key=lambda name: (-weights[name], name))
    names = [localizer.field_text(context.outlook.catalogue.sources[name], "publisher") for name in ordered]
    comma = " ; " if localizer.language == "fr" else "; "  # some of them have a comma of their own
    said, rest = localizer.typeset(comma.join(names[:_MAX_NAMED_PUBLISHERS])), len(names) - _MAX_NAMED_PUBLISHERS
    if rest > 0:
        return localizer.plural("meeting.sources.more", rest, names=said)
    return localizer.text("meeting.source", names=said) if names else ""
