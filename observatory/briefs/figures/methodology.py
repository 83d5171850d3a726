"""Methodology notes of figures, in three parts everywhere: inputs, edition, formulas."""

from collections.abc import Iterable

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Terms
from observatory.briefs.figures.disclosure import edition_text, reference_text
from observatory.language import Localizer
from observatory.timeseries import Forecast

FIRST_FORMULA_INDEX = 2  # of the first formula among the terms, after inputs and edition


def build_methodology(context: Context, inputs: str, formulas: Iterable[tuple[str, str]]) -> Terms:
    """The note of a figure: its inputs, the edition, then formulas as (name, text)."""
    localizer = context.localizer
    return (
        (localizer.text("how.inputs"), inputs),
        (localizer.text("how.edition"), edition_text(context.outlook, localizer)),
        *formulas,
    )


def build_formula(key: str, localizer: Localizer, **values: object) -> tuple[str, str]:
    """The formula of a figure that has only one: the message `key`."""
    return localizer.text("how.formula"), localizer.text(key, **values)


def build_forecast_terms(
    forecast: Forecast | None, localizer: Localizer, *, is_drawn: bool = False
) -> list[tuple[str, str]]:
    """The origin of the observed values of a series, and the method of its forecast (or that it has none).

    `is_drawn`: the forecast follows the draws of its market.
    """
    status = forecast.status if forecast is not None else ""
    if forecast is None or not len(forecast.median):
        text = localizer.text("how.ahead.none")
    elif is_drawn:
        text = localizer.text("how.ahead.drawn")
    elif status == "reference":
        text = localizer.text("how.ahead.reference", reference=reference_text(forecast, localizer))
    else:
        text = localizer.text("how.ahead.pool")
    return [(localizer.text("how.past"), localizer.text("how.past.text")), (localizer.text("how.ahead"), text)]
