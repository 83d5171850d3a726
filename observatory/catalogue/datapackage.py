"""The catalogue as a Frictionless Data Package: `data/datapackage.json`, generated from the facts."""

import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from observatory.catalogue.external_forecasts import ForecastPublisher
from observatory.catalogue.external_reader import FORECASTS_FILE, HEADER, NUMBERS
from observatory.catalogue.models import Catalogue, Indicator
from observatory.catalogue.periods import Frequency

DATAPACKAGE_FILE = "datapackage.json"
_PERIOD_PATTERNS: dict[Frequency, str] = {
    "A": "[12][0-9]{3}",
    "Q": "[12][0-9]{3}-Q[1-4]",
    "M": "[12][0-9]{3}-(0[1-9]|1[0-2])",
}


def render_datapackage(catalogue: Catalogue, folder: Path) -> bytes:
    """The package as the bytes of its file; the same catalogue always gives the same bytes."""
    resources = []
    for row in catalogue.indicators.values():
        path = f"observations/{row.id}.csv"
        resources.append(build_resource(catalogue, row, path, (folder / path).read_bytes(), build_fields(row)))
    if catalogue.external_forecasts.rows:
        names = ("outlooks", "Forecasts of others, with page and quotation", FORECASTS_FILE)
        fields = [{"name": name, "type": "number" if name in NUMBERS else "string"} for name in HEADER]
        content, publishers = (folder / FORECASTS_FILE).read_bytes(), catalogue.external_forecasts.publishers
        resources.append(build_outlooks_resource(publishers.values(), names, content, fields))
    return (json.dumps(build_package(catalogue, resources), ensure_ascii=False, indent=1) + "\n").encode()


def build_outlooks_resource(
    publishers: Collection[ForecastPublisher],
    names: tuple[str, str, str],
    content: bytes,
    fields: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The descriptor of a table of forecasts of others by name, title and path, on the terms of their publishers."""
    name, title, path = names
    licences = {(row.licence_certainty, row.licence_en) for row in publishers}
    return {
        "name": name,
        "title": title,
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [{"title": row.title} for row in publishers],
        "licenses": [{"name": certainty, "title": licence} for certainty, licence in sorted(licences)],
        "schema": {"fields": list(fields), "missingValues": [""]},
    }


def build_package(catalogue: Catalogue, resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The descriptor of a package of resources; its sources are those of indicators that have figures."""
    edition, used = catalogue.edition, {row.source for row in catalogue.indicators.values()}
    return {
        "name": "aerospace-observatory",
        "title": "Aeronautics and space market indicators",
        "description": edition.note_en,
        "profile": "tabular-data-package",
        "version": f"{edition.at:%Y.%m.%d}",
        "created": edition.at.isoformat(),
        "keywords": ["aeronautics", "space", "markets", "indicators"],
        "sources": [
            {"title": row.publisher_en, **({"path": row.page} if row.page else {})}
            for row in catalogue.sources.values()
            if row.id in used
        ],
        "licenses": [{"name": "other-attribution", "title": "Each resource keeps the licence of its publisher"}],
        "resources": list(resources),
    }


def build_resource(
    catalogue: Catalogue, row: Indicator, path: str, content: bytes, fields: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The descriptor of an indicator as a CSV of some fields."""
    source = catalogue.sources[row.source]
    return {
        "name": row.id,
        "title": row.title_en,
        "description": " ".join(part for part in (row.description_en, row.caveats_en) if part),
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [{"title": source.attribution, **({"path": source.page} if source.page else {})}],
        "licenses": [{"name": source.licence_certainty, "title": source.licence_en}],
        "unit": row.unit_en,
        "segment": row.segment,
        "role": row.role,
        "schema": {"fields": list(fields), "missingValues": [], "primaryKey": ["geo", "item", "period"]},
    }


def build_fields(row: Indicator) -> list[dict[str, Any]]:
    """The fields of the figures of an indicator."""
    return [
        {"name": "geo", "type": "string", "constraints": {"required": True}},
        {"name": "item", "type": "string"},
        {
            "name": "period",
            "type": "string",
            "constraints": {"required": True, "pattern": _PERIOD_PATTERNS[row.frequency]},
        },
        {"name": "value", "type": "number", "constraints": {"required": True}},
    ]
