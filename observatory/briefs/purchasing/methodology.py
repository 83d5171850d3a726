"""How the figures of the page on purchases are computed: inputs, edition and formulas of each of its parts."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.methodology import build_forecast_terms, build_methodology
from observatory.briefs.common.model import Terms
from observatory.briefs.common.series_search import inputs_text
from observatory.catalogue.models import Indicator
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook


def build_input_methodology(outlook: Outlook, indicator: Indicator, localizer: Localizer) -> Terms:
    """One input: its price and forecast, and the chance of crossing a threshold."""
    key = outlook.headline_key(indicator)
    formulas = [*build_forecast_terms(outlook.forecasts.get(key), localizer), _build_formula("odds", localizer)]
    return build_methodology(inputs_text(outlook, (key,), localizer), formulas, outlook, localizer)


def build_part_methodology(
    part_name: str, outlook: Outlook, indicators: Iterable[Indicator], localizer: Localizer
) -> Terms:
    """A part of the page that rests on several inputs."""
    parts: Sequence[str] = {
        "basket": ("basket", "paths"),
        "list": ("year", "range", "swing", "odds"),
        "timing": ("timing",),
        "record": ("record", "odds"),
    }[part_name]
    keys = (outlook.headline_key(row) for row in indicators)
    return build_methodology(
        inputs_text(outlook, keys, localizer), [_build_formula(part, localizer) for part in parts], outlook, localizer
    )


def _build_formula(part: str, localizer: Localizer) -> tuple[str, str]:
    """A formula under its name; those that a file repeats have words of their own."""
    said = {"basket": "purchasing.basket.how", "odds": "purchasing.how.text"}.get(part, f"purchasing.how.{part}.text")
    return localizer.text(f"purchasing.how.{part}"), localizer.text(said)
