"""What a panel says of the inputs of a firm: joint paths, and what chances, ranges and rules of the past were worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from observatory.catalogue.nouns import Catalogue
from observatory.outlook import baskets, crossings, inputs, timing
from observatory.tables import Forecast, History, Key


def purchases(catalogue: Catalogue, panel: Mapping[Key, History], expected: Sequence[Forecast]) -> dict[str, Any]:
    """All of it as JSON values; empty where no input is forecast."""
    rows = inputs.rows_of(expected, catalogue)
    if not rows:
        return {}
    return {
        "paths": inputs.stored(rows, panel),
        "crossings": crossings.record(rows, panel),
        "baskets": baskets.record(rows, panel),
        "timing": timing.record(rows, panel),
    }
