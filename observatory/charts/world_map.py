"""The world: countries in five tints, those without a figure left as paper, one of them outlined."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from observatory.charts.base import CONFIG, LOCALES
from observatory.charts.palette import var

FILE = Path(__file__).with_name("world.json")  # where it comes from stands in world.txt
TINTS = (0.14, 0.32, 0.5, 0.72, 1.0)  # opacity of the classes, the lowest first
CHOSEN, OTHERS = 2.5, 0.5  # px, of the outlines
WITH = {"GUF": "FRA"}  # drawn apart; painted like the other where it has no figure of its own


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Any]:
    """The topology of the countries, by the three letters of ISO 3166."""
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def drawn() -> frozenset[str]:
    """The countries that are on the map."""
    return frozenset(shape["id"] for shape in outlines()["objects"]["countries"]["geometries"] if shape["id"])


def world(classes: Mapping[str, int], chosen: str, colour: str, language: str) -> dict[str, Any]:
    """The specification: `classes` gives each country with a figure its class, from 1; `chosen` is outlined."""
    whole = outlines()
    shapes = sorted(whole["objects"]["countries"]["geometries"], key=lambda shape: shape["id"] == chosen)
    painted = [
        {**shape, "properties": {"o": _tint(shape["id"], classes), "s": int(shape["id"] == chosen)}} for shape in shapes
    ]
    topology = {**whole, "objects": {"countries": {"type": "GeometryCollection", "geometries": painted}}}
    outlined = {"test": "datum.properties.s"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "layer": [
            {
                "data": {"values": topology, "format": {"type": "topojson", "feature": "countries"}},
                "mark": {"type": "geoshape", "fill": var(colour), "strokeJoin": "round", "aria": False},
                "projection": {"type": "equalEarth"},
                "encoding": {
                    "fillOpacity": {"field": "properties.o", "type": "quantitative", "scale": None, "legend": None},
                    "stroke": {"condition": {**outlined, "value": var("ink")}, "value": var("border")},
                    "strokeWidth": {"condition": {**outlined, "value": CHOSEN}, "value": OTHERS},
                },
            }
        ],
        "height": "container",
        "width": "container",
        "background": "transparent",
        "padding": {"left": 2, "right": 2, "top": 2, "bottom": 2},
        "autosize": {"type": "fit", "contains": "padding"},
        "usermeta": {"embedOptions": {"renderer": "svg"}},
        "config": {**CONFIG, "locale": {"number": LOCALES[language]}},
    }


def _tint(code: str, classes: Mapping[str, int]) -> float:
    """How dark a country is: not at all where it has no class."""
    found = classes.get(code, classes.get(WITH.get(code, ""), 0))
    return TINTS[found - 1] if found else 0.0
