"""Builds the coverage of forecast intervals by horizon and level, and the skill of forecasts over the reference."""

from collections.abc import Sequence

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, TextTable
from observatory.briefs.figures.disclosure import MIN_EVALUATED_VALUES, reference_text
from observatory.briefs.figures.plots import build_bar_plot, build_level_labels
from observatory.briefs.track_record.baselines import format_signed
from observatory.charts.interval_coverage import (
    CoverageLabels,
    CoverageLevel,
    CoverageStrip,
    build_interval_coverage_chart,
)
from observatory.language import NO_VALUE, Localizer, round_percent
from observatory.settings import HORIZONS, INTERVAL_LEVELS
from observatory.timeseries import Forecast

_MAX_SHOWN_PER_END = 5  # indicators with the highest and with the lowest gain
_MIN_FOLDS = 10  # origins of the backtest; with fewer, a gain may be luck

_CountsByFrequency = dict[str, Sequence[int]]  # by frequency: outcomes, then inside by level


def build_coverage_figure(context: Context) -> Figure | None:
    """Coverage of the forecast intervals by years ahead and level; None where none was evaluated."""
    localizer = context.localizer
    stored = context.outlook.study.interval_hits
    by_years: dict[int, _CountsByFrequency] = {
        years: {name: rows[years] for name, rows in stored.items() if rows.get(years, [0])[0]} for years in HORIZONS
    }
    by_years = {years: rows for years, rows in by_years.items() if rows}
    if not by_years:
        return None
    title = localizer.text("track.held.title")
    total = {years: [sum(column) for column in zip(*rows.values(), strict=True)] for years, rows in by_years.items()}
    takeaway = _takeaway_text(context, total)
    labels = CoverageLabels(*(localizer.text(f"ranges.{name}") for name in ("narrow", "wide", "held")))
    levels = [_build_level(index, by_years, total, localizer) for index in range(len(INTERVAL_LEVELS))]
    return Figure(
        title=title,
        subtitle=localizer.text("track.held.subtitle"),
        spec=build_interval_coverage_chart(levels, labels, localizer.language),
        alt=takeaway,
        takeaway=takeaway,
        source_line=localizer.text("track.held.source", n=localizer.number(sum(row[0] for row in total.values()))),
        table=_build_table(by_years, total, title, localizer),
        plot_data=build_bar_plot(
            [localizer.plural("control.horizon.years", years) for years in total],
            [
                (f"held_{level}", level_name, [row[index + 1] / row[0] * 100 for row in total.values()])
                for index, (level, level_name) in enumerate(build_level_labels(localizer))
            ],
            localizer.text("export.held.subtitle"),
        ),
    )


def _takeaway_text(context: Context, total: dict[int, list[int]]) -> str:
    localizer = context.localizer
    level_index = INTERVAL_LEVELS.index(80)
    near, far = min(total), max(total)
    sentence = localizer.text(
        "track.held.takeaway",
        level=INTERVAL_LEVELS[level_index],
        near=localizer.plural("control.horizon.years", near),
        near_share=localizer.percent_digits(total[near][level_index + 1] / total[near][0]),
        far=localizer.plural("control.horizon.years", far),
        far_share=localizer.percent_digits(total[far][level_index + 1] / total[far][0]),
    )
    calls = context.outlook.study.overall_scores
    if not calls.judged:
        return sentence
    covered, judged = calls.covered, calls.judged
    calls_sentence = localizer.text(
        "track.held.calls",
        level=INTERVAL_LEVELS[level_index],
        covered=localizer.number(covered),
        judged=localizer.number(judged),
        share=localizer.percent_digits(covered / judged),
    )
    return f"{sentence} {calls_sentence}"


def _build_level(
    level_index: int, by_years: dict[int, _CountsByFrequency], total: dict[int, list[int]], localizer: Localizer
) -> CoverageLevel:
    strips = []
    for years, rows in by_years.items():
        share = total[years][level_index + 1] / total[years][0]
        by_frequency = [row[level_index + 1] / row[0] * 100 for row in rows.values()]
        share_text = localizer.percent_text(share)
        strips.append(
            CoverageStrip(localizer.plural("control.horizon.years", years), by_frequency, share * 100, share_text)
        )
    return CoverageLevel(
        INTERVAL_LEVELS[level_index], localizer.text("ranges.promised", level=INTERVAL_LEVELS[level_index]), strips
    )


def _build_table(
    by_years: dict[int, _CountsByFrequency], total: dict[int, list[int]], title: str, localizer: Localizer
) -> TextTable:
    headers = [localizer.text(f"track.held.head.{name}") for name in ("horizon", "series", "n")]
    headers += [localizer.text("ranges.head.level", level=level) for level in INTERVAL_LEVELS]
    rows = []
    for years, groups in by_years.items():
        labelled = [(localizer.text(f"ranges.{name}"), row) for name, row in groups.items()]
        for label, row in [(localizer.text("ranges.all"), total[years]), *labelled]:
            shares = [localizer.percent_text(hits / row[0]) for hits in row[1:]]
            rows.append((localizer.plural("control.horizon.years", years), label, localizer.number(row[0]), *shares))
    return TextTable(title, tuple(headers), tuple(rows))


def build_skill(context: Context) -> tuple[Chapter | None, TextTable | None]:
    """Skill over the reference by indicator: the best and worst, and all of them; None where none was tested."""
    outlook, localizer = context.outlook, context.localizer
    catalogue = outlook.catalogue
    rows = [
        (localizer.field_text(row, "title"), forecast)
        for row in catalogue.indicators.values()
        if (forecast := outlook.forecasts.get(outlook.headline_key(row))) is not None and forecast.gain is not None
    ]
    if not rows:
        return None, None
    rows.sort(key=lambda row: (-(row[1].gain or 0.0), row[0]))
    reliable = [row for row in rows if row[1].folds >= _MIN_FOLDS]
    ends = (
        ("best", reliable[:_MAX_SHOWN_PER_END]),
        ("worst", reliable[_MAX_SHOWN_PER_END:][-_MAX_SHOWN_PER_END:][::-1]),
    )
    better = sum((forecast.gain or 0.0) > 0 for _title, forecast in rows)
    chapter = Chapter(
        localizer.text("track.skill.title"),
        localizer.text("track.skill.subtitle", min=_MIN_FOLDS),
        ((localizer.text("track.skill.count"), _better_count_text(better, len(rows), localizer)),),
        tuple(_build_gain_table(localizer.text(f"track.skill.{name}"), part, localizer) for name, part in ends if part),
    )
    return chapter, _build_gain_table(localizer.text("track.skill.all"), rows, localizer)


def _better_count_text(better: int, total: int, localizer: Localizer) -> str:
    return localizer.text("track.skill.count.text", better=localizer.number(better), total=localizer.number(total))


def _build_gain_table(caption: str, rows: list[tuple[str, Forecast]], localizer: Localizer) -> TextTable:
    headers = tuple(localizer.text(f"track.skill.head.{name}") for name in ("indicator", "gain", "folds", "held"))
    level_index = INTERVAL_LEVELS.index(80)
    table_rows = []
    for title, forecast in rows:
        is_evaluated = forecast.judged >= MIN_EVALUATED_VALUES
        share = localizer.percent_text(forecast.hits[level_index] / forecast.judged) if is_evaluated else NO_VALUE
        label = localizer.text("track.skill.against", title=title, reference=reference_text(forecast, localizer))
        gain, folds = _format_gain(forecast.gain or 0.0, localizer), localizer.number(forecast.folds)
        table_rows.append((label, gain, folds, share))
    return TextTable(caption, headers, tuple(table_rows))


def _format_gain(gain: float, localizer: Localizer) -> str:
    """A gain in whole per cent with a sign."""
    return f"{format_signed(round_percent(gain), localizer, 0)}{localizer.percent_sign}"
