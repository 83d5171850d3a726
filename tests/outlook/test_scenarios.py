"""Scenarios: indicators together, from the same draws."""

import pytest

from observatory.outlook.calls.scenarios import build_scenarios
from observatory.outlook.outlook import Outlook


def test_scenarios_are_ordered_for_the_market_and_coherent_within_it(outlook: Outlook) -> None:
    """Low is below base, base below high for every market, and for every demand indicator, which errs with it."""
    found = outlook.study.scenarios
    assert len(found) >= 7
    for segment, row in found.items():
        for horizon, drawn in row.horizons.items():
            market = drawn.market
            assert market["low"] < market["base"] < market["high"], (segment, horizon)
    air = found["air_transport"]
    assert 0.2 < air.together < 0.8
    for name, drawn in air.horizons[2].indicators.items():
        if outlook.catalogue.indicators[name].role == "market":
            assert drawn["low"] < drawn["base"] < drawn["high"], name


def test_a_low_scenario_is_milder_than_all_lows_at_once(outlook: Outlook) -> None:
    """Where errors go together only in part, an indicator in the market's low scenario is above its own low."""
    drawn = outlook.study.scenarios["military_aviation"].horizons[1].indicators
    milder = 0
    for name, row in drawn.items():
        key = outlook.headline_key(outlook.catalogue.indicators[name])
        forecast, last = outlook.forecasts[key], outlook.panel[key].values[-1]
        step = {"A": 0, "Q": 3, "M": 11}[forecast.frequency]
        milder += row["low"] > forecast.low[step, 1] / last - 1
    assert milder >= 0.8 * len(drawn)


@pytest.mark.slow
def test_they_are_the_same_twice(outlook: Outlook) -> None:
    """Computed again without the record of past errors they still come whole; with the same input, the same figures."""
    expected, calls = list(outlook.forecasts.values()), list(outlook.calls.values())
    one, two = (build_scenarios(outlook.catalogue, outlook.panel, expected, calls) for _ in range(2))
    assert one == two
    assert one.keys() == outlook.study.scenarios.keys()
