"""The pipeline from a panel to an outlook: forecasts, the rule of calls, calls, study.

The same functions make today's edition, and the observatory as it would have stood at a past month.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import month_ordinal
from observatory.catalogue.real_vintages import RealVintage
from observatory.forecast.cross_validation import build_tasks
from observatory.forecast.panel import forecast_tasks
from observatory.memo import remember
from observatory.outlook.calls.aligned_forecasts import align_forecasts
from observatory.outlook.calls.backtest import as_columns, run_backtest
from observatory.outlook.calls.calls import Call, compute_calls
from observatory.outlook.calls.indicator_backtest import replay_indicators, summarize_growth
from observatory.outlook.calls.scenarios import build_scenarios, read_scenarios
from observatory.outlook.calls.scores import count_interval_hits, summarize_scores
from observatory.outlook.calls.signals import compute_signals
from observatory.outlook.calls.verdict import FittedRule, fit_rule
from observatory.outlook.external.judging import encode_record, judge_forecasts
from observatory.outlook.leads.leads import compute_leads
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.joint_draws import build_joint_draws
from observatory.outlook.purchasing import baskets, negotiation, price_paths, threshold_odds
from observatory.outlook.purchasing.quotes import QuoteKind, read_quote
from observatory.outlook.shocks.shocks import compute_shocks
from observatory.outlook.study import Study
from observatory.settings import HORIZONS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

ProgressCallback = Callable[[str, float], None]  # the message key of a step, and the part done, 0 to 1


def ignore_progress(_step: str, _done: float) -> None:
    """A progress callback that does nothing."""


def scale_progress(progress: ProgressCallback, part: int, parts: int) -> ProgressCallback:
    """The progress of one of several equal parts of a task, as progress of the whole; `part` counts from 0."""
    return lambda step, done: progress(step, (part + done) / parts)


@dataclass(frozen=True)
class Evidence:
    """What is known: the catalogue, the series, and real vintages, by which forecasts of others are judged."""

    catalogue: Catalogue
    panel: Mapping[SeriesKey, TimeSeries]
    real_vintages: Sequence[RealVintage] = ()


def build_outlook(
    evidence: Evidence,
    *,
    edition: int,
    published_at: datetime,
    later_panel: Mapping[SeriesKey, TimeSeries] | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Outlook:
    """The outlook of what is known on the day of `published_at`; some 15 seconds for the curated edition.

    `later_panel` has the figures that followed a past month, from which the growth that markets then had is computed;
    forecasts, calls and study never see it.
    """
    day, catalogue, panel = published_at.date(), evidence.catalogue, evidence.panel
    progress("progress.forecasting", 0.0)
    forecasts = forecast_tasks(
        build_tasks(catalogue, panel), day, lambda done: progress("progress.forecasting", 0.5 * done)
    )
    progress("progress.calling", 0.5)
    fitted = fit_rule(catalogue, panel, day, lambda done: progress("progress.calling", 0.5 + 0.1 * done))
    calls = compute_calls(fitted, day)
    forecasts = align_forecasts(forecasts, fitted)
    study = build_study(evidence, day, fitted, forecasts, calls)
    progress("progress.calling", 0.95)
    return Outlook(
        edition=edition,
        published_at=published_at,
        catalogue=catalogue,
        panel=panel,
        forecasts={row.key: row for row in forecasts},
        calls={(row.segment, row.horizon): row for row in calls},
        study=study,
        later_panel=later_panel or {},
        realized_growth=compute_realized_growth(fitted, later_panel) if later_panel else {},
    )


def build_study(
    evidence: Evidence, day: date, fitted: FittedRule, forecasts: Sequence[Forecast], calls: Sequence[Call]
) -> Study:
    """The study of what is known: backtest, scores, shocks, leads, scenarios, inputs, draws, others' forecasts."""
    catalogue, panel, past_calls = evidence.catalogue, evidence.panel, run_backtest(fitted)
    external = {}
    if catalogue.external_forecasts.rows:
        external["external"] = encode_record(judge_forecasts(catalogue, panel, past_calls, evidence.real_vintages))
    record, draws = _study_rule(fitted, day)
    document = (
        _study_draws(fitted, day)
        if fitted.draws
        else {"scenarios": build_scenarios(catalogue, panel, forecasts, calls)}
    )
    return Study.from_json(
        {
            **record,
            "ranges": count_interval_hits(forecasts),
            "shocks": compute_shocks(catalogue, panel),
            "leads": compute_leads(catalogue, panel, day),
            **document,
            "inputs": study_purchasing(catalogue, panel, forecasts, day),
            "draws": draws,
            **external,
        }
    )


@remember(size=3)
def _study_rule(fitted: FittedRule, day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record of the rule, with its past calls one a row, and the joint draws of its markets, as JSON values."""
    past_calls = run_backtest(fitted)
    record = {**summarize_scores(past_calls), "rows": as_columns(past_calls)}
    return record, build_joint_draws(fitted, compute_calls(fitted, day))


@remember(size=3)
def _study_draws(fitted: FittedRule, day: date) -> dict[str, Any]:
    """Scenarios and the record of indicators, both read from the draws of the rule, as JSON values."""
    return {
        "scenarios": read_scenarios(fitted, compute_calls(fitted, day)),
        "indicators": summarize_growth(replay_indicators(fitted)),
    }


def study_purchasing(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], forecasts: Sequence[Forecast], day: date
) -> dict[str, Any]:
    """The study of the inputs of a firm, as JSON values: joint paths, and scores of past odds, ranges and rules.

    Empty where no input is forecast. `asked` is the month of `day`, from which the odds of crossing a threshold count.
    """
    rows = price_paths.select_input_forecasts(forecasts, catalogue)
    kinds = tuple(read_quote(catalogue.indicators[row.key[0]]).kind for row in rows)
    return _study_inputs(rows, {row.key: panel[row.key] for row in rows}, month_ordinal(day), kinds) if rows else {}


@remember(size=4)
def _study_inputs(
    forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries], month: int, kinds: tuple[QuoteKind, ...]
) -> dict[str, Any]:
    return {
        "asked": month,
        "paths": price_paths.encode_paths(forecasts, panel),
        "crossings": threshold_odds.score_odds(forecasts, panel, month),
        "baskets": baskets.count_interval_hits(forecasts, panel, kinds),
        "timing": negotiation.score_rules(forecasts, panel),
    }


def compute_realized_growth(
    fitted: FittedRule, later_panel: Mapping[SeriesKey, TimeSeries]
) -> dict[str, dict[int, float]]:
    """The growth a year that followed in each market, by horizon, indicators weighted as they were at the origin."""
    growth: dict[str, dict[int, float]] = {}
    for market in fitted.markets:
        members = [
            (
                compute_signals(row.indicator, later_panel[row.history.key], fitted.origins[-1:]),
                float(market.weights[place, -1]),
            )
            for place, row in enumerate(market.members)
            if market.weights[place, -1] > 0
        ]
        for horizon in HORIZONS:
            rates = [(float(row.future_growth[horizon][0]), weight) for row, weight in members]
            rates = [(rate, weight) for rate, weight in rates if np.isfinite(rate)]
            if rates:
                total = sum(weight for _rate, weight in rates)
                mean = sum(rate * weight for rate, weight in rates) / total / horizon
                growth.setdefault(market.segment, {})[horizon] = float(np.expm1(mean))
    return growth
