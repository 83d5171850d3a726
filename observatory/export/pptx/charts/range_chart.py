"""PowerPoint charts of the first slides: ranges of markets, said against came, hits by horizon; all can be edited."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
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
from pptx.util import Pt

from observatory.briefs.deck.model import BarRow, HorizonHits, RankingSlide, RecordSlide
from observatory.export.pptx.parts import SLIDE_FONT, palette_rgb

_RANGE_GAP = 240  # per cent of the height of a bar, between two
_HIDDEN_TEXT_SIZE = 8
_MIN_MARKER, _MAX_MARKER = 6.0, 22.0  # points, of the smallest and the largest bin
_AXIS_STEP = 10


def add_range_chart(shapes: Any, box: Any, slide: RankingSlide, names: tuple[str, str, str]) -> Any:
    """The ranges of a ranking as bars, a row of the box for each of its rows, headings included.

    A bar that crosses zero is two, one to each side; one that does not has an unseen bar between it and zero. `names`
    are those of the unseen part, the part below zero and that above it.
    """
    data = CategoryChartData(number_format="0.0")
    data.categories = [row.title for row in slide.rows]
    parts = [_split_at_zero(row) for row in slide.rows]
    for index, name in enumerate(names):
        data.add_series(name, [part[index] if part else None for part in parts])
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(_HIDDEN_TEXT_SIZE), SLIDE_FONT
    rows, scale = chart.category_axis, chart.value_axis
    rows.reverse_order = True
    scale.minimum_scale, scale.maximum_scale = slide.scale
    scale.major_unit = slide.ticks[1][0] - slide.ticks[0][0] if len(slide.ticks) > 1 else _AXIS_STEP
    for axis in (rows, scale):
        axis.has_major_gridlines = False
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    scale.format.line.fill.background()
    rows.format.line.color.rgb, rows.format.line.width = palette_rgb("edge"), Pt(1)
    _fill_plot_area(chart)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = _RANGE_GAP, 100
    unseen, *shown = plot.series
    unseen.format.fill.background()
    for series in shown:
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = palette_rgb("forecast-mid")
    return frame


def _split_at_zero(row: BarRow) -> tuple[float, float, float] | None:
    """The unseen part of a bar, its part below zero and that above it; None without a bar."""
    if row.bar is None:
        return None
    low, high = round(row.bar.low, 2), round(row.bar.high, 2)
    if low > 0:
        return low, 0.0, round(high - low, 2)
    if high < 0:
        return high, round(low - high, 2), 0.0
    return 0.0, low, high


def _fill_plot_area(chart: Any) -> None:
    """Makes the plot as large as its frame, so that its rows stand beside the texts of the slide."""
    area = chart._chartSpace.find(qn("c:chart")).find(qn("c:plotArea"))
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            '<c:yMode val="edge"/><c:x val="0"/><c:y val="0"/><c:w val="1"/><c:h val="1"/></c:manualLayout></c:layout>'
        ),
    )


def add_reliability_chart(shapes: Any, box: Any, slide: RecordSlide, size: int) -> Any:
    """What came against what was said, a point for each bin, its size by the number of calls; and the diagonal."""
    data = XyChartData(number_format="0")
    points = data.add_series(slide.came_axis)
    for row in slide.points:
        points.add_data_point(round(row.said, 1), round(row.came, 1))
    values = [value for row in slide.points for value in (row.said, row.came)]
    low, high = int(min(values) // 10 * 10), int(-(-max(values) // 10) * 10)
    diagonal = data.add_series(slide.said_axis)
    for end in (low, high):
        diagonal.add_data_point(end, end)
    frame = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(size), SLIDE_FONT
    chart.font.color.rgb = palette_rgb("muted")
    for axis, title in ((chart.category_axis, slide.said_axis), (chart.value_axis, slide.came_axis)):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, _AXIS_STEP
        axis.has_major_gridlines = axis is chart.value_axis
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.format.line.color.rgb = palette_rgb("edge")
        axis.has_title = True
        run = axis.axis_title.text_frame.paragraphs[0].add_run()
        run.text = title
        run.font.size, run.font.bold, run.font.name = Pt(size), False, SLIDE_FONT
        run.font.color.rgb = palette_rgb("muted")
    gridlines = chart.value_axis.major_gridlines.format.line
    gridlines.color.rgb, gridlines.width = palette_rgb("rule"), Pt(0.5)
    marked, line = chart.plots[0].series
    _style_bins(marked, slide, size, middle=(low + high) / 2)
    line.marker.style = XL_MARKER_STYLE.NONE
    line.format.line.color.rgb, line.format.line.width = palette_rgb("muted"), Pt(1)
    line.format.line.dash_style = MSO_LINE.ROUND_DOT
    return frame


def _style_bins(series: Any, slide: RecordSlide, size: int, middle: float) -> None:
    """A dot for each bin, as large as its number of calls, and that number next to it."""
    series.format.line.fill.background()
    most = max(row.count for row in slide.points)
    for index, row in enumerate(slide.points):
        point = series.points[index]
        point.marker.style = XL_MARKER_STYLE.CIRCLE
        point.marker.size = round(_MIN_MARKER + (_MAX_MARKER - _MIN_MARKER) * (row.count / most) ** 0.5)
        point.marker.format.fill.solid()
        point.marker.format.fill.fore_color.rgb = palette_rgb("ink")
        point.marker.format.line.fill.background()
        label = point.data_label
        label.position = XL_LABEL_POSITION.LEFT if row.said > middle else XL_LABEL_POSITION.RIGHT
        run = label.text_frame.paragraphs[0].add_run()
        run.text = row.label
        run.font.size, run.font.name, run.font.color.rgb = Pt(size), SLIDE_FONT, palette_rgb("ink")


def add_hits_chart(shapes: Any, box: Any, slide: RecordSlide, size: int) -> Any:
    """How many calls in a hundred came true by horizon, beside always saying the same."""
    data = CategoryChartData(number_format="0")
    data.categories = [row.label for row in slide.hits]
    data.add_series(slide.hits_name, [row.hits for row in slide.hits])
    data.add_series(slide.base_name, [row.base for row in slide.hits])
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.name = Pt(size), SLIDE_FONT
    chart.font.color.rgb = palette_rgb("ink")
    x_axis, y_axis = chart.category_axis, chart.value_axis
    x_axis.reverse_order = True
    x_axis.major_tick_mark = XL_TICK_MARK.NONE
    x_axis.format.line.color.rgb = palette_rgb("edge")
    y_axis.minimum_scale, y_axis.maximum_scale = 0, 100
    y_axis.has_major_gridlines = False
    y_axis.visible = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -5
    plot.has_data_labels = True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.font.size = Pt(size)
    for series, colour in zip(plot.series, ("ink", "edge"), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = palette_rgb(colour)
    return frame


def list_hit_texts(rows: Sequence[HorizonHits]) -> tuple[str, ...]:
    """The rows as text, for the alternative of the chart."""
    return tuple(f"{row.label}: {row.hits} / {row.base}" for row in rows)
