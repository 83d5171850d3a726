"""Line charts, with the band of a range."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from observatory.briefs.common.model import PlotData, PlotSeries
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.plot_format import NATURE_COLOURS, build_number_format, choose_dash, first_day
from observatory.export.pptx.charts.style import EmuBox, add_legend, is_yearly, localize, style_chart
from observatory.export.pptx.parts import SLIDE_FONT, palette_rgb
from observatory.language import Localizer, round_significant

_BAND_OPACITY_PERCENT = 16  # of the interval between low and high


def add_line_chart(shapes: Any, box: EmuBox, plot: PlotData, localizer: Localizer, size: int) -> Any:
    """History, then the expected line dashed between thin limits over a band, all from the last known value."""
    data = CategoryChartData(number_format=localize(build_number_format(plot), localizer))
    data.categories = [first_day(code) for code in plot.period_codes]
    data.categories.number_format = localize("yyyy" if is_yearly(plot) else "mmm yyyy", localizer)
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
    style_chart(chart, plot, size, localizer)
    for series, run in zip(chart.plots[0].series, runs, strict=False):
        _style_line(series, run, plot)
    _label_line_ends(chart, runs, plot, size)
    if plot.has_several_series:
        add_legend(chart, size)
    if has_band:
        _stack_band(chart, len(runs))
    return frame


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
