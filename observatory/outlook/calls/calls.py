"""Calls: the published verdict on each segment, with its probability, its reasons and the date of its judgement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.outlook.calls.growth_ranges import blended
from observatory.outlook.calls.rule import Judgement, Market, judge, market, scales
from observatory.outlook.calls.signals import FIRST_ORIGIN, STEEPEST, Signals, counted, origins_until, signals
from observatory.settings import CALLING, HORIZONS
from observatory.timeseries import Floats, History, Key, change, yearly

Verdict = Literal["growing", "flat", "shrinking", "unclear"]
VERDICTS: tuple[Verdict, ...] = ("growing", "flat", "shrinking", "unclear")
Why = Literal["", "no_data", "too_old", "too_little", "contradiction", "not_sure"]
INDEX_YEARS = 12
PAST_YEARS = 5
DUE_LAG = 4  # months after the last year of the horizon, when yearly figures are out


@dataclass(frozen=True)
class Reason:
    """What one indicator says: its share of the index (0 if it only moves the odds) and its latest moves."""

    indicator: str
    role: str
    share: float
    growth: float | None  # over the latest year, a rate
    momentum: float | None  # recent months in usual yearly moves


@dataclass(frozen=True)
class Call:
    """The verdict on a segment for a horizon. Rates are yearly and plain (0.04 is 4 %), probabilities 0 to 1.

    `why` says why a call is unclear. `index` are the yearly levels of the market ending in `index_last`, 100 at
    its first; `base_year` is the year that `due` compares the last year of the horizon with.
    """

    segment: str
    horizon: int
    call: Verdict
    why: Why
    probability: float | None
    probability_clear: float | None
    probability_shrinks: float | None
    growth: float | None
    low: float | None
    high: float | None
    past: float | None
    outcomes: float
    families: int
    momentum: float
    base_year: int
    due: str
    latest: str
    index_last: int
    index: tuple[float, ...]
    reasons: tuple[Reason, ...]

    @property
    def year(self) -> int:
        """The year by which the market is expected to have grown."""
        return self.base_year + self.horizon

    def details(self) -> dict[str, Any]:
        """All but the key, as JSON values, for the store."""
        return {name: value for name, value in asdict(self).items() if name not in ("segment", "horizon", "call")}

    @classmethod
    def stored(cls, segment: str, horizon: int, call: str, details: Mapping[str, Any]) -> "Call":
        """The inverse of `details`."""
        values = dict(details)
        values["reasons"] = tuple(Reason(**row) for row in values["reasons"])
        values["index"] = tuple(values["index"])
        return cls(segment=segment, horizon=horizon, call=call, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Evidence:
    """Everything that the rule saw: origins (months; the last one is now), markets, judgements by horizon."""

    origins: NDArray[np.int64]
    markets: tuple[Market, ...]
    rows: Mapping[str, tuple[Signals, ...]]
    scale: Mapping[Key, Floats]
    judgements: Mapping[int, Mapping[str, Judgement]]


def evidence(
    catalogue: Catalogue,
    panel: Mapping[Key, History],
    day: date,
    progress: Callable[[float], None] = lambda _done: None,
) -> Evidence:
    """The rule at each June and December since 1960 and on `day`, each with only what was known by then."""
    origins = origins_until(day)
    rows = {}
    for done, name in enumerate(catalogue.markets):
        chosen = counted(catalogue.of_segment(name), panel)
        rows[name] = tuple(signals(row, history, origins) for row, history in chosen)
        progress(0.7 * (done + 1) / len(catalogue.markets))
    everything = [row for group in rows.values() for row in group]
    scale = scales(everything, len(origins))
    markets = tuple(market(name, group, scale, len(origins)) for name, group in rows.items())
    judged = {horizon: judge(markets, origins, horizon) for horizon in HORIZONS}
    progress(0.8)
    return Evidence(origins, markets, rows, scale, blended(judged, markets, origins))


def calls(seen: Evidence, day: date) -> tuple[Call, ...]:
    """The calls of `day` on every market, for every horizon."""
    return tuple(_call(row, seen, horizon, day) for row in seen.markets for horizon in HORIZONS)


def _call(row: Market, seen: Evidence, horizon: int, day: date) -> Call:
    judgement = seen.judgements[horizon][row.segment]
    probability = {event: float(values[-1]) for event, values in judgement.probability.items()}
    outcomes, families = float(judgement.outcomes[-1]), int(row.families[-1])
    verdict, why = verdict_at(row, seen, probability, outcomes, -1)
    known = families > 0 and outcomes >= CALLING.minimum_outcomes
    base_year = day.year if day.month > 6 else day.year - 1
    last, index = index_of(row)
    figures = [float(values[-1]) for values in (judgement.growth, judgement.low, judgement.high)]
    rates = [float(np.expm1(value)) if known and np.isfinite(value) else None for value in figures]
    gains = [after / before - 1 for before, after in pairwise(index)]
    past = (index[-1] / index[-1 - PAST_YEARS]) ** (1 / PAST_YEARS) - 1 if len(gains) >= PAST_YEARS else None
    latest = _latest(row)
    year = base_year + horizon
    due = date(year + 1 + (DUE_LAG == 12), DUE_LAG % 12 + 1, 1).toordinal() - 1
    return Call(
        segment=row.segment,
        horizon=horizon,
        call=verdict,
        why=why,
        probability=probability["grew"] if known else None,
        probability_clear=probability["grew_clearly"] if known else None,
        probability_shrinks=probability["shrank_clearly"] if known else None,
        growth=rates[0],
        low=rates[1],
        high=rates[2],
        past=past,
        outcomes=outcomes,
        families=families,
        momentum=float(row.momentum[-1]),
        base_year=base_year,
        due=date.fromordinal(due).isoformat(),
        latest=f"{latest // 12:04d}-{latest % 12 + 1:02d}" if latest >= 0 else "",
        index_last=last,
        index=tuple(round(value, 4) for value in index),
        reasons=_reasons(row, seen),
    )


def _latest(row: Market) -> int:
    """The month up to which at least half of the index is known; of a stopped market, its last month."""
    known = sorted(
        (int(member.base[-1]), float(row.weights[place, -1]))
        for place, member in enumerate(row.members)
        if row.weights[place, -1] > 0
    )
    if not known:
        return max((_last_month(member) for member in row.members), default=-1)
    total, seen = sum(weight for _month, weight in known), 0.0
    for month, weight in reversed(known):
        seen += weight
        if seen >= total / 2:
            return month
    return known[0][0]


def _last_month(member: Signals) -> int:
    first, levels = yearly(member.history, member.indicator.kind)
    return first + len(levels) - 1


def verdict_at(
    row: Market, seen: Evidence, probability: Mapping[str, float], outcomes: float, place: int
) -> tuple[Verdict, Why]:
    """The verdict at an origin (its place; -1: now) and, if it is unclear, why."""
    if not row.members:
        return "unclear", "no_data"
    if row.families[place] == 0:
        return "unclear", "too_old"
    if outcomes < CALLING.minimum_outcomes:
        return "unclear", "too_little"
    grew, shrank = probability["grew_clearly"], probability["shrank_clearly"]
    if grew >= CALLING.growing_from:
        return "growing", ""
    if shrank >= CALLING.growing_from:
        return "shrinking", ""
    if 1 - grew - shrank >= CALLING.growing_from:
        return "flat", ""
    return "unclear", "contradiction" if opposed(row, seen, place) else "not_sure"


def opposed(row: Market, seen: Evidence, place: int) -> bool:
    """Whether, at an origin, recent demand and leading indicators clearly point in opposite directions."""
    means = []
    for role in ("market", "leading"):
        moves = [
            float(each.momentum[place] / seen.scale[each.history.key][place])
            for each in seen.rows[row.segment]
            if each.indicator.role == role and np.isfinite(each.momentum[place])
        ]
        if not moves:
            return False
        means.append(float(np.mean(moves)))
    return means[0] * means[1] < 0 and min(map(abs, means)) >= 0.25


def _reasons(row: Market, seen: Evidence) -> tuple[Reason, ...]:
    total = float(row.weights[:, -1].sum()) if len(row.members) else 0.0
    shares = {
        member.indicator.id: float(row.weights[place, -1]) / total if total else 0.0
        for place, member in enumerate(row.members)
    }
    reasons = []
    for each in seen.rows[row.segment]:
        base = int(each.base[-1])
        first, levels = yearly(each.history, each.indicator.kind)
        growth = None
        if base >= 0 and base - first >= 12:
            moved = float(
                change(levels[base - first - 12 : base - first - 11], levels[base - first : base - first + 1])[0]
            )
            growth = float(np.expm1(moved)) if np.isfinite(moved) else None
        recent = float(each.momentum[-1] / seen.scale[each.history.key][-1])
        momentum = float(np.clip(recent, -STEEPEST, STEEPEST)) if np.isfinite(recent) else None
        share = shares.get(each.indicator.id, 0.0)
        if share > 0 or momentum is not None:
            reasons.append(Reason(each.indicator.id, each.indicator.role, share, growth, momentum))
    return tuple(sorted(reasons, key=lambda reason: (-reason.share, reason.indicator)))


def index_of(row: Market) -> tuple[int, Sequence[float]]:
    """The market's yearly index, 100 at its first of at most 12 years: (last year, levels).

    Each year's growth is the weighted mean of the indicators that have both years; it ends with the last year that
    indicators of at least half the weight cover.
    """
    members = [(place, member) for place, member in enumerate(row.members) if row.weights[place, -1] > 0]
    if not members:
        return 0, ()
    years = np.arange(FIRST_ORIGIN, 2200)
    moves = np.full((len(members), len(years) - 1), np.nan)
    weights = np.array([row.weights[place, -1] for place, _member in members])
    for line, (_place, member) in enumerate(members):
        first, levels = yearly(member.history, member.indicator.kind)
        ends = years * 12 + 11 - first
        inside = (ends >= 0) & (ends < len(levels))
        level = np.where(inside, levels[np.clip(ends, 0, len(levels) - 1)], np.nan)
        moves[line] = change(level[:-1], level[1:])
    there = np.isfinite(moves)
    covered = (there * weights[:, None]).sum(axis=0)
    usable = np.flatnonzero(covered >= weights.sum() / 2)
    if not usable.size:
        return 0, ()
    last = int(usable[-1])
    first_year = max(last - INDEX_YEARS + 2, 0)
    while first_year < last and covered[first_year] == 0:
        first_year += 1
    growth = (np.nan_to_num(moves) * weights[:, None]).sum(axis=0) / np.maximum(covered, 1e-12)
    path = np.concatenate([[0.0], np.cumsum(growth[first_year : last + 1])])
    return int(years[last + 1]), [float(value) for value in 100 * np.exp(path)]
