"""What the charts of slides and of workbooks both ask of a Plot: formats, days, ends, tones."""

from collections.abc import Sequence
from datetime import date

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.catalogue.periods import MONTHS_PER_PERIOD, parse_frequency, period_to_ordinal
from observatory.charts.base import count_tick_decimals
from observatory.export.common.cell_values import to_signed_format

NATURE_COLOURS = {"expected": "forecast", "low": "forecast", "high": "forecast", "came": "after"}
# What comes nearest to charts.lines.DASHES among the dashes that offices know.
_OFFICE_DASHES = ("solid", "lgDash", "sysDot", "lgDashDot", "sysDash", "lgDashDotDot", "dashDot", "dash")
BAR_COLOURS = ("ink", "muted", "rule")  # of shares that stand side by side


def build_number_format(plot: PlotData, steps: Sequence[float] = ()) -> str:
    """The format of the figures of a Plot, as a spreadsheet writes it; or of an axis that is labelled at steps."""
    decimals = count_tick_decimals(steps) if steps else plot.decimals
    shown = "#,##0" + ("." + "0" * decimals if decimals else "")
    return to_signed_format(shown) if plot.signed else shown


def first_day(code: str) -> date:
    """The first day of a period: 2024, 2024-Q1, 2024-01."""
    months = period_to_ordinal(code) * MONTHS_PER_PERIOD[parse_frequency(code) or "A"]
    return date(months // 12, months % 12 + 1, 1)


def choose_dash(run: PlotSeries) -> str:
    """The dashes of a line: what is expected has its own."""
    return "dash" if run.nature == "expected" else _OFFICE_DASHES[run.dash_index]


def find_extent(run: PlotSeries) -> tuple[float, float]:
    """The least and the largest of the values and limits of a run, and of zero."""
    values = [value for side in (run.values, run.low, run.high) for value in side if value is not None]
    return min(0.0, *values), max(0.0, *values)
