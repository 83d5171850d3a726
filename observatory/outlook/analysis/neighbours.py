"""Neighbouring markets of a mix: those that use its know-how, ranked by three components that pages show.

First our call, then how close the market is, then what our calls on it were worth: never one score made of the three.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from observatory.catalogue.models import KnowHow
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

_CLOSE_FROM, _SOME_FROM = (
    2 / 3,
    2 / 5,
)  # of the know-how of the mix that a market uses: from there close, from there partly
CALL_RANKS = {name: place for place, name in enumerate(("growing", "flat", "unclear", "shrinking"))}
_CORE_LEVEL = 2  # of a know-how at the core of a market; the highest
MIN_JUDGED_CALLS = 10  # judged "growing" calls; fewer make no record


@dataclass(frozen=True, repr=False)
class NeighbourMarket:
    """A market outside the mix: its call, its closeness (0 to 1), the shared know-how, the track record there.

    `right_calls` of `growing_calls` in the backtest came true; `base_rate` is how often markets grew anyway.
    """

    market: str
    call: Call
    closeness: float
    shared_knowhow: tuple[KnowHow, ...]
    right_calls: int
    growing_calls: int
    base_rate: float


def compute_closeness(knowhow: Sequence[KnowHow], shares: Mapping[str, float], market: str) -> float:
    """Closeness of a market to a mix: sum of the smaller of both usage levels, over the sum of the mix's own levels.

    Each market of the mix counts with its share.
    """
    total = sum(shares.values())
    closeness = 0.0
    for name, share in shares.items():
        own = sum(row.usage_level(name) for row in knowhow)
        common = sum(min(row.usage_level(name), row.usage_level(market)) for row in knowhow)
        closeness += share / total * common / own if own else 0.0
    return closeness


def compute_use(knowhow: Sequence[KnowHow], market: str) -> float:
    """How much a market uses what a firm can do: the mean of its usage levels, 1 if all is at its core."""
    return sum(row.usage_level(market) for row in knowhow) / (_CORE_LEVEL * len(knowhow))


def classify_closeness(value: float) -> str:
    """The class of a closeness: "close", "some" or "far"."""
    return "close" if value >= _CLOSE_FROM else "some" if value >= _SOME_FROM else "far"


def _select_shared(knowhow: Sequence[KnowHow], shares: Mapping[str, float], market: str) -> tuple[KnowHow, ...]:
    """The know-how that both the mix and a market use, that at the core of both first."""
    both = [(max(row.usage_level(name) for name in shares), row) for row in knowhow if row.usage_level(market)]
    shared = [(mine + row.usage_level(market), row) for mine, row in both if mine]
    return tuple(row for _weight, row in sorted(shared, key=lambda pair: -pair[0]))


def rank_neighbours(
    outlook: Outlook, shares: Mapping[str, float], horizon: int, chosen: Collection[str] = ()
) -> tuple[NeighbourMarket, ...]:
    """The markets outside a mix by rank; none for an empty mix, or in an edition without an assessment of know-how.

    `chosen` are the ids of what the firm says that it can do. Without any it is what the markets of its mix use.
    """
    if not shares or not outlook.knowhow:
        return ()
    own = [row for row in outlook.knowhow if row.id in chosen]
    neighbours = [
        _build_neighbour(outlook, shares, own, name, horizon)
        for name in outlook.catalogue.markets
        if name not in shares and (name, horizon) in outlook.calls
    ]
    return tuple(sorted(neighbours, key=_rank_key))


def find_reordered(before: Outlook, after: Outlook) -> tuple[str, ...]:
    """The markets whose neighbours change order, at one horizon at least, for a firm that serves that market alone."""
    return tuple(name for name in after.catalogue.markets if _rank_order(before, name) != _rank_order(after, name))


def _rank_order(outlook: Outlook, market: str) -> list[list[tuple[str, bool]]]:
    """By horizon: the neighbours of a market, and which are too far to be ranked."""
    rankings = (rank_neighbours(outlook, {market: 1.0}, horizon) for horizon in HORIZONS)
    return [[(row.market, classify_closeness(row.closeness) == "far") for row in rows] for rows in rankings]


def _build_neighbour(
    outlook: Outlook, shares: Mapping[str, float], own: Sequence[KnowHow], market: str, horizon: int
) -> NeighbourMarket:
    right, called, base = outlook.growing_record[market]
    if own:
        closeness = compute_use(own, market)
        used = sorted((row for row in own if row.usage_level(market)), key=lambda row: -row.usage_level(market))
    else:
        closeness = compute_closeness(outlook.knowhow, shares, market)
        used = list(_select_shared(outlook.knowhow, shares, market))
    return NeighbourMarket(market, outlook.calls[market, horizon], closeness, tuple(used), right, called, base)


def _rank_key(row: NeighbourMarket) -> tuple[float, ...]:
    near = ("close", "some", "far").index(classify_closeness(row.closeness))
    gain = row.right_calls / row.growing_calls - row.base_rate if row.growing_calls >= MIN_JUDGED_CALLS else -1.0
    return near == 2, CALL_RANKS[row.call.call], near, -gain, -(row.call.probability_clear or 0.0)
