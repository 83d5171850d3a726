"""Market and demand indicators from the same draws: they add up, know no future, and what is shown follows them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.export.csv.indicators import write_indicators_csv
from observatory.forecast.cross_validation import build_tasks
from observatory.forecast.engine import forecast_matrix
from observatory.forecast.panel import forecast_tasks
from observatory.outlook.analysis.yearly_series import build_yearly_series
from observatory.outlook.calls.aligned_forecasts import align_forecasts, collect_paces
from observatory.outlook.calls.engine_growth import GROWTH_LEVELS, forecast_growth
from observatory.outlook.calls.growth_draws import DRAW_COUNT, weigh_draws
from observatory.outlook.calls.growth_ranges import _estimate_correlation
from observatory.outlook.calls.indicator_backtest import (
    ReplayedGrowth,
    replay_indicators,
    score_growth,
    summarize_growth,
)
from observatory.outlook.calls.stored_draws import MarketDraws
from observatory.outlook.calls.verdict import FittedRule, fit_rule
from observatory.outlook.outlook import Outlook
from observatory.settings import COHERENT_SINCE, HORIZONS, INTERVAL_LEVELS
from observatory.workspace import Workspace
from tests.support.panels import noisy_after


@pytest.fixture(scope="module")
def fitted(outlook: Outlook) -> FittedRule:
    return fit_rule(outlook.catalogue, outlook.panel, outlook.day)


@pytest.mark.slow
def test_no_draw_knows_the_future(outlook: Outlook, fitted: FittedRule) -> None:
    """Values after 2012 turned into noise: every draw of every indicator of every earlier origin stays as it was."""
    noisy = fit_rule(outlook.catalogue, noisy_after(outlook.panel, 2012, seed=8), outlook.day)
    past = np.flatnonzero(fitted.origins < 2013 * 12).tolist()
    compared = 0
    for horizon, markets in fitted.draws.items():
        for segment, rows in markets.items():
            for place in past:
                one, two = rows[place], noisy.draws[horizon][segment][place]
                assert (one is None) == (two is None)
                if one is not None and two is not None:
                    for name in ("market", "mean", "low", "high", "rule", "engine"):
                        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
                    compared += 1
            for name in ("growth", "low", "high"):
                before, after = (getattr(each.forecasts[horizon][segment], name)[past] for each in (fitted, noisy))
                np.testing.assert_array_equal(before, after)
    assert compared > 900
    last = fitted.draws[2]["space"][-1], noisy.draws[2]["space"][-1]
    assert last[0] is not None
    assert last[1] is not None
    assert not np.array_equal(last[0].market, last[1].market)


def test_each_draw_is_the_mean_of_its_indicators(fitted: FittedRule) -> None:
    """Now: 501 draws in rising order of the market, weights that sum to one, the mean in every draw; as summarized."""
    for horizon, markets in fitted.latest_draws.items():
        for segment, drawn in markets.items():
            kept = fitted.draws[horizon][segment][-1]
            assert (drawn is None) == (kept is None)
            if drawn is None or kept is None:
                continue
            assert drawn.indicators.shape == (DRAW_COUNT, len(drawn.places)), segment
            assert drawn.weights.sum() == pytest.approx(1)
            np.testing.assert_allclose(drawn.market, drawn.indicators @ drawn.weights)
            np.testing.assert_array_equal(kept.market, drawn.market)
            np.testing.assert_allclose(kept.mean @ drawn.weights, kept.market_range[0])


def test_the_draws_of_a_past_origin_are_in_order(fitted: FittedRule) -> None:
    """At every origin: 501 draws of the market in rising order, its range among them, as many figures as indicators."""
    for markets in fitted.draws.values():
        for segment, rows in markets.items():
            for kept in filter(None, rows):
                assert kept.market.shape == (DRAW_COUNT,), segment
                assert (np.diff(kept.market) > -1e-9).all()
                assert kept.market_range[1] < kept.market_range[0] < kept.market_range[2]
                assert len(kept.places) == len(kept.mean) == len(kept.low) == len(kept.high)
                assert (kept.low <= kept.high).all()


def test_the_pace_of_a_market_is_that_of_its_indicators(outlook: Outlook) -> None:
    """For every market and horizon the paces of its indicators, weighted as in its index, are its pace, in logs."""
    checked = 0
    for (segment, horizon), call in outlook.calls.items():
        drawn = outlook.study.market_draws.get(segment, {}).get(horizon)
        if call.growth is None or drawn is None:
            continue
        shares = {row.indicator: row.share for row in call.reasons if row.share}
        assert shares.keys() == drawn.indicators.keys()
        total = sum(shares[name] * np.log1p(row.growth) for name, row in drawn.indicators.items())
        assert np.expm1(total) == pytest.approx(call.growth, abs=1e-9)
        assert drawn.halves is not None
        checked += 1
    assert checked > 25


def test_each_chart_grows_at_the_pace_of_its_market_s_draws(outlook: Outlook) -> None:
    """Yearly, quarterly and monthly forecasts of drawn indicators reach, in whole years, the levels of their paces.

    The base year is the one of the chart for all, the budget of the European space agency included, whose year is
    known before it is over.
    """
    frequencies = set()
    for key, market in outlook.drawn_series.items():
        series = build_yearly_series(outlook, key, 2050)
        frequencies.add(outlook.forecasts[key].frequency)
        for horizon in HORIZONS:
            drawn = outlook.study.find_growth(key[0], market, horizon)
            assert drawn is not None
            end = next(row for row in series.forecasts if row.month == series.last_month + 12 * horizon)
            found = (end.median / series.latest_level) ** (1 / horizon) - 1
            assert found == pytest.approx(drawn.growth, abs=2e-5), (key, horizon)
            assert end.low < end.median < end.high
    assert frequencies == {"A", "Q", "M"}
    assert ("esa_budget", "EUU", "") in outlook.drawn_series or any(
        key[0] == "esa_budget" for key in outlook.drawn_series
    )


def test_what_is_not_demand_keeps_the_forecast_of_the_engine(outlook: Outlook) -> None:
    """Costs, orders and countries are published as the engine forecasts them; a drawn one is not."""
    drawn = next(key for key in outlook.drawn_series if outlook.panel[key].frequency == "A")
    others = [
        outlook.headline_key(row)
        for row in outlook.catalogue.indicators.values()
        if row.role in ("cost", "leading") and row.frequency == "A"
    ][:2]
    tasks = [task for task in build_tasks(outlook.catalogue, outlook.panel) if task.history.frequency == "A"]
    alone = {row.key: row for row in forecast_tasks(tasks, outlook.day)}
    for key in others:
        np.testing.assert_allclose(alone[key].median, outlook.forecasts[key].median)
    factor = outlook.forecasts[drawn].median / alone[drawn].median
    np.testing.assert_allclose(outlook.forecasts[drawn].high / alone[drawn].high, factor[:, None] * np.ones((1, 3)))
    assert (np.abs(factor - 1) > 1e-4).any()


def test_alignment_leaves_alone_what_is_not_drawn(outlook: Outlook, fitted: FittedRule) -> None:
    """A forecast of another series, and one without figures, are the very same objects afterwards."""
    drawn = next(iter(outlook.drawn_series))
    other = next(row for key, row in outlook.forecasts.items() if key not in outlook.drawn_series)
    empty = replace(outlook.forecasts[drawn], median=np.empty(0))
    assert align_forecasts([other, empty], fitted) == [other, empty]
    assert drawn in collect_paces(fitted)


def test_the_engine_is_asked_on_the_series_own_clock(outlook: Outlook, fitted: FittedRule) -> None:
    """The median of a yearly series three years ahead is that of the engine on its figures, as growth a year."""
    member = next(
        row
        for market in fitted.markets
        for row in market.members
        if row.history.frequency == "A" and row.latest_month[-1] >= 0 and len(row.history.values) > 30
    )
    found = forecast_growth([member], fitted.origins)[member.history.key]
    expected = forecast_matrix(member.history.values[None, :], 1, 5, INTERVAL_LEVELS).median[0, 2]
    middle = found[-1, HORIZONS.index(3), list(GROWTH_LEVELS).index(0.5)]
    assert middle == pytest.approx(np.log(expected / member.history.values[-1]) / 3, abs=1e-6)


def test_draws_are_weighted_to_the_odds_of_the_rule() -> None:
    """Four bins get the published probabilities; where that would take a weight beyond its limit, it stops there."""
    growth = np.random.default_rng(3).normal(0.02, 0.05, 4000)
    odds = {"grew": 0.8, "grew_clearly": 0.7, "shrank_clearly": 0.15}
    weights = weigh_draws(growth, odds)
    assert weights.sum() == pytest.approx(1)
    assert weights[growth > 0].sum() == pytest.approx(0.8)
    assert weights[growth > np.log1p(0.01)].sum() == pytest.approx(0.7)
    assert weights[growth < np.log1p(-0.01)].sum() == pytest.approx(0.15)
    rising = np.concatenate([np.full(3999, 0.1), [-0.1]])
    limited = weigh_draws(rising, odds)
    assert limited[-1] / limited[0] == pytest.approx(20 / 0.7 * (3999 / 4000), rel=0.2)


def test_draws_survive_the_store(outlook: Outlook) -> None:
    """Paces come back in full, draws to a tenth of a per cent, in the order of the futures of the market."""
    for horizons in outlook.study.market_draws.values():
        for drawn in horizons.values():
            again = MarketDraws.from_json(drawn.as_json())
            assert again.indicators == drawn.indicators
            np.testing.assert_allclose(again.growth, drawn.growth, atol=6e-4)
    drawn = outlook.study.market_draws["space"][3]
    weights = np.array([row.weight for row in drawn.indicators.values()])
    together = np.log1p(outlook.joint_draws.growth[3]["space"])
    np.testing.assert_allclose(drawn.growth @ weights, together, atol=1.1e-3)


def test_editions_before_keep_their_two_views(outlook: Outlook, workspace: Workspace) -> None:
    """An edition dated before the change has no draws of indicators, and its pace is the middle of its market's."""
    first = workspace.get_outlook_by_number(1)
    assert first.day < COHERENT_SINCE <= outlook.day
    assert not first.study.market_draws
    assert not first.drawn_series
    assert not first.joint_draws.has_mean_pace
    assert all(row.rule is None for row in first.replayed_calls)
    assert "rule" not in first.study.as_json()["rows"]
    call = first.calls["space", 3]
    assert np.median(first.joint_draws.growth[3]["space"]) == pytest.approx(call.growth, abs=6e-5)
    assert fit_rule(first.catalogue, {}, date(2026, 11, 29)).draws == {}


def test_the_replay_of_indicators_reaches_its_goals(outlook: Outlook, fitted: FittedRule) -> None:
    """Since 1990: error below .087, since 2005 below .089, 77 to 83 % of ranges hold, interval score below .46."""
    rows = replay_indicators(fitted)
    assert summarize_growth(rows) == outlook.study.as_json()["indicators"]
    scores = outlook.study.growth_scores
    assert scores["all"].n > 6_000
    assert scores["all"].error <= 0.087
    assert scores["recent"].error <= 0.089
    assert 0.77 <= scores["all"].held <= 0.83
    assert scores["all"].interval_score <= 0.46
    assert scores["all"].error < min(scores["all"].engine, scores["all"].rule, scores["all"].naive)


def test_the_replay_of_markets_reaches_its_goals(outlook: Outlook) -> None:
    """Markets: error below .0625, since 2005 below .056, 77 to 83 % of ranges hold, interval score below .312."""
    judged = [row for row in outlook.replayed_calls if row.is_scored and row.low is not None]
    assert len(judged) > 1_500
    came, pace, low, high = (
        np.log1p(np.array([getattr(row, name) for row in judged], dtype=float))
        for name in ("grew", "growth", "low", "high")
    )
    recent = np.array([row.origin >= 2005 * 12 for row in judged])
    errors = np.abs(came - pace)
    assert errors.mean() <= 0.0625
    assert errors[recent].mean() <= 0.056
    assert 0.77 <= ((low <= came) & (came <= high)).mean() <= 0.83
    assert (high - low + 10 * (np.maximum(low - came, 0) + np.maximum(came - high, 0))).mean() <= 0.312
    mixes = outlook.joint_draws.interval_hits.values()
    assert sum(inside for _n, inside in mixes) / sum(n for n, _inside in mixes) >= 0.77


def test_growth_is_scored_on_what_came() -> None:
    """Two rows by hand: the errors of the whole and its halves, one range that held, its score, rows left out."""
    row = ReplayedGrowth("a", 24000, 1, 0.02, -0.05, 0.09, 0.05, 0.01, 0.03, is_judged=True)
    missed = replace(row, outcome=0.11, engine=None)
    scores = score_growth([row, missed, replace(row, outcome=None), replace(row, is_judged=False)])
    assert scores is not None
    assert scores.n == 2
    assert scores.error == pytest.approx((0.03 + 0.09) / 2)
    assert scores.naive == pytest.approx(0.08)
    assert scores.engine == pytest.approx(0.04)
    assert scores.rule == pytest.approx((0.02 + 0.08) / 2)
    assert scores.held == 0.5
    assert scores.interval_score == pytest.approx((0.14 + 0.14 + 10 * 0.02) / 2)
    assert score_growth([]) is None


def test_the_file_of_replayed_growth_has_rates(fitted: FittedRule) -> None:
    """One row by hand: logs become yearly rates, "unchanged" is zero, what is not known is empty."""
    row = ReplayedGrowth("a", 2010 * 12 + 5, 2, 0.02, -0.05, 0.09, None, None, 0.03, is_judged=True)
    header, line = write_indicators_csv([row]).decode().splitlines()
    assert header == "indicator,origin,horizon,growth,low,high,outcome,naive,engine,rule,counts"
    assert line == "a,2010-06,2,0.0202013,-0.0487706,0.0941743,,0.0,,0.0304545,0"
    assert len(write_indicators_csv(replay_indicators(fitted)).splitlines()) > 7_000


def test_errors_that_went_together_are_drawn_together() -> None:
    """Twins come out above strangers; a series without a past takes the mean; the diagonal is one."""
    random = np.random.default_rng(2)
    shock = random.normal(size=40)
    scores = np.array([shock, shock + 0.1 * random.normal(size=40), random.normal(size=40), np.full(40, np.nan)])
    found = _estimate_correlation(scores)
    assert found[0, 1] > 0.5 > found[0, 2]
    assert found[3, 0] == found[3, 1] == found[3, 2]
    np.testing.assert_array_equal(np.diag(found), 1.0)
    np.testing.assert_array_equal(found, found.T)
