"""Rules on a series of a file and its published history: each takes a FileSeries."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from observatory import settings
from observatory.catalogue.periods import ordinal_to_period, period_to_ordinal
from observatory.ingest.decode.units import is_currency_mismatch, is_unit_mismatch
from observatory.ingest.figures.context import Violation
from observatory.ingest.figures.rows import FigureRow
from observatory.ingest.figures.series import FileSeries, ValueJump


def duplicate_period(series: FileSeries) -> Iterator[Violation]:
    """A period must not have two values."""
    for row, first in _iterate_repeats(series):
        if row.number.value != first.number.value:
            yield _repeat_violation(row, first)


def repeated_row(series: FileSeries) -> Iterator[Violation]:
    """A period should stand in a file once, even with the same value."""
    for row, first in _iterate_repeats(series):
        if row.number.value == first.number.value:
            yield _repeat_violation(row, first)


def new_series(series: FileSeries) -> Iterable[Violation]:
    """A place or an item that an indicator has never had is new, or a slip of the pen."""
    if not series.has_baseline or series.history is not None or not series.has_siblings:
        return ()
    row, names = series.rows[0], series.rows[0].context.name_index
    return (row.build_violation("item" if series.key[2] else "geo", **names.get_titles(*series.key[1:])),)


def gap(series: FileSeries) -> Iterator[Violation]:
    """Once published, a series should have no hole that it does not have today and that nobody declared."""
    if not series.has_baseline:
        return
    declared = {
        number
        for row in series.indicator.gaps
        if (row.geo, row.item) == series.key[1:]
        for number in range(period_to_ordinal(row.first), period_to_ordinal(row.last) + 1)
    }
    for before, after in pairwise(series.merged_values):
        absent = [number for number in range(before + 1, after) if number not in declared]
        row = series.first_rows.get(after) or series.first_rows.get(before)
        if absent and row is not None and not (before in series.published_values and after in series.published_values):
            first, last = (ordinal_to_period(number, series.frequency) for number in (absent[0], absent[-1]))
            yield row.build_violation("period", first=first, last=last)


def factor_1000(series: FileSeries) -> Iterator[Violation]:
    """A value about a thousand or a million times the one before is in another unit, most of the time."""
    for value_jump in series.jumps:
        if value_jump.factor and not value_jump.is_decrease:
            yield _unit_violation(series, value_jump)


def fraction_1000(series: FileSeries) -> Iterator[Violation]:
    """A value about a thousand or a million times smaller than the one before: likewise."""
    for value_jump in series.jumps:
        if value_jump.factor and value_jump.is_decrease:
            yield _unit_violation(series, value_jump)


def jump(series: FileSeries) -> Iterator[Violation]:
    """A change beyond the largest one that the series has known is worth a second look."""
    for value_jump in series.jumps:
        if not value_jump.factor:
            change = value_jump.row.number.value / value_jump.previous_value - 1
            before = ordinal_to_period(value_jump.previous_ordinal, series.frequency)
            largest = (
                math.expm1(value_jump.largest_past_change)
                if not value_jump.is_decrease
                else math.expm1(-value_jump.largest_past_change)
            )
            yield value_jump.row.build_violation(
                "value", period=before, before=value_jump.previous_value, change=change, largest=largest
            )


def sign_change(series: FileSeries) -> Iterator[Violation]:
    """A value of a sign that a long series has never had is a slip, most of the time."""
    past = series.published_values.values()
    if len(past) < settings.MIN_OBSERVATIONS:
        return
    for sign in (1, -1):
        if all(value * sign >= 0 for value in past) and any(value * sign > 0 for value in past):
            for row in series.first_rows.values():
                if row.number.value * sign < 0:
                    yield row.build_violation("value", times=len(past))


def other_unit(series: FileSeries) -> Iterable[Violation]:
    """A unit that the file says (in brackets, in a column) should be that of the catalogue, its power of ten aside."""
    row = next(
        (
            row
            for row in series.rows  # a power of ten that the figure was scaled by is no longer another one
            if (is_currency_mismatch if row.multiplier.text else is_unit_mismatch)(row.unit_text, series.indicator)
        ),
        None,
    )
    if row is None:
        return ()
    unit = {"unit_fr": series.indicator.unit_fr, "unit_en": series.indicator.unit_en}
    return (row.build_violation("value", said=row.unit_text, **unit),)


def zero(series: FileSeries) -> Iterator[Violation]:
    """A zero in a long series that has never had one stands for a missing value, most of the time."""
    if len(series.published_values) < settings.MIN_OBSERVATIONS or not all(series.published_values.values()):
        return
    for row in series.first_rows.values():
        if row.number.value == 0:
            yield row.build_violation("value", times=len(series.published_values))


def unchanged(series: FileSeries) -> Iterator[Violation]:
    """A value repeated more often than the series has ever done was copied down, most of the time."""
    if series.history is None:
        return
    usual = max((len(run) for run in _find_equal_runs(series.published_values.items())), default=0)
    for run in _find_equal_runs(series.merged_values.items()):
        if len(run) >= settings.MIN_UNCHANGED_RUN and len(run) > usual:
            last = max((number for number in run if number in series.first_rows), default=None)
            if last is not None:
                yield series.first_rows[last].build_violation("value", times=len(run))


def revision(series: FileSeries) -> Iterator[Violation]:
    """A published value that a file changes by much is revised on purpose, or by mistake."""
    for number, row in series.first_rows.items():
        old, new = series.published_values.get(number), row.number.value
        if old is not None and abs(new - old) > settings.REVISION_THRESHOLD * abs(old):
            yield row.build_violation("value", period=row.period_cell.period, before=old)


def _iterate_repeats(series: FileSeries) -> Iterator[tuple[FigureRow, FigureRow]]:
    """Each row that repeats a period, with the first row of that period."""
    if len(series.first_rows) == len(series.rows):
        return
    for row in series.rows:
        first = series.first_rows[period_to_ordinal(row.period_cell.period)]
        if row is not first:
            yield row, first


def _repeat_violation(row: FigureRow, first: FigureRow) -> Violation:
    return row.build_violation(
        "period", period=row.period_cell.period, other=first.line, value_other=first.number.value
    )


def _unit_violation(series: FileSeries, value_jump: ValueJump) -> Violation:
    unit = {"unit_fr": series.indicator.unit_fr, "unit_en": series.indicator.unit_en}
    return value_jump.row.build_violation("value", factor=value_jump.factor, **unit)


def _find_equal_runs(points: Iterable[tuple[int, float]]) -> list[Sequence[int]]:
    """Runs of consecutive equal values, as ordinals."""
    return [[number for number, _value in group] for _value, group in groupby(points, key=lambda point: point[1])]
