"""Outcomes of forecasts of others, and naive forecasts of the same figures, computed from series on the calendar."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from observatory.catalogue.external_forecasts import SHARE_BASE_YEAR, ExternalForecast
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import MONTHS_PER_PERIOD
from observatory.timeseries import SeriesKey, TimeSeries

Panel = Mapping[SeriesKey, TimeSeries]
Span = tuple[int, int]  # first and last month (ordinals)
NAIVE_FORECASTS = ("no_change", "last_growth", "mean_growth")
RATE_MEASURES = ("growth", "yearly_growth", "share")  # judged in points; the others in per cent of the outcome
_SUMMED_KINDS = ("flow",)
_MEAN_GROWTH_YEARS = 10
_MIN_GROWTH_RATES = 4  # rates of growth; fewer have no mean
_RECENT_MONTHS = 3  # of the last share known


def compute_outcome(forecast: ExternalForecast, panel: Panel, catalogue: Catalogue) -> float | None:
    """The figure that came of a forecast, in the unit of the forecast; None where its series do not give it (yet)."""
    value = measure_span(forecast, forecast.target_span, panel, catalogue)
    return value if value is None or forecast.measure in RATE_MEASURES else value / forecast.scale


def measure_span(forecast: ExternalForecast, span: Span, panel: Panel, catalogue: Catalogue) -> float | None:
    """What a forecast is about, measured over a span of months in the unit of its series; None where unknown."""

    def level(months: Span) -> float | None:
        return _mean_level(forecast.series, months, panel, catalogue)

    if forecast.measure == "growth":
        return _grow(level(_shift(span, -12)), level(span), 1)
    if forecast.measure == "yearly_growth":
        last = (span[1] - 11, span[1])
        return _grow(level((span[0] - 12, span[0] - 1)), level(last), count_years(span))
    if forecast.measure == "share":
        base = level(_shift(span, -12 * (span[0] // 12 - SHARE_BASE_YEAR)))
        now = level(span)
        return None if base is None or now is None or base <= 0 else now / base * 100
    value = level(span)
    return value / count_years(span) if forecast.measure == "mean" and value is not None else value


def compute_naive_forecasts(forecast: ExternalForecast, panel: Panel, catalogue: Catalogue) -> dict[str, float | None]:
    """What each of NAIVE_FORECASTS said when a forecast was published, in its unit.

    They know the last complete year before that of the publication; of a price also its last full month, of a share of
    some months the last three.
    """
    none: dict[str, float | None] = dict.fromkeys(NAIVE_FORECASTS)
    if not forecast.series:
        return none | ({"no_change": 0.0} if forecast.measure == "growth" else {})
    base = _find_base_year(forecast)
    rates = [
        rate
        for back in range(_MEAN_GROWTH_YEARS)
        if (rate := _growth_of_year(forecast, _shift(base, -12 * back), panel, catalogue)) is not None
    ]
    last = _growth_of_year(forecast, base, panel, catalogue)
    mean = float(np.mean(rates)) if len(rates) >= _MIN_GROWTH_RATES else None
    if forecast.measure in ("growth", "yearly_growth"):
        return {"no_change": 0.0, "last_growth": last, "mean_growth": mean}
    if forecast.measure == "share":
        return none | {"no_change": _last_share(forecast, base, panel, catalogue)}
    return _extend_level(forecast, base, {"last_growth": last, "mean_growth": mean}, panel, catalogue)


def count_years(span: Span) -> int:
    """The years of a span of months."""
    return (span[1] - span[0] + 1) // 12


def _extend_level(
    forecast: ExternalForecast, base: Span, growth: Mapping[str, float | None], panel: Panel, catalogue: Catalogue
) -> dict[str, float | None]:
    """The level of the last complete year, held flat or growing on to each year of the target."""
    level = _mean_level(forecast.series, base, panel, catalogue)
    if level is None:
        return dict.fromkeys(NAIVE_FORECASTS)
    ends = range(forecast.target_span[0] + 11, forecast.target_span[1] + 1, 12)
    ahead = [max((end - base[1]) // 12, 0) for end in ends]
    share = len(ahead) if forecast.measure == "mean" else 1
    extended: dict[str, float | None] = {"no_change": level * len(ahead) / share / forecast.scale}
    if catalogue.indicators[forecast.series[0][0]].kind == "price" and forecast.known_month is not None:
        month = _mean_level(forecast.series, (forecast.known_month,) * 2, panel, catalogue)
        extended["no_change"] = extended["no_change"] if month is None else month / forecast.scale
    for name, rate in growth.items():
        total = None if rate is None else sum(level * (1 + rate / 100) ** years for years in ahead)
        extended[name] = None if total is None else total / share / forecast.scale
    return extended


def _find_base_year(forecast: ExternalForecast) -> Span:
    """The last year that was complete when a forecast was published, in the calendar of its target."""
    years = forecast.target_year - forecast.published_year + 1
    return _shift((forecast.target_span[1] - 11, forecast.target_span[1]), -12 * years)


def _growth_of_year(forecast: ExternalForecast, span: Span, panel: Panel, catalogue: Catalogue) -> float | None:
    before = _mean_level(forecast.series, _shift(span, -12), panel, catalogue)
    return _grow(before, _mean_level(forecast.series, span, panel, catalogue), 1)


def _last_share(forecast: ExternalForecast, base: Span, panel: Panel, catalogue: Catalogue) -> float | None:
    """The share of the last complete year; for a target of some months that of the last three months."""
    if forecast.target_span[1] - forecast.target_span[0] == base[1] - base[0]:
        return measure_span(forecast, base, panel, catalogue)
    if forecast.known_month is None:
        return None
    return measure_span(forecast, (forecast.known_month - _RECENT_MONTHS + 1, forecast.known_month), panel, catalogue)


def _mean_level(keys: Sequence[SeriesKey], span: Span, panel: Panel, catalogue: Catalogue) -> float | None:
    """The level of a span, the mean of several series; None if one is not known throughout."""
    levels = [_series_level(panel.get(key), span, catalogue) for key in keys]
    known = [value for value in levels if value is not None]
    return float(np.mean(known)) if known and len(known) == len(levels) else None


def _series_level(history: TimeSeries | None, span: Span, catalogue: Catalogue) -> float | None:
    """The sum of a flow over a span, the mean of other kinds; None unless its periods fill the span."""
    if history is None:
        return None
    step = MONTHS_PER_PERIOD[history.frequency]
    if span[0] % step or (span[1] + 1) % step:
        return None
    first, last = span[0] // step - history.first, (span[1] + 1) // step - 1 - history.first
    if first < 0 or last >= len(history.values):
        return None
    values = history.values[first : last + 1]
    summed = catalogue.indicators[history.key[0]].kind in _SUMMED_KINDS
    value = float(values.sum() if summed else values.mean())
    return value if math.isfinite(value) else None


def _grow(before: float | None, after: float | None, years: int) -> float | None:
    """Growth a year in per cent; None unless both levels are positive."""
    if before is None or after is None or before <= 0 or after <= 0:
        return None
    return float(((after / before) ** (1 / years) - 1) * 100)


def _shift(span: Span, months: int) -> Span:
    return span[0] + months, span[1] + months
