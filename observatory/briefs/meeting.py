"""What the screens of a meeting say: one message and one chart each, in an order that the link holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from observatory.briefs import overview
from observatory.briefs.cards import Card, card
from observatory.briefs.common.model import Figure, Overview
from observatory.briefs.portfolio import page as portfolio
from observatory.briefs.portfolio.model import Barred
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import baselines
from observatory.language import Speaker
from observatory.mix import EMPTY, Mix
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

PORTFOLIO = "p"
MOST_NAMED = 2  # publishers on the line of sources; the others are counted


@dataclass(frozen=True, repr=False)
class Screen:
    """One screen: its card, the date, edition and sources of its figures, its proof (a figure, the ranking, bars).

    `mix` are the names and shares (parts of one) of a reader's own markets.
    """

    card: Card
    clock: str
    figure: Figure | None = None
    ranking: Overview | None = None
    bars: Barred | None = None
    mix: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Row:
    """A screen that stands for itself, by its code in links: its page, and what it shows."""

    code: str
    page: str
    make: Callable[[Outlook, Selection, Mix, Speaker], Screen]


def sequence(selection: Selection) -> tuple[str, ...]:
    """The codes of the screens, in order; without any the overview, the market of the link, and the record."""
    if selection.screens:
        return tuple(selection.screens.split("."))
    return tuple(code for code in ("o", selection.segment, "t") if code)


def current(selection: Selection) -> int:
    """The number of the screen that is shown, from 1; one beyond the end is the last."""
    return min(selection.screen, len(sequence(selection)))


def shown(selection: Selection) -> tuple[str, Selection]:
    """The page that the current screen stands for, and what is chosen there."""
    code = sequence(selection)[current(selection) - 1]
    row = next((row for row in SCREENS if row.code == code), None)
    if row is not None:
        return row.page, selection
    if code == selection.segment:
        return "segment", selection
    return "segment", replace(selection, segment=code, indicator="", geo="", item="")


def private(selection: Selection) -> bool:
    """Whether a screen of the meeting shows the reader's own mix, which its link then carries."""
    return selection.mode == "meeting" and PORTFOLIO in sequence(selection)


def screen(outlook: Outlook, selection: Selection, speaker: Speaker, mix: Mix = EMPTY) -> Screen:
    """The current screen as of an outlook; of the mix only its own screen says anything."""
    page, chosen = shown(selection)
    make = next((row.make for row in SCREENS if row.page == page), _segment)
    return make(outlook, chosen, mix, speaker)


def _overview(outlook: Outlook, selection: Selection, _mix: Mix, speaker: Speaker) -> Screen:
    brief = overview.overview(outlook, selection, speaker)
    pairs, _year = overview.ranked(outlook, selection.horizon)
    source = _source(outlook, [call for _segment, call in pairs], speaker)
    said = card("overview", outlook, selection, speaker)
    return Screen(said, _clock(outlook, said, source, speaker), ranking=brief)


def _segment(outlook: Outlook, selection: Selection, _mix: Mix, speaker: Speaker) -> Screen:
    """The market's index, on which its call is judged; the series that the reader chose, or the first, without one."""
    figure = segment.meeting_figure(outlook, selection, speaker)
    call = outlook.calls.get((selection.segment, selection.horizon))
    if figure is not None and figure.credit.publisher:
        source = speaker.say("meeting.source", names=figure.credit.publisher)
    else:
        source = _source(outlook, [call] if call else [], speaker)
    said = card("segment", outlook, selection, speaker)
    return Screen(said, _clock(outlook, said, source, speaker), figure)


def _portfolio(outlook: Outlook, selection: Selection, mix: Mix, speaker: Speaker) -> Screen:
    """What the reader's own markets should do together at every horizon; without a mix, how to bring one."""
    brief, shares = portfolio.portfolio(outlook, selection, mix, speaker), mix.whole
    lead = brief.lead if shares else speaker.say("meeting.portfolio.empty")
    said = replace(card("portfolio", outlook, selection, speaker), sentence=lead)
    calls = [call for name in shares if (call := outlook.calls.get((name, selection.horizon))) is not None]
    clock = _clock(outlook, said, _source(outlook, calls, speaker), speaker)
    ordered = sorted(shares.items(), key=lambda part: -part[1])
    named = tuple((speaker.of(outlook.catalogue.segments[name], "title"), share) for name, share in ordered)
    return Screen(said, clock, bars=brief.ahead, mix=named)


def _track_record(outlook: Outlook, selection: Selection, _mix: Mix, speaker: Speaker) -> Screen:
    said = card("track_record", outlook, selection, speaker)
    clock = _clock(outlook, said, speaker.say("meeting.source.record"), speaker)
    return Screen(said, clock, baselines.reliability(outlook.past, speaker))


def _clock(outlook: Outlook, said: Card, source: str, speaker: Speaker) -> str:
    """The line at the foot: as of when, which edition (a reconstruction says its day itself), from whom."""
    dated = (said.edition,) if outlook.rebuilt else (said.date, speaker.say("meeting.edition", id=outlook.number))
    return " \u00b7 ".join(part for part in (*dated, source) if part)


def _source(outlook: Outlook, calls: list[Call], speaker: Speaker) -> str:
    """Who publishes what the calls rest on, those of most weight first."""
    weights: dict[str, float] = {}
    for call in calls:
        for row in call.reasons:
            source = outlook.catalogue.indicators[row.indicator].source
            weights[source] = weights.get(source, 0) + row.share
    ordered = sorted((name for name in weights if weights[name] > 0), key=lambda name: (-weights[name], name))
    names = [speaker.of(outlook.catalogue.sources[name], "publisher") for name in ordered]
    comma = " ; " if speaker.language == "fr" else "; "  # some of them have a comma of their own
    said, rest = speaker.dress(comma.join(names[:MOST_NAMED])), len(names) - MOST_NAMED
    if rest > 0:
        return speaker.count("meeting.sources.more", rest, names=said)
    return speaker.say("meeting.source", names=said) if names else ""


SCREENS: tuple[Row, ...] = (
    Row("o", "overview", _overview),
    Row(PORTFOLIO, "portfolio", _portfolio),
    Row("t", "track_record", _track_record),
)
