"""World map: countries in five tints, those without a figure unfilled, one of them outlined."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from observatory.charts.base import BASE_CONFIG, NUMBER_LOCALES
from observatory.charts.palette import css_var

WORLD_FILE = Path(__file__).with_name("world.json")  # its source is in world.txt
CLASS_OPACITIES = (0.14, 0.32, 0.5, 0.72, 1.0)  # the lowest class first
_CHOSEN_STROKE_PX, _OTHER_STROKE_PX = 2.5, 0.5
_FILLED_LIKE = {"GUF": "FRA"}  # a separate shape, filled like the other country where it has no figure of its own


@lru_cache(maxsize=1)
def load_outlines() -> Mapping[str, Any]:
    """The TopoJSON topology of the countries, by their ISO 3166 alpha-3 codes."""
    topology: Mapping[str, Any] = json.loads(WORLD_FILE.read_text(encoding="utf-8"))
    return topology


def list_map_countries() -> frozenset[str]:
    """The codes of the countries that are on the map."""
    return frozenset(shape["id"] for shape in load_outlines()["objects"]["countries"]["geometries"] if shape["id"])


def build_world_map(classes: Mapping[str, int], chosen: str, colour: str, language: str) -> dict[str, Any]:
    """The specification: `classes` gives each country with a figure its class, from 1; `chosen` is outlined."""
    outlines = load_outlines()
    shapes = sorted(outlines["objects"]["countries"]["geometries"], key=lambda shape: shape["id"] == chosen)
    filled = [
        {**shape, "properties": {"o": _class_opacity(shape["id"], classes), "s": int(shape["id"] == chosen)}}
        for shape in shapes
    ]
    topology = {**outlines, "objects": {"countries": {"type": "GeometryCollection", "geometries": filled}}}
    is_chosen = {"test": "datum.properties.s"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "layer": [
            {
                "data": {"values": topology, "format": {"type": "topojson", "feature": "countries"}},
                "mark": {"type": "geoshape", "fill": css_var(colour), "strokeJoin": "round", "aria": False},
                "projection": {"type": "equalEarth"},
                "encoding": {
                    "fillOpacity": {"field": "properties.o", "type": "quantitative", "scale": None, "legend": None},
                    "stroke": {"condition": {**is_chosen, "value": css_var("ink")}, "value": css_var("edge")},
                    "strokeWidth": {"condition": {**is_chosen, "value": _CHOSEN_STROKE_PX}, "value": _OTHER_STROKE_PX},
                },
            }
        ],
        "height": "container",
        "width": "container",
        "background": "transparent",
        "padding": {"left": 2, "right": 2, "top": 2, "bottom": 2},
        "autosize": {"type": "fit", "contains": "padding"},
        "usermeta": {"embedOptions": {"renderer": "svg"}},
        "config": {**BASE_CONFIG, "locale": {"number": NUMBER_LOCALES[language]}},
    }


def _class_opacity(code: str, classes: Mapping[str, int]) -> float:
    """The opacity of a country; 0 for one without a class."""
    number = classes.get(code, classes.get(_FILLED_LIKE.get(code, ""), 0))
    return CLASS_OPACITIES[number - 1] if number else 0.0
