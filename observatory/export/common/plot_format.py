"""Number formats, dates, dashes and colours of a plot, for charts on slides and in workbooks."""

from collections.abc import Sequence
from datetime import date

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.catalogue.periods import MONTHS_PER_PERIOD, parse_frequency, period_to_ordinal
from observatory.charts.base import count_tick_decimals
from observatory.export.common.cell_values import to_signed_format
from observatory.language import Language, round_significant

NATURE_COLOURS = {"expected": "forecast", "low": "forecast", "high": "forecast", "came": "after"}
# The Office dashes nearest to those of charts.comparison, in the same order.
_OFFICE_DASHES = ("solid", "lgDash", "sysDot", "lgDashDot", "sysDash", "lgDashDotDot", "dashDot", "dash")
_OFFICE_LOCALES: dict[Language, str] = {"fr": "[$-40C]", "en": "[$-409]"}
_GENERAL = "General"  # writes as many digits as a number has
_MIN_MAGNITUDE = 1e-10  # in the unit of a plot; what is smaller is noise of the arithmetic
_MAX_AXIS_DECIMALS = 6  # from there on, figures read better with a power of ten
BAR_COLOURS = ("ink", "muted", "rule")  # by the position of a series among the bars of a category


def build_number_format(plot: PlotData, steps: Sequence[float] = ()) -> str:
    """The spreadsheet format of the figures of a plot, or of an axis with labels at `steps`."""
    if steps:
        return build_axis_format(steps, "#,##0", signed=plot.signed)
    values = [value for run in plot.series for side in (run.values, run.low, run.high) for value in side if value]
    number_format = _add_decimals("#,##0", plot.decimals)
    least = 0.5 * 10.0**-plot.decimals
    if any(_MIN_MAGNITUDE <= abs(value) < least for value in values):
        return _split_by_size(number_format, least, signed=plot.signed)
    return to_signed_format(number_format) if plot.signed else number_format


def build_axis_format(steps: Sequence[float], whole: str, *, signed: bool) -> str:
    """The spreadsheet format of an axis with labels at `steps`; `whole` is that of a number without decimals."""
    decimals = count_tick_decimals(steps)
    number_format = _add_decimals(whole, decimals) if decimals <= _MAX_AXIS_DECIMALS else _GENERAL
    return to_signed_format(number_format) if signed else number_format


def _add_decimals(whole: str, decimals: int) -> str:
    return whole + ("." + "0" * decimals if decimals else "")


def _split_by_size(number_format: str, least: float, *, signed: bool) -> str:
    """A format for values of at least a size; others, which it might write as 0, get the digits that they have."""
    limit = f"{least:.{_MAX_AXIS_DECIMALS}f}".rstrip("0")
    plus = "+" if signed else ""
    return f"[>={limit}]{plus}{number_format};{_GENERAL}"


def localize_format(number_format: str, language: Language) -> str:
    """A spreadsheet format in the language of its document, also where the program has another."""
    locale = _OFFICE_LOCALES[language]
    return ";".join(part if part == _GENERAL else f"{locale}{part}" for part in number_format.split(";"))


def first_day(code: str) -> date:
    """The first day of a period code: 2024, 2024-Q1, 2024-01."""
    months = period_to_ordinal(code) * MONTHS_PER_PERIOD[parse_frequency(code) or "A"]
    return date(months // 12, months % 12 + 1, 1)


def choose_dash(run: PlotSeries) -> str:
    """The Office dash of a line; expected values have their own."""
    return "dash" if run.nature == "expected" else _OFFICE_DASHES[run.dash_index]


def compute_step(steps: Sequence[float]) -> float:
    """The distance between the labels of an axis, without the noise of the subtraction."""
    return round_significant(steps[1] - steps[0], 10)


def find_extent(run: PlotSeries) -> tuple[float, float]:
    """The smallest and the largest of the values and limits of a series, zero included."""
    values = [value for side in (run.values, run.low, run.high) for value in side if value is not None]
    return min(0.0, *values), max(0.0, *values)
