"""The time machine: the observatory as it would have stood at the end of a past month, before it opened.

Figures are those known today, each series cut at its own publication lag; revisions are ignored, and the page says so.
Forecasts, calls and their record are computed from that panel alone, by the very functions that publish today's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import ordinal_at
from observatory.forecast import panel as forecasting
from observatory.forecast.cross_validation import tasks_of
from observatory.outlook.calls.backtest import as_columns, replay
from observatory.outlook.calls.calls import Call, Evidence, calls, evidence
from observatory.outlook.calls.scenarios import scenarios
from observatory.outlook.calls.scores import ranges_of, summary
from observatory.outlook.calls.signals import signals
from observatory.outlook.leads.leads import leads
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.joint_draws import draws
from observatory.outlook.purchasing.study import purchases
from observatory.outlook.shocks.shocks import shocks
from observatory.settings import HORIZONS
from observatory.timeseries import Forecast, History, Key

EARLIEST = 1990 * 12  # month; earlier, too few series had begun


def before(outlook: Outlook, month: int) -> Outlook:
    """An outlook as it would have been at the end of a month (ordinal); `later` and `came` hold what came afterwards.

    It is numbered by minus its month: no vintage has such a number.
    """
    catalogue, panel = cut(outlook.catalogue, outlook.panel, month)
    day = date.fromordinal(date(month // 12 + (month % 12 == 11), (month + 1) % 12 + 1, 1).toordinal() - 1)
    expected = forecasting.forecast(tasks_of(catalogue, panel), day)
    seen = evidence(catalogue, panel, day)
    verdicts = calls(seen, day)
    return Outlook(
        -month,
        datetime.combine(day, time(23, 59), UTC),
        catalogue,
        panel,
        {row.key: row for row in expected},
        {(row.segment, row.horizon): row for row in verdicts},
        study(catalogue, panel, day, seen, expected, verdicts),
        outlook.panel,
        _came(seen, outlook.panel),
    )


def study(
    catalogue: Catalogue,
    panel: Mapping[Key, History],
    day: date,
    seen: Evidence,
    expected: Sequence[Forecast],
    verdicts: Sequence[Call],
) -> dict[str, Any]:
    """What a panel says beside forecasts and calls, as JSON values: replay and record, scenarios, shocks, leads."""
    past = replay(seen)
    return {
        **summary(past),
        "rows": as_columns(past),
        "ranges": ranges_of(expected),
        "shocks": shocks(catalogue, panel),
        "leads": leads(catalogue, panel, day),
        "scenarios": scenarios(catalogue, panel, expected, verdicts),
        "inputs": purchases(catalogue, panel, expected),
        "draws": draws(seen, verdicts),
    }


def cut(catalogue: Catalogue, panel: Mapping[Key, History], month: int) -> tuple[Catalogue, dict[Key, History]]:
    """What was published by the end of a month: series cut at their lag, indicators whose first series had begun."""
    known: dict[Key, History] = {}
    for key, history in panel.items():
        until = ordinal_at(month - catalogue.indicators[key[0]].publication_lag_months, history.frequency)
        kept = history.until(until)
        if kept is not None:
            known[key] = kept
    there = {
        name: row for name, row in catalogue.indicators.items() if (name, row.headline_geo, row.headline_item) in known
    }
    return replace(catalogue, indicators=there), {key: row for key, row in known.items() if key[0] in there}


def _came(seen: Evidence, later: Mapping[Key, History]) -> dict[str, dict[int, float]]:
    """Growth a year that each market then had, by horizon, its indicators weighted as they were at the origin."""
    found: dict[str, dict[int, float]] = {}
    for market in seen.markets:
        members = [
            (signals(row.indicator, later[row.history.key], seen.origins[-1:]), float(market.weights[place, -1]))
            for place, row in enumerate(market.members)
            if market.weights[place, -1] > 0
        ]
        for horizon in HORIZONS:
            grown = [(float(row.growth[horizon][0]), weight) for row, weight in members]
            grown = [(growth, weight) for growth, weight in grown if np.isfinite(growth)]
            if grown:
                total = sum(weight for _growth, weight in grown)
                mean = sum(growth * weight for growth, weight in grown) / total / horizon
                found.setdefault(market.segment, {})[horizon] = float(np.expm1(mean))
    return found
