"""Growth forecast of a mix of markets from joint draws; a single market takes the figures of its published call."""

from collections.abc import Mapping
from dataclasses import replace

from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import MixForecast, forecast_mix, select_covered


def forecast_portfolio(
    outlook: Outlook, shares: Mapping[str, float], assumptions: Mapping[str, float], horizon: int
) -> MixForecast | None:
    """Yearly growth of a mix; None where no market of it has draws or an assumption.

    Draws are stored in hundredths of a per cent. Rounded again, those of a single market could differ from its call by
    one digit, so the call replaces them.
    """
    forecast = forecast_mix(outlook.joint_draws, shares, assumptions, horizon)
    covered = select_covered(outlook.joint_draws, shares, assumptions, horizon)
    if forecast is None or len(covered) > 1 or assumptions.keys() & covered.keys():
        return forecast
    call = outlook.calls.get((next(iter(covered)), horizon))
    if call is None or call.growth is None or call.low is None or call.high is None:
        return forecast
    return replace(forecast, low=call.low, median=call.growth, high=call.high)


def get_market_growth(
    outlook: Outlook, market: str, drawn_growth: float, assumptions: Mapping[str, float], horizon: int
) -> float:
    """Expected growth of one market: `drawn_growth` for an assumption of the reader, else that of its call."""
    call = outlook.calls.get((market, horizon))
    return drawn_growth if market in assumptions or call is None or call.growth is None else call.growth
