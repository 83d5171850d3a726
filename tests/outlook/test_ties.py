"""Series side by side: yearly levels, pace, ratios; what is planted as a lead is found, noise and twins are not."""

from dataclasses import replace

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.outlook.analysis.comovement import find_comovements
from observatory.outlook.analysis.yearly_series import (
    YearlySeries,
    build_yearly_series,
    compute_expected_growth,
    compute_past_growth,
    divide_series,
    find_common_year,
)
from observatory.outlook.outlook import Outlook

FIRST = 1970 * 12 + 11  # December


def annual(catalogue: Catalogue, name: str, values: np.ndarray) -> YearlySeries:
    row = replace(catalogue.indicators[name], frequency="A", family=name)
    levels = np.full((len(values) - 1) * 12 + 1, np.nan)
    levels[::12] = values
    return YearlySeries((name, "WORLD", ""), row, FIRST, levels)


def walk(seed: int, years: int = 56) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0.02, 0.08, years))


def test_levels_and_paces_are_those_of_the_files(outlook: Outlook) -> None:
    """A yearly flow is itself; growth a year is the root of the ratio of two levels; a month's year ends with it."""
    key = ("airliner_deliveries_airbus_boeing", "WORLD", "")
    line, values = build_yearly_series(outlook, key, 2028), outlook.panel[key].values
    assert line.latest_level == values[-1]
    assert compute_past_growth(line, 5) == pytest.approx((values[-1] / values[-6]) ** 0.2 - 1)
    flights = build_yearly_series(outlook, ("ifr_flights", "DEU", ""), 2028)
    assert flights.latest_level == pytest.approx(outlook.panel[flights.key].values[-12:].sum())
    assert flights.has_summed_limits
    assert [point for point, _level in flights.list_points(2024, 2026)] == [
        2024 * 12 + 11,
        2025 * 12 + 11,
        flights.last_month,
    ]


def test_what_is_expected_of_a_year_comes_from_the_store(outlook: Outlook) -> None:
    """Of a yearly series the stored steps themselves; of months whole years ahead, their medians added up."""
    for key, per_year in ((("military_expenditure_usd", "USA", ""), 1), (("ifr_flights", "FRA", ""), 12)):
        line, forecast = build_yearly_series(outlook, key, 2028), outlook.forecasts[key]
        assert line.forecasts[0].median == pytest.approx(forecast.median[:per_year].sum())
        assert all(step.low <= step.median <= step.high for step in line.forecasts)
        expected = compute_expected_growth(line)
        assert expected is not None
        years = len(line.forecasts)
        assert expected[0] == pytest.approx((line.forecasts[-1].median / line.latest_level) ** (1 / years) - 1)
    assert build_yearly_series(outlook, ("us_business_jet_operations", "USA", ""), 2028).forecasts == (), (
        "stopped in 2020"
    )


def test_one_series_per_unit_of_another(outlook: Outlook) -> None:
    """Military expenditure over output is known where both are, and has no forecast."""
    line = build_yearly_series(outlook, ("military_expenditure_usd", "DEU", ""), 2028)
    output = build_yearly_series(outlook, ("gdp_current_usd", "DEU", ""), 2028)
    share = divide_series(line, output)
    assert share.level_of_year(2024) == pytest.approx(line.level_of_year(2024) / output.level_of_year(2024))
    assert share.denominator == output.key
    assert share.forecasts == ()


def test_the_base_year_is_common_to_most(catalogue: Catalogue) -> None:
    """The first year in which the most series have a level; zero where there is none."""
    old, new = annual(catalogue, "airbus_deliveries", np.ones(20)), annual(catalogue, "atr_orders", np.ones(20))
    late = replace(new, first_month=FIRST + 60)
    assert find_common_year([old, late], 1970, 1990) == 1975
    assert find_common_year([old, late], 2000, 2005) == 0


def test_a_planted_lead_is_found_and_named_in_its_direction(catalogue: Catalogue) -> None:
    """A series that another one repeats two years later leads it by 24 months, whatever the order they stand in."""
    lead = walk(1)
    led = np.concatenate([np.zeros(2), lead[:-2]]) + 0.02 * walk(2)
    one, two = (
        annual(catalogue, name, np.exp(values)) for name, values in (("airbus_deliveries", lead), ("atr_orders", led))
    )
    for lines, direction in (((one, two), (0, 1)), ((two, one), (1, 0))):
        (tie,) = find_comovements(lines)
        assert (tie.first, tie.second, tie.lag_months) == (*direction, 24)
        assert tie.state in ("ahead", "useful")
        assert tie.q_value is not None
        assert tie.q_value < 0.05


def test_series_of_one_year_are_together_and_neither_leads(catalogue: Catalogue) -> None:
    """The same shocks in the same year: together, no lag."""
    shared = walk(3)
    lines = [
        annual(catalogue, name, np.exp(shared + 0.1 * walk(seed)))
        for name, seed in (("airbus_deliveries", 4), ("atr_orders", 5))
    ]
    (tie,) = find_comovements(lines)
    assert (tie.state, tie.lag_months) == ("together", 0)
    assert tie.same_year_correlation is not None
    assert tie.same_year_correlation > 0.8


def test_noise_rarely_leads(catalogue: Catalogue) -> None:
    """Twenty comparisons of four independent series, 120 pairs: at most six are said to have anything in common."""
    names = ("airbus_deliveries", "atr_orders", "falcon_orders", "esa_budget")
    fooled = 0
    for world in range(20):
        lines = [annual(catalogue, name, np.exp(walk(100 + 4 * world + k))) for k, name in enumerate(names)]
        found = find_comovements(lines)
        assert len(found) == 6
        fooled += sum(tie.state != "chance" for tie in found)
    assert fooled <= 6


def test_twins_and_short_series_are_not_judged(outlook: Outlook) -> None:
    """Airbus alone and Airbus with Boeing are one family; ten years of growth in common are too few."""
    keys = [("airbus_deliveries", "WORLD", ""), ("airliner_deliveries_airbus_boeing", "WORLD", "")]
    (tie,) = find_comovements([build_yearly_series(outlook, key, 2028) for key in keys])
    assert (tie.state, tie.q_value) == ("same", None)
    keys = [("us_electronic_components_shipments", "USA", ""), ("world_passenger_kilometres", "WORLD", "")]
    (tie,) = find_comovements([build_yearly_series(outlook, key, 2028) for key in keys])
    assert (tie.state, tie.best_correlation) == ("short", None)


def test_years_that_repeat_are_worth_less(catalogue: Catalogue) -> None:
    """Two series that drift slowly have fewer independent years in common than years."""
    slow = [np.cumsum(np.repeat(np.random.default_rng(seed).normal(0, 0.1, 14), 4)) for seed in (7, 8)]
    (tie,) = find_comovements(
        [annual(catalogue, n, np.exp(v)) for n, v in zip(("airbus_deliveries", "atr_orders"), slow, strict=True)]
    )
    assert tie.effective_years < tie.common_years / 1.5
