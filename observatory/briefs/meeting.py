"""What the screens of a meeting say: one message and one chart each, in an order that the link holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from observatory.briefs import overview
from observatory.briefs.cards import Card, build_card
from observatory.briefs.common.model import Figure, OverviewBrief
from observatory.briefs.portfolio import page as portfolio
from observatory.briefs.portfolio.model import BarTable
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import baselines
from observatory.language import Localizer
from observatory.mix import EMPTY_MIX, Mix
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
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


@dataclass(frozen=True)
class ScreenEntry:
    """A screen that stands for itself, by its code in links: its page, and what it shows."""

    code: str
    page: str
    build: Callable[[Outlook, Selection, Mix, Localizer], MeetingScreen]


def list_screen_codes(selection: Selection) -> tuple[str, ...]:
    """The codes of the screens, in order; without any the overview, the market of the link, and the record."""
    if selection.screens:
        return tuple(selection.screens.split("."))
    return tuple(code for code in ("o", selection.segment, "t") if code)


def current_screen_number(selection: Selection) -> int:
    """The number of the screen that is shown, from 1; one beyond the end is the last."""
    return min(selection.screen, len(list_screen_codes(selection)))


def resolve_screen(selection: Selection) -> tuple[str, Selection]:
    """The page that the current screen stands for, and what is chosen there."""
    code = list_screen_codes(selection)[current_screen_number(selection) - 1]
    row = next((row for row in SCREENS if row.code == code), None)
    if row is not None:
        return row.page, selection
    if code == selection.segment:
        return "segment", selection
    return "segment", replace(selection, segment=code, indicator="", geo="", item="")


def shows_private_mix(selection: Selection) -> bool:
    """Whether a screen of the meeting shows the reader's own mix, which its link then carries."""
    return selection.mode == "meeting" and PORTFOLIO_SCREEN in list_screen_codes(selection)


def build_screen(outlook: Outlook, selection: Selection, localizer: Localizer, mix: Mix = EMPTY_MIX) -> MeetingScreen:
    """The current screen as of an outlook; of the mix only its own screen says anything."""
    page, chosen = resolve_screen(selection)
    make = next((row.build for row in SCREENS if row.page == page), _build_segment_screen)
    return make(outlook, chosen, mix, localizer)


def _build_overview_screen(outlook: Outlook, selection: Selection, _mix: Mix, localizer: Localizer) -> MeetingScreen:
    brief = overview.build_overview(outlook, selection, localizer)
    pairs, _year = overview.rank_markets(outlook, selection.horizon)
    source = _sources_text(outlook, [call for _segment, call in pairs], localizer)
    said = build_card("overview", outlook, selection, localizer)
    return MeetingScreen(said, _footer_text(outlook, said, source, localizer), ranking=brief)


def _build_segment_screen(outlook: Outlook, selection: Selection, _mix: Mix, localizer: Localizer) -> MeetingScreen:
    """The market's index, on which its call is judged; the series that the reader chose, or the first, without one."""
    figure = segment.build_meeting_figure(outlook, selection, localizer)
    call = outlook.calls.get((selection.segment, selection.horizon))
    if figure is not None and figure.provenance.publisher:
        source = localizer.text("meeting.source", names=figure.provenance.publisher)
    else:
        source = _sources_text(outlook, [call] if call else [], localizer)
    said = build_card("segment", outlook, selection, localizer)
    return MeetingScreen(said, _footer_text(outlook, said, source, localizer), figure)


def _build_portfolio_screen(outlook: Outlook, selection: Selection, mix: Mix, localizer: Localizer) -> MeetingScreen:
    """What the reader's own markets should do together at every horizon; without a mix, how to bring one."""
    brief, shares = portfolio.build_portfolio(outlook, selection, mix, localizer), mix.normalized_shares
    lead = brief.lead if shares else localizer.text("meeting.portfolio.empty")
    said = replace(build_card("portfolio", outlook, selection, localizer), sentence=lead)
    calls = [call for name in shares if (call := outlook.calls.get((name, selection.horizon))) is not None]
    clock = _footer_text(outlook, said, _sources_text(outlook, calls, localizer), localizer)
    ordered = sorted(shares.items(), key=lambda part: -part[1])
    named = tuple((localizer.field_text(outlook.catalogue.segments[name], "title"), share) for name, share in ordered)
    return MeetingScreen(said, clock, bars=brief.growth, mix_shares=named)


def _build_track_record_screen(
    outlook: Outlook, selection: Selection, _mix: Mix, localizer: Localizer
) -> MeetingScreen:
    said = build_card("track_record", outlook, selection, localizer)
    clock = _footer_text(outlook, said, localizer.text("meeting.source.record"), localizer)
    return MeetingScreen(said, clock, baselines.build_reliability_figure(outlook.replayed_calls, localizer))


def _footer_text(outlook: Outlook, card: Card, source: str, localizer: Localizer) -> str:
    """The line at the foot: as of when, which edition (a reconstruction says its day itself), from whom."""
    dated = (
        (card.edition,)
        if outlook.is_reconstructed
        else (card.date, localizer.text("meeting.edition", id=outlook.edition))
    )
    return " \u00b7 ".join(part for part in (*dated, source) if part)


def _sources_text(outlook: Outlook, calls: list[Call], localizer: Localizer) -> str:
    """Who publishes what the calls rest on, those of most weight first."""
    weights: dict[str, float] = {}
    for call in calls:
        for row in call.reasons:
            source = outlook.catalogue.indicators[row.indicator].source
            weights[source] = weights.get(source, 0) + row.share
    ordered = sorted((name for name in weights if weights[name] > 0), key=lambda name: (-weights[name], name))
    names = [localizer.field_text(outlook.catalogue.sources[name], "publisher") for name in ordered]
    comma = " ; " if localizer.language == "fr" else "; "  # some of them have a comma of their own
    said, rest = localizer.typeset(comma.join(names[:_MAX_NAMED_PUBLISHERS])), len(names) - _MAX_NAMED_PUBLISHERS
    if rest > 0:
        return localizer.plural("meeting.sources.more", rest, names=said)
    return localizer.text("meeting.source", names=said) if names else ""


SCREENS: tuple[ScreenEntry, ...] = (
    ScreenEntry("o", "overview", _build_overview_screen),
    ScreenEntry(PORTFOLIO_SCREEN, "portfolio", _build_portfolio_screen),
    ScreenEntry("t", "track_record", _build_track_record_screen),
)
