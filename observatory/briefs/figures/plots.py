"""Chart data as numbers (PlotData): slides and workbooks draw native charts from them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.briefs.figures.series_view import DisplayedSeries
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.language import Localizer, count_decimals, round_decimals, round_significant
from observatory.settings import INTERVAL_LEVELS

_OBSERVED_DIGITS = 10  # significant digits of an observed value; further ones are rounding noise of the unit conversion
_MIN_GROWTH_PERCENT = 1e-10  # smaller growth is noise of the arithmetic
_EXPECTED_DIGITS = 3  # significant digits of an expected value, as pages show it


def build_series_plot(
    shown: DisplayedSeries, realized: Sequence[tuple[float, float]], level: int, localizer: Localizer
) -> PlotData:
    """The lines of one series: observed, expected with the interval of a level, then realized values.

    `realized` are (decimal year, value in the display) of the periods that were forecast.
    """
    view, frequency = shown.view, shown.history.frequency
    realized_by_year = dict(realized)
    later = [realized_by_year.get(midpoint_year(ordinal, frequency)) for ordinal in view.forecast_ordinals]
    past = [_round_observed(float(value), _OBSERVED_DIGITS) for value in view.observed]
    ahead = [
        [_round_expected(float(value), signed=shown.is_growth, whole=shown.is_whole) for value in part]
        for part in (view.median, view.low, view.high)
    ]
    codes = tuple(ordinal_to_period(ordinal, frequency) for ordinal in (*view.ordinals, *view.forecast_ordinals))
    decimals = 0 if shown.is_whole else _count_decimals(view.observed)
    return PlotData(
        kind="line",
        labels=tuple(localizer.period_short(code) for code in codes),
        series=_build_series(past, ahead, later, level, localizer),
        unit=_unit_text(shown, localizer),
        decimals=1 if shown.is_growth else decimals,
        signed=shown.is_growth,
        period_codes=codes,
        origin=ordinal_to_period(shown.history.last, frequency),
        role=shown.indicator.role,
        starts_at_zero=shown.indicator.starts_at_zero and shown.display == "level",
        logarithmic=shown.display == "log",
    )


def _unit_text(shown: DisplayedSeries, localizer: Localizer) -> str:
    if shown.is_growth:
        return "%"
    return localizer.text("export.plot.index") if shown.display == "index" else shown.unit.noun


def build_index_plot(
    history: Mapping[int, float],
    expected: Mapping[int, Sequence[float]],
    realized: Mapping[int, float],
    period_code: Callable[[int], str],
    localizer: Localizer,
    decimals: int = 0,
) -> PlotData:
    """The lines of an index, from mappings by period: past levels, expected (median, low, high), realized levels.

    `period_code` writes a period as a code. Values are rounded to `decimals`.
    """
    past_periods, later_periods = sorted(history), sorted({*expected, *realized} - set(history))
    ahead = [
        [round_decimals(expected[period][side], decimals) if period in expected else None for period in later_periods]
        for side in range(3)
    ]
    codes = tuple(period_code(period) for period in (*past_periods, *later_periods))
    return PlotData(
        kind="line",
        labels=tuple(localizer.period_short(code) for code in codes),
        series=_build_series(
            [round_decimals(history[period], decimals) for period in past_periods],
            ahead,
            [round_decimals(realized[period], decimals) if period in realized else None for period in later_periods],
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
    """Grouped bars of shares in per cent: one (nature, name, values) for each set, and a subtitle for bars."""
    bar_sets = tuple(
        PlotSeries(nature, name, tuple(round_decimals(value, 1) for value in values)) for nature, name, values in series
    )
    return PlotData("bar", tuple(labels), bar_sets, "%", starts_at_zero=True, subtitle=subtitle)


def build_interval_plot(
    labels: Sequence[str],
    nature: str,
    name: str,
    rows: Sequence[tuple[float, float, float]],
    unit: str,
    decimals: int,
) -> PlotData:
    """Bars with intervals: one row (value, low, high) for each label."""
    value, low, high = (tuple(round_decimals(row[side], decimals) for row in rows) for side in range(3))
    return PlotData("bar", tuple(labels), (PlotSeries(nature, name, value, low, high),), unit, decimals, signed=True)


def build_point_plot(labels: Sequence[str], x_values: tuple[str, Sequence[float]], y_plot: PlotData) -> PlotData:
    """Points with vertical intervals: x as (name, values), y as the plot of build_interval_plot."""
    name, values = x_values
    x_series = PlotSeries("past", name, tuple(round_decimals(value, y_plot.decimals) for value in values))
    return PlotData("point", tuple(labels), (x_series, *y_plot.series), y_plot.unit, y_plot.decimals, signed=True)


def build_level_labels(localizer: Localizer) -> list[tuple[int, str]]:
    """The interval levels, each with a label that names its nominal coverage."""
    return [(level, localizer.text("ranges.promised", level=level)) for level in INTERVAL_LEVELS]


def _build_series(
    past: Sequence[float | None],
    ahead: Sequence[Sequence[float | None]],
    realized: Sequence[float | None],
    level: int,
    localizer: Localizer,
) -> tuple[PlotSeries, ...]:
    """Observed, expected, low, high and realized lines over all periods; a line without any value is left out."""
    no_past, no_future = (None,) * len(past), (None,) * len(realized)
    lines = [PlotSeries("observed", localizer.text("export.plot.observed"), (*past, *no_future))]
    keys = ("export.plot.expected", "table.low", "table.high")
    for nature, key, values in zip(("expected", "low", "high"), keys, ahead, strict=True):
        if any(value is not None for value in values):
            name = localizer.text(key) if nature == "expected" else localizer.text(key, level=level)
            lines.append(PlotSeries(nature, name, (*no_past, *values)))
    if any(value is not None for value in realized):
        lines.append(PlotSeries("came", localizer.text("export.plot.came"), (*no_past, *realized)))
    return tuple(lines)


def _round_observed(value: float, digits: int) -> float | None:
    return round_significant(value, digits) if np.isfinite(value) else None


def _round_expected(value: float, *, signed: bool, whole: bool) -> float | None:
    """An expected value with the digits that the page shows; `signed` ones are growth in per cent."""
    if not np.isfinite(value):
        return None
    if signed:
        return round_decimals(value, 1) if abs(value) >= _MIN_GROWTH_PERCENT else 0.0
    rounded = round_significant(value, _EXPECTED_DIGITS)
    return round_decimals(rounded, 0) if whole else rounded


def _count_decimals(values: Sequence[float] | np.ndarray) -> int:
    """Decimals that show three significant digits of the median value, three at most."""
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = sizes[np.isfinite(sizes)]
    return min(count_decimals(float(np.median(sizes)), _EXPECTED_DIGITS), 3) if len(sizes) else 0
