"""Yearly levels of several series in the display that a reader chose, and their unit where they share one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.units import Unit, de, number, plain, unit_of
from observatory.catalogue.models import Catalogue, Indicator
from observatory.language import Speaker
from observatory.outlook.analysis.yearly_series import Line, rate

OUTPUT = "gdp_current_usd"  # what countries are set in proportion to
SIZES = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))


@dataclass(frozen=True)
class Shown:
    """How levels are shown: `display` is level, index, growth or log, `base` the year of index 100, `unit` theirs."""

    display: str
    base: int
    unit: Unit | None

    @property
    def signed(self) -> bool:
        """Whether values are growth rates."""
        return self.display == "growth"

    def value(self, line: Line, month: int) -> float:
        """The level at the end of a month as it is shown, NaN where it is unknown."""
        if self.signed:
            found = rate(line.at(month - 12), line.at(month), 1)
            return found * 100 if found is not None else float("nan")
        return self._scaled(line, line.at(month))

    def expected(self, line: Line, month: int, value: float) -> float:
        """An expected level as it is shown: in growth, the yearly pace since the latest one."""
        if self.signed:
            found = rate(line.latest, max(value, 0.0), (month - line.last) / 12, zero=True)
            return found * 100 if found is not None else float("nan")
        return self._scaled(line, value)

    def text(self, value: float, speaker: Speaker, exact: bool = False) -> str:
        """A shown value in words."""
        if not np.isfinite(value):
            return "\u2013"
        if self.signed:
            return speaker.growth(value / 100)
        whole = (self.unit is None and abs(value) >= 100) or (self.unit is not None and self.unit.whole)
        return number(value, speaker, whole=whole, exact=exact)

    def _scaled(self, line: Line, value: float) -> float:
        if self.unit is not None:
            return self.unit.shown(value)
        base = line.of_year(self.base)
        return value / base * 100 if base > 0 else float("nan")


def common_unit(lines: Sequence[Line], catalogue: Catalogue, speaker: Speaker) -> Unit | None:
    """The unit that all series share; None where they have several."""
    units = {(line.indicator.unit_fr, line.over and catalogue.indicators[line.over[0]].unit_fr) for line in lines}
    kinds = {line.indicator.kind == "flow" for line in lines}
    if len(units) > 1 or len(kinds) > 1:
        return None
    values = np.concatenate([line.levels for line in lines])
    over = lines[0].over
    if over is not None:
        return ratio_unit(lines[0].indicator, catalogue.indicators[over[0]], values, speaker)
    found = unit_of(lines[0].indicator, values, speaker)
    if lines[0].indicator.kind != "flow":
        return found
    return replace(found, noun=speaker.say("unit.per.A", unit=found.noun))


def ratio_unit(row: Indicator, other: Indicator, values: np.ndarray, speaker: Speaker) -> Unit:
    """The unit of one series per unit of another: a share where both are the same money, else per a round number."""
    language = speaker.language
    (size, noun), (other_size, other_noun) = (
        plain(one.unit_fr if language == "fr" else one.unit_en, language) for one in (row, other)
    )
    scale = size / other_size
    if noun == other_noun:
        output = other.id == OUTPUT
        text = speaker.say("compare.unit.output" if output else "compare.unit.share", title=speaker.of(other, "title"))
        return Unit(scale * 100, text, False, language)
    known = np.abs(values[np.isfinite(values)])
    largest = float(known.max(initial=0)) * scale
    power = next((k for k in (0, 3, 6, 9, 12) if largest * 10.0**k >= 1), 12)
    found = next((name for least, name in SIZES if 10.0**power == least), "")
    joined = de(other_noun) if language == "fr" else other_noun
    amount = speaker.number(1000 if power == 3 else 1)
    of = speaker.count(f"unit.{found}", 1, unit=joined) if found else other_noun
    return Unit(scale * 10.0**power, speaker.say("compare.unit.per", unit=noun, n=amount, of=of), False, language)
