"""Builds charts/world.json, the outlines of countries: `python tools/make_world.py ATLAS CODES`.

ATLAS is countries-110m.json of the npm package `world-atlas` (Natural Earth, public domain); CODES is iso_3166-1.json
of the Debian package `iso-codes`, for the alpha-3 codes. Neither is in the repository; see world.txt.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import hypot
from pathlib import Path
from typing import Any

_OUTPUT_DIR = Path(__file__).resolve().parents[1] / "observatory" / "charts"
_GRID_STEP_DEGREES = 0.2  # less than half a pixel on the largest map
_TOLERANCE_DEGREES = 0.25  # how far a simplified line may leave the original one
_EXCLUDED_CODES = ("010",)  # Antarctica
# French Guiana lies west of that meridian; it is a geography of its own, for launches.
_OVERSEAS = ("FRA", "GUF", -40.0)

Coordinates = tuple[float, float]


def build_topology(atlas: dict[str, Any], codes: dict[str, Any]) -> dict[str, Any]:
    """A coarse TopoJSON topology of countries by their ISO 3166 alpha-3 code ("" for a shape without a number)."""
    letters = {row["numeric"]: row["alpha_3"] for row in codes["3166-1"]}
    lines = [_simplify_line(line) for line in _decode_arcs(atlas)]
    shapes = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        if shape.get("id") in _EXCLUDED_CODES:
            continue
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        shapes += _split_overseas(letters.get(shape.get("id", ""), ""), parts, lines)
    used = sorted({_arc_index(arc) for _code, parts in shapes for part in parts for ring in part for arc in ring})
    index_map = {old: index for index, old in enumerate(used)}
    geometries = [
        {
            "type": "MultiPolygon",
            "id": code,
            "arcs": [[[_renumber_arc(arc, index_map) for arc in ring] for ring in part] for part in parts],
        }
        for code, parts in sorted(shapes, key=lambda shape: shape[0])
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [_GRID_STEP_DEGREES, _GRID_STEP_DEGREES], "translate": [-180, -90]},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_encode_deltas(lines[old]) for old in used],
    }


def _decode_arcs(atlas: dict[str, Any]) -> Iterator[list[Coordinates]]:
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        xs, ys = (list(accumulate(point[side] for point in arc)) for side in (0, 1))
        yield [(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)]


def _simplify_line(line: Sequence[Coordinates]) -> list[Coordinates]:
    """Douglas and Peucker (1973): the ends, and every point farther than the tolerance from the line between them."""
    if len(line) < 3:
        return list(line)
    (ax, ay), (bx, by) = line[0], line[-1]
    length = hypot(bx - ax, by - ay)
    gaps = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else hypot(x - ax, y - ay)
        for x, y in line[1:-1]
    ]
    farthest = max(range(len(gaps)), key=gaps.__getitem__) + 1
    if gaps[farthest - 1] <= _TOLERANCE_DEGREES:
        return [line[0], line[-1]]
    return _simplify_line(line[: farthest + 1])[:-1] + _simplify_line(line[farthest:])


def _split_overseas(
    code: str, parts: Sequence[Any], lines: Sequence[Sequence[Coordinates]]
) -> list[tuple[str, list[Any]]]:
    mainland, overseas, border = _OVERSEAS
    if code != mainland:
        return [(code, list(parts))]
    west = [part for part in parts if lines[_arc_index(part[0][0])][0][0] < border]
    return [(mainland, [part for part in parts if part not in west]), (overseas, west)]


def _arc_index(arc: int) -> int:
    """The index of an arc; a negative number is an arc that runs backwards, as TopoJSON encodes it."""
    return arc if arc >= 0 else ~arc


def _renumber_arc(arc: int, index_map: dict[int, int]) -> int:
    return index_map[arc] if arc >= 0 else ~index_map[~arc]


def _encode_deltas(line: Sequence[Coordinates]) -> list[list[int]]:
    grid = [(round((x + 180) / _GRID_STEP_DEGREES), round((y + 90) / _GRID_STEP_DEGREES)) for x, y in line]
    moves = [grid[0], *((x - a, y - b) for (a, b), (x, y) in pairwise(grid))]
    return [list(move) for index, move in enumerate(moves) if index < 1 or move != (0, 0)]


if __name__ == "__main__":
    atlas, codes = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    (_OUTPUT_DIR / "world.json").write_text(
        json.dumps(build_topology(atlas, codes), separators=(",", ":")) + "\n", encoding="utf-8"
    )
