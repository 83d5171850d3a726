"""Display of yearly levels of several series: level, index, growth or log, and their unit where they share one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.units import (
    MAGNITUDES,
    Display,
    DisplayUnit,
    choose_unit,
    format_number,
    prefix_de,
    split_magnitude,
)
from observatory.catalogue.models import Catalogue, Indicator
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.analysis.yearly_series import YearlySeries, compute_cagr

GDP_INDICATOR = "gdp_current_usd"  # the denominator in comparisons of countries


@dataclass(frozen=True)
class LevelDisplay(Display):
    """How levels are shown; `base_year` is the year in which an index is 100.

    `unit` is None where the series share no unit: their levels are then shown as an index.
    """

    base_year: int
    unit: DisplayUnit | None

    def convert_level(self, series: YearlySeries, month: int) -> float:
        """The level at the end of a month (ordinal) in the display, NaN where it is unknown."""
        if self.is_growth:
            growth = compute_cagr(series.level_at(month - 12), series.level_at(month), 1)
            return growth * 100 if growth is not None else float("nan")
        return self._scale(series, series.level_at(month))

    def convert_expected(self, series: YearlySeries, month: int, value: float) -> float:
        """An expected level in the display; its growth is the mean growth a year since the latest observed level."""
        if self.is_growth:
            years = (month - series.last_month) / 12
            growth = compute_cagr(series.latest_level, max(value, 0.0), years, allow_zero=True)
            return growth * 100 if growth is not None else float("nan")
        return self._scale(series, value)

    def format_value(self, value: float, localizer: Localizer, *, exact: bool = False) -> str:
        """A value of the display as text, without its unit; `exact` keeps all the digits of an observed one."""
        if not np.isfinite(value):
            return NO_VALUE
        if self.is_growth:
            return localizer.growth(value / 100)
        whole = (self.unit is None and abs(value) >= 100) or (self.unit is not None and self.unit.whole)
        return format_number(value, localizer, whole=whole, exact=exact)

    def _scale(self, series: YearlySeries, value: float) -> float:
        if self.unit is not None:
            return self.unit.convert(value)
        base = series.level_of_year(self.base_year)
        return value / base * 100 if base > 0 else float("nan")


def find_common_unit(series: Sequence[YearlySeries], catalogue: Catalogue, localizer: Localizer) -> DisplayUnit | None:
    """The unit that all series share, or None; values of a flow are those of a year."""
    units = {
        (line.indicator.unit_fr, line.denominator and catalogue.indicators[line.denominator[0]].unit_fr)
        for line in series
    }
    kinds = {line.indicator.kind == "flow" for line in series}
    if len(units) > 1 or len(kinds) > 1:
        return None
    values = np.concatenate([line.levels for line in series])
    indicator, denominator = series[0].indicator, series[0].denominator
    if denominator is not None:
        return build_ratio_unit(indicator, catalogue.indicators[denominator[0]], values, localizer)
    unit = choose_unit(indicator, values, localizer)
    if indicator.kind != "flow":
        return unit
    noun, singular = (noun and localizer.text("unit.per.A", unit=noun) for noun in (unit.noun, unit.singular_noun))
    return replace(unit, noun=noun, singular_noun=singular)


def build_ratio_unit(
    numerator: Indicator, denominator: Indicator, values: np.ndarray, localizer: Localizer
) -> DisplayUnit:
    """The unit of a ratio of two series: a share in per cent where both have one unit, else an amount per round number.

    The round number is the smallest power of a thousand that brings the largest ratio to one or more.
    """
    language = localizer.language
    (size, noun), (other_size, other_noun) = (
        split_magnitude(row.unit_fr if language == "fr" else row.unit_en, language) for row in (numerator, denominator)
    )
    scale = size / other_size
    if noun == other_noun:
        key = "compare.unit.output" if denominator.id == GDP_INDICATOR else "compare.unit.share"
        text = localizer.text(key, title=localizer.field_text(denominator, "title"))
        return DisplayUnit(scale * 100, text, is_bracketed=False, language=language)
    sizes = np.abs(values[np.isfinite(values)])
    largest = float(sizes.max(initial=0)) * scale
    power = next((k for k in (0, 3, 6, 9, 12) if largest * 10.0**k >= 1), 12)
    magnitude = next((name for size, name in MAGNITUDES if 10.0**power == size), "")
    joined = prefix_de(other_noun) if language == "fr" else other_noun
    amount = localizer.number(1000 if power == 3 else 1)
    of = localizer.plural(f"unit.{magnitude}", 1, unit=joined) if magnitude else other_noun
    text = localizer.text("compare.unit.per", unit=noun, n=amount, of=of)
    return DisplayUnit(scale * 10.0**power, text, is_bracketed=False, language=language)
