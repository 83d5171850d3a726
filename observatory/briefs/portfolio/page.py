"""Builds the brief of the portfolio page: expected growth of a firm's markets together, contribution of each."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.portfolio.changes import build_mix_change
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.model import (
    MixChange,
    MixShock,
    PortfolioBrief,
)
from observatory.briefs.portfolio.neighbours import build_neighbours
from observatory.briefs.portfolio.shocks import build_mix_shock
from observatory.briefs.portfolio.summary import build_summary, find_target_year
from observatory.briefs.portfolio.tables import build_contribution_table, build_growth_table, coverage_text
from observatory.language import Localizer, round_significant
from observatory.mix import Mix
from observatory.outlook.portfolio.portfolio import (
    MarketContribution,
    MixForecast,
    compute_contributions,
)

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
        growth=build_growth_table(context, shares, assumptions),
        contributions=build_contribution_table(context, mix, forecast, contributions) if forecast else None,
        change=change,
        shock=shock,
        neighbours=build_neighbours(context, shares, mix.knowhow),
        summary=build_summary(context, mix, contributions, (coverage_text(context), *caveats)) if forecast else None,
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
