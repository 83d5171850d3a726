"""What one change of mix would do to growth and risk: the one looked at, all of them, and those that no other beats."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import edition_text
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.model import MixChange, build_part_methodology
from observatory.charts.risk_return import RiskReturnPoint, build_risk_return_chart
from observatory.language import Localizer, round_percent
from observatory.outlook.portfolio.portfolio import (
    REALLOCATION_SHARE,
    MixForecast,
    Reallocation,
    list_reallocations,
    select_efficient,
)

_MAX_NAMED = 3


def build_mix_change(
    context: Context, shares: Mapping[str, float], assumptions: Mapping[str, float], chosen: tuple[str, str]
) -> MixChange | None:
    """All changes by one step; None where there is only one market to be in."""
    outlook, localizer = context.outlook, context.localizer
    now = forecast_portfolio(outlook, shares, assumptions, context.selection.horizon)
    found = list_reallocations(outlook.joint_draws, shares, assumptions, context.selection.horizon)
    if now is None or not found:
        return None
    front = select_efficient(found, now)[:_MAX_NAMED]
    looked = _choose_reallocation(found, front, chosen)
    usual = {"": localizer.text("portfolio.change.own")}
    sources = usual | {row.source: _market_title(context, row.source) for row in found}
    targets = usual | {row.target: _market_title(context, row.target) for row in found if row.target != chosen[0]}
    heads = tuple(localizer.text(f"portfolio.change.head.{name}") for name in ("move", "middle", "low", "decline"))
    table = TextTable(
        localizer.text("portfolio.change.caption"),
        heads,
        (
            _build_row(localizer.text("portfolio.change.now"), now.median, now.low, now.decline_probability, localizer),
            *(
                _build_row(_reallocation_text(context, row), row.median, row.low, row.decline_probability, localizer)
                for row in sorted(found, key=lambda row: (-row.median, row.decline_probability))
            ),
        ),
    )
    takeaway = _takeaway_text(context, front, now)
    figure = Figure(
        indicator="frontier",
        title=localizer.text("portfolio.change.title"),
        subtitle=localizer.text("portfolio.change.subtitle", step=round_percent(REALLOCATION_SHARE)),
        spec=build_risk_return_chart(
            RiskReturnPoint(now.decline_probability * 100, now.median * 100, localizer.text("portfolio.change.now")),
            [RiskReturnPoint(row.decline_probability * 100, row.median * 100, "") for row in found if row not in front],
            [
                RiskReturnPoint(row.decline_probability * 100, row.median * 100, str(place))
                for place, row in enumerate(front, 1)
            ],
            localizer.text("portfolio.change.axis"),
            localizer.language,
        ),
        takeaway=takeaway,
        source_line=edition_text(outlook, localizer),
        table=table,
        alt=takeaway,
        notes=(localizer.text("portfolio.change.note"),),
    )
    return MixChange(
        _change_text(context, looked, now),
        figure,
        sources,
        targets,
        _match_choice(looked, chosen),
        build_part_methodology(context, "change", shares),
    )


def _match_choice(shown: Reallocation, chosen: tuple[str, str]) -> tuple[str, str]:
    """What of the reader's choice the change that is looked at follows; the rest is the page's own."""
    source, target = (one if one == other else "" for one, other in zip(chosen, _market_pair(shown), strict=True))
    return source, target


def _market_pair(reallocation: Reallocation) -> tuple[str, str]:
    return reallocation.source, reallocation.target


def _choose_reallocation(
    reallocations: tuple[Reallocation, ...], efficient: tuple[Reallocation, ...], chosen: tuple[str, str]
) -> Reallocation:
    """The change that the reader chose; else one from or into the market that they chose; else the best, the safest."""
    source, target = chosen
    ordered = [*efficient, *sorted(reallocations, key=lambda row: (row.decline_probability, -row.median))]
    same = [row for row in ordered if row.source == source] or ordered
    return next((row for row in same if row.target == target), same[0])


def _change_text(context: Context, reallocation: Reallocation, current: MixForecast) -> str:
    localizer = context.localizer
    return localizer.text(
        "portfolio.change.sentence",
        step=round_percent(reallocation.share),
        source=_market_title(context, reallocation.source),
        target=_market_title(context, reallocation.target),
        middle=localizer.growth(current.median),
        middle_after=localizer.growth(reallocation.median),
        p=localizer.probability_percent(current.decline_probability),
        p_after=localizer.probability_percent(reallocation.decline_probability),
    )


def _takeaway_text(context: Context, efficient: tuple[Reallocation, ...], current: MixForecast) -> str:
    """The best few by their number in the chart, or that none is better on both counts."""
    localizer = context.localizer
    if not efficient:
        return localizer.text("portfolio.change.best.none")
    named = [
        localizer.text(
            "portfolio.change.best.one",
            number=place,
            move=_reallocation_text(context, row),
            middle=localizer.growth(row.median),
            p=localizer.probability_percent(row.decline_probability),
        )
        for place, row in enumerate(efficient, 1)
    ]
    first = localizer.text(
        "portfolio.change.best",
        middle=localizer.growth(current.median),
        p=localizer.probability_percent(current.decline_probability),
    )
    return " ".join([first, *named])


def _build_row(
    name: str, median: float, low: float, decline_probability: float, localizer: Localizer
) -> tuple[str, ...]:
    return (
        name,
        localizer.growth(median),
        localizer.growth(low),
        f"{localizer.probability_percent(decline_probability)}{localizer.percent_sign}",
    )


def _reallocation_text(context: Context, reallocation: Reallocation) -> str:
    return context.localizer.text(
        "portfolio.change.move",
        step=round_percent(reallocation.share),
        source=_market_title(context, reallocation.source),
        target=_market_title(context, reallocation.target),
    )


def _market_title(context: Context, market: str) -> str:
    return context.localizer.field_text(context.outlook.catalogue.segments[market], "title")
