"""Figures of one indicator in one country: latest year, growth past and expected, and what a map shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.levels import OUTPUT
from observatory.briefs.common.units import Unit, amount, number
from observatory.catalogue.models import Indicator
from observatory.language import Speaker, round_to
from observatory.outlook.analysis.yearly_series import Line, divided, line_of, pace, pace_ahead
from observatory.outlook.outlook import Outlook

TOO_OLD = 2  # years behind the newest country: a figure of another time is not ranked with the others
CLASSES = 5
NOTHING = "\u2013"
SHARES = ("growth1", "growth5", "ahead")  # measures in per cent a year


@dataclass(frozen=True)
class Standing:
    """A country in an indicator: `per` is its line per unit of its output, None where that is not known."""

    geo: str
    line: Line
    per: Line | None
    old: bool

    def value(self, measure: str) -> float | None:
        """What a measure says of it, None where it says nothing."""
        if measure == "gdp":
            found: float | None = self.per.latest if self.per is not None else None
        elif measure == "ahead":
            expected = pace_ahead(self.line)
            found = expected[0] if expected is not None else None
        elif measure in SHARES:
            found = pace(self.line, 1 if measure == "growth1" else 5)
        else:
            found = self.line.latest
        return found if found is not None and np.isfinite(found) else None


def standings(outlook: Outlook, row: Indicator, geos: Sequence[str], until: int) -> list[Standing]:
    """The countries in which an indicator has a yearly level."""
    lines = [line_of(outlook, (row.id, geo, ""), until) for geo in geos]
    lines = [line for line in lines if line.last >= 0]
    newest = max((line.last for line in lines), default=0)
    return [
        Standing(line.key[1], line, _per_output(outlook, line), newest - line.last > 12 * TOO_OLD) for line in lines
    ]


def _per_output(outlook: Outlook, line: Line) -> Line | None:
    key = (OUTPUT, line.key[1], "")
    if line.key[0] == OUTPUT or key not in outlook.panel or line.indicator.kind not in ("flow", "stock"):
        return None
    found = divided(line, line_of(outlook, key, 0))
    return found if found.last >= 0 else None


def ranks(rows: Sequence[Standing], measure: str) -> dict[str, int]:
    """The rank of each country by a measure, the highest first; old figures have none."""
    values = {row.geo: value for row in rows if not row.old and (value := row.value(measure)) is not None}
    return {geo: 1 + sum(other > value for other in values.values()) for geo, value in values.items()}


def limits(values: Sequence[float]) -> list[float]:
    """Round limits of at most five classes with about as many countries each; zero is one if signs differ."""
    if len(set(values)) < 2:
        return []
    shares = np.arange(1, CLASSES) / CLASSES
    found = sorted({round_to(float(limit), 2) for limit in np.quantile(values, shares)})
    if min(values) < 0 < max(values):
        nearest = min(range(len(found)), key=lambda place: abs(found[place]))
        found[nearest] = 0.0
    return [limit for limit in sorted(set(found)) if min(values) < limit <= max(values)]


def class_of(value: float, cuts: Sequence[float]) -> int:
    """The class of a value, from 1: a limit belongs to the class above it."""
    return 1 + sum(value >= cut for cut in cuts)


def when(line: Line, speaker: Speaker) -> str:
    """What the latest level of a line covers."""
    year, month = divmod(line.last, 12)
    return (
        str(year)
        if month == 11
        else speaker.say("compare.until", period=speaker.period_short(f"{year}-{month + 1:02d}"))
    )


def latest(line: Line, unit: Unit, speaker: Speaker) -> str:
    """The latest level with its unit and year."""
    return f"{amount(line.latest, unit, speaker)} ({when(line, speaker)})"


def bare(line: Line, unit: Unit, speaker: Speaker) -> str:
    """The latest level without its unit, that the head of the column says."""
    return number(unit.shown(line.latest), speaker, whole=unit.whole, exact=True)


def rate(value: float | None, speaker: Speaker) -> str:
    """A growth rate, or a dash."""
    return speaker.growth(value) if value is not None else NOTHING


def expected(line: Line, speaker: Speaker) -> str:
    """The growth expected, with its range."""
    found = pace_ahead(line)
    if found is None:
        return NOTHING
    median, low, high = (speaker.growth(value) for value in found)
    return speaker.say("compare.ahead", median=median, low=low.removesuffix(speaker.percent_sign), high=high)
