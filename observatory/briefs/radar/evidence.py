"""Evidence of a radar topic in its series, as of an outlook: yearly levels, growth, and what makes it thin."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.catalogue.models import Indicator, Topic
from observatory.catalogue.periods import MONTHS_PER_PERIOD, count_months_overdue, last_month_ordinal, period_to_ordinal
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.timeseries import FloatArray, TimeSeries, compute_yearly_levels

_MIN_SOLID_YEARS = 10  # of observed values: fewer are thin evidence


@dataclass(frozen=True)
class TopicEvidence:
    """The series of a topic: `levels[k]` is the yearly level at the end of month `first_month + k` (ordinal), or NaN.

    `is_stopped`: the publisher has released nothing for so long that the series counts as discontinued.
    """

    indicator: Indicator
    history: TimeSeries
    first_month: int
    levels: FloatArray
    unit: DisplayUnit
    is_stopped: bool

    def level_at(self, month: int) -> float | None:
        """The yearly level at the end of a month (ordinal); None where it is unknown or not positive."""
        index = month - self.first_month
        if not 0 <= index < len(self.levels) or not np.isfinite(self.levels[index]) or self.levels[index] <= 0:
            return None
        return float(self.levels[index])

    @property
    def last_month(self) -> int:
        """The last month (ordinal) with a level."""
        return self.first_month + int(np.flatnonzero(np.isfinite(self.levels))[-1])

    def compute_yearly_growth(self, years: int) -> float | None:
        """Mean growth a year over some years up to the last level; None where either end is unknown."""
        now, then = self.level_at(self.last_month), self.level_at(self.last_month - 12 * years)
        return None if now is None or then is None else (now / then) ** (1 / years) - 1

    def find_rise_start(self) -> int | None:
        """The month (ordinal) since which each yearly level exceeds the one before; None if the last one does not."""
        month = self.last_month
        while (
            (now := self.level_at(month)) is not None and (then := self.level_at(month - 12)) is not None and now > then
        ):
            month -= 12
        return month if month < self.last_month else None

    def list_doubts(self) -> list[str]:
        """The codes of the reasons why the evidence is thin; empty if it is solid."""
        years = int(np.isfinite(self.history.values).sum()) * MONTHS_PER_PERIOD[self.history.frequency] / 12
        applies = {
            "proxy": self.indicator.proxy,
            "confidence": self.indicator.confidence == "low",
            "stopped": self.is_stopped,
            "short": years < _MIN_SOLID_YEARS,
        }
        return [name for name in applies if applies[name]]


def build_evidence(context: Context, topic: Topic) -> TopicEvidence | None:
    """The evidence of a topic as of an outlook; None where its series or the base of its criterion is unknown."""
    outlook = context.outlook
    history = outlook.panel.get((topic.indicator, topic.geo, topic.item))
    indicator = outlook.catalogue.indicators.get(topic.indicator)
    if history is None or indicator is None:
        return None
    first_month, levels = compute_yearly_levels(history, indicator.kind)
    if not np.isfinite(levels).any():
        return None
    months_overdue = count_months_overdue(
        history.last, history.frequency, indicator.publication_lag_months, outlook.day
    )
    evidence = TopicEvidence(
        indicator=indicator,
        history=history,
        first_month=first_month,
        levels=levels,
        unit=choose_unit(indicator, levels, context.localizer),
        is_stopped=months_overdue > STOPPED_AFTER_MONTHS,
    )
    base = evidence.level_at(last_month_of_period(topic.base_period, indicator))
    return evidence if base is not None else None


def last_month_of_period(period_code: str, indicator: Indicator) -> int:
    """The month (ordinal) in which a period ends."""
    return last_month_ordinal(period_to_ordinal(period_code), indicator.frequency)
