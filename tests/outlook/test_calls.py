"""Calls: a public rule, judged only on what it did not know."""

from datetime import date

import numpy as np
import pytest

from observatory.catalogue.periods import month_ordinal
from observatory.outlook.calls.backtest import run_backtest
from observatory.outlook.calls.calls import Call, compute_calls
from observatory.outlook.calls.rule import EVENTS
from observatory.outlook.calls.scores import summarize_scores
from observatory.outlook.calls.verdict import fit_rule
from observatory.outlook.outlook import Outlook
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from tests.support.panels import noisy_after


def test_nine_markets_get_a_call_at_each_horizon_and_sections_none(outlook: Outlook) -> None:
    """36 calls: nine markets, four horizons; purchasing and background trends are not markets."""
    assert {segment for segment, _horizon in outlook.calls} == set(outlook.catalogue.markets)
    assert len(outlook.calls) == 9 * len(HORIZONS)
    assert "purchasing" not in outlook.catalogue.markets


def test_each_call_can_be_judged(outlook: Outlook) -> None:
    """A verdict follows from its probability; it has a date after its horizon; no probability passes the record."""
    for call in outlook.calls.values():
        assert date.fromisoformat(call.due).year == call.target_year + 1
        if call.probability is None:
            assert call.call == "unclear"
            continue
        assert 1 - CALL_THRESHOLDS.highest_probability <= call.probability <= CALL_THRESHOLDS.highest_probability
        assert call.probability_clear is not None
        assert (call.call == "growing") == (call.probability_clear >= CALL_THRESHOLDS.growing_from)
        assert call.low is not None
        assert call.high is not None
        assert call.growth is not None
        assert call.low < call.growth < call.high
        assert abs(sum(row.share for row in call.reasons) - 1) < 1e-9


def test_drones_say_how_thin_they_are(outlook: Outlook) -> None:
    """One context indicator is no market: the call is unclear for want of data, without a number."""
    call = outlook.calls["drones", 2]
    assert (call.call, call.why, call.probability, call.growth) == ("unclear", "no_data", None, None)


def test_calls_survive_the_store(outlook: Outlook) -> None:
    """What was stored is what was called: details and back are the same call."""
    for (segment, horizon), call in outlook.calls.items():
        assert Call.from_details(segment, horizon, call.call, call.to_details()) == call


@pytest.mark.slow
def test_recomputed_calls_are_the_stored_ones(outlook: Outlook) -> None:
    """The rule is deterministic: from the same panel on the same day it says the same."""
    again = compute_calls(fit_rule(outlook.catalogue, outlook.panel, outlook.day), outlook.day)
    for call in again:
        stored = outlook.calls[call.segment, call.horizon]
        assert (stored.call, stored.why) == (call.call, call.why)
        assert stored.probability == pytest.approx(call.probability)


@pytest.mark.slow
def test_the_future_moves_no_past_call(outlook: Outlook) -> None:
    """All values after 2012 are replaced by noise: every call up to then stays the same, bit for bit."""
    noisy = noisy_after(outlook.panel, 2012, seed=1)
    first = fit_rule(outlook.catalogue, outlook.panel, outlook.day)
    second = fit_rule(outlook.catalogue, noisy, outlook.day)
    past = first.origins <= month_ordinal(date(2012, 12, 1))
    compared = 0
    for horizon in HORIZONS:
        for segment, one in first.forecasts[horizon].items():
            two = second.forecasts[horizon][segment]
            for event in EVENTS:
                np.testing.assert_array_equal(one.probabilities[event][past], two.probabilities[event][past])
            np.testing.assert_array_equal(one.low[past], two.low[past])
            compared += int(np.isfinite(one.probabilities["grew"][past]).sum())
    assert compared > 1000


@pytest.mark.slow
def test_the_replay_is_honest_about_its_baselines(outlook: Outlook) -> None:
    """Over all replayed calls the rule beats the coin, the own record and the pooled rate on Brier's score."""
    scores = summarize_scores(run_backtest(fit_rule(outlook.catalogue, outlook.panel, outlook.day)))["all"]
    assert scores == outlook.study.as_json()["all"]
    assert scores["brier"] < min(scores["brier_coin"], scores["brier_own"], scores["brier_pooled"])
    assert scores["right"] / scores["called"] > scores["base"]
    assert scores["n"] > 1500
    assert 0.7 < scores["covered"] / scores["judged"] < 0.85


def test_stopped_indicators_carry_no_weight(outlook: Outlook) -> None:
    """French airports stopped in 2024: they are in no index of 2026."""
    names = {row.indicator for row in outlook.calls["air_transport", 2].reasons if row.share > 0}
    assert "fr_airport_passengers_total" not in names
    assert "world_air_passengers" in names


def test_one_family_shares_one_weight(outlook: Outlook) -> None:
    """Yearly and quarterly semiconductor sales are one quantity: together they weigh what one would."""
    shares = {row.indicator: row.share for row in outlook.calls["electronics", 2].reasons}
    pair = shares["semiconductor_sales"] + shares["semiconductor_sales_quarterly"]
    assert pair < shares["us_electronic_components_shipments"]
