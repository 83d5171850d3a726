"""Values of an indicator by country: latest year, past and expected growth, rank, class on the map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.levels import GDP_INDICATOR
from observatory.briefs.common.units import DisplayUnit, format_amount, format_number
from observatory.catalogue.models import Indicator
from observatory.language import NO_VALUE, Localizer, round_significant
from observatory.outlook.analysis.yearly_series import (
    YearlySeries,
    build_yearly_series,
    compute_expected_growth,
    compute_past_growth,
    divide_series,
)
from observatory.outlook.outlook import Outlook

_MAX_LAG_YEARS = 2  # a value further behind the newest country is outdated: it is not ranked with the others
_MAX_CLASSES = 5
_COVID_YEARS = (2020, 2021)  # a growth that begins or ends there is that of the pandemic where the level fell
_COVID_BREAK = 0.1  # fall of the level between 2019 and 2020 from which it counts as such
GROWTH_MEASURES = ("growth1", "growth5", "ahead")  # measures in per cent a year
GROWTH_YEARS = {"growth1": 1, "growth5": 5}  # of past growth


@dataclass(frozen=True)
class CountryStanding:
    """An indicator in a country; `series_per_output` is divided by GDP, None where GDP is not known."""

    geo: str
    series: YearlySeries
    series_per_output: YearlySeries | None
    is_outdated: bool

    def get_series(self, measure: str) -> YearlySeries:
        """The series whose latest level a measure shows."""
        return self.series_per_output if measure == "gdp" and self.series_per_output is not None else self.series

    def get_value(self, measure: str) -> float | None:
        """The value of a measure, None where there is none."""
        if measure == "gdp":
            value: float | None = self.series_per_output.latest_level if self.series_per_output is not None else None
        elif measure == "ahead":
            expected = compute_expected_growth(self.series)
            value = expected[0] if expected is not None else None
        elif measure in GROWTH_MEASURES:
            value = compute_past_growth(self.series, GROWTH_YEARS[measure])
        else:
            value = self.series.latest_level
        return value if value is not None and np.isfinite(value) else None


def is_distorted_by_covid(standing: CountryStanding, measure: str) -> bool:
    """Whether a past growth begins or ends in a year of the pandemic, in which the level fell."""
    years = GROWTH_YEARS.get(measure)
    before, then = (standing.series.level_of_year(year) for year in (2019, 2020))
    if years is None or not before or not before - then > _COVID_BREAK * abs(before):
        return False
    end = standing.series.last_month // 12
    return end in _COVID_YEARS or end - years in _COVID_YEARS


def build_standings(
    outlook: Outlook, indicator: Indicator, geos: Sequence[str], until_year: int
) -> list[CountryStanding]:
    """The standings of the countries in which an indicator has a yearly level."""
    lines = [build_yearly_series(outlook, (indicator.id, geo, ""), until_year) for geo in geos]
    lines = [line for line in lines if line.last_month >= 0]
    newest = max((line.last_month for line in lines), default=0)
    return [
        CountryStanding(
            line.key[1], line, _divide_by_output(outlook, line), newest - line.last_month > 12 * _MAX_LAG_YEARS
        )
        for line in lines
    ]


def _divide_by_output(outlook: Outlook, series: YearlySeries) -> YearlySeries | None:
    key = (GDP_INDICATOR, series.key[1], "")
    if series.key[0] == GDP_INDICATOR or key not in outlook.panel or series.indicator.kind not in ("flow", "stock"):
        return None
    quotient = divide_series(series, build_yearly_series(outlook, key, 0))
    return quotient if quotient.last_month >= 0 else None


def rank_countries(standings: Sequence[CountryStanding], measure: str) -> dict[str, int]:
    """Rank of each country by a measure, 1 for the highest; equal values share a rank, outdated ones have none."""
    values = {
        row.geo: value for row in standings if not row.is_outdated and (value := row.get_value(measure)) is not None
    }
    return {geo: 1 + sum(other > value for other in values.values()) for geo, value in values.items()}


def compute_class_limits(values: Sequence[float]) -> list[float]:
    """Rounded quantile limits of at most five classes; zero is a limit where signs differ."""
    if len(set(values)) < 2:
        return []
    shares = np.arange(1, _MAX_CLASSES) / _MAX_CLASSES
    limits = sorted({round_significant(float(limit), 2) for limit in np.quantile(values, shares)})
    if min(values) < 0 < max(values):
        nearest_to_zero = min(range(len(limits)), key=lambda index: abs(limits[index]))
        limits[nearest_to_zero] = 0.0
    return [limit for limit in sorted(set(limits)) if min(values) < limit <= max(values)]


def classify_value(value: float, limits: Sequence[float]) -> int:
    """The class of a value, from 1: a limit belongs to the class above it."""
    return 1 + sum(value >= limit for limit in limits)


def latest_period_text(series: YearlySeries, localizer: Localizer) -> str:
    """The period that the latest level covers: a year, or twelve months until a month."""
    year, month = divmod(series.last_month, 12)
    return (
        str(year)
        if month == 11
        else localizer.text("compare.until", period=localizer.period_short(f"{year}-{month + 1:02d}"))
    )


def latest_level_text(series: YearlySeries, unit: DisplayUnit, localizer: Localizer) -> str:
    """The latest level with its unit and period."""
    return f"{format_amount(series.latest_level, unit, localizer)} ({latest_period_text(series, localizer)})"


def latest_number_text(series: YearlySeries, unit: DisplayUnit, localizer: Localizer) -> str:
    """The latest level without its unit, which the column header gives."""
    return format_number(unit.convert(series.latest_level), localizer, whole=unit.whole, exact=True)


def growth_text(growth: float | None, localizer: Localizer) -> str:
    """A growth rate, or a dash."""
    return localizer.growth(growth) if growth is not None else NO_VALUE


def expected_growth_text(series: YearlySeries, localizer: Localizer) -> str:
    """The expected growth with its range, or a dash."""
    growth = compute_expected_growth(series)
    if growth is None:
        return NO_VALUE
    median, low, high = (localizer.growth(value) for value in growth)
    return localizer.text("compare.ahead", median=median, low=low.removesuffix(localizer.percent_sign), high=high)
