"""PowerPoint charts of plots, editable there: their figures are in an embedded sheet."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Length, Pt

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.catalogue.periods import parse_frequency
from observatory.charts.base import compute_round_ticks
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.plot_format import (
    BAR_COLOURS,
    NATURE_COLOURS,
    build_number_format,
    choose_dash,
    compute_step,
    find_extent,
    first_day,
    localize_format,
)
from observatory.export.pptx.parts import SLIDE_FONT, palette_rgb
from observatory.export.pptx.points import add_error_bars, add_scatter_chart
from observatory.language import Localizer, round_significant

_BAND_OPACITY_PERCENT = 16  # of the interval between low and high
_MAX_AXIS_LABELS = 9  # of the axis of periods, about

EmuBox = tuple[Length, Length, Length, Length]


def add_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, font_size: int = 12) -> Any:
    """Adds the chart of a plot in a box (left, top, width, height); `font_size` is in points. Returns its frame."""
    add = {"line": _add_line_chart, "bar": _add_bar_chart, "point": add_scatter_chart}[plot.kind]
    return add(shapes, box, plot, localizer, font_size)


def _add_line_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, size: int) -> Any:
    """History, then the expected line dashed between thin limits over a band, all from the last known value."""
    data = CategoryChartData(number_format=_localize(build_number_format(plot), localizer))
    data.categories = [first_day(code) for code in plot.period_codes]
    data.categories.number_format = _localize("yyyy" if _is_yearly(plot) else "mmm yyyy", localizer)
    runs = [_join_to_last_value(run, plot) for run in plot.series]  # each series from its own last value
    for run in runs:
        data.add_series(run.name, run.values)
    sides = {run.nature: run.values for run in runs}
    has_band = "low" in sides and "high" in sides
    if has_band:
        base = _build_band_base(sides["observed"], sides["low"])
        data.add_series(f"{_find_run_name(plot, 'low')} ({localizer.text('export.band.base')})", base)
        data.add_series(localizer.text("export.band"), _build_band_height(base, sides["low"], sides["high"]))
    frame = shapes.add_chart(XL_CHART_TYPE.LINE, *box, data)
    chart = frame.chart
    _style_chart(chart, plot, size, localizer)
    for series, run in zip(chart.plots[0].series, runs, strict=False):
        _style_line(series, run, plot)
    _label_line_ends(chart, runs, plot, size)
    if plot.has_several_series:
        _add_legend(chart, size)
    if has_band:
        _stack_band(chart, len(runs))
    return frame


def _localize(number_format: str, localizer: Localizer) -> str:
    return localize_format(number_format, localizer.language)


def _set_format(labels: Any, number_format: str, localizer: Localizer) -> None:
    """The number format of labels, no longer that of the sheet behind them."""
    labels.number_format, labels.number_format_is_linked = _localize(number_format, localizer), False


def _join_to_last_value(run: PlotSeries, plot: PlotData) -> PlotSeries:
    """A forecast that starts at the last known value, as on the screen, so that the lines touch."""
    if run.nature == "observed":
        return run
    index = plot.series.index(run)
    observed = next(row.values for row in (*plot.series[index::-1], *plot.series) if row.nature == "observed")
    last = max((index for index, value in enumerate(observed) if value is not None), default=None)
    if last is None or run.values[last] is not None:
        return run
    values = list(run.values)
    values[last] = observed[last]
    return replace(run, values=tuple(values))


def _find_run_name(plot: PlotData, nature: str) -> str:
    return next(run.name for run in plot.series if run.nature == nature)


def _build_band_base(observed: Sequence[float | None], low: Sequence[float | None]) -> list[float | None]:
    """The base of the band: along the line and over its gaps, then along the low limit; a gap would fall to zero."""
    base: list[float | None] = []
    for value, limit in zip(observed, low, strict=True):
        current = limit if limit is not None else value
        base.append(current if current is not None or not base else base[-1])
    return base


def _build_band_height(
    base: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]
) -> list[float | None]:
    """The height of the band; 0 over the past, where its base follows the line, so that no edge shows."""
    heights: list[float | None] = []
    for under, bottom, top in zip(base, low, high, strict=True):
        heights.append(
            None if under is None else 0.0 if bottom is None or top is None else round_significant(top - bottom, 12)
        )
    return heights


def _style_chart(chart: Any, plot: PlotData, size: int, localizer: Localizer) -> None:
    """No legend, no title, horizontal grid lines only, our font."""
    chart.has_legend = False
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(size), SLIDE_FONT
    chart.font.color.rgb = palette_rgb("muted")
    x_axis, y_axis = chart.category_axis, chart.value_axis
    y_axis.has_major_gridlines = True
    y_axis.major_gridlines.format.line.color.rgb = palette_rgb("rule")
    y_axis.major_gridlines.format.line.width = Pt(0.5)
    y_axis.format.line.fill.background()
    y_axis.major_tick_mark = XL_TICK_MARK.NONE
    _set_format(y_axis.tick_labels, build_number_format(plot), localizer)
    if plot.kind == "line":
        _scale_value_axis(y_axis, plot, localizer)
    elif plot.kind == "bar" and plot.starts_at_zero:
        y_axis.minimum_scale = 0
    x_axis.has_major_gridlines = False
    x_axis.format.line.color.rgb = palette_rgb("ink")
    x_axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    x_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if plot.kind == "line":
        x_axis.tick_labels.font.size = Pt(size)
        _scale_date_axis(x_axis, plot)


def _scale_value_axis(axis: Any, plot: PlotData, localizer: Localizer) -> None:
    """Ends the value axis where it ends on the screen, so that the subtitle is true of both."""
    if plot.logarithmic:
        scaling = axis._element.find(qn("c:scaling"))
        scaling.insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))
        return
    steps = _compute_steps(plot)
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = steps[0], steps[-1], compute_step(steps)
    _set_format(axis.tick_labels, build_number_format(plot, steps), localizer)


def _compute_steps(plot: PlotData) -> list[float]:
    """The labels of the value axis of a line chart, as on the screen."""
    values = [value for run in plot.series for value in run.values if value is not None]
    low = min(values, default=0.0)
    return compute_round_ticks(0.0 if plot.starts_at_zero and low >= 0 else low, max(values, default=1.0))


def _is_yearly(plot: PlotData) -> bool:
    """Whether the periods of a plot are years."""
    return parse_frequency(plot.period_codes[0]) == "A"


def _scale_date_axis(axis: Any, plot: PlotData) -> None:
    """A date axis with upright labels at a step of whole years."""
    first, last = first_day(plot.period_codes[0]), first_day(plot.period_codes[-1])
    step = next(
        (size for size in (1, 2, 3, 5, 10, 20, 25, 50) if (last.year - first.year) / size <= _MAX_AXIS_LABELS), 100
    )
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "yyyy", False
    element = axis._element
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for old in element.findall(qn(name)):
            element.remove(old)
    unit = "years" if _is_yearly(plot) else "months"
    for name, value in (("c:baseTimeUnit", unit), ("c:majorUnit", step), ("c:majorTimeUnit", "years")):
        element.append(parse_xml(f'<{name} {nsdecls("c")} val="{value}"/>'))
    element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def _style_line(series: Any, run: PlotSeries, plot: PlotData) -> None:
    series.smooth = False
    is_isolated = run.nature == "observed" and _has_isolated_value(run.values)
    series.marker.style = XL_MARKER_STYLE.CIRCLE if is_isolated else XL_MARKER_STYLE.NONE
    line = series.format.line
    line.color.rgb = palette_rgb(run.colour or NATURE_COLOURS.get(run.nature, plot.role))
    line.width = Pt(0.75 if run.nature in ("low", "high") else 2.25)
    if choose_dash(run) != "solid":
        line.dash_style = MSO_LINE.from_xml(choose_dash(run))


def _has_isolated_value(values: Sequence[float | None]) -> bool:
    """Whether any value is between two gaps, where a line would not show it."""
    padded = [None, *values, None]
    return any(
        value is not None and padded[index] is None and padded[index + 2] is None for index, value in enumerate(values)
    )


def _label_line_ends(chart: Any, runs: Sequence[PlotSeries], plot: PlotData, size: int) -> None:
    """Labels the last known value and the ends of the forecast lines."""
    for series, run in zip(chart.plots[0].series, runs, strict=False):
        indices = [index for index, value in enumerate(run.values) if value is not None]
        if not indices:
            continue
        label = series.points[indices[-1]].data_label
        is_above = run.nature == "observed" and len(runs) > 1
        label.position = XL_LABEL_POSITION.ABOVE if is_above else XL_LABEL_POSITION.RIGHT
        font = label.font
        font.size, font.name = Pt(size), SLIDE_FONT
        font.bold = run.nature in ("observed", "expected", "came")
        font.color.rgb = palette_rgb(run.colour or NATURE_COLOURS.get(run.nature, plot.role))
        _show_value_only(label)


def _show_value_only(label: Any) -> None:
    """Makes the label of a point show its value and nothing else."""
    element = label._get_or_add_dLbl()
    for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent"):
        child = element.find(qn(f"c:{name}"))
        if child is not None:
            child.set("val", str(int(name == "showVal")))


def _stack_band(chart: Any, first: int) -> None:
    """Moves the last two series into stacked areas behind the lines: nothing up to the low limit, then a tint."""
    lines = chart.plots[0]._element
    series = lines.findall(qn("c:ser"))[first:]
    area = parse_xml(f'<c:areaChart {nsdecls("c")}><c:grouping val="stacked"/><c:varyColors val="0"/></c:areaChart>')
    for index, element in enumerate(series):
        lines.remove(element)
        for name in ("c:marker", "c:smooth", "c:spPr", "c:dLbls"):
            child = element.find(qn(name))
            if child is not None:
                element.remove(child)
        alpha = f'<a:alpha val="{_BAND_OPACITY_PERCENT * 1000}"/>'
        colour = f'<a:srgbClr val="{COLOUR_TOKENS["forecast"][0][1:]}">{alpha}</a:srgbClr>'
        fill = f"<a:solidFill>{colour}</a:solidFill>" if index else "<a:noFill/>"
        shape = parse_xml(f"<c:spPr {nsdecls('c', 'a')}>{fill}<a:ln><a:noFill/></a:ln></c:spPr>")
        element.find(qn("c:tx")).addnext(shape)
        area.append(element)
    for axis in lines.findall(qn("c:axId")):
        area.append(deepcopy(axis))
    lines.addprevious(area)


def _add_bar_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, size: int) -> Any:
    """Horizontal bars, the first on top; those with ranges get error bars, and their values in the labels."""
    has_ranges = bool(plot.series[0].low)
    data = CategoryChartData(number_format=_localize(build_number_format(plot), localizer))
    data.categories = (
        [_label_with_value(plot, index, localizer) for index in range(len(plot.labels))] if has_ranges else plot.labels
    )
    for run in plot.series:
        data.add_series(run.name, run.values)
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    _style_chart(chart, plot, size, localizer)
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
        _add_legend(chart, size)
    return frame


def _add_legend(chart: Any, size: int) -> None:
    """The names of the series above the chart."""
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(size)


def _label_with_value(plot: PlotData, index: int, localizer: Localizer) -> str:
    """A label with its value, for which a bar with an error bar has no space."""
    value = plot.series[0].values[index] or 0.0
    text = localizer.growth(value / 100) if plot.unit == "%" else localizer.number(value, plot.decimals)
    return f"{plot.labels[index]}: {text}" if localizer.language == "en" else f"{plot.labels[index]}\u00a0: {text}"


def _label_bars(chart: Any, plot: PlotData, size: int, localizer: Localizer) -> None:
    """Labels each bar with its value."""
    labels = chart.plots[0]
    labels.has_data_labels = True
    _set_format(labels.data_labels, build_number_format(plot), localizer)
    labels.data_labels.font.size = Pt(size)
    labels.data_labels.font.color.rgb = palette_rgb("ink")
    labels.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
