"""Makes world.json, the outlines of countries: `python tools/make_world.py ATLAS CODES`.

ATLAS is countries-110m.json of the npm package `world-atlas` (Natural Earth, public domain); CODES is iso_3166-1.json
of the Debian package `iso-codes`, for the three letters of our places. Neither is kept; see world.txt.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import hypot
from pathlib import Path
from typing import Any

CHARTS = Path(__file__).resolve().parents[1] / "observatory" / "charts"
STEP = 0.2  # degrees: less than half a pixel on our largest map
TOLERANCE = 0.25  # degrees by which a simpler line may leave the original one
LEFT_OUT = ("010",)  # Antarctica
OVERSEAS = ("FRA", "GUF", -40.0)  # Guiana is west of that; launches have a place of their own there

Point = tuple[float, float]


def world(atlas: dict[str, Any], codes: dict[str, Any]) -> dict[str, Any]:
    """A topology of countries by the three letters of ISO 3166 (none where it has no number), coarse and small."""
    letters = {row["numeric"]: row["alpha_3"] for row in codes["3166-1"]}
    lines = [_simpler(line) for line in _lines(atlas)]
    shapes = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        if shape.get("id") in LEFT_OUT:
            continue
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        shapes += _shapes(letters.get(shape.get("id", ""), ""), parts, lines)
    places = sorted({_place(arc) for _code, parts in shapes for part in parts for ring in part for arc in ring})
    new = {old: place for place, old in enumerate(places)}
    geometries = [
        {
            "type": "MultiPolygon",
            "id": code,
            "arcs": [[[_renamed(arc, new) for arc in ring] for ring in part] for part in parts],
        }
        for code, parts in sorted(shapes, key=lambda shape: shape[0])
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [-180, -90]},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_deltas(lines[old]) for old in places],
    }


def _lines(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        xs, ys = (list(accumulate(point[side] for point in arc)) for side in (0, 1))
        yield [(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)]


def _simpler(line: Sequence[Point]) -> list[Point]:
    """Douglas and Peucker (1973): the ends, and what is farther than the tolerance from the line between them."""
    if len(line) < 3:
        return list(line)
    (ax, ay), (bx, by) = line[0], line[-1]
    length = hypot(bx - ax, by - ay)
    gaps = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else hypot(x - ax, y - ay)
        for x, y in line[1:-1]
    ]
    far = max(range(len(gaps)), key=gaps.__getitem__) + 1
    if gaps[far - 1] <= TOLERANCE:
        return [line[0], line[-1]]
    return _simpler(line[: far + 1])[:-1] + _simpler(line[far:])


def _shapes(code: str, parts: Sequence[Any], lines: Sequence[Sequence[Point]]) -> list[tuple[str, list[Any]]]:
    home, away, border = OVERSEAS
    if code != home:
        return [(code, list(parts))]
    west = [part for part in parts if lines[_place(part[0][0])][0][0] < border]
    return [(home, [part for part in parts if part not in west]), (away, west)]


def _place(arc: int) -> int:
    """The place of an arc, that may be named backwards."""
    return arc if arc >= 0 else ~arc


def _renamed(arc: int, new: dict[int, int]) -> int:
    return new[arc] if arc >= 0 else ~new[~arc]


def _deltas(line: Sequence[Point]) -> list[list[int]]:
    grid = [(round((x + 180) / STEP), round((y + 90) / STEP)) for x, y in line]
    moves = [grid[0], *((x - a, y - b) for (a, b), (x, y) in pairwise(grid))]
    return [list(move) for place, move in enumerate(moves) if place < 1 or move != (0, 0)]


if __name__ == "__main__":
    atlas, codes = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    (CHARTS / "world.json").write_text(json.dumps(world(atlas, codes), separators=(",", ":")) + "\n", encoding="utf-8")
