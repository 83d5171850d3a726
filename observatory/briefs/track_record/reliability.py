"""Builds the coverage of the intervals of all forecasts by level and frequency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.figures.disclosure import MIN_EVALUATED_VALUES, edition_text
from observatory.briefs.figures.plots import build_bar_plot, build_level_labels
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency
from observatory.charts.interval_coverage import (
    CoverageLabels,
    CoverageLevel,
    CoverageStrip,
    build_interval_coverage_chart,
)
from observatory.language import Localizer, round_percent
from observatory.settings import HORIZONS, INTERVAL_LEVELS
from observatory.timeseries import Forecast

_NARROW_MARGIN = 0.05  # shortfall of coverage from which intervals count as too narrow, as under the chart of a series

_ForecastsByFrequency = Mapping[Frequency, Sequence[Forecast]]


@dataclass(frozen=True)
class CoverageCounts:
    """Past values evaluated over some series, and how many lay in their interval at each level."""

    series_count: int
    evaluated_count: int
    covered_counts: tuple[int, ...]

    def covered_share(self, level_index: int) -> float:
        """The share inside the interval of INTERVAL_LEVELS[level_index]."""
        return self.covered_counts[level_index] / self.evaluated_count


def count_covered(forecasts: Sequence[Forecast]) -> CoverageCounts:
    """Counts summed over the forecasts that were evaluated."""
    evaluated = [row for row in forecasts if row.judged]
    hits = tuple(sum(row.hits[index] for row in evaluated) for index in range(len(INTERVAL_LEVELS)))
    return CoverageCounts(len(evaluated), sum(row.judged for row in evaluated), hits)


def build_forecast_coverage_figure(context: Context) -> Figure | None:
    """Nominal and observed coverage by level and frequency; None where no past value was evaluated."""
    outlook, localizer = context.outlook, context.localizer
    groups = {
        frequency: [row for row in outlook.forecasts.values() if row.frequency == frequency and row.judged]
        for frequency in PERIODS_PER_YEAR
    }
    groups = {frequency: rows for frequency, rows in groups.items() if rows}
    if not groups:
        return None
    everything = count_covered(list(outlook.forecasts.values()))
    title = localizer.text("ranges.title")
    takeaway = _takeaway_text(context, everything)
    return Figure(
        title=title,
        subtitle=localizer.text("ranges.subtitle"),
        spec=build_interval_coverage_chart(
            [_build_level(index, groups, localizer) for index in range(len(INTERVAL_LEVELS))],
            _build_labels(localizer),
            localizer.language,
        ),
        alt=f"{takeaway} {_shares_by_frequency_text(groups, localizer)}",
        takeaway=takeaway,
        notes=(localizer.text("ranges.note", far=localizer.plural("control.horizon.years", max(HORIZONS))),),
        source_line=localizer.text(
            "ranges.source",
            judged=localizer.number(everything.evaluated_count),
            series=localizer.number(everything.series_count),
            edition=edition_text(outlook, localizer),
        ),
        table=_build_table(groups, everything, title, localizer),
        plot_data=build_bar_plot(
            [localizer.text(f"ranges.{name}") for name in groups],
            [
                (
                    f"held_{level}",
                    level_name,
                    [count_covered(rows).covered_share(index) * 100 for rows in groups.values()],
                )
                for index, (level, level_name) in enumerate(build_level_labels(localizer))
            ],
            localizer.text("export.held.subtitle"),
        ),
    )


def _takeaway_text(context: Context, everything: CoverageCounts) -> str:
    localizer = context.localizer
    levels = localizer.list_text(localizer.number(level) for level in INTERVAL_LEVELS)
    sentence = localizer.text("ranges.takeaway", levels=levels, shares=_shares_text(everything, localizer))
    return f"{sentence} {_narrow_ranges_text(context)}".strip()


def _shares_by_frequency_text(groups: _ForecastsByFrequency, localizer: Localizer) -> str:
    """The coverage by frequency, for the text alternative of the chart."""
    parts = [
        localizer.text(
            "ranges.alt.part",
            frequency=localizer.text(f"ranges.{name}"),
            shares=_shares_text(count_covered(rows), localizer),
        )
        for name, rows in groups.items()
    ]
    return f"{'. '.join(parts)}."


def _shares_text(row: CoverageCounts, localizer: Localizer) -> str:
    return localizer.list_text(
        localizer.percent_digits(row.covered_share(index)) for index in range(len(INTERVAL_LEVELS))
    )


def _narrow_ranges_text(context: Context) -> str:
    """How many series have 80 % intervals that are clearly too narrow; empty where none was evaluated."""
    level_index = INTERVAL_LEVELS.index(80)
    evaluated = [row for row in context.outlook.forecasts.values() if row.judged >= MIN_EVALUATED_VALUES]
    limit = INTERVAL_LEVELS[level_index] / 100 - _NARROW_MARGIN
    narrow_count = sum(row.hits[level_index] / row.judged < limit for row in evaluated)
    if not evaluated:
        return ""
    return context.localizer.plural(
        "ranges.uneven",
        narrow_count,
        total=context.localizer.number(len(evaluated)),
        level=INTERVAL_LEVELS[level_index],
    )


def _build_labels(localizer: Localizer) -> CoverageLabels:
    return CoverageLabels(*(localizer.text(f"ranges.{name}") for name in ("narrow", "wide", "held")))


def _build_level(level_index: int, groups: _ForecastsByFrequency, localizer: Localizer) -> CoverageLevel:
    level = INTERVAL_LEVELS[level_index]
    strips = [
        CoverageStrip(
            localizer.text(f"ranges.{frequency}"),
            [row.hits[level_index] / row.judged * 100 for row in rows if row.judged >= MIN_EVALUATED_VALUES],
            count_covered(rows).covered_share(level_index) * 100,
            f"{round_percent(count_covered(rows).covered_share(level_index))}{localizer.percent_sign}",
        )
        for frequency, rows in groups.items()
    ]
    return CoverageLevel(level, localizer.text("ranges.promised", level=level), strips)


def _build_table(
    groups: _ForecastsByFrequency, everything: CoverageCounts, title: str, localizer: Localizer
) -> TextTable:
    headers = [localizer.text(f"ranges.head.{name}") for name in ("frequency", "series", "judged")]
    headers += [localizer.text("ranges.head.level", level=level) for level in INTERVAL_LEVELS]
    labelled = [(localizer.text(f"ranges.{frequency}"), count_covered(rows)) for frequency, rows in groups.items()]
    rows = tuple(
        (
            name,
            localizer.number(row.series_count),
            localizer.number(row.evaluated_count),
            *(
                f"{localizer.percent_digits(row.covered_share(index))}{localizer.percent_sign}"
                for index in range(len(INTERVAL_LEVELS))
            ),
        )
        for name, row in (*labelled, (localizer.text("ranges.all"), everything))
    )
    return TextTable(title, tuple(headers), rows)
