"""How a figure is computed, in the same three parts everywhere: what goes in, from which edition, by which formula."""

from collections.abc import Iterable

from observatory.briefs.common.disclosure import edition_of, reference_name
from observatory.briefs.common.model import Terms
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.timeseries import Forecast

FORMULAS = 2  # the place of the first formula, after inputs and edition


def how(inputs: str, formulas: Iterable[tuple[str, str]], outlook: Outlook, speaker: Speaker) -> Terms:
    """Inputs, edition, then each formula under its own name."""
    return (
        (speaker.say("how.inputs"), inputs),
        (speaker.say("how.edition"), edition_of(outlook, speaker)),
        *formulas,
    )


def formula(key: str, speaker: Speaker, **values: object) -> tuple[str, str]:
    """The one formula of a block that has no other."""
    return speaker.say("how.formula"), speaker.say(key, **values)


def series(names: Iterable[str], speaker: Speaker) -> str:
    """Series by their names, as inputs."""
    between = " ; " if speaker.language == "fr" else "; "
    return speaker.say("how.series", list=speaker.dress(between.join(names)))


def one(title: str, place: str, speaker: Speaker) -> str:
    """A series by its title and, where the title does not name it already, its place."""
    return (
        speaker.say("how.titled", title=title) if place in title else speaker.say("how.one", title=title, place=place)
    )


def of_forecast(forecast: Forecast | None, speaker: Speaker) -> list[tuple[str, str]]:
    """Where the values of a series come from, and those that are expected of it."""
    found = [(speaker.say("how.past"), speaker.say("how.past.text"))]
    status = forecast.status if forecast is not None else ""
    if forecast is None or not len(forecast.median):
        text = speaker.say("how.ahead.none")
    elif status == "reference":
        text = speaker.say("how.ahead.reference", reference=reference_name(forecast, speaker))
    else:
        text = speaker.say("how.ahead.pool")
    return [*found, (speaker.say("how.ahead"), text)]
