"""The queueing simulation of benchmarks/sizing.py agrees with what theory says of a shared core."""

import random

import pytest

from benchmarks.sizing import Load, draw_demand, simulate


@pytest.mark.parametrize("busy", [0.3, 0.8])
def test_a_shared_core(busy: float) -> None:
    """With arrivals by chance, the core is busy as much as is asked of it, and the waiting is that of the theory."""
    demand = 0.05
    visits = busy / (demand * 7)  # seven actions a visit
    outcome = simulate(Load(visits_per_second=visits, seconds=2_000), 1, lambda rng, _kind: rng.expovariate(1 / demand))
    assert outcome.busy == pytest.approx(busy, rel=0.1)
    # Half of the jobs that share a core with others need less than the mean: their wait is below demand / (1 - busy).
    assert demand * 0.5 < outcome.median < demand / (1 - busy)
    assert outcome.median < outcome.p95 < outcome.p99


def test_readers_who_wait_do_not_ask() -> None:
    """Of 500 readers one action in some twenty seconds is due; beyond a core they wait until it has done its work."""
    outcome = simulate(Load(readers=500), 1, lambda _rng, _kind: 0.08)
    assert outcome.busy == pytest.approx(1.0, abs=0.01)
    assert outcome.median == pytest.approx(500 * 0.08 - 20, rel=0.15)  # all others are served once before it is my turn


def test_two_processes_have_half_each() -> None:
    """Readers are split over the processes."""
    one, two = (simulate(Load(readers=200), count, lambda _rng, _kind: 0.05) for count in (1, 2))
    assert two.busy == pytest.approx(one.busy / 2, rel=0.05)
    assert two.p95 < one.p95


def test_demand_has_the_measured_mean() -> None:
    """The mix of actions has the mean of its parts."""
    costs = {"page": 40.0, "click": 20.0, "new": 100.0, "files": 60.0}
    draw, rng = draw_demand(costs), random.Random(3)
    actions = [draw(rng, "action") for _ in range(20_000)]
    assert sum(actions) / len(actions) == pytest.approx(0.4 * 0.04 + 0.55 * 0.02 + 0.05 * 0.1, rel=0.05)
    firsts = [draw(rng, "first") for _ in range(20_000)]
    assert sum(firsts) / len(firsts) == pytest.approx(0.04 + 0.03, rel=0.05)
