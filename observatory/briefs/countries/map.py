"""Builds the choropleth map of an indicator: its classes with their limits in words, and its text alternative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from observatory.briefs.common.comparison_model import MapClass
from observatory.briefs.common.context import Context
from observatory.briefs.common.units import DisplayUnit, format_number
from observatory.briefs.countries.standings import CountryStanding, classify_value, compute_class_limits
from observatory.charts.world_map import CLASS_OPACITIES, build_europe_map, build_world_map, list_map_countries
from observatory.language import Localizer
from observatory.typography import capitalize_first


@dataclass(frozen=True)
class ChoroplethMap:
    """A choropleth map with its legend and texts; no `spec` where no country has a value."""

    spec: Mapping[str, Any] | None
    subtitle: str
    alt: str
    classes: tuple[MapClass, ...]
    colour: str
    europe_spec: Mapping[str, Any] | None = None


def build_choropleth_map(
    context: Context, standings: Sequence[CountryStanding], measure: str, unit: DisplayUnit | None, geo: str
) -> ChoroplethMap:
    """The map of a measure; countries without a current value stay blank."""
    localizer = context.localizer
    current = {row.geo: row.get_value(measure) for row in standings if not row.is_outdated}
    values = {
        country: value for country, value in current.items() if value is not None and country in list_map_countries()
    }
    scaled = {country: value * (unit.factor if unit else 100) for country, value in values.items()}
    limits = compute_class_limits(list(scaled.values()))
    colour = "forecast" if measure == "ahead" else "ink"
    tints = _choose_tints(len(limits) + 1)
    classes = {country: tints[classify_value(value, limits) - 1] + 1 for country, value in scaled.items()}
    labels = _class_labels(limits, unit, localizer)
    noun = capitalize_first(unit.noun) if unit else localizer.text("countries.unit.growth")
    geographies = context.outlook.catalogue.geographies
    value_texts = [
        f"{localizer.field_text(geographies[country], 'short')} {_value_text(value, unit, localizer)}"
        for country, value in sorted(scaled.items(), key=lambda pair: -pair[1])
    ]
    return ChoroplethMap(
        spec=build_world_map(classes, geo, colour, localizer.language) if classes else None,
        subtitle=localizer.text("countries.map.subtitle", unit=noun),
        alt=localizer.text("countries.map.alt", list=", ".join(value_texts)),
        classes=tuple(MapClass(label, CLASS_OPACITIES[tint]) for label, tint in zip(labels, tints, strict=True)),
        colour=colour,
        europe_spec=build_europe_map(classes, geo, colour, localizer.language),
    )


def _choose_tints(count: int) -> list[int]:
    """Indices of the tints for a number of classes, evenly spread from the lightest to the darkest."""
    if count == 1:
        return [len(CLASS_OPACITIES) // 2]
    return [round(index * (len(CLASS_OPACITIES) - 1) / (count - 1)) for index in range(count)]


def _class_labels(limits: Sequence[float], unit: DisplayUnit | None, localizer: Localizer) -> list[str]:
    if not limits:
        return [localizer.text("countries.class.all")]
    texts = [_value_text(limit, unit, localizer) for limit in limits]
    return [
        localizer.text("countries.class.below", limit=texts[0]),
        *(localizer.text("countries.class.between", low=low, high=high) for low, high in pairwise(texts)),
        localizer.text("countries.class.from", limit=texts[-1]),
    ]


def _value_text(value: float, unit: DisplayUnit | None, localizer: Localizer) -> str:
    """A value in the unit of the map, with few digits, as limits are round."""
    if unit is None:
        return localizer.growth(value / 100)
    return format_number(
        value, localizer, digits=2 if abs(value) < 100 else 3, whole=unit.whole, exact=abs(value) >= 1000
    )
