"""What the series of a topic shows as of an outlook: yearly levels, growth, and what makes it thin evidence."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.units import Unit, unit_of
from observatory.catalogue.models import Indicator, Topic
from observatory.catalogue.periods import MONTHS, last_month, ordinal, overdue
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.timeseries import Floats, History, yearly

FEW_YEARS = 10  # of figures: fewer are thin evidence


@dataclass(frozen=True)
class Evidence:
    """The yearly levels of the series of a topic: by month (ordinal), and what is odd about it."""

    row: Indicator
    history: History
    first: int
    levels: Floats
    unit: Unit
    stopped: bool

    def at(self, month: int) -> float | None:
        """The yearly level at the end of a month; None where it is not known, or not above zero."""
        place = month - self.first
        if not 0 <= place < len(self.levels) or not np.isfinite(self.levels[place]) or self.levels[place] <= 0:
            return None
        return float(self.levels[place])

    @property
    def last(self) -> int:
        """The last month with a level."""
        return self.first + int(np.flatnonzero(np.isfinite(self.levels))[-1])

    def grown(self, years: int) -> float | None:
        """Growth a year up to the last level."""
        now, then = self.at(self.last), self.at(self.last - 12 * years)
        return None if now is None or then is None else (now / then) ** (1 / years) - 1

    def rising_since(self) -> int | None:
        """The month from which it has risen from year to year, up to the last level; None if it did not rise last."""
        month = self.last
        while (now := self.at(month)) is not None and (then := self.at(month - 12)) is not None and now > then:
            month -= 12
        return month if month < self.last else None

    def thin(self) -> list[str]:
        """Keys of what makes the evidence thin."""
        years = int(np.isfinite(self.history.values).sum()) * MONTHS[self.history.frequency] / 12
        found = [
            ("proxy", self.row.proxy),
            ("confidence", self.row.confidence == "low"),
            ("stopped", self.stopped),
            ("short", years < FEW_YEARS),
        ]
        return [name for name, there in found if there]


def evidence(outlook: Outlook, topic: Topic, speaker: Speaker) -> Evidence | None:
    """What the series of a topic shows as of an outlook; None where the base of its criterion is not known yet."""
    history = outlook.panel.get((topic.indicator, topic.geo, topic.item))
    row = outlook.catalogue.indicators.get(topic.indicator)
    if history is None or row is None:
        return None
    first, levels = yearly(history, row.kind)
    if not np.isfinite(levels).any():
        return None
    late = overdue(history.last, history.frequency, row.publication_lag_months, outlook.day)
    found = Evidence(row, history, first, levels, unit_of(row, levels, speaker), late > STOPPED_AFTER_MONTHS)
    return found if found.at(month_of_level(topic.base_period, row)) is not None else None


def month_of_level(when: str, row: Indicator) -> int:
    """The month (ordinal) in which a period ends."""
    return last_month(ordinal(when), row.frequency)
