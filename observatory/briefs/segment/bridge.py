"""The bridge from the two halves of a market's pace to the pace shown."""

import math

from observatory.briefs.common.context import Context
from observatory.briefs.segment.model import Bridge, BridgePoint
from observatory.outlook.calls.calls import Call

_MIN_GAP = 0.01  # halves that differ by less say the same
_MARGIN = 18.0  # per cent of the line on each side, for labels


def bridge_text(context: Context, call: Call) -> str:
    """Past pace of the market, its indicators alone, the half of each, and what its probabilities make of that.

    Empty in an edition that did not draw market and indicators together.
    """
    localizer, halves = context.localizer, _find_halves(context, call)
    if halves is None or call.growth is None:
        return ""
    rule, engine = halves
    middle = math.expm1((math.log1p(rule) + math.log1p(engine)) / 2)
    past, alone, half, growth = (localizer.growth(value) for value in (rule, engine, middle, call.growth))
    bridge = localizer.text("segment.bridge", past=past, alone=alone, half=half)
    return bridge if half == growth else f"{bridge} {localizer.text('segment.bridge.odds', growth=growth)}"


def build_bridge(context: Context, call: Call) -> Bridge | None:
    """The bridge as a sentence and a line; None where the halves say the same to a point, or are not known."""
    localizer, halves = context.localizer, _find_halves(context, call)
    if halves is None or call.growth is None or round(abs(halves[0] - halves[1]), 3) < _MIN_GAP:
        return None
    rates = {"alone": halves[1], "past": halves[0], "ours": call.growth}
    low, high = min(rates.values()), max(rates.values())
    points = tuple(
        BridgePoint(
            localizer.text(f"bridge.{name}"),
            localizer.growth(rate),
            _MARGIN + (rate - low) / (high - low) * (100 - 2 * _MARGIN),
            is_ours=name == "ours",
        )
        for name, rate in rates.items()
    )
    return Bridge(bridge_text(context, call), points)


def _find_halves(context: Context, call: Call) -> tuple[float, float] | None:
    """Growth a year by the past pace of a market, and by its indicators alone; None where they were not drawn."""
    drawn = context.outlook.study.market_draws.get(call.segment, {}).get(call.horizon)
    return drawn.halves if drawn is not None else None
