"""Multipliers: the power of ten that a file says of its figures, compared with the unit of the indicator."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import period_to_ordinal
from observatory.ingest.decode.heads import is_head, parse_power
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.table import format_cell
from observatory.ingest.decode.units import find_leading_power, is_amount
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.rows import NO_MULTIPLIER, FigureRow, Multiplier
from observatory.language import MAX_MAGNITUDE
from observatory.timeseries import SeriesKey, TimeSeries

_MAX_PLAUSIBLE_RATIO = 5.0  # of a value to its neighbour in time
_MIN_IMPLAUSIBLE_RATIO = 100.0


def find_multiplier_columns(context: TableContext) -> tuple[int, ...]:
    """The columns of multipliers that are not read as anything else."""
    return tuple(
        column for column in context.layout.ignored_columns if is_head(context.header_text(column), "multipliers")
    )


def apply_multipliers(
    context: TableContext, rows: Sequence[FigureRow], published: Mapping[SeriesKey, TimeSeries]
) -> tuple[str, ...]:
    """Scales the figures whose file says another power of ten than the unit of their indicator.

    Returns what was scaled and by how much, for the report. What nothing settles stays, with its problem.
    """
    columns = find_multiplier_columns(context)
    scaled: dict[str, None] = {}
    for row in rows:
        if row.indicator is None or row.number.kind != "number":
            continue
        row.multiplier = _read_multiplier(row, row.indicator, columns)
        if row.multiplier.problem or not row.multiplier.shift:
            continue
        row.multiplier = _compare_with_history(row, row.indicator, published)
        if not row.multiplier.problem:
            row.number = _scale(row.number, row.multiplier.shift)
            name = f"{row.multiplier.header} = {row.multiplier.text}".removeprefix(" = ")
            scaled[f"{name}: ×10^{row.multiplier.shift}"] = None
    return tuple(scaled)


def _read_multiplier(row: FigureRow, indicator: Indicator, columns: Sequence[int]) -> Multiplier:
    """The multiplier of a row and the shift that it asks for, before its history is asked."""
    own_power, unit_power = find_leading_power(indicator.unit_en), find_leading_power(row.unit_text)
    said = [(column, format_cell(row.cells[column])) for column in columns]
    said = [(column, text) for column, text in said if text]
    powers = {parse_power(text) for _column, text in said}
    if not said:
        is_same = not unit_power or unit_power == own_power or not is_amount(indicator)
        return NO_MULTIPLIER if is_same else Multiplier(row.unit_text, "", unit_power - own_power)
    column, text = next(((column, text) for column, text in said if parse_power(text) != 0), said[0])
    header = row.context.header_text(column)
    if None in powers:
        return Multiplier(text, header, 0, "unknown")
    if powers == {0}:
        return NO_MULTIPLIER
    power = next(power for power in powers if power)
    if len(powers) > 1 or (unit_power and unit_power != power):
        return Multiplier(text, header, 0, "unsettled")
    return Multiplier(text, header, power - own_power)


def _compare_with_history(
    row: FigureRow, indicator: Indicator, published: Mapping[SeriesKey, TimeSeries]
) -> Multiplier:
    """The multiplier as the unit and the nearest published value settle it."""
    vote = _find_vote(row, indicator, published)
    if vote == "raw":
        return row.multiplier._replace(problem="contradicted")
    if not is_amount(indicator) and vote != "scaled":
        return row.multiplier._replace(problem="unsettled")
    return row.multiplier


def _find_vote(
    row: FigureRow, indicator: Indicator, published: Mapping[SeriesKey, TimeSeries]
) -> Literal["", "raw", "scaled"]:
    """Which of the figure as written and the figure as scaled fits the nearest published value; "" if neither."""
    history = None if row.geo is None or row.item is None else published.get((indicator.id, row.geo, row.item))
    if history is None or row.period_cell.kind != "period" or history.frequency != row.period_cell.frequency:
        return ""
    observed = np.flatnonzero(np.isfinite(history.values) & (history.values != 0))
    if not observed.size or not row.number.value:
        return ""
    index = period_to_ordinal(row.period_cell.period) - history.first
    nearest = abs(float(history.values[observed[np.abs(observed - index).argmin()]]))
    raw, scaled = (
        max(ratio, 1 / ratio)
        for ratio in (abs(row.number.value) * 10.0**shift / nearest for shift in (0, row.multiplier.shift))
    )
    if raw <= _MAX_PLAUSIBLE_RATIO and scaled >= _MIN_IMPLAUSIBLE_RATIO:
        return "raw"
    return "scaled" if scaled <= _MAX_PLAUSIBLE_RATIO and raw >= _MIN_IMPLAUSIBLE_RATIO else ""


def _scale(number: ParsedNumber, shift: int) -> ParsedNumber:
    """A number times a power of ten, exact in its decimal digits."""
    value = float(Decimal(repr(number.value)).scaleb(shift))
    return number._replace(kind="number" if abs(value) <= MAX_MAGNITUDE else "huge", value=value)
