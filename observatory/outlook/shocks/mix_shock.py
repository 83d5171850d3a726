"""Deepest past shock of a mix of markets, from the monthly paths that a study stores. An analogy, not a forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from observatory.outlook.shocks.paths import measure_drawdown, mix_paths
from observatory.outlook.study_parts import PastShock
from observatory.timeseries import FloatArray


@dataclass(frozen=True, repr=False)
class MixDrawdown:
    """A past shock on a mix: its start (ISO), the share lost, months to the trough and back, the share of the mix.

    `months_back` is None where the level was not reached again.
    """

    start: str
    depth: float
    months_down: int
    months_back: int | None
    covered_share: float


@dataclass(frozen=True, repr=False)
class ShockReplay:
    """A past shock on a mix: its monthly path, its drawdown, the share that it covers, the markets without a path.

    `drawdown` is the depth as a share of the level at the start, months from there to the trough, months from the
    trough back to that level (None if not recovered). The path is empty if no market of the mix has one.
    """

    start: str  # ISO
    path: FloatArray
    drawdown: tuple[float, int, int | None] | None
    covered_share: float
    missing_markets: tuple[str, ...]


def find_deepest_shock(shocks: Sequence[PastShock], shares: Mapping[str, float]) -> MixDrawdown | None:
    """The shock that took most from a mix, among those that most of the mix lived through; None without any."""
    rows = [row for shock in shocks if (row := _measure_shock(shock, shares)) is not None]
    return max(rows, key=lambda row: (row.covered_share, row.depth), default=None)


def _measure_shock(shock: PastShock, shares: Mapping[str, float]) -> MixDrawdown | None:
    replay = replay_shock(shock, shares)
    if replay is None or replay.drawdown is None:
        return None
    return MixDrawdown(shock.start, *replay.drawdown, replay.covered_share)


def replay_shock(shock: PastShock, shares: Mapping[str, float]) -> ShockReplay | None:
    """A past shock on a mix; None in a study from before paths were stored."""
    if not shock.has_paths:
        return None
    paths = {
        name: past.monthly_path
        for name in shares
        if (past := shock.markets.get(name)) is not None and past.monthly_path
    }
    covered = sum(shares[name] for name in paths)
    missing = tuple(name for name in shares if name not in paths)
    if not covered:
        return ShockReplay(shock.start, np.empty(0), None, 0.0, missing)
    path = mix_paths(paths, {name: shares[name] / covered for name in paths})
    return ShockReplay(shock.start, path, measure_drawdown(path), covered, missing)
