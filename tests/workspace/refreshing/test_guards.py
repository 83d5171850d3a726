"""What is held back: signs that figures are not what they were; and what publishers do all the time is not held."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import period_to_ordinal
from observatory.catalogue.real_vintages import load_real_vintages
from observatory.store.refreshes import Reason
from observatory.workspace.refreshing.comparison import Comparison, SeriesComparison
from observatory.workspace.refreshing.guards import find_hold_reason
from tests.support.paths import ROOT
from tests.support.publishers import Values, read_observations
from tests.support.recipes import build_recipe
from tests.support.refreshing import BRENT, M3, Bench, results

_MONTHS = range(24_000, 24_120)  # ten years of months, as ordinals


def _wave(month: int) -> float:
    """A calm series around 100."""
    return 100.0 + month % 12 + (month % 7) / 2


def _judge(published: Mapping[int, float], collected: Mapping[int, float], rule: str = "as_is") -> str:
    """The guard that holds figures; "none" if none does."""
    missing = tuple(sorted(published.keys() - collected.keys()))
    series = SeriesComparison(("toy", "FRA", ""), "M", dict(published), dict(collected), missing)
    recipe = build_recipe("fred_csv", rule=rule)
    reason = find_hold_reason(Comparison("toy", (series,)), recipe)
    return reason.key.removeprefix("refresh.held.") if reason is not None else "none"


_PAST = {month: _wave(month) for month in _MONTHS}
_LAST = _MONTHS[-1]


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        (lambda past: past, "none"),
        (lambda past: past | {_LAST + 1: _wave(_LAST + 1)}, "none"),
        (lambda past: {k: v for k, v in past.items() if k < _LAST}, "earlier_end"),
        (lambda past: {k: v for k, v in past.items() if k > _MONTHS[30]}, "missing"),
        (lambda past: {k: v for k, v in past.items() if k != _MONTHS[50]}, "missing"),
        (lambda past: past | {_LAST + 1: -100.0}, "sign"),
        (lambda past: past | {_MONTHS[5]: -1.0}, "sign"),
        (lambda past: {k: v * 0.73 for k, v in past.items()}, "rebase"),
        (lambda past: {k: v * 1.02 for k, v in past.items()}, "rebase"),
        (lambda past: {k: v * 1000 for k, v in past.items()}, "rebase"),
        (lambda past: past | {_LAST + 1: 1000 * _wave(_LAST + 1)}, "step"),
        (lambda past: past | {_LAST + 1: 300.0}, "step"),
        (lambda past: past | {_LAST + 1: 118.0}, "none"),
        (lambda past: {k: v * (1 + k % 5 / 80) for k, v in past.items()}, "none"),
        (lambda past: past | {_MONTHS[60]: 1.2 * _wave(_MONTHS[60])}, "revision"),
        (lambda past: past | {_LAST: 1.09 * _wave(_LAST)}, "none"),
    ],
)
def test_each_guard(change: Callable[[dict[int, float]], dict[int, float]], guard: str) -> None:
    """Fewer periods, an earlier end, another sign or base, a leap, a large revision; not the usual, nor a 9 % one."""
    assert _judge(_PAST, change(dict(_PAST))) == guard


def test_small_counts_may_be_revised_by_an_event_or_two() -> None:
    """A launch more in a month of three is a third more, and no reason to hold; thirty more are one."""
    past = {month: float(2 + month % 4) for month in _MONTHS}
    assert _judge(past, past | {_LAST: past[_LAST] + 2}, "count_rows") == "none"
    assert _judge(past, past | {_LAST: past[_LAST] + 2}) == "revision"
    assert _judge(past, past | {_LAST: past[_LAST] + 30}, "count_rows") == "revision"


def test_a_count_may_return_from_a_peak() -> None:
    """After many satellites on one rocket few are nothing to look at; the same fall of a price is."""
    past = _PAST | {_LAST: 800.0}
    assert _judge(past, past | {_LAST + 1: 101.0}, "count_rows") == "none"
    assert _judge(past, past | {_LAST + 1: 101.0}) == "step"
    assert _judge(past, past | {_LAST + 1: 9000.0}, "count_rows") == "step"


def test_a_balance_may_cross_zero() -> None:
    """A series that has been on both sides has no sign to keep, and its small values no share to be revised by."""
    past = {month: float(month % 15 - 7) for month in _MONTHS}
    assert _judge(past, past | {_LAST: past[_LAST] + 0.5, _LAST + 1: -6.0}) == "none"


def test_a_series_without_a_past_is_not_held() -> None:
    """A first collection has nothing to be compared with."""
    assert _judge({}, _PAST) == "none"


_REALLY_HELD = {
    # New base years of INSEE (2015, 2021), and a country whose GDP was computed anew.
    *((f"fr_{name}_production", "rebase") for name in ("aerospace", "aircraft_repair", "aluminium", "instruments")),
    ("fr_machining_production", "rebase"),
    ("military_expenditure_share_gdp", "rebase"),
    # Two years between two copies: attributions of satellites, and an annual revision of the Federal Reserve.
    ("objects_launched", "revision"),
    ("objects_launched", "step"),
    ("us_communications_equipment_production", "revision"),
}


@pytest.mark.slow
def test_real_revisions_are_published(catalogue: Catalogue) -> None:
    """Real vintages, each on the one before: held are new bases of INSEE and what was revised by more than 10 %."""
    rows: dict[str, list[Mapping[tuple[str, str], Values]]] = {}
    for vintage in load_real_vintages(ROOT / "data", catalogue):
        series: dict[tuple[str, str], Values] = {}
        for geo, item, period, value in vintage.rows:
            series.setdefault((geo, item), {})[period] = value
        rows.setdefault(vintage.indicator, []).append(series)
    held, judged = set(), 0
    for name, vintages in rows.items():
        for before, after in pairwise([*vintages, read_observations(name)]):
            for key in before.keys() & after.keys():
                old, new = ({period_to_ordinal(k): v for k, v in row[key].items()} for row in (before, after))
                old = {k: v for k, v in old.items() if k >= min(new)}  # some vintages hold the last years alone
                judged += 1
                guard = _judge(old, new, catalogue.recipes[name].rule)
                if guard != "none":
                    held.add((name, guard))
    assert judged > 150
    assert held == _REALLY_HELD, "\n".join(map(str, sorted(held)))


def test_a_held_result_waits_as_a_draft(bench: Bench) -> None:
    """A rebased series is held with its difference as a draft; the other source is published; next time as well."""
    values = bench.series(BRENT)
    values.update({period: value * 1.3 for period, value in values.items()})
    bench.series(M3)["2026-06"] = 5700.0
    outcome = bench.run(days=0)
    row = results(outcome)[BRENT]
    assert (row.state, row.held, row.new, row.last_period) == ("held", len(values), 0, "2026-07")
    assert row.reason == Reason("refresh.held.rebase", {"series": "WORLD", "factor": 1.3})
    assert row.action == "refresh.action.review"
    assert (outcome.report.edition, results(outcome)[M3].state) == (2, "fresh")
    (draft,) = bench.workspace.store.uploads.list_open_drafts()
    assert (draft.id, draft.name) == (row.draft, "held-brent_price.csv")
    again = results(bench.run("fred"))[BRENT]
    assert (again.state, again.draft) == ("held", draft.id)


@pytest.mark.slow
def test_an_analyst_decides_on_a_held_result(bench: Bench) -> None:
    """Published, it is unchanged from then on; discarded, the same figures are not brought again, others are."""
    values = bench.series(BRENT)
    values["2026-08"] = 900.0
    held = results(bench.run("fred", days=0))[BRENT]
    assert (held.state, held.held) == ("held", 1)
    analyst = bench.workspace.access.open_operator_session("analyst")
    draft = bench.workspace.store.uploads.get_draft(held.draft or 0)
    bench.workspace.discard(draft, analyst)
    discarded = results(bench.run("fred"))[BRENT]
    assert (discarded.state, discarded.reason) == ("unchanged", Reason("refresh.note.discarded"))
    assert bench.workspace.store.uploads.list_open_drafts() == ()
    values["2026-09"] = 950.0
    more = results(bench.run("fred"))[BRENT]
    assert (more.state, more.held) == ("held", 2)
    preview = bench.workspace.build_preview(bench.workspace.store.uploads.get_draft(more.draft or 0))
    assert preview.prepared is not None
    bench.workspace.commit(preview.prepared, analyst, "seen")
    assert results(bench.run("fred"))[BRENT].state == "unchanged"
    assert bench.published(BRENT)["2026-09"] == 950.0


def test_other_held_figures_take_the_place_of_former_ones(bench: Bench) -> None:
    """One draft an indicator: the newest; and none once the figures are as usual again."""
    values: Values = bench.series(BRENT)
    for value in (900.0, 950.0):
        values["2026-08"] = value
        row = results(bench.run("fred"))[BRENT]
        (draft,) = bench.workspace.store.uploads.list_open_drafts()
        assert (row.state, row.draft) == ("held", draft.id)
    del values["2026-08"]
    assert results(bench.run("fred"))[BRENT].state == "unchanged"
    assert bench.workspace.store.uploads.list_open_drafts() == ()


def test_a_shorter_history_is_held_without_a_draft(bench: Bench) -> None:
    """Nothing is new in it: the report says which periods are missing, and what is published stays."""
    values: Any = bench.series(BRENT)
    for period in [period for period in values if period < "2000"]:
        del values[period]
    row = results(bench.run("fred", days=0))[BRENT]
    assert (row.state, row.held, row.draft, row.action) == ("held", 0, None, "refresh.action.shorter")
    assert row.reason is not None
    assert (row.reason.values["first"], row.reason.values["last"]) == ("1987-05", "1999-12")
    assert bench.published(BRENT)["1987-05"] == 18.58


def test_what_an_upload_would_be_refused_for_is_held(bench: Bench) -> None:
    """The rules of uploads hold for publishers: their finding is the reason."""
    values = bench.series(M3)
    values["2026-06"] = 1e13
    row = results(bench.run("census", days=0))[M3]
    assert row.state == "held"
