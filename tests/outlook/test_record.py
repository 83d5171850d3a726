"""The track record: scores are what they are said to be, on rows whose answer is known, and on the replay."""

from dataclasses import replace

import numpy as np
import pytest

from observatory.outlook.calls import scores
from observatory.outlook.calls.backtest import ReplayedCall, as_columns, from_columns, run_backtest
from observatory.outlook.calls.verdict import fit_rule
from observatory.outlook.outlook import Outlook


def past(chance: float, grew: float, origin: int = 2000 * 12, segment: str = "a", horizon: int = 1) -> ReplayedCall:
    call = "growing" if chance >= 0.7 else "unclear"
    return ReplayedCall(
        segment, origin, horizon, call, "", chance, chance, 0.03, -0.05, 0.1, 9.0, 2, 0.6, 0.7, 1.0, grew, origin + 14
    )


def test_scores_of_rows_whose_answer_is_known() -> None:
    """Brier, log score, hits, base rate, coverage and baselines, computed by hand on four calls."""
    found = scores.compute_scores(
        [past(0.8, 0.05), past(0.9, -0.2), past(0.6, 0.02), past(0.5, 0.005)], with_intervals=False
    )
    assert found is not None
    assert found.brier == pytest.approx((0.04 + 0.81 + 0.16 + 0.25) / 4)
    assert found.log_score == pytest.approx(-np.log([0.8, 0.1, 0.6, 0.5]).mean())
    assert (found.called, found.right, found.base) == (2, 1, 0.5)
    assert (found.covered, found.judged) == (3, 4)
    assert found.baseline_brier["coin"] == 0.25
    assert found.baseline_brier["trend"] == pytest.approx(0.25)
    assert found.baseline_brier["own"] == pytest.approx((3 * 0.16 + 0.36) / 4)


def test_the_bootstrap_draws_blocks_of_years() -> None:
    """Calls of one block only have no spread; of many blocks the range holds the score and is deterministic."""
    one = scores.compute_scores([past(0.8, 0.05, origin=2000 * 12 + k) for k in range(12)])
    assert one is not None
    assert one.bootstrap_intervals["brier"] == pytest.approx((0.04, 0.04))
    rows = [past(0.8, 0.05 if k % 3 else -0.05, origin=(1990 + k) * 12) for k in range(30)]
    many = scores.compute_scores(rows)
    assert many is not None
    low, high = many.bootstrap_intervals["brier"]
    assert low < many.brier < high
    again = scores.compute_scores(rows)
    assert again is not None
    assert again.bootstrap_intervals == many.bootstrap_intervals


def test_the_worst_misses_are_sure_wrong_and_of_different_years() -> None:
    """Only calls that said something and were wrong, the surest first, one a market and year."""
    rows = [past(0.9, -0.1), past(0.9, -0.3, origin=2000 * 12 + 5), past(0.75, -0.1, segment="b"), past(0.9, 0.2)]
    found = scores.find_worst_misses(rows)
    assert [(row.segment, row.grew) for row in found] == [("a", -0.3), ("b", -0.1)]


def test_ranks_follow_what_came() -> None:
    """Four markets in the right order have a rank correlation of one, in the wrong order of minus one."""
    rows = [past(0.5 + 0.1 * k, 0.01 * k, segment=f"m{k}") for k in range(4)]
    assert scores.compute_rank_correlation(rows) == pytest.approx(1.0)
    assert scores.compute_rank_correlation([replace(row, chance=1 - row.chance) for row in rows]) == pytest.approx(-1.0)


@pytest.mark.slow
def test_the_replay_survives_the_store(outlook: Outlook) -> None:
    """What was stored is what the rule says again, row by row; written as columns and read back it is the same."""
    again = run_backtest(fit_rule(outlook.catalogue, outlook.panel, outlook.day))
    assert from_columns(as_columns(again)) == outlook.replayed_calls
    assert len(outlook.replayed_calls) > 1800


def test_one_market_of_the_table_in_the_docs(outlook: Outlook) -> None:
    """The row of air transport in docs/calls.md is what the replay gives."""
    from tests.support.paths import ROOT

    found = scores.score_by_segment(outlook.replayed_calls)["air_transport"]
    line = next(
        line for line in (ROOT / "docs" / "calls.md").read_text().splitlines() if line.startswith("| air_transport |")
    )
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    figures = [found.brier, *(found.baseline_brier[name] for name in ("own", "pooled", "trend"))]
    assert cells[1:] == [str(found.n), *(f"{value:.3f}" for value in figures), f"{found.right} / {found.called}"]


def test_reliability_counts_every_call_once(outlook: Outlook) -> None:
    """The bins hold all judged calls, and what was said rises from bin to bin."""
    rows = scores.select_scored(outlook.replayed_calls)
    found = scores.compute_reliability(rows)
    assert sum(row.n for row in found) == len(rows)
    assert [row.mean_probability for row in found] == sorted(row.mean_probability for row in found)
