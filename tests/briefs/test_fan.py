"""Fan charts and their tables, from values of our own."""

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.figures.fan import Fan, FanFormats, build_fan
from observatory.briefs.figures.series_view import SeriesView
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def test_a_missing_month_is_a_gap_of_the_line_and_a_row_of_the_table(outlook: Outlook) -> None:
    """Chart: no line across a missing month. Table: newest first, forecasts before history, the month said missing."""
    month = 2024 * 12
    observed = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    paths = [np.array([value, np.nan]) for value in (6.0, 5.0, 7.0, 5.5, 6.5)]
    fan = Fan(
        title="Price",
        view=SeriesView(tuple(range(month, month + 5)), observed, (month + 5, month + 6), *paths),
        frequency="M",
        level=80,
        formats=FanFormats(
            *(lambda value, mark=mark: f"{mark}{value:g}" for mark in ("last ", "end ", "seen ", "due "))
        ),
        role="cost",
        height=300,
    )
    context = Context(outlook, Selection(), Localizer("en"), outlook.day)
    spec, table = build_fan(context, fan)
    assert spec is not None
    text = str(spec)
    assert all(part in text for part in ("last 5 ", "end 6", "end 5", "end 7"))
    assert [row[2:] for row in table.rows] == [
        ("due 6", "due 5", "due 7"),
        ("seen 5", "", ""),
        ("seen 4", "", ""),
        ("missing", "", ""),
        ("seen 2", "", ""),
        ("seen 1", "", ""),
    ]
    assert table.caption == "Price"
    lines = [layer for layer in spec["layer"] if layer.get("mark", {}).get("type") == "line"]
    runs = {str(row["run"]) for layer in lines for row in layer["data"]["values"] if "run" in row}
    assert len(runs) == 2


def test_fewer_than_two_values_draw_no_chart(outlook: Outlook) -> None:
    """One value is no line: the chart is absent, and the table still lists it."""
    none = (np.empty(0),) * 5
    formats = FanFormats(*(lambda value: f"{value:g}",) * 4)
    view = SeriesView((2024,), np.array([3.0]), (), *none)
    fan = Fan(title="T", view=view, frequency="A", level=80, formats=formats, role="market", height=300)
    spec, table = build_fan(Context(outlook, Selection(), Localizer("en"), outlook.day), fan)
    assert spec is None
    assert table.rows[0][2] == "3"
