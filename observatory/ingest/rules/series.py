"""Rules on a series of a file, beside its published past: each is given a Series."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from observatory import settings
from observatory.catalogue.periods import ordinal, period
from observatory.ingest.decode.units import differs
from observatory.ingest.figures.rows import Fault, Row
from observatory.ingest.figures.series import Leap, Series


def duplicate_period(series: Series) -> Iterator[Fault]:
    """A period must not have two values."""
    for row, first in _again(series):
        if row.number.value != first.number.value:
            yield _twice(row, first)


def repeated_row(series: Series) -> Iterator[Fault]:
    """A period should stand in a file once, even with the same value."""
    for row, first in _again(series):
        if row.number.value == first.number.value:
            yield _twice(row, first)


def new_series(series: Series) -> Iterable[Fault]:
    """A place or an item that an indicator has never had is new, or a slip of the pen."""
    if not series.judged or series.history is not None or not series.siblings:
        return ()
    row, names = series.rows[0], series.rows[0].frame.names
    return (row.fault("item" if series.key[2] else "geo", **names.titles(*series.key[1:])),)


def gap(series: Series) -> Iterator[Fault]:
    """Once published, a series should have no hole that it does not have today and that nobody declared."""
    if not series.judged:
        return
    declared = {
        number
        for row in series.indicator.gaps
        if (row.geo, row.item) == series.key[1:]
        for number in range(ordinal(row.first), ordinal(row.last) + 1)
    }
    for before, after in pairwise(series.line):
        lacking = [number for number in range(before + 1, after) if number not in declared]
        row = series.first_rows.get(after) or series.first_rows.get(before)
        if lacking and row is not None and not (before in series.past and after in series.past):
            first, last = (period(number, series.frequency) for number in (lacking[0], lacking[-1]))
            yield row.fault("period", first=first, last=last)


def factor_1000(series: Series) -> Iterator[Fault]:
    """A value about a thousand or a million times the one before is in another unit, most of the time."""
    for leap in series.leaps:
        if leap.factor and not leap.down:
            yield _other_unit(series, leap)


def fraction_1000(series: Series) -> Iterator[Fault]:
    """A value about a thousand or a million times smaller than the one before: likewise."""
    for leap in series.leaps:
        if leap.factor and leap.down:
            yield _other_unit(series, leap)


def jump(series: Series) -> Iterator[Fault]:
    """A change beyond the largest one that the series has known is worth a second look."""
    for leap in series.leaps:
        if not leap.factor:
            change = leap.row.number.value / leap.value_before - 1
            before = period(leap.before, series.frequency)
            largest = math.expm1(leap.largest) if not leap.down else math.expm1(-leap.largest)
            yield leap.row.fault("value", period=before, before=leap.value_before, change=change, largest=largest)


def sign_change(series: Series) -> Iterator[Fault]:
    """A value of a sign that a long series has never had is a slip, most of the time."""
    past = series.past.values()
    if len(past) < settings.MINIMUM_POINTS:
        return
    for sign in (1, -1):
        if all(value * sign >= 0 for value in past) and any(value * sign > 0 for value in past):
            for row in series.first_rows.values():
                if row.number.value * sign < 0:
                    yield row.fault("value", times=len(past))


def other_unit(series: Series) -> Iterable[Fault]:
    """A unit that the file says (in brackets, in a column) should be that of the catalogue, or thousands go wrong."""
    row = next((row for row in series.rows if differs(row.unit, series.indicator)), None)
    if row is None:
        return ()
    unit = {"unit_fr": series.indicator.unit_fr, "unit_en": series.indicator.unit_en}
    return (row.fault("value", said=row.unit, **unit),)


def zero(series: Series) -> Iterator[Fault]:
    """A zero in a long series that has never had one stands for a missing value, most of the time."""
    if len(series.past) < settings.MINIMUM_POINTS or not all(series.past.values()):
        return
    for row in series.first_rows.values():
        if row.number.value == 0:
            yield row.fault("value", times=len(series.past))


def unchanged(series: Series) -> Iterator[Fault]:
    """A value repeated more often than the series has ever done was copied down, most of the time."""
    if series.history is None:
        return
    usual = max((len(run) for run in _runs(series.past.items())), default=0)
    for run in _runs(series.line.items()):
        if len(run) >= settings.UNCHANGED_RUN and len(run) > usual:
            last = max((number for number in run if number in series.first_rows), default=None)
            if last is not None:
                yield series.first_rows[last].fault("value", times=len(run))


def revision(series: Series) -> Iterator[Fault]:
    """A published value that a file changes by much is revised on purpose, or by mistake."""
    for number, row in series.first_rows.items():
        old, new = series.past.get(number), row.number.value
        if old is not None and abs(new - old) > settings.REVISION * abs(old):
            yield row.fault("value", period=row.when.period, before=old)


def _again(series: Series) -> Iterator[tuple[Row, Row]]:
    """Each row whose period stands above already, with the first row that has it."""
    if len(series.first_rows) == len(series.rows):
        return
    for row in series.rows:
        first = series.first_rows[ordinal(row.when.period)]
        if row is not first:
            yield row, first


def _twice(row: Row, first: Row) -> Fault:
    return row.fault("period", period=row.when.period, other=first.line, value_other=first.number.value)


def _other_unit(series: Series, leap: Leap) -> Fault:
    unit = {"unit_fr": series.indicator.unit_fr, "unit_en": series.indicator.unit_en}
    return leap.row.fault("value", factor=leap.factor, **unit)


def _runs(points: Iterable[tuple[int, float]]) -> list[Sequence[int]]:
    """The ordinals of equal values in a row."""
    return [[number for number, _value in group] for _value, group in groupby(points, key=lambda point: point[1])]
