"""CSV of a series: observed and expected values with source, licence and vintage on every row."""

from collections.abc import Iterator

import numpy as np

from observatory.catalogue.periods import ordinal_to_period
from observatory.export.csv.dialect import CsvCell, encode_csv, round_significant
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

COLUMNS = (
    *("indicator", "geo", "item", "period", "nature", "value"),
    *(f"{side}_{level}" for level in INTERVAL_LEVELS for side in ("low", "high")),
    *("unit", "source", "licence", "vintage"),
)


def write_series_csv(outlook: Outlook, key: SeriesKey, language: Language) -> bytes:
    """The CSV of a series in the dialect of a language."""
    localizer = Localizer(language)
    row = outlook.catalogue.indicators[key[0]]
    source = outlook.catalogue.sources[row.source]
    tail = (
        localizer.field_text(row, "unit"),
        source.attribution,
        localizer.field_text(source, "licence"),
        outlook.label,
    )
    return encode_csv([COLUMNS, *((*figures, *tail) for figures in _iter_rows(outlook, key, localizer))], language)


def _iter_rows(outlook: Outlook, key: SeriesKey, localizer: Localizer) -> Iterator[tuple[CsvCell, ...]]:
    """The first cells of each row, from the key to the interval limits: observed rows, then expected ones."""
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    observed, expected = (localizer.text(f"table.{name}") for name in ("observed", "expected"))
    empty = (None,) * (2 * len(INTERVAL_LEVELS))
    for index, value in enumerate(history.values):
        if np.isfinite(value):
            period = ordinal_to_period(history.first + index, history.frequency)
            yield (*key, period, observed, float(value), *empty)
    for step in range(len(forecast.median) if forecast is not None else 0):
        assert forecast is not None
        sides = [
            float(side[step, level]) for level in range(len(INTERVAL_LEVELS)) for side in (forecast.low, forecast.high)
        ]
        period = ordinal_to_period(forecast.origin + step + 1, forecast.frequency)
        yield (*key, period, expected, *(round_significant(value) for value in (float(forecast.median[step]), *sides)))
