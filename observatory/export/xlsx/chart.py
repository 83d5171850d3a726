"""Excel charts of plots, drawn from the cells of their sheet."""

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import NumData, NumDataSource, NumVal
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.catalogue.periods import parse_frequency
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.plot_format import BAR_COLOURS, NATURE_COLOURS, choose_dash

_WIDTH_CM, _HEIGHT_CM = 24.0, 11.5
_WHOLE_STEPS_FROM = 1000  # from this value on, Excel labels an axis in whole numbers
_EMU_PER_POINT = 12_700


def add_chart(sheet: Worksheet, plot: PlotData, top: int, columns: int) -> None:
    """Adds a chart of the cells below the headers in row `top`, to the right of the last of `columns`."""
    chart = _build_line_chart(sheet, plot, top) if plot.kind == "line" else _build_bar_chart(sheet, plot, top)
    chart.width, chart.height = _WIDTH_CM, _HEIGHT_CM
    chart.legend.position = "b"
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_build_line("rule", 0.5))
    # Excel chooses the steps, and "#,##0" would write 2.5 as 3.
    largest = max(
        (abs(value) for run in plot.series for value in (*run.values, *run.high) if value is not None), default=0
    )
    chart.y_axis.number_format = "#,##0" if largest >= _WHOLE_STEPS_FROM else "General"
    sheet.add_chart(chart, f"{get_column_letter(columns + 2)}{top}")


def _build_line_chart(sheet: Worksheet, plot: PlotData, top: int) -> Any:
    chart = LineChart()
    rows = len(plot.labels)
    if parse_frequency(plot.period_codes[0]) != "A":
        chart.x_axis = DateAxis(crossAx=100)
        chart.x_axis.number_format, chart.x_axis.majorTimeUnit, chart.x_axis.baseTimeUnit = "yyyy", "years", "months"
        chart.y_axis.crossAx = 500
    column = 2
    for run in plot.series:
        chart.add_data(Reference(sheet, min_col=column, min_row=top, max_row=top + rows), titles_from_data=True)
        column += 3 if run.low else 1
        series = chart.series[-1]
        series.smooth = False
        series.marker.symbol = "none"
        is_limit = run.nature in ("low", "high")
        series.graphicalProperties.line = _build_line(
            run.colour or NATURE_COLOURS.get(run.nature, plot.role), 0.75 if is_limit else 2.25
        )
        if choose_dash(run) != "solid":
            series.graphicalProperties.line.prstDash = choose_dash(run)
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=top + rows))
    return chart


def _build_bar_chart(sheet: Worksheet, plot: PlotData, top: int) -> Any:
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 60
    chart.x_axis.scaling.orientation = "maxMin"
    column = 2
    for index, run in enumerate(plot.series):
        if plot.kind == "point" and not run.low:
            column += 1
            continue
        data = Reference(sheet, min_col=column, min_row=top, max_row=top + len(plot.labels))
        chart.add_data(data, titles_from_data=True)
        token = "forecast" if run.nature == "expected" else BAR_COLOURS[index % len(BAR_COLOURS)]
        series = chart.series[-1]
        series.graphicalProperties.solidFill = COLOUR_TOKENS[token][0][1:]
        series.invertIfNegative = False
        if run.low:
            series.errBars = _build_error_bars(run)
        column += 3 if run.low else 1
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=top + len(plot.labels)))
    return chart


def _build_error_bars(run: PlotSeries) -> ErrorBars:
    """The range of each bar."""

    def build_source(limits: tuple[float | None, ...]) -> NumDataSource:
        spans = [abs((a or 0.0) - (b or 0.0)) for a, b in zip(limits, run.values, strict=True)]
        points = [NumVal(idx=index, v=f"{span:.6g}") for index, span in enumerate(spans)]
        return NumDataSource(numLit=NumData(pt=points))

    return ErrorBars(
        errBarType="both",
        errValType="cust",
        plus=build_source(run.high),
        minus=build_source(run.low),
        spPr=GraphicalProperties(ln=_build_line("ink", 1.25)),
    )


def _build_line(token: str, points: float) -> Any:
    return LineProperties(solidFill=COLOUR_TOKENS[token][0][1:], w=round(points * _EMU_PER_POINT))
