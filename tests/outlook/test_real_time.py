"""The record in real time: what the figures of the time say, beside what revised figures say, on the same periods."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue, Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.catalogue.real_vintages import RealVintage, load_real_vintages
from observatory.outlook.outlook import Outlook
from observatory.outlook.real_time import (
    ForecastStep,
    RealTimeOutcome,
    compute_real_time_record,
    list_real_time_outcomes,
    score_vintages,
)
from observatory.outlook.real_time_scores import MIN_YEARS, RealTimeRecord, VintageScores, summarize_vintages
from observatory.outlook.time_machine import reconstruct_outlook
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries
from observatory.workspace import Workspace
from tests.support.paths import ROOT
from tests.support.toys import build_toy_indicator

KEY: SeriesKey = ("made", "FRA", "")
FIRST, COUNT, ORIGIN = 2010 * 12, 14 * 12, 2022 * 12 + 5  # months; figures end in December 2023
DAY = date(2022, 8, 10)


@pytest.fixture
def values(rng: np.random.Generator) -> FloatArray:
    return np.asarray(100 * np.exp(np.cumsum(rng.normal(0.002, 0.02, COUNT))))


def made_catalogue(catalogue: Catalogue, kind: str) -> Catalogue:
    like: Indicator = catalogue.indicators["orbital_launches"]
    return replace(catalogue, indicators={"made": build_toy_indicator(like, "made", kind, "space", "M")})


def final_panel(values: FloatArray) -> dict[SeriesKey, TimeSeries]:
    return {KEY: TimeSeries(KEY, "M", FIRST, values)}


def vintage(values: FloatArray, last: int = ORIGIN, day: date = DAY) -> RealVintage:
    """A copy of that day, up to a last month."""
    rows = [("FRA", "", ordinal_to_period(FIRST + place, "M"), float(value)) for place, value in enumerate(values)]
    return RealVintage("made", day, "", "", tuple(rows[: last - FIRST + 1]))


@pytest.mark.parametrize(("kind", "factor"), [("flow", 1.0), ("index", 1.0), ("index", 0.8)])
def test_figures_that_were_not_revised_give_the_same_forecasts(
    catalogue: Catalogue, values: FloatArray, kind: str, factor: float
) -> None:
    """Both forecasts are equal where the vintage equals the final figures, and where an index had another base only."""
    outcomes = list_real_time_outcomes(made_catalogue(catalogue, kind), final_panel(values), [vintage(values * factor)])
    assert [row.period for row in outcomes] == [ordinal_to_period(ORIGIN + step, "M") for step in range(1, 13)]
    for row in outcomes:
        assert row.outcome == values[ORIGIN + row.step - FIRST]
        np.testing.assert_allclose(row.real, row.final)
        np.testing.assert_allclose(row.usual, values[ORIGIN - 11 - FIRST : ORIGIN + 1 - FIRST].mean())
    (scores,) = score_vintages(outcomes)
    assert scores.outcomes == 12
    np.testing.assert_allclose(scores.real_error, scores.final_error)
    assert scores.real_held == scores.final_held


def test_a_revised_amount_moves_the_forecast_in_real_time_alone(catalogue: Catalogue, values: FloatArray) -> None:
    """Figures of an amount that were a tenth lower then give a forecast about a tenth lower, and a larger error."""
    outcomes = list_real_time_outcomes(made_catalogue(catalogue, "flow"), final_panel(values), [vintage(values * 0.9)])
    for row in outcomes:
        assert row.real.median / row.final.median == pytest.approx(0.9, abs=0.01)
    unrevised = list_real_time_outcomes(made_catalogue(catalogue, "flow"), final_panel(values), [vintage(values)])
    assert [row.final for row in unrevised] == [row.final for row in outcomes]


@pytest.mark.parametrize("kind", ["flow", "index"])
def test_nothing_later_moves_a_forecast(
    catalogue: Catalogue, values: FloatArray, rng: np.random.Generator, kind: str
) -> None:
    """Figures after the last period of the vintage turned into noise: other outcomes, the same two forecasts."""
    shown, noisy = vintage(values * 1.03), values.copy()
    noisy[ORIGIN + 1 - FIRST :] = rng.uniform(1, 1000, len(noisy[ORIGIN + 1 - FIRST :]))
    one, other = (
        list_real_time_outcomes(made_catalogue(catalogue, kind), final_panel(figures), [shown])
        for figures in (values, noisy)
    )
    assert [(row.real, row.final, row.usual) for row in one] == [(row.real, row.final, row.usual) for row in other]
    assert all(row.outcome != again.outcome for row, again in zip(one, other, strict=True))


def test_the_first_value_is_that_of_the_next_vintage_that_has_it(catalogue: Catalogue, values: FloatArray) -> None:
    """Three months are in the next vintage, the others in one a year later; a vintage has no first value of its own."""
    next_one = vintage(values * 1.1, ORIGIN + 3, date(2022, 11, 10))
    last_one = vintage(values * 1.2, ORIGIN + 10, date(2023, 9, 10))
    rows = list_real_time_outcomes(
        made_catalogue(catalogue, "flow"), final_panel(values), [last_one, vintage(values), next_one]
    )
    of_first = [row for row in rows if row.day == DAY]
    for row in of_first:
        factor = 1.1 if row.step <= 3 else 1.2 if row.step <= 10 else None
        assert row.first == (None if factor is None else pytest.approx(row.outcome * factor))
    assert [row.first for row in rows if row.day == last_one.day] == [None] * 8


def test_a_vintage_without_anything_to_judge_is_left_out(catalogue: Catalogue, values: FloatArray) -> None:
    """No outcome of a vintage as long as the final figures, of one whose series is gone, or of another indicator."""
    made, panel = made_catalogue(catalogue, "flow"), final_panel(values)
    assert list_real_time_outcomes(made, panel, [vintage(values, FIRST + COUNT - 1, date(2024, 2, 10))]) == ()
    assert list_real_time_outcomes(made, {}, [vintage(values)]) == ()
    assert list_real_time_outcomes(made, panel, [replace(vintage(values), indicator="unknown")]) == ()


def test_the_scores_of_a_vintage_are_those_of_its_outcomes() -> None:
    """Errors are shares of the usual level, ranges count their ends, and first values count apart."""
    near, far = ForecastStep(110.0, 100.0, 120.0), ForecastStep(130.0, 125.0, 140.0)
    rows = [
        RealTimeOutcome(KEY, DAY, "2022-06", "2022-07", 1, 100.0, 90.0, 200.0, near, far),
        RealTimeOutcome(KEY, DAY, "2022-06", "2022-08", 2, 130.0, None, 200.0, near, far),
    ]
    (scores,) = score_vintages(rows)
    assert scores == VintageScores("made", "2022-08-10", 2, 0.05 + 0.1, 0.15, 1, 1, 1, 0.1, 0.05)


def made_scores(year: int, difference: float) -> VintageScores:
    return VintageScores("made", f"{year}-02-01", 10, 1.0 + 10 * difference, 1.0, 7, 8, 5, 0.4, 0.5)


def test_an_interval_needs_five_years() -> None:
    """Means over all outcomes; the interval is that of years drawn again, exact where all years agree."""
    years = range(2018, 2018 + MIN_YEARS)
    scores = summarize_vintages([made_scores(year, 0.02) for year in years])
    assert scores is not None
    assert (scores.vintages, scores.outcomes, scores.years) == (5, 50, 5)
    assert (scores.real_error, scores.final_error) == (pytest.approx(0.12), pytest.approx(0.1))
    assert (scores.real_held, scores.final_held, scores.first_count) == (35, 40, 25)
    assert (scores.first_error, scores.same_error) == (pytest.approx(0.08), pytest.approx(0.1))
    assert scores.difference == pytest.approx((0.02, 0.02))
    mixed = summarize_vintages([made_scores(year, 0.05 if year == 2018 else -0.01) for year in years])
    assert mixed is not None
    assert mixed.difference[0] < 0 < mixed.difference[1]
    few = summarize_vintages([made_scores(year, 0.02) for year in list(years)[1:] * 2])
    assert few is not None
    assert few.difference == ()
    assert summarize_vintages([]) is None


@pytest.mark.slow
def test_a_store_keeps_it_with_the_edition_that_brought_the_vintages(workspace: Workspace, outlook: Outlook) -> None:
    """The first edition has no record in real time; the second one has, and reads back from JSON as it is."""
    assert workspace.get_outlook_by_number(1).study.real_time == RealTimeRecord()
    record = outlook.study.real_time
    assert record.day == "2026-11-30"
    assert len({row.indicator for row in record.vintages}) > 40
    assert RealTimeRecord.from_json(json.loads(json.dumps(record.as_json()))) == record


@pytest.mark.slow
def test_its_calls_are_those_of_the_time_machine(catalogue: Catalogue, outlook: Outlook) -> None:
    """A call in real time is that of the month rebuilt with real vintages; the one beside it is the backtest's."""
    record, month = outlook.study.real_time, 2018 * 12 + 11
    replayed = {(row.segment, row.origin, row.horizon): row for row in outlook.replayed_calls}
    for row in record.calls:
        past = replayed[row.segment, row.origin, row.horizon]
        assert (row.final_call, row.final_chance, row.grew) == (past.call, past.chance, past.grew)
    rebuilt = reconstruct_outlook(outlook, month, load_real_vintages(ROOT / "data", catalogue))
    of_month = [row for row in record.calls if row.origin == month]
    assert of_month
    for row in of_month:
        call = rebuilt.calls[row.segment, row.horizon]
        assert (row.call, row.chance) == (call.call, pytest.approx(call.probability, abs=1e-7))


def test_without_vintages_there_is_no_record(catalogue: Catalogue, values: FloatArray) -> None:
    """Nothing is computed and the record has no day, so that pages leave it out."""
    record = compute_real_time_record(made_catalogue(catalogue, "flow"), final_panel(values), (), (), DAY)
    assert record == RealTimeRecord()
