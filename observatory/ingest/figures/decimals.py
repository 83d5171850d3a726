"""The decimal sign of a file: chosen, or settled by its numbers, its separator or the past of its series."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from observatory.catalogue.periods import period_to_ordinal
from observatory.ingest.decode import numbers
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.figures.rows import FigureRow
from observatory.timeseries import SeriesKey, TimeSeries

_MAX_PLAUSIBLE_RATIO = 5.0  # a reading within this factor of its neighbours can be right
_MIN_IMPLAUSIBLE_RATIO = 100.0  # one that is off by this factor cannot


class DecimalDecision(NamedTuple):
    """A decimal sign, and by what it was settled; both empty if no number needs one, "?" if nothing settles it."""

    separator: DecimalSeparator | None
    decided_by: Literal["", "choice", "column", "separator", "history", "?"]


def resolve_decimals(
    rows: Sequence[FigureRow], choice: str, separator: str, published: Mapping[SeriesKey, TimeSeries]
) -> DecimalDecision:
    """Reads the values of all rows, once the decimal sign of the file is settled."""
    settled = _decide_separator(rows, choice, separator, published)
    for row in rows:
        row.number = numbers.resolve_number(row.cells[row.column], row.candidates, settled.separator)
    return settled


def _decide_separator(
    rows: Sequence[FigureRow], choice: str, separator: str, published: Mapping[SeriesKey, TimeSeries]
) -> DecimalDecision:
    if choice:
        return DecimalDecision("," if choice == "," else ".", "choice")
    seen = numbers.count_separator_evidence(row.candidates for row in rows)
    open_ = [row for row in rows if row.candidates is not None and row.candidates.is_ambiguous]
    if seen[","] or seen["."]:
        most: DecimalSeparator = "," if seen[","] > seen["."] else "."
        votes = _collect_votes(open_, published)
        return DecimalDecision(None, "?") if votes and most not in votes else DecimalDecision(most, "column")
    if not open_:
        return DecimalDecision(None, "")
    if separator == "," and not any("," in str(row.cells[row.column]) for row in open_):
        return DecimalDecision(".", "separator")  # a decimal comma would have had to be quoted
    votes = _collect_votes(open_, published)
    if len(votes) == 1:
        return DecimalDecision(votes.pop(), "history")
    return DecimalDecision(None, "?")


def _collect_votes(rows: Sequence[FigureRow], published: Mapping[SeriesKey, TimeSeries]) -> set[DecimalSeparator]:
    """What the past of their series says of numbers that can be read in two ways."""
    return {vote for row in rows if (vote := _compare_with_history(row, published)) is not None}


def _compare_with_history(row: FigureRow, published: Mapping[SeriesKey, TimeSeries]) -> DecimalSeparator | None:
    """The reading that fits the nearest value known of the series where the other is far off."""
    if row.indicator is None or row.geo is None or row.item is None or row.period_cell.kind != "period":
        return None
    history = published.get(row.series_key)
    if history is None or history.frequency != row.period_cell.frequency or row.candidates is None:
        return None
    places = np.flatnonzero(np.isfinite(history.values) & (history.values != 0))
    if not places.size:
        return None
    place = period_to_ordinal(row.period_cell.period) - history.first
    near = abs(float(history.values[places[np.abs(places - place).argmin()]]))
    comma, point = (_compute_ratio(value, near) for value in row.candidates[:2])
    if comma <= _MAX_PLAUSIBLE_RATIO and point >= _MIN_IMPLAUSIBLE_RATIO:
        return ","
    return "." if point <= _MAX_PLAUSIBLE_RATIO and comma >= _MIN_IMPLAUSIBLE_RATIO else None


def _compute_ratio(value: float | None, neighbour: float) -> float:
    """The factor between a value and its neighbour, at least 1."""
    if not value:
        return float("inf")
    ratio = abs(value) / neighbour
    return max(ratio, 1 / ratio) if ratio else float("inf")
