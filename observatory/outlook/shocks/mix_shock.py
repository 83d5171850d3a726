"""Deepest past shock of a mix of markets, from the monthly paths that a study stores. An analogy, not a forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.outlook.shocks.paths import measure_drawdown, mix_paths
from observatory.outlook.study import PastShock


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


def find_deepest_shock(shocks: Sequence[PastShock], shares: Mapping[str, float]) -> MixDrawdown | None:
    """The shock that took most from a mix, among those that most of the mix lived through; None without any."""
    rows = [row for shock in shocks if (row := _measure_shock(shock, shares)) is not None]
    return max(rows, key=lambda row: (row.covered_share, row.depth), default=None)


def _measure_shock(shock: PastShock, shares: Mapping[str, float]) -> MixDrawdown | None:
    paths = {
        name: past.monthly_path
        for name in shares
        if (past := shock.markets.get(name)) is not None and past.monthly_path
    }
    covered = sum(shares[name] for name in paths)
    if not shock.has_paths or not covered:
        return None
    drawdown = measure_drawdown(mix_paths(paths, {name: shares[name] / covered for name in paths}))
    return MixDrawdown(shock.start, *drawdown, covered) if drawdown is not None else None
