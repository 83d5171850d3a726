"""Scaling of charts: lengths in pixels grow, figures stay."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.registry import build_screen
from observatory.charts.scaling import FONT_PROPERTIES, scale_chart
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from tests.support.charts import assert_chart_is_valid


def walk(part: Any) -> Iterator[tuple[str, Any]]:
    for name, value in part.items() if isinstance(part, dict) else ():
        yield name, value
        yield from walk(value)
    for value in part if isinstance(part, list) else ():
        yield from walk(value)


@pytest.mark.parametrize("code", ["space", "purchasing", "drones", "t"])
def test_fonts_and_strokes_grow_and_figures_stay(outlook: Outlook, code: str) -> None:
    """Every font is at least 28 px, strokes and offsets grow by the factor, rows and the original are untouched."""
    figure = build_screen(Context(outlook, Selection(screens=code), Localizer("fr"), outlook.day)).figure
    assert figure is not None
    spec: Any = figure.spec
    before = copy.deepcopy(spec)
    scaled = scale_chart(spec, 2.2, 1840, 590)
    assert spec == before
    assert (scaled["width"], scaled["height"]) == (1840, 590)
    fonts = [value for name, value in walk(scaled) if name in FONT_PROPERTIES]
    assert fonts
    assert min(fonts) >= 28
    old, new = ([value for name, value in walk(part) if name in ("strokeWidth", "dx", "dy")] for part in (spec, scaled))
    assert new == pytest.approx([value * 2.2 for value in old])
    places = [
        [{name: row[name] for name in row if name != "s"} for row in rows] for rows in map(rows_of, spec["layer"])
    ]
    assert places == [
        [{name: row[name] for name in row if name != "s"} for row in rows] for rows in map(rows_of, scaled["layer"])
    ]
    assert_chart_is_valid(scaled)


def rows_of(layer: Any) -> list[dict[str, Any]]:
    return list(layer["data"]["values"])


def test_symbols_grow_by_their_area(outlook: Outlook) -> None:
    """The dots of the reliability diagram keep their proportions."""
    figure = build_screen(Context(outlook, Selection(screens="t"), Localizer("fr"), outlook.day)).figure
    assert figure is not None
    spec: Any = figure.spec
    old, new = (
        [row["s"] for layer in part["layer"] for row in rows_of(layer) if "s" in row]
        for part in (spec, scale_chart(spec, 2.0, 800, 400))
    )
    assert new == pytest.approx([size * 4 for size in old])
