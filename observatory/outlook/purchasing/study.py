"""What a panel says of the inputs of a firm: joint paths, and what chances, ranges and rules of the past were worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from observatory.catalogue.models import Catalogue
from observatory.outlook.purchasing import baskets, negotiation, price_paths, threshold_odds
from observatory.timeseries import Forecast, SeriesKey, TimeSeries


def study_purchasing(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], forecasts: Sequence[Forecast]
) -> dict[str, Any]:
    """All of it as JSON values; empty where no input is forecast."""
    rows = price_paths.select_input_forecasts(forecasts, catalogue)
    if not rows:
        return {}
    return {
        "paths": price_paths.encode_paths(rows, panel),
        "crossings": threshold_odds.score_odds(rows, panel),
        "baskets": baskets.count_interval_hits(rows, panel),
        "timing": negotiation.score_rules(rows, panel),
    }
