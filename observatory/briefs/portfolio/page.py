"""Builds the brief of the portfolio page: expected growth of a firm's markets together, contribution of each."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures.disclosure import MIN_EVALUATED_VALUES
from observatory.briefs.portfolio.changes import build_mix_change
from observatory.briefs.portfolio.growth import forecast_portfolio, get_market_growth
from observatory.briefs.portfolio.model import (
    BarTable,
    BarTableRow,
    MixChange,
    MixShock,
    PortfolioBrief,
    build_part_methodology,
)
from observatory.briefs.portfolio.neighbours import build_neighbours
from observatory.briefs.portfolio.shocks import build_mix_shock
from observatory.briefs.portfolio.summary import build_summary, find_target_year
from observatory.language import NO_VALUE, Localizer, round_significant
from observatory.mix import Mix
from observatory.outlook.calls.growth_draws import DRAW_COUNT
from observatory.outlook.portfolio.portfolio import (
    MarketContribution,
    MixForecast,
    compute_concentration,
    compute_contributions,
    select_covered,
)
from observatory.settings import HORIZONS

_CONCENTRATION_WORDS = ((0.15, "low"), (0.25, "some"), (0.5, "high"), (0.99, "very_high"), (1.01, "single"))
_NOMINAL_COVERAGE = 0.8
_AMOUNT_DIGITS = 3  # significant digits of an expected turnover


def build_portfolio(context: Context, mix: Mix) -> PortfolioBrief:
    """The page of a mix, with the shock and the change that it names, or the default ones."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    year = find_target_year(outlook, selection)
    shares = mix.normalized_shares
    calls = [call for call in outlook.calls.values() if call.segment in (shares or outlook.catalogue.markets)]
    horizon = localizer.plural("control.horizon.years", selection.horizon)
    kicker = localizer.text("portfolio.kicker", horizon=horizon, data=calls_end_text(calls, localizer))
    knowhow = {row.id: localizer.field_text(row, "title") for row in outlook.knowhow}
    if not shares:
        return PortfolioBrief(
            kicker,
            localizer.text("portfolio.lead.empty"),
            (localizer.text("portfolio.under.empty"),),
            knowhow=knowhow,
        )
    assumptions = {name: rate / 100 for name, rate in mix.assumed_growth.items() if name in shares}
    if not any(outlook.joint_draws.growth.values()):
        lead = localizer.text("portfolio.lead.old")
        return PortfolioBrief(
            kicker,
            lead,
            (),
            shock=build_mix_shock(context, mix),
            neighbours=build_neighbours(context, shares, mix.knowhow),
            knowhow=knowhow,
        )
    forecast = forecast_portfolio(outlook, shares, assumptions, selection.horizon)
    contributions = compute_contributions(outlook.joint_draws, shares, assumptions, selection.horizon)
    caveats = _caveat_texts(context, mix, forecast, contributions)
    change = build_mix_change(context, shares, assumptions, mix.transfer) if forecast else None
    shock = build_mix_shock(context, mix)
    return PortfolioBrief(
        kicker=kicker,
        lead=_lead_text(forecast, year, localizer, has_assumptions=bool(assumptions)),
        under=(*_answer_texts(context, mix, forecast, contributions), *caveats) if forecast else caveats,
        growth=_build_growth_table(context, shares, assumptions),
        contributions=_build_contribution_table(context, mix, forecast, contributions) if forecast else None,
        change=change,
        shock=shock,
        neighbours=build_neighbours(context, shares, mix.knowhow),
        summary=build_summary(context, mix, contributions, (_coverage_text(context), *caveats)) if forecast else None,
        knowhow=knowhow,
        notices=_notice_texts(mix, change, shock, localizer, knowhow),
    )


def _notice_texts(
    mix: Mix, change: MixChange | None, shock: MixShock | None, localizer: Localizer, knowhow: Mapping[str, str]
) -> tuple[str, ...]:
    """Notices on a shock or know-how that the edition lacks and on a change that is not possible."""
    notices = []
    if mix.shock_month and shock is not None and mix.shock_month != shock.chosen:
        notices.append(localizer.text("portfolio.notice.shock", began=localizer.period_phrase(mix.shock_month)))
    if change is not None and mix.transfer != change.chosen:
        notices.append(localizer.text("portfolio.notice.move"))
    if not set(mix.knowhow) <= knowhow.keys():
        notices.append(localizer.text("portfolio.notice.knowhow"))
    return tuple(notices)


def _market_list_text(context: Context, markets: Mapping[str, object] | list[str]) -> str:
    """The titles of markets as a list in words."""
    return context.localizer.list_text(
        context.localizer.field_text(context.outlook.catalogue.segments[name], "title") for name in markets
    )


def _lead_text(forecast: MixForecast | None, year: int, localizer: Localizer, *, has_assumptions: bool) -> str:
    if forecast is None:
        return localizer.text("portfolio.lead.unknown")
    return localizer.text(
        "portfolio.lead.own" if has_assumptions else "portfolio.lead",
        low=localizer.growth_digits(forecast.low),
        high=localizer.growth_digits(forecast.high),
        year=year,
    )


def _answer_texts(
    context: Context, mix: Mix, forecast: MixForecast, contributions: tuple[MarketContribution, ...]
) -> tuple[str, ...]:
    """What stands under the answer: its middle and how sure it is, odds of a decline, dependency, turnover."""
    localizer = context.localizer
    sentences = (
        localizer.text("portfolio.under.answer", middle=localizer.growth(forecast.median)),
        localizer.text(
            "portfolio.under.half",
            low=localizer.growth_digits(forecast.low_50),
            high=localizer.growth(forecast.high_50),
            odds=localizer.text("portfolio.odds", p=localizer.probability_percent(forecast.decline_probability)),
        ),
        _riskiest_text(context, contributions),
        _turnover_text(context, mix, forecast),
    )
    return tuple(text for text in sentences if text)


def _caveat_texts(
    context: Context, mix: Mix, forecast: MixForecast | None, contributions: tuple[MarketContribution, ...]
) -> tuple[str, ...]:
    """What limits the answer: markets without a call, assumptions of the reader in the place of our calls."""
    localizer = context.localizer
    sentences = []
    covered = {row.market for row in contributions}
    missing = [name for name in mix.normalized_shares if name not in covered]
    if forecast is not None and missing:
        sentences.append(
            localizer.text(
                "portfolio.under.uncovered",
                list=_market_list_text(context, missing),
                share=localizer.percent_text(1 - forecast.covered_share),
                rest=localizer.percent_text(forecast.covered_share),
            )
        )
    if mix.assumed_growth.keys() & covered:
        assumed = [name for name in mix.assumed_growth if name in covered]
        sentences.append(localizer.text("portfolio.under.own", list=_market_list_text(context, assumed)))
        without_draws = [
            name for name in assumed if not context.outlook.joint_draws.has_draws(name, context.selection.horizon)
        ]
        if without_draws:
            sentences.append(localizer.text("portfolio.under.bare", list=_market_list_text(context, without_draws)))
    return tuple(sentences)


def _riskiest_text(context: Context, contributions: tuple[MarketContribution, ...]) -> str:
    """The market with the largest share of the risk; several where their shares are equal as shown."""
    localizer = context.localizer
    if len(contributions) < 2 or contributions[0].risk_share <= 0:
        return ""
    first = contributions[0]
    level = [
        row.market
        for row in contributions
        if localizer.percent_text(row.risk_share) == localizer.percent_text(first.risk_share)
    ]
    if len(level) > 1:
        names = _market_list_text(context, level)
        return localizer.text("portfolio.under.risk.level", list=names, risk=localizer.percent_text(first.risk_share))
    return localizer.text(
        "portfolio.under.risk",
        market_of=localizer.field_text(context.outlook.catalogue.segments[first.market], "of"),
        risk=localizer.percent_text(first.risk_share),
        share=localizer.percent_text(first.share),
    )


def _turnover_text(context: Context, mix: Mix, forecast: MixForecast) -> str:
    """Range of turnover at the end of the horizon, at constant market shares; empty without a turnover."""
    localizer = context.localizer
    if not mix.turnover:
        return ""
    start = (
        mix.turnover
        if forecast.covered_share > 1 - 1e-9
        else round_significant(mix.turnover * forecast.covered_share, _AMOUNT_DIGITS)
    )
    low, high = (
        round_significant(start * (1 + rate) ** context.selection.horizon, _AMOUNT_DIGITS)
        for rate in (forecast.low, forecast.high)
    )
    return localizer.text(
        "portfolio.under.amount",
        now=localizer.number(start),
        low=localizer.number(low),
        high=localizer.number(high),
        year=find_target_year(context.outlook, context.selection),
    )


def _build_growth_table(
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
        tuple(text for text in (_coverage_text(context), localizer.text("portfolio.ahead.note")) if text),
        build_part_methodology(context, "ahead", shares, n=localizer.number(DRAW_COUNT)),
    )


def _range_text(low: float, high: float, localizer: Localizer) -> str:
    """A range as a cell of a table shows it."""
    return localizer.text("portfolio.range", low=localizer.growth_digits(low), high=localizer.growth(high))


def _coverage_text(context: Context) -> str:
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


def _build_contribution_table(
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
