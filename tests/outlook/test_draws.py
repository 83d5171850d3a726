"""Joint draws: each market's are its published call, together they err as the calls did, the same every time."""

import json

import numpy as np
import pytest

from observatory.language import round_percent
from observatory.outlook.calls.growth_draws import DRAW_COUNT
from observatory.outlook.calls.verdict import fit_rule
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.joint_draws import (
    build_joint_draws,
    collect_errors,
    count_interval_hits,
    interpolate_rates,
)
from observatory.outlook.portfolio.portfolio import forecast_mix, parse_joint_draws
from observatory.outlook.time_machine import truncate_to_month
from tests.support.panels import noisy_after

BAND = 0.01
ROUNDED = 6e-5  # draws are stored to 0.01 %


def test_draws_reproduce_what_was_published(outlook: Outlook) -> None:
    """Per market and horizon the mean of the draws in logs is the published pace, their 80 % the published range."""
    known = [call for call in outlook.calls.values() if call.growth is not None]
    assert len(known) > 20
    for call in known:
        drawn = outlook.joint_draws.growth[call.horizon][call.segment]
        assert len(drawn) == DRAW_COUNT
        found = [*np.quantile(drawn, [0.1, 0.9]), np.expm1(np.log1p(drawn).mean())]
        published = [value for value in (call.low, call.high, call.growth) if value is not None]
        np.testing.assert_allclose(found, published, atol=ROUNDED)
    assert not any(
        outlook.joint_draws.has_draws(call.segment, call.horizon) for call in outlook.calls.values() if not call.growth
    )


def test_draws_reproduce_the_published_odds(outlook: Outlook) -> None:
    """Odds of any growth, of clear growth and of a clear fall are those published, within a point.

    Where two odds are cut at the same highest value that is shown, no growth would lie between them; two points then.
    """
    for call in outlook.calls.values():
        if call.growth is None:
            continue
        drawn = outlook.joint_draws.growth[call.horizon][call.segment]
        assert float((drawn > 0).mean()) == pytest.approx(call.probability, abs=0.01)
        assert call.probability_clear is not None
        off = abs(float((drawn > BAND).mean()) - call.probability_clear)
        is_cut = call.probability_clear == call.probability
        assert off <= (0.02 if is_cut else 0.01)
        assert call.probability_shrinks is not None
        assert float((drawn < -BAND).mean()) == pytest.approx(call.probability_shrinks, abs=0.02)


def test_a_firm_of_one_market_reads_its_call(outlook: Outlook) -> None:
    """A mix of one market has the pace and the range of its call, to the digits that are shown."""
    for call in outlook.calls.values():
        if call.growth is None or call.low is None or call.high is None:
            continue
        found = forecast_mix(outlook.joint_draws, {call.segment: 1.0}, {}, call.horizon)
        assert found is not None
        np.testing.assert_allclose(
            [found.low, found.median, found.high], [call.low, call.growth, call.high], atol=ROUNDED
        )
        assert abs(round_percent(1 - found.decline_probability) - round_percent(call.probability or 0)) <= 1


@pytest.mark.slow
def test_they_are_few_and_the_same_twice(outlook: Outlook) -> None:
    """What is given to the store stays below 400 kB, holds no NaN, and is the same when computed again."""
    text = json.dumps(outlook.study.as_json()["draws"], allow_nan=False)
    assert len(text) < 400_000
    seen = fit_rule(outlook.catalogue, outlook.panel, outlook.day)
    assert (
        json.loads(json.dumps(build_joint_draws(seen, list(outlook.calls.values()))))
        == outlook.study.as_json()["draws"]
    )


def test_markets_err_together_as_they_did(outlook: Outlook) -> None:
    """Markets whose calls erred together have draws that go together, as strongly as the stored correlation says."""
    names = list(outlook.study.as_json()["draws"]["growth"])
    together = np.array(outlook.study.as_json()["draws"]["together"])
    drawn = outlook.joint_draws.growth[1]
    ranks = np.array([np.argsort(np.argsort(drawn[name])) for name in names], dtype=float)
    found = np.corrcoef(ranks)
    np.testing.assert_allclose(found, together, atol=0.12)
    assert together[names.index("air_transport"), names.index("commercial_aircraft")] > 0.3


@pytest.mark.slow
def test_what_came_later_does_not_move_them(outlook: Outlook) -> None:
    """Errors count only once they were known: noise on all values after 2015 moves none that June 2015 knew."""
    seen = fit_rule(outlook.catalogue, outlook.panel, outlook.day)
    noisy = fit_rule(outlook.catalogue, noisy_after(outlook.panel, 2015, 1), outlook.day)
    names = [row.segment for row in seen.markets]
    place = int(np.flatnonzero(seen.origins == 2015 * 12 + 5)[0])
    then = collect_errors(seen, names, place)
    assert collect_errors(noisy, names, place) == then
    assert sum(map(len, then)) < sum(map(len, collect_errors(seen, names)))


def test_the_record_of_mixes_is_counted_honestly(outlook: Outlook) -> None:
    """Past ranges of two markets half and half held 65 to 85 % of what came at each horizon: said on the page."""
    for horizon, (judged, inside) in outlook.joint_draws.interval_hits.items():
        assert judged > 500, horizon
        assert 0.65 < inside / judged < 0.85, horizon


def test_odds_that_contradict_the_middle_give_way() -> None:
    """Quantiles are kept exactly; odds on the wrong side of the middle end at its edge."""
    rates = interpolate_rates((-0.1, 0.005, 0.1), {0.01: 0.4})
    np.testing.assert_allclose(np.quantile(rates, [0.1, 0.5, 0.9]), [-0.1, 0.005, 0.1], atol=1e-9)
    assert 0.48 < (rates > 0.01).mean() < 0.5
    assert (np.diff(rates) >= 0).all()


def test_an_early_panel_has_none_and_does_not_fail(outlook: Outlook) -> None:
    """A panel that supports no call has no draws; an edition older than draws reads as one without a market."""
    catalogue, panel = truncate_to_month(outlook.catalogue, {}, 1990 * 12)
    seen = fit_rule(catalogue, panel, outlook.day)
    assert build_joint_draws(seen, []) == {}
    assert count_interval_hits(seen) == {str(horizon): [0, 0] for horizon in (1, 2, 3, 5)}
    assert not any(parse_joint_draws({}).growth.values())
