"""Scenarios of a market: its indicators together, where it does badly, as usual, or well; from the same joint draws."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scenarios import SCENARIO_BANDS

_CLOSE_FROM, _LOOSE_BELOW = 0.5, 0.2  # mean correlation of errors from which series move together, below which hardly


def build_scenario_table(context: Context, call: Call | None) -> TextTable | None:
    """Growth a year of the market and of its demand indicators in each scenario; None where nothing was drawn."""
    localizer = context.localizer
    found = context.outlook.study.scenarios.get(call.segment) if call else None
    if call is None or found is None or call.growth is None or call.low is None or call.high is None:
        return None
    drawn = found.horizons[call.horizon].indicators
    rows = [
        (localizer.field_text(row, "title"), *(_growth_text(drawn[row.id][name], localizer) for name in SCENARIO_BANDS))
        for row in context.outlook.catalogue.indicators_of_segment(call.segment)
        if row.role == "market" and row.id in drawn
    ]
    if not rows:
        return None
    market = tuple(localizer.growth(value) for value in (call.low, call.growth, call.high))
    level = found.together
    size = "close" if level >= _CLOSE_FROM else "loose" if level < _LOOSE_BELOW else "some"
    caption = localizer.text(
        "together.caption", year=call.target_year, tie=localizer.text(f"together.{size}", r=localizer.number(level, 2))
    )
    heads = (localizer.text("together.head"), *(localizer.text(f"scenario.{name}") for name in SCENARIO_BANDS))
    return TextTable(caption, heads, ((localizer.text("together.market"), *market), *rows))


def _growth_text(value: float | None, localizer: Localizer) -> str:
    return localizer.growth(value) if value is not None else "\u2013"
