"""Look of a chart: fonts, axes, legend, formats of numbers."""

from typing import Any

from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Length, Pt

from observatory.briefs.common.model import PlotData
from observatory.catalogue.periods import parse_frequency
from observatory.charts.base import compute_round_ticks
from observatory.export.common.plot_format import build_number_format, compute_step, first_day, localize_format
from observatory.export.pptx.parts import SLIDE_FONT, palette_rgb
from observatory.language import Localizer

_MAX_AXIS_LABELS = 9  # of the axis of periods, about
EmuBox = tuple[Length, Length, Length, Length]


def localize(number_format: str, localizer: Localizer) -> str:
    """A number format in the language of the file."""
    return localize_format(number_format, localizer.language)


def set_format(labels: Any, number_format: str, localizer: Localizer) -> None:
    """The number format of labels, no longer that of the sheet behind them."""
    labels.number_format, labels.number_format_is_linked = localize(number_format, localizer), False


def style_chart(chart: Any, plot: PlotData, size: int, localizer: Localizer) -> None:
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
    set_format(y_axis.tick_labels, build_number_format(plot), localizer)
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
    set_format(axis.tick_labels, build_number_format(plot, steps), localizer)


def _compute_steps(plot: PlotData) -> list[float]:
    """The labels of the value axis of a line chart, as on the screen."""
    values = [value for run in plot.series for value in run.values if value is not None]
    low = min(values, default=0.0)
    return compute_round_ticks(0.0 if plot.starts_at_zero and low >= 0 else low, max(values, default=1.0))


def is_yearly(plot: PlotData) -> bool:
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
    unit = "years" if is_yearly(plot) else "months"
    for name, value in (("c:baseTimeUnit", unit), ("c:majorUnit", step), ("c:majorTimeUnit", "years")):
        element.append(parse_xml(f'<{name} {nsdecls("c")} val="{value}"/>'))
    element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def add_legend(chart: Any, size: int) -> None:
    """The names of the series above the chart."""
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(size)
