"""What a mix should do: read from its joint draws; a single market reads its published call, to the last digit."""

from collections.abc import Mapping
from dataclasses import replace

from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import Ahead, ahead, covered


def expected(outlook: Outlook, shares: Mapping[str, float], own: Mapping[str, float], horizon: int) -> Ahead | None:
    """Growth a year of a mix. Draws are kept in hundredths of a per cent: rounded again, they could be a digit off."""
    found, there = ahead(outlook.joint, shares, own, horizon), covered(outlook.joint, shares, own, horizon)
    if found is None or len(there) > 1 or own.keys() & there.keys():
        return found
    call = outlook.calls.get((next(iter(there)), horizon))
    if call is None or call.growth is None or call.low is None or call.high is None:
        return found
    return replace(found, low=call.low, middle=call.growth, high=call.high)


def pace(outlook: Outlook, market: str, drawn: float, own: Mapping[str, float], horizon: int) -> float:
    """The pace of one market: the reader's own, or that of its call."""
    call = outlook.calls.get((market, horizon))
    return drawn if market in own or call is None or call.growth is None else call.growth
