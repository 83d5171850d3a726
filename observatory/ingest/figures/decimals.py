"""The decimal sign of a file: chosen, or settled by its numbers, its separator or the past of its series."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from observatory.catalogue.periods import ordinal
from observatory.ingest.decode import numbers
from observatory.ingest.decode.numbers import Decimal
from observatory.ingest.figures.rows import Row
from observatory.timeseries import History, Key

_FITS = 5.0  # a reading within this factor of its neighbours can be right
_STRAY = 100.0  # one that is off by this factor cannot


class Settled(NamedTuple):
    """A decimal sign, and by what it was settled; both empty if no number needs one, "?" if nothing settles it."""

    decimal: Decimal | None
    by: Literal["", "choice", "column", "separator", "history", "?"]


def settle(rows: Sequence[Row], choice: str, separator: str, known: Mapping[Key, History]) -> Settled:
    """Reads the values of all rows, once the decimal sign of the file is settled."""
    settled = _settled(rows, choice, separator, known)
    for row in rows:
        row.number = numbers.number(row.cells[row.place], row.found, settled.decimal)
    return settled


def _settled(rows: Sequence[Row], choice: str, separator: str, known: Mapping[Key, History]) -> Settled:
    if choice:
        return Settled("," if choice == "," else ".", "choice")
    seen = numbers.evidence(row.found for row in rows)
    open_ = [row for row in rows if row.found is not None and row.found.open]
    if seen[","] or seen["."]:
        most: Decimal = "," if seen[","] > seen["."] else "."
        votes = _votes(open_, known)
        return Settled(None, "?") if votes and most not in votes else Settled(most, "column")
    if not open_:
        return Settled(None, "")
    if separator == "," and not any("," in str(row.cells[row.place]) for row in open_):
        return Settled(".", "separator")  # a decimal comma would have had to be quoted
    votes = _votes(open_, known)
    if len(votes) == 1:
        return Settled(votes.pop(), "history")
    return Settled(None, "?")


def _votes(rows: Sequence[Row], known: Mapping[Key, History]) -> set[Decimal]:
    """What the past of their series says of numbers that can be read in two ways."""
    return {vote for row in rows if (vote := _vote(row, known)) is not None}


def _vote(row: Row, known: Mapping[Key, History]) -> Decimal | None:
    """The reading that fits the nearest value known of the series where the other is far off."""
    if row.indicator is None or row.geo is None or row.item is None or row.when.kind != "period":
        return None
    history = known.get(row.key)
    if history is None or history.frequency != row.when.frequency or row.found is None:
        return None
    places = np.flatnonzero(np.isfinite(history.values) & (history.values != 0))
    if not places.size:
        return None
    place = ordinal(row.when.period) - history.first
    near = abs(float(history.values[places[np.abs(places - place).argmin()]]))
    comma, point = (_distance(value, near) for value in row.found[:2])
    if comma <= _FITS and point >= _STRAY:
        return ","
    return "." if point <= _FITS and comma >= _STRAY else None


def _distance(value: float | None, near: float) -> float:
    """The factor between a value and its neighbour, at least 1."""
    if not value:
        return float("inf")
    ratio = abs(value) / near
    return max(ratio, 1 / ratio) if ratio else float("inf")
