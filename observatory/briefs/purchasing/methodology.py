"""Methodology of the page on purchases: inputs, edition and formulas of each of its parts."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Terms
from observatory.briefs.common.series_names import inputs_text
from observatory.briefs.figures.methodology import build_forecast_terms, build_methodology
from observatory.catalogue.models import Indicator


def build_input_methodology(context: Context, indicator: Indicator) -> Terms:
    """Methodology of one input: its price, its forecast, the odds of crossing a threshold."""
    key = context.outlook.headline_key(indicator)
    formulas = [
        *build_forecast_terms(context.outlook.forecasts.get(key), context.localizer),
        _build_formula("odds", context),
    ]
    return build_methodology(context, inputs_text(context, (key,)), formulas)


def build_part_methodology(context: Context, part_name: str, indicators: Iterable[Indicator]) -> Terms:
    """Methodology of a part of the page that uses several inputs."""
    parts: Sequence[str] = {
        "basket": ("basket", "paths"),
        "list": ("year", "range", "swing", "odds"),
        "timing": ("timing",),
        "record": ("record", "odds"),
    }[part_name]
    keys = (context.outlook.headline_key(row) for row in indicators)
    return build_methodology(context, inputs_text(context, keys), [_build_formula(part, context) for part in parts])


def describe_odds(context: Context) -> str:
    """How the odds of crossing a threshold are computed, and from which month they count."""
    window = "next" if context.outlook.study.purchasing.asked is None else "today"
    return f"{context.localizer.text('purchasing.how.text')} {context.localizer.text(f'purchasing.how.from.{window}')}"


def _build_formula(part: str, context: Context) -> tuple[str, str]:
    """A formula with its name; the texts of two of them are shared with other parts of the page."""
    name = context.localizer.text(f"purchasing.how.{part}")
    if part == "odds":
        return name, describe_odds(context)
    return name, context.localizer.text("purchasing.basket.how" if part == "basket" else f"purchasing.how.{part}.text")
