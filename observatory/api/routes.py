"""ROUTES: every address of the interface, one row each; the server and the OpenAPI document are made from them."""

from observatory.api import datapackage, feed, health, openapi, resources, tables
from observatory.api.models import Address, Field, Parameter, Schema
from observatory.api.parameters import (
    ASOF_PARAMETER,
    DIALECT,
    FIRST,
    GEO,
    HORIZON,
    INDICATOR,
    ITEM,
    LANG,
    LAST,
    LIMIT,
    OFFSET,
    SEGMENT,
)
from observatory.api.serializers import CSV, JSON, TEXTS, Tabled, csv_table, envelope, json_table, record

_PAGED = (LIMIT, OFFSET)
_SERIES = (SEGMENT, INDICATOR, GEO, ITEM, FIRST, LAST, ASOF_PARAMETER, LANG)
_CALLS = (SEGMENT, HORIZON, ASOF_PARAMETER, LANG)
_OBJECT: Schema = {"type": "object"}
_ABOUT: Schema = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["unit", "source", "licence"],
        "properties": {"unit": TEXTS, "source": TEXTS, "licence": TEXTS},
    },
}


def _table(name: str, summary: str, fields: tuple[Field, ...], table: Tabled) -> tuple[Address, Address]:
    """The two addresses of a table of series: CSV and JSON."""
    path, parameters = f"/api/v1/{name}", (*_SERIES, *_PAGED)
    schema = envelope(record(fields), {"indicators": _ABOUT})
    as_csv = csv_table(name, fields, table, of_series=True)
    as_json = json_table(fields, table, of_series=True)
    return (
        Address(f"{path}.csv", f"{summary}, as CSV.", as_csv, CSV, TEXTS, (*parameters, DIALECT)),
        Address(f"{path}.json", f"{summary}, as JSON.", as_json, JSON, schema, parameters),
    )


_WHY_CALLED: dict[str, Schema] = {
    "index_last": {"type": "integer"},
    "index": resources.INDEX_SCHEMA,
    "reasons": resources.REASONS_SCHEMA,
}
_CALL_ROW = record(tables.CALL_FIELDS, _WHY_CALLED)
_SEGMENTS, _INDICATORS = (
    record(resources.SEGMENT_FIELDS),
    record(resources.INDICATOR_FIELDS, {"series": resources.SERIES_SCHEMA}),
)
_CALLS_CSV = csv_table("calls", tables.CALL_FIELDS, tables.build_calls, of_series=False)
_LISTS: tuple[Parameter, ...] = (ASOF_PARAMETER, LANG, *_PAGED)
_READY: Schema = {
    "type": "object",
    "required": ["ready", "vintage", "at"],
    "properties": {"ready": {"const": True}, "vintage": {"type": "integer"}, "at": TEXTS},
}

ROUTES: tuple[Address, ...] = (
    Address(
        "/api/v1/segments", "The markets and sections.", resources.list_segments, JSON, envelope(_SEGMENTS), _LISTS
    ),
    Address(
        "/api/v1/indicators",
        "The indicators with unit, source, licence and series.",
        resources.list_indicators,
        JSON,
        envelope(_INDICATORS),
        (SEGMENT, *_LISTS),
    ),
    *_table("observations", "Observed values", tables.OBSERVATION_FIELDS, tables.build_observations),
    *_table("forecasts", "Forecasts with their ranges", tables.FORECAST_FIELDS, tables.build_forecasts),
    Address("/api/v1/calls.csv", "Calls, as CSV.", _CALLS_CSV, CSV, TEXTS, (*_CALLS, *_PAGED, DIALECT)),
    Address(
        "/api/v1/calls.json",
        "Calls with their reasons, as JSON.",
        resources.list_calls,
        JSON,
        envelope(_CALL_ROW),
        (*_CALLS, *_PAGED),
    ),
    Address(
        "/api/v1/vintages",
        "The editions published, the newest first.",
        resources.list_vintages,
        JSON,
        envelope(record(resources.VINTAGE_FIELDS)),
        (LANG, *_PAGED),
    ),
    Address(
        "/api/v1/datapackage.json",
        "The figures of an edition as a Frictionless Data Package.",
        datapackage.build_datapackage,
        JSON,
        _OBJECT,
        (ASOF_PARAMETER,),
        sited=True,
    ),
    Address("/api/openapi.json", "This document.", openapi.document(lambda: ROUTES), JSON, _OBJECT, sited=True),
    Address(
        "/feed.atom",
        "What was published, as a feed.",
        feed.build_feed,
        feed.ATOM_MEDIA_TYPE,
        TEXTS,
        (LANG,),
        sited=True,
    ),
    Address("/healthz", "Whether the process answers.", health.healthz, health.TEXT_MEDIA_TYPE, TEXTS, kept=False),
    Address("/readyz", "Whether the store is open and holds something.", health.readyz, JSON, _READY, kept=False),
    Address(
        "/metrics", "Figures for Prometheus.", health.render_metrics, health.PROMETHEUS_MEDIA_TYPE, TEXTS, kept=False
    ),
)
