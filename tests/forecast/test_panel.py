"""The forecasts of a panel: honest on every kind of series, and never a look ahead."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.catalogue.periods import Frequency, period_to_ordinal
from observatory.forecast import panel
from observatory.forecast.cross_validation import Folds, ForecastTask, build_folds, group_series
from observatory.forecast.engine import forecast_matrix
from observatory.forecast.panel import evaluate_folds, forecast_tasks
from observatory.memo import forget_all
from observatory.outlook.outlook import Outlook
from observatory.settings import MIN_OBSERVATIONS
from observatory.timeseries import TimeSeries
from tests.support.curated import count_series
from tests.support.paths import ROOT

DAY = date(2026, 11, 22)


def task(
    values: np.ndarray, frequency: Frequency = "A", last: str = "2025", name: str = "x", seasonal: bool = False
) -> ForecastTask:
    first = period_to_ordinal(last) - len(values) + 1
    return ForecastTask(
        TimeSeries((name, "WORLD", ""), frequency, first, np.asarray(values, float)), seasonal, 4, lower_bound=0.0
    )


def many(rng: np.random.Generator, count: int = 12, years: int = 40) -> list[ForecastTask]:
    """Enough yearly series for a calibration."""
    return [task(100 * np.exp(np.cumsum(rng.normal(0.02, 0.1, years))), name=f"s{k}") for k in range(count)]


def test_intervals_are_nested_widen_and_respect_bounds(rng: np.random.Generator) -> None:
    """50 % lies in 80 % lies in 95 %; each widens with the horizon; a count never goes below zero."""
    for result in forecast_tasks(many(rng), DAY):
        width = result.high - result.low
        assert (np.diff(width, axis=1) >= 0).all()
        assert (np.diff(np.log(result.high / result.median[:, None]), axis=0) >= -1e-9).all()
        assert (np.diff(np.log(result.median[:, None] / np.maximum(result.low, 1e-9)), axis=0) >= -1e-9).all()
        assert (result.low >= 0).all()
        assert (result.low <= result.median[:, None] + 1e-9).all()
        assert (result.median[:, None] <= result.high + 1e-9).all()


def test_short_stopped_and_constant_series_have_stated_answers(rng: np.random.Generator) -> None:
    """Too short and stopped series are not forecast, and say which; a constant one is forecast as itself."""
    short = task(np.arange(MIN_OBSERVATIONS - 1.0) + 1, name="short")
    old = task(np.arange(30.0) + 1, last="2016", name="old")
    flat = task(np.full(30, 9.0), name="flat")
    found = {row.key[0]: row for row in forecast_tasks([*many(rng), short, old, flat], DAY)}
    assert (found["short"].status, len(found["short"].median)) == ("too_short", 0)
    assert (found["old"].status, len(found["old"].median)) == ("stopped", 0)
    np.testing.assert_allclose(found["flat"].median, 9.0, rtol=1e-6)


def test_the_calendar_counts_not_the_row(rng: np.random.Generator) -> None:
    """A series with absent years is forecast for the years after its last one, and its history keeps the holes."""
    values = 100 * np.exp(np.cumsum(rng.normal(0.02, 0.1, 30)))
    values[[20, 21, 25]] = np.nan
    result = next(row for row in forecast_tasks([*many(rng), task(values, name="holes")], DAY) if row.key[0] == "holes")
    assert result.origin == 2025
    assert result.points == 27
    assert np.isfinite(result.median).all()


def test_mixed_signs_are_forecast_on_their_own_scale(rng: np.random.Generator) -> None:
    """Net orders can be negative: no logarithm, finite limits on both sides of zero."""
    values = np.append(rng.normal(0, 50, 35), 8.0)
    rows = [ForecastTask(TimeSeries(("net", "WORLD", ""), "A", 1990, values), False, 4)]
    result = next(row for row in forecast_tasks([*many(rng), *rows], DAY) if row.key[0] == "net")
    assert result.low[0, 1] < 0 < result.high[0, 1]


def test_a_month_that_often_was_zero_may_be_zero_again_and_nothing_else_changes(rng: np.random.Generator) -> None:
    """Twelve years of launches, none in most Augusts: each range of August holds zero, now and in the record.

    Medians, upper limits, past errors and all figures of the other series are those without that rule.
    """
    launches = 30.0 + rng.poisson(3, 144)
    launches[7::12][:8] = 0.0
    tasks = [
        *(
            task(row, "M", "2025-12", f"s{k}")
            for k, row in enumerate(100 * np.exp(np.cumsum(rng.normal(0, 0.05, (5, 144)), 1)))
        ),
        task(launches, "M", "2025-12", "launches"),
    ]
    folds = build_folds(tasks, "M")
    found = evaluate_folds(folds)
    without = evaluate_folds(replace(folds, zero_seasons=np.zeros_like(folds.zero_seasons)))
    for mine, other in zip(found, without, strict=True):
        assert (mine.past_errors, mine.gain, mine.status) == (other.past_errors, other.gain, other.status)
        np.testing.assert_array_equal(mine.median, other.median)
        np.testing.assert_array_equal(mine.high, other.high)
    for mine, other in zip(found[:-1], without[:-1], strict=True):
        np.testing.assert_array_equal(mine.low, other.low)
        assert mine.hits == other.hits
    august = np.arange(len(found[-1].low)) % 12 == 7
    assert (found[-1].low[august] == 0).all()
    assert (without[-1].low[august, 0] > 0).any()
    np.testing.assert_array_equal(found[-1].low[~august], without[-1].low[~august])
    assert found[-1].hits >= without[-1].hits


def test_it_is_deterministic_and_keeps_the_order(rng: np.random.Generator) -> None:
    """The same tasks give the same figures, in the order of the tasks."""
    tasks = many(rng)
    first, second = forecast_tasks(tasks, DAY), forecast_tasks(tasks, DAY)
    assert [row.key for row in first] == [row.history.key for row in tasks]
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.high, two.high)


def test_no_look_ahead(rng: np.random.Generator) -> None:
    """Cut at a date, a series gets the forecast that it would have got then: later values move nothing."""
    tasks = many(rng)
    until = [ForecastTask(row.history.truncate(2015) or row.history, False, 4, 0.0) for row in tasks]
    changed = []
    for row in tasks:
        values = row.history.values.copy()
        values[2016 - row.history.first :] *= 17
        history = TimeSeries(row.history.key, "A", row.history.first, values).truncate(2015)
        assert history is not None
        changed.append(ForecastTask(history, False, 4, 0.0))
    for one, two in zip(
        forecast_tasks(until, date(2016, 6, 1)), forecast_tasks(changed, date(2016, 6, 1)), strict=True
    ):
        np.testing.assert_array_equal(one.median, two.median)
        np.testing.assert_array_equal(one.high, two.high)


def test_what_is_shown_is_what_the_record_says(rng: np.random.Generator) -> None:
    """Steady growth shows the pool and its gain; a walk, which the pool forecasts worse, the naive forecast."""
    walk = task(100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.2, 45))), name="walk")
    growth = task(100 * 1.06 ** np.arange(40.0) * np.exp(rng.normal(0, 0.01, 40)), name="growth")
    results = {row.key[0]: row for row in forecast_tasks([*many(rng), walk, growth], DAY)}
    assert results["growth"].status == "pool"
    assert results["growth"].gain is not None
    assert results["growth"].gain > 0.5
    assert results["walk"].status == "reference"
    assert results["walk"].gain is not None
    assert -0.1 < results["walk"].gain < 0
    np.testing.assert_allclose(results["walk"].median, walk.history.values[-1], rtol=1e-9)


def test_a_crash_and_its_recovery_wreck_neither_level_nor_season_nor_range(outlook: Outlook) -> None:
    """Air traffic of 2020 (-96 % in a month): forecast at the end of 2023 as if it had not been there, ranges included.

    The same series with 2020-02 to 2022-06 drawn straight (season kept) is the one to compare with: the median moves by
    less than 8 %, each month's share of the year by less than 2 points, and ranges are less than 3.5 times as wide.
    """
    key = next(key for key in outlook.panel if key[0] == "us_airline_passengers" and key[2] in ("", "total"))
    history = outlook.panel[key].truncate(2023 * 12 + 8)
    assert history is not None
    begin, end = 2020 * 12 + 1 - history.first, 2022 * 12 + 6 - history.first
    calm = history.values.copy()
    year_before, year_after = calm[begin - 12 : begin], calm[end : end + 12]
    assert np.nanmin(calm[begin:end]) < 0.1 * year_before.mean()
    season = year_before / year_before.mean()
    level = np.interp(np.arange(begin, end), [begin - 6, end + 6], [year_before.mean(), np.nanmean(year_after)])
    calm[begin:end] = level * season[np.arange(end - begin) % 12]
    rows = [
        ForecastTask(history, True, 3, 0.0),
        ForecastTask(TimeSeries(("calm", "", ""), "M", history.first, calm), True, 3, 0.0),
    ]
    wrecked, quiet = (forecast_matrix(row.history.values[None], 12, 24, [80]) for row in rows)
    np.testing.assert_allclose(wrecked.median, quiet.median, rtol=0.08)
    shares = [part.median[0, :12] / part.median[0, :12].sum() for part in (wrecked, quiet)]
    assert np.abs(shares[0] - shares[1]).max() < 0.02
    width = [np.log(part.high / part.low)[0, :, 0] for part in (wrecked, quiet)]
    assert (width[0] < 3.5 * width[1]).all()


def test_a_seasonal_reference_repeats_the_year(rng: np.random.Generator) -> None:
    """A monthly series with a pure season and no trend is forecast with its season, near its own values."""
    season = 100 + 30 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    rows = [
        task(np.tile(season, 12) * (1 + 0.01 * k) + rng.normal(0, 1, 144), "M", "2025-12", f"m{k}", True)
        for k in range(6)
    ]
    for k, result in enumerate(forecast_tasks(rows, date(2026, 3, 1))):
        np.testing.assert_allclose(result.median[:12], season * (1 + 0.01 * k), rtol=0.06)


def test_every_curated_series_has_an_answer(outlook: Outlook) -> None:
    """All series have a forecast or a stated reason; none that is shown has an absurd limit."""
    assert len(outlook.forecasts) == count_series()
    for key, result in outlook.forecasts.items():
        if result.status in ("too_short", "stopped"):
            assert len(result.median) == 0
            continue
        assert np.isfinite(result.high).all()
        largest = float(np.nanmax(np.abs(outlook.panel[key].values)))
        assert np.abs(result.high).max() <= 10 * largest * 1.0001, key
        assert np.abs(result.low).max() <= 10 * largest * 1.0001, key
        row = outlook.catalogue.indicators[key[0]]
        if float(np.nanmin(outlook.panel[key].values)) >= 0:
            assert (result.low >= 0).all(), key
        if row.unit_en == "%":
            assert (result.high <= 100).all(), key


@pytest.mark.parametrize("package", ["briefs", "pages", "charts", "outlook", "workspace", "export", "api"])
def test_nothing_that_serves_a_page_names_scikit_learn(package: str) -> None:
    """Only the forecast room mentions it (a page that imports it by accident is caught by a test on pages)."""
    path = ROOT / "observatory" / package
    files = path.rglob("*.py") if path.is_dir() else [path]
    assert not [file.name for file in files if "sklearn" in file.read_text(encoding="utf-8")]


def test_a_group_of_series_stays_as_large_while_a_catalogue_grows() -> None:
    """Of 130 series there are 4 groups, of ten and twenty-five times as many 64 and 128, none of more than 60."""
    for count, groups in ((20, 1), (130, 4), (1300, 64), (3250, 128)):
        places = group_series([(f"series_{number}", "WORLD", "") for number in range(count)])
        assert len(places) == groups
        assert sorted(np.concatenate(places).tolist()) == list(range(count))
        assert max(map(len, places)) <= 60


def test_a_changed_series_leaves_the_other_groups_alone(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of seventy series one is revised: its group alone is forecast anew, with the figures of a computation anew."""
    tasks, asked = many(rng, 70, 16), list[list[str]]()

    def build(chosen: list[ForecastTask], frequency: Frequency) -> Folds:
        asked.append([row.history.key[0] for row in chosen])
        return build_folds(chosen, frequency)

    monkeypatch.setattr(panel, "build_folds", build)
    forget_all()
    before = forecast_tasks(tasks, DAY)
    groups = [set(names) for names in asked]
    assert len(groups) == 4
    revised = [*tasks[:-1], replace(tasks[-1], history=replace(tasks[-1].history, values=tasks[-1].history.values * 2))]
    after = forecast_tasks(revised, DAY)
    assert [set(names) for names in asked[4:]] == [next(names for names in groups if "s69" in names)]
    forget_all()
    for row, anew, old in zip(after, forecast_tasks(revised, DAY), before, strict=True):
        assert row.key == anew.key == old.key
        assert (row.median.tobytes(), row.low.tobytes(), row.hits) == (
            anew.median.tobytes(),
            anew.low.tobytes(),
            anew.hits,
        )
    assert after[-1].median.tobytes() != before[-1].median.tobytes()


def test_ranges_are_those_of_all_groups(rng: np.random.Generator) -> None:
    """Series of one group alone have other ranges than among seventy: errors of all groups are measured together."""
    tasks = many(rng, 70, 16)
    together = {row.key: row for row in forecast_tasks(tasks, DAY)}
    places = group_series([row.history.key for row in tasks])[0]
    alone = forecast_tasks([tasks[place] for place in places.tolist()], DAY)
    assert all((row.median == together[row.key].median).all() for row in alone)
    assert any((row.low != together[row.key].low).any() for row in alone)
    at_once = evaluate_folds(build_folds(tasks, "A"))
    for row in at_once:
        np.testing.assert_allclose(row.low, together[row.key].low, rtol=1e-9)
