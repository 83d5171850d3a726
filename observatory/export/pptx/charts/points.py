"""PowerPoint scatter chart: named points with error bars, and the diagonal of no change."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.charts.base import compute_round_ticks
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.plot_format import (
    build_axis_format,
    build_number_format,
    compute_step,
    find_extent,
    localize_format,
)
from observatory.export.pptx.parts import SLIDE_FONT, palette_rgb
from observatory.language import Localizer

_MARKER_SIZE = 9  # points


def add_scatter_chart(shapes: Any, box: Any, plot: PlotData, localizer: Localizer, size: int) -> Any:
    """The two series of a plot against each other; the second has the ranges."""
    x_run, y_run = plot.series
    data = XyChartData(number_format=localize_format(build_number_format(plot), localizer.language))
    dots = data.add_series(y_run.name)
    for x, y in zip(x_run.values, y_run.values, strict=True):
        dots.add_data_point(x or 0.0, y or 0.0)
    xs = compute_round_ticks(*find_extent(x_run))
    ys = compute_round_ticks(*find_extent(y_run))
    ends = (max(xs[0], ys[0]), min(xs[-1], ys[-1]))
    line = data.add_series(localizer.text("scatter.diagonal"))
    for end in ends:
        line.add_data_point(end, end)
    frame = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(size), SLIDE_FONT
    chart.font.color.rgb = palette_rgb("muted")
    for axis, steps in ((chart.category_axis, xs), (chart.value_axis, ys)):
        _style_axis(axis, steps, localizer)
    chart.category_axis.has_major_gridlines = False
    marked, diagonal = chart.plots[0].series
    _style_points(marked, plot.labels, [(x or 0.0) > sum(xs[:: len(xs) - 1]) / 2 for x in x_run.values], size)
    add_error_bars(marked, y_run)
    _style_diagonal(diagonal, size)
    return frame


def _style_axis(axis: Any, steps: Sequence[float], localizer: Localizer) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = steps[0], steps[-1], compute_step(steps)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb, axis.major_gridlines.format.line.width = palette_rgb("rule"), Pt(0.5)
    axis.format.line.color.rgb = palette_rgb("ink")
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    number_format = localize_format(build_axis_format(steps, "0", signed=True), localizer.language)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False


def _style_points(series: Any, labels: Sequence[str], leftward: Sequence[bool], size: int) -> None:
    """A dot per point and its name on the right, or on the left in the right half."""
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, _MARKER_SIZE
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = palette_rgb("forecast")
    series.marker.format.line.fill.background()
    for index, (text, is_left) in enumerate(zip(labels, leftward, strict=True)):
        label = series.points[index].data_label
        label.position = XL_LABEL_POSITION.LEFT if is_left else XL_LABEL_POSITION.RIGHT
        run = label.text_frame.paragraphs[0].add_run()
        run.text = text
        run.font.size, run.font.name, run.font.color.rgb = Pt(size), SLIDE_FONT, palette_rgb("ink")


def _style_diagonal(series: Any, size: int) -> None:
    """A dotted line, named at its end."""
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb, series.format.line.width = palette_rgb("muted"), Pt(1)
    series.format.line.dash_style = MSO_LINE.ROUND_DOT
    label = series.points[1].data_label
    label.position = XL_LABEL_POSITION.LEFT
    run = label.text_frame.paragraphs[0].add_run()
    run.text = series.name
    run.font.size, run.font.name, run.font.color.rgb = Pt(size - 1), SLIDE_FONT, palette_rgb("muted")


def add_error_bars(series: Any, run: PlotSeries) -> None:
    """Adds the range of each value as custom error bars."""

    def build_spans(limits: Sequence[float | None]) -> str:
        spans = [abs((a or 0.0) - (b or 0.0)) for a, b in zip(limits, run.values, strict=True)]
        rows = "".join(f'<c:pt idx="{index}"><c:v>{span:.6g}</c:v></c:pt>' for index, span in enumerate(spans))
        return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(spans)}"/>{rows}</c:numLit>'

    colour = COLOUR_TOKENS["forecast" if run.nature == "expected" else "ink"][0][1:]
    x_values = series._element.find(qn("c:xVal"))
    direction = '<c:errDir val="y"/>' if x_values is not None else ""
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{build_spans(run.high)}</c:plus><c:minus>{build_spans(run.low)}</c:minus>'
        f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    successor = x_values if x_values is not None else series._element.find(qn("c:cat"))
    successor.addprevious(bars)
