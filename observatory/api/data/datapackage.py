"""Data package of an edition: each of its resources is a CSV address of this API, pinned to the edition."""

from dataclasses import replace
from urllib.parse import urlencode

from observatory.api.data import outlooks, serializers
from observatory.api.data.outlooks import OUTLOOK_FIELDS, PUBLISHER_FIELDS
from observatory.api.data.tables import OBSERVATION_FIELDS, PROVENANCE_FIELDS, build_observations
from observatory.api.models import ApiError, ApiRequest, Field, Payload
from observatory.catalogue.datapackage import (
    build_fields,
    build_outlooks_resource,
    build_package,
    build_resource,
)
from observatory.catalogue.models import Indicator

_OBSERVATIONS_FILE = "observations.csv"  # in the folder of the package: the path of a resource is relative to it
_render_observations = serializers.make_csv_builder(
    "observations", OBSERVATION_FIELDS, build_observations, of_series=True
)
# Of forecasts of others: name, title, file in the folder of the package, builder of its bytes, columns.
_OUTLOOK_TABLES = (
    (
        "outlooks",
        "Forecasts of others, with what came of them, ours and naive ones",
        "outlooks.csv",
        serializers.make_csv_builder("outlooks", OUTLOOK_FIELDS, outlooks.build_outlooks, of_series=False),
        OUTLOOK_FIELDS,
    ),
    (
        "outlook-publishers",
        "Publishers of these forecasts, their terms, and what was not found",
        "outlook-publishers.csv",
        serializers.make_csv_builder("publishers", PUBLISHER_FIELDS, outlooks.build_publishers, of_series=False),
        PUBLISHER_FIELDS,
    ),
)


def build_datapackage(request: ApiRequest) -> Payload:
    """The descriptor; sizes and hashes are those of the bytes that its paths answer. No package of a rebuilt month."""
    outlook = request.outlook
    if outlook.is_reconstructed:
        raise ApiError(404, "no_package", asof=request.selection.asof)
    present = {key[0] for key in outlook.panel}
    resources = []
    for row in outlook.catalogue.indicators.values():
        if row.id in present:
            query = {"indicator": row.id, "asof": f"e{outlook.edition}", "lang": "en"}
            chosen = replace(request.selection, lang="en", indicator=row.id)
            content = _render_observations(replace(request, selection=chosen, query_params=query)).content
            resource = build_resource(
                outlook.catalogue, row, f"{_OBSERVATIONS_FILE}?{urlencode(query)}", content, _build_columns(row)
            )
            resources.append({**resource, "scheme": request.site.partition("://")[0]})
    resources += _build_outlook_resources(request)
    package = build_package(outlook.catalogue, resources)
    package |= {"version": f"e{outlook.edition}", "created": outlook.published_at.isoformat()}
    return Payload(serializers.dump_json(package), serializers.JSON_MEDIA_TYPE)


def _build_outlook_resources(request: ApiRequest) -> list[dict[str, object]]:
    """The descriptors of the forecasts of others and of their publishers; none in an edition older than them."""
    record = request.outlook.study.external_record
    if not record.rows:
        return []
    query = {"asof": f"e{request.outlook.edition}", "lang": "en"}
    chosen = replace(request, selection=replace(request.selection, lang="en", segment=""), query_params=query)
    return [
        build_outlooks_resource(
            record.publishers.values(),
            (name, title, f"{file}?{urlencode(query)}"),
            render(chosen).content,
            [*map(_build_column, fields), _build_column(PROVENANCE_FIELDS[-1])],
        )
        | {"scheme": request.site.partition("://")[0]}
        for name, title, file, render, fields in _OUTLOOK_TABLES
    ]


def _build_columns(row: Indicator) -> list[dict[str, object]]:
    """The columns of the figures as served: indicator code first, provenance last."""
    before, after = OBSERVATION_FIELDS[:1], PROVENANCE_FIELDS
    return [*map(_build_column, before), *build_fields(row), *map(_build_column, after)]


def _build_column(field: Field) -> dict[str, object]:
    return {"name": field.name, "type": field.type, "description": field.description}
