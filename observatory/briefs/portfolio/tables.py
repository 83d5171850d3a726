"""Tables of the portfolio page: growth of the mix at every horizon, contribution of each market."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures.disclosure import MIN_EVALUATED_VALUES
from observatory.briefs.portfolio.growth import forecast_portfolio, get_market_growth
from observatory.briefs.portfolio.model import (
    BarTable,
    BarTableRow,
    build_part_methodology,
)
from observatory.briefs.portfolio.summary import find_target_year
from observatory.language import NO_VALUE, Localizer
from observatory.mix import Mix
from observatory.outlook.calls.growth_draws import DRAW_COUNT
from observatory.outlook.portfolio.portfolio import (
    MarketContribution,
    MixForecast,
    compute_concentration,
    select_covered,
)
from observatory.settings import HORIZONS

_CONCENTRATION_WORDS = ((0.15, "low"), (0.25, "some"), (0.5, "high"), (0.99, "very_high"), (1.01, "single"))
_NOMINAL_COVERAGE = 0.8


def build_growth_table(
    context: Context, shares: Mapping[str, float], assumptions: Mapping[str, float]
) -> BarTable | None:
    """Growth of the mix at every horizon, on one scale."""
    localizer = context.localizer
    rows = [
        row
        for horizon in HORIZONS
        if (row := forecast_portfolio(context.outlook, shares, assumptions, horizon)) is not None
    ]
    if not rows:
        return None
    largest_share = max(row.covered_share for row in rows)
    table_rows = tuple(
        BarTableRow(
            localizer.plural("control.horizon.years", row.horizon),
            ""
            if row.covered_share >= largest_share - 1e-9
            else localizer.text("portfolio.ahead.part", share=localizer.percent_text(row.covered_share)),
            (
                localizer.growth(row.median),
                _range_text(row.low, row.high, localizer),
                _range_text(row.low_50, row.high_50, localizer),
                localizer.text("portfolio.odds", p=localizer.probability_percent(row.decline_probability)),
            ),
            interval=IntervalBar(row.low * 100, row.median * 100, row.high * 100),
        )
        for row in rows
    )
    low = min([-10.0, *(row.low * 100 for row in rows)])
    high = max([15.0, *(row.high * 100 for row in rows)])
    return BarTable(
        localizer.text("portfolio.ahead.title"),
        localizer.text("portfolio.ahead.subtitle"),
        tuple(
            localizer.text(f"portfolio.ahead.head.{name}") for name in ("horizon", "middle", "wide", "half", "decline")
        ),
        table_rows,
        (int(low // 5 * 5), int(-(-high // 5) * 5)),
        tuple(text for text in (coverage_text(context), localizer.text("portfolio.ahead.note")) if text),
        build_part_methodology(context, "ahead", shares, n=localizer.number(DRAW_COUNT)),
    )


def _range_text(low: float, high: float, localizer: Localizer) -> str:
    """A range as a cell of a table shows it."""
    return localizer.text("portfolio.range", low=localizer.growth_digits(low), high=localizer.growth(high))


def coverage_text(context: Context) -> str:
    """How often the ranges of past mixes held, over all horizons; empty with too few past values."""
    localizer = context.localizer
    counts = list(context.outlook.joint_draws.interval_hits.values())
    total, inside = sum(n for n, _inside in counts), sum(inside for _n, inside in counts)
    if total < MIN_EVALUATED_VALUES:
        return ""
    sentence = localizer.text(
        "portfolio.held",
        coverage=localizer.percent_digits(inside / total),
        hits=localizer.number(inside),
        n=localizer.number(total),
    )
    is_too_narrow = inside / total < _NOMINAL_COVERAGE - 0.02
    return f"{sentence} {localizer.text('honesty.too_narrow')}" if is_too_narrow else sentence


def build_contribution_table(
    context: Context, mix: Mix, forecast: MixForecast, contributions: tuple[MarketContribution, ...]
) -> BarTable:
    """Contribution of each market in points of growth; the last row is the difference between the mix and their sum."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    ordered = sorted(contributions, key=lambda row: -row.growth_contribution)
    rows = [
        BarTableRow(
            localizer.field_text(outlook.catalogue.segments[row.market], "title"),
            localizer.text("portfolio.brings.own") if row.market in mix.assumed_growth else "",
            (
                localizer.growth_digits(row.growth_contribution),
                localizer.percent_text(row.share),
                localizer.growth(
                    get_market_growth(outlook, row.market, row.growth, mix.assumed_growth, selection.horizon)
                ),
                localizer.percent_text(row.risk_share),
            ),
            value=row.growth_contribution * 100,
            colour_token=outlook.calls[row.market, selection.horizon].call,
        )
        for row in ordered
    ]
    gap = forecast.median - sum(row.growth_contribution for row in contributions)
    if len(contributions) > 1:
        label = localizer.text("portfolio.brings.gap")
        rows.append(
            BarTableRow(label, "", (localizer.growth_digits(gap), NO_VALUE, NO_VALUE, NO_VALUE), value=gap * 100)
        )
    values = [row.value or 0.0 for row in rows]
    covered = select_covered(outlook.joint_draws, mix.normalized_shares, mix.assumed_growth, selection.horizon)
    return BarTable(
        localizer.text("portfolio.brings.title"),
        localizer.text("portfolio.brings.subtitle", year=find_target_year(outlook, selection)),
        tuple(
            localizer.text(f"portfolio.brings.head.{name}") for name in ("market", "points", "share", "growth", "risk")
        ),
        tuple(rows),
        (min(0, int(min(values) // 1)), max(1, int(-(-max(values) // 1)))),
        (_concentration_text(covered, localizer),),
        build_part_methodology(
            context,
            "brings",
            mix.normalized_shares,
            index=localizer.number(compute_concentration(covered), 2),
        ),
    )


def _concentration_text(shares: Mapping[str, float], localizer: Localizer) -> str:
    """How concentrated a mix is, in words and as a number of markets of equal weight."""
    index = compute_concentration(shares)
    word = next(name for end, name in _CONCENTRATION_WORDS if index < end)
    return localizer.text(f"portfolio.concentration.{word}", n=localizer.number(1 / index, 1))
