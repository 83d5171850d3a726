"""Forecasts of others judged: outcomes from our series, naive forecasts, ours on the same day, scores."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.real_vintages import RealVintage
from observatory.outlook.external.judging import decode_record, encode_record, judge_forecasts
from observatory.outlook.external.outcomes import compute_naive_forecasts, compute_outcome
from observatory.outlook.external.own_forecasts import forecast_targets
from observatory.outlook.external.scores import compute_external_scores, find_lead, group_forecasts
from observatory.timeseries import SeriesKey, TimeSeries
from tests.support.outlooks import KEY, build_catalogue, build_forecasts, build_panel_until

GROWTH = {"statement": "a", "published": "2024-06", "target": "2025", "value": "4"}
LEVEL = {"kind": "level", "measure": "level", "unit": "aircraft"}


def test_a_forecast_is_judged_when_its_figure_comes(catalogue: Catalogue, tmp_path: Path) -> None:
    """A forecast whose target lies ahead has no outcome and no score; with the figure of its target it has both."""
    rows = build_forecasts(tmp_path, {**GROWTH, "published": "2026-06", "target": "2027"})
    with_rows = build_catalogue(catalogue, rows)
    (before,) = judge_forecasts(with_rows, build_panel_until(2026)).rows
    assert (before.outcome, before.outcome_origin, before.is_scored) == (None, "", False)
    assert group_forecasts([before]) == ()
    (after,) = judge_forecasts(with_rows, build_panel_until(2027)).rows
    assert after.outcome == pytest.approx(5.0)
    assert (after.outcome_origin, after.is_scored) == ("series", True)
    (group,) = group_forecasts([after])
    assert group.scores.mean_error == pytest.approx(-1.0)
    assert list(group.lead_scores) == ["next_early"]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"measure": "growth"}, 5.0),
        ({**LEVEL, "value": "500"}, 100 * 1.05**35),
        ({**LEVEL, "value": "500", "scale": "10"}, 10 * 1.05**35),
        ({**LEVEL, "measure": "total", "target": "2024-2025"}, 100 * (1.05**34 + 1.05**35)),
        ({**LEVEL, "measure": "mean", "target": "2024-2025"}, 50 * (1.05**34 + 1.05**35)),
        ({"kind": "cagr", "measure": "yearly_growth", "target": "2024-2025"}, 5.0),
        ({"kind": "level", "measure": "share"}, 100 * 1.05**6),
        ({"measure": "growth", "target": "2026"}, None),
        ({**LEVEL, "target": "FY2025"}, None),
    ],
)
def test_outcomes(catalogue: Catalogue, tmp_path: Path, row: dict[str, str], outcome: float | None) -> None:
    """Each measure is computed from the series, in the unit of the forecast; None where the series does not give it."""
    (forecast,) = build_forecasts(tmp_path, {**GROWTH, **row})
    value = compute_outcome(forecast, build_panel_until(2025), catalogue)
    assert value == (None if outcome is None else pytest.approx(outcome))


def test_a_quoted_outcome_gives_way(catalogue: Catalogue, tmp_path: Path) -> None:
    """A quoted outcome is used, and marked, only while the series has no figure."""
    quoted = {**GROWTH, "outcome": "3", "outcome_source": "a page"}
    with_rows = build_catalogue(catalogue, build_forecasts(tmp_path, quoted))
    (early,) = judge_forecasts(with_rows, build_panel_until(2024)).rows
    (late,) = judge_forecasts(with_rows, build_panel_until(2025)).rows
    assert (early.outcome, early.outcome_origin) == (3.0, "quoted")
    assert late.outcome == pytest.approx(5.0)
    assert late.outcome_origin == "series"


def test_naive_forecasts_know_the_last_complete_year(catalogue: Catalogue, tmp_path: Path) -> None:
    """No change is last year's level, the growth rates are of years before the publication, the mean needs four."""
    panel = build_panel_until(2025)
    values = panel[KEY].values.copy()
    values[-1] = values[-2] * 3  # the year of the publication: nobody knows it yet
    panel = {KEY: replace(panel[KEY], values=values)}
    published = {"published": "2025-03", "target": "2026"}
    growth, level = build_forecasts(
        tmp_path, {**GROWTH, **published}, {**GROWTH, **LEVEL, **published, "statement": "a", "value": "600"}
    )
    rates = compute_naive_forecasts(growth, panel, catalogue)
    assert rates == {"no_change": 0.0, "last_growth": pytest.approx(5.0), "mean_growth": pytest.approx(5.0)}
    last = 100 * 1.05**34
    levels = compute_naive_forecasts(level, panel, catalogue)
    assert levels["no_change"] == pytest.approx(last)
    assert levels["mean_growth"] == pytest.approx(last * 1.05**2)
    short = {KEY: TimeSeries(KEY, "A", 2021, np.array([1.0, 2.0, 4.0, 8.0]))}
    assert compute_naive_forecasts(growth, short, catalogue)["mean_growth"] is None


def test_ours_never_knows_more(catalogue: Catalogue, tmp_path: Path) -> None:
    """What is changed after the day of publication, its lag included, changes nothing in ours; what is before does."""
    rows = build_forecasts(tmp_path, {**GROWTH, **LEVEL, "value": "500"})
    panel = build_panel_until(2025)
    own = forecast_targets(rows, panel, catalogue)[2]
    assert own.known_month == 2023 * 12 + 11
    assert own.low is not None
    assert own.high is not None
    assert own.low <= own.value <= own.high

    def change(year: int) -> float:
        values = panel[KEY].values.copy()
        values[year - 1990] *= 2
        return forecast_targets(rows, {KEY: replace(panel[KEY], values=values)}, catalogue)[2].value

    assert change(2024) == own.value
    assert change(2023) != own.value
    early = build_forecasts(tmp_path, {**GROWTH, **LEVEL, "published": "2024-04", "value": "500"})
    assert forecast_targets(early, panel, catalogue)[2].known_month == 2022 * 12 + 11  # the lag is four months


def test_ours_takes_the_real_vintage(catalogue: Catalogue, tmp_path: Path) -> None:
    """Where a real vintage of the time reaches as far, ours is made from what it shows."""
    rows = build_forecasts(tmp_path, {**GROWTH, **LEVEL, "value": "500"})
    panel = build_panel_until(2025)
    day = catalogue.edition.at.date().replace(year=2024, month=3, day=1)
    points = tuple(("WORLD", "", str(1990 + year), 50.0 * 1.05**year) for year in range(34))
    vintage = RealVintage(KEY[0], day, "x", "x", points)
    plain, real = (forecast_targets(rows, panel, catalogue, given)[2].value for given in ((), (vintage,)))
    assert real == pytest.approx(plain / 2)


def test_a_year_alone_has_no_lead_time(catalogue: Catalogue, tmp_path: Path) -> None:
    """A forecast dated by a year alone has an unknown lead time, and ours is not compared with it."""
    rows = build_forecasts(tmp_path, {**GROWTH, "published": "2024"})
    (judged,) = judge_forecasts(build_catalogue(catalogue, rows), build_panel_until(2025)).rows
    assert find_lead(judged) == "unknown"
    assert judged.own is None
    assert judged.is_scored


def test_a_growth_and_a_level_count_once(catalogue: Catalogue, tmp_path: Path) -> None:
    """Of a statement one row is scored, its growth; ranges count on every row."""
    level = {**GROWTH, **LEVEL, "low": "400", "value": "540", "high": "600"}
    rows = build_forecasts(tmp_path, level, GROWTH)
    judged = judge_forecasts(build_catalogue(catalogue, rows), build_panel_until(2025)).rows
    assert [(row.forecast.measure, row.is_scored) for row in judged] == [("level", False), ("growth", True)]
    scores = compute_external_scores(judged)
    assert scores is not None
    assert (scores.n, scores.held, scores.ranges) == (1, 1, 1)


@pytest.mark.parametrize(
    ("limits", "held"),
    [
        ({"low": "4", "value": "", "high": ""}, True),
        ({"low": "", "value": "", "high": "4"}, False),
        ({"low": "4", "value": "4.5", "high": "6"}, True),
        ({"low": "", "value": "4"}, None),
    ],
)
def test_ranges_and_bounds(catalogue: Catalogue, tmp_path: Path, limits: dict[str, str], held: bool | None) -> None:
    """A range holds the outcome or not, a bound alone too; without either there is nothing to hold."""
    rows = build_forecasts(tmp_path, {**GROWTH, "basis": "bound", **limits})
    (judged,) = judge_forecasts(build_catalogue(catalogue, rows), build_panel_until(2025)).rows
    assert judged.is_held is held
    assert judged.is_scored is bool(limits["value"])


def test_a_record_reads_back(catalogue: Catalogue, tmp_path: Path) -> None:
    """A stored record is the record, and nothing stored is an empty one."""
    rows = build_forecasts(tmp_path, GROWTH, {**GROWTH, **LEVEL, "value": "540"})
    record = judge_forecasts(build_catalogue(catalogue, rows), build_panel_until(2025))
    read = decode_record(encode_record(record))
    assert encode_record(read) == encode_record(record)
    assert [row.forecast for row in read.rows] == [row.forecast for row in record.rows]
    assert decode_record({}).rows == ()


def test_a_claim_needs_years(catalogue: Catalogue, tmp_path: Path) -> None:
    """A publisher that is always right is better than the reference only over five target years or more."""
    values = np.asarray(100 * np.cumprod(1 + 0.05 * np.resize([3.0, -2.0], 36)), dtype=np.float64)
    panel = {KEY: TimeSeries(KEY, "A", 1990, values)}
    truth = {year: (values[year - 1990] / values[year - 1991] - 1) * 100 for year in range(2016, 2026)}
    rows = build_forecasts(
        tmp_path,
        *(
            {"statement": str(year), "published": f"{year - 1}-06", "target": str(year), "value": f"{value:.6f}"}
            for year, value in truth.items()
        ),
    )
    judged = judge_forecasts(build_catalogue(catalogue, rows), panel).rows
    for count, standing in ((10, "better"), (4, "even")):
        scores = compute_external_scores(judged[:count])
        assert scores is not None
        assert scores.naive["no_change"].standing == standing
        assert scores.naive["no_change"].years == count


def test_the_first_scoring_is_reproduced(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> None:
    """Mean absolute errors of the curated record are those of the first scoring, to the digit printed."""
    record = judge_forecasts(catalogue, known)
    groups = {(row.publisher, row.measure, row.subject): row for row in group_forecasts(record.rows)}
    wsts = groups["wsts", "growth", ""]
    assert (wsts.scores.n, wsts.scores.targets) == (85, 20)
    assert [round(value, 1) for value in (wsts.scores.mean_error, wsts.scores.mean_absolute)] == [-0.7, 6.8]
    leads = {name: (row.n, round(row.mean_absolute, 1)) for name, row in wsts.lead_scores.items()}
    assert leads == {
        "current_early": (18, 5.6),
        "current_late": (18, 2.3),
        "next_early": (16, 9.2),
        "next_late": (18, 7.0),
        "later": (15, 10.7),
    }
    naive = {name: (pair.n, round(pair.other, 1)) for name, pair in wsts.scores.naive.items()}
    assert naive == {"no_change": (85, 10.1), "last_growth": (85, 15.2), "mean_growth": (76, 9.6)}
    jets = groups["honeywell_jets", "total", ""].scores
    assert (jets.n, jets.too_high, round(jets.mean_absolute, 1)) == (8, 8, 40.2)
    oil = groups["world_bank", "level", ""].scores
    assert (oil.n, round(oil.mean_absolute, 1), round(oil.naive["no_change"].other, 1)) == (14, 7.4, 12.1)
