"""Scores of forecasts of others by publisher and lead time, beside naive forecasts and ours on the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from observatory.outlook.external.judging import JudgedForecast
from observatory.outlook.external.outcomes import NAIVE_FORECASTS

Lead = Literal["current_early", "current_late", "next_early", "next_late", "later", "window", "unknown"]
LEADS: tuple[Lead, ...] = ("current_early", "current_late", "next_early", "next_late", "later", "window", "unknown")
CRISIS_YEAR = 2020
MIN_BOOTSTRAP_YEARS = 4  # target years; fewer give no range
_MIN_CLAIM_YEARS = 5  # target years; a range drawn from fewer is too narrow to claim anything
_AUGUST = 7  # month of the year, from 0
_DRAWS, _SEED = 4000, 20261130
_USUAL_SHARE = 0.8  # of the rows, for a naive forecast to be the one to beat
_WINDOW_MEASURES = ("total", "mean", "yearly_growth")


@dataclass(frozen=True)
class PairedErrors:
    """Mean absolute errors of a publisher and of another forecast on the same rows.

    `gain` is that of the other less that of the publisher, with its 95 % range by bootstrap over target years (None
    with too few); `better_years` of `years` target years were won by the publisher.
    """

    n: int
    theirs: float
    other: float
    gain: float
    low: float | None
    high: float | None
    better_years: int
    years: int

    @property
    def standing(self) -> Literal["better", "worse", "even"]:
        """Whether the publisher is better or worse; even where the range holds zero, or rests on too few years."""
        if self.years < _MIN_CLAIM_YEARS or self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "even"
        return "better" if self.low > 0 else "worse"


@dataclass(frozen=True)
class ExternalScores:
    """Scores of some forecasts: counts, errors (positive: too high), ranges held, and pairs by the other's name.

    `naive` has NAIVE_FORECASTS; `own` is our engine where it knew the same months, `own_less` where it knew fewer.
    """

    n: int
    targets: int
    mean_error: float
    mean_absolute: float
    median_absolute: float
    too_high: int
    later: int
    held: int
    ranges: int
    naive: Mapping[str, PairedErrors]
    own: PairedErrors | None
    own_less: PairedErrors | None


@dataclass(frozen=True)
class ScoredGroup:
    """Forecasts of one publisher of one kind of figure: all of them, and by lead time.

    `subject` is the indicator of a guidance (a maker of two aircraft has two records), empty else. `told_then` leaves
    out what is known from a page written afterwards, None where nothing is; `without_crisis` the targets of 2020.
    """

    publisher: str
    measure: str
    subject: str
    rows: tuple[JudgedForecast, ...]
    scores: ExternalScores
    lead_scores: Mapping[Lead, ExternalScores]
    without_crisis: ExternalScores | None
    told_then: ExternalScores | None

    @property
    def reference(self) -> str:
        """The naive forecast to beat: the one with the least error, among those known for most rows; empty without."""
        pairs = self.scores.naive
        most = max((pair.n for pair in pairs.values()), default=0)
        usual = {name: pair for name, pair in pairs.items() if pair.n >= _USUAL_SHARE * most}
        return min(usual, key=lambda name: usual[name].gain, default="")


def find_lead(row: JudgedForecast) -> Lead:
    """The lead time of a forecast as a class: the year in progress or the next one, before August or from August on."""
    forecast = row.forecast
    if forecast.measure in _WINDOW_MEASURES:
        return "window"
    if forecast.published_month is None:
        return "unknown"
    years = forecast.target_year - forecast.published_year
    if years > 1:
        return "later"
    is_late = forecast.published_month % 12 >= _AUGUST
    if years:
        return "next_late" if is_late else "next_early"
    return "current_late" if is_late else "current_early"


def group_forecasts(rows: Sequence[JudgedForecast]) -> tuple[ScoredGroup, ...]:
    """The scored groups of a record, in the order of their first rows."""
    groups: dict[tuple[str, str, str], list[JudgedForecast]] = {}
    for row in rows:
        forecast = row.forecast
        subject = forecast.series[0][0] if forecast.kind == "guidance" and forecast.series else ""
        groups.setdefault((forecast.publisher, forecast.measure, subject), []).append(row)
    scored = []
    for (publisher, measure, subject), members in groups.items():
        scores = compute_external_scores(members)
        if scores is not None:
            leads = {
                lead: compute_external_scores([row for row in members if find_lead(row) == lead]) for lead in LEADS
            }
            then = select_told_then(members)
            calm = [row for row in members if row.forecast.target_year != CRISIS_YEAR]
            scored.append(
                ScoredGroup(
                    publisher,
                    measure,
                    subject,
                    tuple(members),
                    scores,
                    {lead: row for lead, row in leads.items() if row is not None},
                    compute_external_scores(calm) if len(calm) < len(members) else None,
                    compute_external_scores(then) if len(then) < len(members) else None,
                )
            )
    return tuple(scored)


def select_told_then(rows: Sequence[JudgedForecast]) -> list[JudgedForecast]:
    """The rows that a page of the time gives, with a figure of their own."""
    return [row for row in rows if row.forecast.found == "then" and row.forecast.basis != "in_line"]


def compute_external_scores(rows: Sequence[JudgedForecast]) -> ExternalScores | None:
    """The scores of some forecasts; None if none is scored. A range counts on every row, an error once a statement."""
    scored = [row for row in rows if row.is_scored and row.error_of(row.forecast.value) is not None]
    if not scored:
        return None
    errors = np.array([row.error_of(row.forecast.value) for row in scored], dtype=float)
    held = [row.is_held for row in rows if row.is_held is not None]
    naive = {name: _pair(scored, lambda row, name=name: getattr(row, name)) for name in NAIVE_FORECASTS}  # type: ignore[misc]
    return ExternalScores(
        n=len(scored),
        targets=len({(row.forecast.quantity, row.forecast.target) for row in scored}),
        mean_error=float(errors.mean()),
        mean_absolute=float(np.abs(errors).mean()),
        median_absolute=float(np.median(np.abs(errors))),
        too_high=int((errors > 0).sum()),
        later=sum(row.forecast.found == "later" for row in scored),
        held=sum(held),
        ranges=len(held),
        naive={name: row for name, row in naive.items() if row is not None},
        own=_pair([row for row in scored if row.knows_same_months], _own_value),
        own_less=_pair([row for row in scored if not row.knows_same_months], _own_value),
    )


def _own_value(row: JudgedForecast) -> float | None:
    return row.own


def _pair(rows: Sequence[JudgedForecast], other: Callable[[JudgedForecast], float | None]) -> PairedErrors | None:
    """The errors of rows that have both forecasts; None without any."""
    pairs = [
        (row.forecast.target_year, abs(theirs), abs(others))
        for row in rows
        if (theirs := row.error_of(row.forecast.value)) is not None and (others := row.error_of(other(row))) is not None
    ]
    if not pairs:
        return None
    years = sorted({year for year, _theirs, _other in pairs})
    gains = {year: [others - theirs for when, theirs, others in pairs if when == year] for year in years}
    low, high = _bootstrap([gains[year] for year in years])
    theirs_mean, other_mean = (float(np.mean([row[column] for row in pairs])) for column in (1, 2))
    better = sum(float(np.mean(values)) > 0 for values in gains.values())
    return PairedErrors(len(pairs), theirs_mean, other_mean, other_mean - theirs_mean, low, high, better, len(years))


def _bootstrap(gains: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """The 95 % range of the mean gain if whole target years are drawn again; None with too few of them."""
    if len(gains) < MIN_BOOTSTRAP_YEARS:
        return None, None
    sums, counts = np.array([sum(row) for row in gains]), np.array([len(row) for row in gains])
    draws = np.random.default_rng(_SEED).integers(0, len(gains), (_DRAWS, len(gains)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
