"""Decimal separator of a file: chosen, or inferred from its numbers, its field separator or published histories."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from observatory.catalogue.periods import period_to_ordinal
from observatory.ingest.decode import numbers
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.figures.rows import FigureRow
from observatory.timeseries import SeriesKey, TimeSeries

_MAX_PLAUSIBLE_RATIO = 5.0  # of a value to its neighbour in time
_MIN_IMPLAUSIBLE_RATIO = 100.0  # of a value to its neighbour in time


class DecimalDecision(NamedTuple):
    """A decimal separator and what decided it; both empty if no number needs one, "?" if it is undecided."""

    separator: DecimalSeparator | None
    decided_by: Literal["", "choice", "column", "separator", "history", "?"]


def resolve_decimals(
    rows: Sequence[FigureRow], choice: str, separator: str, published: Mapping[SeriesKey, TimeSeries]
) -> DecimalDecision:
    """Decides the decimal separator of a file and sets the number of every row."""
    decision = _decide_separator(rows, choice, separator, published)
    for row in rows:
        row.number = numbers.resolve_number(row.cells[row.column], row.candidates, decision.separator)
    return decision


def _decide_separator(
    rows: Sequence[FigureRow], choice: str, separator: str, published: Mapping[SeriesKey, TimeSeries]
) -> DecimalDecision:
    if choice:
        return DecimalDecision("," if choice == "," else ".", "choice")
    evidence = numbers.count_separator_evidence(row.candidates for row in rows)
    ambiguous = [row for row in rows if row.candidates is not None and row.candidates.is_ambiguous]
    if evidence[","] or evidence["."]:
        majority: DecimalSeparator = "," if evidence[","] > evidence["."] else "."
        votes = _collect_votes(ambiguous, published)
        return DecimalDecision(None, "?") if votes and majority not in votes else DecimalDecision(majority, "column")
    if not ambiguous:
        return DecimalDecision(None, "")
    if separator == "," and not any("," in str(row.cells[row.column]) for row in ambiguous):
        return DecimalDecision(".", "separator")  # a decimal comma would be quoted
    votes = _collect_votes(ambiguous, published)
    if len(votes) == 1:
        return DecimalDecision(votes.pop(), "history")
    return DecimalDecision(None, "?")


def _collect_votes(rows: Sequence[FigureRow], published: Mapping[SeriesKey, TimeSeries]) -> set[DecimalSeparator]:
    """The separators for which the histories of ambiguous numbers vote."""
    return {vote for row in rows if (vote := _compare_with_history(row, published)) is not None}


def _compare_with_history(row: FigureRow, published: Mapping[SeriesKey, TimeSeries]) -> DecimalSeparator | None:
    """The separator whose value fits the nearest published one while that of the other is implausible."""
    if row.indicator is None or row.geo is None or row.item is None or row.period_cell.kind != "period":
        return None
    history = published.get(row.series_key)
    if history is None or history.frequency != row.period_cell.frequency or row.candidates is None:
        return None
    observed_indices = np.flatnonzero(np.isfinite(history.values) & (history.values != 0))
    if not observed_indices.size:
        return None
    index = period_to_ordinal(row.period_cell.period) - history.first
    nearest_value = abs(float(history.values[observed_indices[np.abs(observed_indices - index).argmin()]]))
    comma_ratio, point_ratio = (_compute_ratio(value, nearest_value) for value in row.candidates[:2])
    if comma_ratio <= _MAX_PLAUSIBLE_RATIO and point_ratio >= _MIN_IMPLAUSIBLE_RATIO:
        return ","
    return "." if point_ratio <= _MAX_PLAUSIBLE_RATIO and comma_ratio >= _MIN_IMPLAUSIBLE_RATIO else None


def _compute_ratio(value: float | None, neighbour: float) -> float:
    """The factor between a value and its neighbour, at least 1."""
    if not value:
        return float("inf")
    ratio = abs(value) / neighbour
    return max(ratio, 1 / ratio) if ratio else float("inf")
