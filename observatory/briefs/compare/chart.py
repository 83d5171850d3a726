"""Builds the main chart of a comparison, with all series on one scale, and its table."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.levels import LevelDisplay
from observatory.briefs.common.model import Figure, PlotData, PlotSeries, TextTable
from observatory.briefs.common.series_names import format_series_title, shorten_series_names
from observatory.briefs.figures.chart_context import build_event_shades
from observatory.charts.comparison import ComparisonLine, ComparisonScale, build_comparison_chart, get_line_token
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import DECEMBER, YearlySeries
from observatory.selection import Selection
from observatory.typography import capitalize_first

_HEIGHT_PX = 380
YearSpan = tuple[int, int, int]  # first year, last year of history, last year ahead


def build_comparison_figure(
    context: Context, series: Sequence[YearlySeries], letters: str, shown: LevelDisplay, span: YearSpan
) -> Figure:
    """The main chart of a comparison; its notes name the series that have no value to draw."""
    selection, localizer = context.selection, context.localizer
    since, until, _end = span
    candidates = [
        _build_chart_line(line, letter, shown, span, selection) for line, letter in zip(series, letters, strict=True)
    ]
    chart_lines = [row for row in candidates if row is not None]
    spec: dict[str, Any] | None = None
    if any(len(run) > 1 for row in chart_lines for run in row.runs):
        scale = ComparisonScale(
            signed=shown.is_growth,
            logarithmic=shown.display == "log",
            from_zero=shown.display == "level" and all(line.indicator.starts_at_zero for line in series),
            base_level=100.0 if shown.unit is None and not shown.is_growth else 0.0,
        )
        spec = build_comparison_chart(
            chart_lines, build_event_shades(context, annual=True), scale, localizer.language, _HEIGHT_PX
        )
    missing_letters = [letter for letter, row in zip(letters, candidates, strict=True) if row is None]
    has_summed_limits = any(line.has_summed_limits and line.forecasts for line in series)
    return Figure(
        indicator="compare",
        title=localizer.text(f"compare.chart.{_title_key(shown)}", base=shown.base_year),
        subtitle=_subtitle_text(
            series, shown, selection, localizer, has_forecast=any(row.forecast for row in chart_lines)
        ),
        spec=spec,
        alt=_alt_text(context, series, letters, shown),
        takeaway=localizer.text(
            "compare.take" if any(row.forecast for row in chart_lines) else "compare.take.past", first=since, last=until
        ),
        source_line=_sources_text(context, series),
        notes=(
            *(
                [localizer.text("compare.note.base", list=", ".join(missing_letters), base=shown.base_year)]
                if missing_letters
                else []
            ),
            *([localizer.text("compare.note.summed")] if has_summed_limits else []),
        ),
        table=_build_table(series, letters, shown, span, selection, localizer),
        plot_data=_build_plot(context, series, letters, shown, span),
    )


def _title_key(shown: LevelDisplay) -> str:
    """Message key suffix of the title: logarithms of an index have a title of their own."""
    if shown.display == "log":
        return "log" if shown.unit is not None else "log_index"
    return shown.display


def _year_position(month: int) -> float:
    """Position on an axis of years of the twelve months that end with a month: their middle."""
    return (month + 1) / 12 - 0.5


def _build_chart_line(
    series: YearlySeries, letter: str, shown: LevelDisplay, span: YearSpan, selection: Selection
) -> ComparisonLine | None:
    """One series as runs without gaps, and its forecast where it follows the last run; None without a value."""
    since, until, _end = span
    runs: list[list[tuple[float, float]]] = [[]]
    for month, _level in series.list_points(since, until):
        value = shown.convert_level(series, month)
        if np.isfinite(value) and not (shown.display == "log" and value <= 0):
            runs[-1].append((_year_position(month), value))
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    if not runs:
        return None
    forecast = []
    if series.last_month // 12 <= until and runs[-1][-1][0] == _year_position(series.last_month) and not selection.last:
        for step in series.forecasts:
            values = [shown.convert_expected(series, step.month, value) for value in (step.median, step.low, step.high)]
            if all(np.isfinite(value) and (value > 0 or shown.display != "log") for value in values):
                forecast.append((_year_position(step.month), *values))
    return ComparisonLine(letter, runs, forecast)  # type: ignore[arg-type]


def _subtitle_text(
    series: Sequence[YearlySeries],
    shown: LevelDisplay,
    selection: Selection,
    localizer: Localizer,
    *,
    has_forecast: bool,
) -> str:
    sentences = []
    if shown.unit is not None:
        sentences.append(f"{capitalize_first(shown.unit.noun)}.")
    elif selection.unit == "level":
        sentences.append(localizer.text("compare.units_differ"))
    if shown.display == "log":
        sentences.append(localizer.text("figure.log"))
    if len({row.indicator.frequency for row in series}) > 1 or any(row.indicator.frequency != "A" for row in series):
        sentences.append(localizer.text("compare.yearly"))
    if has_forecast:
        sentences.append(localizer.text("compare.tint", chances=localizer.chances(selection.level)))
    return " ".join(sentences)


def _alt_text(context: Context, series: Sequence[YearlySeries], letters: str, shown: LevelDisplay) -> str:
    localizer = context.localizer
    parts = [
        localizer.text(
            "compare.alt.series",
            letter=letter,
            title=format_series_title(context.outlook, line.key, localizer),
            value=shown.format_value(shown.convert_level(line, line.last_month), localizer),
            year=line.last_month // 12,
        )
        for letter, line in zip(letters, series, strict=True)
        if line.last_month >= 0
    ]
    return localizer.text("compare.alt", list=localizer.join_clauses(parts))


def _sources_text(context: Context, series: Sequence[YearlySeries]) -> str:
    localizer = context.localizer
    publishers = dict.fromkeys(
        localizer.field_text(context.outlook.catalogue.sources[line.indicator.source], "publisher") for line in series
    )
    accessed = localizer.day(max(line.indicator.accessed for line in series))
    return localizer.text("compare.sources", list=localizer.join_clauses(publishers), date=accessed)


def _build_table(
    series: Sequence[YearlySeries],
    letters: str,
    shown: LevelDisplay,
    span: YearSpan,
    selection: Selection,
    localizer: Localizer,
) -> TextTable:
    """One row per year, newest first, one column per series; forecasts are shown with their range."""
    since, until, _end = span
    expected = {
        (index, step.month): (step.median, step.low, step.high)
        for index, line in enumerate(series)
        for step in line.forecasts
        if not selection.last and line.last_month // 12 <= until
    }
    months = {month for line in series for month, _level in line.list_points(since, until)} | {
        month for _index, month in expected
    }
    rows = []
    for month in sorted(months, reverse=True):
        cells = []
        for index, line in enumerate(series):
            if (index, month) in expected:
                texts = [
                    shown.format_value(shown.convert_expected(line, month, value), localizer)
                    for value in expected[index, month]
                ]
                cells.append(localizer.text("compare.cell", median=texts[0], low=texts[1], high=texts[2]))
            else:
                has_level = month % 12 == DECEMBER or month == line.last_month
                cells.append(
                    shown.format_value(shown.convert_level(line, month), localizer, exact=True) if has_level else ""
                )
        if any(cells):
            year, part = divmod(month, 12)
            period = str(year) if part == DECEMBER else localizer.period_short(f"{year}-{part + 1:02d}")
            label = period if part == DECEMBER else localizer.text("compare.until", period=period)
            rows.append((label, *cells))
    return TextTable(localizer.text("compare.table"), (localizer.text("table.period"), *letters), tuple(rows))


def _build_plot(
    context: Context, series: Sequence[YearlySeries], letters: str, shown: LevelDisplay, span: YearSpan
) -> PlotData:
    """Data of the chart by calendar year: the observed values of each series, then its forecast with its range."""
    since, until, end = span
    years = range(since, max(until, end) + 1)
    names = shorten_series_names(context, [line.key for line in series])
    runs = []
    for index, line in enumerate(series):
        past = [
            _round_value(shown.convert_level(line, _december_month(year))) if since <= year <= until else None
            for year in years
        ]
        name = f"{letters[index]} {names[index]}"
        runs.append(PlotSeries("observed", name, tuple(past), colour=get_line_token(index), dash_index=index))
        steps = {
            step.month: step for step in line.forecasts if not context.selection.last and line.last_month // 12 <= until
        }
        if any(_december_month(year) in steps for year in years):
            forecast_parts = [
                tuple(
                    _round_value(shown.convert_expected(line, step.month, value(step)))
                    if (step := steps.get(_december_month(year))) is not None
                    else None
                    for year in years
                )
                for value in (attrgetter("median"), attrgetter("low"), attrgetter("high"))
            ]
            expected = context.localizer.text("compare.plot.expected", name=name)
            runs.append(PlotSeries("expected", expected, forecast_parts[0], forecast_parts[1], forecast_parts[2]))
    return PlotData(
        kind="line",
        labels=tuple(str(year) for year in years),
        series=tuple(runs),
        unit="%"
        if shown.is_growth
        else shown.unit.noun
        if shown.unit is not None
        else context.localizer.text("export.plot.index"),
        decimals=1 if shown.is_growth or shown.unit is not None else 0,
        signed=shown.is_growth,
        period_codes=tuple(str(year) for year in years),
        starts_at_zero=shown.display == "level" and all(line.indicator.starts_at_zero for line in series),
        logarithmic=shown.display == "log",
        has_several_series=True,
    )


def _december_month(year: int) -> int:
    return year * 12 + DECEMBER


def _round_value(value: float) -> float | None:
    return float(f"{value:.10g}") if np.isfinite(value) else None
