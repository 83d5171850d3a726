"""CSV of one published series, as an example of a file that can be published: its columns, names and figures."""

from dataclasses import dataclass

import numpy as np

from observatory.catalogue.periods import ordinal_to_period
from observatory.export.csv.dialect import CsvCell, encode_csv
from observatory.ingest.decode.name_index import ROLE_HEADERS, ColumnRole, NameIndex
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, TimeSeries

EXAMPLE_COLUMNS: tuple[ColumnRole, ...] = ("indicator", "geo", "item", "period", "value")
_EXAMPLE_ROWS = 6


@dataclass(frozen=True)
class ExampleRow:
    """One figure of the example, its names in the language of the file."""

    indicator: str
    geo: str
    item: str
    period: str
    value: float


def build_example_rows(outlook: Outlook, language: Language) -> tuple[ExampleRow, ...]:
    """The last figures of the series of the example, the oldest first; none of a store without series."""
    key = _choose_series(outlook)
    if key is None:
        return ()
    indicator, geo, item = key
    localizer, names = Localizer(language), NameIndex(outlook.catalogue)
    title = localizer.field_text(outlook.catalogue.indicators[indicator], "title")
    place = localizer.field_text(outlook.catalogue.geographies[geo], "title")
    return tuple(
        ExampleRow(
            title if names.find_indicator_id(title) == indicator else indicator,
            place if names.find_geography_id(place) == geo else geo,
            item,
            period,
            value,
        )
        for period, value in _list_values(outlook.panel[key])[-_EXAMPLE_ROWS:]
    )


def write_example_csv(outlook: Outlook, language: Language) -> bytes:
    """The CSV of the example; published as it is, it changes nothing."""
    heads = [ROLE_HEADERS[name][("fr", "en").index(language)] for name in EXAMPLE_COLUMNS]
    rows: list[list[CsvCell]] = [
        [row.indicator, row.geo, row.item, row.period, row.value] for row in build_example_rows(outlook, language)
    ]
    return encode_csv([heads, *rows], language)


def _choose_series(outlook: Outlook) -> SeriesKey | None:
    """The headline series of the first indicator of demand of a market whose figures show the decimal sign."""
    catalogue = outlook.catalogue
    markets = {name: place for place, name in enumerate(catalogue.markets)}
    demand = [row for row in catalogue.indicators.values() if row.role == "market" and row.segment in markets]
    demand.sort(key=lambda row: (markets[row.segment], row.rank, row.id))
    keys = [(row.id, row.headline_geo, row.headline_item) for row in demand]
    known = [key for key in keys if key in outlook.panel]
    return next((key for key in known if _has_decimals(outlook.panel[key])), next(iter(known), None))


def _has_decimals(history: TimeSeries) -> bool:
    return any(not float(value).is_integer() for _period, value in _list_values(history)[-_EXAMPLE_ROWS:])


def _list_values(history: TimeSeries) -> list[tuple[str, float]]:
    """The periods that have a value, with it."""
    places = np.flatnonzero(np.isfinite(history.values))
    return [
        (ordinal_to_period(history.first + int(place), history.frequency), float(history.values[place]))
        for place in places
    ]
