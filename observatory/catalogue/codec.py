"""JSON encoding of the facts that the store keeps with each vintage: indicators, know-how, forecasts of others."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from observatory.catalogue.external_forecasts import ExternalForecast, ExternalForecasts, ForecastPublisher
from observatory.catalogue.models import Catalogue, DataSource, Gap, Indicator, KnowHow
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code

_OWN_SOURCE_KEY = "own_source"  # the key of a source that only this indicator brings
NAME_IN_FILE_KEY = "named"  # the key of what the file that brought it calls it
KNOWHOW_PREFIX = "knowhow/"  # begins the name of the facts of a know-how; no indicator has such an id
FORECAST_PREFIX = "forecast/"  # begins the name of the facts of a forecast of others
PUBLISHER_PREFIX = "forecast-publisher/"  # begins the name of the facts of a publisher of such forecasts
_PREFIXES = (KNOWHOW_PREFIX, FORECAST_PREFIX, PUBLISHER_PREFIX)

FactsById = Mapping[
    str, Mapping[str, Any] | None
]  # by the id of an indicator, or a prefix and the id of another entity


def encode_indicator(indicator: Indicator, source: DataSource | None = None) -> dict[str, Any]:
    """The facts of an indicator as JSON values, with its source if data/ does not have it."""
    facts = asdict(indicator) | {"accessed": indicator.accessed.isoformat()}
    return facts if source is None else facts | {_OWN_SOURCE_KEY: asdict(source)}


def decode_indicator(facts: Mapping[str, Any]) -> Indicator:
    """The inverse of `encode_indicator`."""
    values = {name: value for name, value in facts.items() if name not in (_OWN_SOURCE_KEY, NAME_IN_FILE_KEY)}
    values["accessed"] = date.fromisoformat(values["accessed"])
    values["source_files"] = tuple(values["source_files"])
    values["gaps"] = tuple(Gap(**gap) for gap in values["gaps"])
    return Indicator(**values)


def apply_facts(catalogue: Catalogue, facts: FactsById) -> Catalogue:
    """The catalogue with the indicators, know-how and forecasts of others of a vintage; None removes one.

    A candidate that is one of the indicators is no candidate any more.
    """
    present = {name: row for name, row in facts.items() if row is not None}
    indicators = {name: row for name, row in catalogue.indicators.items() if name not in facts}
    indicators |= {name: decode_indicator(row) for name, row in present.items() if not name.startswith(_PREFIXES)}
    knowhow = {name: row for name, row in catalogue.knowhow.items() if KNOWHOW_PREFIX + name not in facts}
    knowhow |= {row["id"]: decode_knowhow(row) for name, row in present.items() if name.startswith(KNOWHOW_PREFIX)}
    own_sources = [DataSource(**row[_OWN_SOURCE_KEY]) for row in present.values() if _OWN_SOURCE_KEY in row]
    return replace(
        catalogue,
        indicators=dict(sorted(indicators.items())),
        sources={**catalogue.sources, **{row.id: row for row in own_sources}},
        knowhow=dict(sorted(knowhow.items(), key=lambda pair: (pair[1].rank, pair[0]))),
        candidates={name: row for name, row in catalogue.candidates.items() if name not in indicators},
        external_forecasts=_apply_forecasts(catalogue.external_forecasts, facts),
    )


def _apply_forecasts(outlooks: ExternalForecasts, facts: FactsById) -> ExternalForecasts:
    """The forecasts of others with those that a vintage adds or removes, and their publishers."""
    if not any(name.startswith((FORECAST_PREFIX, PUBLISHER_PREFIX)) for name in facts):
        return outlooks
    added, publishers = dict(outlooks.added), dict(outlooks.added_publishers)
    for name, row in facts.items():
        if name.startswith(FORECAST_PREFIX):
            added.pop(name, None)
            added |= {} if row is None else {name: decode_forecast(row)}
        elif name.startswith(PUBLISHER_PREFIX):
            publishers.pop(name.removeprefix(PUBLISHER_PREFIX), None)
            publishers |= {} if row is None else {row["id"]: ForecastPublisher(**row)}
    return replace(outlooks, added=added, added_publishers=publishers)


def strip_facts(catalogue: Catalogue) -> Catalogue:
    """The catalogue without what vintages bring: segments, sources, geographies, items, events."""
    outlooks = replace(catalogue.external_forecasts, added={}, added_publishers={})
    return replace(catalogue, indicators={}, knowhow={}, external_forecasts=outlooks)


def diff_knowhow(before: Mapping[str, KnowHow], after: Iterable[KnowHow]) -> dict[str, dict[str, Any] | None]:
    """The facts that differ between two sets of know-how; None for those removed."""
    rows = {row.id: row for row in after}
    removed: dict[str, dict[str, Any] | None] = {KNOWHOW_PREFIX + name: None for name in before if name not in rows}
    return removed | {
        KNOWHOW_PREFIX + name: encode_knowhow(row) for name, row in rows.items() if before.get(name) != row
    }


def encode_knowhow(knowhow: KnowHow) -> dict[str, Any]:
    """A know-how as JSON values."""
    lists = {"core": list(knowhow.core), "some": list(knowhow.some)}
    return asdict(knowhow) | lists | {"judged": knowhow.judged.isoformat()}


def decode_knowhow(facts: Mapping[str, Any]) -> KnowHow:
    """The inverse of `encode_knowhow`."""
    lists = {name: tuple(facts[name]) for name in ("core", "some")}
    return KnowHow(**{**facts, **lists, "judged": date.fromisoformat(facts["judged"])})


def encode_forecasts(
    forecasts: Iterable[ExternalForecast], publishers: Iterable[ForecastPublisher]
) -> dict[str, dict[str, Any]]:
    """Forecasts of others and publishers as facts by id; the same forecast always has the same id."""
    facts = {PUBLISHER_PREFIX + row.id: asdict(row) for row in publishers}
    for row in forecasts:
        subject = SERIES_SEPARATOR.join(map(format_series_code, row.series)) or row.quantity.casefold()
        parts = (row.publisher, row.published, row.target, row.kind, row.measure, subject)
        facts[FORECAST_PREFIX + "/".join(parts)] = encode_forecast(row)
    return facts


def encode_forecast(forecast: ExternalForecast) -> dict[str, Any]:
    """A forecast of others as JSON values; its line is that of a file, and no fact."""
    values = asdict(forecast) | {"series": [list(key) for key in forecast.series]}
    return {name: value for name, value in values.items() if name != "line"}


def decode_forecast(facts: Mapping[str, Any]) -> ExternalForecast:
    """The inverse of `encode_forecast`."""
    return ExternalForecast(**{**facts, "line": 0, "series": tuple(tuple(key) for key in facts["series"])})
