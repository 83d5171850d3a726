"""What one change of mix would do to growth and risk: the one looked at, all of them, and those that no other beats."""

from collections.abc import Mapping

from observatory.briefs.common.disclosure import edition_of
from observatory.briefs.common.model import Table, computed
from observatory.briefs.portfolio.growth import expected
from observatory.briefs.portfolio.model import Change, how
from observatory.charts.risk_return import Spot, frontier
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import STEP, Ahead, Move, best, moves
from observatory.selection import Selection

NAMED = 3


def change(
    outlook: Outlook,
    shares: Mapping[str, float],
    own: Mapping[str, float],
    selection: Selection,
    speaker: Speaker,
    chosen: tuple[str, str],
) -> Change | None:
    """All changes by one step; None where there is only one market to be in."""
    now = expected(outlook, shares, own, selection.horizon)
    found = moves(outlook.joint, shares, own, selection.horizon)
    if now is None or not found:
        return None
    front = best(found, now)[:NAMED]
    looked = _looked_at(found, front, chosen)
    usual = {"": speaker.say("portfolio.change.own")}
    sources = usual | {row.source: _title(outlook, row.source, speaker) for row in found}
    targets = usual | {row.target: _title(outlook, row.target, speaker) for row in found if row.target != chosen[0]}
    heads = tuple(speaker.say(f"portfolio.change.head.{name}") for name in ("move", "middle", "low", "decline"))
    table = Table(
        speaker.say("portfolio.change.caption"),
        heads,
        (
            _row(speaker.say("portfolio.change.now"), now.middle, now.low, now.decline, speaker),
            *(
                _row(_name(outlook, row, speaker), row.middle, row.low, row.decline, speaker)
                for row in sorted(found, key=lambda row: (-row.middle, row.decline))
            ),
        ),
    )
    takeaway = _takeaway(outlook, front, now, speaker)
    figure = computed(
        name="frontier",
        title=speaker.say("portfolio.change.title"),
        subtitle=speaker.say("portfolio.change.subtitle", step=whole_percent(STEP)),
        spec=frontier(
            Spot(now.decline * 100, now.middle * 100, speaker.say("portfolio.change.now")),
            [Spot(row.decline * 100, row.middle * 100, "") for row in found if row not in front],
            [Spot(row.decline * 100, row.middle * 100, str(place)) for place, row in enumerate(front, 1)],
            speaker.say("portfolio.change.axis"),
            speaker.language,
        ),
        takeaway=takeaway,
        source_line=edition_of(outlook, speaker),
        table=table,
        alt=takeaway,
        notes=(speaker.say("portfolio.change.note"),),
    )
    return Change(
        _sentence(outlook, looked, now, speaker),
        figure,
        sources,
        targets,
        _asked(looked, chosen),
        how("change", outlook, shares, speaker),
    )


def _asked(looked: Move, chosen: tuple[str, str]) -> tuple[str, str]:
    """What of the reader's choice the change that is looked at follows; the rest is the page's own."""
    source, target = (one if one == other else "" for one, other in zip(chosen, _pair(looked), strict=True))
    return source, target


def _pair(row: Move) -> tuple[str, str]:
    return row.source, row.target


def _looked_at(found: tuple[Move, ...], front: tuple[Move, ...], chosen: tuple[str, str]) -> Move:
    """The change that the reader chose; else one from or into the market that they chose; else the best, the safest."""
    source, target = chosen
    ordered = [*front, *sorted(found, key=lambda row: (row.decline, -row.middle))]
    same = [row for row in ordered if row.source == source] or ordered
    return next((row for row in same if row.target == target), same[0])


def _sentence(outlook: Outlook, row: Move, now: Ahead, speaker: Speaker) -> str:
    return speaker.say(
        "portfolio.change.sentence",
        step=whole_percent(row.step),
        source=_title(outlook, row.source, speaker),
        target=_title(outlook, row.target, speaker),
        middle=speaker.growth(now.middle),
        middle_after=speaker.growth(row.middle),
        p=speaker.odds(now.decline),
        p_after=speaker.odds(row.decline),
    )


def _takeaway(outlook: Outlook, front: tuple[Move, ...], now: Ahead, speaker: Speaker) -> str:
    """The best few by their number in the chart, or that none is better on both counts."""
    if not front:
        return speaker.say("portfolio.change.best.none")
    named = [
        speaker.say(
            "portfolio.change.best.one",
            number=place,
            move=_name(outlook, row, speaker),
            middle=speaker.growth(row.middle),
            p=speaker.odds(row.decline),
        )
        for place, row in enumerate(front, 1)
    ]
    first = speaker.say("portfolio.change.best", middle=speaker.growth(now.middle), p=speaker.odds(now.decline))
    return " ".join([first, *named])


def _row(name: str, middle: float, low: float, decline: float, speaker: Speaker) -> tuple[str, ...]:
    return name, speaker.growth(middle), speaker.growth(low), f"{speaker.odds(decline)}{speaker.percent_sign}"


def _name(outlook: Outlook, row: Move, speaker: Speaker) -> str:
    return speaker.say(
        "portfolio.change.move",
        step=whole_percent(row.step),
        source=_title(outlook, row.source, speaker),
        target=_title(outlook, row.target, speaker),
    )


def _title(outlook: Outlook, name: str, speaker: Speaker) -> str:
    return speaker.of(outlook.catalogue.segments[name], "title")
