"""ROUTES: every address of the API, one row each; the FastAPI application and its documents are made from them."""

from observatory.api import health
from observatory.api.data import datapackage, feed, notes, outlooks, resources, tables
from observatory.api.data.serializers import (
    CSV_MEDIA_TYPE,
    JSON_MEDIA_TYPE,
    STRING_SCHEMA,
    TableBuilder,
    TableIterator,
    describe_envelope,
    describe_row,
    make_csv_builder,
    make_csv_streamer,
    make_json_builder,
)
from observatory.api.documentation import docs_page, openapi
from observatory.api.models import Endpoint, Field, Schema
from observatory.api.parameters import (
    AsOfQuery,
    CallsCsvQuery,
    CallsQuery,
    FeedQuery,
    IndicatorsQuery,
    ListQuery,
    NotesQuery,
    OutlookPublishersQuery,
    OutlooksCsvQuery,
    Query,
    SeriesCsvQuery,
    SeriesQuery,
    VintagesQuery,
)

_OBJECT: Schema = {"type": "object"}
_PROVENANCE: Schema = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["unit", "source", "licence"],
        "properties": {"unit": STRING_SCHEMA, "source": STRING_SCHEMA, "licence": STRING_SCHEMA},
    },
}
_CALL_DETAILS: dict[str, Schema] = {
    "index_last": {"type": "integer"},
    "index": resources.INDEX_SCHEMA,
    "reasons": resources.REASONS_SCHEMA,
}
_READY: Schema = {
    "type": "object",
    "required": ["ready", "vintage", "at"],
    "properties": {"ready": {"const": True}, "vintage": {"type": "integer"}, "at": STRING_SCHEMA},
}


def _table(
    name: str,
    summary: str,
    fields: tuple[Field, ...],
    build_rows: TableBuilder,
    iterate_rows: TableIterator | None = None,
) -> tuple[Endpoint, Endpoint]:
    """The two addresses of a table of series, CSV and JSON; `iterate_rows` makes the rows of a long CSV one by one."""
    path, schema = f"/api/v1/{name}", describe_envelope(describe_row(fields), {"indicators": _PROVENANCE})
    build_csv = make_csv_builder(name, fields, build_rows, of_series=True)
    build_json = make_json_builder(fields, build_rows)
    stream = make_csv_streamer(name, fields, iterate_rows) if iterate_rows is not None else None
    return (
        Endpoint(
            f"{path}.csv",
            f"{summary}, as CSV.",
            build_csv,
            CSV_MEDIA_TYPE,
            STRING_SCHEMA,
            SeriesCsvQuery,
            stream=stream,
        ),
        Endpoint(f"{path}.json", f"{summary}, as JSON.", build_json, JSON_MEDIA_TYPE, schema, SeriesQuery),
    )


ROUTES: tuple[Endpoint, ...] = (
    Endpoint(
        "/api/v1/segments",
        "The markets and sections.",
        resources.list_segments,
        JSON_MEDIA_TYPE,
        describe_envelope(describe_row(resources.SEGMENT_FIELDS)),
        ListQuery,
    ),
    Endpoint(
        "/api/v1/indicators",
        "The indicators with unit, source, licence and series.",
        resources.list_indicators,
        JSON_MEDIA_TYPE,
        describe_envelope(resources.INDICATOR_SCHEMA),
        IndicatorsQuery,
    ),
    *_table(
        "observations",
        "Observed values",
        tables.OBSERVATION_FIELDS,
        tables.build_observations,
        tables.iterate_observations,
    ),
    *_table("forecasts", "Forecasts with their ranges", tables.FORECAST_FIELDS, tables.build_forecasts),
    Endpoint(
        "/api/v1/calls.csv",
        "Calls, as CSV.",
        make_csv_builder("calls", tables.CALL_FIELDS, tables.build_calls, of_series=False),
        CSV_MEDIA_TYPE,
        STRING_SCHEMA,
        CallsCsvQuery,
    ),
    Endpoint(
        "/api/v1/calls.json",
        "Calls with their reasons, as JSON.",
        resources.list_calls,
        JSON_MEDIA_TYPE,
        describe_envelope(describe_row(tables.CALL_FIELDS, _CALL_DETAILS)),
        CallsQuery,
    ),
    Endpoint(
        "/api/v1/outlooks",
        "Forecasts of others, with what came of them, ours and naive ones.",
        outlooks.list_outlooks,
        JSON_MEDIA_TYPE,
        describe_envelope(describe_row(outlooks.OUTLOOK_FIELDS)),
        IndicatorsQuery,
    ),
    Endpoint(
        "/api/v1/outlooks.csv",
        "Forecasts of others, as CSV.",
        make_csv_builder("outlooks", outlooks.OUTLOOK_FIELDS, outlooks.build_outlooks, of_series=False),
        CSV_MEDIA_TYPE,
        STRING_SCHEMA,
        OutlooksCsvQuery,
    ),
    Endpoint(
        "/api/v1/outlook-publishers.csv",
        "Publishers of forecasts of others: their terms, and what of their record was not found, as CSV.",
        make_csv_builder("outlook-publishers", outlooks.PUBLISHER_FIELDS, outlooks.build_publishers, of_series=False),
        CSV_MEDIA_TYPE,
        STRING_SCHEMA,
        OutlookPublishersQuery,
    ),
    Endpoint(
        "/api/v1/vintages",
        "The editions published, the newest first.",
        resources.list_vintages,
        JSON_MEDIA_TYPE,
        describe_envelope(describe_row(resources.VINTAGE_FIELDS)),
        VintagesQuery,
    ),
    Endpoint(
        "/api/v1/notes",
        "The cluster's signed notes on markets, countries and the whole, the newest first.",
        notes.list_notes,
        JSON_MEDIA_TYPE,
        describe_envelope(notes.NOTE_SCHEMA),
        NotesQuery,
        has_notes=True,
    ),
    Endpoint(
        "/api/v1/datapackage.json",
        "The figures of an edition as a Frictionless Data Package.",
        datapackage.build_datapackage,
        JSON_MEDIA_TYPE,
        _OBJECT,
        AsOfQuery,
        site_bound=True,
    ),
    Endpoint(
        "/api/openapi.json", "This document.", openapi.build_openapi, JSON_MEDIA_TYPE, _OBJECT, Query, site_bound=True
    ),
    Endpoint(
        docs_page.PATH,
        "This document, as a page to read.",
        docs_page.build_docs_page,
        docs_page.HTML_MEDIA_TYPE,
        STRING_SCHEMA,
        Query,
        site_bound=True,
    ),
    Endpoint(
        "/feed.atom",
        "What was published, as a feed: all of it, or what concerns a market, an indicator, a threshold.",
        feed.build_feed,
        feed.ATOM_MEDIA_TYPE,
        STRING_SCHEMA,
        FeedQuery,
        site_bound=True,
        has_notes=True,
    ),
    Endpoint(
        "/healthz",
        "Whether the process answers.",
        health.check_alive,
        health.TEXT_MEDIA_TYPE,
        STRING_SCHEMA,
        is_instant=True,
    ),
    Endpoint("/readyz", "Whether the store is open and holds something.", health.check_ready, JSON_MEDIA_TYPE, _READY),
    Endpoint("/metrics", "Figures for Prometheus.", health.render_metrics, health.PROMETHEUS_MEDIA_TYPE, STRING_SCHEMA),
)
