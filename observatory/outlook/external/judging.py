"""Forecasts of others judged: each with what came, what naive forecasts said, and what we would have said that day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from observatory.catalogue.external_forecasts import ExternalForecast, ExternalForecasts, ForecastPublisher
from observatory.catalogue.models import Catalogue
from observatory.catalogue.real_vintages import RealVintage
from observatory.memo import digest_content, remember
from observatory.outlook.calls.backtest import ReplayedCall
from observatory.outlook.external.outcomes import (
    RATE_MEASURES,
    Panel,
    compute_naive_forecasts,
    compute_outcome,
)
from observatory.outlook.external.own_forecasts import OwnForecast, forecast_targets
from observatory.settings import HORIZONS

OutcomeOrigin = Literal["series", "quoted", ""]
_STORED_DIGITS = 8  # significant


@dataclass(frozen=True)
class JudgedForecast:
    """A forecast of another with its outcome (from our series, or quoted) and the others for the same figure.

    `is_first`: the row that stands for its statement in scores. `own` is our engine's figure, `own_known` the last
    month that it knew; `call` and `call_chance` are those of the replayed call on the market of the series.
    """

    forecast: ExternalForecast
    is_first: bool
    outcome: float | None
    outcome_origin: OutcomeOrigin
    no_change: float | None
    last_growth: float | None
    mean_growth: float | None
    own: float | None = None
    own_low: float | None = None
    own_high: float | None = None
    own_known: int | None = None
    call: str = ""
    call_chance: float | None = None

    @property
    def is_scored(self) -> bool:
        """Whether it counts in scores: its statement's first row, with a figure and an outcome."""
        return self.is_first and self.forecast.value is not None and self.outcome is not None

    @property
    def is_held(self) -> bool | None:
        """Whether the outcome lies inside its range or bound; None without one, or without an outcome."""
        row = self.forecast
        if self.outcome is None or (row.low is None and row.high is None):
            return None
        return (row.low is None or self.outcome >= row.low) and (row.high is None or self.outcome <= row.high)

    @property
    def knows_same_months(self) -> bool:
        """Whether ours knew as much of the target's first year as its author: nothing had begun, or the same months."""
        first, known = self.forecast.target_span[0], self.forecast.known_month
        if self.own_known is None or known is None:
            return False
        return known < first or self.own_known >= first

    def error_of(self, value: float | None) -> float | None:
        """A figure less the outcome: in points for rates, else in per cent of the outcome; None without either."""
        if value is None or self.outcome is None:
            return None
        if self.forecast.measure in RATE_MEASURES:
            return value - self.outcome
        return (value / self.outcome - 1) * 100 if self.outcome else None


@dataclass(frozen=True)
class ExternalRecord:
    """The judged forecasts of others as stored with an edition, and their publishers by id."""

    publishers: Mapping[str, ForecastPublisher] = field(default_factory=dict)
    rows: tuple[JudgedForecast, ...] = ()

    @property
    def forecasts(self) -> tuple[ExternalForecast, ...]:
        """The forecasts alone, as they were read."""
        return tuple(row.forecast for row in self.rows)


def judge_forecasts(
    catalogue: Catalogue, panel: Panel, past_calls: Sequence[ReplayedCall] = (), vintages: Sequence[RealVintage] = ()
) -> ExternalRecord:
    """The forecasts of others in a catalogue, judged by a panel."""
    outlooks = select_known(catalogue.external_forecasts, catalogue)
    own = forecast_targets(outlooks.rows, panel, catalogue, vintages)
    calls = _index_calls(past_calls)
    heads = _find_heads(outlooks.rows)
    rows = [_judge(row, heads, panel, catalogue, own.get(row.line), calls) for row in outlooks.rows]
    return ExternalRecord(outlooks.publishers, tuple(rows))


def select_known(outlooks: ExternalForecasts, catalogue: Catalogue) -> ExternalForecasts:
    """Forecasts whose series the catalogue has; those of other series keep only their quoted outcome."""
    rows = [
        row if all(key[0] in catalogue.indicators for key in row.series) else replace(row, series=())
        for row in outlooks.rows
    ]
    return ExternalForecasts(outlooks.publishers, tuple(rows))


def _find_heads(rows: Sequence[ExternalForecast]) -> dict[str, int]:
    """The line of the row that stands for each statement: its growth if it has one, else its first figure."""
    heads: dict[str, ExternalForecast] = {}
    for row in rows:
        head = heads.get(row.statement)
        better = head is not None and (
            (head.value is None and row.value is not None) or (row.measure == "growth" and head.measure != "growth")
        )
        if head is None or better:
            heads[row.statement] = row
    return {name: row.line for name, row in heads.items()}


def _judge(
    row: ExternalForecast,
    heads: Mapping[str, int],
    panel: Panel,
    catalogue: Catalogue,
    own: OwnForecast | None,
    calls: Mapping[str, Sequence[ReplayedCall]],
) -> JudgedForecast:
    outcome, naive = _measure_past(row, panel, catalogue)
    origin: OutcomeOrigin = "series" if outcome is not None else "quoted" if row.outcome is not None else ""
    judged = JudgedForecast(
        row,
        heads[row.statement] == row.line,
        row.outcome if outcome is None else outcome,
        origin,
        naive["no_change"],
        naive["last_growth"],
        naive["mean_growth"],
    )
    if own is not None:
        judged = replace(judged, own=own.value, own_low=own.low, own_high=own.high, own_known=own.known_month)
    call = _find_call(row, catalogue, calls)
    return judged if call is None else replace(judged, call=call.call, call_chance=call.chance)


def _pack_series(row: ExternalForecast, panel: Panel, catalogue: Catalogue) -> bytes:
    """What the figures of a forecast are read from: its facts, its series and their kinds."""
    kinds = tuple(catalogue.indicators[key[0]].kind for key in row.series)
    return digest_content(row, tuple(panel.get(key) for key in row.series), kinds)


@remember(size=4096, pack=_pack_series)  # the forecasts of others on a few panels
def _measure_past(
    row: ExternalForecast, panel: Panel, catalogue: Catalogue
) -> tuple[float | None, dict[str, float | None]]:
    """The outcome of a forecast of another, and the naive forecasts of the same figure."""
    outcome = compute_outcome(row, panel, catalogue) if row.series else None
    return outcome, compute_naive_forecasts(row, panel, catalogue)


def _index_calls(past_calls: Sequence[ReplayedCall]) -> dict[str, list[ReplayedCall]]:
    by_market: dict[str, list[ReplayedCall]] = {}
    for row in past_calls:
        by_market.setdefault(row.segment, []).append(row)
    return by_market


def _find_call(
    row: ExternalForecast, catalogue: Catalogue, calls: Mapping[str, Sequence[ReplayedCall]]
) -> ReplayedCall | None:
    """The replayed call that stood when a forecast was published, at the horizon nearest to its own."""
    known = row.known_month
    if known is None or not row.series:
        return None
    years = max(row.target_year - row.published_year, 1)
    horizon = min(HORIZONS, key=lambda one: abs(one - years))
    standing = [
        call
        for call in calls.get(catalogue.indicators[row.series[0][0]].segment, ())
        if call.horizon == horizon and known - 12 <= call.origin <= known
    ]
    return max(standing, key=lambda call: call.origin, default=None)


def encode_record(record: ExternalRecord) -> dict[str, Any]:
    """The record as JSON values: publishers, and the rows column by column."""
    names = [one.name for one in fields(JudgedForecast) if one.name != "forecast"]
    facts = [one.name for one in fields(ExternalForecast)]
    columns: dict[str, list[Any]] = {
        name: [_encode(getattr(row.forecast, name)) for row in record.rows] for name in facts
    }
    judged = {name: [_encode(getattr(row, name)) for row in record.rows] for name in names}
    return {
        "publishers": {name: asdict(row) for name, row in record.publishers.items()},
        "facts": columns,
        "judged": judged,
    }


def round_as_stored(forecast: ExternalForecast) -> ExternalForecast:
    """A forecast with its figures as a stored record has them."""
    names = ("scale", "low", "value", "high", "outcome")
    return replace(forecast, **{name: _encode(getattr(forecast, name)) for name in names})


def _encode(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_STORED_DIGITS}g}")
    return [list(part) for part in value] if isinstance(value, tuple) else value


def decode_record(document: Mapping[str, Any]) -> ExternalRecord:
    """The inverse of `encode_record`; empty without a document. Raises KeyError or TypeError on other JSON."""
    if not document:
        return ExternalRecord()
    publishers = {name: ForecastPublisher(**row) for name, row in document["publishers"].items()}
    rows = []
    for facts, judged in zip(_iterate(document["facts"]), _iterate(document["judged"]), strict=True):
        facts["series"] = tuple(tuple(key) for key in facts["series"])
        rows.append(JudgedForecast(forecast=ExternalForecast(**facts), **judged))
    return ExternalRecord(publishers, tuple(rows))


def _iterate(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
