"""An outlook of made series: one market, one price and one input by country, at any scale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from observatory.catalogue.models import Catalogue, Indicator
from observatory.outlook.build import Evidence, build_outlook
from observatory.outlook.outlook import Outlook
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries

_PUBLISHED = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST_YEAR = 2025
COUNTRIES = ("FRA", "DEU", "USA")
UNITS = {
    "flow": ("accidents par vol", "accidents per flight"),
    "stock": ("unités", "units"),
    "price": ("dollars par tonne", "US dollars per tonne"),
    "rate": ("% du PIB", "% of GDP"),
    "index": ("indice, 2021 = 100", "index, 2021 = 100"),
}


def build_toy_indicator(
    like: Indicator, name: str, kind: str, segment: str, frequency: str, units: tuple[str, str] = ("", "")
) -> Indicator:
    """An indicator of a kind, with the source of another: a cost of purchases, of another segment its market."""
    unit_fr, unit_en = units if all(units) else UNITS[kind]
    return replace(
        like,
        id=name,
        segment=segment,
        role="cost" if segment == "purchasing" else "market",
        kind=kind,
        frequency=frequency,  # type: ignore[arg-type]
        unit_fr=unit_fr,
        unit_en=unit_en,
        title_fr="Accidents mortels",
        title_en="Fatal accidents",
        family=name,
        in_call=segment != "purchasing",
        headline_geo="FRA",
        headline_item="",
        gaps=(),
        caveats_fr="",
        caveats_en="",
    )


def build_toy_series(key: SeriesKey, frequency: str, values: Sequence[float] | FloatArray) -> TimeSeries:
    """Values that end with the last year; NaN for a gap, but not at an end."""
    per_year = {"A": 1, "Q": 4, "M": 12}[frequency]
    first = (LAST_YEAR + 1) * per_year - len(values)
    return TimeSeries(key, frequency, first, np.array(values, dtype=float))  # type: ignore[arg-type]


def build_toy_outlook(
    catalogue: Catalogue, indicators: Sequence[Indicator], panel: Mapping[SeriesKey, TimeSeries]
) -> Outlook:
    """The outlook of some indicators alone."""
    known = {row.id: row for row in indicators}
    return build_outlook(
        Evidence(replace(catalogue, indicators=known, topics=()), panel), edition=1, published_at=_PUBLISHED
    )
