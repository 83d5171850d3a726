"""Altair charts of a notebook: one series with its forecast, in the colours of the pages."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from observatory.catalogue.periods import period_to_ordinal
from observatory.charts.palette import COLOUR_TOKENS

_WIDTH_PX = 640
_RANGES = ((80, 0.16), (50, 0.22))  # per cent of outcomes inside, opacity


def build_chart(
    observed: pd.DataFrame, expected: pd.DataFrame, facts: Mapping[str, Any], height: int
) -> alt.LayerChart:
    """The observed line, the dashed median and its ranges; `facts` is the row of the indicator.

    Tables are those of one series, with `date` and `value`, and `date`, `median`, `low_80` and so on.
    """
    role, forecast = (COLOUR_TOKENS[token][0] for token in (facts["role"], "forecast"))
    y_title = facts["unit"]
    last = observed.iloc[[-1]]
    ahead = expected.dropna(subset=["median"])
    start = pd.DataFrame({"date": last["date"], **dict.fromkeys(_list_columns(), last["value"])})
    ahead = pd.concat([start, ahead[["date", *_list_columns()]]]) if len(ahead) else start.iloc[:0]
    x = alt.X("date:T", title=None)
    y = alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=False))
    fan = alt.Chart(ahead).encode(x=x)
    layers = [
        fan.mark_area(color=forecast, opacity=opacity).encode(
            y=alt.Y(f"low_{level}:Q", title=y_title, scale=alt.Scale(zero=False)), y2=f"high_{level}:Q"
        )
        for level, opacity in _RANGES
    ]
    median = fan.mark_line(color=forecast, strokeDash=[6, 3]).encode(y=alt.Y("median:Q", title=y_title))
    runs = observed.assign(run=_number_runs(observed["period"]))
    line = alt.Chart(runs).mark_line(color=role, point={"color": role, "size": 12})
    line = line.encode(x=x, y=y, detail="run:N", tooltip=["period", "value"])
    title = alt.TitleParams(facts["title"], subtitle=facts["attribution"], anchor="start")
    return alt.LayerChart(layer=[*layers, median, line], width=_WIDTH_PX, height=height, title=title)


def _number_runs(periods: pd.Series) -> pd.Series:
    """A number for each run of periods without a gap: a line across a gap would show values that nobody observed."""
    ordinals = pd.Series([period_to_ordinal(period) for period in periods], index=periods.index)
    return (ordinals.diff() != 1).cumsum()


def _list_columns() -> list[str]:
    """The columns of a forecast that the chart draws."""
    return ["median", *(f"{side}_{level}" for level, _opacity in _RANGES for side in ("low", "high"))]
