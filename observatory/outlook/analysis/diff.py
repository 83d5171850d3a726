"""Differences between two outlooks: figures added, revised and withdrawn, facts, know-how, calls, all forecasts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.catalogue.models import Indicator, KnowHow
from observatory.catalogue.periods import Frequency
from observatory.language import round_percent
from observatory.outlook.analysis.figure_diff import Revision, SeriesFigures, diff_figures
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.timeseries import Forecast, SeriesKey

_RELATIVE_TOLERANCE = 1e-9  # relative; two forecasts that are closer are the same one


@dataclass(frozen=True)
class CallChange:
    """A call before and after; None where that outlook has no call on the segment for that horizon."""

    segment: str
    horizon: int
    old: Call | None
    new: Call | None

    @property
    def is_flipped(self) -> bool:
        """Whether the verdict changed."""
        return (self.old.call if self.old else None) != (self.new.call if self.new else None)

    @property
    def probability_percents(self) -> tuple[int | None, int | None]:
        """The probability of clear growth before and after as it is shown: whole per cents."""
        before, after = (row.probability_clear if row else None for row in (self.old, self.new))
        return (
            None if before is None else round_percent(before),
            None if after is None else round_percent(after),
        )


@dataclass(frozen=True)
class ForecastChange:
    """A changed forecast of a series: its median at the last period that both forecasts reach, None without one."""

    key: SeriesKey
    frequency: Frequency
    period: int | None
    old: float | None
    new: float | None

    @property
    def change(self) -> float | None:
        """The change of that median as a share of the old one; None without one, or from zero."""
        return (self.new - self.old) / abs(self.old) if self.old and self.new is not None else None


@dataclass(frozen=True)
class KnowHowChange:
    """A know-how that is new, withdrawn or reassessed; None where that outlook does not have it."""

    old: KnowHow | None
    new: KnowHow | None

    @property
    def current(self) -> KnowHow:
        """The know-how after the change; before it where it was withdrawn."""
        knowhow = self.new or self.old
        assert knowhow is not None
        return knowhow

    def changed_levels(self, markets: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
        """Usage levels before and after (2 core, 1 some, 0 hardly) of the markets where they differ."""
        old, new = ([row.usage_level(name) if row else 0 for name in markets] for row in (self.old, self.new))
        return tuple(cell for cell in zip(markets, old, new, strict=True) if cell[1] != cell[2])


@dataclass(frozen=True)
class OutlookDiff:
    """All differences between two outlooks, each kind in a deterministic order.

    `added`, `withdrawn`, `new_indicators`, `gone_indicators`, `facts` (indicator, names of the fields) go by key;
    `revised` and `forecasts` by the size of their relative change, largest first (from zero is the largest);
    `knowhow` in the order of the table, what is withdrawn last;
    `added_outlooks`, `removed_outlooks` are forecasts of others that editions brought, not those under data/;
    `flipped` and `moved` (by one whole per cent at least, same verdict) by the move of their probability.
    """

    added: tuple[SeriesFigures, ...] = ()
    revised: tuple[Revision, ...] = ()
    withdrawn: tuple[SeriesFigures, ...] = ()
    new_indicators: tuple[str, ...] = ()
    removed_indicators: tuple[str, ...] = ()
    changed_facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    flipped_calls: tuple[CallChange, ...] = ()
    moved_calls: tuple[CallChange, ...] = ()
    changed_forecasts: tuple[ForecastChange, ...] = ()
    changed_knowhow: tuple[KnowHowChange, ...] = ()
    added_outlooks: tuple[ExternalForecast, ...] = ()
    removed_outlooks: tuple[ExternalForecast, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, row.name) for row in fields(self))

    @cached_property
    def added_count(self) -> int:
        """Number of new figures, those of new series included."""
        return sum(len(row.periods) for row in self.added)

    @property
    def knowhow_counts(self) -> tuple[int, int, int]:
        """Numbers of know-how added, reassessed and withdrawn."""
        return count_by_kind((row.old is not None, row.new is not None) for row in self.changed_knowhow)

    @property
    def revised_count(self) -> int:
        """Number of revised figures."""
        return len(self.revised)

    @cached_property
    def withdrawn_count(self) -> int:
        """Number of withdrawn figures."""
        return sum(len(row.periods) for row in self.withdrawn)

    @cached_property
    def changed_series(self) -> frozenset[SeriesKey]:
        """The series with a figure added, revised or withdrawn."""
        return frozenset(row.key for rows in (self.added, self.revised, self.withdrawn) for row in rows)


def diff_outlooks(before: Outlook, after: Outlook) -> OutlookDiff:
    """The differences from `before` to `after`; falsy where there are none."""
    if before is after:
        return OutlookDiff()
    added, revised, withdrawn = diff_figures(before.panel, after.panel)
    old, new = ({key[0] for key in outlook.panel} for outlook in (before, after))
    turns = diff_calls(before.calls, after.calls)
    return OutlookDiff(
        added,
        revised,
        withdrawn,
        tuple(sorted(new - old)),
        tuple(sorted(old - new)),
        _diff_facts(before.catalogue.indicators, after.catalogue.indicators),
        tuple(row for row in turns if row.is_flipped),
        tuple(row for row in turns if not row.is_flipped),
        _diff_forecasts(before, after),
        compare_knowhow(before.catalogue.knowhow, after.catalogue.knowhow),
        _list_outlooks_only_in(after, before),
        _list_outlooks_only_in(before, after),
    )


def _list_outlooks_only_in(one: Outlook, other: Outlook) -> tuple[ExternalForecast, ...]:
    """The forecasts of others that editions brought to one outlook and not to another, by their id."""
    added, others = (outlook.catalogue.external_forecasts.added for outlook in (one, other))
    return tuple(row for name, row in sorted(added.items()) if others.get(name) != row)


def count_by_kind(there: Iterable[tuple[bool, bool]]) -> tuple[int, int, int]:
    """Numbers of additions, changes and removals among pairs of (existed before, exists after)."""
    counts = Counter(there)
    return counts[False, True], counts[True, True], counts[True, False]


def compare_knowhow(before: Mapping[str, KnowHow], after: Mapping[str, KnowHow]) -> tuple[KnowHowChange, ...]:
    """What differs between two judgements of know-how; None on the side that has none."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        KnowHowChange(before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _diff_facts(
    before: Mapping[str, Indicator], after: Mapping[str, Indicator]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    changes = []
    for name in sorted(before.keys() & after.keys()):
        old, new = before[name], after[name]
        if old != new:
            differ = (row.name for row in fields(Indicator))
            changes.append((name, tuple(row for row in differ if getattr(old, row) != getattr(new, row))))
    return tuple(changes)


def diff_calls(before: Mapping[tuple[str, int], Call], after: Mapping[tuple[str, int], Call]) -> list[CallChange]:
    """The calls whose verdict or shown probability changed, by the size of the move."""
    rows = [CallChange(*key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    rows = [row for row in rows if row.is_flipped or row.probability_percents[0] != row.probability_percents[1]]
    return sorted(rows, key=lambda row: -abs((row.probability_percents[1] or 0) - (row.probability_percents[0] or 0)))


def _diff_forecasts(before: Outlook, after: Outlook) -> tuple[ForecastChange, ...]:
    """The series of both outlooks whose forecasts differ, largest relative change of the median first."""
    changes = []
    for key in sorted(before.panel.keys() & after.panel.keys()):
        old, new = before.forecasts.get(key), after.forecasts.get(key)
        if old is new or (old is not None and new is not None and _is_close(old, new)):
            continue
        if not any(row is not None and len(row.median) for row in (old, new)):
            continue
        changes.append(_diff_forecast(key, after.panel[key].frequency, old, new))
    return tuple(sorted(changes, key=lambda row: -(abs(row.change) if row.change is not None else np.inf)))


def _is_close(old: Forecast, new: Forecast) -> bool:
    """Whether two forecasts say the same of the same periods."""
    return (old.origin, old.frequency, len(old.median)) == (new.origin, new.frequency, len(new.median)) and all(
        one is two
        or np.array_equal(one, two)
        or np.allclose(one, two, rtol=_RELATIVE_TOLERANCE, atol=0, equal_nan=True)
        for one, two in ((old.median, new.median), (old.low, new.low), (old.high, new.high))
    )


def _diff_forecast(key: SeriesKey, frequency: Frequency, old: Forecast | None, new: Forecast | None) -> ForecastChange:
    if old is None or new is None or old.frequency != new.frequency:
        return ForecastChange(key, frequency, None, None, None)
    last = min(row.origin + len(row.median) for row in (old, new))
    if last <= max(old.origin, new.origin):
        return ForecastChange(key, frequency, None, None, None)
    return ForecastChange(key, frequency, last, *(float(row.median[last - row.origin - 1]) for row in (old, new)))
