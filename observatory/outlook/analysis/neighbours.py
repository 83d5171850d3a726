"""Neighbouring markets of a mix: those that its know-how serves too, ranked by three parts that are all shown.

First our call, then how close the market is, then what our calls on it were worth: never one score made of the three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.catalogue.models import KnowHow
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

CLOSE, SOME = 2 / 3, 2 / 5  # of the know-how of the mix that a market uses: from there close, from there partly
CALLS = {name: place for place, name in enumerate(("growing", "flat", "unclear", "shrinking"))}
FEWEST = 10  # judged "growing" calls from which a record says something


@dataclass(frozen=True, repr=False)
class Neighbour:
    """A market that the mix is not in: its call, its closeness (0 to 1), the know-how in common, our record there.

    `right` of `said` "growing" calls of the replay came true; `base` is how often that came anyway.
    """

    market: str
    call: Call
    closeness: float
    shared: tuple[KnowHow, ...]
    right: int
    said: int
    base: float


def closeness(knowhow: Sequence[KnowHow], shares: Mapping[str, float], market: str) -> float:
    """The part of a mix's know-how that a market uses as much: sum of the smaller levels over that of the mix's own.

    Each market of the mix counts with its share.
    """
    total = sum(shares.values())
    found = 0.0
    for name, share in shares.items():
        own = sum(row.level(name) for row in knowhow)
        common = sum(min(row.level(name), row.level(market)) for row in knowhow)
        found += share / total * common / own if own else 0.0
    return found


def nearness(value: float) -> str:
    """A closeness as one of three words: "close", "some" or "far"."""
    return "close" if value >= CLOSE else "some" if value >= SOME else "far"


def shared(knowhow: Sequence[KnowHow], shares: Mapping[str, float], market: str) -> tuple[KnowHow, ...]:
    """The know-how that both the mix and a market use, what is at the core of both first."""
    both = [(max(row.level(name) for name in shares), row) for row in knowhow if row.level(market)]
    found = [(mine + row.level(market), row) for mine, row in both if mine]
    return tuple(row for _weight, row in sorted(found, key=lambda pair: -pair[0]))


def neighbours(outlook: Outlook, shares: Mapping[str, float], horizon: int) -> tuple[Neighbour, ...]:
    """The markets that a mix is not in, in their rank; none without a mix, or in an edition without the matrix."""
    if not shares or not outlook.knowhow:
        return ()
    found = [
        _neighbour(outlook, shares, name, horizon)
        for name in outlook.catalogue.markets
        if name not in shares and (name, horizon) in outlook.calls
    ]
    return tuple(sorted(found, key=_rank))


def reordered(before: Outlook, after: Outlook) -> tuple[str, ...]:
    """The markets whose neighbours come otherwise, for one horizon at least, to a firm that serves them alone."""
    return tuple(name for name in after.catalogue.markets if _order(before, name) != _order(after, name))


def _order(outlook: Outlook, market: str) -> list[list[tuple[str, bool]]]:
    """By horizon: the neighbours of a market, and which are too far to be ranked."""
    found = (neighbours(outlook, {market: 1.0}, horizon) for horizon in HORIZONS)
    return [[(row.market, nearness(row.closeness) == "far") for row in rows] for rows in found]


def _neighbour(outlook: Outlook, shares: Mapping[str, float], market: str, horizon: int) -> Neighbour:
    right, said, base = outlook.growing[market]
    return Neighbour(
        market,
        outlook.calls[market, horizon],
        closeness(outlook.knowhow, shares, market),
        shared(outlook.knowhow, shares, market),
        right,
        said,
        base,
    )


def _rank(row: Neighbour) -> tuple[float, ...]:
    near = ("close", "some", "far").index(nearness(row.closeness))
    gain = row.right / row.said - row.base if row.said >= FEWEST else -1.0
    return near == 2, CALLS[row.call.call], near, -gain, -(row.call.probability_clear or 0.0)
