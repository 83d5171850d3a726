"""What a panel says of the inputs of a firm: joint paths, and what chances, ranges and rules of the past were worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from observatory.catalogue.models import Catalogue
from observatory.outlook.purchasing import baskets, negotiation, price_paths, threshold_odds
from observatory.timeseries import Forecast, History, Key


def purchases(catalogue: Catalogue, panel: Mapping[Key, History], expected: Sequence[Forecast]) -> dict[str, Any]:
    """All of it as JSON values; empty where no input is forecast."""
    rows = price_paths.rows_of(expected, catalogue)
    if not rows:
        return {}
    return {
        "paths": price_paths.stored(rows, panel),
        "crossings": threshold_odds.record(rows, panel),
        "baskets": baskets.record(rows, panel),
        "timing": negotiation.record(rows, panel),
    }
