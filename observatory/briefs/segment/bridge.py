"""The bridge from the two halves of a market's pace to the pace shown."""

import math

from observatory.briefs.common.context import Context
from observatory.outlook.calls.calls import Call


def bridge_text(context: Context, call: Call) -> str:
    """Past pace of the market, its indicators alone, the half of each, and what its probabilities make of that.

    Empty in an edition that did not draw market and indicators together.
    """
    localizer = context.localizer
    drawn = context.outlook.study.market_draws.get(call.segment, {}).get(call.horizon)
    halves = drawn.halves if drawn is not None else None
    if halves is None or call.growth is None:
        return ""
    rule, engine = halves
    middle = math.expm1((math.log1p(rule) + math.log1p(engine)) / 2)
    past, alone, half, growth = (localizer.growth(value) for value in (rule, engine, middle, call.growth))
    bridge = localizer.text("segment.bridge", past=past, alone=alone, half=half)
    return bridge if half == growth else f"{bridge} {localizer.text('segment.bridge.odds', growth=growth)}"
