"""Past shocks on one calendar: courses add up month by month, and a mix falls less than its markets one by one."""

import numpy as np

from observatory.outlook.outlook import Outlook
from observatory.outlook.shocks.paths import MONTHS_AFTER, MONTHS_BEFORE, build_shock_path, measure_drawdown, mix_paths
from observatory.timeseries import TimeSeries

START = 2000 * 12


def path(falls: dict[int, float]) -> np.ndarray:
    levels = np.ones(MONTHS_BEFORE + MONTHS_AFTER + 1)
    for month, level in falls.items():
        levels[MONTHS_BEFORE + month :] = level
    return levels


def test_courses_stand_at_one_where_the_shock_starts(outlook: Outlook) -> None:
    """Every stored course has a level for each month around its shock, 1 at the start; too few series have none."""
    seen = 0
    for shock in outlook.study.shocks:
        for row in shock.markets.values():
            if row.monthly_path is None:
                assert row.count < 2 or row.depth is None
                continue
            seen += 1
            assert len(row.monthly_path) == MONTHS_BEFORE + MONTHS_AFTER + 1
            assert row.monthly_path[MONTHS_BEFORE] == 1
    assert seen > 15


def test_a_mix_is_not_the_sum_of_depths() -> None:
    """Two markets that each lose 40 % one after the other never lose 40 % together."""
    first, second = path({3: 0.6, 12: 1.0}).tolist(), path({15: 0.6, 30: 1.0}).tolist()
    both = mix_paths({"a": first, "b": second}, {"a": 0.5, "b": 0.5})
    found = measure_drawdown(both)
    assert found is not None
    depth, down, back = found
    assert round(depth, 6) == 0.2
    assert (down, back) == (3, 9)


def test_a_fall_is_from_the_start_to_the_next_three_years() -> None:
    """A peak before the start or after it is no base; a later fall is none of the shock's; up to 1 % is no fall."""
    early = path({3: 0.79, 24: 1.0})
    early[:6] = 1.13  # 30 % above the trough, which a firm at the start of the replay no longer has
    assert measure_drawdown(early) == (1 - 0.79, 3, 21)
    assert measure_drawdown(path({2: 1.2, 12: 0.9, 20: 1.05})) == (1 - 0.9, 12, 8)
    assert measure_drawdown(path({0: 1.0, 5: 1.3})) is None
    assert measure_drawdown(path({5: 0.9901})) is None
    assert measure_drawdown(path({40: 0.5})) is None
    assert measure_drawdown(path({5: 0.995})) is None
    assert measure_drawdown(path({5: 0.7})) == (1 - 0.7, 5, None)


def test_annual_series_are_drawn_straight_and_a_stopped_one_lets_the_others_go_on(outlook: Outlook) -> None:
    """Between two Decembers a yearly level moves evenly; with one series there is no course."""
    row = next(one for one in outlook.catalogue.indicators.values() if one.frequency == "A" and one.kind == "flow")
    long = TimeSeries((row.id, "WORLD", ""), "A", 1998, np.array([100, 100, 50, 50, 100, 100, 100, 100, 100.0]))
    short = TimeSeries((row.id, "WORLD", ""), "A", 1998, np.array([10, 10, 5, 5, 10.0]))
    found = build_shock_path([(row, long), (row, short)], START - 1)  # December 1999
    assert found is not None
    assert found[MONTHS_BEFORE] == 1
    assert found[MONTHS_BEFORE + 6] == 0.75
    assert found[MONTHS_BEFORE + 12] == 0.5
    assert found[MONTHS_BEFORE + 48] is None  # one series is not a market
    assert build_shock_path([(row, long)], START - 1) is None
