"""What the series of a topic shows as of an outlook: yearly levels, growth, and what makes it thin evidence."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.catalogue.models import Indicator, Topic
from observatory.catalogue.periods import MONTHS_PER_PERIOD, count_months_overdue, last_month_ordinal, period_to_ordinal
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.timeseries import FloatArray, TimeSeries, compute_yearly_levels

_MIN_SOLID_YEARS = 10  # of figures: fewer are thin evidence


@dataclass(frozen=True)
class TopicEvidence:
    """The yearly levels of the series of a topic: by month (ordinal), and what is odd about it."""

    indicator: Indicator
    history: TimeSeries
    first_month: int
    levels: FloatArray
    unit: DisplayUnit
    is_stopped: bool

    def level_at(self, month: int) -> float | None:
        """The yearly level at the end of a month; None where it is not known, or not above zero."""
        place = month - self.first_month
        if not 0 <= place < len(self.levels) or not np.isfinite(self.levels[place]) or self.levels[place] <= 0:
            return None
        return float(self.levels[place])

    @property
    def last_month(self) -> int:
        """The last month with a level."""
        return self.first_month + int(np.flatnonzero(np.isfinite(self.levels))[-1])

    def compute_yearly_growth(self, years: int) -> float | None:
        """Growth a year up to the last level."""
        now, then = self.level_at(self.last_month), self.level_at(self.last_month - 12 * years)
        return None if now is None or then is None else (now / then) ** (1 / years) - 1

    def find_rise_start(self) -> int | None:
        """The month from which it has risen from year to year, up to the last level; None if it did not rise last."""
        month = self.last_month
        while (
            (now := self.level_at(month)) is not None and (then := self.level_at(month - 12)) is not None and now > then
        ):
            month -= 12
        return month if month < self.last_month else None

    def list_doubts(self) -> list[str]:
        """Keys of what makes the evidence thin."""
        years = int(np.isfinite(self.history.values).sum()) * MONTHS_PER_PERIOD[self.history.frequency] / 12
        found = [
            ("proxy", self.indicator.proxy),
            ("confidence", self.indicator.confidence == "low"),
            ("stopped", self.is_stopped),
            ("short", years < _MIN_SOLID_YEARS),
        ]
        return [name for name, there in found if there]


def build_evidence(context: Context, topic: Topic) -> TopicEvidence | None:
    """What the series of a topic shows as of an outlook; None where the base of its criterion is not known yet."""
    outlook = context.outlook
    history = outlook.panel.get((topic.indicator, topic.geo, topic.item))
    row = outlook.catalogue.indicators.get(topic.indicator)
    if history is None or row is None:
        return None
    first, levels = compute_yearly_levels(history, row.kind)
    if not np.isfinite(levels).any():
        return None
    late = count_months_overdue(history.last, history.frequency, row.publication_lag_months, outlook.day)
    found = TopicEvidence(
        row, history, first, levels, choose_unit(row, levels, context.localizer), late > STOPPED_AFTER_MONTHS
    )
    return found if found.level_at(last_month_of_period(topic.base_period, row)) is not None else None


def last_month_of_period(period_code: str, indicator: Indicator) -> int:
    """The month (ordinal) in which a period ends."""
    return last_month_ordinal(period_to_ordinal(period_code), indicator.frequency)
