"""The figures behind the charts of a brief as numbers: what slides and workbooks draw their own charts from."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.briefs.common.series_view import SeriesView
from observatory.briefs.common.units import DisplayUnit
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.language import Localizer, count_decimals, round_significant
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import TimeSeries

_OBSERVED_DIGITS = 10  # of an observed value; what comes after is noise of the change of unit
_EXPECTED_DIGITS = 3  # significant digits of an expected value, as pages show it


def build_series_plot(
    indicator: Indicator,
    history: TimeSeries,
    view: SeriesView,
    display: str,
    unit: DisplayUnit,
    realized: Sequence[tuple[float, float]],
    selection: Selection,
    localizer: Localizer,
) -> PlotData:
    """The Plot of a series as it is shown: observed, then expected with its range, then what came afterwards."""
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    frequency = history.frequency
    came = dict(realized)
    later = [came.get(midpoint_year(at, frequency)) for at in view.forecast_ordinals]
    past = [_round_observed(float(value), _OBSERVED_DIGITS) for value in view.observed]
    ahead = [
        [_round_expected(float(value), signed, whole) for value in part] for part in (view.median, view.low, view.high)
    ]
    codes = tuple(ordinal_to_period(at, frequency) for at in (*view.ordinals, *view.forecast_ordinals))
    return PlotData(
        kind="line",
        labels=tuple(localizer.period_short(code) for code in codes),
        series=_build_series(past, ahead, later, selection.level, localizer),
        unit="%" if signed else localizer.text("export.plot.index") if display == "index" else unit.noun,
        decimals=1 if signed else 0 if whole else _count_decimals(view.observed),
        signed=signed,
        period_codes=codes,
        origin=ordinal_to_period(history.last, frequency),
        role=indicator.role,
        starts_at_zero=indicator.starts_at_zero and display == "level",
        logarithmic=display == "log",
    )


def build_index_plot(
    history: Mapping[int, float],
    expected: Mapping[int, Sequence[float]],
    realized: Mapping[int, float],
    period_code: Callable[[int], str],
    localizer: Localizer,
    decimals: int = 0,
) -> PlotData:
    """The Plot of an index: levels known, then (median, low, high), then what came; keys are periods of one kind."""
    ahead = sorted({*expected, *realized} - set(history))
    sides = [[round(expected[at][side], decimals) if at in expected else None for at in ahead] for side in range(3)]
    codes = tuple(period_code(at) for at in (*sorted(history), *ahead))
    return PlotData(
        kind="line",
        labels=tuple(localizer.period_short(name) for name in codes),
        series=_build_series(
            [round(history[at], decimals) for at in sorted(history)],
            sides,
            [round(realized[at], decimals) if at in realized else None for at in ahead],
            80,
            localizer,
        ),
        unit=localizer.text("export.plot.index"),
        decimals=decimals,
        period_codes=codes,
        origin=period_code(max(history)) if history else "",
    )


def build_bar_plot(
    labels: Sequence[str], series: Sequence[tuple[str, str, Sequence[float]]], subtitle: str
) -> PlotData:
    """The Plot of shares in per cent that stand side by side: (nature, name, values) each; what bars of them show."""
    made = tuple(
        PlotSeries(nature, name, tuple(round(value, 1) for value in values)) for nature, name, values in series
    )
    return PlotData("bar", tuple(labels), made, "%", starts_at_zero=True, subtitle=subtitle)


def build_interval_plot(
    labels: Sequence[str],
    nature: str,
    name: str,
    rows: Sequence[tuple[float, float, float]],
    unit: str,
    decimals: int,
) -> PlotData:
    """The Plot of values that each have a range: (value, low, high) a label."""
    value, low, high = (tuple(round(row[side], decimals) for row in rows) for side in range(3))
    return PlotData("bar", tuple(labels), (PlotSeries(nature, name, value, low, high),), unit, decimals, signed=True)


def build_point_plot(labels: Sequence[str], x_values: tuple[str, Sequence[float]], y_plot: PlotData) -> PlotData:
    """The Plot of points that each have a range upward: (name, values) across, and the values with ranges."""
    name, values = x_values
    first = PlotSeries("past", name, tuple(round(value, y_plot.decimals) for value in values))
    return PlotData("point", tuple(labels), (first, *y_plot.series), y_plot.unit, y_plot.decimals, signed=True)


def build_level_labels(localizer: Localizer) -> list[tuple[int, str]]:
    """The levels, each with the words for what its ranges promised."""
    return [(level, localizer.text("ranges.promised", level=level)) for level in INTERVAL_LEVELS]


def _build_series(
    past: Sequence[float | None],
    ahead: Sequence[Sequence[float | None]],
    realized: Sequence[float | None],
    level: int,
    localizer: Localizer,
) -> tuple[PlotSeries, ...]:
    empty, rest = (None,) * len(past), (None,) * len(realized)
    runs = [PlotSeries("observed", localizer.text("export.plot.observed"), (*past, *rest))]
    names = ("export.plot.expected", "table.low", "table.high")
    for nature, name, values in zip(("expected", "low", "high"), names, ahead, strict=True):
        if any(value is not None for value in values):
            said = localizer.text(name) if nature == "expected" else localizer.text(name, level=level)
            runs.append(PlotSeries(nature, said, (*empty, *values)))
    if any(value is not None for value in realized):
        runs.append(PlotSeries("came", localizer.text("export.plot.came"), (*empty, *realized)))
    return tuple(runs)


def _round_observed(value: float, digits: int) -> float | None:
    return round_significant(value, digits) if np.isfinite(value) else None


def _round_expected(value: float, signed: bool, whole: bool) -> float | None:
    """An expected value with the digits that the page shows."""
    if not np.isfinite(value):
        return None
    if signed:
        return round(value, 1)
    return (
        round_significant(value, _EXPECTED_DIGITS)
        if not whole
        else float(round(round_significant(value, _EXPECTED_DIGITS)))
    )


def _count_decimals(values: Sequence[float] | np.ndarray) -> int:
    """Decimals that show three digits of a usual value, three at most."""
    known = np.abs(np.asarray(values, dtype=float))
    known = known[np.isfinite(known)]
    return min(count_decimals(float(np.median(known)), _EXPECTED_DIGITS), 3) if len(known) else 0
