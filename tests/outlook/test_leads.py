"""Leads and flags: what is planted is found, noise is not, and no past trial knows its future."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import month_ordinal, period_to_ordinal
from observatory.outlook.leads.flags import beats_base_rate, compute_flags, track_flags
from observatory.outlook.leads.lead_lag import (
    CROSS_SEGMENT_LEADS,
    compute_q_values,
    draw_block_permutations,
    select_pairs,
)
from observatory.outlook.leads.leads import compute_leads
from observatory.outlook.leads.validation import backtest_lead
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, TimeSeries

DAY = date(2026, 11, 22)
LEADS = ("us_electronic_components_new_orders", "us_computers_electronics_new_orders")
MARKETS = ("us_electronic_components_shipments", "us_semiconductor_production")
FIRST = period_to_ordinal("1985-01")


def some(catalogue: Catalogue, names: tuple[str, ...]) -> Catalogue:
    return replace(catalogue, indicators={name: catalogue.indicators[name] for name in names})


def monthly(catalogue: Catalogue, name: str, logs: np.ndarray) -> dict[SeriesKey, TimeSeries]:
    row = catalogue.indicators[name]
    key = (name, row.headline_geo, row.headline_item)
    return {key: TimeSeries(key, "M", FIRST, 100 * np.exp(logs))}


def walks(seed: int, months: int = 490) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(0, 0.02, (4, months)), axis=1)


def test_a_planted_lead_of_twelve_months_is_found(catalogue: Catalogue) -> None:
    """Orders that shipments repeat a year later, with noise: the one reliable lead, at 12 months, with its gain."""
    chosen = some(catalogue, LEADS + MARKETS)
    walk = walks(1)
    led = np.concatenate([walk[0, :12] * 0, walk[0, :-12]]) + 0.3 * walk[2]
    panel = {}
    for name, logs in zip(LEADS + MARKETS, (walk[0], walk[1], led, walk[3]), strict=True):
        panel |= monthly(chosen, name, logs)
    found = compute_leads(chosen, panel, DAY)["segments"]["electronics"]
    assert (found["pairs"], found["tested"]) == (4, 4)
    (lead,) = found["reliable"]
    assert (lead["lead"], lead["market"], lead["lag_months"]) == (LEADS[0], MARKETS[0], 12)
    assert lead["correlation"] > 0.8
    assert lead["q"] < 0.01
    assert lead["gain"] > 0.5
    assert lead["origins"] >= 20


@pytest.mark.slow
def test_noise_has_no_reliable_lead(catalogue: Catalogue) -> None:
    """Forty worlds of four independent series: at most two of them (5 %) show a reliable lead."""
    chosen = some(catalogue, LEADS + MARKETS)
    fooled = 0
    for seed in range(100, 140):
        panel = {}
        for name, logs in zip(LEADS + MARKETS, walks(seed), strict=True):
            panel |= monthly(chosen, name, logs)
        fooled += bool(compute_leads(chosen, panel, DAY)["segments"]["electronics"]["reliable"])
    assert fooled <= 2


def test_what_moves_at_the_same_time_leads_nothing(catalogue: Catalogue) -> None:
    """Two series that move together in the same month go together beyond chance, and neither is called a lead."""
    chosen = some(catalogue, (LEADS[0], MARKETS[0]))
    walk = walks(3)
    panel = monthly(chosen, LEADS[0], walk[0]) | monthly(chosen, MARKETS[0], walk[0] + 0.3 * walk[1])
    found = compute_leads(chosen, panel, DAY)["segments"]["electronics"]
    assert (found["together"], found["ahead"], found["reliable"]) == (1, 0, [])


def after_2012_is_noise(panel: dict[SeriesKey, TimeSeries]) -> dict[SeriesKey, TimeSeries]:
    rng = np.random.default_rng(1)
    noisy = {}
    for key, history in panel.items():
        values = history.values.copy()
        limit = {"A": 2012, "Q": period_to_ordinal("2012-Q4"), "M": period_to_ordinal("2012-12")}[history.frequency]
        after = np.arange(len(values)) + history.first > limit
        values[after] *= np.exp(rng.normal(0, 1, after.sum()))
        noisy[key] = TimeSeries(key, history.frequency, history.first, values)
    return noisy


@pytest.mark.slow
def test_the_future_moves_no_past_trial(outlook: Outlook) -> None:
    """All values after 2012 become noise: every trial judged by then keeps its lag and its errors, bit for bit."""
    compared = 0
    both = (
        select_pairs(outlook.catalogue, panel).pairs
        for panel in (outlook.panel, after_2012_is_noise(dict(outlook.panel)))
    )
    for one, two in zip(*both, strict=True):
        first, second = backtest_lead(one), backtest_lead(two)
        limit = (2013 - 1900) * one.per_year - 1  # the last step of 2012
        old, new = (made.origins + made.lags <= limit for made in (first, second))
        np.testing.assert_array_equal(first.lags[old], second.lags[new])
        np.testing.assert_array_equal(first.errors[:, old], second.errors[:, new])
        compared += int(np.isfinite(first.errors[:, old]).all(axis=0).sum())
    assert compared > 500


@pytest.mark.slow
def test_the_future_raises_no_past_flag(outlook: Outlook) -> None:
    """All values after 2012 become noise: every flag raised up to then is the same."""
    noisy = after_2012_is_noise(dict(outlook.panel))
    halves = [year * 12 + month for year in range(1960, 2027) for month in (5, 11)]
    past = np.array([*halves[:-1], month_ordinal(DAY)]) <= period_to_ordinal("2012-12")
    raised = 0
    rows = zip(
        track_flags(outlook.catalogue, outlook.panel, DAY), track_flags(outlook.catalogue, noisy, DAY), strict=True
    )
    for one, two in rows:
        np.testing.assert_array_equal(one.raised[past], two.raised[past])
        raised += int(one.raised[past].sum())
    assert raised > 200


@pytest.mark.slow
def test_a_flag_that_is_no_better_than_chance_is_not_shown(outlook: Outlook) -> None:
    """A shown flag was raised eight times or more and followed more often than its base rate; not so others."""
    found = compute_flags(outlook.catalogue, outlook.panel, DAY)
    assert found["now"]
    for row in found["now"]:
        assert row["followed"] <= row["raised"] <= row["origins"]
        if row["shown"]:
            assert row["raised"] >= 8
            assert beats_base_rate(row)
    assert not all(row["shown"] for row in found["now"])
    assert all(record["raised"] > 100 for record in found["kinds"].values())


def test_a_made_turn_is_flagged_once(catalogue: Catalogue) -> None:
    """Six years up, three years down, again and again: one flag at each turn, and never a false alarm."""
    chosen = some(catalogue, (MARKETS[1],))
    slope = np.where(np.arange(490) // 36 % 3 == 2, -0.01, 0.01)
    panel = monthly(chosen, MARKETS[1], np.cumsum(slope))
    rows = {row.kind: row.summarize() for row in track_flags(chosen, panel, DAY)}
    assert rows["turning_down"]["raised"] == rows["turning_down"]["followed"] == 4
    assert rows["turning_up"]["raised"] == rows["turning_up"]["followed"] == 4


def test_the_pairs_are_chosen_by_rule(outlook: Outlook) -> None:
    """A lead is a leading or activity series of the market, or of two families across; never of the same family."""
    across = {(source, role, target, led) for source, role, target, led in CROSS_SEGMENT_LEADS}
    seen = set()
    for pair in select_pairs(outlook.catalogue, outlook.panel).pairs:
        lead, led = pair.lead.indicator, pair.market.indicator
        inside = lead.segment == led.segment and lead.role in ("leading", "activity") and led.role == "market"
        assert inside or (lead.segment, lead.role, led.segment, led.role) in across
        assert lead.family != led.family
        assert (lead.id, led.id) not in seen
        seen.add((lead.id, led.id))
    assert {("boeing_gross_orders", "boeing_deliveries"), ("semiconductor_sales", MARKETS[0])} & seen
    assert ("semiconductor_sales", "us_civil_navigation_equipment_shipments") in seen
    assert ("world_air_passengers", "fr_aerospace_production") in seen


def test_shuffles_keep_pieces_together() -> None:
    """Each order is a permutation, and two places that were neighbours mostly still are; drawn the same each time."""
    orders = draw_block_permutations(50, 12, 30)
    assert (np.sort(orders, axis=1) == np.arange(50)).all()
    assert ((np.diff(orders, axis=1) % 50) == 1).mean() > 0.9
    draw_block_permutations.cache_clear()
    np.testing.assert_array_equal(orders, draw_block_permutations(50, 12, 30))


def test_false_discovery_is_that_of_benjamini_and_hochberg() -> None:
    """Values of .01, .02, .03 and .5 over four tests: each at p n / rank, never falling with p, never above one."""
    assert compute_q_values([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.04, 0.04])


@pytest.mark.slow
def test_the_leads_of_this_edition(outlook: Outlook) -> None:
    """Every pair is counted in one market, gates only narrow, the result is plain JSON and the same twice."""
    found = compute_leads(outlook.catalogue, outlook.panel, DAY)
    assert sum(row["pairs"] for row in found["segments"].values()) == found["pairs"] > 300
    assert sum(row["tested"] for row in found["segments"].values()) == found["tested"]
    for row in found["segments"].values():
        counts = [row[name] for name in ("pairs", "tested", "together", "ahead", "judged")]
        assert [*counts, len(row["reliable"])] == sorted([*counts, len(row["reliable"])], reverse=True)
    again = compute_leads(outlook.catalogue, outlook.panel, DAY)
    assert json.dumps(found, allow_nan=False) == json.dumps(again, allow_nan=False)
