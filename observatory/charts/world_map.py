"""World map, zoomed to where there are figures: countries in five tints, one of them outlined; Europe on its own."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from observatory.charts.base import BASE_CONFIG, NUMBER_LOCALES
from observatory.charts.palette import css_var

Point = tuple[float, float]  # longitude, latitude
Box = tuple[Point, Point]

WORLD_FILE = Path(__file__).with_name("world.json")  # its source is in world.txt
CLASS_OPACITIES = (0.14, 0.32, 0.5, 0.72, 1.0)  # the lowest class first
_CHOSEN_STROKE_PX, _OTHER_STROKE_PX = 2.5, 0.5
_EUROPE: Box = ((-11.0, 35.0), (32.0, 61.0))
_MIN_EUROPEAN = 3  # countries with figures in Europe, for a map of its own
_MARGIN_DEGREES = 3
_CLIPPED_DEGREES = 15.0  # beyond a frame, whose edges the projection bends; what lies farther away is not sent
_FILLED_LIKE = {"GUF": "FRA"}  # a separate shape, filled like the other country where it has no figure of its own


@lru_cache(maxsize=1)
def load_outlines() -> Mapping[str, Any]:
    """The TopoJSON topology of the countries, by their ISO 3166 alpha-3 codes."""
    topology: Mapping[str, Any] = json.loads(WORLD_FILE.read_text(encoding="utf-8"))
    return topology


def list_map_countries() -> frozenset[str]:
    """The codes of the countries that are on the map."""
    return frozenset(shape["id"] for shape in load_outlines()["objects"]["countries"]["geometries"] if shape["id"])


@lru_cache(maxsize=1)
def load_boxes() -> Mapping[str, Box]:
    """The south-west and north-east corners of the mainland of each country, that is, of its longest outline."""
    boxes: dict[str, Box] = {}
    for shape in load_outlines()["objects"]["countries"]["geometries"]:
        boxes[shape["id"]] = _measure_ring(max(map(_list_points, _list_polygons(shape)), key=len))
    return boxes


def _list_polygons(shape: Mapping[str, Any]) -> Sequence[Any]:
    """The polygons of a shape, as rings of arcs."""
    return shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]


def _list_points(polygon: Sequence[Sequence[int]]) -> list[Point]:
    """The points of the outer ring of a polygon."""
    arcs = _load_arcs()
    return [point for arc in polygon[0] for point in arcs[arc if arc >= 0 else ~arc]]


def _measure_ring(points: Sequence[Point]) -> Box:
    """The south-west and north-east corners of some points."""
    lows, highs = ([end(point[axis] for point in points) for axis in (0, 1)] for end in (min, max))
    return (lows[0], lows[1]), (highs[0], highs[1])


@lru_cache(maxsize=1)
def _load_arcs() -> Sequence[Sequence[Point]]:
    outlines = load_outlines()
    transform = outlines["transform"]
    return [_decode_arc(arc, transform["scale"], transform["translate"]) for arc in outlines["arcs"]]


@lru_cache(maxsize=32)
def _clip_outlines(frame: Box) -> Mapping[str, Any]:
    """The topology of the polygons that reach into a frame or near it, with the arcs of these alone."""
    outlines = load_outlines()
    numbers: dict[int, int] = {}  # of the arcs that are needed

    def renumber(arc: int) -> int:
        number = numbers.setdefault(arc if arc >= 0 else ~arc, len(numbers))
        return number if arc >= 0 else ~number

    shapes = []
    for shape in outlines["objects"]["countries"]["geometries"]:
        near = [row for row in _list_polygons(shape) if _meet(_measure_ring(_list_points(row)), frame)]
        arcs = [[[renumber(arc) for arc in ring] for ring in polygon] for polygon in near]
        if arcs:
            shapes.append({**shape, "type": "MultiPolygon", "arcs": arcs})
    return {
        **outlines,
        "arcs": [outlines["arcs"][arc] for arc in numbers],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
    }


def _meet(box: Box, frame: Box) -> bool:
    """Whether a box and a frame overlap, or are _CLIPPED_DEGREES apart at most."""
    return all(
        box[0][axis] <= frame[1][axis] + _CLIPPED_DEGREES and box[1][axis] >= frame[0][axis] - _CLIPPED_DEGREES
        for axis in (0, 1)
    )


def _decode_arc(arc: Sequence[Sequence[int]], scale: Sequence[float], origin: Sequence[float]) -> list[Point]:
    """The points of an arc of a quantized topology, which holds differences."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
    return points


def build_europe_map(classes: Mapping[str, int], chosen: str, colour: str, language: str) -> dict[str, Any] | None:
    """The same map of Europe alone; None where few of the countries with figures are there, or all of them."""
    inside = [code for code in classes if code in load_boxes() and _is_inside(load_boxes()[code], _EUROPE)]
    if not _MIN_EUROPEAN <= len(inside) < len(classes):
        return None
    return _build_map(classes, chosen, colour, language, _EUROPE)


def _is_inside(box: Box, frame: Box) -> bool:
    """Whether the middle of a box lies in a frame."""
    middle = [(box[0][axis] + box[1][axis]) / 2 for axis in (0, 1)]
    return all(frame[0][axis] <= middle[axis] <= frame[1][axis] for axis in (0, 1))


def build_world_map(classes: Mapping[str, int], chosen: str, colour: str, language: str) -> dict[str, Any]:
    """The specification: `classes` gives each country with a figure its class, from 1; `chosen` is outlined.

    It shows the part of the world in which the countries with a figure lie.
    """
    boxes = [load_boxes()[code] for code in classes if code in load_boxes()]
    if not boxes:
        return _build_map(classes, chosen, colour, language, ((-170.0, -55.0), (180.0, 75.0)))
    west, south = (min(box[0][axis] for box in boxes) - _MARGIN_DEGREES for axis in (0, 1))
    east, north = (max(box[1][axis] for box in boxes) + _MARGIN_DEGREES for axis in (0, 1))
    return _build_map(classes, chosen, colour, language, ((west, south), (east, min(north, 80.0))))


def _build_map(classes: Mapping[str, int], chosen: str, colour: str, language: str, frame: Box) -> dict[str, Any]:
    (west, south), (east, north) = frame
    corners = [(x, y) for x in (west, (west + east) / 2, east) for y in (south, north)]
    area = {"type": "MultiPoint", "coordinates": corners}
    outlines = _clip_outlines(frame)
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
                "mark": {
                    "type": "geoshape",
                    "fill": css_var(colour),
                    "strokeJoin": "round",
                    "aria": False,
                    "clip": True,
                },
                "projection": {"type": "equalEarth", "fit": {"type": "Feature", "properties": {}, "geometry": area}},
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
