"""Past shocks replayed: exact on made shocks, honest about how many series stand behind, dated by the catalogue."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import period_to_ordinal
from observatory.outlook.outlook import Outlook
from observatory.outlook.shocks.shocks import compute_shocks, list_calm_months, list_named_shocks
from observatory.timeseries import SeriesKey, TimeSeries

YEARS = ("airbus_helicopters_deliveries", "turbine_helicopter_deliveries")
MONTHLY = "fr_aerospace_production"


def yearly_series(catalogue: Catalogue, name: str, values: dict[int, float]) -> dict[SeriesKey, TimeSeries]:
    row = catalogue.indicators[name]
    key = (name, row.headline_geo, row.headline_item)
    levels = np.array([values.get(year, 100.0) for year in range(2010, 2026)])
    return {key: TimeSeries(key, "A", 2010, levels)}


def of(found: dict, start: int, segment: str) -> dict:
    return next(row for row in found["shocks"] if row["start"].startswith(str(start)))["segments"][segment]


def test_a_made_shock_gives_its_depth_and_months(catalogue: Catalogue) -> None:
    """100, 60, 80, 100 and 100, 80, 70, 100: 40 and 30 % lost, troughs after 12 and 24 months, back 24 and 12 later."""
    panel = yearly_series(catalogue, YEARS[0], {2020: 60.0, 2021: 80.0})
    panel |= yearly_series(catalogue, YEARS[1], {2020: 80.0, 2021: 70.0})
    row = of(compute_shocks(catalogue, panel), 2020, "helicopters")
    assert (row["count"], row["fell"], row["back"]) == (2, 2, 2)
    assert [fall["indicator"] for fall in row["series"]] == [YEARS[1], YEARS[0]]
    by_name = {fall["indicator"]: fall for fall in row["series"]}
    assert [by_name[name]["depth"] for name in YEARS] == pytest.approx([0.4, 0.3])
    assert [by_name[name]["trough_months"] for name in YEARS] == [12, 24]
    assert [by_name[name]["back_months"] for name in YEARS] == [24, 12]
    assert (row["depth"], row["trough_months"], row["back_months"]) == pytest.approx((0.35, 18, 18))
    assert row["path"] == pytest.approx([1, 0.7, 0.75, 1, 1, 1])


def test_a_monthly_series_is_read_on_its_yearly_level(catalogue: Catalogue) -> None:
    """Twelve months at 40 after years at 100: the mean of a year falls by 60 % in 12 months and is back in 12."""
    row = catalogue.indicators[MONTHLY]
    first, fell = period_to_ordinal("2015-01"), period_to_ordinal("2020-02")
    values = np.full(120, 100.0)
    values[fell - first : fell - first + 12] = 40.0
    key = (MONTHLY, row.headline_geo, row.headline_item)
    found = of(compute_shocks(catalogue, {key: TimeSeries(key, "M", first, values)}), 2020, "commercial_aircraft")
    fall = found["series"][0]
    assert (fall["peak"], fall["trough_months"], fall["back_months"]) == ("2020-01", 12, 12)
    assert fall["depth"] == pytest.approx(0.6)
    assert (found["count"], found["depth"], found["trough_months"]) == (1, None, None), "one series is not a market"


def test_what_did_not_fall_and_what_is_not_back(catalogue: Catalogue) -> None:
    """A series that only rose lost nothing and has no trough; one that stays down has no return, nor has the market."""
    panel = yearly_series(catalogue, YEARS[0], {year: 100.0 + 5 * (year - 2010) for year in range(2010, 2026)})
    panel |= yearly_series(catalogue, YEARS[1], dict.fromkeys(range(2020, 2026), 50.0))
    row = of(compute_shocks(catalogue, panel), 2020, "helicopters")
    rose, stays = (next(fall for fall in row["series"] if fall["indicator"] == name) for name in YEARS)
    assert (rose["depth"], rose["trough_months"], rose["back_months"]) == (0, None, None)
    assert (stays["depth"], stays["trough_months"], stays["back_months"], stays["seen_months"]) == (0.5, 12, None, 60)
    assert (row["fell"], row["back"], row["back_months"]) == (1, 0, None)


def test_a_series_that_stops_does_not_count_as_down_for_ever(catalogue: Catalogue) -> None:
    """Back after 24 months, and a series that ends 24 months after its trough: half are back after those 24 months."""
    names = ("fr_aerospace_turnover", "atr_deliveries", "airliner_deliveries_airbus_boeing")
    panel = yearly_series(catalogue, names[0], {2020: 60.0, 2021: 80.0})
    panel |= yearly_series(catalogue, names[1], {2020: 60.0, 2021: 70.0})
    for key, history in yearly_series(catalogue, names[2], {2020: 50.0, 2021: 60.0, 2022: 70.0}).items():
        panel[key] = replace(history, values=history.values[:13])
    row = of(compute_shocks(catalogue, panel), 2020, "commercial_aircraft")
    assert (row["count"], row["back"], row["back_months"]) == (3, 2, 24)


def test_the_dates_are_those_of_the_catalogue(catalogue: Catalogue) -> None:
    """Each shock since 2000 that has a short name is replayed, and moves with its date in data/events.toml."""
    assert [event.start.year for event in list_named_shocks(catalogue)] == [2001, 2007, 2020]
    panel = yearly_series(catalogue, YEARS[0], {2016: 60.0}) | yearly_series(catalogue, YEARS[1], {2016: 50.0})
    moved = tuple(
        replace(event, start=date(2016, 1, 30), end=date(2016, 12, 31)) if event.start == date(2020, 1, 30) else event
        for event in catalogue.events
    )
    found = compute_shocks(replace(catalogue, events=moved), panel)
    assert of(found, 2016, "helicopters")["depth"] == pytest.approx(0.45)
    (unmoved,) = of(compute_shocks(catalogue, panel), 2020, "helicopters")["series"]  # two that did the same are one
    assert unmoved["depth"] == 0


def test_the_same_quantity_twice_counts_once(outlook: Outlook) -> None:
    """No market has two series of one family, nor two that did the very same (launches with and without Starlink)."""
    for row in compute_shocks(outlook.catalogue, outlook.panel)["shocks"]:
        for segment in row["segments"].values():
            families = [outlook.catalogue.indicators[fall["indicator"]].family for fall in segment["series"]]
            assert len(set(families)) == len(families) == segment["count"]
            falls = [(fall["peak"], fall["depth"], tuple(fall["path"])) for fall in segment["series"]]
            assert len(set(falls)) == len(falls)


def test_the_shocks_of_this_edition(outlook: Outlook) -> None:
    """Covid-19 took more than half of air transport; all is plain JSON, the same twice; calm years held no shock."""
    found = compute_shocks(outlook.catalogue, outlook.panel)
    assert of(found, 2020, "air_transport")["depth"] > 0.5
    assert json.dumps(found, allow_nan=False) == json.dumps(
        compute_shocks(outlook.catalogue, outlook.panel), allow_nan=False
    )
    assert found["calm"]["air_transport"]["depth"] < of(found, 2020, "air_transport")["depth"]
    years = {month // 12 for month in list_calm_months(outlook.catalogue)}
    assert not years & {1990, 2000, 2001, 2006, 2008, 2018, 2020}
    assert 1995 in years
