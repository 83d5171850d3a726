"""Series side by side: yearly levels, pace, ratios; what is planted as a lead is found, noise and twins are not."""

from dataclasses import replace

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.outlook.analysis.comovement import ties
from observatory.outlook.analysis.yearly_series import Line, common_year, divided, line_of, pace, pace_ahead
from observatory.outlook.outlook import Outlook

FIRST = 1970 * 12 + 11  # December


def annual(catalogue: Catalogue, name: str, values: np.ndarray) -> Line:
    row = replace(catalogue.indicators[name], frequency="A", family=name)
    levels = np.full((len(values) - 1) * 12 + 1, np.nan)
    levels[::12] = values
    return Line((name, "WORLD", ""), row, FIRST, levels)


def walk(seed: int, years: int = 56) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0.02, 0.08, years))


def test_levels_and_paces_are_those_of_the_files(outlook: Outlook) -> None:
    """A yearly flow is itself; growth a year is the root of the ratio of two levels; a month's year ends with it."""
    key = ("airliner_deliveries_airbus_boeing", "WORLD", "")
    line, values = line_of(outlook, key, 2028), outlook.panel[key].values
    assert line.latest == values[-1]
    assert pace(line, 5) == pytest.approx((values[-1] / values[-6]) ** 0.2 - 1)
    flights = line_of(outlook, ("ifr_flights", "DEU", ""), 2028)
    assert flights.latest == pytest.approx(outlook.panel[flights.key].values[-12:].sum())
    assert flights.summed
    assert [point for point, _level in flights.points(2024, 2026)] == [2024 * 12 + 11, 2025 * 12 + 11, flights.last]


def test_what_is_expected_of_a_year_comes_from_the_store(outlook: Outlook) -> None:
    """Of a yearly series the stored steps themselves; of months whole years ahead, their medians added up."""
    for key, per_year in ((("military_expenditure_usd", "USA", ""), 1), (("ifr_flights", "FRA", ""), 12)):
        line, forecast = line_of(outlook, key, 2028), outlook.forecasts[key]
        assert line.ahead[0].median == pytest.approx(forecast.median[:per_year].sum())
        assert all(step.low <= step.median <= step.high for step in line.ahead)
        expected = pace_ahead(line)
        assert expected is not None
        years = len(line.ahead)
        assert expected[0] == pytest.approx((line.ahead[-1].median / line.latest) ** (1 / years) - 1)
    assert line_of(outlook, ("us_business_jet_operations", "USA", ""), 2028).ahead == (), "stopped in 2020"


def test_one_series_per_unit_of_another(outlook: Outlook) -> None:
    """Military expenditure over output is known where both are, and has no forecast."""
    line = line_of(outlook, ("military_expenditure_usd", "DEU", ""), 2028)
    output = line_of(outlook, ("gdp_current_usd", "DEU", ""), 2028)
    share = divided(line, output)
    assert share.of_year(2024) == pytest.approx(line.of_year(2024) / output.of_year(2024))
    assert share.over == output.key
    assert share.ahead == ()


def test_the_base_year_is_common_to_most(catalogue: Catalogue) -> None:
    """The first year in which the most series have a level; zero where there is none."""
    old, new = annual(catalogue, "airbus_deliveries", np.ones(20)), annual(catalogue, "atr_orders", np.ones(20))
    late = replace(new, first=FIRST + 60)
    assert common_year([old, late], 1970, 1990) == 1975
    assert common_year([old, late], 2000, 2005) == 0


def test_a_planted_lead_is_found_and_named_in_its_direction(catalogue: Catalogue) -> None:
    """A series that another one repeats two years later leads it by 24 months, whatever the order they stand in."""
    lead = walk(1)
    led = np.concatenate([np.zeros(2), lead[:-2]]) + 0.02 * walk(2)
    one, two = (
        annual(catalogue, name, np.exp(values)) for name, values in (("airbus_deliveries", lead), ("atr_orders", led))
    )
    for lines, direction in (((one, two), (0, 1)), ((two, one), (1, 0))):
        (tie,) = ties(lines)
        assert (tie.one, tie.two, tie.lag) == (*direction, 24)
        assert tie.state in ("ahead", "useful")
        assert tie.q is not None
        assert tie.q < 0.05


def test_series_of_one_year_are_together_and_neither_leads(catalogue: Catalogue) -> None:
    """The same shocks in the same year: together, no lag."""
    shared = walk(3)
    lines = [
        annual(catalogue, name, np.exp(shared + 0.1 * walk(seed)))
        for name, seed in (("airbus_deliveries", 4), ("atr_orders", 5))
    ]
    (tie,) = ties(lines)
    assert (tie.state, tie.lag) == ("together", 0)
    assert tie.same_year is not None
    assert tie.same_year > 0.8


def test_noise_rarely_leads(catalogue: Catalogue) -> None:
    """Twenty comparisons of four independent series, 120 pairs: at most six are said to have anything in common."""
    names = ("airbus_deliveries", "atr_orders", "falcon_orders", "esa_budget")
    fooled = 0
    for world in range(20):
        lines = [annual(catalogue, name, np.exp(walk(100 + 4 * world + k))) for k, name in enumerate(names)]
        found = ties(lines)
        assert len(found) == 6
        fooled += sum(tie.state != "chance" for tie in found)
    assert fooled <= 6


def test_twins_and_short_series_are_not_judged(outlook: Outlook) -> None:
    """Airbus alone and Airbus with Boeing are one family; ten years of growth in common are too few."""
    keys = [("airbus_deliveries", "WORLD", ""), ("airliner_deliveries_airbus_boeing", "WORLD", "")]
    (tie,) = ties([line_of(outlook, key, 2028) for key in keys])
    assert (tie.state, tie.q) == ("same", None)
    keys = [("us_electronic_components_shipments", "USA", ""), ("world_passenger_kilometres", "WORLD", "")]
    (tie,) = ties([line_of(outlook, key, 2028) for key in keys])
    assert (tie.state, tie.best) == ("short", None)


def test_years_that_repeat_are_worth_less(catalogue: Catalogue) -> None:
    """Two series that drift slowly have fewer independent years in common than years."""
    slow = [np.cumsum(np.repeat(np.random.default_rng(seed).normal(0, 0.1, 14), 4)) for seed in (7, 8)]
    (tie,) = ties(
        [annual(catalogue, n, np.exp(v)) for n, v in zip(("airbus_deliveries", "atr_orders"), slow, strict=True)]
    )
    assert tie.worth < tie.years / 1.5
