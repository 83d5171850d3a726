"""Forecasts of others that are the same, contradict one another, or belong to one statement."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.catalogue.external_forecasts import ExternalForecast, ForecastIdentity
from observatory.catalogue.indicator_input import slugify
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.errors import Finding, MessageValue


def find_twin(row: ExternalForecast, others: Sequence[ExternalForecast]) -> ExternalForecast | None:
    """The forecast that is the same one; a day and its month, or its year, are the same date."""
    for other in others:
        same_date = row.published.startswith(other.published) or other.published.startswith(row.published)
        if same_date and _without_date(row) == _without_date(other):
            return other
    return None


def _without_date(row: ExternalForecast) -> ForecastIdentity:
    return (row.identity[0], *row.identity[2:])


def contradicts(row: ExternalForecast, other: ExternalForecast) -> bool:
    """Whether two forecasts differ in a figure that both have, or have none in common."""
    pairs = [pair for pair in zip(row.figures, other.figures, strict=True) if None not in pair]
    return not pairs or row.scale != other.scale or any(one != two for one, two in pairs)


def format_figures(row: ExternalForecast) -> str:
    """The figures of a forecast by their columns: value 840; high 900."""
    named = zip(("low", "value", "high"), row.figures, strict=True)
    return "; ".join(f"{name} {number:.12g}" for name, number in named if number is not None)


def name_statement(
    row: ExternalForecast, others: Sequence[ExternalForecast], *, has_statement: bool
) -> ExternalForecast:
    """A forecast with its statement: its own, that of another figure of the same announcement, or a new one."""
    if has_statement:
        return row
    for other in others:
        if row.series and (row.publisher, row.published, row.target, row.series) == _announcement(other):
            return replace(row, statement=other.statement)
    subject = SERIES_SEPARATOR.join(map(format_series_code, row.series)) or row.quantity
    return replace(row, statement=f"{row.publisher}-{row.published}-{row.target}-{slugify(subject)}")


def _announcement(row: ExternalForecast) -> ForecastIdentity:
    return row.publisher, row.published, row.target, row.series


def find_statement_fault(row: ExternalForecast, others: Sequence[ExternalForecast]) -> Finding | None:
    """What is wrong with the statement of a row: that of another announcement, or another one for the same."""
    for other in others:
        if other.statement == row.statement and _announcement(other)[:3] != _announcement(row)[:3]:
            return _fault("external_mixed_statement", row, other.line)
        if row.series and _announcement(other) == _announcement(row) and other.statement != row.statement:
            return _fault("external_twice", row, other.statement)
    return None


def _fault(code: str, row: ExternalForecast, other: MessageValue) -> Finding:
    return Finding("error", code, "", row.line, "statement", row.statement, {"other": other})
