"""Resources as JSON lists: segments, indicators with their series, calls with their reasons, vintages."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from observatory.api.data.serializers import build_envelope, describe_row
from observatory.api.data.tables import find_calls, read_call, round_value
from observatory.api.models import ApiRequest, Field, Payload, Schema
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.briefs.whats_new.editions import note_text
from observatory.catalogue.codec import FORECAST_PREFIX, KNOWHOW_PREFIX
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.outlook.calls.calls import Call, CallReason
from observatory.timeseries import SeriesKey, TimeSeries

SEGMENT_FIELDS = (
    Field("id", "string", "Code of the segment."),
    Field("market", "boolean", "Whether it gets calls; else it is a section of the catalogue."),
    Field("title", "string", "Its name."),
    Field("summary", "string", "What it holds."),
    Field("indicators", "integer", "How many indicators it has."),
)
INDICATOR_FIELDS = (
    Field("id", "string", "Code of the indicator."),
    Field("segment", "string", "Code of its segment."),
    Field("role", "string", "market, leading, activity, cost or context."),
    Field("title", "string", "Its name."),
    Field("description", "string", "What it measures."),
    Field("caveats", "string", "What it does not say."),
    Field("unit", "string", "Unit of its values."),
    Field("frequency", "string", "A, Q or M: yearly, quarterly, monthly."),
    Field("kind", "string", "flow, stock, index, price, ratio or rate."),
    Field("seasonally_adjusted", "string", "Whether the publisher takes the seasons out."),
    Field("desired_direction", "string", "Which way is good."),
    Field("family", "string", "Indicators of one family measure the same thing."),
    Field("in_call", "boolean", "Whether it counts in the call of its segment."),
    Field("proxy", "boolean", "Whether it stands for a market that it does not measure itself."),
    Field("publication_lag_months", "integer", "Months from the end of a period to its figure."),
    Field("confidence", "string", "high, medium or low."),
    Field("source", "string", "Code of the source."),
    Field("publisher", "string", "Who publishes it."),
    Field("attribution", "string", "The mention that the publisher asks for."),
    Field("licence", "string", "Licence of the figures."),
    Field("licence_certainty", "string", "How sure that is."),
    Field("page", "string", "Page of the source; empty if there is none."),
    Field("accessed", "string", "The day on which the figures were taken."),
    Field("headline_geo", "string", "Place of the series shown first."),
    Field("headline_item", "string", "Item of the series shown first."),
)
SERIES_SCHEMA: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["geo", "item", "first", "last", "count"],
        "properties": {
            **{name: {"type": "string"} for name in ("geo", "item", "first", "last")},
            "count": {"type": "integer"},
        },
        "additionalProperties": False,
    },
}
AWAITING = "awaiting_first_collection"
INDICATOR_SCHEMA = describe_row(INDICATOR_FIELDS, {"series": SERIES_SCHEMA})
INDICATOR_SCHEMA["properties"]["state"] = {
    "type": "string",
    "enum": [AWAITING],
    "description": "Only of an indicator that is declared and has no figures yet; its `series` is empty.",
}
VINTAGE_FIELDS = (
    Field("id", "integer", "Number of the edition."),
    Field("asof", "string", "What `asof` takes to name it."),
    Field("parent", "integer", "The edition that it follows.", nullable=True),
    Field("at", "string", "The moment as of which its figures are the known ones."),
    Field("recorded", "string", "The moment at which it was recorded."),
    Field("who", "string", "Who published it."),
    Field("note", "string", "Why it was published."),
    Field("values", "integer", "Values that it brought."),
    Field("withdrawn", "integer", "Values that it withdrew."),
    Field("series", "integer", "Series that it touched."),
    Field("knowhow", "integer", "Rows of the table of know-how that it brought or withdrew."),
    Field("outlooks", "integer", "Forecasts of others that it brought or withdrew."),
)
REASONS_SCHEMA: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["indicator", "role", "share", "growth", "momentum"],
        "properties": {
            "indicator": {"type": "string"},
            "role": {"type": "string"},
            "share": {"type": "number", "description": "Share of the index."},
            "growth": {"type": ["number", "null"], "description": "Over its latest year."},
            "momentum": {"type": ["number", "null"], "description": "Recent months, in usual yearly moves."},
            **{
                name: {"type": ["number", "null"], "description": text}
                for name, text in {
                    "pace": "Growth a year expected at the horizon; weighted by share in logs, that of the market.",
                    "low": "Lower limit of 80 % of its draws.",
                    "high": "Upper limit of 80 % of its draws.",
                    "pace_rule": "What the past pace of the market alone gives.",
                    "pace_engine": "What the indicator alone gives.",
                }.items()
            },
        },
    },
}
INDEX_SCHEMA: Schema = {
    "type": "array",
    "items": {"type": "number"},
    "description": "Yearly levels of the market, 100 at the first; the last is that of `index_last`.",
}


def _make_list_builder(rows: Callable[[ApiRequest], Sequence[dict[str, Any]]]) -> Callable[[ApiRequest], Payload]:
    def build(request: ApiRequest) -> Payload:
        listed = rows(request)
        end = request.offset + (request.limit or DEFAULT_LIMIT)
        return build_envelope(request, listed[request.offset : end], len(listed), {})

    return build


def _build_segments(request: ApiRequest) -> list[dict[str, Any]]:
    catalogue = request.outlook.catalogue
    return [
        {
            "id": row.id,
            "market": row.market,
            "title": _raw_text(request, row, "title"),
            "summary": _raw_text(request, row, "summary"),
            "indicators": len(catalogue.indicators_of_segment(row.id)),
        }
        for row in catalogue.segments.values()
    ]


def _build_indicators(request: ApiRequest) -> list[dict[str, Any]]:
    catalogue = request.outlook.catalogue
    series: dict[str, list[SeriesKey]] = {}
    for key in sorted(request.outlook.panel):
        series.setdefault(key[0], []).append(key)
    chosen = [request.selection.segment] if "segment" in request.query_params else list(catalogue.segments)
    return [
        _build_indicator(request, row, series.get(row.id, []))
        for segment in chosen
        for row in (*catalogue.indicators_of_segment(segment), *catalogue.candidates_of_segment(segment))
    ]


def _build_indicator(request: ApiRequest, row: Indicator, keys: Sequence[SeriesKey]) -> dict[str, Any]:
    source = request.outlook.catalogue.sources[row.source]
    values = {name: _raw_text(request, row, name) for name in ("title", "description", "caveats", "unit")}
    values |= {name: _raw_text(request, source, name) for name in ("publisher", "licence")}
    values |= {name: getattr(source, name) for name in ("attribution", "licence_certainty", "page")}
    fields = {column.name: values.get(column.name, getattr(row, column.name, None)) for column in INDICATOR_FIELDS}
    series = [_build_series(key, request.outlook.panel[key]) for key in keys]
    state = {"state": AWAITING} if row.id in request.outlook.catalogue.candidates else {}
    return {**fields, "accessed": row.accessed.isoformat(), "series": series, **state}


def _build_series(key: SeriesKey, history: TimeSeries) -> dict[str, Any]:
    first, last = (ordinal_to_period(number, history.frequency) for number in (history.first, history.last))
    return {"geo": key[1], "item": key[2], "first": first, "last": last, "count": history.observed_count}


def _build_calls(request: ApiRequest) -> list[dict[str, Any]]:
    rows = []
    for call in find_calls(request):
        row = read_call(call)
        row["index_last"], row["index"] = call.index_last, list(call.index)
        row["reasons"] = [_build_reason(request, call, part) for part in call.reasons]
        rows.append(row)
    return rows


def _build_reason(request: ApiRequest, call: Call, reason: CallReason) -> dict[str, Any]:
    """An indicator of a call, with its own pace where the edition drew it together with its market."""
    values = asdict(reason)
    drawn = request.outlook.study.find_growth(reason.indicator, call.segment, call.horizon)
    if drawn is not None:
        values |= {"pace": drawn.growth, "low": drawn.low, "high": drawn.high}
        values |= {"pace_rule": drawn.rule, "pace_engine": drawn.engine}
    return {name: round_value(value) for name, value in values.items()}


def _build_vintages(request: ApiRequest) -> list[dict[str, Any]]:
    store = request.workspace.store
    counts = store.count_changes()
    knowhow, outlooks = (store.count_fact_changes(prefix) for prefix in (KNOWHOW_PREFIX, FORECAST_PREFIX))
    rows = []
    for row in reversed(store.vintages()):
        values, withdrawn, touched = counts.get(row.id, (0, 0, 0))
        rows.append(
            {
                "id": row.id,
                "asof": f"e{row.id}",
                "parent": row.parent,
                "at": row.at.isoformat(),
                "recorded": row.recorded.isoformat(),
                "who": row.who,
                "note": note_text(row, request.localizer),
                "values": values,
                "withdrawn": withdrawn,
                "series": touched,
                "knowhow": knowhow.get(row.id, 0),
                "outlooks": outlooks.get(row.id, 0),
            }
        )
    return rows


def _raw_text(request: ApiRequest, noun: object, name: str) -> str:
    """A bilingual text as it was typed: the typography of pages would make it hard to search."""
    return str(getattr(noun, f"{name}_{request.localizer.language}"))


list_segments, list_indicators, list_calls, list_vintages = (
    _make_list_builder(_build_segments),
    _make_list_builder(_build_indicators),
    _make_list_builder(_build_calls),
    _make_list_builder(_build_vintages),
)
