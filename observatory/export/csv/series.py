"""A series as CSV: observed and expected values with source, licence and vintage on every row."""

from collections.abc import Iterator

import numpy as np

from observatory.catalogue.periods import period
from observatory.export.csv.dialect import Cell, short, written
from observatory.language import Language, Speaker
from observatory.outlook.outlook import Outlook
from observatory.settings import LEVELS
from observatory.timeseries import Key

COLUMNS = (
    "indicator",
    "geo",
    "item",
    "period",
    "nature",
    "value",
    *(f"{side}_{level}" for level in LEVELS for side in ("low", "high")),
    "unit",
    "source",
    "licence",
    "vintage",
)


def series_csv(outlook: Outlook, key: Key, language: Language) -> bytes:
    """The CSV of a series in the dialect of a language."""
    speaker = Speaker(language)
    row = outlook.catalogue.indicators[key[0]]
    source = outlook.catalogue.sources[row.source]
    tail = (speaker.of(row, "unit"), source.attribution, speaker.of(source, "licence"), outlook.named)
    return written([COLUMNS, *((*figures, *tail) for figures in _figures(outlook, key, speaker))], language)


def _figures(outlook: Outlook, key: Key, speaker: Speaker) -> Iterator[tuple[Cell, ...]]:
    """The cells of each row up to its limits: what was observed, then what is expected."""
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    observed, expected = (speaker.say(f"table.{name}") for name in ("observed", "expected"))
    empty = (None,) * (2 * len(LEVELS))
    for place, value in enumerate(history.values):
        if np.isfinite(value):
            when = period(history.first + place, history.frequency)
            yield (*key, when, observed, float(value), *empty)
    for step in range(len(forecast.median) if forecast is not None else 0):
        assert forecast is not None
        sides = [float(side[step, level]) for level in range(len(LEVELS)) for side in (forecast.low, forecast.high)]
        when = period(forecast.origin + step + 1, forecast.frequency)
        yield (*key, when, expected, *(short(value) for value in (float(forecast.median[step]), *sides)))
