"""Forecasts of others as an edition stores them: facts with their page, what came, ours and naive ones."""

from itertools import islice
from typing import Any

from observatory.api.data.serializers import build_envelope
from observatory.api.data.tables import TableRow
from observatory.api.models import ApiRequest, Field, Payload
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.export.csv.outlooks import COLUMNS, build_outlook_rows
from observatory.outlook.external.judging import ExternalRecord

_NUMBERS = {
    "theirs": "What the publisher said, in the unit of the row; empty where it gave a bound alone.",
    "ours": "What our engine would have said that day, from what was out by then.",
    "naive": "Mean growth of ten years for a growth; no change for a level, and where that is not known.",
    "outcome": "What came; empty until then.",
    "low": "Lower end of the publisher's range, or a bound.",
    "high": "Upper end of the publisher's range, or a bound.",
    "ours_low": "Lower end of our 80 % range.",
    "ours_high": "Upper end of our 80 % range.",
    "no_change": "The naive forecast of no change.",
    "last_growth": "The naive forecast of the growth of the last complete year.",
    "mean_growth": "The naive forecast of the mean growth of up to ten years.",
    "call_probability": "That the market grows at all, by our replayed call, 0 to 1.",
}
_INTEGERS = {
    "scored": "1 if it counts in scores: one row of a statement, with a figure and an outcome.",
    "same_months": "1 if ours knew as much of the target's year.",
}
_TEXTS = {
    "publisher": "Who said it.",
    "published": "A day, a month, or a year alone where no page says more.",
    "target": "A year, FY and a year (October to September), years from-to, or months from..to.",
    "lead": "current_early, current_late (from August on), next_early, next_late, later, window or unknown.",
    "kind": "growth, level, cagr, or guidance of a maker on its own deliveries.",
    "measure": "growth, level, share (of 2019), total or mean of a window, yearly_growth.",
    "unit": "Unit of the figures.",
    "outcome_origin": "series: computed from ours; quoted: from a page; empty: none yet.",
    "call": "Our replayed call on the market that day: growing, flat, shrinking or unclear; empty without one.",
    "statement": "Rows of one statement are one forecast.",
    "quantity": "What the figure counts.",
    "series": "Codes of our series; the mean of several. Empty where none matches.",
    "basis": "stated, middle (of a range), computed, bound, or in_line (the page says that the target was met).",
    "found": "then: on a page of the time; later: on one that looks back.",
    "outcome_source": "The page of a quoted outcome.",
    "licence": "Terms of the publisher.",
    "page": "Where it is printed.",
    "quote": "At most fifteen words.",
    "note": "What to know when reading it.",
}


def _build_field(name: str) -> Field:
    if name in _NUMBERS:
        return Field(name, "number", _NUMBERS[name], nullable=True)
    if name in _INTEGERS:
        return Field(name, "integer", _INTEGERS[name])
    if name == "ours_known":
        return Field(name, "string", "The last month that ours knew.", nullable=True)
    return Field(name, "string", _TEXTS[name])


OUTLOOK_FIELDS = tuple(_build_field(name) for name in COLUMNS)


PUBLISHER_FIELDS = (
    Field("id", "string", "Code of the publisher."),
    Field("title", "string", "Its name, as in the forecasts."),
    Field("own", "integer", "1 if it speaks of its own deliveries (guidance)."),
    Field("licence", "string", "Terms on which its words are quoted."),
    Field("licence_certainty", "string", "stated, expected or unknown."),
    Field("missing", "string", "What of its record was not found; without it a record can look better than it is."),
)


def list_outlooks(request: ApiRequest) -> Payload:
    """The forecasts of others as JSON; none in an edition older than them."""
    rows = _select_rows(request)
    end = request.offset + (request.limit or DEFAULT_LIMIT)
    return build_envelope(request, rows[request.offset : end], len(rows), {})


def build_outlooks(request: ApiRequest, start: int, count: int | None) -> tuple[list[TableRow], int]:
    """Rows of OUTLOOK_FIELDS."""
    rows = _select_rows(request)
    chosen = islice(rows, start, None if count is None else start + count)
    return [tuple(row.values()) for row in chosen], len(rows)


def build_publishers(request: ApiRequest, start: int, count: int | None) -> tuple[list[TableRow], int]:
    """Rows of PUBLISHER_FIELDS, by title."""
    publishers = sorted(request.outlook.study.external_record.publishers.values(), key=lambda row: row.title.casefold())
    text = request.localizer.field_text
    rows = [
        (row.id, row.title, int(row.own), text(row, "licence"), row.licence_certainty, text(row, "missing"))
        for row in publishers
    ]
    return rows[start : None if count is None else start + count], len(rows)


def _select_rows(request: ApiRequest) -> list[dict[str, Any]]:
    record, indicators = request.outlook.study.external_record, request.outlook.catalogue.indicators
    if "segment" in request.query_params:
        chosen = request.selection.segment
        rows = [
            row
            for row in record.rows
            if any(key[0] in indicators and indicators[key[0]].segment == chosen for key in row.forecast.series)
        ]
        record = ExternalRecord(record.publishers, tuple(rows))
    return build_outlook_rows(record)
