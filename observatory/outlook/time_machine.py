"""The time machine: the observatory as it would have stood at the end of a past month, before it opened.

Figures are those known today, each series cut at its own publication lag; revisions are ignored, and the page says so.
Forecasts, calls and their record are computed from that panel alone, by the very functions that publish today's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import numpy as np

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import last_ended_ordinal
from observatory.forecast import panel as forecasting
from observatory.forecast.cross_validation import build_tasks
from observatory.outlook.calls.backtest import as_columns, run_backtest
from observatory.outlook.calls.calls import Call, FittedRule, compute_calls, fit_rule
from observatory.outlook.calls.scenarios import build_scenarios
from observatory.outlook.calls.scores import count_interval_hits, summarize_scores
from observatory.outlook.calls.signals import compute_signals
from observatory.outlook.leads.leads import compute_leads
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.joint_draws import build_joint_draws
from observatory.outlook.purchasing.study import study_purchasing
from observatory.outlook.shocks.shocks import compute_shocks
from observatory.outlook.study import Study
from observatory.settings import HORIZONS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

EARLIEST_MONTH = 1990 * 12  # month; earlier, too few series had begun


def reconstruct_outlook(outlook: Outlook, month: int) -> Outlook:
    """An outlook as it would have been at the end of a month (ordinal); `later` and `came` hold what came afterwards.

    It is numbered by minus its month: no vintage has such a number.
    """
    catalogue, panel = truncate_to_month(outlook.catalogue, outlook.panel, month)
    day = date.fromordinal(date(month // 12 + (month % 12 == 11), (month + 1) % 12 + 1, 1).toordinal() - 1)
    expected = forecasting.forecast_tasks(build_tasks(catalogue, panel), day)
    seen = fit_rule(catalogue, panel, day)
    verdicts = compute_calls(seen, day)
    return Outlook(
        edition=-month,
        published_at=datetime.combine(day, time(23, 59), UTC),
        catalogue=catalogue,
        panel=panel,
        forecasts={row.key: row for row in expected},
        calls={(row.segment, row.horizon): row for row in verdicts},
        study=build_study(catalogue, panel, day, seen, expected, verdicts),
        later_panel=outlook.panel,
        realized_growth=_compute_realized_growth(seen, outlook.panel),
    )


def build_study(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    day: date,
    fitted: FittedRule,
    forecasts: Sequence[Forecast],
    calls: Sequence[Call],
) -> Study:
    """What a panel says beside forecasts and calls: backtest and scores, shocks, leads, scenarios, inputs and draws."""
    past = run_backtest(fitted)
    return Study.from_json(
        {
            **summarize_scores(past),
            "rows": as_columns(past),
            "ranges": count_interval_hits(forecasts),
            "shocks": compute_shocks(catalogue, panel),
            "leads": compute_leads(catalogue, panel, day),
            "scenarios": build_scenarios(catalogue, panel, forecasts, calls),
            "inputs": study_purchasing(catalogue, panel, forecasts),
            "draws": build_joint_draws(fitted, calls),
        }
    )


def truncate_to_month(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], month: int
) -> tuple[Catalogue, dict[SeriesKey, TimeSeries]]:
    """What was published by the end of a month: series cut at their lag, indicators whose first series had begun."""
    known: dict[SeriesKey, TimeSeries] = {}
    for key, history in panel.items():
        until = last_ended_ordinal(month - catalogue.indicators[key[0]].publication_lag_months, history.frequency)
        kept = history.truncate(until)
        if kept is not None:
            known[key] = kept
    there = {
        name: row for name, row in catalogue.indicators.items() if (name, row.headline_geo, row.headline_item) in known
    }
    return replace(catalogue, indicators=there), {key: row for key, row in known.items() if key[0] in there}


def _compute_realized_growth(
    fitted: FittedRule, later_panel: Mapping[SeriesKey, TimeSeries]
) -> dict[str, dict[int, float]]:
    """Growth a year that each market then had, by horizon, its indicators weighted as they were at the origin."""
    found: dict[str, dict[int, float]] = {}
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
            grown = [(float(row.future_growth[horizon][0]), weight) for row, weight in members]
            grown = [(growth, weight) for growth, weight in grown if np.isfinite(growth)]
            if grown:
                total = sum(weight for _growth, weight in grown)
                mean = sum(growth * weight for growth, weight in grown) / total / horizon
                found.setdefault(market.segment, {})[horizon] = float(np.expm1(mean))
    return found
