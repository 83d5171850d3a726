"""PowerPoint charts of plots, editable there: their figures are in an embedded sheet."""

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Pt

from observatory.briefs.common.model import PlotData
from observatory.charts.base import compute_round_ticks
from observatory.export.common.plot_format import BAR_COLOURS, build_number_format, find_extent
from observatory.export.pptx.charts.line import add_line_chart
from observatory.export.pptx.charts.points import add_error_bars, add_scatter_chart
from observatory.export.pptx.charts.style import EmuBox, add_legend, localize, set_format, style_chart
from observatory.export.pptx.parts import palette_rgb
from observatory.language import Localizer


def add_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, font_size: int = 12) -> Any:
    """Adds the chart of a plot in a box (left, top, width, height); `font_size` is in points. Returns its frame."""
    add = {"line": add_line_chart, "bar": _add_bar_chart, "point": add_scatter_chart}[plot.kind]
    return add(shapes, box, plot, localizer, font_size)


def _add_bar_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, size: int) -> Any:
    """Horizontal bars, the first on top; those with ranges get error bars, and their values in the labels."""
    has_ranges = bool(plot.series[0].low)
    data = CategoryChartData(number_format=localize(build_number_format(plot), localizer))
    data.categories = (
        [_label_with_value(plot, index, localizer) for index in range(len(plot.labels))] if has_ranges else plot.labels
    )
    for run in plot.series:
        data.add_series(run.name, run.values)
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    style_chart(chart, plot, size, localizer)
    x_axis, y_axis = chart.category_axis, chart.value_axis
    x_axis.reverse_order = True
    x_axis.major_tick_mark = XL_TICK_MARK.NONE
    x_axis.tick_labels.font.color.rgb = palette_rgb("ink")
    y_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    chart.plots[0].gap_width = 60
    chart.plots[0].overlap = -5
    for index, (series, run) in enumerate(zip(chart.plots[0].series, plot.series, strict=True)):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = palette_rgb(
            BAR_COLOURS[index % len(BAR_COLOURS)] if not has_ranges else "muted"
        )
        series.invert_if_negative = False
        if has_ranges:
            add_error_bars(series, run)
    if has_ranges:
        ends = compute_round_ticks(*find_extent(plot.series[0]))
        y_axis.minimum_scale, y_axis.maximum_scale = ends[0], ends[-1]
    else:
        _label_bars(chart, plot, size, localizer)
    if len(plot.series) > 1:
        add_legend(chart, size)
    return frame


def _label_with_value(plot: PlotData, index: int, localizer: Localizer) -> str:
    """A label with its value, for which a bar with an error bar has no space."""
    value = plot.series[0].values[index] or 0.0
    text = localizer.growth(value / 100) if plot.unit == "%" else localizer.number(value, plot.decimals)
    return f"{plot.labels[index]}: {text}" if localizer.language == "en" else f"{plot.labels[index]}\u00a0: {text}"


def _label_bars(chart: Any, plot: PlotData, size: int, localizer: Localizer) -> None:
    """Labels each bar with its value."""
    labels = chart.plots[0]
    labels.has_data_labels = True
    set_format(labels.data_labels, build_number_format(plot), localizer)
    labels.data_labels.font.size = Pt(size)
    labels.data_labels.font.color.rgb = palette_rgb("ink")
    labels.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
