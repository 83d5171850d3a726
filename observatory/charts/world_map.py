"""The world: countries in five tints, those without a figure left as paper, one of them outlined."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from observatory.charts.base import BASE_CONFIG, NUMBER_LOCALES
from observatory.charts.palette import css_var

WORLD_FILE = Path(__file__).with_name("world.json")  # where it comes from stands in world.txt
CLASS_OPACITIES = (0.14, 0.32, 0.5, 0.72, 1.0)  # opacity of the classes, the lowest first
_CHOSEN_STROKE_PX, _OTHER_STROKE_PX = 2.5, 0.5  # px, of the outlines
_FILLED_LIKE = {"GUF": "FRA"}  # drawn apart; painted like the other where it has no figure of its own


@lru_cache(maxsize=1)
def load_outlines() -> Mapping[str, Any]:
    """The topology of the countries, by the three letters of ISO 3166."""
    found: Mapping[str, Any] = json.loads(WORLD_FILE.read_text(encoding="utf-8"))
    return found


def list_map_countries() -> frozenset[str]:
    """The countries that are on the map."""
    return frozenset(shape["id"] for shape in load_outlines()["objects"]["countries"]["geometries"] if shape["id"])


def build_world_map(classes: Mapping[str, int], chosen: str, colour: str, language: str) -> dict[str, Any]:
    """The specification: `classes` gives each country with a figure its class, from 1; `chosen` is outlined."""
    whole = load_outlines()
    shapes = sorted(whole["objects"]["countries"]["geometries"], key=lambda shape: shape["id"] == chosen)
    painted = [
        {**shape, "properties": {"o": _class_opacity(shape["id"], classes), "s": int(shape["id"] == chosen)}}
        for shape in shapes
    ]
    topology = {**whole, "objects": {"countries": {"type": "GeometryCollection", "geometries": painted}}}
    outlined = {"test": "datum.properties.s"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "layer": [
            {
                "data": {"values": topology, "format": {"type": "topojson", "feature": "countries"}},
                "mark": {"type": "geoshape", "fill": css_var(colour), "strokeJoin": "round", "aria": False},
                "projection": {"type": "equalEarth"},
                "encoding": {
                    "fillOpacity": {"field": "properties.o", "type": "quantitative", "scale": None, "legend": None},
                    "stroke": {"condition": {**outlined, "value": css_var("ink")}, "value": css_var("border")},
                    "strokeWidth": {"condition": {**outlined, "value": _CHOSEN_STROKE_PX}, "value": _OTHER_STROKE_PX},
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
    """How dark a country is: not at all where it has no class."""
    found = classes.get(code, classes.get(_FILLED_LIKE.get(code, ""), 0))
    return CLASS_OPACITIES[found - 1] if found else 0.0
