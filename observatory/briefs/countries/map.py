"""The map of an indicator: its classes with their limits in words, and what it shows for those who cannot see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from observatory.briefs.common.comparison_model import Tint
from observatory.briefs.common.units import Unit, number
from observatory.briefs.countries import standings as abroad
from observatory.briefs.countries.standings import Standing
from observatory.charts.world_map import TINTS, drawn, world
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook


@dataclass(frozen=True)
class Painted:
    """A map, its key and its words."""

    spec: Mapping[str, Any] | None
    subtitle: str
    alt: str
    tints: tuple[Tint, ...]
    colour: str


def painted(
    outlook: Outlook,
    standings: Sequence[Standing],
    measure: str,
    unit: Unit | None,
    geo: str,
    speaker: Speaker,
) -> Painted:
    """The map of a measure; countries without a figure that can be ranked stay blank."""
    found = {row.geo: row.value(measure) for row in standings if not row.old}
    values = {name: value for name, value in found.items() if value is not None and name in drawn()}
    scaled = {name: value * (unit.factor if unit else 100) for name, value in values.items()}
    cuts = abroad.limits(list(scaled.values()))
    colour = "forecast" if measure == "ahead" else "ink"
    dark = _tints(len(cuts) + 1)
    places = [tint + 1 for tint in dark]
    classes = {name: places[abroad.class_of(value, cuts) - 1] for name, value in scaled.items()}
    labels = _labels(cuts, unit, speaker)
    noun = unit.noun[:1].upper() + unit.noun[1:] if unit else speaker.say("countries.unit.growth")
    said = [
        f"{speaker.of(outlook.catalogue.geographies[name], 'short')} {_text(value, unit, speaker)}"
        for name, value in sorted(scaled.items(), key=lambda pair: -pair[1])
    ]
    return Painted(
        spec=world(classes, geo, colour, speaker.language) if classes else None,
        subtitle=speaker.say("countries.map.subtitle", unit=noun),
        alt=speaker.say("countries.map.alt", list=", ".join(said)),
        tints=tuple(Tint(label, TINTS[place]) for label, place in zip(labels, dark, strict=True)),
        colour=colour,
    )


def _tints(count: int) -> list[int]:
    """Which of the five tints so many classes take, evenly from the lightest to the darkest."""
    if count == 1:
        return [len(TINTS) // 2]
    return [round(place * (len(TINTS) - 1) / (count - 1)) for place in range(count)]


def _labels(cuts: Sequence[float], unit: Unit | None, speaker: Speaker) -> list[str]:
    if not cuts:
        return [speaker.say("countries.class.all")]
    texts = [_text(cut, unit, speaker) for cut in cuts]
    return [
        speaker.say("countries.class.below", limit=texts[0]),
        *(speaker.say("countries.class.between", low=low, high=high) for low, high in pairwise(texts)),
        speaker.say("countries.class.from", limit=texts[-1]),
    ]


def _text(value: float, unit: Unit | None, speaker: Speaker) -> str:
    """A value in the unit of the map, shortly: limits are round."""
    if unit is None:
        return speaker.growth(value / 100)
    return number(value, speaker, digits=2 if abs(value) < 100 else 3, whole=unit.whole, exact=abs(value) >= 1000)
