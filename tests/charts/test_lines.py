"""Comparison charts and the map: letters do not overlap; the world file is small and complete."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue
from observatory.charts.base import (
    build_tick_label,
    build_y_scale,
    compute_round_ticks,
    count_tick_decimals,
    space_labels,
)
from observatory.charts.comparison import (
    LETTER_GAP_PX,
    LINE_TOKENS,
    ComparisonLine,
    ComparisonScale,
    build_comparison_chart,
    get_line_token,
)
from observatory.charts.world_map import (
    CLASS_OPACITIES,
    WORLD_FILE,
    build_europe_map,
    build_world_map,
    list_map_countries,
    load_outlines,
)
from tests.support.charts import assert_chart_is_valid


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize(
    "scale",
    [
        ComparisonScale(),
        ComparisonScale(signed=True),
        ComparisonScale(logarithmic=True),
        ComparisonScale(base_level=100.0),
    ],
)
def test_a_comparison_is_a_valid_chart(count: int, scale: ComparisonScale) -> None:
    """One to eight series with what is expected of them are a valid specification of few points."""
    series = [
        ComparisonLine(
            "ABCDEFGH"[k], [[(2000.5 + x, 10.0 + k + x) for x in range(20)]], [(2020.5, 31.0, 20.0, 40.0 + k)]
        )
        for k in range(count)
    ]
    spec = build_comparison_chart(series, [], scale, "fr", 380)
    assert_chart_is_valid(spec)
    assert all(len(layer["data"]["values"]) < 2000 for layer in spec["layer"])


def test_letters_stand_apart_and_inside() -> None:
    """Eight letters that want one place stand a gap apart, none below the plot."""
    for wanted in ([100.0] * 8, [330.0] * 8, [0.0, 1.0, 2.0, 300.0]):
        positions = sorted(space_labels(wanted, 334, LETTER_GAP_PX))
        assert all(b - a >= LETTER_GAP_PX - 1e-9 for a, b in pairwise(positions))
        assert positions[-1] <= 334 + 1e-9


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_every_tick_is_written_as_it_is(low: float, span: float) -> None:
    """Whatever the values, a label on an axis is its tick: 2.5 is not written as 3."""
    ticks = compute_round_ticks(low, low + span)
    decimals = count_tick_decimals(ticks)
    assert all(float(f"{tick:.{decimals}f}") == pytest.approx(tick, rel=1e-9, abs=1e-12) for tick in ticks)
    assert count_tick_decimals([0.0, 2.5, 5.0]) == 1
    assert count_tick_decimals([0.0, 250.0]) == 0
    assert build_tick_label([0.0, 0.25], signed=True) == "(datum.value > 0 ? '+' : '') + format(datum.value, ',.2f')"


def test_four_lines_have_colours_of_their_own() -> None:
    """The first four series have colours of their own, the others are grey and have their letter."""
    assert [get_line_token(place) for place in range(6)] == [*LINE_TOKENS, "muted", "muted"]


def test_eight_lines_differ_without_colour() -> None:
    """Each of eight series has dashes of its own and one width; none has those of what is expected."""
    past, ahead = [[(2000.5 + x, 10.0 + x) for x in range(9)]], [(2010.5, 20.0, 9.0, 30.0)]
    spec = build_comparison_chart(
        [ComparisonLine(letter, past, ahead) for letter in "ABCDEFGH"], [], ComparisonScale(), "fr", 380
    )
    marks = [layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    seen = [mark for mark in marks if "forecast" not in mark["color"]]
    assert len({tuple(mark["strokeDash"]) for mark in seen}) == len(seen) == 8
    assert {mark["strokeWidth"] for mark in seen} == {2.25}
    expected = {tuple(mark["strokeDash"]) for mark in marks if "forecast" in mark["color"]}
    assert not expected & {tuple(mark["strokeDash"]) for mark in seen}


def test_the_world_is_small_and_has_our_countries(catalogue: Catalogue) -> None:
    """The file is under 120 kB; each country of the catalogue is drawn; every shape uses arcs that exist."""
    assert WORLD_FILE.stat().st_size < 120_000
    assert {row.id for row in catalogue.geographies.values() if row.kind == "country"} <= list_map_countries()
    whole = load_outlines()
    arcs = len(whole["arcs"])
    for shape in whole["objects"]["countries"]["geometries"]:
        for ring in (ring for part in shape["arcs"] for ring in part):
            assert all((arc if arc >= 0 else ~arc) < arcs for arc in ring)
    for arc in whole["arcs"]:
        x, y = (sum(point[side] for point in arc) for side in (0, 1))
        assert 0 <= x <= 1800
        assert 0 <= y <= 900


def test_countries_without_a_class_are_not_filled() -> None:
    """Only countries with a class are filled, French Guiana with France; the chosen country is drawn last."""
    spec = build_world_map({"FRA": 5, "BRA": 1}, "FRA", "ink", "fr")
    shapes = spec["layer"][0]["data"]["values"]["objects"]["countries"]["geometries"]
    filled = {shape["id"]: shape["properties"]["o"] for shape in shapes if shape["properties"]["o"]}
    assert filled == {"FRA": CLASS_OPACITIES[4], "GUF": CLASS_OPACITIES[4], "BRA": CLASS_OPACITIES[0]}
    assert shapes[-1]["id"] == "FRA"
    assert_chart_is_valid(spec)
    assert "http" not in json.dumps(spec["layer"])


def test_the_map_is_zoomed_to_the_countries_with_figures() -> None:
    """Three countries of Europe fit a frame of Europe; with China and Brazil it reaches from one to the other."""
    near = build_world_map({"FRA": 1, "DEU": 2, "ITA": 3}, "FRA", "ink", "fr")
    far = build_world_map({"FRA": 1, "CHN": 2, "BRA": 3}, "FRA", "ink", "fr")
    corners = [spec["layer"][0]["projection"]["fit"]["geometry"]["coordinates"] for spec in (near, far)]
    (west, east), (far_west, far_east) = ((min(x for x, _ in row), max(x for x, _ in row)) for row in corners)
    assert -12 < west < 0
    assert 15 < east < 30
    assert far_west < -60
    assert far_east > 120


def _read_outlines(spec: Mapping[str, Any]) -> tuple[list[str], dict[str, list[object]]]:
    """The countries of a map, and the arcs of each in full."""
    topology = spec["layer"][0]["data"]["values"]
    shapes = {row["id"]: row["arcs"] for row in topology["objects"]["countries"]["geometries"] if row["id"]}
    arcs = {
        name: [topology["arcs"][arc if arc >= 0 else ~arc] for polygon in polygons for ring in polygon for arc in ring]
        for name, polygons in shapes.items()
    }
    return list(shapes), arcs


def test_europe_has_its_own_map_where_others_have_figures_too() -> None:
    """Three countries of Europe beside one of America: a map of Europe; alone, or with too few of them, none."""
    europe = {"FRA": 1, "DEU": 2, "ITA": 3}
    spec = build_europe_map({**europe, "USA": 1}, "FRA", "ink", "fr")
    assert spec is not None
    assert_chart_is_valid(spec)
    assert build_europe_map(europe, "FRA", "ink", "fr") is None
    world = build_world_map({**europe, "USA": 1, "JPN": 1, "AUS": 1}, "FRA", "ink", "fr")
    names, outlines = zip(*(_read_outlines(one) for one in (spec, world)), strict=True)
    assert {"FRA", "POL", "GBR", "UKR"} <= set(names[0])
    assert not {"USA", "JPN", "AUS", "BRA"} & set(names[0])
    assert outlines[0]["POL"] == outlines[1]["POL"]
    assert build_europe_map({"FRA": 1, "USA": 1}, "FRA", "ink", "fr") is None


@given(st.floats(-12, 15), st.floats(0, 3), st.booleans(), st.booleans())
def test_ticks_are_relative_to_their_step(exponent: float, decades: float, below_zero: bool, logarithmic: bool) -> None:
    """From 1e-12 to 1e15, of either sign: few ticks that differ, cover the values, and are each written as they are."""
    values = [10.0**exponent, 10.0 ** (exponent + decades)]
    values = [-value for value in values] if below_zero and not logarithmic else values
    ticks, scale = build_y_scale(values, logarithmic=logarithmic)
    low, high = scale["domain"]
    assert low < high
    assert low <= min(values) + abs(min(values)) * 1e-9
    assert high >= max(values) - abs(max(values)) * 1e-9
    assert len(ticks) == len(set(ticks)) <= 12
    assert all(abs(tick) > 10.0 ** (exponent - 9) for tick in ticks if tick)
    expression = build_tick_label(ticks)
    decimals = re.search(r"\.(\d+)f", expression)
    if decimals:
        assert all(float(f"{tick:.{decimals[1]}f}") == pytest.approx(tick, rel=1e-9) for tick in ticks)
    else:
        assert ".12~r" in expression  # each tick with its significant digits


def test_one_value_has_an_axis_of_its_own_size() -> None:
    """A constant series of 3e-12 is not drawn on an axis to 1; ordinary ones have the axis that they had."""
    assert compute_round_ticks(3e-12, 3e-12) == pytest.approx([3e-12, 4e-12, 5e-12, 6e-12])
    assert compute_round_ticks(-3e-12, -3e-12)[-1] == 0
    assert compute_round_ticks(5.0, 5.0) == pytest.approx([5, 5.2, 5.4, 5.6, 5.8, 6])
    assert compute_round_ticks(0.0, 0.0) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert len(compute_round_ticks(1e15, 1e15 + 0.5)) < 12


def test_ticks_of_a_logarithmic_axis_are_few() -> None:
    """Of a range of 27 powers of ten, some powers; of one or two, 1, 2 and 5 times each."""
    ticks, _scale = build_y_scale([1e-12, 1e15], logarithmic=True)
    assert 4 <= len(ticks) <= 7
    assert ticks[0] == 1e-12
    assert build_y_scale([9.0, 120.0], logarithmic=True)[0] == [10, 20, 50, 100]
