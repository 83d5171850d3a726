"""Number formats, dates, dashes and colours of a plot, for charts on slides and in workbooks."""

from collections.abc import Sequence
from datetime import date

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.catalogue.periods import MONTHS_PER_PERIOD, parse_frequency, period_to_ordinal
from observatory.charts.base import count_tick_decimals
from observatory.export.common.cell_values import to_signed_format

NATURE_COLOURS = {"expected": "forecast", "low": "forecast", "high": "forecast", "came": "after"}
# The Office dashes nearest to those of charts.comparison, in the same order.
_OFFICE_DASHES = ("solid", "lgDash", "sysDot", "lgDashDot", "sysDash", "lgDashDotDot", "dashDot", "dash")
BAR_COLOURS = ("ink", "muted", "rule")  # by the position of a series among the bars of a category


def build_number_format(plot: PlotData, steps: Sequence[float] = ()) -> str:
    """The spreadsheet format of the figures of a plot, or of an axis with labels at `steps`."""
    decimals = count_tick_decimals(steps) if steps else plot.decimals
    number_format = "#,##0" + ("." + "0" * decimals if decimals else "")
    return to_signed_format(number_format) if plot.signed else number_format


def first_day(code: str) -> date:
    """The first day of a period code: 2024, 2024-Q1, 2024-01."""
    months = period_to_ordinal(code) * MONTHS_PER_PERIOD[parse_frequency(code) or "A"]
    return date(months // 12, months % 12 + 1, 1)


def choose_dash(run: PlotSeries) -> str:
    """The Office dash of a line; expected values have their own."""
    return "dash" if run.nature == "expected" else _OFFICE_DASHES[run.dash_index]


def find_extent(run: PlotSeries) -> tuple[float, float]:
    """The smallest and the largest of the values and limits of a series, zero included."""
    values = [value for side in (run.values, run.low, run.high) for value in side if value is not None]
    return min(0.0, *values), max(0.0, *values)
