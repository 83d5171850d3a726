"""How the figures of the page on purchases are computed: inputs, edition and formulas of each of its parts."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.methodology import how, of_forecast
from observatory.briefs.common.model import Terms
from observatory.briefs.common.series_search import inputs_of
from observatory.catalogue.models import Indicator
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook


def of_input(outlook: Outlook, row: Indicator, speaker: Speaker) -> Terms:
    """One input: its price and forecast, and the chance of crossing a threshold."""
    key = outlook.headline(row)
    formulas = [*of_forecast(outlook.forecasts.get(key), speaker), _named("odds", speaker)]
    return how(inputs_of(outlook, (key,), speaker), formulas, outlook, speaker)


def of_part(name: str, outlook: Outlook, rows: Iterable[Indicator], speaker: Speaker) -> Terms:
    """A part of the page that rests on several inputs."""
    parts: Sequence[str] = {
        "basket": ("basket", "paths"),
        "list": ("year", "range", "swing", "odds"),
        "timing": ("timing",),
        "record": ("record", "odds"),
    }[name]
    keys = (outlook.headline(row) for row in rows)
    return how(inputs_of(outlook, keys, speaker), [_named(part, speaker) for part in parts], outlook, speaker)


def _named(part: str, speaker: Speaker) -> tuple[str, str]:
    """A formula under its name; those that a file repeats have words of their own."""
    said = {"basket": "purchasing.basket.how", "odds": "purchasing.how.text"}.get(part, f"purchasing.how.{part}.text")
    return speaker.say(f"purchasing.how.{part}"), speaker.say(said)
