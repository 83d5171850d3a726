"""Packing of an edition: what it repeats of the one before it is referred to, not stored again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, select

from observatory.store import schema
from observatory.store.parts import PartBatch, PartReader, parse_reference
from observatory.store.queries import filter_indicators, select_newest
from observatory.store.records import STEP_COLUMNS, StoredCall, build_step_rows
from observatory.timeseries import Forecast, SeriesKey


@dataclass(frozen=True)
class PackedEdition:
    """The new parts of an edition, and what its rows have in the place of texts."""

    parts: Sequence[Mapping[str, Any]]  # but for the number of the edition
    bundle: Mapping[str, bytes]
    study: str
    details: Sequence[str]  # of its calls, in their order
    paths: Mapping[SeriesKey, int]  # the parts of its forecasts that have steps


def pack_edition(
    connection: Connection,
    reader: PartReader,
    parent: int | None,
    forecasts: Sequence[Forecast],
    calls: Sequence[StoredCall],
    study: Mapping[str, Any],
) -> PackedEdition:
    """Packs an edition on top of `parent`, only as long as that is the newest one: the next numbers are its own."""
    batch = PartBatch(connection, reader)
    former_study = connection.execute(
        select(schema.replays.c.details).where(schema.replays.c.vintage == parent)
    ).scalar()
    table = schema.calls
    rows = connection.execute(
        select(table.c.segment, table.c.horizon, table.c.details).where(table.c.vintage == parent)
    )
    former_calls = {(segment, horizon): text for segment, horizon, text in rows}
    batch.expect(map(parse_reference, former_calls.values()))
    former_paths = _load_path_parts(connection, parent, forecasts)
    return PackedEdition(
        study=batch.add_document(study, former_study or ""),
        details=[
            batch.add_text(
                json.dumps(row.details, ensure_ascii=False), former_calls.get((row.segment, row.horizon), "")
            )
            for row in calls
        ],
        paths={
            row.key: batch.add(_format_steps(row), former_paths.get(row.key)) for row in forecasts if len(row.median)
        },
        parts=batch.rows,
        bundle=batch.bundle,
    )


def load_paths(
    connection: Connection, reader: PartReader, newest: Any, indicators: Iterable[str] | None
) -> dict[int, list[list[float]]]:
    """The figures of the steps of forecasts, by series; `newest` has series and vintages, one row a forecast."""
    paths: dict[int, list[list[float]]] = {}
    for row in connection.execute(_select_of(schema.forecast_steps, newest, indicators)).mappings():
        paths.setdefault(row["series"], []).append([row[name] for name in STEP_COLUMNS])
    if reader.has_table(connection):
        rows = connection.execute(_select_of(schema.forecast_parts, newest, indicators)).all()
        texts = reader.load(connection, (row.part for row in rows))
        paths |= {row.series: [list(step[1:]) for step in _parse_steps(texts[row.part])] for row in rows}
    return paths


def _select_of(table: Table, newest: Any, indicators: Iterable[str] | None) -> Select[Any]:
    names = schema.series
    query = select(table).join(newest, and_(newest.c.series == table.c.series, newest.c.vintage == table.c.vintage))
    return filter_indicators(query.join(names, names.c.id == table.c.series), indicators).order_by(*table.primary_key)


def _parse_steps(text: str) -> list[tuple[Any, ...]]:
    """The inverse of what stores the steps of a forecast: for each its period and its figures."""
    return [tuple(row) for row in json.loads(text)]


def _format_steps(forecast: Forecast) -> str:
    rows = build_step_rows(forecast, 0, 0)
    # Adding zero makes a negative zero a plain one, as a column of the database does.
    return json.dumps([[row["period"], *(row[name] + 0.0 for name in STEP_COLUMNS)] for row in rows])


def _load_path_parts(connection: Connection, parent: int | None, forecasts: Sequence[Forecast]) -> dict[SeriesKey, int]:
    """The parts of the forecasts that some new ones follow."""
    if parent is None or not forecasts:
        return {}
    table, names = schema.forecast_parts, schema.series
    newest = select_newest(table, parent, table.c.series)
    query = (
        select(names.c.indicator, names.c.geo, names.c.item, table.c.part)
        .join(newest, and_(newest.c.series == table.c.series, newest.c.vintage == table.c.vintage))
        .join(names, names.c.id == table.c.series)
        .where(names.c.indicator.in_(sorted({row.key[0] for row in forecasts})))
    )
    return {(row[0], row[1], row[2]): row[3] for row in connection.execute(query)}


def load_edition_steps(connection: Connection, reader: PartReader, edition: int) -> list[tuple[Any, ...]]:
    """The steps of the forecasts of an edition itself that are in parts: indicator, place, item, period, figures."""
    table, names = schema.forecast_parts, schema.series
    query = select(names.c.indicator, names.c.geo, names.c.item, table.c.part).join(names, names.c.id == table.c.series)
    rows = connection.execute(query.where(table.c.vintage == edition)).all()
    texts = reader.load(connection, (row.part for row in rows))
    return [(*row[:3], *step) for row in rows for step in _parse_steps(texts[row.part])]
