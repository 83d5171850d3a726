"""Yearly levels of several series in the display that a reader chose, and their unit where they share one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.units import DisplayUnit, choose_unit, format_number, prefix_de, split_magnitude
from observatory.catalogue.models import Catalogue, Indicator
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import YearlySeries, compute_cagr

GDP_INDICATOR = "gdp_current_usd"  # what countries are set in proportion to
_MAGNITUDES = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))


@dataclass(frozen=True)
class LevelDisplay:
    """How levels are shown: `display` is level, index, growth or log, `base` the year of index 100, `unit` theirs."""

    display: str
    base_year: int
    unit: DisplayUnit | None

    @property
    def is_growth(self) -> bool:
        """Whether values are growth rates."""
        return self.display == "growth"

    def convert_level(self, series: YearlySeries, month: int) -> float:
        """The level at the end of a month as it is shown, NaN where it is unknown."""
        if self.is_growth:
            found = compute_cagr(series.level_at(month - 12), series.level_at(month), 1)
            return found * 100 if found is not None else float("nan")
        return self._scale(series, series.level_at(month))

    def convert_expected(self, series: YearlySeries, month: int, value: float) -> float:
        """An expected level as it is shown: in growth, the yearly pace since the latest one."""
        if self.is_growth:
            found = compute_cagr(
                series.latest_level, max(value, 0.0), (month - series.last_month) / 12, allow_zero=True
            )
            return found * 100 if found is not None else float("nan")
        return self._scale(series, value)

    def format_value(self, value: float, localizer: Localizer, exact: bool = False) -> str:
        """A shown value in words."""
        if not np.isfinite(value):
            return "\u2013"
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
    """The unit that all series share; None where they have several."""
    units = {
        (line.indicator.unit_fr, line.denominator and catalogue.indicators[line.denominator[0]].unit_fr)
        for line in series
    }
    kinds = {line.indicator.kind == "flow" for line in series}
    if len(units) > 1 or len(kinds) > 1:
        return None
    values = np.concatenate([line.levels for line in series])
    over = series[0].denominator
    if over is not None:
        return build_ratio_unit(series[0].indicator, catalogue.indicators[over[0]], values, localizer)
    found = choose_unit(series[0].indicator, values, localizer)
    if series[0].indicator.kind != "flow":
        return found
    return replace(found, noun=localizer.text("unit.per.A", unit=found.noun))


def build_ratio_unit(
    numerator: Indicator, denominator: Indicator, values: np.ndarray, localizer: Localizer
) -> DisplayUnit:
    """The unit of one series per unit of another: a share where both are the same money, else per a round number."""
    language = localizer.language
    (size, noun), (other_size, other_noun) = (
        split_magnitude(one.unit_fr if language == "fr" else one.unit_en, language) for one in (numerator, denominator)
    )
    scale = size / other_size
    if noun == other_noun:
        output = denominator.id == GDP_INDICATOR
        text = localizer.text(
            "compare.unit.output" if output else "compare.unit.share", title=localizer.field_text(denominator, "title")
        )
        return DisplayUnit(scale * 100, text, False, language)
    known = np.abs(values[np.isfinite(values)])
    largest = float(known.max(initial=0)) * scale
    power = next((k for k in (0, 3, 6, 9, 12) if largest * 10.0**k >= 1), 12)
    found = next((name for least, name in _MAGNITUDES if 10.0**power == least), "")
    joined = prefix_de(other_noun) if language == "fr" else other_noun
    amount = localizer.number(1000 if power == 3 else 1)
    of = localizer.plural(f"unit.{found}", 1, unit=joined) if found else other_noun
    return DisplayUnit(
        scale * 10.0**power, localizer.text("compare.unit.per", unit=noun, n=amount, of=of), False, language
    )
