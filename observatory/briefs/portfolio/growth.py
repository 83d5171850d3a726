"""What a mix should do: read from its joint draws; a single market reads its published call, to the last digit."""

from collections.abc import Mapping
from dataclasses import replace

from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import MixForecast, forecast_mix, select_covered


def forecast_portfolio(
    outlook: Outlook, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> MixForecast | None:
    """Growth a year of a mix. Draws are kept in hundredths of a per cent: rounded again, they could be a digit off."""
    found, there = (
        forecast_mix(outlook.joint_draws, shares, assumptions, horizon),
        select_covered(outlook.joint_draws, shares, assumptions, horizon),
    )
    if found is None or len(there) > 1 or assumptions.keys() & there.keys():
        return found
    call = outlook.calls.get((next(iter(there)), horizon))
    if call is None or call.growth is None or call.low is None or call.high is None:
        return found
    return replace(found, low=call.low, median=call.growth, high=call.high)


def get_market_growth(
    outlook: Outlook, market: str, drawn_growth: float, assumptions: Mapping[str, float], horizon: int
) -> float:
    """The pace of one market: the reader's own, or that of its call."""
    call = outlook.calls.get((market, horizon))
    return drawn_growth if market in assumptions or call is None or call.growth is None else call.growth
