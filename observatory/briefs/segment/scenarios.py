"""Scenario table of a market: growth of its indicators where the market does badly, as usual, or well."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scenarios import SCENARIO_BANDS

# Mean correlation of forecast errors: from the first on series move together, below the second they hardly do.
_CLOSE_FROM, _LOOSE_BELOW = 0.5, 0.2


def build_scenario_table(context: Context, call: Call | None) -> TextTable | None:
    """Growth a year of a market and its demand indicators in each scenario, all from the same joint simulations.

    None where the market has no call with a range, or no simulated indicator.
    """
    localizer = context.localizer
    scenarios = context.outlook.study.scenarios.get(call.segment) if call else None
    if call is None or scenarios is None or call.growth is None or call.low is None or call.high is None:
        return None
    growth = scenarios.horizons[call.horizon].indicators
    rows = [
        (
            localizer.field_text(row, "title"),
            *(_growth_text(growth[row.id][name], localizer) for name in SCENARIO_BANDS),
        )
        for row in context.outlook.catalogue.indicators_of_segment(call.segment)
        if row.role == "market" and row.id in growth
    ]
    if not rows:
        return None
    market = tuple(localizer.growth(value) for value in (call.low, call.growth, call.high))
    correlation = scenarios.together
    strength = "close" if correlation >= _CLOSE_FROM else "loose" if correlation < _LOOSE_BELOW else "some"
    comovement = localizer.text(f"together.{strength}", r=localizer.number(correlation, 2))
    caption = localizer.text("together.caption", year=call.target_year, tie=comovement)
    if context.outlook.study.market_draws:
        caption = f"{caption} {localizer.text('together.sum')}"
    headers = (localizer.text("together.head"), *(localizer.text(f"scenario.{name}") for name in SCENARIO_BANDS))
    return TextTable(caption, headers, ((localizer.text("together.market"), *market), *rows))


def _growth_text(value: float | None, localizer: Localizer) -> str:
    return localizer.growth(value) if value is not None else NO_VALUE
