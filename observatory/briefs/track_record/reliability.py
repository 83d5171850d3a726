"""What the ranges of all forecasts were worth: how often they held, by level and frequency, as a Figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import MIN_EVALUATED_VALUES, edition_text
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.plots import build_bar_plot, build_level_labels
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

_NARROW_MARGIN = (
    0.05  # held that much less often than promised: the sentence under the chart of a series says "too narrow"
)

_ForecastsByFrequency = Mapping[Frequency, Sequence[Forecast]]


@dataclass(frozen=True)
class CoverageCounts:
    """Past values judged, and how many of them lay in their range at each level, over some series."""

    series_count: int
    evaluated_count: int
    covered_counts: tuple[int, ...]

    def covered_share(self, level_index: int) -> float:
        """The share that lay inside at the level in that place."""
        return self.covered_counts[level_index] / self.evaluated_count


def count_covered(forecasts: Sequence[Forecast]) -> CoverageCounts:
    """The hits of all forecasts that were judged, added up."""
    judged = [row for row in forecasts if row.judged]
    hits = tuple(sum(row.hits[place] for row in judged) for place in range(len(INTERVAL_LEVELS)))
    return CoverageCounts(len(judged), sum(row.judged for row in judged), hits)


def build_forecast_coverage_figure(context: Context) -> Figure | None:
    """Promised and held, by level and frequency; None where no past value was judged."""
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
            [_build_level(place, groups, localizer) for place in range(len(INTERVAL_LEVELS))],
            _build_words(localizer),
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
                    [count_covered(rows).covered_share(place) * 100 for rows in groups.values()],
                )
                for place, (level, level_name) in enumerate(build_level_labels(localizer))
            ],
            localizer.text("export.held.subtitle"),
        ),
    )


def _takeaway_text(context: Context, everything: CoverageCounts) -> str:
    localizer = context.localizer
    levels = localizer.list_text(localizer.number(level) for level in INTERVAL_LEVELS)
    said = localizer.text("ranges.takeaway", levels=levels, shares=_shares_text(everything, localizer))
    return f"{said} {_narrow_ranges_text(context)}".strip()


def _shares_by_frequency_text(groups: _ForecastsByFrequency, localizer: Localizer) -> str:
    """The shares of each frequency, for who does not see the picture."""
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
        localizer.percent_digits(row.covered_share(place)) for place in range(len(INTERVAL_LEVELS))
    )


def _narrow_ranges_text(context: Context) -> str:
    """How many series had 80 % ranges that were clearly too narrow, by the rule of their own honest sentence."""
    at = INTERVAL_LEVELS.index(80)
    judged = [row for row in context.outlook.forecasts.values() if row.judged >= MIN_EVALUATED_VALUES]
    narrow = sum(row.hits[at] / row.judged < INTERVAL_LEVELS[at] / 100 - _NARROW_MARGIN for row in judged)
    if not judged:
        return ""
    return context.localizer.plural(
        "ranges.uneven", narrow, total=context.localizer.number(len(judged)), level=INTERVAL_LEVELS[at]
    )


def _build_words(localizer: Localizer) -> CoverageLabels:
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
    heads = [localizer.text(f"ranges.head.{name}") for name in ("frequency", "series", "judged")]
    heads += [localizer.text("ranges.head.level", level=level) for level in INTERVAL_LEVELS]
    named = [(localizer.text(f"ranges.{frequency}"), count_covered(rows)) for frequency, rows in groups.items()]
    rows = tuple(
        (
            name,
            localizer.number(row.series_count),
            localizer.number(row.evaluated_count),
            *(
                f"{localizer.percent_digits(row.covered_share(place))}{localizer.percent_sign}"
                for place in range(len(INTERVAL_LEVELS))
            ),
        )
        for name, row in (*named, (localizer.text("ranges.all"), everything))
    )
    return TextTable(title, tuple(heads), rows)
