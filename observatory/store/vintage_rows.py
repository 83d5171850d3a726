"""Rows of a vintage: what the tables of the store receive of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from observatory.store import schema
from observatory.store.packing import PackedEdition
from observatory.store.records import (
    StoredCall,
    Vintage,
    VintageBatch,
    build_forecast_row,
    build_vintage,
    format_timestamp,
)
from observatory.timeseries import Forecast, SeriesKey


def insert_vintage(connection: Connection, batch: VintageBatch, head: Vintage | None, recorded: str) -> Vintage:
    """The row of a new vintage, dated no earlier than the one before it."""
    at = batch.at if head is None else max(batch.at, head.at)
    result = connection.execute(
        insert(schema.vintages).values(
            parent=None if head is None else head.id,
            at=format_timestamp(at),
            recorded=recorded,
            who=batch.who,
            note_fr=batch.note_fr,
            note_en=batch.note_en,
            sha256=batch.sha256,
        )
    ).inserted_primary_key
    number = int(result[0]) if result is not None else 0
    if batch.draft is not None or batch.reverts is not None:
        connection.execute(insert(schema.provenance).values(vintage=number, draft=batch.draft, reverts=batch.reverts))
    row = connection.execute(select(schema.vintages).where(schema.vintages.c.id == number)).mappings().one()
    return build_vintage(dict(row) | {"draft": batch.draft, "reverts": batch.reverts})


def build_rows(
    vintage: int,
    batch: VintageBatch,
    forecasts: Sequence[Forecast],
    calls: Sequence[StoredCall],
    packed: PackedEdition,
    ids: Mapping[SeriesKey, int],
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The rows of a vintage, table by table."""
    yield schema.bundles, [{"vintage": vintage, **packed.bundle}] if packed.parts else []
    yield schema.parts, [{**row, "vintage": vintage} for row in packed.parts]
    yield (
        schema.observations,
        [
            {"series": ids[key], "period": when, "vintage": vintage, "value": value}
            for key, when, value in batch.observations
        ],
    )
    yield (
        schema.indicators,
        [
            {"indicator": name, "vintage": vintage, "facts": json.dumps(facts, ensure_ascii=False)}
            for name, facts in batch.facts.items()
        ],
    )
    yield schema.forecasts, [build_forecast_row(forecast, ids[forecast.key], vintage) for forecast in forecasts]
    yield (
        schema.forecast_parts,
        [{"series": ids[key], "vintage": vintage, "part": part} for key, part in packed.paths.items()],
    )
    yield (
        schema.calls,
        [
            {
                "vintage": vintage,
                "segment": call.segment,
                "horizon": call.horizon,
                "call": call.call,
                "details": details,
            }
            for call, details in zip(calls, packed.details, strict=True)
        ],
    )
    yield schema.replays, [{"vintage": vintage, "details": packed.study}]


def ensure_series(connection: Connection, keys: set[SeriesKey]) -> dict[SeriesKey, int]:
    """The identifiers of series by key; a series that is new gets one."""
    table = schema.series
    ids = {(row.indicator, row.geo, row.item): row.id for row in connection.execute(select(table))}
    new = sorted(keys - ids.keys())
    if new:
        connection.execute(insert(table), [dict(zip(("indicator", "geo", "item"), key, strict=True)) for key in new])
        ids = {(row.indicator, row.geo, row.item): row.id for row in connection.execute(select(table))}
    return ids
