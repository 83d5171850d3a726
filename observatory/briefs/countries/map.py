"""The map of an indicator: its classes with their limits in words, and what it shows for those who cannot see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from observatory.briefs.common.comparison_model import MapClass
from observatory.briefs.common.context import Context
from observatory.briefs.common.units import DisplayUnit, format_number
from observatory.briefs.countries import standings as abroad
from observatory.briefs.countries.standings import CountryStanding
from observatory.charts.world_map import CLASS_OPACITIES, build_world_map, list_map_countries
from observatory.language import Localizer


@dataclass(frozen=True)
class ChoroplethMap:
    """A map, its key and its words."""

    spec: Mapping[str, Any] | None
    subtitle: str
    alt: str
    classes: tuple[MapClass, ...]
    colour: str


def build_choropleth_map(
    context: Context, standings: Sequence[CountryStanding], measure: str, unit: DisplayUnit | None, geo: str
) -> ChoroplethMap:
    """The map of a measure; countries without a figure that can be ranked stay blank."""
    localizer = context.localizer
    found = {row.geo: row.get_value(measure) for row in standings if not row.is_outdated}
    values = {name: value for name, value in found.items() if value is not None and name in list_map_countries()}
    scaled = {name: value * (unit.factor if unit else 100) for name, value in values.items()}
    cuts = abroad.compute_class_limits(list(scaled.values()))
    colour = "forecast" if measure == "ahead" else "ink"
    dark = _choose_tints(len(cuts) + 1)
    places = [tint + 1 for tint in dark]
    classes = {name: places[abroad.classify_value(value, cuts) - 1] for name, value in scaled.items()}
    labels = _class_labels(cuts, unit, localizer)
    noun = unit.noun[:1].upper() + unit.noun[1:] if unit else localizer.text("countries.unit.growth")
    geographies = context.outlook.catalogue.geographies
    said = [
        f"{localizer.field_text(geographies[name], 'short')} {_value_text(value, unit, localizer)}"
        for name, value in sorted(scaled.items(), key=lambda pair: -pair[1])
    ]
    return ChoroplethMap(
        spec=build_world_map(classes, geo, colour, localizer.language) if classes else None,
        subtitle=localizer.text("countries.map.subtitle", unit=noun),
        alt=localizer.text("countries.map.alt", list=", ".join(said)),
        classes=tuple(MapClass(label, CLASS_OPACITIES[place]) for label, place in zip(labels, dark, strict=True)),
        colour=colour,
    )


def _choose_tints(count: int) -> list[int]:
    """Which of the five tints so many classes take, evenly from the lightest to the darkest."""
    if count == 1:
        return [len(CLASS_OPACITIES) // 2]
    return [round(place * (len(CLASS_OPACITIES) - 1) / (count - 1)) for place in range(count)]


def _class_labels(limits: Sequence[float], unit: DisplayUnit | None, localizer: Localizer) -> list[str]:
    if not limits:
        return [localizer.text("countries.class.all")]
    texts = [_value_text(cut, unit, localizer) for cut in limits]
    return [
        localizer.text("countries.class.below", limit=texts[0]),
        *(localizer.text("countries.class.between", low=low, high=high) for low, high in pairwise(texts)),
        localizer.text("countries.class.from", limit=texts[-1]),
    ]


def _value_text(value: float, unit: DisplayUnit | None, localizer: Localizer) -> str:
    """A value in the unit of the map, shortly: limits are round."""
    if unit is None:
        return localizer.growth(value / 100)
    return format_number(
        value, localizer, digits=2 if abs(value) < 100 else 3, whole=unit.whole, exact=abs(value) >= 1000
    )
