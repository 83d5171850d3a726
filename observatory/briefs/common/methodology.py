"""How a figure is computed, in the same three parts everywhere: what goes in, from which edition, by which formula."""

from collections.abc import Iterable

from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import edition_text, reference_text
from observatory.briefs.common.model import Terms
from observatory.language import Localizer
from observatory.timeseries import Forecast

FIRST_FORMULA_INDEX = 2  # the place of the first formula, after inputs and edition


def build_methodology(context: Context, inputs: str, formulas: Iterable[tuple[str, str]]) -> Terms:
    """Inputs, edition, then each formula under its own name."""
    localizer = context.localizer
    return (
        (localizer.text("how.inputs"), inputs),
        (localizer.text("how.edition"), edition_text(context.outlook, localizer)),
        *formulas,
    )


def build_formula(key: str, localizer: Localizer, **values: object) -> tuple[str, str]:
    """The one formula of a block that has no other."""
    return localizer.text("how.formula"), localizer.text(key, **values)


def series_list_text(names: Iterable[str], localizer: Localizer) -> str:
    """Series by their names, as inputs."""
    between = " ; " if localizer.language == "fr" else "; "
    return localizer.text("how.series", list=localizer.typeset(between.join(names)))


def series_text(title: str, place: str, localizer: Localizer) -> str:
    """A series by its title and, where the title does not name it already, its place."""
    return (
        localizer.text("how.titled", title=title)
        if place in title
        else localizer.text("how.one", title=title, place=place)
    )


def build_forecast_terms(forecast: Forecast | None, localizer: Localizer) -> list[tuple[str, str]]:
    """Where the values of a series come from, and those that are expected of it."""
    found = [(localizer.text("how.past"), localizer.text("how.past.text"))]
    status = forecast.status if forecast is not None else ""
    if forecast is None or not len(forecast.median):
        text = localizer.text("how.ahead.none")
    elif status == "reference":
        text = localizer.text("how.ahead.reference", reference=reference_text(forecast, localizer))
    else:
        text = localizer.text("how.ahead.pool")
    return [*found, (localizer.text("how.ahead"), text)]
