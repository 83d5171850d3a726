"""Builds the part on reallocation: effect of moving turnover between two markets on growth and risk of a decline."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.model import BestChange, MixChange, build_part_methodology
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
    """All moves of one step of turnover between two markets; None where only one market has draws.

    `chosen` are the source and target that the reader chose, empty where they chose none.
    """
    outlook, localizer = context.outlook, context.localizer
    current = forecast_portfolio(outlook, shares, assumptions, context.selection.horizon)
    reallocations = list_reallocations(outlook.joint_draws, shares, assumptions, context.selection.horizon)
    if current is None or not reallocations:
        return None
    efficient = select_efficient(reallocations, current)[:_MAX_NAMED]
    shown = _choose_reallocation(reallocations, efficient, chosen)
    default_option = {"": localizer.text("portfolio.change.own")}
    return MixChange(
        sentence=_change_text(context, shown, current),
        figure=_build_figure(context, current, reallocations, efficient),
        source_options=default_option | {row.source: context.market_title(row.source) for row in reallocations},
        target_options=default_option
        | {row.target: context.market_title(row.target) for row in reallocations if row.target != chosen[0]},
        chosen=_match_choice(shown, chosen),
        methodology=build_part_methodology(context, "change", shares),
        best=tuple(_build_best(context, row) for row in efficient),
        today=_today_text(efficient, current, localizer),
    )


def _build_best(context: Context, reallocation: Reallocation) -> BestChange:
    localizer = context.localizer
    return BestChange(
        _reallocation_text(context, reallocation),
        localizer.growth(reallocation.median),
        localizer.text("portfolio.odds", p=localizer.probability_percent(reallocation.decline_probability)),
    )


def _today_text(efficient: tuple[Reallocation, ...], current: MixForecast, localizer: Localizer) -> str:
    """The mix as it is, beside the best changes; or that no change is better."""
    if not efficient:
        return localizer.text("portfolio.change.best.none")
    return localizer.text(
        "portfolio.change.today",
        middle=localizer.growth(current.median),
        odds=localizer.text("portfolio.odds", p=localizer.probability_percent(current.decline_probability)),
    )


def _build_figure(
    context: Context,
    current: MixForecast,
    reallocations: tuple[Reallocation, ...],
    efficient: tuple[Reallocation, ...],
) -> Figure:
    """Median growth against the odds of a decline: the current mix, all moves, the efficient ones numbered."""
    localizer = context.localizer
    takeaway = _takeaway_text(context, efficient, current)
    others = [row for row in reallocations if row not in efficient]
    return Figure(
        indicator="frontier",
        title=localizer.text("portfolio.change.title"),
        subtitle=localizer.text("portfolio.change.subtitle", step=round_percent(REALLOCATION_SHARE)),
        spec=build_risk_return_chart(
            _build_point(current, localizer.text("portfolio.change.now")),
            [_build_point(row, "") for row in others],
            [_build_point(row, str(number)) for number, row in enumerate(efficient, 1)],
            localizer.text("portfolio.change.axis"),
            localizer.language,
        ),
        takeaway=takeaway,
        source_line=edition_text(context.outlook, localizer),
        table=_build_table(context, current, reallocations),
        alt=takeaway,
        notes=(localizer.text("portfolio.change.note"),),
    )


def _build_point(forecast: MixForecast | Reallocation, label: str) -> RiskReturnPoint:
    return RiskReturnPoint(forecast.decline_probability * 100, forecast.median * 100, label)


def _build_table(context: Context, current: MixForecast, reallocations: tuple[Reallocation, ...]) -> TextTable:
    """The current mix, then all moves, the highest median growth first."""
    localizer = context.localizer
    ordered = sorted(reallocations, key=lambda row: (-row.median, row.decline_probability))
    return TextTable(
        localizer.text("portfolio.change.caption"),
        tuple(localizer.text(f"portfolio.change.head.{name}") for name in ("move", "middle", "low", "decline")),
        (
            _build_row(localizer.text("portfolio.change.now"), current, localizer),
            *(_build_row(_reallocation_text(context, row), row, localizer) for row in ordered),
        ),
    )


def _match_choice(shown: Reallocation, chosen: tuple[str, str]) -> tuple[str, str]:
    """The chosen markets that the move shown has; empty where it has another one."""
    source, target = chosen
    return source if source == shown.source else "", target if target == shown.target else ""


def _choose_reallocation(
    reallocations: tuple[Reallocation, ...], efficient: tuple[Reallocation, ...], chosen: tuple[str, str]
) -> Reallocation:
    """The move that matches both chosen markets, else one of them; efficient moves first, then by risk of a decline."""
    source, target = chosen
    ordered = [*efficient, *sorted(reallocations, key=lambda row: (row.decline_probability, -row.median))]
    candidates = [row for row in ordered if row.source == source] or ordered
    return next((row for row in candidates if row.target == target), candidates[0])


def _change_text(context: Context, reallocation: Reallocation, current: MixForecast) -> str:
    localizer = context.localizer
    return localizer.text(
        "portfolio.change.sentence",
        step=round_percent(reallocation.share),
        source=context.market_title(reallocation.source),
        target=context.market_title(reallocation.target),
        middle=localizer.growth(current.median),
        middle_after=localizer.growth(reallocation.median),
        p=localizer.probability_percent(current.decline_probability),
        p_after=localizer.probability_percent(reallocation.decline_probability),
    )


def _takeaway_text(context: Context, efficient: tuple[Reallocation, ...], current: MixForecast) -> str:
    """The efficient moves by their number in the chart, or that no move improves both growth and risk."""
    localizer = context.localizer
    if not efficient:
        return localizer.text("portfolio.change.best.none")
    moves = [
        localizer.text(
            "portfolio.change.best.one",
            number=number,
            move=_reallocation_text(context, row),
            middle=localizer.growth(row.median),
            p=localizer.probability_percent(row.decline_probability),
        )
        for number, row in enumerate(efficient, 1)
    ]
    summary = localizer.text(
        "portfolio.change.best",
        middle=localizer.growth(current.median),
        p=localizer.probability_percent(current.decline_probability),
    )
    return " ".join([summary, *moves])


def _build_row(name: str, forecast: MixForecast | Reallocation, localizer: Localizer) -> tuple[str, ...]:
    return (
        name,
        localizer.growth(forecast.median),
        localizer.growth(forecast.low),
        f"{localizer.probability_percent(forecast.decline_probability)}{localizer.percent_sign}",
    )


def _reallocation_text(context: Context, reallocation: Reallocation) -> str:
    return context.localizer.text(
        "portfolio.change.move",
        step=round_percent(reallocation.share),
        source=context.market_title(reallocation.source),
        target=context.market_title(reallocation.target),
    )
