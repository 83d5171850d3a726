"""Scenarios of a market: its indicators together, where it does badly, as usual, or well; from the same joint draws."""

from observatory.briefs.common.model import Table
from observatory.language import Speaker
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scenarios import BANDS
from observatory.outlook.outlook import Outlook

CLOSE, LOOSE = 0.5, 0.2  # mean correlation of errors from which series move together, below which hardly


def together(outlook: Outlook, call: Call | None, speaker: Speaker) -> Table | None:
    """Growth a year of the market and of its demand indicators in each scenario; None where nothing was drawn."""
    found = outlook.replay.get("scenarios", {}).get(call.segment) if call else None
    if call is None or found is None or call.growth is None or call.low is None or call.high is None:
        return None
    drawn = found["horizons"][str(call.horizon)]["indicators"]
    rows = [
        (speaker.of(row, "title"), *(_growth(drawn[row.id][name], speaker) for name in BANDS))
        for row in outlook.catalogue.of_segment(call.segment)
        if row.role == "market" and row.id in drawn
    ]
    if not rows:
        return None
    market = tuple(speaker.growth(value) for value in (call.low, call.growth, call.high))
    level = found["together"]
    size = "close" if level >= CLOSE else "loose" if level < LOOSE else "some"
    caption = speaker.say(
        "together.caption", year=call.year, tie=speaker.say(f"together.{size}", r=speaker.number(level, 2))
    )
    heads = (speaker.say("together.head"), *(speaker.say(f"scenario.{name}") for name in BANDS))
    return Table(caption, heads, ((speaker.say("together.market"), *market), *rows))


def _growth(value: float | None, speaker: Speaker) -> str:
    return speaker.growth(value) if value is not None else "\u2013"
