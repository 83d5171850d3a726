"""Inputs of a firm: joint paths that are stored, chances of crossing, baskets, and rules on when to negotiate."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.forecast.cross_validation import build_tasks
from observatory.forecast.joint_paths import RANK_COUNT, draw_rank_paths, step_quantiles
from observatory.forecast.panel import forecast_tasks
from observatory.outlook.build import study_purchasing
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing import baskets, negotiation, price_paths, threshold_odds
from observatory.outlook.study import Study
from observatory.outlook.time_machine import truncate_to_month
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, PastForecasts, TimeSeries

STEPS = price_paths.PATH_MONTHS


def series(name: str, values: np.ndarray, first: int = 12 * 1990) -> TimeSeries:
    return TimeSeries((name, "WORLD", ""), "M", first, values)


def walk(seed: int, count: int = 400, size: float = 0.05) -> np.ndarray:
    return np.exp(np.cumsum(np.random.default_rng(seed).normal(0, size, count)))


def test_paths_have_exactly_the_published_ranges(outlook: Outlook) -> None:
    """Of the stored paths of every input and month, as many lie in each published range as its level says."""
    for row in price_paths.list_inputs(outlook.catalogue):
        forecast, paths = outlook.forecasts[outlook.headline_key(row)], price_paths.get_price_paths(outlook, row.id)
        assert paths is not None
        assert paths.shape == (RANK_COUNT, STEPS)
        for at, level in enumerate(INTERVAL_LEVELS):
            inside = (paths >= forecast.low[:STEPS, at]) & (paths <= forecast.high[:STEPS, at])
            assert np.abs(inside.mean(axis=0) - level / 100).max() < 1.5 / RANK_COUNT + 0.005, row.id
        assert np.allclose(np.median(paths, axis=0), forecast.median[:STEPS], rtol=0.01)


def test_what_is_stored_is_compact_and_the_same_twice(outlook: Outlook) -> None:
    """Less than 300 kB of JSON; drawn again from the same panel, the same bytes."""
    found = outlook.study.as_json()["inputs"]
    assert len(json.dumps(found)) < 300_000
    rows = price_paths.select_input_forecasts(list(outlook.forecasts.values()), outlook.catalogue)
    assert price_paths.encode_paths(rows, outlook.panel) == found["paths"]


def test_prices_move_together_as_they_did(outlook: Outlook) -> None:
    """Brent and WTI end on the same side nearly always; a price and an exchange rate do not."""
    brent, wti, rate = (price_paths.get_price_paths(outlook, name) for name in ("brent_price", "wti_price", "eur_gbp"))
    assert brent is not None
    assert wti is not None
    assert rate is not None
    assert np.corrcoef(np.log(brent[:, 11]), np.log(wti[:, 11]))[0, 1] > 0.75
    assert abs(np.corrcoef(np.log(brent[:, 11]), np.log(rate[:, 11]))[0, 1]) < 0.5


def test_a_vintage_without_paths_has_none(outlook: Outlook) -> None:
    """An edition that was published before paths were drawn answers None, and no basket."""
    parts = {name: part for name, part in outlook.study.as_json().items() if name != "inputs"}
    old = replace(outlook, study=Study.from_json(parts))
    assert price_paths.decode_ranks(old) == {}
    assert price_paths.get_price_paths(old, "brent_price") is None
    assert baskets.build_basket(old, {"brent_price": 100}) is None


def test_paths_move_as_monthly_means_do() -> None:
    """Every rank stands once a month; changes of a month go on into the next, and up is as likely as down."""
    ranks = draw_rank_paths([0, 2], np.eye(2), 24, 3)
    assert all(
        (np.sort(ranks[place, :, step]) == np.arange(RANK_COUNT)).all() for place in (0, 1) for step in range(24)
    )
    one, two = (ranks[0][:, step].astype(float) for step in (0, 1))
    assert np.corrcoef(one, two)[0, 1] > 0.75  # of a plain walk .71
    assert (ranks[:, : RANK_COUNT // 2].astype(int) + ranks[:, RANK_COUNT // 2 :] == RANK_COUNT - 1).all()


def test_some_time_before_is_never_less_likely_than_at_the_date(outlook: Outlook) -> None:
    """For any threshold, side and month; and a threshold farther away is never likelier."""
    paths = price_paths.get_price_paths(outlook, "aluminium_price")
    assert paths is not None
    now = float(paths[:, 0].mean())
    for step in (1, 6, 24):
        before = (1.0, 1.0)
        for factor in (1.0, 1.1, 1.3, 2.0):
            found = threshold_odds.compute_odds(paths, now * factor, step, above=True)
            assert found[0] >= found[1]
            assert found[0] <= before[0]
            assert found[1] <= before[1]
            before = found
        assert threshold_odds.compute_odds(paths, 1e9, step, above=False) == (1.0, 1.0)


def test_only_months_of_the_window_count() -> None:
    """A path past the threshold before the window alone does not count; one past it in the first month does."""
    early, first, last, never = [9, 9, 1, 1, 1], [1, 1, 9, 1, 1], [1, 1, 1, 1, 9], [1, 1, 1, 1, 1]
    paths = np.array([early, first, last, never], dtype=float)
    assert threshold_odds.compute_odds(paths, 5, 5, above=True) == (0.75, 0.25)
    assert threshold_odds.compute_odds(paths, 5, 5, above=True, first_step=3) == (0.5, 0.25)
    assert threshold_odds.compute_odds(paths, 5, 2, above=True) == (0.25, 0.25)
    assert threshold_odds.compute_odds(paths, 5, 5, above=True, first_step=5) == (0.25, 0.25)
    assert threshold_odds.compute_odds(-paths, -5, 5, above=False, first_step=3) == (0.5, 0.25)


def test_the_months_waited_are_those_since_the_last_one_known() -> None:
    """A price known to May and asked in November has waited six months; one of the present month, none."""
    may, november = 2026 * 12 + 4, 2026 * 12 + 10
    assert [threshold_odds.count_months_waited(last, november) for last in (may, november - 1, november)] == [6, 1, 0]
    assert threshold_odds.count_months_waited(november, may) == 0


def past_forecast(values: np.ndarray, origin: int) -> tuple[Forecast, TimeSeries]:
    """A series with one past forecast, of 36 months with a range of some 40 % around its value at the origin."""
    history = series("x", values)
    edges = np.exp(np.array([-0.4, -0.26, -0.13, 0, 0.13, 0.26, 0.4]))
    past = PastForecasts(np.array([history.first + origin]), np.tile(values[origin] * edges, (1, 36, 1)))
    return Forecast(history.key, "M", "pool", history.last, len(values), "naive", past_forecasts=past), history


def test_the_record_judges_the_window_of_the_page() -> None:
    """A leap in the months waited, over when the odds are asked, is a crossing of the old window, of the new not."""
    values = np.full(120, 100.0)
    values[60:64] = 200.0  # months 1 to 4 after the origin
    row, history = past_forecast(values, 59)
    panel = {row.key: history}
    old, new = threshold_odds.score_odds([row], panel), threshold_odds.score_odds([row], panel, history.last + 6)
    observed = [
        sum(part["some"]["bins"][at][2] * part["some"]["bins"][at][4] for at in range(len(part["some"]["bins"])))
        for part in (old, new)
    ]
    assert old["some"]["n"] == new["some"]["n"] == 18
    assert [round(one) for one in observed] == [9, 0]  # three thresholds above, at three horizons


def test_the_record_has_the_deadline_of_the_page() -> None:
    """Horizons count from the month in which the odds are asked: with six waited, six months ahead are the twelfth."""
    values = np.full(120, 100.0)
    values[59 + 12] = 200.0
    row, history = past_forecast(values, 59)
    asked = threshold_odds.score_odds([row], {row.key: history}, history.last + 6)["then"]
    assert round(sum(part[2] * part[4] for part in asked["bins"])) == 3
    late = threshold_odds.score_odds([row], {row.key: history}, history.last + 7)["then"]
    assert round(sum(part[2] * part[4] for part in late["bins"])) == 0


def test_a_wait_that_leaves_no_forecast_month_has_no_record() -> None:
    """Asked three years after the last month known, past forecasts say nothing, and nothing is scored."""
    row, history = past_forecast(np.full(120, 100.0), 59)
    assert threshold_odds.score_odds([row], {row.key: history}, history.last + 36) == {}


def test_past_chances_came_true_as_often_as_they_said(outlook: Outlook) -> None:
    """In every class with 200 cases or more, between 5 and 80 per cent, said and came are within 6 points."""
    record = outlook.study.purchasing.odds_record
    assert record is not None
    assert record.some.n > 8_000
    compared = 0
    for kind, scores in (("some", record.some), ("then", record.then)):
        for row in scores.bins:
            if row.n >= 200 and row.low >= 0.05 and row.high <= 0.8:
                assert abs(row.mean_probability - row.observed_frequency) < 0.06, (kind, row.low)
                compared += 1
    assert compared >= 4


def test_the_record_uses_nothing_that_came_later() -> None:
    """A price that doubles after an origin is a miss of that origin: what was said there does not change."""
    values = walk(4, 120)
    known = np.tile(values[99] * np.exp(np.array([-0.4, -0.26, -0.13, 0, 0.13, 0.26, 0.4])), (36, 1))
    past = PastForecasts(np.array([12 * 1990 + 99]), known[None].astype(np.float32))
    row = Forecast(("x", "WORLD", ""), "M", "pool", 12 * 1990 + 119, 120, "naive", past_forecasts=past)
    later = values.copy()
    later[100:] *= 2
    one, two = (threshold_odds.score_odds([row], {row.key: series("x", part)}) for part in (values, later))
    assert [part[:2] + part[3:4] for part in one["some"]["bins"]] == [
        part[:2] + part[3:4] for part in two["some"]["bins"]
    ]
    assert two["some"]["brier"] != one["some"]["brier"]


def test_a_basket_is_a_hundred_today_and_adds_up(outlook: Outlook) -> None:
    """100 in its base month; of a currency alone, the inverse of the rate; weights count by their share only."""
    usd, twice = (baskets.build_basket(outlook, {"eur_usd": share}) for share in (30, 60))
    assert usd is not None
    assert twice is not None
    assert usd.history[-1] == pytest.approx(100)
    np.testing.assert_allclose(usd.paths, twice.paths)
    history = outlook.panel[outlook.headline_key(outlook.catalogue.indicators["eur_usd"])]
    rate = history.values[usd.first_month - history.first : usd.base_month - history.first + 1]
    np.testing.assert_allclose(usd.history, 100 * rate[-1] / rate)
    mixed = baskets.build_basket(outlook, {"aluminium_price": 50, "eur_usd": 50})
    metal = baskets.build_basket(outlook, {"aluminium_price": 100})
    assert mixed is not None
    assert metal is not None
    assert mixed.base_month == metal.base_month
    assert (mixed.paths.std(axis=0) < metal.paths.std(axis=0)).all()


@pytest.mark.slow
def test_a_planted_rule_is_found_and_chance_is_not() -> None:
    """Prices that come back to their usual level make "cheap" usable; twenty worlds of walks show one at most twice."""
    rows, panel = [], {}
    for place in range(6):
        shocks, away = np.random.default_rng(place).normal(0, 0.12, 500), [0.0]
        for shock in shocks[1:]:
            away.append(0.85 * away[-1] + shock)
        values = np.exp(np.array(away))
        history = series(f"x{place}", values, 12 * 1984)
        rows.append(Forecast(history.key, "M", "pool", history.last, 500, "naive"))
        panel[history.key] = history
    found = {(row["rule"], row["months"]): row for row in negotiation.score_rules(rows, panel)}
    assert found["cheap", 12]["raised"] > 30
    assert found["cheap", 12]["usable"]
    assert found["dear", 12]["usable"]
    worlds = 0
    for seed in range(20):
        random = {row.key: series(row.key[0], walk(100 * seed + k, 500), 12 * 1984) for k, row in enumerate(rows)}
        worlds += any(row["usable"] for row in negotiation.score_rules(rows, random))
    assert worlds <= 2


@pytest.mark.slow
def test_a_rebuilt_month_has_paths_of_its_own(outlook: Outlook) -> None:
    """The time machine draws paths too, from what was published by then."""
    catalogue, panel = truncate_to_month(outlook.catalogue, outlook.panel, 2015 * 12 + 5)
    few = {key: row for key, row in panel.items() if key[0] in {one.id for one in price_paths.list_inputs(catalogue)}}
    day = date(2015, 6, 30)
    found = study_purchasing(catalogue, few, forecast_tasks(build_tasks(catalogue, few), day), day)
    assert found["asked"] == 2015 * 12 + 5
    assert max(found["paths"]["origins"]) <= 2015 * 12 + 5
    assert found["crossings"]["some"]["n"] > 1_000


def test_quantiles_that_are_kept_are_those_shown(outlook: Outlook) -> None:
    """Past forecasts are kept with the newest only while a publication is computed: none comes back from the store."""
    row = outlook.forecasts[outlook.headline_key(outlook.catalogue.indicators["tin_price"])]
    assert len(row.past_forecasts.origins) == 0
    assert (np.diff(step_quantiles(row, 0)) > 0).all()
